"""One model's answers about one corpus: computed where the store lacks them, stored batch by batch.

`score_model` asks these questions, in this order, each of the distinct texts of the records:

    trial          of models that sitegen did not make: is it to be believed?                   trial.py
    reach          how far it reads into long texts, where it does not read them to their end   reach.py
    plan           of models that are not additive: how much is asked in the time there is      plan.py
    occlusions     prefix grid, leave-one-outs, random spans         analysis/attribution/occlusion.py
    alone          what each sentence and word says by itself        analysis/attribution/read_alone.py
    shapley        values of each abstract's sentences               analysis/attribution/shapley.py
    untitled       the same subsets of sentences without the title   analysis/attribution/untitled.py
    ensemble       the shares by each checkpoint (leave-one-outs where shares are turned off)
    controls       of texts that should not pass the test            controls.py
    faithfulness   of the whole, on a sample of held-out texts       analysis/faithfulness/report.py
    network        its units' states, on a sample of texts, and what it says with units held        inside.py
    live           what it says with the numbers that a page is given of it                        live.py

A model is loaded when something is missing, and not before. While a batch is computed, the next is being segmented
and the one before it written (see prefetch.py); progress is reported when a batch lies on the disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.depth import reaches
from sitegen.analysis.attribution.leave_one_out import SentenceEffect, sentence_effects
from sitegen.analysis.attribution.masking import masked_margins
from sitegen.analysis.attribution.occlusion import Occlusion, occlude, probability
from sitegen.analysis.attribution.plan import Plan
from sitegen.analysis.attribution.read_alone import ReadAlone, read_alone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, Shapley, least_exact, plan_exact, shapley
from sitegen.analysis.attribution.untitled import untitled_subsets
from sitegen.analysis.faithfulness.report import as_json, measure
from sitegen.analysis.store.store import MemberKind, Method, Store
from sitegen.config import Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.errors import ConfigError, ModelError
from sitegen.models.protocol import Classifier
from sitegen.models.registry import load, load_randomised
from sitegen.pipeline import checks
from sitegen.pipeline.batches import Advance, in_batches, segmented, shortest_first
from sitegen.pipeline.controls import ask_controls
from sitegen.pipeline.inside import RANDOMISED, score_network
from sitegen.pipeline.keys import ModelKeys, TextKeys, neutral_of, read_report
from sitegen.pipeline.live import score_live
from sitegen.pipeline.plan import make_plan
from sitegen.pipeline.reach import score_reach
from sitegen.pipeline.trial import adds_up, try_model

WORDS_PER_MINUTE = 15_000_000  # what `shapley_minutes` are counted in: 250,000 words a second
REDUCED = 16  # records that a reduced precision is tried on

Loader = Callable[[], Classifier]  # loads at the first call, and returns the same classifier at all others


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionTrial:
    """The cost of a reduced precision, tried on some records.

    records: how many. deviation: the largest change of a probability, over the whole records and each of their
    leave-one-outs. time: as a share of float32's.
    """

    name: str
    records: int
    deviation: float
    time: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelScores:
    """How much was computed for one model. plan: how much was to be asked. Then texts by occlusion, texts whose pieces
    were read alone, abstracts with Shapley values, abstracts all subsets of which were read without the title, texts by
    further checkpoints, whether the negative controls were asked about and its faithfulness was tried, texts inside
    which its network was looked at, whether its numbers in a page were tried, and the cost of a reduced precision (None
    for float32 and more)."""

    plan: Plan
    occlusions: int
    alone: int
    shapley: int
    untitled: int
    ensemble: int
    controls: bool
    faithfulness: bool
    network: int
    live: bool
    precision: PrecisionTrial | None


def score_model(site: Site, keys: ModelKeys, store: Store, *, advance: Advance) -> ModelScores:
    """Ask one model all that the store lacks of its answers."""
    classifier = cache(partial(load, keys.texts.source, precision=site.occlusion.precision))
    try_model(site, keys, store, classifier, advance)
    score_reach(keys, store, classifier, advance)
    plan = make_plan(site, keys, store, classifier, advance)
    return ModelScores(
        plan=plan,
        precision=_try_precision(site, keys, store, classifier),
        occlusions=_occlusions(site, keys, plan, store, classifier, advance),
        alone=_alone(site, keys, plan, store, classifier, advance),
        shapley=_shapley(site, keys, plan, store, classifier, advance),
        untitled=_untitled(site, keys, store, classifier, advance) if plan.exact else 0,
        ensemble=sum(_checkpoint(site, keys, plan, checkpoint, store, advance) for checkpoint in keys.ensemble),
        controls=_controls(site, keys, store, classifier, advance),
        faithfulness=plan.checks and _faithfulness(site, keys, store, classifier, advance),
        network=score_network(site, keys, store, classifier, advance),
        live=score_live(site, keys, store, advance),
    )


def _try_precision(site: Site, keys: ModelKeys, store: Store, classifier: Loader) -> PrecisionTrial | None:
    """Try the site's precision, where it is less than float32, on some texts without scores."""
    texts, occlusion = keys.texts, site.occlusion
    missing = shortest_first(texts.texts, texts.texts.keys() - store.keys())
    if occlusion.precision != "bfloat16" or not missing:
        return None
    documents = segmented(texts, missing[:: -(-len(missing) // REDUCED)])
    exact, reduced = load(texts.source), classifier()
    seconds, answers = [], []
    for one in (exact, reduced):
        occlude(documents[:1], one, baseline=checks.baseline(site))  # whatever happens once, before the clock
        start = time.perf_counter()
        answers.append(occlude(documents, one, baseline=checks.baseline(site)))
        seconds.append(time.perf_counter() - start)
    deviation = max(float(np.max(np.abs(_probabilities(a) - _probabilities(b)))) for a, b in zip(*answers, strict=True))
    return PrecisionTrial(
        name=occlusion.precision, records=len(documents), deviation=deviation, time=seconds[1] / seconds[0]
    )


def _occlusions(site: Site, keys: ModelKeys, plan: Plan, store: Store, classifier: Loader, advance: Advance) -> int:
    """Score the texts that have no scores, or were asked less about; returns how many."""
    texts, present = keys.texts.texts, store.keys()
    shallow = {
        key
        for key in (texts.keys() & present if keys.plan else ())
        if not store.read(key, title=texts[key].title, abstract=texts[key].abstract).asked(plan.depth)
    }
    missing = shortest_first(texts, (texts.keys() - present) | shallow)

    def compute(documents: Sequence[Document]) -> list[Occlusion]:
        return occlude(documents, classifier(), baseline=checks.baseline(site), depth=plan.depth)

    def keep(batch: Sequence[str], answers: list[Occlusion]) -> None:
        for key, occlusion in zip(batch, answers, strict=True):
            if np.isnan(occlusion.margin):
                raise ModelError(
                    f"{keys.texts.source.name}: has no answer to the whole text of the record "
                    f'"{texts[key].id}". Get one, and import again: sitegen import ANSWERS {site.file}'
                )
        store.write(zip(batch, answers, strict=True))

    stage = f"Scoring with {keys.name}"
    size = plan.batch(len(texts), most=site.occlusion.batch)
    return in_batches(missing, keys.texts, compute, keep, size=size, advance=partial(advance, stage))


def _alone(site: Site, keys: ModelKeys, plan: Plan, store: Store, classifier: Loader, advance: Advance) -> int:
    """Read alone the pieces of the texts that lack it, or of which fewer were read; returns of how many."""
    texts, present = keys.texts.texts, store.with_alone()
    shallow = {
        key for key in (texts.keys() & present if keys.plan else ()) if not store.read_alone(key).asked(plan.depth)
    }
    missing = shortest_first(texts, (texts.keys() - present) | shallow)

    def compute(documents: Sequence[Document]) -> list[ReadAlone]:
        return read_alone(documents, classifier(), depth=plan.depth)

    def keep(batch: Sequence[str], answers: list[ReadAlone]) -> None:
        store.write_alone(zip(batch, answers, strict=True))

    stage = f"Reading pieces alone with {keys.name}"
    size = plan.batch(len(texts), most=site.occlusion.batch)
    read = in_batches(missing, keys.texts, compute, keep, size=size, advance=partial(advance, stage))
    return read if reaches(plan.depth, "alone") else 0


def _shapley(site: Site, keys: ModelKeys, plan: Plan, store: Store, classifier: Loader, advance: Advance) -> int:
    """Compute the Shapley values that are wanted and lacking; returns of how many texts. What was exact stays."""
    occlusion, texts = site.occlusion, keys.texts.texts
    if not _shared(site, plan):
        return 0
    limit, counts = _exact_limit(site, keys, plan, store), store.counts()
    wanted = {key for key in texts if counts[key][0] <= limit}
    lacking = shortest_first(texts, (wanted - store.exact()) | (texts.keys() - store.with_shapley()))

    def compute(documents: Sequence[Document]) -> list[Shapley]:
        return shapley(documents, classifier(), limit=limit, pairs=plan.pairs, baseline=checks.baseline(site))

    def keep(batch: Sequence[str], answers: list[Shapley]) -> None:
        known = [(key, one) for key, one in zip(batch, answers, strict=True) if not np.isnan(one.values).any()]
        store.write_shapley(known)  # others rest on answers that a file of answers has not

    stage = f"Sharing out the credit with {keys.name}"
    size = plan.batch(len(texts), most=occlusion.batch)
    return in_batches(lacking, keys.texts, compute, keep, size=size, advance=partial(advance, stage))


def _untitled(site: Site, keys: ModelKeys, store: Store, classifier: Loader, advance: Advance) -> int:
    """Read without the title all subsets of sentences that have exact shares; returns of how many texts.

    Only by the site's first model, on whose pages readers take pieces out, and only where it is not additive, since one
    that adds up has said it already. Never where shares are turned off or sampled to save time.
    """
    if not site.records.titled:
        return 0
    if adds_up(store, keys) or keys.name != site.models[0].name or site.occlusion.shapley in ("off", "sampled"):
        return 0
    texts = keys.texts.texts
    lacking = shortest_first(texts, (texts.keys() & store.exact()) - store.keys("untitled"))

    def compute(documents: Sequence[Document]) -> list[Array]:
        return untitled_subsets(documents, classifier(), baseline=checks.baseline(site))

    def keep(batch: Sequence[str], answers: list[Array]) -> None:
        store.write_untitled(zip(batch, answers, strict=True))

    stage = f"Leaving out the title with {keys.name}"
    return in_batches(lacking, keys.texts, compute, keep, size=site.occlusion.batch, advance=partial(advance, stage))


def _shared(site: Site, plan: Plan) -> bool:
    """Whether shares are computed."""
    return site.occlusion.shapley != "off" and reaches(plan.depth, "shares")


def _exact_limit(site: Site, keys: ModelKeys, plan: Plan, store: Store) -> int:
    """Up to how many sentences the Shapley values of the corpus are exact."""
    if not plan.exact:
        return least_exact(plan.pairs)
    named = {"sampled": 0, "exact": EXACT_LIMIT}.get(site.occlusion.shapley)
    if named is not None:
        return named
    counts = store.counts()
    sentences, tokens = zip(*(counts[key] for key in sorted(keys.texts.texts)), strict=True)
    return plan_exact(sentences, tokens, words=round(site.occlusion.shapley_minutes * WORDS_PER_MINUTE))


def _checkpoint(site: Site, keys: ModelKeys, plan: Plan, checkpoint: TextKeys, store: Store, advance: Advance) -> int:
    """Ask one further checkpoint of the ensemble about the sentences; returns about how many texts.

    Its shares are exact where the model's own are to be. What was exact stays.
    """
    if checkpoint.manifest.segmentation != keys.texts.manifest.segmentation:
        raise ConfigError(
            f'{checks.shown(site)}: "models.ensemble": {checkpoint.source.name} cuts texts differently from '
            f'"{keys.name}", so their sentences cannot be compared. Name checkpoints of one model, trained from other '
            f"seeds."
        )
    shares = _shared(site, plan)
    kind: MemberKind = "member_shares" if shares else "members"
    limit = _exact_limit(site, keys, plan, store) if shares else 0
    counts = store.counts() if shares else {}
    wanted = {  # exact values; the sentences are counted by the model itself
        key
        for key, own in zip(checkpoint.of_record, keys.texts.of_record, strict=True)
        if key and own and shares and counts[own][0] <= limit
    }
    lacking = (checkpoint.texts.keys() - store.keys(kind)) | (wanted - store.exact_members())
    classifier = cache(partial(load, checkpoint.source, precision=site.occlusion.precision))

    def compute(documents: Sequence[Document]) -> list[tuple[SentenceEffect, Method | None]]:
        if not shares:
            effects = sentence_effects(documents, classifier(), baseline=checks.baseline(site))
            return [(effect, None) for effect in effects]
        values = shapley(documents, classifier(), limit=limit, baseline=checks.baseline(site))
        margins = masked_margins(documents, classifier(), [(None, None)] * len(documents))
        return [((float(margin[0]), one.values), one.method) for margin, one in zip(margins, values, strict=True)]

    def keep(batch: Sequence[str], answers: list[tuple[SentenceEffect, Method | None]]) -> None:
        kept = list(zip(batch, answers, strict=True))
        store.write_member(kind, ((key, *effect) for key, (effect, _) in kept))
        store.write_methods((key, method) for key, (_, method) in kept if method)

    stage = f"Asking {checkpoint.source.short_name}, a checkpoint of {keys.name}"
    missing = shortest_first(checkpoint.texts, lacking)
    return in_batches(missing, checkpoint, compute, keep, size=site.occlusion.batch, advance=partial(advance, stage))


def _controls(site: Site, keys: ModelKeys, store: Store, classifier: Loader, advance: Advance) -> bool:
    """Ask about the negative controls, unless the store has the answers; returns whether it was asked."""
    if store.read_report(keys.controls) is not None:
        return False
    stage = f"Asking {keys.name} about sentences that say nothing"
    answers = ask_controls(
        keys.texts,
        store,
        classifier(),
        neutral=neutral_of(site),
        missing=site.records.missing,
        progress=lambda done: advance(stage, round(100 * done), 100),
    )
    store.write_report(keys.controls, answers.as_json())
    return True


def _faithfulness(site: Site, keys: ModelKeys, store: Store, classifier: Loader, advance: Advance) -> bool:
    """Try how truthful the measures are, unless the store has a report; returns whether it was tried."""
    if not keys.sample or read_report(store, keys.report) is not None:
        return False
    settings, precision = site.faithfulness, site.occlusion.precision
    records = [keys.texts.texts[key] for key in keys.sample]
    shares = [store.read_shapley(key) for key in keys.sample]
    stage = f"Trying how truthful {keys.name} is"
    advance(stage, 0, 100)
    report = measure(
        [
            store.read(key, title=record.title, abstract=record.abstract)
            for key, record in zip(keys.sample, records, strict=True)
        ],
        classifier(),
        neutral=neutral_of(site),
        labels=[record.label for record in records],
        randomised=keys.texts.manifest.not_randomised
        or [
            partial(load_randomised, keys.texts.source, seed=settings.seed + k, precision=precision)
            for k in range(RANDOMISED)
        ],
        tables=[share.subsets if share and share.method == "exact" else None for share in shares],
        shares=[share.values if share else None for share in shares],
        alone=[store.read_alone(key) for key in keys.sample],
        seed=settings.seed,
        hybrids=settings.hybrids,
        threshold=site.classes.threshold,
        baseline=checks.baseline(site),
        progress=lambda done: advance(stage, round(100 * done), 100),
    )
    store.write_report(keys.report, as_json(report))
    return True


def _probabilities(occlusion: Occlusion) -> Float64[np.ndarray, " n"]:
    """Of the whole record, of each prefix of the abstract, and without each sentence and word."""
    effects = [occlusion.sentences, occlusion.title_words, occlusion.abstract_words]
    margins = np.concatenate(
        [occlusion.grid.margins[-1], *(occlusion.margin - one.astype(np.float64) for one in effects)]
    )
    probabilities: Array = probability(margins)
    return probabilities
