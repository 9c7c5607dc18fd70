"""Title and abstract as they are shown: whole, and each word and sentence in its own colour."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.analysis.attribution.occlusion import probability
from sitegen.corpus.segment import Document, SegmentedText
from sitegen.web.text.numbers import percent
from tests.effort import examples
from tests.web.papers import Paper, paper, site
from tests.web.record_pages import page_of, shown


def of_texts(title, abstract):
    """A paper of these texts, whatever a record may hold."""
    record = paper("a", "Good").record
    texts = {"title": title.text, "abstract": abstract.text}
    fields = {name: getattr(record, name) for name in record.__slots__}
    return Paper(type(record)(**{**fields, **texts}), Document(title=title, abstract=abstract))


@st.composite
def segmented(draw, *, repeats=True):
    """Any text with any words, each a sentence: gaps before, between and after. repeats: whether it may have a start
    that is not read."""
    text = draw(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60))
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=9)))
    start, cuts = (cuts[0], cuts[1:]) if cuts and repeats and draw(st.booleans()) else (0, cuts)
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    return SegmentedText(
        text=text,
        tokens=tuple(f"t{k}" for k in range(len(spans))),
        spans=spans,
        sentence_spans=spans,
        sentence_ends=range(1, len(spans) + 1),
        start=start,
    )


@settings(max_examples=examples(40))
@given(title=segmented(repeats=False), abstract=segmented())
def test_the_pieces_joined_are_the_texts(tmp_path_factory, title, abstract):
    page = page_of(site(tmp_path_factory.getbasetemp()), [of_texts(title, abstract)])
    for pieces, text, element in ((page.title, title, "span"), (page.pieces, abstract, "p")):
        assert "".join(piece.text for piece in pieces) == text.text
        assert [piece.text for piece in pieces if piece.number] == [text.text[a:b] for a, b in text.spans]
        assert "".join(piece.text for piece in pieces if piece.unread) == text.text[: text.start]
        name = "title" if element == "span" else "abstract"
        assert shown(page).one(element, data_field=name).text == text.text


def test_a_repeated_title_is_shown_and_said_not_to_be_read(tmp_path):
    text = "Good networks. We simulate."
    abstract = SegmentedText(
        text=text,
        tokens=("we", "simulate"),
        spans=[(15, 17), (18, 26)],
        sentence_spans=[(15, 27)],
        sentence_ends=[2],
        start=15,
    )
    base = paper("a", "Good networks", text)
    page = page_of(site(tmp_path), [Paper(base.record, Document(title=base.document.title, abstract=abstract))])
    assert [(piece.text, piece.number, piece.unread) for piece in page.pieces] == [
        ("Good networks. ", 0, True),
        ("We simulate.", 1, False),
    ]
    assert "The abstract begins by repeating the title; the model reads what follows." in page.experts.notes


def test_the_titles_words_have_the_colour_of_their_effect(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "Good: a bad network")])
    effects, margin = {"Good": 3.0, "bad": -4.0, "network": 1.5}, 0.25  # a title counts double in the bag
    words = [piece for piece in page.title if piece.number]
    assert [(word.text, word.number) for word in words] == [("Good", 1), ("a", 2), ("bad", 3), ("network", 4)]
    tree = shown(page).one("h1")
    assert tree.text == "Good: a bad network"
    tints = tree.all("span", class_="tint")
    assert [tint.text for tint in tints] == list(effects)  # what has no effect has no colour
    whole = page.experts.readings[-1].percent
    assert whole == percent(float(probability(margin)))
    for tint, (word, effect) in zip(tints, effects.items(), strict=True):
        assert tint.attributes["class"] == f"tint {'positive' if effect > 0 else 'negative'}"
        assert tint.attributes["style"] == f"--strength: {round(float(np.tanh(abs(effect) / 2)), 3)}"
        without = percent(float(probability(margin - effect)))
        assert tint.attributes["title"].startswith(f"“{word}”: alone it says ")
        assert tint.attributes["title"].endswith(f"; without it {without}")


@pytest.mark.parametrize(("words", "label"), [("good zz", "(1 of 4)"), ("good bad", "")])
def test_unknown_words_have_a_switch_where_there_are_some(tmp_path, words, label):
    page = page_of(
        site(tmp_path),
        [
            paper(
                "a",
                words,
                "Good network.",
            )
        ],
    )
    labels = [node.text for node in shown(page).one("div", data_part="text-controls").all("label")]
    assert [text.strip() for text in labels if "unknown" in text] == [f"show unknown words {label}"] * bool(label)
    assert [note for note in page.experts.notes if "vocabulary" in note] == [
        "1 of 4 words are not in the model's vocabulary; it skips them."
    ] * bool(label)


@pytest.mark.parametrize(
    ("read", "before", "told"),
    [
        ((0, 3), "Good network. Bad", "the model reads no further"),
        ((0, 2), "Good network", "the model reads no further"),
        ((0, 0), "", "the model reads no further"),
        ((2, 4), "Good network. ", "the model reads from here on"),
        (None, None, None),
    ],
)
def test_the_place_where_the_model_stops_reading_is_marked_outside_of_the_text(tmp_path, read, before, told):
    page = page_of(site(tmp_path), [paper("a", "Good", "Good network.", "Bad simulation.")], read=read)
    text = shown(page).one("p", data_field="abstract")
    assert text.text == "Good network. Bad simulation."  # what scripts cut into words
    edges = [piece for piece in page.pieces if piece.edge >= 0]
    if read is None:
        assert edges == text.all("span", class_="reads-edge") == []
        return
    (edge,) = edges
    k = page.pieces.index(edge)
    assert "".join(piece.text for piece in page.pieces[:k]) + edge.text[: edge.edge] == before
    assert text.one("span", class_="reads-edge").attributes["aria-label"] == told
