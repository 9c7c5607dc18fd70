"""What is put together keeps its tokens, places and sentences."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.faithfulness.composed import document, joined, neutral_pieces, pieces, sources, zero_alone
from tests.analysis.faithfulness.models import NEUTRAL, found, values
from tests.classifiers import Bag
from tests.classifiers import document as paper

PAPERS = [paper("Good", "Good we.", "A network."), paper("", "Bad bad.", "So bad.", "We.")]


def test_pieces_know_their_text_and_what_they_say_alone():
    (record, _) = values(PAPERS, Bag())
    first, second = pieces(record)
    assert [piece.source.text[piece.start : piece.end] for piece in (first, second)] == ["Good we.", "A network."]
    assert [first.alone, second.alone] == pytest.approx([1.5 + 0.125 - 0.25, 0.75 - 0.25])


def test_a_text_of_pieces_keeps_tokens_and_places():
    chosen = [*pieces(values(PAPERS, Bag())[1])[::-1], *neutral_pieces(NEUTRAL[:1], Bag())]
    text = joined(chosen)
    assert text.text == "We. So bad. Bad bad. All rights reserved."
    assert [text.text[a:b].lower() for a, b in text.spans] == list(text.tokens)
    assert [text.text[a:b] for a, b in text.sentence_spans] == ["We.", "So bad.", "Bad bad.", "All rights reserved."]
    assert [text.tokens[a:b] for a, b in text.sentence_ranges] == [
        piece.source.tokens[piece.first : piece.behind] for piece in chosen
    ]


def test_a_paper_put_together_from_its_own_sentences_reads_the_same():
    for record in values(PAPERS, Bag()):
        again = document(record.occlusion.document.title, pieces(record))
        assert again.abstract.tokens == record.occlusion.document.abstract.tokens
        assert again.abstract.sentence_ends.tolist() == record.occlusion.document.abstract.sentence_ends.tolist()


def test_nothing_joined_is_an_empty_text():
    assert joined([]).tokens == ()
    assert document(joined([]), []).abstract.sentence_ranges == []


def test_a_neutral_sentence_is_one_piece_however_it_is_cut_and_one_without_a_token_is_none():
    two, one = neutral_pieces([" All rights reserved. No bad word. ", "…", "Good."], Bag())
    assert len(two.source.sentence_ranges) == 2
    assert (two.first, two.behind) == (0, len(two.source.tokens))
    assert two.source.text[two.start : two.end] == "All rights reserved. No bad word."
    assert (two.alone, one.alone) == pytest.approx((-2.25, 1.25))


def test_zero_is_the_median_neutral_sentence_or_an_empty_text():
    assert zero_alone(neutral_pieces(["Good.", "Bad.", "We."], Bag()), Bag()) == pytest.approx(0.125 - 0.25)
    assert zero_alone([], Bag()) == -0.25


def test_misread_papers_are_no_sources():
    counted = found([*PAPERS, *PAPERS, paper("good")], Bag(), labels=[1, 0, 0, None, 1])
    assert (counted.counts, counted.misread) == ((2, 1), 1)
    assert found(PAPERS, Bag(), threshold=0.05).counts == (1, 1)
    assert found(PAPERS, Bag(), threshold=0.001).counts == (0, 2)
    assert sources([], [], threshold=0.5).counts == (0, 0)


def test_values_alone_are_those_of_each_measure():
    record = values(PAPERS, Bag())[0]
    assert record.alone.tolist() == np.float32([1.375, 0.5]).tolist()
