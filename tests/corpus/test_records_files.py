"""Record files as a whole: those that cannot be read, what their messages say, and real exports."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Records
from sitegen.corpus.collection import KINDS
from sitegen.corpus.records import read_records, shown_path
from sitegen.errors import RecordError
from tests.corpus.written_records import (
    CLASSES,
    _here,  # noqa: F401 - a fixture that every test here uses by itself
    message,
    read,
)

ELSEWHERE = {"duplicate key", "unread sheet"}  # kinds of BibTeX and Excel, which have tests of their own
DATA = Path(__file__).parents[3] / "shared" / "data"


def test_columns_that_the_file_lacks_are_named_with_the_nearest() -> None:
    lines = message("Title,abstract,klass\nA,Of a.,1\n", label="class", facets=("subject",)).splitlines()
    assert lines == [
        'records.csv:1: there is no column "title" (records.title). Did you mean "Title"?',
        'records.csv:1: there is no column "class" (records.label). Did you mean "klass"?',
        'records.csv:1: there is no column "subject" (records.facets).',
        'The columns of the file are: "Title", "abstract", "klass". Correct site.toml.',
    ]


@pytest.mark.parametrize(
    ("content", "options", "part"),
    [
        ("", {}, "records.csv: the file is empty"),
        ("\ufeff\n", {}, "records.csv: the file is empty"),
        ("\x01\x02PNG,\x1b[31m\n", {}, "records.csv:1: is no table of text: its header has characters"),
        (
            "title\tabstract\nA\tB\n",
            {},
            "records.csv:1: the header is a single cell; its columns seem to be set apart",
        ),
        (
            "title|abstract\nA|B\n",
            {},
            "records.csv:1: the header is a single cell; its columns seem to be set",
        ),
        ("title,abstract\n", {}, "records.csv: there are no records"),
        ("", {"name": "a.jsonl"}, "a.jsonl: there are no records"),
        ("x", {"name": "a.docx"}, 'a.docx: the suffix ".docx" is not known. Use one of: .csv, .tsv'),
        ("x", {"encoding": "utf8000"}, '"utf8000" is no encoding'),
        ("x", {"encoding": "utf-16"}, "utf-16 is not read line by line"),
        ('"title', {}, "records.csv:1: the header cannot be read: opens a quote"),
    ],
)
def test_files_that_cannot_be_read_say_why(content: str, options: dict[str, Any], part: str) -> None:
    assert part in message(content, **options)


def test_files_that_are_not_there_or_are_folders_say_so(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name, part in [("none.csv", "No such file"), ("folder.csv", "Is a directory")]:
        with pytest.raises(RecordError, match=f"^{name}: {part}"):
            read_records(Records(path=tmp_path / name), classes=CLASSES)


def test_twenty_problems_are_shown_and_the_rest_counted() -> None:
    lines = message("title,abstract\n" + "A\n" * 50).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "and 30 more problems. Pass --skip-invalid to leave all such rows out."


def test_paths_are_shown_relative_inside_the_current_folder(tmp_path: Path) -> None:
    assert shown_path(tmp_path / "a" / "b.csv") == str(Path("a") / "b.csv")
    assert shown_path(tmp_path.parent / "b.csv") == str(tmp_path.parent / "b.csv")


def real(name: str) -> Path:
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the shared file {name} is not beside this checkout")
    return path


def test_a_real_export_is_read_whole() -> None:
    config = Records(path=real("papers.csv"), id="eid", label="class")
    found = read_records(config, classes=CLASSES)
    assert (found.rows, len(found.records)) == (2997, 2997)
    assert Counter(record.label for record in found.records) == {0: 1997, 1: 1000}
    assert found.counts() == {
        ("missing abstract", "kept"): 276,
        ("duplicate id", "renamed"): 16,
        ("duplicate text", "kept"): 25,
        ("abstract repeats title", "kept"): 2997,
    }
    assert len({record.id for record in found.records}) == 2997


def test_a_real_table_with_an_empty_header_is_read_whole() -> None:
    config = Records(
        path=real("original-records.csv"),
        id="wos_id",
        label="is_comp",
        facets=("subject",),
        positive_labels=("explicitly computational",),
        negative_labels=("not explicitly computational",),
    )
    found = read_records(config, classes=CLASSES)
    assert Counter(record.label for record in found.records) == {0: 37, 1: 3}
    assert len({record.facets["subject"] for record in found.records}) == 8
    assert next(iter(found.records[0].metadata)) == "column 2"
    assert found.counts() == {}


def test_every_kind_of_problem_is_documented() -> None:
    content = "id,title,abstract,y,y\nX,A,Of a.,1,\nX,,,?,\n"
    content += ',A,Of a.,1,\nY\n"Z"Z,B,Of b.,1,\nW,C\0,Of c.,0,\nV,D,D. d\xe9.,0,\n'
    found = read(content.encode("latin-1"), id="id", label="y", skip=True, policy={"not_utf8": "replace"})
    more = read("id,title,abstract\nX,A,Of a.\nX,,\n", id="id")
    cut = read("TY  - JOUR\nTI  - A\n", name="a.ris")
    assert {kind for kind, _ in found.counts() | more.counts() | cut.counts()} == set(KINDS) - ELSEWHERE
