"""Figures against numbers worked out by hand, against all orders tried one by one, and against each other."""

from __future__ import annotations

from itertools import permutations
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.erasure import ErasureMetrics
from sitegen.analysis.faithfulness.trials import DEPTHS, _depths, erase_sentences, erase_tokens
from tests.classifiers import WEIGHTS, Bag, Joint, document
from tests.effort import examples

SENTENCES = st.lists(
    st.lists(st.sampled_from([*WEIGHTS, "unheard"]), min_size=1, max_size=3).map(lambda words: " ".join(words) + "."),
    min_size=2,
    max_size=5,
)
DOCUMENTS = st.builds(
    lambda title, abstract: document(title, *abstract), st.sampled_from(["", "Good", "Bad"]), SENTENCES
)
BY_HAND = document("Good", "Simulation we.", "Bad unheard.")  # 3 + 2.375 - 2 - 0.25


def p(margin: float) -> float:
    return 1 / (1 + exp(-margin))


def area(values, *, dx: float) -> float:
    """By the trapezoid rule."""
    return dx * (sum(values) - (values[0] + values[-1]) / 2)


def sentences(documents, classifier, **options) -> ErasureMetrics:
    result = erase_sentences(occlude(documents, classifier), classifier, **{"seed": 0, **options})
    assert result is not None
    return result


def tokens(documents, classifier, **options) -> ErasureMetrics:
    result = erase_tokens(occlude(documents, classifier), classifier, **{"seed": 0, **options})
    assert result is not None
    return result


def scores(result: ErasureMetrics) -> dict:
    return {
        "comprehensiveness": result.comprehensiveness,
        "sufficiency": result.sufficiency,
        "deletion": result.deletion.area,
        "insertion": result.insertion.area,
        "flip": result.flip.fraction,
        "rate": result.flip.rate,
    }


def test_sentences_by_hand():
    result = sentences([BY_HAND], Bag())
    full, without_first, nothing, first_only = p(3.125), p(0.75), p(2.75), p(5.125)
    assert result.comprehensiveness.value == pytest.approx(full - (without_first + nothing) / 2)
    assert result.sufficiency.value == pytest.approx((full - first_only) / 2)
    assert result.deletion.area.value == pytest.approx((full + 2 * without_first + nothing) / 4)
    assert result.insertion.area.value == pytest.approx((nothing + 2 * first_only + full) / 4)
    assert (result.flip.fraction.value, result.flip.rate.value) == (1.0, 0.0)
    assert (result.records, result.segments, result.comprehensiveness.records) == (1, 2, 1)
    assert result.comprehensiveness.error is None
    curve = result.deletion
    drawn = dict(zip(curve.fractions, curve.value, strict=True))
    assert (drawn[0.0], drawn[0.5], drawn[1.0]) == pytest.approx((full, without_first, nothing))
    assert drawn[0.1] == pytest.approx(0.8 * full + 0.2 * without_first)
    assert curve.bounds is not None
    assert curve.bounds.best == pytest.approx(curve.value)


def test_tokens_by_hand():
    """Four known words: good (3, in the title), simulation, we, bad. k = 1, 1, 1, 1, 2."""
    result = tokens([BY_HAND], Bag())
    without = [p(3.125), p(0.125), p(-2.125), p(-2.25), p(-0.25)]
    only = [p(-0.25), p(2.75), p(5.0), p(5.125), p(3.125)]
    assert result.comprehensiveness.value == pytest.approx(without[0] - (4 * without[1] + without[2]) / 5)
    assert result.sufficiency.value == pytest.approx(without[0] - (4 * only[1] + only[2]) / 5)
    assert result.deletion.area.value == pytest.approx(area(without, dx=0.25))
    assert result.insertion.area.value == pytest.approx(area(only, dx=0.25))
    assert (result.flip.fraction.value, result.flip.rate.value) == (0.5, 1.0)
    assert (result.records, result.segments) == (1, 4)
    assert result.comprehensiveness.bounds is None


@pytest.mark.parametrize(
    ("n", "expected"),
    [(2, [1, 1, 1, 1, 1]), (7, [1, 1, 1, 2, 4]), (30, [1, 2, 3, 6, 15]), (101, [2, 6, 11, 21, 51])],
)
def test_depths_are_rounded_up_and_at_least_one(n, expected):
    assert _depths(n, DEPTHS).tolist() == expected


def test_tokens_are_walked_in_steps_of_a_tenth():
    class Sceptic(Bag):
        bias = -1.0

    text = document("", "Good good good.", "We we we we we we we.")  # 4.5 + 0.875 - 1
    assert tokens([text], Sceptic()).flip.fraction.value == pytest.approx(0.3)


def test_a_prediction_of_the_negative_class_is_explained_as_such():
    result = sentences([document("", "Good.", "Bad bad.")], Bag())  # -2.75
    full, without_bad, nothing = p(2.75), p(-1.25), p(0.25)
    assert result.comprehensiveness.value == pytest.approx(full - (without_bad + nothing) / 2)
    assert (result.flip.fraction.value, result.flip.rate.value) == (0.5, 1.0)


def test_the_class_explained_is_the_one_predicted_at_the_threshold():
    """-.75 is a probability of .32: positive at .3, so the sentence that speaks for it goes first, and it flips."""
    result = sentences([document("", "Network.", "Interview.")], Bag(), threshold=0.3)
    full, without_network, nothing, network_only = p(-0.75), p(-1.5), p(-0.25), p(0.5)
    assert result.comprehensiveness.value == pytest.approx(full - (without_network + nothing) / 2)
    assert result.sufficiency.value == pytest.approx(full - (network_only + full) / 2)
    assert (result.flip.fraction.value, result.flip.rate.value) == (0.5, 1.0)
    bounds = result.flip.fraction.bounds
    assert bounds is not None
    assert (bounds.best, bounds.worst) == (0.5, 1.0)  # taking out the other one first never leaves less than .3
    by_words = tokens([document("", "Network.", "Interview.")], Bag(), threshold=0.3)
    assert by_words.comprehensiveness.value == pytest.approx(full - without_network)


@settings(max_examples=examples(40))
@given(DOCUMENTS)
def test_the_bounds_are_those_of_all_orders_tried_one_by_one(text):
    classifier = Joint()
    result = sentences([text], classifier, shuffles=1)
    positive = occlude([text], classifier)[0].margin >= 0
    pieces = [text.abstract.tokens[a:b] for a, b in text.abstract.sentence_ranges]
    n = len(pieces)

    def margin(kept):
        return classifier.margins([text.title.tokens], [[t for k in sorted(kept) for t in pieces[k]]])[0]

    found = {name: [] for name in scores(result)}
    for order in permutations(range(n)):
        down = np.array([margin(order[k:]) for k in range(n + 1)])
        up = np.array([margin(order[:k]) for k in range(n + 1)])
        gone, kept = (1 / (1 + np.exp(-z if positive else z)) for z in (down, up))
        changed = (down >= 0) != positive
        found["comprehensiveness"].append(np.mean(gone[0] - gone[1:]))
        found["sufficiency"].append(np.mean(gone[0] - kept[1:]))
        found["deletion"].append(area(gone, dx=1 / n))
        found["insertion"].append(area(kept, dx=1 / n))
        found["flip"].append(np.argmax(changed) / n if changed.any() else 1.0)
        found["rate"].append(float(changed.any()))
    for name, scored in scores(result).items():
        high_is_good = name in ("comprehensiveness", "insertion", "rate")
        best, worst = (max, min) if high_is_good else (min, max)
        assert scored.bounds.best == pytest.approx(best(found[name]), abs=1e-9), name
        assert scored.bounds.worst == pytest.approx(worst(found[name]), abs=1e-9), name
        for value in (scored.value, scored.random):
            assert min(found[name]) - 1e-9 <= value <= max(found[name]) + 1e-9, name


@settings(max_examples=examples(40))
@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_where_effects_add_up_our_order_is_the_best(documents):
    for name, scored in scores(sentences(documents, Bag())).items():
        assert scored.value == pytest.approx(scored.bounds.best, abs=1e-9), name
        assert scored.bounds.records == scored.records == len(documents)


@settings(max_examples=examples(20))
@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_a_table_and_readings_of_their_own_give_the_same(documents):
    classifier = Joint()
    by_table = sentences(documents, classifier)
    occlusions = occlude(documents, classifier)
    tables = [result.subsets for result in shapley(documents, classifier)]
    read = sentences(documents, classifier, exact=0)
    classifier.asked = 0
    given_tables = erase_sentences(occlusions, classifier, seed=0, tables=tables)
    assert classifier.asked == 0
    for name, scored in scores(by_table).items():
        assert scores(read)[name].bounds is None
        for other in (scores(read)[name], scores(given_tables)[name]):
            assert other.value == pytest.approx(scored.value, abs=1e-6)
            assert other.random == pytest.approx(scored.random, abs=1e-6)
    assert read.deletion.value == pytest.approx(by_table.deletion.value)
    assert read.deletion.bounds is None


def test_bounds_stand_beside_the_value_of_their_own_records():
    short, long = document("", "Good.", "Bad."), document("", "Good.", "We.", "Bad network.")
    joint = sentences([short, long], Joint(), exact=2)
    alone = sentences([short], Joint(), exact=2)
    for name, scored in scores(joint).items():
        assert scored.records == 2
        assert scored.bounds == scores(alone)[name].bounds
        assert scored.bounds.records == 1
        assert scored.bounds.value == scores(alone)[name].value
    assert joint.insertion.bounds == alone.insertion.bounds


def test_a_model_that_reads_nothing_gives_zeros():
    class Deaf(Bag):
        def parts(self, field, texts):
            return np.zeros(len(texts))

    for result in (sentences([BY_HAND], Deaf()), tokens([BY_HAND], Deaf())):
        for name, scored in scores(result).items():
            constant = {"deletion": p(0.25), "insertion": p(0.25), "flip": 1.0}.get(name, 0.0)
            assert scored.value == pytest.approx(constant, abs=1e-12)
            assert scored.random == pytest.approx(constant, abs=1e-12)


def test_random_orders_come_from_the_seed_and_mirror_each_other():
    documents = [document("Network", "Good we.", "Bad.", "Interview.", "Simulation we.", "We bad.")] * 3
    first, again, other = (tokens(documents, Joint(), seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first.comprehensiveness.random != other.comprehensiveness.random
    assert first.comprehensiveness.value == other.comprehensiveness.value
    assert first.deletion.random == pytest.approx(first.insertion.random[::-1])
    assert first.comprehensiveness.error is not None


def test_many_shuffles_come_near_the_mean_over_all_orders():
    text = document("", "Good we.", "Bad.", "Simulation interview.")
    result = sentences([text], Joint(), shuffles=3000)
    table = shapley([text], Joint())[0].subsets.astype(float)
    sign = 1 if table[-1] >= 0 else -1
    sizes = np.array([bin(subset).count("1") for subset in range(8)])
    chance = np.array([p(sign * z) for z in table])
    expected = np.mean([chance[-1] - chance[sizes == size].mean() for size in (2, 1, 0)])
    assert result.comprehensiveness.random == pytest.approx(expected, abs=0.01)


def test_records_without_an_order_are_left_out():
    texts = [document("", "Good."), document("good"), document(""), document("", "unheard.", "words.")]
    assert erase_tokens(occlude(texts, Bag()), Bag(), seed=0) is None
    assert erase_sentences(occlude(texts[:3], Bag()), Bag(), seed=0) is None
    assert erase_sentences([], Bag(), seed=0) is None
    mixed = sentences([*texts[:3], BY_HAND], Bag())
    assert (mixed.records, mixed.segments) == (1, 2)


def test_progress_counts_records_even_those_left_out():
    told: list[int] = []
    documents = [BY_HAND, document("")] * 20
    tokens(documents, Bag(), progress=told.append)
    assert sum(told) == 40


def test_readings_are_as_many_as_promised():
    """Our two walks and ten random ones share their ends; subsets are read once."""
    text = document("Good", *["Good we.", "Bad network.", "Interview.", "Simulation we.", "We bad."] * 2)
    for function, most in ((erase_sentences, 2**10), (erase_tokens, 2 + 2 * 15 + 10 * 15)):
        classifier = Joint()
        occlusions = occlude([text], classifier)
        classifier.asked = 0
        function(occlusions, classifier, seed=0)
        assert 0 < classifier.asked <= most
