"""Tables of databases and reference managers whose columns are known by name: no setting is needed for these.

A table is one of a preset where its header has the preset's telling columns. Its rows then become works like those of
every other bibliography. Not so where the settings name columns that are all there, as they are called there: then it
is a table like any other.

The database's own columns that no column here is filled from are left out, as tags are; a column that it does not know,
such as one of labels that somebody added, stays.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from sitegen.corpus.bibliography.dialects import WEB_OF_SCIENCE_SOURCES, WEB_OF_SCIENCE_TAGS
from sitegen.corpus.bibliography.work import Sources, begin, row_of
from sitegen.corpus.delimited import comma_separated, unquoted
from sitegen.corpus.rows import Row, Table
from sitegen.corpus.sheets import parquet, xlsx

Reader = Callable[[BinaryIO, Table], Iterator[Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A table whose columns are known. telling: those by which it is known. own: all of its columns. sources: which of
    them fill which columns here."""

    telling: frozenset[str]
    own: frozenset[str]
    sources: Sources


_SCOPUS_COLUMNS = (
    "Authors|Author full names|Author(s) ID|Authors ID|Title|Year|Source title|Volume|Issue|Art. No.|"
    "Page start|Page end|Page count|Cited by|DOI|Link|Affiliations|Authors with affiliations|Abstract|"
    "Author Keywords|Index Keywords|Molecular Sequence Numbers|Chemicals/CAS|Tradenames|Manufacturers|"
    "Funding Details|Funding Texts|Funding Text 1|Funding Text 2|References|Correspondence Address|Editors|"
    "Sponsors|Publisher|Conference name|Conference date|Conference location|Conference code|ISSN|ISBN|CODEN|"
    "PubMed ID|Language of Original Document|Abbreviated Source Title|Document Type|Publication Stage|"
    "Access Type|Open Access|Source|EID"
)
SCOPUS = Preset(
    telling=frozenset({"Title", "Abstract", "Source title", "EID"}),
    own=frozenset(_SCOPUS_COLUMNS.split("|")),
    sources={
        "title": ("Title",),
        "abstract": ("Abstract",),
        "authors": ("Authors", "Author full names"),
        "year": ("Year",),
        "journal": ("Source title", "Abbreviated Source Title"),
        "DOI": ("DOI",),
        "keywords": ("Author Keywords",),
        "subjects": ("Index Keywords",),
        "language": ("Language of Original Document",),
        "type": ("Document Type",),
        "volume": ("Volume",),
        "issue": ("Issue",),
        "pages": ("Page start", "Art. No."),
        "last page": ("Page end",),
        "publisher": ("Publisher",),
        "ISSN": ("ISSN",),
        "URL": ("Link",),
        "accession number": ("EID",),
    },
)
WEB_OF_SCIENCE_TABLE = Preset(
    telling=frozenset({"PT", "AU", "TI", "SO", "UT"}),
    own=WEB_OF_SCIENCE_TAGS,
    sources=WEB_OF_SCIENCE_SOURCES | {"type": ("DT", "PT")},
)
_ZOTERO_COLUMNS = (
    "Key|Item Type|Publication Year|Author|Title|Publication Title|ISBN|ISSN|DOI|Url|Abstract Note|Date|"
    "Date Added|Date Modified|Access Date|Pages|Num Pages|Issue|Volume|Number Of Volumes|"
    "Journal Abbreviation|Short Title|Series|Series Number|Series Text|Series Title|Publisher|Place|Language|"
    "Rights|Type|Archive|Archive Location|Library Catalog|Call Number|Extra|Notes|File Attachments|"
    "Link Attachments|Manual Tags|Automatic Tags|Editor|Series Editor|Translator|Contributor|Attorney Agent|"
    "Book Author|Cast Member|Commenter|Composer|Cosponsor|Counsel|Interviewer|Producer|Recipient|"
    "Reviewed Author|Scriptwriter|Words By|Guest|Number|Edition|Running Time|Scale|Medium|Artwork Size|"
    "Filing Date|Application Number|Assignee|Issuing Authority|Country|Meeting Name|Conference Name|Court|"
    "References|Reporter|Legal Status|Priority Numbers|Programming Language|Version|System|Code|Code Number|"
    "Section|Session|Committee|History|Legislative Body"
)
ZOTERO = Preset(
    telling=frozenset({"Key", "Item Type", "Publication Year", "Title", "Abstract Note"}),
    own=frozenset(_ZOTERO_COLUMNS.split("|")),
    sources={
        "title": ("Title",),
        "abstract": ("Abstract Note",),
        "authors": ("Author",),
        "year": ("Publication Year", "Date"),
        "journal": ("Publication Title", "Conference Name"),
        "DOI": ("DOI", "Url"),
        "keywords": ("Manual Tags",),
        "subjects": ("Automatic Tags",),
        "language": ("Language",),
        "type": ("Item Type",),
        "volume": ("Volume",),
        "issue": ("Issue",),
        "pages": ("Pages",),
        "publisher": ("Publisher",),
        "ISSN": ("ISSN",),
        "URL": ("Url",),
        "accession number": ("Key",),
    },
)
PRESETS = (SCOPUS, WEB_OF_SCIENCE_TABLE, ZOTERO)


def comma_table(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a CSV export of a database."""
    return known_columns(comma_separated, file, table)


def tab_table(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a tab-delimited export of Web of Science, whose quotes are part of the text."""
    return known_columns(unquoted, file, table)


def excel(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of an Excel file, such as Web of Science and Scopus write, too."""
    return known_columns(xlsx, file, table)


def parquet_table(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a Parquet file."""
    return known_columns(parquet, file, table)


def begins_as(preset: Preset, head: str, *, delimiter: str = ",") -> bool:
    """Whether a file begins with a header that has the preset's telling columns."""
    return preset.telling <= _header(head, delimiter)


def known_columns(reader: Reader, file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows that `reader` reads, as works where their header is that of a preset and the settings name other columns
    than its own."""
    read = replace(table, columns={}, faults=[])
    preset: Preset | None = None
    table.faults = read.faults
    first = True
    for row in reader(file, read):
        if first:
            first = False
            preset = next((one for one in PRESETS if one.telling <= read.columns.keys()), None)
            preset = None if table.named <= read.columns.keys() else preset
            if preset:
                begin(table, begins=table.begins)
                table.columns |= dict.fromkeys(name for name in read.columns if _stays(name, preset, table))
        if preset is None or not row.cells:
            table.columns |= {} if preset else read.columns
            yield row
            continue
        values = {column: [cell] for column, cell in row.cells.items() if cell}
        made = row_of(values, preset.sources, table, line=row.line, faults=row.faults)
        kept = {name: cell for name, cell in row.cells.items() if _stays(name, preset, table)}
        yield replace(made, cells={**made.cells, **kept})
    if first:
        table.columns |= read.columns


def _stays(column: str, preset: Preset, table: Table) -> bool:
    return column in table.named or column not in preset.own


def _header(head: str, delimiter: str) -> set[str]:
    """The cells of the first line with text; none where the quotes do not match."""
    first = next((line for line in head.splitlines() if line.strip()), "")
    try:
        return {cell.strip() for cell in next(csv.reader([first], delimiter=delimiter, strict=True), [])}
    except csv.Error:
        return set()
