"""The checks that know the right answer beforehand: mixed abstracts, and neutral sentences in the papers' own.

The first words of an answer are the verdict, by the rules of `checks`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil

from sitegen.analysis.faithfulness.hybrids import Hybrids
from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.analysis.faithfulness.planted import Planted
from sitegen.analysis.faithfulness.rates import Rate
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.pages.faithfulness.charts import Interval, class_intervals_spec, interval_spec
from sitegen.web.pages.faithfulness.checks import (
    CHANCE,
    LEADS,
    QUESTIONS,
    Check,
    Picture,
    hybrids_outcome,
    missing,
    planted_outcome,
)
from sitegen.web.pages.faithfulness.trusted import papers_left_out
from sitegen.web.pages.faithfulness.wording import NAMES, listed, rate_text
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, upper

_HEAD = ("Measure", "{Texts}", "Rate", "95% interval")
_CLASS_HEAD = ("Measure, class", "{Texts}", "Rate", "95% interval")


def hybrids_check(
    result: Faithfulness, classes: tuple[str, str], suffix: str, *, palette: Palette, nouns: Nouns = PAPERS
) -> Check:
    """Whether the measures know the class of a sentence in a mixed abstract. classes: (negative, positive)."""
    mixed = result.hybrids
    if mixed is None:
        return missing(result, "hybrids", suffix, needs="hybrids", nouns=nouns)
    outcome = hybrids_outcome(mixed)
    aucs, strongest = ([getattr(one, name) for one in mixed.by_measure] for name in ("auc", "strongest"))
    said = f"how often a “{classes[1]}” sentence counts more for “{classes[1]}” than a “{classes[0]}” one"
    finding = Finding(
        key="hybrids" + suffix,
        question=QUESTIONS["hybrids"],
        answer=(
            f"{outcome.value}. Of two sentences, one from “{classes[1]}” and one from “{classes[0]}” {nouns.many}, the "
            f"first is the one that counts more for “{classes[1]}” in {_each(aucs)} of pairs; by guessing in "
            f"{rate_text(CHANCE)}. They stand in {count(mixed.documents, f'mixed {nouns.text}')}.",
            _recipe(mixed, nouns=nouns),
            f"The sentence that counts most for the model's answer does come from {nouns.a} of that class in "
            f"{_each(strongest)} of the mixed {nouns.texts}; one picked at random in {rate_text(mixed.chance)}.",
            f"The sentences come from {nouns.count(mixed.sources[1])} of class “{classes[1]}” and "
            f"{mixed.sources[0]:,} of “{classes[0]}”"
            f"{papers_left_out(nouns=nouns, used=1, available=1, misread=mixed.misread)}.",
            *_by_class(mixed, classes),
        ),
        caption=f"In mixed {nouns.texts}, {said}, with the 95% interval.",
        chart=interval_spec(_intervals(aucs), palette=palette, compared=CHANCE, says="guessing", title="pairs"),
        values=_values(aucs, nouns=nouns),
    )
    pictures = [
        Picture(
            key="hybrids-strongest" + suffix,
            caption="How often the strongest sentence is of the class that the model says, with the 95% interval.",
            chart=interval_spec(
                _intervals(strongest),
                palette=palette,
                compared=mixed.chance,
                says="guessing",
                title=f"mixed {nouns.texts}",
            ),
            values=_values(strongest, nouns=nouns),
        )
    ]
    if own := [one.above_neutral for one in mixed.by_measure if one.above_neutral]:
        pictures.append(
            _class_picture(
                "hybrids-neutral" + suffix,
                f"How often a sentence counts more for its class than the neutral one in the same mixed {nouns.text}.",
                own,
                classes,
                chance=CHANCE,
                most=1.0,
                palette=palette,
                nouns=nouns,
            )
        )
    leading = MEASURES.index(LEADS)
    return Check(
        finding=finding,
        outcome=outcome,
        short=f"{outcome.value}, in {rate_text(aucs[leading].value)} of pairs of sentences; guessing: "
        f"{rate_text(CHANCE)}.",
        pictures=tuple(pictures),
    )


def planted_check(
    result: Faithfulness, classes: tuple[str, str], suffix: str, *, palette: Palette, nouns: Nouns = PAPERS
) -> Check:
    """Whether the papers' own sentences lie above a neutral one. classes: (negative, positive)."""
    planted = result.planted
    if planted is None:
        return missing(result, "planted", suffix, needs="planted", nouns=nouns)
    outcome = planted_outcome(planted)
    over, top = ([getattr(one, name) for one in planted.by_measure] for name in ("above", "on_top"))
    known = [chance for chance in planted.chance if chance is not None]
    chance = sum(known) / len(known)
    own = "; ".join(
        f"in “{classes[y]}” {nouns.many} in {_some([rates[y] for rates in over])}"
        for y in (1, 0)
        if planted.by_class[y]
    )
    tops = "; ".join(
        f"in “{classes[y]}” {nouns.many} in {_some([rates[y] for rates in top])}" for y in (1, 0) if planted.by_class[y]
    )
    finding = Finding(
        key="planted" + suffix,
        question=QUESTIONS["planted"],
        answer=(
            f"{outcome.value}. {upper(nouns.a)}'s own sentence counts for more than a neutral one that was put beside "
            f"it, {own} of pairs; by guessing in {rate_text(CHANCE)}.",
            "A neutral sentence says nothing of either class, such as “All rights reserved.”. One was put at a random "
            f"place into each {nouns.text}. A good measure ranks the {nouns.one}'s own sentences above it, but not "
            f"all of them, since {nouns.many} have sentences that say nothing, too.",
            f"The neutral sentence comes out as the strongest of its {nouns.text} {tops}; by guessing in about "
            f"{rate_text(chance)}.",
            f"{_papers(planted, classes, nouns=nouns)}",
        ),
        caption=f"How often {nouns.a}'s own sentence counts more for the {nouns.one}'s class than the neutral one, "
        "with the 95% interval: the more, the better.",
        chart=class_intervals_spec(
            _class_intervals(over, classes),
            classes=classes,
            palette=palette,
            compared=CHANCE,
            says="guessing",
            title="pairs",
        ),
        values=_class_values(over, classes, nouns=nouns),
    )
    picture = _class_picture(
        "planted-top" + suffix,
        f"How often the neutral sentence comes out strongest of its {nouns.text}, with the 95% interval: the less, the "
        "better.",
        top,
        classes,
        chance=chance,
        most=_most(top, chance),
        palette=palette,
        nouns=nouns,
    )
    rates = [rate_text(rate.value) for rate in reversed(over[MEASURES.index(LEADS)]) if rate]
    both = f" (“{classes[1]}” and “{classes[0]}” {nouns.many})" if len(rates) > 1 else ""
    return Check(
        finding=finding,
        outcome=outcome,
        short=f"{outcome.value}, in {listed(rates)} of pairs{both}; guessing: {rate_text(CHANCE)}.",
        pictures=(picture,),
    )


def _recipe(mixed: Hybrids, *, nouns: Nouns = PAPERS) -> str:
    neutral = " and one neutral sentence, such as “All rights reserved.”" if mixed.neutral else ""
    return (
        f"A mixed {nouns.text} is put together for this test: {count(mixed.per_class, 'sentence')} from {nouns.many} "
        f"of each class{neutral}, shuffled{', and no title' if nouns.titled else ''}. So it is known beforehand which "
        "sentence speaks for which class."
    )


def _papers(planted: Planted, classes: tuple[str, str], *, nouns: Nouns = PAPERS) -> str:
    negative, positive = planted.by_class
    left_out = papers_left_out(
        nouns=nouns, used=planted.documents, available=planted.available, misread=planted.misread
    )
    return (
        f"{nouns.count(positive)} of class “{classes[1]}”, {negative:,} of “{classes[0]}”{left_out}; "
        f"{count(planted.neutral, 'different neutral sentence')}."
    )


def _by_class(mixed: Hybrids, classes: tuple[str, str]) -> tuple[str, ...]:
    """Where the leading measure hits one class less often beyond doubt, and what that may mean."""
    negative, positive = mixed.by_measure[MEASURES.index(LEADS)].strongest_by_class
    if negative is None or positive is None:
        return ()
    (low, name), (high, other) = sorted(
        ((negative, classes[0]), (positive, classes[1])), key=lambda pair: pair[0].value
    )
    if low.high >= high.low:
        return ()
    return (
        f"Where the model says “{other}”, {NAMES[LEADS].phrase} points at a sentence of that class in "
        f"{rate_text(high.value)}; where it says “{name}”, in {rate_text(low.value)} only. This need not be the "
        f"measure's fault: a model may say “{name}” because it finds no sign of “{other}”, and then a sentence that "
        f"says nothing counts for “{name}”, too.",
    )


def _each(rates: Sequence[Rate]) -> str:
    """`93% (its share), 93% (alone) and 90% (without it)`."""
    pairs = zip(MEASURES, rates, strict=True)
    return listed([f"{rate_text(rate.value)} ({NAMES[measure].short})" for measure, rate in pairs])


def _some(rates: Sequence[Rate | None]) -> str:
    return _each([rate for rate in rates if rate])


def _most(rates: Sequence[tuple[Rate | None, Rate | None]], chance: float) -> float:
    """Where an axis may end that shows these rates: the next tenth."""
    return min(1.0, ceil(10 * max(chance, *(rate.high for both in rates for rate in both if rate))) / 10)


def _intervals(rates: Sequence[Rate]) -> list[Interval]:
    return [_interval(NAMES[measure].short, "", rate) for measure, rate in zip(MEASURES, rates, strict=True)]


def _interval(name: str, of_class: str, rate: Rate) -> Interval:
    return Interval(
        name=name,
        group=of_class,
        value=rate.value,
        low=rate.low,
        high=rate.high,
        text=rate_text(rate.value),
        between=_between(rate),
    )


def _between(rate: Rate, text: Callable[[float], str] = rate_text) -> str:
    return f"{text(rate.low)} to {text(rate.high)}"


def _class_intervals(rates: Sequence[tuple[Rate | None, Rate | None]], classes: tuple[str, str]) -> list[Interval]:
    return [
        _interval(NAMES[measure].short, classes[y], rate)
        for measure, of_class in zip(MEASURES, rates, strict=True)
        for y in (1, 0)
        if (rate := of_class[y])
    ]


def _values(rates: Sequence[Rate], *, nouns: Nouns = PAPERS) -> Values:
    return Values(
        head=tuple(map(nouns.say, _HEAD)),
        rows=tuple(
            (NAMES[measure].short, f"{rate.documents:,}", rate_text(rate.value), _between(rate))
            for measure, rate in zip(MEASURES, rates, strict=True)
        ),
    )


def _class_values(
    rates: Sequence[tuple[Rate | None, Rate | None]], classes: tuple[str, str], *, nouns: Nouns = PAPERS
) -> Values:
    return Values(
        head=tuple(map(nouns.say, _CLASS_HEAD)),
        rows=tuple(
            (f"{NAMES[measure].short}, {classes[y]}", f"{rate.documents:,}", rate_text(rate.value), _between(rate))
            for measure, of_class in zip(MEASURES, rates, strict=True)
            for y in (1, 0)
            if (rate := of_class[y])
        ),
    )


def _class_picture(
    key: str,
    caption: str,
    rates: Sequence[tuple[Rate | None, Rate | None]],
    classes: tuple[str, str],
    *,
    chance: float,
    most: float,
    palette: Palette,
    nouns: Nouns = PAPERS,
) -> Picture:
    return Picture(
        key=key,
        caption=caption,
        chart=class_intervals_spec(
            _class_intervals(rates, classes),
            classes=classes,
            palette=palette,
            compared=chance,
            says="guessing",
            title=nouns.texts,
            most=most,
        ),
        values=_class_values(rates, classes, nouns=nouns),
    )
