"""The columns of words.csv: one row a word that the site's first model knows."""

from __future__ import annotations

from sitegen.analysis.corpus.influence import WordInfluence
from sitegen.web.export.columns import Column, number

WORDS: tuple[Column[WordInfluence], ...] = (
    Column(name="word", meaning="the token as the model reads it, lower-cased", value=lambda row: row.word),
    Column(
        name="mean",
        meaning="mean leave-one-out effect of its occurrences in log-odds, first model",
        value=lambda row: number(row.mean),
    ),
    Column(name="deviation", meaning="standard deviation of these effects", value=lambda row: number(row.deviation)),
    Column(
        name="occurrences", meaning="how often it occurs in titles and abstracts", value=lambda row: row.occurrences
    ),
    Column(name="records", meaning="in how many records it occurs", value=lambda row: row.records),
)
