"""Excel and Parquet files: the text of typed cells, and what is said where one cannot be read."""

from __future__ import annotations

import datetime
import importlib
import zipfile
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Records
from sitegen.corpus import sheets
from sitegen.corpus.collection import Collection
from sitegen.corpus.records import read_records
from sitegen.errors import RecordError
from tests.corpus.written_records import (
    CLASSES,
    _here,  # noqa: F401 - a fixture that every test here uses by itself
    message,
    read,
)

HEADER = ["title", "abstract", "year", "share", "seen", "open", "none"]
ROW = ["Kettles", "We counted.", 2014.0, 0.5, datetime.datetime(2020, 5, 1), True, None]
CELLS = {"year": "2014", "share": "0.5", "seen": "2020-05-01", "open": "true", "none": ""}


def workbook(name: str, *tables: list[list[Any]]) -> Path:
    book = pytest.importorskip("openpyxl", reason="the extra xlsx is not installed").Workbook()
    for number, rows in enumerate(tables):
        sheet = book.active if number == 0 else book.create_sheet(f"More {number}")
        for row in rows:
            sheet.append(row)
    book.save(name)
    return Path(name).absolute()


def records(path: Path, **options: Any) -> Collection:
    return read_records(Records(path=path, **options), classes=CLASSES, skip_invalid=True)


def test_cells_of_excel_become_text() -> None:
    found = records(workbook("a.xlsx", [[], HEADER, ROW, [], ["Fog"], [1, 2, 3, 4, 5, 6, 7, 8]]))
    assert found.files[0].format == "Excel"
    assert [one.title for one in found.records] == ["Kettles", "Fog"]
    assert [one.line for one in found.records] == [3, 5]
    assert found.records[0].metadata == CELLS
    assert {kind: n for (kind, _), n in found.counts().items()} == {"field count": 1, "missing abstract": 1}


def test_other_sheets_with_cells_are_said() -> None:
    found = records(workbook("a.xlsx", [], [HEADER, ROW], [["x"]], []))
    assert [str(problem) for problem in found.problems] == [
        'a.xlsx:1: the sheet "More 2" is not read, only "More 1" is. Save it as a file of its own.'
    ]


def test_an_excel_file_of_a_database_needs_no_names_of_columns() -> None:
    header = ["Authors", "Title", "Abstract", "Source title", "Year", "EID", "Cited by"]
    found = records(
        workbook("a.xlsx", [header, ["Okonjo A.", "Kettles", "We counted.", "Objects", 2014, "2-s2.0-1", 3]])
    )
    (record,) = found.records
    assert (record.id, record.metadata["journal"], record.metadata["year"]) == ("2-s2.0-1", "Objects", "2014")


def test_what_is_no_workbook_is_refused() -> None:
    workbook("empty.xlsx", [])
    assert "empty.xlsx: the file is empty" in message(Path("empty.xlsx").read_bytes(), name="empty.xlsx")
    assert "cannot be read as an Excel file" in message("not a zip", name="a.xlsx")
    with zipfile.ZipFile("b.xlsx", "w") as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
    assert "cannot be read as an Excel file" in message(Path("b.xlsx").read_bytes(), name="b.xlsx")


def test_cells_of_parquet_become_text() -> None:
    arrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    parquet = importlib.import_module("pyarrow.parquet")
    columns = {name: [value] for name, value in zip(HEADER, ROW, strict=True)} | {"tags": [["a", "b"]]}
    parquet.write_table(arrow.table(columns), "a.parquet")
    found = records(Path("a.parquet").absolute(), facets=("year",))
    assert (found.files[0].format, found.records[0].title, found.records[0].facets) == (
        "Parquet",
        "Kettles",
        {"year": "2014"},
    )
    assert found.records[0].metadata == {**{k: v for k, v in CELLS.items() if k != "year"}, "tags": "a; b"}
    assert "cannot be read as Parquet" in message(b"PAR1 and nothing else", name="a.parquet")


@pytest.mark.parametrize(
    ("name", "library", "extra"), [("a.xlsx", "openpyxl", "xlsx"), ("a.parquet", "pyarrow", "parquet"),
                                   ("a.bib", "bibtexparser", "bibtex")],
)  # fmt: skip
def test_a_missing_library_is_named_with_its_extra(
    name: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(importlib.import_module("sys").modules, library, None)
    begins = {"a.bib": b"@article{a, title={x}}", "a.xlsx": b"PK\x03\x04 xl/", "a.parquet": b"PAR1"}
    text = message(begins[name], name=name)
    assert library in text
    assert f'pip install -e ".[{extra}]"' in text


def test_a_bomb_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    path = workbook("a.xlsx", [HEADER, ROW])
    monkeypatch.setattr(sheets, "_LARGEST", 100)
    with pytest.raises(RecordError, match="bytes unpacked, which is no table of papers"):
        records(path)
    assert read("title,abstract\nA,B\n").rows == 1
