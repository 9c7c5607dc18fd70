"""The dialects of tagged lines: how each writes its tags, and which of them fill which columns.

RIS, as nearly every database and reference manager writes it; PubMed's own format (.nbib, MEDLINE); the plain text of
Web of Science; EndNote's export (.enw, Refer). Each is told by the first line that looks like its start tag.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from sitegen.corpus.bibliography.tagged import Dialect, tagged_records
from sitegen.corpus.rows import Row, Table

_RIS_SOURCES = {
    "title": ("TI", "T1", "CT", "BT"),
    "abstract": ("AB", "N2"),
    "authors": ("AU", "A1"),
    "year": ("PY", "Y1", "DA"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "J1"),
    "DOI": ("DO", "M3", "L3", "UR"),
    "keywords": ("KW",),
    "language": ("LA",),
    "type": ("TY",),
    "volume": ("VL",),
    "issue": ("IS",),
    "pages": ("SP",),
    "last page": ("EP",),
    "publisher": ("PB",),
    "ISSN": ("SN",),
    "URL": ("UR", "L2"),
    "accession number": ("AN", "ID"),
    "notes": ("N1",),
}
_RIS_TAGS = (
    "A1 A2 A3 A4 AB AD AN AU AV BT C1 C2 C3 C4 C5 C6 C7 C8 CA CN CP CT CY DA DB DI DO DP DS ED EP ER ET ID IS J1 J2 JA "
    "JF JO K1 KW L1 L2 L3 L4 LA LB LK M1 M2 M3 N1 N2 NV OP PB PP PY RI RN RP SE SN SO SP ST SV T1 T2 T3 TA TI TT TY "
    "U1 U2 U3 U4 U5 UN UR VL VO WP WT WV Y1 Y2 YR"
)
_RIS_KNOWN = "|".join(_RIS_TAGS.split())


def _ris_tags(start: re.Match[str]) -> re.Pattern[str]:
    """With two blanks before the hyphen, as it should be, any tag; with fewer the known ones, written as the start tag.

    One blank is taken for a known tag in capitals anyhow, since files are put together from several exporters.
    """
    known = f"{_RIS_KNOWN}|{_RIS_KNOWN.lower()}" if start["tag"].islower() else _RIS_KNOWN
    one = "*" if not start["gap"] else "+"
    tags = rf"(?:{known})(?=[ \t]{one}-)|[A-Za-z][A-Za-z0-9](?=[ \t]{{2,}}-)|[Ee][Rr](?=[ \t]*-[ \t]*$)"
    return re.compile(rf"\s*({tags})[ \t]*-[ \t]?(.*)$")


RIS = Dialect(
    name="RIS",
    shown_start="TY  - ",
    start=re.compile(r"\s*(?P<tag>[Tt][Yy])(?P<gap>[ \t]*)-[ \t]*(?P<value>[A-Za-z0-9]*)\s*$"),
    tags=_ris_tags,
    end="ER",
    listed=frozenset({"KW"}),
    sources=_RIS_SOURCES,
)

_PUBMED_TAG = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: (.*))?$")
PUBMED = Dialect(
    name="PubMed",
    shown_start="PMID- ",
    start=re.compile(r"\s{0,3}(?P<tag>PMID|pmid) ?-[ \t]*(?P<value>\d*).*$"),
    tags=lambda start: re.compile(_PUBMED_TAG.pattern, re.IGNORECASE if start["tag"].islower() else re.NOFLAG),
    sources={
        "title": ("TI", "BTI", "CTI", "TT"),
        "abstract": ("AB", "OAB"),
        "authors": ("FAU", "AU", "CN"),
        "year": ("DP", "DEP"),
        "journal": ("JT", "TA"),
        "DOI": ("LID", "AID"),
        "keywords": ("OT",),
        "subjects": ("MH",),
        "language": ("LA",),
        "type": ("PT",),
        "volume": ("VI",),
        "issue": ("IP",),
        "pages": ("PG",),
        "publisher": ("PB",),
        "ISSN": ("IS",),
        "accession number": ("PMID",),
    },
)

WEB_OF_SCIENCE_SOURCES = {
    "title": ("TI",),
    "abstract": ("AB",),
    "authors": ("AF", "AU", "BA", "CA"),
    "year": ("PY", "EA"),
    "journal": ("SO", "J9", "JI"),
    "DOI": ("DI", "D2"),
    "keywords": ("DE",),
    "subjects": ("ID",),
    "language": ("LA",),
    "type": ("DT",),
    "volume": ("VL",),
    "issue": ("IS",),
    "pages": ("BP", "AR"),
    "last page": ("EP",),
    "publisher": ("PU",),
    "ISSN": ("SN", "EI"),
    "accession number": ("UT",),
}
_WEB_OF_SCIENCE_TAGS = (
    "AB AE AF AR AS AU BA BD BE BF BN BP BS C1 C3 CA CD CL CR CT CY D2 DA DE DI DT EA EC EF EI EM EP ER EY "
    "FN FP FS FU FX GA GE GP HC HO HP ID IP IS J9 JI LA LT MA MC MI MP NR OA OI P2 PA PC PD PE PG PI PM PN "
    "PT PU PY RE RI RP S1 SC SE SI SN SO SP SU TC TI U1 U2 UR US UT VL VR WC WE X1 X4 X5 Y1 Y4 Y5 Z1 Z2 Z3 "
    "Z4 Z8 Z9 ZB ZR ZS"
)
WEB_OF_SCIENCE_TAGS = frozenset(_WEB_OF_SCIENCE_TAGS.split())
_WEB_OF_SCIENCE_TAG = re.compile(rf"({'|'.join(sorted(WEB_OF_SCIENCE_TAGS))})(?: (.*)|\s*)$")
WEB_OF_SCIENCE = Dialect(
    name="Web of Science",
    shown_start="PT J",
    start=re.compile(r"(?P<tag>PT)\s+(?P<value>[A-Z])\s*$"),
    tags=lambda start: _WEB_OF_SCIENCE_TAG,
    end="ER",
    outside=frozenset({"FN", "VR", "EF"}),
    listed=frozenset({"AF", "AU", "BA", "BE", "BF", "C1", "CA", "CR", "EM", "OI", "RI"}),
    sources=WEB_OF_SCIENCE_SOURCES,
)

ENDNOTE = Dialect(
    name="EndNote",
    shown_start="%0 Journal Article",
    start=re.compile(r"%(?P<tag>0)(?: (?P<value>.*))?$"),
    tags=lambda start: re.compile(r"%([A-Z0-9@!$&()*+<=>?~:;#\[\]^|])(?: (.*)|\s*)$"),
    listed=frozenset({"K"}),
    sources={
        "title": ("T",),
        "abstract": ("X",),
        "authors": ("A",),
        "year": ("D", "8"),
        "journal": ("J", "B"),
        "DOI": ("R", "U"),
        "keywords": ("K",),
        "language": ("G",),
        "type": ("0",),
        "volume": ("V",),
        "issue": ("N",),
        "pages": ("P",),
        "publisher": ("I",),
        "ISSN": ("@",),
        "URL": ("U",),
        "accession number": ("M",),
    },
)


def ris(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a RIS file."""
    return tagged_records(file, table, RIS)


def pubmed(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a file in PubMed's format."""
    return tagged_records(file, table, PUBMED)


def web_of_science(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of a plain text export of Web of Science."""
    return tagged_records(file, table, WEB_OF_SCIENCE)


def endnote(file: BinaryIO, table: Table) -> Iterator[Row]:
    """The rows of an EndNote export."""
    return tagged_records(file, table, ENDNOTE)


def begins_as_ris(head: str) -> bool:
    """Whether a RIS record begins after at most some lines by which an exporter introduces itself."""
    return _begins(head, RIS, within=12)


def begins_as_pubmed(head: str) -> bool:
    return _begins(head, PUBMED, within=1) and re.match(r"\s*PMID ?- *\d", head, re.IGNORECASE) is not None


def begins_as_web_of_science(head: str) -> bool:
    return _begins(head, WEB_OF_SCIENCE, within=6) or re.match(r"\s*FN .*\r?[\r\n]VR ", head) is not None


def begins_as_endnote(head: str) -> bool:
    return _begins(head, ENDNOTE, within=1)


def _begins(head: str, dialect: Dialect, *, within: int) -> bool:
    """Whether one of the first lines with text is a start tag, and none before it that of a table."""
    for line in [line for line in re.split(r"[\r\n]+", head) if line.strip()][:within]:
        if dialect.start.match(line):
            return True
        if "\t" in line or line.count(",") > 1:
            return False
    return False
