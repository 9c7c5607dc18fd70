"""Sites whose records are a single text: built end to end, they speak of no title, and name records without telling
more than may be told."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

import sitegen
from sitegen.config import Site
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from sitegen.web.publish import bundles
from sitegen.web.summary import HEADING
from tests.models.adapters import pipelines
from tests.runs import grids, page, page_data
from tests.sites import Recorder, no_vega, write_model
from tests.tweets import TWEETS, write_tweets
from tests.web.test_nouns import _said

ROLES = re.compile(r"\b(titles?|abstracts?|untitled)\b", re.IGNORECASE)
SHELF = {"how-to-read.html", "data/index.html", "data/format.html"}  # an example with a title; names of columns
TWO_TOWERS = 'name = "Towers"\npath = "model"'
LINEAR = 'name = "Linear"\nkind = "scikit-learn"\npath = "model.joblib"\ntrust = true'


def built(folder: Path, **options: str) -> Site:
    site = write_tweets(folder, **options)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        pipeline.build(site, reporter=Recorder())  # which checks all links
    return site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    return built(tmp_path_factory.mktemp("tweets"), url="https://example.org/")


def pages(site: Site) -> dict[str, Path]:
    return {file.relative_to(site.output.folder).as_posix(): file for file in site.output.folder.rglob("*.html")}


def rows(site: Site) -> list[dict[str, str]]:
    with (site.output.folder / "data" / "records.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_page_speaks_of_titles(site):
    found = {
        name: [text for text in _said(file) if ROLES.search(text) and "://" not in text]
        for name, file in pages(site).items()
        if name not in SHELF
    }
    (said,) = found.pop("methods.html")
    assert said.startswith("Tweets are a single text here, without a title")
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_every_page_has_a_heading_and_a_name(site):
    for name, file in pages(site).items():
        text = file.read_text(encoding="utf-8")
        (heading,) = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)
        (title,) = re.findall(r"<title>(.*?)</title>", text)
        assert re.sub(r"<[^>]*>", "", heading).strip(), name
        assert title.split(" · ")[0].strip(), name


def test_a_record_is_named_by_the_first_words_of_its_text(site):
    walk = next(row for row in rows(site) if row["abstract"].startswith("A walk"))
    name = "A walk in the rain is better than a seat in a late train…"
    assert len(name) <= HEADING
    said = _said(site.output.folder / walk["page"])
    assert f"{name} · Weather or not" in said
    assert any(name in text for text in _said(site.output.folder / "sentences" / "index.html"))
    feed = (site.output.folder / "feed.xml").read_text(encoding="utf-8")
    assert f"<title>{name}</title>" in feed


def test_a_record_without_a_text_is_named_by_its_id(site):
    empty = next(row for row in rows(site) if not row["abstract"])
    said = _said(site.output.folder / empty["page"])
    assert f"{empty['id']} · Weather or not" in said
    assert "This tweet has no text." in said


def test_the_figure_has_one_row_that_reads_no_title(site):
    walk = next(row for row in rows(site) if row["abstract"].startswith("A walk"))
    data = page_data(site, walk["page"])
    assert data["title"]["spans"] == []  # type: ignore[index]
    assert data["text"] == "text"
    line = grids(site)[walk["id"], "Weather"]
    assert len(line["title_tokens"]) == 0
    assert [len(row) for row in line["cells"]] == [len(line["abstract_tokens"])]
    assert "text (24 words in 3 sentences, left to right) is read" in page(site, walk["page"])


def test_the_gallery_searches_texts_and_sorts_by_their_first_words(site):
    said = " ".join(_said(site.output.folder / "index.html"))
    assert "Search texts and ids" in said
    assert "its text is read from left to right" in said
    assert "first words" in said


def test_the_story_begins_with_the_text(site):
    walk = next(row for row in rows(site) if row["abstract"].startswith("A walk"))
    assert "The text raises the answer from 48%, before the model reads anything, to 93%" in page(site, walk["page"])


@pytest.mark.parametrize("publish", ["scores", pytest.param("excerpts", marks=pytest.mark.nightly)])
def test_a_name_tells_nothing_of_a_text_that_is_withheld(tmp_path, publish):
    site = built(tmp_path, publish=publish)
    names = [row["id"] for row in rows(site)]
    assert all(re.fullmatch(r"record-[0-9a-f]{8}", name) for name in names)
    for row in rows(site):
        assert f"{row['id']} · Weather or not" in _said(site.output.folder / row["page"])
    limit = 1 if publish == "scores" else site.records.excerpt_words + 1
    files = [file for file in site.output.folder.rglob("*") if file.suffix in {".html", ".js", ".csv", ".json", ".xml"}]
    written = " ".join(re.sub(r"\W+", " ", file.read_text(encoding="utf-8").lower()) for file in files)
    for tweet in TWEETS:
        words = re.findall(r"\w+", re.split(r"[.?!] ", tweet)[0].lower())
        if len(words) > max(limit, 3):
            assert f" {' '.join(words)} " not in written
    paths = " ".join(file.as_posix() for file in files)
    assert not re.search(r"bakery|umbrella|timetable|plumber", paths)


@pytest.mark.parametrize("kind", ["scikit-learn", pytest.param("two towers", marks=pytest.mark.nightly)])
def test_models_of_other_kinds_read_such_texts(tmp_path, kind):
    if kind == "scikit-learn":
        pipelines.saved(tmp_path, pipelines.fitted())
        site = built(tmp_path, model=LINEAR)
    else:
        words = sorted({word for tweet in TWEETS for word in re.findall(r"[a-z]+", tweet.lower())})
        write_model(tmp_path / "model", classes=("else", "weather"), words=words)
        site = built(tmp_path, model=TWO_TOWERS)
    walk = next(row for row in rows(site) if row["abstract"].startswith("A walk"))
    said = [text for text in _said(site.output.folder / walk["page"]) if ROLES.search(text) and "://" not in text]
    towers = [text for text in said if "for titles" in text]
    assert [text for text in said if text not in towers] == []
    corpus = [text for text in _said(site.output.folder / "corpus.html") if ROLES.search(text)]
    assert corpus == []


def test_the_numbers_can_be_computed_again(site):
    assert rescore(site.output.folder, count=2, model=site.folder, trust=True).agrees


class Rain:
    def margins(self, texts):
        return [text.lower().count("rain") - 0.5 for text in texts]


@pytest.mark.parametrize("collected", [False, True])
def test_no_site_toml_is_needed(tmp_path, collected, monkeypatch):
    monkeypatch.setattr(bundles, "vega_bundle", no_vega)
    rows, columns = [{"tweet": tweet} for tweet in TWEETS[:4]], {"title": None, "abstract": "tweet"}
    records = rows
    if collected:
        file = tmp_path / "tweets.csv"
        file.write_text("tweet\n" + "\n".join(f'"{tweet}"' for tweet in TWEETS[:4]) + "\n", encoding="utf-8")
        records, columns = sitegen.read_records(file, **columns), {}
    settings = {"records": {"noun": "tweet"}, "output": {"figures": False}, "faithfulness": {"records": 0}}
    report = sitegen.build(
        records, Rain(), tmp_path / "out", classes=("dry", "wet"), join=" ", settings=settings, **columns
    )
    said = " ".join(_said(report.folder / "index.html"))
    assert "A text classifier read 4 tweets." in said
    assert "Search texts and ids" in said
    assert not ROLES.search(said)
