"""All checks together: what a small corpus cannot give is said, and results survive JSON unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.report import Faithfulness, as_json, from_json, measure
from tests.analysis.faithfulness.models import NEUTRAL, Saturating, corpus
from tests.classifiers import Bag, Joint, document
from tests.effort import examples

TEXTS = [
    document("Good", "Good we.", "Simulation.", "A network."),
    document("Bad", "Bad we.", "An interview.", "So bad.", "Bad."),
    document("", "Simulation network.", "Bad."),
]


def measured(documents, classifier, **options) -> Faithfulness:
    return measure(occlude(documents, classifier), classifier, **{"hybrids": 20, "neutral": NEUTRAL, **options})


def test_a_full_measurement_lacks_nothing():
    told: list[float] = []
    result = measured(TEXTS, Bag(), randomised=[Joint], labels=[1, 0, None], progress=told.append)
    assert result.records == 3
    assert None not in (result.hybrids, result.planted, result.sentences, result.tokens, result.randomised)
    assert set(result.reasons) == {"trust"}
    assert result.neutral == 3
    assert result.tokens is not None
    assert result.tokens.unit == "token"
    assert result.sentences is not None
    assert result.sentences.unit == "sentence"
    assert (result.shuffles, result.seed, result.baseline) == (10, 0, "deleted")
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert max(told) <= 1.0


PARTS = ("trust", "hybrids", "planted", "sentences", "tokens", "randomised")


@pytest.mark.parametrize(
    ("documents", "lacking"),
    [
        ([], set(PARTS)),
        ([document("")], set(PARTS)),
        ([document("Good network")], set(PARTS) - {"tokens"}),
        ([document("", "Good we.", "Bad.")], {"trust", "hybrids", "randomised"}),
        (corpus(), set()),
    ],
)
def test_what_a_small_corpus_cannot_give_is_none_and_has_its_reason(documents, lacking):
    result = measured(documents, Bag(), randomised=[Joint])
    assert set(result.reasons) == lacking
    for name in PARTS:
        assert (getattr(result, name) is None) == (name in lacking)
    assert all(reason.endswith(".") for reason in result.reasons.values())
    assert from_json(json.loads(json.dumps(as_json(result)))) == result


def test_without_neutral_sentences_the_checks_that_need_them_have_their_reason():
    result = measured(corpus(), Bag(), neutral=())
    assert result.planted is None
    assert result.reasons["planted"].startswith("There are no neutral sentences")
    assert result.reasons["neutral"].endswith("in this site's language.")
    assert result.hybrids is not None
    assert result.hybrids.neutral == 0
    assert result.trust is not None
    assert (result.trust.hybrids, result.trust.planted) == (True, False)


def test_what_is_known_already_changes_nothing():
    documents = corpus(3)
    shared, alone = shapley(documents, Saturating()), read_alone(documents, Saturating())
    given = measured(
        documents,
        Saturating(),
        shares=[one.values for one in shared],
        tables=[one.subsets for one in shared],
        alone=alone,
    )
    assert given == measured(documents, Saturating())


def test_abstracts_with_too_many_orders_are_counted():
    result = measured(TEXTS, Bag(), exact=3)
    assert result.sentences is not None
    assert (result.sentences.records, result.sentences.left_out) == (2, 1)


@settings(max_examples=examples(20))
@given(
    st.lists(st.sampled_from([*TEXTS, document(""), document("good")]), max_size=4),
    st.integers(0, 9),
    st.sampled_from([0, 2, 10]),
)
def test_a_result_survives_json(documents, seed, exact):
    result = measured(documents, Bag(), seed=seed, exact=exact, randomised=[Joint], hybrids=5)
    written = as_json(result)
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert from_json(written) == result


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data.pop("seed"),
        lambda data: data["sentences"].pop("flip"),
        lambda data: data.update(tokens=[1, 2]),
        lambda data: data.update(hybrids=3),
    ],
)
def test_what_is_no_result_is_refused(edit):
    data = as_json(measured(TEXTS, Bag()))
    edit(data)
    with pytest.raises(ValueError, match="not a faithfulness result"):
        from_json(data)


def test_the_same_seed_gives_the_same_result():
    first, again, other = (measured(TEXTS, Joint(), seed=seed) for seed in (3, 3, 4))
    assert first == again
    assert first != other
