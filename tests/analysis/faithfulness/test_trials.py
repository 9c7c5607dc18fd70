"""Figures against numbers worked out by hand, against all orders tried one by one, and against each other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import permutations
from math import exp

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.erasure import EXACT, ErasureMetrics, MetricMean
from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, MEASURES, READ_ALONE, SHARE, Measured, measured
from sitegen.analysis.faithfulness.trials import DEPTHS, _depths, erase_sentences, erase_tokens
from tests.analysis.faithfulness.models import Saturating
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


def records(documents, classifier, *, exact=EXACT, **_) -> list[Measured]:
    return measured(occlude(documents, classifier), classifier, exact=exact)


@dataclass(frozen=True)
class Scored:
    """A metric in the order of leave-one-out, and what stands beside it."""

    value: float
    error: float | None
    random: float
    best: float | None
    worst: float | None


def of(scored: MetricMean, measure: str = LEAVE_ONE_OUT) -> Scored:
    ours = scored.of(measure)
    return Scored(value=ours.value, error=ours.error, random=scored.random, best=scored.best, worst=scored.worst)


def sentences(documents, classifier, **options) -> ErasureMetrics:
    result = erase_sentences(records(documents, classifier, **options), classifier, **{"seed": 0, **options})
    assert result is not None
    return result


def tokens(documents, classifier, **options) -> ErasureMetrics:
    result = erase_tokens(records(documents, classifier), classifier, **{"seed": 0, **options})
    assert result is not None
    return result


def scores(result: ErasureMetrics, measure: str = LEAVE_ONE_OUT) -> dict[str, Scored]:
    metrics = {
        "comprehensiveness": result.comprehensiveness,
        "sufficiency": result.sufficiency,
        "deletion": result.deletion.area,
        "insertion": result.insertion.area,
        "flip": result.flip.fraction,
        "rate": result.flip.rate,
    }
    return {name: of(metric, measure) for name, metric in metrics.items()}


def test_sentences_by_hand():
    result = sentences([BY_HAND], Bag())
    full, without_first, nothing, first_only = p(3.125), p(0.75), p(2.75), p(5.125)
    assert of(result.comprehensiveness).value == pytest.approx(full - (without_first + nothing) / 2)
    assert of(result.sufficiency).value == pytest.approx((full - first_only) / 2)
    assert of(result.deletion.area).value == pytest.approx((full + 2 * without_first + nothing) / 4)
    assert of(result.insertion.area).value == pytest.approx((nothing + 2 * first_only + full) / 4)
    assert (of(result.flip.fraction).value, of(result.flip.rate).value) == (1.0, 0.0)
    assert (result.records, result.segments, result.left_out) == (1, 2, 0)
    assert of(result.comprehensiveness).error is None
    curve = result.deletion
    drawn = dict(zip(curve.fractions, curve.by_measure[2].values, strict=True))
    assert (drawn[0.0], drawn[0.5], drawn[1.0]) == pytest.approx((full, without_first, nothing))
    assert drawn[0.1] == pytest.approx(0.8 * full + 0.2 * without_first)
    assert curve.best == pytest.approx(curve.by_measure[2].values)


def test_tokens_by_hand():
    """Four known words: good (3, in the title), simulation, we, bad. k = 1, 1, 1, 1, 2."""
    result = tokens([BY_HAND], Bag())
    without = [p(3.125), p(0.125), p(-2.125), p(-2.25), p(-0.25)]
    only = [p(-0.25), p(2.75), p(5.0), p(5.125), p(3.125)]
    assert of(result.comprehensiveness).value == pytest.approx(without[0] - (4 * without[1] + without[2]) / 5)
    assert of(result.sufficiency).value == pytest.approx(without[0] - (4 * only[1] + only[2]) / 5)
    assert of(result.deletion.area).value == pytest.approx(area(without, dx=0.25))
    assert of(result.insertion.area).value == pytest.approx(area(only, dx=0.25))
    assert (of(result.flip.fraction).value, of(result.flip.rate).value) == (0.5, 1.0)
    assert (result.records, result.segments) == (1, 4)
    assert result.comprehensiveness.best is None


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
    assert of(tokens([text], Sceptic()).flip.fraction).value == pytest.approx(0.3)


def test_a_prediction_of_the_negative_class_is_explained_as_such():
    result = sentences([document("", "Good.", "Bad bad.")], Bag())  # -2.75
    full, without_bad, nothing = p(2.75), p(-1.25), p(0.25)
    assert of(result.comprehensiveness).value == pytest.approx(full - (without_bad + nothing) / 2)
    assert (of(result.flip.fraction).value, of(result.flip.rate).value) == (0.5, 1.0)


def test_the_class_explained_is_the_one_predicted_at_the_threshold():
    """-.75 is a probability of .32: positive at .3, so the sentence that speaks for it goes first, and it flips."""
    result = sentences([document("", "Network.", "Interview.")], Bag(), threshold=0.3)
    full, without_network, nothing, network_only = p(-0.75), p(-1.5), p(-0.25), p(0.5)
    assert of(result.comprehensiveness).value == pytest.approx(full - (without_network + nothing) / 2)
    assert of(result.sufficiency).value == pytest.approx(full - (network_only + full) / 2)
    assert (of(result.flip.fraction).value, of(result.flip.rate).value) == (0.5, 1.0)
    assert (result.flip.fraction.best, result.flip.fraction.worst) == (
        0.5,
        1.0,
    )  # taking out the other one first never leaves less than .3
    by_words = tokens([document("", "Network.", "Interview.")], Bag(), threshold=0.3)
    assert of(by_words.comprehensiveness).value == pytest.approx(full - without_network)


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
        assert scored.best == pytest.approx(best(found[name]), abs=1e-6), name
        assert scored.worst == pytest.approx(worst(found[name]), abs=1e-6), name
        for value in (scored.value, scored.random):
            assert min(found[name]) - 1e-6 <= value <= max(found[name]) + 1e-6, name  # tables are float32


@settings(max_examples=examples(40))
@given(st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_where_effects_add_up_our_order_is_the_best(documents):
    result = sentences(documents, Bag())
    assert result.records == len(documents)
    for measure in MEASURES:
        for name, scored in scores(result, measure).items():
            assert scored.value == pytest.approx(scored.best, abs=1e-6), (measure, name)


@settings(max_examples=examples(20))
@given(st.lists(DOCUMENTS, min_size=1, max_size=3))
def test_a_table_and_readings_of_their_own_give_the_same(documents):
    classifier = Joint()
    with_tables = records(documents, classifier)
    classifier.asked = 0
    by_table = erase_sentences(with_tables, classifier, seed=0)
    assert classifier.asked == 0
    without = [replace(record, table=None) for record in with_tables]
    subsets = erase_sentences(without, classifier, seed=0)
    walks = erase_sentences(without, classifier, seed=0, exact=0)
    for measure in MEASURES:
        for name, scored in scores(by_table, measure).items():
            assert scores(walks, measure)[name].best is None
            for other in (scores(walks, measure)[name], scores(subsets, measure)[name]):
                assert other.value == pytest.approx(scored.value, abs=1e-6)
                assert other.random == pytest.approx(scored.random, abs=1e-6)
    assert walks.deletion.by_measure[1].values == pytest.approx(by_table.deletion.by_measure[1].values)
    assert walks.deletion.best is None


def test_all_numbers_are_of_the_papers_whose_best_order_is_known_if_they_are_many():
    short, long = document("", "Good.", "Bad."), document("", "Good.", "We.", "Bad network.")
    joint = sentences([short, long, short], Joint(), exact=2)
    alone = sentences([short, short], Joint(), exact=2)
    assert (joint.records, joint.left_out, joint.segments) == (2, 1, 4)
    for name, scored in scores(joint).items():
        assert scored.value == scores(alone)[name].value
        assert scored.best is not None
    few = sentences([short, long, long], Joint(), exact=2)
    assert (few.records, few.left_out) == (3, 0)
    assert few.comprehensiveness.best is None
    assert few.insertion.best is None


def test_each_measure_is_followed_in_its_own_order():
    """A tanh of a sum: of the two strong ones, neither is needed beside the other; by share they come first."""
    text = document("", "Good good good.", "Good good.", "We.")
    result = sentences([text], Saturating())
    for measure in (SHARE, READ_ALONE):
        assert of(result.comprehensiveness, measure).value == pytest.approx(result.comprehensiveness.best)
    (record,) = records([text], Saturating())
    turned = np.array([[0.0, 0.0, 1.0], [3.0, 2.0, 1.0], [1.0, 2.0, 3.0]])
    by_hand = erase_sentences([replace(record, sentences=turned)], Saturating(), seed=0)
    values = [of(by_hand.comprehensiveness, measure).value for measure in MEASURES]
    assert values[1] == max(values) == pytest.approx(by_hand.comprehensiveness.best)
    assert values[2] == min(values) == pytest.approx(by_hand.comprehensiveness.worst)


def test_words_are_followed_by_leave_one_out_and_alone():
    text = document("", "Good bad we.", "Interview.")
    (record,) = records([text], Bag())
    by_hand = erase_tokens([replace(record, words=np.stack([record.words[0], -record.words[1]]))], Bag(), seed=0)
    left_out, alone = by_hand.comprehensiveness.by_measure
    assert (left_out.measure, alone.measure) == ("leave_one_out", "read_alone")
    assert left_out.value > 0 > alone.value


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
    assert first.comprehensiveness.by_measure[0].value == other.comprehensiveness.by_measure[0].value
    assert first.deletion.random == pytest.approx(first.insertion.random[::-1])
    assert of(first.comprehensiveness).error is not None


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
    assert erase_tokens(records(texts, Bag()), Bag(), seed=0) is None
    assert erase_sentences(records(texts[:3], Bag()), Bag(), seed=0) is None
    assert erase_sentences([], Bag(), seed=0) is None
    mixed = sentences([*texts[:3], BY_HAND], Bag())
    assert (mixed.records, mixed.segments) == (1, 2)


def test_progress_counts_records_even_those_left_out():
    told: list[int] = []
    documents = [BY_HAND, document("")] * 20
    tokens(documents, Bag(), progress=told.append)
    assert sum(told) == 40


def test_readings_are_as_many_as_promised():
    """Two walks a measure and ten random ones share their ends; subsets are read once."""
    text = document("Good", *["Good we.", "Bad network.", "Interview.", "Simulation we.", "We bad."] * 2)
    for function, most in ((erase_sentences, 2**10), (erase_tokens, 2 + 4 * 15 + 10 * 15)):
        classifier = Joint()
        read = [replace(record, table=None) for record in records([text], classifier)]
        classifier.asked = 0
        function(read, classifier, seed=0)
        assert 0 < classifier.asked <= most
