"""Folders of tiny transformers with random weights, as the library saves them, and what the library says of texts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import transformers

from sitegen.models.source import Source
from tests.sites import NEGATIVE, POSITIVE, tokens

MARKS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def vocabulary() -> dict[str, int]:
    """Every word of the tests' records but the longest, which are read in pieces; letters and marks."""
    letters = [chr(code) for code in range(33, 127) if not chr(code).isupper()]
    words = [word for word in tokens() if len(word) < 8 and word not in letters]
    pieces = [*letters, *(f"##{letter}" for letter in letters if letter.isalnum()), *words]
    return {piece: number for number, piece in enumerate(dict.fromkeys([*MARKS, *pieces]))}


def bert(
    folder: Path,
    labels: Sequence[str] = (NEGATIVE, POSITIVE),
    *,
    problem: str | None = "single_label_classification",
    longest: int = 512,
    seed: int = 3,
    shard: str = "50GB",
    spread: float = 1.0,
    **changes: Any,
) -> Path:
    """A folder with a BERT of one layer and its tokenizer. spread: of its random weights. changes: of its config."""
    words = vocabulary()
    config = transformers.BertConfig(
        vocab_size=len(words),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=longest,
        initializer_range=spread,
        id2label=dict(enumerate(labels)),
        label2id={label: k for k, label in enumerate(labels)},
        **changes,
    )
    config.problem_type = problem
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = transformers.BertForSequenceClassification(config)
    model.save_pretrained(folder, max_shard_size=shard)
    transformers.BertTokenizer(vocab=words, model_max_length=longest).save_pretrained(folder)
    return folder


def changed(folder: Path, name: str = "config.json", **keys: Any) -> Path:
    """The folder with keys of one of its JSON files changed; None removes one."""
    file = folder / name
    content = {**json.loads(file.read_text(encoding="utf-8")), **keys}
    file.write_text(json.dumps({key: value for key, value in content.items() if value is not None}), encoding="utf-8")
    return folder


def source(path: Path, **options: Any) -> Source:
    given = {"kind": "transformers", "path": path, "folder": path.parent, "classes": (NEGATIVE, POSITIVE)}
    return Source(**{**given, **options})


def logits(folder: Path, texts: Sequence[tuple[str, str]], *, join: str | None = None, **options: Any) -> np.ndarray:
    """What the library itself answers, text by text, without padding: (n, C)."""
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder, dtype=torch.float64).eval()
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    answers = []
    for title, abstract in texts:
        given = ([title], [abstract]) if join is None else ([join.join(part for part in (title, abstract) if part)],)
        encoded = tokenizer(*given, truncation=True, return_tensors="pt", **options)
        with torch.no_grad():
            answers.append(model(**encoded).logits[0].numpy())
    return np.array(answers)
