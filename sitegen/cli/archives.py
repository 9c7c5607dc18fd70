"""The commands about what lasts: an archive that is written, a site or an archive that is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperCommand

from sitegen.cli import terminal
from sitegen.config import load_site

SAMPLE = "5"  # records that are computed again where no number is given


def archive(
    file: Annotated[Path, typer.Argument(metavar="SITE.TOML", help="The site's description, or the folder it is in.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="The zip to write.")],
    without_model: Annotated[
        bool, typer.Option("--without-model", help="Leave out the models; their files' hashes are in their place.")
    ] = False,
    without_texts: Annotated[
        bool, typer.Option("--without-texts", help="Leave out the file of records; its hash and each text's are there.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
    skip_invalid: Annotated[bool, typer.Option("--skip-invalid", help="As the site was built.")] = False,
) -> None:
    """Write a built site and all that it was made of into one zip that can be checked in ten years.

    It is a BagIt bag with RO-Crate metadata. Its bytes repeat; SOURCE_DATE_EPOCH gives it a date.
    """
    from sitegen.pipeline.archive import archive as write_archive

    with terminal.watching() as watcher:
        report = write_archive(
            load_site(file),
            output,
            reporter=watcher,
            with_model=not without_model,
            with_texts=not without_texts,
            replace=force,
            skip_invalid=skip_invalid,
        )
    terminal.show_archive(report)


class OptionalNumber(TyperCommand):
    """A command whose --rescore may stand without its number."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the usual number where none follows."""
        for k, argument in enumerate(args):
            if argument == "--rescore" and not (args[k + 1 :] and args[k + 1].isdecimal()):
                args = [*args[: k + 1], SAMPLE, *args[k + 1 :]]
                break
        return super().parse_args(ctx, args)


def verify(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="A built site's folder, or an archive, zipped or not.")],
    rescore: Annotated[
        int | None,
        typer.Option(min=1, metavar="[N]", help=f"Compute N records again as well (without N: {SAMPLE}), and compare."),
    ] = None,
    model: Annotated[
        Path | None, typer.Option(help="With --rescore: the model's folder, where the model was left out.")
    ] = None,
    records: Annotated[
        list[Path] | None,
        typer.Option(help="With --rescore: the file of records, where the texts were left out; several: name each."),
    ] = None,
    trust: Annotated[
        bool, typer.Option("--trust", help="With --rescore: let a model run code, as a pickle or a program does.")
    ] = False,
) -> None:
    """Check every byte of a site or an archive by its checksums: name each file that changed, lacks or was added.

    Exit code 0 where all is as it was made, else 1.
    """
    from sitegen.pipeline.verify import verify as verify_files

    found = verify_files(path)
    terminal.show_verification(found)
    agrees = True
    if rescore is not None:
        from sitegen.pipeline.rescore import rescore as compute_again

        again = compute_again(path, count=rescore, model=model, records=records or (), trust=trust)
        terminal.show_rescoring(again)
        agrees = again.agrees
    if not (found.whole and agrees):
        raise typer.Exit(1)
