"""The contract of the house: what each module may import, walked over every import of the package.

Layers, from the rim inwards: cli (and what it alone uses), pipeline (and skeleton), web, analysis, models, corpus. A
module imports its own layer or one further in; errors, config and the version come from anywhere. Heavy libraries have
one door each. Imports inside functions and under TYPE_CHECKING count like all others: they are dependencies, too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import sitegen

PACKAGE = Path(sitegen.__file__).parent
LAYERS = ("corpus", "models", "analysis", "web", "pipeline", "cli")
CONFIG = {"sitegen.config", *(f"sitegen.config.{name}" for name in ("site", "tables", "appearance", "problems"))}
ANYWHERE = {"sitegen.errors", "sitegen.version", *CONFIG}
FRONT = {"sitegen", "sitegen.__main__"}  # the public functions and the command: from here everything may be called

SEEN_BY_ANALYSIS = {"sitegen.models.protocol", "sitegen.models.probabilities"}

# library -> the modules that may import it; a name that ends in a dot stands for all modules below
DOORS = {
    "torch": {
        "sitegen.models.lstm.",
        "sitegen.models.training.",
        "sitegen.models.devices",
        "sitegen.models.adapters.transformers.",
    },
    "transformers": {"sitegen.models.adapters.transformers.network"},
    "numba": {"sitegen.models.lstm.engine.kernels"},
    "safetensors": {"sitegen.models.lstm.directory"},
    "gensim": {"sitegen.corpus.vectors", "sitegen.models.training.train"},
    "nupunkt": {"sitegen.corpus.sentences"},
    "bibtexparser": {"sitegen.corpus.bibliography.bibtex"},
    "pylatexenc": {"sitegen.corpus.bibliography.bibtex"},
    "pyarrow": {"sitegen.corpus.sheets"},
    "openpyxl": {"sitegen.corpus.sheets"},
    "sklearn": {"sitegen.models.adapters.scikit_learn."},
    "joblib": {"sitegen.models.adapters.scikit_learn.kind"},
    "skops": {"sitegen.models.adapters.scikit_learn.kind"},
    "nltk": {"sitegen.corpus.tokens"},
    "jinja2": {"sitegen.web.publish.render"},
    "altair": {"sitegen.web.charts.", "sitegen.web.pages."},
    "vl_convert": {"sitegen.web.publish."},
    "markdown_it": {"sitegen.web.text.markdown"},
    "mdit_py_plugins": {"sitegen.web.text.markdown"},
    "latex2mathml": {"sitegen.web.text.markdown"},
    "nh3": {"sitegen.web.text.markdown"},
    "rich": {"sitegen.cli."},
    "typer": {
        f"sitegen.cli.{name}"
        for name in ("commands", "archives", "beginning", "elsewhere", "explaining", "making", "options")
    },
    "pydantic": {*CONFIG, "sitegen.models.config_file", "sitegen.models.lstm.directory"},
    "sqlite3": {"sitegen.analysis.store."},
    "bagit": {"sitegen.pipeline.archive"},
    "rocrate": {"sitegen.pipeline.describing"},
    "cyclonedx": {"sitegen.pipeline.describing"},
    "packageurl": {"sitegen.pipeline.describing"},
}
KNOW_THE_LSTM = {"sitegen.models.lstm.", "sitegen.models.training.", "sitegen.models.registry", "sitegen.cli.making"}
PRINTERS = {"sitegen.cli.commands", "sitegen.cli.making", "sitegen.cli.terminal"}


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
    return module.split(".")[1]


def within(module: str, doors: set[str]) -> bool:
    return any(module == door or (door.endswith(".") and f"{module}.".startswith(door)) for door in doors)


def faults(module: str, imported: str) -> Iterator[str]:
    """What is wrong with `module` importing `imported`."""
    doors = DOORS.get(imported.split(".")[0])
    if doors is not None and not within(module, doors):
        yield f"{imported} has its door elsewhere"
    if imported == "sitegen":
        yield "nothing inside imports the front"
    if imported.split(".")[0] != "sitegen" or imported in {*ANYWHERE, "sitegen"} or module in FRONT:
        return
    if module in ANYWHERE:
        yield f"{module} is imported from anywhere and imports {imported}"
        return
    own, other = layer(module), layer(imported)
    if LAYERS.index(other) > LAYERS.index(own):
        yield f"{own} imports {other}, backwards"
    if own == "analysis" and other == "models" and imported not in SEEN_BY_ANALYSIS:
        yield "analysis sees of models the protocol and what a margin means, and no model"
    if f"{imported}.".startswith("sitegen.models.lstm.") and not within(module, KNOW_THE_LSTM):
        yield "only the registry, training and two commands know this kind of model; the others ask the registry"
    if own == "web" and other == "models":
        yield "web sees no model"


@pytest.mark.parametrize("module", MODULES)
def test_every_import_keeps_the_layers_and_the_doors(module):
    assert [fault for imported in imports(MODULES[module]) for fault in faults(module, imported)] == []


def test_every_module_has_a_layer():
    assert {layer(module) for module in MODULES if module not in ANYWHERE | FRONT} == set(LAYERS)


@pytest.mark.parametrize(
    ("module", "imported"),
    [
        ("sitegen.corpus.records", "sitegen.models.protocol"),
        ("sitegen.analysis.store.store", "sitegen.web.layout"),
        ("sitegen.analysis.store.store", "sitegen.models.lstm.classifier"),
        ("sitegen.web.pages.record.page", "sitegen.models.protocol"),
        ("sitegen.web.build", "sitegen.pipeline.build"),
        ("sitegen.web.build", "sitegen"),
        ("sitegen.pipeline.build", "sitegen.cli.commands"),
        ("sitegen.pipeline.score", "sitegen.cli.terminal"),
        ("sitegen.errors", "sitegen.corpus.records"),
        ("sitegen.pipeline.build", "torch"),
        ("sitegen.web.pages.prose", "jinja2"),
        ("sitegen.models.lstm.classifier", "gensim.models"),
        ("sitegen.models.registry", "torch"),
        ("sitegen.models.adapters.whole_texts", "torch"),
        ("sitegen.models.manifest", "safetensors"),
        ("sitegen.models.manifest", "sitegen.models.lstm.architecture"),
        ("sitegen.pipeline.provenance", "sitegen.models.lstm.facts"),
        ("sitegen.models.lstm.engine.recurrence", "numba"),
        ("sitegen.web.charts.style", "vl_convert"),
        ("sitegen.pipeline.build", "rich.console"),
        ("sitegen.cli.terminal", "typer"),
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


PROJECT = tomllib.loads((PACKAGE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FOR_DEVELOPERS = {"test", "dev"}  # extras that bring nothing for sitegen to import


def plain_name(requirement: str) -> str:
    """The distribution that a requirement asks for, or a distribution's name: as indexes compare them."""
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


ALWAYS = {plain_name(line) for line in PROJECT["dependencies"]}
EXTRA = {
    plain_name(line)
    for name, lines in PROJECT["optional-dependencies"].items()
    if name not in FOR_DEVELOPERS
    for line in lines
}
BROUGHT_BY = packages_distributions()  # of what can be imported here


def undeclared(imported: str) -> bool:
    """Whether pip may leave out what is imported: no dependency has it, nor an extra where it has a door.

    A dependency of a dependency does not count: it may be gone from the next version. Of what is not installed here,
    the distribution is taken to have the name that is imported.
    """
    top = imported.split(".")[0]
    brought_by = {plain_name(name) for name in BROUGHT_BY.get(top, (top,))}
    return not (brought_by & ALWAYS or (brought_by & EXTRA and top in DOORS))


def test_what_is_imported_is_declared():
    ours = sys.stdlib_module_names | {"sitegen"}
    imported = {name for tree in MODULES.values() for name in imports(tree) if name.split(".")[0] not in ours}
    assert len(imported) > 20
    assert sorted(filter(undeclared, imported)) == []


@pytest.mark.parametrize("imported", ["pytest", "click", "narwhals.typing", "no_such_library"])
def test_what_tests_or_other_libraries_bring_is_not_declared(imported):
    assert undeclared(imported)


LIGHT = ("sitegen", "sitegen.models.registry", "sitegen.web.build", "sitegen.pipeline.build", "sitegen.cli.commands")


@pytest.fixture(scope="module")
def loaded() -> dict[str, str]:
    """What of the libraries that run a model a process has loaded after each of `LIGHT`, imported in this order."""
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]:\n"
        "    importlib.import_module(name)\n"
        "    print(name, sorted(sys.modules.keys() & {'torch', 'gensim', 'sklearn', 'joblib', 'skops'}))\n"
    )
    told = subprocess.run([sys.executable, "-c", code, *LIGHT], capture_output=True, text=True, check=True)
    return dict(line.split(" ", 1) for line in told.stdout.splitlines())


@pytest.mark.parametrize("module", LIGHT)
def test_rendering_loads_no_torch(loaded, module):
    assert loaded[module] == "[]"


def test_the_benchmarks_import_what_there_is() -> None:
    lacking = []
    for file in sorted((PACKAGE.parent / "tests" / "benchmarks").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and str(node.module).split(".")[0] == "sitegen":
                module = MODULES.get(str(node.module), ast.parse(""))
                there = {name for one in ast.walk(module) for name in _bound(one)}
                wanted = {alias.name for alias in node.names if f"{node.module}.{alias.name}" not in MODULES}
                lacking += [f"{file.name}: {node.module}.{name}" for name in wanted - there]
    assert lacking == []


def _bound(node: ast.AST) -> list[str]:
    """The names that a statement gives to something."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.ImportFrom):
        return [alias.name for alias in node.names]
    return [node.id] if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) else []
