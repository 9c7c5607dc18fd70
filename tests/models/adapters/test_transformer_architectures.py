"""Other architectures than BERT: each counts places and pads in its own way, and answers what the library answers."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
import transformers

from sitegen.models.adapters.transformers.pieces import limit_of
from sitegen.models.protocol import Text
from sitegen.models.registry import describe, load
from tests.models.adapters.transformer_folders import logits, source, vocabulary
from tests.sites import NEGATIVE, POSITIVE, RECORDS

TEXTS = [(row["title"], row["abstract"]) for row in RECORDS]
PLACES = 40
TINY: dict[str, dict[str, Any]] = {
    "distilbert": {"dim": 16, "n_layers": 1, "n_heads": 2, "hidden_dim": 24},
    "roberta": {},
    "xlm-roberta": {},
    "electra": {"embedding_size": 16},
    "albert": {"embedding_size": 16},
    "deberta-v2": {"relative_attention": True, "pos_att_type": ["p2c", "c2p"], "max_relative_positions": 8},
    "mpnet": {},
    "modernbert": {"cls_token_id": 2, "sep_token_id": 3, "bos_token_id": 2, "eos_token_id": 3},
    "gpt2": {"n_embd": 16, "n_layer": 1, "n_head": 2, "bos_token_id": 2, "eos_token_id": 3},
}


def made(folder: Path, kind: str, *, pad: int | None = 0) -> Path:
    """A folder with a tiny model of that architecture, and the tests' tokenizer."""
    words = vocabulary()
    config = transformers.AutoConfig.for_model(
        kind,
        **{
            "vocab_size": len(words),
            "hidden_size": 16,
            "num_hidden_layers": 1,
            "num_attention_heads": 2,
            "intermediate_size": 24,
            "max_position_embeddings": PLACES,
            "type_vocab_size": 2,
            "initializer_range": 0.4,
            "pad_token_id": pad,
            "id2label": {0: NEGATIVE, 1: POSITIVE},
            "label2id": {NEGATIVE: 0, POSITIVE: 1},
            **TINY[kind],
        },
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        model = transformers.AutoModelForSequenceClassification.from_config(config)
    model.save_pretrained(folder)
    names = ["input_ids", "attention_mask"]
    names += ["token_type_ids"] if kind in ("electra", "albert", "deberta-v2") else []
    tokenizer = transformers.BertTokenizer(vocab=words, model_input_names=names)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize("kind", TINY)
def test_it_answers_alone_and_in_a_batch_what_the_library_answers(tmp_path: Path, kind: str) -> None:
    folder = made(tmp_path / "model", kind)
    classifier: Any = load(source(folder))
    limit = classifier._transformer.limit
    assert limit == {"roberta": PLACES - 1, "xlm-roberta": PLACES - 1, "mpnet": PLACES - 2}.get(kind, PLACES)
    texts = [Text(title=title, abstract=abstract) for title, abstract in TEXTS]
    exact: Any = load(source(folder), precision="float64")
    expected = logits(folder, TEXTS, max_length=limit)
    np.testing.assert_allclose(exact._model.margins(texts), expected[:, 1] - expected[:, 0], atol=1e-9)
    found = classifier._model.margins(texts)
    np.testing.assert_allclose(found, expected[:, 1] - expected[:, 0], atol=1e-5, rtol=1e-5)
    alone = np.concatenate([classifier._model.margins([text]) for text in texts])
    np.testing.assert_allclose(found, alone, atol=1e-5, rtol=1e-5)
    assert np.ptp(found) > 1e-3
    assert describe(source(folder)).size.startswith("a transformer for sequence classification, ")


@pytest.mark.slow
def test_one_that_cannot_be_padded_reads_texts_one_by_one(tmp_path: Path) -> None:
    folder = made(tmp_path / "model", "gpt2", pad=None)
    classifier: Any = load(source(folder))
    found = classifier._model.margins([Text(title=title, abstract=abstract) for title, abstract in TEXTS])
    expected = logits(folder, TEXTS, max_length=PLACES)
    np.testing.assert_allclose(found, expected[:, 1] - expected[:, 0], atol=1e-5)


def test_the_least_of_what_tokenizer_and_network_say_is_the_limit() -> None:
    for said, places, limit in ((10**30, 512, 512), (128, 512, 128), (128, None, 128), (10**30, None, None)):
        assert limit_of(SimpleNamespace(model_max_length=said), places, asked=None, name="M") == limit
    assert limit_of(SimpleNamespace(model_max_length=128), 512, asked=300, name="M") == 300
