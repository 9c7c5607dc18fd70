"""What the corpus shows, on papers whose every number can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.corpus.overview import PLACES, Tally, decisions, place_effects, strongest
from sitegen.models.probabilities import probability
from tests.analysis.effects import collected
from tests.classifiers import Bag, Joint, document

# Bag: the title counts double; good 1.5, bad -2, network .75, simulation 2.25, interview -1.25, we .125; bias -.25
DOCUMENTS = [
    document("Good", "We study a network.", "It is bad.", "Simulation it is, and it is good."),
    document("Bad interview", "A network.", "Nothing is known."),
    document("", "One good sentence."),
    document("Simulation"),
]
POSITIVE = np.array([True, False, True, True])


def tally(classifier=None, documents=DOCUMENTS):
    occlusions = occlude(documents, classifier or Bag())
    found = Tally()
    for occlusion in occlusions:
        found.add(occlusion)
    return found, collected(documents, classifier or Bag())


def sentences(*totals: int) -> SentenceEffects:
    """Abstracts of so many sentences each, whose shares are 1, 2, 3 and so on; all else is 0."""
    number = np.concatenate([np.arange(total) for total in totals])
    others = dict.fromkeys(("alone", "share", "leave_one_out", "change"), number * 0.0)
    return SentenceEffects(
        record=np.repeat(np.arange(len(totals)), totals), number=number, share_change=number + 1.0, **others
    )


def test_sentences_are_grouped_by_where_they_stand():
    found, effects = tally()
    places = place_effects(effects, lengths=found.lengths, positive=POSITIVE)
    assert [(place.place, place.sentences) for place in places] == [("first", 2), ("middle", 1), ("last", 2)]
    first, middle, last = places
    one, other = effects.share_change[effects.number == 0].tolist()[:2]
    # first: toward positive in a positive paper, and in a negative one; 4 and 2 words
    assert one > 0
    assert other > 0
    assert first.size.mean == pytest.approx((one + other) / 2)
    assert first.toward.mean == pytest.approx((one - other) / 2)
    assert (first.size.low, first.size.high) == pytest.approx(np.quantile([one, other], (0.25, 0.75)))
    assert first.tokens == 3
    assert first.per_token == pytest.approx((one + other) / 6)
    assert middle.toward.mean == pytest.approx(-middle.size.mean)
    assert last.size.mean == pytest.approx(np.abs(effects.share_change[[2, 4]]).mean())
    assert last.tokens == 5


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (1, ""),
        (2, "first last"),
        (3, "first middle last"),
        (4, "first early late last"),
        (5, "first early middle late last"),
        (6, "first early middle middle late last"),
        (8, "first early early middle middle late late last"),
        (9, "first early early middle middle middle late late last"),
    ],
)
def test_the_parts_between_are_equal_and_mirror_each_other(total, expected):
    effects = sentences(total)
    places = place_effects(effects, lengths=np.ones(total, dtype=np.int32), positive=np.array([True]))
    assert [name for place in places for name in [place.place] * place.sentences] == expected.split()
    assert [place.place for place in places] == [name for name in PLACES if name in expected.split()]


def test_an_abstract_of_one_sentence_does_not_number_its_neighbours():
    places = place_effects(sentences(1, 3, 1), lengths=np.ones(5, dtype=np.int32), positive=np.ones(3, dtype=bool))
    assert [(place.place, place.size.mean) for place in places] == [("first", 1), ("middle", 2), ("last", 3)]


def test_no_sentences_have_no_places():
    found, effects = tally(documents=[document("Good")])
    assert place_effects(effects, lengths=found.lengths, positive=np.array([True])) == ()


def test_the_parts_add_up_to_the_margin():
    found, _ = tally()
    parts = found.parts
    assert parts.title.tolist() == [3.0, -6.5, 0.0, 4.5]
    assert parts.abstract.tolist() == [2.625, 0.75, 1.5, 0.0]
    assert parts.bias == -0.25
    assert parts.title_read.tolist() == [True, True, False, True]
    assert parts.abstract_read.tolist() == [True, True, True, False]
    found = decisions(parts, positive=POSITIVE, threshold=0.5)
    margins = parts.title + parts.abstract + parts.bias
    assert found.average + found.title + found.abstract == pytest.approx(margins)
    assert found.title == pytest.approx(parts.title - (3.0 - 6.5 + 4.5) / 3)  # the empty title makes no average
    assert found.abstract == pytest.approx(parts.abstract - 1.625)


def test_a_field_alone_stands_beside_the_others_average():
    found = decisions(tally()[0].parts, positive=POSITIVE, threshold=0.5)
    # the average is 1/3 + 1.625 - .25 = 1.708; titles beside it 4.375, -5.125, 1.375, 5.875; abstracts 2.708, .833,
    # 1.583, .083
    assert found.average == pytest.approx(1 / 3 + 1.625 - 0.25)
    assert found.title_agrees.tolist() == [True, True, True, True]
    assert found.abstract_agrees.tolist() == [True, False, True, True]
    assert found.count(title=True, abstract=True) == 3
    assert found.count(title=True, abstract=False) == 1
    assert found.count(title=False, abstract=True) == found.count(title=False, abstract=False) == 0
    assert (found.abstract_further, found.title_further) == (0, 4)
    strict = decisions(tally()[0].parts, positive=POSITIVE, threshold=float(probability(5.0)))
    assert strict.title_agrees.tolist() == [False, True, False, True]


def test_which_field_lies_further_is_counted_a_record_at_a_time():
    documents = [document("Good", "Bad. Bad bad."), document("Good", "Good."), document("Network", "Good.")]
    found = decisions(tally(documents=documents)[0].parts, positive=np.array([False, True, True]), threshold=0.5)
    # titles 3, 3, 1.5: +.5, +.5, -1; abstracts -6, 1.5, 1.5: -5, +2.5, +2.5
    assert found.title == pytest.approx([0.5, 0.5, -1.0])
    assert found.abstract == pytest.approx([-5, 2.5, 2.5])
    assert (found.abstract_further, found.title_further) == (3, 0)
    assert strongest(found.abstract, among=np.ones(3, dtype=bool), toward=1, limit=5) == [1, 2]
    assert strongest(found.abstract, among=np.ones(3, dtype=bool), toward=0, limit=5) == [0]
    assert strongest(found.title, among=np.array([False, True, True]), toward=1, limit=5) == [1]
    assert strongest(found.abstract, among=np.ones(3, dtype=bool), toward=1, limit=1) == [1]


def test_fields_that_meet_have_no_parts():
    assert tally(Joint())[0].parts is None
    assert Tally().parts is None


def test_without_any_title_there_is_no_average():
    parts = tally(documents=[document("", "Good."), document("Unheard", "Bad.")])[0].parts
    assert decisions(parts, positive=np.array([True, False]), threshold=0.5) is None


def test_unknown_words_are_counted_in_both_fields():
    found = tally(documents=[document("Zebra", "A zebra is good.", "A zebra."), document("Good"), document("Is it")])[0]
    vocabulary = found.vocabulary
    assert (vocabulary.tokens, vocabulary.unknown, vocabulary.records) == (10, 8, 2)
    assert [(word.word, word.occurrences, word.records, word.example) for word in vocabulary.words] == [
        ("zebra", 3, 1, 0),
        ("a", 2, 1, 0),
        ("is", 2, 2, 0),
        ("it", 1, 1, 2),
    ]
