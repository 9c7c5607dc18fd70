"""The first page: what this is, the corpus at a glance, and the gallery of all papers.

Up to SCRIPTED records the gallery's rows stand in the page, readable without scripts, and the browser's table takes
them from there. Beyond, the page would grow by megabytes: rows come as a script (`web/search.py`) and plain paged
lists serve readers without scripts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.config import Site
from sitegen.web.components import Tile
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.summary import Confusion, RecordSummary
from sitegen.web.text.numbers import NONE, count, log_odds, percent, points

SCRIPTED = 2000  # records from which on the gallery's rows come as a script
LISTED = 500  # rows of a plain list page


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One paper in the gallery. Numbers come as text to show and as values to sort by."""

    id: str
    title: str
    href: str
    thumbnail: str
    facets: tuple[str, ...]
    label: str
    predicted: str
    positive: bool
    probability: float
    percent: str
    right: str
    sentence: str
    sentence_href: str
    effect: float
    strength: float
    distance: float
    effect_text: str
    change_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter of the gallery: the key of its state in the URL, its name, and each value with its count."""

    key: str
    name: str
    values: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage(Page):
    """The site's first page."""

    template: ClassVar[str] = "index.html"
    lead: str
    tiles: tuple[Tile, ...]
    confusion: tuple[tuple[int, int], tuple[int, int]] | None
    classes: tuple[str, str]
    facets: tuple[str, ...]
    choices: tuple[Choice, ...]
    rows: tuple[Row, ...]
    scripted: bool
    lists: tuple[Link, ...]
    has_labels: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(Page):
    """A plain list of some of the papers, for readers without scripts."""

    template: ClassVar[str] = "list.html"
    links: tuple[Link, ...]
    previous: Link | None
    next: Link | None


def index_page(site: Site, frame: Frame, summaries: Sequence[RecordSummary]) -> IndexPage:
    """The first page over all summaries, in corpus order."""
    scripted = len(summaries) > SCRIPTED
    confusion = Confusion.of(summaries)
    return IndexPage(
        frame=frame,
        lead=site.description
        or f"A text classifier read {count(len(summaries), 'paper')}. "
        f"See which words and sentences made it say “{site.classes.positive}”, or not.",
        tiles=_tiles(site, summaries, confusion),
        confusion=confusion.cells if confusion.total else None,
        classes=site.classes.names,
        facets=site.records.facets,
        choices=choices(site, summaries),
        rows=() if scripted else rows(site, frame, summaries),
        scripted=scripted,
        lists=tuple(
            Link(text=f"{start + 1}–{min(start + LISTED, len(summaries))}", href=f"list/{k + 1}.html")
            for k, start in enumerate(range(0, len(summaries) if scripted else 0, LISTED))
        ),
        has_labels=confusion.total > 0,
    )


def rows(site: Site, frame: Frame, summaries: Sequence[RecordSummary]) -> tuple[Row, ...]:
    """The gallery's rows, with links relative to the frame's page."""
    names = site.classes.names
    return tuple(
        Row(
            id=summary.record.id,
            title=summary.title,
            href=frame.to(summary.page),
            thumbnail=frame.to(summary.thumbnail),
            facets=tuple(summary.record.facets.get(facet, "") for facet in site.records.facets),
            label="" if summary.record.label is None else names[summary.record.label],
            predicted=names[summary.predicted],
            positive=summary.predicted == 1,
            probability=round(summary.probability, 4),
            percent=percent(summary.probability),
            right="" if summary.right is None else "right" if summary.right else "wrong",
            sentence=summary.top.text if summary.top else "",
            sentence_href=frame.to(summary.sentence(summary.top.number)) if summary.top else "",
            effect=round(summary.top.effect, 4) if summary.top else 0.0,
            strength=round(abs(summary.top.effect), 4) if summary.top else 0.0,
            distance=round(abs(summary.probability - site.classes.threshold), 4),
            effect_text=log_odds(summary.top.effect) if summary.top else "",
            change_text=points(summary.top.change) if summary.top else "",
        )
        for summary in summaries
    )


def choices(site: Site, summaries: Sequence[RecordSummary]) -> tuple[Choice, ...]:
    """The gallery's filters: each facet, and prediction, label and right or wrong where there are labels."""
    names = site.classes.names
    found: list[Choice] = []
    for k, facet in enumerate(site.records.facets):
        counts = Counter(summary.record.facets.get(facet) or NONE for summary in summaries)
        found.append(Choice(key=f"facet{k}", name=facet, values=tuple(sorted(counts.items()))))
    predicted = Counter(summary.predicted for summary in summaries)
    values = tuple((names[k], predicted[k]) for k in (1, 0) if predicted[k])
    found.append(Choice(key="predicted", name="prediction", values=values))
    labels = Counter(summary.record.label for summary in summaries)
    if labels[0] or labels[1]:
        values = tuple((names[k], labels[k]) for k in (1, 0) if labels[k])
        found.append(Choice(key="label", name="label", values=values))
        right = Counter(summary.right for summary in summaries)
        values = tuple((word, right[key]) for word, key in (("right", True), ("wrong", False)) if right[key])
        found.append(Choice(key="right", name="right or wrong", values=values))
    return tuple(choice for choice in found if len(choice.values) > 1)


def list_pages(frame_for: Any, summaries: Sequence[RecordSummary]) -> list[ListPage]:
    """The plain lists of a corpus too large for its gallery to stand in the page; none for a smaller one.

    `frame_for(path, heading)` makes a page's frame.
    """
    if len(summaries) <= SCRIPTED:
        return []
    starts = range(0, len(summaries), LISTED)
    pages = []
    for k, start in enumerate(starts):
        part = summaries[start : start + LISTED]
        frame = frame_for(f"list/{k + 1}.html", f"Papers {start + 1}–{start + len(part)}")
        before = Link(text="Previous papers", href=frame.to(f"list/{k}.html")) if k else None
        after = Link(text="Next papers", href=frame.to(f"list/{k + 2}.html")) if k + 1 < len(starts) else None
        links = tuple(
            Link(text=f"{summary.title} ({percent(summary.probability)})", href=frame.to(summary.page))
            for summary in part
        )
        pages.append(ListPage(frame=frame, links=links, previous=before, next=after))
    return pages


def _tiles(site: Site, summaries: Sequence[RecordSummary], confusion: Confusion) -> tuple[Tile, ...]:
    n = len(summaries)
    positive = sum(summary.predicted for summary in summaries)
    tiles = [
        Tile(value=f"{n:,}", caption="paper" if n == 1 else "papers"),
        Tile(value=f"{positive:,}", caption=f"predicted {site.classes.positive}"),
    ]
    if confusion.total:
        whole = {0: "0%", confusion.total: "100%"}  # counted, not estimated: nothing is "under 0.1%" here
        share = whole.get(confusion.right) or percent(confusion.right / confusion.total)
        tiles.append(Tile(value=share, caption=f"of {confusion.total:,} labels predicted right"))
    return tuple(tiles)
