"""Summary pages: the sentences and the words that move the model most, over the corpus and over each facet value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.analysis.significance.evidence import Status
from sitegen.config import Site
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.pages.record.effects import strength
from sitegen.web.scan import Survey
from sitegen.web.sentence_verdicts import Judgement
from sitegen.web.summary import Reading
from sitegen.web.text.numbers import excerpt, log_odds, points, slug
from sitegen.web.text.verdicts import P_RULE

FrameFor = Callable[[str, str], Frame]
Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
JUDGED = (Status.DISTINGUISHABLE, Status.CHANCE)
LEAST_RECORDS = 3  # a word's mean over fewer records says more about those records than about the word


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSentence:
    """One sentence of a ranking, linked to its place in its record. alike: how many sentences of the same scope are
    near-duplicates of it, itself among them, of which it is the strongest. beyond: whether it is below the list's end
    and here only as one of the strongest distinguishable."""

    rank: int
    text: str
    href: str
    title: str
    label: str
    effect: float
    effect_text: str
    change_text: str
    strength: float
    alike: int
    beyond: bool
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The sentences (or words) that push toward one class, strongest first. `positive`: which class. `passing`: how
    many of the sentences listed are distinguishable from chance."""

    toward: str
    key: str
    positive: bool
    sentences: tuple[RankedSentence, ...] = ()
    passing: int = 0
    words: tuple[RankedWord, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWord:
    """One word of a ranking with its strongest occurrences."""

    rank: int
    word: str
    mean: float
    mean_text: str
    deviation_text: str
    occurrences: int
    records: int
    strength: float
    examples: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetLinks:
    """The pages of one facet: its name and a link per value; `current` is the href of the page itself."""

    name: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesPage(Page):
    """The most influential sentences of the corpus or of one facet value. Of the `considered` sentences, `judged` were
    compared with chance, and `distinguishable` of these pass (by `p_rule` alone, "" where by q); `against` push against
    their label."""

    template: ClassVar[str] = "sentences.html"
    scope: str
    considered: int
    papers: int
    distinguishable: int
    judged: int
    against: int
    p_rule: str
    checkpoints: int
    rankings: tuple[Ranking, ...]
    overall: Link
    facets: tuple[FacetLinks, ...]
    methods: str
    chance: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage(Page):
    """The most influential words of the corpus."""

    template: ClassVar[str] = "words.html"
    vocabulary: int
    least_records: int
    rankings: tuple[Ranking, ...]
    methods: str
    csv: str


def sentences_path(facet: str | None = None, value: str = "") -> str:
    """The path of a ranking's page within the site: the corpus's, or one facet value's."""
    return "sentences/index.html" if facet is None else f"sentences/{slug(facet)}/{slug(value)}.html"


def sentence_pages(site: Site, frame_for: FrameFor, found: Survey) -> Iterator[SentencesPage]:
    """The corpus's page, then one page per value of each facet."""
    facets = {
        facet: sorted({reading.record.facets.get(facet, "") for reading in found.readings} - {""})
        for facet in site.records.facets
    }
    everything = np.ones(found.effects.record.size, dtype=bool)
    yield _sentences_page(site, frame_for(sentences_path(), "Sentences"), found, everything, "", facets)
    for facet, values in facets.items():
        for value in values:
            member = np.array([reading.record.facets.get(facet, "") == value for reading in found.readings], dtype=bool)
            frame = frame_for(sentences_path(facet, value), f"Sentences: {value}")
            yield _sentences_page(site, frame, found, member[found.effects.record], f"{facet}: {value}", facets)


def _sentences_page(
    site: Site, frame: Frame, found: Survey, among: Mask, scope: str, facets: dict[str, list[str]]
) -> SentencesPage:
    significance = found.judged.significance
    return SentencesPage(
        frame=frame,
        scope=scope,
        considered=int(among.sum()),
        papers=len(np.unique(found.effects.record[among])),
        distinguishable=int(np.sum(among & significance.distinguishable)),
        judged=int(np.sum(among & np.isin(significance.status, JUDGED))),
        against=int(np.sum(among & (significance.status == Status.AGAINST))),
        p_rule=P_RULE if significance.tau_rule == "p" else "",
        checkpoints=found.judged.checkpoints,
        rankings=tuple(_ranking(site, frame, found, among, toward) for toward in (1, 0)),
        overall=Link(text="all papers", href=frame.to(sentences_path())),
        facets=tuple(
            FacetLinks(
                name=facet,
                links=tuple(Link(text=value, href=frame.to(sentences_path(facet, value))) for value in values),
            )
            for facet, values in facets.items()
        ),
        methods=frame.to("methods.html"),
        chance=frame.to("significance.html"),
    )


def _ranking(site: Site, frame: Frame, found: Survey, among: Mask, toward: int) -> Ranking:
    """The strongest sentences, of near-duplicates the strongest alone, and the strongest distinguishable ones."""
    effects, group = found.effects, found.repeats.group
    alike = np.bincount(group[among], minlength=found.repeats.size.size)
    rows = effects.ranked(toward=toward, limit=effects.record.size, among=among)
    _, first = np.unique(group[rows], return_index=True)
    rows = rows[np.sort(first)]
    passing = np.flatnonzero(found.judged.significance.distinguishable[rows])[: site.output.ranked]
    shown = np.union1d(np.arange(min(rows.size, site.output.ranked)), passing).tolist()
    return Ranking(
        toward=site.classes.names[toward],
        key="positive" if toward else "negative",
        positive=toward == 1,
        passing=passing.size,
        sentences=tuple(
            _sentence(
                site,
                frame,
                found,
                int(rows[k]),
                rank=k + 1,
                alike=int(alike[group[rows[k]]]),
                beyond=k >= site.output.ranked,
            )
            for k in shown
        ),
    )


def _sentence(
    site: Site, frame: Frame, found: Survey, row: int, *, rank: int, alike: int, beyond: bool
) -> RankedSentence:
    reading, number = found.readings[int(found.effects.record[row])], int(found.effects.number[row])
    start, end = reading.sentences[number]
    effect = float(found.effects.effect[row])
    return RankedSentence(
        rank=rank,
        text=" ".join(reading.record.abstract[start:end].split()),
        href=frame.to(reading.sentence(number)),
        title=reading.title,
        label="" if reading.record.label is None else site.classes.names[reading.record.label],
        effect=round(effect, 4),
        effect_text=log_odds(effect),
        change_text=points(float(found.effects.change[row])),
        strength=strength(effect),
        alike=alike,
        beyond=beyond,
        judgement=found.judged.of_row(row),
    )


def words_page(
    site: Site, frame: Frame, readings: Sequence[Reading], words: Sequence[WordInfluence], *, vocabulary: int
) -> WordsPage:
    """The words page: `words` in order of mean effect, most positive first, as WordEffects gives them."""
    least = LEAST_RECORDS if len(readings) >= 10 * LEAST_RECORDS else 1
    counted = [word for word in words if word.records >= least]
    ends: Iterable[tuple[int, list[WordInfluence]]] = (
        (1, [word for word in counted if word.mean > 0]),
        (0, [word for word in reversed(counted) if word.mean < 0]),
    )
    return WordsPage(
        frame=frame,
        vocabulary=vocabulary,
        least_records=least,
        rankings=tuple(
            Ranking(
                toward=site.classes.names[toward],
                key="positive" if toward else "negative",
                positive=toward == 1,
                words=tuple(
                    _word(frame, readings, word, rank) for rank, word in enumerate(chosen[: site.output.ranked], 1)
                ),
            )
            for toward, chosen in ends
        ),
        methods=frame.to("methods.html#occlusion"),
        csv=frame.to("data/words.csv"),
    )


def _word(frame: Frame, readings: Sequence[Reading], word: WordInfluence, rank: int) -> RankedWord:
    return RankedWord(
        rank=rank,
        word=word.word,
        mean=round(word.mean, 4),
        mean_text=log_odds(word.mean),
        deviation_text=f"{word.deviation:.2f}",
        occurrences=word.occurrences,
        records=word.records,
        strength=strength(word.mean),
        examples=tuple(
            Link(
                text=f"{excerpt(readings[example.record].title, 48)} ({log_odds(example.effect)})",
                href=frame.to(readings[example.record].page),
            )
            for example in word.examples
        ),
    )
