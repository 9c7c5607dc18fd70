"""Decisions of a screening, which are labels without a setting where nothing speaks against it."""

from __future__ import annotations

import pytest

from tests.corpus.written_records import (
    _here,  # noqa: F401 - a fixture that every test here uses by itself
    read,
)


def table(*columns: tuple[str, str, str]) -> str:
    """A table of two papers with these columns: a name and two cells."""
    names, first, second = (",".join(part) for part in zip(*columns, strict=True))
    return f"title,abstract,{names}\nKettles,We counted.,{first}\nFog,It found fog.,{second}\n"


@pytest.mark.parametrize("name", ["included", "asreview_label", "label_included"])
@pytest.mark.parametrize(
    ("cells", "labels"),
    [(("1", "0"), [1, 0]), (("1.0", ""), [1, None]), (("-1", "0"), [None, 0]), (("yes", "NO"), [1, 0])],
)
def test_one_column_of_decisions_is_the_labels(name: str, cells: tuple[str, str], labels: list[int | None]) -> None:
    found = read(table((name, *cells)))
    assert [record.label for record in found.records] == labels
    assert all(name not in record.metadata for record in found.records)
    (note,) = found.notes
    assert note.startswith(f'labels: "{name}" is taken for the decisions of a screening')
    assert '1 means "computational", 0 "traditional"' in note
    assert note.endswith("To have another column or none, set records.label.")
    assert found.labels.startswith(f"{2 - labels.count(None)} of them ha")
    assert f"what somebody decided who screened them, from “{name}”." in found.labels
    assert f"Relevant (1) means “computational”: {labels.count(1)}; irrelevant (0) means" in found.labels


@pytest.mark.parametrize(
    ("columns", "part"),
    [
        ((("included", "1", "maybe"),), 'but "maybe" stands there, too'),
        ((("included", "1", "0"), ("asreview_label", "0", "0")), "but they differ"),
    ],
)
def test_what_is_ambiguous_is_no_label_and_said(columns: tuple[tuple[str, str, str], ...], part: str) -> None:
    found = read(table(*columns))
    assert not found.has_labels
    assert [record.metadata[columns[0][0]] for record in found.records] == list(columns[0][1:])
    assert part in found.notes[0]
    assert found.labels.startswith("None of them has a gold label: “")
    assert part.replace('"maybe"', "“maybe”") in found.labels


def test_two_columns_that_agree_are_one() -> None:
    found = read(table(("included", "1", "0"), ("asreview_label", "1.0", "no")))
    assert [record.label for record in found.records] == [1, 0]
    assert found.records[0].metadata == {}


def test_a_setting_decides() -> None:
    named = read(table(("included", "1", "0"), ("kind", "0", "1")), label="kind")
    assert [record.label for record in named.records] == [0, 1]
    none = read(table(("included", "1", "0")), label="")
    assert not none.has_labels
    assert none.records[0].metadata == {"included": "1"}
    assert named.notes == none.notes == read(table(("kind", "1", "0"))).notes == read(table(("included", "", ""))).notes
