"""A scikit-learn pipeline in a file: `path = "classifier.skops"`, or what joblib or pickle wrote.

The pipeline is given one string: title and abstract with `join` between them, a blank where site.toml does not say, one
of them alone where the other is empty. A skops file names types and holds arrays, and is loaded where it names none but
those that skops trusts by itself; to read a pickle is to run what stands in it, which needs the user's consent.

Which of the two a file is its first bytes say, not its name. To describe it, neither library is imported; what only
the loaded pipeline can say of itself comes with the classifier (`facts`, `notes`).
"""

from __future__ import annotations

import zipfile
from functools import partial
from pathlib import Path
from typing import Any

from sitegen.errors import ModelError
from sitegen.models.adapters.contract import foreign
from sitegen.models.adapters.scikit_learn import live
from sitegen.models.adapters.scikit_learn.adding import AddingTexts, adds_up
from sitegen.models.adapters.scikit_learn.answers import Answer, answer_of
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.linear import linear_of
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.live import Counts, Form, LiveKind, LiveModel
from sitegen.models.manifest import Manifest
from sitegen.models.protocol import Classifier, Precision
from sitegen.models.source import JOIN, Source, SourceKind, manifest_of_source
from sitegen.version import how_to_install

NAME = "scikit-learn"
_SAVE = 'skops.io.dump(pipeline, "classifier.skops")'
_NOT_RANDOMISED = (
    "This model is a scikit-learn pipeline, whose file does not say how it would be before training: there is none "
    "with random weights to compare with."
)
_FORMAT = """# Its file

`{file}` is a scikit-learn pipeline in {how}. It is given one string, the title and the abstract with {join!r} between
them; where one of them is empty, the other alone. {answer}
"""
_ANSWER = (
    "The margin is what its `decision_function` answers where that is in log-odds; else the log-odds of its "
    "`predict_proba`; else, where it has no probabilities, its `decision_function` all the same, as the methods page "
    "says."
)
_REST = (
    " Of more than two classes it is the log-odds of “{positive}” against all the others together: the class's number "
    "less the logarithm of the sum of the exponentials of the others' where the probabilities are the softmax of these "
    "numbers, the log-odds of its probability otherwise."
)


def describe(source: Source) -> Manifest:
    """The manifest; imports no scikit-learn and reads nothing but the file's bytes."""
    file = source.file
    how = "skops's format" if is_skops(file) else "a pickle, as joblib writes it"
    return manifest_of_source(
        source,
        files=[file],
        settings={"join": join_of(source), "classes": source.classes, **({"rest": True} if source.rest else {})},
        size=f"a scikit-learn pipeline, {file.name}",
        facts=(("Kind", "a scikit-learn pipeline", file.name),),
        format=_FORMAT.format(file=file.name, how=how, join=join_of(source), answer=answer_text(source)),
        libraries=("scikit-learn",),
        not_randomised=_NOT_RANDOMISED,
        no_live="",
    )


def answer_text(source: Source) -> str:
    """What its answer is, for the format of its file."""
    return _ANSWER + (_REST.format(positive=source.classes[1]) if source.rest else "")


def load(source: Source, *, precision: Precision = "float32", device: str = "cpu") -> Classifier:
    """The classifier; computes in the precision of the pipeline's own numbers."""
    return classifier_of(source, opened(source))


def classifier_of(source: Source, answer: Answer) -> Classifier:
    """The classifier that asks a pipeline."""
    if (linear := linear_of(answer)) is not None:
        kind = AddingTexts if adds_up(answer, linear) else LinearTexts
        return kind(answer, linear, segmentation=source.segmentation)
    return WholeTexts(
        answer, segmentation=source.segmentation, facts=answer.facts, notes=answer.notes, name=answer.name
    )


def opened(source: Source) -> Answer:
    """The pipeline, ready to answer; ModelError where it is no classifier of two classes, or, where the site asks for
    one against the rest, of more."""
    return answer_in(source, _read(source.file))


def answer_in(source: Source, pipeline: Any) -> Answer:
    """A pipeline, ready to answer; ModelError as in `opened`."""
    return answer_of(pipeline, name=source.name, classes=source.classes, join=join_of(source), rest=source.rest)


def runs(source: Source) -> str:
    """Nothing for a skops file. ModelError where a file can hold no pipeline: to trust it would help nobody."""
    file = source.file
    _check_whole(file)
    return "" if is_skops(file) else f"reads the pickle {file}, which can run anything while it is read"


def live_form(source: Source, *, limit: int, counts: Counts) -> Form | str:
    """What a page needs to run the pipeline, of at most `limit` bytes; why it cannot, else."""
    return live.choose(source, opened(source), limit=limit, counts=counts)


def live_model(source: Source, form: Form) -> LiveModel:
    """The pipeline in a page; opens it only where the classifier is loaded."""
    return live.publish(source, form, partial(opened, source))


_SUFFIXES = {".skops", ".joblib", ".pkl", ".pickle"}


def holds(path: Path) -> bool:
    """Whether it is a file that is called as pipelines' are, or begins as a zip (skops) or a pickle (joblib) does."""
    if not path.is_file() or path.suffix.lower() in _SUFFIXES:
        return path.is_file()
    with path.open("rb") as stream:
        return stream.read(4).startswith((b"PK\x03\x04", b"\x80"))


KIND = SourceKind(
    name=NAME,
    describe=describe,
    load=load,
    runs=runs,
    live=LiveKind(choose=live_form, publish=live_model),
    holds=holds,
)


def join_of(source: Source) -> str:
    """What stands between title and abstract."""
    return JOIN if source.join is None else source.join


def is_skops(file: Path) -> bool:
    """Whether a file is in skops's format."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as content:
        return "schema.json" in content.namelist()


def _check_whole(file: Path) -> None:
    """ModelError where a file is empty, or is called .skops and is neither that nor a pickle."""
    if file.stat().st_size == 0:
        raise ModelError(f"{file}: is empty. Save the pipeline again: {_SAVE}.")
    if file.suffix == ".skops" and not is_skops(file) and file.open("rb").read(1) != b"\x80":
        raise ModelError(f"{file}: is no file of skops, or only a part of one. Save the pipeline again: {_SAVE}.")


def _read(file: Path) -> Any:
    _check_whole(file)
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise ModelError(
            f"{file}: needs scikit-learn, which is not installed. Install it: {how_to_install('sklearn')}."
        ) from None
    if not is_skops(file):
        import joblib

        with foreign(str(file), remedy=f"Where the file is damaged or no pickle, save the pipeline again: {_SAVE}"):
            return joblib.load(file)
    try:
        import skops.io
    except ImportError:
        raise ModelError(
            f"{file}: needs skops, which is not installed. Install it: {how_to_install('sklearn')}."
        ) from None
    with foreign(str(file)):
        unknown = skops.io.get_untrusted_types(file=file)
    if unknown:
        raise ModelError(
            f"{file}: has objects of types that skops does not trust by itself ({', '.join(sorted(unknown))}), and "
            f'nothing of it was loaded. Give such a pipeline by a Python file (kind = "python") that loads it.'
        )
    with foreign(str(file)):
        return skops.io.load(file)
