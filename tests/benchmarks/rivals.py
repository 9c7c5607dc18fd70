"""What the well-known explainers take for the same record, at their best, over the same network.

*captum*   FeatureAblation, leave-one-sentence-out of the abstract: its input is a mask of 8 sentences, its forward
           function rebuilds the shortened texts, packs them and returns a margin each. As it comes it asks for one
           mask a call; with perturbations_per_eval = n for all at once. Ours are the same 8 numbers.
*shap*     the partition explainer over a mask of all 182 words, at 500 evaluations a record and the best of three batch
           sizes. It gives one number a word; ours are the grid and the leave-one-outs of all words and sentences.
           The two are different questions, so what is asserted is what both must know: the margin of the whole record.

All in float32, for both readouts. What can be won follows from counts, as in engine.py. Of the same 8 shortened
abstracts nn.LSTM multiplies 11.1 rows a word and ours 3 or 5, so sharing wins 3.7 or 2.2 times, and only the rest is a
matter of filling the processor: at its full rate ours take 3 to 5 ms a record. shap's 500 evaluations read 500 x 91
words, half a million rows; our grid and leave-one-outs multiply 0.13 (last-step) or 0.22 million: 3.9 or 2.3 times.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import numpy as np
import shap
import torch
from captum.attr import FeatureAblation
from scipy.cluster.hierarchy import linkage
from torch import Tensor

from sitegen.models.architecture import Readout
from sitegen.models.prefixes import encode, prefix_features, without_features
from tests.benchmarks.inputs import BATCH, READOUTS, A, H, T, each_word, random_texts, same, towers
from tests.benchmarks.rows import Row, at_least, best

SENTENCES, EVALUATIONS, BATCHES = 8, 500, (10, 50, 250)
EDGES = [A * k // SENTENCES for k in range(SENTENCES + 1)]
RANGES = list(pairwise(EDGES))


def rows() -> Iterator[Row]:
    """captum's and shap's."""
    for measure in (captum_rows, shap_rows):
        for readout in READOUTS:
            yield from measure(readout)


def slopes() -> tuple[Tensor, Tensor]:
    """The last layer: what a number of the title's and of the abstract's features adds to the margin."""
    generator = torch.Generator().manual_seed(5)
    return torch.randn(2 * H, generator=generator), torch.randn(2 * H, generator=generator)


def captum_rows(readout: Readout) -> Iterator[Row]:
    """Leave-one-sentence-out."""
    (_, tower), (_, slope), abstracts = towers(), slopes(), random_texts(BATCH, A)
    sentences = [abstracts[0][start:stop] for start, stop in RANGES]

    def margins(masks: Tensor) -> Tensor:
        texts = [torch.cat([sentences[k] for k in mask.nonzero()[:, 0].tolist()]) for mask in masks]
        return encode(tower, texts, readout=readout) @ slope

    def theirs(at_once: int) -> Tensor:
        found: Tensor = FeatureAblation(margins).attribute(
            torch.ones(1, SENTENCES), baselines=0, perturbations_per_eval=at_once
        )
        return found[0]

    def ours(count: int = BATCH) -> list[Tensor]:
        ranges = [[*RANGES, (0, 0)] for _ in range(count)]
        found = without_features(tower, abstracts[:count], ranges, readout=readout)
        parts = [features @ slope for features in found]
        return [part[-1] - part[:-1] for part in parts]

    for at_once in (1, SENTENCES):
        torch.testing.assert_close(ours()[0], theirs(at_once), rtol=1e-5, atol=1e-5)
    mine, one, all_ = best(ours, partial(theirs, 1), partial(theirs, SENTENCES))
    name = f"captum FeatureAblation, abstract without each sentence, {readout}"
    yield at_least(f"{name}, as it comes", ours=mine / BATCH, other=one, goal=10)
    yield at_least(f"{name}, perturbations_per_eval = n", ours=mine / BATCH, other=all_, goal=5)


def shap_rows(readout: Readout) -> Iterator[Row]:
    """The partition explainer beside everything we know of a record."""
    both, lines = towers(), slopes()
    fields = (random_texts(BATCH, T), random_texts(BATCH, A))
    whole = sum(
        float(encode(tower, texts[:1], readout=readout)[0] @ slope)
        for tower, texts, slope in zip(both, fields, lines, strict=True)
    )

    def margins(masks: np.ndarray) -> np.ndarray:
        kept = torch.from_numpy(masks > 0.5)
        total = torch.zeros(len(masks))
        for tower, texts, slope, part in zip(both, fields, lines, (kept[:, :T], kept[:, T:]), strict=True):
            total += encode(tower, [texts[0][mask] for mask in part], readout=readout) @ slope
        return total.numpy()

    words = T + A
    masker = shap.maskers.Partition(np.zeros((1, words)), clustering=linkage(np.arange(words)[:, None], "average"))
    explainer = shap.explainers.Partition(margins, masker)

    def theirs(size: int) -> float:
        found = explainer(np.ones((1, words)), max_evals=EVALUATIONS, batch_size=size, silent=True)
        return float(found.values.sum() + found.base_values.sum())

    def ours() -> list[Tensor]:
        found = []
        for tower, texts, ranges in zip(both, fields, ([], RANGES), strict=True):
            found.append(torch.cat(prefix_features(tower, texts, readout=readout)))
            wanted = [[*ranges, *singles] for singles in each_word(texts)]
            found.append(torch.cat(without_features(tower, texts, wanted, readout=readout)))
        return found

    title, _, abstract, _ = ours()
    margin = title[T - 1] @ lines[0] + abstract[A - 1] @ lines[1]
    same(margin, torch.tensor(whole))
    np.testing.assert_allclose(theirs(BATCHES[0]), whole, rtol=1e-4)
    mine, *rivals = best(ours, *(partial(theirs, size) for size in BATCHES), rounds=2)
    name = f"shap's partition explainer, {EVALUATIONS} evaluations, beside grid and all leave-one-outs, {readout}"
    yield at_least(name, ours=mine / BATCH, other=min(rivals), goal=15)
