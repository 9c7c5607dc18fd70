"""Which sentences of a corpus are more than chance, by the rows of SentenceEffects: the test and the checkpoints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.stability import Stability, stability
from sitegen.analysis.significance.strata import positions
from sitegen.analysis.significance.test import Evidence, Significance, Status, judge
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web.text.numbers import log_odds
from sitegen.web.text.verdicts import REFUSALS, STABLE, luck, short, verdict

QUIET = {Status.CHANCE, Status.NO_EFFECT}  # shown without colour; what could not be judged keeps its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The test's result for one sentence, as pages show it."""

    status: str  # the name of its Status, in lower case
    text: str  # the verdict in a sentence's words
    short: str  # `q = .03`, or what stands for it
    luck: str  # how far the effect can be trusted, as the end of a phrase; ""
    passes: bool  # whether it is distinguishable from chance
    quiet: bool  # whether it is shown without weight
    refused: bool  # whether its whole record is not judged
    by_p: bool  # whether the corpus is too small for q, so that it passes by p alone
    across: str = ""  # the effect over all checkpoints of an ensemble; "" without one
    stable: bool = False  # whether the checkpoints agree on it, and on more than chance

    @property
    def badge(self) -> str:
        """The word for what is stable; ""."""
        return STABLE if self.stable else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdicts:
    """The test over all sentences, and the checkpoints' agreement where the first model has an ensemble."""

    names: tuple[str, str]  # the classes', (negative, positive)
    significance: Significance  # what the test gave
    evidence: Evidence  # what it was given
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
        lengths: Int[np.ndarray, " M"],
        standing: Sequence[int],
        members: Sequence[Float64[np.ndarray, " M"]],
    ) -> Verdicts:
        """Judge a site's sentences. lengths: in tokens; members: the effects by further checkpoints, each (M,)."""
        evidence = Evidence(
            effect=effects.effect,
            record=effects.record,
            length=lengths,
            position=positions(effects.record),
            label=np.array([-1 if record.label is None else record.label for record in records], dtype=np.int8),
            standing=np.array(standing, dtype=np.uint8),
            null=np.array([_is_null(site, record) for record in records], dtype=bool),
        )
        significance = judge(evidence, alpha=site.significance.alpha)
        agreement = None
        if members:
            toward = np.where(effects.effect > 0, 1, 0)
            agreement = stability(np.vstack([effects.effect, *members]), significance.threshold(toward))
        return cls(
            names=site.classes.names,
            significance=significance,
            evidence=evidence,
            stability=agreement,
            checkpoints=1 + len(members),
            first=np.searchsorted(effects.record, np.arange(len(records) + 1)),
        )

    def of_record(self, k: int) -> tuple[Verdict, ...]:
        """The verdicts of record k's sentences, in their order."""
        return tuple(self.of_row(row) for row in range(int(self.first[k]), int(self.first[k + 1])))

    def of_row(self, row: int) -> Verdict:
        """The verdict of one sentence by its row."""
        found = self.significance
        status = Status(int(found.status[row]))
        label = int(self.evidence.label[self.evidence.record[row]])
        p, q, by_p = float(found.p[row]), float(found.q[row]), found.tau_rule == "p"
        return Verdict(
            status=status.name.lower(),
            text=verdict(status, toward=self.names[label] if label >= 0 else "", p=p, q=q),
            short=short(status, p=p, q=q),
            luck=luck(status, by_p=by_p),
            passes=status is Status.DISTINGUISHABLE,
            quiet=status in QUIET,
            refused=status in REFUSALS,
            by_p=by_p,
            across=self._across(row),
            stable=bool(self.stability is not None and self.stability.stable[row]),
        )

    def _across(self, row: int) -> str:
        if self.stability is None:
            return ""
        found = self.stability
        low, high = log_odds(float(found.low[row])), log_odds(float(found.high[row]))
        agree = round(float(found.agreement[row]) * self.checkpoints)
        mean = f"{log_odds(float(found.mean[row]))} on average over {self.checkpoints} checkpoints"
        return f"{mean} (95% interval {low} to {high}), {agree} of {self.checkpoints} agree in sign"


def _is_null(site: Site, record: Record) -> bool:
    """Whether a record's sentences may serve as noise."""
    null = site.significance.null
    return null is None or record.facets.get(null.column, record.metadata.get(null.column, "")) in null.values
