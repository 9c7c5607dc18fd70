"""The formats of record files: which there are, and how a file's format is known.

To add one, write its reader, a function from an open file to rows, in a module of its own, and give it a line in
FORMATS below: messages and the command line's help take names and suffixes from there.

A file is what its first bytes say it is; only where these say nothing does its suffix count. Exports are named as they
happen to be (PubMed and Web of Science both write .txt), and a table of papers that begins as a bibliography does is
none of the two.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from sitegen.corpus.bibliography import dialects, json_works, presets, xml_works
from sitegen.corpus.bibliography.bibtex import begins_as_bibtex, bibtex
from sitegen.corpus.delimited import comma_separated, tab_separated
from sitegen.corpus.json_lines import json_lines
from sitegen.corpus.rows import Row, Table
from sitegen.corpus.sheets import begins_as_parquet, begins_as_xlsx
from sitegen.errors import RecordError

_HEAD = 1 << 16  # bytes of a file that its format is told from


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format of record files: its name for readers, its suffixes, its reader, and how its files begin.

    reader: given the file, open for bytes, and the Table to fill in, it yields the rows as they are asked for. Raises
    RecordError where the file as a whole cannot be read. begins: whether a file that begins with this text (what is no
    UTF-8 or UTF-16 in it replaced) is of this format; None where only the suffix tells.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: Callable[[BinaryIO, Table], Iterator[Row]]
    begins: Callable[[str], bool] | None = None


FORMATS = (
    Format(name="CSV", suffixes=(".csv",), reader=comma_separated),
    Format(name="TSV", suffixes=(".tsv", ".txt"), reader=tab_separated),
    Format(name="JSON Lines", suffixes=(".jsonl", ".ndjson"), reader=json_lines),
    Format(name="RIS", suffixes=(".ris",), reader=dialects.ris, begins=dialects.begins_as_ris),
    Format(name="PubMed", suffixes=(".nbib",), reader=dialects.pubmed, begins=dialects.begins_as_pubmed),
    Format(
        name="Web of Science",
        suffixes=(".ciw",),
        reader=dialects.web_of_science,
        begins=dialects.begins_as_web_of_science,
    ),
    Format(name="EndNote", suffixes=(".enw",), reader=dialects.endnote, begins=dialects.begins_as_endnote),
    Format(
        name="Web of Science's table",
        suffixes=(),
        reader=presets.tab_table,
        begins=partial(presets.begins_as, presets.WEB_OF_SCIENCE_TABLE, delimiter="\t"),
    ),
    Format(
        name="Scopus's CSV", suffixes=(), reader=presets.comma_table, begins=partial(presets.begins_as, presets.SCOPUS)
    ),
    Format(
        name="Zotero's CSV", suffixes=(), reader=presets.comma_table, begins=partial(presets.begins_as, presets.ZOTERO)
    ),
    Format(name="BibTeX", suffixes=(".bib",), reader=bibtex, begins=begins_as_bibtex),
    Format(name="PubMed XML", suffixes=(), reader=xml_works.pubmed_xml, begins=xml_works.begins_as_pubmed_xml),
    Format(
        name="EndNote XML", suffixes=(".xml",), reader=xml_works.endnote_xml, begins=xml_works.begins_as_endnote_xml
    ),
    Format(name="OpenAlex", suffixes=(), reader=json_works.openalex, begins=json_works.begins_as_openalex),
    Format(name="CSL JSON", suffixes=(".csljson",), reader=json_works.csl, begins=json_works.begins_as_csl),
    Format(name="JSON", suffixes=(".json",), reader=json_works.json_objects),
    Format(name="Excel", suffixes=(".xlsx",), reader=presets.excel, begins=begins_as_xlsx),
    Format(name="Parquet", suffixes=(".parquet",), reader=presets.parquet_table, begins=begins_as_parquet),
)


def format_names() -> str:
    """The names of all formats, as a person would list them."""
    *names, last = (one.name for one in FORMATS)
    return f"{', '.join(names)} or {last}"


def read_rows(path: Path, table: Table) -> Iterator[Row]:
    """The rows of the file at `path`, read as they are asked for; RecordError where it cannot be read."""
    try:
        with path.open("rb") as file:
            one = _format_of(file.read(_HEAD), path, table)
            file.seek(0)
            table.format = one.name
            yield from one.reader(file, table)
    except OSError as error:
        reason = error.strerror or "it cannot be opened"
        raise RecordError(f"{table.shown}: {reason}. Correct {table.naming.path}.") from None


def _format_of(head: bytes, path: Path, table: Table) -> Format:
    """What begins with `head` is of this format; RecordError where neither that nor the suffix tells."""
    text = _decoded(head)
    for one in FORMATS:
        if one.begins is not None and one.begins(text):
            return one
    suffixes = {suffix: one for one in FORMATS for suffix in one.suffixes}
    suffix = path.suffix.lower()
    if suffix not in suffixes:
        raise RecordError(f'{table.shown}: the suffix "{suffix}" is not known. Use one of: {", ".join(suffixes)}.')
    return suffixes[suffix]


def _decoded(head: bytes) -> str:
    utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16" if utf16 else "utf-8-sig", errors="replace")
