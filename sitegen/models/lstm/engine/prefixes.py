"""Exact evaluation of all prefixes of texts, of their leave-one-outs and of any other part of them, by one tower.

Occlusion asks a tower about the same text again and again, each time with less of it. What is asked is defined by
`encode`, which is torch.nn.LSTM or torch.nn.GRU on packed sequences, one text after the other:

    prefix_features(...)[i][k - 1]  =  encode(text_i[:k])             k = 1..n_i; encode(nothing) where n_i = 0
    without_features(...)[i][r]     =  encode(text_i[:a] + text_i[b:])      (a, b) = ranges_i[r]
    kept_features(...)[i][r]        =  encode(text_i[mask])                    mask = masks_i[r]

The first two are answered by `shortened.py`, since a prefix is a text whose end is hidden, the third by `kept.py`. Both
share what these texts have in common and read many of them at once; what that costs is counted there.

Notation: B texts, n words of one, D vector size, H hidden, L layers, K directions, KH = K·H.

An empty text is one zero vector. Results are float32 or float64 as the tower's weights, on the tower's device; the
company a text is batched with moves float32 by about 2e-7. No gradients flow but through `encode_packed`.

Where exactness is not asked for, the time loops may multiply in bfloat16: the weights and [own h] are rounded to 8
bits, and so is each product; states and sums stay float32, as all does in `encode` and `kept_features`. Processors
that have instructions for it (AVX512-BF16, AMX) multiply about twice as fast; others are slower.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.deletions import Text, shortened_features
from sitegen.models.lstm.engine.prefix_tree import Masks
from sitegen.models.lstm.engine.recurrence import Rnn
from sitegen.models.lstm.engine.subsets import masks_features
from sitegen.models.lstm.engine.thread_pool import ThreadPool
from sitegen.models.protocol import Range

# Bytes: of packed texts; of a pool at least, and for each of its threads; of either on a GPU, idle with fewer rows.
PACKED, LEAST, SHARE, GPU_BUDGET = 2**26, 2**28, 2**26, 2**30

Features = Float[Tensor, "_ KH"]


def encode(rnn: Rnn, texts: Sequence[Text], *, readout: Readout, budget: int | None = None) -> Float[Tensor, "B KH"]:
    """The features of each text, in order.

    Batches are made of texts of similar length and bounded by `budget` bytes of activations, None for what suits the
    device; a single text that needs more than that is encoded alone.
    """
    if budget is None:
        budget = GPU_BUDGET if _weights(rnn).is_cuda else PACKED
    padded = [text if len(text) else text.new_zeros(1, rnn.input_size) for text in texts]
    features = _weights(rnn).new_empty(len(texts), _width(rnn))
    for batch in _batches([len(text) for text in padded], limit=budget // _bytes_per_word(rnn)):
        packed = pack_sequence([padded[i] for i in batch])
        features[batch] = encode_packed(rnn, packed, readout=readout)
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
    texts: Sequence[Text],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
    products: torch.dtype | None = None,
) -> list[Features]:
    """For each text of n words the features of its prefixes of 1..n words, (max(n, 1), KH).

    pool: who reads, and in how much memory; None for one that `pool_for` makes. products: torch.bfloat16 to multiply in
    that.
    """
    ranges = [[(k, len(text)) for k in range(min(len(text), 1), len(text) + 1)] for text in texts]
    return without_features(rnn, texts, ranges, readout=readout, pool=pool, products=products)


def without_features(
    rnn: Rnn,
    texts: Sequence[Text],
    ranges: Sequence[Sequence[Range]],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
    products: torch.dtype | None = None,
) -> list[Features]:
    """For each text, and each of its half-open ranges of words, the features of the text without that range.

    Ranges that leave the same text, because they are the same or empty, share one reading. pool and products are
    those of `prefix_features`.
    """
    number: dict[tuple[int, int, int], int] = {}  # of each reading, in the order of appearance
    rows: list[list[int]] = []
    for i, (text, its_ranges) in enumerate(zip(texts, ranges, strict=True)):
        row = []
        for start, stop in its_ranges:
            a, b = (start, stop) if start < stop else (len(text), len(text))
            reading = (i, a, b) if a + len(text) - b else (len(texts), 1, 1)  # nothing is left: the zero vector
            row.append(number.setdefault(reading, len(number)))
        rows.append(row)
    readings = np.array(list(number), dtype=np.int64).reshape(-1, 3)
    zero = _weights(rnn).new_zeros(1, rnn.input_size)
    features = shortened_features(
        rnn, [*texts, zero], readings, readout=readout, pool=pool or pool_for(rnn), products=products
    )
    return [features[row] for row in rows]


def kept_features(
    rnn: Rnn,
    texts: Sequence[Text],
    masks: Sequence[Masks],
    *,
    readout: Readout,
    pool: ThreadPool | None = None,
) -> list[Features]:
    """For each text of n words, and each of its masks, (k, n), the features of the kept words alone, (k, KH).

    pool: as for `prefix_features`.
    """
    parts = [(text, its_masks[its_masks.any(axis=1)]) for text, its_masks in zip(texts, masks, strict=True)]
    parts.append((_weights(rnn).new_zeros(1, rnn.input_size), np.ones((1, 1), dtype=bool)))  # where nothing is kept
    asked = [(text, its_masks) for text, its_masks in parts if len(its_masks)]
    found = masks_features(
        rnn,
        [text for text, _ in asked],
        [its_masks for _, its_masks in asked],
        readout=readout,
        pool=pool or pool_for(rnn),
    )
    results, stop = [], 0
    for its_masks in masks:
        some = np.asarray(its_masks.any(axis=1))
        start, stop = stop, stop + int(some.sum())
        rows = np.full(len(some), len(found) - 1)
        rows[some] = np.arange(start, stop)
        results.append(found[rows])
    return results


def pool_for(rnn: Rnn, *, budget: int | None = None) -> ThreadPool:
    """A pool for a tower; budget: the bytes it holds, None for what suits the device."""
    if budget is None:
        budget = GPU_BUDGET if _weights(rnn).is_cuda else max(LEAST, SHARE * torch.get_num_threads())
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
    """Activations of one word: its vector padded and packed, a layer's input, gates and output twice over."""
    numbers = 2 * rnn.input_size + 2 * _width(rnn) + 2 * 4 * _width(rnn)
    return numbers * _weights(rnn).element_size()


def _weights(rnn: Rnn) -> Tensor:
    weights: Tensor = rnn.get_parameter("weight_hh_l0")
    return weights


def _width(rnn: Rnn) -> int:
    return rnn.hidden_size * (2 if rnn.bidirectional else 1)
