"""The first pass over a site's records: what lists, rankings and the test need to know of each.

Every record's scores are read once, and only this little is kept. So memory grows with what the pages of the corpus
show and not with the grids; what is written per record is written in a second pass (record_files.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.corpus.key_words import NO_KEYS, key_words
from sitegen.analysis.corpus.near_duplicates import Repeats, group_repeats
from sitegen.analysis.corpus.overview import Tally
from sitegen.analysis.corpus.swaps import Swaps, summands
from sitegen.analysis.corpus.words import WordEffects, WordInfluence
from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, READ_ALONE, SHARE
from sitegen.analysis.network.likeness import Likeness, likeness
from sitegen.analysis.network.truth import RankAgreement, rank_agreement, sentence_evidence
from sitegen.analysis.network.units import UnitCollector, UnitSummaries
from sitegen.analysis.network.written import Field, Inside
from sitegen.corpus.arrays import Array, read_only
from sitegen.web.facets import Facet, facets_of
from sitegen.web.inputs import NetworkInputs, Reporter, SiteInputs
from sitegen.web.model_scan import ModelCollector, ModelScan
from sitegen.web.release import Release, listed
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary

GROUPED = 300_000  # sentences up to which near-duplicates are looked for (22 s, 0.9 GB); of more, equal ones alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """The corpus as a whole once each record was read, by the site's first model."""

    summaries: tuple[RecordSummary, ...]  # by record, in the order of the source
    effects: SentenceEffects  # by sentence
    verdicts: Verdicts  # by sentence: what the test says of it
    models: tuple[ModelScan, ...]  # the same by every model of the site, in its order
    repeats: Repeats  # by sentence: which others are nearly alike
    keys: Array  # by sentence: its key words' places (analysis/corpus/key_words.py); (0, ...) where texts are withheld
    facets: tuple[Facet, ...]  # as readers choose among their values
    words: tuple[WordInfluence, ...]  # forms of one together, by what they say alone, most positive first
    drawn: bool  # whether of every record it is known how the answer forms as it is read
    swaps: Swaps | None  # what each title and abstract adds; None where they cannot change places
    tally: Tally  # of the corpus: lengths, fields, unknown words
    release: Release  # what is published of the records; the summaries hold no more
    likeness: Mapping[Field, tuple[Likeness, ...]] | None  # of the network's units, by field and layer
    units: UnitSummaries | None  # what each of them does, likewise
    evidence: Mapping[str, RankAgreement | None] | None  # of what it writes by sentence with each measure

    @property
    def verdicts_by(self) -> dict[str, Verdicts]:
        """The test by each model's name."""
        return {one.model: one.verdicts for one in self.models}


def scan_records(inputs: SiteInputs, *, reporter: Reporter) -> Scan:
    """Read every record's scores once, by every model."""
    release = Release.of(inputs)
    site, network, total = inputs.site, inputs.network, len(inputs.records)
    collectors = {model.name: ModelCollector(inputs, release, model.name) for model in site.models}
    own, *others = collectors.values()
    words, tally, keys = WordEffects(), Tally(), list[Array]()
    fields = list[tuple[float, float, float] | None]()
    summaries = list[RecordSummary]()
    compared = _Compared(network) if network else None
    units = UnitCollector(network.report, network.papers) if network else None
    for k, record in enumerate(inputs.records):
        occlusions, pieces, extras = inputs.occlusions(k), inputs.alone(k), inputs.extras(k)
        for model, collector in collectors.items():
            if model not in occlusions:
                collector.skip()
                continue
            summary = collector.add(record, occlusions[model], pieces[model], extras[model])
            if collector is own:
                summaries.append(summary)
        occlusion, alone = occlusions[inputs.first], pieces[inputs.first]
        if release.whole:
            keys.append(key_words(occlusion, alone))
        if compared is not None:
            compared.add(k, occlusion, alone, extras[inputs.first].shapley)
        words.add(k, occlusion, alone)
        fields.append(summands(occlusion))
        tally.add(occlusion)
        if network and units:
            units.add(k, occlusion, record.label, partial(network.inside, k))
        reporter.advance("Reading the scores", k + 1, total)

    first = own.all()
    alike = _likeness(network) if network else None
    return Scan(
        summaries=tuple(summaries),
        effects=first.effects,
        verdicts=first.verdicts,
        models=(first, *(other.all() for other in others)),
        repeats=group_repeats(own.sentences, near=len(own.sentences) <= GROUPED),
        keys=read_only(np.concatenate(keys or [NO_KEYS]), np.int32, (-1, *NO_KEYS.shape[1:])),
        facets=facets_of(site.records.facets, [summary.record for summary in summaries]),
        words=tuple(
            word
            for word in words.all(empty=inputs.controls[inputs.first].empty, language=site.language)
            if all(listed(site.records, form.word) for form in word.words)
        ),
        drawn=first.drawn,
        swaps=Swaps.of(fields) if site.records.titled else None,
        tally=tally,
        release=release,
        likeness=alike,
        evidence=compared.agreement() if compared else None,
        units=units.all(alike, network.held, site.classes.threshold) if network and units and alike else None,
    )


class _Compared:
    """The evidence written at sentences beside what else is known of them, paper by paper."""

    def __init__(self, network: NetworkInputs) -> None:
        self._network = network
        self._pairs: dict[str, list[tuple[Array, Array]]] = {SHARE: [], LEAVE_ONE_OUT: [], READ_ALONE: []}

    def add(self, k: int, occlusion: Occlusion, alone: ReadAlone, shapley: Shapley | None) -> None:
        """Compare at record k, if its states are kept."""
        network = self._network
        inside = network.inside(k, network.report.network.layers - 1) if k in network.papers[-1] else None
        if inside is None:
            return
        evidence = sentence_evidence(inside, occlusion.document.abstract)
        self._pairs[LEAVE_ONE_OUT].append((evidence, occlusion.sentences))
        self._pairs[READ_ALONE].append((evidence, alone.sentences))
        if shapley is not None:
            self._pairs[SHARE].append((evidence, shapley.values))

    def agreement(self) -> dict[str, RankAgreement | None]:
        """By measure."""
        return {measure: rank_agreement(pairs) for measure, pairs in self._pairs.items()}


def _likeness(network: NetworkInputs) -> Mapping[Field, tuple[Likeness, ...]]:
    def insides(layer: int) -> Iterator[Inside]:
        return (inside for k in network.papers[layer] if (inside := network.inside(k, layer)) is not None)

    return likeness(network.report, insides)
