"""The network of a two-tower LSTM in torch, as it is trained and saved.

Notation: B records, C classes, L layers, K directions, KH = K times the hidden size: how many numbers a tower makes of
a text.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sitegen.corpus.arrays import Array
from sitegen.models.lstm.architecture import Architecture


class TwoTower(nn.Module):
    """The network as it is trained and saved. Its parameters are named as in the checkpoints of 2018.

    `dropout` acts between the layers of a tower, and only in training.
    """

    def __init__(self, architecture: Architecture, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.lstmAb = _tower(architecture, dropout=dropout)
        self.lstmTi = _tower(architecture, dropout=dropout)
        width, joint = 2 * architecture.features, architecture.joint
        self.fc: nn.Module = nn.Linear(width, architecture.classes)
        if joint:
            self.fc = nn.Sequential(nn.Linear(width, joint), nn.Tanh(), nn.Linear(joint, architecture.classes))

    def forward(self, abstract: Float[Tensor, "B KH"], title: Float[Tensor, "B KH"]) -> Float[Tensor, "B C"]:
        """Logits of [negative, positive], or of all classes of more, from the features of both towers."""
        logits: Tensor = self.fc(torch.cat([abstract, title], dim=1))
        return logits


def _tower(architecture: Architecture, *, dropout: float) -> nn.LSTM:
    return nn.LSTM(
        architecture.dimension,
        architecture.hidden,
        num_layers=architecture.layers,
        batch_first=True,
        bidirectional=architecture.directions == 2,
        dropout=dropout if architecture.layers > 1 else 0.0,
    )


def first_weights(architecture: Architecture, *, seed: int) -> dict[str, Array]:
    """Random weights by name, as torch draws them for a new network, from a generator seeded with `seed`.

    torch's global generator is left as it was.
    """
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        network = TwoTower(architecture)
    return {name: value.numpy() for name, value in network.state_dict().items()}
