"""The first page: what this is, the corpus at a glance, and the gallery of all papers.

The gallery's rows come as a script, `assets/index.js`, which the table in the browser takes them from. For readers
without scripts they stand in the page as well, up to SCRIPTED of them; beyond, the page would grow by megabytes, and
plain paged lists serve these readers. The abstracts follow in a script of their own, loaded once the page is shown, so
that a search finds words that no row shows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar

from sitegen.analysis.significance.evidence import Mark, Standing
from sitegen.config import Site
from sitegen.web import routes
from sitegen.web.charts.histogram import histogram_spec
from sitegen.web.components import Tile
from sitegen.web.facets import OFFERED, facets_of
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page, ScriptValue
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import Accuracy, Confusion, RecordSummary, accuracy_by_standing
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import NONE, count, counted_share, percent, points, slug, upper
from sitegen.web.text.verdicts import NO_MARK, SYMBOLS, WORDS

SCRIPTED = 2000  # records from which on the gallery's rows come as a script alone
LISTED = 500  # rows of a plain list page


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryRow:
    """One paper in the gallery: what the page and its script show, search, sort by and offer as CSV."""

    id: str
    title: str
    href: str  # the paper's page
    thumbnail: str  # its picture's address
    facets: tuple[tuple[str, ...], ...]  # its values of each of the site's facets, in their order
    label: str  # its gold label, "" where there is none
    predicted: str  # the class predicted
    positive: bool  # whether that is the positive one
    probability: float  # of the positive class
    percent: str  # the same as readers see it
    right: str  # "right" or "wrong", "" without a label
    sentence: str  # its most influential sentence: that with the largest share; "" where none has an effect
    sentence_href: str  # where that stands
    change: float  # the share of that sentence in probability, to sort by; leave-one-out where the site has no shares
    change_text: str  # the same in percentage points, as readers see it
    upward: bool  # whether it is toward the positive class
    mark: str  # of that sentence: the symbol and its words; "" without one
    clear: str  # the strongest mark of all its sentences, for the filter


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A filter of the gallery."""

    key: str  # names it in the address of the page and in the script
    name: str  # as readers see it
    values: tuple[tuple[str, int], ...]  # each value with the number of its papers
    more: str = ""  # how many values it does not list, and how these are found


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexPage(Page):
    """The site's first page."""

    template: ClassVar[str] = "index.html"
    lead: str  # what the site is about
    tiles: tuple[Tile, ...]  # the corpus in a few numbers
    confusion: tuple[tuple[int, int], tuple[int, int]] | None  # [label][predicted]; None without labels
    classes: tuple[str, str]  # negative, positive
    facets: tuple[str, ...]  # the names of the columns of facets
    choices: tuple[Choice, ...]  # the filters
    compared: tuple[Link, ...]  # to the comparison of each facet's values
    rows: tuple[GalleryRow, ...]  # those that stand in the page: all or none
    lists: tuple[Link, ...]  # to the plain lists; none where the rows stand in the page
    has_labels: bool  # whether there is a column of labels
    texts: str  # the address of the script with the abstracts
    searched: str  # what the search looks through
    measure: (
        str  # what the most influential sentence is chosen by: `share` or `leave-one-out`; "" where no answer tells
    )
    drawn: bool  # whether all pictures show how the answer forms


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage(Page):
    """A plain list of some of the papers, for readers without scripts."""

    template: ClassVar[str] = "list.html"
    links: tuple[Link, ...]  # to the papers
    previous: Link | None  # to the list before
    next: Link | None  # to the list after


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[IndexPage | ListPage]:
    """The first page, and the plain lists of a large corpus."""
    frame = frames("gallery", inputs.site.title, description=inputs.site.description)
    yield index_page(inputs.site, frame, scan.summaries, inputs.standing, scan.verdicts, drawn=scan.drawn)
    yield from list_pages(frames, scan.summaries)


def index_page(
    site: Site,
    frame: Frame,
    summaries: Sequence[RecordSummary],
    standings: Sequence[int],
    verdicts: Verdicts,
    *,
    drawn: bool = True,
) -> IndexPage:
    """The first page over all summaries, in corpus order. standings: whether the model has seen each record; verdicts:
    of the sentences of the same records; drawn: whether all pictures show how the answer forms."""
    scripted = len(summaries) > SCRIPTED
    confusion = Confusion.of(summaries)
    all_rows = rows(site, frame, summaries, verdicts)
    return IndexPage(
        frame=frame,
        lead=site.description
        or f"A text classifier read {frame.nouns.count(len(summaries))}. "
        f"See which words and sentences made it say “{site.classes.positive}”, or not.",
        tiles=_tiles(site, summaries, accuracy_by_standing(summaries, standings)),
        confusion=confusion.cells if confusion.total else None,
        classes=site.classes.names,
        facets=site.records.facets,
        choices=choices(site, summaries, all_rows),
        compared=tuple(
            Link(text=facet.name, href=frame.link("facet", slug(facet.name)))
            for facet in facets_of(site.records.facets, [summary.record for summary in summaries])
            if facet.paged
        ),
        rows=() if scripted else all_rows,
        lists=tuple(
            Link(text=f"{start + 1}–{min(start + LISTED, len(summaries))}", href=frame.link("list", str(k + 1)))
            for k, start in enumerate(range(0, len(summaries) if scripted else 0, LISTED))
        ),
        has_labels=confusion.total > 0,
        texts=frame.asset(routes.TEXTS),
        searched=_searched(site, frame.nouns),
        measure=_measure(summaries),
        drawn=drawn,
        values=_values(site, frame, summaries, all_rows, labels=confusion.total > 0),
    )


def _searched(site: Site, nouns: Nouns) -> str:
    """What the search looks through, in words."""
    shown = {"all": nouns.texts, "excerpts": "excerpts", "scores": ""}[site.records.publish]
    named = [*(["titles"] if nouns.titled else []), *([shown] if shown else []), "ids"]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _measure(summaries: Sequence[RecordSummary]) -> str:
    """By what sentences are compared on cards; "" where nothing is known of any."""
    tops = [summary.top for summary in summaries if summary.top]
    if not tops and any(summary.sentences for summary in summaries):
        return ""
    return "share" if all(top.shared for top in tops) else "leave-one-out"


def _values(
    site: Site,
    frame: Frame,
    summaries: Sequence[RecordSummary],
    all_rows: Sequence[GalleryRow],
    *,
    labels: bool,
) -> tuple[ScriptValue, ...]:
    """The values that the page's scripts read: rows as arrays, with the names of their places in front; abstracts in
    the order of the rows; the histogram."""
    names = [field.name for field in fields(GalleryRow)]
    values = [[getattr(row, name) for name in names] for row in all_rows]
    histogram = histogram_spec(
        [summary.probability for summary in summaries],
        labels=[summary.record.label for summary in summaries] if labels else None,
        classes=site.classes.names,
        palette=frame.palette,
        threshold=site.classes.threshold,
        nouns=frame.nouns,
    )
    return (
        ScriptValue(asset="index.js", name="rows", value={"fields": names, "values": values}),
        ScriptValue(asset=routes.TEXTS, name="texts", value=[summary.record.abstract for summary in summaries]),
        ScriptValue(asset="histogram.js", name="histogram", value=histogram),
    )


def rows(site: Site, frame: Frame, summaries: Sequence[RecordSummary], verdicts: Verdicts) -> tuple[GalleryRow, ...]:
    """The gallery's rows, with links relative to the frame's page."""
    names = site.classes.names
    facets = facets_of(site.records.facets, [summary.record for summary in summaries])
    return tuple(
        GalleryRow(
            id=summary.record.id,
            title=summary.title,
            href=frame.to(summary.page),
            thumbnail=frame.to(summary.thumbnail),
            facets=tuple(facet.of(summary.record) for facet in facets),
            label="" if summary.record.label is None else names[summary.record.label],
            predicted=names[summary.predicted],
            positive=summary.predicted == 1,
            probability=round(summary.probability, 4),
            percent=percent(summary.probability),
            right="" if summary.right is None else "right" if summary.right else "wrong",
            sentence=summary.top.text if summary.top else "",
            sentence_href=frame.to(summary.sentence(summary.top.number)) if summary.top else "",
            change=round(summary.top.change, 4) if summary.top else 0.0,
            change_text=points(summary.top.change) if summary.top else "",
            upward=bool(summary.top and summary.top.change > 0),
            mark=_mark(verdicts.mark(k, summary.top.number)) if summary.top else "",
            clear=_mark(verdicts.strongest_mark(k)) or NO_MARK,
        )
        for k, summary in enumerate(summaries)
    )


def _mark(mark: Mark) -> str:
    """A mark and its words, `◆ clear`; "" without one."""
    return f"{SYMBOLS[mark]} {WORDS[mark]}" if SYMBOLS[mark] else ""


def choices(site: Site, summaries: Sequence[RecordSummary], all_rows: Sequence[GalleryRow]) -> tuple[Choice, ...]:
    """The gallery's filters: each facet; prediction; label and right or wrong where there are labels; and whether a
    sentence is clear."""
    names = site.classes.names
    filters: list[Choice] = []
    for k, facet in enumerate(facets_of(site.records.facets, [summary.record for summary in summaries])):
        offered = facet.counts[:OFFERED] if facet.several else facet.counts
        without = sum(not row.facets[k] for row in all_rows)
        left = len(facet.counts) - len(offered)
        filters.append(
            Choice(
                key=f"facet{k}",
                name=facet.name,
                values=(*offered, *([(NONE, without)] if without else [])),
                more=f"and {left:,} more: type one into the search" if left else "",
            )
        )
    predicted = Counter(summary.predicted for summary in summaries)
    values = tuple((names[k], predicted[k]) for k in (1, 0) if predicted[k])
    filters.append(Choice(key="predicted", name="prediction", values=values))
    labels = Counter(summary.record.label for summary in summaries)
    if labels[0] or labels[1]:
        values = tuple((names[k], labels[k]) for k in (1, 0) if labels[k])
        filters.append(Choice(key="label", name="label", values=values))
        right = Counter(summary.right for summary in summaries)
        values = tuple((word, right[key]) for word, key in (("right", True), ("wrong", False)) if right[key])
        filters.append(Choice(key="right", name="right or wrong", values=values))
    marks = Counter(row.clear for row in all_rows)
    order = (*(_mark(mark) for mark in (Mark.PASSES, Mark.REACHES)), NO_MARK)
    values = tuple((mark, marks[mark]) for mark in order if marks[mark])
    filters.append(Choice(key="clear", name="clearest sentence", values=values))
    return tuple(choice for choice in filters if len(choice.values) > 1)


def list_pages(frames: Frames, summaries: Sequence[RecordSummary]) -> list[ListPage]:
    """The plain lists of a corpus too large for its gallery to stand in the page; none for a smaller one."""
    if len(summaries) <= SCRIPTED:
        return []
    starts, nouns = range(0, len(summaries), LISTED), Nouns.of(frames.site)
    pages = []
    for k, start in enumerate(starts):
        part = summaries[start : start + LISTED]
        frame = frames("list", f"{upper(nouns.many)} {start + 1}–{start + len(part)}", str(k + 1))
        before = Link(text=f"Previous {nouns.many}", href=frame.link("list", str(k))) if k else None
        after = Link(text=f"Next {nouns.many}", href=frame.link("list", str(k + 2))) if k + 1 < len(starts) else None
        links = tuple(
            Link(text=f"{summary.title} ({percent(summary.probability)})", href=frame.to(summary.page))
            for summary in part
        )
        pages.append(ListPage(frame=frame, links=links, previous=before, next=after))
    return pages


def _tiles(site: Site, summaries: Sequence[RecordSummary], accuracy: dict[Standing, Accuracy]) -> tuple[Tile, ...]:
    """How many papers, how many of them positive, and how often the model is right: of papers that are new to it first,
    those that it has met apart."""
    n, nouns = len(summaries), Nouns.of(site)
    positive = sum(summary.predicted for summary in summaries)
    tiles = [
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
        caption = f"of {count(group.labelled, 'label')} predicted right"
        if accuracy.keys() != {Standing.HELD_OUT}:  # else there is nothing to tell them from
            caption = f"{caption} {where[standing]}"
        tiles.append(Tile(value=counted_share(group.right, group.labelled), caption=caption))
    if accuracy and not {Standing.HELD_OUT, Standing.UNKNOWN} & accuracy.keys():
        last = tiles.pop()
        tiles.append(Tile(value=last.value, caption=f"{last.caption}; none here is known to be new to it"))
    return tuple(tiles)
