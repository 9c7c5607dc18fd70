"""The command line: what can be asked of sitegen, and how. With `terminal`, the only module that prints.

Exit codes: 0 fine; 1 a bug of ours (a traceback follows), or that `verify` found a fault; 2 the user's input is at
fault (one message says where and what to do); 130 and 143 stopped by Ctrl+C and SIGTERM (one line says what is kept).
Progress goes to standard error, reports go to standard output. torch is imported only by the commands that need a
model.
"""

from __future__ import annotations

import errno
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from sitegen.cli import archives, beginning, elsewhere, explaining, terminal
from sitegen.cli.stopping import stopping
from sitegen.config import Classes, Records, Site, load_site
from sitegen.corpus.formats import format_names
from sitegen.corpus.naming import SITE_TOML, Naming
from sitegen.errors import SitegenError, Stopped
from sitegen.version import __version__

app = typer.Typer(
    name="sitegen",
    help="Explain a text classifier to people: occlusion heatmaps for every record, as a static site.\n\n"
    "Begin with: sitegen init mysite; sitegen build mysite/site.toml; then open mysite/_site/index.html.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

SiteFile = Annotated[Path, typer.Argument(metavar="SITE.TOML", help="The site's description, or the folder it is in.")]
OutputFolder = Annotated[
    Path | None, typer.Option("--output", "-o", help="Where to write the site (default: output.folder of SITE.TOML).")
]
SkipInvalid = Annotated[
    bool,
    typer.Option("--skip-invalid", help="Leave out rows that cannot be read, and count them, instead of stopping."),
]
Precision = Annotated[
    Literal["float32", "float64", "bfloat16"] | None,
    typer.Option(help="Of the model's numbers (default: occlusion.precision of SITE.TOML). Scores are kept apart."),
]
Prune = Annotated[bool, typer.Option("--prune", help="Delete scores of texts and models that the site no longer has.")]


TRAIN_FLAGS = Naming(
    title="--title",
    abstract="--abstract",
    id="--id",
    label="--label",
    facets="",
    positive_labels="--positive-label",
    negative_labels="--negative-label",
    rest="--rest",
    path="the path",
    encoding="",
    skip_invalid="--skip-invalid",
    place="the command",
)  # how messages name what `sitegen train` is told of records

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)  # a disk that is full, or a share of it that is used up


def _version(value: bool) -> None:
    if value:
        print(f"sitegen {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    pass


app.command()(beginning.init)
app.command()(beginning.inspect)


@app.command()
def score(file: SiteFile, precision: Precision = None, skip_invalid: SkipInvalid = False, prune: Prune = False) -> None:
    """Read the records and score each with each model; scores that exist already are kept.

    An interrupted run goes on where it stopped when the command is given again. With bfloat16 some records are scored
    in float32, too, to say how far the probabilities differ and whether it is faster here.
    """
    from sitegen.pipeline import build as pipeline

    site, started = _site(file, precision=precision), time.monotonic()
    with terminal.watching() as watcher:
        report = pipeline.score(site, reporter=watcher, skip_invalid=skip_invalid, prune=prune)
    terminal.show_scores(report, time.monotonic() - started)


@app.command()
def render(
    file: SiteFile, output: OutputFolder = None, precision: Precision = None, skip_invalid: SkipInvalid = False
) -> None:
    """Write the site from the records and the scores; needs no model in memory."""
    from sitegen.pipeline import build as pipeline

    site, started = _site(file, output, precision=precision), time.monotonic()
    with terminal.watching() as watcher:
        report = pipeline.render(site, reporter=watcher, skip_invalid=skip_invalid)
    terminal.show_site(report, time.monotonic() - started)


@app.command()
def build(
    file: SiteFile,
    output: OutputFolder = None,
    precision: Precision = None,
    skip_invalid: SkipInvalid = False,
    prune: Prune = False,
    single_file: Annotated[
        str | None,
        typer.Option(
            metavar="ID",
            help="Also write the page of the record with this id as one file that needs no other; --output then names "
            "that file (default: beside SITE.TOML).",
        ),
    ] = None,
) -> None:
    """Score, then render: from records and a model to a site."""
    from sitegen.pipeline import build as pipeline
    from sitegen.pipeline.single_file import build_single_file

    if single_file is not None:
        site = _site(file, precision=precision)
        with terminal.watching() as watcher:
            single = build_single_file(
                site, single_file, file=output, reporter=watcher, skip_invalid=skip_invalid, prune=prune
            )
        terminal.show_single_file(single)
        return
    site, started = _site(file, output, precision=precision), time.monotonic()
    with terminal.watching() as watcher:
        scores, report = pipeline.build(site, reporter=watcher, skip_invalid=skip_invalid, prune=prune)
    terminal.show_scores(scores, None)
    terminal.show_site(report, time.monotonic() - started)


app.command()(explaining.explain)


@app.command()
def train(
    records: Annotated[Path, typer.Argument(metavar="RECORDS", help=f"{format_names()}, or a site.toml.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The model directory to write.")],
    title: Annotated[str, typer.Option(help='Column of the title; "" where records have none.')] = "title",
    abstract: Annotated[str, typer.Option(help="Column of the abstract.")] = "abstract",
    label: Annotated[str, typer.Option(help="Column of the gold label.")] = "label",
    id: Annotated[str | None, typer.Option(help="Column of the id.")] = None,
    positive: Annotated[str, typer.Option(help="Name of the positive class.")] = "positive",
    negative: Annotated[
        str | None,
        typer.Option(help="Name of the negative class.", show_default='"negative"; with --rest "not" and the positive'),
    ] = None,
    rest: Annotated[
        bool, typer.Option("--rest", help="All labels but that of the positive class mean the negative one.")
    ] = False,
    positive_label: Annotated[list[str] | None, typer.Option(help="A label that means the positive class.")] = None,
    negative_label: Annotated[list[str] | None, typer.Option(help="A label that means the negative class.")] = None,
    vectors: Annotated[
        Path | None, typer.Option(help="Converted word vectors; without: word2vec on the records.")
    ] = None,
    hidden: Annotated[int, typer.Option(min=1, help="Units of each LSTM layer and direction.")] = 64,
    layers: Annotated[int, typer.Option(min=1, help="Layers of each LSTM.")] = 2,
    dimension: Annotated[int, typer.Option(min=1, help="Size of the word vectors made here.")] = 100,
    min_count: Annotated[int, typer.Option(min=1, help="How often a word must be used to be known.")] = 2,
    joint: Annotated[
        int, typer.Option(min=0, help="Units of a layer over both fields; 0: none, the fields add up.")
    ] = 0,
    readout: Annotated[
        Literal["final-state", "last-step"], typer.Option(help="What is taken of an LSTM.")
    ] = "final-state",
    seed: Annotated[int, typer.Option(help="The same seed gives the same weights on the same machine.")] = 0,
    confounder: Annotated[
        list[str] | None, typer.Option(help="A column whose connection with the class the model card states.")
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COLUMN=VALUE",
            help="Train on the records alone that have this value; several of a column: one of them.",
        ),
    ] = None,
    held_out: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help="Also write the records kept back for testing, with all of their columns."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file of --held-out that is there.")] = False,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Train a two-tower LSTM on labelled records and write a model directory with its model card."""
    from sitegen.corpus.records import read_records
    from sitegen.corpus.segment import Segmentation
    from sitegen.corpus.vectors import open_vectors
    from sitegen.corpus.written import check_writable, write_records
    from sitegen.models.training.train import TrainingOptions
    from sitegen.models.training.train import train as train_model
    from sitegen.pipeline.scope import limit_of, only_those, with_facets

    if positive.casefold() == ("negative" if negative is None and not rest else negative or "").casefold():
        raise SitegenError(f'--positive and --negative are both "{positive}": they must differ. Name each class.')
    classes, naming = Classes.named(positive, negative, rest=rest), TRAIN_FLAGS
    if records.suffix == ".toml" or records.is_dir():
        site = load_site(records)
        source, classes, naming = site.records, site.classes, SITE_TOML
    else:
        source = Records(
            path=records.resolve(),
            id=id,
            title=title,
            abstract=abstract,
            label=label,
            positive_labels=tuple(positive_label or ()),
            negative_labels=tuple(negative_label or ()),
        )
    if limit := limit_of(only or (), source):
        source, naming = with_facets(source, limit), replace(naming, facets="--only")
    if held_out is not None:
        check_writable(held_out, source, replace=force, option="--held-out")
    started = time.monotonic()
    with terminal.watching() as watcher:
        collection = read_records(source, classes=classes, skip_invalid=skip_invalid, naming=naming)
        for (kind, action), n in collection.counts().items():
            watcher.note(f"{source.files}: {kind}: {n:,} {action}")
        collection = only_those(limit, collection, source)
        options = TrainingOptions(
            hidden=hidden,
            layers=layers,
            dimension=dimension,
            min_count=min_count,
            joint=joint,
            readout=readout,
            seed=seed,
        )
        try:
            report = train_model(
                collection.records,
                classes=classes.names,
                segmentation=Segmentation(),
                options=options,
                vectors=open_vectors(vectors) if vectors else None,
                progress=lambda stage, share: watcher.advance(stage.capitalize(), round(100 * share), 100),
                output=output,
                confounders=confounder or (),
                limit=limit,
            )
        except Stopped as stopped:
            stopped.output = f"{output} is as it was" if output.exists() else "no model was written"
            raise
    print(f"Wrote {output} in {time.monotonic() - started:.0f} s. On papers kept back for testing, with 95% intervals:")
    for name, estimate in report.metrics.items():
        print(f"  {name:<10} {estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]")
    print(f"What it was trained on, and what may have misled it: {output / 'card.md'}")
    if held_out is not None:
        labelled = [record for record in collection.records if record.label is not None]
        write_records(held_out, [labelled[number] for number in report.split.test], source)
        print(f"The {len(report.split.test):,} records kept back for testing: {held_out}")


@app.command()
def convert_vectors(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="word2vec vectors, binary or text, .gz too.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The folder to write.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Keep only the first so many words.")] = None,
    trust_pickle: Annotated[bool, typer.Option(help="Load gensim's own format, a pickle that can run code.")] = False,
) -> None:
    """Convert word vectors into a plain matrix and a word list, which open at once and cannot run code."""
    from sitegen.corpus.vectors import convert_vectors as convert

    words, dimension = convert(source, output, trust_pickle=trust_pickle, limit=limit)
    print(f"Wrote {words:,} vectors of {dimension} numbers into {output}.")


@app.command()
def convert_checkpoint(
    checkpoint: Annotated[Path, typer.Argument(metavar="FILE", help="A PyTorch checkpoint of a two-tower LSTM.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The model directory to write.")],
    vectors: Annotated[Path, typer.Option(help="The model's word vectors, converted by convert-vectors.")],
    positive: Annotated[str, typer.Option(help="Name of the positive class (logit 1).")] = "computational",
    negative: Annotated[str, typer.Option(help="Name of the negative class (logit 0).")] = "not computational",
    name: Annotated[
        list[str] | None,
        typer.Option("--class", help="Name of a class, for each logit in order, where there are more than two."),
    ] = None,
    tokenizer: Annotated[str, typer.Option(help="How the model's texts were cut into words.")] = "nltk",
    strip_title: Annotated[bool, typer.Option(help="A title repeated in front of the abstract is not read.")] = False,
    readout: Annotated[
        Literal["final-state", "last-step"], typer.Option(help="What is taken of an LSTM.")
    ] = "last-step",
) -> None:
    """Convert a PyTorch checkpoint into a model directory, without running any code it may hold."""
    from sitegen.corpus.segment import Segmentation
    from sitegen.models.lstm.checkpoint import convert_checkpoint as convert

    manifest = convert(
        checkpoint,
        vectors=vectors,
        output=output,
        segmentation=Segmentation(tokenizer=tokenizer, strip_title=strip_title),
        classes=tuple(name or (negative, positive)),
        readout=readout,
    )
    print(f"Wrote {output}: {manifest.size}.")


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A built site, such as _site.")],
) -> None:
    """Check a built site: every link, fragment, id and asset."""
    from sitegen.web.publish.links import check_site
    from sitegen.web.text.numbers import count

    if not folder.is_dir():
        raise SitegenError(f"{folder}: there is no such folder. Give the folder of a built site.")
    faults = check_site(folder)
    for fault in faults:
        print(fault)
    pages = sum(1 for _ in folder.rglob("*.html"))
    if faults:
        raise SitegenError(f"{folder}: {count(len(faults), 'fault')} in {count(pages, 'page')}. Build the site again.")
    print(f"{count(pages, 'page')} checked: every link and asset is there.")


app.command()(elsewhere.questions)
app.command("import")(elsewhere.import_answers)
app.command()(archives.archive)
app.command(cls=archives.OptionalNumber)(archives.verify)


@app.command()
def serve(
    file: SiteFile,
    output: OutputFolder = None,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8000,
    watch: Annotated[
        bool,
        typer.Option(
            "--watch", help="Build the site first, and again after each change; its pages load again by themselves."
        ),
    ] = False,
) -> None:
    """Show the built site in a browser under the path it will be published at; stop with Ctrl+C."""
    from sitegen.cli.preview import server

    site = _site(file, output)
    if watch:
        from sitegen.cli.watching import serve_live

        serve_live(site, load=lambda: _site(file, output), port=port)
        return
    with server(site.output.folder, base=site.base_path, port=port) as running:
        print(f"http://127.0.0.1:{running.server_address[1]}{site.base_path}", flush=True)
        running.serve_forever()


def _site(file: Path, output: Path | None = None, *, precision: Precision = None) -> Site:
    """The site of a site.toml, with the options of the command line in place of its own values."""
    site = load_site(file)
    if output is not None:
        site = site.written_to(output)
    if precision is not None:
        site = site.model_copy(update={"occlusion": site.occlusion.model_copy(update={"precision": precision})})
    return site


def main() -> None:
    """Run the command line; the entry point of `sitegen` and of `python -m sitegen`."""
    try:
        with stopping():
            app()
    except Stopped as stopped:
        print(stopped, file=sys.stderr)
        sys.exit(128 + stopped.number)
    except SitegenError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except OSError as error:
        if error.errno not in _NO_ROOM:
            raise
        place = f"{error.filename}: " if error.filename else ""
        print(f"{place}{error.strerror}. Free some of it and give the command again.", file=sys.stderr)
        sys.exit(2)
