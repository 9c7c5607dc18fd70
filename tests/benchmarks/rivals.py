"""The time that well-known explainers take for the same record over the same network, each at its best.

*captum*   FeatureAblation, leave-one-sentence-out of the abstract: its input is a mask of 8 sentences, its forward
           function rebuilds the shortened texts, packs them and returns a margin each. By default it asks for one mask
           a call, with perturbations_per_eval = n for all at once. Ours are the same 8 numbers.
*shap*     the partition explainer over a mask of all 182 words, at 500 evaluations a record and the best of three batch
           sizes. It gives one number a word; ours are the grid and the leave-one-outs of all words and sentences.
           These answer different questions, so only a number that both have is asserted equal: the whole's margin.

All in float32, for both readouts, ours 32 records a call as in `sitegen score`. How much can be gained follows from
counts, as in engine.py. For the same 8 shortened abstracts nn.LSTM multiplies 11.1 rows a word and ours 3 or 5, so
sharing gains a factor of 3.7 or 2.2, and only the rest is a matter of keeping the processor busy. shap's 500
evaluations read 500 x 91 words, half a million rows; our grid and leave-one-outs multiply 0.13 million rows
(last-step) or 0.22 (final-state): a factor of 3.9 or 2.3.

The rows "if ours were products alone" say where that ends on this machine: the multiply-adds of our side, as torch
counts them, at the rate of torch.mm on the shapes of its time loops. With these multiply-adds nothing can be faster,
whatever is done about gates, memory and Python.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
import shap
import torch
from captum.attr import FeatureAblation
from scipy.cluster.hierarchy import linkage
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.prefixes import deletion_features, encode, pool_for, prefix_features
from sitegen.models.lstm.engine.thread_pool import ThreadPool
from tests.benchmarks.engine import loop_shapes, sgemm_rate
from tests.benchmarks.inputs import READOUTS, A, H, T, assert_same, each_word, random_texts, towers
from tests.benchmarks.rows import Row, at_least, best, measured

RECORDS, SENTENCES, EVALUATIONS, BATCHES = 32, 8, 500, (10, 50, 250)
EDGES = [A * k // SENTENCES for k in range(SENTENCES + 1)]
RANGES = list(pairwise(EDGES))


def rows() -> Iterator[Row]:
    """The rows of captum and shap."""
    for measure in (captum_rows, shap_rows):
        for readout in READOUTS:
            yield from measure(readout)


def slopes() -> tuple[Tensor, Tensor]:
    """The last layer's weights for the title's and for the abstract's features."""
    generator = torch.Generator().manual_seed(5)
    return torch.randn(2 * H, generator=generator), torch.randn(2 * H, generator=generator)


def ceiling(name: str, work: Callable[[], Any], *, other: float) -> Row:
    """The row of `work` on RECORDS records beside a rival, if `work` took no longer than its products."""
    rate, threads = sgemm_rate(loop_shapes(work)), torch.get_num_threads()
    torch.set_num_threads(1)  # so that no product is done where it is not counted
    with FlopCounterMode(display=False) as counter:
        work()
    torch.set_num_threads(threads)
    least = counter.get_total_flops() / rate / RECORDS
    return measured(f"{name}, if ours were products alone", unit="s/record", ours=least, other=other)


def captum_rows(readout: Readout) -> Iterator[Row]:
    """Leave-one-sentence-out."""
    (_, tower), (_, slope), abstracts = towers(), slopes(), random_texts(RECORDS, A)
    sentences = [abstracts[0][start:stop] for start, stop in RANGES]

    def margins(masks: Tensor) -> Tensor:
        texts = [torch.cat([sentences[k] for k in mask.nonzero()[:, 0].tolist()]) for mask in masks]
        return encode(tower, texts, readout=readout) @ slope

    def theirs(at_once: int) -> Tensor:
        attributions: Tensor = FeatureAblation(margins).attribute(
            torch.ones(1, SENTENCES), baselines=0, perturbations_per_eval=at_once
        )
        return attributions[0]

    def ours(pool: ThreadPool) -> list[Tensor]:
        ranges = [[*RANGES, (0, 0)] for _ in abstracts]
        all_features = deletion_features(tower, abstracts, ranges, readout=readout, pool=pool)
        parts = [features @ slope for features in all_features]
        return [part[-1] - part[:-1] for part in parts]

    pool = pool_for(tower)
    for at_once in (1, SENTENCES):
        torch.testing.assert_close(ours(pool)[0], theirs(at_once), rtol=1e-5, atol=1e-5)
    our_time, one_a_call, all_at_once = best(
        partial(ours, pool), partial(theirs, 1), partial(theirs, SENTENCES), rounds=5
    )
    name = f"captum FeatureAblation, abstract without each sentence, {readout}"
    yield at_least(f"{name}, by default", ours=our_time / RECORDS, other=one_a_call, goal=10)
    yield at_least(f"{name}, perturbations_per_eval = n", ours=our_time / RECORDS, other=all_at_once, goal=5)
    yield ceiling(name, lambda: ours(pool_for(tower)), other=one_a_call)


def shap_rows(readout: Readout) -> Iterator[Row]:
    """The partition explainer beside our grid and leave-one-outs of a record."""
    both, both_slopes = towers(), slopes()
    fields = (random_texts(RECORDS, T), random_texts(RECORDS, A))
    whole = sum(
        float(encode(tower, texts[:1], readout=readout)[0] @ slope)
        for tower, texts, slope in zip(both, fields, both_slopes, strict=True)
    )

    def margins(masks: np.ndarray) -> np.ndarray:
        kept = torch.from_numpy(masks > 0.5)
        total = torch.zeros(len(masks))
        for tower, texts, slope, part in zip(both, fields, both_slopes, (kept[:, :T], kept[:, T:]), strict=True):
            total += encode(tower, [texts[0][mask] for mask in part], readout=readout) @ slope
        return total.numpy()

    words = T + A
    masker = shap.maskers.Partition(np.zeros((1, words)), clustering=linkage(np.arange(words)[:, None], "average"))
    explainer = shap.explainers.Partition(margins, masker)

    def theirs(size: int) -> float:
        explanation = explainer(np.ones((1, words)), max_evals=EVALUATIONS, batch_size=size, silent=True)
        return float(explanation.values.sum() + explanation.base_values.sum())

    def ours(pool: ThreadPool) -> list[Tensor]:
        all_features = []
        for tower, texts, ranges in zip(both, fields, ([], RANGES), strict=True):
            all_features.append(torch.cat(prefix_features(tower, texts, readout=readout, pool=pool)))
            both_ranges = [[*ranges, *singles] for singles in each_word(texts)]
            all_features.append(torch.cat(deletion_features(tower, texts, both_ranges, readout=readout, pool=pool)))
        return all_features

    pool = pool_for(both[0])
    title, _, abstract, _ = ours(pool)
    margin = title[T - 1] @ both_slopes[0] + abstract[A - 1] @ both_slopes[1]
    assert_same(margin, torch.tensor(whole))
    np.testing.assert_allclose(theirs(BATCHES[0]), whole, rtol=1e-4)
    our_time, *rivals = best(partial(ours, pool), *(partial(theirs, size) for size in BATCHES), rounds=2)
    name = f"shap's partition explainer, {EVALUATIONS} evaluations, beside grid and all leave-one-outs, {readout}"
    yield at_least(name, ours=our_time / RECORDS, other=min(rivals), goal=15)
    yield ceiling(name, lambda: ours(pool_for(both[0])), other=min(rivals))
