"""`kind = "scores"`: no model, but a file of the answers that one gave elsewhere, as `sitegen import` writes it.

To a text that the file does not have the answer is NaN, "not known", and pages leave out what they would need it for.
Nothing is run, so nothing has to be trusted, and a site is built without the model's libraries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.corpus.arrays import Array
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Segmentation
from sitegen.models.adapters.scores.table import Answers, name_of, read_answers, read_head
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier, Precision, Tokens
from sitegen.models.source import Source, SourceKind, manifest_of_source

NAME = "scores"
_NOT_RANDOMISED = "There is no model here, only its answers, so there is none with random weights to compare with."
_FORMAT = """# Its file

`{file}` has the answers of a model that is not here: one line a text, with its margin, the log-odds of the positive
class. A text is named by a hash of its title, its abstract, and of which of their words it has.
"""


class GivenAnswers:
    """The Classifier that looks answers up. What it is not given it answers with NaN."""

    additive = False

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    @property
    def segmentation(self) -> Segmentation:
        """How texts were cut when the answers were imported."""
        return self._answers.segmentation

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """All tokens: what the model skipped is not known here."""
        every: Array = np.ones(len(tokens), dtype=bool)
        return every

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each pair of excerpts, in log-odds; NaN where it is not known."""
        known = self._answers.margins
        found: Array = np.array(
            [
                known.get(name_of(_excerpt(title), _excerpt(abstract)), np.nan)
                for title, abstract in zip(titles, abstracts, strict=True)
            ],
            dtype=np.float64,
        )
        return found


def describe(source: Source) -> Manifest:
    """The manifest; reads the first line, and the bytes for the fingerprint."""
    segmentation, depth = read_head(source.file)
    cut = replace(
        source,
        words=segmentation.tokenizer,
        splitter=segmentation.splitter,
        strip_title=segmentation.strip_title,
    )
    return manifest_of_source(
        cut,
        files=[source.file],
        size=f"answers in {source.file.name}",
        facts=(("Kind", "answers that a model gave elsewhere; the model is not here", source.file.name),),
        format=_FORMAT.format(file=source.file.name),
        not_randomised=_NOT_RANDOMISED,
        given=depth,
    )


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The answers, ready to be looked up."""
    return GivenAnswers(read_answers(source.file))


KIND = SourceKind(name=NAME, describe=describe, load=load)


def _excerpt(text: Tokens) -> Excerpt:
    if not isinstance(text, Excerpt):
        raise TypeError(f"a file of answers is asked about excerpts, not a {type(text).__name__} of tokens")
    return text
