"""Everything in `assets/` that is the same for all pages: our scripts and styles, the user's own files, the libraries.

What a single page hands to its scripts is written with the page (build.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from sitegen.web import routes
from sitegen.web.export.scripts import constants
from sitegen.web.publish import bundles
from sitegen.web.publish.notices import datatables_notices, sentence_notices, vega_notices
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import Sink
from sitegen.web.text.nouns import PAPERS, Nouns


def write_assets(sink: Sink, renderer: Renderer, *, cache: Path, nouns: Nouns = PAPERS) -> None:
    """Write them; scripts made of large libraries are kept in `cache`."""
    for name, file in renderer.assets().items():
        sink.write(routes.asset(name), renderer.asset(name, file))
    made = {
        "vega.js": _kept("vega", of="vl-convert-python", make=bundles.vega_bundle, cache=cache),
        "datatables.js": _kept("datatables", of="itables", make=bundles.datatables_bundle, cache=cache),
        "datatables.css": bundles.datatables_css(),
        "heatmap-spec.js": bundles.heatmap_spec_script(renderer.palette),
        "constants.js": constants(nouns),
        routes.NOTICES: "\n".join([vega_notices(), datatables_notices(), sentence_notices()]),
    }
    for name, text in made.items():
        sink.write(routes.asset(name), text)


def _kept(name: str, *, of: str, make: Callable[[], str], cache: Path) -> str:
    """A script made of the package `of`, from the cache: making it takes longer than many a site's pages. What is kept
    there was made by this version of `bundles`, too."""
    way = hashlib.sha256(Path(bundles.__file__).read_bytes()).hexdigest()[:8]
    file = cache / f"{name}-{version(of)}-{way}.js"
    if not file.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        part = file.with_suffix(".part")
        part.write_text(make(), encoding="utf-8")
        part.replace(file)
    return file.read_text(encoding="utf-8")
