"""A transformer of the library of that name, in a folder: `kind = "transformers"`, `path = "my-model"`.

The folder is what `save_pretrained` writes of a model for sequence classification and its tokenizer; site.toml says:

    join     what stood between title and abstract in training; left out where they were a pair of texts
    pieces   how many pieces a text was cut to in training (`max_length`), where that was less than the model can read
    device   "cuda" where it is to run there

Nothing in the folder is run, and nothing is fetched: weights are read from safetensors, classes are the library's own.
To describe a model is to read its config.json and to hash its files; the library is imported when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int

from sitegen.models.adapters.transformers.answers import Answer, answer_of
from sitegen.models.adapters.transformers.folder import Folder, read_folder
from sitegen.models.adapters.transformers.network import Transformer, network
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.manifest import CONFIG, Fact, Manifest
from sitegen.models.protocol import Classifier, Precision, Text
from sitegen.models.source import Source, SourceKind, manifest_of_source

NAME = "transformers"
_NO_NETWORK = (
    "The parts of a transformer do not add up to its answer: what one of them wrote, later layers mix with all else."
)
_REST = (
    "The model tells {count} classes apart. The probability is that of its class “{name}” in the softmax over all of "
    "them, so everything else is the other class here."
)
_FORMAT = """# Its files

The files are a folder as `save_pretrained` of the Python library transformers writes it: `config.json`, weights as
safetensors, and a tokenizer. `AutoModelForSequenceClassification` and `AutoTokenizer` read it. The tokenizer is given
{given}, with `truncation=True` and {limit}. The margin is {answer}. The classes, in the order of the logits, are
{classes}.
"""


class TransformerTexts(WholeTexts):
    """The Classifier of a transformer; it tells how far into a text it reads (protocol.ReadsUpTo)."""

    def __init__(self, model: Transformer, *, source: Source, facts: tuple[Fact, ...], notes: tuple[str, ...]) -> None:
        super().__init__(model, segmentation=source.segmentation, facts=facts, notes=notes, name=source.name)
        self._transformer = model

    @property
    def limit(self) -> str:
        """How much it reads at most."""
        return f"{self._transformer.limit:,} pieces of words" if self._transformer.limit else ""

    def read_spans(self, texts: Sequence[Text]) -> Int[np.ndarray, "n 2 2"]:
        """What it reads of each text."""
        return self._transformer.read_spans(texts)


def describe(source: Source) -> Manifest:
    """The manifest; imports neither torch nor transformers."""
    folder, answer = _read(source)
    return manifest_of_source(
        source,
        files=folder.files,
        settings={"classes": source.classes, "rest": source.rest, "pieces": source.pieces},
        size=_kind(folder),
        facts=_facts(source, folder, answer),
        notes=answer.notes,
        softmax=answer.how == "difference",
        probability_note=_REST.format(count=len(answer.labels), name=answer.labels[answer.column])
        if answer.how == "rest"
        else "",
        format=_FORMAT.format(
            given=_input(source),
            limit=f"`max_length={source.pieces}`" if source.pieces else "no `max_length`",
            answer=answer.plain,
            classes=", ".join(f"“{label}”" for label in answer.labels),
        ),
        libraries=("transformers", "tokenizers", "torch"),
        limited=True,
        no_network=_NO_NETWORK,
        not_randomised="",
    )


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier."""
    return _classifier(source, precision=precision, device=device)


def load_randomised(source: Source, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The same network with all of its weights drawn anew, as they are before any training."""
    return _classifier(source, precision=precision, device=device, seed=seed)


def holds(path: Path) -> bool:
    """Whether it is a folder whose config.json is one of the library's, and none of sitegen's."""
    try:
        told: Any = json.loads((path / CONFIG).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and "architecture" not in told and bool({"architectures", "model_type"} & told.keys())


KIND = SourceKind(name=NAME, describe=describe, load=load, load_randomised=load_randomised, holds=holds)


def _classifier(source: Source, **options: Any) -> TransformerTexts:
    folder, answer = _read(source)
    opened, tokenizer = network(folder, answer, join=source.join, pieces=source.pieces, **options)
    facts = (
        *_facts(source, folder, answer),
        ("Size", f"{opened.parameters:,} parameters", ""),
        ("Vocabulary", f"{len(tokenizer):,} pieces of words", ""),
        ("Reads at most", f"{opened.limit:,} pieces of words" if opened.limit else "texts of any length", ""),
    )
    return TransformerTexts(opened, source=source, facts=facts, notes=answer.notes)


def _read(source: Source) -> tuple[Folder, Answer]:
    assert source.path is not None  # config.py has seen to it
    folder = read_folder(source.path)
    return folder, answer_of(folder, classes=source.classes, rest=source.rest)


def _facts(source: Source, folder: Folder, answer: Answer) -> tuple[Fact, ...]:
    return (
        ("Kind", _kind(folder), ""),
        ("Its input", _input(source), ""),
        ("Its answer", answer.plain, ""),
    )


def _kind(folder: Folder) -> str:
    return f"a transformer for sequence classification, {folder.architecture}"


def _input(source: Source) -> str:
    if source.join is None:
        return "title and abstract as a pair of texts"
    between = f"“{source.join}”" if source.join.strip() else "a blank" if source.join == " " else repr(source.join)
    return f"title and abstract as one text, with {between} between them"
