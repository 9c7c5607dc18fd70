"""The command that asks a model about one text."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sitegen.cli import terminal
from sitegen.errors import SitegenError

USUAL = ("model", "content/model")  # where a model is looked for that nobody names


def explain(
    title: Annotated[str, typer.Argument(help="The title of a paper.")],
    abstract: Annotated[str, typer.Argument(help="Its abstract.")] = "",
    model: Annotated[
        str | None,
        typer.Option(
            "--model",
            "-m",
            metavar="MODEL",
            help="A model directory, a folder of transformers, a pipeline's file, or mymodel.py:classifier (default: "
            "model, else content/model).",
        ),
    ] = None,
    positive: Annotated[str | None, typer.Option(help="Name of the positive class.")] = None,
    negative: Annotated[str | None, typer.Option(help="Name of the negative class.")] = None,
    rest: Annotated[bool, typer.Option("--rest", help="The negative class is all but the positive one.")] = False,
    join: Annotated[str | None, typer.Option(help="What stands between title and abstract in one string.")] = None,
    trust: Annotated[bool, typer.Option("--trust", help="Let the model run code (a pickle, a Python file).")] = False,
) -> None:
    """Explain one text in the terminal: the answer, how it came about, and what its sentences and words do."""
    from sitegen.pipeline.explain import explain as explain_with
    from sitegen.pipeline.explain import load_model
    from sitegen.pipeline.given_model import ModelSettings

    chosen = model or next((folder for folder in USUAL if Path(folder).is_dir()), None)
    if chosen is None:
        raise SitegenError("There is no folder named model here. Name a model with --model.")
    classes = None
    if positive or negative or rest:
        usual = f"not {positive}" if rest and positive else "negative"
        classes = (negative or usual, positive or "positive")
    settings = ModelSettings(classes=classes, rest=rest, join=join, trust=trust, consent="add --trust")
    terminal.show_explanation(explain_with(load_model(chosen, settings), title=title, abstract=abstract))
