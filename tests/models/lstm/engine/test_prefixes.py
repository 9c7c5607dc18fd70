"""The features of prefixes and deletions are those that torch.nn.LSTM and torch.nn.GRU give to each of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.corpus.segment import segment
from sitegen.models.lstm.engine.prefixes import deletion_features, encode, pool_for, prefix_features
from sitegen.models.probabilities import probability
from sitegen.models.protocol import AdditiveClassifier
from sitegen.models.registry import load
from tests.effort import examples
from tests.models.lstm.engine.towers import LENGTHS, READOUTS, naive, some_ranges, texts, tower


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_every_prefix_is_what_torch_makes_of_it(kind: Any, layers: int, bidirectional: bool, readout: str) -> None:
    rnn = tower(layers=layers, bidirectional=bidirectional, kind=kind)
    for text, features in zip(texts(), prefix_features(rnn, texts(), readout=readout), strict=True):
        assert len(features) == max(len(text), 1)
        for k, found in enumerate(features, start=1):
            torch.testing.assert_close(found, naive(rnn, text[:k], readout=readout), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [True, False])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_every_deletion_is_what_torch_makes_of_the_rest(
    kind: Any, layers: int, bidirectional: bool, readout: str
) -> None:
    rnn = tower(layers=layers, bidirectional=bidirectional, kind=kind)
    ranges = [some_ranges(n) for n in LENGTHS]
    results = deletion_features(rnn, texts(), ranges, readout=readout)
    for text, text_ranges, features in zip(texts(), ranges, results, strict=True):
        assert len(features) == len(text_ranges)
        for (a, b), found in zip(text_ranges, features, strict=True):
            rest = torch.cat([text[:a], text[b:]])
            torch.testing.assert_close(found, naive(rnn, rest, readout=readout), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_float32_is_as_close_as_float32_can_be(kind: Any, readout: str) -> None:
    rnn = tower(layers=3, bidirectional=True, kind=kind, dtype=torch.float32)
    many, ranges = texts(dtype=torch.float32), [some_ranges(n) for n in LENGTHS]
    prefixes = prefix_features(rnn, many, readout=readout)
    without = deletion_features(rnn, many, ranges, readout=readout)
    for text, text_ranges, of_prefixes, of_deletions in zip(many, ranges, prefixes, without, strict=True):
        shortened = [text[:k] for k in range(min(len(text), 1), len(text) + 1)]
        shortened += [torch.cat([text[:a], text[b:]]) for a, b in text_ranges]
        for rest, found in zip(shortened, [*of_prefixes, *of_deletions], strict=True):
            torch.testing.assert_close(found, naive(rnn, rest, readout=readout), rtol=1e-5, atol=1e-5)


@settings(max_examples=examples(25), deadline=None)
@given(
    lengths=st.lists(st.integers(0, 12), max_size=6),
    kind=st.sampled_from([torch.nn.LSTM, torch.nn.GRU]),
    layers=st.integers(1, 4),
    bidirectional=st.booleans(),
    readout=st.sampled_from(READOUTS),
    budget=st.sampled_from([1, 5_000, 100_000]),
    data=st.data(),
)
def test_ragged_batches_of_any_ranges(
    lengths: list[int], kind: Any, layers: int, bidirectional: bool, readout: Any, budget: int, data: Any
) -> None:
    rnn, many = tower(layers=layers, bidirectional=bidirectional, kind=kind), texts(lengths)
    ranges = []
    for n in lengths:
        ends = st.tuples(st.integers(0, n), st.integers(0, n)).map(lambda pair: (min(pair), max(pair)))
        ranges.append(data.draw(st.lists(ends, max_size=5)))
    results = deletion_features(rnn, many, ranges, readout=readout, pool=pool_for(rnn, budget=budget))
    for text, text_ranges, features in zip(many, ranges, results, strict=True):
        assert features.shape == (len(text_ranges), 5 * (1 + bidirectional))
        for (a, b), found in zip(text_ranges, features, strict=True):
            rest = torch.cat([text[:a], text[b:]])
            torch.testing.assert_close(found, naive(rnn, rest, readout=readout), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("bidirectional", [True, False])
def test_alone_in_a_batch_and_shuffled_are_the_same_in_float32(bidirectional: bool, readout: Any) -> None:
    rnn = tower(layers=2, bidirectional=bidirectional, dtype=torch.float32)
    many = texts(dtype=torch.float32)
    for features in (
        lambda some: prefix_features(rnn, some, readout=readout),
        lambda some: deletion_features(rnn, some, [some_ranges(len(text)) for text in some], readout=readout),
    ):
        together, backwards = features(many), features(many[::-1])[::-1]
        for text, one, other in zip(many, together, backwards, strict=True):
            (alone,) = features([text])
            torch.testing.assert_close(one, alone, rtol=0, atol=1e-6)
            torch.testing.assert_close(one, other, rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_towers_without_bias_are_read(kind: Any) -> None:
    rnn = tower(layers=2, bidirectional=True, kind=kind, bias=False)
    (text,) = texts([9])
    (features,) = prefix_features(rnn, [text], readout="final-state")
    torch.testing.assert_close(features[4], naive(rnn, text[:5], readout="final-state"), rtol=1e-10, atol=1e-13)


def test_towers_with_projections_are_refused() -> None:
    rnn = tower(layers=1, bidirectional=True, proj_size=2)
    with pytest.raises(ValueError, match="proj_size"):
        prefix_features(rnn, texts([3]), readout="final-state")


def test_ranges_outside_the_text_are_refused() -> None:
    rnn = tower(layers=1, bidirectional=True)
    for wrong in [(2, 5), (-1, 2)]:
        with pytest.raises(ValueError, match="within its text"):
            deletion_features(rnn, texts([4]), [[wrong]], readout="final-state")


def test_weights_that_are_trained_need_no_inference_mode() -> None:
    rnn = tower(layers=2, bidirectional=True)
    with torch.inference_mode(mode=False), torch.enable_grad():
        (features,) = prefix_features(rnn, [torch.ones(3, 6, dtype=torch.float64)], readout="final-state")
    assert not features.requires_grad


@pytest.mark.nightly
def test_a_text_of_5000_words_is_read() -> None:
    rnn = tower(layers=2, bidirectional=True, dtype=torch.float32)
    (text,) = texts([5000], dtype=torch.float32)
    ranges = [(start, start + 25) for start in range(0, 5000, 25)]
    (features,) = deletion_features(rnn, [text], [ranges], readout="final-state")
    for i in (0, 77, 199):
        rest = torch.cat([text[: ranges[i][0]], text[ranges[i][1] :]])
        torch.testing.assert_close(features[i], naive(rnn, rest, readout="final-state"), rtol=1e-5, atol=1e-5)
    (prefixes,) = prefix_features(tower(layers=1, bidirectional=True, dtype=torch.float32), [text], readout="last-step")
    assert prefixes.shape == (5000, 10)


def test_empty_ranges_are_evaluated_once() -> None:
    rnn = tower(layers=2, bidirectional=True, dtype=torch.float32)
    (features,) = deletion_features(
        rnn, texts([9], dtype=torch.float32), [[(3, 3), (2, 4), (9, 9)]], readout="last-step"
    )
    assert torch.equal(features[0], features[2])
    assert not torch.equal(features[0], features[1])


def test_no_texts_and_no_ranges_are_no_features() -> None:
    rnn = tower(layers=1, bidirectional=True)
    assert prefix_features(rnn, [], readout="final-state") == []
    assert encode(rnn, [], readout="final-state").shape == (0, 10)
    (features,) = deletion_features(rnn, texts([4]), [[]], readout="final-state")
    assert features.shape == (0, 10)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_whole_texts_are_encoded_as_torch_does(kind: Any, readout: Any) -> None:
    rnn = tower(layers=2, bidirectional=True, kind=kind)
    for budget in (1, 2**20):
        for text, found in zip(texts(), encode(rnn, texts(), readout=readout, budget=budget), strict=True):
            torch.testing.assert_close(found, naive(rnn, text, readout=readout), rtol=1e-10, atol=1e-13)


def test_products_in_bfloat16_are_near_and_states_are_not_rounded() -> None:
    rnn, many = tower(layers=2, bidirectional=True, dtype=torch.float32), texts(dtype=torch.float32)
    with torch.no_grad():
        for weight in rnn.parameters():
            weight.mul_(0.5)  # as weights are after training: no unit doubles what came before
    exact, rounded = (
        torch.cat(prefix_features(rnn, many, readout="final-state", products=products))
        for products in (None, torch.bfloat16)
    )
    assert rounded.dtype == torch.float32
    assert not torch.equal(rounded, rounded.bfloat16().float())
    assert 1e-5 < (rounded - exact).abs().max() < 0.03


@pytest.mark.slow
@pytest.mark.parametrize("words", [50, pytest.param(1000, marks=pytest.mark.nightly)])
def test_the_demo_model_in_bfloat16_says_nearly_the_same(words: int) -> None:
    """Of the beginnings of five abstracts, each night of the whole.

    Rounded weights are another model, a little: a cell may be off by some hundredths, most are by thousandths."""
    content = Path(__file__).resolve().parents[4] / "content"
    with (content / "records.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:40:5]
    exact, rounded = (load(content / "model", precision=precision) for precision in ("float32", "bfloat16"))
    assert isinstance(exact, AdditiveClassifier)
    assert isinstance(rounded, AdditiveClassifier)
    documents = [segment(row["title"], row["abstract"], exact.segmentation) for row in rows]
    abstracts = [document.abstract.tokens[:words] for document in documents]
    singles = [[(k, k + 1) for k in range(len(tokens))] for tokens in abstracts]
    titles = exact.parts("title", [document.title.tokens for document in documents]) + exact.bias
    found = []
    for model in (exact, rounded):
        both = zip(
            model.prefix_parts("abstract", abstracts),
            model.without_parts("abstract", abstracts, singles),
            titles,
            strict=True,
        )
        found.append(probability(np.concatenate([title + parts for *pair, title in both for parts in pair])))
    assert found[1].dtype == np.float64
    off = np.abs(found[1] - found[0])
    assert 0 < off.mean() < 0.002
    assert off.max() < 0.05


@pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU")
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_a_gpu_gives_the_same_numbers(kind: Any) -> None:
    rnn, there = (tower(layers=3, bidirectional=True, kind=kind) for _ in range(2))
    ranges = [some_ranges(n) for n in LENGTHS]
    expected = torch.cat(deletion_features(rnn, texts(), ranges, readout="final-state"))
    moved = [text.cuda() for text in texts()]
    found = torch.cat(deletion_features(there.cuda(), moved, ranges, readout="final-state"))
    assert found.is_cuda
    torch.testing.assert_close(found.cpu(), expected, rtol=1e-10, atol=1e-12)
