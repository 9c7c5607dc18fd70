"""What a site calls its records: the words themselves, and that every page and script of a site uses its own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import load_site
from sitegen.corpus.neutral import NEUTRAL
from sitegen.errors import ConfigError
from sitegen.pipeline import build as pipeline
from sitegen.web.text.nouns import PAPERS, Nouns, article, plural
from tests.sites import RECORDS, Recorder, write_model, write_site

READ_ALOUD = ("aria-label", "title", "alt", "placeholder", "data-label", "content")
LIBRARIES = {"vega.js", "datatables.js"}
PAPER = re.compile(r"\bpapers?\b", re.IGNORECASE)


@pytest.mark.parametrize(
    ("noun", "many"),
    [
        ("paper", "papers"),
        ("essay", "essays"),
        ("story", "stories"),
        ("speech", "speeches"),
        ("box", "boxes"),
        ("abstract of a law", "abstract of a laws"),
    ],
)
def test_a_plural_is_made_by_the_rules_of_spelling(noun, many):
    assert plural(noun) == many


@pytest.mark.parametrize(
    "noun", ["essay", "article", "interview", "hour", "honest answer", "SMS", "unimportant text", "X-ray", "8-K filing"]
)
def test_an_stands_before_the_sound_of_a_vowel(noun):
    assert article(noun) == "an"


@pytest.mark.parametrize(
    "noun",
    [
        "paper",
        "tweet",
        "user review",
        "European law",
        "one-liner",
        "UN speech",
        "usage",
        "T-test",
        "Ukrainian text",
        "17-page law",
    ],
)
def test_a_stands_before_all_other_sounds(noun):
    assert article(noun) == "a"


def test_a_phrase_gets_the_words():
    essays = Nouns(one="essay", many="essays")
    assert (
        essays.say("{A} of {many}; {Many}: {of_many} {one} {two}") == "An essay of essays; Essays: essays' essay {two}"
    )
    assert Nouns(one="person", many="people").of_many == "people's"
    assert [essays.count(1), essays.count(1204), essays.count(2, "labelled")] == [
        "1 essay",
        "1,204 essays",
        "2 labelled essays",
    ]


@pytest.mark.parametrize(
    ("setting", "nouns"),
    [
        ("", PAPERS),
        ('noun = "tweet"', Nouns(one="tweet", many="tweets")),
        ('noun = ["hypothesis", "hypotheses"]', Nouns(one="hypothesis", many="hypotheses")),
    ],
)
def test_site_toml_names_the_noun(tmp_path, setting, nouns):
    assert Nouns.of(load_site(_site(tmp_path, setting))) == nouns


@pytest.mark.parametrize(
    "setting", ['noun = ""', 'noun = ["tweet"]', 'noun = ["a", "b", "c"]', 'noun = ["a", " "]', "noun = 3"]
)
def test_a_noun_is_one_word_or_two(tmp_path, setting):
    with pytest.raises(ConfigError, match=r'"records\.noun": must be a word, or the word and its plural'):
        load_site(_site(tmp_path, setting))


def _site(folder: Path, setting: str, **options: Any) -> Path:
    file = write_site(folder, **options)
    file.write_text(file.read_text(encoding="utf-8").replace("[records]", f"[records]\n{setting}"), encoding="utf-8")
    return file


@pytest.fixture(scope="module", params=["tweet", pytest.param("essay", marks=pytest.mark.nightly)])
def built(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """A site with a noun of its own, and all kinds of pages: (the noun, its folder)."""
    folder = tmp_path_factory.mktemp(request.param)
    records = [{name: PAPER.sub("sheet", cell) for name, cell in row.items()} for row in RECORDS]
    write_model(folder / "model")
    write_model(folder / "again", seed=28)
    write_model(folder / "other", seed=2, joint=3)
    file = _site(
        folder,
        f'noun = "{request.param}"',
        records=records,
        models={"First": "model", "Other": "other"},
        ensemble=["again"],
        tried=20,
        publish=True,
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sitegen.web.publish.bundles.vega_bundle", lambda: "/* none */")
        pipeline.build(load_site(file), reporter=Recorder())
    return request.param, folder / "_site"


class _Reader(HTMLParser):
    """What readers see or hear of a page, but for the names of files and their columns."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in ("script", "style", "code")
        self.said += [value for name, value in attrs if name in READ_ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("script", "style", "code")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def _said(page: Path) -> list[str]:
    reader = _Reader()
    reader.feed(page.read_text(encoding="utf-8"))
    return [text for text in reader.said if text.strip()]


def _strings(value: Any, name: str = "") -> Iterator[str]:
    """All strings in a value that are no names of its parts."""
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _strings(part, key)
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part, name)
    elif isinstance(value, str) and name not in ("field", "href"):
        yield value


def _script_strings(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    values = re.findall(r"^window\.sitegen\.\w+(?:\[[^\]]*\])? = (.*);$", text, re.MULTILINE)
    if text.startswith('"use strict";\nwindow.sitegen = ') and values:
        for value in values:
            if not value.startswith("window."):
                yield from _strings(json.loads(value))
        return
    text = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", text, flags=re.DOTALL)
    for literal in re.findall(r'"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`', text):
        if literal[1:-1] not in ("paper", "papers"):  # a class of the page, and names of parts
            yield re.sub(r"\$\{[^}]*\}", "", literal)


def _about_papers(texts: Iterator[str] | list[str]) -> list[str]:
    neutral = re.compile("|".join(re.escape(text) for texts in NEUTRAL.values() for text in texts))
    without = (neutral.sub("", text) for text in texts)  # the model is given these
    return [text.strip()[:300] for text in without if PAPER.search(text)]


def test_no_page_of_a_site_says_paper(built):
    _, folder = built
    found = {page.relative_to(folder).as_posix(): _about_papers(_said(page)) for page in folder.rglob("*.html")}
    assert {page: texts for page, texts in found.items() if texts} == {}


def test_no_script_of_a_site_says_paper(built):
    _, folder = built
    scripts = [file for file in folder.rglob("*.js") if file.name not in LIBRARIES]
    found = {file.relative_to(folder).as_posix(): _about_papers(_script_strings(file)) for file in scripts}
    assert len(scripts) > 40
    assert {file: texts for file, texts in found.items() if texts} == {}


@pytest.mark.parametrize(
    "page",
    [
        "index.html",
        "corpus.html",
        "sentences/index.html",
        "words.html",
        "significance.html",
        "faithfulness.html",
        "network/index.html",
        "network/patterns.html",
        "methods.html",
        "how-to-read.html",
        "data/index.html",
        "data/format.html",
        "404.html",
        "records/p1.html",
    ],
)
def test_pages_call_a_record_by_its_noun(built, page):
    noun, folder = built
    said = " ".join(_said(folder / page))
    assert re.search(rf"\b{noun}s?\b", said, re.IGNORECASE)
    assert not re.search(r"\ba essay\b|\ban tweet\b", said, re.IGNORECASE)


def test_sentences_begin_with_a_capital(built):
    noun, folder = built
    for page in folder.rglob("*.html"):
        for text in _said(page):
            assert not re.search(rf"[a-z]\. (an? )?{noun}s?\b", text), f"{page}: {text}"
