"""The command line: what can be asked of sitegen, and how. Only this module, `making` and `terminal` print.

Exit codes: 0 fine; 1 a bug of ours (a traceback follows), or that `verify` found a fault; 2 the user's input is at
fault (one message says where and what to do); 130 and 143 stopped by Ctrl+C and SIGTERM (one line says what is kept).
Progress goes to standard error, reports go to standard output. torch is imported only by the commands that need a
model.
"""

from __future__ import annotations

import errno
import sys
import time
from pathlib import Path
from typing import Annotated, Literal

import typer

from sitegen.cli import archives, beginning, elsewhere, explaining, making, terminal
from sitegen.cli.options import SkipInvalid
from sitegen.cli.stopping import stopping
from sitegen.config import Site, load_site
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
Precision = Annotated[
    Literal["float32", "float64", "bfloat16"] | None,
    typer.Option(help="Of the model's numbers (default: occlusion.precision of SITE.TOML). Scores are kept apart."),
]
Prune = Annotated[bool, typer.Option("--prune", help="Delete scores of texts and models that the site no longer has.")]

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


app.command()(making.train)
app.command()(making.convert_vectors)
app.command()(making.convert_checkpoint)


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
