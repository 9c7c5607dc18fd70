"""Reading records: every policy, every message, and what real exports hold."""

from __future__ import annotations

import csv
import json
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.config import Records
from sitegen.corpus.records import read_records, text_hash
from tests.corpus.written_records import (
    CLASSES,
    _here,  # noqa: F401 - a fixture that every test here uses by itself
    message,
    read,
)
from tests.effort import examples


def test_roles_facets_and_metadata_are_told_apart() -> None:
    found = read(
        "id, title ,abstract,field,is comp,,doi\n7,A,Text one.,law,1,x,10.1/2\n",
        id="id",
        label="is comp",
        facets=("field",),
    )
    (record,) = found.records
    assert (record.id, record.title, record.abstract, record.label) == ("7", "A", "Text one.", 1)
    assert record.facets == {"field": "law"}
    assert list(record.metadata.items()) == [("column 6", "x"), ("doi", "10.1/2")]
    assert (record.source, record.line) == ("records.csv", 2)
    assert found.problems == ()
    assert found.has_labels


def test_quotes_line_breaks_blank_lines_and_marks_are_normal() -> None:
    content = '\ufeff\r\ntitle,abstract\r\n\r\n"One, ""two""","First\r\nline."\r\n\r\nB,"Ünï\u2028code"\r\n'
    found = read(content)
    assert [(r.title, r.abstract, r.line) for r in found.records] == [
        ('One, "two"', "First\r\nline.", 4),
        ("B", "Ünï\u2028code", 7),
    ]
    assert found.problems == ()
    assert not found.has_labels


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "title,abstract\nA,x; y\n"),
        ("a.csv", "title;abstract\nA;x; y\n".replace("x; y", '"x; y"')),
        ("a.CSV", "title,abstract\rA,x; y\r"),
        ("a.tsv", "title\tabstract\nA\tx; y"),
        ("a.txt", "title\tabstract\nA\tx; y\n"),
        ("a.jsonl", '{"title": "A", "abstract": ["x", "y"]}\n'),
        ("a.ndjson", '\ufeff\n{"title": "A", "abstract": "x; y"}\r\n'),
    ],
)
def test_formats_agree(name: str, content: str) -> None:
    (record,) = read(content, name=name).records
    assert (record.title, record.abstract) == ("A", "x; y")


def test_json_values_become_text() -> None:
    values = {"title": "A", "abstract": "b", "n": 1.50, "yes": True, "none": None, "deep": {"k": [1]}, " a ": "é"}
    (record,) = read(json.dumps(values).replace("1.5", "1.50"), name="a.jsonl").records
    assert record.metadata == {"n": "1.50", "yes": "true", "none": "", "deep": '{"k": ["1"]}', "a": "é"}


def test_json_objects_may_differ_in_their_keys() -> None:
    found = read('{"title": "A", "year": 1}\n{"title": "B", "abstract": "Of b"}\n', name="a.jsonl")
    assert [r.abstract for r in found.records] == ["", "Of b"]
    assert message('{"titel": "A"}\n', name="a.jsonl").splitlines()[0].endswith('Did you mean "titel"?')


def test_cells_of_any_size_are_read_and_the_limit_is_put_back() -> None:
    usual = csv.field_size_limit(1000)
    (record,) = read(f"title,abstract\nA,{'word ' * 100_000}\n").records
    assert len(record.abstract) == 499_999
    assert csv.field_size_limit(usual) == 1000


ROWS = st.lists(
    st.tuples(*[st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))] * 3), min_size=1
)


@given(rows=ROWS)
@settings(max_examples=examples(100), deadline=None)
def test_every_cell_comes_back_as_written(rows: list[tuple[str, str, str]], tmp_path_factory: Any) -> None:
    path = tmp_path_factory.mktemp("any") / "records.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerows([("title", "abstract", "note"), *rows])
    found = read_records(Records(path=path, missing=()), classes=CLASSES)
    assert [r.metadata["note"] for r in found.records] == [row[2].strip() for row in rows]
    assert [r.title for r in found.records] == [row[0].strip() for row in rows]
    assert len({r.id for r in found.records}) == found.rows == len(rows)


def test_missing_values_are_compared_without_capitals_and_behind_the_title() -> None:
    content = (
        "title,abstract\nA,n/a\nB,B. [no abstract AVAILABLE]\nC,C\nD,\n na ,Text.\nE,E. Text.\nF,Not available: n/a\n"
    )
    found = read(content)
    assert [(r.title, r.abstract) for r in found.records] == [
        *(("A", ""), ("B", ""), ("C", ""), ("D", ""), ("", "Text."), ("E", "E. Text.")),
        ("F", "Not available: n/a"),
    ]
    assert found.counts() == {
        ("missing title", "kept"): 1,
        ("missing abstract", "kept"): 4,
        ("abstract repeats title", "kept"): 3,
    }
    assert str(found.problems[2]) == 'records.csv:4: "abstract" only repeats the title. Fill it.'
    assert str(found.problems[1]) == 'records.csv:3: "abstract" is "[no abstract AVAILABLE]". Fill it.'


@pytest.mark.parametrize("kind", ["missing_title", "missing_abstract"])
def test_missing_texts_follow_their_policy(kind: str) -> None:
    content = "title,abstract\n,Text.\nA,\nB,Text b.\n"
    column, line = ("title", 2) if kind == "missing_title" else ("abstract", 3)
    skipped = read(content, policy={kind: "skip"})
    assert [r.line for r in skipped.records] == sorted({2, 3, 4} - {line})
    assert skipped.counts()[kind.replace("_", " "), "skipped"] == 1
    text = message(content, policy={kind: "error"})
    assert text == f'records.csv:{line}: "{column}" is empty. Fill it, or pass --skip-invalid.'
    assert len(read(content, policy={kind: "error"}, skip=True).records) == 2


TWICE = "id,title,abstract\nX,A,Of a.\nX,B,Of b.\nX-2,C,Of c.\nX,D,Of d.\n"


def test_duplicate_ids_are_renamed_past_every_id_in_the_file() -> None:
    found = read(TWICE, id="id")
    assert [r.id for r in found.records] == ["X", "X-3", "X-2", "X-4"]
    assert found.counts() == {("duplicate id", "renamed"): 2}
    assert str(found.problems[0]) == (
        'records.csv:3: "id" "X" is that of line 2, too; this one is called "X-3". Give each record an id of its own.'
    )


def test_one_id_for_all_records_takes_no_longer_than_ids_of_their_own() -> None:
    """A column of the wrong kind, as one notices when it is read: its square would take minutes."""
    rows = "".join(f"X,Title {k},Of {k}.\n" for k in range(10_000))
    start = time.process_time()
    found = read(f"id,title,abstract\n{rows}", id="id")
    assert time.process_time() - start < 4.0  # the square took 7
    assert [found.records[k].id for k in (0, 1, -1)] == ["X", "X-2", "X-10000"]


def test_duplicate_ids_can_be_skipped_or_refused() -> None:
    assert [r.title for r in read(TWICE, id="id", policy={"duplicate_id": "skip"}).records] == ["A", "C"]
    lines = message(TWICE, id="id", policy={"duplicate_id": "error"}).splitlines()
    assert lines[0] == 'records.csv:3: "id" "X" is that of line 2, too. ' + (
        "Give each record an id of its own, or pass --skip-invalid."
    )
    assert len(lines) == 2


def test_a_skipped_row_is_not_the_first_of_two() -> None:
    content = "id,title,abstract\nX,A,Of a.\nY,a,OF A!\nY,B,Of b.\nX,,\nZ,A,\nZ,C,Of c.\n"
    found = read(content, id="id", policy={"duplicate_text": "skip", "missing_abstract": "skip"})
    assert [(r.id, r.title) for r in found.records] == [("X", "A"), ("Y", "B"), ("Z", "C")]
    assert found.counts() == {("missing title", "kept"): 1, ("missing abstract", "skipped"): 2} | {
        ("duplicate text", "skipped"): 1
    }


def test_texts_that_come_twice_follow_their_policy() -> None:
    content = "title,abstract\nA study,It works.\nB,\nA STUDY,A study. It – works\n,\n,\n"
    found = read(content)
    assert found.counts()["duplicate text", "kept"] == 1
    assert "and the abstract are those of line 2." in str(next(p for p in found.problems if p.kind == "duplicate text"))
    assert len(read(content, policy={"duplicate_text": "skip"}).records) == 4
    assert message(content, policy={"duplicate_text": "error"}).startswith('records.csv:4: "title" and the abstract')


def test_ids_are_made_from_the_content_wherever_the_row_stands() -> None:
    rows = ["Über the “long” way home: a tale of 2 cities,Text.", "東京,Text.", ",Text."]
    first = read("title,abstract\n" + "\n".join(rows) + "\n")
    second = read("abstract,title\n" + "\n".join(",".join(row.split(",")[::-1]) for row in rows[::-1]) + "\n")
    ids = [record.id for record in first.records]
    assert ids == [record.id for record in second.records][::-1]
    digest = text_hash(first.records[0].title, "Text.")[:8]
    assert ids[0] == f"uber-the-long-way-home-a-{digest}"
    assert ids[1].startswith("record-")
    assert ("missing id", "replaced") not in first.counts()


def test_an_empty_id_is_noted_and_replaced() -> None:
    found = read("id,title,abstract\n,A,Of a.\n,A,Of a.\n", id="id")
    first, second = (record.id for record in found.records)
    assert second == f"{first}-2"
    assert found.counts()["missing id", "replaced"] == 2


@pytest.mark.parametrize(
    ("options", "values", "labels"),
    [
        ({}, "1 0 TRUE no 1.0 0.0 Computational traditional", [1, 0, 1, 0, 1, 0, 1, 0]),
        ({"positive_labels": ("0",)}, "0 no", [1, 0]),
        ({"positive_labels": ("a", "B"), "negative_labels": ("c",)}, "A b C na", [1, 1, 0, None]),
    ],
)
def test_labels_are_read(options: dict[str, Any], values: str, labels: list[int | None]) -> None:
    rows = "".join(f"T{n},Of a.,{value}\n" for n, value in enumerate(values.split()))
    found = read(f"title,abstract,y\n{rows}Last,Of a., \n", label="y", **options)
    assert [record.label for record in found.records] == [*labels, None]


def test_unknown_labels_are_one_problem_with_all_values() -> None:
    content = "title,abstract,y\nA,Of a.,1\nB,Of b.,maybe\nC,Of c.,maybe\nD,Of d.,0\n"
    assert message(content, label="y") == (
        'records.csv:3: "y" has values that mean neither class: "maybe". All its values: "maybe" (2), "1" (1), '
        '"0" (1). Set records.positive_labels and records.negative_labels so that each value means a class, '
        "or pass --skip-invalid."
    )
    skipped = read(content, label="y", skip=True)
    assert [r.title for r in skipped.records] == ["A", "D"]
    assert skipped.counts() == {("label", "skipped"): 2}


def test_labels_named_in_the_settings_replace_the_usual_ones() -> None:
    text = message("title,abstract,y\nA,Of a.,ja\nB,Of b.,1\n", label="y", positive_labels=("ja",))
    assert 'mean neither class: "1"' in text


def test_more_than_two_classes_are_refused() -> None:
    rows = "".join(f"{x},Of a.,{x}\n" for x in "abcd")
    assert "sitegen explains two classes" in message(f"title,abstract,y\n{rows}", label="y")
    left = message(f"title,abstract,y\n{rows}", label="y", skip=True)
    assert "none of its 4 rows is left (skipped: label 4)" in left
    assert "sitegen explains two classes" in left


def test_nothing_left_says_what_was_skipped() -> None:
    text = message("title,abstract\n,\n,\nA\n", skip=True, policy={"missing_abstract": "skip"})
    assert text == (
        "records.csv: none of its 3 rows is left (skipped: missing abstract 2, field count 1). Correct the file."
    )


def test_a_value_cannot_mean_both_classes() -> None:
    text = message("title,abstract\nA,a\n", positive_labels=("x",), negative_labels=(" X ",))
    assert text.startswith('records.positive_labels and records.negative_labels both have "x"')


def test_rows_with_other_cell_counts_are_errors_or_skipped() -> None:
    content = "title,abstract\nA,Of a.\nB,Of b, with comma.\nC\nD,Of d.\n"
    lines = message(content).splitlines()
    assert lines[0] == (
        "records.csv:3: the row has 3 cells, the header 2. Quote cells that hold the delimiter, or pass --skip-invalid."
    )
    assert lines[1].startswith("records.csv:4: the row has 1 cells")
    for found in (read(content, skip=True), read(content, policy={"field_count": "skip"})):
        assert [r.title for r in found.records] == ["A", "D"]
        assert (found.rows, found.counts()) == (4, {("field count", "skipped"): 2})


def test_stray_quotes_do_not_swallow_rows_silently() -> None:
    content = 'title,abstract\nA,Of a.\nB,"of b.\nC,Of c.\n'
    assert message(content) == (
        "records.csv:3: opens a quote that is never closed. "
        'Write a quote inside a quoted cell as "", or pass --skip-invalid.'
    )
    found = read('title,abstract\nA,"a"a\nB,Of b.\n', skip=True)
    assert [r.title for r in found.records] == ["B"]
    assert found.counts() == {("malformed row", "skipped"): 1}


def test_bytes_that_do_not_decode_have_a_place_and_a_policy() -> None:
    content = b'\xef\xbb\xbftitle,abstract\nA,Of a.\nCaf\xe9,"of\nb\xff."\nC,Of c.\n'
    lines = message(content).splitlines()
    assert lines[0] == (
        "records.csv:3: is not utf-8 at byte 29 of the file. Save the file as UTF-8, or name its encoding: "
        'records.encoding = "cp1252", or pass --skip-invalid.'
    )
    assert content[29:30] == b"\xe9"
    assert len(lines) == 2
    header = message(b"\xef\xbb\xbftitle,abstract,\xe9\nA,Of a.,1\n")
    assert header.startswith("records.csv:1: is not utf-8 at byte 18 of the file")
    replaced = read(content, policy={"not_utf8": "replace"})
    assert replaced.records[1].title == "Caf�"
    assert replaced.counts() == {("not utf-8", "replaced"): 2}
    assert [r.title for r in read(content, policy={"not_utf8": "skip"}).records] == ["A", "C"]
    assert read(content.replace(b"\xef\xbb\xbf", b""), encoding="cp1252").records[1].title == "Café"


def test_half_characters_in_json_are_not_passed_on() -> None:
    found = read('{"title": "\\ud83d\\ude00 \\ud800", "abstract": "b"}', name="a.jsonl", policy={"not_utf8": "replace"})
    assert found.records[0].title == "😀 �"
    assert found.counts() == {("not utf-8", "replaced"): 1}


def test_nul_bytes_are_taken_out_and_noted() -> None:
    found = read("title,abstract\nA\0B,Of a.\n")
    assert found.records[0].title == "AB"
    assert found.counts() == {("nul bytes", "replaced"): 1}


def test_a_header_that_comes_twice_is_renamed_and_noted() -> None:
    found = read("title,abstract,x,x,x\nA,Of a.,1,2,3\n")
    assert found.records[0].metadata == {"x": "1", "x (2)": "2", "x (3)": "3"}
    assert found.counts() == {("duplicate column", "renamed"): 2}


@pytest.mark.parametrize(
    ("line", "part"),
    [("[1]", "is not a JSON object"), ('"x"', "is not a JSON object"), ("{", "is not valid JSON: Expecting")],
)
def test_json_lines_that_are_no_objects_name_their_line(line: str, part: str) -> None:
    content = f'{{"title": "A", "abstract": "a"}}\n\n{line}\n'
    assert message(content, name="a.jsonl").startswith(f"a.jsonl:3: {part}")
    assert len(read(content, name="a.jsonl", skip=True).records) == 1
