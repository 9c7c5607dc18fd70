"""The page of words: what they say alone and what their absence changes, over the corpus.

Words are ranked by what they say read alone, which follows their association with a class more closely than the mean of
their leave-one-out effects does (analysis/corpus/words.py). A reader may sort by that instead, so each list has the
first words of either order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.analysis.attribution.occlusion import ZERO, probability
from sitegen.analysis.corpus.words import WordInfluence
from sitegen.config import Site
from sitegen.web.components import Option
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.release import names
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.asked import lacking
from sitegen.web.text.numbers import QUIET, excerpt, log_odds, percent, points
from sitegen.web.text.verdicts import WORDS_NOT_TESTED

LEAST_RECORDS = 3  # a word's mean over fewer records says more about those records than about the word
EXCERPT = 40  # characters of a title
ORDERS = (  # the first one is how the lists stand in the page
    Option(key="alone", text="what they say alone"),
    Option(key="missing", text="what their absence changes"),
    Option(key="times", text="how often they occur"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A paper in which a word's absence changes the answer."""

    link: Link  # to the paper, by its title
    without: str  # the answer without the word
    answer: str  # the answer with it


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedWord:
    """One word of a ranking, or all forms of one."""

    rank: int  # from 1, by what it says alone, among all words of this direction
    word: str  # lower-cased, as the model reads it
    forms: str  # of a group all its words, each with its number; "" for one word
    alone: float  # what it says alone, in log-odds beyond no text at all, to sort by
    alone_text: str  # the same as readers see it
    length: float  # of its bar: 1 for the largest of the page
    percent: str  # the probability of the positive class when it is read alone
    change: float  # of the probability by its leave-one-out effects, on average, to sort by
    missing: str  # the same as readers see it: `the answer falls by 7.2 points`
    leave_one_out_text: str  # its mean leave-one-out effect in log-odds, with the standard deviation
    occurrences: int  # how often it stands in titles and abstracts
    records: int  # in how many papers
    examples: tuple[Example, ...]  # the papers in which its absence changes most


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRanking:
    """The words that speak for one class."""

    toward: str  # the class, as readers know it
    key: str  # "positive" or "negative": its place on the page and its colour
    positive: bool  # which class it is
    words: tuple[RankedWord, ...]  # by what they say alone, strongest first


@dataclass(frozen=True, slots=True, kw_only=True)
class WordsPage(Page):
    """What the words of the corpus say, and what their absence changes."""

    template: ClassVar[str] = "words.html"
    vocabulary: int  # words of the corpus that the model knows
    least_records: int  # a word of fewer papers is not ranked
    nothing: str  # the probability of the positive class for no text at all
    example: Example | None  # the first on the page; None where there is none
    grouped: bool  # whether any words stand together as forms of one
    words_judged: str  # what is said of words and the test
    not_asked: str  # why nothing is known of words; "" where there is
    orders: tuple[Option, ...]  # what the lists can be sorted by
    rankings: tuple[WordRanking, ...]  # toward the positive class, then toward the negative one


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[WordsPage]:
    """The one page."""
    yield words_page(
        inputs.site,
        frames("words", "Words"),
        scan.summaries,
        scan.words,
        empty=inputs.controls[inputs.first].empty,
        not_asked="" if scan.words else lacking(inputs.plan, "single words say or do"),
    )


def words_page(
    site: Site,
    frame: Frame,
    summaries: Sequence[RecordSummary],
    words: Sequence[WordInfluence],
    *,
    empty: float,
    not_asked: str = "",
) -> WordsPage:
    """The words page. words: most positive first, as WordEffects gives them; empty: the margin of two empty texts, in
    log-odds; not_asked: why there are no words."""
    least = LEAST_RECORDS if len(summaries) >= 10 * LEAST_RECORDS else 1
    counted = [word for word in words if word.records >= least]
    directions = {
        1: [word for word in counted if word.alone - empty > ZERO],
        0: [word for word in reversed(counted) if word.alone - empty < -ZERO],
    }
    largest = max((abs(found[0].alone - empty) for found in directions.values() if found), default=1.0)
    rankings = tuple(
        WordRanking(
            toward=site.classes.names[toward],
            key="positive" if toward else "negative",
            positive=toward == 1,
            words=tuple(
                _word(frame, summaries, found[k], rank=k + 1, empty=empty, largest=largest)
                for k in _shown(found, toward=toward, limit=site.output.ranked)
            ),
        )
        for toward, found in directions.items()
    )
    examples = (example for ranking in rankings for row in ranking.words for example in row.examples)
    return WordsPage(
        frame=frame,
        vocabulary=sum(len(word.words) for word in words),
        least_records=least,
        nothing=percent(float(probability(empty))),
        example=next(examples, None),
        grouped=any(word.forms for word in counted),
        words_judged=WORDS_NOT_TESTED,
        not_asked=not_asked,
        orders=ORDERS,
        rankings=rankings,
    )


def _shown(words: Sequence[WordInfluence], *, toward: int, limit: int) -> list[int]:
    """Which of these words are listed: the first `limit` by what they say alone, which is their order, and the first
    `limit` by what their absence changes, toward the class."""
    sign = 1 if toward else -1
    by_absence = sorted(range(len(words)), key=lambda k: -sign * words[k].change)
    needed = [k for k in by_absence[:limit] if sign * words[k].change > ZERO]
    return sorted({*range(min(limit, len(words))), *needed})


def _word(
    frame: Frame, summaries: Sequence[RecordSummary], word: WordInfluence, *, rank: int, empty: float, largest: float
) -> RankedWord:
    beyond = word.alone - empty
    return RankedWord(
        rank=rank,
        word=word.word,
        forms=", ".join(f"{form.word} {form.occurrences:,}" for form in word.forms),
        alone=round(beyond, 4),
        alone_text=log_odds(beyond),
        length=round(abs(beyond) / largest, 3),
        percent=percent(float(probability(word.alone))),
        change=round(word.change, 6),
        missing=_missing(word.change),
        leave_one_out_text=f"{log_odds(word.leave_one_out)} ± {word.deviation:.2f}",
        occurrences=word.occurrences,
        records=word.records,
        examples=tuple(
            Example(
                link=Link(text=excerpt(summary.title, EXCERPT), href=frame.to(summary.page)),
                without=percent(summary.probability - example.change),
                answer=percent(summary.probability),
            )
            for example in word.examples
            for summary in (summaries[example.record],)
            if percent(summary.probability - example.change) != percent(summary.probability)
            and names(frame.site.records, summary.record, (form.word for form in word.words))
        ),
    )


def _missing(change: float) -> str:
    """What the answer does when a word is taken out that changes it by so much."""
    if abs(change) < QUIET:
        return "the answer hardly changes"
    return f"the answer {'falls' if change > 0 else 'rises'} by {points(abs(change)).lstrip('+')} points"
