"""Words in their contexts: what stands around them, as far as it is published."""

from __future__ import annotations

from dataclasses import replace

from sitegen.corpus.segment import SegmentedText
from sitegen.web.pages.network.contexts import AROUND, ROOM, Context, context, contexts_of
from tests.classifiers import text
from tests.web.pages.network.conftest import Looked

WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"


def around(of: SegmentedText, token: int) -> str:
    found = context(of, token, path="p", withheld="a title, sentence 1")
    return f"{found.before}[{found.word}]{found.after}"


def test_a_word_stands_between_its_neighbours() -> None:
    of = text([WORDS])
    assert around(of, 7) == "… three four five six seven [eight] nine ten eleven twelve …"
    assert around(of, 0) == "[one] two three four five six …"
    assert around(of, 15) == "… thirteen fourteen fifteen [sixteen]"
    assert around(text(["alone"]), 0) == "[alone]"


def test_there_are_never_more_words_or_characters_than_said() -> None:
    of = text(["a " * 40 + "middle" + " b" * 40])
    assert around(of, 40) == f"… {'a ' * AROUND}[middle]{' b' * AROUND} …"
    for token in range(16):
        found = context(text([WORDS]), token, path="p", withheld="")
        assert max(len(found.before), len(found.after)) <= ROOM + 4


def test_long_words_are_cut_and_line_breaks_are_blanks() -> None:
    of = text([f"see {'x' * 90} now"])
    assert around(of, 1) == f"see [{'x' * 23}…] now"
    broken = replace(text(["one two three"]), text="one\ntwo\tthree")
    assert around(broken, 1) == "one [two] three"


def test_what_is_withheld_is_not_shown() -> None:
    whole = text([WORDS])
    kept = replace(whole, tokens=tuple(t if k in (5, 6, 7) else "" for k, t in enumerate(whole.tokens)))
    assert around(kept, 6) == "… six [seven] eight …"
    assert context(kept, 2, path="p", withheld="a title, sentence 1") == Context(
        path="p", before="a title, sentence 1", word="", after=""
    )


def test_each_place_has_its_own_record_and_sentence(looked: Looked) -> None:
    found = contexts_of(looked.inputs, looked.scan, [("title", 0, 1), ("abstract", 0, 12), ("abstract", 1, 0)])
    assert found["title", 0, 1].path == "records/p1.html"
    assert found["title", 0, 1].word == "crowds"
    assert found["abstract", 0, 12].path == "records/p1.html#s2"
    assert found["abstract", 1, 0].word == "Forty"
