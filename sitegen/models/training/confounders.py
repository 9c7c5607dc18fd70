"""Facts about labelled records that let a model be right for the wrong reason, each as one sentence.

A model that can tell the classes by their journal, their age or the lack of an abstract need not read what they
say. Whether it does so cannot be seen in a test part drawn from the same records; that it could can be counted in
the records. Nothing here is a verdict: these are numbers for the model card, and its reader judges.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from sitegen.corpus.records import Record
from sitegen.errors import ModelError

_NUMERIC = 0.9  # share of values that must be numbers for a column to be compared by its medians


def confounding_facts(records: Sequence[Record], *, classes: tuple[str, str], columns: Sequence[str]) -> list[str]:
    """One sentence on missing abstracts and one for each column of the metadata or facets, in that order.

    A column of numbers is compared by its medians, any other by the records whose value occurs in one class alone.
    `records` are labelled. Raises ModelError where no record has a column.
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
        if len(numbers) >= _NUMERIC * len(values):
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
        f"{median(of_class):g} for *{name}*" for name, of_class in zip(classes, by_class, strict=True) if of_class
    )
    return f'The median of "{column}" is {medians} ({len(numbers):,} records have one).'


def _one_class_values(values: dict[int, str], labels: dict[int, int], *, column: str) -> str:
    by_value: defaultdict[str, list[int]] = defaultdict(list)
    for i, value in values.items():
        by_value[value].append(labels[i])
    pure = [of_value for of_value in by_value.values() if len(set(of_value)) == 1]
    once = sum(len(of_value) == 1 for of_value in pure)
    return (
        f'{sum(map(len, pure)):,} of {len(values):,} records have a value of "{column}" that occurs in one class alone '
        f"({once:,} of these values occur only once)."
    )


def _value(record: Record, column: str) -> str:
    return record.metadata.get(column, "") or record.facets.get(column, "")


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None
