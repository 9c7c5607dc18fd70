"""What is said of a sentence's significance: the same words on every page that says it.

Three wordings and no others stand for the three things the test can say, and each refusal has its reason. Nowhere is a
sentence called "significant": that word promises more than a comparison with the other class can hold.
"""

from __future__ import annotations

from math import isnan

from sitegen.analysis.significance.evidence import P_LEVEL, Status

AGAINST = "pushes against this record's label: not judged by this test"
CHANCE = "not distinguishable from sentences of this length in the other class"

REFUSALS: dict[Status, str] = {
    Status.TRAINING: "not calibrated: training record",
    Status.VALIDATION: "not calibrated: validation record",
    Status.UNLABELLED: "no gold label",
    Status.UNKNOWN_STANDING: "not calibrated: whether the model has seen this record is not known",
    Status.NO_POOL: "nothing to compare with: no judged sentence of the other class",
}
"""What stands in the place of a verdict, by status."""

NO_EFFECT = "has no effect on the model's answer"


def distinguishable(toward: str, chance: str = "") -> str:
    """The wording of a sentence that passes. toward: the class's name; chance: its `chance_text`."""
    said = f"pushes toward {toward} more than sentences of this length in the other class do"
    return f"{said} ({chance})" if chance else said


def verdict(status: Status, *, toward: str, p: float, q: float) -> str:
    """What a page says of one sentence. toward: the name of its record's class; p, q: NaN where there is none."""
    if status is Status.DISTINGUISHABLE:
        return distinguishable(toward, chance_text(p=p, q=q))
    said = {Status.CHANCE: CHANCE, Status.AGAINST: AGAINST, Status.NO_EFFECT: NO_EFFECT, **REFUSALS}
    return said[status]


def chance_text(*, p: float, q: float) -> str:
    """`q = .03`, or `p = .03` where the corpus is too small for q; nothing where there is neither."""
    name, value = ("p", p) if isnan(q) else ("q", q)
    if isnan(value):
        return ""
    return f"{name} < .001" if value < 0.0005 else f"{name} = {level_text(value)}"


def level_text(value: float) -> str:
    """A p, a q or a level, 0 to 1: two digits behind the point, or three where two would hide too much."""
    text = f"{value:.2f}" if 0.0095 <= value < 0.0945 else f"{value:.3f}".removesuffix("0")
    return text.removeprefix("0") if value < 0.9995 else "1"


P_RULE = f"p\u00a0≤\u00a0{level_text(P_LEVEL)}"
"""All that is said of a sentence that passes where the corpus is too small for q."""
