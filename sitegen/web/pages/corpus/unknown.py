"""Which words of the texts the model does not know, how often they stand there, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import altair as alt

from sitegen.analysis.corpus.overview import UnknownWord, Vocabulary
from sitegen.web.charts.style import Palette, page_chart
from sitegen.web.components import Finding, Section
from sitegen.web.layout import Link
from sitegen.web.pages.corpus.corpus import LISTED, Corpus
from sitegen.web.release import listed, names
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, counted_share, excerpt

CHARTED = 20  # words of the chart


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedWord:
    """One unknown word of the list."""

    word: str
    occurrences: int  # how often it stands in the texts
    papers: int  # in how many of them
    example: Link | None  # one of these papers; None where it would tell a word that is withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWords:
    """The unknown words that stand in the texts most often, each with a paper."""

    partial: ClassVar[str] = "partials/unknown_words.html"
    words: tuple[ListedWord, ...]
    distinct: int  # how many different ones there are, listed or not


def section(corpus: Corpus) -> Section:
    """How much of the texts the model skips, and the words."""
    vocabulary = corpus.tally.vocabulary
    told = [word for word in vocabulary.words if listed(corpus.frame.site.records, word.word)]
    words = tuple(_listed(corpus, word) for word in told[:LISTED])
    return Section(
        head=unknown(
            vocabulary, papers=len(corpus.summaries), palette=corpus.palette, nouns=corpus.nouns, charted=told[:CHARTED]
        ),
        parts=(UnknownWords(words=words, distinct=len(vocabulary.words)),) if words else (),
    )


def _listed(corpus: Corpus, word: UnknownWord) -> ListedWord:
    summary = corpus.summaries[word.example]
    told = names(corpus.frame.site.records, summary.record, [word.word])
    return ListedWord(
        word=word.word,
        occurrences=word.occurrences,
        papers=word.records,
        example=Link(text=excerpt(summary.title, 60), href=corpus.frame.to(summary.page)) if told else None,
    )


def unknown(
    vocabulary: Vocabulary,
    *,
    papers: int,
    palette: Palette,
    nouns: Nouns = PAPERS,
    charted: Sequence[UnknownWord] | None = None,
) -> Finding:
    """How much of the texts the model does not know. charted: the words of the chart; None: the most frequent ones."""
    key, question = "unknown", "Which words does it not know?"
    if not vocabulary.unknown:
        return Finding(
            key=key, question=question, answer=(f"It knows all {vocabulary.tokens:,} words of these {nouns.many}.",)
        )
    most = vocabulary.words[:CHARTED] if charted is None else charted
    where = "titles and abstracts" if nouns.titled else f"the {nouns.texts}"
    return Finding(
        key=key,
        question=question,
        answer=(
            f"Of {vocabulary.tokens:,} words in {where} it does not know {vocabulary.unknown:,} "
            f"({counted_share(vocabulary.unknown, vocabulary.tokens)}): "
            f"{count(len(vocabulary.words), 'different one')}, in {vocabulary.records:,} of {nouns.count(papers)}.",
            "The model skips them, as if they were not there; in the texts they are dotted.",
        ),
        caption="The unknown words that stand in the texts most often." if most else "",
        chart=unknown_spec(most, palette=palette, nouns=nouns) if most else None,
    )


def unknown_spec(words: Sequence[UnknownWord], *, palette: Palette, nouns: Nouns = PAPERS) -> dict[str, Any]:
    """How often each of some unknown words stands in the texts, in the order given."""
    rows = [{"word": word.word, "times": word.occurrences, "papers": word.records} for word in words]
    bars = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_bar(color=palette.chart_neutral)
        .encode(
            y=alt.Y("word:N", sort=None).axis(
                title=None, labelLimit=140, ticks=False, domain=False, labelOverlap=False
            ),
            x=alt.X("times:Q").axis(title="times in these texts", tickMinStep=1, domain=False),
            tooltip=[
                alt.Tooltip("word:N", title="word"),
                alt.Tooltip("times:Q", title="times"),
                alt.Tooltip("papers:Q", title=nouns.many),
            ],
        )
    )
    return page_chart(bars, palette=palette, height=18 * len(rows))
