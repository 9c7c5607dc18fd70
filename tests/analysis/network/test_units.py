"""What units do over a corpus, held against direct computation and against runs of the network with a unit held."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import Occlusion, occlude
from sitegen.analysis.network import examples
from sitegen.analysis.network.likeness import Likeness, likeness
from sitegen.analysis.network.report import NetworkReport, measure_network
from sitegen.analysis.network.units import AFFECTED, CLEAR, UnitCollector, UnitSummaries
from sitegen.analysis.network.written import FIELDS, Inside, look_inside
from sitegen.models.lstm.architecture import Architecture, Readout
from sitegen.models.probabilities import probability
from tests.classifiers import document
from tests.models.networks import random_classifier, random_text

LOWER, THRESHOLD = 9, 0.4
SHAPES = [(1, 1, "final-state"), (2, 2, "final-state"), (2, 2, "last-step")]  # layers, directions, readout


@dataclass(frozen=True)
class Corpus:
    classifier: Any
    occlusions: list[Occlusion]
    labels: list[int | None]
    insides: list[list[Inside]]  # by layer
    report: NetworkReport
    held: tuple[int, ...]
    alike: dict[Any, tuple[Likeness, ...]]
    found: UnitSummaries


@cache
def corpus(layers: int, directions: int, readout: Readout) -> Corpus:
    """Sixteen random texts, one without a known word, read by a network with random weights."""
    shape = Architecture(layers=layers, directions=directions, hidden=4, dimension=7, readout=readout)
    with TemporaryDirectory() as folder:
        classifier = random_classifier(Path(folder), shape, precision="float64")
        rng = np.random.default_rng(1)
        texts = [(random_text(rng, 5), random_text(rng, int(rng.integers(3, 12)))) for _ in range(15)]
        texts.append((random_text(rng, 4), ["unheard-of"]))
        documents = [document(" ".join(title), " ".join(abstract)) for title, abstract in texts]
        occlusions = occlude(documents, classifier)
        insides = [look_inside(documents, classifier, layer=layer) for layer in range(layers)]
        kept = [range(LOWER)] * (layers - 1) + [range(16)]
        of_layer = [[insides[layer][k] for k in kept[layer]] for layer in range(layers)]
        held = (7, 2, 5, 3, 0, 8, 6)
        report = measure_network(classifier, lambda layer: of_layer[layer], {k: documents[k] for k in held})
        alike = likeness(report, lambda layer: of_layer[layer])
        labels = [None if k % 5 == 0 else int(rng.integers(2)) for k in range(16)]
        collector = UnitCollector(report, kept)
        for k, occlusion in enumerate(occlusions):
            collector.add(k, occlusion, labels[k], lambda layer, k=k: insides[layer][k])
        found = collector.all(alike, held, THRESHOLD)
        classifier.parts("title", [[]])  # its vectors are read before the folder goes
        return Corpus(classifier, occlusions, labels, insides, report, held, alike, found)


def held_margins(of: Corpus, field: str, layer: int, records: list[int], values: np.ndarray) -> np.ndarray:
    """By running the network: (P, KH) margins with each unit held at its entry of `values`."""
    rows = []
    for k in records:
        tokens = getattr(of.occlusions[k].document, field).tokens
        whole = of.classifier.parts(field, [tokens])[0]
        rows.append(
            of.occlusions[k].margin + of.classifier.held_parts(field, [tokens], layer=layer, values=values)[0] - whole
        )
    return np.array(rows)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", FIELDS)
def test_effects_are_those_of_runs_with_the_unit_held(shape: Any, field: Any) -> None:
    of = corpus(*shape)
    layers = shape[0]
    for layer in range(layers):
        top, found = layer == layers - 1, of.found[field][layer].effects
        records = list(range(16)) if top else list(of.held)
        if top:  # what others read of a top unit is its final state
            parts = np.stack([of.insides[layer][k].of(field).units for k in records])
            values = parts.mean(axis=0) / of.report.of(field).slopes
        else:
            values = of.report.of(field).means[layer]
        held = held_margins(of, field, layer, records, values)
        margins = np.array([of.occlusions[k].margin for k in records])
        did = margins[:, None] - held
        tight = {"rtol": 1e-4, "atol": 2e-6}
        np.testing.assert_allclose(found.effect, np.abs(did).mean(axis=0), **tight)
        np.testing.assert_allclose(found.error, np.abs(did).std(axis=0, ddof=1) / np.sqrt(len(records)), **tight)
        change = probability(held) - probability(margins)[:, None]
        np.testing.assert_allclose(found.points, np.abs(change).mean(axis=0), **tight)

        labels = [of.labels[k] for k in records]
        gold = np.array([label for label in labels if label is not None])
        rows = [row for row, label in enumerate(labels) if label is not None]
        assert found.labelled == len(rows)
        assert found.right == ((probability(margins[rows]) >= THRESHOLD) == gold).sum()
        right = ((probability(held[rows]) >= THRESHOLD) == gold[:, None]).sum(axis=0)
        np.testing.assert_array_equal(found.right_held, right)

        said = [int(probability(m) >= THRESHOLD) if y is None else y for m, y in zip(margins, labels, strict=True)]
        classes = np.array(said, bool)
        assert found.of_class == ((~classes).sum(), classes.sum())
        what = parts.reshape(len(records), -1) if top else did
        for c in (0, 1):
            np.testing.assert_allclose(found.by_class[c], what[classes == c].mean(axis=0), **tight)
        together = found.by_class.sum(axis=0)
        error = np.sqrt(sum(what[classes == c].var(axis=0, ddof=1) / (classes == c).sum() for c in (0, 1)))
        expected = np.where(np.abs(together) >= CLEAR * error, np.sign(together), 0)
        np.testing.assert_array_equal(found.toward, expected)

        for unit in range(held.shape[1]):
            order = sorted(range(len(records)), key=lambda row: -abs(change[row, unit]))[:AFFECTED]
            np.testing.assert_allclose(found.affected_points[unit], change[order, unit], **tight)
            for row, record in enumerate(found.affected[unit]):
                assert change[records.index(record), unit] == pytest.approx(found.affected_points[unit][row], abs=2e-6)


def written_at(of: Corpus, field: Any, layer: int, *, counted: bool = False) -> dict[tuple[int, int], np.ndarray]:
    """By record and token what every unit wrote there: by a loop, from the states that are kept. counted: NaN at the
    first word that a unit reads, if it writes at others, too."""
    network = of.report.network
    top = layer == network.layers - 1
    slopes = of.report.of(field).slopes if top else np.ones((network.directions, network.hidden))
    found = {}
    for k in range(16 if top else LOWER):
        known = getattr(of.occlusions[k], f"{field}_known")
        states = of.insides[layer][k].of(field).states / 127
        places = np.flatnonzero(known).tolist()
        for row, place in enumerate(places):
            step = np.array(states[row])
            if row:
                step[0] -= states[row - 1, 0]
            if network.directions == 2 and top and network.last_step:
                step[1] *= row == len(places) - 1
            elif network.directions == 2 and row + 1 < len(places):
                step[1] -= states[row + 1, 1]
            evidence = slopes * step
            if counted and row == 0:
                evidence[0] = np.nan
            if counted and network.directions == 2 and row == len(places) - 1 and not (top and network.last_step):
                evidence[1] = np.nan
            found[k, place] = evidence.ravel()
    return found


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("field", FIELDS)
def test_what_units_do_at_words(shape: Any, field: Any) -> None:
    of = corpus(*shape)
    for layer in range(shape[0]):
        found, there = of.found[field][layer].at_words, written_at(of, field, layer)
        counts = written_at(of, field, layer, counted=True)
        assert found.words == len(there)
        values = np.array(list(there.values()))
        for unit in range(values.shape[1]):
            for places, sign in ((found.most, 1), (found.least, -1)):
                best: dict[int, float] = {}
                for (k, _), row in counts.items():
                    best[k] = max(best.get(k, 0.0), np.nan_to_num(sign * row[unit]))
                strongest = sorted((value for value in best.values() if value > 0), reverse=True)[: examples.MOST]
                shown = places.records[unit] >= 0
                np.testing.assert_allclose(sign * places.values[unit][shown], strongest, atol=1e-6)
                assert len(set(places.records[unit][shown])) == shown.sum()
            for places in (found.most, found.least, found.middle, found.random):
                for k, token, value in zip(places.records[unit], places.tokens[unit], places.values[unit], strict=True):
                    if k >= 0:
                        assert value == pytest.approx(there[k, token][unit], abs=1e-6)
            sizes = np.sort(np.abs(values[:, unit]))
            for quantile, value in zip(examples.QUANTILES, found.middle.values[unit], strict=True):
                assert abs(value) == pytest.approx(sizes[int(quantile * len(sizes))], abs=1e-6)


@pytest.mark.parametrize("field", FIELDS)
def test_states_and_words_are_counted(field: Any) -> None:
    of = corpus(2, 2, "final-state")
    for layer in range(2):
        found, there = of.found[field][layer].at_words, written_at(of, field, layer, counted=True)
        records = range(16) if layer else range(LOWER)
        states = np.concatenate(
            [
                of.insides[layer][k].of(field).states.reshape(-1, 8)
                for k in records
                if getattr(of.occlusions[k], f"{field}_known").any()
            ]
        )
        np.testing.assert_allclose(found.active, (np.abs(states / 127.0) > 0.1).mean(axis=0))
        for unit in range(8):
            expected = [(int(state) + 127) * examples.BINS // 255 for state in states[:, unit]]
            np.testing.assert_array_equal(found.histogram[unit], np.bincount(expected, minlength=examples.BINS))
            sums: dict[str, list[tuple[int, float]]] = {}
            for (k, token), row in there.items():
                word = getattr(of.occlusions[k].document, field).tokens[token]
                sums.setdefault(word, []).append((k, row[unit]))
            lists = {word: [value for _, value in one if not np.isnan(value)] for word, one in sums.items()}
            means = {word: np.mean(values) if values else 0.0 for word, values in lists.items()}
            for sign, answers in ((1, found.toward[unit]), (-1, found.against[unit])):
                strongest = sorted((sign * mean for mean in means.values() if sign * mean > 0), reverse=True)[:5]
                np.testing.assert_allclose([sign * answer.mean for answer in answers], strongest, atol=1e-5)
                for answer in answers:
                    assert answer.mean == pytest.approx(means[answer.word], abs=1e-5)
                    assert answer.occurrences == len(sums[answer.word])
                    assert answer.records == len({k for k, _ in sums[answer.word]})


def test_units_that_do_the_same_are_those_that_correlate_most() -> None:
    of = corpus(2, 2, "final-state")
    for field in FIELDS:
        for layer in range(2):
            found, correlation = of.found[field][layer], of.alike[field][layer].correlation
            for unit in range(8):
                others = sorted((other for other in range(8) if other != unit), key=lambda o: -correlation[unit, o])
                assert found.alike[unit].tolist() == others[:3]
                assert found.opposite[unit].tolist() == others[-1:]


def test_a_sample_is_fair_and_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples, "SAMPLED", 50)
    counts = np.zeros(400)
    for seed in range(40):
        collector = examples.WordCollector(1, last_step=False, seed=seed)
        for record in range(40):
            states = np.zeros((10, 1, 1), np.int8)
            collector.add(record, states, ["w"] * 10, range(10))
        sample = collector._sample
        assert len(sample._keys) == 50
        counts[sample._records * 10 + sample._tokens] += 1
    halves = counts.reshape(2, 200).sum(axis=1)
    assert abs(halves[0] - halves[1]) < 150  # five standard errors of 2,000 draws


def test_a_corpus_without_any_known_word_has_units_without_examples() -> None:
    collector = examples.WordCollector(4, last_step=False, seed=0)
    collector.add(0, np.ones((1, 1, 4), np.int8), [], [])
    found = collector.all(np.ones(4), least=1, seed=0)
    assert (found.words, found.active.tolist()) == (0, [0.0] * 4)
    assert found.middle.records.shape == (4, 0)
    assert (found.most.records == -1).all()
    assert found.toward == ((), (), (), ())
