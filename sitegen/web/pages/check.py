"""The page that says how a reader checks this site: its files by their checksums, its models by their fingerprints."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sitegen.web import routes
from sitegen.web.components import Fact
from sitegen.web.export.models import RECOMPUTE
from sitegen.web.export.settings import SETTINGS, fingerprint_rule
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frames, Page
from sitegen.web.publish.checksums import MANIFEST
from sitegen.web.scan import Scan

WINDOWS = (
    f"Get-Content {MANIFEST} -Encoding UTF8 | ForEach-Object {{\n"
    "  $hash, $path = $_ -split '  ', 2\n"
    '  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $path).Hash -ne $hash) { "${path}: FAILED" }\n'
    "}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedModel:
    """One model: its name, its whole fingerprint, where its files lie within the site ("" where they are not in it),
    and a line for a shell in that folder that recomputes the fingerprint from the files."""

    name: str
    fingerprint: str
    folder: str
    command: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckPage(Page):
    """The page."""

    template: ClassVar[str] = "check.html"
    manifest: str  # the name of the manifest
    windows: str  # how PowerShell checks it
    settings: str  # the name of the file with the settings in the data folder
    rule: str  # how a fingerprint is computed
    models: tuple[CheckedModel, ...]  # in the site's order
    versions: tuple[Fact, ...]  # the programs that made the numbers and the pages
    rescored_alone: bool  # whether the site holds all that its numbers can be computed again from
    recompute: str  # the name of the program that recomputes numbers in the data folder, "" where there is none
    in_memory: bool  # whether the model was an object in memory, which has no files


def fingerprint_command(files: tuple[Fact, ...], settings: str = "") -> str:
    """A line for a POSIX shell in a model's folder: prints the fingerprint of its files and its settings."""
    names = " ".join(shlex.quote(file.name) for file in files)
    turned = r"sed 's/^\([0-9a-f]*\)  \(.*\)$/\2 \1/'"
    of_files = f"sha256sum {names} | {turned}"
    if not settings:
        return f'printf %s "$({of_files})" | sha256sum'
    of_settings = f"printf ' '; printf %s {shlex.quote(settings)} | sha256sum | cut -c 1-64"
    return f'printf %s "$({f"{of_files}; " if files else ""}{of_settings})" | sha256sum'


def pages(inputs: SiteInputs, _scan: Scan, frames: Frames) -> Iterator[CheckPage]:
    """The one page."""
    yield CheckPage(
        frame=frames("check", "Check this site"),
        manifest=MANIFEST,
        windows=WINDOWS,
        settings=SETTINGS,
        rule=fingerprint_rule(inputs),
        models=tuple(
            CheckedModel(
                name=model.name,
                fingerprint=model.fingerprint,
                folder=routes.data(routes.model_folder(number, model.name)) if model.published else "",
                command=fingerprint_command(model.files, model.settings),
            )
            for number, model in enumerate(inputs.models)
        ),
        versions=inputs.versions,
        rescored_alone=inputs.site.records.publish == "all" and all(model.published for model in inputs.models),
        recompute=RECOMPUTE if inputs.models[0].recompute else "",
        in_memory=inputs.models[0].in_memory,
    )
