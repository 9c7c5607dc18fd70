"""Shapley values: the definition over all orders, the axioms, the sampling error, and what agreement means."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, PAIRS, Shapley, agreement, plan_exact, shapley
from sitegen.errors import ConfigError
from sitegen.models.probabilities import probability
from tests.analysis.documents import documents
from tests.classifiers import MEAN_VECTOR, WEIGHTS, Bag, Joint, document
from tests.effort import examples

MODELS = pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
MANY = document(
    "good we",
    "good network",
    "bad x",
    "simulation we interview",
    "x y",
    "we we",
    "interview bad good",
    "network",
    "good good",
    "bad",
    "simulation network",
)


def exact(doc, model, **settings_):
    return shapley([doc], model, **settings_)[0]


def sampled(doc, model, **settings_):
    return shapley([doc], model, limit=0, **settings_)[0]


def by_all_orders(doc, model, *, baseline):
    """The definition: what each sentence adds, averaged over every order."""
    sentences = [doc.abstract.tokens[a:b] for a, b in doc.abstract.sentence_ranges]

    def value(kept):
        tokens = []
        for k, words in enumerate(sentences):
            for word in words:
                if k in kept or word not in WEIGHTS:
                    tokens.append(word)
                elif baseline == "mean":
                    tokens.append(MEAN_VECTOR)
        return model.margins([doc.title.tokens], [tokens])[0]

    orders = list(itertools.permutations(range(len(sentences))))
    values = np.zeros(len(sentences))
    for order in orders:
        for k, i in enumerate(order):
            values[i] += value(order[: k + 1]) - value(order[:k])
    return values / len(orders)


@MODELS
@pytest.mark.parametrize("baseline", ["deleted", "mean"])
@settings(max_examples=examples(40))
@given(doc=documents)
def test_exact_is_the_mean_over_all_orders(model, baseline, doc):
    found = exact(doc, model, baseline=BASELINES[baseline])
    np.testing.assert_allclose(found.values, by_all_orders(doc, model, baseline=baseline), atol=1e-12)
    assert found.method == "exact"
    assert not found.errors.any()
    assert found.subsets.shape == (2 ** len(doc.abstract.sentence_ends),)


@MODELS
@pytest.mark.parametrize("n", [1, 2, 3])
def test_up_to_three_sentences_one_round_of_pairs_is_exact(model, n):
    doc = document("we", *["good we", "bad", "simulation bad"][:n])
    drawn = sampled(doc, model, pairs=1)
    assert drawn.pairs == n
    np.testing.assert_allclose(drawn.values, exact(doc, model).values, atol=1e-12)
    assert not drawn.errors.any()


@pytest.mark.slow
def test_the_fewest_pairs_are_right_in_the_mean():
    doc = document("we", "good we", "bad", "simulation bad", "we we interview")
    runs = [sampled(doc, Joint(), pairs=1, seed=seed) for seed in range(400)]
    missed = np.array([one.values for one in runs]) - exact(doc, Joint()).values
    assert (np.abs(np.mean(missed, axis=0)) < 4 * np.std(missed, axis=0) / 20).all()
    stated = np.sqrt(np.mean([one.errors**2 for one in runs]))
    assert 1 < stated / np.sqrt(np.mean(missed**2)) < 1.35  # errs on the safe side, within a round orders differ


@MODELS
@settings(max_examples=examples(40))
@given(doc=documents)
def test_the_values_add_up_to_all_less_nothing_by_either_method(model, doc):
    nothing, everything = model.margins([doc.title.tokens] * 2, [(), doc.abstract.tokens])
    found = exact(doc, model)
    assert found.values.sum() == pytest.approx(everything - nothing, abs=1e-12)
    assert found.subsets[[0, -1]] == pytest.approx([nothing, everything], abs=1e-6)
    if found.values.size:
        assert sampled(doc, model, pairs=2).values.sum() == pytest.approx(everything - nothing, abs=1e-12)


def test_the_index_of_a_subset_has_a_bit_for_each_sentence():
    found = exact(document("", "good", "bad", "we"), Bag())
    assert found.subsets[0b101] == pytest.approx(Bag.bias + WEIGHTS["good"] + WEIGHTS["we"])
    assert found.subsets[0b010] == pytest.approx(Bag.bias + WEIGHTS["bad"])


def test_equal_sentences_get_equal_values_where_order_does_not_count():
    class Saturated(Bag):
        """Hears that there is something good, not how often."""

        def parts(self, field, texts):
            return np.tanh(super().parts(field, texts))

    doc = document("", "good", "bad x", "good", "network")
    found = exact(doc, Saturated())
    assert found.values[0] == pytest.approx(found.values[2], abs=1e-12)
    assert abs(found.values[0] - found.values[3]) > 0.01


@MODELS
def test_a_sentence_of_unknown_words_has_no_effect_in_either_measure(model):
    doc = document("we", "good network", "x y z", "bad")
    assert exact(doc, model).values[1] == pytest.approx(0, abs=1e-15)
    assert sampled(doc, model).values[1] == pytest.approx(0, abs=1e-15)
    assert occlude([doc], model)[0].sentences[1] == 0


@given(doc=documents)
@settings(max_examples=examples(40))
def test_in_a_linear_bag_both_measures_are_the_sum_of_the_words(doc):
    words = [sum(WEIGHTS.get(w, 0) for w in doc.abstract.tokens[a:b]) for a, b in doc.abstract.sentence_ranges]
    np.testing.assert_allclose(exact(doc, Bag()).values, words, atol=1e-12)
    np.testing.assert_allclose(occlude([doc], Bag())[0].sentences, words, atol=1e-5)
    if words:
        drawn = sampled(doc, Bag())
        np.testing.assert_allclose(drawn.values, words, atol=1e-12)
        np.testing.assert_allclose(drawn.errors, 0, atol=1e-12)


def test_sampled_lies_within_four_standard_errors_of_exact():
    whole = exact(MANY, Joint()).values
    for seed in range(10):
        drawn = sampled(MANY, Joint(), pairs=61, seed=seed)
        assert drawn.method == "sampled"
        assert drawn.pairs == 70
        assert (np.abs(drawn.values - whole) < 4 * drawn.errors).all()


@pytest.mark.slow
def test_standard_errors_are_honest_and_shrink_as_one_over_the_root_of_the_pairs():
    whole = exact(MANY, Joint()).values
    stated, missed = {}, {}
    for m, repeats in ((10, 150), (90, 40)):
        runs = [sampled(MANY, Joint(), pairs=m, seed=seed) for seed in range(repeats)]
        stated[m] = np.sqrt(np.mean([one.errors**2 for one in runs]))
        missed[m] = np.sqrt(np.mean([(one.values - whole) ** 2 for one in runs]))
        beyond = np.mean([np.abs(one.values - whole) > 2 * one.errors for one in runs])
        assert 0.01 < beyond < 0.1
        assert missed[m] / stated[m] == pytest.approx(1, rel=0.1)
    assert missed[10] / missed[90] == pytest.approx(3, rel=0.15)
    assert stated[10] / stated[90] == pytest.approx(3, rel=0.05)


def test_pairs_say_more_than_as_many_orders_of_their_own():
    """Against the error of 2 m = 40 orders that are drawn independently."""
    whole = exact(MANY, Joint()).values
    sentences = [MANY.abstract.tokens[a:b] for a, b in MANY.abstract.sentence_ranges]
    rng = np.random.default_rng(0)

    def added(order):
        texts = [[w for i in sorted(order[:k]) for w in sentences[i]] for k in range(len(order) + 1)]
        values = np.zeros(len(order))
        values[order] = np.diff(Joint().margins([MANY.title.tokens] * len(texts), texts))
        return values

    alone = [np.mean([added(rng.permutation(10)) for _ in range(40)], axis=0) - whole for _ in range(30)]
    paired = [sampled(MANY, Joint(), pairs=16, seed=seed).values - whole for seed in range(30)]
    assert np.sqrt(np.mean(np.square(paired))) < 0.65 * np.sqrt(np.mean(np.square(alone)))


def test_values_depend_on_the_text_and_the_seed_alone():
    other = document("we", "good bad", "network")
    together = shapley([other, MANY], Joint(), limit=2)
    assert [one.method for one in together] == ["exact", "sampled"]
    np.testing.assert_array_equal(together[1].values, sampled(MANY, Joint()).values)
    one, other = (document("we", "good", word, "bad we", "network", "we", "bad", "good we") for word in ("x", "y"))
    assert not np.array_equal(sampled(one, Joint()).values, sampled(other, Joint()).values)
    assert not np.array_equal(sampled(MANY, Joint(), seed=1).values, sampled(MANY, Joint(), seed=2).values)


def test_what_it_costs_is_what_the_text_says():
    doc = document("we", *[f"{word} " * (k + 1) for k, word in enumerate(["good", "bad", "we", "network"] * 3)])
    n = len(doc.abstract.sentence_ends)
    model = Joint()
    assert sampled(doc, model, pairs=3).pairs == n == 12
    bound = 2 * n * (n - 3) + 2 * n + 2
    assert 0.9 * bound < model.asked <= bound  # few orders meet elsewhere
    model.asked = 0
    small = document("we", "good", "bad bad", "we we we")
    exact(small, model)
    assert model.asked == 2**3


class Counting(Bag):
    """Counts the words it is given."""

    def __init__(self):
        self.words = 0

    def parts(self, field, texts):
        self.words += sum(map(len, texts)) if field == "abstract" else 0
        return super().parts(field, texts)


def test_the_plan_counts_words_as_they_are_read():
    docs = [document("", *["good " * (k + j + 1) for k in range(n)]) for j, n in enumerate((8, 9, 9, 10))]
    n = [len(doc.abstract.sentence_ends) for doc in docs]
    a = [len(doc.abstract.tokens) for doc in docs]
    cost = {}
    for limit in (8, 9, 10):
        cost[limit] = sum(tokens * 2 ** (s - 1) for s, tokens in zip(n, a, strict=True) if s <= limit)
        assert plan_exact(n, a, words=cost[limit]) == limit
        assert plan_exact(n, a, words=cost[limit] - 1) == limit - 1
    mixed = document("", *[f"{word} we{' we' * 2**k}" for k, word in enumerate(["good", "bad", "we", "network"] * 2)])
    model = Counting()
    exact(mixed, model)
    assert model.words == len(mixed.abstract.tokens) * 2**7


def test_the_plan_never_samples_where_that_saves_nothing():
    assert plan_exact([3, 9], [60, 180], words=0) == 7
    assert 2**7 <= 2 * 21 * 4 + 2 * 7 + 2  # 21 and 16 pairs of orders
    assert 2 * 16 * 5 + 2 * 8 + 2 < 2**8
    assert plan_exact([3, 9], [60, 180], words=0, pairs=1) == 5
    assert plan_exact([3, 30], [60, 900], words=240) == EXACT_LIMIT  # longer abstracts are sampled anyway
    assert plan_exact([], [], words=0) == EXACT_LIMIT  # nothing costs nothing


def test_what_makes_no_sense_is_refused():
    with pytest.raises(ValueError, match="from 0 to 10, not 11"):
        shapley([MANY], Bag(), limit=11)
    with pytest.raises(ValueError, match="at least 1, not 0"):
        shapley([MANY], Bag(), pairs=0)
    with pytest.raises(ConfigError, match="same as deleted"):
        shapley([MANY], Bag(), baseline=BASELINES["unknown"])
    with pytest.raises(ValueError, match="2 effects do not fit 3"):
        agreement(np.zeros(2), values(1, 2, 3))
    with pytest.raises(ValueError, match="exact"):
        Shapley(
            method="exact", values=np.zeros(1), points=np.zeros(1), errors=np.zeros(1), pairs=3, subsets=np.zeros(2)
        )


def values(*numbers, errors=None):
    """Sampled Shapley values with those errors."""
    return Shapley(
        method="sampled",
        values=np.array(numbers),
        points=np.zeros(len(numbers)),
        errors=np.zeros(len(numbers)) if errors is None else np.array(errors),
        pairs=PAIRS,
        subsets=np.zeros(0),
    )


def test_the_same_numbers_agree():
    told = agreement(np.array([1.0, -2.0, 0.1, 0.5]), values(1.0, -2.0, 0.1, 0.5))
    assert (told.sign_conflicts, told.redundant) == ((), ())


def test_a_conflict_needs_two_effects_that_matter():
    assert agreement(np.array([1.0, -0.5]), values(1.0, 0.5)).sign_conflicts == (1,)
    assert agreement(np.array([1.0, -0.09]), values(1.0, 0.5)).sign_conflicts == ()
    assert agreement(np.array([1.0, -0.5]), values(1.0, 0.09)).sign_conflicts == ()
    assert agreement(np.array([1e-6, -1e-6]), values(-1e-6, 1e-6)).sign_conflicts == ()


def test_a_sampled_value_conflicts_only_beyond_its_error():
    effects = np.array([1.0, -0.5])
    assert agreement(effects, values(1.0, 0.5, errors=[0, 0.2])).sign_conflicts == (1,)
    assert agreement(effects, values(1.0, 0.5, errors=[0, 0.3])).sign_conflicts == ()


def test_two_sentences_that_say_the_same_are_redundant():
    class Either(Bag):
        def parts(self, field, texts):
            return np.array([2.0 * ("good" in text) + 1.0 * ("we" in text) for text in texts])

    doc = document("", "good x", "we", "x good")
    found, effects = exact(doc, Either()), occlude([doc], Either())[0].sentences
    assert effects.tolist() == [0, 1, 0]
    np.testing.assert_allclose(found.values, [1, 1, 1])
    told = agreement(effects, found)
    assert told.redundant == (0, 2)
    assert told.sign_conflicts == ()
    assert agreement(np.zeros(3), values(1, 1, 1, errors=[0.3, 0.4, 0])).redundant == (0, 2)
    assert agreement(np.zeros(3), values(0, 0, 0)).redundant == ()


@given(documents)
def test_points_are_the_same_average_of_probabilities_and_add_up_to_the_step(doc):
    """For whatever model: by the orders of all sentences, one by one; sampled ones add up, too."""
    found = exact(doc, Joint())
    n = found.values.size
    p = probability(found.subsets.astype(np.float64))
    orders = list(itertools.permutations(range(n)))
    by_hand = np.zeros(n)
    for order in orders:
        kept = 0
        for sentence in order:
            by_hand[sentence] += (p[kept | 1 << sentence] - p[kept]) / len(orders)
            kept |= 1 << sentence
    np.testing.assert_allclose(found.points, by_hand, atol=1e-6)
    (sampled,) = shapley([doc], Joint(), limit=0)
    assert sampled.points.sum() == pytest.approx(p[-1] - p[0], abs=1e-6)
    assert found.points.sum() == pytest.approx(p[-1] - p[0], abs=1e-6)
