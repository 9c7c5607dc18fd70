"""A corpus by one of a site's models: each record's summary, its sentences by all measures, and the test of them.

The first pass over the records (scan.py) collects this for every model of a site. A model may be limited to a facet's
value (`[[models]] only`); it has no summary of the other records, and no row of their sentences.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.corpus.influence import EffectsCollector, SentenceEffects
from sitegen.corpus.arrays import Array
from sitegen.corpus.records import Record
from sitegen.web.inputs import RecordExtras, SiteInputs
from sitegen.web.release import Release
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary, heading_of, read


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScan:
    """What is known of the whole corpus by one model."""

    model: str  # its name
    summaries: tuple[RecordSummary | None, ...]  # by record, in the order of the source; None where it does not read it
    effects: SentenceEffects  # by sentence
    verdicts: Verdicts  # by sentence: what the test says of it
    alone: tuple[tuple[float, float], ...]  # by record: what it says of nothing, and of the title alone; NaN: not asked
    cuts: tuple[bytes, ...]  # by record: where its sentences begin and end, to compare with another model's
    drawn: bool  # whether of every record it reads it is known how the answer forms


class ModelCollector:
    """Collects one model's answers, record by record, in the order of the source."""

    def __init__(self, inputs: SiteInputs, release: Release, model: str) -> None:
        self._inputs, self._release, self._model = inputs, release, model
        self._summaries: list[RecordSummary | None] = []
        self._effects = EffectsCollector()
        self._members: list[Sequence[Array]] = []  # by record, by checkpoint: the shares of its sentences
        self._lengths: list[int] = []  # of every sentence, in tokens
        self._cuts: list[bytes] = []
        self._alone: list[tuple[float, float]] = []
        self._drawn = True
        self.sentences: list[str] = []  # of all records, as they were written

    def skip(self) -> None:
        """Pass over a record that the model does not read."""
        self._summaries.append(None)
        self._cuts.append(b"")
        self._alone.append((np.nan, np.nan))

    def add(self, record: Record, occlusion: Occlusion, alone: ReadAlone, extras: RecordExtras) -> RecordSummary:
        """Collect the next record; gives its summary."""
        site, k, document = self._inputs.site, len(self._summaries), occlusion.document
        published, spans = self._release.record(record, document)
        summary = read(
            published,
            self._release.scores(occlusion, title=record.title),
            extras.shapley,
            classes=site.classes,
            sentences=spans,
            heading=heading_of(published, site.records),
            title=alone.title,
        )
        self._summaries.append(summary)
        self._cuts.append(document.abstract.sentence_spans.tobytes())
        self._alone.append((float(probability(alone.empty)), float(probability(alone.title))))
        self._effects.add(k, occlusion, alone, extras.shapley)
        self._members.append([effects for _, effects in extras.members])
        self._lengths += [end - start for start, end in document.abstract.sentence_ranges]
        self.sentences += [record.abstract[start:end] for start, end in document.abstract.sentence_spans.tolist()]
        self._drawn = self._drawn and occlusion.drawn
        return summary

    def all(self) -> ModelScan:
        """All records are collected."""
        inputs, effects = self._inputs, self._effects.all()
        checkpoints = min(map(len, self._members), default=0)
        verdicts = Verdicts.of(
            inputs.site,
            inputs.records,
            effects,
            sentences=self.sentences,
            lengths=np.array(self._lengths, dtype=np.int32),
            standing=inputs.standing[self._model],
            controls=inputs.controls[self._model],
            members=[np.concatenate([shares[r] for shares in self._members]) for r in range(checkpoints)],
        )
        return ModelScan(
            model=self._model,
            summaries=tuple(self._summaries),
            effects=effects,
            verdicts=verdicts,
            alone=tuple(self._alone),
            cuts=tuple(self._cuts),
            drawn=self._drawn,
        )
