"""sitegen: explain a text classifier to people, as a static site of occlusion heatmaps.

The functions below are what the command line does, for scripts and notebooks:

    collection = sitegen.read_records("papers.csv", label="class")    its records are collection.records
    model = sitegen.load_model("model")
    sitegen.explain(model, "A title", "An abstract.")                 shows itself in a notebook and in a terminal
    sitegen.build("site.toml")                                        writes the site

Whatever is wrong with a file is a `sitegen.errors.SitegenError`, whose text says where and what to do. To import
sitegen costs nothing: what a function needs (torch, for a model) is imported when it is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.version import __version__

if TYPE_CHECKING:
    from sitegen.config import Site
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
    negative: str = "negative",
    positive_labels: Iterable[str] = (),
    negative_labels: Iterable[str] = (),
    encoding: str = "utf-8",
    skip_invalid: bool = False,
) -> Collection:
    """Read a file of records, such as a CSV table or a RIS export, or several as one, without a site.toml.

    title, abstract, label, id, facets: names of columns; every other column is metadata. title: None or "" where
    records have a single text, which is then the `abstract`. Without `label` no record has
    a gold label but for decisions of a screening with ASReview, without `id` ids are made from the texts, or are those
    that a bibliography has. positive, negative: names of the two classes; a cell of the
    label column that holds one of `positive_labels` means the positive class, of `negative_labels` the negative one
    (left out: the name of the class and the usual ways to write yes and no). `skip_invalid` leaves out rows that cannot
    be read, and counts them, instead of refusing the file.

    Returns a Collection: `.records`, in the order of the file, each with id, title, abstract, label (1 positive, 0
    negative, None without one), facets, metadata and its line; `.problems`, all that was not as it should be, and
    `.counts()` of them. Raises RecordError where the file cannot be read, lacks a column, has no records or has rows
    that cannot be used.
    """
    from sitegen.config import Classes, Records
    from sitegen.corpus.naming import ARGUMENTS
    from sitegen.corpus.records import read_records as read

    given = [path] if isinstance(path, str | Path) else path
    files = tuple(Path(one).expanduser().absolute() for one in given)
    settings = Records(
        path=files if len(files) > 1 else files[0],
        id=id,
        title=title or "",
        abstract=abstract,
        label=label,
        positive_labels=tuple(positive_labels),
        negative_labels=tuple(negative_labels),
        facets=tuple(facets),
        encoding=encoding,
    )
    classes = Classes(positive=positive, negative=negative)
    return read(settings, classes=classes, skip_invalid=skip_invalid, naming=ARGUMENTS)


def load_model(path: str | Path) -> LoadedModel:
    """Load the model directory at `path`, as `sitegen train` writes one; imports torch.

    The result goes to `explain`; `.manifest` is what the directory says of the model, `.classifier` answers with
    margins in log-odds of the positive class. Raises ModelError where the directory cannot be used.
    """
    from sitegen.pipeline.explain import load_model as load

    return load(Path(path).expanduser())


def explain(model: LoadedModel | str | Path, title: str, abstract: str = "", *, threshold: float = 0.5) -> Explanation:
    """Explain one model's answer about one text.

    model: what `load_model` returned, or the path of a model directory, which is then loaded for this one text.
    threshold: the probability from which on a text counts as positive.

    The result shows itself: in a notebook the answer, the figure and a table of the sentences, in a terminal the answer
    and the sentences with the largest shares. `.probability` is that of the positive class (0..1), `.predicted` the
    name of the predicted class, `.sentences` what each of the S sentences of the abstract says and did, `.figure()` the
    SVG. All numbers, in log-odds: `.occlusion` has the grid of T prefixes of the title by A prefixes of the abstract,
    and the leave-one-out effects of sentences (S,) and words; `.alone` what each of them says by itself; `.shapley` the
    shares.

    Raises ModelError where the model directory cannot be used, TypeError where `model` is something else.
    """
    from sitegen.pipeline.explain import LoadedModel
    from sitegen.pipeline.explain import explain as explain_with

    loaded = load_model(model) if isinstance(model, str | Path) else model
    if not isinstance(loaded, LoadedModel):
        raise TypeError(f"explain takes what load_model returns, or the path of a model directory, not {model!r:.80}")
    return explain_with(loaded, title=title, abstract=abstract, threshold=threshold)


def build(
    site: Site | str | Path,
    *,
    output: str | Path | None = None,
    skip_invalid: bool = False,
    prune: bool = False,
    reporter: Reporter | None = None,
) -> RenderReport:
    """Score the records of a site and write it.

    site: the path of a site.toml or of the folder it is in, or a Site from `sitegen.config.load_site`. output: where to
    write it, instead of the folder that site.toml names. `skip_invalid` leaves out rows that cannot be read, `prune`
    deletes scores that the site no longer needs. `reporter` is told how far each stage is; without one nothing is said.

    Returns a RenderReport: `.folder`, `.files` and `.bytes` written, `.totals`, the records as `.collection`, and
    whether the site was `.unchanged`, and so left alone. Scores that exist already are kept. Raises a SitegenError
    where site.toml, the records, a model or the output folder is at fault. Needs no `if __name__ == "__main__":`.
    """
    from sitegen.config import Site, load_site
    from sitegen.pipeline.build import build as build_site
    from sitegen.web.inputs import Silent

    described = site if isinstance(site, Site) else load_site(Path(site).expanduser())
    if output is not None:
        described = described.written_to(Path(output).expanduser())
    _, report = build_site(described, reporter=reporter or Silent(), skip_invalid=skip_invalid, prune=prune)
    return report
