"""Exact evaluation of all prefixes of texts, and of all their leave-one-outs, through one tower.

Occlusion asks a tower about the same text again and again, each time a little shorter. The two functions here are
the only places where that happens, and what a faster engine has to replace; both are defined by `encode`, which
is `torch.nn.LSTM` on packed sequences, one text after the other:

    prefix_features(...)[i][k - 1]  =  encode(text_i[:k])             k = 1..n_i; encode(nothing) where n_i = 0
    without_features(...)[i][r]     =  encode(text_i[:a] + text_i[b:])      (a, b) = ranges_i[r]

Notation: B texts, n words of one, D vector size, H hidden, L layers, K directions, KH = K·H.

What is shared. A tower of one direction has read exactly text[:k] at step k, so one pass over the text gives all of
its prefixes. In a tower of two directions the backward states of every prefix are its own, from layer 1 on:
there the shortened texts are encoded one by one, packed together across records, longest first, in batches whose
memory is bounded. Ranges that shorten a text to the same words are encoded once.

Cost, two layers of 64, both directions, one core: 0.1 s for the 150 prefixes of a 150-word text, twice that
for its 150 leave-one-outs. It grows with the square of the length; a text of 5,000 words takes minutes, not memory.

An empty text is one zero vector. Results are float32 or float64 as the tower's weights; the company a text is
batched with moves float32 by about 2e-7.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence, pack_sequence, pad_packed_sequence

from sitegen.models.architecture import Readout
from sitegen.models.classifier import Range

BUDGET = 64 * 2**20  # bytes of activations held at once; more does not make it faster

Text = Float[Tensor, "_ D"]
Features = Float[Tensor, "_ KH"]


def encode(
    lstm: torch.nn.LSTM, texts: Sequence[Text], *, readout: Readout, budget: int = BUDGET
) -> Float[Tensor, "B KH"]:
    """The features of each text, in order.

    Batches are made of texts of similar length and bounded by `budget` bytes of activations; a single text that
    needs more than that is encoded alone.
    """
    padded = [text if len(text) else text.new_zeros(1, lstm.input_size) for text in texts]
    features = _weights(lstm).new_empty(len(texts), _width(lstm))
    for batch in _batches([len(text) for text in padded], limit=budget // _bytes_per_word(lstm)):
        packed = pack_sequence([padded[i] for i in batch])
        features[batch] = encode_packed(lstm, packed, readout=readout)
    return features


def encode_packed(lstm: torch.nn.LSTM, packed: PackedSequence, *, readout: Readout) -> Float[Tensor, "B KH"]:
    """The features of packed texts, in the order in which they were given; gradients flow through it."""
    outputs, (states, _) = lstm(packed)
    if readout == "final-state":
        directions = 2 if lstm.bidirectional else 1
        last: Tensor = states[-directions:]  # (K, B, H), the top layer's
        return last.transpose(0, 1).flatten(1)
    padded, lengths = pad_packed_sequence(outputs, batch_first=True)
    return padded[torch.arange(len(lengths)), lengths - 1]


def prefix_features(
    lstm: torch.nn.LSTM, texts: Sequence[Text], *, readout: Readout, budget: int = BUDGET
) -> list[Features]:
    """For each text of n words the features of its prefixes of 1..n words, (max(n, 1), KH)."""
    if lstm.bidirectional:
        prefixes = [text[:k] for text in texts for k in range(min(len(text), 1), len(text) + 1)]
        features = encode(lstm, prefixes, readout=readout, budget=budget)
        ends = list(accumulate(max(len(text), 1) for text in texts))
        return [features[start:end] for start, end in pairwise([0, *ends])]
    padded = [text if len(text) else text.new_zeros(1, lstm.input_size) for text in texts]
    results: list[Features] = [text[:0] for text in padded]
    for batch in _batches([len(text) for text in padded], limit=budget // _bytes_per_word(lstm)):
        outputs, _ = lstm(pack_sequence([padded[i] for i in batch]))
        states, lengths = pad_packed_sequence(outputs, batch_first=True)
        for i, state, length in zip(batch, states, lengths.tolist(), strict=True):
            results[i] = state[:length]
    return results


def without_features(
    lstm: torch.nn.LSTM,
    texts: Sequence[Text],
    ranges: Sequence[Sequence[Range]],
    *,
    readout: Readout,
    budget: int = BUDGET,
) -> list[Features]:
    """For each text, and each of its half-open ranges of words, the features of the text without that range.

    Empty ranges all mean the whole text and share one encoding.
    """
    shortened: list[Text] = []
    rows: list[list[int]] = []
    for text, its_ranges in zip(texts, ranges, strict=True):
        row_of: dict[Range, int] = {}
        for start, stop in its_ranges:
            key = (start, stop) if start < stop else (0, 0)
            if key not in row_of:
                row_of[key] = len(shortened)
                shortened.append(torch.cat([text[: key[0]], text[key[1] :]]))
        rows.append([row_of[(start, stop) if start < stop else (0, 0)] for start, stop in its_ranges])
    features = encode(lstm, shortened, readout=readout, budget=budget)
    return [features[row] for row in rows]


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


def _bytes_per_word(lstm: torch.nn.LSTM) -> int:
    """Activations of one word: its vector padded and packed, a layer's input, gates and output twice over."""
    numbers = 2 * lstm.input_size + 2 * _width(lstm) + 2 * 4 * _width(lstm)
    return numbers * _weights(lstm).element_size()


def _weights(lstm: torch.nn.LSTM) -> Tensor:
    weights: Tensor = lstm.get_parameter("weight_hh_l0")
    return weights


def _width(lstm: torch.nn.LSTM) -> int:
    return lstm.hidden_size * (2 if lstm.bidirectional else 1)
