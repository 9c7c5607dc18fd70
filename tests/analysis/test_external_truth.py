"""Our attributions against those of captum and shap, over the same network.

Both are given the 0/1 sentence mask as their input and a function from masks to margins that owes our analysis nothing:
it rebuilds the shortened text from its words and asks torch.nn.LSTM, one text at a time, in float64. What is
compared is thus the whole way, from sentences to numbers.

    leave-one-sentence-out   captum.attr.FeatureAblation, inputs all 1, baselines 0
    exact Shapley            shap.ExactExplainer, a masker that multiplies, as many evaluations as there are subsets
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sitegen.analysis.attribution.masking import masked_margins, sentence_masks
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.models.lstm.architecture import Architecture
from tests.classifiers import document
from tests.models.networks import naive_margin, random_classifier, random_text, random_vectors

RECORDS = 10
ADDITIVE = Architecture(layers=2, hidden=4, dimension=7)
JOINT = Architecture(layers=1, hidden=4, dimension=7, joint=3)
EXACT = {"rtol": 0, "atol": 1e-12}

Forward = Callable[[torch.Tensor], torch.Tensor]


class Setting:
    """One network, its classifier and random records of 2 to 6 sentences, some words of them unknown."""

    def __init__(self, folder: Path, architecture: Architecture) -> None:
        self.architecture = architecture
        self.classifier = random_classifier(folder / "ours", architecture, precision="float64")
        self.vectors = random_vectors(folder / "theirs")
        rng = np.random.default_rng(11)
        self.documents = [
            document(
                " ".join(random_text(rng, int(rng.integers(0, 6)))).replace("-", ""),
                *(" ".join(random_text(rng, int(rng.integers(1, 7)))).replace("-", "") for _ in range(2 + number % 5)),
            )
            for number in range(RECORDS)
        ]

    def margin(self, record: Document, kept: np.ndarray[Any, Any]) -> float:
        """The margin of the title and the kept sentences, by torch.nn.LSTM."""
        tokens = record.abstract.tokens
        shortened = [
            token
            for (a, b), keep in zip(record.abstract.sentence_ranges, kept, strict=True)
            if keep
            for token in tokens[a:b]
        ]
        return naive_margin(self.architecture, self.vectors, record.title.tokens, shortened)

    def forward(self, record: Document) -> Forward:
        """From sentence masks, (rows, S), to margins, (rows,)."""
        return lambda masks: torch.tensor(
            [self.margin(record, row.numpy() > 0.5) for row in masks], dtype=torch.float64
        )


def fields(record: Document) -> tuple[SegmentedText, SegmentedText]:
    return record.title, record.abstract


@pytest.fixture(scope="module", params=[ADDITIVE, JOINT], ids=["additive", "joint"])
def setting(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Setting:
    return Setting(tmp_path_factory.mktemp("truth"), request.param)


@pytest.mark.slow
def test_leaving_out_a_sentence_is_captums_feature_ablation(setting: Setting) -> None:
    from captum.attr import FeatureAblation

    classifier, documents = setting.classifier, setting.documents
    titles, abstracts = ([text.tokens for text in texts] for texts in zip(*map(fields, documents), strict=True))
    keep = [~np.eye(len(record.abstract.sentence_ends), dtype=bool) for record in documents]
    masks = [(None, sentence_masks(record, rows)) for record, rows in zip(documents, keep, strict=True)]
    whole = classifier.margins(titles, abstracts)
    found = [[z - without for z, without in zip(whole, masked_margins(documents, classifier, masks), strict=True)]]
    if classifier.additive:  # deletions of one range go by readings that share what they have in common
        ranges = [record.abstract.sentence_ranges for record in documents]
        shared = zip(
            classifier.parts("abstract", abstracts),
            classifier.without_parts("abstract", abstracts, ranges),
            strict=True,
        )
        found.append([part - without for part, without in shared])
    stored = occlude(documents, classifier)
    for k, record in enumerate(documents):
        n = len(record.abstract.sentence_ends)
        ablation = FeatureAblation(setting.forward(record))
        theirs = ablation.attribute(torch.ones(1, n, dtype=torch.float64), baselines=0, perturbations_per_eval=n)
        assert theirs.dtype == torch.float64
        for ours in found:
            np.testing.assert_allclose(ours[k], theirs[0].numpy(), **EXACT)
        np.testing.assert_allclose(stored[k].sentences, theirs[0].numpy(), rtol=1e-6, atol=1e-6)  # float32


@pytest.mark.slow
def test_exact_shapley_is_shaps_exact_explainer(setting: Setting) -> None:
    import shap

    for record, ours in zip(setting.documents, shapley(setting.documents, setting.classifier), strict=True):
        n = len(record.abstract.sentence_ends)
        explainer = shap.ExactExplainer(
            lambda rows, record=record: np.array([setting.margin(record, row > 0.5) for row in rows]),
            lambda mask, x: (x * mask).reshape(1, -1),
        )
        theirs = explainer(np.ones((1, n)), max_evals=2**n + 1, silent=True)
        np.testing.assert_allclose(ours.values, theirs.values[0], **EXACT)
        np.testing.assert_allclose(ours.subsets[0], theirs.base_values[0], rtol=1e-6)
        assert ours.values.sum() == pytest.approx(
            setting.margin(record, np.ones(n)) - setting.margin(record, np.zeros(n)), abs=1e-12
        )


def test_the_axioms_hold_in_the_network(setting: Setting) -> None:
    """Symmetry: of two equal sentences side by side either may go. Null player: unknown words add nothing."""
    records = [
        document("w1 w2", "w3 w4 w5", "w6 w7", "w6 w7", "unheard of", "w8"),
        document("", "w9", "strange words", "w9", "w10 w11 w12"),
    ]
    one, other = shapley(records, setting.classifier)
    assert one.values[1] == pytest.approx(one.values[2], abs=1e-12)
    assert abs(one.values[1] - one.values[0]) > 1e-3
    assert one.values[3] == pytest.approx(0, abs=1e-12)
    assert other.values[1] == pytest.approx(0, abs=1e-12)
    stored = occlude(records, setting.classifier)
    assert stored[0].sentences[3] == stored[1].sentences[1] == 0


def test_sampled_shapley_is_exact_shapley_within_four_standard_errors(setting: Setting) -> None:
    records = [record for record in setting.documents if len(record.abstract.sentence_ends) >= 5]
    drawn = shapley(records, setting.classifier, limit=0, pairs=64)
    exact = shapley(records, setting.classifier)
    for one, other in zip(drawn, exact, strict=True):
        assert (np.abs(one.values - other.values) <= 4 * one.errors + 1e-12).all()
