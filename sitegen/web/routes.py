"""Every address within a site, once: the pages with their place in the navigation, their scripts and style sheets.

A page is added here, as one `Route`, and in a module of `web/pages` with a function `pages(inputs, scan, frames)`. All
else follows from the route: `build` asks the module for its pages, the navigation shows the entry, the links that
other pages set with `frame.link("name")` lead there, and no prose page may take the address.

Scripts run in the order in which they are listed. Each lies in `assets/`: one of the files in `templates/assets`, a
library (publish/bundles.py), or the values that a page hands to its scripts (`Page.values`, layout.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitegen.web.text.numbers import slug

_COMMON = ("page.js",)
_TABLES = (*_COMMON, "datatables.js", "limit.js", "tables.js")
_LISTS = (*_COMMON, "lists.js")
_FOUND = ("index.js", "gallery-search.js", "gallery-found.js")  # what is needed to know what a search finds
_GALLERY = (*_FOUND, "gallery-cards.js", "gallery-state.js", "gallery-csv.js", "gallery.js", "gallery-keys.js")
UNITS = "network-units.js"  # the units and their connections, which the map is drawn from
FIGURE = (  # the scripts of a record's figure
    *(*_COMMON, "constants.js", "vega.js", "heatmap-spec.js", "chart.js", "decode.js", "numbers.js", "record.js"),
    *("marks.js", "strips.js", "overlay.js", "readout.js", "view.js", "strike.js", "strikeout.js", "answer.js"),
    *("picture.js", "record-file.js", "save.js", "figure-size.js", "figure-keys.js", "heatmap.js"),
)
_MODELS = ("beside.js", "models.js")  # several models on one record
# What the fold on the network loads when it is opened (templates/assets/inside.js), in this order.
INSIDE = ("inside-data.js", "inside-rows.js", "inside-drawing.js", "inside-block.js", "inside-view.js")
LIVE_TABLES = "live-tables.js"  # what the texts are cut by that readers try a model on
LIVE = (  # the scripts that run a model (live_model); a page that has them says compiles = True
    *("live-arithmetic.js", "live-kernel.js", "live-numbers.js", "live-lattice.js", "live-network.js"),
    "live-linear.js",
    *("live-shares.js", "live-questions.js", "live-session.js", "live-client.js"),
)


_LIVE_MODEL = re.compile(r"live-model(-\d+)?\.js")


def live_model(number: int) -> str:
    """The script with the numbers of a model that readers may try, by its place among the site's models, from 0."""
    return f"live-model-{number + 1}.js" if number else "live-model.js"


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One kind of page.

    path: its address within the site, with {} for each part that tells the pages of this kind apart. module: the module
    of web/pages that makes them; "" where they are not made from the scan (build.py does those). nav: the entry in the
    navigation, "" for none. needs: the field of SiteInputs without which there are none of them, and no entry. scripts,
    styles: names of files in assets/, beside the style sheets of every page. compiles: whether its policy allows it to
    compile WebAssembly, and a worker that it makes itself.
    """

    name: str
    path: str
    module: str = ""
    nav: str = ""
    needs: str = ""
    scripts: tuple[str, ...] = _COMMON
    styles: tuple[str, ...] = ()
    compiles: bool = False

    def at(self, *parts: str) -> str:
        """The path of the page that `parts` tell apart from others of this kind."""
        return self.path.format(*parts)


def charts_script(name: str) -> str:
    """The script with the charts' specifications of a page of charts."""
    return f"{name}-charts.js"


def _of_charts(name: str, *, nav: str, needs: str = "") -> Route:
    """A page of findings with their charts: `name` is that of its package in web/pages."""
    scripts = (*_COMMON, "vega.js", "chart.js", charts_script(name), "charts.js")
    styles = ("charts.css", "findings.css")
    return Route(
        name=name,
        path=f"{name}.html",
        module=f"{name}.page",
        nav=nav,
        needs=needs,
        scripts=scripts,
        styles=styles,
    )


HOME = "gallery"
_ALL = (
    Route(
        name=HOME,
        path="index.html",
        module="gallery",
        nav="Gallery",
        scripts=(*_COMMON, "constants.js", "numbers.js", "example.js", "datatables.js", *_GALLERY),
        styles=("datatables.css", "first-page.css", "gallery.css"),
    ),
    Route(
        name="how-to-read",
        path="how-to-read.html",
        module="how_to_read.page",
        nav="How to read",
        scripts=(*FIGURE, "words.js", "text.js", "walk.js"),
        styles=("heatmap.css", "record.css", "how-to-read.css"),
    ),
    Route(
        name="try",
        path="try.html",
        module="try_it",
        nav="Try your own",
        needs="live",
        scripts=(
            *(*FIGURE, "words.js"),
            *(*LIVE, LIVE_TABLES, "live-sentences.js", "live-text.js"),
            *("try-story.js", "try-figure.js", "try-text.js", "try-start.js", "try-file.js", "try-reader.js"),
            *("try-note.js", "try-switch.js", "try.js"),
        ),
        styles=("heatmap.css", "record.css", "try.css"),
        compiles=True,
    ),
    Route(name="list", path="list/{}.html"),
    Route(
        name="sentences",
        path="sentences/index.html",
        module="sentences",
        nav="Sentences",
        scripts=_LISTS,
        styles=("lists.css",),
    ),
    Route(
        name="facet",
        path="facet/{}/index.html",
        module="facet.page",
        scripts=_TABLES,
        styles=("datatables.css", "lists.css"),
    ),
    Route(name="facet-of", path="facet/{}/{}.html", scripts=_LISTS, styles=("lists.css",)),
    _of_charts("significance", nav="More than luck?"),
    Route(name="words", path="words.html", module="words", nav="Words", scripts=_LISTS, styles=("lists.css",)),
    _of_charts("corpus", nav="Whole collection"),
    _of_charts("faithfulness", nav="Can I trust this?"),
    _of_charts("models", nav="Models", needs="beside"),
    Route(
        name="network",
        path="network/index.html",
        module="network.map",
        nav="Network",
        needs="network",
        scripts=(*_TABLES, UNITS, "network-view.js", "network-map.js"),
        styles=("datatables.css", "network.css"),
    ),
    Route(name="unit", path="network/units/{}.html", module="network.unit", needs="network", styles=("network.css",)),
    Route(name="methods", path="methods.html", module="methods", nav="Methods"),
    Route(name="data", path="data/index.html", nav="Data"),
    Route(name="format", path="data/format.html", module="format"),
    Route(name="check", path="check.html", module="check"),
    Route(name="not-found", path="404.html", module="not_found"),
    Route(
        name="record",
        path="records/{}.html",
        scripts=(
            *FIGURE,
            "words.js",
            "text.js",
            *_MODELS,
            "limit.js",
            "inside.js",
            "swap-said.js",
            "swap.js",
            "trail.js",
        ),
        styles=("heatmap.css", "record.css", "inside.css"),
    ),
    Route(
        name="patterns",
        path="network/patterns.html",
        module="network.patterns",
        needs="network",
        scripts=(
            *(
                *_COMMON,
                "constants.js",
                "patterns-data.js",
                "decode.js",
                "inside-data.js",
                "pattern-files.js",
                "pattern-search.js",
            ),
            *("pattern-text.js", "pattern-results.js", "patterns.js"),
        ),
        styles=("patterns.css",),
    ),
    Route(name="prose", path="{}.html"),
)
ROUTES = {route.name: route for route in _ALL}
RESERVED = {
    route.path.removesuffix(".html") for route in _ALL if not {"/", "{"} & set(route.path)
}  # no prose page's name
NO_SECTION = {
    "assets",
    *ROUTES,
    *RESERVED,
    *(route.path.partition("/")[0] for route in _ALL if "/" in route.path),
}  # no name of a folder of prose pages: a folder of the site's own has it, or a page in the navigation

TEXTS = "texts.js"  # the abstracts, which the gallery loads once it is shown, and who starts from a record's text
SWAPS = "swaps.js"  # what each title and abstract adds to an additive model's answer
NETWORK = "network.js"  # the network of the first model, which pages load that look inside it
NOTICES = "notices.txt"  # the licences of the libraries in assets/
SITEMAP, FEED = "sitemap.xml", "feed.xml"  # of a site with an address on the web, as is
PREVIEW = "og.png"  # what others show beside a link to it
TOY_FIGURE = "how-to-read.svg"  # the static figure of the paper that is explained there
_MADE = {
    TEXTS,
    SWAPS,
    NETWORK,
    NOTICES,
    TOY_FIGURE,
    PREVIEW,
    *(name for route in _ALL for name in (*route.scripts, *route.styles)),
}  # if not in templates/


def is_made(name: str) -> bool:
    """Whether a build makes the file of this name in assets/, where it is not in templates/."""
    return name in _MADE or bool(_LIVE_MODEL.fullmatch(name))


def page(name: str, *parts: str) -> str:
    """The path of a page by the name of its route."""
    return ROUTES[name].at(*parts)


def asset(name: str) -> str:
    """The path of a script, a style sheet or an image of the site's own."""
    return f"assets/{name}"


def data(name: str) -> str:
    """The path of a data file."""
    return f"data/{name}"


def logo(suffix: str) -> str:
    """The path of the picture beside the site's name, by the suffix of its file."""
    return asset(f"logo{suffix.lower()}")


def model_folder(number: int, name: str) -> str:
    """Where the files of a published model are within the data folder, by its number and its name among the site's: the
    first model needs no name."""
    return f"model-{slug(name)}" if number else "model"


def thumbnail(record: str) -> str:
    """The path of a record's thumbnail, by the record's file name."""
    return f"records/thumbnails/{record}.png"


def figure(record: str) -> str:
    """The path of a record's static figure, by the record's file name."""
    return f"records/figures/{record}.svg"


def inside(record: str, layer: int, layers: int) -> str:
    """The path of what a layer of the network looks like at a record, by the record's file name; the top one, which is
    loaded first, has the plain name."""
    return f"records/inside/{record}.js" if layer == layers - 1 else f"records/inside/{record}-layer-{layer + 1}.js"


def inside_picture(record: str) -> str:
    """The path of the static picture of what the units wrote at a record, by the record's file name."""
    return f"records/inside/{record}.png"


def pattern(name: str) -> str:
    """The path of a file that the page of patterns loads."""
    return f"network/patterns/{name}.js"
