"""The first page: what this is, the corpus at a glance, and the gallery of all papers.

The gallery's rows come as a script, `assets/index.js`, which the table in the browser takes them from. For readers
without scripts they stand in the page as well, up to SCRIPTED of them; beyond, the page would grow by megabytes, and
plain paged lists serve these readers. The abstracts follow in a script of their own, loaded once the page is shown, so
that a search finds words that no row shows; so do the other columns of the source. What stands above the gallery is
made in `example` (one paper as it is read) and `glance` (the numbers, the histogram).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from typing import ClassVar, NamedTuple

import numpy as np

from sitegen.analysis.significance.evidence import Mark
from sitegen.config import Site
from sitegen.web import routes
from sitegen.web.components import Tile
from sitegen.web.facets import OFFERED, facets_of
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page, ScriptValue
from sitegen.web.pages.example import Example, example
from sitegen.web.pages.glance import Glance, WayIn, bar_of, chips, glance, near, tiles
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary, accuracy_by_standing
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import NONE, percent, points, slug, upper
from sitegen.web.text.verdicts import NO_MARK, SYMBOLS, WORDS

SCRIPTED = 2000  # records from which on the gallery's rows come as a script alone
LISTED = 500  # rows of a plain list page


class OtherAnswer(NamedTuple):
    """What another model of the site says of a paper; an array for the page's script."""

    probability: float  # of the positive class
    percent: str  # the same as readers see it
    positive: bool  # whether it says the positive class
    differs: bool  # whether the site's model says the other


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
    others: tuple[OtherAnswer | None, ...]  # by each other model of the site; None where it does not read the paper
    right: str  # "right" or "wrong", "" without a label
    sentence: str  # its most influential sentence: that with the largest share; "" where none has an effect
    number: int  # of that sentence in its text, from 1; 0 without one
    sentence_href: str  # where that stands
    change: float  # the share of that sentence in probability, to sort by; leave-one-out where the site has no shares
    change_text: str  # the same in percentage points, as readers see it
    upward: bool  # whether it is toward the positive class
    mark: str  # of that sentence: the symbol and its words; "" without one
    clear: str  # the strongest mark of all its sentences, for the filter
    bar: int  # its bar in the histogram, from 0
    near: bool  # whether its answer counts as undecided
    turned: bool  # whether its answer changed the class as it was read
    trace: str  # its reading curve, as reading.py has it; "" where that is not known
    step: str  # the largest step of the answer from sentence to sentence, "17% → 96%"; "" where there is none
    step_number: int  # of the sentence that made it, from 1; 0 where there is none
    drama: float  # to order by: steps over the threshold first, the largest first


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
    example: Example | None  # one paper as it is read; None where that is not known of any
    tiles: tuple[Tile, ...]  # the corpus in a few numbers
    chips: tuple[WayIn, ...]  # what narrows the gallery by one click
    glance: Glance  # the histogram, and labels against predictions
    classes: tuple[str, str]  # negative, positive
    others: tuple[str, ...]  # the names of the site's other models, which have columns
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
    stepped: bool  # whether of any it is known how its answer went from sentence to sentence


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
    yield index_page(inputs, frame, scan)
    yield from list_pages(frames, scan.summaries)


def index_page(inputs: SiteInputs, frame: Frame, scan: Scan) -> IndexPage:
    """The first page over all records."""
    site, summaries = inputs.site, scan.summaries
    scripted = len(summaries) > SCRIPTED
    others = scan.models[1:]
    all_rows = rows(site, frame, summaries, scan.verdicts, [other.summaries for other in others])
    return IndexPage(
        frame=frame,
        lead=site.description or _lead(site, frame.nouns, scan),
        example=example(inputs, frame, summaries),
        tiles=tiles(site, summaries, accuracy_by_standing(summaries, inputs.standing[inputs.first])),
        chips=(*chips(site, summaries), *_differing(all_rows, [other.model for other in others], frame.nouns)),
        glance=glance(site, summaries),
        classes=site.classes.names,
        others=tuple(other.model for other in others),
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
        has_labels=any(summary.record.label is not None for summary in summaries),
        texts=frame.asset(routes.TEXTS),
        searched=_searched(site, frame.nouns, metadata=bool(inputs.metadata)),
        measure=_measure(summaries),
        drawn=scan.drawn,
        stepped=any(row.step for row in all_rows),
        values=_values(summaries, all_rows, [other.model for other in others], threshold=site.classes.threshold),
    )


def _lead(site: Site, nouns: Nouns, scan: Scan) -> str:
    """What the site is about, where site.toml does not say it: no more than the model was asked."""
    known = [*(["words"] if scan.words else []), *(["sentences"] if not np.isnan(scan.effects.leading).all() else [])]
    read, positive = f"A text classifier read {nouns.count(len(scan.summaries))}.", site.classes.positive
    if not known:
        return f"{read} See which of them it calls “{positive}”."
    return f"{read} See which {' and '.join(known)} made it say “{positive}”, or not."


def _searched(site: Site, nouns: Nouns, *, metadata: bool) -> str:
    """What the search looks through, in words. metadata: whether there are columns that site.toml does not name."""
    shown = {"all": nouns.texts, "excerpts": "excerpts", "scores": ""}[site.records.publish]
    named = [
        *(["titles"] if nouns.titled else []),
        *([shown] if shown else []),
        "ids",
        *(["all else"] if metadata else []),
    ]
    return " and ".join(filter(None, (", ".join(named[:-1]), named[-1])))


def _measure(summaries: Sequence[RecordSummary]) -> str:
    """By what sentences are compared on cards; "" where nothing is known of any."""
    tops = [summary.top for summary in summaries if summary.top]
    if not tops and any(summary.sentences for summary in summaries):
        return ""
    return "share" if all(top.shared for top in tops) else "leave-one-out"


def _values(
    summaries: Sequence[RecordSummary], all_rows: Sequence[GalleryRow], models: Sequence[str], *, threshold: float
) -> tuple[ScriptValue, ...]:
    """The values that the page's scripts read: rows as arrays, with the names of their places in front; in the order of
    the rows what else there is of a record: its abstract, the values of other columns, and its title where that is not
    the one in its row."""
    names = [field.name for field in fields(GalleryRow)]
    values = [[getattr(row, name) for name in names] for row in all_rows]
    texts = [
        [
            summary.record.abstract,
            "\n".join(filter(None, summary.record.metadata.values())),
            *([summary.record.title] if summary.record.title != summary.title else []),
        ]
        for summary in summaries
    ]
    rows = {"fields": names, "values": values, "threshold": threshold}
    if models:
        rows |= {"models": list(models), "other": OtherAnswer._fields}
    return (
        ScriptValue(asset="index.js", name="rows", value=rows),
        ScriptValue(asset=routes.TEXTS, name="texts", value=texts),
    )


def rows(
    site: Site,
    frame: Frame,
    summaries: Sequence[RecordSummary],
    verdicts: Verdicts,
    others: Sequence[Sequence[RecordSummary | None]] = (),
) -> tuple[GalleryRow, ...]:
    """The gallery's rows, with links relative to the frame's page. others: the summaries by each other model."""
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
            others=tuple(_other(summary, of_records[k]) for of_records in others),
            right="" if summary.right is None else "right" if summary.right else "wrong",
            sentence=summary.top.text if summary.top else "",
            number=summary.top.number + 1 if summary.top else 0,
            sentence_href=frame.to(summary.sentence(summary.top.number)) if summary.top else "",
            change=round(summary.top.change, 4) if summary.top else 0.0,
            change_text=points(summary.top.change) if summary.top else "",
            upward=bool(summary.top and summary.top.change > 0),
            mark=_mark(verdicts.mark(k, summary.top.number)) if summary.top else "",
            clear=_mark(verdicts.strongest_mark(k)) or NO_MARK,
            bar=bar_of(summary),
            near=near(summary, site.classes.threshold),
            turned=bool(summary.reading and summary.reading.changed),
            trace=summary.reading.trace if summary.reading else "",
            step=_step(summary),
            step_number=summary.reading.step.number + 1 if summary.reading and summary.reading.step else 0,
            drama=round(summary.reading.drama, 4) if summary.reading else 0.0,
        )
        for k, summary in enumerate(summaries)
    )


def _other(first: RecordSummary, summary: RecordSummary | None) -> OtherAnswer | None:
    """What another model says of the record of `first`."""
    if summary is None:
        return None
    return OtherAnswer(
        probability=round(summary.probability, 4),
        percent=percent(summary.probability),
        positive=summary.predicted == 1,
        differs=summary.predicted != first.predicted,
    )


def _differing(all_rows: Sequence[GalleryRow], models: Sequence[str], nouns: Nouns) -> Iterator[WayIn]:
    """What narrows the gallery to the papers that another model answers otherwise, one by model; none without any."""
    for k, model in enumerate(models):
        n = sum(1 for row in all_rows if (other := row.others[k]) and other.differs)
        text = "models disagree" if len(models) == 1 else f"{model} disagrees"
        if n:
            hint = f"{model} gives another answer to the same {nouns.one}"
            yield WayIn(only=f"differ{k}=1", text=text, count=n, hint=hint)


def _step(summary: RecordSummary) -> str:
    """The largest step of an answer, `17% → 96%`; "" without one."""
    step = summary.reading.step if summary.reading else None
    return f"{percent(step.before)} → {percent(step.after)}" if step else ""


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
