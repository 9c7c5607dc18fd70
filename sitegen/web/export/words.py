"""The columns of words.csv: one row a word that the site's first model knows. To add a column, add it to WORDS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.corpus.words import WordInfluence
from sitegen.web.export.columns import Column, number


@dataclass(frozen=True, slots=True, kw_only=True)
class WordForm:
    """One word, and the word under which it is listed on the page: what a row of words.csv is about."""

    word: WordInfluence
    form_of: str  # "" where it has no other forms


def word_rows(groups: Iterable[WordInfluence]) -> Iterator[WordForm]:
    """All words, forms of one together, in the order of the groups."""
    for group in groups:
        for word in group.words:
            yield WordForm(word=word, form_of=group.word if group.forms else "")


WORDS: tuple[Column[WordForm], ...] = (
    Column(name="word", meaning="the token as the model reads it, lower-cased", value=lambda row: row.word.word),
    Column(
        name="form_of",
        meaning="the word that it is listed with on the page of words (tweets: tweet); empty if it has no other form",
        value=lambda row: row.form_of,
    ),
    Column(
        name="alone",
        meaning="read alone: margin of the word by itself in the field where it stands, the other field empty, in "
        "log-odds, first model; the mean over its occurrences",
        value=lambda row: number(row.word.alone),
    ),
    Column(
        name="alone_probability",
        meaning="the same as a probability of the positive class",
        value=lambda row: number(probability(row.word.alone)),
    ),
    Column(
        name="leave_one_out",
        meaning="mean leave-one-out effect of its occurrences, in log-odds, first model",
        value=lambda row: number(row.word.leave_one_out),
    ),
    Column(
        name="deviation",
        meaning="standard deviation of these leave-one-out effects",
        value=lambda row: number(row.word.deviation),
    ),
    Column(
        name="leave_one_out_change",
        meaning="mean of these effects on the probability: that of the whole {one} minus that without the word",
        value=lambda row: number(row.word.change),
    ),
    Column(
        name="occurrences",
        meaning="how often it occurs in titles and abstracts",
        value=lambda row: row.word.occurrences,
    ),
    Column(name="records", meaning="in how many {many} it occurs", value=lambda row: row.word.records),
)
