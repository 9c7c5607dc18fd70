"""The page of words: those that move the model most, over the corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.config import Site
from sitegen.web.layout import Frame, Link, Page
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import excerpt, log_odds, strength
from sitegen.web.text.verdicts import WORDS_NOT_JUDGED

LEAST_RECORDS = 3  # a word's mean over fewer records says more about those records than about the word


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
class WordRanking:
    """The words that push toward one class, strongest first. `positive`: which class."""

    toward: str
    key: str
    positive: bool
    words: tuple[RankedWord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage(Page):
    """The most influential words of the corpus."""

    template: ClassVar[str] = "words.html"
    vocabulary: int
    least_records: int
    words_judged: str  # what is said of words and chance
    rankings: tuple[WordRanking, ...]
    methods: str
    csv: str


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
        words_judged=WORDS_NOT_JUDGED,
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
        methods=frame.to("methods.html#occlusion"),
        csv=frame.to("data/words.csv"),
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
