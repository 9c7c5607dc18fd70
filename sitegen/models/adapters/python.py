"""A model that is an object in a Python file of the user's: `path = "mymodel.py:classifier"`.

What such an object must be able to do is in contract.py. The name behind the colon is the object, or a function without
arguments, or a class, that makes it. The file is run as a module of its own, with its folder last among those that
Python imports from, so that it may import what lies beside it.

The object says of itself what no file says (facts, fingerprint, seen, words), so the file is run to describe the model,
too, and not only to ask it: a site is then rendered where the file can run. A file that imports heavy libraries does so
best when it is first asked for margins. What the file reads (weights, say) is named by `files` in site.toml, or nobody
notices when it changes.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from sitegen.corpus.segment import Segmentation
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import (
    BOUNDED,
    Adapted,
    HasMargins,
    HasProbabilities,
    facts_of,
    foreign,
    seen_by,
    words_of,
)
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.manifest import Fact, Manifest, Texts, digest_of
from sitegen.models.protocol import Classifier, Precision
from sitegen.models.source import Source, SourceKind, manifest_of_source

NAME = "python"
_OBJECT = re.compile(r".+\.py:\w+")
_NOT_RANDOMISED = (
    "This model is a program that does not say how it would be with random weights, so there is none to compare with."
)
_WHAT = (
    "The model is the object `{attribute}` in the Python file `{file}`; what that file imports and reads is listed "
    "above as far as its settings say."
)
_FORMAT = """# What it is

{what} It is given title and abstract as strings{joined}. {answer}
"""


def describe(source: Source) -> Manifest:
    """The manifest; runs the file."""
    file, attribute = _named(source)
    model, adapted = _opened(source)
    return manifest_of_object(
        source,
        model,
        adapted,
        what=_WHAT.format(attribute=attribute, file=file.name),
        files=[file],
        settings={"attribute": attribute},
        size=f"{attribute} of {file.name}",
        facts=(("Kind", "a program in Python", f"{attribute} of {file.name}"),),
    )


def manifest_of_object(
    source: Source,
    model: object,
    adapted: Adapted,
    *,
    what: str,
    files: Sequence[Path],
    settings: Mapping[str, Any],
    size: str,
    facts: Sequence[Fact],
    notes: Sequence[str] = (),
    **wording: Any,
) -> Manifest:
    """The manifest of an object that keeps the contract. what: a sentence on what it is, Markdown. facts: what is said
    of it where it has no `facts` of its own. notes: paragraphs before those that the object's answers need.

    What it learned from influences results, and stands in no file that is known: so its hash is among the settings."""
    own, seen = getattr(model, "fingerprint", None), seen_by(model)
    bounded = adapted.bounded
    answer = "It answers with the probability of the positive class." if bounded else "It answers in log-odds."
    joined = "" if source.join is None else f", as one, with {source.join!r} between them"
    return manifest_of_source(
        source,
        files=files,
        settings={
            **settings,
            **({"positive": source.classes[1]} if adapted.classes else {}),
            **({"seen": hashlib.sha256("\n".join(seen).encode()).hexdigest()} if seen else {}),
        },
        fingerprint="" if own is None else str(own),
        texts=Texts(train=seen),
        words=words_of(model, name=source.name),
        size=size,
        facts=facts_of(model, name=source.name) or tuple(facts),
        notes=(*notes, *_several(adapted.classes, source), *((BOUNDED,) if bounded else ())),
        format=_FORMAT.format(what=what, joined=joined, answer=answer),
        not_randomised="" if hasattr(model, "randomised") else _NOT_RANDOMISED,
        **wording,
    )


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier; computes in whatever precision and place the object does."""
    _, adapted = _opened(source)
    return WholeTexts(adapted, segmentation=describe(source).segmentation, name=source.name)


def load_randomised(source: Source, *, seed: int, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """What the object's `randomised` makes of it."""
    model, _ = _opened(source)
    return randomised_of(source, model, seed=seed, segmentation=describe(source).segmentation)


def randomised_of(source: Source, model: Any, *, seed: int, segmentation: Segmentation) -> Classifier:
    """What an object's `randomised` makes of it; ModelError where it has no such method."""
    if not hasattr(model, "randomised"):
        raise ModelError(f"{source.name}: {_NOT_RANDOMISED}")
    name = f"{source.name}: randomised({seed})"
    with foreign(name):
        other = model.randomised(seed)
    return WholeTexts(adapted_to(other, source, name=name), segmentation=segmentation, name=source.name)


def runs(source: Source) -> str:
    """The import."""
    file, attribute = _named(source)
    return f'runs {file} and takes "{attribute}" from it'


def holds(path: Path) -> bool:
    """Whether it names an object in a Python file."""
    return bool(_OBJECT.fullmatch(str(path)))


KIND = SourceKind(name=NAME, describe=describe, load=load, load_randomised=load_randomised, runs=runs, holds=holds)


def _several(own: tuple[str, ...], source: Source) -> tuple[str, ...]:
    """A paragraph for the methods page on a model of more than two classes."""
    if len(own) < 3:
        return ()
    negative, positive = source.classes
    return (
        f"This model tells {len(own)} classes apart: {', '.join(own)}. These pages ask it for one of them, "
        f"“{positive}”, against all the others together, which are called “{negative}” here: by the probability p of "
        f"“{positive}” against 1 - p.",
    )


def _named(source: Source) -> tuple[Path, str]:
    """The file, and the name of the object in it."""
    file, _, attribute = str(source.path).rpartition(":")
    if not file or not attribute.isidentifier():
        raise ModelError(
            f"{source.path}: names no object. Write the file, a colon and the name of the object: "
            f'path = "mymodel.py:classifier".'
        )
    if not Path(file).is_file():
        raise ModelError(f'{file}: there is no such file. Correct "path" {source.place}.')
    return Path(file), attribute


def _opened(source: Source) -> tuple[Any, Adapted]:
    file, attribute = _named(source)
    state = " ".join(digest_of(one) for one in (file, *source.files))
    model = _object(file, attribute, hashlib.sha256(state.encode()).hexdigest())
    return model, adapted_to(model, source, name=source.name)


def adapted_to(model: object, source: Source, *, name: str) -> Adapted:
    """An object that keeps the contract, as the settings of a source have it asked."""
    return Adapted(model, name=name, join=source.join, classes=source.classes, rest=source.rest)


@lru_cache(maxsize=8)
def _object(file: Path, attribute: str, state: str) -> Any:
    """The object; a file is run once in a process, as long as its bytes and what site.toml says it reads are the same.
    state: a hash of these."""
    name = f"sitegen_model_{state[:16]}"
    spec = importlib.util.spec_from_file_location(name, file)
    if spec is None or spec.loader is None:
        raise ModelError(f"{file}: is no Python file. Name one that ends in .py.")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # as pickle and dataclasses want it
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))  # for good: it may import when it is asked
    label = f"{file}:{attribute}"
    with foreign(label):
        spec.loader.exec_module(module)
    if not hasattr(module, attribute):
        raise ModelError(f'{file}: has nothing that is called "{attribute}". Correct the name behind the colon.')
    found = getattr(module, attribute)
    if _makes_a_model(found):
        with foreign(label):
            found = found()
    return found


def _makes_a_model(found: object) -> bool:
    """Whether it is to be called: a class, or what can be called and is no model itself."""
    return isinstance(found, type) or (
        isinstance(found, Callable) and not isinstance(found, HasMargins | HasProbabilities)  # type: ignore[arg-type]
    )
