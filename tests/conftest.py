"""What all tests share. Shapes declared in models/ and analysis/ are enforced from here on.

Several test processes share the processors, so each keeps torch to one thread, as do the commands that tests start:
threads that wait for each other cost ten times what they save at the sizes of tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from operator import attrgetter
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING

os.environ.setdefault("OMP_NUM_THREADS", "1")

import pytest
from hypothesis import settings
from jaxtyping import install_import_hook

if TYPE_CHECKING:
    from tests.apart import Apart
    from tests.commands import Run
    from tests.runs import Built

import tests.shapes
from tests.effort import PROFILES
from tests.shared import shared_folder

for profile, count in PROFILES.items():
    settings.register_profile(
        profile,
        max_examples=count,
        deadline=None,  # a busy machine is no fault
        derandomize=profile != "nightly",  # what passed once passes again; the night looks for what nobody thought of
    )
settings.load_profile("sitegen")  # pytest's --hypothesis-profile takes its place, before a test module is read
install_import_hook(["sitegen.models", "sitegen.analysis"], f"{tests.shapes.__name__}.checked")


@pytest.fixture(scope="session", autouse=True)
def _templates_are_compiled_once() -> Iterator[None]:
    """A template is compiled once in a process and not once in a build: that is a fifth of what a small build costs."""
    from jinja2 import Environment

    compiled: dict[object, CodeType] = {}
    compile_ = Environment.compile
    settings_of = attrgetter("autoescape", "trim_blocks", "lstrip_blocks", "keep_trailing_newline", "policies")

    def once(environment: Environment, source: str, name: str | None = None, filename: str | None = None) -> CodeType:
        key = (source, name, filename, repr(settings_of(environment)), *environment.filters, *environment.tests)
        if key not in compiled:
            compiled[key] = compile_(environment, source, name, filename)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _vega_is_bundled_once() -> Iterator[None]:
    """Vega's script takes a second and a half to make, and it repeats: a process makes it once, when asked to."""
    from sitegen.web.publish import bundles as scripts
    from tests.sites import vega_bundle

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        yield


@pytest.fixture
def quick_bundles(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line instead of Vega's script, which takes seconds to make and which nothing but a browser reads."""
    from sitegen.web.publish import bundles as scripts
    from tests.sites import no_vega

    monkeypatch.setattr(scripts, "vega_bundle", no_vega)


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built site that no test may change: see `tests.sites.build_shared`."""
    from tests.sites import build_shared

    return shared_folder(tmp_path_factory, "built", build_shared) / "_site"


@pytest.fixture(scope="session")
def released(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The site of `tests.released` by what it publishes of its texts: its output folders, which no test may change."""
    from tests.released import MODES, build_released

    folder = shared_folder(tmp_path_factory, "released", build_released)
    return {mode: folder / mode for mode in MODES}


@pytest.fixture(scope="session")
def plain_site(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The site of `make_site` without options, built once for all tests that only look at it."""
    from sitegen.web.publish import bundles as scripts
    from tests.runs import build
    from tests.sites import make_scored_site, no_vega

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", no_vega)
        return build(make_scored_site(tmp_path_factory.mktemp("plain")))


@pytest.fixture(scope="session")
def built_apart(tmp_path_factory: pytest.TempPathFactory) -> Apart:
    """A site with something of everything that the command built in a process of its own."""
    from tests.apart import build_apart, read_apart

    return read_apart(shared_folder(tmp_path_factory, "apart", build_apart))


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
