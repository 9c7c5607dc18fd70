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
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.summary import Confusion, Reading
from sitegen.web.text.numbers import count, log_odds, percent, points

SCRIPTED = 2000  # records from which on the gallery's rows come as a script
LISTED = 500  # rows of a plain list page
NONE = "(none)"  # the filter's value for papers whose facet is empty; gallery.js knows it, too


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
class Tile:
    """One number of the corpus at a glance."""

    value: str
    caption: str


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


def index_page(site: Site, frame: Frame, readings: Sequence[Reading]) -> IndexPage:
    """The first page over all readings, in corpus order."""
    scripted = len(readings) > SCRIPTED
    confusion = Confusion.of(readings)
    return IndexPage(
        frame=frame,
        lead=site.description
        or f"A text classifier read {count(len(readings), 'paper')}. "
        f"See which words and sentences made it say “{site.classes.positive}”, or not.",
        tiles=_tiles(site, readings, confusion),
        confusion=confusion.cells if confusion.total else None,
        classes=site.classes.names,
        facets=site.records.facets,
        choices=choices(site, readings),
        rows=() if scripted else rows(site, frame, readings),
        scripted=scripted,
        lists=tuple(
            Link(text=f"{start + 1}–{min(start + LISTED, len(readings))}", href=f"list/{k + 1}.html")
            for k, start in enumerate(range(0, len(readings) if scripted else 0, LISTED))
        ),
        has_labels=confusion.total > 0,
    )


def rows(site: Site, frame: Frame, readings: Sequence[Reading]) -> tuple[Row, ...]:
    """The gallery's rows, with links relative to the frame's page."""
    names = site.classes.names
    return tuple(
        Row(
            id=reading.record.id,
            title=reading.title,
            href=frame.to(reading.page),
            thumbnail=frame.to(reading.thumbnail),
            facets=tuple(reading.record.facets.get(facet, "") for facet in site.records.facets),
            label="" if reading.record.label is None else names[reading.record.label],
            predicted=names[reading.predicted],
            positive=reading.predicted == 1,
            probability=round(reading.probability, 4),
            percent=percent(reading.probability),
            right="" if reading.right is None else "right" if reading.right else "wrong",
            sentence=reading.top.text if reading.top else "",
            sentence_href=frame.to(reading.sentence(reading.top.number)) if reading.top else "",
            effect=round(reading.top.effect, 4) if reading.top else 0.0,
            strength=round(abs(reading.top.effect), 4) if reading.top else 0.0,
            distance=round(abs(reading.probability - site.classes.threshold), 4),
            effect_text=log_odds(reading.top.effect) if reading.top else "",
            change_text=points(reading.top.change) if reading.top else "",
        )
        for reading in readings
    )


def choices(site: Site, readings: Sequence[Reading]) -> tuple[Choice, ...]:
    """The gallery's filters: each facet, and prediction, label and right or wrong where there are labels."""
    names = site.classes.names
    found: list[Choice] = []
    for k, facet in enumerate(site.records.facets):
        counts = Counter(reading.record.facets.get(facet) or NONE for reading in readings)
        found.append(Choice(key=f"facet{k}", name=facet, values=tuple(sorted(counts.items()))))
    predicted = Counter(reading.predicted for reading in readings)
    values = tuple((names[k], predicted[k]) for k in (1, 0) if predicted[k])
    found.append(Choice(key="predicted", name="prediction", values=values))
    labels = Counter(reading.record.label for reading in readings)
    if labels[0] or labels[1]:
        values = tuple((names[k], labels[k]) for k in (1, 0) if labels[k])
        found.append(Choice(key="label", name="label", values=values))
        right = Counter(reading.right for reading in readings)
        values = tuple((word, right[key]) for word, key in (("right", True), ("wrong", False)) if right[key])
        found.append(Choice(key="right", name="right or wrong", values=values))
    return tuple(choice for choice in found if len(choice.values) > 1)


def list_pages(frame_for: Any, readings: Sequence[Reading]) -> list[ListPage]:
    """The plain lists of a corpus too large for its gallery to stand in the page; none for a smaller one.

    `frame_for(path, heading)` makes a page's frame.
    """
    if len(readings) <= SCRIPTED:
        return []
    starts = range(0, len(readings), LISTED)
    pages = []
    for k, start in enumerate(starts):
        part = readings[start : start + LISTED]
        frame = frame_for(f"list/{k + 1}.html", f"Papers {start + 1}–{start + len(part)}")
        before = Link(text="Previous papers", href=frame.to(f"list/{k}.html")) if k else None
        after = Link(text="Next papers", href=frame.to(f"list/{k + 2}.html")) if k + 1 < len(starts) else None
        links = tuple(
            Link(text=f"{reading.title} ({percent(reading.probability)})", href=frame.to(reading.page))
            for reading in part
        )
        pages.append(ListPage(frame=frame, links=links, previous=before, next=after))
    return pages


def _tiles(site: Site, readings: Sequence[Reading], confusion: Confusion) -> tuple[Tile, ...]:
    n = len(readings)
    positive = sum(reading.predicted for reading in readings)
    tiles = [
        Tile(value=f"{n:,}", caption="paper" if n == 1 else "papers"),
        Tile(value=f"{positive:,}", caption=f"predicted {site.classes.positive}"),
    ]
    if confusion.total:
        whole = {0: "0%", confusion.total: "100%"}  # counted, not estimated: nothing is "under 0.1%" here
        share = whole.get(confusion.right) or percent(confusion.right / confusion.total)
        tiles.append(Tile(value=share, caption=f"of {confusion.total:,} labels predicted right"))
    return tuple(tiles)
