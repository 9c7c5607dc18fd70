"""Rankings of sentences and words against ones worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.corpus.influence import SentenceEffects, WordEffects
from tests.classifiers import Bag, document

DOCS = [
    document("good", "network simulation.", "other words.", "bad."),
    document("bad", "simulation.", "interview bad."),
    document("we", "network.", "simulation.", "interview."),
]


@pytest.fixture(scope="module")
def occlusions():
    return occlude(DOCS, Bag())


def test_sentences_rank_by_margin_in_each_direction(occlusions):
    effects = SentenceEffects.collect(occlusions)
    named = [(int(effects.record[k]), int(effects.number[k])) for k in effects.ranked(toward=1, limit=10)]
    assert named == [(0, 0), (1, 0), (2, 1), (2, 0)]  # 3, 2.25, 2.25 (earlier record first), .75
    named = [(int(effects.record[k]), int(effects.number[k])) for k in effects.ranked(toward=0, limit=2)]
    assert named == [(1, 1), (0, 2)]  # -3.25, -2


def test_sentences_without_effect_are_not_ranked(occlusions):
    effects = SentenceEffects.collect(occlusions)
    ranked = set(effects.ranked(toward=1, limit=99)) | set(effects.ranked(toward=0, limit=99))
    assert (0, 1) not in {(int(effects.record[k]), int(effects.number[k])) for k in ranked}
    assert len(ranked) == 7


def test_a_ranking_can_be_limited_to_some_records(occlusions):
    effects = SentenceEffects.collect(occlusions)
    rows = effects.ranked(toward=1, limit=9, among=effects.record != 0)
    assert set(effects.record[rows]) == {1, 2}


def test_changes_are_in_probability(occlusions):
    effects = SentenceEffects.collect(occlusions)
    assert np.all(np.abs(effects.change) <= 1)
    assert np.all((effects.change > 0) == (effects.effect > 0))


def test_no_records_no_sentences():
    assert SentenceEffects.collect([]).ranked(toward=1, limit=5).size == 0


def test_words_are_averaged_over_all_their_occurrences(occlusions):
    tally = WordEffects(examples=2)
    for k, occlusion in enumerate(occlusions):
        tally.add(k, occlusion)
    words = {word.word: word for word in tally.all()}
    assert set(words) == {"good", "network", "simulation", "bad", "interview", "we"}  # the model's words alone
    bad = words["bad"]
    assert (bad.occurrences, bad.records) == (3, 2)
    assert bad.mean == pytest.approx((-2 - 4 - 2) / 3)  # the title counts double
    assert bad.deviation == pytest.approx(np.std([-2, -4, -2]), abs=1e-6)
    assert [(e.record, e.field, e.token) for e in bad.examples] == [(1, "title", 0), (0, "abstract", 4)]
    means = [word.mean for word in tally.all()]
    assert means == sorted(means, reverse=True)
    assert {word.word for word in tally.all(least_records=3)} == {"simulation"}
