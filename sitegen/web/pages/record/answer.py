"""A model's answer to a whole record, as the panel on top of its page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.config import Classes
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import exact_percent, percent

CLOSE = 0.1  # of the probability: an answer as near to the threshold is called a close call


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The model's answer for the whole record, and whether it is right."""

    predicted: str  # the class's name
    positive: bool  # whether it is the positive class
    percent: str  # the probability of the positive class
    percent_of: str  # what that is a probability of
    label: str  # the gold label's name; "" without one
    label_number: str  # its number, 0 or 1; "" without one
    right: bool | None  # whether both agree; None without a label


def answer_of(classes: Classes, summary: RecordSummary) -> Answer:
    """The answer that a summary holds."""
    label = summary.record.label
    near = ", a close call" if abs(summary.probability - classes.threshold) < CLOSE else ""
    since = "" if classes.threshold == 0.5 else f" (it says so from {exact_percent(classes.threshold)} on)"
    return Answer(
        predicted=classes.names[summary.predicted],
        positive=summary.predicted == 1,
        percent=percent(summary.probability),
        percent_of=f"probability of “{classes.positive}”{since}{near}",
        label_number="" if label is None else str(label),
        label="" if label is None else classes.names[label],
        right=summary.right,
    )
