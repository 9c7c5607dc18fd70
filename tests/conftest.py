"""What all tests share. Shapes declared in models/ and analysis/ are enforced from here on.

Several test processes share the processors, so each keeps torch to one thread, as do the commands that tests start:
threads that wait for each other cost ten times what they save at the sizes of tests.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

if TYPE_CHECKING:
    from tests.commands import Run

settings.register_profile("sitegen", deadline=None)  # a busy machine is no fault
settings.load_profile("sitegen")
install_import_hook(["sitegen.models", "sitegen.analysis"], "beartype.beartype")


@pytest.fixture
def quick_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """Vega's script is made once in a process, not once in a build."""
    from sitegen.web.publish import bundles as scripts
    from tests.sites import vega_bundle

    monkeypatch.setattr(scripts, "vega_bundle", vega_bundle)


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site that no test may change: see `tests.sites.build_shared`."""
    from tests.sites import build_shared

    return build_shared(tmp_path_factory.mktemp("built"))


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quick_bundles: None) -> Run:
    """Runs a command in this process."""
    from sitegen.cli import commands as cli
    from tests.commands import Done

    for name in ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)  # Typer sets it; restored with the other patches
    monkeypatch.setenv("COLUMNS", "100")

    def command(*arguments: str | Path) -> Done:
        monkeypatch.setattr(sys, "argv", ["sitegen", *map(str, arguments)])
        capsys.readouterr()
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        printed = capsys.readouterr()
        return Done(code=code, out=printed.out, err=printed.err)

    return command
