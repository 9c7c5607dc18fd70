"""Small scikit-learn pipelines that tests fit, and the texts they are fitted on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import joblib
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sitegen.models.source import Source
from tests.sites import NEGATIVE, POSITIVE, RECORDS

RECORD_TEXTS = [(row["title"], row["abstract"], row["label"]) for row in RECORDS]
TEXTS = [f"{title} {abstract}" for title, abstract, label in RECORD_TEXTS if label]
LABELS = [label for *_, label in RECORD_TEXTS if label]


def fitted(*steps: Any) -> Any:
    """A pipeline fitted on the records of the tests' sites; without steps a logistic regression over tf-idf."""
    steps = steps or (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=50))
    return make_pipeline(*steps).fit(TEXTS, LABELS)


def saved(folder: Path, pipeline: Any, name: str = "model.joblib", **options: object) -> Source:
    """A pipeline in a file, and how site.toml would name it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    if name.endswith(".skops"):
        import skops.io

        skops.io.dump(pipeline, file)
    else:
        joblib.dump(pipeline, file)
    settings: dict[str, Any] = {"trust": True, "classes": (NEGATIVE, POSITIVE), "folder": folder, **options}
    return Source(kind="scikit-learn", path=file, **settings)
