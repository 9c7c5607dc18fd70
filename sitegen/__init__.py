"""sitegen: explain a text classifier to people, as a static site of occlusion heatmaps.

The functions below are what the command line does, for scripts and notebooks:

    collection = sitegen.read_records("papers.csv", label="class")    its records are collection.records
    model = sitegen.load_model("model")                               or a pipeline, or an object of your own
    sitegen.explain(model, "A title", "An abstract.")                 shows itself in a notebook and in a terminal
    sitegen.build("site.toml")                                        writes the site
    sitegen.build(frame, model, "site")                               the same from a DataFrame, without a site.toml

Whatever is wrong with a file is a `sitegen.errors.SitegenError`, whose text says where and what to do. To import
sitegen costs nothing: what a function needs (torch, for a model) is imported when it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sitegen.version import __version__

if TYPE_CHECKING:
    from sitegen.corpus.records import Collection
    from sitegen.pipeline.build import RenderReport
    from sitegen.pipeline.explain import LoadedModel
    from sitegen.web.explanation import Explanation
    from sitegen.web.inputs import Reporter

__all__ = ["__version__", "build", "explain", "load_model", "read_records"]


def read_records(
    path: str | Path | Sequence[str | Path],
    *,
    title: str | None = "title",
    abstract: str = "abstract",
    label: str | None = None,
    id: str | None = None,
    facets: Iterable[str] = (),
    positive: str = "positive",
    negative: str | None = None,
    rest: bool = False,
    positive_labels: Iterable[str] = (),
    negative_labels: Iterable[str] = (),
    encoding: str = "utf-8",
    skip_invalid: bool = False,
) -> Collection:
    """Read a file of records, such as a CSV table or a RIS export, or several as one, without a site.toml.

    title, abstract, label, id, facets: names of columns; every other column is metadata. title: None or "" where
    records have a single text, which is then the `abstract`. Without `label` no record has
    a gold label but for decisions of a screening with ASReview, without `id` ids are made from the texts, or are those
    that a bibliography has. positive, negative: names of the two classes ("negative", where it is not given); a cell of
    the label column that holds one of `positive_labels` means the positive class, of `negative_labels` the negative one
    (left out: the name of the class and the usual ways to write yes and no). With `rest` every label that is not the
    positive class's name, or one of `positive_labels`, means the negative one. `skip_invalid` leaves out rows that
    cannot be read, and counts them, instead of refusing the file.

    Returns a Collection: `.records`, in the order of the file, each with id, title, abstract, label (1 positive, 0
    negative, None without one), facets, metadata and its line; `.problems`, all that was not as it should be, and
    `.counts()` of them. Raises RecordError where the file cannot be read, lacks a column, has no records or has rows
    that cannot be used.
    """
    from sitegen.config import Classes, Records
    from sitegen.corpus.naming import ARGUMENTS
    from sitegen.corpus.records import read_records as read

    if hasattr(path, "columns"):
        raise TypeError("read_records reads files; a DataFrame is given to sitegen.build as it is")
    given = [path] if isinstance(path, str | Path) else path
    files = tuple(Path(one).expanduser().absolute() for one in given)
    settings = Records(
        path=files if len(files) > 1 else files[0],
        id=id,
        title=title or "",
        abstract=abstract,
        label=label,
        positive_labels=_listed("positive_labels", positive_labels),
        negative_labels=_listed("negative_labels", negative_labels),
        facets=_listed("facets", facets),
        encoding=encoding,
    )
    classes = Classes.named(positive, negative, rest=rest)
    return read(settings, classes=classes, skip_invalid=skip_invalid, naming=ARGUMENTS)


def load_model(
    model: object,
    *,
    classes: tuple[str, str] | None = None,
    rest: bool = False,
    join: str | None = None,
    words: str = "words",
    splitter: str = "nupunkt",
    strip_title: bool = False,
    files: Sequence[str | Path] = (),
    version: str = "",
    pieces: int | None = None,
    device: str = "",
    trust: bool = False,
) -> LoadedModel:
    """Load a model of any kind.

    model: the path of a model directory, as `sitegen train` writes one; of a folder of transformers'; of a scikit-learn
    pipeline in a file of skops or joblib; "mymodel.py:classifier", an object in a Python file; or the object itself: a
    fitted scikit-learn pipeline, or whatever has a method `margins(texts)` or `probabilities(texts)`, as
    sitegen/models/adapters/contract.py says.

    classes: (negative, positive), what to call them; left out, a model directory's own, else "negative" and "positive".
    rest: whether the negative class is all that the model knows beside the positive one. The others are the keys of
    [[models]] in site.toml, for all but model directories: join stands between title and abstract where the model reads
    one string; words and splitter say how texts are cut into what is hidden at once, strip_title whether a title that
    an abstract repeats is left out; files and version tell one state of the model from another; pieces: how many pieces
    of words a transformer is given at most; device: torch's name of where it runs; trust: whether code of the model's
    may be run, which a pickle and a Python file need.

    The result goes to `explain` and `build`; `.manifest` is what can be said of the model, `.classifier` answers with
    margins in log-odds of the positive class. Raises ModelError where the model cannot be used, TypeError where `model`
    is none.
    """
    from sitegen.pipeline.explain import load_model as load
    from sitegen.pipeline.given_model import ModelSettings

    settings = ModelSettings(
        classes=classes,
        rest=rest,
        join=join,
        words=words,
        splitter=splitter,
        strip_title=strip_title,
        files=tuple(files),
        version=version,
        pieces=pieces,
        device=device,
        trust=trust,
    )
    return load(model, settings)


def explain(
    model: object,
    title: str,
    abstract: str = "",
    *,
    threshold: float = 0.5,
    seconds: float = 60.0,
    classes: tuple[str, str] | None = None,
    rest: bool = False,
    join: str | None = None,
    words: str = "words",
    splitter: str = "nupunkt",
    strip_title: bool = False,
    files: Sequence[str | Path] = (),
    version: str = "",
    pieces: int | None = None,
    device: str = "",
    trust: bool = False,
) -> Explanation:
    """Explain one model's answer about one text.

    model: what `load_model` returned, or whatever it takes, which is then loaded for this one text; the settings from
    `classes` on are those of `load_model`, too. threshold: the probability from which on a text counts as positive.
    seconds: how long a model may take that reads title and abstract together, about; a slow one is asked less, and the
    result says what was not asked.

    The result shows itself: in a notebook the answer, the figure and a table of the sentences, in a terminal the answer
    and the sentences with the largest shares. `.probability` is that of the positive class (0..1), `.predicted` the
    name of the predicted class, `.sentences` what each of the S sentences of the abstract says and did, `.figure()` the
    SVG. All numbers, in log-odds: `.occlusion` has the grid of T prefixes of the title by A prefixes of the abstract,
    and the leave-one-out effects of sentences (S,) and words; `.alone` what each of them says by itself; `.shapley` the
    shares.

    Raises ModelError where the model cannot be used, TypeError where `model` is none.
    """
    from sitegen.pipeline.explain import explain as explain_with
    from sitegen.pipeline.explain import load_model as load
    from sitegen.pipeline.given_model import ModelSettings

    settings = ModelSettings(
        classes=classes,
        rest=rest,
        join=join,
        words=words,
        splitter=splitter,
        strip_title=strip_title,
        files=tuple(files),
        version=version,
        pieces=pieces,
        device=device,
        trust=trust,
    )
    loaded = load(model, settings, caller="explain")
    return explain_with(loaded, title=title, abstract=abstract, threshold=threshold, seconds=seconds)


def build(
    records: Any,
    classifier: object = None,
    output: str | Path | None = None,
    *,
    title: str | None = "title",
    abstract: str = "abstract",
    label: str | None = None,
    id: str | None = None,
    facets: Iterable[str] = (),
    positive_labels: Iterable[str] = (),
    negative_labels: Iterable[str] = (),
    encoding: str = "utf-8",
    name: str | None = None,
    classes: tuple[str, str] | None = None,
    rest: bool = False,
    join: str | None = None,
    words: str = "words",
    splitter: str = "nupunkt",
    strip_title: bool = False,
    files: Sequence[str | Path] = (),
    version: str = "",
    pieces: int | None = None,
    device: str = "",
    trust: bool = False,
    site_title: str | None = None,
    settings: Mapping[str, Any] | None = None,
    skip_invalid: bool = False,
    prune: bool = False,
    reporter: Reporter | None = None,
) -> RenderReport:
    """Score records by a model and write the site.

    It is called in two ways:

        build("site.toml")                          all is said by a site.toml; output, where given, goes before it
        build(frame, classifier, "out", ...)        without one

    records: a DataFrame of pandas or polars, a list of dictionaries, what `read_records` returned, or the path of a
    file of records, or several; else a site.toml, the folder it is in, or a Site. classifier: whatever `load_model`
    takes or returns. output: the folder to write the site to. Scores are kept beside it, in `.sitegen`, so that a
    second run computes only what is new; those of an object in memory only where it has a `fingerprint`, or `version`
    is given, since nothing else tells whether it is the same.

    title, abstract, label, id, facets, positive_labels, negative_labels, encoding: as for `read_records`; the index of
    pandas is no column, unless `id` names it ("index", where it has no name). name: what readers call the model.
    classes and all up to trust: as for `load_model`. site_title: the site's. settings: all else, as a mapping like the
    tables of site.toml, such as {"authors": ["..."], "occlusion": {"shapley": "off"}}; relative paths are relative to
    the current folder, and pages of your own are taken where it says {"pages": "folder"}. `skip_invalid` leaves out
    rows that cannot be read, `prune` deletes scores that the site no longer needs. `reporter` is told how far each
    stage is; without one nothing is said.

    Cells that are None, NaN or NaT are empty; numbers and dates become the text that a person would write. The site
    says what the records and the model were. Returns a RenderReport: `.folder`, `.files` and `.bytes` written,
    `.totals`, the records as `.collection`, and whether the site was `.unchanged`, and so left alone. Raises a
    SitegenError where settings, records, the model or the output folder are at fault, TypeError where arguments are
    missing or do not go together. Needs no `if __name__ == "__main__":`.
    """
    from sitegen.pipeline.arguments import Columns
    from sitegen.pipeline.given_model import ModelSettings
    from sitegen.pipeline.public import build_given

    return build_given(
        records,
        classifier,
        None if output is None else Path(output).expanduser(),
        columns=Columns(
            title=title or "",
            abstract=abstract,
            label=label,
            id=id,
            facets=_listed("facets", facets),
            positive_labels=_listed("positive_labels", positive_labels),
            negative_labels=_listed("negative_labels", negative_labels),
            encoding=encoding,
        ),
        model=ModelSettings(
            classes=classes,
            rest=rest,
            join=join,
            words=words,
            splitter=splitter,
            strip_title=strip_title,
            files=tuple(files),
            version=version,
            pieces=pieces,
            device=device,
            trust=trust,
        ),
        name=name,
        site_title=site_title,
        settings=settings,
        skip_invalid=skip_invalid,
        prune=prune,
        reporter=reporter,
    )


def _listed(name: str, values: Iterable[str]) -> tuple[str, ...]:
    """The values of an argument that is a list; TypeError for a single text, whose letters would be the values."""
    if isinstance(values, str):
        raise TypeError(f'{name}: is a single text. Give a list: {name}=["{values}"]')
    return tuple(values)
