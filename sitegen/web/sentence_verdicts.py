"""What the test, its controls and the checkpoints say of a corpus's sentences, by the rows of SentenceEffects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.negative_control import ControlAnswers, Controls, controls
from sitegen.analysis.significance.stability import Stability, stability
from sitegen.analysis.significance.test import Evidence, Mark, Significance, Why, judge
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.corpus.texts import is_placeholder
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import log_odds, percent
from sitegen.web.text.verdicts import STABLE, SYMBOLS, WHY_IN_SHORT, WORDS, explained, q_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one sentence says read alone, and its mark, as pages show them."""

    mark: str  # the name of its Mark, in lower case
    symbol: str  # of the mark; "" without one
    word: str  # the mark in a word or two; "" without one
    text: str  # all that is said of the mark; "" without one
    q: str  # `q = .03`; "" where it has none
    alone: str  # the probability of the positive class when it is read alone
    toward: int  # the class that it speaks for, read alone: 1 or 0
    passes: bool  # whether it has q <= alpha
    marked: bool  # whether it has a mark of either kind
    across: str = ""  # its share over all checkpoints of an ensemble; "" without one
    stable: bool = False  # whether the checkpoints agree on its direction
    why: str = ""  # why it is as clear and yet not judged, in a few words; "" of all others

    @property
    def badge(self) -> str:
        """The word for what is stable; ""."""
        return STABLE if self.stable else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The test over all sentences with its controls, and the checkpoints' agreement where the first model has an
    ensemble."""

    names: tuple[str, str]  # the classes', (negative, positive)
    nouns: Nouns = PAPERS  # what the site calls a record
    significance: Significance  # what the test gave
    evidence: Evidence  # what it was given
    controls: Controls  # what came of its negative controls
    stability: Stability | None  # the checkpoints' agreement; None where there is one checkpoint alone
    checkpoints: int  # how many there are
    first: Int[np.ndarray, " N_plus_1"]  # record k's sentences are rows first[k] to first[k + 1]

    @classmethod
    def of(
        cls,
        site: Site,
        records: Sequence[Record],
        effects: SentenceEffects,
        *,
        sentences: Sequence[str],
        lengths: Int[np.ndarray, " M"],
        standing: Sequence[int],
        controls: ControlAnswers,
        members: Sequence[Float[np.ndarray, " M"]],
    ) -> Verdicts:
        """Test a site's sentences. sentences: their texts; lengths: in tokens; controls: what the model says of the
        negative controls; members: the shares by further checkpoints, each (M,)."""
        asked = ~np.isnan(effects.alone)
        evidence = Evidence(
            alone=np.where(asked, effects.alone, controls.zero),
            asked=asked,
            record=effects.record,
            length=lengths,
            placeholder=np.array([is_placeholder(text, site.records.missing) for text in sentences], dtype=bool),
            label=np.array([-1 if record.label is None else record.label for record in records], dtype=np.int8),
            standing=np.array(standing, dtype=np.uint8),
            zero=controls.zero,
        )
        significance = judge(evidence, alpha=site.significance.alpha)
        return cls(
            names=site.classes.names,
            nouns=Nouns.of(site),
            significance=significance,
            evidence=evidence,
            controls=_controls(evidence, significance, controls),
            stability=stability(np.vstack([effects.leading, *members])) if members else None,
            checkpoints=1 + len(members),
            first=np.searchsorted(effects.record, np.arange(len(records) + 1)),
        )

    def of_record(self, k: int) -> tuple[Verdict, ...]:
        """The verdicts of record k's sentences, in their order."""
        return tuple(self.of_row(row) for row in range(int(self.first[k]), int(self.first[k + 1])))

    def rows_of(self, records: Iterable[int]) -> Int[np.ndarray, " R"]:
        """The rows of the sentences of some records, which are given in their order, (R,)."""
        ranges = [np.arange(self.first[k], self.first[k + 1]) for k in records]
        return np.concatenate([np.zeros(0, dtype=np.intp), *ranges])

    def mark(self, k: int, number: int) -> Mark:
        """The mark of a sentence of record k by its number, from 0."""
        return Mark(int(self.significance.mark[int(self.first[k]) + number]))

    def strongest_mark(self, k: int) -> Mark:
        """The strongest mark of all sentences of record k."""
        found = set(self.significance.mark[int(self.first[k]) : int(self.first[k + 1])].tolist())
        return next((mark for mark in (Mark.PASSES, Mark.REACHES) if mark in found), Mark.NONE)

    def of_row(self, row: int) -> Verdict:
        """The verdict of one sentence by its row."""
        found = self.significance
        mark, why, toward = Mark(int(found.mark[row])), Why(int(found.why[row])), int(found.toward[row])
        return Verdict(
            mark=mark.name.lower(),
            symbol=SYMBOLS[mark],
            word=WORDS[mark],
            text=explained(
                mark,
                why,
                toward=self.names[toward],
                other=self.names[1 - toward],
                alpha=found.alpha,
                warns=self.controls.classes[toward].warns,
                nouns=self.nouns,
            ),
            q=q_text(float(found.q[row]), alpha=found.alpha),
            alone=percent(float(probability(self.evidence.alone[row])) if self.evidence.asked[row] else math.nan),
            toward=toward,
            passes=mark is Mark.PASSES,
            marked=mark in (Mark.PASSES, Mark.REACHES),
            across=self._across(row),
            stable=bool(self.stability is not None and self.stability.stable[row]),
            why=self.nouns.say(WHY_IN_SHORT[why]) if mark is Mark.REACHES else "",
        )

    def _across(self, row: int) -> str:
        if self.stability is None:
            return ""
        found = self.stability
        low, high = log_odds(float(found.low[row])), log_odds(float(found.high[row]))
        agree = round(float(found.agreement[row]) * self.checkpoints)
        mean = f"{log_odds(float(found.mean[row]))} on average over {self.checkpoints} checkpoints"
        return f"{mean} (95% interval {low} to {high}), {agree} of {self.checkpoints} agree in sign"


_controls = controls  # `controls` is an argument above
