"""The page of one value of a facet, and the page that compares all values of it.

Of a facet of several values a paper only the most frequent values have a page (web/facets.py). Words are counted in
what is published of the texts, so that no page tells a word of a text that is withheld.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlencode

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.corpus.part_words import LEAST_RECORDS, part_words
from sitegen.analysis.significance.evidence import Standing
from sitegen.config import Site
from sitegen.corpus.texts import title_end
from sitegen.web.components import Tile
from sitegen.web.facets import OFFERED, Facet
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.pages.facet.numbers import FEW, Numbers, judged, numbers_beside, numbers_of, right_of
from sitegen.web.pages.sentences import FacetLinks
from sitegen.web.ranked_sentences import SentenceLists, sentence_lists
from sitegen.web.release import MARK
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.asked import lacking
from sitegen.web.text.numbers import UNKNOWN, counted_share, excerpt, log_odds, percent, slug

SENTENCES = 12  # of each direction, at most
WORDS = 24
PAPERS = 60  # listed; the gallery has all
HEADING = 120  # characters of a value
_WORD = re.compile(r"[^\W\d_]{2,40}(?:['’-][^\W\d_]{1,40})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetWord:
    """A word that sets the value's papers apart."""

    word: str
    here: str  # how often it occurs in them, and in how many
    there: str  # how often in all others
    ratio: str  # how many times as common it is here, by its share of all words; "" where it occurs nowhere else
    z: str  # the statistic that orders the words
    alone: str  # what the model says of it alone; "" where that is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetPaper:
    """A paper in the list."""

    link: Link
    percent: str
    positive: bool
    right: str  # "right", "wrong" or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the model says of the value's papers."""

    lead: str  # beside all others
    few: str  # that they are few; ""
    tiles: tuple[Tile, ...]
    judged: tuple[str, ...]  # how often the model is right, and whether its percentages hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """The words that set the value's papers apart."""

    words: tuple[FacetWord, ...] = ()  # first those that do so most
    none: str = ""  # why there are none
    least_records: int = LEAST_RECORDS  # of the value's papers have each of them


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetPage(Page):
    """The papers of one value of a facet."""

    template: ClassVar[str] = "facet.html"
    facet: str  # the facet's name
    value: str
    said: Said  # what the model says of them
    apart: Apart  # the words that set them apart
    papers: tuple[FacetPaper, ...]  # the highest probability first
    more: str  # how many are not listed; ""
    gallery: Link | None  # to the gallery of these papers alone; None where it has no such filter
    lists: SentenceLists
    every: Link  # to the comparison of all values
    others: tuple[Link, ...]  # to the pages of all values of the facet, this one too; none where they are very many


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRow:
    """One value in the comparison."""

    value: Link
    papers: int
    positive: str  # how many are predicted positive
    positive_order: float
    so: str  # of all labelled papers, how many are labelled positive; "–" where there are none
    so_order: float
    right: str  # of labelled papers, by which the model is judged; "–" where there are none
    right_order: float
    mean: str  # of the probabilities
    mean_order: float
    few: bool  # whether the value has few papers


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetIndexPage(Page):
    """All values of a facet side by side."""

    template: ClassVar[str] = "facet_index.html"
    facet: str
    rows: tuple[ValueRow, ...]
    whole: ValueRow  # of all papers
    among: str  # how many values are not here, and why; ""
    few: int  # how many papers are few
    labelled: bool  # whether any paper has a label
    unseen: bool  # whether accuracy is that of papers known to be new to the model


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[FacetPage | FacetIndexPage]:
    """Of each facet the comparison, then one page a value."""
    not_asked = lacking(inputs.plan, "single sentences do")
    yield from facet_pages(inputs.site, frames, scan, inputs.standing[inputs.first], not_asked=not_asked)


def facet_pages(
    site: Site, frames: Frames, scan: Scan, standings: Sequence[int], *, not_asked: str = ""
) -> Iterator[FacetPage | FacetIndexPage]:
    """The same. standings: whether the model has learned from each paper; not_asked: why nothing is known of
    sentences, should that be so."""
    counts = [_words_of(summary) for summary in scan.summaries] if any(f.paged for f in scan.facets) else []
    whole, together = Counter[str](), numbers_of(scan.summaries, standings)
    for of_paper in counts:
        whole.update(of_paper)
    alone = {form.word: form.alone for word in scan.words for form in word.words}
    for k, facet in enumerate(scan.facets):
        members = {value: list[int]() for value in facet.paged}
        for number, summary in enumerate(scan.summaries):
            for value in facet.of(summary.record):
                if value in members:
                    members[value].append(number)
        if not members:
            continue
        yield _index_page(site, frames, scan, facet, members, standings)
        for value, numbers in members.items():
            frame = frames("facet-of", f"{facet.name}: {excerpt(value, HEADING)}", slug(facet.name), slug(value))
            yield FacetPage(
                frame=frame,
                facet=facet.name,
                value=excerpt(value, HEADING),
                papers=tuple(_paper(frame, scan.summaries[n]) for n in _by_probability(scan, numbers)[:PAPERS]),
                more=f"and {len(numbers) - PAPERS:,} more" if len(numbers) > PAPERS else "",
                gallery=_gallery(frame, facet, k, value, of=len(scan.summaries)),
                lists=sentence_lists(
                    site,
                    frame,
                    scan,
                    scan.verdicts.rows_of(numbers),
                    limit=min(SENTENCES, site.output.ranked),
                    not_asked=not_asked,
                ),
                every=Link(text=f"compare by {facet.name}", href=frame.link("facet", slug(facet.name))),
                others=FacetLinks.of(frame, facet).links if len(members) <= OFFERED else (),
                said=_said(site, frame, scan, numbers, standings, whole=together),
                apart=_apart(frame, [counts[n] for n in numbers], whole, alone, of=len(counts)),
            )


def _said(
    site: Site, frame: Frame, scan: Scan, numbers: Sequence[int], standings: Sequence[int], *, whole: Numbers
) -> Said:
    """What is said of the value's papers beside all others. whole: of all together."""
    here = numbers_of([scan.summaries[n] for n in numbers], [standings[n] for n in numbers])
    there = numbers_beside(whole, here)
    nouns, positive = frame.nouns, site.classes.positive
    others = "the other" if there.papers == 1 else f"the {there.papers:,} others"
    elsewhere = f", and {there.share} of {others}" if there.papers else ""
    said_elsewhere = f" ({percent(there.mean)} for {others})" if there.papers else ""
    tiles = [
        Tile(value=f"{here.papers:,}", caption=nouns.one if here.papers == 1 else nouns.many),
        Tile(value=f"{here.predicted:,} of {here.papers:,}", caption=f"predicted {positive}"),
        Tile(value=percent(here.mean), caption=f"average probability of “{positive}”{said_elsewhere}"),
    ]
    if here.fair:
        new = "new to the model" if here.fair.standing is Standing.HELD_OUT else "that may not be new to the model"
        tiles.append(
            Tile(
                value=counted_share(here.fair.right, here.fair.papers),
                caption=f"of {nouns.count(here.fair.papers, 'labelled')} {new} predicted right",
            )
        )
    return Said(
        lead=f"The model calls {here.share} of {nouns.count(here.papers)} here “{positive}”{elsewhere}.",
        few=f"Fewer than {FEW} {nouns.many}: numbers of so few say little." if here.papers < FEW else "",
        tiles=tuple(tiles),
        judged=judged(here, positive, nouns),
    )


def _apart(
    frame: Frame, counts: Sequence[Counter[str]], whole: Counter[str], alone: dict[str, float], *, of: int
) -> Apart:
    """The words that set the value's papers apart, or why there are none.

    counts: of each of them; whole: of all papers, of which there are `of`.
    """
    nouns = frame.nouns
    if len(counts) < FEW:
        return Apart(none=f"From fewer than {FEW} {nouns.many} nothing is said of their words.")
    if len(counts) == of:
        return Apart(none=f"All {nouns.many} are here: there are no others to set them apart from.")
    inside, every = sum(sum(of_paper.values()) for of_paper in counts), sum(whole.values())
    found = tuple(
        FacetWord(
            word=one.word,
            here=f"{one.here:,} in {nouns.count(one.records)}",
            there=f"{one.there:,}",
            ratio=_times((one.here / inside) / (one.there / (every - inside))) if one.there else "",
            z=log_odds(one.z),
            alone=percent(float(probability(alone[one.word]))) if one.word in alone else "",
        )
        for one in part_words(counts, whole, limit=WORDS)
    )
    return Apart(
        words=found,
        none="" if found else "No word is so much more frequent in them that it would not be found by luck.",
    )


def _times(ratio: float) -> str:
    """`4.2`, `36`: how many times as common a word is."""
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}"


def _words_of(summary: RecordSummary) -> Counter[str]:
    """How often each word stands in what is published of a paper, lower-cased; a title that its abstract repeats counts
    once."""
    record = summary.record
    body = record.abstract[title_end(record.title, record.abstract) :]
    return Counter(word.lower() for text in (record.title, body) for word in _WORD.findall(text.replace(MARK, " ")))


def _by_probability(scan: Scan, numbers: Sequence[int]) -> list[int]:
    return sorted(numbers, key=lambda n: (-scan.summaries[n].probability, n))


def _paper(frame: Frame, summary: RecordSummary) -> FacetPaper:
    return FacetPaper(
        link=Link(text=summary.title, href=frame.to(summary.page)),
        percent=percent(summary.probability),
        positive=summary.predicted == 1,
        right="" if summary.right is None else "right" if summary.right else "wrong",
    )


def _gallery(frame: Frame, facet: Facet, number: int, value: str, *, of: int) -> Link | None:
    """The gallery of this value's papers: its filter by the facet is named by the facet's number (pages/gallery.py). A
    value that has a page is one of those that the filter offers; None where there is no filter."""
    if len(facet.counts) == 1 and facet.counts[0][1] == of:
        return None
    text = f"these {frame.nouns.many} in the gallery"
    return Link(text=text, href=f"{frame.home}#{urlencode({f'facet{number}': value})}")


def _index_page(
    site: Site,
    frames: Frames,
    scan: Scan,
    facet: Facet,
    members: dict[str, list[int]],
    standings: Sequence[int],
) -> FacetIndexPage:
    frame = frames("facet", f"Compared by {facet.name}", slug(facet.name))
    links = FacetLinks.of(frame, facet).links
    left, whole = len(facet.counts) - len(links), numbers_of(scan.summaries, standings)
    rows = [
        _row(link, numbers_of([scan.summaries[n] for n in numbers], [standings[n] for n in numbers]))
        for link, numbers in zip(links, members.values(), strict=True)
    ]
    return FacetIndexPage(
        frame=frame,
        facet=facet.name,
        rows=tuple(rows),
        whole=_row(Link(text=f"all {frame.nouns.many}", href=frame.home), whole),
        among=f"The {len(links):,} most frequent of {len(facet.counts):,} values." if left else "",
        few=FEW,
        labelled=bool(whole.labelled),
        unseen=bool(whole.fair and whole.fair.standing is Standing.HELD_OUT),
    )


def _row(link: Link, found: Numbers) -> ValueRow:
    fair = found.fair
    labelled, so = (sum(getattr(one, name) for one in found.labelled) for name in ("papers", "positive"))
    return ValueRow(
        value=link,
        papers=found.papers,
        positive=found.share,
        positive_order=round(found.predicted / found.papers, 4) if found.papers else -1,
        so=f"{so:,} ({counted_share(so, labelled)})" if labelled else UNKNOWN,
        so_order=round(so / labelled, 4) if labelled else -1,
        right=right_of(fair) or UNKNOWN,
        right_order=round(fair.right / fair.papers, 4) if fair else -1,
        mean=percent(found.mean),
        mean_order=round(found.mean, 4) if found.papers else -1,
        few=found.papers < FEW,
    )
