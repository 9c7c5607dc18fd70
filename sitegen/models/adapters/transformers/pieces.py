"""Texts as a transformer is given them: pieces of words, at most so many, and how far into the text they reach.

A model is given title and abstract as a *pair*, as `tokenizer(title, abstract)` makes it, or, where site.toml says what
stands between them (`join`), as one string. Of a pair, a field that is empty keeps its place: the marks around it stay,
so an abstract is read in the same place and with the same type of pieces whether its title is there or taken out. It is
also what a script gives that trains on batches of records, some without a title. (The library's call on a single pair
leaves out a second text that is empty; its call on lists, which is meant here, does not.) Of one string, an empty
field joins nothing.

A text of more pieces than the model reads is cut as `truncation=True` cuts it, the library's way in training, too: one
string at its end; of a pair, the longer field gives first, which is the abstract unless a title has more than half of
all pieces. Where the tokenizer is set to cut texts at their beginning, it does so here.

*Word* is what site.toml cuts texts by; pieces are the tokenizer's alone. What is hidden are words, always.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int

from sitegen.corpus.arrays import Array
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import joined
from sitegen.models.protocol import FIELDS, Text

_NO_LIMIT = 1_000_000  # pieces; the library writes 10^30 where a tokenizer knows no limit


@dataclass(frozen=True, slots=True)
class Input:
    """A text as numbers. ids: of its pieces. types: to which text of a pair each belongs; None where the model does not
    want to know."""

    ids: tuple[int, ...]
    types: tuple[int, ...] | None

    def __len__(self) -> int:
        return len(self.ids)


class Pieces:
    """Cuts texts into pieces. limit: how many a text may have, those that mark its beginning and end included; None
    where any number. join: what stands between title and abstract; None: they are a pair."""

    def __init__(self, tokenizer: Any, *, limit: int | None, join: str | None, name: str) -> None:
        """Raises ModelError where the tokenizer cannot tell where a piece is from, or cannot make a pair."""
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(
                f"{name}: has a tokenizer ({type(tokenizer).__name__}) that does not say where in a text a piece "
                f"stands. Save one that does: AutoTokenizer.from_pretrained(FOLDER).save_pretrained(FOLDER) writes "
                f"tokenizer.json where the library has one."
            )
        single, pair = (tokenizer.num_special_tokens_to_add(pair=two) for two in (False, True))
        if join is None and pair <= single:
            raise ModelError(
                f"{name}: its tokenizer puts nothing between the texts of a pair, so that title and abstract would run "
                f'together. Say what stood between them in training, below its [[models]] in site.toml: join = " ".'
            )
        marks = single if join is not None else pair
        if limit is not None and limit <= marks:
            raise ModelError(
                f"{name}: reads {limit} pieces at a time, and {marks} of them only mark where a text begins and ends. "
                f'Raise "pieces" below its [[models]] in site.toml.'
            )
        self._tokenizer, self.limit, self.join, self._name = tokenizer, limit, join, name

    def encode(self, texts: Sequence[Text]) -> list[Input]:
        """The pieces of each text."""
        if not texts:
            return []
        encoded = self._tokenized(texts)
        types = encoded["token_type_ids"] if "token_type_ids" in encoded else [None] * len(texts)
        return [
            Input(tuple(ids) or (self._nothing(),), None if of is None else tuple(of) or (0,))
            for ids, of in zip(encoded["input_ids"], types, strict=True)
        ]

    def spans(self, texts: Sequence[Text]) -> Int[np.ndarray, "n 2 2"]:
        """[start, end) of what is read of the title and of the abstract of each text, in code points, (n, 2, 2)."""
        spans: Array = np.array([[[0, len(text.title)], [0, len(text.abstract)]] for text in texts], dtype=np.int64)
        spans = spans.reshape(-1, 2, 2)
        if not texts or self.limit is None:
            return spans
        encoded = self._tokenized(texts)
        for k, text in enumerate(texts):
            if encoded.encodings[k].overflowing:
                spans[k] = self._reach(encoded.encodings[k], text)
        return spans

    def _tokenized(self, texts: Sequence[Text]) -> Any:
        cut = {"truncation": "longest_first", "max_length": self.limit} if self.limit else {"truncation": False}
        options = {**cut, "padding": False, "verbose": False}
        if self.join is None:
            return self._tokenizer([text.title for text in texts], [text.abstract for text in texts], **options)
        return self._tokenizer([joined(text, self.join) for text in texts], **options)

    def _nothing(self) -> int:
        """The piece that stands for a text without any, where a tokenizer puts no marks around texts."""
        for name in ("bos_token_id", "eos_token_id", "pad_token_id", "unk_token_id"):
            if (number := getattr(self._tokenizer, name, None)) is not None:
                return int(number)
        raise ModelError(f"{self._name}: its tokenizer has no piece that could stand for an empty text.")

    def _reach(self, encoding: Any, text: Text) -> list[tuple[int, int]]:
        """The same of one text that was cut."""
        of_field: dict[int, list[tuple[int, int]]] = {0: [], 1: []}
        for sequence, (start, end) in zip(encoding.sequence_ids, encoding.offsets, strict=True):
            if sequence is not None and end > start:
                of_field[sequence].append((start, end))
        if self.join is None:
            lengths = (len(text.title), len(text.abstract))
            return [self._stretch(of_field[k], 0, lengths[k]) for k in range(len(FIELDS))]
        behind = len(text.title) + len(self.join) if text.title else 0
        return [
            self._stretch(of_field[0], 0, len(text.title)),
            self._stretch(of_field[0], behind, len(text.abstract)),
        ]

    def _stretch(self, read: Sequence[tuple[int, int]], begin: int, length: int) -> tuple[int, int]:
        """[start, end) within a field of the pieces that were read; the field begins at `begin` of their text."""
        inside = [(start - begin, end - begin) for start, end in read if end > begin and start < begin + length]
        if not inside:
            return 0, 0
        if self._tokenizer.truncation_side == "left":
            return max(0, min(start for start, _ in inside)), length
        return 0, min(length, max(end for _, end in inside))


def limit_of(tokenizer: Any, positions: int | None, *, asked: int | None, name: str) -> int | None:
    """How many pieces a text may have; None where any number.

    positions: how many the network has places for. asked: what site.toml says; ModelError where that is more. Without
    it the least of what tokenizer and network say, as `truncation=True` has it.
    """
    if asked is not None:
        if positions is not None and asked > positions:
            raise ModelError(
                f"{name}: pieces = {asked} below its [[models]] in site.toml, but the model has places for {positions} "
                f"only. Lower it, or leave it out."
            )
        return asked
    known = [number for number in (tokenizer.model_max_length, positions) if number and number < _NO_LIMIT]
    return int(min(known)) if known else None
