"""Where in the abstract the sentences that did most stand: does the model read the first and the last only?

Measured by their shares, since the question is what they did: a leave-one-out effect is small wherever another sentence
says the same. Only where a site has no shares, leave-one-out stands in, and the words say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from sitegen.analysis.corpus.overview import PlaceEffect, place_effects
from sitegen.web.charts.style import Palette, page_chart, rounded
from sitegen.web.components import Finding, Section, Values
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.text.asked import UNASKED
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, points, points_size

KEY, QUESTION = "places", "Does the model read the first and the last sentence only?"
SIZE, TOWARD = "its size", "toward the model's answer (+) or against it"


def section(corpus: Corpus) -> Section:
    """The shares by the sentence's place."""
    effects = place_effects(corpus.effects, lengths=corpus.tally.lengths, positive=corpus.positive)
    alone = sum(len(summary.sentences) == 1 for summary in corpus.summaries)
    if np.isnan(corpus.effects.leading).all() and corpus.effects.leading.size:
        return Section(head=Finding(key=KEY, question=QUESTION, answer=(f"{UNASKED} sentences do.",)))
    return Section(
        head=places(effects, alone=alone, shared=corpus.effects.shared, palette=corpus.palette, nouns=corpus.nouns)
    )


def places(
    effects: Sequence[PlaceEffect], *, alone: int, shared: bool, palette: Palette, nouns: Nouns = PAPERS
) -> Finding:
    """Where in the abstract the sentences that did most stand. alone: how many abstracts are one sentence; shared:
    whether the effects are shares, else leave-one-out."""
    by_name = {place.place: place for place in effects}
    between = [place for place in effects if place.place not in ("first", "last")]
    if not between:
        return Finding(key=KEY, question=QUESTION, answer=(f"No {nouns.text} here has more than two sentences.",))
    first, last = by_name["first"], by_name["last"]
    groups = ((first,), (last,), tuple(between))
    sizes = [_pooled(group, [place.size.mean for place in group]) for group in groups]
    tokens = [_pooled(group, [place.tokens for place in group]) for group in groups]
    toward = [_pooled(group, [place.toward.mean for place in group]) for group in groups]
    tens = [10 * mean / length for mean, length in zip(sizes, tokens, strict=True)]
    ends = _pooled((first, last), sizes[:2])
    verdict = "No." if sizes[2] >= ends / 2 else "Mostly." if sizes[2] >= ends / 10 else "Almost."
    moved = "" if shared else "taking out "
    measure = "by their shares" if shared else "by leave-one-out"
    answer = [
        f"{verdict} On average {moved}the first sentence of {nouns.a_text} moves the answer by "
        f"{points_size(sizes[0])} points, up or down, {moved}the last by {points_size(sizes[1])}, and "
        f"{moved}one in between by {points_size(sizes[2])} ({measure}; from 40% to 50% are ten points).",
        f"Length counts, too: first sentences have {tokens[0]:.0f} words on average, last ones {tokens[1]:.0f}, those "
        f"in between {tokens[2]:.0f}. For every ten words a first one moves the answer by "
        f"{points_size(tens[0])} points, a last one by {points_size(tens[1])}, one in between "
        f"by {points_size(tens[2])}.",
        "Some sentences speak for the model's answer and some against it. On balance a first sentence moves it by "
        f"{points(toward[0])} points toward its answer, a last one by {points(toward[1])}, and one in between by "
        f"{points(toward[2])}.",
    ]
    few = " Where a dot lies above its line, a few sentences do most." if _steep(effects) else ""
    if alone:
        answer.append(f"Left out: {count(alone, nouns.text)} of a single sentence, where the first is the last.")
    return Finding(
        key=KEY,
        question=QUESTION,
        answer=tuple(answer),
        caption=f"{'Share' if shared else 'Leave-one-out effect'} of a sentence by its place. Dot: the mean; line: the "
        f"middle half of the sentences.{few} Early, middle and late are the three thirds of what stands between first "
        "and last.",
        chart=places_spec(effects, shared=shared, palette=palette, nouns=nouns),
        values=Values(
            head=(
                "Place",
                "Sentences",
                "Size, mean, points",
                "middle half",
                "Toward the answer, points",
                "middle half",
                "Words",
                "Size for ten words, points",
            ),
            rows=tuple(
                (
                    place.place,
                    f"{place.sentences:,}",
                    points_size(place.size.mean),
                    f"{points_size(place.size.low)} to {points_size(place.size.high)}",
                    points(place.toward.mean),
                    f"{points(place.toward.low)} to {points(place.toward.high)}",
                    f"{place.tokens:.1f}",
                    points_size(10 * place.per_token),
                )
                for place in effects
            ),
        ),
    )


def _steep(effects: Sequence[PlaceEffect]) -> bool:
    """Whether somewhere the mean lies above the middle half."""
    return any(place.size.mean > place.size.high for place in effects)


def _pooled(group: Sequence[PlaceEffect], means: Sequence[float]) -> float:
    """The mean over all sentences of some places, from the places' means."""
    weights = [place.sentences for place in group]
    return sum(weight * mean for weight, mean in zip(weights, means, strict=True)) / sum(weights)


def places_spec(
    effects: Sequence[PlaceEffect], *, shared: bool, palette: Palette, nouns: Nouns = PAPERS
) -> dict[str, Any]:
    """Share by place in the abstract: the mean as a dot, the middle half of the sentences as a line."""
    rows = [
        {
            "place": place.place,
            "kind": kind,
            **rounded(mean=100 * spread.mean, low=100 * spread.low, high=100 * spread.high),
            "text": text(spread.mean),
            "between": f"{text(spread.low)} to {text(spread.high)}",
        }
        for place in effects
        for kind, spread, text in ((SIZE, place.size, points_size), (TOWARD, place.toward, points))
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("place:N", sort=None).axis(title=f"place of the sentence in its {nouns.text}", labelAngle=0),
        xOffset=alt.XOffset("kind:N", sort=None).scale(paddingOuter=0.6),
        color=alt.Color("kind:N", sort=None)
        .scale(domain=[SIZE, TOWARD], range=[palette.chart_ink, palette.chart_contrast])
        .legend(title=None, orient="top", columns=1, labelLimit=300),
        tooltip=[
            alt.Tooltip("place:N", title="place"),
            alt.Tooltip("kind:N", title="what"),
            alt.Tooltip("text:N", title="mean"),
            alt.Tooltip("between:N", title="middle half"),
        ],
    )
    zero = alt.Chart(alt.InlineData(values=[{"y": 0}])).mark_rule(color=palette.chart_neutral).encode(y="y:Q")
    lines = base.mark_rule(strokeWidth=3, opacity=0.55).encode(
        y=alt.Y("low:Q").axis(title=f"{'share' if shared else 'leave-one-out'}, points", domain=False), y2="high:Q"
    )
    means = base.mark_point(filled=True, size=90, opacity=1).encode(
        y="mean:Q", shape=alt.Shape("kind:N", sort=None).scale(domain=[SIZE, TOWARD], range=["circle", "diamond"])
    )
    return page_chart(alt.layer(zero, lines, means), palette=palette, height=240)
