"""The page on chance: how big a change must be to matter, for readers who never met a p-value.

The answer comes first, in this corpus's numbers, then how it was found, then what it cannot say. The test itself is in
analysis/significance/test.py; here are its results in words, the charts' numbers, and the same results as data.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.test import Evidence, Significance, Status
from sitegen.config import Site
from sitegen.web.components import Fact, Finding, Tile
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.significance.answers import (
    Wording,
    answer,
    as_count,
    class_finding,
    method_facts,
    null_note,
    refusals,
    stand_out,
    tiles,
    wordings,
)
from sitegen.web.pages.significance.by_class import ClassResults
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import log_odds
from sitegen.web.text.verdicts import chance_text

EXAMPLES = 3  # sentences shown of each kind and class


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """The change that a sentence of one class and length must exceed."""

    effect: str  # in log-odds; "" where none passes
    points: str  # in percentage points for a reader who is undecided; "" where none passes
    chance: str  # how far chance reaches, in log-odds; "" where there is none
    passed: str  # how many of how many pass


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthRow:
    """The thresholds for sentences of one length."""

    length: str  # in words
    thresholds: tuple[Threshold, Threshold]  # positive class first


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A sentence as an example."""

    text: str
    href: str  # its place on its paper's page
    title: str  # the paper's
    effect: str  # in log-odds
    chance: str  # its q or p


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The strongest sentences of one class."""

    toward: str  # the class's name
    key: str  # "positive" or "negative", for style sheets
    positive: bool  # whether it is the positive class
    passed: tuple[Quoted, ...]  # those that pass
    failed: tuple[Quoted, ...]  # and those that do not


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificancePage(Page):
    """How big must a change be to matter?"""

    template: ClassVar[str] = "significance.html"
    answer: tuple[str, ...]  # sentences, the answer itself first
    tiles: tuple[Tile, ...]  # the same in numbers
    classes: tuple[str, str]  # (negative, positive)
    model: str  # its name
    judged: int  # how many sentences were judged
    alpha: str  # the level of q
    by_luck: str  # the same as a share: "one in ten"
    rule: str  # by what sentences pass: "q", "p" or "none"
    stand_out: str  # what those that pass do, as a verb
    findings: tuple[Finding, ...]  # one a class, positive first
    lengths: tuple[LengthRow, ...]  # the thresholds, shortest sentences first
    wordings: tuple[Wording, ...]  # what is said of sentences that were judged
    refusals: tuple[Wording, ...]  # and of those that were not
    examples: tuple[Examples, ...]  # one a class, positive first
    null: tuple[str, ...]  # which papers serve as chance, where not all do
    facts: tuple[Fact, ...]  # the numbers of the test
    methods: str  # the link to the methods page
    data: str  # the link to the same as data

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding."""
        return {finding.key: finding.chart for finding in self.findings if finding.chart}


def significance_page(
    site: Site,
    frame: Frame,
    *,
    significance: Significance,
    evidence: Evidence,
    effects: SentenceEffects,
    summaries: Sequence[RecordSummary],
) -> SignificancePage:
    """The page of one test.

    significance: what `judge(evidence)` gave. effects: the sentences of `evidence`, in its order, for their numbers in
    their abstracts; summaries: the records, in its order.
    """
    tested = ClassResults.of(significance, evidence, names=site.classes.names)
    return SignificancePage(
        frame=frame,
        answer=answer(tested),
        tiles=tiles(tested),
        classes=site.classes.names,
        model=site.models[0].name,
        judged=significance.hypotheses,
        alpha=f"{100 * significance.alpha:g}%",
        by_luck=as_count(significance.alpha),
        rule=significance.tau_rule,
        stand_out=stand_out(tested),
        findings=tuple(finding for y in (1, 0) if (finding := class_finding(tested, y, palette=frame.palette))),
        lengths=tuple(_length_row(tested, b) for b in range(significance.edges.size + 1)),
        wordings=wordings(tested),
        refusals=refusals(tested),
        examples=tuple(_examples(frame, tested, y, effects, summaries) for y in (1, 0) if tested.judged[y].any()),
        null=null_note(site, evidence),
        facts=method_facts(tested),
        methods=frame.link("methods") + "#occlusion",
        data=frame.data("significance.json"),
    )


def _length_row(tested: ClassResults, b: int) -> LengthRow:
    first, second = (_threshold(tested, y, b) for y in (1, 0))
    return LengthRow(length=tested.length_text(b), thresholds=(first, second))


def _threshold(tested: ClassResults, y: int, b: int) -> Threshold:
    inside = tested.own(y) & (tested.significance.bin == b)
    passed = int(np.sum(inside & tested.significance.distinguishable))
    tau = float(tested.significance.tau[y, b])
    known, reached = passed > 0, tested.chance_reaches(y, b)
    return Threshold(
        effect=log_odds(tau).lstrip("+") if known else "",
        points=f"{50 * np.tanh(tau / 2):.1f}" if known else "",
        chance="" if reached is None else log_odds(reached).lstrip("+"),
        passed=f"{passed:,} of {int(inside.sum()):,}",
    )


def _examples(
    frame: Frame, tested: ClassResults, y: int, effects: SentenceEffects, summaries: Sequence[RecordSummary]
) -> Examples:
    status = tested.significance.status

    def quoted(wanted: Status) -> tuple[Quoted, ...]:
        rows = np.flatnonzero(tested.judged[y] & (status == wanted))
        strongest = rows[np.argsort(-tested.push[rows], kind="stable")]
        _, first = np.unique(effects.record[strongest], return_index=True)  # one a record
        return tuple(_quoted(frame, tested, int(strongest[k]), effects, summaries) for k in sorted(first)[:EXAMPLES])

    return Examples(
        toward=tested.names[y],
        key="positive" if y else "negative",
        positive=y == 1,
        passed=quoted(Status.DISTINGUISHABLE),
        failed=quoted(Status.CHANCE),
    )


def _quoted(
    frame: Frame, tested: ClassResults, row: int, effects: SentenceEffects, summaries: Sequence[RecordSummary]
) -> Quoted:
    summary, number = summaries[int(effects.record[row])], int(effects.number[row])
    start, end = summary.sentences[number]
    return Quoted(
        text=" ".join(summary.record.abstract[start:end].split()),
        href=frame.to(summary.sentence(number)),
        title=summary.title,
        effect=log_odds(float(effects.effect[row])),
        chance=chance_text(p=float(tested.significance.p[row]), q=float(tested.significance.q[row])),
    )


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SignificancePage]:
    """The one page."""
    yield significance_page(
        inputs.site,
        frames("significance", "How big must a change be to matter?"),
        significance=scan.verdicts.significance,
        evidence=scan.verdicts.evidence,
        effects=scan.effects,
        summaries=scan.summaries,
    )
