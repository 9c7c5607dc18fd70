"""A model that reads the records of a facet's value alone: what it is asked, and that everything bears its silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.analysis.store.store import Store
from sitegen.config import load_site
from sitegen.errors import ConfigError, RecordError, StoreError
from sitegen.models.manifest import Texts
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.checks import manifests
from sitegen.pipeline.importing import import_answers
from sitegen.pipeline.keys import ModelKeys, model_keys, read_extras
from sitegen.pipeline.questions import questions_of
from sitegen.pipeline.rescore import rescore
from sitegen.web.publish.links import check_site
from tests.runs import Built, build, data, grids, methods, page, score, table
from tests.sites import RECORDS, Recorder, row, write_model, write_site

LAW = [one["id"] for one in RECORDS if one["subject"] == "law"]
LIMIT = 'only = { subject = "law" }'


def limited(folder: Path, only: str = LIMIT, **options: object) -> Path:
    """The site.toml of two models, the second of which has the line `only` below it."""
    if not (folder / "model").exists():
        write_model(folder / "model")
        write_model(folder / "other", seed=2, joint=3, texts=Texts(train=("0" * 16,)))
    file = write_site(folder, models={"First": "model", "Lawyer": "other"}, **options)  # type: ignore[arg-type]
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('path = "other"\n', f'path = "other"\n{only}\n'), encoding="utf-8")
    return file


def keys_of(file: Path) -> list[ModelKeys]:
    site = load_site(file)
    records = pipeline.read(site, reporter=Recorder()).records
    described = zip(site.models, manifests(site, Recorder()), strict=True)
    return [model_keys(site, model, manifest, records) for model, manifest in described]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A site with a limited model, which no test may change."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        return build(load_site(limited(tmp_path_factory.mktemp("limited"), tried=3, publish=True)))


# --- what it is asked ---


@pytest.mark.parametrize(
    ("only", "ids"),
    [
        (LIMIT, LAW),
        ('only = { subject = ["law", "Ökonomie"] }', [*LAW[:1], "p4", *LAW[1:]]),
        ('only = { subject = "sociology", "<b>kind</b>" = "between" }', ["p12"]),
    ],
)
def test_a_model_has_keys_for_the_records_of_its_values(tmp_path: Path, only: str, ids: list[str]) -> None:
    first, second = keys_of(limited(tmp_path, only))
    asked = [one["id"] for one, key in zip(RECORDS, second.texts.of_record, strict=True) if key is not None]
    assert asked == ids
    assert None not in first.texts.of_record
    assert {record.id for record in second.texts.texts.values()} == set(ids)
    assert set(second.tried) | set(second.sample) <= second.texts.texts.keys()


def test_of_a_facet_of_several_values_any_counts_in_whatever_capitals(tmp_path: Path) -> None:
    records = [
        row("a", "On nets", "We draw nets.", subject="Crowds; nets"),
        row("b", "On crowds", "We count crowds.", subject="crowds"),
        row("c", "On law", "We read laws.", subject="law"),
        row("d", "On crowds again", "We count them again.", subject="law; Crowds"),
    ]
    file = limited(tmp_path, 'only = { subject = "CROWDS" }', records=records)
    text = file.read_text(encoding="utf-8").replace("[records]", '[records]\nseparators = { subject = ";" }')
    file.write_text(text, encoding="utf-8")
    _, second = keys_of(file)
    assert [key is not None for key in second.texts.of_record] == [True, True, False, True]


def test_its_numbers_are_those_it_has_without_the_limit(built: Built, tmp_path: Path) -> None:
    (tmp_path / "model").symlink_to(built.site.folder / "model")
    (tmp_path / "other").symlink_to(built.site.folder / "other")
    whole, part = keys_of(limited(tmp_path, "", tried=20)), keys_of(limited(tmp_path, tried=20))
    same = [(a, b) for a, b in zip(whole[1].texts.of_record, part[1].texts.of_record, strict=True) if b is not None]
    assert same
    assert all(a == b for a, b in same)
    assert whole[1].report != part[1].report


def test_one_record_is_enough(tmp_path: Path, quick_bundles: None) -> None:
    site = load_site(limited(tmp_path, 'only = { subject = "Ökonomie" }', tried=20, records=RECORDS[:4]))
    report = score(site)
    assert report.scored == 5
    assert pipeline.render(site, reporter=Recorder()).totals.papers == 4


# --- what it says, and where it says nothing ---


def test_the_data_have_no_word_of_it_about_others(built: Built) -> None:
    site = built.site
    assert built.scores.scored == len(RECORDS) + len(LAW)
    for line in table(site, "records.csv"):
        cells = [cell for name, cell in line.items() if name.startswith("Lawyer: ")]
        assert len(cells) == 6
        assert all(cells) if line["id"] in LAW else not any(cells)
        assert line["First: margin"]
    told = {line["id"] for line in table(site, "sentences.csv") if line["model"] == "Lawyer"}
    assert told <= set(LAW)
    assert len(told) == len(LAW) - 1  # one has no abstract
    assert [key for key, model in grids(site) if model == "Lawyer"] == LAW
    dictionary = page(site, "data/index.html")
    assert dictionary.count("empty where the model does not read the paper") == 6


def test_settings_and_methods_say_the_limit(built: Built) -> None:
    first, second = data(built.site, "settings.json")["settings"]["models"]
    assert "only" not in first
    assert second["only"] == {"subject": ["law"]}
    text = methods(built.site)
    assert text.count("This model reads only") == 1
    assert f"This model reads only the papers whose subject is “law”: {len(LAW)} of {len(RECORDS)}." in text
    assert f"never met before: {len(LAW)}." in text


def test_a_records_page_names_the_models_that_read_it(built: Built) -> None:
    assert "Lawyer" in page(built.site, "records/p2.html")
    assert "Lawyer" not in page(built.site, "records/p1.html")
    assert check_site(built.site.output.folder) == []


def test_the_site_is_up_to_date_until_the_limit_changes(built: Built) -> None:
    file = built.site.file
    assert pipeline.up_to_date(load_site(file), reporter=Recorder()) is not None
    text = file.read_text(encoding="utf-8")
    try:
        file.write_text(text.replace(LIMIT, 'only = { subject = "Ökonomie" }'), encoding="utf-8")
        assert pipeline.up_to_date(load_site(file), reporter=Recorder()) is None
        with pytest.raises(StoreError, match=r": 1 of 13 scores are missing"):
            pipeline.render(load_site(file), reporter=Recorder())
    finally:
        file.write_text(text, encoding="utf-8")


def test_its_further_answers_about_others_are_none(built: Built) -> None:
    both = keys_of(built.site.file)
    with Store.open(pipeline.store_path(built.site), create=False) as store:
        assert list(read_extras(store, both, 0, site=built.site)) == ["First"]
        assert read_extras(store, both, 1, site=built.site)["Lawyer"].shapley is not None


def test_it_is_asked_again_about_what_it_reads(built: Built) -> None:
    again = rescore(built.site.output.folder, count=100)
    assert again.agrees
    assert [one.record for one in again.records if one.model == "Lawyer"] == LAW
    assert sum(one.model == "First" for one in again.records) == len(RECORDS)
    assert {one.record for one in rescore(built.site.output.folder, count=2).records} == {"p1", "p12", "p2", "p11"}


# --- answers given elsewhere ---


def test_questions_and_answers_are_about_its_records_alone(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    file = write_site(tmp_path)
    scores = f'[[models]]\nname = "Elsewhere"\nkind = "scores"\npath = "scores.jsonl"\n{LIMIT}\n[occlusion]'
    file.write_text(file.read_text(encoding="utf-8").replace("[occlusion]", scores), encoding="utf-8")
    site = load_site(file)
    asked = list(questions_of(site, depth="whole"))
    assert [question.record for question in asked] == LAW
    answers = tmp_path / "answers.jsonl"

    def write(ids: list[str]) -> Path:
        answers.write_text("".join(f"{json.dumps({'record': key, 'margin': 1.5})}\n" for key in ids), encoding="utf-8")
        return answers

    with pytest.raises(RecordError, match=r'no answer to the whole text of 1 of 12 records \("p2"\)'):
        import_answers(write(LAW[1:]), site, reporter=Recorder())
    done = import_answers(write([*LAW, "p1"]), site, reporter=Recorder())
    assert (done.rows, done.records) == (len(LAW) + 1, len(LAW))
    assert [key is not None for key in keys_of(file)[1].texts.of_record] == [one["id"] in LAW for one in RECORDS]


# --- what is refused ---


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (
            'only = { topic = "law" }',
            r'models\.only of "Lawyer": "topic" is none of records\.facets\. Name one of them',
        ),
        (
            'only = { subject = "Law" }',
            r'"models\.only" of the model "Lawyer": no record has the subject "Law"\. Did you mean "law"\?',
        ),
        (
            'only = { subject = "physics" }',
            r'no record has the subject "physics"\. Its values are .*"law", "sociology"',
        ),
        (
            'only = { subject = "law", "<b>kind</b>" = "between" }',
            r'"models\.only" of the model "Lawyer": no record has all of these values\.',
        ),
        (
            "only = { subject = [] }",
            r'"models\.only\.subject" \(the second \[\[models\]\]\): names no value',
        ),
        ("only = { subject = 1.5 }", r'"models\.only\.subject" \(the second \[\[models\]\]\) must be text'),
    ],
)
def test_a_limit_that_fits_no_record_is_refused(tmp_path: Path, only: str, message: str) -> None:
    with pytest.raises(ConfigError, match=rf"site\.toml(:\d+)?: .*{message}"):
        keys_of(limited(tmp_path, only))


@pytest.mark.parametrize(("second", "remedy"), [("", 'Put "Lawyer" first, or'), (LIMIT, "Put one before it")])
def test_the_first_model_reads_all(tmp_path: Path, second: str, remedy: str) -> None:
    file = limited(tmp_path, second)
    text = file.read_text(encoding="utf-8").replace('path = "model"\n', f'path = "model"\n{LIMIT}\n')
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=rf'site\.toml:\d+: "models": the first model, "First", is limited.*{remedy}'):
        load_site(file)


def test_a_year_may_be_a_number(tmp_path: Path) -> None:
    file = limited(tmp_path, "only = { year = 2015 }")
    file.write_text(file.read_text(encoding="utf-8").replace('facets = ["subject"', 'facets = ["year", "subject"'))
    site = load_site(file)
    assert site.models[1].only == {"year": ("2015",)}
    assert sum(key is not None for key in keys_of(file)[1].texts.of_record) == len(RECORDS) - 1
