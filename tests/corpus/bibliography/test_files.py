"""Small files in the oddities that their exporters are known for: what each is, and what must come out of it.

All papers in them are invented. The table says of each file its format, how many records begin in it, how many are
read where rows that cannot be read are left out, and what is said about them.
"""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from sitegen.config import Classes, Records
from sitegen.corpus.collection import Collection
from sitegen.corpus.formats import FORMATS
from sitegen.corpus.records import read_records
from sitegen.errors import RecordError
from tests.corpus.bibliography.starts import starts

FILES = Path(__file__).parent / "files"
CLASSES = Classes(positive="relevant", negative="irrelevant")
NO_ABSTRACT = {"missing abstract": 1}
BROKEN = {"malformed row": 1}

# file -> (format, records that begin in it, records read, problems by kind)
EXPECTED: dict[str, tuple[str, int, int, dict[str, int]]] = {
    "plain.ris": ("RIS", 2, 2, {}),
    "bom.ris": ("RIS", 2, 2, {}),
    "crlf.ris": ("RIS", 2, 2, {}),
    "mac.ris": ("RIS", 2, 2, {}),
    "utf16.ris": ("RIS", 2, 2, {}),
    "utf16-big.ris": ("RIS", 2, 2, {}),
    "no-last-end.ris": ("RIS", 2, 2, {"unfinished record": 1}),
    "no-ends.ris": ("RIS", 2, 2, {"unfinished record": 2}),
    "one-space.ris": ("RIS", 2, 2, {}),
    "no-space.ris": ("RIS", 1, 1, {}),
    "small-tags.ris": ("RIS", 1, 1, {}),
    "mixed-spaces.ris": ("RIS", 2, 2, {}),
    "indented.ris": ("RIS", 2, 2, {}),
    "wrapped.ris": ("RIS", 1, 1, {}),
    "blank-lines.ris": ("RIS", 2, 2, {}),
    "repeated-abstract.ris": ("RIS", 1, 1, {}),
    "introduced.ris": ("RIS", 2, 2, {}),
    "lost-start.ris": ("RIS", 2, 2, BROKEN),
    "stray-text.ris": ("RIS", 2, 2, BROKEN),
    "no-abstract.ris": ("RIS", 1, 1, NO_ABSTRACT),
    "no-title.ris": ("RIS", 1, 1, {"missing title": 1}),
    "huge-line.ris": ("RIS", 1, 1, {}),
    "nul.ris": ("RIS", 1, 1, {"nul bytes": 1}),
    "markup.ris": ("RIS", 1, 1, {}),
    "joined-exports.ris": ("RIS", 3, 3, {"duplicate id": 1}),
    "asreview.ris": ("RIS", 4, 4, {}),
    "asreview-both.ris": ("RIS", 1, 1, {"label": 1}),
    "plain.nbib": ("PubMed", 2, 2, NO_ABSTRACT),
    "no-first-blank.nbib": ("PubMed", 2, 2, NO_ABSTRACT),
    "no-blank-between.nbib": ("PubMed", 2, 2, NO_ABSTRACT),
    "pubmed.txt": ("PubMed", 2, 2, NO_ABSTRACT),
    "cut.nbib": ("PubMed", 2, 2, NO_ABSTRACT),
    "plain-wos.txt": ("Web of Science", 2, 2, NO_ABSTRACT),
    "no-header.ciw": ("Web of Science", 2, 2, NO_ABSTRACT),
    "no-ends-wos.txt": ("Web of Science", 2, 2, {"unfinished record": 2} | NO_ABSTRACT),
    "joined-wos.txt": ("Web of Science", 2, 2, NO_ABSTRACT),
    "plain.enw": ("EndNote", 2, 2, NO_ABSTRACT),
    "table-wos.txt": ("Web of Science's table", 2, 2, NO_ABSTRACT),
    "table-utf16-wos.txt": ("Web of Science's table", 2, 2, NO_ABSTRACT),
    "scopus.csv": ("Scopus's CSV", 2, 2, NO_ABSTRACT),
    "scopus-labelled.csv": ("Scopus's CSV", 2, 2, NO_ABSTRACT),
    "zotero.csv": ("Zotero's CSV", 1, 1, {}),
    "asreview.csv": ("CSV", 3, 3, {}),
    "asreview-two.csv": ("CSV", 2, 2, {}),
    "asreview-odd.csv": ("CSV", 2, 2, {}),
    "plain.bib": ("BibTeX", 2, 2, NO_ABSTRACT),
    "crlf.bib": ("BibTeX", 2, 2, NO_ABSTRACT),
    "scopus.bib": ("BibTeX", 1, 1, {}),
    "duplicate-keys.bib": ("BibTeX", 4, 4, {"duplicate key": 2, "duplicate id": 1}),
    "unbalanced.bib": ("BibTeX", 2, 1, BROKEN),
    "no-comma.bib": ("BibTeX", 3, 1, {"malformed row": 2}),
    "cut.bib": ("BibTeX", 2, 1, BROKEN),
    "pubmed.xml": ("PubMed XML", 2, 2, NO_ABSTRACT),
    "cut-pubmed.xml": ("PubMed XML", 2, 1, BROKEN),
    "endnote.xml": ("EndNote XML", 2, 2, NO_ABSTRACT),
    "csl.json": ("CSL JSON", 2, 2, NO_ABSTRACT),
    "csl-one-line.json": ("CSL JSON", 2, 2, NO_ABSTRACT),
    "csl-cut.json": ("CSL JSON", 2, 1, BROKEN),
    "csl-open.json": ("CSL JSON", 2, 2, {"unfinished record": 1} | NO_ABSTRACT),
    "openalex-list.json": ("OpenAlex", 2, 2, {"missing title": 1} | NO_ABSTRACT),
    "openalex-results.json": ("OpenAlex", 2, 2, {"missing title": 1} | NO_ABSTRACT),
    "openalex-lines.jsonl": ("OpenAlex", 2, 2, {"missing title": 1} | NO_ABSTRACT),
    "openalex-pages.json": ("OpenAlex", 2, 2, {"missing title": 1} | NO_ABSTRACT),
    "objects.json": ("JSON", 2, 2, BROKEN),
}
REFUSED = {
    "empty.ris": 'there are no records. A record of RIS begins with "TY  - ".',
    "only-header.ris": 'there are no records. A record of RIS begins with "TY  - ".',
    "only-header-wos.txt": 'there are no records. A record of Web of Science begins with "PT J".',
    "empty.bib": 'there are no records. A record of BibTeX begins with "@article{".',
    "latin1.ris": 'latin1.ris:1: is not utf-8 at byte 42 of the file. Save the file as UTF-8, or name its encoding: '
    'records.encoding = "cp1252", or pass --skip-invalid.',
    "no-type.enw": 'no-type.enw:1: "%A Okonjo, Ada" stands outside of any record. Begin each record with "%0 Journal',
    "not-pubmed.nbib": 'not-pubmed.nbib:1: "TI  - No record begins here." stands outside of any record.',
    "entities.xml": 'entities.xml:2: declares an entity of its own ("a")',
    "external.xml": 'external.xml:2: declares an entity of its own ("x")',
}  # fmt: skip
AS_PLAIN = (
    *("bom.ris", "crlf.ris", "mac.ris", "utf16.ris", "utf16-big.ris", "no-last-end.ris", "no-ends.ris"),
    *("one-space.ris", "indented.ris", "introduced.ris", "lost-start.ris", "stray-text.ris"),
)  # what must come out as it does of plain.ris


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILES)


def read(name: str, *, skip: bool = True, **options: object) -> Collection:
    if name.endswith(".bib") and importlib.util.find_spec("bibtexparser") is None:
        pytest.skip("bibtexparser is not installed (the extra bibtex)")
    return read_records(Records(path=FILES / name, **options), classes=CLASSES, skip_invalid=skip)  # type: ignore[arg-type]


def test_every_file_is_in_the_table() -> None:
    assert {path.name for path in FILES.iterdir()} == EXPECTED.keys() | REFUSED.keys()
    assert len(EXPECTED) >= 40


@pytest.mark.parametrize("name", EXPECTED)
def test_a_file_is_read_whole_and_what_is_odd_is_said(name: str) -> None:
    kind, begun, records, problems = EXPECTED[name]
    found = read(name)
    assert found.files[0].format == kind
    assert (found.files[0].shown, len(found.records)) == (name, records)
    assert {kind: n for (kind, _), n in found.counts().items()} == problems
    assert all(record.source == name for record in found.records)
    assert len({record.id for record in found.records}) == records
    counted = starts(kind, (FILES / name).read_bytes())
    assert counted in (None, begun)
    assert found.rows - problems.get("malformed row", 0) <= begun <= found.rows


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_without_records_says_so_by_line(name: str) -> None:
    with pytest.raises(RecordError, match=re.escape(REFUSED[name])):
        read(name, skip=False)


def test_one_file_written_in_many_ways_is_one() -> None:
    plain = [(r.id, r.title, r.abstract, dict(r.metadata)) for r in read("plain.ris").records]
    assert plain[0] == (
        "10.5555/kettle.1",
        "Kettles and kin",
        "We counted tea kettles in forty villages. Kettles travel with daughters.",
        {
            "authors": "Okonjo, Ada; Lind, Per",
            "year": "2014",
            "journal": "Journal of Village Objects",
            "DOI": "10.5555/kettle.1",
            "keywords": "kinship; objects",
            "language": "English",
            "type": "journal article",
            "volume": "7",
            "issue": "2",
            "pages": "101-119",
        },
    )
    assert plain[1][0] == "10.5555/fog.2"
    for name in AS_PLAIN:
        assert [(r.id, r.title, r.abstract, dict(r.metadata)) for r in read(name).records] == plain, name


def test_a_declared_encoding_is_taken() -> None:
    (record,) = read("latin1.ris", skip=False, encoding="cp1252").records
    assert record.metadata["authors"] == "Okonjo, Ada; Lindström, Pär"


@pytest.mark.parametrize(
    ("name", "number", "title", "abstract"),
    [
        (
            "wrapped.ris",
            0,
            "Magnetic images of kettles",
            "We used T2-weighted images of double-blind kettles, pre- and post-war.\nIN - VIVO WORK came later.",
        ),
        ("mixed-spaces.ris", 0, "Kettles and kin", "We counted tea kettles."),
        ("mixed-spaces.ris", 1, "Fog in letters", "It found fog."),
        ("repeated-abstract.ris", 0, "Kettles and kin", "First part.\nSecond part."),
        (
            "markup.ris",
            0,
            "Kettles & kin: CO2 over 5 m^2",
            "Aims: We counted kettles (p < .05 and n > 3).\nResults: Many kettles at R&D.",
        ),
        ("nul.ris", 0, "Kettles and kin", "We counted."),
        (
            "plain.nbib",
            0,
            "Sleep of lighthouse keepers: a randomised, double-blind trial of lamps.",
            "BACKGROUND: Keepers sleep badly. METHODS: We gave them lamps. "
            "RESULTS: RNA - based measures did not change.",
        ),
        (
            "plain-wos.txt",
            0,
            "Kettles and kin in forty villages",
            "We counted tea kettles in forty villages. IN those, kettles travel PT J with daughters.",
        ),
        ("plain.enw", 0, "Kettles and kin", "We counted tea kettles.\n5% of them were blue."),
        ("table-wos.txt", 0, '"Big" kettles and kin', 'We counted "tea" kettles.'),
        (
            "plain.bib",
            0,
            "Kettles and Kin: Öresund, 50% of α and $5 to $7",
            "We counted “tea” kettles & cups in forty villages @ 20 C. Kettles travel — with daughters, they say: "
            "30% of them.",
        ),
        ("plain.bib", 1, 'Fog in "letters"', ""),
        ("scopus.bib", 0, "Kettles and kin", "50% of kettles & cups. 13C was found in _all_ #1 kettles."),
        (
            "pubmed.xml",
            0,
            "Sleep of keepers & CO2",
            "BACKGROUND: Keepers sleep badly, p < .05.\nMETHODS: We gave them lamps é.",
        ),
        ("endnote.xml", 0, "Kettles and kin of 5 m^2", "We counted tea kettles."),
        ("csl.json", 0, "Kettles and kin", "We counted & counted."),
        ("openalex-lines.jsonl", 0, "Kettles and kin", "We counted and counted kettles."),
    ],
)
def test_texts_come_out_as_a_person_would_read_them(name: str, number: int, title: str, abstract: str) -> None:
    record = read(name).records[number]
    assert (record.title, record.abstract) == (title, abstract)


@pytest.mark.parametrize(
    ("name", "identity", "metadata"),
    [
        ("plain.nbib", "10.5555/lamp.3", {"year": "2016", "subjects": "Sleep; Light", "keywords": "keepers; lamps"}),
        ("plain-wos.txt", "10.5555/kettle.1", {"authors": "Okonjo, Ada; Lind, Per", "keywords": "kinship; objects"}),
        ("plain.enw", "10.5555/kettle.1", {"authors": "Okonjo, Ada; Lind, Per", "keywords": "kinship; objects"}),
        ("table-wos.txt", "10.5555/kettle.1", {"authors": "Okonjo, Ada; Lind, Per", "my label": "yes"}),
        ("scopus.csv", "10.5555/kettle.1", {"authors": "Okonjo A.; Lind P.", "accession number": "2-s2.0-1"}),
        ("zotero.csv", "10.5555/kettle.1", {"authors": "Okonjo, Ada; Lind, Per", "type": "journal article"}),
        ("plain.bib", "10.5555/kettle.1", {"authors": "Okonjo, Adé; Lindström, Pår; The Kettle Group"}),
        ("plain.bib", "10.5555/kettle.1", {"journal": "Journal of Village Objects and Kin", "year": "2014"}),
        ("pubmed.xml", "10.5555/lamp.3", {"authors": "Fjeld, Tora; The Lamp Group", "subjects": "Sleep"}),
        ("endnote.xml", "10.5555/kettle.1", {"authors": "Okonjo, Ada; Lind, Per", "type": "journal article"}),
        ("csl.json", "10.5555/kettle.1", {"authors": "Okonjo, Ada; The Kettle Group", "keywords": "kinship; objects"}),
        ("openalex-list.json", "10.5555/kettle.1", {"authors": "Ada Okonjo; Per Lind", "pages": "101-119"}),
    ],
)
def test_what_is_known_of_a_work_has_one_name(name: str, identity: str, metadata: dict[str, str]) -> None:
    record = read(name).records[0]
    assert record.id == identity
    assert metadata.items() <= record.metadata.items()


def test_without_a_doi_the_number_of_the_database_is_the_id_and_without_both_the_text() -> None:
    assert [read(name).records[1].id for name in ("plain.nbib", "plain-wos.txt", "scopus.csv", "plain.bib")] == [
        *("90000002", "WOS:000000000000002", "2-s2.0-2", "marsh2019"),
    ]
    assert read("endnote.xml").records[1].id.startswith("fog-")


def test_problems_name_their_lines() -> None:
    said = {
        name: [str(problem) for problem in read(name).problems] for name in ("lost-start.ris", "duplicate-keys.bib")
    }
    assert said["lost-start.ris"] == [
        'lost-start.ris:19: "TI  - A record without its start" stands outside of any record. Begin each record with '
        '"TY  - ".'
    ]
    assert said["duplicate-keys.bib"][:2] == [
        'duplicate-keys.bib:2: has the key "a1", which is that of line 1, too. Give each entry a key of its own.',
        'duplicate-keys.bib:4: "keywords" stands twice in the entry; both are read. Leave one of the two.',
    ]
    assert read("no-comma.bib").problems[0].line == 1
    assert read("csl-cut.json").problems[0].line == 30


def test_year_and_keywords_are_facets_and_so_is_a_tag_that_is_named() -> None:
    found = read("plain.ris", facets=("year", "keywords", "N1"))
    assert found.records[0].facets == {"year": "2014", "keywords": "kinship; objects", "N1": "Export Date: 1 May 2020"}
    with pytest.raises(RecordError, match=r'no column "yaer" \(records.facets\)\. Did you mean "year"'):
        read("plain.ris", facets=("yaer",))


def test_a_table_whose_own_columns_are_named_is_read_by_them() -> None:
    found = read("scopus.csv", title="Title", abstract="Abstract", id="EID", facets=("Year",))
    assert [record.id for record in found.records] == ["2-s2.0-1", "2-s2.0-2"]
    assert found.records[0].facets == {"Year": "2014"}
    assert found.records[0].metadata["Cited by"] == "4"
    known = read("scopus.csv", facets=("Cited by",)).records[0]
    assert known.facets == {"Cited by": "4"}
    assert "References" not in known.metadata


def test_what_is_not_used_is_counted() -> None:
    origins = read("plain-wos.txt").files[0].origins
    assert {("TI", "title"): 2, ("AF", "authors"): 1, ("AU", "authors"): 1, ("CR", ""): 1}.items() <= origins.items()
    assert ("N1", "") in read("plain.ris").files[0].origins
    assert ("N1", "notes") in read("asreview.ris").files[0].origins


def test_formats_are_told_by_content_before_suffix(tmp_path: Path) -> None:
    for name, (kind, *_) in EXPECTED.items():
        if kind in ("CSV", "JSON") or (kind == "BibTeX" and importlib.util.find_spec("bibtexparser") is None):
            continue
        copy = tmp_path / f"{name}.strange"
        copy.write_bytes((FILES / name).read_bytes())
        found = read_records(Records(path=copy), classes=CLASSES, skip_invalid=True)
        assert found.files[0].format == kind, name


def test_every_format_has_a_file_here() -> None:
    made_by_tests = {"TSV", "JSON Lines", "Excel", "Parquet"}
    assert {kind for kind, *_ in EXPECTED.values()} == {one.name for one in FORMATS} - made_by_tests
