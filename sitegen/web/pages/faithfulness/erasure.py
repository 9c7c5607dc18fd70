"""The checks of faithfulness that follow an order of segments: whether important ones matter, and how many must go.

The first word of an answer is the verdict, by the rules of `checks`. Figures whose best and worst order
are known on some of the papers only are drawn on those papers, all four of them, so that what stands on one line is of
the same papers; the tables have both.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sitegen.analysis.faithfulness.erasure import Curve, Scored, UnitFaithfulness
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.pages.faithfulness.charts import BEST, OURS, RANDOM, WORST, Dots, curve_spec, dots_spec
from sitegen.web.pages.faithfulness.checks import (
    QUESTIONS,
    Check,
    Outcome,
    Picture,
    figure,
    missing,
    together,
    way_to_best,
)
from sitegen.web.text.numbers import count, points, whole_percent

Unit = Literal["sentences", "tokens"]
Format = Callable[[float], str]

_NAMES = {"sentences": "sentences", "tokens": "words"}
_STEPS = {
    "sentences": "Averages over one sentence, two, and so on to all of an abstract; the title stays.",
    "tokens": "Averages over 1, 5, 10, 20 and 50% of the words of title and abstract together.",
}
_HEAD = ("Figure", "Papers", "Our order", "Random", "Best", "Worst", "Error")


def erasure_check(result: Faithfulness, key: Unit, suffix: str, *, palette: Palette) -> Check:
    """Whether the segments named important matter: comprehensiveness, sufficiency, and both curves."""
    unit = result.sentences if key == "sentences" else result.tokens
    if unit is None:
        return missing(result, key, suffix, needs=key)
    said, removed, kept = _NAMES[key], unit.comprehensiveness, unit.sufficiency
    down, up = unit.deletion.area, unit.insertion.area
    outcome = together(
        figure(scored, high=high) for scored, high in ((removed, True), (kept, False), (down, False), (up, True))
    )
    lines = (
        Dots(name="taken out", right_is_better=True, values=_orders(removed)),
        Dots(name="kept alone", right_is_better=False, values=_orders(kept)),
    )
    finding = Finding(
        key=key + suffix,
        question=QUESTIONS[key],
        answer=(
            f"{outcome.value}: taking out first the {said} named most important {_falls(removed.value)} the "
            f"probability of the model's answer by {_points(abs(removed.value))} points on average. "
            f"{_beside(removed, _points)}",
            *_bounds_note(result, unit),
            f"Keeping nothing else {_falls(kept.value)} it by {_points(abs(kept.value))} points; the less it falls, "
            f"the better. {_beside(kept, _points)}",
            f"{_STEPS[key]} {count(unit.records, 'paper')}, {unit.segments:,} {said}.",
        ),
        caption=f"How far the probability of the model's answer falls, on average{_on(removed)}.",
        chart=dots_spec(lines, palette=palette, title="fall of the probability"),
        values=Values(
            head=_HEAD,
            rows=(
                *_rows("Fall when taken out (comprehensiveness)", removed, _points),
                *_rows("Fall when kept alone (sufficiency)", kept, _points),
                *_rows("Area under the curve, taken out (deletion)", down, _points),
                *_rows("Area under the curve, put back (insertion)", up, _points),
            ),
        ),
    )
    pictures = (
        _curve(
            unit.deletion,
            palette=palette,
            key=f"{key}-deletion{suffix}",
            axis=f"{said} taken out",
            caption="Taken out one after the other, the most important first: the sooner it falls, the better"
            f"{_on(down)}.",
        ),
        _curve(
            unit.insertion,
            palette=palette,
            key=f"{key}-insertion{suffix}",
            axis=f"{said} put back",
            caption="Put back one after the other, the most important first: the sooner it rises, the better"
            f"{_on(up)}.",
        ),
    )
    return Check(finding=finding, outcome=outcome, pictures=pictures)


def _bounds_note(result: Faithfulness, unit: UnitFaithfulness) -> tuple[str, ...]:
    """How near comprehensiveness is to the best possible, and why that is not known of all papers."""
    notes = []
    removed = unit.comprehensiveness
    bounds, way = removed.bounds, way_to_best(removed)
    if bounds and way is not None:
        where = (
            f"Every order was tried on {'all' if bounds.records == removed.records else ''} {bounds.records:,} papers"
        )
        ratio = f"ours comes to {100 * bounds.value / bounds.best:.0f}% of it" if bounds.best > 0 else "none is good"
        notes.append(
            f"{' '.join(where.split())}: there our order takes away {_points(bounds.value)} points, a random one "
            f"{_points(bounds.random)}, the best possible {_points(bounds.best)}; {ratio}."
        )
    if unit.unit == "sentence" and "bounds" in result.reasons:
        notes.append(result.reasons["bounds"])
    return tuple(notes)


def _curve(curve: Curve, *, palette: Palette, key: str, axis: str, caption: str) -> Picture:
    if curve.bounds:
        bounds = curve.bounds
        curves = {OURS: bounds.value, RANDOM: bounds.random, BEST: bounds.best, WORST: bounds.worst}
    else:
        curves = {OURS: curve.value, RANDOM: curve.random}
    return Picture(
        key=key,
        caption=caption,
        chart=curve_spec(curve.fractions, curves, palette=palette, axis=axis, answer="probability of the answer"),
        values=Values(
            head=(axis, *curves),
            rows=tuple(
                (whole_percent(x), *(f"{100 * values[k]:.1f}%" for values in curves.values()))
                for k, x in enumerate(curve.fractions)
            ),
        ),
    )


def flips_check(result: Faithfulness, suffix: str, *, palette: Palette) -> Check:
    """How much must be taken out before the answer changes."""
    measured: tuple[tuple[Unit, UnitFaithfulness | None], ...]
    measured = (("sentences", result.sentences), ("tokens", result.tokens))
    units = [(_NAMES[key], unit) for key, unit in measured if unit]
    if not units:
        return missing(result, "flips", suffix, needs="sentences")
    outcome = together(figure(unit.flip.fraction, high=False) for _, unit in units)
    said = " ".join(
        f"{whole_percent(unit.flip.fraction.value)} of the {name}, the most important first, before the model answers "
        f"otherwise. {_beside(unit.flip.fraction, whole_percent)}"
        if k == 0
        else f"Of the {name}, {whole_percent(unit.flip.fraction.value)}. {_beside(unit.flip.fraction, whole_percent)}"
        for k, (name, unit) in enumerate(units)
    )
    rates = "; ".join(
        f"by taking out {name} in {whole_percent(unit.flip.rate.value)} of the papers, in random order in "
        f"{whole_percent(unit.flip.rate.random)}"
        for name, unit in units
    )
    finding = Finding(
        key="flips" + suffix,
        question=QUESTIONS["flips"],
        answer=(
            f"{_lead_in(outcome)} on average one must take out {said}",
            f"Some answers never change, and count as 100% here. It changes at all {rates}.",
        ),
        caption="How much must be taken out until the answer changes, on average: the less, the better.",
        chart=dots_spec(
            [Dots(name=name, right_is_better=False, values=_orders(unit.flip.fraction)) for name, unit in units],
            palette=palette,
            title="share taken out when the answer changes",
            limits=(0.0, 1.0),
        ),
        values=Values(
            head=_HEAD,
            rows=tuple(
                row
                for name, unit in units
                for what, scored in (("Share taken out", unit.flip.fraction), ("Answers that change", unit.flip.rate))
                for row in _rows(f"{what}: {name}", scored, _points)
            ),
        ),
    )
    return Check(finding=finding, outcome=outcome)


def _lead_in(outcome: Outcome) -> str:
    """How the answer begins to a question that cannot be answered by yes or no."""
    return {
        Outcome.HOLDS: "Less than by chance:",
        Outcome.IN_PART: "Less than by chance, though more than need be:",
        Outcome.FAILS: "No less than by chance:",
        Outcome.UNKNOWN: "Too few papers to tell:",
    }[outcome]


def _orders(scored: Scored) -> dict[str, float]:
    bounds = scored.bounds
    if bounds is None:
        return {OURS: scored.value, RANDOM: scored.random}
    return {OURS: bounds.value, RANDOM: bounds.random, BEST: bounds.best, WORST: bounds.worst}


def _beside(scored: Scored, text: Format) -> str:
    """The random value in words, and the best where it is of the same papers."""
    bounds = scored.bounds
    best = f"; the best possible: {text(bounds.best)}" if bounds and bounds.records == scored.records else ""
    return f"Random order: {text(scored.random)}{best}."


def _on(scored: Scored) -> str:
    """Of how many papers a chart is, where not of all."""
    bounds = scored.bounds
    few = bounds is not None and bounds.records < scored.records
    return f", on the {bounds.records:,} papers where every order was tried" if bounds and few else ""


def _rows(name: str, scored: Scored, text: Format) -> tuple[tuple[str, ...], ...]:
    bounds = scored.bounds
    error = "–" if scored.error is None else f"±{text(scored.error)}"
    same = bounds is not None and bounds.records == scored.records
    extremes = (text(bounds.best), text(bounds.worst)) if bounds and same else ("–", "–")
    rows: list[tuple[str, ...]] = [
        (name, f"{scored.records:,}", text(scored.value), text(scored.random), *extremes, error)
    ]
    if bounds and not same:
        numbers = (bounds.value, bounds.random, bounds.best, bounds.worst)
        rows.append(("of these, every order tried", f"{bounds.records:,}", *map(text, numbers), ""))
    return tuple(rows)


def _falls(change: float) -> str:
    return "lowers" if change >= 0 else "raises"


def _points(share: float) -> str:
    """A share in points of percent, with a minus alone."""
    return points(share).removeprefix("+")
