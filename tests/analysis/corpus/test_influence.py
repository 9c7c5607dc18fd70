"""Rankings of sentences against ones worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.analysis.effects import collected, effects_of
from tests.classifiers import Bag, document

DOCS = [
    document("good", "network simulation.", "other words.", "bad."),
    document("bad", "simulation.", "interview bad."),
    document("we", "network.", "simulation.", "interview."),
]


class Once(Bag):
    """What an abstract says counts once: "simulation" a second time adds nothing."""

    def parts(self, field, texts):
        return super().parts(field, [sorted(set(text)) for text in texts])


@pytest.fixture(scope="module")
def effects():
    return collected(DOCS, Bag())


def test_sentences_rank_by_margin_in_each_direction(effects):
    named = [(int(effects.record[k]), int(effects.number[k])) for k in effects.ranked(toward=1, limit=10)]
    assert named == [(0, 0), (1, 0), (2, 1), (2, 0)]  # 3, 2.25, 2.25 (earlier record first), .75
    named = [(int(effects.record[k]), int(effects.number[k])) for k in effects.ranked(toward=0, limit=2)]
    assert named == [(1, 1), (0, 2)]  # -3.25, -2


def test_sentences_without_effect_are_not_ranked(effects):
    ranked = set(effects.ranked(toward=1, limit=99)) | set(effects.ranked(toward=0, limit=99))
    assert (0, 1) not in {(int(effects.record[k]), int(effects.number[k])) for k in ranked}
    assert len(ranked) == 7


def test_a_ranking_can_be_limited_to_some_records(effects):
    rows = effects.ranked(toward=1, limit=9, among=np.flatnonzero(effects.record != 0))
    assert set(effects.record[rows]) == {1, 2}


def test_changes_are_in_probability(effects):
    for change, effect in ((effects.change, effects.leave_one_out), (effects.share_change, effects.share)):
        assert np.all(np.abs(change) <= 1)
        assert np.all((change > 0) == (effect > 0))


def test_the_share_leads_where_a_sentence_is_said_twice():
    """Neither "simulation" is needed, each says 2.25 alone, and they share 2.25."""
    twice = [document("we", "simulation.", "simulation other.")]
    effects = collected(twice, Once())
    assert effects.shared
    np.testing.assert_allclose(effects.alone, 2.25 + Once.bias)
    np.testing.assert_allclose(effects.leave_one_out, 0, atol=1e-6)
    np.testing.assert_allclose(effects.leading, 2.25 / 2)
    assert effects.ranked(toward=1, limit=9).tolist() == [0, 1]


def test_without_shares_leave_one_out_leads():
    effects = collected(DOCS, Bag(), shares=False)
    assert not effects.shared
    assert np.isnan(effects.share).all()
    np.testing.assert_array_equal(effects.leading, effects.leave_one_out)


def test_no_records_no_sentences():
    assert effects_of([]).ranked(toward=1, limit=5).size == 0
