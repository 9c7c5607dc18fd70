"""The commands for a model that runs elsewhere: which texts it is to be asked about, and what it answered."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from sitegen.cli import terminal
from sitegen.config import load_site

SiteFile = Annotated[Path, typer.Argument(metavar="SITE.TOML", help="The site's description, or the folder it is in.")]
SkipInvalid = Annotated[bool, typer.Option("--skip-invalid", help="Leave out rows of records that cannot be read.")]


def questions(
    file: SiteFile,
    output: Annotated[Path, typer.Option("--output", "-o", help="The file to write: .csv, or else JSON Lines.")],
    depth: Annotated[
        Literal["whole", "alone", "without", "shares", "sentences", "words"],
        typer.Option(help="How much to ask: whole texts, ... each word (which is all)."),
    ] = "sentences",
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Write the texts that a model would be asked about, for one that runs elsewhere; import takes its answers.

    Each text comes with its title and abstract as strings, and with what names it among the answers: the record and the
    stretches that are left. Add a column "margin" (log-odds of the positive class) or "probability".
    """
    from sitegen.pipeline.questions import STAND_IN, questions_of, write_questions

    site = load_site(file, model=STAND_IN)
    written = write_questions(questions_of(site, depth=depth, skip_invalid=skip_invalid), output, force=force)
    terminal.show_questions(written, output, file)


def import_answers(
    answers: Annotated[Path, typer.Argument(metavar="ANSWERS", help="CSV, JSON Lines, Parquet or Excel.")],
    file: SiteFile,
    skip_invalid: SkipInvalid = False,
) -> None:
    """Take the answers that a model gave elsewhere, so that a site can be built from them without any model.

    A row is a text: "record" and "margin" or "probability", and what of it the model was given: "kept_title",
    "kept_abstract" or "hidden_title", "hidden_abstract", as stretches in characters ("0-41 60-80"). A row without these
    is about the whole record. What is missing for a page is said there.
    """
    from sitegen.pipeline.importing import import_answers as take
    from sitegen.pipeline.questions import STAND_IN

    site = load_site(file, model=STAND_IN)
    with terminal.watching() as watcher:
        imported = take(answers, site, reporter=watcher, skip_invalid=skip_invalid)
    terminal.show_import(imported, file)
