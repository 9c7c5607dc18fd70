"""A work of a bibliography as a row: the columns that all these formats share, and how values become their text.

A reader says which tag, column or element of its file fills which column (`Sources`); what it read goes through `Work`.
So an id, a DOI and a year are made in one way whatever the file was, and what a file has that is not used is counted.

A tag that the settings name, as a facet for example, is a column of that name.

The id of a work is its DOI in small letters, else its accession number in the database that it comes from; where there
is neither, it is made of the text later. Several values of a column (authors, keywords) are joined by "; ", and the
table is told so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from sitegen.corpus.bibliography.markup import one_line, plain_text
from sitegen.corpus.rows import Fault, Row, Table

Sources = Mapping[str, Sequence[str]]
"""column -> the tags that may fill it, the best first: the first that a work has is taken."""

COLUMNS = (
    *("title", "abstract", "id", "authors", "year", "journal", "DOI", "keywords", "language", "type"),
    *("subjects", "volume", "issue", "pages", "publisher", "ISSN", "URL", "accession number"),
)
SCREENED = "asreview_label"  # what somebody decided who screened the works with ASReview: 1, 0, or "" where unseen
_SEPARATOR = ";"
_SEVERAL = ("authors", "keywords", "subjects", "type")  # columns of several values, joined by it and a blank
_LAST_PAGE = "last page"  # of formats that give the two pages apart; part of "pages"
_NOTES = "notes"  # read for the label alone

_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi\s*:?\s*)?(10\.\d{4,9}/\S+?)(?:\s*\[doi\])?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_DECISION = re.compile(r"\s*ASReview[_ ](relevant|irrelevant|not[_ ]seen)\s*", flags=re.IGNORECASE)
_TYPES = {  # codes of RIS, Web of Science, BibTeX, CSL and Zotero; what is not here stays as it is
    **dict.fromkeys(
        ("jour", "ejour", "j", "article-journal", "journalarticle", "article", "journal article"), "journal article"
    ),
    **dict.fromkeys(("conf", "cpaper", "inproceedings", "conference", "paper-conference"), "conference paper"),
    **dict.fromkeys(("conferencepaper", "c", "conference paper", "conference proceedings"), "conference paper"),
    **dict.fromkeys(
        ("chap", "echap", "incollection", "inbook", "chapter", "booksection", "book section"), "book chapter"
    ),
    **dict.fromkeys(("book", "ebook", "b"), "book"),
    **dict.fromkeys(("thes", "phdthesis", "mastersthesis", "thesis"), "thesis"),
    **dict.fromkeys(("rprt", "techreport", "report"), "report"),
    **dict.fromkeys(("mgzn", "news", "article-magazine", "article-newspaper"), "newspaper or magazine article"),
    **dict.fromkeys(("unpb", "unpublished", "manuscript", "preprint"), "unpublished"),
    **dict.fromkeys(("elec", "online", "webpage"), "web page"),
    **dict.fromkeys(("gen", "misc"), "other"),
}
_LABELS = {"relevant": "1", "irrelevant": "0"}


def begin(table: Table, *, begins: str) -> None:
    """Say of a table that it is a bibliography: its columns, which of them has the ids, and how a record begins."""
    table.columns |= dict.fromkeys(COLUMNS)
    table.separators |= dict.fromkeys(_SEVERAL, _SEPARATOR)
    table.id = "id"
    table.begins = begins


def row_of(
    values: Mapping[str, Sequence[str]], sources: Sources, table: Table, *, line: int, faults: Iterable[Fault] = ()
) -> Row:
    """The row of a work. values: what the file says of it, by tag; those that no column is filled from are counted."""
    taken: dict[str, Sequence[str]] = {}
    used: set[str] = set()
    for column, tags in sources.items():
        for tag in tags:
            given: Sequence[str] = [value for value in values.get(tag, ()) if value.strip()]
            if column == "DOI":
                given = [doi for doi in map(_doi, given) if doi][:1]
            if column == _NOTES and not any(map(_DECISION.fullmatch, given)):
                continue
            if given:
                taken[column] = given
                table.origins[tag, column] += 1
                used.add(tag)
                break
    cells = _cells(taken)
    for tag, said in values.items():
        if tag in table.named and tag not in cells:
            cells[tag] = f"{_SEPARATOR} ".join(filter(None, map(_item, said)))
            table.separators |= {tag: _SEPARATOR} if len(said) > 1 else {}
            table.columns[tag] = None
            table.origins[tag, tag] += 1
        elif tag not in used:
            table.origins[tag, ""] += 1
    problems = list(faults)
    if decisions := {match[1].casefold() for note in taken.get(_NOTES, ()) if (match := _DECISION.fullmatch(note))}:
        cells[SCREENED] = _LABELS.get(decisions.pop(), "") if len(decisions) == 1 else ""
        table.columns[SCREENED] = None
        if decisions:
            problems.append(
                Fault(
                    kind="label",
                    field=SCREENED,
                    message="is both relevant and irrelevant in its notes",
                    remedy="Leave one of the notes of ASReview",
                )
            )
    return Row(line=line, cells=cells, faults=tuple(problems))


def _cells(taken: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The text of each column, in the order of COLUMNS; title and abstract always, others where they say something."""
    cells = dict.fromkeys(("title", "abstract", "id"), "")
    for column in COLUMNS:
        given = taken.get(column, ())
        match column:
            case "title":
                cells[column] = one_line(given[0]) if given else ""
            case "abstract":
                cells[column] = "\n".join(dict.fromkeys(plain_text(value) for value in given)).strip()
            case "year" if given:
                year = _YEAR.search(given[0])
                cells[column] = year[0] if year else one_line(given[0])
            case "pages" if given:
                cells[column] = "-".join(one_line(part) for part in (given[0], *taken.get(_LAST_PAGE, ())[:1]))
            case "type" if given:
                cells[column] = "; ".join(
                    dict.fromkeys(_TYPES.get(item.casefold(), item) for item in map(_item, given))
                )
            case "authors" | "keywords" | "subjects" if given:
                cells[column] = "; ".join(dict.fromkeys(filter(None, map(_item, given))))
            case _ if given:
                cells[column] = one_line(given[0])
    cells["id"] = cells.get("DOI", "").lower() or cells.get("accession number", "")
    return {name: cell for name, cell in cells.items() if cell or name in ("title", "abstract", "id")}


def _item(value: str) -> str:
    return one_line(value).strip("; ").lstrip("*")  # a star marks the main headings of MeSH


def _doi(text: str) -> str:
    """The DOI that a text is, alone, as an address or behind "doi:"; "" where it is none."""
    match = _DOI.fullmatch(one_line(text))
    return match[1] if match else ""
