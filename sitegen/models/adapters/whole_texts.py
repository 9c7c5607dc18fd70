"""A model that is given whole strings, as a Classifier.

All that analysis asks comes down to margins of excerpts (see protocol.py), and an excerpt knows how it looks as a
string. So prefixes, leave-one-outs, random spans, Shapley values and all checks of faithfulness need nothing further of
such a model. It skips no token, since it is given every character, and its fields may meet in whatever way: it is never
additive.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Segmentation
from sitegen.errors import ModelError
from sitegen.models.manifest import Fact
from sitegen.models.protocol import ReadsStandIns, Text, TextClassifier, Tokens


class WholeTexts:
    """The Classifier that asks a TextClassifier. `segmentation` says which words and sentences are hidden at once;
    facts and notes are what only the loaded model could say of itself, for the methods page."""

    additive = False

    def __init__(
        self,
        model: TextClassifier,
        *,
        segmentation: Segmentation,
        facts: tuple[Fact, ...] = (),
        notes: tuple[str, ...] = (),
        name: str = "the model",
    ) -> None:
        self._model = model
        self._segmentation = segmentation
        self._facts, self._notes = facts, notes
        self.name = name  # what messages call it

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Name, value and note of what the loaded model is."""
        return self._facts

    @property
    def notes(self) -> tuple[str, ...]:
        """Paragraphs below the facts."""
        return self._notes

    @property
    def segmentation(self) -> Segmentation:
        """How texts are cut into what is hidden at once; the model itself reads strings."""
        return self._segmentation

    @property
    def stand_ins(self) -> Mapping[str, str]:
        """Strings that the model reads in the place of hidden tokens: its own, where it has any."""
        return self._model.stand_ins if isinstance(self._model, ReadsStandIns) else {}

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """All tokens: none is skipped."""
        every: Array = np.ones(len(tokens), dtype=bool)
        return every

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair of excerpts, in log-odds.

        Raises ModelError where the model answers with anything but one finite number a text; TypeError for tokens that
        are no Excerpt, since their strings are not known.
        """
        texts = [
            Text(title=_string(title), abstract=_string(abstract))
            for title, abstract in zip(titles, abstracts, strict=True)
        ]
        margins: Array = np.asarray(self._model.margins(texts), dtype=np.float64)
        return checked_margins(margins, len(texts), name=self.name)


def checked_margins(margins: Array, texts: int, *, name: str) -> Array:
    """The margins; ModelError where they are not one finite number a text."""
    if margins.shape != (texts,) or not np.isfinite(margins).all():
        raise ModelError(
            f"{name} answered {texts} texts with {_described(margins)}; sitegen needs one finite number of log-odds "
            f"for each text. Correct the model."
        )
    return margins


def _string(text: Tokens) -> str:
    if not isinstance(text, Excerpt):
        raise TypeError(f"a model of whole texts is given excerpts, not a {type(text).__name__} of tokens")
    return text.text


def _described(margins: Array) -> str:
    broken = int((~np.isfinite(margins)).sum())
    return f"{broken} numbers that are not finite" if broken else f"numbers of shape {margins.shape}"
