"""Whether the model's probabilities are what they say, by the labels: is 80% really 80%?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np

from sitegen.analysis.corpus.calibration import Bin, calibration_error, reliability
from sitegen.config import Classes
from sitegen.web.charts.style import Palette, page_chart, rounded
from sitegen.web.components import Finding, Note, Section, Values
from sitegen.web.layout import Link
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, counted_share, percent, points_size, upper

FEWEST_LABELS = 30  # labelled papers below which nothing is said of the calibration
NEARLY = 0.1  # of the labelled papers: what is in groups that do not hold where the others are nearly all


def section(corpus: Corpus) -> Section:
    """Groups of labelled papers by probability, and a warning of papers that the model has seen."""
    labelled = [summary for summary in corpus.summaries if summary.record.label is not None]
    bins = reliability(
        np.array([summary.probability for summary in labelled], dtype=np.float64),
        np.array([summary.record.label for summary in labelled], dtype=np.int64),
    )
    seen = Link(text=f"Had it seen these {corpus.nouns.many} before?", href=corpus.frame.link("methods") + "#models")
    return Section(
        head=calibration(bins, classes=corpus.classes, palette=corpus.palette, nouns=corpus.nouns),
        parts=(Note(text=f"A model looks better than it is on {corpus.nouns.many} it was trained on.", link=seen),),
    )


def calibration(bins: Sequence[Bin], *, classes: Classes, palette: Palette, nouns: Nouns = PAPERS) -> Finding:
    """The finding on calibration: do predicted probabilities agree with labels? From the labelled records' bins."""
    key, question = "calibration", "Is 80% really 80%?"
    labelled = sum(b.records for b in bins)
    if not labelled:
        said = f"That cannot be said: these {nouns.many} have no labels to compare with."
        return Finding(key=key, question=question, answer=(said,))
    held = sum(b.holds for b in bins)
    apart = sorted((b for b in bins if not b.holds), key=lambda b: -b.records)
    agree = f"in {held} of {count(len(bins), 'group')} of {nouns.many} with similar probability"
    verdict = (
        f"{nouns.count(labelled, 'labelled')} cannot tell;"
        if labelled < FEWEST_LABELS
        else f"As far as {labelled:,} labelled {nouns.many} can tell, yes:"
        if held == len(bins)
        else "No:"
        if not held
        else "Nearly:"
        if sum(b.records for b in apart) <= NEARLY * labelled
        else "Not everywhere:"
    )
    answer = [
        f"{verdict} {agree} the share labelled “{classes.positive}” agrees with what the model said, within the range "
        "of chance.",
        *_apart(apart, classes, nouns=nouns),
        _eighty(bins, classes, nouns=nouns),
        f"On average over all groups, what it said and what is labelled differ by "
        f"{points_size(calibration_error(bins))} percentage points. Even a perfect model's groups fall outside their "
        "range now and then, each in about one case in twenty.",
    ]
    return Finding(
        key=key,
        question=question,
        answer=tuple(answer),
        caption=f"{upper(nouns.many)} by probability, in groups that are ten percentage points wide, with the number "
        f"of {nouns.many}; empty groups are left out. A perfect model's dots lie on the dashed line; lines are 95% "
        "intervals (Wilson's).",
        chart=calibration_spec(bins, positive=classes.positive, palette=palette, nouns=nouns),
        values=Values(
            head=(
                "Probability",
                upper(nouns.many),
                "Said on average",
                f"Labelled “{classes.positive}”",
                "95% interval",
            ),
            rows=tuple(
                (
                    f"{100 * b.low:.0f}–{100 * b.high:.0f}%",
                    f"{b.records:,}",
                    percent(b.said),
                    _labelled(b),
                    _between(b),
                )
                for b in bins
            ),
        ),
    )


def _apart(bins: Sequence[Bin], classes: Classes, *, nouns: Nouns) -> list[str]:
    """What is said of the largest of the groups that do not hold; nothing without one."""
    if not bins:
        return []
    b, most = bins[0], "the largest of those that do not" if len(bins) > 1 else "the one that does not"
    return [
        f"Of {nouns.count(b.records)} that it gave {100 * b.low:.0f}% to {100 * b.high:.0f}%, {most}, it said "
        f"{percent(b.said)} on average; {b.positive:,} ({counted_share(b.positive, b.records)}) "
        f"{'is' if b.positive == 1 else 'are'} labelled “{classes.positive}”."
    ]


def _eighty(bins: Sequence[Bin], classes: Classes, *, nouns: Nouns = PAPERS) -> str:
    """How right it was about the papers that were given 80% to 90%."""
    for b in bins:
        if round(10 * b.low) == 8 and b.records == 1:
            carries = "carries" if b.positive else "does not carry"
            return f"It gave 1 labelled {nouns.one} 80% to 90%, {percent(b.said)}; it {carries} “{classes.positive}”."
        if round(10 * b.low) == 8:
            carry = "carries" if b.positive == 1 else "carry"
            return (
                f"It gave {nouns.count(b.records)} 80% to 90%, {percent(b.said)} on average; {b.positive:,} of them "
                f"({counted_share(b.positive, b.records)}) {carry} the label “{classes.positive}”."
            )
    return f"It gave no labelled {nouns.one} 80% to 90%."


def _bound(p: float) -> str:
    return {0.0: "0%", 1.0: "100%"}.get(p) or percent(p)


def _labelled(b: Bin) -> str:
    """How many papers of a group carry the label."""
    return f"{b.positive:,} ({counted_share(b.positive, b.records)})"


def _between(b: Bin) -> str:
    """The 95% interval of that share."""
    return f"{_bound(b.share_low)} to {_bound(b.share_high)}"


def calibration_spec(bins: Sequence[Bin], *, positive: str, palette: Palette, nouns: Nouns = PAPERS) -> dict[str, Any]:
    """Mean probability against the share of labels, with 95% intervals and each bin's number of papers."""
    rows = [
        {
            "from": b.low,
            "to": b.high,
            "papers": b.records,
            "positive": b.positive,
            **rounded(said=b.said, share=b.share, low=b.share_low, high=b.share_high),
            "text": percent(b.said),
            "between": _between(b),
            "labelled": _labelled(b),
        }
        for b in bins
    ]
    shares = alt.Scale(domain=[0, 1])
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("said:Q", scale=shares).axis(format=".0%", title="what the model said, on average", grid=False),
        tooltip=[
            alt.Tooltip("from:Q", title="probability from", format=".0%"),
            alt.Tooltip("to:Q", title="to", format=".0%"),
            alt.Tooltip("papers:Q", title=nouns.many),
            alt.Tooltip("text:N", title="said on average"),
            alt.Tooltip("labelled:N", title="labelled so"),
            alt.Tooltip("between:N", title="95% interval"),
        ],
    )
    y_axis = alt.Axis(format=".0%", title=f"labelled “{positive}”", domain=False)
    lines = base.mark_rule(color=palette.chart_ink, strokeWidth=2, opacity=0.55).encode(
        y=alt.Y("low:Q", scale=shares, axis=y_axis), y2="high:Q"
    )
    points = base.mark_point(filled=True, color=palette.chart_ink, size=80, opacity=1).encode(y="share:Q")
    counts = base.mark_text(align="left", dx=8, dy=-2, color=palette.chart_ink).encode(y="share:Q", text="papers:Q")
    diagonal = (
        alt.Chart(alt.InlineData(values=[{"x": 0, "y": 0}, {"x": 1, "y": 1}]))
        .mark_line(strokeDash=[5, 4], color=palette.chart_contrast, strokeWidth=1.5)
        .encode(x="x:Q", y="y:Q")
    )
    return page_chart(alt.layer(diagonal, lines, points, counts), palette=palette, height=300)
