"""What is said of texts that a model does not read to their end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sitegen.corpus.segment import Segmentation, segment
from sitegen.models.protocol import Text
from sitegen.pipeline.reach import Reach, reaches, read_of_abstracts, with_notes

BEHIND = "It does not see what stands behind, unless something else is taken out and makes room."
LIMIT = "It reads at most 9 letters."


class Letters:
    """Reads the first letters of each field, or the last."""

    limit = "9 letters"

    def __init__(self, first: int, *, last: bool = False) -> None:
        self._count, self._last = first, last
        self.given: list[Text] = []

    def read_spans(self, texts: Sequence[Text]) -> np.ndarray:
        self.given += texts
        return np.array([[self._span(text.title), self._span(text.abstract)] for text in texts])

    def _span(self, text: str) -> tuple[int, int]:
        n = min(self._count, len(text))
        return (len(text) - n, len(text)) if self._last else (0, n)


@pytest.mark.parametrize(
    ("title", "abstract", "model", "read"),
    [
        ("One two", "One two three.", Letters(99), ((0, 2, 2), (0, 3, 3))),
        ("One two", "One two three.", Letters(7), ((0, 2, 2), (0, 2, 3))),
        ("One two", "One two three.", Letters(6), ((0, 1, 2), (0, 1, 3))),
        ("One two", "One two three.", Letters(2), ((0, 0, 2), (0, 0, 3))),
        ("One two", "One two three.", Letters(10, last=True), ((0, 2, 2), (1, 3, 3))),
        ("", "", Letters(3), ((0, 0, 0), (0, 0, 0))),
        ("One", "One. Two three four.", Letters(8), ((0, 1, 1), (0, 1, 3))),  # the repeated title is not given
    ],
)
def test_words_are_counted_that_are_read_whole(title: str, abstract: str, model: Letters, read: object) -> None:
    document = segment(title, abstract, Segmentation(strip_title=True))
    assert reaches(model, [document]) == [read]
    assert model.given == [Text(title=title, abstract=abstract[document.abstract.start :])]


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (((0, 2, 2), (0, 2, 3)), f"The model reads the first 2 of the abstract's 3 words. {BEHIND} {LIMIT}"),
        (
            ((0, 1, 2), (0, 1200, 1300)),
            f"The model reads the first 1 of the title's 2 words and the first 1,200 of the abstract's 1,300 words. "
            f"{BEHIND} {LIMIT}",
        ),
        (
            ((0, 2, 2), (1, 3, 3)),
            f"The model reads the last 2 of the abstract's 3 words. {BEHIND.replace('behind', 'before')} {LIMIT}",
        ),
        (((0, 2, 2), (0, 0, 3)), f"The model reads none of the abstract's 3 words. {BEHIND} {LIMIT}"),
    ],
)
def test_the_sentence_on_a_record(read: tuple, said: str) -> None:
    reach = Reach(limit="9 letters", cut={"a": read})
    assert (reach.note("a"), reach.note("b")) == (said, "")
    assert Reach.from_json(reach.as_json()) == reach
    notes = with_notes({0: ("One.",), 1: ("Two.",)}, reach, ["b", "a", "a"])
    assert notes == {0: ("One.",), 1: ("Two.", said), 2: (said,)}
    assert with_notes({0: ("One.",)}, None, ["a"]) == {0: ("One.",)}


def test_where_the_abstract_is_read_is_known_of_each_record_whose_abstract_is_cut() -> None:
    reach = Reach(limit="9 letters", cut={"a": ((0, 2, 2), (1, 3, 4)), "b": ((0, 1, 2), (0, 3, 3))})
    assert read_of_abstracts(reach, ["b", "a", "c", "a"]) == {1: (1, 3), 3: (1, 3)}
    assert read_of_abstracts(None, ["a"]) == {}


def test_the_methods_page_counts_records_and_not_texts() -> None:
    from dataclasses import dataclass

    from sitegen.pipeline.reach import with_reach

    @dataclass(frozen=True)
    class Told:
        notes: tuple[str, ...] = ("A note.",)

    reach = Reach(limit="9 letters", cut={"a": ((0, 1, 2), (0, 1, 1))})
    told = with_reach(Told(), reach, ["a", "a", "b"])  # type: ignore[type-var]
    assert told.notes[0] == "A note."
    assert told.notes[1].startswith(
        "2 of 3 {many} are longer than what this model reads, at most 9 letters, title and abstract together"
    )
    (_, one) = with_reach(Told(), reach, ["a", "b"]).notes  # type: ignore[type-var]
    assert one.startswith("1 of 2 {many} is longer")
    assert with_reach(Told(), reach, ["b"]) == with_reach(Told(), None, ["a"]) == Told()
