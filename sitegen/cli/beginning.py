"""The commands that one begins with: what a file of records is, and a site to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sitegen.cli import terminal
from sitegen.corpus.formats import format_names


def init(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder, new or not; no file that is in it is overwritten.")
    ],
    install_from: Annotated[
        str | None,
        typer.Option(
            metavar="ADDRESS",
            help="Where GitHub shall install sitegen from to build the site (default: it publishes what you built).",
        ),
    ] = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Your own papers, copied into the folder; may be given several times."),
    ] = None,
) -> None:
    """Write a working site to start from: papers, a model, a page of prose, a workflow for GitHub Pages."""
    from sitegen.cli.skeleton import write_skeleton

    files = write_skeleton(folder, install_from=install_from, records=records or ())
    terminal.show_new_site(
        folder, files, builds_there=bool(install_from), own=bool(records), address=install_from or ""
    )


def inspect(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=f"{format_names()}; several are read as one.")],
    encoding: Annotated[str, typer.Option(help="Of the text, where it is not UTF-8, such as cp1252.")] = "utf-8",
) -> None:
    """Say what a file of records is: its format and columns, what is missing or odd, and its settings for site.toml."""
    from sitegen.pipeline.inspect import inspect as inspect_files

    terminal.show_inspection(inspect_files(files, encoding=encoding))
