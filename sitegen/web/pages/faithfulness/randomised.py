"""The check against models that learned nothing: the same network with random weights.

The first words of the answer are the verdict, by the rules of `checks`.
"""

from __future__ import annotations

from sitegen.analysis.faithfulness.measures import MEASURES, READ_ALONE
from sitegen.analysis.faithfulness.randomised import Agreement, Randomised
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.pages.faithfulness.charts import Interval, interval_spec
from sitegen.web.pages.faithfulness.checks import (
    ERRORS,
    LEADS,
    QUESTIONS,
    Check,
    Outcome,
    agreement_outcome,
    missing,
)
from sitegen.web.pages.faithfulness.trusted import papers_left_out
from sitegen.web.pages.faithfulness.wording import NAMES, listed
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import correlation, count

_HEAD = ("Rank correlation", "By", "{Many}", "Mean")


def randomised_check(result: Faithfulness, suffix: str, *, palette: Palette, nouns: Nouns = PAPERS) -> Check:
    """Whether models that have learned nothing put a paper's sentences into the same order."""
    found = result.randomised
    if found is None:
        return missing(result, "randomised", suffix, needs="randomised", nouns=nouns)
    leading = found.by_measure[MEASURES.index(LEADS)]
    outcome = agreement_outcome(leading, found.limit)
    each = listed([f"{correlation(one.correlation)} ({NAMES[one.measure].short})" for one in found.by_measure])
    finding = Finding(
        key="randomised" + suffix,
        question=QUESTIONS["randomised"],
        answer=(
            f"{_verdict(outcome)}. A model with random weights, which has learned nothing, was asked the same. Its "
            f"order of {nouns.a}'s sentences, by how far they move the answer, is like ours to this degree: {each}. 0 "
            f"is not at all, 1 the same order; up to {correlation(found.limit)} either way passes.",
            *_places(found, nouns=nouns),
            *_directions(found),
            _papers(found, nouns=nouns),
        ),
        caption=f"Rank correlation of the sizes with those by models with random weights, mean over {nouns.many}: the "
        f"nearer to 0, the better. The line is {ERRORS:g} standard errors to either side.",
        chart=interval_spec(
            [_interval(one) for one in found.by_measure],
            palette=palette,
            compared=0.0,
            band=found.limit,
            says="passes",
            title="rank correlation",
            limits=(-1.0, 1.0),
        ),
        values=Values(
            head=tuple(map(nouns.say, _HEAD)),
            rows=tuple(row for one in found.by_measure for row in _rows(one, found.records)),
        ),
    )
    return Check(
        finding=finding,
        outcome=outcome,
        short=f"{_verdict(outcome)}: its order of sentences is like ours to a degree of "
        f"{correlation(leading.correlation)} (1 is the same order); up to {correlation(found.limit)} passes.",
    )


def _verdict(outcome: Outcome) -> str:
    return {
        Outcome.HOLDS: "No",
        Outcome.IN_PART: "In part",
        Outcome.FAILS: "Yes, too much of it",
        Outcome.UNKNOWN: Outcome.UNKNOWN.value,
    }[outcome]


def _interval(one: Agreement) -> Interval:
    spread = ERRORS * (one.error or 0.0)
    low, high = one.correlation - spread, one.correlation + spread
    return Interval(
        name=NAMES[one.measure].short,
        group="",
        value=one.correlation,
        low=low,
        high=high,
        text=correlation(one.correlation),
        between=f"{correlation(low)} to {correlation(high)}",
    )


def _places(found: Randomised, *, nouns: Nouns = PAPERS) -> tuple[str, ...]:
    """Of the measures that do not pass, how much of the agreement is due to where in their abstract sentences stand."""
    said = []
    for one in found.by_measure:
        if abs(one.correlation) <= found.limit or one.partial is None:
            continue
        ends = max(one.place, one.random_place) < -found.limit
        both = (
            f"both models' answers move more with sentences near the beginning or the end of their {nouns.text} "
            f"(correlation with the distance from there: {correlation(one.place)} for ours, "
            f"{correlation(one.random_place)} for random weights). "
            if ends
            else ""
        )
        left = (
            f"{'A' if ends else 'a'}mong sentences in like places the orders are alike to a degree of "
            f"{correlation(one.partial)}"
        )
        passes = (
            "still more than passes."
            if abs(one.partial) > found.limit
            else "which passes: they agree because any model of this build gives weight to those places."
        )
        name = NAMES[one.measure]
        said.append(f"As to {name.phrase}, {both}{left}, {passes}")
    return tuple(said)


def _directions(found: Randomised) -> tuple[str, ...]:
    each = listed([f"{correlation(one.signed)} ({NAMES[one.measure].short})" for one in found.by_measure])
    learned = all(abs(one.signed) <= found.limit for one in found.by_measure)
    said = "comes from what the model learned" if learned else "does not come from learning alone by every measure"
    return (f"Which way a sentence moves the answer {said}: there the orders are alike to a degree of {each}.",)


def _papers(found: Randomised, *, nouns: Nouns = PAPERS) -> str:
    tried = found.records + found.left_out
    left_out = f"; {nouns.count(found.left_out)} with nothing to rank left out" if found.left_out else ""
    fewer = papers_left_out(nouns=nouns, used=tried, available=found.available, misread=0)
    return (
        f"{nouns.count(found.records)}{fewer}, "
        f"{count(found.models, 'model')} with random weights{left_out}. The size of what a sentence "
        f"says {NAMES[READ_ALONE].short} is counted from what the model says to neutral sentences."
    )


def _rows(one: Agreement, records: int) -> tuple[tuple[str, ...], ...]:
    name = NAMES[one.measure].short
    partial = (
        [("size, among sentences in like places", name, f"{one.partial_records:,}", correlation(one.partial))]
        if one.partial is not None
        else []
    )
    return (
        ("size", name, f"{records:,}", correlation(one.correlation)),
        *((f"size, random model {k} alone", name, "", correlation(r)) for k, r in enumerate(one.by_model, 1)),
        *partial,
        ("direction", name, f"{records:,}", correlation(one.signed)),
        ("size with distance from an end, this model", name, f"{records:,}", correlation(one.place)),
        ("the same, random models", name, f"{records:,}", correlation(one.random_place)),
    )
