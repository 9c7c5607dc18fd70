"""The error rates of the test of significance, on corpora in which it is known which sentences matter.

A corpus is 200 records of 8 sentences, half of each class. The model is a bag of words: each of 2,000 words has a
weight, drawn once from N(0, .25), and a sentence's leave-one-out effect is the sum of its words' weights. Sentences
have 5 to 40 words, drawn by a Zipf law and independently of the class: so without more, effects are noise that grows
with length, has a shift (the frequent words' weights) and depends from sentence to sentence (shared words). In a
*planted* sentence a quarter of the words are markers of its record's class, each of weight MARKER toward it: pushes of
about 5 standard deviations of the noise.

A true discovery is a planted sentence that passes. Rates are means over 20 corpora, seeds fixed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pytest

from sitegen.analysis.significance.strata import positions
from sitegen.analysis.significance.test import Evidence, Standing, Status, judge

REPEATS = 20
WORDS = 2000
MARKER = 1.2  # log-odds


def corpus(
    seed: int, *, planted: float, records: int = 200, sentences: int = 8, marker: float = MARKER
) -> tuple[Evidence, np.ndarray]:
    """The evidence of one corpus and which of its sentences were planted. planted: their share; marker: the
    weight of their words."""
    rng = np.random.default_rng(seed)
    label = rng.permutation(np.arange(records) % 2)
    record = np.repeat(np.arange(records), sentences)
    length = rng.integers(5, 41, size=record.size)
    weight = rng.normal(0, 0.25, size=WORDS)
    frequency = 1 / (np.arange(WORDS) + 10)
    tokens = rng.choice(WORDS, size=length.sum(), p=frequency / frequency.sum())
    of_token = np.repeat(np.arange(record.size), length)
    place = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    chosen = rng.permutation(record.size) < round(planted * record.size)
    marked = chosen[of_token] & (place < np.ceil(length / 4)[of_token])
    toward = np.where(label[record] == 1, 1.0, -1.0)
    values = np.where(marked, marker * toward[of_token], weight[tokens])
    evidence = Evidence(
        effect=np.bincount(of_token, weights=values),
        record=record,
        length=length,
        position=positions(record),
        label=label,
        standing=np.zeros(records),
        null=np.ones(records),
    )
    return evidence, chosen


@dataclass(frozen=True)
class Rates:
    """Means over the repeats: share of hypotheses with p <= .05, of corpora with any discovery, of false ones among
    the discoveries (0 where there are none), of planted sentences that were discovered."""

    small_p: float
    any_discovery: float
    false: float
    power: float


def rates(planted: float) -> Rates:
    rows = []
    for seed in range(REPEATS):
        evidence, chosen = corpus(seed, planted=planted)
        found = judge(evidence)
        passed = found.distinguishable
        rows.append(
            (
                np.sum(found.p <= 0.05) / found.hypotheses,
                passed.any(),
                np.sum(passed & ~chosen) / max(passed.sum(), 1),
                np.sum(passed & chosen) / max(chosen.sum(), 1),
            )
        )
    return Rates(*np.mean(rows, axis=0))


def test_without_signal_nothing_is_found():
    measured = rates(0.0)
    assert 0.03 <= measured.small_p <= 0.07
    assert measured.any_discovery <= 0.2


@pytest.mark.parametrize("planted", [0.15, 0.03])
def test_planted_sentences_are_found_and_few_others(planted):
    measured = rates(planted)
    assert measured.false <= 0.13
    assert measured.power >= 0.9


def test_the_generator_plants_what_it_says():
    evidence, chosen = corpus(0, planted=0.15)
    assert chosen.sum() == 240
    toward = np.where(evidence.label[evidence.record] == 1, 1, -1)
    noise = evidence.effect[~chosen] / np.sqrt(evidence.length[~chosen])
    shift = (toward * evidence.effect)[chosen].mean() / np.sqrt(evidence.length[chosen]).mean()
    assert 4 <= shift / noise.std() <= 6
    assert abs(np.corrcoef(evidence.effect[~chosen], toward[~chosen])[0, 1]) < 0.1  # else there is signal in the noise


@pytest.mark.parametrize("standing", [Standing.TRAINING, Standing.VALIDATION, Standing.UNKNOWN])
def test_records_the_model_may_have_seen_are_refused_and_change_nothing(standing):
    """Half of the records are seen, and the other class of every one of them is planted in full."""
    evidence, _ = corpus(1, planted=0.15)
    seen = np.arange(evidence.label.size) >= 100
    loud = seen[evidence.record]
    mixed = replace(
        evidence, standing=np.where(seen, standing, 0), effect=np.where(loud, 50 * evidence.effect, evidence.effect)
    )
    found = judge(mixed)
    refused = {
        Standing.TRAINING: Status.TRAINING,
        Standing.VALIDATION: Status.VALIDATION,
        Standing.UNKNOWN: Status.UNKNOWN_STANDING,
    }[standing]
    assert (found.status[loud] == refused).all()
    assert np.isnan(found.p[loud]).all()
    assert np.isnan(found.q[loud]).all()
    alone = judge(
        replace(
            evidence,
            **{name: getattr(evidence, name)[~loud] for name in ("effect", "record", "length", "position")},
        )
    )
    assert np.array_equal(found.q[~loud], alone.q, equal_nan=True)
    assert np.array_equal(found.tau, alone.tau, equal_nan=True)
    assert found.hypotheses == 800


def test_predicted_classes_in_place_of_gold_ones_invent_discoveries():
    """Why the test asks for gold labels: a class predicted from the effects agrees with them by construction."""
    shares = []
    for seed in range(REPEATS):
        evidence, _ = corpus(seed, planted=0.0)
        margin = np.bincount(evidence.record, weights=evidence.effect)
        found = judge(replace(evidence, label=(margin > np.median(margin)).astype(np.int8)))
        shares.append(np.sum(found.p <= 0.05) / found.hypotheses)
    assert np.mean(shares) > 0.1


def test_misleading_records_spoil_a_small_pool_unless_they_are_kept_out():
    """A tenth of 96 records have the text of one class and the label of the other."""
    power: dict[bool, list[float]] = {True: [], False: []}
    for seed in range(REPEATS):
        evidence, chosen = corpus(seed, planted=0.15, records=96)
        wrong = np.random.default_rng(1000 + seed).permutation(96) < 10
        label = np.where(wrong, 1 - evidence.label, evidence.label).astype(np.int8)
        right = chosen & ~wrong[evidence.record]
        for kept_out, found in power.items():
            passed = judge(replace(evidence, label=label, null=~wrong | (not kept_out))).distinguishable
            found.append(np.sum(passed & right) / right.sum())
    assert np.mean(power[True]) > 0.9
    assert np.mean(power[False]) < 0.6
