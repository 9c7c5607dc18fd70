"""The checks of faithfulness that follow an order of segments: whether strong ones matter, and how many must go.

The first word of an answer is the verdict, by the rules of `checks`. All numbers of one check are of the same papers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from sitegen.analysis.faithfulness.erasure import Curve, ErasureMetrics, MetricMean
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.pages.faithfulness.charts import OURS, Dots, curve_spec, dots_spec
from sitegen.web.pages.faithfulness.checks import (
    LEADS,
    LEADS_OF_WORDS,
    QUESTIONS,
    Check,
    Outcome,
    Picture,
    figure,
    missing,
    together,
)
from sitegen.web.pages.faithfulness.wording import BEST, NAMES, RANDOM, WORST, listed, orders, points_text, rate_text
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import points

Segments = Literal["sentences", "tokens"]  # as the report names its two results
Format = Callable[[float], str]

_NAMES = {"sentences": "sentences", "tokens": "words"}
_LEADS = {"sentences": LEADS, "tokens": LEADS_OF_WORDS}
_HEAD = ("Figure", "By", "Value", "Random order", "Best", "Worst", "Error")


def erasure_check(
    result: Faithfulness, key: Segments, suffix: str, *, palette: Palette, nouns: Nouns = PAPERS
) -> Check:
    """Whether the segments named strongest matter: comprehensiveness, sufficiency, and both curves."""
    unit = result.sentences if key == "sentences" else result.tokens
    if unit is None:
        return missing(result, key, suffix, needs=key, nouns=nouns)
    said, removed, kept = _NAMES[key], unit.comprehensiveness, unit.sufficiency
    down, up = unit.deletion.area, unit.insertion.area
    outcome = together(
        figure(scored, _LEADS[key], high=high)
        for scored, high in ((removed, True), (kept, False), (down, False), (up, True))
    )
    finding = Finding(
        key=key + suffix,
        question=QUESTIONS[key],
        answer=(
            f"{outcome.value}. When the strongest {said} are taken out, the probability of the model's answer falls "
            f"by {_each(removed, points_text)} percentage points on average. {_beside(removed, points_text)}",
            f"When only the strongest {said} are kept, it changes by {_each(kept, _change)} percentage points; the "
            f"higher, the better. {_beside(kept, _change)}",
            _steps(key, nouns),
            f"{nouns.count(unit.records)}, {unit.segments:,} {said}.{_left_out(unit, nouns=nouns)}",
        ),
        caption=f"How far the probability falls when the strongest {said} are taken out: the more, the better.",
        chart=dots_spec(
            [_dots(measure, removed) for measure in unit.measures],
            palette=palette,
            title="percentage points",
            better="more",
        ),
        values=Values(
            head=_HEAD,
            rows=(
                *_rows("Fall when taken out (comprehensiveness), points", removed, points_text),
                *_rows("Change when kept alone (sufficiency, its sign turned), points", kept, _change),
                *_rows("Area under the curve, taken out (deletion)", down, rate_text),
                *_rows("Area under the curve, put back (insertion)", up, rate_text),
            ),
        ),
    )
    pictures = (
        _curve(
            unit.deletion,
            palette=palette,
            key=f"{key}-deletion{suffix}",
            axis=f"{said} taken out",
            caption="Taken out one after the other, the strongest first: the sooner it falls, the better.",
        ),
        _curve(
            unit.insertion,
            palette=palette,
            key=f"{key}-insertion{suffix}",
            axis=f"{said} put back",
            caption="Put back one after the other, the strongest first: the sooner it rises, the better.",
        ),
    )
    return Check(
        finding=finding,
        outcome=outcome,
        short=f"{outcome.value}: without them the answer falls by {points_text(removed.of(_LEADS[key]).value)} "
        f"percentage points, without others picked at random by {points_text(removed.random)}.",
        pictures=pictures,
    )


def _left_out(unit: ErasureMetrics, *, nouns: Nouns = PAPERS) -> str:
    if not unit.left_out:
        return ""
    papers = nouns.count(unit.left_out)
    return f" {papers} with more sentences left out: too many orders to know the best and the worst."


def _dots(measure: str, scored: MetricMean) -> Dots:
    """In percentage points."""
    values = {OURS: scored.of(measure).value, **orders(scored)}
    return Dots(
        name=NAMES[measure].short, values={order: (100 * value, points_text(value)) for order, value in values.items()}
    )


def _curve(curve: Curve, *, palette: Palette, key: str, axis: str, caption: str) -> Picture:
    ours = {NAMES[one.measure].short: one.values for one in curve.by_measure}
    every = {**ours, RANDOM: curve.random, **({BEST: curve.best} if curve.best else {})}
    texts = {order: tuple(map(rate_text, values)) for order, values in every.items()}
    if curve.worst:
        texts[WORST] = tuple(map(rate_text, curve.worst))
    return Picture(
        key=key,
        caption=caption,
        chart=curve_spec(curve.fractions, every, texts, palette=palette, axis=axis, answer="probability of the answer"),
        values=Values(
            head=(axis, *texts),
            rows=tuple(
                (rate_text(x), *(values[k] for values in texts.values())) for k, x in enumerate(curve.fractions)
            ),
        ),
    )


def _steps(key: Segments, nouns: Nouns) -> str:
    if key == "sentences":
        stays = "; the title stays" if nouns.titled else ""
        return f"These are averages over one sentence, two, and so on to all of {nouns.a_text}{stays}."
    words = "title and abstract together" if nouns.titled else nouns.a_text
    return (
        f"These are averages over 1, 5, 10, 20 and 50% of the words of {words}. A word has no share: there are too "
        "many words to try all their combinations."
    )


def flips_check(result: Faithfulness, suffix: str, *, palette: Palette, nouns: Nouns = PAPERS) -> Check:
    """How much must be taken out before the answer changes."""
    measured: tuple[tuple[Segments, ErasureMetrics | None], ...]
    measured = (("sentences", result.sentences), ("tokens", result.tokens))
    units = [(key, unit) for key, unit in measured if unit]
    if not units:
        return missing(result, "flips", suffix, needs="sentences", nouns=nouns)
    outcome = together(figure(unit.flip.fraction, _LEADS[key], high=False) for key, unit in units)
    said = " ".join(
        f"{'On average' if k == 0 else 'Of the'} {_parts(key, unit, first=k == 0)}. "
        f"{_beside(unit.flip.fraction, rate_text)}"
        for k, (key, unit) in enumerate(units)
    )
    rates = "; ".join(
        f"{_NAMES[key]} in {_each(unit.flip.rate, rate_text)} of the {nouns.many}, in random order in "
        f"{rate_text(unit.flip.rate.random)}"
        for key, unit in units
    )
    finding = Finding(
        key="flips" + suffix,
        question=QUESTIONS["flips"],
        answer=(
            f"{_lead_in(outcome, nouns=nouns)} {said}",
            "Some answers never change, however much is taken out; they count as 100%. The answer changes at some "
            f"point when the strongest are taken out: {rates}.",
        ),
        caption="How much must be taken out, the strongest first, until the answer changes, on average: the less, the "
        "better.",
        chart=dots_spec(
            [
                Dots(
                    name=f"{_NAMES[key]}: {NAMES[measure].short}",
                    values={
                        order: (value, rate_text(value))
                        for order, value in {
                            OURS: unit.flip.fraction.of(measure).value,
                            **orders(unit.flip.fraction),
                        }.items()
                    },
                )
                for key, unit in units
                for measure in unit.measures
            ],
            palette=palette,
            title="taken out",
            better="less",
            limits=(0.0, 1.0),
        ),
        values=Values(
            head=_HEAD,
            rows=tuple(
                row
                for key, unit in units
                for what, scored in (("Taken out", unit.flip.fraction), ("Answers that change", unit.flip.rate))
                for row in _rows(f"{what}: {_NAMES[key]}", scored, rate_text)
            ),
        ),
    )
    shares = [f"{rate_text(unit.flip.fraction.of(_LEADS[key]).value)} of the {_NAMES[key]}" for key, unit in units]
    return Check(
        finding=finding,
        outcome=outcome,
        short=f"{_lead_in(outcome, nouns=nouns)} On average {' or '.join(shares)} must go.",
    )


def _parts(key: Segments, unit: ErasureMetrics, *, first: bool) -> str:
    each = _each(unit.flip.fraction, rate_text)
    if first:
        return f"{each} of the {_NAMES[key]} must be taken out, the strongest first, before the answer changes"
    return f"{_NAMES[key]} it takes {each}"


def _lead_in(outcome: Outcome, *, nouns: Nouns = PAPERS) -> str:
    """How the answer begins to a question that cannot be answered by yes or no."""
    return {
        Outcome.HOLDS: "Less than in random order.",
        Outcome.IN_PART: "Less than in random order, but far more than in the best order.",
        Outcome.FAILS: "No less than in random order.",
        Outcome.UNKNOWN: f"Too few {nouns.many} to tell.",
    }[outcome]


def _change(fall: float) -> str:
    """A fall of the probability as its change, signed."""
    return points(-fall)


def _each(scored: MetricMean, text: Format) -> str:
    """`18.1 (by the share), 17.4 (alone) and 14.8 (without it)`."""
    return listed([f"{text(one.value)} ({NAMES[one.measure].short})" for one in scored.by_measure])


def _beside(scored: MetricMean, text: Format) -> str:
    """The random value in words, and the best where it is known."""
    best = f"; in the best possible order: {text(scored.best)}" if scored.best is not None else ""
    return f"In random order: {text(scored.random)}{best}."


def _rows(name: str, scored: MetricMean, text: Format) -> tuple[tuple[str, ...], ...]:
    known = orders(scored)
    others = [text(known[order]) if order in known else "–" for order in (RANDOM, BEST, WORST)]
    return tuple(
        (
            name,
            NAMES[one.measure].short,
            text(one.value),
            *others,
            "–" if one.error is None else f"±{points_text(one.error)}",
        )
        for one in scored.by_measure
    )
