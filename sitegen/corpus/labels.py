"""The label column: which of its values mean the positive class, which the negative, and the message about others.

sitegen explains two classes. Values are compared without surrounding white space and capitals. Where the settings
name none, the class names count, and the usual ways to write yes and no: 1, 1.0, true, yes; 0, 0.0, false, no.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from sitegen.config import Classes, Records
from sitegen.corpus.naming import Naming
from sitegen.errors import RecordError

_POSITIVE = ("1", "1.0", "true", "yes")
_NEGATIVE = ("0", "0.0", "false", "no")


def label_values(settings: Records, classes: Classes, *, naming: Naming) -> dict[str, int]:
    """Every casefolded value that means a class -> 1 (positive) or 0 (negative).

    A value that the settings name for one class is no default of the other. RecordError where they name one for both.
    """
    named = {
        1: {value.strip().casefold() for value in settings.positive_labels},
        0: {value.strip().casefold() for value in settings.negative_labels},
    }
    if both := named[1] & named[0]:
        raise RecordError(f'{naming.both_labels} both have "{min(both)}". Remove it from one of them.')
    usual = {1: (classes.positive.casefold(), *_POSITIVE), 0: (classes.negative.casefold(), *_NEGATIVE)}
    values = dict.fromkeys(named[1], 1) | dict.fromkeys(named[0], 0)
    for label in (1, 0):
        if not named[label]:
            values = dict.fromkeys(usual[label], label) | values
    return values


def unknown_labels(counts: Counter[str], values: Mapping[str, int], *, naming: Naming) -> tuple[str, str]:
    """(message, remedy) for a label column some of whose values mean no class; counts: how often each value stands."""
    unknown = [value for value in counts if value.casefold() not in values]
    listed = ", ".join(f'"{value}" ({count})' for value, count in counts.most_common(10))
    more = f" and {len(counts) - 10} more" if len(counts) > 10 else ""
    message = f"has values that mean neither class: {_quoted(unknown[:5])}. All its values: {listed}{more}"
    if len({value.casefold() for value in counts}) > 2 and not _all_but_one_known(counts, values):
        return (
            f"{message}. sitegen explains two classes",
            f"Set {naming.both_labels} so that each value means one of two classes, or empty the cells of the others",
        )
    return message, f"Set {naming.both_labels} so that each value means a class"


def _all_but_one_known(counts: Counter[str], values: Mapping[str, int]) -> bool:
    return len({value.casefold() for value in counts} - set(values)) <= 1


def _quoted(values: list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)
