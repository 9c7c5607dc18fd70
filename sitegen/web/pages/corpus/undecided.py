"""Where the model is undecided: the papers near the threshold, nearest first."""

from __future__ import annotations

from sitegen.web.components import Answer, Section
from sitegen.web.pages.corpus.corpus import Corpus
from sitegen.web.pages.corpus.papers import listed
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import counted_share, exact_percent

NEAR = 0.1  # probability: papers no further than this from the threshold are listed


def section(corpus: Corpus) -> Section:
    """How many papers are near the threshold, and the nearest."""
    threshold, papers = corpus.classes.threshold, corpus.summaries

    def distance(summary: RecordSummary) -> float:
        return abs(summary.probability - threshold)

    near = sorted((summary for summary in papers if distance(summary) <= NEAR), key=distance)
    some = (
        f"{len(near):,} of {corpus.nouns.count(len(papers))} ({counted_share(len(near), len(papers))})"
        if near
        else f"No {corpus.nouns.one}"
    )
    where = f"a probability within {100 * NEAR:.0f} points of {exact_percent(threshold)}, where the answer turns"
    head = Answer(key="undecided", question="Where is it undecided?", answer=f"{some} got {where}.")
    found = listed(corpus, near, key="near", heading="Nearest first", labels=True)
    return Section(head=head, parts=(found,) if near else ())
