"""The libraries' scripts run from disk under the site's policy, and set what they promise."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from sitegen.web.publish.bundles import datatables_bundle, datatables_css, vega_bundle
from tests.browser.heatmap_page import POLICY, TEMPLATES

PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{POLICY}"><link rel="icon" href="data:,"><title>Bundle</title>
<link rel="stylesheet" href="bundle.css"><script defer src="bundle.js"></script><script defer src="own.js"></script>
</head><body><table id="table"><thead><tr><th>Name</th><th>Value</th></tr></thead>
<tbody><tr><td>one</td><td>1</td></tr><tr><td>two</td><td>2</td></tr></tbody></table></body></html>"""


def open_with(page: Page, folder: Path, *, bundle: str, own: str) -> None:
    for name, text in {
        "page.html": PAGE,
        "bundle.js": bundle,
        "bundle.css": datatables_css(),
        "own.js": own,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    page.goto((folder / "page.html").as_uri())


@pytest.mark.browser
def test_datatables_searches_and_escapes(page: Page, tmp_path: Path) -> None:
    own = """
    const table = new window.DataTable("#table", {
      layout: { topStart: { buttons: ["csvHtml5"] } },
      columns: [{ render: window.DataTable.render.text() }, {}],
    });
    table.row.add(["<b>bold</b>", 3]).draw();
    table.search("bold").draw();
    """
    open_with(page, tmp_path, bundle=datatables_bundle(), own=own)
    cells = page.locator("#table tbody td")
    assert cells.all_inner_texts() == ["<b>bold</b>", "3"]
    assert page.locator("#table b").count() == 0
    assert page.get_by_role("button", name="CSV").is_visible()


@pytest.mark.browser
def test_vega_bundle_sets_the_one_name(page: Page, tmp_path: Path) -> None:
    own = "document.body.dataset.names = [typeof window.vegaEmbed, typeof window.vega].join();"
    open_with(page, tmp_path, bundle=vega_bundle(), own=own)
    assert page.locator("body").get_attribute("data-names") == "function,undefined"


def test_no_script_of_ours_keeps_anything_in_the_browser() -> None:
    """So a page that is opened anew is as it was at first, and so tests may share a browser's contexts."""
    keeping = re.compile(r"localStorage|sessionStorage|indexedDB|\.cookie\b|serviceWorker|\bcaches\b|stateSave")
    scripts = list((TEMPLATES / "assets").rglob("*.js"))
    assert len(scripts) > 10
    assert [script.name for script in scripts if keeping.search(script.read_text(encoding="utf-8"))] == []
