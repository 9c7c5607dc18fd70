"""One model's answers to one corpus: computed where the store lacks them, kept as they come.

Four questions, in this order, each over the distinct texts of the records:

    occlusion      prefix grid, leave-one-outs, random spans         analysis/attribution/occlusion.py
    shapley        of each abstract's sentences                      analysis/attribution/shapley.py
    members        each further checkpoint of an ensemble            analysis/attribution/leave_one_out.py
    faithfulness   of the whole, on a sample of held-out texts       analysis/faithfulness/report.py

A model is loaded when something is missing, and not before. While a batch is computed, the next is being segmented
and the one before it written (see overlap.py); progress is told when a batch lies on the disk.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from jaxtyping import Float64

from sitegen.analysis.attribution.baselines import BASELINES, Baseline
from sitegen.analysis.attribution.leave_one_out import SentenceEffect, sentence_effects
from sitegen.analysis.attribution.occlusion import Occlusion, occlude, probability
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, Shapley, plan_exact, shapley
from sitegen.analysis.faithfulness.report import Faithfulness, as_json, from_json, measure
from sitegen.analysis.store.store import Store, report_key, score_key
from sitegen.config import Model, Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.records import Record, text_hash
from sitegen.corpus.segment import Document, segment
from sitegen.errors import ConfigError
from sitegen.models.manifest import ModelDescription, describe, load, load_randomised
from sitegen.models.protocol import Classifier
from sitegen.pipeline.prefetch import overlapped

WORDS_PER_MINUTE = 15_000_000  # what `shapley_minutes` are counted in: 250,000 words a second
RANDOMISED = 2  # models with fresh weights that the effects are compared with
TRIED = 16  # records that a reduced precision is tried on

Texts = Mapping[str, Record]  # by key, a record for each distinct text
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Precision:
    """What a reduced precision did to `records` of the corpus: the largest change of a probability, over the whole
    records and each of their leave-one-outs, and how long it took as a share of float32's time."""

    name: str
    records: int
    deviation: float
    time: float


def settings(site: Site) -> dict[str, str | int | float | bool]:
    """What scores depend on beside the text and the model's bytes."""
    return {"baseline": site.occlusion.baseline, "precision": site.occlusion.precision}


def baseline_of(site: Site) -> Baseline:
    """The baseline that the site names; ConfigError where there is none of that name."""
    name = site.occlusion.baseline
    if name not in BASELINES:
        known = ", ".join(f'"{one}"' for one in BASELINES)
        raise ConfigError(f'{site.file}: "occlusion.baseline": "{name}" is not known. Use one of: {known}.')
    return BASELINES[name]


class Scoring:
    """One model of a site, the distinct texts it is asked about, and the store that its answers go to."""

    def __init__(
        self,
        site: Site,
        model: Model,
        description: ModelDescription,
        *,
        texts: Texts,
        store: Store,
        advance: Callable[[str, int, int], None],
    ) -> None:
        self._site, self._model, self._description = site, model, description
        self._texts, self._store, self._advance = texts, store, advance
        self._baseline = baseline_of(site)

    @cached_property
    def _classifier(self) -> Classifier:
        return load(self._model.path, precision=self._site.occlusion.precision)

    def occlusions(self) -> int:
        """Score the texts that have no scores; returns how many."""
        missing = _shortest_first(self._texts, self._texts.keys() - self._store.keys())

        def compute(documents: Sequence[Document]) -> list[Occlusion]:
            return occlude(documents, self._classifier, baseline=self._baseline)

        def keep(keys: Sequence[str], found: list[Occlusion]) -> None:
            self._store.write(zip(keys, found, strict=True))

        return self._ask("Scoring", missing, self._texts, compute, keep)

    def precision(self) -> Precision | None:
        """What the site's precision, where it is less than float32, does to some texts without scores."""
        occlusion = self._site.occlusion
        missing = _shortest_first(self._texts, self._texts.keys() - self._store.keys())
        if occlusion.precision != "bfloat16" or not missing:
            return None
        documents = self._segmented(missing[:: -(-len(missing) // TRIED)], self._texts)
        exact, took = load(self._model.path), []
        answers = []
        for classifier in (exact, self._classifier):
            occlude(documents[:1], classifier, baseline=self._baseline)  # whatever happens once, before the clock
            start = time.perf_counter()
            answers.append(occlude(documents, classifier, baseline=self._baseline))
            took.append(time.perf_counter() - start)
        deviation = max(
            float(np.max(np.abs(_probabilities(a) - _probabilities(b)))) for a, b in zip(*answers, strict=True)
        )
        return Precision(name=occlusion.precision, records=len(documents), deviation=deviation, time=took[1] / took[0])

    def shapley(self) -> int:
        """Find the Shapley values that are wanted and lacking; returns how many. What was exact stays."""
        occlusion = self._site.occlusion
        if occlusion.shapley == "off":
            return 0
        counts = self._store.counts()
        keys = sorted(self._texts)
        limit = {"sampled": 0, "exact": EXACT_LIMIT}.get(occlusion.shapley, -1)
        if limit < 0:
            sentences, tokens = [counts[key][0] for key in keys], [counts[key][1] for key in keys]
            limit = plan_exact(sentences, tokens, words=round(occlusion.shapley_minutes * WORDS_PER_MINUTE))
        wanted = {key for key in keys if counts[key][0] <= limit}
        exact = self._store.exact()
        lacking = _shortest_first(self._texts, (wanted - exact) | (set(keys) - self._store.keys("shapley")))

        def compute(documents: Sequence[Document]) -> list[Shapley]:
            return shapley(documents, self._classifier, limit=limit, baseline=self._baseline)

        def keep(keys: Sequence[str], found: list[Shapley]) -> None:
            self._store.write_shapley(zip(keys, found, strict=True))

        return self._ask("Sharing out the credit", lacking, self._texts, compute, keep)

    def members(self) -> int:
        """Ask each further checkpoint of the ensemble about the sentences; returns how many texts, over all."""
        return sum(self._member(path) for path in self._model.ensemble)

    def _member(self, path: Path) -> int:
        description = describe(path)
        if description.segmentation != self._description.segmentation:
            raise ConfigError(
                f'{self._site.file}: "models.ensemble": {path} cuts texts differently from "{self._model.name}", so '
                f"their sentences cannot be compared. Name checkpoints of one model, trained from other seeds."
            )
        texts = {key_of(self._site, description, text): text for text in self._texts.values()}
        lacking = _shortest_first(texts, texts.keys() - self._store.keys("members"))
        classifier = load(path, precision=self._site.occlusion.precision) if lacking else None

        def compute(documents: Sequence[Document]) -> list[SentenceEffect]:
            assert classifier is not None
            return sentence_effects(documents, classifier, baseline=self._baseline)

        def keep(batch: Sequence[str], found: list[SentenceEffect]) -> None:
            self._store.write_member((key, *one) for key, one in zip(batch, found, strict=True))

        return self._ask(f"Asking {path.name} of", lacking, texts, compute, keep)

    def faithfulness(self) -> bool:
        """Try how truthful the effects are, unless the store knows; returns whether it was tried."""
        site, precision = self._site, self._site.occlusion.precision
        keys = self._sample
        report = faithfulness_key(site, self._description, self._texts, keys)
        if not keys or report_of(self._store, report) is not None:
            return False
        shared = [self._store.read_shapley(key) for key in keys]
        stage = f"Trying how truthful {self._model.name} is"
        found = measure(
            [self._store.read(key, title=self._texts[key].title, abstract=self._texts[key].abstract) for key in keys],
            self._classifier,
            labels=[self._texts[key].label for key in keys],
            randomised=[
                partial(load_randomised, self._model.path, seed=site.faithfulness.seed + k, precision=precision)
                for k in range(RANDOMISED)
            ],
            tables=[one.subsets if one and one.method == "exact" else None for one in shared],
            seed=site.faithfulness.seed,
            hybrids=site.faithfulness.hybrids,
            threshold=site.classes.threshold,
            baseline=self._baseline,
            progress=lambda done: self._advance(stage, round(100 * done), 100),
        )
        self._store.write_report(report, as_json(found))
        return True

    @cached_property
    def _sample(self) -> list[str]:
        return sample(self._site, self._description, self._texts)

    def keys(self) -> set[str]:
        """The keys of all that the site needs of this model, in whatever table."""
        members = (describe(path) for path in self._model.ensemble)
        return {
            *self._texts,
            *(key_of(self._site, member, text) for member in members for text in self._texts.values()),
            faithfulness_key(self._site, self._description, self._texts, self._sample),
        }

    def _ask(
        self,
        stage: str,
        keys: Sequence[str],
        texts: Texts,
        compute: Callable[[Sequence[Document]], Answer],
        keep: Callable[[Sequence[str], Answer], None],
    ) -> int:
        """Take texts through a stage batch by batch, segmenting, computing and keeping at once; returns how many."""
        done = 0

        def advance(batch: Sequence[str]) -> None:
            nonlocal done
            done += len(batch)
            self._advance(f"{stage} with {self._model.name}", done, len(keys))

        batches = _batched(keys, self._site.occlusion.batch)
        overlapped(
            batches, prepare=lambda batch: self._segmented(batch, texts), compute=compute, keep=keep, advance=advance
        )
        return len(keys)

    def _segmented(self, keys: Sequence[str], texts: Texts) -> list[Document]:
        records = [texts[key] for key in keys]
        return [segment(record.title, record.abstract, self._description.segmentation) for record in records]


def report_of(store: Store, key: str) -> Faithfulness | None:
    """The report under `key`; None where there is none, or one that another version of sitegen wrote otherwise."""
    found = store.read_report(key)
    try:
        return None if found is None else from_json(found)
    except ValueError:
        return None


def sample(site: Site, description: ModelDescription, texts: Texts) -> list[str]:
    """The keys of the texts that faithfulness is tried on: those the model did not learn from, in the order of their
    hashes, as many as the site asks for. Where a model does not say what it learned from, all may be drawn."""
    seen = {*description.texts.train, *description.texts.validation}
    unseen = [key for key, record in texts.items() if text_hash(record.title, record.abstract) not in seen]
    return sorted(unseen)[: site.faithfulness.records]


def key_of(site: Site, description: ModelDescription, record: Record) -> str:
    """The key of what a model says of a record's text."""
    return score_key(
        title=record.title, abstract=record.abstract, fingerprint=description.fingerprint, settings=settings(site)
    )


def texts_of(site: Site, description: ModelDescription, records: Sequence[Record]) -> dict[str, Record]:
    """A record for each distinct text, by its key with a model: of those with the same text the first with a label,
    else the first."""
    texts: dict[str, Record] = {}
    for record in records:
        first = texts.setdefault(key_of(site, description, record), record)
        if first.label is None and record.label is not None:
            texts[key_of(site, description, record)] = record
    return texts


def faithfulness_key(site: Site, description: ModelDescription, texts: Texts, keys: Sequence[str]) -> str:
    """The key of a model's report on the texts under `keys`; it depends on their labels and on the threshold, too.

    A threshold of .5 is not in the key: there are stores with reports from when it was the only one.
    """
    asked: dict[str, str | int | float | bool] = {"hybrids": site.faithfulness.hybrids, "seed": site.faithfulness.seed}
    if site.classes.threshold != 0.5:
        asked["threshold"] = site.classes.threshold
    about = [f"{key} {texts[key].label}" for key in keys]
    return report_key(fingerprint=description.fingerprint, settings={**settings(site), **asked}, about=about)


def _probabilities(occlusion: Occlusion) -> Float64[np.ndarray, " n"]:
    """Of the whole record, of each prefix of the abstract, and without each sentence and word."""
    effects = [occlusion.sentences, occlusion.title_words, occlusion.abstract_words]
    margins = np.concatenate(
        [occlusion.grid.margins[-1], *(occlusion.margin - one.astype(np.float64) for one in effects)]
    )
    found: Array = probability(margins)
    return found


def _shortest_first(texts: Texts, keys: Iterable[str]) -> list[str]:
    """Keys in the order in which they are computed: texts of similar length together."""
    return sorted(keys, key=lambda key: (len(texts[key].abstract), key))


def _batched(keys: Sequence[str], size: int) -> Iterator[list[str]]:
    rest = iter(keys)
    while batch := list(itertools.islice(rest, size)):
        yield batch
