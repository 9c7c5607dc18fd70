"""The band of random spans: which spans are drawn, and that it is a matter of the text alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.random_spans import SPANS, random_spans, span_bands, text_generator
from tests.analysis.documents import documents
from tests.classifiers import WEIGHTS, Bag, Joint, document
from tests.effort import examples

LONG = document("we", *(" ".join(["good", "bad", "x", "we"][k % 4] for k in range(n)) for n in (9, 12, 9, 30)))


@settings(max_examples=examples(60))
@given(doc=documents)
@example(doc=LONG)
def test_spans_have_the_sentences_length_and_lie_in_the_text(doc):
    n = len(doc.abstract.tokens)
    for (start, end), spans in zip(doc.abstract.sentence_ranges, random_spans(doc.abstract), strict=True):
        assert len(spans) == len(set(spans)) == min(SPANS, n - (end - start) + 1)
        assert spans == sorted(spans)
        assert min(spans)[0] >= 0
        assert all(b <= n and b - a == end - start for a, b in spans)


def test_every_place_is_as_likely_as_any_other():
    drawn = np.zeros(40)
    for k in range(1500):
        for start, _ in random_spans(document("", f"w{k}", " ".join(["x"] * 39)).abstract)[0]:
            drawn[start] += 1
    expected = 1500 * SPANS / 40
    assert np.abs(drawn - expected).max() < 4 * np.sqrt(expected * (1 - SPANS / 40))


def test_spans_depend_on_the_text_and_the_length_alone():
    spans = random_spans(LONG.abstract)
    assert spans[0] == spans[2]  # of equal length
    assert spans == random_spans(LONG.abstract)
    other = document("we", *(" ".join(["good"] * n) for n in (9, 12, 9, 30))).abstract
    assert spans != random_spans(other)
    one, other = (text_generator(LONG.abstract.tokens, seed=seed).random(3) for seed in (1, 2))
    assert not np.array_equal(one, other)


@pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
def test_the_band_does_not_depend_on_company_or_order(model):
    others = [document("good", "bad network.", "we"), document("", "simulation")]
    alone = occlude([LONG], model)[0].span_bands
    for company in ([LONG, *others], [*others, LONG]):
        together = {id(one.document): one for one in occlude(company, model)}[id(LONG)]
        np.testing.assert_array_equal(together.span_bands, alone)
    assert (alone[:, 0] < alone[:, 1]).all()


def test_the_only_sentence_has_its_own_effect_as_band():
    occlusion = occlude([document("we", "good network x")], Bag())[0]
    assert occlusion.span_bands.tolist() == [[WEIGHTS["good"] + WEIGHTS["network"]] * 2] == [[*occlusion.sentences] * 2]
    assert occlude([document("we")], Bag())[0].span_bands.shape == (0, 2)


def test_a_further_value_lies_outside_one_time_in_ten():
    rng = np.random.default_rng(0)
    bands = span_bands(list(rng.normal(size=(4000, SPANS))))
    further = rng.normal(size=4000)
    outside = np.mean((further < bands[:, 0]) | (further > bands[:, 1]))
    assert abs(outside - 0.1) < 4 * np.sqrt(0.09 / 4000)
