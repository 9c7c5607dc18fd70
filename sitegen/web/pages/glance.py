"""The corpus at a glance, as the first page shows it: a few numbers, the histogram, and what one click narrows the
gallery to.

A *way in* is a set of the gallery's filters with its count: a chip, a bar of the histogram, a cell of the table of
labels and predictions. `only` names the filters as the address of the page does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Site
from sitegen.web.charts.histogram import BINS
from sitegen.web.components import Tile
from sitegen.web.pages.record.answer import CLOSE
from sitegen.web.summary import Accuracy, Confusion, RecordSummary
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import count, counted_share, exact_percent, whole_percent

KINDS = ("negative", "positive", "unlabelled")  # of the parts of a bar, by gold label


@dataclass(frozen=True, slots=True, kw_only=True)
class WayIn:
    """One click that narrows the gallery."""

    only: str  # the filters, as the address has them
    text: str  # what is left, in words
    count: int  # how many papers that are
    hint: str = ""  # what the words mean


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of the histogram: the papers whose probability lies in one twentieth of the scale."""

    way: WayIn
    parts: tuple[tuple[str, float], ...]  # each kind, and its height in percent of the plot's, from the ground up


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """The histogram and the table of labels and predictions."""

    bars: tuple[Bar, ...]
    legend: tuple[tuple[str, str], ...]  # each kind of part and its name; none without labels
    highest: int  # how many papers the plot's height stands for
    confusion: tuple[tuple[WayIn, WayIn], tuple[WayIn, WayIn]] | None  # [label][predicted]; None without labels


def near(summary: RecordSummary, threshold: float) -> bool:
    """Whether an answer is so close to the threshold that it counts as undecided."""
    return abs(summary.probability - threshold) < CLOSE


def bar_of(summary: RecordSummary) -> int:
    """The bar of the histogram that a record is in, from 0."""
    return min(int(summary.probability * BINS), BINS - 1)


def chips(site: Site, summaries: Sequence[RecordSummary]) -> tuple[WayIn, ...]:
    """The ways in that a stranger tries first; none that leads to nothing."""
    threshold = site.classes.threshold
    low, high = exact_percent(max(0.0, threshold - CLOSE)), exact_percent(min(1.0, threshold + CLOSE))
    ways = (
        WayIn(
            only="right=wrong",
            text="wrong",
            count=sum(one.right is False for one in summaries),
            hint="The answer is not what the label says",
        ),
        WayIn(
            only="near=1",
            text="undecided",
            count=sum(near(one, threshold) for one in summaries),
            hint=f"The answer lies between {low} and {high}",
        ),
        WayIn(
            only="turned=1",
            text="changed its mind",
            count=sum(bool(one.reading and one.reading.changed) for one in summaries),
            hint=Nouns.of(site).say(
                "From sentence to sentence of the {text}, the answer was now one class, now the other"
            ),
        ),
    )
    return tuple(way for way in ways if way.count)


def glance(site: Site, summaries: Sequence[RecordSummary]) -> Glance:
    """The histogram and the table of all records."""
    names, confusion = site.classes.names, Confusion.of(summaries)
    cells = tuple(
        tuple(
            WayIn(
                only=urlencode({"label": names[label], "predicted": names[predicted]}),
                text=f"labelled {names[label]}, predicted {names[predicted]}",
                count=confusion.cells[label][predicted],
            )
            for predicted in (0, 1)
        )
        for label in (0, 1)
    )
    bars, highest, kinds = _bars(site, summaries)
    named = (f"labelled {names[0]}", f"labelled {names[1]}", "no label")
    return Glance(
        bars=bars,
        legend=tuple((KINDS[kind], named[kind]) for kind in (1, 0, 2) if kind in kinds) if kinds != {2} else (),
        highest=highest,
        confusion=((cells[0][0], cells[0][1]), (cells[1][0], cells[1][1])) if confusion.total else None,
    )


def _bars(site: Site, summaries: Sequence[RecordSummary]) -> tuple[tuple[Bar, ...], int, set[int]]:
    """The bars, how many records the highest stands for, and which kinds there are."""
    counts, names = np.zeros((BINS, 3), dtype=int), (*site.classes.names, "")
    for summary in summaries:
        counts[bar_of(summary), 2 if summary.record.label is None else summary.record.label] += 1
    highest = max(1, int(counts.sum(axis=1).max(initial=0)))
    kinds = {kind for kind in range(3) if counts[:, kind].any()}
    bars = []
    for k, row in enumerate(counts.tolist()):
        said = [
            f"{row[kind]:,} {f'labelled {names[kind]}' if kind < 2 else 'without label'}"
            for kind in (1, 0, 2)
            if row[kind] and kinds != {2}
        ]
        text = ": ".join([Nouns.of(site).count(sum(row)), *([", ".join(said)] if said else [])])
        text = f"{whole_percent(k / BINS)} to {whole_percent((k + 1) / BINS)}: {text}"
        bars.append(
            Bar(
                way=WayIn(only=f"bar={k}", text=text, count=sum(row)),
                parts=tuple((KINDS[kind], round(100 * row[kind] / highest, 2)) for kind in range(3) if row[kind]),
            )
        )
    return tuple(bars), highest, kinds


def tiles(site: Site, summaries: Sequence[RecordSummary], accuracy: dict[Standing, Accuracy]) -> tuple[Tile, ...]:
    """How many papers, how many of them positive, and how often the model is right: of papers that are new to it first,
    those that it has met apart."""
    n, nouns = len(summaries), Nouns.of(site)
    positive = sum(summary.predicted for summary in summaries)
    found = [
        Tile(value=f"{n:,}", caption=nouns.one if n == 1 else nouns.many),
        Tile(value=f"{positive:,}", caption=f"predicted {site.classes.positive}"),
    ]
    where = {
        Standing.HELD_OUT: f"in {nouns.many} new to the model",
        Standing.TRAINING: f"in {nouns.many} the model was trained on",
        Standing.VALIDATION: f"in {nouns.many} that decided when its training stopped",
        Standing.UNKNOWN: f"in {nouns.many} that may not be new to the model",
    }
    for standing, group in accuracy.items():
        caption = f"of {count(group.labelled, 'label')} predicted right {where[standing]}"
        found.append(Tile(value=counted_share(group.right, group.labelled), caption=caption))
    if accuracy and not {Standing.HELD_OUT, Standing.UNKNOWN} & accuracy.keys():
        last = found.pop()
        found.append(Tile(value=last.value, caption=f"{last.caption}; none here is known to be new to it"))
    return tuple(found)
