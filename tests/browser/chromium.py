"""The browser of tests and benchmarks: Debian's Chromium, or what the environment variable CHROMIUM names, else the one
that Playwright installs for itself."""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--no-first-run",
    "--no-pings",
    "--process-per-site",
]


def launch(playwright: Playwright) -> Browser:
    """A headless Chromium: CHROMIUM's, the system's, or Playwright's own; playwright's Error where there is none."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
