"""What is said of a file of records before there is a site."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from sitegen.config import Classes, Records
from sitegen.corpus.records import read_records
from sitegen.errors import RecordError
from sitegen.pipeline.inspect import PREVIEW, Inspection, inspect

FILES = Path(__file__).parents[1] / "corpus" / "bibliography" / "files"


def of(folder: Path, content: str, name: str = "papers.csv") -> Inspection:
    (folder / name).write_text(content, encoding="utf-8")
    return inspect([folder / name])


def block(found: Inspection) -> dict[str, object]:
    settings = tomllib.loads(found.block)["records"]
    assert isinstance(settings, dict)
    return {key: value for key, value in settings.items() if key != "path"}


def test_a_bibliography_needs_no_settings_but_a_path(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FILES)
    found = inspect([Path("plain.ris"), Path("plain-wos.txt")])
    assert found.block == '[records]\npath = ["plain.ris", "plain-wos.txt"]\nfacets = ["year"]\n'
    assert [(file.shown, file.format, file.rows) for file in found.files] == [
        ("plain.ris", "RIS", 2),
        ("plain-wos.txt", "Web of Science", 2),
    ]
    columns = {column.name: column for column in found.columns}
    assert columns["title"].origins == (("TI", 3), ("T1", 1))
    assert (columns["title"].role, columns["id"].role, columns["journal"].role) == ("title", "id", "metadata")
    assert (columns["abstract"].filled, columns["DOI"].filled) == (3, 3)
    assert {("N1", 1), ("CR", 1)} <= set(found.unused)
    assert [(odd.kind, odd.action, odd.count) for odd in found.odd] == [
        ("missing abstract", "kept", 1),
        ("duplicate id", "renamed", 1),
    ]
    assert found.odd[0].example == 'plain-wos.txt:30: "abstract" is empty. Fill it.'
    assert found.preview[:2] == (("plain.ris:1", "Kettles and kin"), ("plain.ris:19", "Fog in letters"))


def test_the_usual_names_of_columns_are_known(tmp_path: Path) -> None:
    found = of(tmp_path, "DOI,Document Title,Summary,Class,Country\n" + "x,A,Of a.,1,NL\n" * 4 + "y,B,Of b.,0,PE\n" * 4)
    assert block(found) == {"id": "DOI", "title": "Document Title", "abstract": "Summary", "label": "Class"}
    assert {column.name: column.role for column in found.columns}["Class"] == "gold label"
    settings = Records(path=tmp_path / "papers.csv", **block(found))  # type: ignore[arg-type]
    assert len(read_records(settings, classes=Classes()).records) == found.records == 8


def test_labels_that_name_classes_are_left_to_a_person(tmp_path: Path) -> None:
    found = of(tmp_path, "title,abstract,label\nA,Of a.,law\nB,Of b.,art\n")
    assert block(found) == {}
    assert '# label = "label" # where its cells name the classes: "law" (1), "art" (1)' in found.block
    assert found.notes[0].startswith('label = "label"')


def test_few_values_make_a_facet(tmp_path: Path) -> None:
    rows = "".join(f"P{k},Of it.,{2000 + k % 3},{k},note {k}\n" for k in range(30))
    found = of(tmp_path, f"title,abstract,year,journal,note\n{rows}")
    assert block(found) == {"facets": ["year"]}
    assert len(found.preview) == PREVIEW


def test_decisions_of_a_screening_are_said() -> None:
    found = inspect([FILES / "asreview.ris"])
    assert "its decisions of a screening are the gold labels" in found.block
    assert found.notes[0].startswith('labels: "asreview_label" is taken')
    assert {column.name: column.role for column in found.columns}["asreview_label"] == "gold label"


def test_odd_rows_are_counted_and_refuse_nothing() -> None:
    found = inspect([FILES / "lost-start.ris"])
    assert (found.records, found.rows) == (2, 3)
    assert [(odd.kind, odd.action, odd.count) for odd in found.odd] == [("malformed row", "skipped", 1)]
    latin = inspect([FILES / "latin1.ris"], encoding="cp1252")
    assert (latin.records, block(latin)) == (1, {"encoding": "cp1252"})


def test_a_file_without_titles_says_which_columns_it_has(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r'no column "title"(.|\n)*The columns of the file are: "a", "b"'):
        of(tmp_path, "a,b\n1,2\n")
    with pytest.raises(RecordError, match="No such file"):
        inspect([tmp_path / "none.ris"])


def test_names_of_columns_do_not_break_the_block(tmp_path: Path) -> None:
    found = of(tmp_path, 'title,abstract,"la\nbel","included"\nA,Of a.,x,1\nB,Of b.,x,2\n')
    assert block(found) == {}
    hostile = of(tmp_path, '"DOI","ti""tle","title","abstract"\n1,x,A,Of a.\n')
    assert block(hostile)["id"] == "DOI"


def test_a_file_with_one_column_of_texts_has_no_titles(tmp_path):
    found = of(tmp_path, "id,tweet,label\n1,Rain again.,positive\n2,Sun at last.,negative\n", "tweets.csv")
    assert block(found)["title"] == ""
    assert block(found)["abstract"] == "tweet"
    assert '# title = "" says that records have one text alone; if a column has titles, name it' in found.block
    assert [text for _, text in found.preview] == ["Rain again.", "Sun at last."]
