"""Several files of records read as one, of the same format or not."""

from __future__ import annotations

from pathlib import Path

import pytest

import sitegen
from sitegen.config import Policies, Records, load_site
from sitegen.corpus.collection import Collection
from sitegen.corpus.records import read_records
from sitegen.errors import ConfigError, RecordError
from tests.corpus.written_records import (
    CLASSES,
    _here,  # noqa: F401 - a fixture that every test here uses by itself
)

RIS = "TY  - JOUR\nTI  - Kettles\nAB  - We counted.\nDO  - 10.5555/A\nPY  - 2014\nER  - \n"
CSV = (
    "title,abstract,id,year,label\nFog,It found fog.,x,2019,computational\nKettles,We counted.,10.5555/a,,traditional\n"
)


def read(*contents: tuple[str, str], skip: bool = False, **options: object) -> Collection:
    paths = []
    for name, content in contents:
        paths.append(Path.cwd() / name)
        paths[-1].write_text(content, encoding="utf-8")
    settings = Records(path=tuple(paths), **options)  # type: ignore[arg-type]
    return read_records(settings, classes=CLASSES, skip_invalid=skip)


def test_records_of_all_files_come_in_their_order_with_their_places() -> None:
    found = read(("a.ris", RIS), ("b.csv", CSV), id="id", facets=("year",))
    assert [(one.source, one.line) for one in found.records] == [("a.ris", 1), ("b.csv", 2), ("b.csv", 3)]
    assert [one.id for one in found.records] == ["10.5555/a", "x", "10.5555/a-2"]
    assert [one.facets["year"] for one in found.records] == ["2014", "2019", ""]
    assert [(file.shown, file.format, file.rows) for file in found.files] == [("a.ris", "RIS", 1), ("b.csv", "CSV", 2)]
    assert found.rows == 3


def test_what_comes_twice_is_named_by_file_and_line() -> None:
    found = read(("a.ris", RIS), ("b.csv", CSV), id="id")
    assert [str(problem) for problem in found.problems] == [
        'b.csv:3: "title" and the abstract are those of a.ris:1. Remove one of the two.',
        'b.csv:3: "id" "10.5555/a" is that of a.ris:1, too; this one is called "10.5555/a-2". '
        "Give each record an id of its own.",
    ]
    twice = read(("a.ris", RIS), ("b.csv", CSV), id="id", policy=Policies(duplicate_text="skip"))
    assert [one.id for one in twice.records] == ["10.5555/a", "x"]


def test_a_column_of_labels_may_be_that_of_one_file_and_titles_must_be_in_all() -> None:
    found = read(("a.ris", RIS), ("b.csv", CSV), label="label")
    assert [one.label for one in found.records] == [None, 1, 0]
    with pytest.raises(RecordError, match=r'^b\.csv:1: there is no column "title"[^\n]*\nThe columns of the file are'):
        read(("a.ris", RIS), ("b.csv", CSV.replace("title", "Titel")))
    with pytest.raises(RecordError, match=r'a\.ris:1: there is no column "klass"'):
        read(("a.ris", RIS), ("b.csv", CSV), label="klass")


def test_a_file_without_records_is_not_passed_over() -> None:
    with pytest.raises(RecordError, match=r"^b\.csv: there are no records"):
        read(("a.ris", RIS), ("b.csv", "title,abstract\n"))
    with pytest.raises(RecordError, match=r"^c\.ris: No such file"):
        read_records(Records(path=(Path("a.ris").absolute(), Path("c.ris").absolute())), classes=CLASSES)


def test_a_script_may_name_several_files() -> None:
    Path("a.ris").write_text(RIS, encoding="utf-8")
    Path("b.csv").write_text(CSV, encoding="utf-8")
    assert [one.title for one in sitegen.read_records(["a.ris", Path("b.csv")]).records] == [
        "Kettles",
        "Fog",
        "Kettles",
    ]


def test_site_toml_names_one_file_or_several(tmp_path: Path) -> None:
    text = 'title = "T"\n[records]\npath = {}\n[[models]]\nname = "M"\npath = "m"\n'
    for path, paths in [('"a.ris"', ("a.ris",)), ('["a.ris", "b.bib"]', ("a.ris", "b.bib")), ('["a.ris"]', ("a.ris",))]:
        (tmp_path / "site.toml").write_text(text.format(path), encoding="utf-8")
        records = load_site(tmp_path).records
        assert records.paths == tuple(tmp_path / name for name in paths)
        assert records.files == ", ".join(paths)
    for path, part in [("[]", "records.path"), ('["a", "a"]', 'names the file "a" twice'), ("3", "records.path")]:
        (tmp_path / "site.toml").write_text(text.format(path), encoding="utf-8")
        with pytest.raises(ConfigError, match=part):
            load_site(tmp_path)
