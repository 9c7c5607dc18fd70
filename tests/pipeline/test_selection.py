"""Sites of held-out records alone, and the file of records that training keeps back."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import sitegen
from sitegen.config import load_site
from sitegen.corpus.records import text_hash
from sitegen.errors import ConfigError, RecordError
from sitegen.models.manifest import Texts
from sitegen.models.registry import describe
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.single_file import build_single_file
from sitegen.web.publish.links import check_site
from tests.commands import Run, refused
from tests.pipeline.test_arguments import QUICK
from tests.pipeline.test_given_model import Counting
from tests.sites import RECORDS, Recorder, write_model, write_site

ONLY = 'only = "held-out"\n'
SMALL = ("--hidden", "3", "--layers", "1", "--dimension", "4")

pytestmark = pytest.mark.usefixtures("quick_bundles")


def hashes(*numbers: int) -> tuple[str, ...]:
    """Of the texts of some of RECORDS, as they are read."""
    return tuple(text_hash(RECORDS[k]["title"], RECORDS[k]["abstract"]) for k in numbers)


def site_of(folder: Path, texts: Texts | None, *, only: bool = True, count: int = 4) -> Path:
    """A site.toml of RECORDS and a model that has seen some of their texts."""
    write_model(folder / "model", texts=texts)
    file = write_site(folder, records=RECORDS[:count], models={"First": "model"})
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace('id = "id"\n', 'id = "id"\n' + (ONLY if only else "")), encoding="utf-8")
    return file


def test_a_site_of_held_out_records_has_what_was_kept_back_and_what_is_new(tmp_path: Path) -> None:
    file = site_of(tmp_path, Texts(train=hashes(0), validation=hashes(2), test=hashes(1)))
    watcher = Recorder()
    _, report = pipeline.build(load_site(file), reporter=watcher)
    assert [record.id for record in report.collection.records] == ["p2", "p4"]
    assert report.totals.papers == 2
    (note,) = [note for note in watcher.notes if "held-out" in note]
    assert note == (
        'records.csv: records.only = "held-out" leaves out 2 of 4 records: the model "First" was trained on 1 of them, '
        "and its training was stopped by 1."
    )
    folder = report.folder
    assert check_site(folder) == []
    told = json.loads((folder / "data" / "settings.json").read_text(encoding="utf-8"))
    assert told["selection"] == {"model": "First", "read": 4, "trained": 1, "stopped": 1, "kept": 2}
    assert told["settings"]["records"]["only"] == "held-out"
    methods = (folder / "methods.html").read_text(encoding="utf-8")
    assert "Of 4 papers that could be used these pages show the 2 that First had not learned from" in methods
    pages = sorted(path.stem for path in (folder / "records").glob("*.html"))
    assert pages == ["p2", "p4"]
    again = pipeline.render(load_site(file), reporter=Recorder())
    assert again.unchanged
    with pytest.raises(RecordError, match='no record has the id "p1"'):
        build_single_file(load_site(file), "p1", file=None, reporter=Recorder())
    file.write_text(file.read_text(encoding="utf-8").replace(ONLY, ""), encoding="utf-8")
    whole = pipeline.build(load_site(file), reporter=Recorder())[1]
    assert whole.totals.papers == 4
    told = json.loads((folder / "data" / "settings.json").read_text(encoding="utf-8"))
    assert "selection" not in told
    assert "these pages show the" not in (folder / "methods.html").read_text(encoding="utf-8")


def test_a_model_that_says_nothing_and_one_that_knows_all_are_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(
        ConfigError, match=r'site\.toml: "records\.only": .*"First" does not say which .* sitegen train'
    ):
        pipeline.build(load_site(site_of(tmp_path / "a", None)), reporter=Recorder())
    every = Texts(train=hashes(0, 1, 2), validation=hashes(3))
    with pytest.raises(RecordError, match=r"leaves none of 4 records: .* on 3 of them, .* --held-out FILE writes such"):
        pipeline.build(load_site(site_of(tmp_path / "b", every)), reporter=Recorder())
    assert not (tmp_path / "b" / "_site").exists()


def test_an_object_says_what_it_has_seen(tmp_path: Path) -> None:
    model = Counting()
    settings: dict[str, Any] = {**QUICK, "records": {"only": "held-out"}}
    rows = [dict(row) for row in RECORDS[:4]]
    with pytest.raises(ConfigError, match=r'^the arguments of build: "records\.only"'):
        sitegen.build(rows, model, tmp_path / "out", settings=settings)
    model.seen = hashes(0, 3)  # type: ignore[attr-defined]
    report = sitegen.build(rows, model, tmp_path / "out", settings=settings, id="id")
    assert [record.id for record in report.collection.records] == ["p2", "p3"]


def test_the_report_of_a_build_counts_what_was_left_out_apart_from_what_was_skipped(run: Run, tmp_path: Path) -> None:
    file = site_of(tmp_path, Texts(train=hashes(0), test=hashes(1)))
    done = run("build", file)
    assert done.code == 0, done.err
    assert "Records   3 of 4 rows, none skipped\n" in done.out
    assert "Held out  3 of 4; left out: 1 that First was trained on, 0 that its training was stopped by\n" in done.out


def papers(folder: Path) -> Path:
    """60 labelled papers of which none has the text of another."""
    file = folder / "papers.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(["Key", "Title", "Summary", "Class", "Year"])
        for k in range(60):
            kind = ("agents", "simulate") if k % 2 else ("families", "interview")
            text = f'We {kind[1]} {kind[0]} in town {k}.\nThen, "again", we look at {kind[0]} once more.'
            table.writerow([f"k{k}", f"On {kind[0]} number {k}", text, "C" if k % 2 else "T", 2000 + k % 3])
    return file


def test_what_training_keeps_back_is_what_a_site_of_held_out_records_shows(run: Run, tmp_path: Path) -> None:
    source, test = papers(tmp_path), tmp_path / "test.csv"
    columns = ("--id", "Key", "--title", "Title", "--abstract", "Summary", "--label", "Class")
    names = ("--positive-label", "C", "--negative-label", "T", "--positive", "computational", "--negative", "other")
    train = ("train", source, "-o", tmp_path / "model", *columns, *names, *SMALL, "--held-out", test)
    done = run(*train)
    assert done.code == 0, done.err
    with source.open(encoding="utf-8", newline="") as stream:
        rows = {row["Key"]: row for row in csv.DictReader(stream)}
    with test.open(encoding="utf-8", newline="") as stream:
        kept = list(csv.DictReader(stream))
    assert kept == [rows[row["Key"]] for row in kept]
    options: dict[str, Any] = {"title": "Title", "abstract": "Summary", "id": "Key", "label": "Class"}
    read = sitegen.read_records(test, positive_labels=["C"], negative_labels=["T"], **options).records
    texts = describe(tmp_path / "model").texts
    assert sorted(text_hash(record.title, record.abstract) for record in read) == sorted(texts.test)
    assert len(kept) == len(texts.test) > 0
    assert f"The {len(kept)} records kept back for testing: {test}" in done.out
    report = sitegen.build(
        source,
        tmp_path / "model",
        tmp_path / "out",
        positive_labels=["C"],
        negative_labels=["T"],
        settings={**QUICK, "records": {"only": "held-out"}},
        **options,
    )
    assert [record.id for record in report.collection.records] == [row["Key"] for row in kept]
    before = test.read_bytes()
    (tmp_path / "model" / "card.md").unlink()
    refused(run(*train), f"{test}: exists already", "--force")
    assert not (tmp_path / "model" / "card.md").exists()
    assert run(*train, "--force").code == 0
    assert test.read_bytes() == before
    refused(run(*train[:-1], source, "--force"), "is the file of records itself")
