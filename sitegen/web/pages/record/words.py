"""The table of a record's words: the answer without each, which is leave-one-out, and what the word says alone.

A share is not known of words, and words are not tested.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import SegmentedText
from sitegen.web.release import word
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import log_odds, percent

WORDS_SHOWN = 16  # rows of the table of words; every word is in data/words.csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word of either field, with its numbers."""

    field: str  # "title" or "abstract"
    number: int  # in its field, from 1
    text: str
    effect: float  # leave-one-out, log-odds
    without: float  # the record's probability without it
    alone: float  # the probability when it is read by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRow:
    """One word in the table of words."""

    text: str
    where: str  # its field and its place there
    without: str  # the probability without it
    leave_one_out: str  # the same as an effect in log-odds
    alone: str  # the probability when it is read by itself
    positive: bool  # whether it moves the answer toward the positive class
    bar: float  # the effect's size beside the largest, 0 to 1


def strongest_words(occlusion: Occlusion, alone: ReadAlone) -> tuple[Word, ...]:
    """The words of both fields without which the answer changes most, in log-odds, first the largest."""
    document = occlusion.document
    fields: tuple[tuple[str, SegmentedText, Array, Array], ...] = (
        ("title", document.title, occlusion.title_words, alone.title_words),
        ("abstract", document.abstract, occlusion.abstract_words, alone.abstract_words),
    )
    words = []
    for field, text, effects, said in fields:
        for k in np.argsort(-np.abs(effects), kind="stable")[:WORDS_SHOWN].tolist():
            effect = float(effects[k])
            if not abs(effect) > ZERO:  # from here on there is no effect, or it is withheld (NaN)
                break
            words.append(
                Word(
                    field=field,
                    number=k + 1,
                    text=word(text, k),
                    effect=effect,
                    without=float(probability(occlusion.margin - effect)),
                    alone=float(probability(float(said[k]))),
                )
            )
    return tuple(sorted(words, key=lambda one: -abs(one.effect))[:WORDS_SHOWN])


def word_rows(words: tuple[Word, ...], *, nouns: Nouns = PAPERS) -> tuple[WordRow, ...]:
    """The rows of the table, in the order of the words."""
    largest = max((abs(one.effect) for one in words), default=0.0)
    return tuple(
        WordRow(
            text=one.text,
            where=f"{'title' if one.field == 'title' else nouns.text}, word {one.number}",
            without=percent(one.without),
            leave_one_out=log_odds(one.effect),
            alone=percent(one.alone),
            positive=one.effect > 0,
            bar=round(abs(one.effect) / largest, 3),
        )
        for one in words
    )
