"""By which rules a check holds."""

from __future__ import annotations

import pytest

from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.web.pages.faithfulness.checks import (
    agreement_outcome,
    figure,
    hybrids_outcome,
    outcomes_counted,
    planted_outcome,
    together,
    way_to_best,
)
from tests.web.pages.faithfulness.results import (
    FAILS,
    HOLDS,
    IN_PART,
    UNKNOWN,
    agreement,
    mixed,
    planted,
    scored,
)


@pytest.mark.parametrize(
    ("found", "high", "outcome"),
    [
        (scored(0.30, 0.20), True, HOLDS),
        (scored(0.22, 0.20), True, FAILS),  # two standard errors, not more
        (scored(0.30, 0.20), False, FAILS),  # the wrong way
        (scored(0.10, 0.20), False, HOLDS),
        (scored(0.31, 0.20, 0.40), True, HOLDS),  # more than half of the way
        (scored(0.29, 0.20, 0.40), True, IN_PART),
        (scored(0.10, 0.20, 0.00), False, HOLDS),
        (scored(0.11, 0.20, 0.00), False, IN_PART),
        (scored(0.30, 0.20, error=None), True, UNKNOWN),
    ],
)
def test_a_figure_must_beat_chance_and_come_near_the_best(found, high, outcome):
    assert figure(found, "share", high=high) is outcome


def test_each_measure_has_its_own_outcome():
    found = scored(0.3, 0.2, 0.32, others=(0.2, 0.1))
    assert [figure(found, measure, high=True) for measure in MEASURES] == [HOLDS, FAILS, FAILS]


def test_the_way_to_the_best():
    assert way_to_best(scored(0.3, 0.2, 0.4), "share") == pytest.approx(0.5)
    assert way_to_best(scored(0.1, 0.2, 0.0), "share") == pytest.approx(0.5)
    assert way_to_best(scored(0.3, 0.2), "share") is None
    assert way_to_best(scored(0.2, 0.2, 0.2), "share") is None


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ([HOLDS, HOLDS], HOLDS),
        ([HOLDS, UNKNOWN], HOLDS),
        ([HOLDS, FAILS], IN_PART),
        ([IN_PART, HOLDS], IN_PART),
        ([FAILS, FAILS], FAILS),
        ([UNKNOWN], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_a_question_of_several_figures(parts, whole):
    assert together(parts) is whole


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (mixed(), HOLDS),
        (mixed(auc=(0.74, 0.9, 0.9)), IN_PART),
        (mixed(auc=(0.54, 0.9, 0.9)), IN_PART),  # it points right all the same
        (mixed(auc=(0.54, 0.9, 0.9), strongest=(0.44, 0.9, 0.9)), FAILS),
        (mixed(auc=(0.93, 0.5, 0.5)), HOLDS),  # the others don't count
    ],
)
def test_mixed_abstracts_must_be_sorted_beyond_doubt(found, outcome):
    assert hybrids_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (planted(), HOLDS),
        (planted(negative=(0.7, 0.9, 0.9)), IN_PART),
        (planted(negative=(0.52, 0.9, 0.9)), IN_PART),
        (planted(negative=(0.52, 0.9, 0.9), positive=(0.5, 0.9, 0.9)), FAILS),
    ],
)
def test_the_papers_own_sentences_must_lie_above_in_either_class(found, outcome):
    assert planted_outcome(found) is outcome


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        (agreement(correlation=0.2), HOLDS),
        (agreement(correlation=-0.21, partial=-0.3), FAILS),
        (agreement(correlation=0.6), IN_PART),
        (agreement(correlation=0.6, partial=0.21), FAILS),
        (agreement(correlation=0.6, partial=None), FAILS),
    ],
)
def test_random_weights_must_not_rank_alike(found, outcome):
    assert agreement_outcome(found, 0.2) is outcome


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([HOLDS] * 6, "All 6 checks held."),
        ([HOLDS, UNKNOWN], "The one check that was made held."),
        ([HOLDS, HOLDS, HOLDS, IN_PART, FAILS], "3 of 5 checks held, 1 in part, 1 did not."),
        ([FAILS, FAILS], "0 of 2 checks held, 2 did not."),
        ([UNKNOWN], "None of the checks could be made."),
    ],
)
def test_checks_are_counted(found, said):
    assert outcomes_counted(found) == said
