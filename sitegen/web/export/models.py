"""The files of the site's models in the data folder, where site.toml has them published.

A model is published byte for byte as it lies on the disk: its files lie in `data/model/`, those of a site's further
models in `data/model-<name>/`, so that one who has the site has the model as sitegen reads it. Where the first model's
kind has a program that recomputes numbers from data and models, it lies beside them, and does so for every model of
that kind. Files can be gigabytes: they are copied piece by piece.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sitegen.web import routes
from sitegen.web.publish.estimate import note_model_size
from sitegen.web.publish.staging import Output

if TYPE_CHECKING:  # a model's facts hold its files
    from sitegen.web.pages.methods import ModelFacts

RECOMPUTE = "recompute.py"  # the program's name in the data folder


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a published model. source: where it is copied from. size: in bytes. digest: SHA-256, hex."""

    name: str
    source: Path
    size: int
    digest: str


def write_models(output: Output, models: Sequence[ModelFacts], *, note: Callable[[str], None]) -> None:
    """Copy the files of the models that are published, and the program of the first one's kind."""
    for number, model in enumerate(models):
        for file in model.published:
            output.copy(routes.data(f"{routes.model_folder(number, model.name)}/{file.name}"), file.source)
    note_model_size(sum(file.size for model in models for file in model.published), note=note)
    if models[0].recompute:
        output.write(routes.data(RECOMPUTE), models[0].recompute)
