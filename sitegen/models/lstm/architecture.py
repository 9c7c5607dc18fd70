"""The shape of a two-tower LSTM, without torch: what a model directory declares and what weights must match.

Notation: D vector size, H hidden size, L layers, K directions (1 or 2), n joint units, C classes (two, or
more: see several.py).

    lstmAb, lstmTi   LSTM, D -> K·H, L layers      one tower reads the abstract, one the title
    fc               2·K·H -> C logits             abstract features first, then title features
    fc.0, fc.2       2·K·H -> n -> C logits        instead of fc, where joint = n > 0: a tanh layer over both

The names are those of the checkpoints of 2018. `readout` says which of an LSTM's outputs are its features:
"final-state" takes the last state of each direction of the top layer, so that both have read the whole text;
"last-step" takes the output at the last word, where the backward direction has read that one word only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sitegen.models.protocol import Network

Readout = Literal["final-state", "last-step"]
Shapes = Mapping[str, tuple[int, ...]]

ABSTRACT_TOWER = "lstmAb"
TITLE_TOWER = "lstmTi"
NAME = "two-tower-lstm"  # of this kind of model, in config.json


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """The numbers that fix every weight's shape, and the readout."""

    layers: int
    hidden: int
    dimension: int
    directions: int = 2
    readout: Readout = "final-state"
    joint: int = 0
    classes: int = 2

    @property
    def additive(self) -> bool:
        """Whether the margin is a sum of what the two towers say: of two classes and without a joint layer."""
        return not self.joint and self.classes == 2

    @property
    def network(self) -> Network | None:
        """Its shape as other rooms know it; None where no sum over its units is the answer: with a joint layer, whose
        units alone add up to it, and of more than two classes."""
        if not self.additive:
            return None
        return Network(
            layers=self.layers,
            directions=self.directions,
            hidden=self.hidden,
            last_step=self.readout == "last-step",
        )

    @property
    def features(self) -> int:
        """K·H, how many numbers a tower makes of a text."""
        return self.directions * self.hidden

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every weight."""
        shapes: dict[str, tuple[int, ...]] = {}
        for tower in (ABSTRACT_TOWER, TITLE_TOWER):
            for layer in range(self.layers):
                read = self.features if layer else self.dimension
                for suffix in ("", "_reverse")[: self.directions]:
                    shapes[f"{tower}.weight_ih_l{layer}{suffix}"] = (4 * self.hidden, read)
                    shapes[f"{tower}.weight_hh_l{layer}{suffix}"] = (4 * self.hidden, self.hidden)
                    shapes[f"{tower}.bias_ih_l{layer}{suffix}"] = (4 * self.hidden,)
                    shapes[f"{tower}.bias_hh_l{layer}{suffix}"] = (4 * self.hidden,)
        last, width = "fc", 2 * self.features
        if self.joint:
            shapes |= {"fc.0.weight": (self.joint, width), "fc.0.bias": (self.joint,)}
            last, width = "fc.2", self.joint
        return shapes | {f"{last}.weight": (self.classes, width), f"{last}.bias": (self.classes,)}


def mismatch(actual: Shapes, expected: Shapes) -> str | None:
    """The first difference between two sets of weights in words, None where there is none."""
    for name, shape in expected.items():
        if name not in actual:
            return f'the tensor "{name}" is missing; expected one of shape {shape}'
        if actual[name] != shape:
            return f'the tensor "{name}" has shape {actual[name]}; expected {shape}'
    extra = sorted(set(actual) - set(expected))
    return f'the tensor "{extra[0]}" belongs to no layer of this architecture' if extra else None
