"""The records of a corpus walked along each measure's order and random ones: which texts that takes, and their margins.

What is measured, and why, is said in erasure.py. All randomness comes from the seed and the record's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float64, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.masking import MaskPair, masked_margins, sentence_masks, subset_masks
from sitegen.analysis.faithfulness.curves import RecordMetrics, WalkPlan, kept_masks
from sitegen.analysis.faithfulness.erasure import EXACT, SHUFFLES, ErasureMetrics, mean_metrics
from sitegen.analysis.faithfulness.measures import MEASURES, RECORDS_PER_CALL, WORD_MEASURES, Measured
from sitegen.analysis.faithfulness.orders import ranked
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.models.probabilities import predicted
from sitegen.models.protocol import Classifier

DEPTHS = (0.01, 0.05, 0.1, 0.2, 0.5)  # of the tokens, for comprehensiveness and sufficiency
STOPS = (*DEPTHS, 0.3, 0.4)  # of the tokens, removed or kept
TOKEN_GRID = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
SENTENCE_GRID = tuple(k / 10 for k in range(11))
KNOWN = 0.5  # of the records: if so many have a known best order, only those are measured


def erase_tokens(
    records: Sequence[Measured],
    classifier: Classifier,
    *,
    seed: int,
    shuffles: int = SHUFFLES,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> ErasureMetrics | None:
    """The metrics for the tokens of title and abstract; None where no record has two that the model reads.

    threshold: from which probability on a text is predicted positive. `progress` gets the number of records finished
    since its last call.
    """
    trials = (
        _token_trial(record, np.random.default_rng([seed, 0, k]), shuffles=shuffles, threshold=threshold)
        for k, record in enumerate(records)
    )
    walked, segments = _walked(trials, classifier, baseline=baseline, progress=progress)
    return mean_metrics(walked, unit="token", measures=WORD_MEASURES, segments=segments, left_out=0, grid=TOKEN_GRID)


def erase_sentences(
    records: Sequence[Measured],
    classifier: Classifier,
    *,
    seed: int,
    shuffles: int = SHUFFLES,
    exact: int = EXACT,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> ErasureMetrics | None:
    """The metrics for the sentences of abstracts; None where no abstract has two.

    threshold, progress: as above. exact: up to how many sentences all subsets are read, for the best and worst orders;
    a record's own table is used whatever n, and costs nothing.
    """
    ordered = [record.occlusion.sentences.size > 1 for record in records]
    tabled = [has and _tabled(record, exact) for has, record in zip(ordered, records, strict=True)]
    bounded = sum(tabled) >= KNOWN * sum(ordered)
    trials = (
        _sentence_trial(
            record,
            np.random.default_rng([seed, 1, k]),
            shuffles=shuffles,
            bounded=bounded,
            threshold=threshold,
        )
        if wanted
        else None
        for k, (record, wanted) in enumerate(zip(records, tabled if bounded else ordered, strict=True))
    )
    walked, segments = _walked(trials, classifier, baseline=baseline, progress=progress)
    return mean_metrics(
        walked,
        unit="sentence",
        measures=MEASURES,
        segments=segments,
        left_out=sum(ordered) - len(walked),
        grid=SENTENCE_GRID,
    )


def _tabled(record: Measured, exact: int) -> bool:
    """Whether the margins of all subsets are known, or may be read."""
    return record.table is not None or record.occlusion.sentences.size <= exact


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One record to be measured.

    orders: (2 m + shuffles, n), that of each of m measures, each followed by its reverse, and random ones. masks: which
    texts must be read, None where `table`, the margins of all subsets, is known already. all_subsets: whether the masks
    are those of all subsets, and not those of the walks.
    """

    document: Document
    plan: WalkPlan
    orders: Array
    measures: int
    masks: MaskPair | None
    table: Array | None = None
    all_subsets: bool = False

    def metrics(self, margins: Float64[np.ndarray, " k"]) -> RecordMetrics:
        """From the margins of the masks."""
        table = margins if self.all_subsets else self.table
        if table is not None:
            return self.plan.record_with_bounds(table, self.orders, measures=self.measures)
        return self.plan.record(list(margins.reshape(len(self.orders), -1)), measures=self.measures)


def _walked(
    trials: Iterator[_Trial | None],
    classifier: Classifier,
    *,
    baseline: Baseline,
    progress: Callable[[int], None],
) -> tuple[list[RecordMetrics], int]:
    """The metrics of all records and how many segments they have together. trials: None for a record left out."""
    records, segments = list[RecordMetrics](), 0
    while batch := list(islice(trials, RECORDS_PER_CALL)):
        tried = [trial for trial in batch if trial is not None]
        unread = [(trial.document, trial.masks) for trial in tried if trial.masks is not None]
        documents, masks = [document for document, _ in unread], [pair for _, pair in unread]
        margins = iter(masked_margins(documents, classifier, masks, baseline=baseline))
        for trial in tried:
            records.append(trial.metrics(np.zeros(0) if trial.masks is None else next(margins)))
            segments += trial.orders.shape[1]
        progress(len(batch))
    return records, segments


def _orders(
    values: Float64[np.ndarray, "m n"], rng: np.random.Generator, *, explained: int, shuffles: int
) -> Int[np.ndarray, "o n"]:
    """Each measure's, followed by its reverse, and `shuffles` random ones. explained: the class whose segments come
    first."""
    ours = [ranked(one if explained else -one) for one in values]
    both = [order for one in ours for order in (one, one[::-1])]
    orders: Array = np.stack([*both, *(rng.permutation(values.shape[1]) for _ in range(shuffles))])
    return orders


def _token_trial(record: Measured, rng: np.random.Generator, *, shuffles: int, threshold: float) -> _Trial | None:
    occlusion = record.occlusion
    known = np.concatenate([occlusion.title_known, occlusion.abstract_known])
    n = int(known.sum())
    if n < 2:
        return None
    explained = int(predicted(occlusion.margin, threshold))
    orders = _orders(record.words[:, known], rng, explained=explained, shuffles=shuffles)
    stops = _depths(n, STOPS)
    counts = np.unique(np.concatenate([[0, n], stops, n - stops]))
    kept = kept_masks(orders, counts)
    masks = np.ones((len(kept), len(known)), dtype=bool)
    masks[:, known] = kept
    title = len(occlusion.title_known)
    return _Trial(
        document=occlusion.document,
        plan=WalkPlan(
            explained=explained,
            threshold=threshold,
            counts=counts,
            depths=_depths(n, DEPTHS),
            grid=np.array(TOKEN_GRID),
        ),
        orders=orders,
        measures=len(WORD_MEASURES),
        masks=(masks[:, :title], masks[:, title:]),
    )


def _depths(n: int, fractions: Sequence[float]) -> Int[np.ndarray, " _"]:
    """max(1, ceil(b n)); the rounding keeps 0.1 of 30 at 3."""
    depths: Array = np.maximum(1, np.ceil(np.round(np.array(fractions) * n, 9))).astype(np.int64)
    return depths


def _sentence_trial(
    record: Measured, rng: np.random.Generator, *, shuffles: int, bounded: bool, threshold: float
) -> _Trial:
    """bounded: whether the margins of all subsets are to be known."""
    document, n = record.occlusion.document, record.occlusion.sentences.size
    explained = int(predicted(record.occlusion.margin, threshold))
    orders = _orders(record.sentences, rng, explained=explained, shuffles=shuffles)
    counts = np.arange(n + 1)
    table = record.table if bounded else None
    masks: MaskPair | None = None
    if table is None:
        masks = (None, sentence_masks(document, subset_masks(n) if bounded else kept_masks(orders, counts)))
    return _Trial(
        document=document,
        plan=WalkPlan(
            explained=explained,
            threshold=threshold,
            counts=counts,
            depths=counts[1:],
            grid=np.array(SENTENCE_GRID),
        ),
        orders=orders,
        measures=len(MEASURES),
        masks=masks,
        table=table,
        all_subsets=bounded and table is None,
    )
