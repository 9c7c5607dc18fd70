"""The test against a slow, literal one; its marks, its reasons, and what must not change it."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.significance import test as test_of_sentences
from sitegen.analysis.significance.test import Evidence, Mark, Standing, Why, judge, null_of, outcomes
from tests.effort import examples


def evidence(*records: tuple[int, list[float]], lengths=None, standing=None, placeholder=None, zero=0.0) -> Evidence:
    """Evidence of (label, margins) records; all sentences of 10 words and held out unless told."""
    alone = [value for _, margins in records for value in margins]
    return Evidence(
        alone=np.array(alone, dtype=np.float64),
        record=np.repeat(np.arange(len(records)), [len(margins) for _, margins in records]),
        length=np.full(len(alone), 10) if lengths is None else np.array(lengths),
        placeholder=np.zeros(len(alone)) if placeholder is None else np.array(placeholder),
        label=np.array([label for label, _ in records], dtype=np.int8),
        standing=np.zeros(len(records)) if standing is None else np.array(standing),
        zero=zero,
    )


def literal(given: Evidence, alpha: float) -> list[str]:
    """The mark of every sentence, word by word and by loops; all lengths together."""
    sentences = range(given.alone.size)
    label = [int(given.label[r]) for r in given.record]
    eligible = [
        i
        for i in sentences
        if given.standing[given.record[i]] == Standing.HELD_OUT and label[i] >= 0 and not given.placeholder[i]
    ]
    marks = ["placeholder" if given.placeholder[i] else "none" for i in sentences]
    for y in (0, 1):
        x = [(given.alone[i] - given.zero) * (1 if y else -1) for i in sentences]
        null = [i for i in eligible if label[i] == 1 - y]
        family = [i for i in eligible if label[i] == y]
        if not null:
            continue

        def p(i: int, among: list[int], x=x) -> Fraction:
            return Fraction(1 + sum(x[j] >= x[i] for j in among), 1 + len(among))

        ps = {i: p(i, null) if x[i] > 0 else Fraction(1) for i in family}
        ascending = sorted(ps.values())
        level = Fraction(str(alpha))
        reach = [value for k, value in enumerate(ascending, 1) if value * len(family) <= level * k]
        cut = max(reach, default=Fraction(0))
        for i in sentences:
            if i in ps and ps[i] <= cut:
                marks[i] = "passes"
            elif x[i] > 0 and not given.placeholder[i]:
                own = {j for j in null if given.record[j] == given.record[i]}
                length = 1 + len(null)
                would = [
                    x[j] for j in family if Fraction(1 + sum(x[k] >= x[j] for k in null if k not in own), length) <= cut
                ]
                if would and x[i] >= min(would):
                    marks[i] = "reaches"
    return marks


values = st.floats(-4, 4).map(lambda value: round(value, 1))
records = st.tuples(st.sampled_from([-1, 0, 1]), st.lists(values, min_size=1, max_size=5))
corpora = st.builds(
    lambda given, standing, zero: evidence(*given, standing=standing[: len(given)], zero=zero),
    st.lists(records, max_size=12),
    st.lists(st.sampled_from([0, 0, 0, 1, 2, 3]), min_size=12, max_size=12),
    st.sampled_from([0.0, -0.5]),
)
levels = st.sampled_from([0.05, 0.2, 0.4])


@given(corpora, levels)
@settings(max_examples=examples(150))
def test_it_is_the_literal_test(given, alpha):
    assert [Mark(mark).name.lower() for mark in judge(given, alpha=alpha).mark] == literal(given, alpha)


@given(corpora, levels)
def test_q_is_given_to_held_out_labelled_sentences_that_speak_for_their_class_and_to_no_others(given, alpha):
    found = judge(given, alpha=alpha)
    label = given.label[given.record]
    has_q = (given.standing[given.record] == 0) & (label >= 0) & (found.toward == label)
    has_q &= np.array([bool(np.any(given.eligible & (label == 1 - y))) for y in label], dtype=bool)
    assert np.array_equal(~np.isnan(found.q), has_q)
    assert np.array_equal(found.judged, has_q)
    assert (found.q[has_q] >= found.p[has_q] - 1e-12).all()
    assert not (found.mark[has_q] == Mark.REACHES).any()
    assert not (found.mark[~has_q] == Mark.PASSES).any()


@given(corpora, levels)
def test_tau_is_the_smallest_x_that_passes(given, alpha):
    found = judge(given, alpha=alpha)
    for y, test in enumerate(found.classes):
        passing = found.passes & (given.label[given.record] == y)
        assert test.passed == passing.sum()
        assert np.isnan(test.tau).all() if not passing.any() else np.nanmin(test.tau) == found.x[passing].min()
        assert np.array_equal(np.isnan(test.tau_low), np.isnan(test.tau_high))
        assert not (test.tau_low > test.tau_high).any()


@given(corpora, levels, st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(given, alpha, random):
    order = list(range(given.label.size))
    random.shuffle(order)
    rows = [row for record in order for row in np.flatnonzero(given.record == record)]
    moved = evidence(
        *((int(given.label[k]), given.alone[given.record == k].tolist()) for k in order),
        standing=given.standing[order],
        zero=given.zero,
    )
    assert np.array_equal(judge(moved, alpha=alpha).mark, judge(given, alpha=alpha).mark[rows])


@given(corpora, levels, st.sampled_from([0.5, 2.0, 8.0]))
def test_the_unit_of_margins_does_not_matter(given, alpha, factor):
    scaled = replace(given, alone=factor * given.alone, zero=factor * given.zero)
    assert np.array_equal(judge(scaled, alpha=alpha).mark, judge(given, alpha=alpha).mark)


@given(corpora, levels)
def test_the_marginal_test_is_the_same(given, alpha):
    """What permutations use gives the numbers that `judge` gives."""
    found = judge(given, alpha=alpha)
    for y, (p, passing) in enumerate(outcomes(given, alpha=alpha)):
        assert passing == found.classes[y].passed
        assert p.size in (0, found.classes[y].family)


def naive_p(given: Evidence, i: int) -> Fraction:
    """The p of one sentence by a loop, against the sentences of other records that are as long as it."""
    y = int(given.toward[i])
    null, x = null_of(given, y), given.beyond(y)
    which = null.bins(given.length)
    others = [j for j in np.flatnonzero(given.eligible) if given.label[given.record[j]] != y and which[j] == which[i]]
    far = sum(bool(x[j] >= x[i]) for j in others if given.record[j] != given.record[i])
    return Fraction(1 + far, 1 + len(others))


@given(corpora, st.lists(st.sampled_from([3, 8, 20]), min_size=60, max_size=60))
def test_its_own_record_is_left_out_of_what_a_sentence_is_compared_with_length_by_length(given, lengths):
    given = replace(given, length=np.array(lengths[: given.alone.size]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(test_of_sentences, "LEAST_BIN", 1)
        found = judge(given)
        for i in np.flatnonzero((found.x > 0) & np.isfinite(found.p) & ~given.placeholder):
            assert found.p[i] == pytest.approx(float(naive_p(given, i)), abs=1e-12)


@given(corpora, levels, st.randoms(use_true_random=False))
def test_sentences_of_a_record_need_not_stand_together(given, alpha, random):
    rows = list(range(given.alone.size))
    random.shuffle(rows)
    mixed = replace(
        given, **{name: getattr(given, name)[rows] for name in ("alone", "record", "length", "placeholder")}
    )
    assert np.array_equal(judge(mixed, alpha=alpha).mark, judge(given, alpha=alpha).mark[rows])


@given(st.lists(st.integers(0, 5), max_size=12), st.data(), st.integers(0, 4))
def test_values_are_taken_out_of_the_null_each_once(null, data, allowed):
    own = data.draw(st.lists(st.sampled_from(range(len(null))), unique=True)) if null else []
    rest = sorted(value for k, value in enumerate(null) if k not in own)
    expected = rest[-(allowed + 1)] if len(rest) > allowed else -math.inf
    without = sorted((float(null[k]) for k in own), reverse=True)
    assert test_of_sentences._left_above(np.sort(np.array(null, dtype=float)), without, allowed=allowed) == expected


def strong(n: int = 30) -> Evidence:
    """n records of either class with one clear sentence and one that says nothing."""
    return evidence(*((1, [5.0 + k, 0.1]) for k in range(n)), *((0, [-4.0 - k, 0.1]) for k in range(n)))


def test_an_example_by_hand():
    found = judge(strong())
    # toward the positive class the null is 30 times .1 and -4..-33: no sentence of 5 and more is reached by any
    assert found.classes[1].passed == 30
    assert found.classes[1].null == 60
    assert found.classes[1].cut == 1 / 61
    assert found.classes[1].tau.tolist() == [5.0]
    assert found.p[0] == 1 / 61
    assert found.q[0] == pytest.approx(60 / 61 / 30)
    # of the 60 sentences of the negative class 30 point away: they count, and have no q
    assert found.classes[0].family == 60
    assert found.classes[0].passed == 30
    assert [Why(why).name for why in found.why[-2:]] == ["JUDGED", "AWAY"]


def test_a_sentence_that_points_away_reaches_the_other_class_or_not_and_never_passes():
    base = [(1, [5.0 + k]) for k in range(30)] + [(0, [-4.0 - k]) for k in range(30)]
    found = judge(evidence(*base, (0, [9.0, -3.0]), (0, [1.0])))
    assert Mark(found.mark[60]) is Mark.REACHES  # as far as the marked ones, once its own is out of the null
    assert Why(found.why[60]) is Why.AWAY
    assert found.toward[60] == 1
    assert Mark(found.mark[62]) is Mark.NONE


def test_a_sentence_is_not_compared_with_its_own_record():
    """Ten sentences of one wrong paper lie above all others: each is compared with the rest of its class alone."""
    base = [(1, [5.0 + k]) for k in range(40)] + [(0, [-4.0 - k, -1.0, -1.0]) for k in range(40)]
    found = judge(evidence(*base, (0, [50.0] * 4)))
    own = found.mark[-4:]
    assert set(own.tolist()) == {Mark.REACHES}
    assert found.p[-1] == pytest.approx(1 / 125)  # of 124 sentences none of another paper goes as far


@pytest.mark.parametrize("standing", [Standing.TRAINING, Standing.VALIDATION, Standing.UNKNOWN])
def test_records_that_the_model_may_have_seen_change_nothing_and_get_no_q(standing):
    base = strong()
    more = evidence(
        *((int(base.label[k]), base.alone[base.record == k].tolist()) for k in range(60)),
        *((k % 2, [-50.0 if k % 2 else 50.0, 7.0]) for k in range(20)),
        standing=[0] * 60 + [standing] * 20,
    )
    found, before = judge(more), judge(base)
    assert np.array_equal(found.mark[:120], before.mark)
    assert found.classes[1].tau == before.classes[1].tau
    assert np.isnan(found.q[120:]).all()
    assert {Why(why) for why in found.why[120:]} == {
        {
            Standing.TRAINING: Why.TRAINING,
            Standing.VALIDATION: Why.VALIDATION,
            Standing.UNKNOWN: Why.UNKNOWN_STANDING,
        }[standing]
    }
    assert set(found.mark[120:].tolist()) == {Mark.REACHES}  # 7 and 50 and -50 are beyond every tau


def test_unlabelled_records_are_marked_by_what_they_say():
    base = strong()
    more = evidence(
        *((int(base.label[k]), base.alone[base.record == k].tolist()) for k in range(60)), (-1, [40.0, 0.2, -40.0])
    )
    found = judge(more)
    assert [Mark(mark).name for mark in found.mark[120:]] == ["REACHES", "NONE", "REACHES"]
    assert {Why(why) for why in found.why[120:]} == {Why.UNLABELLED}


def test_placeholders_are_neither_tested_nor_compared_with():
    base = strong()
    lone = evidence(
        *((int(base.label[k]), base.alone[base.record == k].tolist()) for k in range(60)),
        *((0, [99.0]) for _ in range(30)),
        placeholder=[0] * 120 + [1] * 30,
    )
    found = judge(lone)
    assert found.classes[1].null == 60
    assert np.array_equal(found.mark[:120], judge(base).mark)
    assert set(found.mark[120:].tolist()) == {Mark.PLACEHOLDER}
    assert np.isnan(found.p[120:]).all()


def test_zero_decides_the_direction_and_never_p():
    low, high = (judge(replace(strong(), zero=zero)) for zero in (-0.5, 0.05))
    clear = strong().alone >= 5
    assert np.array_equal(low.p[clear], high.p[clear])
    assert low.toward[1] == high.toward[1] == 1
    assert judge(replace(strong(), zero=0.2)).toward[1] == 0


def test_too_few_papers_mark_nothing_and_say_how_many_would_be_needed():
    """One passing sentence has p = 1/11; to be believed at .05 among 11 it would need .05/11."""
    found = judge(evidence((1, [9.0]), *((1, [0.1]) for _ in range(10)), *((0, [-0.1]) for _ in range(10))))
    assert not found.marked.any()
    assert found.classes[1].needed == 20
    assert np.isnan(found.classes[1].tau).all()
    assert found.classes[1].cut == 0


def test_one_class_alone_has_nothing_to_compare_with():
    found = judge(evidence((1, [3.0]), (1, [-2.0])))
    assert {Why(why) for why in found.why} == {Why.NO_NULL}
    assert np.isnan(found.p).tolist() == [True, False]  # the second speaks for the class that has one


def test_no_sentences():
    found = judge(evidence())
    assert found.mark.size == 0
    assert found.classes[0].family == found.classes[1].null == 0


def test_lengths_are_compared_apart_where_every_bin_holds_enough(monkeypatch):
    """Long sentences of the other class go further: only apart from them does a short one stand out."""
    monkeypatch.setattr(test_of_sentences, "LEAST_BIN", n := 100)
    other = [(0, [-1.0, -1.0, -1.0, -1.0, 4.0]) for _ in range(n)]
    own = [(1, [2.0, 0.0, 0.0, 0.0, 2.0]) for _ in range(n)]
    lengths = np.tile([5, 10, 15, 20, 40], 2 * n)
    apart = judge(evidence(*own, *other, lengths=lengths))
    assert apart.classes[1].edges.tolist() == [10, 15, 20]
    assert set(apart.mark[0 : 5 * n : 5].tolist()) == {Mark.PASSES}
    assert set(apart.mark[4 : 5 * n : 5].tolist()) == {Mark.NONE}
    assert apart.classes[1].tau[0] == 2.0
    assert np.isnan(apart.classes[1].tau[3])
    assert apart.classes[1].needed == math.ceil(5 * n / (0.05 * (2 * n + 1)))  # two fifths are in the largest bin
    fewer = judge(evidence(*own[:-1], *other[:-1], lengths=lengths[:-10]))
    assert not fewer.classes[1].edges.size
    assert set(fewer.mark[0 : 5 * n - 5 : 5].tolist()) == {Mark.NONE}


def test_the_interval_of_tau_holds_it_and_shrinks_with_more_papers():
    def width(n: int) -> float:
        rng = np.random.default_rng(0)
        label = np.arange(n) % 2
        found = judge(
            evidence(*((int(y), rng.normal(2.5 if y else 0.0, 1.0, size=6).tolist()) for y in label), zero=-1.0)
        )
        test = found.classes[1]
        assert test.tau_low[0] <= test.tau[0] <= test.tau_high[0]
        return float(test.tau_high[0] - test.tau_low[0])

    assert width(1000) < width(40)


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1])
def test_alpha_is_a_share(alpha):
    with pytest.raises(ValueError, match="share between 0 and 1"):
        judge(strong(), alpha=alpha)
