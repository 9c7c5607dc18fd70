"""Records written to a CSV file with the cells that they were read from."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Classes, Policies, Records
from sitegen.corpus.records import read_records
from sitegen.corpus.written import check_writable, write_records
from sitegen.errors import OutputError, RecordError

CLASSES = Classes(positive="computational", negative="traditional")
FILES = Path(__file__).parent / "bibliography" / "files"
ODD = (
    "key;title;abstract;class;more\n"
    'a;"Two\nlines";"It says ""so""; twice, even.";COMPUTATIONAL;=1+1\n'
    "b;NA;An abstract alone.;0;\n"
    "a;Second with that id;[No abstract available];traditional;ü 🎓\n"
    "c;Not chosen;Left out.;;x\n"
).replace(";", ",")


def records_of(path: Path, **options: Any) -> Records:
    return Records(path=path, **options)


def cells(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_cell_is_as_it_was_and_the_texts_read_back(tmp_path: Path) -> None:
    (tmp_path / "papers.csv").write_text(ODD.replace("; twice, even", "; twice"), encoding="utf-8")
    settings = records_of(tmp_path / "papers.csv", id="key", label="class")
    before = read_records(settings, classes=CLASSES).records
    chosen = [before[2], before[0], before[1]]
    write_records(tmp_path / "out.csv", chosen, settings)
    rows, source = cells(tmp_path / "out.csv"), cells(tmp_path / "papers.csv")
    assert rows == [source[2], source[0], source[1]]
    after = read_records(records_of(tmp_path / "out.csv", id="key", label="class"), classes=CLASSES).records
    assert [(one.title, one.abstract, one.label) for one in after] == [
        (one.title, one.abstract, one.label) for one in chosen
    ]
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["out.csv", "papers.csv"]


def test_rows_of_one_line_are_told_apart_and_lacking_columns_are_empty(tmp_path: Path) -> None:
    rows = [{"title": f"T{k}", "abstract": f"A{k}.", **({"more": "x"} if k == 2 else {})} for k in range(3)]
    (tmp_path / "papers.json").write_text(json.dumps(rows), encoding="utf-8")
    settings = records_of(tmp_path / "papers.json")
    read = read_records(settings, classes=CLASSES).records
    write_records(tmp_path / "out.csv", [read[2], read[1]], settings)
    assert cells(tmp_path / "out.csv") == [rows[2], {**rows[1], "more": ""}]


def test_several_files_become_one_with_all_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("title,abstract,x\nOne,It is.,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("abstract,title,y\nIt was.,Two,2\n", encoding="utf-8")
    settings = Records(path=(tmp_path / "a.csv", tmp_path / "b.csv"))
    write_records(tmp_path / "out.csv", read_records(settings, classes=CLASSES).records, settings)
    assert cells(tmp_path / "out.csv") == [
        {"title": "One", "abstract": "It is.", "x": "1", "y": ""},
        {"title": "Two", "abstract": "It was.", "x": "", "y": "2"},
    ]


@pytest.mark.parametrize("file", sorted(path for path in FILES.iterdir() if path.is_file()), ids=lambda path: path.name)
def test_whatever_format_they_had_they_read_back_as_the_same_texts(file: Path, tmp_path: Path) -> None:
    kept = Policies(field_count="skip", not_utf8="replace")
    settings = records_of(file, policy=kept)
    try:
        before = read_records(settings, classes=CLASSES, skip_invalid=True).records
    except RecordError:
        return  # refused as a whole, on purpose or since its library is not installed: there is nothing to write
    write_records(tmp_path / "out.csv", before, settings)
    after = read_records(records_of(tmp_path / "out.csv"), classes=CLASSES).records
    assert [(one.title, one.abstract) for one in after] == [(one.title, one.abstract) for one in before]


def test_what_is_there_is_overwritten_only_on_request_and_the_source_never(tmp_path: Path) -> None:
    source, there = tmp_path / "papers.csv", tmp_path / "there.csv"
    for file in (source, there):
        file.write_text("title,abstract\nOne,It is.\n", encoding="utf-8")
    settings = records_of(source)
    check_writable(tmp_path / "new.csv", settings, replace=False, option="--held-out")
    check_writable(there, settings, replace=True, option="--held-out")
    with pytest.raises(OutputError, match=r"exists already\. Choose another --held-out, or overwrite .* --force\."):
        check_writable(there, settings, replace=False, option="--held-out")
    with pytest.raises(OutputError, match=r"is the file of records itself"):
        check_writable(source, settings, replace=True, option="--held-out")
    with pytest.raises(OutputError, match="exists already"):
        check_writable(tmp_path, settings, replace=True, option="--held-out")
    with pytest.raises(OutputError, match=r"one that ends in \.csv"):
        check_writable(tmp_path / "out.ris", settings, replace=False, option="--held-out")
