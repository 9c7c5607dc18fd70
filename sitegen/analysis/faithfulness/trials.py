"""The records of a corpus walked along our order and random ones: which texts that takes, and their margins.

What is measured, and why, is said in erasure.py. All randomness comes from the seed and the record's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float, Float64, Int

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.masking import MaskPair, masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.faithfulness.curves import RecordMetrics, WalkPlan, kept_masks
from sitegen.analysis.faithfulness.erasure import EXACT, SHUFFLES, ErasureMetrics, mean_metrics
from sitegen.analysis.faithfulness.orders import ranked
from sitegen.corpus.arrays import Array
from sitegen.models.probabilities import predicted
from sitegen.models.protocol import Classifier

DEPTHS = (0.01, 0.05, 0.1, 0.2, 0.5)  # of the tokens, for comprehensiveness and sufficiency
STOPS = (*DEPTHS, 0.3, 0.4)  # of the tokens, removed or kept
TOKEN_GRID = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
SENTENCE_GRID = tuple(k / 10 for k in range(11))
RECORDS_PER_CALL = 16  # whose texts are read together: bounds memory, not results

Table = Float[np.ndarray, " _"]  # 2^n; each record has its own n


def erase_tokens(
    occlusions: Sequence[Occlusion],
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
        _token_trial(occlusion, np.random.default_rng([seed, 0, k]), shuffles=shuffles, threshold=threshold)
        for k, occlusion in enumerate(occlusions)
    )
    records, segments = _measured(trials, classifier, baseline=baseline, progress=progress)
    return mean_metrics(records, unit="token", segments=segments, grid=TOKEN_GRID)


def erase_sentences(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    seed: int,
    shuffles: int = SHUFFLES,
    exact: int = EXACT,
    tables: Sequence[Table | None] | None = None,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[int], None] = lambda _: None,
) -> ErasureMetrics | None:
    """The metrics for the sentences of abstracts; None where no abstract has two.

    threshold, progress: as above. exact: up to how many sentences all subsets are read, for the best and worst orders.
    tables: for each record its margins v(S), (2^n,), bit i of S set where sentence i is kept, as `Shapley.subsets` has
    them, empty or None where they are not known; a table that is given is used whatever n, and costs nothing.
    """
    trials = (
        _sentence_trial(
            occlusion,
            table,
            np.random.default_rng([seed, 1, k]),
            shuffles=shuffles,
            exact=exact,
            threshold=threshold,
        )
        for k, (occlusion, table) in enumerate(zip(occlusions, tables or [None] * len(occlusions), strict=True))
    )
    records, segments = _measured(trials, classifier, baseline=baseline, progress=progress)
    return mean_metrics(records, unit="sentence", segments=segments, grid=SENTENCE_GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One record to be measured.

    orders: (2 + shuffles, n), ours, its reverse, and random ones. masks: which texts must be read, None where `table`,
    the margins of all subsets, is known already. all_subsets: whether the masks are those of all subsets, and not those
    of the walks.
    """

    occlusion: Occlusion
    plan: WalkPlan
    orders: Array
    masks: MaskPair | None
    table: Array | None = None
    all_subsets: bool = False

    def metrics(self, margins: Float64[np.ndarray, " k"]) -> RecordMetrics:
        """From the margins of the masks."""
        table = margins if self.all_subsets else self.table
        if table is not None:
            return self.plan.record_with_bounds(table, self.orders)
        return self.plan.record(list(margins.reshape(len(self.orders), -1)))


def _measured(
    trials: Iterator[_Trial | None],
    classifier: Classifier,
    *,
    baseline: Baseline,
    progress: Callable[[int], None],
) -> tuple[list[RecordMetrics], int]:
    """The metrics of all records and how many segments they have together. trials: None for a record without order."""
    records, segments = list[RecordMetrics](), 0
    while batch := list(islice(trials, RECORDS_PER_CALL)):
        tried = [trial for trial in batch if trial is not None]
        unread = [(trial.occlusion.document, trial.masks) for trial in tried if trial.masks is not None]
        documents, masks = [document for document, _ in unread], [pair for _, pair in unread]
        margins = iter(masked_margins(documents, classifier, masks, baseline=baseline))
        for trial in tried:
            records.append(trial.metrics(np.zeros(0) if trial.masks is None else next(margins)))
            segments += trial.orders.shape[1]
        progress(len(batch))
    return records, segments


def _orders(
    effects: Float64[np.ndarray, " n"], rng: np.random.Generator, *, explained: int, shuffles: int
) -> Int[np.ndarray, "m n"]:
    """Ours, its reverse, and `shuffles` random ones. explained: the class whose segments come first."""
    ours = ranked(effects if explained else -effects)
    orders: Array = np.stack([ours, ours[::-1], *(rng.permutation(len(ours)) for _ in range(shuffles))])
    return orders


def _token_trial(occlusion: Occlusion, rng: np.random.Generator, *, shuffles: int, threshold: float) -> _Trial | None:
    known = np.concatenate([occlusion.title_known, occlusion.abstract_known])
    n = int(known.sum())
    if n < 2:
        return None
    effects = np.concatenate([occlusion.title_words, occlusion.abstract_words])[known].astype(np.float64)
    explained = int(predicted(occlusion.margin, threshold))
    orders = _orders(effects, rng, explained=explained, shuffles=shuffles)
    stops = _depths(n, STOPS)
    counts = np.unique(np.concatenate([[0, n], stops, n - stops]))
    kept = kept_masks(orders, counts)
    masks = np.ones((len(kept), len(known)), dtype=bool)
    masks[:, known] = kept
    title = len(occlusion.title_known)
    return _Trial(
        occlusion=occlusion,
        plan=WalkPlan(
            explained=explained,
            threshold=threshold,
            counts=counts,
            depths=_depths(n, DEPTHS),
            grid=np.array(TOKEN_GRID),
        ),
        orders=orders,
        masks=(masks[:, :title], masks[:, title:]),
    )


def _depths(n: int, fractions: Sequence[float]) -> Int[np.ndarray, " _"]:
    """max(1, ceil(b n)); the rounding keeps 0.1 of 30 at 3."""
    depths: Array = np.maximum(1, np.ceil(np.round(np.array(fractions) * n, 9))).astype(np.int64)
    return depths


def _sentence_trial(
    occlusion: Occlusion,
    table: Table | None,
    rng: np.random.Generator,
    *,
    shuffles: int,
    exact: int,
    threshold: float,
) -> _Trial | None:
    n = occlusion.sentences.size
    if n < 2:
        return None
    explained = int(predicted(occlusion.margin, threshold))
    orders = _orders(occlusion.sentences.astype(np.float64), rng, explained=explained, shuffles=shuffles)
    counts = np.arange(n + 1)
    if table is not None:
        table = table.astype(np.float64) if table.size else None
    all_subsets = table is None and n <= exact
    masks: MaskPair | None = None
    if table is None:
        kept = subset_masks(n) if all_subsets else kept_masks(orders, counts)
        masks = (None, sentence_masks(occlusion.document, kept))
    return _Trial(
        occlusion=occlusion,
        plan=WalkPlan(
            explained=explained,
            threshold=threshold,
            counts=counts,
            depths=counts[1:],
            grid=np.array(SENTENCE_GRID),
        ),
        orders=orders,
        masks=masks,
        table=table,
        all_subsets=all_subsets,
    )
