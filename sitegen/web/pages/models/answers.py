"""Do two models say the same, and which is right more often?"""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import numpy as np

from sitegen.analysis.corpus.agreement import Answers, rank_correlation
from sitegen.config import Site
from sitegen.web.charts.style import Palette, page_chart, rounded
from sitegen.web.components import Finding, Section, Values
from sitegen.web.pages.models.pair import Pair
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import correlation, counted_share, percent, upper

DRAWN = 3000  # points that the chart has at most
CERTAIN = 0.05  # of p, from which on it is not said that one model is right more often
TOLD = 6  # of as many that all fall to one side chance makes less than CERTAIN, of fewer never


def section(site: Site, palette: Palette, nouns: Nouns, pair: Pair, *, key: str) -> Section:
    """The answers in words, and as a chart with a point a record."""
    answers, names = pair.answers, (pair.a.model, pair.b.model)
    probabilities = pair.probabilities
    return Section(
        head=Finding(
            key=f"answers-{key}",
            question="Do they say the same?",
            answer=tuple(
                filter(
                    None, (said(answers, nouns), right_more_often(answers, names, nouns), _alike(probabilities, nouns))
                )
            ),
            caption=f"Each point is {nouns.a}. Across: what {names[0]} says; upward: what {names[1]} says. In the two "
            "corners that are marked the answers differ.",
            chart=_spec(site, palette, nouns, pair),
            values=_values(answers, names, nouns),
        )
    )


def said(answers: Answers, nouns: Nouns) -> str:
    """How often two models give the same answer, in a sentence."""
    n, same = answers.n, answers.same
    if not n:
        return f"That cannot be said: there is no {nouns.one} that both read."
    if same == n:
        every = f"all {nouns.count(n)}" if n > 1 else f"the one {nouns.one} that both read"
        return f"Yes: they give the same answer to {every}."
    kappa = answers.kappa
    chance = (
        ""
        if math.isnan(kappa)
        else f" That is {kappa:.2f} on a scale where 0 is what luck alone would give, and 1 is always (Cohen's kappa)."
    )
    often = "Mostly: they" if same / n >= 0.75 else "They" if same / n >= 0.5 else "Rarely: they"
    return f"{often} give the same answer to {same:,} of {nouns.count(n)} ({counted_share(same, n)}).{chance}"


def right_more_often(answers: Answers, names: tuple[str, str], nouns: Nouns) -> str:
    """Which of the two is right where they differ, in a sentence; "" where no label tells."""
    both, a, b, neither = answers.table
    if not both + a + b + neither:
        return ""
    if not a + b:
        return f"Of the labelled {nouns.many} none is one that only one of them is right about."
    better = names[0] if a >= b else names[1]
    other = names[1] if a >= b else names[0]
    p = answers.p_value
    start = (
        f"On {nouns.count(a + b, 'labelled')} just one of the two is right: {names[0]} on {a:,}, {names[1]} on {b:,}."
    )
    if a + b < TOLD:
        return f"{start} Too few to tell which is better."
    if abs(a - b) <= 1:
        return f"{start} That is as even as it can be, and does not tell which is better."
    tosses = f"a fair coin would split them as unevenly {_often(p)}"
    if p >= CERTAIN:
        return f"{start} That does not tell which is better: {tosses}."
    return f"{start} So {better} is right more often than {other}, by more than luck: {tosses}."


def _often(p: float) -> str:
    """How often chance does it."""
    return "less than once in 1,000 times" if p < 0.001 else f"in {percent(p)} of cases"


def _alike(probabilities: tuple[Any, Any], nouns: Nouns) -> str:
    """How alike their orders of the records are."""
    r = rank_correlation(*probabilities)
    if math.isnan(r):
        return ""
    close = "much the same" if r >= 0.8 else "a similar" if r >= 0.5 else "another"
    return (
        f"Ordered from the least to the most likely by each model, the {nouns.many} come in {close} order (rank "
        f"correlation {correlation(r)}: 1 is the same order, 0 no relation)."
    )


def _values(answers: Answers, names: tuple[str, str], nouns: Nouns) -> Values | None:
    both, a, b, neither = answers.table
    rows: list[tuple[str, str]] = [
        ("same answer", f"{answers.same:,}"),
        ("two answers", f"{answers.n - answers.same:,}"),
    ]
    if both + a + b + neither:
        rows += [
            ("both right, by the label", f"{both:,}"),
            (f"only {names[0]} right", f"{a:,}"),
            (f"only {names[1]} right", f"{b:,}"),
            ("both wrong", f"{neither:,}"),
        ]
    return Values(head=("Answers", upper(nouns.many)), rows=tuple(rows)) if answers.n else None


def _spec(site: Site, palette: Palette, nouns: Nouns, pair: Pair) -> dict[str, Any] | None:
    """A point a record by both probabilities, over the two quarters in which the answers differ."""
    summaries, classes = pair.summaries, site.classes
    if not summaries:
        return None
    chosen = np.unique(np.linspace(0, len(summaries) - 1, min(len(summaries), DRAWN)).astype(int)).tolist()
    rows = [
        {
            **rounded(a=summaries[k][0].probability, b=summaries[k][1].probability),
            "title": summaries[k][0].title,
            "label": classes.names[label] if (label := summaries[k][0].record.label) is not None else "no label",
        }
        for k in chosen
    ]
    ends = alt.Scale(domain=[0, 1])
    t = classes.threshold
    quarters = (
        alt.Chart(alt.InlineData(values=[{"x": 0, "x2": t, "y": t, "y2": 1}, {"x": t, "x2": 1, "y": 0, "y2": t}]))
        .mark_rect(color=palette.chart_neutral, opacity=0.25)
        .encode(x=alt.X("x:Q", scale=ends), x2="x2:Q", y=alt.Y("y:Q", scale=ends), y2="y2:Q")
    )
    labels = [name for name in (*reversed(classes.names), "no label") if any(row["label"] == name for row in rows)]
    colours = {classes.positive: palette.chart_positive, classes.negative: palette.chart_negative}
    shapes = {classes.positive: "triangle-up", classes.negative: "triangle-down"}
    legend = alt.Legend(title="label", orient="top") if labels != ["no label"] else None
    points = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=46, opacity=0.75)
        .encode(
            x=alt.X("a:Q", scale=ends).axis(format=".0%", title=f"{pair.a.model}: “{classes.positive}”", grid=False),
            y=alt.Y("b:Q", scale=ends).axis(format=".0%", title=f"{pair.b.model}: “{classes.positive}”", grid=False),
            color=alt.Color(
                "label:N",
                scale=alt.Scale(domain=labels, range=[colours.get(name, palette.chart_ink) for name in labels]),
                legend=legend,
            ),
            shape=alt.Shape(
                "label:N",
                scale=alt.Scale(domain=labels, range=[shapes.get(name, "circle") for name in labels]),
                legend=legend,
            ),
            tooltip=[
                alt.Tooltip("title:N", title=nouns.one),
                alt.Tooltip("a:Q", title=pair.a.model, format=".0%"),
                alt.Tooltip("b:Q", title=pair.b.model, format=".0%"),
                alt.Tooltip("label:N", title="label"),
            ],
        )
    )
    return page_chart(alt.layer(quarters, points), palette=palette, height=340)
