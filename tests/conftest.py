"""What all tests share. Shapes declared in models/ and analysis/ are enforced from here on."""

from __future__ import annotations

from pathlib import Path

import pytest
from jaxtyping import install_import_hook

install_import_hook(["sitegen.models", "sitegen.analysis"], "beartype.beartype")


@pytest.fixture
def quick_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vega's script is made once in a process, not once in a build."""
    from sitegen.web import scripts
    from tests.sites import vega_bundle

    monkeypatch.setattr(scripts, "vega_bundle", vega_bundle)


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site that no test may change: see `tests.sites.build_shared`."""
    from tests.sites import build_shared

    return build_shared(tmp_path_factory.mktemp("built"))
