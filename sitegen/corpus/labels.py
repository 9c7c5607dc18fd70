"""The label column: which of its values mean the positive class, which the negative, and the message about others.

sitegen explains two classes. Values are compared without surrounding white space and capitals. Where the settings
name none, the class names count, and the usual ways to write yes and no: 1, 1.0, true, yes; 0, 0.0, false, no.

With `classes.rest` the negative class is everything beside the positive one. Then every value that does not mean the
positive class means the negative one, and the positive class is its name or what `positive_labels` says, nothing else:
a 1 may be the number of any class. A column in which no value is the positive one is refused, since a misspelt name
would make every record a negative one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from sitegen.config import Classes, Records
from sitegen.corpus.naming import Naming
from sitegen.errors import RecordError

_POSITIVE = ("1", "1.0", "true", "yes")
_NEGATIVE = ("0", "0.0", "false", "no")
_LISTED = 10  # values that a message lists
_LONG = 60  # characters of a value that readers are shown


class LabelColumn:
    """The values of the label column, as they are read row after row. counts: how often each value stands there."""

    def __init__(self, settings: Records, classes: Classes, *, naming: Naming) -> None:
        """RecordError where the settings contradict each other."""
        self._settings, self._classes, self._naming = settings, classes, naming
        self._values = label_values(settings, classes, naming=naming)
        self.counts: Counter[str] = Counter()

    def meaning(self, value: str) -> int | None:
        """The class that a value means, 1 positive or 0 negative, None where it means neither; counts it."""
        self.counts[value] += 1
        return self._values.get(value.casefold(), 0 if self._classes.rest else None)

    def unknown(self) -> tuple[str, str]:
        """(message, remedy) on values that mean no class."""
        return unknown_labels(self.counts, self._values, naming=self._naming)

    def account(self, labels: Sequence[int | None]) -> str:
        """How the gold labels of the records came about, for readers; "" where the settings name no column."""
        column, (negative, positive) = self._settings.label, self._classes.names
        if not column:
            return ""
        given = Counter(labels)
        total = given[1] + given[0]
        if not total:
            return f"None of them has a gold label: the column “{column}” is empty there."
        said = (
            f"{total:,} of them {'has' if total == 1 else 'have'} a gold label, from the column “{column}”: "
            f"{given[1]:,} “{positive}”, {given[0]:,} “{negative}”."
        )
        if self._classes.rest and (others := [value for value in self.counts if not self._means(value, 1)]):
            said += f" Whatever else stands there counts as “{negative}”: {_named(others)}."
        for label, name in ((1, positive), (0, negative)):
            values = [value for value in self.counts if self._means(value, label)]
            if any(value.casefold() != name.casefold() for value in values):
                said += f" {_named(values)} there {'mean' if len(values) > 1 else 'means'} “{name}”."
        return said

    def _means(self, value: str, label: int) -> bool:
        """Whether the value is named for the class."""
        return self._values.get(value.casefold()) == label

    def without_positive(self) -> str:
        """What is wrong with a column whose values all mean the rest, and the remedy; "" where one is positive."""
        positive = any(value.casefold() in self._values for value in self.counts)
        if not self._classes.rest or not self.counts or positive:
            return ""
        wanted = self._settings.positive_labels or (self._classes.positive,)
        return (
            f"has no value that means the positive class ({_quoted(list(wanted))}), so that all records would be "
            f"“{self._classes.negative}”. All its values: {_listed(self.counts)}. Set {self._naming.positive_labels} "
            f"to those that mean “{self._classes.positive}”."
        )


def label_values(settings: Records, classes: Classes, *, naming: Naming) -> dict[str, int]:
    """Every casefolded value that means a class -> 1 (positive) or 0 (negative); with `classes.rest` those of the
    positive class alone, as all others mean the negative one.

    A value that the settings name for one class is no default of the other. RecordError where they name one for both.
    """
    named = {
        1: {value.strip().casefold() for value in settings.positive_labels},
        0: {value.strip().casefold() for value in settings.negative_labels},
    }
    if both := named[1] & named[0]:
        raise RecordError(f'{naming.both_labels} both have "{min(both)}". Remove it from one of them.')
    if classes.rest:
        if named[0]:
            raise RecordError(
                f"{naming.negative_labels} does not go with {naming.rest}, by which every label but that of "
                f"“{classes.positive}” means the negative class. Remove one of the two."
            )
        return dict.fromkeys(named[1] or {classes.positive.casefold()}, 1)
    usual = {1: (classes.positive.casefold(), *_POSITIVE), 0: (classes.negative.casefold(), *_NEGATIVE)}
    values = dict.fromkeys(named[1], 1) | dict.fromkeys(named[0], 0)
    for label in (1, 0):
        if not named[label]:
            values = dict.fromkeys(usual[label], label) | values
    return values


def unknown_labels(counts: Counter[str], values: Mapping[str, int], *, naming: Naming) -> tuple[str, str]:
    """(message, remedy) for a label column some of whose values mean no class; counts: how often each value stands."""
    unknown = [value for value in counts if value.casefold() not in values]
    message = f"has values that mean neither class: {_quoted(unknown[:5])}. All its values: {_listed(counts)}"
    if len({value.casefold() for value in counts}) > 2 and not _all_but_one_known(counts, values):
        return (
            f"{message}. sitegen explains two classes",
            f"Set {naming.both_labels} so that each value means one of two classes, or {naming.rest}, by which all "
            f"labels but that of the positive class mean the negative one, or empty the cells of the others",
        )
    return message, f"Set {naming.both_labels} so that each value means a class"


def _all_but_one_known(counts: Counter[str], values: Mapping[str, int]) -> bool:
    return len({value.casefold() for value in counts} - set(values)) <= 1


def _listed(counts: Counter[str]) -> str:
    """Values and how often each stands, the most frequent ones."""
    listed = ", ".join(f'"{value}" ({count})' for value, count in counts.most_common(_LISTED))
    return listed + (f" and {len(counts) - _LISTED} more" if len(counts) > _LISTED else "")


def _named(values: list[str]) -> str:
    """Values for readers: the first ten, and how many there are beside; long ones cut."""
    shown = [f"“{value}”" if len(value) <= _LONG else f"“{value[: _LONG - 1]}…”" for value in values[:_LISTED]]
    more = [f"{len(values) - _LISTED:,} more"] if len(values) > _LISTED else []
    *first, last = [*shown, *more]
    return f"{', '.join(first)} and {last}" if first else last


def _quoted(values: list[str]) -> str:
    return ", ".join(f'"{value}"' for value in values)
