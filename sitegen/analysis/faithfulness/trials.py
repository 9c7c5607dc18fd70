"""The records of a corpus walked along our order and random ones: which readings it takes, and asking for them.

What is measured, and why, is said in erasure.py. Everything random comes from the seed and the record's place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from jaxtyping import Float, Float64, Int

from sitegen.analysis.attribution.masking import Masks, masked_margins, sentence_masks
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.faithfulness.curves import Row, Ruler, kept_masks
from sitegen.analysis.faithfulness.erasure import EXACT, SHUFFLES, UnitFaithfulness, summarised
from sitegen.analysis.faithfulness.orders import ranked, subset_masks
from sitegen.corpus.arrays import Array
from sitegen.models.protocol import Baseline, Classifier

DEPTHS = (0.01, 0.05, 0.1, 0.2, 0.5)  # of the tokens, for comprehensiveness and sufficiency
STOPS = (*DEPTHS, 0.3, 0.4)  # of the tokens, removed or kept
TOKEN_GRID = (0.0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
SENTENCE_GRID = tuple(k / 10 for k in range(11))
RECORDS_PER_CALL = 16  # whose readings are made together: bounds memory, not results

Table = Float[np.ndarray, " _"]  # 2^n; each record has its own n


def erase_tokens(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    seed: int,
    shuffles: int = SHUFFLES,
    baseline: Baseline = "deleted",
    progress: Callable[[int], None] = lambda _: None,
) -> UnitFaithfulness | None:
    """The figures for the tokens of title and abstract; None where no record has two that the model reads.

    `progress` is told how many records were finished.
    """
    trials = (
        _token_trial(occlusion, np.random.default_rng([seed, 0, k]), shuffles=shuffles)
        for k, occlusion in enumerate(occlusions)
    )
    rows, segments = _measured(trials, classifier, baseline=baseline, progress=progress)
    return summarised(rows, unit="token", segments=segments, grid=TOKEN_GRID)


def erase_sentences(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    seed: int,
    shuffles: int = SHUFFLES,
    exact: int = EXACT,
    tables: Sequence[Table | None] | None = None,
    baseline: Baseline = "deleted",
    progress: Callable[[int], None] = lambda _: None,
) -> UnitFaithfulness | None:
    """The figures for the sentences of abstracts; None where no abstract has two.

    exact: up to how many sentences all subsets are read, for the best and worst orders. tables: for each record its
    margins v(S), (2^n,), bit i of S set where sentence i is kept, as `Shapley.subsets` has them; a table that is given
    is used whatever n, and costs nothing. Empty or None where it is not known.
    """
    trials = (
        _sentence_trial(occlusion, table, np.random.default_rng([seed, 1, k]), shuffles=shuffles, exact=exact)
        for k, (occlusion, table) in enumerate(zip(occlusions, tables or [None] * len(occlusions), strict=True))
    )
    rows, segments = _measured(trials, classifier, baseline=baseline, progress=progress)
    return summarised(rows, unit="sentence", segments=segments, grid=SENTENCE_GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trial:
    """One record to be measured: orders (2 + shuffles, n), ours, its reverse, and random ones; the masks to be asked
    for, none where the table is given; whether they are the masks of all subsets."""

    occlusion: Occlusion
    ruler: Ruler
    orders: Array
    masks: Masks | None
    table: Array | None = None
    subsets: bool = False

    def row(self, margins: Float64[np.ndarray, " k"]) -> Row:
        """From the margins of the masks."""
        positive = self.occlusion.margin >= 0
        table = margins if self.subsets else self.table
        if table is not None:
            return self.ruler.bounded_row(table, self.orders, positive=positive)
        return self.ruler.row(list(margins.reshape(len(self.orders), -1)), positive=positive)


def _measured(
    trials: Iterator[_Trial | None],
    classifier: Classifier,
    *,
    baseline: Baseline,
    progress: Callable[[int], None],
) -> tuple[list[Row], int]:
    """The rows of all trials and how many segments they have together."""
    rows, segments = list[Row](), 0
    while batch := list(islice(trials, RECORDS_PER_CALL)):
        kept = [trial for trial in batch if trial is not None]
        asked = [trial for trial in kept if trial.masks is not None]
        margins = iter(
            masked_margins(
                [trial.occlusion.document for trial in asked],
                classifier,
                [trial.masks for trial in asked if trial.masks is not None],
                baseline=baseline,
            )
        )
        for trial in kept:
            rows.append(trial.row(np.zeros(0) if trial.masks is None else next(margins)))
            segments += trial.orders.shape[1]
        progress(len(batch))
    return rows, segments


def _orders(
    effects: Float64[np.ndarray, " n"], rng: np.random.Generator, *, positive: bool, shuffles: int
) -> Int[np.ndarray, "m n"]:
    ours = ranked(effects if positive else -effects)
    orders: Array = np.stack([ours, ours[::-1], *(rng.permutation(len(ours)) for _ in range(shuffles))])
    return orders


def _token_trial(occlusion: Occlusion, rng: np.random.Generator, *, shuffles: int) -> _Trial | None:
    known = np.concatenate([occlusion.title_known, occlusion.abstract_known])
    n = int(known.sum())
    if n < 2:
        return None
    effects = np.concatenate([occlusion.title_words, occlusion.abstract_words])[known].astype(np.float64)
    orders = _orders(effects, rng, positive=occlusion.margin >= 0, shuffles=shuffles)
    stops = _depths(n, STOPS)
    counts = np.unique(np.concatenate([[0, n], stops, n - stops]))
    kept = kept_masks(orders, counts)
    masks = np.ones((len(kept), len(known)), dtype=bool)
    masks[:, known] = kept
    title = len(occlusion.title_known)
    return _Trial(
        occlusion=occlusion,
        ruler=Ruler(counts=counts, depths=_depths(n, DEPTHS), grid=np.array(TOKEN_GRID)),
        orders=orders,
        masks=(masks[:, :title], masks[:, title:]),
    )


def _depths(n: int, fractions: Sequence[float]) -> Int[np.ndarray, " _"]:
    """max(1, ceil(b n)); the rounding keeps 0.1 of 30 at 3."""
    depths: Array = np.maximum(1, np.ceil(np.round(np.array(fractions) * n, 9))).astype(np.int64)
    return depths


def _sentence_trial(
    occlusion: Occlusion, table: Table | None, rng: np.random.Generator, *, shuffles: int, exact: int
) -> _Trial | None:
    n = occlusion.sentences.size
    if n < 2:
        return None
    orders = _orders(occlusion.sentences.astype(np.float64), rng, positive=occlusion.margin >= 0, shuffles=shuffles)
    counts = np.arange(n + 1)
    if table is not None:
        table = table.astype(np.float64) if table.size else None
    subsets = table is None and n <= exact
    masks: Masks | None = None
    if table is None:
        kept = subset_masks(n) if subsets else kept_masks(orders, counts)
        masks = (None, sentence_masks(occlusion.document, kept))
    return _Trial(
        occlusion=occlusion,
        ruler=Ruler(counts=counts, depths=counts[1:], grid=np.array(SENTENCE_GRID)),
        orders=orders,
        masks=masks,
        table=table,
        subsets=subsets,
    )
