"""States and held units, held against torch.nn.LSTM as a whole and against plain loops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from sitegen.models.lstm.architecture import Architecture, Readout
from sitegen.models.lstm.engine import units
from sitegen.models.lstm.engine.units import connection_strengths, held_features, layer_states, single_layers
from sitegen.models.protocol import FIELDS, Field, Network, ShowsUnits
from tests.models.networks import STRANGER, WORDS, naive_features, random_classifier, random_text

SHAPES = [(1, 1), (1, 2), (2, 1), (2, 2), (3, 2)]  # layers, directions


def lstm(layers: int, directions: int, *, hidden: int = 4) -> nn.LSTM:
    torch.manual_seed(layers + 10 * directions)
    rnn = nn.LSTM(7, hidden, num_layers=layers, bidirectional=directions == 2, batch_first=True)
    return rnn.double().requires_grad_(False)


@pytest.mark.parametrize(("layers", "directions"), SHAPES)
@pytest.mark.parametrize("length", [0, 1, 6])
def test_the_layers_one_by_one_make_what_the_whole_makes(layers: int, directions: int, length: int) -> None:
    rnn = lstm(layers, directions)
    text = torch.randn(length, 7, dtype=torch.double)
    states = layer_states(single_layers(rnn), text)
    whole, _ = rnn((text if length else torch.zeros(1, 7, dtype=torch.double))[None])
    torch.testing.assert_close(states, whole[0], rtol=1e-12, atol=1e-12)


def each(units: int) -> torch.Tensor:
    """Every unit a group of its own."""
    return torch.eye(units, dtype=torch.bool)


def naive_held(rnn: nn.LSTM, text: torch.Tensor, layer: int, unit: int, value: float, readout: Readout) -> torch.Tensor:
    """The features of a text with one unit held: the layers one by one, by a loop over torch."""
    layers = single_layers(rnn)
    states = text
    for number, one in enumerate(layers):
        states = one(states[None])[0][0]
        if number == layer:
            states = states.clone()
            states[:, unit] = value
    if readout == "last-step":
        return states[-1]
    hidden = rnn.hidden_size
    return torch.cat([states[-1, :hidden], states[0, hidden:]])


@pytest.mark.parametrize(("layers", "directions"), SHAPES)
@pytest.mark.parametrize("readout", ["final-state", "last-step"])
@pytest.mark.parametrize("at_once", [1, 2**22])
def test_a_held_unit_is_what_a_loop_makes_of_it(
    layers: int, directions: int, readout: Readout, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(units, "HELD_AT_ONCE", at_once)
    rnn = lstm(layers, directions)
    text = torch.randn(5, 7, dtype=torch.double)
    values = torch.randn(4 * directions, dtype=torch.double)
    parts = single_layers(rnn)
    for layer in range(layers):
        states = layer_states(parts[: layer + 1], text)
        held = held_features(parts[layer + 1 :], states, values, each(4 * directions), hidden=4, readout=readout)
        for unit in range(4 * directions):
            expected = naive_held(rnn, text, layer, unit, float(values[unit]), readout)
            torch.testing.assert_close(held[unit], expected, rtol=1e-12, atol=1e-12)


def test_a_unit_held_at_what_it_says_anyway_changes_nothing() -> None:
    rnn = lstm(2, 1)
    text = torch.randn(1, 7, dtype=torch.double)
    parts = single_layers(rnn)
    states = layer_states(parts[:1], text)
    held = held_features(parts[1:], states, states[0], each(4), hidden=4, readout="final-state")
    whole = naive_features(rnn, text, readout="final-state")
    torch.testing.assert_close(held, whole.expand(4, 4), rtol=1e-12, atol=1e-12)


def test_strengths_are_the_norms_of_a_connection_over_its_gates() -> None:
    rnn = lstm(2, 2)
    up, recurrent = connection_strengths(single_layers(rnn))
    assert [tuple(one.shape) for one in up] == [(8, 8)]
    assert [tuple(one.shape) for one in recurrent] == [(2, 4, 4)] * 2
    rows = [2 + 4 * gate for gate in range(4)]  # of unit 2 in torch's weights, gate by gate
    expected = rnn.get_parameter("weight_ih_l1_reverse")[rows, 5].norm()
    assert float(up[0][5, 4 + 2]) == pytest.approx(float(expected))
    expected = rnn.get_parameter("weight_hh_l1_reverse")[rows, 1].norm()
    assert float(recurrent[1][1, 1, 2]) == pytest.approx(float(expected))


@pytest.fixture(params=["final-state", "last-step"])
def classifier(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    architecture = Architecture(layers=2, hidden=5, dimension=7, readout=request.param)
    return random_classifier(tmp_path, architecture, precision="float64")


@pytest.mark.parametrize("field", FIELDS)
def test_a_part_is_the_sum_of_slopes_times_the_states_that_are_read(classifier: Any, field: Field) -> None:
    rng = np.random.default_rng(1)
    texts = [random_text(rng, length) for length in (1, 4, 12)] + [[], [STRANGER, STRANGER]]
    slopes, last = classifier.slopes(field), classifier.network.last_step
    for states, part in zip(classifier.states(field, texts, layer=1), classifier.parts(field, texts), strict=True):
        read = np.stack([states[-1, 0], states[-1 if last else 0, 1]])
        assert float((slopes * read).sum()) == pytest.approx(part, abs=1e-12)


def test_the_states_of_a_text_depend_on_that_text_alone(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path, Architecture(layers=2, hidden=5, dimension=7))
    rng = np.random.default_rng(2)
    texts = [random_text(rng, length) for length in (3, 17, 5)]
    together = classifier.states("abstract", texts, layer=0)
    for text, states in zip(texts, together, strict=True):
        assert np.array_equal(classifier.states("abstract", [text], layer=0)[0], states)
        assert len(states) == sum(word in WORDS for word in text)


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("layer", [0, 1])
def test_held_parts_are_those_of_its_features(classifier: Any, field: Field, layer: int) -> None:
    assert isinstance(classifier, ShowsUnits)
    rng = np.random.default_rng(3)
    texts = [random_text(rng, 6), random_text(rng, 2)]
    values = rng.normal(size=(2, 5))
    held = classifier.held_parts(field, texts, layer=layer, values=values)
    assert held.shape == (2, 10)
    if layer == 1:  # nothing is left to run: the change is the slope times the change of the state
        for states, row, part in zip(
            classifier.states(field, texts, layer=1), held, classifier.parts(field, texts), strict=True
        ):
            read = np.stack([states[-1, 0], states[-1 if classifier.network.last_step else 0, 1]])
            np.testing.assert_allclose(row, part + (classifier.slopes(field) * (values - read)).ravel(), atol=1e-12)
    assert np.ptp(held, axis=1).min() > 0


def test_units_are_held_together_in_groups(classifier: Any) -> None:
    rng = np.random.default_rng(4)
    texts = [random_text(rng, 6)]
    values = rng.normal(size=(2, 5))
    groups = np.stack([np.zeros(10, bool), np.eye(10, dtype=bool)[3], np.ones(10, bool)])
    none, third, every = classifier.held_parts("title", texts, layer=0, values=values, groups=groups)[0]
    assert none == pytest.approx(classifier.parts("title", texts)[0], abs=1e-12)
    assert third == pytest.approx(classifier.held_parts("title", texts, layer=0, values=values)[0, 3], abs=1e-12)
    assert every not in (none, third)


def test_only_a_network_that_adds_up_shows_its_units() -> None:
    assert Architecture(layers=1, hidden=5, dimension=7, joint=3).network is None
    assert Architecture(layers=2, hidden=5, dimension=7, readout="last-step").network == Network(
        layers=2, directions=2, hidden=5, last_step=True
    )
    assert Network(layers=2, directions=2, hidden=64).units == 512
