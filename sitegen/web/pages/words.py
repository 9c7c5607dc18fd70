"""The page of words: those that move the model most, over the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.config import Site
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import excerpt, log_odds, strength
from sitegen.web.text.verdicts import WORDS_NOT_TESTED

LEAST_RECORDS = 3  # a word's mean over fewer records says more about those records than about the word


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWord:
    """One word of a ranking."""

    rank: int  # from 1
    word: str  # lower-cased, as the model reads it
    mean: float  # its mean effect in log-odds, to sort by
    mean_text: str  # the same as readers see it
    deviation_text: str  # the standard deviation of its effects
    occurrences: int  # how often it stands in titles and abstracts
    records: int  # in how many papers
    strength: float  # how strongly it is coloured, 0 to 1
    examples: tuple[Link, ...]  # the papers in which its effect is strongest


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRanking:
    """The words that push toward one class."""

    toward: str  # the class, as readers know it
    key: str  # "positive" or "negative": its place on the page and its colour
    positive: bool  # which class it is
    words: tuple[RankedWord, ...]  # strongest first


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage(Page):
    """The most influential words of the corpus."""

    template: ClassVar[str] = "words.html"
    vocabulary: int  # words of the corpus that the model knows
    least_records: int  # a word of fewer papers is not ranked
    words_judged: str  # what is said of words and chance
    rankings: tuple[WordRanking, ...]  # toward the positive class, then toward the negative one


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[WordsPage]:
    """The one page."""
    frame = frames("words", "Words")
    yield words_page(inputs.site, frame, scan.summaries, scan.words, vocabulary=len(scan.words))


def words_page(
    site: Site, frame: Frame, summaries: Sequence[RecordSummary], words: Sequence[WordInfluence], *, vocabulary: int
) -> WordsPage:
    """The words page: `words` in order of mean effect, most positive first, as WordEffects gives them."""
    least = LEAST_RECORDS if len(summaries) >= 10 * LEAST_RECORDS else 1
    counted = [word for word in words if word.records >= least]
    ends: Iterable[tuple[int, list[WordInfluence]]] = (
        (1, [word for word in counted if word.mean > 0]),
        (0, [word for word in reversed(counted) if word.mean < 0]),
    )
    return WordsPage(
        frame=frame,
        vocabulary=vocabulary,
        least_records=least,
        words_judged=WORDS_NOT_TESTED,
        rankings=tuple(
            WordRanking(
                toward=site.classes.names[toward],
                key="positive" if toward else "negative",
                positive=toward == 1,
                words=tuple(
                    _word(frame, summaries, word, rank) for rank, word in enumerate(chosen[: site.output.ranked], 1)
                ),
            )
            for toward, chosen in ends
        ),
    )


def _word(frame: Frame, summaries: Sequence[RecordSummary], word: WordInfluence, rank: int) -> RankedWord:
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
                text=f"{excerpt(summaries[example.record].title, 48)} ({log_odds(example.effect)})",
                href=frame.to(summaries[example.record].page),
            )
            for example in word.examples
        ),
    )
