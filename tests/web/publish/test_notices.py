"""The licence notices of a site, held against the installed packages that its scripts come from."""

from __future__ import annotations

import mmap
import re
from importlib.metadata import distribution
from importlib.resources import files
from pathlib import Path

import pytest
import vl_convert

from sitegen.web.publish.assets import write_assets
from sitegen.web.publish.notices import datatables_notices, sentence_notices, vega_notices
from sitegen.web.publish.render import Renderer

# The modules of the libraries -> the name by which the notices list them. Whatever fits no line is not listed.
VEGA = {
    r"vega(-(?!lite|embed|tooltip|themes|interpreter|schema)[a-z-]+)?": "Vega",
    "vega-lite": "Vega-Lite",
    "vega-embed": "Vega-Embed",
    "vega-tooltip": "Vega-Tooltip",
    "vega-themes": "Vega-Themes",
    "vega-interpreter": "Vega-Interpreter",
    "vega-schema-url-parser": "vega-schema-url-parser",
    "d3-(?!geo-projection)[a-z-]+": "D3 (the modules that Vega uses)",
    "d3-geo-projection": "d3-geo-projection",
    **{
        name: name
        for name in (
            *("clone", "delaunator", "fast-deep-equal", "fast-json-stable-stringify", "internmap"),
            *("json-stringify-pretty-compact", "lodash.debounce", "robust-predicates", "topojson-client"),
        )
    },
}
DATATABLES = {r"datatables\.net[a-z-]*": "DataTables and its extensions", "jszip": "JSZip", "jquery": "jQuery"}


def plain(text: str) -> str:
    """A text without its line breaks and the marks of its lists."""
    return re.sub(r"\s+", " ", text)


def licence(package: str) -> str:
    """The licence file of an installed package."""
    (file,) = [file for file in distribution(package).files or () if file.name == "LICENSE"]
    return Path(str(file.locate())).read_text(encoding="utf-8")


def unlisted(modules: set[str], listed: dict[str, str], notices: str) -> set[str]:
    """The modules that the notices do not name."""
    return {
        module
        for module in modules
        if not any(re.fullmatch(pattern, module) and name in notices for pattern, name in listed.items())
    }


@pytest.mark.parametrize(
    ("package", "notices"),
    [("vl-convert-python", vega_notices), ("itables", datatables_notices), ("nupunkt", sentence_notices)],
)
def test_the_licence_of_the_package_is_there_word_by_word(package: str, notices) -> None:
    text, told = plain(licence(package)), plain(notices())
    (copyright_line,) = re.findall(r"Copyright (?:\(c\) )?[\d-]+ [A-Z]\w+ [A-Z]\w+", text)
    assert copyright_line in told
    begin = "Redistribution and use" if "Redistribution" in text else "Permission is hereby granted"
    assert text[text.index(begin) :].strip() in told


def test_every_module_that_vl_convert_holds_is_listed() -> None:
    """The library names each module that it was compiled with by its address."""
    (library,) = Path(vl_convert.__file__).parent.glob("vl_convert.*[dos]*")
    with library.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        held = {name.decode() for name in re.findall(rb"npm/((?:@[a-z-]+/)?[a-z0-9.-]+)@\d+\.\d", content)}
    assert {"vega", "vega-lite", "vega-embed", "d3-array"} <= held
    assert unlisted(held, VEGA, vega_notices()) == set()
    assert unlisted({"left-pad", "vega-lite"}, VEGA, vega_notices()) == {"left-pad"}


def test_every_module_of_the_bundle_of_datatables_is_listed() -> None:
    bundle = files("itables").joinpath("html", "dt_bundle.js").read_text(encoding="utf-8")
    told = bundle[bundle.index("Bundled license information") :].partition("*/")[0]
    held = {line.partition("/")[0] for line in told.splitlines() if re.match(r"[a-z]\S*:$", line)}
    assert {"jszip", "jquery", "datatables.net", "datatables.net-buttons"} <= held
    assert unlisted(held, DATATABLES, datatables_notices()) == set()
    for name in re.findall(r"(?:pako|FileSaver\.js|Feather|Lucide)\b", told):
        assert name in datatables_notices()


def test_what_all_pages_share_is_ours_or_in_the_notices(tmp_path: Path, quick_bundles: None) -> None:
    """Who ships one more library adds it here, and its notices to the file."""

    class Shelf:
        files: dict[str, str | bytes] = {}

        def write(self, path: str, content: str | bytes) -> None:
            self.files[path.removeprefix("assets/")] = content

    renderer = Renderer(override=tmp_path / "templates")
    write_assets(Shelf(), renderer, cache=tmp_path / "cache")  # type: ignore[arg-type]
    libraries, made_here = {"vega.js", "datatables.js", "datatables.css"}, {"heatmap-spec.js", "constants.js"}
    assert Shelf.files.keys() - renderer.assets().keys() == {*libraries, *made_here, "notices.txt"}
    assert Shelf.files["notices.txt"] == "\n".join([vega_notices(), datatables_notices(), sentence_notices()])
