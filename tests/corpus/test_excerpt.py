"""What is left of a text, as a string: what a person would have left who took the same piece out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.corpus.excerpt import Excerpt, cut_after
from sitegen.corpus.segment import Segmentation, SegmentedText, segment

ABSTRACT = 'Each agent (of ten) follows "two rules", no more. Really! Order, we found, appears.'


def abstract_of(text: str, title: str = "", *, tokenizer: str = "words") -> SegmentedText:
    return segment(title, text, Segmentation(tokenizer=tokenizer)).abstract


def without(field: SegmentedText, *hidden: int, stand_in: str | None = None) -> str:
    kept = np.array([k not in hidden for k in range(len(field.tokens))], dtype=bool)
    return Excerpt(field, (), kept=kept, stand_in=stand_in).text


@pytest.mark.parametrize(
    ("text", "hidden", "left"),
    [
        ("We simulate crowds.", [1], "We crowds."),
        ("We simulate crowds.", [0], "simulate crowds."),
        ("We simulate crowds.", [2], "We simulate."),
        ("Crowds, we say, queue.", [1, 2], "Crowds,, queue."),
        ("Crowds, we say, queue.", [2], "Crowds, we, queue."),
        ("Crowds (of ten) queue.", [1], "Crowds (ten) queue."),
        ("Crowds (of ten) queue.", [2], "Crowds (of) queue."),
        ("Crowds  \n queue here.", [1], "Crowds here."),
        ("and/or so", [1], "and/so"),
        ("One. Two three. Four.", [1, 2], "One. Four."),  # a sentence goes with its stop
        ("One. Two three. Four.", [0], "Two three. Four."),
        ("One. Two three. Four.", [3], "One. Two three."),
        ("One. Two three. Four.", [0, 1, 2, 3], ""),
        ("One here. Two three. Four.", [1, 2], "One three. Four."),  # a run over a boundary takes the stop inside it
        ("One. Two three. Four.", [0, 3], "Two three."),
        ("“One.” “Two three.”", [0], "“Two three.”"),
    ],
)
def test_hidden_tokens_go_with_a_neighbouring_blank(text: str, hidden: list[int], left: str) -> None:
    assert without(abstract_of(text), *hidden) == left


def test_words_never_grow_together() -> None:
    pytest.importorskip("nltk")
    field = abstract_of("We don't go.", tokenizer="nltk")
    assert field.tokens[:4] == ("we", "do", "n't", "go")
    assert without(field, 1) == "We n't go."
    assert without(field, 2) == "We do go."
    glued = abstract_of('Say"yes"now to it.', tokenizer="nltk")
    places = [k for k, token in enumerate(glued.tokens) if token not in ("say", "now", "to", "it", ".")]
    assert without(glued, *places) == "Say now to it."


@pytest.mark.parametrize(
    ("count", "left"),
    [
        (0, ""),
        (1, "Each"),
        (3, "Each agent (of"),
        (6, 'Each agent (of ten) follows "two'),
        (9, 'Each agent (of ten) follows "two rules", no more.'),
        (10, 'Each agent (of ten) follows "two rules", no more. Really!'),
        (11, 'Each agent (of ten) follows "two rules", no more. Really! Order'),
        (14, ABSTRACT),
    ],
)
def test_a_text_is_cut_after_a_token_and_a_sentence_after_its_stop(count: int, left: str) -> None:
    field = abstract_of(ABSTRACT)
    cut = cut_after(field, count)
    assert cut.text == left
    assert list(cut) == list(field.tokens[:count])


def test_a_whole_text_is_left_as_it_was_written() -> None:
    assert without(abstract_of("  Odd   spaces.\n")) == "  Odd   spaces.\n"
    assert without(abstract_of("* * *")) == cut_after(abstract_of("* * *"), 0).text == "* * *"
    repeated = abstract_of("Crowds queue. They wait. They go.", title="Crowds queue")
    assert without(repeated) == "They wait. They go."
    assert without(repeated, 0, 1) == "They go."
    assert cut_after(repeated, 1).text == "They"


def test_a_stand_in_takes_the_place_of_each_hidden_token() -> None:
    assert without(abstract_of("Crowds, we say, queue."), 1, 2, stand_in="[MASK]") == "Crowds, [MASK] [MASK], queue."
    assert without(abstract_of("One. Two."), 1, stand_in="…") == "One. …."


def test_an_excerpt_is_the_sequence_of_its_tokens() -> None:
    field = abstract_of("One two three.")
    excerpt = cut_after(field, 2)
    assert (len(excerpt), excerpt[0], excerpt[-1], excerpt[:1]) == (2, "one", "two", ("one",))
    assert "two" in excerpt
    assert "three" not in excerpt


words = st.sampled_from(["One", "two", "Δ", "3.14", "co-op", "U.S", "A"])
sentences = st.lists(words, min_size=1, max_size=4).map(lambda found: f"{' '.join(found).capitalize()}.")


@given(st.lists(sentences, min_size=1, max_size=4), st.data())
def test_a_text_without_sentences_is_the_others_joined(texts: list[str], data: st.DataObject) -> None:
    field = abstract_of(" ".join(texts))
    spans = [field.text[a:b] for a, b in field.sentence_spans.tolist()]
    keep = data.draw(st.lists(st.booleans(), min_size=len(spans), max_size=len(spans)))
    kept = np.repeat(np.array(keep, dtype=bool), np.diff(field.sentence_ends, prepend=0))
    left = [span for span, is_kept in zip(spans, keep, strict=True) if is_kept]
    assert Excerpt(field, (), kept=kept).text == " ".join(left)


@given(st.text(max_size=60), st.data())
def test_of_any_text_what_is_left_has_the_words_that_were_kept(text: str, data: st.DataObject) -> None:
    field = abstract_of(text)
    n = len(field.tokens)
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=bool)
    left = Excerpt(field, (), kept=kept).text
    at = 0
    for place in np.flatnonzero(kept):
        word = field.text[slice(*field.spans[place])]
        at = left.index(word, at) + len(word)
    if not kept.any() and n:
        assert left == ""
