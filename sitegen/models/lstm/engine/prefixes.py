"""The engine's public functions: the features that one tower gives to texts, prefixes, deletions and subsets, exactly.

Occlusion shows a tower the same text again and again, each time with less of it. `encode` defines what the features of
a text are: torch.nn.LSTM or torch.nn.GRU on packed sequences, one text after the other. The other functions return,
for shortened texts, exactly what it would:

    prefix_features(...)[i][k - 1]  =  encode(text_i[:k])             k = 1..n_i; encode(nothing) where n_i = 0
    deletion_features(...)[i][r]    =  encode(text_i[:a] + text_i[b:])      (a, b) = ranges_i[r]
    subset_features(...)[i][r]      =  encode(text_i[mask])                    mask = masks_i[r]

The first two are computed in `deletions.py` (a prefix is a text whose end is deleted), the third in `subsets.py`. Both
compute once what many of these texts have in common and evaluate many at once; what that costs is counted there.

Notation: B texts, n words of one, D vector size, H hidden, L layers, K directions, KH = K·H.

An empty text is one zero vector. Results are float32 or float64 as the tower's weights, on the tower's device. Which
texts are batched together changes float32 results by about 2e-7. No gradients flow but through `encode_packed`.

Where exactness is not needed, the time loops of prefixes and deletions may multiply in bfloat16: the weights and
[own h] are rounded to 8 bits, and so is each product; states and sums stay float32, as all does in `encode` and
`subset_features`. Processors that have instructions for it (AVX512-BF16, AMX) multiply about twice as fast; others are
slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.deletions import evaluate_deletions
from sitegen.models.lstm.engine.prefix_tree import WordMasks
from sitegen.models.lstm.engine.recurrence import Rnn, WordVectors
from sitegen.models.lstm.engine.subsets import evaluate_subsets
from sitegen.models.lstm.engine.thread_pool import ThreadPool
from sitegen.models.protocol import Range

# Budgets in bytes. On the processor: for a batch of `encode`; for a pool. Neither depends on the number of threads, so
# results do not. On a GPU one budget serves both: with fewer rows at once it would be partly idle.
ENCODE_BUDGET, POOL_BUDGET, GPU_BUDGET = 2**26, 2**28, 2**30

Features = Float[Tensor, "_ KH"]


def encode(
    rnn: Rnn,
    texts: Sequence[WordVectors],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
    budget: int | None = None,
) -> Float[Tensor, "B KH"]:
    """The features of each text, in order.

    Texts of similar length are batched. pool: threads for the batches, None for the caller's. budget: how many bytes of
    activations a batch may need, None for a number that suits the device; a single text that needs more is encoded
    alone.
    """
    if budget is None:
        budget = GPU_BUDGET if _weights(rnn).is_cuda else ENCODE_BUDGET
    padded = [text if len(text) else text.new_zeros(1, rnn.input_size) for text in texts]
    features = _weights(rnn).new_empty(len(texts), _width(rnn))

    def job(batch: list[int], _: Arena | None = None) -> None:
        packed = pack_sequence([padded[i] for i in batch])
        features[batch] = encode_packed(rnn, packed, readout=readout)

    batches = _batches([len(text) for text in padded], limit=budget // _bytes_per_word(rnn))
    if pool:
        with pool.alone():
            pool.run([partial(job, batch) for batch in batches])
    else:
        for batch in batches:
            job(batch)
    return features


def encode_packed(rnn: Rnn, packed: PackedSequence, *, readout: Readout) -> Float[Tensor, "B KH"]:
    """The features of packed texts, in the order in which they were given; gradients flow through it."""
    outputs, states = rnn(packed)
    if isinstance(rnn, torch.nn.LSTM):
        states, _ = states  # h and c
    if readout == "final-state":
        directions = 2 if rnn.bidirectional else 1
        last: Tensor = states[-directions:]  # (K, B, H), the top layer's
        return last.transpose(0, 1).flatten(1)
    padded, lengths = pad_packed_sequence(outputs, batch_first=True)
    return padded[torch.arange(len(lengths)), lengths - 1]


def prefix_features(
    rnn: Rnn,
    texts: Sequence[WordVectors],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
    products: torch.dtype | None = None,
) -> list[Features]:
    """For each text of n words the features of its prefixes of 1..n words, (max(n, 1), KH).

    pool: the threads and the memory for it, None for those that `pool_for` makes. products: torch.bfloat16 to multiply
    in that, None to be exact.
    """
    ranges = [[(k, len(text)) for k in range(min(len(text), 1), len(text) + 1)] for text in texts]
    return deletion_features(rnn, texts, ranges, readout=readout, pool=pool, products=products)


def deletion_features(
    rnn: Rnn,
    texts: Sequence[WordVectors],
    ranges: Sequence[Sequence[Range]],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
    products: torch.dtype | None = None,
) -> list[Features]:
    """For each text, and each of its half-open ranges of words, the features of the text without that range.

    Ranges that leave the same text, because they are the same or empty, are evaluated once. pool, products: as for
    `prefix_features`.
    """
    row_of: dict[tuple[int, int, int], int] = {}  # of each distinct deletion, in the order of appearance
    rows_by_text: list[list[int]] = []
    for i, (text, text_ranges) in enumerate(zip(texts, ranges, strict=True)):
        rows = []
        for start, stop in text_ranges:
            a, b = (start, stop) if start < stop else (len(text), len(text))
            deletion = (i, a, b) if a + len(text) - b else (len(texts), 1, 1)  # nothing is left: the zero vector
            rows.append(row_of.setdefault(deletion, len(row_of)))
        rows_by_text.append(rows)
    deletions = np.array(list(row_of), dtype=np.int64).reshape(-1, 3)
    zero = _weights(rnn).new_zeros(1, rnn.input_size)
    features = evaluate_deletions(
        rnn, [*texts, zero], deletions, readout=readout, pool=pool or pool_for(rnn), products=products
    )
    return [features[rows] for rows in rows_by_text]


def subset_features(
    rnn: Rnn,
    texts: Sequence[WordVectors],
    masks: Sequence[WordMasks],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
) -> list[Features]:
    """For each text of n words, and each of its masks, (k, n), the features of the words that it keeps, (k, KH).

    pool: as for `prefix_features`.
    """
    keeping_any = [np.asarray(text_masks.any(axis=1)) for text_masks in masks]  # of each text's masks
    zero, keep_it = _weights(rnn).new_zeros(1, rnn.input_size), np.ones((1, 1), dtype=bool)  # where nothing is kept
    jobs = [(text, text_masks[some]) for text, text_masks, some in zip(texts, masks, keeping_any, strict=True)]
    jobs = [(text, text_masks) for text, text_masks in [*jobs, (zero, keep_it)] if len(text_masks)]
    features = evaluate_subsets(
        rnn,
        [text for text, _ in jobs],
        [text_masks for _, text_masks in jobs],
        readout=readout,
        pool=pool or pool_for(rnn),
    )
    results, stop = [], 0
    for some in keeping_any:
        start, stop = stop, stop + int(some.sum())
        rows = np.full(len(some), len(features) - 1)  # the zero vector's, which came last
        rows[some] = np.arange(start, stop)
        results.append(features[rows])
    return results


def pool_for(rnn: Rnn, *, budget: int | None = None) -> ThreadPool:
    """A pool for a tower; budget: how many bytes it holds, None for a number that suits the device."""
    if budget is None:
        budget = GPU_BUDGET if _weights(rnn).is_cuda else POOL_BUDGET
    return ThreadPool(_weights(rnn), budget=budget)


def _batches(lengths: Sequence[int], *, limit: int) -> Iterator[list[int]]:
    """Numbers of texts, longest first, in runs that hold at most `limit` words padded, or one text."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: -lengths[i]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > limit:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _bytes_per_word(rnn: Rnn) -> int:
    """Bytes of `encode` for one word: its vector padded and packed; a layer's input, output and gates twice over."""
    numbers = 2 * rnn.input_size + 2 * _width(rnn) + 2 * 4 * _width(rnn)
    return numbers * _weights(rnn).element_size()


def _weights(rnn: Rnn) -> Tensor:
    weights: Tensor = rnn.get_parameter("weight_hh_l0")
    return weights


def _width(rnn: Rnn) -> int:
    return rnn.hidden_size * (2 if rnn.bidirectional else 1)
