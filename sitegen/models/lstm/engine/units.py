"""What a tower's units do: their states word by word, and the tower's features with one unit held.

Notation: n words of a text, D vector size, L layers, K directions, H units of a layer and direction, KH = K·H.

    layer 0        (n, D)  -> (n, KH)
    layer l > 0    (n, KH) -> (n, KH)      what both directions of the layer below say at each word

torch.nn.LSTM gives the states of its top layer alone, so it is taken apart here: each layer becomes a torch.nn.LSTM of
its own that shares the weights. One after the other they make what the whole makes. Texts are read one at a time and
not packed together, so that a text's states are the same to the last bit whichever other texts are asked about.

A unit that is *held* has one value at every word for all who read it: the layer above, or the readout. In its own
layer its state goes on as before. So it takes a run of the layers above only, here for many groups of units at
once, a text for each. Above the top layer nothing is left to run: there the change is the
slope times the change of the state, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from sitegen.models.lstm.architecture import Readout
from sitegen.models.lstm.engine.recurrence import WordVectors

HELD_AT_ONCE = 2**22  # numbers of one layer's output, over the texts that are read at once: 17 MB in float32


def single_layers(rnn: nn.LSTM) -> list[nn.LSTM]:
    """The layers of an LSTM, each as an LSTM of its own with the same weights."""
    layers = []
    for number in range(rnn.num_layers):
        with torch.device("meta"):
            layer = nn.LSTM(
                rnn.input_size if number == 0 else _width(rnn),
                rnn.hidden_size,
                batch_first=True,
                bidirectional=rnn.bidirectional,
            )
        weights = {name: rnn.get_parameter(name.replace("_l0", f"_l{number}")) for name, _ in layer.named_parameters()}
        layer.load_state_dict(weights, assign=True)
        layers.append(layer.eval().requires_grad_(False))
    return layers


def layer_states(layers: Sequence[nn.LSTM], text: WordVectors) -> Float[Tensor, "_ KH"]:
    """The states of the last of these layers after each word of one text; of an empty text those of the zero vector."""
    states = text if len(text) else text.new_zeros(1, layers[0].input_size)
    for layer in layers:
        states = layer(states[None])[0][0]
    return states


def held_features(
    above: Sequence[nn.LSTM],
    states: Float[Tensor, "n KH"],
    values: Float[Tensor, " KH"],
    groups: Bool[Tensor, "G KH"],
    *,
    hidden: int,
    readout: Readout,
) -> Float[Tensor, "G KH"]:
    """The features of one text, one row for each group of units of the layer with these `states` that is held.

    above: the layers above it, none where it is the top one. hidden: H.
    """
    features = states.new_empty(len(groups), states.shape[1])
    limit = max(1, HELD_AT_ONCE // states.numel())
    for first in range(0, len(groups), limit):
        some = slice(first, first + limit)
        read = torch.where(groups[some, None, :], values, states)
        for layer in above:
            read, _ = layer(read)
        features[some] = read[:, -1]
        if readout == "final-state":
            features[some, hidden:] = read[:, 0, hidden:]  # where the backward direction ends
    return features


def connection_strengths(
    layers: Sequence[nn.LSTM],
) -> tuple[list[Float[Tensor, "KH KH"]], list[Float[Tensor, "K H H"]]]:
    """The root of the sum of squares over the gates of each connection, from unit to unit: up from each layer but the
    last, and within each."""
    suffixes = ("", "_reverse")[: 2 if layers[0].bidirectional else 1]

    def strengths(layer: nn.LSTM, source: str) -> list[Tensor]:
        weights = [layer.get_parameter(f"weight_{source}_l0{suffix}").double() for suffix in suffixes]
        return [weight.reshape(4, -1, weight.shape[1]).square().sum(0).sqrt().t() for weight in weights]

    up = [torch.cat(strengths(layer, "ih"), dim=1) for layer in layers[1:]]
    return up, [torch.stack(strengths(layer, "hh")) for layer in layers]


def _width(rnn: nn.LSTM) -> int:
    return rnn.hidden_size * (2 if rnn.bidirectional else 1)
