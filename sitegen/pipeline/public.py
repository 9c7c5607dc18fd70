"""The two ways in which `sitegen.build` is called, told apart."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sitegen.config import Site, load_site
from sitegen.pipeline.arguments import Columns, site_of_arguments
from sitegen.pipeline.build import RenderReport, build, tell_of
from sitegen.pipeline.given_model import ModelSettings
from sitegen.web.inputs import Reporter, Silent


def build_given(
    records: Any,
    classifier: object,
    output: Path | None,
    *,
    columns: Columns,
    model: ModelSettings,
    name: str | None,
    site_title: str | None,
    settings: Mapping[str, Any] | None,
    skip_invalid: bool,
    prune: bool,
    reporter: Reporter | None,
) -> RenderReport:
    """Build from a site.toml, where there is no classifier, else from records and a classifier."""
    reporter = reporter or Silent()
    if isinstance(records, Site) or (isinstance(records, str | Path) and _is_site(records, alone=classifier is None)):
        beside = [columns != Columns(), model != ModelSettings(), name, site_title, settings, classifier is not None]
        if any(beside):
            raise TypeError("build: a site.toml says all by itself, but for output: leave the other arguments out")
        site = records if isinstance(records, Site) else load_site(Path(records).expanduser())
        if output is not None:
            site = site.written_to(output)
        return build(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune)[1]
    if classifier is None or output is None:
        lacking = "a classifier and output, the folder" if classifier is None else "output, the folder"
        raise TypeError(f"build: records need {lacking} to write the site to; a site.toml stands alone")
    site, collection = site_of_arguments(
        records,
        classifier,
        output.absolute(),
        columns=columns,
        model=model,
        name=name,
        site_title=site_title,
        settings=settings,
        skip_invalid=skip_invalid,
    )
    tell_of(collection, site, reporter)
    return build(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune, collection=collection)[1]


def _is_site(given: str | Path, *, alone: bool) -> bool:
    """Whether a path is that of a site.toml or its folder, and not of a file of records; one that is given alone and
    leads nowhere is taken for one, too."""
    path = Path(given).expanduser()
    return path.is_dir() or path.suffix == ".toml" or (alone and not path.exists())
