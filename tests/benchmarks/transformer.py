"""Texts that `sitegen score` asks a transformer about, read by the adapter: against the library's own pipeline.

The network has the shape of a small sentence encoder (6 layers of 384, 22 million numbers) with random weights, since
what it learned costs nothing. The texts are some of those that are asked about a record of 8 sentences and 184 words:
prefixes, texts with something taken out, pieces by themselves. The pipeline is called text by text, and with batches of
32 in the order in which the texts come. One processor computes either way, and is kept busy by a single text: what the
adapter saves is the padding, and texts that come twice.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import transformers

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.segment import Segmentation, segment
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import Text
from sitegen.models.registry import load
from sitegen.models.source import Source
from tests.benchmarks.rows import Row, at_least, best

SENTENCES, WORDS, TITLE = 8, 23, 10
TEXTS, BATCH = 128, 32


class Keeping:
    """Keeps the texts that a TextClassifier is asked about."""

    def __init__(self) -> None:
        self.texts = list[Text]()

    def margins(self, texts: Any) -> Any:
        self.texts += texts
        return np.zeros(len(texts))


def rows() -> Iterator[Row]:
    """Two rows."""
    rng = np.random.default_rng(3)
    names = [f"w{k}" for k in range(8000)]

    def text(words: int) -> str:
        return " ".join(rng.choice(names, size=words))

    abstract = " ".join(f"{text(WORDS).capitalize()}." for _ in range(SENTENCES))
    document, keeping = segment(text(TITLE), abstract, Segmentation()), Keeping()
    asking = WholeTexts(keeping, segmentation=Segmentation())
    for ask in (occlude, read_alone, shapley):
        ask([document], asking)
    texts = [keeping.texts[k] for k in rng.permutation(len(keeping.texts))[:TEXTS]]
    with tempfile.TemporaryDirectory() as place:
        folder = _made(Path(place) / "model", names)
        classifier: Any = load(Source(kind="transformers", path=folder, classes=("LABEL_0", "LABEL_1")))
        pipeline = transformers.pipeline("text-classification", model=str(folder), device="cpu")
    options = {"function_to_apply": "none", "top_k": None, "truncation": True}
    pairs = [{"text": one.title, "text_pair": one.abstract} for one in texts]

    def margins(answers: Any) -> Any:
        scores = [{one["label"]: one["score"] for one in answer} for answer in answers]
        return [one["LABEL_1"] - one["LABEL_0"] for one in scores]

    np.testing.assert_allclose(classifier._model.margins(texts), margins(pipeline(pairs, **options)), atol=1e-4)
    ours, alone, batched = best(
        lambda: classifier._model.margins(texts),
        lambda: [pipeline(pair, **options) for pair in pairs],
        lambda: pipeline(pairs, batch_size=BATCH, **options),
    )
    name = f"transformer, {len(texts)} of {len(keeping.texts):,} texts of a record"
    yield at_least(f"{name}: the library's pipeline, batches of {BATCH}", ours=ours, other=batched, goal=1.5)
    yield at_least(f"{name}: the library's pipeline, one by one", ours=ours, other=alone, goal=1)


def _made(folder: Path, names: list[str]) -> Path:
    words = [*("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "."), *names]
    shape = {"hidden_size": 384, "num_hidden_layers": 6, "num_attention_heads": 12, "intermediate_size": 1536}
    config = transformers.BertConfig(vocab_size=30522, num_labels=2, **shape)
    transformers.BertForSequenceClassification(config).save_pretrained(folder)
    transformers.BertTokenizer(vocab={word: k for k, word in enumerate(words)}).save_pretrained(folder)
    return folder
