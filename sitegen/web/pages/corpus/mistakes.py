"""Where the model is wrong, by the labels: how often, which way, and the papers, surest first.

What the model is sure of and wrong about teaches most.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sitegen.web.components import Answer, Section
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.pages.corpus.papers import Papers, listed
from sitegen.web.summary import Confusion, RecordSummary
from sitegen.web.text.numbers import counted_share


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistakes:
    """Label against prediction, and the papers of the two cells where they differ."""

    partial: ClassVar[str] = "partials/mistakes.html"
    classes: tuple[str, str]  # (negative, positive)
    confusion: Confusion
    lists: tuple[Papers, Papers]  # called positive and labelled negative; the other way round


def section(corpus: Corpus) -> Section:
    """The answer in words, and, where there are labels, the table and the papers."""
    classes, confusion = corpus.classes, Confusion.of(corpus.summaries)
    called = _called(corpus, 1), _called(corpus, 0)
    wrong = len(called[0]) + len(called[1])
    answer = (
        f"These {corpus.nouns.many} have no labels to be wrong about."
        if not confusion.total
        else f"Nowhere: answer and label agree for {corpus.nouns.count(confusion.total, 'labelled')}."
        if not wrong
        else f"Its answer differs from the label in {wrong:,} of {corpus.nouns.count(confusion.total, 'labelled')} "
        f"({counted_share(wrong, confusion.total)}): it calls {len(called[0]):,} “{classes.positive}” that are "
        f"labelled “{classes.negative}”, and {len(called[1]):,} the other way round. The label may be the one that is "
        "wrong."
    )
    head = Answer(key="mistakes", question="Where is it wrong?", answer=answer)
    if not confusion.total:
        return Section(head=head)
    lists = (
        listed(
            corpus, called[0], key="called-positive", heading=f"Called {classes.positive}, labelled {classes.negative}"
        ),
        listed(
            corpus, called[1], key="called-negative", heading=f"Called {classes.negative}, labelled {classes.positive}"
        ),
    )
    return Section(head=head, parts=(Mistakes(classes=classes.names, confusion=confusion, lists=lists),))


def _called(corpus: Corpus, predicted: int) -> list[RecordSummary]:
    """The papers that are wrongly predicted to be of a class, those furthest from the threshold first."""
    wrong = [summary for summary in corpus.summaries if summary.right is False and summary.predicted == predicted]
    return sorted(wrong, key=lambda summary: -abs(summary.probability - corpus.classes.threshold))
