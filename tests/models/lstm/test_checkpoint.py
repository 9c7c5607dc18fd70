"""Checkpoints convert to the same predictions, and nothing that is in them runs."""

from __future__ import annotations

import builtins
import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
import torch.utils.serialization.config  # torch itself imports it when it first reads a file

from sitegen.corpus.segment import Segmentation
from sitegen.errors import ModelError
from sitegen.models.lstm.checkpoint import _Inert, convert_checkpoint, read_weights
from sitegen.models.registry import load
from tests.models.networks import random_text, random_vectors, stated

FOREIGN = "a_student_project"


class Foreign(torch.nn.Module):
    """A network as someone else's program defines it: their class, their forward, our names for the layers."""

    def __init__(self, *, dimension: int = 7, hidden: int = 4, layers: int = 2, bidirectional: bool = True) -> None:
        super().__init__()
        self.lstmAb = torch.nn.LSTM(dimension, hidden, layers, batch_first=True, bidirectional=bidirectional)
        self.lstmTi = torch.nn.LSTM(dimension, hidden, layers, batch_first=True, bidirectional=bidirectional)
        self.drop = torch.nn.Dropout(0.5)
        self.activation = torch.nn.functional.relu  # kept, never used: a file may name functions too
        self.fc = torch.nn.Linear(2 * hidden * (2 if bidirectional else 1), 2)
        self.hidden_size = hidden

    def forward(self, abstract: torch.Tensor, title: torch.Tensor) -> torch.Tensor:
        ends = [lstm(x)[0][:, -1] for lstm, x in ((self.lstmAb, abstract), (self.lstmTi, title))]
        return self.fc(torch.cat(ends, dim=1))


Foreign.__module__ = FOREIGN


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Foreign:
    """A module whose class can be found while it is saved."""
    home = ModuleType(FOREIGN)
    home.Foreign = Foreign
    monkeypatch.setitem(sys.modules, FOREIGN, home)
    torch.manual_seed(1)
    return Foreign().eval()


def convert(file: Path, output: Path, **settings: Any) -> Any:
    random_vectors(file.parent / "v", dimension=settings.pop("dimension", 7))
    return convert_checkpoint(
        file,
        vectors=file.parent / "v",
        output=output,
        segmentation=Segmentation(),
        classes=("not computational", "computational"),
        **settings,
    )


def save_state(module: Foreign, file: Path) -> None:
    torch.save(module.state_dict(), file)


def save_legacy_state(module: Foreign, file: Path) -> None:
    torch.save(module.state_dict(), file, _use_new_zipfile_serialization=False)


def save_parallel(module: Foreign, file: Path) -> None:
    torch.save({f"module.{name}": tensor for name, tensor in module.state_dict().items()}, file)


def save_module(module: Foreign, file: Path) -> None:
    torch.save(module, file)


def save_parallel_module(module: Foreign, file: Path) -> None:
    torch.save(torch.nn.DataParallel(module), file)


@pytest.mark.parametrize(
    "save", [save_state, save_legacy_state, save_parallel, save_module, save_parallel_module], ids=lambda f: f.__name__
)
def test_a_converted_checkpoint_predicts_as_the_module_did(
    tmp_path: Path, module: Foreign, save: Callable[[Foreign, Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    save(module, tmp_path / "net.pt")
    monkeypatch.delitem(sys.modules, FOREIGN)  # from here on, whoever looks for the foreign class fails
    manifest = convert(tmp_path / "net.pt", tmp_path / "model")
    architecture = stated(tmp_path / "model")
    assert architecture.readout == "last-step"
    assert (architecture.layers, architecture.hidden) == (2, 4)
    assert not manifest.texts.train
    classifier = load(tmp_path / "model")
    vectors = random_vectors(tmp_path / "w")
    rng = np.random.default_rng(4)
    for length in (1, 2, 30):
        title, abstract = random_text(rng, length, unknown=0), random_text(rng, 2 * length, unknown=0)
        texts = [torch.from_numpy(np.array(vectors.matrix[vectors.rows(text)]))[None] for text in (abstract, title)]
        with torch.inference_mode():
            logits = module(*texts)[0]
        assert classifier.margins([title], [abstract])[0] == pytest.approx(float(logits[1] - logits[0]), abs=1e-6)


@pytest.mark.parametrize(("layers", "bidirectional"), [(1, False), (3, True)])
def test_the_architecture_is_read_off_the_shapes(
    tmp_path: Path, module: Foreign, layers: int, bidirectional: bool
) -> None:
    torch.save(
        Foreign(dimension=5, hidden=3, layers=layers, bidirectional=bidirectional).state_dict(), tmp_path / "n.pt"
    )
    convert(tmp_path / "n.pt", tmp_path / "model", dimension=5, readout="final-state")
    found = stated(tmp_path / "model")
    assert (found.layers, found.hidden, found.dimension) == (layers, 3, 5)
    assert found.directions == 1 + bidirectional
    assert found.readout == "final-state"


@pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")
def test_a_legacy_whole_module_is_refused_with_the_recipe(tmp_path: Path, module: Foreign) -> None:
    torch.save(module, tmp_path / "net.pt", _use_new_zipfile_serialization=False)
    with pytest.raises(ModelError, match=r'legacy.*torch\.save\(model\.state_dict\(\), "weights\.pt"\)'):
        convert(tmp_path / "net.pt", tmp_path / "model")
    assert not (tmp_path / "model").exists()


class _Calls:
    """Pickles as a call of `function` with `arguments`: what a hostile file looks like."""

    def __init__(self, function: Callable[..., Any], *arguments: Any) -> None:
        self.function, self.arguments = function, arguments

    def __reduce__(self) -> Any:
        return self.function, self.arguments


HOSTILE: dict[str, Callable[[str], Any]] = {
    "os.system": lambda mark: _Calls(os.system, f"touch {mark}"),
    "os.mkdir": lambda mark: _Calls(os.mkdir, mark),
    "eval": lambda mark: _Calls(builtins.eval, f"__import__('os').mkdir({mark!r})"),
    "exec": lambda mark: _Calls(builtins.exec, f"import os; os.mkdir({mark!r})"),
    "getattr": lambda mark: _Calls(getattr, _Calls(__import__, "os"), "mkdir"),
    "Path.touch": lambda mark: _Calls(Path.touch, Path(mark)),
    "torch.hub.load": lambda mark: _Calls(torch.hub.load, mark, "model"),
}


@pytest.mark.filterwarnings("ignore:Couldn't retrieve source code")
@pytest.mark.parametrize("zipped", [True, False], ids=["zip", "legacy"])
@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["alone", "among the weights", "in a module"])
def test_a_hostile_file_is_refused_and_leaves_no_trace(
    tmp_path: Path, module: Foreign, name: str, zipped: bool, place: str
) -> None:
    mark = tmp_path / "it ran"
    trap = HOSTILE[name](str(mark).replace(" ", "_"))
    if place == "alone":
        held: Any = trap
    elif place == "among the weights":
        held = {**module.state_dict(), "fc.extra": trap}
    else:
        module.trap = trap
        held = module
    torch.save(held, tmp_path / "net.pt", _use_new_zipfile_serialization=zipped)
    before = set(sys.modules)
    with pytest.raises(ModelError, match=r"net\.pt: .*state_dict"):
        read_weights(tmp_path / "net.pt")
    assert [path.name for path in tmp_path.iterdir()] == ["net.pt"]
    assert set(sys.modules) == before


def test_a_stand_in_cannot_be_called_and_takes_no_attributes() -> None:
    with pytest.raises(Exception, match="_Inert"):
        _Inert()
    inert = _Inert.__new__(_Inert)
    inert.__setstate__({"__setstate__": print})
    with pytest.raises(AttributeError):
        inert.anything = 1


def test_loading_leaves_no_class_allowed_behind_it(tmp_path: Path, module: Foreign) -> None:
    before = set(torch.serialization.get_safe_globals())
    save_module(module, tmp_path / "net.pt")
    read_weights(tmp_path / "net.pt")
    assert set(torch.serialization.get_safe_globals()) == before


def without(name: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda state: {key: value for key, value in state.items() if key != name}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (without("fc.bias"), r'"fc\.bias" is missing; expected one of shape \(2,\)'),
        (without("lstmAb.weight_ih_l0"), r'no matrix "lstmAb\.weight_ih_l0" \(found: fc\.bias'),
        (lambda s: {**s, "fc.weight": torch.zeros(3, 16)}, r'"fc\.weight" has shape \(3, 16\); expected \(2, 16\)'),
        (lambda s: {**s, "embed.weight": torch.zeros(3, 16)}, r'"embed\.weight" belongs to no layer'),
        (
            lambda s: {**s, "lstmTi.bias_hh_l1": torch.zeros(5)},
            r'"lstmTi\.bias_hh_l1" has shape \(5,\); expected \(16,\)',
        ),
        (lambda s: {**s, "fc.bias": torch.tensor([0.0, float("nan")])}, r'"fc\.bias" has values that are not finite'),
        (lambda s: {"epoch": 3, "model": s}, "holds a dict, not weights by name.*state_dict"),
        (lambda s: list(s.values()), "holds a list, not weights by name"),
        (lambda s: {}, r"found: nothing"),
    ],
)
def test_what_is_no_such_network_is_refused_in_words(
    tmp_path: Path, module: Foreign, change: Callable[[Any], Any], problem: str
) -> None:
    torch.save(change(dict(module.state_dict())), tmp_path / "net.pt")
    with pytest.raises(ModelError, match=rf"net\.pt: .*{problem}"):
        convert(tmp_path / "net.pt", tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_vectors_of_another_dimension_are_refused(tmp_path: Path, module: Foreign) -> None:
    save_state(module, tmp_path / "net.pt")
    with pytest.raises(ModelError, match=r"reads word vectors of 7 numbers; those in .* have 6\. Give the vectors"):
        convert(tmp_path / "net.pt", tmp_path / "model", dimension=6)


@pytest.mark.parametrize("kept", [0, 10, 0.3, 0.9])
@pytest.mark.parametrize("save", [save_state, save_legacy_state, save_module], ids=lambda f: f.__name__)
def test_a_broken_file_is_refused(
    tmp_path: Path, module: Foreign, save: Callable[[Foreign, Path], None], kept: float
) -> None:
    file = tmp_path / "net.pt"
    save(module, file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(kept * len(whole)) if kept < 1 else int(kept)])
    with pytest.raises(ModelError, match=r"net\.pt: "):
        read_weights(file)


def test_no_file_is_said_to_be_absent(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="there is no such file"):
        read_weights(tmp_path / "net.pt")
