"""The comparisons that say how true the inside of a network is, where the right answer is known."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.network.report import measure_network
from sitegen.analysis.network.truth import GROUPS, measure_truth, rank_agreement, sentence_evidence
from sitegen.analysis.network.written import FIELDS, look_inside
from sitegen.models.lstm.architecture import Architecture
from tests.analysis.network.test_written import DOCUMENTS
from tests.models.networks import random_classifier

ARCHITECTURE = Architecture(layers=2, hidden=5, dimension=7)


@pytest.fixture
def classifier(tmp_path: Path) -> Any:
    return random_classifier(tmp_path / "own", ARCHITECTURE, precision="float64")


def test_the_mean_rank_correlation_is_scipys() -> None:
    rng = np.random.default_rng(1)
    pairs = [(rng.normal(size=n), rng.normal(size=n)) for n in (3, 5, 9)]
    found = rank_agreement(pairs)
    each = [spearmanr(one, other).statistic for one, other in pairs]
    assert found is not None
    assert (found.mean, found.papers) == (pytest.approx(np.mean(each)), 3)
    assert found.error == pytest.approx(np.std(each, ddof=1) / np.sqrt(3))


def test_papers_without_an_order_are_left_out() -> None:
    one, flat = np.array([1.0, 2.0, 3.0]), np.full(3, 0.5)
    found = rank_agreement([(one, flat), (one[:2], one[:2]), (one, -one)])
    assert found is not None
    assert (found.mean, found.error, found.papers) == (pytest.approx(-1.0), None, 1)
    assert rank_agreement([(one, flat)]) is None


def test_the_evidence_of_sentences_adds_up_to_that_of_the_abstract(classifier: Any) -> None:
    for document, inside in zip(DOCUMENTS, look_inside(DOCUMENTS, classifier, layer=1), strict=True):
        evidence = sentence_evidence(inside, document.abstract)
        assert evidence.shape == (len(document.abstract.sentence_ends),)
        assert evidence.sum() == pytest.approx(float(inside.abstract.words.sum(dtype=np.float64)), abs=1e-6)


def test_what_is_asked_is_what_it_says(classifier: Any, tmp_path: Path) -> None:
    other = partial(random_classifier, tmp_path / "other", ARCHITECTURE, precision="float64")
    documents = DOCUMENTS[:2]
    report = measure_network(
        classifier, lambda layer: look_inside(DOCUMENTS, classifier, layer=layer), dict(enumerate(documents)), seed=3
    )
    truth = report.truth
    assert (truth.models, truth.random) == (0, None)
    assert truth.top < 1e-6
    assert [(one.field, one.layer) for one in truth.together] == [("title", 0), ("abstract", 0)]
    rng = np.random.default_rng(3)
    for one in truth.together:
        groups = np.stack([rng.permutation(10) < 5 for _ in range(GROUPS)])
        texts = [getattr(document, one.field).tokens for document in documents]
        values = report.of(one.field).means[0]
        changes = classifier.held_parts(one.field, texts, layer=0, values=values, groups=groups)
        changes = changes - classifier.parts(one.field, texts)[:, None]
        assert one.together == pytest.approx(np.abs(changes).mean(), abs=1e-6)
        sums = np.stack([report.of(one.field).held[0][:, group].sum(axis=1) for group in groups], axis=1)
        assert one.alone == pytest.approx(np.abs(sums).mean(), abs=1e-6)
        assert one.correlation == pytest.approx(np.corrcoef(changes.ravel(), sums.ravel())[0, 1], abs=1e-4)

    truth = measure_truth(
        classifier,
        documents,
        means=lambda field, layer: report.of(field).means[layer],
        held=lambda field, layer: report.of(field).held[layer],
        randomised=[other],
    )
    model = other()
    evidence = [
        sentence_evidence(inside, document.abstract)
        for inside, document in zip(look_inside(documents, model, layer=1), documents, strict=True)
    ]
    effects = [effect for _, effect in sentence_effects(documents, model)]
    assert truth.random == rank_agreement(zip(evidence, effects, strict=True))
    assert truth.learned is not None
    assert truth.learned.mean == pytest.approx(1.0)  # the other is the same network here
    assert {one.field for one in truth.together} == set(FIELDS)
