"""The script assets made of other people's libraries, as texts: nothing here writes files.

Every page works from disk, offline, under `script-src 'self'`: so what a page runs are classic scripts that lie beside
it. Two libraries are reshaped into such scripts, each in a function of its own scope, so that only one name escapes:

- Vega, Vega-Lite and Vega-Embed: the bundle that vl-convert carries, about 900 kB (305 kB compressed). It gives
  `window.vegaEmbed` alone; `window.vega` is not to be had from it.
- DataTables with its extensions (among them Buttons with CSV export, SearchPanes, SearchBuilder, ColumnControl, Select,
  FixedHeader, KeyTable, Scroller) and jQuery: the bundle that itables carries, about 620 kB. It is an ES module
  whose only module syntax is one trailing `export{...}`, which is replaced by an assignment of `window.DataTable` (it
  sets `window.$`, its jQuery, by itself). Should a later version look different, building stops with an error: both
  packages are pinned to a minor version, and a browser test loads them.

The bundles carry no complete licence texts; `notices` has them, to be published beside the scripts.

Here and in `figures` is the only place of the package that touches vl_convert.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import vl_convert

from sitegen.errors import OutputError
from sitegen.web.charts.heatmap import (
    FIGURE_ROW,
    FIGURE_WIDTH,
    GAP,
    HEIGHTS,
    SPAN,
    TITLE_ONLY,
    complete_spec,
    heatmap_spec,
)
from sitegen.web.charts.style import Palette
from sitegen.web.export.scripts import assignment

_EXPORT = re.compile(r"\bexport\s*\{(?P<names>[^{}]*)\}\s*;?")
_DEFAULT = re.compile(r"(?:^|,)\s*(?P<local>[\w$]+)\s+as\s+default\s*(?:,|$)")
_MODULE_SYNTAX = re.compile(r"(?:^|[;}\n])\s*(?:import\b\s*[\w{*\"']|export\b\s*[\w{*])")


def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one classic script that sets `window.vegaEmbed`. Takes about 1.5 s."""
    bundle = vl_convert.javascript_bundle(snippet="window.vegaEmbed = vegaEmbed;")
    return _enclosed(bundle)


def datatables_bundle() -> str:
    """DataTables, its extensions and jQuery as one classic script that sets `window.DataTable`.

    Raises OutputError where itables's bundle is not the module this rewriting knows.
    """
    return classic_script(_itables("dt_bundle.js"), name="DataTable")


def datatables_css() -> str:
    """The style sheet of `datatables_bundle`. Dark where the document element has the class `dark`."""
    return _itables("dt_bundle.css")


@cache
def heatmap_spec_script(palette: Palette) -> str:
    """The figure of a record for scripts: `window.sitegen.figure` with `spec`, `complete` (the same with title, labels
    and legend) and `layout`, the numbers that place what is drawn beside it.

    `complete` is Vega-Lite, since it is what readers save, in the light colours, which suit paper. `spec` is what
    Vega-Lite makes of it, Vega: every page would make it again, which takes a fifth of the time until it answers.

    It is kept for the next site with these colours: Altair takes half a second to make it.
    """
    value = {
        "spec": vl_convert.vegalite_to_vega(heatmap_spec(palette, complete=False, live=True)),
        "complete": complete_spec(palette),
        "layout": {
            "heights": list(HEIGHTS.values()),
            "gap": GAP,
            "titleOnly": TITLE_ONLY,
            "span": SPAN,
            "width": FIGURE_WIDTH,
            "row": FIGURE_ROW,
        },
    }
    return assignment("figure", value)


def classic_script(module: str, *, name: str) -> str:
    """An ES module whose one module statement is `export{...}`, as a classic script: its default export becomes
    `window.<name>`.

    Raises OutputError where there is not exactly one such statement, where it names no default, and where other
    module syntax is left.
    """
    exports = list(_EXPORT.finditer(module))
    default = _DEFAULT.search(exports[0]["names"]) if len(exports) == 1 else None
    script = _EXPORT.sub(f"window.{name}={default['local']};", module) if default else module
    if not default or _MODULE_SYNTAX.search(script):
        raise OutputError(
            f"the DataTables bundle of the itables package has {len(exports)} export statements or other module "
            "syntax, where one export with a default is expected. Install itables>=2.9,<2.10."
        )
    return _enclosed(script)


def _enclosed(script: str) -> str:
    return f'(function () {{\n"use strict";\n{script}\n}})();\n'


def _itables(name: str) -> str:
    return files("itables").joinpath("html", name).read_text(encoding="utf-8")
