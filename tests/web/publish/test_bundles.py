"""The libraries' scripts, reshaped; that they run is shown in tests/browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sitegen.errors import OutputError
from sitegen.web.charts.heatmap import HEIGHTS, SCALES, heatmap_spec
from sitegen.web.publish import assets, bundles
from sitegen.web.publish.bundles import (
    classic_script,
    datatables_bundle,
    datatables_css,
    heatmap_spec_script,
    vega_bundle,
)
from sitegen.web.publish.notices import datatables_notices, vega_notices
from tests import sites
from tests.web.papers import PALETTE


def test_an_export_becomes_an_assignment() -> None:
    script = classic_script("var a=1,b$=2;export{a as A,b$ as default};\n/*! notice */", name="Name")
    assert script == '(function () {\n"use strict";\nvar a=1,b$=2;window.Name=b$;\n/*! notice */\n})();\n'


@pytest.mark.parametrize(
    "module",
    [
        "var a=1;",
        "export{a as default};export{b as c};",
        "export{a as b};",
        'import{a}from"./a.js";export{a as default};',
        "export default a;export{a as b};",
    ],
)
def test_any_other_module_is_refused(module: str) -> None:
    with pytest.raises(OutputError, match=r"itables>=2\.9,<2\.10"):
        classic_script(module, name="Name")


def test_the_datatables_bundle_is_a_classic_script_with_its_notices() -> None:
    script = datatables_bundle()
    assert script.count("window.DataTable=") == 1
    assert "export{" not in script
    assert "Bundled license information" in script
    assert "table.dataTable" in datatables_css()


@pytest.mark.slow
def test_the_vega_bundle_is_enclosed_and_repeats() -> None:
    script = sites.vega_bundle()
    assert script.startswith("(function () {")
    assert script.rstrip().endswith("})();")
    assert script.count("window.vegaEmbed=") == 1
    assert "cdn.jsdelivr.net" not in script
    assert "</script" not in script
    assert vega_bundle() == script


def test_the_figures_specification_is_a_script_that_assigns() -> None:
    script = heatmap_spec_script(PALETTE)
    value = json.loads(script.splitlines()[-1].partition(" = ")[2].removesuffix(";"))
    assert value["complete"] == heatmap_spec(PALETTE, complete=True, live=False)
    assert value["layout"]["heights"] == list(HEIGHTS.values())
    assert "vega/v6" in value["spec"]["$schema"]  # Vega, no longer Vega-Lite
    assert {signal["name"] for signal in value["spec"]["signals"]} >= {*SCALES, "concat_2_height"}
    assert script == heatmap_spec_script.__wrapped__(PALETTE)  # made again, it is the same


def test_notices_hold_names_and_whole_licence_texts() -> None:
    vega, tables = vega_notices(), datatables_notices()
    for text in ("Vega-Lite", "Vega-Embed", "Interactive Data Lab", "D3", "Redistribution and use in source"):
        assert text in vega
    for text in ("SpryMedia", "jQuery", "JSZip", "pako", "FileSaver", "Lucide"):
        assert text in tables
    for notices in (vega, tables):
        assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notices
        assert max(len(line) for line in notices.splitlines()) < 120


def test_a_script_that_is_kept_is_made_anew_where_it_would_be_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version of the library, or of what makes a script of it."""

    def kept(text: str) -> str:
        return assets._kept("datatables", of="itables", make=lambda: text, cache=tmp_path / "cache")

    assert kept("one") == kept("two") == "one"
    (tmp_path / "bundles.py").write_text("# another way", encoding="utf-8")
    monkeypatch.setattr(bundles, "__file__", str(tmp_path / "bundles.py"))
    assert kept("three") == "three"
    monkeypatch.setattr(assets, "version", lambda _: "99")
    assert kept("four") == "four"
