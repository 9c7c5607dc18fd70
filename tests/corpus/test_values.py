"""Cells that hold several values are cut where somebody has said so, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.corpus.collection import Record
from sitegen.corpus.values import values_of
from sitegen.errors import ConfigError
from tests.corpus.written_records import _here, read  # noqa: F401
from tests.sites import make_site

RIS = (
    "TY  - JOUR\nTI  - Crowds\nAB  - We simulate.\nKW  - agents\nKW  - Networks; crowds \nKW  - agents\n"
    "C1  - one; two\nPY  - 2019\nER  - \n"
)
SCOPUS = (
    "Title,Abstract,Source title,EID,Author Keywords,Index Keywords\n"
    'A,Of a.,"Law; and Order",1,"queues;  long   lines ; queues;","humans; games"\n'
)
JSON = '{"title": "A", "abstract": "Of a.", "tags": ["x", "y; z"], "kind": "a; b"}\n'


def only(content: str, *facets: str, **options: Any) -> Record:
    (record,) = read(content, facets=facets, **options).records
    return record


def test_keywords_of_bibliographies_are_single_values() -> None:
    record = only(RIS, "keywords", "year", "C1", name="a.ris")
    assert record.facets["keywords"] == "agents; Networks; crowds"
    assert record.values_of("keywords") == ("agents", "Networks", "crowds")
    assert record.values_of("year") == ("2019",)
    assert record.values_of("C1") == ("one; two",)  # one value, as the file has it
    record = only(SCOPUS, "keywords", "subjects", "journal")
    assert record.values_of("keywords") == ("queues", "long lines")
    assert record.values_of("subjects") == ("humans", "games")
    assert record.values_of("journal") == ("Law; and Order",)


def test_a_tag_that_a_work_has_twice_holds_several_values() -> None:
    twice = RIS.replace("C1  - one; two", "C1  - one\nC1  - two")
    assert only(twice, "C1", name="a.ris").values_of("C1") == ("one", "two")


def test_lists_of_json_are_several_values() -> None:
    record = only(JSON, "tags", "kind", name="a.jsonl")
    assert record.values_of("tags") == ("x", "y", "z")
    assert record.values_of("kind") == ("a; b",)


CELLS = "title,abstract,tags\nA,Of a.,x | y;z |\nB,Of b.,\n"


@pytest.mark.parametrize(
    ("separators", "values"),
    [
        ({}, ("x | y;z |",)),
        ({"tags": "|"}, ("x", "y;z")),
        ({"tags": ";"}, ("x | y", "z |")),
        ({"tags": " "}, ("x", "|", "y;z")),
        ({"tags": ""}, ("x | y;z |",)),
    ],
)
def test_other_columns_are_cut_where_the_settings_say_so(separators: dict[str, str], values: tuple[str, ...]) -> None:
    first, second = read(CELLS, facets=("tags",), separators=separators).records
    assert (first.values_of("tags"), second.values_of("tags")) == (values, ())
    assert first.facets == {"tags": "x | y;z |"}


def test_a_known_column_can_be_taken_as_one_text() -> None:
    assert only(RIS, "keywords", name="a.ris", separators={"keywords": ""}).values_of("keywords") == (
        "agents; Networks; crowds",
    )


def test_values_of_a_cell() -> None:
    assert values_of(" a;b ;; a ;c  d", ";") == ("a", "b", "c d")
    assert values_of(" ; ", ";") == ()


def test_separators_are_of_facets(tmp_path: Any) -> None:
    from sitegen.config import load_site

    site = make_site(tmp_path)
    text = site.file.read_text().replace('label = "label"', 'label = "label"\nseparators = {year = ";"}')
    site.file.write_text(text)
    with pytest.raises(ConfigError, match=r'records\.separators: "year" is none of records\.facets\. Add it there'):
        load_site(site.file)
    site.file.write_text(text.replace('year = ";"', 'subject = " "'))
    assert load_site(site.file).records.separators == {"subject": " "}
