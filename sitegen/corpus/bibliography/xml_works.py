"""PubMed's and EndNote's XML -> rows, read as a stream: one work is in memory at a time.

The file may come from anybody. Expat fetches nothing by itself; a file that declares entities of its own is refused,
since a few lines of these can fill any memory, and the exports of both programs declare none. What a DOCTYPE points to
is not read. Characters that XML forbids, which exporters leave in abstracts, are taken for blanks.
"""

from __future__ import annotations

import codecs
import html
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import BinaryIO
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from sitegen.corpus.bibliography.work import Sources, begin, row_of
from sitegen.corpus.rows import Fault, Row, Table
from sitegen.errors import RecordError

_CHUNK = 1 << 16
_FORBIDDEN = bytes(b if b >= 32 or b in (9, 10, 13) else 32 for b in range(256))
_RAISED, _LOWERED = ("superscript", "sup"), ("subscript", "sub")

Values = dict[str, list[str]]

PUBMED_SOURCES: Sources = {
    "title": ("ArticleTitle", "BookTitle", "VernacularTitle"),
    "abstract": ("Abstract", "OtherAbstract"),
    "authors": ("Author",),
    "year": ("Year", "MedlineDate"),
    "journal": ("Journal", "ISOAbbreviation"),
    "DOI": ("DOI",),
    "keywords": ("Keyword",),
    "subjects": ("MeshHeading",),
    "language": ("Language",),
    "type": ("PublicationType",),
    "volume": ("Volume",),
    "issue": ("Issue",),
    "pages": ("MedlinePgn",),
    "ISSN": ("ISSN",),
    "accession number": ("PMID",),
}
_PUBMED_PATHS = {
    "ArticleTitle": ".//Article/ArticleTitle|./BookDocument/ArticleTitle",
    "BookTitle": ".//Book/BookTitle",
    "VernacularTitle": ".//Article/VernacularTitle",
    "Year": ".//PubDate/Year|.//ArticleDate/Year",
    "MedlineDate": ".//PubDate/MedlineDate",
    "Journal": ".//Journal/Title",
    "ISOAbbreviation": ".//Journal/ISOAbbreviation",
    "DOI": ".//ELocationID[@EIdType='doi']|./PubmedData/ArticleIdList/ArticleId[@IdType='doi']",
    "Keyword": ".//KeywordList/Keyword",
    "MeshHeading": ".//MeshHeading/DescriptorName",
    "Language": ".//Article/Language|.//BookDocument/Language",
    "PublicationType": ".//PublicationTypeList/PublicationType|.//BookDocument/PublicationType",
    "Volume": ".//JournalIssue/Volume",
    "Issue": ".//JournalIssue/Issue",
    "MedlinePgn": ".//Pagination/MedlinePgn",
    "ISSN": ".//Journal/ISSN",
    "PMID": "./MedlineCitation/PMID|./BookDocument/PMID",
}
ENDNOTE_SOURCES: Sources = {
    "title": ("title",),
    "abstract": ("abstract",),
    "authors": ("author",),
    "year": ("year",),
    "journal": ("full-title", "secondary-title", "abbr-1"),
    "DOI": ("electronic-resource-num", "url"),
    "keywords": ("keyword",),
    "language": ("language",),
    "type": ("ref-type",),
    "volume": ("volume",),
    "issue": ("number",),
    "pages": ("pages",),
    "publisher": ("publisher",),
    "ISSN": ("isbn",),
    "URL": ("url",),
    "accession number": ("accession-num",),
    "notes": ("notes",),
}
_PLAIN = ("language", "volume", "number", "pages", "publisher", "isbn", "accession-num", "notes", "label")
_ENDNOTE_PATHS = {
    "title": "./titles/title",
    "secondary-title": "./titles/secondary-title",
    "abstract": "./abstract",
    "author": "./contributors/authors/author",
    "year": "./dates/year",
    "full-title": "./periodical/full-title|./alt-periodical/full-title",
    "abbr-1": "./periodical/abbr-1",
    "electronic-resource-num": "./electronic-resource-num",
    "keyword": "./keywords/keyword",
    **{name: f"./{name}" for name in _PLAIN},
    "url": "./urls/related-urls/url|./urls/web-urls/url",
}


def begins_as_pubmed_xml(head: str) -> bool:
    return _is_xml(head) and ("<PubmedArticle" in head or "<PubmedBookArticle" in head)


def begins_as_endnote_xml(head: str) -> bool:
    return _is_xml(head) and "<records" in head and "<PubmedArticle" not in head


def pubmed_xml(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of PubMed's XML."""
    names = frozenset({"PubmedArticle", "PubmedBookArticle"})
    return _rows(file, table, names, PUBMED_SOURCES, _pubmed_values, begins="A record begins with <PubmedArticle>")


def endnote_xml(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of EndNote's XML."""
    names, begins = frozenset({"record"}), "A record begins with <record>"
    return _rows(file, table, names, ENDNOTE_SOURCES, _endnote_values, begins=begins)


def _rows(
    file: BinaryIO,
    table: Table,
    names: frozenset[str],
    sources: Sources,
    values: Callable[[Element], Values],
    *,
    begins: str,
) -> Iterator[Row]:
    begin(table, begins=begins)
    reader = _Reader(table, names)
    utf16 = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    file.seek(0)
    for chunk in iter(partial(file.read, _CHUNK), b""):
        if b"\0" in chunk and not utf16:
            remedy = "Export the file anew, as text"
            reader.faults.append(Fault(kind="nul bytes", message="held NUL bytes, which were taken out", remedy=remedy))
        for line, element in reader.feed(chunk if utf16 else chunk.translate(_FORBIDDEN)):
            faults, reader.faults = reader.faults, []
            yield row_of(values(element), sources, table, line=line, faults=faults)
        if reader.broken:
            break
    for line, element in reader.finish():
        yield row_of(values(element), sources, table, line=line)
    if reader.broken:
        yield reader.broken


class _Reader:
    """Bytes of XML -> the elements of works, with their lines. `broken` is the row to end with where it is not
    well-formed."""

    def __init__(self, table: Table, names: frozenset[str]) -> None:
        self._table, self._names = table, names
        self._builder: TreeBuilder | None = None
        self._depth, self._line = 0, 0
        self._found: list[tuple[int, Element]] = []
        self.faults: list[Fault] = []
        self.broken: Row | None = None
        declared = None if table.encoding.replace("_", "-").lower() in ("utf-8", "utf8") else table.encoding
        try:
            self._parser = expat.ParserCreate(declared)
            "".encode(declared or "utf-8")
        except (LookupError, ValueError):
            setting = table.naming.encoding
            raise RecordError(f'{table.shown}: "{declared}" is no encoding. Correct {setting}.') from None
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data
        self._parser.EntityDeclHandler = self._declared
        self._parser.SkippedEntityHandler = self._skipped

    def feed(self, chunk: bytes, *, last: bool = False) -> list[tuple[int, Element]]:
        """The works that end within the next bytes."""
        try:
            self._parser.Parse(chunk, last)
        except (expat.ExpatError, LookupError, ValueError) as error:
            reason = expat.ErrorString(error.code) if isinstance(error, expat.ExpatError) else str(error)
            line = self._parser.ErrorLineNumber or 1
            where = f"; the record that begins in line {self._line} is lost" if self._builder else ""
            fault = Fault(
                kind="malformed row",
                message=f"is not XML from here on ({reason}){where}, and nothing behind it is read",
                remedy="Export the file anew",
            )
            self.broken = Row(line=line, cells={}, faults=(fault,))
        done, self._found = self._found, []
        return done

    def finish(self) -> list[tuple[int, Element]]:
        """The works that the end of the file completes; what is missing there is in `broken`."""
        return [] if self.broken else self.feed(b"", last=True)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        if self._builder is None and name in self._names:
            self._builder, self._depth, self._line = TreeBuilder(), 0, self._parser.CurrentLineNumber
        if self._builder is not None:
            self._depth += 1
            self._builder.start(name, dict(attributes))

    def _end(self, name: str) -> None:
        if self._builder is None:
            return
        self._builder.end(name.rpartition(":")[2])
        self._depth -= 1
        if self._depth == 0:
            self._found.append((self._line, self._builder.close()))
            self._builder = None

    def _data(self, text: str) -> None:
        if self._builder is not None:
            self._builder.data(text)

    def _declared(self, name: str, *_: object) -> None:
        raise RecordError(
            f'{self._table.shown}:{self._parser.CurrentLineNumber}: declares an entity of its own ("{name[:40]}"), '
            f"which is not read: it may be there to do harm. Export the file anew."
        )

    def _skipped(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._data(html.unescape(f"&{name};"))


def _pubmed_values(work: Element) -> Values:
    """What an article or a chapter of a book says."""
    values = {name: _texts(work, paths) for name, paths in _PUBMED_PATHS.items()}
    abstracts = work.findall(".//Article/Abstract") or work.findall("./BookDocument/Abstract")
    values["Abstract"] = [_section(one) for part in abstracts for one in part.findall("AbstractText")]
    values["OtherAbstract"] = [_section(one) for one in work.findall(".//OtherAbstract/AbstractText")]
    values["Author"] = [_author(one) for one in work.findall(".//AuthorList/Author")]
    return {name: texts for name, texts in values.items() if any(texts)}


def _section(part: Element) -> str:
    """A section of an abstract, its heading in front."""
    label, text = part.get("Label", ""), _inner(part).strip()
    return f"{label}: {text}" if label and label.upper() not in ("UNLABELLED", "ABSTRACT") and text else text


def _author(author: Element) -> str:
    given = author.findtext("ForeName") or author.findtext("Initials") or ""
    family = author.findtext("LastName") or author.findtext("CollectiveName") or ""
    return f"{family}, {given}" if given and family else family or given


def _endnote_values(work: Element) -> Values:
    """What a record of EndNote says."""
    values = {name: _texts(work, paths) for name, paths in _ENDNOTE_PATHS.items()}
    kind = work.find("ref-type")
    values["ref-type"] = [kind.get("name") or _inner(kind)] if kind is not None else []
    return {name: texts for name, texts in values.items() if any(texts)}


def _texts(work: Element, paths: str) -> list[str]:
    return [_inner(one) for path in paths.split("|") for one in work.findall(path)]


def _inner(element: Element) -> str:
    """The text of an element, with what is raised or lowered marked up as in HTML."""
    parts, stack = [element.text or ""], [iter(element)]
    tails: list[str] = []
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
            parts.append(tails.pop() if tails else "")
            continue
        look = child.get("face", "") if child.tag == "style" else child.tag
        mark = "sup" if look in _RAISED else "sub" if look in _LOWERED else ""
        parts += [f"<{mark}>" if mark else "", child.text or ""]
        tails.append((f"</{mark}>" if mark else "") + (child.tail or ""))
        stack.append(iter(child))
    return "".join(parts)


def _is_xml(head: str) -> bool:
    return head.lstrip().startswith("<")
