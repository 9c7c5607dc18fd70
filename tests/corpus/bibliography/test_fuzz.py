"""Readers on files that nobody wrote: damaged exports, and pieces of formats put together at random.

Two things must hold of every file. Reading ends in rows or in a RecordError, and in nothing else. And every record that
begins in a file, counted without the reader, is a row: one with cells, or one that says why it has none.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.config import Classes, Records
from sitegen.corpus.formats import FORMATS, read_rows
from sitegen.corpus.records import read_records
from sitegen.corpus.rows import Row, Table
from sitegen.errors import RecordError
from tests.corpus.bibliography.starts import starts
from tests.effort import examples

FILES = Path(__file__).parent / "files"
HAS_BIBTEX = importlib.util.find_spec("bibtexparser") is not None
TAGGED = {"RIS": "plain.ris", "PubMed": "plain.nbib", "Web of Science": "plain-wos.txt", "EndNote": "plain.enw"}
WHOLE = {
    **TAGGED,
    "PubMed XML": "pubmed.xml",
    "EndNote XML": "endnote.xml",
    "CSL JSON": "csl.json",
    "OpenAlex": "openalex-list.json",
    **({"BibTeX": "duplicate-keys.bib"} if HAS_BIBTEX else {}),
}
OTHERS = ("scopus.csv", "zotero.csv", "table-wos.txt", "objects.json", "openalex-results.json", "openalex-lines.jsonl")
PIECES = (
    *("TY  - JOUR\n", "TY - BOOK\n", "ty  - gen\n", "ER  - \n", "ER -", "TI  - A\n", "AB  - B\n", "\n", "\r", "\r\n"),
    *("PMID- 1\n", "PMID-  2", "      wrapped\n", "TI  -", "PT J\n", "PT C", "FN x\nVR 1.0\n", "ER\n", "EF\n", "  "),
    *("%0 Book\n", "%T x\n", "%0", "@article{a, title={B}}\n", '@book(b, title="x")', "@string{x = {y}}", "@comment{"),
    *("{", "}", '"', ",", "=", "#", "@", "\\", "$", "[", "]", '{"id": "x", "title": "y"}', '{"results": [', "null"),
    *("<xml><records>", "<record>", "</record>", "<titles><title>x</title></titles>", "</records></xml>", "&amp;"),
    *("<PubmedArticleSet>", "<PubmedArticle>", "</PubmedArticle>", "<!DOCTYPE x>", "<!ENTITY a 'b'>", "&#1;"),
    *("\ufeff", "\0", "é", "\xff\xfe\x00\xd8", "\x85", "\u2028", "\x1f", "a,b,c\n", "\t", "AU x\n   y\n", "1e9"),
)
SUFFIXES = sorted({suffix for one in FORMATS for suffix in one.suffixes if HAS_BIBTEX or suffix != ".bib"})


def rows_of(kind: str, data: bytes, folder: Path) -> list[Row] | None:
    """The rows of a file by the reader of that format; None where it refuses the file."""
    path = folder / "file"
    path.write_bytes(data)
    (reader,) = (one.reader for one in FORMATS if one.name == kind)
    table = Table(shown="file", encoding="utf-8", named=frozenset({"title", "abstract"}))
    try:
        with path.open("rb") as file:
            rows = list(reader(file, table))
    except RecordError:
        return None
    if table.faults and rows:
        rows[-1] = Row(line=rows[-1].line, cells=rows[-1].cells, faults=(*rows[-1].faults, *table.faults))
    return rows


def test_the_files_that_are_damaged_here_are_counted() -> None:
    for kind, name in WHOLE.items():
        assert (starts(kind, (FILES / name).read_bytes()) or 0) > 1


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_cut_off_anywhere_loses_no_record_silently(kind: str, tmp_path: Path) -> None:
    data = (FILES / WHOLE[kind]).read_bytes()
    for end in range(0, len(data), max(1, len(data) // examples(120))):
        rows = rows_of(kind, data[:end], tmp_path)
        if rows is not None:
            begun = starts(kind, data[:end]) or 0
            read = sum(bool(row.cells) for row in rows)
            assert len(rows) >= begun, end
            assert read >= begun or any(row.faults for row in rows), end


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """A file with some stretches taken out, repeated, moved or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        a = draw(st.integers(0, len(data)))
        b = draw(st.integers(a, min(len(data), a + 200)))
        piece = draw(st.one_of(st.just(b""), st.sampled_from(PIECES).map(lambda p: p.encode("utf-8", "replace")),
                               st.binary(max_size=8), st.just(data[a:b] * 2)))  # fmt: skip
        data = data[:a] + piece + data[b:]
    return data


@pytest.mark.parametrize("kind", TAGGED)
@given(data=st.data())
@settings(max_examples=examples(60), deadline=None)
def test_as_many_records_as_start_tags(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    name = TAGGED[kind]
    broken = data.draw(damaged((FILES / name).read_bytes()))
    rows = rows_of(kind, broken, tmp_path_factory.getbasetemp())
    assert rows is not None
    assert sum(bool(row.cells) for row in rows) == starts(kind, broken)


@pytest.mark.parametrize("kind", sorted(WHOLE.keys() - TAGGED.keys()))
@given(data=st.data())
@settings(max_examples=examples(40), deadline=None)
def test_damage_is_said(kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    whole = (FILES / WHOLE[kind]).read_bytes()
    rows = rows_of(kind, data.draw(damaged(whole)), tmp_path_factory.getbasetemp())
    assert rows is None or all(row.cells or row.faults for row in rows)


ANY = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=30)


@given(pieces=ANY, suffix=st.sampled_from(SUFFIXES))
@settings(max_examples=examples(150), deadline=None)
def test_anything_is_read_or_refused(pieces: list[str], suffix: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / f"any{suffix}"
    path.write_bytes("".join(pieces).encode("utf-8", "surrogatepass"))
    rows = []
    try:
        rows += read_rows(path, Table(shown="any", encoding="utf-8"))
        found = read_records(Records(path=path), classes=Classes(), skip_invalid=True)
    except RecordError:
        return
    assert found.rows == len(rows)
    assert len(found.records) == found.rows - sum(
        problem.action == "skipped" for problem in dict.fromkeys(found.problems)
    )


@pytest.mark.parametrize("name", OTHERS)
@given(data=st.data())
@settings(max_examples=examples(25), deadline=None)
def test_damaged_tables_are_read_or_refused(
    name: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data.draw(damaged((FILES / name).read_bytes())))
    try:
        found = read_records(Records(path=path), classes=Classes(), skip_invalid=True)
    except RecordError:
        return
    assert len({record.id for record in found.records}) == len(found.records) <= found.rows
