"""What axe-core has against a page as it is shown."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Preloading would request the style sheets again, which from disk is an error in the console.
OPTIONS = {"preload": False, "resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}  # the rules that a dark page can break and a light not
CHART = {"exclude": [["#histogram svg"]]}  # its meaning is in the table of the gallery; axe takes seconds on it


def violations(page: Page, *, colours: bool = False) -> list[str]:
    """Every violation: rule, impact, and the elements it is found on; or those of rules about colours alone."""
    options = {**OPTIONS, **COLOURS} if colours else OPTIONS
    found: list[dict[str, Any]] = Axe().run(page, context=CHART, options=options).response["violations"]
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: "
        + "; ".join(f"{node['html'][:160]} {node['failureSummary']}" for node in violation["nodes"][:3])
        for violation in found
    ]
