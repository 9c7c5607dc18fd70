"""A model that is an object in memory: what `sitegen.explain` and `sitegen.build` are given in a notebook.

Such an object is one of two things: whatever keeps the contract (contract.py), or a fitted scikit-learn pipeline. It is
asked as the same object in a file would be (python.py, scikit_learn/). But no file has it. So nobody can compute its
numbers again from files, and the pages say so; and nothing tells one state of it from another, so its scores are not
kept, unless it has a `fingerprint` or its user names a `version`.
"""

from __future__ import annotations

from typing import Any

from sitegen.models.adapters import python
from sitegen.models.adapters.contract import Adapted, HasMargins, HasProbabilities
from sitegen.models.adapters.scikit_learn import kind as scikit_learn
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier, Precision
from sitegen.models.source import IN_MEMORY, Held, Source, SourceKind, manifest_of_source

_NOT_RANDOMISED = "This model is a fitted scikit-learn pipeline: there is none with random weights to compare with."
_NOTE = (
    "This model was an object in the memory of a Python program, of the class {name}. No file of it is kept with these "
    "pages, so they cannot be made again from files alone{state}."
)
_PIPELINE = """# What it is

The model was a scikit-learn pipeline in memory, of the class `{name}`, and stands in no file. It was given one string,
the title and the abstract with {join!r} between them; where one of them is empty, the other alone. {answer}
"""
_OBJECT = "The model was an object in memory, of the class `{name}`, and stands in no file."


def is_a_model(value: object) -> bool:
    """Whether an object is one of the two things. A classifier of sitegen's own is none: it reads no strings."""
    if isinstance(value, type | Classifier):
        return False
    return isinstance(value, HasMargins | HasProbabilities) or _is_estimator(value)


def describe(source: Source) -> Manifest:
    """The manifest of the object."""
    held, model = _of(source)
    stated = getattr(model, "fingerprint", None)
    common: dict[str, Any] = {
        "settings": {"class": held.whole_name},
        "facts": (("Kind", "an object in memory", held.whole_name),),
        "volatile": stated is None and not source.version,
    }
    note = _NOTE.format(name=held.whole_name, state=_state(stated, source.version))
    if not _is_estimator(model):
        what, size = _OBJECT.format(name=held.whole_name), f"an object in memory, {held.name}"
        return python.manifest_of_object(
            source, model, _adapted(source), what=what, size=size, files=[], notes=[note], **common
        )
    join = scikit_learn.join_of(source)
    common["settings"] |= {"join": join, "classes": source.classes, **({"rest": True} if source.rest else {})}
    return manifest_of_source(
        source,
        files=[],
        fingerprint="" if stated is None else str(stated),
        size=f"a scikit-learn pipeline in memory, {held.name}",
        notes=(note,),
        format=_PIPELINE.format(name=held.whole_name, join=join, answer=scikit_learn.answer_text(source)),
        libraries=("scikit-learn",),
        not_randomised=_NOT_RANDOMISED,
        **common,
    )


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier that asks the object; computes as the object does."""
    _, model = _of(source)
    if _is_estimator(model):
        return scikit_learn.classifier_of(source, scikit_learn.answer_in(source, model))
    return WholeTexts(_adapted(source), segmentation=describe(source).segmentation, name=source.name)


def load_randomised(source: Source, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """What the object's `randomised` makes of it."""
    _, model = _of(source)
    return python.randomised_of(source, model, seed=seed, segmentation=describe(source).segmentation)


KIND = SourceKind(name=IN_MEMORY, describe=describe, load=load, load_randomised=load_randomised)


def _of(source: Source) -> tuple[Held, Any]:
    assert source.held is not None  # registry.py asks here about no other
    return source.held, source.held.value


def _adapted(source: Source) -> Adapted:
    return python.adapted_to(_of(source)[1], source, name=source.name)


def _is_estimator(value: object) -> bool:
    """Whether it answers as scikit-learn's classifiers do, and does not keep the contract."""
    contract = isinstance(value, HasMargins | HasProbabilities)
    return not contract and any(hasattr(value, name) for name in ("predict_proba", "decision_function", "predict"))


def _state(fingerprint: object, version: str) -> str:
    """What tells its state, to end a sentence."""
    if fingerprint is not None:
        return f"; by its own word its state is “{fingerprint}”"
    return f"; whoever made them calls its state “{version}”" if version else ", and nothing tells its state"
