"""BibTeX -> rows, by bibtexparser 2, which says of every block of a file what it is and where it stands.

An entry it cannot read is a row that cannot be read, at its line. Two things it leaves to its callers are done here: an
"@" at the start of a line that it takes for a comment ("@article smith2020 {") is a lost entry and becomes such a row;
and values are put together from strings (`month # " 2020"`), after which LaTeX becomes text by pylatexenc.

Text that is no LaTeX comes as BibTeX, too. "50% of all" would lose all that follows, and "$5 and $7" its dollars: a
percent sign counts as text, and a dollar does where nothing between two of them looks like mathematics.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any, BinaryIO

from sitegen.corpus.bibliography.work import begin, row_of
from sitegen.corpus.lines import Lines
from sitegen.corpus.rows import Fault, Row, Table
from sitegen.errors import RecordError
from sitegen.version import how_to_install

SOURCES = {
    "title": ("title", "booktitle"),
    "abstract": ("abstract", "abstractnote"),
    "authors": ("author", "editor"),
    "year": ("year", "date"),
    "journal": ("journal", "journaltitle", "booktitle", "shortjournal"),
    "DOI": ("doi", "url"),
    "keywords": ("keywords", "keyword", "author_keywords"),
    "language": ("language", "langid"),
    "type": ("document_type", "@type"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages",),
    "publisher": ("publisher", "institution", "school"),
    "ISSN": ("issn",),
    "URL": ("url",),
    "accession number": ("@key",),
}
_MONTHS = {
    name: name.capitalize()
    for name in ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
}
_BETWEEN = {
    **dict.fromkeys(("author", "editor"), r"\s+and\s+"),
    **dict.fromkeys(("keywords", "keyword", "author_keywords"), r"\s*[;,]\s*"),
}  # what stands between several values of a field
_LOST = re.compile(r"^[ \t]*@[ \t]*(?!comment|preamble|string)\w+[^\n]*[{(]", flags=re.MULTILINE | re.IGNORECASE)
_BEGINS = re.compile(r"^[ \t]*@[ \t]*[A-Za-z]+[ \t]*[{(]", flags=re.MULTILINE)
_PIECE = re.compile(r'\s*(?:(?P<open>[{"])|(?P<word>[^\s{}"#]+))')
_LATEX = re.compile(r"[\\$~]|--|``|''")
_MATH = re.compile(r"(?<!\\)\$(?=[^$\n]{1,200}\$)(?:[^$\n]*[\\^_{=<>][^$\n]*|\s*[A-Za-z]\s*)\$")


_LONGEST = 5000  # characters of LaTeX that are looked at together
_VERBATIM = ("url", "doi")


def begins_as_bibtex(head: str) -> bool:
    """Whether an entry, a string or a comment begins a line, and no table begins before it."""
    match = _BEGINS.search(head)
    return match is not None and not re.search(r"\t|^[^\n]*,[^\n]*,|^\s*[\[{<]", head[: match.start()])


def bibtex(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a BibTeX file."""
    try:
        from bibtexparser import model
        from bibtexparser.splitter import Splitter
    except ImportError:
        raise RecordError(
            f"{table.shown}: BibTeX is read with bibtexparser. It is not installed: {how_to_install('bibtex')}."
        ) from None
    begin(table, begins='A record of BibTeX begins with "@article{"')
    text, noted = _text(file, table)
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # what it would log are the problems below
    try:
        blocks = Splitter(text).split().blocks
    except Exception as error:  # a fault of the library on a file that may hold anything
        raise RecordError(f"{table.shown}: cannot be read as BibTeX ({error}). Correct the file.") from None
    strings = _strings(blocks)
    keys: dict[str, int] = {}
    lines = [(block.start_line or 0) + 1 for block in blocks] + [text.count("\n") + 2]
    for block, (line, end) in zip(blocks, pairwise(lines), strict=True):
        faults = [fault for number, fault in noted if number < end]
        noted = [(number, fault) for number, fault in noted if number >= end]
        inner = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
        if isinstance(inner, model.Entry):
            faults += _repeated(inner, keys, line=line)
            keys.setdefault(inner.key, line)
            yield row_of(_values(inner, strings), SOURCES, table, line=line, faults=faults)
        elif isinstance(block, model.ImplicitComment | model.ExplicitComment):
            yield from _lost(block, line)
            table.faults += [replace(fault, line=line) for fault in faults]
        elif isinstance(block, model.ParsingFailedBlock) and not isinstance(inner, model.String):
            reason = " ".join(str(getattr(block.error, "abort_reason", block.error)).split()).rstrip(".")
            yield Row(line=line, cells={}, faults=(*faults, _broken(f"an entry cannot be read: {reason}")))
        else:
            table.faults += [replace(fault, line=line) for fault in faults]
    table.faults += [replace(fault, line=number) for number, fault in noted]


def _text(file: BinaryIO, table: Table) -> tuple[str, list[tuple[int, Fault]]]:
    """The text of a file with one kind of line ends, and the faults of its lines by number."""
    lines, parts = Lines(file, table), []
    noted: list[tuple[int, Fault]] = []
    for line in lines:
        parts.append(line.rstrip("\r\n"))
        noted += [(lines.number, fault) for fault in lines.faults()]
    return "\n".join(parts), noted


def _lost(block: Any, line: int) -> Iterator[Row]:
    """The entries that the library took for a comment."""
    hidden = [] if type(block).__name__ == "ExplicitComment" else list(_LOST.finditer(block.comment))
    for match in hidden:
        number = line + block.comment.count("\n", 0, match.start())
        shown = " ".join(match[0].split())[:40]
        yield Row(line=number, cells={}, faults=(_broken(f'"{shown}" begins no entry that can be read'),))


def _broken(message: str) -> Fault:
    return Fault(kind="malformed row", message=message, remedy="Correct it: @article{key, title = {...}, ...}")


def _repeated(entry: Any, keys: Mapping[str, int], *, line: int) -> Iterator[Fault]:
    """The faults of an entry whose key, or one of whose fields, comes twice."""
    if entry.key in keys and keys[entry.key] != line and any(field.key.lower() == "doi" for field in entry.fields):
        message = f'has the key "{entry.key}", which is that of line {keys[entry.key]}, too'
        yield Fault(kind="duplicate key", message=message, remedy="Give each entry a key of its own")
    names = [field.key.lower() for field in entry.fields]
    for name in sorted({name for name in names if names.count(name) > 1}):
        message, remedy = "stands twice in the entry; both are read", "Leave one of the two"
        yield Fault(kind="duplicate key", field=name, message=message, remedy=remedy)


def _strings(blocks: list[Any]) -> dict[str, str]:
    """The values of @string, by their names in small letters."""
    strings = dict(_MONTHS)
    for block in blocks:
        if type(block).__name__ == "String":
            strings[block.key.lower()] = _joined(block.value, strings)
    return strings


def _values(entry: Any, strings: Mapping[str, str]) -> dict[str, list[str]]:
    """The values of an entry by field, as text."""
    values: dict[str, list[str]] = {"@type": [entry.entry_type], "@key": [entry.key]}
    for field in entry.fields:
        value, name = _joined(str(field.value), strings), field.key.lower()
        parts = re.split(_BETWEEN.get(name, r"(?!)"), value)
        if name in _VERBATIM:
            values.setdefault(name, []).append(re.sub(r"\\(?=[_&%#~$])|[{}]", "", value))
        else:
            values.setdefault(name, []).extend(_decoded(re.sub(r"\s*\n(?!\s*\n)\s*", " ", part)) for part in parts)
    return values


def _joined(value: str, strings: Mapping[str, str]) -> str:
    """A value as BibTeX puts it together: pieces in braces or quotes, numbers and names of strings, joined by #."""
    out, at = "", 0
    while at < len(value):
        match = _PIECE.match(value, at)
        if match is None:
            at += 1
        elif word := match["word"]:
            out += strings.get(word.lower(), word)
            at = match.end()
        else:
            end = _closed(value, match.start("open"))
            out += value[match.start("open") + 1 : end]
            at = end + 1
    return out


def _closed(value: str, start: int) -> int:
    """Where the brace or quote at `start` is closed; the end of the value where it is not."""
    quoted, depth = value[start] == '"', 0
    for at in range(start + (1 if quoted else 0), len(value)):
        if value[at] in "{}" and value[at - 1 : at] != "\\":
            depth += 1 if value[at] == "{" else -1
        if depth <= 0 and value[at] == ('"' if quoted else "}") and value[at - 1 : at] != "\\":
            return at
    return len(value)


def _decoded(value: str) -> str:
    """LaTeX as text. The library is given the few words that have any: it takes 10 ms for an abstract."""
    if not _LATEX.search(value):
        return re.sub(r"[{}]", "", value).strip()
    math = iter([*_MATH.findall(value), ""])
    guarded = (re.sub(r"(?<!\\)([%$&#])", r"\\\1", part) for part in _MATH.split(value))
    out, piece = [], ""
    for word in re.split(r"(\s+)", "".join(part + next(math) for part in guarded)):
        piece += word
        if len(piece) > _LONGEST or _complete(piece):
            out.append(_word(piece) if _LATEX.search(piece) else piece)
            piece = ""
    return re.sub(r"[{}]", "", "".join([*out, _word(piece)])).replace("\xa0", " ").strip()


def _complete(piece: str) -> bool:
    """Whether what is open in a piece of LaTeX is closed in it: braces, mathematics, a command before its argument."""
    bare = re.sub(r"\\[{}$]", "", piece)
    return (
        bare.count("{") <= bare.count("}")
        and bare.count("$") % 2 == 0
        and (piece.isspace() or not re.search(r"\\(?:[A-Za-z]+|[^A-Za-z])\s*\Z", piece))
    )


@lru_cache(maxsize=10_000)
def _word(piece: str) -> str:
    """A piece of LaTeX as text, with the white space around it."""
    bare = piece.strip()
    try:
        text = _decoder().latex_to_text(bare)
    except Exception:  # the library on text that only looks like LaTeX, or is nested a thousand times
        text = bare.replace("\\", "")
    return piece.replace(bare, text, 1) if bare else piece


@cache
def _decoder() -> Any:
    from pylatexenc.latex2text import LatexNodes2Text

    return LatexNodes2Text(math_mode="text", keep_comments=True, strict_latex_spaces=False)
