"""A model that sitegen did not make is tried on some texts of the corpus before it is believed.

All that follows rests on its answers being its own: the same text must get the same answer each time, and whatever else
is in its batch. A model that does not keep to this is refused, with the remedy; one whose answers look odd, though they
may be right, gets a warning, in the terminal and on the methods page. What only the loaded model could say of itself
(its facts and notes, and whether title and abstract add up) is kept with the result, so that pages are written without
loading it.

It is tried once: the result stands in the store under all that it depends on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol, runtime_checkable

import numpy as np

from sitegen.analysis.attribution.masking import masked_margins
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Document
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import LEAST
from sitegen.models.manifest import Fact, Manifest
from sitegen.models.protocol import Classifier
from sitegen.pipeline.batches import segmented
from sitegen.pipeline.keys import ModelKeys

TOLERANCE = {"float32": 1e-4, "float64": 1e-4, "bfloat16": 0.1}  # log-odds, or this share of a margin beyond 1
_SATURATED = -float(np.log(LEAST)) - 0.1  # log-odds that only a probability of exactly 0 or 1 gets


@runtime_checkable
class TellsOfItself(Protocol):
    """A classifier that can say more of itself than its manifest does."""

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Name, value and note."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Paragraphs."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What came of it. texts: on how many. additive: whether the model's title and abstract add up. facts, notes: what
    it says of itself. warnings: what looks odd."""

    texts: int
    additive: bool
    facts: tuple[Fact, ...]
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        return {name: getattr(self, name) for name in ("texts", "additive", "facts", "notes", "warnings")}


def try_model(
    site: Site, keys: ModelKeys, store: Store, classifier: Callable[[], Classifier], advance: Callable[..., None]
) -> bool:
    """Try the model unless the store has the result; returns whether it was tried. ModelError where it cannot be
    used."""
    if keys.trial is None or read_trial(store, keys) is not None:
        return False
    stage = f"Trying {keys.name}"
    labels = [keys.texts.texts[key].label for key in keys.tried]
    trial = tried(
        classifier(),
        segmented(keys.texts, keys.tried),
        labels,
        name=keys.name,
        classes=site.classes.names,
        tolerance=TOLERANCE[site.occlusion.precision],
        progress=partial(advance, stage),
    )
    store.write_report(keys.trial, trial.as_json())
    return True


def tried(
    classifier: Classifier,
    documents: Sequence[Document],
    labels: Sequence[int | None],
    *,
    name: str,
    classes: tuple[str, str],
    tolerance: float,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Trial:
    """Try a classifier on documents, of which some have labels."""
    steps = len(documents) + 2
    first = _margins(classifier, documents)
    progress(1, steps)
    again = _margins(classifier, documents)
    _check_same(
        first,
        again,
        tolerance,
        f'The model "{name}" answers the same texts differently when it is asked again',
        "Turn off whatever it draws at random (dropout, sampling), or fix its seed",
    )
    progress(2, steps)
    alone = np.empty(len(documents))
    for k, document in enumerate(documents):
        (alone[k],) = _margins(classifier, [document])
        progress(k + 3, steps)
    _check_same(
        first,
        alone,
        tolerance,
        f'The model "{name}" answers a text differently when others are in the same batch',
        "Let it read each text by itself (batch = 1, where it is an object of yours), or have it ignore padding",
    )
    told = classifier if isinstance(classifier, TellsOfItself) else None
    return Trial(
        texts=len(documents),
        additive=classifier.additive,
        facts=told.facts if told else (),
        notes=told.notes if told else (),
        warnings=tuple(_warnings(first, labels, name=name, classes=classes)),
    )


def read_trial(store: Store, keys: ModelKeys) -> Trial | None:
    """What came of the model's trial; None where there was none."""
    stored = store.read_report(keys.trial) if keys.trial else None
    if stored is None:
        return None
    facts = tuple((str(name), str(value), str(note)) for name, value, note in stored["facts"])
    said = {name: tuple(stored[name]) for name in ("notes", "warnings")}
    return Trial(texts=stored["texts"], additive=stored["additive"], facts=facts, **said)


def adds_up(store: Store, keys: ModelKeys) -> bool:
    """Whether the model's title and abstract add up, by its manifest, or by what it was when it was tried."""
    trial = read_trial(store, keys)
    return keys.texts.manifest.additive or (trial is not None and trial.additive)


def with_trial(manifest: Manifest, trial: Trial | None) -> Manifest:
    """The manifest with what the model was and said of itself when it was loaded, and what looked odd."""
    if trial is None:
        return manifest
    notes = (*dict.fromkeys((*manifest.notes, *trial.notes)), *trial.warnings)
    additive = manifest.additive or trial.additive
    return replace(manifest, additive=additive, facts=trial.facts or manifest.facts, notes=notes)


def _margins(classifier: Classifier, documents: Sequence[Document]) -> Array:
    margins: Array = np.concatenate(masked_margins(documents, classifier, [(None, None)] * len(documents)))
    if not np.isfinite(margins).all():
        raise ModelError("The model answers with numbers that are not finite. Correct it.")
    return margins


def _check_same(margins: Array, others: Array, tolerance: float, problem: str, remedy: str) -> None:
    differences = np.abs(margins - others) / np.maximum(1.0, np.abs(margins))
    if differences.max(initial=0.0) > tolerance:
        worst = int(np.argmax(differences))
        raise ModelError(
            f"{problem}: by {abs(margins[worst] - others[worst]):.2g} log-odds, where {tolerance:g} pass as rounding. "
            f"What a word does to such an answer cannot be told. {remedy}."
        )


def _warnings(margins: Array, labels: Sequence[int | None], *, name: str, classes: tuple[str, str]) -> list[str]:
    said = []
    saturated = int((np.abs(margins) >= _SATURATED).sum())
    if saturated:
        said.append(
            f"“{name}” answers {saturated} of {len(margins)} {{many}} on which it was tried with a probability of "
            f"exactly 0% or 100%, or nearly so. What a word or a sentence does there can hardly be seen; a model that "
            f"gives its log-odds shows it."
        )
    if len(margins) > 1 and np.ptp(margins) == 0:
        said.append(f"“{name}” gives all {len(margins)} {{many}} on which it was tried the same answer.")
    area = _area(
        [m for m, y in zip(margins, labels, strict=True) if y == 1],
        [m for m, y in zip(margins, labels, strict=True) if y == 0],
    )
    if area is not None and area < 0.5:
        count = sum(label is not None for label in labels)
        said.append(
            f"On {count} labelled {{many}} “{name}” gives those labelled “{classes[0]}” the higher answer more often "
            f"than those labelled “{classes[1]}” (AUC {area:.2f}; a coin gets 0.50). Its classes may be the other way "
            f"round."
        )
    return said


def _area(positive: Sequence[float], negative: Sequence[float]) -> float | None:
    """How often a paper of the positive class gets the higher answer of a pair; None where a class has none."""
    if not positive or not negative:
        return None
    differences = np.array(positive)[:, None] - np.array(negative)[None, :]
    return float(np.mean((differences > 0) + 0.5 * (differences == 0)))
