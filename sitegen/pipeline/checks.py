"""Refuse, before anything is computed, a site.toml that does not fit its records or its models' manifests."""

from __future__ import annotations

from sitegen.analysis.attribution.baselines import BASELINES, Baseline
from sitegen.config import Site
from sitegen.errors import ConfigError
from sitegen.models.manifest import Manifest
from sitegen.models.registry import describe
from sitegen.models.source import source_of
from sitegen.web.inputs import Reporter
from sitegen.web.layout import nav_entries
from sitegen.web.pages.prose import nav_items, read_prose
from sitegen.web.publish.logo import read_logo
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.strays import stray_notes


def shown(site: Site) -> str:
    """What messages call the description of a site."""
    return "the arguments of build" if site.in_memory else str(site.file)


def baseline(site: Site) -> Baseline:
    """The baseline that the site names; ConfigError where there is none of that name."""
    name = site.occlusion.baseline
    if name not in BASELINES:
        known = ", ".join(f'"{one}"' for one in BASELINES)
        raise ConfigError(f'{shown(site)}: "occlusion.baseline": "{name}" is not known. Use one of: {known}.')
    return BASELINES[name]


def appearance(site: Site, reporter: Reporter) -> None:
    """Read what the site's looks are made of: its own pages, colours, logo and templates. ConfigError or OutputError
    says what of it cannot be used, a note what nothing uses, before hours of scoring and not after."""
    if site.pages.name != "pages" and not site.pages.is_dir():  # none need be where nobody named one
        raise ConfigError(f'{shown(site)}: "pages": there is no folder {site.pages}. Make it, or remove the key.')
    known = nav_entries(nav_items(read_prose(site.pages)))
    if unknown := [entry.page for entry in site.nav or () if entry.page not in known]:
        names = ", ".join(f'"{name}"' for name in known)
        raise ConfigError(
            "\n".join(f'{shown(site)}: "nav": no page is called "{name}". Use one of: {names}.' for name in unknown)
        )
    if site.logo:
        read_logo(site.logo, described=shown(site))
    renderer = renderer_of(site)
    _ = renderer.palette
    for note in stray_notes(renderer, beside=(site.pages, site.file)):
        reporter.note(note)


def renderer_of(site: Site) -> Renderer:
    """What makes the site's pages, of the user's own templates beside site.toml, where there are any, and colours."""
    own = None if site.in_memory else site.folder / "templates"
    return Renderer(override=own, colors=site.colors, described=shown(site))


def manifests(site: Site, reporter: Reporter) -> list[Manifest]:
    """The manifest of each model of the site; ConfigError where one's classes are the site's, the other way round."""
    described = [describe(source_of(site, model)) for model in site.models]
    names = tuple(name.casefold() for name in site.classes.names)
    for model, manifest in zip(site.models, described, strict=True):
        trained = tuple(name.casefold() for name in manifest.classes)
        if trained == names[::-1]:
            raise ConfigError(
                f'{shown(site)}: "classes": the model "{model.name}" was trained with "{manifest.classes[1]}" as the '
                f"positive class. Exchange {'the two' if site.in_memory else 'classes.positive and classes.negative'}."
            )
        if trained != names:
            reporter.note(
                f'The model "{model.name}" calls its classes "{manifest.classes[1]}" (positive) and '
                f'"{manifest.classes[0]}"; the pages call them "{site.classes.positive}" and '
                f'"{site.classes.negative}". Where these are not the same two, correct them.'
            )
    return described
