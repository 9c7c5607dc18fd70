"""What a model directory says of its model, in words for readers of the pages. Loads no torch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sitegen.models.manifest import ModelDescription

Told = tuple[str, str, str]  # name, value, and a note or nothing

_READOUTS = {
    "final-state": "of both directions, after the whole text",
    "last-step": "at the last word only",
}
_MEASURES = {
    "accuracy": ("Accuracy", "share of papers on the right side"),
    "auc": ("AUC", "how often a paper of the positive class gets the higher probability of a pair; a coin gets 0.5"),
    "brier": ("Brier score", "mean squared distance of probability and label; 0 is best, always 50% gets 0.25"),
    "ece": ("Calibration error", "how far probabilities are from the shares that came true, on average"),
}


def facts(description: ModelDescription) -> list[Told]:
    """Name, value and note of what the model is."""
    a, s = description.architecture, description.segmentation
    towers = "read apart and added up" if not a.joint else f"read apart, then joined in a layer of {a.joint} units"
    direction = "forwards and backwards" if a.directions == 2 else "forwards"
    return [
        ("Kind", f"two LSTM networks, one for the title, one for the abstract, {towers}", ""),
        ("Size", f"{a.layers} layers of {a.hidden} units, reading {direction}", ""),
        ("Result taken", _READOUTS[a.readout], f"readout {a.readout}"),
        ("Vocabulary", f"{description.vocabulary:,} words, each a vector of {a.dimension} numbers", ""),
        ("Classes", f"{description.classes[1]} / {description.classes[0]}", "positive / negative, as trained"),
        ("Words cut by", s.tokenizer, "lower-cased"),
        ("Sentences cut by", s.splitter, ""),
        ("Fingerprint", description.fingerprint[:16], "SHA-256 of the model's files, first 16 digits"),
    ]


def metrics(description: ModelDescription) -> list[Told]:
    """Name, value and interval of each measure on the model's own test part; none where it lists none."""
    told = []
    test = description.metrics.get("test")
    for key, (name, meaning) in _MEASURES.items():
        estimate: Any = test.get(key) if isinstance(test, Mapping) else None
        if isinstance(estimate, Mapping) and {"value", "low", "high"} <= set(estimate):
            value, low, high = (float(estimate[part]) for part in ("value", "low", "high"))
            told.append((name, f"{value:.3f}", f"[{low:.3f}, {high:.3f}]: {meaning}"))
    return told
