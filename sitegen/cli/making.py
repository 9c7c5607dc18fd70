"""The commands that make models: training one, and converting word vectors and checkpoints that others made."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from sitegen.cli import terminal
from sitegen.cli.options import SkipInvalid
from sitegen.config import Classes, Records, load_site
from sitegen.corpus.formats import format_names
from sitegen.corpus.naming import SITE_TOML, Naming
from sitegen.errors import SitegenError, Stopped

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
    force: Annotated[
        bool, typer.Option("--force", help="Overwrite a model that is there, and a file of --held-out.")
    ] = False,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Train a two-tower LSTM on labelled records and write a model directory with its model card."""
    from sitegen.corpus.records import read_records
    from sitegen.corpus.segment import Segmentation
    from sitegen.corpus.vectors import open_vectors
    from sitegen.corpus.written import check_writable, write_records
    from sitegen.models.lstm.directory import check_output
    from sitegen.models.training.train import TrainingOptions
    from sitegen.models.training.train import train as train_model
    from sitegen.pipeline.scope import limit_of, only_those, with_facets
    from sitegen.web.text.nouns import PAPERS, Nouns

    if positive.casefold() == ("negative" if negative is None and not rest else negative or "").casefold():
        raise SitegenError(f'--positive and --negative are both "{positive}": they must differ. Name each class.')
    classes, naming, nouns = Classes.named(positive, negative, rest=rest), TRAIN_FLAGS, PAPERS
    if records.suffix == ".toml" or records.is_dir():
        site = load_site(records)
        source, classes, naming, nouns = site.records, site.classes, SITE_TOML, Nouns.of(site)
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
    check_output(output, replace=force)
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
    took = f"{time.monotonic() - started:.0f} s"
    print(f"Wrote {output} in {took}. On {nouns.many} kept back for testing, with 95% intervals:")
    for name, estimate in report.metrics.items():
        print(f"  {name:<10} {estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]")
    print(f"What it was trained on, and what may have misled it: {output / 'card.md'}")
    if held_out is not None:
        labelled = [record for record in collection.records if record.label is not None]
        write_records(held_out, [labelled[number] for number in report.split.test], source)
        print(f"The {len(report.split.test):,} records kept back for testing: {held_out}")


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
    force: Annotated[bool, typer.Option("--force", help="Overwrite a model that is there.")] = False,
) -> None:
    """Convert a PyTorch checkpoint into a model directory, without running any code it may hold."""
    from sitegen.corpus.segment import Segmentation
    from sitegen.models.lstm.checkpoint import convert_checkpoint as convert
    from sitegen.models.lstm.directory import check_output

    check_output(output, replace=force)
    manifest = convert(
        checkpoint,
        vectors=vectors,
        output=output,
        segmentation=Segmentation(tokenizer=tokenizer, strip_title=strip_title),
        classes=tuple(name or (negative, positive)),
        readout=readout,
    )
    print(f"Wrote {output}: {manifest.size}.")
