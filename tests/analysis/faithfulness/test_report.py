"""All checks together: what a small corpus cannot give is said, and results survive JSON unchanged."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.faithfulness.report import Faithfulness, as_json, from_json, measure
from tests.classifiers import Bag, Joint, document
from tests.effort import examples

TEXTS = [
    document("Good", "Good we.", "Simulation.", "A network."),
    document("Bad", "Bad we.", "An interview.", "So bad.", "Bad."),
    document("", "Simulation network.", "Bad."),
]


def measured(documents, classifier, **options) -> Faithfulness:
    return measure(occlude(documents, classifier), classifier, **{"hybrids": 20, **options})


def test_a_full_measurement_lacks_nothing():
    told: list[float] = []
    result = measured(TEXTS, Bag(), randomised=[Joint], labels=[1, 0, None], progress=told.append)
    assert result.records == 3
    assert None not in (result.tokens, result.sentences, result.pointing, result.randomised)
    assert result.reasons == {}
    assert result.tokens is not None
    assert result.tokens.unit == "token"
    assert result.sentences is not None
    assert result.sentences.unit == "sentence"
    assert (result.shuffles, result.seed, result.baseline) == (10, 0, "deleted")
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert max(told) <= 1.0


@pytest.mark.parametrize(
    ("documents", "lacking"),
    [
        ([], {"tokens", "sentences", "pointing", "randomised"}),
        ([document("")], {"tokens", "sentences", "pointing", "randomised"}),
        ([document("Good network")], {"sentences", "pointing", "randomised"}),
        ([document("", "Good we.", "Bad.")], {"pointing", "randomised"}),
    ],
)
def test_what_a_small_corpus_cannot_give_is_none_and_has_its_reason(documents, lacking):
    result = measured(documents, Bag(), randomised=[Joint])
    assert set(result.reasons) == lacking
    for name in ("tokens", "sentences", "pointing", "randomised"):
        assert (getattr(result, name) is None) == (name in lacking)
    assert all(reason.endswith(".") for reason in result.reasons.values())
    assert from_json(json.loads(json.dumps(as_json(result)))) == result


def test_records_without_bounds_are_counted():
    result = measured(TEXTS, Bag(), exact=3)
    assert result.reasons["bounds"].startswith("1 of 3 abstracts have more than 3 sentences")


@settings(max_examples=examples(20))
@given(
    st.lists(st.sampled_from([*TEXTS, document(""), document("good")]), max_size=4),
    st.integers(0, 9),
    st.sampled_from([0, 2, 10]),
    st.booleans(),
)
def test_a_result_survives_json(documents, seed, exact, shapley):
    result = measured(documents, Bag(), seed=seed, exact=exact, shapley=shapley, randomised=[Joint], hybrids=5)
    written = as_json(result)
    assert json.loads(json.dumps(written, allow_nan=False)) == written
    assert from_json(written) == result


@pytest.mark.parametrize(
    "edit",
    [
        lambda data: data.pop("seed"),
        lambda data: data["sentences"].pop("flip"),
        lambda data: data.update(tokens=[1, 2]),
        lambda data: data.update(pointing=3),
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
