"""A label column of many classes, one of which is asked for: all the others are the rest."""

from __future__ import annotations

from typing import Any

import pytest

from sitegen.config import Classes
from tests.corpus.written_records import _here, message, read  # noqa: F401

REST = Classes(positive="economics", rest=True)


def rows(*values: str) -> str:
    return "title,abstract,y\n" + "".join(f"T{n},Of {n}.,{value}\n" for n, value in enumerate(values))


@pytest.mark.parametrize(
    ("options", "values", "labels"),
    [
        ({}, ("Economics", "physics", "law", "", "NA", "economics "), [1, 0, 0, None, None, 1]),
        ({}, ("economics", "1", "yes"), [1, 0, 0]),
        ({"positive_labels": ("3", "4")}, ("1", "2", "3", "4"), [0, 0, 1, 1]),
        ({"positive_labels": ("econ",)}, ("econ", "economics"), [1, 0]),
    ],
)
def test_every_label_that_is_not_the_positive_one_is_of_the_rest(
    options: dict[str, Any], values: tuple[str, ...], labels: list[int | None]
) -> None:
    found = read(rows(*values), label="y", classes=REST, **options)
    assert [record.label for record in found.records] == labels


def test_a_column_without_the_positive_class_is_refused_with_its_values() -> None:
    for skip in (False, True):
        text = message(rows("1", "1", "law"), label="y", classes=REST, skip=skip)
        assert text == (
            'records.csv: "y" has no value that means the positive class ("economics"), so that all records would be '
            '“not economics”. All its values: "1" (2), "law" (1). Set records.positive_labels to those that mean '
            "“economics”."
        )


def test_labels_of_the_rest_are_not_listed() -> None:
    text = message(rows("economics"), label="y", classes=REST, negative_labels=("law",))
    assert text.startswith("records.negative_labels does not go with rest = true below [classes]")


def test_many_labels_without_rest_say_that_there_is_such_a_thing() -> None:
    text = message(rows("economics", "law", "physics"), label="y", classes=Classes(positive="economics"))
    assert "or rest = true below [classes], by which all labels" in text


def test_the_rest_is_called_by_what_it_is_not() -> None:
    assert REST.names == ("not economics", "economics")
    assert Classes(positive="law", negative="other", rest=True).names == ("other", "law")
    assert Classes(positive="law").negative == "negative"
    assert Classes(rest=True).names == ("not positive", "positive")


def test_readers_are_told_how_labels_came_about() -> None:
    names = [f"n{k:02}" for k in range(12)]
    found = read(rows("Econ", "economics", "", "econ", *names), label="y", classes=REST, positive_labels=("econ",))
    assert found.labels == (
        "15 of them have a gold label, from the column “y”: 2 “economics”, 13 “not economics”. Whatever else stands "
        "there counts as “not economics”: “economics”, “n00”, “n01”, “n02”, “n03”, “n04”, “n05”, “n06”, “n07”, “n08” "
        "and 3 more. “Econ” and “econ” there mean “economics”."
    )
    two = Classes(positive="law", negative="art")
    assert read(rows("Law", "art", "law"), label="y", classes=two).labels == (
        "3 of them have a gold label, from the column “y”: 2 “law”, 1 “art”."
    )
    assert read(rows("1", ""), label="y", classes=two).labels == (
        "1 of them has a gold label, from the column “y”: 1 “law”, 0 “art”. “1” there means “law”."
    )
    assert read(rows("", "NA"), label="y").labels == "None of them has a gold label: the column “y” is empty there."
    assert read(rows("1", "0")).labels == ""
    long = read(rows("law", "x" * 99), label="y", classes=Classes(positive="law", rest=True)).labels
    assert long.endswith(f"“not law”: “{'x' * 59}…”.")
