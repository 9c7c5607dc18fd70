"""The compiled kernels are as exact as torch, compute the same cell as the plain path, and can be done without."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from sitegen.models.lstm.engine import recurrence
from sitegen.models.lstm.engine.arena import Arena
from sitegen.models.lstm.engine.prefixes import deletion_features, prefix_features
from sitegen.models.lstm.engine.recurrence import stepper, weights_of

numba = pytest.importorskip("numba", reason="the extra `fast` is not installed")

from sitegen.models.lstm.engine import kernels  # noqa: E402

R, N, H, X = 9, 12, 21, 4  # 21: one whole row of registers and a rest


@pytest.fixture(autouse=True)
def _no_gradients() -> Iterator[None]:
    with torch.inference_mode():
        yield


@numba.njit
def apply(function: Any, values: Any) -> Any:
    """Apply a compiled function of one number to many."""
    results = np.empty_like(values)
    for k in range(len(values)):
        results[k] = function(values[k])
    return results


def without_numba(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recurrence, "find_spec", lambda name: None)


def test_the_power_of_two_is_off_by_a_bit_at_most() -> None:
    t = np.linspace(-125.9, 125.9, 400_001, dtype=np.float32)
    exact = np.exp2(t.astype(np.float64))
    assert np.abs(apply(kernels.power_of_two, t) / exact - 1).max() < 1e-7


def test_the_sigmoid_is_as_exact_as_torchs() -> None:
    x = np.linspace(-200, 200, 400_001, dtype=np.float32)
    exact = 1 / (1 + np.exp(-x.astype(np.float64)))
    ours, torchs = apply(kernels.sigmoid, x), torch.from_numpy(x).sigmoid().numpy()
    assert np.abs(ours - exact).max() < 1e-7
    assert np.abs(ours - exact).max() < 1.1 * np.abs(torchs - exact).max()


def test_the_sigmoid_of_infinities_and_nan() -> None:
    ends = apply(kernels.sigmoid, np.array([np.inf, 1e30, -1e30, -np.inf, np.nan], dtype=np.float32))
    np.testing.assert_allclose(ends, [1, 1, 0, 0, np.nan], atol=1e-37)


@pytest.mark.parametrize(("cell", "kind"), [("lstm", torch.nn.LSTMCell), ("gru", torch.nn.GRUCell)])
def test_a_step_is_torchs_cell_on_the_rows_that_run_and_leaves_the_others(cell: Any, kind: Any) -> None:
    torch.manual_seed(4)
    rnn: Any = (torch.nn.LSTM if cell == "lstm" else torch.nn.GRU)(X, H)
    ((weights,),) = weights_of(rnn)
    words, text = torch.tensor([3, 0, 11, 3, 7]), torch.randn(N, X)
    own_h, c = torch.randn(R, X + H), torch.randn(R, H)
    h, own_h_before, c_before = own_h[:, X:], own_h.clone(), c.clone()
    gates = h @ weights.recurrent
    stepper(cell, gates, torch.addmm(weights.bias, text, weights.input), own_h, c, Arena(c))(words)
    one = kind(X, H)
    one.load_state_dict({name.removesuffix("_l0"): value for name, value in rnn.state_dict().items()})
    n = len(words)
    expected = one(text[words], (own_h_before[:n, X:], c_before[:n]) if cell == "lstm" else own_h_before[:n, X:])
    advanced = (h[:n], c[:n]) if cell == "lstm" else h[:n]
    torch.testing.assert_close(advanced, expected, rtol=0, atol=5e-7)
    assert torch.equal(own_h[n:], own_h_before[n:])
    assert torch.equal(own_h[:, :X], own_h_before[:, :X])
    assert torch.equal(c[n:] if cell == "lstm" else c, c_before[n:] if cell == "lstm" else c_before)


@pytest.mark.parametrize("readout", ["final-state", "last-step"])
@pytest.mark.parametrize("kind", [torch.nn.LSTM, torch.nn.GRU])
def test_both_paths_give_the_same_features(kind: Any, readout: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(6)
    rnn = kind(5, H, 2, batch_first=True, bidirectional=True)
    texts = [torch.randn(n, 5) for n in (1, 30, 7)]
    ranges = [[(a, min(a + 2, len(text))) for a in range(len(text))] for text in texts]

    def both_kinds() -> torch.Tensor:
        of_prefixes = prefix_features(rnn, texts, readout=readout)
        return torch.cat([*of_prefixes, *deletion_features(rnn, texts, ranges, readout=readout)])

    compiled = both_kinds()
    without_numba(monkeypatch)
    plain = both_kinds()
    assert not torch.equal(compiled, plain), "the same path twice"
    torch.testing.assert_close(compiled, plain, rtol=0, atol=2e-6)


def kernel_calls(monkeypatch: pytest.MonkeyPatch, dtype: torch.dtype) -> int:
    """How often the kernel is called for a text of three words."""
    count = 0
    kernel: Callable[..., None] = kernels.lstm

    def counted(*arrays: Any) -> None:
        nonlocal count
        count += 1
        kernel(*arrays)

    monkeypatch.setattr(kernels, "lstm", counted)
    rnn = torch.nn.LSTM(2, 3, dtype=dtype)
    prefix_features(rnn, [torch.ones(3, 2, dtype=dtype)], readout="final-state")
    return count


def test_the_kernel_is_chosen_by_itself_for_float32_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert kernel_calls(monkeypatch, torch.float32) == 3
    assert kernel_calls(monkeypatch, torch.float64) == 0
    without_numba(monkeypatch)
    assert kernel_calls(monkeypatch, torch.float32) == 0


@pytest.mark.slow
def test_numba_is_not_imported_before_the_first_step() -> None:
    code = "import sys, sitegen.models.lstm.classifier; print('numba' in sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "False"


def test_a_folder_that_cannot_be_written_costs_time_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from numba.core import caching

    monkeypatch.setattr(caching.CacheImpl, "_locator_classes", [])
    monkeypatch.setattr(caching.CompileResultCacheImpl, "_locator_classes", [], raising=False)
    with pytest.raises(RuntimeError, match="cannot cache"):
        numba.njit(cache=True)(apply.py_func)
    kernel = kernels._compiled(kernels.gru.py_func)  # type: ignore[attr-defined]
    gates, state = np.zeros((1, 4), np.float32), np.ones((1, 1), np.float32)
    kernel(gates, gates, np.zeros(1, np.int64), state, state)
    assert state[0, 0] == 0.5
