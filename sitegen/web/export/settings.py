"""settings.json: the settings of site.toml as they took effect, the programs' versions, the models' files.

Defaults are written out, so that a later version of sitegen with other defaults changes nothing for who reads them. No
path of the machine is in it: what lies in the folder of site.toml has its path from there, all else its name alone.
Where the site and the cache were written is left out, since no page depends on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sitegen.config import Site
from sitegen.web.inputs import SiteInputs

SETTINGS = "settings.json"  # the file's name in the data folder
FINGERPRINT_RULE = (
    "A model's fingerprint is the SHA-256, in lower-case hexadecimal digits, of one line for each of its files, in the "
    "order in which they are listed: the file's name, one blank, and the SHA-256 of the file's bytes. The lines are "
    "joined by line feeds, with none at the end; the text is UTF-8."
)
_OF_COLUMNS = (
    *("path", "encoding", "id", "title", "abstract", "label", "positive_labels", "negative_labels", "policy"),
)  # settings that say how records are read: of those that a program has read itself they say nothing
SETTINGS_RULE = (
    " A model that has settings of its own has one line more, the last: one blank, and the SHA-256 of these settings."
)


def settings_json(inputs: SiteInputs) -> dict[str, Any]:
    """The whole file."""
    return {
        "settings": effective(inputs.site),
        **({"in_memory": in_memory(inputs.site)} if inputs.site.in_memory else {}),
        **({"selection": {**asdict(chosen), "kept": len(inputs.records)}} if (chosen := inputs.selection) else {}),
        "versions": {fact.name: fact.value for fact in inputs.versions},
        "fingerprint_rule": fingerprint_rule(inputs),
        "models": [
            {
                "name": model.name,
                "fingerprint": model.fingerprint,
                "files": [{"name": file.name, "sha256": file.value} for file in model.files],
                **({"settings": model.settings} if model.settings else {}),
            }
            for model in inputs.models
        ],
    }


def in_memory(site: Site) -> dict[str, Any]:
    """What a program gave that stands in no file: the records, in words, and the classes of the objects that were
    models, by their names; None and {} where there was none such."""
    objects = {model.name: model.in_memory.whole_name for model in site.models if model.in_memory}
    return {"records": site.records.files if site.records.in_memory else None, "models": objects}


def fingerprint_rule(inputs: SiteInputs) -> str:
    """How the fingerprints of the site's models are made."""
    return FINGERPRINT_RULE + (SETTINGS_RULE if any(model.settings for model in inputs.models) else "")


def effective(site: Site) -> dict[str, Any]:
    """All settings of a site in plain values, but for where it was written, and its looks."""
    settings = site.model_dump(exclude={"logo", "nav", "colors"})
    for place in ("folder", "cache"):
        del settings["output"][place]
    if origin := site.records.in_memory:
        for key in ("path", "encoding") if origin.named else _OF_COLUMNS:
            del settings["records"][key]
    for model in settings["models"]:
        if not model["only"]:
            del model["only"]
        del model["trust"]  # is the user's word, and no setting of the analysis
        del model["device"]  # a machine's matter: another computes the same up to rounding
        if not model["kind"]:  # a model directory says all else by itself
            for key in model.keys() - {"name", "path", "ensemble", "only"}:
                del model[key]
    plain: dict[str, Any] = _plain(settings, site.folder)
    return plain


def _plain(value: Any, folder: Path) -> Any:
    if isinstance(value, Path):
        return value.relative_to(folder).as_posix() if value.is_relative_to(folder) else value.name
    if isinstance(value, Mapping):
        return {key: _plain(one, folder) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one, folder) for one in value]
    return value
