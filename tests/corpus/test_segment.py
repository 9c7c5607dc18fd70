"""Tokens and sentences: their places rebuild the text, whatever the text is."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.corpus.segment import Document, Segmentation, SegmentedText, segment, tokenizer_names
from sitegen.corpus.texts import normalised_title, text_hash, title_end
from sitegen.corpus.tokens import tokenizer
from sitegen.errors import ModelError
from tests.effort import examples

PLAIN = (
    "We test this. ",
    "et al. ",
    "* * *",
    "p < .05. ",
    '"Yes." ',
    "U.S. ",
    "why? ",
    "10,000 ",
    "don't. ",
    "cannot ",
)
ODD = ("\n\n", "İstanbul ", "ﬁne. ", "e\u0301te ", "''", "``", "end.Next ", "[3]. ", "…", "\u00a0", "𝔸b. ", "A title. ")
PIECES = st.sampled_from(PLAIN + ODD)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=12).map("".join))


def words(text: str) -> list[str]:
    return [text[a:b].lower() for a, b in tokenizer("words")(text, 0, len(text))]


def check(text: SegmentedText) -> None:
    """Every promise of SegmentedText."""
    assert [text.text[a:b].lower() for a, b in text.spans] == list(text.tokens)
    edges = [int(edge) for span in text.spans for edge in span]
    assert edges == sorted(edges)
    assert all(a < b for a, b in text.spans)
    outer = [text.start, *(int(edge) for span in text.sentence_spans for edge in span), len(text.text)]
    assert outer == sorted(outer)
    assert len(text.sentence_ranges) == len(text.sentence_spans)
    for (first, last), (start, end) in zip(text.sentence_ranges, text.sentence_spans, strict=True):
        assert first < last
        assert start <= text.spans[first][0]
        assert text.spans[last - 1][1] <= end
        sentence = text.text[start:end]
        assert sentence == sentence.strip()
    if text.tokens:
        assert text.sentence_ends[-1] == len(text.tokens)
    else:
        assert len(text.sentence_spans) == 0


@pytest.mark.parametrize("name", tokenizer_names())
@given(title=TEXTS, abstract=TEXTS, strip=st.booleans())
@settings(max_examples=examples(150), deadline=None)
def test_places_rebuild_the_text(name: str, title: str, abstract: str, strip: bool) -> None:
    if name == "nltk":
        pytest.importorskip("nltk")
    document = segment(title, abstract, Segmentation(tokenizer=name, strip_title=strip))
    assert (document.title.text, document.abstract.text) == (title, abstract)
    assert len(document.title.sentence_spans) <= 1
    check(document.title)
    check(document.abstract)


def cut(abstract: str, title: str = "", **settings: str | bool) -> Document:
    return segment(title, abstract, Segmentation(**settings))  # type: ignore[arg-type]


def sentences(text: SegmentedText) -> list[str]:
    return [text.text[a:b] for a, b in text.sentence_spans]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't co-operate, we'd say.", "don't co-operate we'd say"),
        ("teachers’ pay - and ‘quotes’", "teachers pay and quotes"),
        ("COVID-19's 21st wave (h2o)", "covid-19's 21st wave h2o"),
        ("1,234,567 of 10.5% and 45%; 3.4.1", "1,234,567 of 10.5% and 45% 3.4.1"),
        ("p < .05, p=.001, refs [4,5]", "p .05 p .001 refs 4 5"),
        ("v.5 and 1..5", "v 5 and 1 5"),
        ("in 1,2345 and 3.5-year plans.", "in 1 2345 and 3.5 year plans"),
        ("the U.S. at 5 p.m., e.g. here", "the u.s at 5 p.m e.g here"),
        ("snake_case and end.Next", "snake case and end next"),
        ("caf\u0065\u0301 naïve 東京 α=.66", "cafe\u0301 naïve 東京 α .66"),
        ("-- * ... ! ?", ""),
    ],
)
def test_words_are_what_the_expression_promises(text: str, tokens: str) -> None:
    assert words(text) == tokens.split()


def test_nltk_keeps_punctuation_and_parts_contractions() -> None:
    pytest.importorskip("nltk")
    document = cut('He said "don\'t". We (all) agreed.', tokenizer="nltk")
    assert document.abstract.tokens == (
        *("he", "said", '"', "do", "n't", '"', "."),
        *("we", "(", "all", ")", "agreed", "."),
    )
    assert [int(end) for end in document.abstract.sentence_ends] == [7, 13]


def test_nltk_missing_is_an_error_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    from sitegen.corpus import tokens

    tokens._nltk.cache_clear()
    monkeypatch.setitem(sys.modules, "nltk.tokenize.destructive", None)
    with pytest.raises(ModelError, match=r'pip install -e "\.\[nltk\]"'):
        cut("Some text.", tokenizer="nltk")


def test_an_unknown_tokenizer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r'"spacy" is not known\. Use one of: words, nltk'):
        cut("Some text.", tokenizer="spacy")


def test_a_title_is_one_sentence() -> None:
    document = cut("", title="Who pays? Evidence from the U.S. A review.")
    assert sentences(document.title) == ["Who pays? Evidence from the U.S. A review."]
    assert document.abstract.tokens == ()


def test_pieces_without_a_token_join_their_neighbours() -> None:
    document = cut("***. !!! One is here. ??? Two is there. --- ...")
    assert "".join(sentences(document.abstract)).startswith("***. !!! One is here.")
    assert len(document.abstract.sentence_spans) == 2
    assert sentences(document.abstract)[-1].endswith("...")


def test_reading_begins_behind_a_repeated_title() -> None:
    title, abstract = "Trust – a “review”", 'Trust - A  "Review". We read it. Twice.'
    stripped = cut(abstract, title=title).abstract
    assert stripped.text == abstract
    assert abstract[stripped.start :] == "We read it. Twice."
    assert sentences(stripped) == ["We read it.", "Twice."]
    whole = cut(abstract, title=title, strip_title=False).abstract
    assert whole.start == 0
    assert whole.tokens[0] == "trust"


@pytest.mark.parametrize(
    ("title", "abstract", "rest"),
    [
        ("Memory", "Memory. It fades.", "It fades."),
        ("Memory", "  Memory\nIt fades.", "It fades."),
        ("Does it fade?", "Does it fade? It does.", "It does."),
        ("Memory.", "MEMORY: it fades.", "it fades."),
        ("The “end”", 'The "end." It is near.', "It is near."),
        ("Memory", 'Memory. "It" fades.', '"It" fades.'),
        ("Qui ? [Who ?]", "Qui ? [Who ?]. Us.", "Us."),
        ("Straße", "STRASSE. It fades.", "It fades."),
        ("Memory", "Memory", ""),
        ("Memory", "Memory.", ""),
        ("Memory", "Memory fades.", None),
        ("Memory", "Memory, attention, sleep.", None),
        ("Memory", "Memory(loss) is common.", None),
        ("Memory", "Memories. They fade.", None),
        ("Memory", "Memorz. They fade.", None),
        ("Memory fades", "Memory", None),
        ("", "It fades.", None),
        ("...", "... it fades.", None),
    ],
)
def test_title_end_needs_a_stop_or_a_new_line(title: str, abstract: str, rest: str | None) -> None:
    assert abstract[title_end(title, abstract) :] == (abstract if rest is None else rest)


def test_hash_sees_through_typography_and_a_repeated_title() -> None:
    plain = text_hash("A two-step test", "We test it.")
    assert plain == text_hash("A TWO–STEP  test.", "A two-step test. We test\u00a0it")
    assert plain != text_hash("A two-step test", "We test them.")
    assert plain != text_hash("A two-step", "test We test it.")
    assert len(plain) == 16
    assert set(plain) <= set("0123456789abcdef")


def test_normalised_title_groups_what_readers_call_the_same() -> None:
    assert normalised_title(" “Caf\u0065\u0301” & co‑operation: ") == "café co operation"
    assert normalised_title("co\u00adoperation ﬁne") == "cooperation fine"
