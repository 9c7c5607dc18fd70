"""The test of significance against a slow, literal one; its refusals, its limits, and what must not change it."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from statistics import median

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.significance.strata import Position, positions
from sitegen.analysis.significance.test import LEAST_STRATUM, P_LEVEL, Evidence, Significance, Standing, Status, judge
from tests.effort import examples

REFUSALS = set(Status) - {Status.DISTINGUISHABLE, Status.CHANCE, Status.AGAINST, Status.NO_EFFECT}


def evidence(*records: tuple[int, list[float]], lengths=None, standing=None, null=None) -> Evidence:
    """Evidence of (label, effects) records; all sentences of 10 words, held out and good for noise unless told."""
    effect = [value for _, effects in records for value in effects]
    record = np.repeat(np.arange(len(records)), [len(effects) for _, effects in records])
    return Evidence(
        effect=np.array(effect, dtype=np.float64),
        record=record,
        length=np.full(len(effect), 10) if lengths is None else np.array(lengths),
        position=positions(record),
        label=np.array([label for label, _ in records], dtype=np.int8),
        standing=np.zeros(len(records)) if standing is None else np.array(standing),
        null=np.ones(len(records)) if null is None else np.array(null),
    )


def literal(given: Evidence, alpha: float) -> tuple[dict[int, Fraction], dict[int, float], bool]:
    """p of all judged sentences, q of all, and whether any could be rejected at all: word by word, by loops."""
    label = [int(given.label[r]) for r in given.record]
    judged = [i for i, r in enumerate(given.record) if given.standing[r] == Standing.HELD_OUT and label[i] >= 0]
    ascending = sorted(int(given.length[i]) for i in judged)
    fifths = {ascending[math.ceil(k * len(ascending) / 5) - 1] for k in range(1, 5)} if judged else set()
    edges = sorted(edge for edge in fifths if edge > ascending[0])
    bin_of = [sum(int(n) >= edge for edge in edges) for n in given.length]

    def spread(rows: list[int], average=median) -> float:
        middle = median(given.effect[i] for i in rows)
        return average([abs(given.effect[i] - middle) for i in rows])

    def s(b: int) -> float:
        own = [i for i in judged if bin_of[i] == b]
        mean = spread(judged, lambda values: sum(values) / len(values))
        return (own and spread(own)) or spread(judged) or mean or 1.0

    scaled = [given.effect[i] / s(bin_of[i]) for i in range(given.effect.size)] if judged else []

    def pushes(i: int, toward: int) -> float:
        return scaled[i] if toward == 1 else -scaled[i]

    noise = [i for i in judged if given.null[given.record[i]]]
    p, least = {}, []
    for i in judged:
        pool = [j for j in noise if label[j] != label[i]]
        if pool:
            above = sum(pushes(j, label[i]) >= pushes(i, label[i]) for j in pool)
            p[i] = Fraction(1 + above, len(pool) + 1) if pushes(i, label[i]) > 0 else Fraction(1)
            least.append(Fraction(1, len(pool) + 1) if pushes(i, label[i]) > 0 else Fraction(1))
    hypotheses = len(p)
    q = {
        i: min(hypotheses * other / sum(x <= other for x in p.values()) for other in p.values() if other >= p[i])
        for i in p
    }
    level = Fraction(alpha).limit_denominator(1000)
    reachable = any(value * hypotheses <= level * (k + 1) for k, value in enumerate(sorted(least)))
    return p, q, reachable


@st.composite
def corpora(draw: st.DrawFn) -> Evidence:
    """Small corpora with many ties, zeros, lone sentences, and records of every standing."""
    counts = draw(st.lists(st.integers(1, 5), min_size=3, max_size=14))
    size, n = sum(counts), len(counts)
    record = np.repeat(np.arange(n), counts)

    def column(values: list[int], count: int) -> np.ndarray:
        return np.array(draw(st.lists(st.sampled_from(values), min_size=count, max_size=count)))

    label = column([1, 0, 1, 0, 1, 0, 1, 0, -1], n)
    toward = np.where(label == 1, 1, -1)[record]
    return Evidence(
        effect=toward * column([6, 3, 4, 5, 2, 1, 0, -1, -2, -3], size) / 4,
        record=record,
        length=column([5, 1, 4, 9, 11, 14, 20, 30], size),
        position=positions(record),
        label=label,
        standing=column([0] * 9 + [1, 2, 3], n),
        null=column([1, 1, 1, 1, 1, 0], n),
    )


levels = st.sampled_from([0.1, 0.3, 0.5, 0.8])


@given(corpora(), levels)
def test_it_is_the_literal_test(given, alpha):
    found = judge(given, alpha=alpha)
    p, q, reachable = literal(given, alpha)
    assert found.hypotheses == len(p)
    assert found.calibrated == reachable
    level = alpha if reachable else P_LEVEL
    for i, status in enumerate(found.status):
        if status in (Status.DISTINGUISHABLE, Status.CHANCE):
            assert found.p[i] == pytest.approx(float(p[i]), rel=1e-12)
            assert (found.q[i] == pytest.approx(float(q[i]), rel=1e-12)) if reachable else np.isnan(found.q[i])
            value = q[i] if reachable else p[i]
            assert (status == Status.DISTINGUISHABLE) == (value <= Fraction(level).limit_denominator(1000))
        else:
            assert np.isnan([found.p[i], found.q[i]]).all()
            assert p.get(i, 1) == 1
    assert found.discoveries == (found.distinguishable.sum() if reachable else 0)


@settings(max_examples=examples(50))
@given(corpora(), levels)
def test_tau_is_the_smallest_passing_push_of_its_class_and_bin(given, alpha):
    found = judge(given, alpha=alpha)
    label = given.label[given.record]
    for y in (0, 1):
        for b in range(found.edges.size + 1):
            passing = np.abs(given.effect[found.distinguishable & (label == y) & (found.bin == b)])
            assert (found.tau[y, b] == passing.min()) if passing.size else np.isnan(found.tau[y, b])
    own = np.isfinite(found.p)
    tau = found.threshold(label.astype(np.int64))
    if not found.stratified:  # with one pool a class, exceeding tau is the same as passing
        assert np.array_equal(found.distinguishable, own & (np.abs(given.effect) >= tau))
    assert np.isnan(tau[label < 0]).all()


@settings(max_examples=examples(50))
@given(corpora(), levels)
def test_q_is_at_least_p_and_both_are_shares(given, alpha):
    found = judge(given, alpha=alpha)
    p, q = found.p[np.isfinite(found.p)], found.q[np.isfinite(found.q)]
    assert ((p > 0) & (p <= 1)).all()
    if found.calibrated:
        assert (q >= p).all()
        assert (q <= 1).all()


@settings(max_examples=examples(50))
@given(corpora(), st.sampled_from([2.0, 8.0, 1024.0]))
def test_the_unit_of_the_effects_does_not_matter(given, factor):
    before, after = judge(given), judge(replace(given, effect=factor * given.effect))
    same(before, after)
    np.testing.assert_array_equal(factor * before.tau, after.tau)


@settings(max_examples=examples(50))
@given(corpora(), st.randoms(use_true_random=False))
def test_the_order_of_the_records_does_not_matter(given, random):
    order = list(range(given.label.size))
    random.shuffle(order)
    rows = np.concatenate([np.flatnonzero(given.record == r) for r in order])
    place = np.argsort(order)
    shuffled = Evidence(
        **{name: getattr(given, name)[rows] for name in ("effect", "length", "position")},
        record=place[given.record[rows]],
        **{name: getattr(given, name)[order] for name in ("label", "standing", "null")},
    )
    before, after = judge(given), judge(shuffled)
    for name in ("status", "p", "q", "bin"):
        np.testing.assert_array_equal(getattr(before, name)[rows], getattr(after, name))
    np.testing.assert_array_equal(before.tau, after.tau)


@settings(max_examples=examples(50))
@given(corpora())
def test_mirrored_classes_give_mirrored_results(given):
    mirrored = replace(given, effect=-given.effect, label=np.where(given.label < 0, -1, 1 - given.label))
    before, after = judge(given), judge(mirrored)
    same(before, after)
    np.testing.assert_array_equal(before.tau[::-1], after.tau)
    np.testing.assert_array_equal(before.pools[::-1], after.pools)


def same(one: Significance, other: Significance) -> None:
    for name in ("status", "p", "q", "bin", "edges"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("stratified", "hypotheses", "discoveries", "needed", "possible", "calibrated"):
        assert getattr(one, name) == getattr(other, name)


def test_an_example_by_hand():
    """Class 1: pushes of 1, 2, 3, 5. Class 0, signed toward class 1: -4, 1, 3. So p = (1 + 2, 1, 1, 0 above) / 4."""
    found = judge(evidence((1, [1, 2, 3, 5]), (0, [-4, 1, 3])))
    assert found.p[:4].tolist() == [3 / 4, 2 / 4, 2 / 4, 1 / 4]  # a tie counts against the sentence
    assert found.p[4] == 1 / 5  # 4 toward class 0; class 1 pushes there by -1, -2, -3, -5
    assert found.status[5:].tolist() == [Status.AGAINST] * 2
    assert np.isnan(found.p[5:]).all()
    assert found.pools.tolist() == [[1, 2, 1], [1, 1, 1]]
    assert (found.hypotheses, found.needed, found.possible) == (7, 18, 5)  # 7 / (.1 x 4)


def test_a_corpus_too_small_for_q_gives_p_and_a_tau_by_p():
    """40 hypotheses, pools of 20: 191 must pass together at q <= .01, and 20 push their way."""
    given = evidence(*[(1, [9.0, -0.5])] * 10, *[(0, [-0.4, 0.1])] * 10)
    found = judge(given, alpha=0.01)
    assert (found.hypotheses, found.needed, found.possible) == (40, 191, 20)  # 40 / (.01 x 21)
    assert not found.calibrated
    assert np.isnan(found.q).all()
    assert found.tau_rule == "p"
    assert found.discoveries == 0
    assert found.p[0] == 1 / 21
    assert found.p[20] == 11 / 21  # .4, where class 1 pushes toward class 0 by .5 ten times
    assert found.counts[Status.DISTINGUISHABLE] == 10
    np.testing.assert_array_equal(found.tau, [[np.nan], [9.0]])
    assert judge(given).tau_rule == "q"  # 20 must pass together at q <= .1


def test_a_corpus_is_large_enough_where_just_as_many_push_their_way_as_must():
    """m + 1 = 20 in both pools and 38 hypotheses: 19 must pass together at q <= .1."""
    ones = [(1, [5.0])] * 10 + [(1, [-0.1])] * 9
    zeros = [(0, [-5.0])] * 9 + [(0, [0.1])] * 10
    enough = judge(evidence(*ones, *zeros))
    assert (enough.hypotheses, enough.needed, enough.possible, enough.calibrated) == (38, 19, 19, True)
    assert enough.discoveries == 19  # all at q = .1 exactly: fractions, so the border counts
    assert enough.tau.tolist() == [[5.0], [5.0]]
    less = judge(evidence(*ones, *zeros[1:], (0, [0.1])))
    assert (less.needed, less.possible, less.calibrated, less.discoveries) == (19, 18, False, 0)


def test_pools_of_different_size_are_taken_together_only_where_that_helps():
    """99 sentences judge class 0, 9 to 12 judge class 1, whose least p is ten times as large."""
    ones, zeros = [(1, [0.5])] * 99, [(0, [-5.0])] * 9
    found = judge(evidence(*ones, *zeros))
    assert (found.needed, found.possible, found.calibrated) == (108, 108, True)  # both pools, all at their least p
    short = judge(evidence(*ones[1:], (1, [-0.1]), *zeros))
    assert (short.needed, short.possible, short.calibrated) == (108, 107, False)
    many = judge(evidence(*ones[1:], (1, [-0.1]), *zeros, (0, [-5.0]), (0, [-5.0]), (0, [-5.0])))
    assert (many.needed, many.possible, many.calibrated) == (12, 12, True)  # class 0 alone: 111 / (.1 x 100)
    assert many.discoveries == 110


def test_a_sentence_against_its_label_is_no_discovery_but_counts():
    """Class 0 pushes hard its own way, so that even a push of -.1 exceeds all its pushes toward class 1."""
    found = judge(evidence(*[(1, [-0.1])] * 30, *[(0, [-5.0])] * 30))
    assert found.counts[Status.AGAINST] == 30
    assert found.hypotheses == 60
    assert np.isnan(found.p[:30]).all()
    assert found.q[30:] == pytest.approx(np.full(30, 2 / 31))  # 1/31 x 60/30; with the others' p it would be 1/31


def test_what_is_missing_is_refused_by_name_and_nothing_else_happens():
    everything = [(1, [2.0, -1.0]), (0, [-2.0, 1.0])]
    cases = {
        Status.TRAINING: evidence(*everything, standing=[Standing.TRAINING] * 2),
        Status.VALIDATION: evidence(*everything, standing=[Standing.VALIDATION] * 2),
        Status.UNKNOWN_STANDING: evidence(*everything, standing=[Standing.UNKNOWN] * 2),
        Status.UNLABELLED: evidence((-1, [2.0, -1.0]), (-1, [-2.0, 1.0])),
        Status.NO_POOL: evidence((1, [2.0, -1.0]), (1, [-2.0, 1.0])),
    }
    assert set(cases) == REFUSALS
    for status, case in cases.items():
        found = judge(case)
        assert found.counts == {other: 4 if other == status else 0 for other in Status}
        assert np.isnan(found.p).all()
        assert np.isnan(found.q).all()
        assert np.isnan(found.tau).all()
        assert (found.calibrated, found.tau_rule, found.hypotheses) == (False, "none", 0)
        assert (found.needed, found.possible, found.discoveries) == (0, 0, 0)
        assert (found.spread > 0).all()  # D / s can be had all the same


def test_of_several_reasons_the_first_is_given():
    given = evidence(
        (1, [0.0, -1.0, 1.0]),  # training
        (-1, [0.0, 1.0]),  # training, no label
        (-1, [1.0]),  # unknown, no label
        (1, [1.0]),  # unknown
        (1, [0.0, 9e-6, -1.0, 1.0]),
        (0, [-1.0]),
        standing=[1, 1, 3, 3, 0, 0],
    )
    no, training = Status.NO_EFFECT, Status.TRAINING
    found = judge(given).status.tolist()
    assert found[:5] == [no, training, training, no, training]
    assert found[5:7] == [Status.UNLABELLED, Status.UNKNOWN_STANDING]
    assert found[7:] == [no, no, Status.AGAINST, Status.CHANCE, Status.CHANCE]


def test_one_class_may_be_judged_where_the_other_has_no_pool():
    """The records of class 0 may not serve as noise: class 1 has nothing to be compared with, class 0 has."""
    found = judge(evidence((1, [1.0, -1.0]), (0, [-2.0, 1.0]), null=[True, False]))
    assert found.status.tolist() == [Status.NO_POOL] * 2 + [Status.CHANCE, Status.AGAINST]
    assert found.pools.sum(axis=1).tolist() == [2, 0]
    assert found.hypotheses == 2


def test_no_sentences_no_verdicts():
    found = judge(evidence())
    assert found.status.size == 0
    assert sum(found.counts.values()) == 0
    assert found.tau.shape == (2, 1)


@pytest.mark.parametrize("short", [None, *((y, s) for y in (0, 1) for s in Position)])
def test_pools_are_split_by_position_only_where_all_six_have_200_sentences(short):
    """Records of three sentences whose middle pushes harder; `short`: the pool that lacks one sentence."""
    rng = np.random.default_rng(0)
    records = [(y, list(rng.normal(0, [1, 5, 1]))) for y in (0, 1) for _ in range(LEAST_STRATUM)]
    given = evidence(*records)
    if short is not None:
        label, position = short
        row = np.flatnonzero((given.label[given.record] == label) & (given.position == position))[0]
        kept = np.delete(np.arange(given.effect.size), row)
        given = replace(
            given, **{name: getattr(given, name)[kept] for name in ("effect", "record", "length", "position")}
        )
    found = judge(given)
    assert found.stratified == (short is None)
    assert found.pools.min() == LEAST_STRATUM - (short is not None)
    strong = found.p <= P_LEVEL
    share = [strong[given.position == s].mean() for s in Position]
    if found.stratified:
        assert share[0] > 0.02  # compared with first sentences alone
        assert found.p[np.isfinite(found.p)].min() == pytest.approx(1 / 201)
    else:
        assert share[0] == 0  # drowned by the middle ones
        assert share[1] > 0.1


def test_effects_are_compared_within_their_length():
    """Long sentences push ten times as far; a short one that pushes far for its length has a small p."""
    rng = np.random.default_rng(0)
    records = [(k % 2, list(rng.normal(0, [0.1, 1.0]))) for k in range(100)]
    records[1] = (1, [0.5, 0.5])
    found = judge(evidence(*records, lengths=[5, 30] * 100))
    assert found.edges.tolist() == [30]
    assert found.p[2] == 1 / 101
    assert found.p[3] > 0.2


@pytest.mark.parametrize("alpha", [0.0, 1.0, -0.1, float("nan")])
def test_alpha_is_a_share(alpha):
    with pytest.raises(ValueError, match="alpha is a share"):
        judge(evidence((1, [1.0])), alpha=alpha)
