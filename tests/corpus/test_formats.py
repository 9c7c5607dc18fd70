"""The registry of record formats: a format is added in one place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

import sitegen
from sitegen.corpus import formats
from sitegen.corpus.formats import FORMATS, Format, format_names
from sitegen.corpus.rows import Row, Table
from sitegen.errors import RecordError


def titles(file: BinaryIO, table: Table) -> Iterator[Row]:
    """A title a line."""
    table.columns |= {"title": None, "abstract": None}
    for number, line in enumerate(file, start=1):
        yield Row(line=number, cells={"title": line.decode().strip(), "abstract": ""})


def test_a_format_is_one_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "papers.titles").write_text("One\nTwo\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r'"\.titles" is not known\. Use one of: \.csv, \.tsv, \.txt, \.jsonl'):
        sitegen.read_records(tmp_path / "papers.titles")
    added = Format(name="titles", suffixes=(".titles",), reader=titles)
    monkeypatch.setattr(formats, "FORMATS", (*FORMATS, added))
    assert [record.title for record in sitegen.read_records(tmp_path / "papers.titles").records] == ["One", "Two"]
    assert format_names() == f"{', '.join(one.name for one in FORMATS)} or titles"


def test_no_suffix_stands_for_two_formats() -> None:
    suffixes = [suffix for one in FORMATS for suffix in one.suffixes]
    assert len(set(suffixes)) == len(suffixes)
