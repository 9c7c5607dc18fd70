"""The registry of baselines: one entry is all that a new one takes."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES, Baseline, stand_in
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.errors import ConfigError
from tests.classifiers import WEIGHTS, Bag, Joint, document


def test_every_baseline_is_found_by_its_name_and_has_a_wording():
    for name, baseline in BASELINES.items():
        assert baseline.name == name
        assert baseline.wording.startswith("replaced by" if baseline.replaces else "deleted")


@pytest.mark.parametrize("kind", [Bag, Joint])
def test_a_further_baseline_is_one_entry(kind, monkeypatch):
    """ "we" in the place of every hidden word: a model of one's own that offers it, and nothing else to change."""

    class WithFiller(kind):
        stand_ins = {**kind.stand_ins, "filler": "we"}

    filler = Baseline(name="filler", stand_in="filler", wording="replaced by a filler")
    monkeypatch.setitem(BASELINES, filler.name, filler)
    model = WithFiller()
    (found,) = occlude([document("Good", "Bad network.", "Simulation.")], model, baseline=BASELINES["filler"])
    whole = model.margins([["good"]], [["bad", "network", "simulation"]])[0]
    without = model.margins([["good"]] * 2, [["we", "we", "simulation"], ["bad", "network", "we"]])
    np.testing.assert_allclose(found.sentences, whole - without, atol=1e-6)
    with pytest.raises(ConfigError, match=r'"filler": the model cannot read a stand-in.*: "deleted", "zero", "mean"\.'):
        stand_in(kind(), filler)
    assert "we" in WEIGHTS
