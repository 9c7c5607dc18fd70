"""The contract of the house: what each module may import, walked over every import of the package.

Layers, from the rim inwards: cli (and what it alone uses), pipeline (and skeleton), web, analysis, models, corpus. A
module imports its own layer or one further in; errors, config and the version come from anywhere. Heavy libraries have
one door each. Imports inside functions and under TYPE_CHECKING count like all others: they are dependencies, too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent
LAYERS = ("corpus", "models", "analysis", "web", "pipeline", "cli")
RIM = {
    "__main__": "cli",
    "terminal": "cli",
    "preview": "cli",
    "skeleton": "pipeline",
    "scoring": "pipeline",
    "overlap": "pipeline",
    "provenance": "pipeline",
}
ANYWHERE = {"sitegen", "sitegen.errors", "sitegen.config"}

# library -> the modules that may import it; a name that ends in a dot stands for all modules below
DOORS = {
    "torch": {"sitegen.models."},
    "numba": {"sitegen.models.fused"},
    "safetensors": {"sitegen.models."},
    "gensim": {"sitegen.corpus.vectors", "sitegen.models.training"},
    "nupunkt": {"sitegen.corpus.sentences"},
    "nltk": {"sitegen.corpus.tokens"},
    "jinja2": {"sitegen.web.render"},
    "altair": {
        "sitegen.web.charts",
        "sitegen.web.corpus_charts",
        "sitegen.web.faithfulness_charts",
        "sitegen.web.significance_charts",
    },
    "vl_convert": {"sitegen.web.figures", "sitegen.web.scripts"},
    "markdown_it": {"sitegen.web.prose"},
    "nh3": {"sitegen.web.prose"},
    "rich": {"sitegen.cli", "sitegen.terminal"},
    "typer": {"sitegen.cli"},
    "pydantic": {"sitegen.config", "sitegen.models.directory"},
    "sqlite3": {"sitegen.analysis.store"},
}
PRINTERS = {"sitegen.cli", "sitegen.terminal"}


def modules() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name."""
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = ("sitegen", *file.relative_to(PACKAGE).with_suffix("").parts)
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(file.read_text(encoding="utf-8"), str(file))
    return found


MODULES = modules()


def imports(tree: ast.Module) -> Iterator[str]:
    """The dotted name of every module that is imported, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:  # `from sitegen.web import charts` imports the module sitegen.web.charts
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else str(node.module)


def layer(module: str) -> str:
    room = module.split(".")[1]
    return RIM.get(room, room)


def within(module: str, doors: set[str]) -> bool:
    return any(module == door or (door.endswith(".") and f"{module}.".startswith(door)) for door in doors)


def faults(module: str, imported: str) -> Iterator[str]:
    """What is wrong with `module` importing `imported`."""
    doors = DOORS.get(imported.split(".")[0])
    if doors is not None and not within(module, doors):
        yield f"{imported} has its door elsewhere"
    if imported.split(".")[0] != "sitegen" or imported in ANYWHERE:
        return
    if module in ANYWHERE:
        if {module, imported} != {"sitegen.config", "sitegen.errors"}:
            yield f"{module} is imported from anywhere and imports {imported}"
        return
    own, other = layer(module), layer(imported)
    if LAYERS.index(other) > LAYERS.index(own):
        yield f"{own} imports {other}, backwards"
    if own == "analysis" and other == "models" and imported != "sitegen.models.classifier":
        yield "analysis sees of models the protocol alone"
    if own == "web" and other == "models":
        yield "web sees no model"


@pytest.mark.parametrize("module", MODULES)
def test_every_import_keeps_the_layers_and_the_doors(module):
    assert [fault for imported in imports(MODULES[module]) for fault in faults(module, imported)] == []


def test_every_module_has_a_layer():
    assert {layer(module) for module in MODULES if module not in ANYWHERE} == set(LAYERS)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("sitegen.corpus.records", "sitegen.models.classifier"),
        ("sitegen.analysis.store", "sitegen.web.frame"),
        ("sitegen.analysis.store", "sitegen.models.rnn"),
        ("sitegen.web.record", "sitegen.models.classifier"),
        ("sitegen.web.site", "sitegen.pipeline"),
        ("sitegen.pipeline", "sitegen.cli"),
        ("sitegen.pipeline", "sitegen.terminal"),
        ("sitegen.errors", "sitegen.corpus.records"),
        ("sitegen.pipeline", "torch"),
        ("sitegen.web.prose", "jinja2"),
        ("sitegen.models.rnn", "gensim.models"),
        ("sitegen.models.recurrence", "numba"),
        ("sitegen.web.output", "vl_convert"),
        ("sitegen.pipeline", "rich.console"),
        ("sitegen.terminal", "typer"),
    ],
)
def test_the_contract_bites(module, imported):
    assert list(faults(module, imported))


def test_only_the_rim_prints():
    calls = {
        module
        for module, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert calls <= PRINTERS


@pytest.mark.parametrize("module", ["sitegen", "sitegen.pipeline", "sitegen.cli", "sitegen.web.site"])
def test_rendering_loads_no_torch(module):
    code = f"import sys, {module}; print([name for name in ('torch', 'gensim') if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
