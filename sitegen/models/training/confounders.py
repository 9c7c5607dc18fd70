"""Facts about labelled records by which a model could be right for the wrong reason, each as one sentence.

A model that can tell the classes apart by journal, by year or by a missing abstract need not learn what papers say. A
test part drawn from the same records cannot show whether it did so, but one can count in the records whether it could.
These are numbers for the model card, not verdicts: its reader judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from math import isfinite
from statistics import median

from sitegen.corpus.records import Record
from sitegen.errors import ModelError

_NUMERIC_SHARE = 0.9  # of a column's values that must be numbers for the column to be compared by its medians


def confounding_facts(records: Sequence[Record], *, classes: tuple[str, str], columns: Sequence[str]) -> list[str]:
    """One sentence on missing abstracts, and one for each of `columns`, which are columns of the metadata or facets.

    A column of numbers is compared by its medians; for any other, records are counted whose value occurs in one class
    alone. All `records` are labelled. Raises ModelError where no record has a value in a column.
    """
    facts = [_missing_abstracts(records, classes)]
    for column in columns:
        values = {i: value for i, record in enumerate(records) if (value := _value(record, column))}
        if not values:
            raise ModelError(
                f'training: no record has a value in the column "{column}" that the model card should compare. '
                f"Correct its name, or leave it out."
            )
        labels = {i: int(records[i].label == 1) for i in values}
        numbers = {i: number for i, value in values.items() if (number := _number(value)) is not None}
        if len(numbers) >= _NUMERIC_SHARE * len(values):
            facts.append(_medians(numbers, labels, column=column, classes=classes))
        else:
            facts.append(_one_class_values(values, labels, column=column))
    return facts


def _missing_abstracts(records: Sequence[Record], classes: tuple[str, str]) -> str:
    missing = [record.label for record in records if not record.abstract]
    if not missing:
        return "Every record has an abstract."
    counts = " and ".join(f"{missing.count(label):,} are *{name}*" for label, name in enumerate(classes))
    return f"{len(missing):,} of {len(records):,} records have no abstract; of these {counts}."


def _medians(numbers: dict[int, float], labels: dict[int, int], *, column: str, classes: tuple[str, str]) -> str:
    by_class = [[number for i, number in numbers.items() if labels[i] == label] for label in (0, 1)]
    medians = ", ".join(
        f"{median(class_numbers):g} for *{name}*"
        for name, class_numbers in zip(classes, by_class, strict=True)
        if class_numbers
    )
    return f'The median of "{column}" is {medians} ({len(numbers):,} records have one).'


def _one_class_values(values: dict[int, str], labels: dict[int, int], *, column: str) -> str:
    labels_of: defaultdict[str, list[int]] = defaultdict(list)  # by value
    for i, value in values.items():
        labels_of[value].append(labels[i])
    pure = [value_labels for value_labels in labels_of.values() if len(set(value_labels)) == 1]
    once = sum(len(value_labels) == 1 for value_labels in pure)
    return (
        f'{sum(map(len, pure)):,} of {len(values):,} records have a value of "{column}" that occurs in one class alone '
        f"({once:,} of these values occur only once)."
    )


def _value(record: Record, column: str) -> str:
    return record.metadata.get(column, "") or record.facets.get(column, "")


def _number(value: str) -> float | None:
    """The number that a value is, if it is one; what stands for a missing number (`nan`) is none."""
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) else None
