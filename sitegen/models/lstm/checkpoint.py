"""PyTorch checkpoints -> a model directory, without running anything that is in them.

A checkpoint is a pickle, and loading a pickle runs what it names. Two kinds hold a network of the architecture
that sitegen knows, and each has a safe way in:

*state dict*    `torch.save(model.state_dict(), file)`, in torch's zip format or the legacy one before it. torch's
                weights-only loader reads both and refuses everything but tensors in containers.
*whole module*  `torch.save(model, file)`, which names the classes of the model and of its layers. In the zip format
                the same loader reads it, with an inert stand-in for each class that this one file names: an object
                that keeps the state the file gives it and can do nothing. Neither the module's program nor
                torch's layers are imported. A file that calls what it names is refused, whatever that is, except
                for torch's own functions that put tensors together.
                A legacy whole module, which also carries source code, is refused with the recipe for re-saving it.

The architecture is read off the tensors' shapes. The readout cannot be: the checkpoints of 2018 read the last
step. Nor can the texts that the network was trained on, so the directory lists none.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

import numpy as np
import torch

from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import open_vectors
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import ABSTRACT_TOWER, Architecture, Readout, mismatch
from sitegen.models.lstm.directory import check_output, save
from sitegen.models.manifest import Manifest

_RECIPE = (
    "Load it with the program that made it, write its weights alone, and convert those: "
    'torch.save(model.state_dict(), "weights.pt").'
)
_WANTED = "sitegen reads two towers lstmAb.* and lstmTi.* and a layer fc.* with a logit for each class that is named"


def convert_checkpoint(
    checkpoint: Path,
    *,
    vectors: Path,
    output: Path,
    segmentation: Segmentation,
    classes: tuple[str, ...],
    readout: Readout = "last-step",
) -> Manifest:
    """Write the network in `checkpoint` and the vectors in the folder `vectors` as a model directory.

    classes: what the logits stand for, in their order: (negative, positive), or more. Raises ModelError where the file
    holds anything but such a network, or where the vectors have another dimension; nothing is written then.
    """
    check_output(output)
    weights = read_weights(checkpoint)
    architecture = _architecture(checkpoint, weights, readout, classes=classes)
    words = open_vectors(vectors)
    if words.dimension != architecture.dimension:
        raise ModelError(
            f"{checkpoint}: reads word vectors of {architecture.dimension} numbers; those in {vectors} have "
            f"{words.dimension}. Give the vectors it was trained with."
        )
    return save(
        output,
        architecture=architecture,
        segmentation=segmentation,
        classes=classes,
        weights=weights,
        vectors=words,
        card=_card(architecture, classes=classes, vocabulary=len(words)),
        training={"vectors": "given", "source": "converted from a checkpoint"},
    )


def read_weights(checkpoint: Path) -> dict[str, Array]:
    """The tensors in a checkpoint by name, float32, without running what is in it. See the module's docstring."""
    try:
        loaded = _load(checkpoint)
    except FileNotFoundError:
        raise ModelError(f"{checkpoint}: there is no such file. Check the path.") from None
    except _CallError as refused:
        raise ModelError(
            f"{checkpoint}: calls {refused}, which no network needs; nothing was run. Do not trust this file. {_RECIPE}"
        ) from None
    except UnpicklingError:  # its text advises to load the file unsafely
        what = "more" if zipfile.is_zipfile(checkpoint) else "a whole module in torch's legacy format, or more"
        raise ModelError(
            f"{checkpoint}: holds {what} than weights; it cannot be read without running it, and was not. {_RECIPE}"
        ) from None
    except Exception as error:  # what a broken file makes the loader raise is not documented
        raise ModelError(
            f"{checkpoint}: is not a whole PyTorch checkpoint ({type(error).__name__}). Check that it was copied whole."
        ) from None
    tensors = dict(_parameters(loaded)) if isinstance(loaded, _Inert) else loaded
    if not isinstance(tensors, Mapping) or not all(isinstance(tensor, torch.Tensor) for tensor in tensors.values()):
        raise ModelError(f"{checkpoint}: holds a {type(loaded).__name__}, not weights by name. {_RECIPE}")
    weights = {str(name).removeprefix("module."): _numbers(tensor) for name, tensor in tensors.items()}
    for name, values in weights.items():
        if not np.isfinite(values).all():
            raise ModelError(
                f'{checkpoint}: the tensor "{name}" has values that are not finite. Train the model again.'
            )
    return weights


class _CallError(Exception):
    """A checkpoint asks for a call of something that is no class of a module."""


class _Inert:
    """Stands in for a class that a checkpoint names: keeps the state given to it, and cannot be called."""

    __slots__ = ("state",)
    state: Any

    def __init__(self, *_: Any) -> None:
        raise _CallError(type(self).__name__)

    def __setstate__(self, state: Any) -> None:
        self.state = state


def _load(checkpoint: Path) -> Any:
    stand_ins: list[Any] = []
    if zipfile.is_zipfile(checkpoint):
        for name in torch.serialization.get_unsafe_globals_in_checkpoint(checkpoint):
            stand_ins.append((type(name, (_Inert,), {"__slots__": ()}), name))
    with torch.serialization.safe_globals(stand_ins):
        return torch.load(checkpoint, map_location="cpu", weights_only=True)


def _parameters(module: _Inert, prefix: str = "") -> Iterator[tuple[str, Any]]:
    """The parameters of a module and of the modules in it, named as its state dict would name them."""
    state = getattr(module, "state", None)
    if not isinstance(state, dict) or not isinstance(state.get("_parameters"), dict):
        return
    for name, value in state["_parameters"].items():
        if value is not None:
            yield f"{prefix}{name}", value
    for name, child in state.get("_modules", {}).items():
        if isinstance(child, _Inert):
            yield from _parameters(child, f"{prefix}{name}.")


def _numbers(tensor: torch.Tensor) -> Array:
    values: Array = tensor.detach().to(torch.float32).numpy()
    return values


def _architecture(
    checkpoint: Path, weights: Mapping[str, Array], readout: Readout, *, classes: tuple[str, ...]
) -> Architecture:
    shapes = {name: values.shape for name, values in weights.items()}
    first = f"{ABSTRACT_TOWER}.weight_ih_l0"
    if len(shapes.get(first, ())) != 2:
        names = ", ".join(sorted(shapes)[:6]) or "nothing"
        raise ModelError(f'{checkpoint}: has no matrix "{first}" (found: {names}). {_WANTED}.')
    architecture = Architecture(
        layers=sum(name.startswith(f"{ABSTRACT_TOWER}.weight_ih") and not name.endswith("_reverse") for name in shapes),
        hidden=max(1, shapes[first][0] // 4),
        dimension=shapes[first][1],
        directions=1 + (f"{first}_reverse" in shapes),
        readout=readout,
        joint=shapes["fc.0.weight"][0] if shapes.get("fc.0.weight") else 0,
        classes=len(classes),
    )
    wrong = mismatch(shapes, architecture.shapes())
    if wrong:
        raise ModelError(f"{checkpoint}: {wrong}. {_WANTED}, here {len(classes)}: {', '.join(classes)}.")
    return architecture


def _card(architecture: Architecture, *, classes: tuple[str, ...], vocabulary: int) -> str:
    says = f"that the text is *{classes[1]}* rather than *{classes[0]}*"
    if len(classes) > 2:
        says = "that the text is each of these: " + ", ".join(f"*{name}*" for name in classes)
    return (
        f"# Model card\n\n"
        f"This model reads the title and the abstract of a text and says how probable it is {says}.\n\n"
        f"It was converted from a checkpoint: two LSTMs, {architecture.layers} layers of {architecture.hidden} units, "
        f'over {vocabulary:,} word vectors of {architecture.dimension} numbers; readout "{architecture.readout}".\n\n'
        f"What it was trained and tested on is not known here. So no measures are given, and none of its records can "
        f"be said to be held out.\n"
    )
