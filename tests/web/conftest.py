"""Fixtures of the web side: the large script bundles, which no page's content depends on, are left out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sitegen.web.publish import bundles as scripts


@pytest.fixture(scope="module")
def light() -> Iterator[None]:
    """Bundles of a few bytes instead of megabytes."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("vega_bundle", "datatables_bundle", "datatables_css"):
            patch.setattr(scripts, name, lambda name=name: f"/* {name} */")
        yield
