"""Ranked sentences, as the pages list them: those with the largest shares, toward either class.

A share is what the sentence did to the answer about its paper. It orders the lists and is the length of the bars, in
log-odds, on one scale for both. What readers see first is simpler: the paper's answer without the sentence, and with
it; or the share in points, where the answer hardly changes without the sentence, since others say the same. The
sentence's key words (analysis/corpus/key_words.py) are told apart where its text is published whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.significance.evidence import Mark
from sitegen.config import Site
from sitegen.web.components import Option
from sitegen.web.layout import Frame
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.numbers import log_odds, percent, points
from sitegen.web.text.verdicts import ASK_MARK, clear_in_list

Rows = np.ndarray[tuple[int], np.dtype[np.intp]]  # the numbers of sentences, ascending
UNMOVED = 0.5  # of a share: where its absence changes the answer by less, others say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of a sentence."""

    text: str
    key: bool  # whether it is one of the key words


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence of a ranking. Of near-duplicates the strongest alone is listed."""

    rank: int  # from 1
    text: str
    stretches: tuple[Stretch, ...]  # the same, cut at its key words
    href: str  # its place on its record's page
    place: str  # where it stands: its number, and its record's title
    label: str  # its record's, "" where there is none
    label_key: str  # the same as a filter: "1", "0" or "none"
    share: float  # in log-odds, to sort by; leave-one-out where the page has no shares
    share_text: str  # the same as readers see it
    points: str  # the same in points of the probability; "" where that is what the answers with and without it say
    points_size: float  # how many these are, to sort by
    length: float  # of its bar: 1 for the largest of the page
    alone: float  # the probability of the positive class when it is read alone, to sort by
    answer: float  # that of its record
    answer_text: str  # the same as readers see it
    without: float  # that of its record without the sentence
    without_text: str  # the same as readers see it; "" where that is not known
    change: float  # how far the two are apart, to sort by
    unmoved: bool  # whether the two are so near each other that the share alone says what the sentence did
    alike: int  # how many sentences of the page's scope are nearly the same, itself among them
    beyond: bool  # whether it is below the list's end, and here only as one of the strongest with a mark
    mark_keys: str  # its mark as a filter, words: "passes marked", "reaches marked" or "none"
    verdict: Verdict  # what it says alone, and its mark
    other_way: str  # the class that it speaks for alone, where it has a mark and its share is toward the other class


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences whose shares are toward one class."""

    toward: str  # the class, as readers know it
    key: str  # "positive" or "negative": its place on the page and its colour
    positive: bool  # which class it is
    sentences: tuple[RankedSentence, ...]  # strongest first
    passing: int  # how many of those listed have a mark


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLists:
    """The sentences of a scope toward either class, as a page lists them, and what is said of them."""

    considered: int  # sentences of this scope
    papers: int  # that they stand in
    shared: bool  # whether they are ordered by their shares; else by leave-one-out
    not_asked: str  # why it is not known what sentences did; "" where it is
    marks: tuple[str, ...]  # how many have a mark, and what that means
    marked: bool  # whether any listed has one
    ask_mark: str  # the text of the link to the page on the test
    labels: tuple[Option, ...]  # of the filter by label; nothing where all have one label, or none has
    orders: tuple[Option, ...]  # what the lists can be sorted by
    checkpoints: int  # of the model's ensemble, 1 without one
    bold: bool  # whether key words are told apart
    rankings: tuple[Ranking, ...]  # toward the positive class, then toward the negative one


def sentence_lists(
    site: Site, frame: Frame, scan: Scan, among: Rows, *, limit: int, not_asked: str = ""
) -> SentenceLists:
    """The lists of the sentences of these rows, `limit` of each direction; it takes time by how many these are, since
    there may be as many lists as papers. not_asked: why nothing is known of sentences, should that be so."""
    ranked = _rankings(site, frame, scan, among, limit=limit)
    return SentenceLists(
        considered=among.size,
        papers=len(np.unique(scan.effects.record[among])),
        shared=scan.effects.shared,
        not_asked=not_asked if not_asked and _none_known(scan) else "",
        marks=_marks(scan, among),
        marked=any(ranking.passing for ranking in ranked),
        ask_mark=ASK_MARK,
        labels=_labels(site, scan, among),
        orders=_orders(shared=scan.effects.shared),
        checkpoints=scan.verdicts.checkpoints,
        bold=any(part.key for ranking in ranked for row in ranking.sentences for part in row.stretches),
        rankings=ranked,
    )


def _none_known(scan: Scan) -> bool:
    """Whether of no sentence of the site it is known what it did."""
    return bool(scan.effects.leading.size and np.isnan(scan.effects.leading).all())


def _rankings(site: Site, frame: Frame, scan: Scan, among: Rows, *, limit: int) -> tuple[Ranking, ...]:
    """The sentences of these rows toward the positive class, then toward the negative one: `limit` of each, and as many
    with a mark."""
    every = scan.effects.leading[among]
    largest = float(np.max(np.nan_to_num(np.abs(every)), initial=0.0)) or 1.0
    return tuple(_ranking(site, frame, scan, among, toward, largest, limit) for toward in (1, 0))


def _labels(site: Site, scan: Scan, among: Rows) -> tuple[Option, ...]:
    """The filter by label of a list of these rows; nothing where all have one label, or none has."""
    held = {scan.summaries[k].record.label for k in np.unique(scan.effects.record[among]).tolist()}
    names = {1: site.classes.positive, 0: site.classes.negative, None: "no label"}
    found = [Option(key="none" if y is None else str(y), text=names[y]) for y in (1, 0, None) if y in held]
    return tuple(found) if len(found) > 1 else ()


def _orders(*, shared: bool) -> tuple[Option, ...]:
    """What the lists can be sorted by; the first one is how they stand in the page."""
    return (
        Option(key="share", text="largest share" if shared else "largest leave-one-out"),
        *((Option(key="points", text="largest share in points"),) if shared else ()),
        Option(key="change", text="largest change without it"),
        Option(key="alone", text="what it says alone"),
    )


def _marks(scan: Scan, among: Rows) -> tuple[str, ...]:
    """What is said of the marks of these sentences."""
    verdicts = scan.verdicts
    found, evidence, names = verdicts.significance, verdicts.evidence, verdicts.names
    label, eligible = evidence.label[evidence.record[among]], evidence.eligible_of(among)
    passes = found.mark[among] == Mark.PASSES
    return clear_in_list(
        [(names[y], int(np.sum(passes & of)), int(np.sum(of))) for y in (1, 0) for of in (eligible & (label == y),)],
        in_all=(sum(test.passed for test in found.classes), sum(test.family for test in found.classes)),
        as_clear=int(np.sum(found.mark[among] == Mark.REACHES)),
        alpha=found.alpha,
        warned=[(names[y], names[1 - y]) for y in (1, 0) if verdicts.controls.classes[y].warns],
        nouns=verdicts.nouns,
    )


def _ranking(site: Site, frame: Frame, scan: Scan, among: Rows, toward: int, largest: float, limit: int) -> Ranking:
    """The strongest sentences, of near-duplicates the strongest alone, and the strongest with a mark."""
    effects, group = scan.effects, scan.repeats.group
    alike = dict(zip(*(part.tolist() for part in np.unique(group[among], return_counts=True)), strict=True))
    rows = effects.ranked(toward=toward, limit=effects.record.size, among=among)
    _, first = np.unique(group[rows], return_index=True)
    rows = rows[np.sort(first)]
    passing = np.flatnonzero(np.isin(scan.verdicts.significance.mark[rows], (Mark.PASSES, Mark.REACHES)))[:limit]
    shown = np.union1d(np.arange(min(rows.size, limit)), passing).tolist()
    return Ranking(
        toward=site.classes.names[toward],
        key="positive" if toward else "negative",
        positive=toward == 1,
        passing=passing.size,
        sentences=tuple(
            _sentence(
                site,
                frame,
                scan,
                int(rows[k]),
                toward=toward,
                rank=k + 1,
                largest=largest,
                alike=alike[int(group[rows[k]])],
                beyond=k >= limit,
            )
            for k in shown
        ),
    )


def _sentence(
    site: Site,
    frame: Frame,
    scan: Scan,
    row: int,
    *,
    toward: int,
    rank: int,
    largest: float,
    alike: int,
    beyond: bool,
) -> RankedSentence:
    effects = scan.effects
    summary, number = scan.summaries[int(effects.record[row])], int(effects.number[row])
    share, verdict = float(effects.leading[row]), scan.verdicts.of_row(row)
    without, shared = summary.probability - float(effects.change[row]), not np.isnan(effects.share[row])
    place = f"sentence {number + 1} of {len(summary.sentences)}"
    unsaid = site.records.publish == "scores"
    repeated = bool(summary.heading) and len(summary.sentences) == 1  # the record is named by this very sentence
    text = summary.title if unsaid else summary.quoted(number)
    label, answer = summary.record.label, percent(summary.probability)
    moved = float(effects.change[row]) / float(effects.share_change[row]) if shared and share else 1.0
    return RankedSentence(
        rank=rank,
        text=text,
        stretches=_stretches(scan, row, toward) or (Stretch(text=text, key=False),),
        href=frame.to(summary.sentence(number)),
        place=place if unsaid or repeated else f"{place} · {summary.title}",
        label="" if label is None else site.classes.names[label],
        label_key="none" if label is None else str(label),
        share=round(share, 4),
        share_text=log_odds(share),
        points=points(float(effects.share_change[row])) if shared else "",
        points_size=_order(abs(float(effects.points[row]))),
        length=round(abs(share) / largest, 3),
        alone=_order(float(probability(effects.alone[row]))),
        answer=round(summary.probability, 4),
        answer_text=answer,
        without=_order(without),
        without_text="" if np.isnan(without) else percent(without),
        unmoved=shared and (percent(without) == answer or moved < UNMOVED),
        change=_order(abs(float(effects.change[row]))),
        alike=alike,
        beyond=beyond,
        mark_keys=_MARK_KEYS.get(verdict.mark, "none"),
        verdict=verdict,
        other_way=site.classes.names[verdict.toward] if verdict.marked and verdict.toward != toward else "",
    )


_MARK_KEYS = {mark.name.lower(): f"{mark.name.lower()} marked" for mark in (Mark.PASSES, Mark.REACHES)}


def _stretches(scan: Scan, row: int, toward: int) -> tuple[Stretch, ...]:
    """A sentence on one line, cut at its key words toward a class; nothing where there are none, or texts are withheld.

    Where its text was published in other words than the model read, places would be wrong: then nothing, too.
    """
    if row >= len(scan.keys):
        return ()
    summary, number = scan.summaries[int(scan.effects.record[row])], int(scan.effects.number[row])
    at, end = summary.sentences[number]
    text, parts = summary.record.abstract, list[Stretch]()
    for first, behind in scan.keys[row, toward].tolist():
        if first >= at and behind <= end:
            parts += [Stretch(text=text[at:first], key=False), Stretch(text=text[first:behind], key=True)]
            at = behind
    if not parts:
        return ()
    parts.append(Stretch(text=text[at:end], key=False))
    lined = [Stretch(text=re.sub(r"\s+", " ", part.text), key=part.key) for part in parts]
    lined[0] = Stretch(text=lined[0].text.lstrip(), key=False)
    lined[-1] = Stretch(text=lined[-1].text.rstrip(), key=False)
    return tuple(part for part in lined if part.text)


def _order(p: float) -> float:
    """What a list orders a probability by: behind all others where it is not known."""
    return -1.0 if np.isnan(p) else round(p, 4)
