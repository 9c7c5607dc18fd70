"""Which of the two fields decided, the title or the abstract; and the titles and abstracts that say most read alone.

Only an additive model has an answer: its margin is the sum of the title's part, the abstract's and a constant. What a
field says read alone is its part and a constant, too, so less the average of the corpus the two are the same number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import altair as alt
import numpy as np

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.corpus.overview import Decisions, decisions, strongest
from sitegen.config import Classes
from sitegen.corpus.arrays import Array
from sitegen.web.charts.style import DOWN, UP, Palette, page_chart, rounded
from sitegen.web.components import Finding, Note, Section, Values
from sitegen.web.layout import Link
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import counted_share, excerpt, log_odds, percent, points_size, upper

MOST_POINTS = 2000  # papers up to which each is a dot of its own; beyond, squares count them
CELLS = (40, 30)  # these squares, across and down
LIFT = (  # as an axis says it: what a number in log-odds makes of 50%
    "datum.value > 7.6 ? '>99.9%' : datum.value < -7.6 ? '<0.1%' : "
    "format(1 / (1 + exp(-datum.value)), abs(datum.value) < 4.2 ? '.0%' : '.1%')"
)
RANKED = 20  # titles, and abstracts, listed for each class


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """A paper's dot: what pointing at it tells."""

    title: str  # the paper's
    percent: str  # its probability
    href: str  # its page
    predicted: str  # the class the model says


@dataclass(frozen=True, slots=True, kw_only=True)
class Contribution:
    """One title or abstract, and what it says read alone, less the average of the corpus."""

    title: str  # the paper's
    text: str  # the beginning of the abstract; "" where the title itself is listed
    href: str  # the paper's page
    alone: float  # log-odds
    alone_text: str  # the same as experts see it
    lift: str  # what it makes of an answer of 50%
    length: float  # of its bar: 1 for the largest of all titles and abstracts listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Direction:
    """The titles, or the abstracts, that say most for one class."""

    toward: str  # the class's name
    key: str  # the list's place on the page
    positive: bool  # whether it is the positive class
    rows: tuple[Contribution, ...]  # strongest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributions:
    """The titles, or the abstracts, that say most for either class."""

    partial: ClassVar[str] = "partials/contributions.html"
    heading: str
    lists: tuple[Direction, Direction]  # positive class first


def section(corpus: Corpus) -> Section:
    """Which field decided, and, where that can be told, the strongest texts."""
    parts = corpus.tally.parts
    decided = decisions(parts, positive=corpus.positive, threshold=corpus.classes.threshold) if parts else None
    head = fields(
        decided,
        additive=parts is not None or not corpus.summaries,
        dots=_dots(corpus),
        classes=corpus.classes,
        palette=corpus.palette,
        nouns=corpus.nouns,
    )
    if not decided or not parts:
        return Section(head=head)
    note = Note(
        text="The model adds up a number for the title, one for the abstract and a constant, in log-odds. By itself "
        f"such a number says little. So each is shown less its average over these {corpus.nouns.many}, as the answer "
        "that it makes of 50%; point at one for the number, which is the bar's length.",
        link=Link(text="Why title and abstract add up", href=corpus.frame.link("methods") + "#additivity"),
    )
    largest = float(max(np.abs(decided.title).max(), np.abs(decided.abstract).max())) or 1.0
    titles = _contributions(
        corpus, "title", "The titles that say most", decided.title, parts.title_read, largest=largest
    )
    abstracts = _contributions(
        corpus, "abstract", "The abstracts that say most", decided.abstract, parts.abstract_read, largest=largest
    )
    return Section(head=head, parts=(note, titles, abstracts))


def _dots(corpus: Corpus) -> list[Dot]:
    if len(corpus.summaries) > MOST_POINTS:
        return []
    return [
        Dot(
            title=excerpt(summary.title, 60),
            percent=percent(summary.probability),
            href=corpus.frame.to(summary.page),
            predicted=corpus.classes.names[summary.predicted],
        )
        for summary in corpus.summaries
    ]


def _contributions(
    corpus: Corpus, kind: str, heading: str, values: Array, read: Array, *, largest: float
) -> Contributions:
    """The texts of one field with their `values`, among those of which the model reads something. largest: the value
    whose bar has the full length."""

    def direction(toward: int) -> Direction:
        chosen = strongest(values, among=read, toward=toward, limit=RANKED)
        return Direction(
            toward=corpus.classes.names[toward],
            key=f"{kind}-{'positive' if toward else 'negative'}",
            positive=toward == 1,
            rows=tuple(
                Contribution(
                    title=corpus.summaries[k].title,
                    text=excerpt(corpus.summaries[k].record.abstract, 140) if kind == "abstract" else "",
                    href=corpus.frame.to(corpus.summaries[k].page),
                    alone=round(float(values[k]), 4),
                    alone_text=log_odds(float(values[k])),
                    lift=percent(float(probability(values[k]))),
                    length=round(abs(float(values[k])) / largest, 3),
                )
                for k in chosen
            ),
        )

    return Contributions(heading=heading, lists=(direction(1), direction(0)))


def fields(
    decided: Decisions | None,
    *,
    additive: bool,
    dots: Sequence[Dot],
    classes: Classes,
    palette: Palette,
    nouns: Nouns = PAPERS,
) -> Finding:
    """Which field decided. dots: one per record where each has its own (see fields_spec)."""
    key, question = "fields", "Which decided, the title or the abstract?"
    if not additive:
        said = "This model reads title and abstract together, so its answer is no sum of the two."
        return Finding(key=key, question=question, answer=(said,))
    if decided is None:
        said = "The model can read no title here, or no abstract: there is nothing to compare."
        return Finding(key=key, question=question, answer=(said,))
    n = decided.title.size
    both, neither = decided.count(title=True, abstract=True), decided.count(title=False, abstract=False)
    only_title, only_abstract = decided.count(title=True, abstract=False), decided.count(title=False, abstract=True)
    abstract_leads = decided.abstract_further >= decided.title_further
    further = decided.abstract_further if abstract_leads else decided.title_further
    one, other = ("abstract", "title") if abstract_leads else ("title", "abstract")
    verdict = f"Mostly the {one}:" if 3 * further >= 2 * n else "Both:"
    where = (
        f"Squares count {nouns.many}: to the right are those whose title speaks more for"
        if n > MOST_POINTS
        else f"Each dot is {nouns.a} and leads to its page: to the right, its title speaks more for"
    )
    return Finding(
        key=key,
        question=question,
        answer=(
            f"{verdict} in {further:,} of {nouns.count(n)} ({counted_share(further, n)}) the {one} moves the answer "
            f"further from the average than the {other} does.",
            f"With an average abstract instead of its own, {only_abstract + neither:,} of them would get another "
            f"answer; with an average title, {only_title + neither:,}. In {both:,} ({counted_share(both, n)}) title "
            "and abstract each lead to the model's answer.",
            f"From 50%, half of the abstracts would move the answer by {_typical(decided.abstract)} points or more, "
            f"half of the titles by {_typical(decided.title)}, each in place of an average one.",
        ),
        caption=f"{where} “{classes.positive}” than the average title, which leaves 50% as it is; upward, the same for "
        "abstracts. The model's answer turns at the dashed line.",
        chart=fields_spec(decided, dots, classes=classes.names, palette=palette, nouns=nouns),
        values=Values(
            head=(upper(nouns.many), "abstract alone: same answer", "abstract alone: another"),
            rows=(
                ("title alone: same answer", f"{both:,}", f"{only_title:,}"),
                ("title alone: another", f"{only_abstract:,}", f"{neither:,}"),
            ),
        ),
    )


def _typical(part: Array) -> str:
    """By how many points at least the larger half of a field's parts (in log-odds, less their average) moves 50%."""
    return points_size(float(probability(np.median(np.abs(part)))) - 0.5)


def fields_spec(
    decided: Decisions, dots: Sequence[Dot], *, classes: tuple[str, str], palette: Palette, nouns: Nouns = PAPERS
) -> dict[str, Any]:
    """Each paper's title part (right) and abstract part (up) less their averages, and the line where the model's answer
    turns. Up to MOST_POINTS papers one dot each, else counts in squares; `dots` may be empty then.

    classes: (negative, positive).
    """
    many = decided.title.size > MOST_POINTS
    across, up = _domain(decided.title), _domain(decided.abstract)
    x_axis = alt.Axis(title="the title takes 50% to", grid=False, tickCount=6, labelExpr=LIFT)
    y_axis = alt.Axis(title="the abstract takes 50% to", grid=False, tickCount=6, labelExpr=LIFT)
    x_scale, y_scale = alt.Scale(domain=list(across), nice=False), alt.Scale(domain=list(up), nice=False)
    turn = decided.cut - decided.average  # title + abstract on the line where the answer turns
    ends = [{"x": x, "y": turn - x} for x in across]
    line = (
        alt.Chart(alt.InlineData(values=ends))
        .mark_line(strokeDash=[5, 4], color=palette.chart_ink, strokeWidth=1.5, clip=True)
        .encode(x=alt.X("x:Q", scale=x_scale, axis=x_axis), y=alt.Y("y:Q", scale=y_scale, axis=y_axis))
    )
    middle = [
        alt.Chart(alt.InlineData(values=[{name: 0}])).mark_rule(color=palette.chart_grid).encode(**{name: f"{name}:Q"})
        for name in ("x", "y")
    ]
    papers = (
        _squares(decided, across, up, palette, nouns=nouns)
        if many
        else _points(decided, dots, classes=classes, palette=palette, nouns=nouns)
    )
    return page_chart(alt.layer(*middle, papers, line), palette=palette, height=340)


def _points(
    decided: Decisions, dots: Sequence[Dot], *, classes: tuple[str, str], palette: Palette, nouns: Nouns = PAPERS
) -> Any:
    rows = [
        {
            **rounded(x=x, y=y),
            "x_text": log_odds(x),
            "y_text": log_odds(y),
            "title": dot.title,
            "percent": dot.percent,
            "href": dot.href,
            "answer": dot.predicted,
        }
        for x, y, dot in zip(decided.title.tolist(), decided.abstract.tolist(), dots, strict=True)
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_point(filled=True, size=55, opacity=0.75, cursor="pointer")
        .encode(
            x="x:Q",
            y="y:Q",
            color=alt.Color("answer:N", sort=None)
            .scale(domain=list(classes), range=[palette.chart_negative, palette.chart_positive])
            .legend(title="the model's answer", orient="top"),
            shape=alt.Shape("answer:N", sort=None).scale(domain=list(classes), range=[DOWN, UP]),
            tooltip=[
                alt.Tooltip("title:N", title=nouns.one),
                alt.Tooltip("percent:N", title="probability"),
                alt.Tooltip("x_text:N", title="title (log-odds)"),
                alt.Tooltip("y_text:N", title="abstract (log-odds)"),
            ],
        )
    )


def _squares(
    decided: Decisions, across: tuple[float, float], up: tuple[float, float], palette: Palette, *, nouns: Nouns = PAPERS
) -> Any:
    counts, x_edges, y_edges = np.histogram2d(decided.title, decided.abstract, bins=CELLS, range=[across, up])
    rows = [
        {
            **rounded(x=x_edges[i], x2=x_edges[i + 1], y=y_edges[j], y2=y_edges[j + 1]),
            "papers": int(counts[i, j]),
        }
        for i, j in np.argwhere(counts).tolist()
    ]
    return (
        alt.Chart(alt.InlineData(values=rows))
        .mark_rect()
        .encode(
            x="x:Q",
            x2="x2:Q",
            y="y:Q",
            y2="y2:Q",
            color=alt.Color("papers:Q")
            .scale(type="sqrt", range=[palette.chart_few, palette.chart_many], interpolate="rgb")
            .legend(title=nouns.many, orient="top", gradientLength=160),
            tooltip=[
                alt.Tooltip("papers:Q", title=nouns.many),
                alt.Tooltip("x:Q", title="title from (log-odds)", format="+.2f"),
                alt.Tooltip("y:Q", title="abstract from (log-odds)", format="+.2f"),
            ],
        )
    )


def _domain(values: np.ndarray[Any, np.dtype[Any]]) -> tuple[float, float]:
    """A little more than the values' extent; never empty."""
    low, high = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    margin = 0.05 * (high - low) or 1.0
    return round(low - margin, 3), round(high + margin, 3)
