"""A linear pipeline as a page runs it: its terms and weights, and how its words are found.

A page cuts a text into the tokens that a site hides one by one, and has these alone. So there the pipeline is given the
tokens of title and abstract with a blank between two, in small letters, and not the text as it was written. Where all
words of the pipeline are made of letters, digits and underscores, that is nearly always the same: only where something
that is no token joins two of them (`snake_case`, `3.14abc`) are there other words. How far that moves the answers to a
site's own records is measured (pipeline/live.py), and the page says so.

What can be run is a linear pipeline (linear.py) of two classes over words of at least one or two letters and digits, as
scikit-learn finds them by itself, that lower-cases texts and keeps their accents. Its form is all that the page needs,
kept with the scores, so that pages are written without scikit-learn.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64

from sitegen.corpus.arrays import Array
from sitegen.corpus.cutting import not_in_a_page
from sitegen.corpus.segment import Segmentation
from sitegen.models.adapters.scikit_learn.answers import Answer
from sitegen.models.adapters.scikit_learn.linear import Linear, linear_of
from sitegen.models.live import Counts, Form, LiveModel, too_large
from sitegen.models.protocol import Classifier, Precision, Tokens
from sitegen.models.source import Source

_WORDLIKE = r"[\p{L}\p{N}_]"  # Python's \w, for a script
_PATTERNS = {  # scikit-learn's own pattern and its like, for a script: runs as long as can be begin and end at a \b
    r"(?u)\b\w\w+\b": _WORDLIKE + "{2,}",
    r"\b\w\w+\b": _WORDLIKE + "{2,}",
    r"(?u)\b\w+\b": _WORDLIKE + "+",
    r"\b\w+\b": _WORDLIKE + "+",
}
_ASCII = re.compile(r"\[(?:[A-Za-z0-9]-[A-Za-z0-9]|[A-Za-z0-9_'])+\](?:\+|\{\d+,\})")  # means the same in a script
GIVEN = "In the page the model is given the words alone, without the marks between them"


class TokensAlone:
    """The Classifier that a page has: a pipeline that is given tokens with blanks between them."""

    additive = False

    def __init__(self, answer: Answer, *, segmentation: Segmentation) -> None:
        self._answer, self.segmentation = answer, segmentation

    def known(self, tokens: Tokens) -> Bool[np.ndarray, " n"]:
        """All of them: any may be a word of the pipeline."""
        return np.ones(len(tokens), dtype=bool)

    def margins(self, titles: Sequence[Tokens], abstracts: Sequence[Tokens]) -> Float64[np.ndarray, " n"]:
        """The margin of each (title, abstract) pair, in log-odds."""
        strings = [" ".join([*title, *abstract]) for title, abstract in zip(titles, abstracts, strict=True)]
        margins: Array = np.asarray(self._answer.of_strings(strings), dtype=np.float64)
        return margins


def choose(source: Source, answer: Answer, *, limit: int, counts: Counts) -> Form | str:
    """What the page needs of a pipeline, in JSON; a sentence that says why it cannot run there."""
    segmentation, linear = source.segmentation, linear_of(answer)
    if otherwise := not_in_a_page(segmentation.tokenizer, segmentation.splitter):
        return otherwise
    if linear is None or answer.several or not (answer.join and answer.join.isspace()):
        return "Of scikit-learn's pipelines a page runs those of two classes that weigh words, and this is another one."
    if not (_pattern(linear.pattern) and linear.plain):
        return (
            "The model finds words in a way of its own; a page finds them as scikit-learn does by itself, or as runs "
            "of the letters of a list."
        )
    script = _script(source, answer, linear)
    return {"script": script} if len(json.dumps(script)) <= limit else too_large(limit)


def publish(source: Source, form: Form, answer: Any) -> LiveModel:
    """The pipeline in a page. answer: a function that opens it."""

    def load(*, precision: Precision) -> Classifier:
        return TokensAlone(answer(), segmentation=source.segmentation)

    script = form["script"]
    return LiveModel(
        numbers=script["numbers"], exact=True, script=lambda: script, load=load, certain=False, cause=GIVEN
    )


def _script(source: Source, answer: Answer, linear: Linear) -> dict[str, Any]:
    terms = sorted(linear.vocabulary, key=lambda term: linear.vocabulary[term])
    cut = source.segmentation
    return {
        "kind": "linear",
        "architecture": {
            "shortest": linear.shortest,
            "longest": linear.longest,
            "binary": linear.binary,
            "sublinear": linear.sublinear,
            "norm": linear.norm,
            "intercept": float(answer.sign * linear.intercept),
            "pattern": _pattern(linear.pattern),
        },
        "segmentation": {"tokenizer": cut.tokenizer, "splitter": cut.splitter, "strip_title": cut.strip_title},
        "classes": list(source.classes),
        "numbers": {"weights": "float64", "vectors": "", "words": len(terms), "of": len(terms)},
        "words": "\n".join(terms),
        "stop": sorted(linear.stop),
        "weights": {"weights": _base64(answer.sign * linear.weights), "idf": _base64(linear.idf)},
    }


def _pattern(pattern: str) -> str:
    """What a script finds words by where a pipeline has this pattern; "" where a script would find others."""
    return _PATTERNS.get(pattern, pattern if _ASCII.fullmatch(pattern) else "")


def _base64(array: Array) -> str:
    return b64encode(np.ascontiguousarray(array, dtype="<f8").tobytes()).decode()
