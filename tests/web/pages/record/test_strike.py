"""The data of what can be taken out: the model's own answers, in few bytes, and why some are missing."""

from __future__ import annotations

import base64
import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks, subset_masks
from sitegen.analysis.attribution.occlusion import occlude, probability
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.attribution.untitled import untitled_subsets
from sitegen.corpus.segment import segment
from sitegen.models.registry import load
from sitegen.web.pages.record.strike import packed, strike_data
from tests.classifiers import Bag, Drawn, DrawnParts, Joint, document

CONTENT = Path(__file__).parents[4] / "content"
POINTS = 0.0001  # a hundredth of a percentage point
WORDS = ("good", "bad", "network", "simulation", "interview", "we")
EVERY_MODEL = pytest.mark.parametrize(
    "model", [Bag(), Joint(), Drawn(), DrawnParts()], ids=lambda model: type(model).__name__
)


def made(doc, model, *, baseline="deleted", limit=10, shares=True, untitled=True):
    """The data of a document as a page carries it, read back from JSON, with the effects that the page has anyway."""
    stand_in = BASELINES[baseline]
    (occlusion,) = occlude([doc], model, baseline=stand_in)
    data = strike_data(
        occlusion,
        read_alone([doc], model)[0],
        shapley=shapley([doc], model, limit=limit, baseline=stand_in)[0] if shares else None,
        untitled=untitled_subsets([doc], model, baseline=stand_in)[0] if untitled and not model.additive else None,
        replaced=stand_in.replaces,
    )
    effects = {"whole": occlusion.margin, "effects": occlusion.sentences.tolist()} if "sums" in data else {}
    return json.loads(json.dumps({**data, **effects}))


def unpacked(table):
    if table.get("sums"):
        return table["whole"] - ~subset_masks(len(table["effects"])) @ np.array(table["effects"])
    return np.frombuffer(base64.b64decode(table["margins"]), "<i2") * table["scale"]


def tables(data):
    """The margins of all subsets under the title, and without it."""
    titled, untitled = unpacked(data), data["untitled"]
    return titled, unpacked(untitled) if isinstance(untitled, dict) else titled + untitled


def of_length(n, title="good we"):
    return document(title, *(f"{WORDS[k % 6]} {WORDS[k // 6]} we." for k in range(n)))


def asked(doc, model, *, titled):
    """The same from analysis' own masks, with the title or with all of it hidden."""
    keep = sentence_masks(doc, subset_masks(len(doc.abstract.sentence_ends)))
    hidden = np.zeros((len(keep), len(doc.title.tokens)), dtype=bool)
    return masked_margins([doc], model, [(None if titled else hidden, keep)])[0]


@EVERY_MODEL
@pytest.mark.parametrize("n", [0, 1, 4, 10])
def test_both_tables_are_what_the_model_says(model, n):
    doc = of_length(n)
    data = made(doc, model)
    for table, titled in zip(tables(data), (True, False), strict=True):
        expected = asked(doc, model, titled=titled)
        assert np.abs(probability(table) - probability(expected)).max() < POINTS
    assert (data["why"], data["replaced"]) == ("", False)


@pytest.mark.slow
def test_the_demo_model_says_the_same_when_it_is_asked():
    with (CONTENT / "records.csv").open(encoding="utf-8", newline="") as stream:
        record = next(csv.DictReader(stream))
    model = load(CONTENT / "model")
    doc = segment(record["title"], record["abstract"], model.segmentation)
    data = made(doc, model)
    assert isinstance(data["untitled"], float)
    for table, titled in zip(tables(data), (True, False), strict=True):
        assert table.size > 16
        assert np.abs(probability(table) - probability(asked(doc, model, titled=titled))).max() < POINTS


@pytest.mark.parametrize("spread", [0.01, 2.1, 10.0, 25.0])
def test_no_probability_is_more_than_a_hundredth_of_a_point_off(spread):
    exact = np.linspace(-spread, spread, 9999)
    off = np.abs(probability(unpacked(packed(exact))) - probability(exact)).max()
    assert off < (POINTS if spread > 10 else 0.4 * POINTS)


def test_half_precision_would_be_further_off():
    exact = np.linspace(2, 2.1, 9999)
    assert np.abs(probability(exact.astype(np.float16)) - probability(exact)).max() > POINTS


@pytest.mark.parametrize("margins", [[0.0], [0.0, 0.0], [-3.0], [1e-300, 0.0]])
def test_the_ends_are_exact(margins):
    np.testing.assert_allclose(unpacked(packed(np.array(margins))), margins, rtol=1e-12)


def test_ten_sentences_take_under_three_kilobytes_a_table():
    assert len(json.dumps(made(of_length(10), DrawnParts()))) < 2_850
    assert len(json.dumps(made(of_length(10), Drawn()))) < 5_700


def test_a_model_that_adds_sentences_up_needs_no_table():
    doc, model = of_length(10), Bag()
    (occlusion,), (alone,), (shares,) = occlude([doc], model), read_alone([doc], model), shapley([doc], model)
    given = {"untitled": None, "replaced": False}
    data = strike_data(occlusion, alone, shapley=shares, **given)
    assert data["sums"]
    assert data["margins"] is None
    assert len(json.dumps(data)) < 120
    other = shares.subsets.copy()
    other[700] += 0.001  # one subset in which two of them do something together
    data = strike_data(occlusion, alone, shapley=replace(shares, subsets=other), **given)
    assert "sums" not in data
    assert np.abs(unpacked(data) - other).max() <= data["scale"]


@pytest.mark.parametrize("model", [Drawn(), DrawnParts()], ids=["joint", "additive"])
def test_a_baseline_that_replaces_text_stands_for_sentences_and_never_for_the_title(model):
    doc = document("good we", "bad network.", "we simulation.")
    data = made(doc, model, baseline="mean")
    assert data["replaced"]
    stand_in = model.stand_ins["mean"]
    kept = [[stand_in] * 4, ["bad", "network", stand_in, stand_in], [stand_in, stand_in, "we", "simulation"]]
    for table, title in zip(tables(data), (doc.title.tokens, ()), strict=True):
        expected = model.margins([title] * 4, [*kept, doc.abstract.tokens])
        assert np.abs(probability(table) - probability(expected)).max() < POINTS


@pytest.mark.parametrize("title", ["", "unheard of"])
def test_a_title_that_the_model_does_not_read_makes_no_difference(title):
    data = made(document(title, "good.", "bad."), Drawn())
    assert data["untitled"] == 0


@pytest.mark.parametrize(
    ("n", "model", "options", "why"),
    [
        (3, Bag(), {}, ""),
        (3, Joint(), {}, ""),
        (
            3,
            Joint(),
            {"untitled": False},
            "The title cannot be taken out together with sentences: the model reads both",
        ),
        (11, Bag(), {}, "Only one sentence can be taken out at a time: more than 10 sentences have too many"),
        (11, Joint(), {"untitled": False}, "Only one sentence, or the title, can be taken out at a time: more than 10"),
        (3, Bag(), {"limit": 0}, "Only one sentence can be taken out at a time: the model was asked about a sample"),
        (3, Bag(), {"shares": False}, "Only one sentence can be taken out at a time: the model is asked about their "),
        (11, Bag(), {"shares": False}, "Only one sentence can be taken out at a time: more than 10 sentences"),
        (2, Bag(), {"shares": False}, ""),  # without one, without the other, without either: all are known
        (2, Bag(), {"shares": False, "baseline": "zero"}, "Only one sentence can be taken out at a time: the model is"),
        (2, Joint(), {"shares": False, "untitled": False}, "The title cannot be taken out together with sentences"),
        (1, Joint(), {"shares": False, "untitled": False}, ""),  # without both it is the answer to nothing
        (1, Joint(), {"shares": False, "untitled": False, "baseline": "zero"}, "The title cannot be taken out"),
        (0, Joint(), {"shares": False, "untitled": False}, ""),
    ],
)
def test_it_says_what_cannot_be_taken_out_and_why(n, model, options, why):
    data = made(of_length(n), model, **options)
    assert data["why"].startswith(why)
    assert data["why"].endswith("." if why else "")
    several = options.get("shares", True) and n <= options.get("limit", 10)
    assert (data["margins"] is not None or "sums" in data) == several
    assert (data["untitled"] is not None) == (model.additive or options.get("untitled", True))


def test_a_table_of_another_abstract_is_refused():
    doc, model = of_length(2), Joint()
    (occlusion,), (alone,), (shares,) = occlude([doc], model), read_alone([doc], model), shapley([doc], model)
    with pytest.raises(ValueError, match="a table of 8 subsets is not one of 2 sentences"):
        strike_data(occlusion, alone, shapley=shares, untitled=np.zeros(8, dtype=np.float32), replaced=False)
