"""Prefixes and leave-one-outs are, number for number, what torch.nn.LSTM makes of each shortened text."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

from sitegen.models.prefixes import encode, prefix_features, without_features
from tests.models.networks import naive_features

READOUTS = ["final-state", "last-step"]
LENGTHS = [1, 2, 3, 0, 17, 60, 5]


def tower(*, layers: int, bidirectional: bool, dtype: torch.dtype = torch.float64) -> torch.nn.LSTM:
    generator = torch.Generator().manual_seed(layers)
    lstm = torch.nn.LSTM(6, 5, layers, batch_first=True, bidirectional=bidirectional, dtype=dtype)
    with torch.no_grad():
        for weight in lstm.parameters():
            weight.copy_(torch.randn(weight.shape, generator=generator, dtype=dtype))
    return lstm


def texts(lengths: list[int] = LENGTHS, *, dtype: torch.dtype = torch.float64) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(11)
    return [torch.randn(length, 6, generator=generator, dtype=dtype) for length in lengths]


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_every_prefix_is_what_torch_makes_of_it(layers: int, bidirectional: bool, readout: str) -> None:
    lstm = tower(layers=layers, bidirectional=bidirectional)
    for text, features in zip(texts(), prefix_features(lstm, texts(), readout=readout), strict=True):
        assert len(features) == max(len(text), 1)
        for k, found in enumerate(features, start=1):
            torch.testing.assert_close(found, naive_features(lstm, text[:k], readout=readout), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("bidirectional", [True, False])
def test_every_deletion_is_what_torch_makes_of_the_rest(layers: int, bidirectional: bool, readout: str) -> None:
    lstm = tower(layers=layers, bidirectional=bidirectional)
    ranges = [[(a, b) for a in range(0, n + 1, 3) for b in range(a, n + 1, 5)] for n in LENGTHS]
    results = without_features(lstm, texts(), ranges, readout=readout)
    for text, its_ranges, features in zip(texts(), ranges, results, strict=True):
        assert len(features) == len(its_ranges)
        for (a, b), found in zip(its_ranges, features, strict=True):
            rest = torch.cat([text[:a], text[b:]])
            torch.testing.assert_close(found, naive_features(lstm, rest, readout=readout), rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("readout", READOUTS)
@pytest.mark.parametrize("bidirectional", [True, False])
def test_alone_in_a_batch_and_shuffled_are_the_same_in_float32(bidirectional: bool, readout: str) -> None:
    lstm = tower(layers=2, bidirectional=bidirectional, dtype=torch.float32)
    many = texts(dtype=torch.float32)
    together = prefix_features(lstm, many, readout=readout)
    backwards = prefix_features(lstm, many[::-1], readout=readout)[::-1]
    for text, one, other in zip(many, together, backwards, strict=True):
        (alone,) = prefix_features(lstm, [text], readout=readout)
        torch.testing.assert_close(one, alone, rtol=0, atol=1e-6)
        torch.testing.assert_close(one, other, rtol=0, atol=1e-6)


@pytest.mark.parametrize("budget", [1, 20_000, 2**30])
def test_the_budget_changes_nothing_but_memory(budget: int) -> None:
    lstm = tower(layers=2, bidirectional=True)
    expected = torch.cat(prefix_features(lstm, texts(), readout="final-state"))
    found = torch.cat(prefix_features(lstm, texts(), readout="final-state", budget=budget))
    torch.testing.assert_close(found, expected, rtol=1e-12, atol=1e-12)


def test_no_batch_holds_more_words_than_the_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    lstm = tower(layers=1, bidirectional=True)
    held = []
    forward = lstm.forward
    monkeypatch.setattr(lstm, "forward", lambda packed: held.append(len(packed.data)) or forward(packed))
    prefix_features(lstm, texts([200]), readout="final-state", budget=1_000_000)
    assert sum(held) == 200 * 201 // 2
    assert max(held) * (6 + 5 * 2 + 4 * 5 * 2) * 8 <= 1_000_000
    assert len(held) < 40


def test_a_text_of_5000_words_is_read() -> None:
    lstm = tower(layers=1, bidirectional=True, dtype=torch.float32)
    (text,) = texts([5000], dtype=torch.float32)
    (features,) = without_features(lstm, [text], [[(0, 0), (4999, 5000), (10, 4990)]], readout="final-state", budget=1)
    torch.testing.assert_close(
        features[2], naive_features(lstm, torch.cat([text[:10], text[-10:]]), readout="final-state")
    )
    one_way = tower(layers=2, bidirectional=False, dtype=torch.float32)
    (prefixes,) = prefix_features(one_way, [text], readout="final-state")
    assert prefixes.shape == (5000, 5)


def test_empty_ranges_share_one_encoding() -> None:
    lstm = tower(layers=2, bidirectional=True, dtype=torch.float32)
    (features,) = without_features(
        lstm, texts([9], dtype=torch.float32), [[(3, 3), (2, 4), (9, 9)]], readout="last-step"
    )
    assert torch.equal(features[0], features[2])
    assert not torch.equal(features[0], features[1])


def test_no_texts_and_no_ranges_are_no_features() -> None:
    lstm = tower(layers=1, bidirectional=True)
    assert prefix_features(lstm, [], readout="final-state") == []
    assert encode(lstm, [], readout="final-state").shape == (0, 10)
    (features,) = without_features(lstm, texts([4]), [[]], readout="final-state")
    assert features.shape == (0, 10)
