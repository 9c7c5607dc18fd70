"""The numbers of a two-tower LSTM as a page of the site has them: as they are where they fit, else rounded.

The forms, from the best to the smallest; the first that fits is taken:

    weights   vectors    words
    float32   as stored  all
    float32   float16    all
    float16   float16    all
    float16   int8       all
    float16   int8       as many as fit: those of the site's texts first, the most frequent first, then short ones

Where float16 has no room for a number (its largest is 65,504), float32 takes its place, for vectors the stored form.
int8 has a scale for each word, the largest of its numbers over 127. In JSON a form is {"weights", "vectors"}, and where
words are left out "rows", the kept ones as bits in base64. Numbers travel in base64, little-endian, four letters for
three bytes; words as one string with a line break between two.

Loads no torch; only `load` of the model that is published does.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import Vectors, held_vectors
from sitegen.models.live import Counts, Form, LiveModel, Publisher, too_large
from sitegen.models.lstm.architecture import Architecture

LEAST_WORDS = 1000  # a model that can have no more is none to be tried
_BYTES = {"float32": 4, "float16": 2, "int8": 1}
_REST = 2000  # bytes of a script beside weights, vectors and words


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """What a form is made of: the model's own numbers, all of them."""

    architecture: Architecture
    vectors: Vectors
    weights: Mapping[str, Array]
    segmentation: Segmentation
    classes: tuple[str, str]


def choose(numbers: Numbers, *, limit: int, counts: Counts) -> Form | str:
    """The first form of which the script takes at most `limit` bytes; where none does, a sentence that says so."""
    vectors = numbers.vectors
    stored = str(vectors.matrix.dtype)
    halved = "float16" if _halves([vectors.matrix]) else stored
    smallest = "float16" if _halves(numbers.weights.values()) else "float32"
    words = np.array([len(json.dumps(word)) for word in vectors.words()])  # with two quotes: as much as a line break
    for weights, vectors_as in (("float32", stored), ("float32", halved), (smallest, halved), (smallest, "int8")):
        left = limit - _REST - _weight_bytes(numbers, weights)
        sizes = words + _vector_bytes(vectors.dimension, vectors_as)
        if sizes.sum() <= left:
            return {"weights": weights, "vectors": vectors_as}
    order = _by_use(list(vectors.words()), counts())
    kept = order[np.cumsum(sizes[order]) <= left]
    if len(kept) < min(LEAST_WORDS, len(vectors)):
        return too_large(limit)
    mask = np.zeros(len(vectors), dtype=bool)
    mask[kept] = True
    return {"weights": smallest, "vectors": "int8", "rows": b64encode(np.packbits(mask).tobytes()).decode()}


def publish(numbers: Numbers, form: Form, load: Callable[[Mapping[str, Array], Vectors], Publisher]) -> LiveModel:
    """The model in a form. load: makes the classifier of other weights and vectors."""
    rows = _rows(form, len(numbers.vectors))
    stored = str(numbers.vectors.matrix.dtype)
    exact = form["weights"] == "float32" and form["vectors"] == stored and len(rows) == len(numbers.vectors)
    told = {
        "weights": form["weights"],
        "vectors": form["vectors"],
        "words": len(rows),
        "of": len(numbers.vectors),
    }

    def script() -> dict[str, Any]:
        matrix, scales = rounded(numbers.vectors.matrix[rows], form["vectors"])
        words = list(numbers.vectors.words())
        architecture, cut = numbers.architecture, numbers.segmentation
        return {
            "architecture": {
                name: getattr(architecture, name)
                for name in ("layers", "hidden", "dimension", "directions", "readout", "joint")
            },
            "segmentation": {"tokenizer": cut.tokenizer, "splitter": cut.splitter, "strip_title": cut.strip_title},
            "classes": list(numbers.classes),
            "numbers": told,
            "words": "\n".join(words[row] for row in rows.tolist()),
            "weights": {name: _base64(numbers.weights[name].astype(form["weights"])) for name in architecture.shapes()},
            "vectors": _base64(matrix),
            **({} if scales is None else {"scales": _base64(scales)}),
        }

    def published(*, precision: Any) -> Any:
        if exact:
            return load(numbers.weights, numbers.vectors)(precision=precision)
        weights = {name: one.astype(form["weights"]).astype(np.float32) for name, one in numbers.weights.items()}
        words = list(numbers.vectors.words())
        matrix = unrounded(*rounded(numbers.vectors.matrix[rows], form["vectors"]))
        vectors = held_vectors([words[row] for row in rows.tolist()], matrix, folder=numbers.vectors.folder)
        return load(weights, vectors)(precision=precision)

    return LiveModel(numbers=told, exact=exact, script=script, load=published)


def rounded(matrix: Array, form: str) -> tuple[Array, Array | None]:
    """Vectors, (V, D), in a form; of int8 with the scale of each row, (V,) float32, else None."""
    if form != "int8":
        return matrix.astype(form), None
    exact = matrix.astype(np.float32)
    scales = (np.abs(exact).max(axis=1) / np.float32(127)).astype(np.float32)
    divisor = np.where(scales > 0, scales, np.float32(1))
    return np.rint(exact / divisor[:, None]).clip(-127, 127).astype(np.int8), scales


def unrounded(matrix: Array, scales: Array | None) -> Array:
    """The numbers that are read of such vectors: (V, D), float16 or float32."""
    return matrix if scales is None else matrix.astype(np.float32) * scales[:, None]


def _halves(arrays: Iterable[Array]) -> bool:
    """Whether float16 has room for all numbers."""
    largest = float(np.finfo(np.float16).max)
    return all(-largest <= float(one.min()) and float(one.max()) <= largest for one in arrays)


def _weight_bytes(numbers: Numbers, form: str) -> int:
    """Of the weights in a script, with their names."""
    shapes = numbers.architecture.shapes()
    return sum(_letters(int(np.prod(shape)) * _BYTES[form]) + len(name) + 8 for name, shape in shapes.items())


def _vector_bytes(dimension: int, form: str) -> float:
    return (dimension * _BYTES[form] + (4 if form == "int8" else 0)) * 4 / 3


def _letters(size: int) -> int:
    return (size + 2) // 3 * 4


def _by_use(words: list[str], counts: Mapping[str, int]) -> Array:
    """The rows of the words, those first that are kept first."""
    order = sorted(range(len(words)), key=lambda row: (-counts.get(words[row], 0), len(words[row]), words[row]))
    return np.array(order, dtype=np.int64)


def _rows(form: Form, size: int) -> Array:
    if "rows" not in form:
        return np.arange(size)
    bits = np.unpackbits(np.frombuffer(b64decode(form["rows"]), dtype=np.uint8), count=size)
    return np.flatnonzero(bits)


def _base64(array: Array) -> str:
    return b64encode(np.ascontiguousarray(array).astype(array.dtype.newbyteorder("<")).tobytes()).decode()
