"""The values of all measures, given or computed."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.measures import MEASURES, WORD_MEASURES, measured
from tests.analysis.faithfulness.models import Saturating, corpus
from tests.classifiers import Bag, Joint, document

PAPERS = [document("Good", "Good we.", "Bad.", "A network."), document("", "Interview."), document("We")]


def test_of_a_bag_of_words_all_measures_are_the_weights():
    for record in measured(occlude(PAPERS, Bag()), Bag()):
        share, alone, left_out = record.sentences
        assert share == pytest.approx(left_out, abs=1e-6)
        assert alone - Bag.bias == pytest.approx(left_out, abs=1e-6)
        assert record.words[1] - Bag.bias == pytest.approx(record.words[0], abs=1e-6)


def test_what_is_given_is_not_computed_again():
    classifier = Joint()
    occlusions, shared, alone = (
        occlude(PAPERS, classifier),
        shapley(PAPERS, classifier),
        read_alone(PAPERS, classifier),
    )
    computed = measured(occlusions, classifier)
    classifier.asked = 0
    given = measured(
        occlusions,
        classifier,
        tables=[one.subsets for one in shared],
        shares=[one.values for one in shared],
        alone=alone,
    )
    assert classifier.asked == 0
    for one, other in zip(given, computed, strict=True):
        assert np.array_equal(one.sentences, other.sentences)
        assert np.array_equal(one.words, other.words)
        assert np.array_equal(one.table, other.table)


def test_only_what_lacks_is_computed():
    classifier = Joint()
    occlusions, shares = occlude(PAPERS, classifier), [one.values for one in shapley(PAPERS, classifier)]
    some = measured(occlusions, classifier, shares=[shares[0], None, shares[2]], tables=[None] * 3)
    assert [record.table is None for record in some] == [True, False, True]
    assert [record.sentences[0].tolist() for record in some] == [values.tolist() for values in shares]


def test_many_records_are_read_in_parts_with_the_same_result():
    papers = corpus(10)
    together, one = measured(occlude(papers, Saturating()), Saturating()), Saturating()
    for k in (0, 15, 16, 19):
        (alone,) = measured(occlude([papers[k]], one), one)
        assert alone.sentences == pytest.approx(together[k].sentences, abs=1e-6)


def test_long_abstracts_have_sampled_shares_and_no_table():
    (record,) = measured(occlude([PAPERS[0]], Bag()), Bag(), exact=2)
    assert record.table is None
    assert record.sentences[0] == pytest.approx(record.sentences[2], abs=1e-6)


def test_every_measure_has_its_place():
    assert MEASURES == ("share", "read_alone", "leave_one_out")
    assert WORD_MEASURES == ("leave_one_out", "read_alone")
