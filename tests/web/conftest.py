"""Fixtures of the web side: the large script bundles, which no page's content depends on, are left out."""

from __future__ import annotations

import pytest

from sitegen.web.publish import bundles as scripts


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles of a few bytes instead of megabytes."""
    for name in ("vega_bundle", "datatables_bundle", "datatables_css"):
        monkeypatch.setattr(scripts, name, lambda name=name: f"/* {name} */")
