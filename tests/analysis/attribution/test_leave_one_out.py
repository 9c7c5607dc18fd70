"""The short way to the sentences' effects against the long one."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.leave_one_out import sentence_effects
from sitegen.analysis.attribution.occlusion import occlude
from tests.classifiers import Bag, Joint, document

DOCUMENTS = [document("Good", "We study.", "Bad network.", "Nothing else."), document("Bad", "Good."), document("We")]


@pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize("baseline", ["deleted", "mean"])
def test_the_effects_are_those_of_the_whole_occlusion(model, baseline):
    found = sentence_effects(DOCUMENTS, model, baseline=BASELINES[baseline])
    for (margin, effects), occlusion in zip(
        found, occlude(DOCUMENTS, model, baseline=BASELINES[baseline]), strict=True
    ):
        assert margin == pytest.approx(occlusion.margin, abs=1e-12)
        np.testing.assert_allclose(effects, occlusion.sentences, atol=1e-6)
    assert found[0][1][2] == 0.0  # a sentence of which the model knows no word


def test_it_takes_a_text_more_than_there_are_sentences():
    model = Joint()
    sentence_effects([document("Good", "We.", "Bad.", "Network.")], model)
    assert model.asked == 4
