"""The pages of documentation: their commands run, say what is shown, and miss nothing that can be named.

A reader who does what the pages say, in their order, works in one folder, as this test does. What it runs:

    ```sh            each line, which must end well
    ```console       lines that begin with $; what stands below one is what it prints, where `...` stands for anything
    ```python        the block; one whose first line is `# name.py` is written to that file, as is `# folder/name.toml`
    ```toml          is a part of a site.toml that sitegen takes
    ```sh not-run    is not run, for a reason in NOT_RUN; commands of sitegen in it exist all the same
"""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer.main

import sitegen
from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.analysis.attribution.random_spans import QUANTILES, SPANS
from sitegen.analysis.attribution.shapley import EXACT_LIMIT
from sitegen.analysis.significance.test import LEAST_BIN
from sitegen.cli.commands import app
from sitegen.config import Model, NavEntry, Policies, Records, Site, load_site, site_of
from sitegen.config.tables import SiteTable
from sitegen.corpus.formats import FORMATS
from sitegen.corpus.neutral import LEAST
from sitegen.models.adapters import contract
from sitegen.web import record_files
from sitegen.web.explanation import Explanation, SentenceExplanation
from sitegen.web.export.files import FILES
from sitegen.web.layout import Frames, nav_entries
from sitegen.web.pages.prose import check_links, nav_items, prose_pages, read_prose
from sitegen.web.publish.logo import LIMIT
from sitegen.web.publish.render import Renderer
from tests.commands import Run
from tests.sites import write_model

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "content" / "pages"
FENCE = re.compile(r"^```(\w*)( not-run)?\n(.*?)^```$", flags=re.MULTILINE | re.DOTALL)
NOT_RUN = {  # how a line begins that no test runs, and why
    "python -m venv": "makes an environment, which takes minutes",
    "source .venv": "belongs to that environment",
    "git": "needs a host that answers, and whose repository it is",
    "pip install": "needs the network",
    "sitegen serve": "runs until it is stopped; tests/cli/test_watching.py runs it",
}
MEASURED = {"train", "explain", "build", "archive", "verify"}  # their numbers depend on the machine or on the version
SMALLER = {"train": ["--hidden", "16", "--layers", "1"]}  # options and lines that only save the test's time
FEWER = 12  # papers of unseen.csv, for the same reason
SMALLER_SITE = "\n[faithfulness]\nrecords = 8\nhybrids = 8\n"
TESTED_ELSEWHERE = {"your-own-model": "tests/test_examples.py runs its lines, with models made for them"}
BASE = {"title": "T", "records": {"path": "a.csv"}, "models": [{"name": "M", "path": "model"}]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One fenced block: its page's name and its line there, its language, whether it is run, its text."""

    page: str
    line: int
    language: str
    run: bool
    text: str

    @property
    def place(self) -> str:
        return f"{self.page}.md:{self.line}"


def blocks() -> Iterator[Block]:
    """All blocks of all pages, in the order in which a reader comes to them."""
    for page in read_prose(PAGES):
        text = page.file.read_text(encoding="utf-8")
        for found in FENCE.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            yield Block(page=page.file.stem, line=line, language=found[1], run=not found[2], text=found[3])


def text_of(page: str) -> str:
    return (PAGES / "documentation" / f"{page}.md").read_text(encoding="utf-8")


class Reader:
    """Does what the pages say."""

    def __init__(self, folder: Path, run: Run, patch: pytest.MonkeyPatch) -> None:
        self._folder, self._run, self._patch = folder, run, patch
        self._names: dict[str, dict[str, Any]] = {}

    def reads(self, block: Block) -> None:
        """Do one block; an assertion names its place."""
        if named := re.match(r"# ([\w./-]+\.(?:py|toml))\n", block.text):
            more = SMALLER_SITE if named[1].endswith("site.toml") else ""
            Path(named[1]).write_text(block.text + more, encoding="utf-8")
        elif block.language == "sh":
            for line in block.text.splitlines():
                self._line(line, block)
        elif block.language == "console":
            for shown in block.text.removeprefix("$ ").split("\n$ "):
                line, _, expected = shown.partition("\n")
                printed = self._line(line, block)
                numbers = not MEASURED & set(line.split()[1:2])
                said = printed.replace(str(self._folder), "…")
                assert alike(expected, said, numbers=numbers), f"{block.place}: {line} says\n{said}"
        elif block.language == "python" and (block.page not in TESTED_ELSEWHERE or "texts.csv" in block.text):
            self._python(block)

    def _line(self, line: str, block: Block) -> str:
        """Run a command; what it printed."""
        program, *arguments = shlex.split(line)
        if program == "cd":
            self._patch.chdir(arguments[0])
            return ""
        if program == "sitegen":
            done = self._run(*arguments, *SMALLER.get(arguments[0], []))
            assert done.code == 0, f"{block.place}: {line}\n{done.err}"
            if arguments[0] == "train":
                kept = Path("unseen.csv").read_text(encoding="utf-8").splitlines(keepends=True)[: FEWER + 1]
                Path("unseen.csv").write_text("".join(kept), encoding="utf-8")
            return done.out
        assert program == "python", f"{block.place}: nobody knows how to run {line}"
        outside = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False)
        assert outside.returncode == 0, f"{block.place}: {line}\n{outside.stderr}"
        return outside.stdout

    def _python(self, block: Block) -> None:
        """Run a block among the names of its page; an expression at its end is shown, as a notebook does."""
        names = self._names.setdefault(block.page, {"__name__": "__main__"})
        body = ast.parse(block.text)
        last = body.body.pop() if isinstance(body.body[-1], ast.Expr) else None
        try:
            exec(compile(body, block.place, "exec"), names)
            if isinstance(last, ast.Expr):
                repr(eval(compile(ast.Expression(last.value), block.place, "eval"), names))  # noqa: S307
        except Exception as error:
            raise AssertionError(f"{block.place}: {type(error).__name__}: {error}") from error


def alike(expected: str, printed: str, *, numbers: bool) -> bool:
    """Whether what was printed is what is shown, blanks and frames of tables aside. numbers: those must be the same,
    too, but for seconds."""

    def plain(text: str) -> str:
        text = re.sub(r"in \d+(\.\d+)? s\b", "in # s", text)
        text = text if numbers else re.sub(r"[+−-]?\d[\d,]*(\.\d+)?(e-?\d+)?", "#", text).replace("# kB", "# MB")
        return " ".join(re.sub(r"[─━┏┓┗┛├┤┡┩╇┴┬┼│┃└┘┳]+", " ", text).split())

    parts = [re.escape(plain(part)) for part in re.split(r"^\.\.\.$", expected, flags=re.MULTILINE)]
    return re.fullmatch(r".*".join(parts).replace(r".*", r" ?.* ?"), plain(printed), flags=re.DOTALL) is not None


@pytest.mark.slow
@pytest.mark.usefixtures("quick_bundles")
def test_what_the_pages_show_runs_and_says_what_they_show(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(record_files, "draw_figures", lambda specs, **_: [b"<svg/>"] * len(list(specs)))
    reader = Reader(tmp_path, run, monkeypatch)
    for block in blocks():
        if block.run:
            reader.reads(block)


def test_what_is_shown_must_be_what_is_said() -> None:
    assert alike("a 3 b\n...\nc\n", "a 3 b\nx\ny\nc", numbers=True)
    assert alike("Wrote it in 3 s.\n", "Wrote it in 41 s.", numbers=True)
    assert alike("│ 1 │ +2.5 │\n", "│ 1   │ −12.25 │", numbers=False)
    assert not alike("a 3 b\n", "a 4 b", numbers=True)
    assert not alike("a 3 b\n", "a 3 c", numbers=False)
    assert not alike("a 3 b\n", "a 3 b and more", numbers=False)


def test_what_is_not_run_is_listed_and_its_commands_exist() -> None:
    lines = [line for block in blocks() if not block.run for line in block.text.splitlines()]
    begins = {start: [line for line in lines if line.startswith(start)] for start in NOT_RUN}
    assert sorted(lines) == sorted(line for found in begins.values() for line in found)
    assert all(begins.values())
    known = commands()
    for line in lines:
        if line.startswith("sitegen "):
            _, name, *arguments = shlex.split(line)
            assert {one for one in arguments if one.startswith("-")} <= known[name], line


def commands() -> dict[str, set[str]]:
    """The commands of sitegen, each with its options."""
    group: Any = typer.main.get_command(app)
    return {name: {opt for one in command.params for opt in one.opts} for name, command in group.commands.items()}


def test_commands_and_options_that_are_named_in_the_text_exist() -> None:
    known = commands()
    named = 0
    for file in [ROOT / "README.md", *(page.file for page in read_prose(PAGES))]:
        prose = FENCE.sub("", file.read_text(encoding="utf-8"))
        for line in re.findall(r"`sitegen ([^`]+)|^    sitegen (.+)", prose, flags=re.MULTILINE):
            name, *more = "".join(line).partition("#")[0].split()
            assert name in known, f"{file.name}: sitegen {name}"
            assert {one for one in more if one.startswith("--")} <= known[name] | {"--help"}, f"{file.name}: {line}"
            named += 1
        for option in re.findall(r"`(--[a-z][\w-]*)", prose):
            assert any(option in options for options in known.values()), f"{file.name}: {option}"
    assert named > 5


def test_lines_of_toml_are_parts_of_a_site_toml() -> None:
    found = [block for block in blocks() if block.language == "toml"]
    assert len(found) > 8
    for block in found:
        try:
            site_of(BASE | tomllib.loads(block.text), file=PAGES / "site.toml", explain=lambda _, item: repr(item))
        except Exception as error:
            raise AssertionError(f"{block.place}: {error}") from error


# --- what a page lists is all there is ---


def tables(page: str) -> dict[str, list[list[str]]]:
    """The rows of each table of a page, by the heading above it; a further one below the same heading has a + there."""
    found: dict[str, list[list[str]]] = {}
    heading, before = "", False
    for line in text_of(page).splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        if line.startswith("|"):
            while not before and heading in found:
                heading += "+"
            if not set(line) <= set("|-: "):
                found.setdefault(heading, []).append([cell.strip() for cell in line[1:-1].split("|")])
        before = line.startswith("|")
    return {heading: rows[1:] for heading, rows in found.items()}


def site_tables() -> dict[str, type[SiteTable]]:
    """The tables of site.toml, under the headings of the page."""
    own = {name: type(one.default) for name, one in Site.model_fields.items() if isinstance(one.default, SiteTable)}
    return {
        "Above the first table": Site,
        "Above the first table+": NavEntry,
        "[records]": Records,
        "[records.policy]": Policies,
        "[[models]]": Model,
        **{f"[{name}]": table for name, table in own.items()},
    }


@pytest.mark.parametrize("heading", list(site_tables()))
def test_every_key_of_site_toml_is_named_with_its_default(heading: str) -> None:
    table = site_tables()[heading]
    others = {"records", "models", "file", *(name.strip("[]") for name in site_tables())}
    fields = {name: one for name, one in table.model_fields.items() if table is not Site or name not in others}
    rows = tables("file-formats")[heading]
    assert [row[0].strip("`") for row in rows] == list(fields)
    for name, default, meaning in rows:
        one = fields[name.strip("`")]
        value = None if one.is_required() else one.get_default(call_default_factory=True)
        if value is None or isinstance(value, SiteTable):
            assert default == "", name
        else:
            shown = json.dumps(str(value) if isinstance(value, Path) else value)
            assert default == f"`{shown}`", name
        assert meaning, name


def test_every_table_of_site_toml_is_there() -> None:
    shown = tables("file-formats")
    assert {heading for heading in shown if heading.startswith("[")} == {
        heading for heading in site_tables() if heading.startswith("[")
    }


def test_numbers_in_the_text_are_those_of_the_program() -> None:
    from sitegen.models.training.train import TrainingOptions

    def says(page: str, words: str) -> bool:
        return words in " ".join(text_of(page).split())

    numbers, settings = "how-the-numbers-are-made", "file-formats"
    assert says(numbers, f"if each has {LEAST_BIN:,} sentences in $X$")
    assert (EXACT_LIMIT, SPANS, ZERO, QUANTILES) == (10, 20, 1e-5, (0.05, 0.95))
    assert says(numbers, "Up to ten sentences all 2ⁿ subsets are read")
    assert says(numbers, "up to twenty random stretches")
    assert says(numbers, "from the 5% to the 95% quantile")
    assert says(numbers, "Effects below 10⁻⁵ count as zero")
    assert says(settings, f'`"exact"`, for up to {EXACT_LIMIT} sentences')
    assert says(settings, f"a file of {LEAST} or more sentences")
    assert says("make-it-yours", f"at most {LIMIT // 1000} kB")
    parts = TrainingOptions.__dataclass_fields__
    assert (parts["validation"].default, parts["test"].default) == (0.1, 0.15)
    assert says("tutorial", "learns from 75% of the papers; 10% decide when to stop, and 15% are kept back")


def test_no_formula_is_left_as_it_was_written() -> None:
    for page in read_prose(PAGES):
        assert "$" not in re.sub(r"<code.*?</code>", "", page.html, flags=re.DOTALL), page.file.name


def test_every_command_is_named() -> None:
    assert sorted(row[0].strip("`") for row in tables("file-formats")["The commands"]) == sorted(commands())


def test_every_page_that_the_navigation_can_have_is_named() -> None:
    (names,) = re.findall(r"Pages are called (.*?);", text_of("file-formats"), flags=re.DOTALL)
    assert re.findall(r"`([\w-]+)`", names) == list(nav_entries(()))


def test_whatever_an_object_may_have_is_named() -> None:
    _, _, may = (contract.__doc__ or "").partition("These it may have as well:")
    shown = [row[0].strip("`") for row in tables("your-own-model")["What a model should say of itself"]]
    assert sorted(shown) == sorted(re.findall(r"^    (\w+(?:\(\w*\))?)  +\w", may, flags=re.MULTILINE))


def test_every_example_is_named() -> None:
    shown = re.findall(r"^- `(\w+\.py)`", text_of("python-api"), flags=re.MULTILINE)
    assert sorted(shown) == sorted(file.name for file in (ROOT / "content" / "examples").glob("*.py"))


def test_every_format_is_named_with_its_suffixes_and_what_it_needs() -> None:
    rows = {name: (files, needs) for name, files, needs, _ in tables("file-formats")["Records"]}
    assert set(rows) == {one.name for one in FORMATS}
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for one in FORMATS:
        files, needs = rows[one.name]
        assert set(one.suffixes) <= set(files.split(", ")), one.name
        assert not needs or needs.strip("`[]") in extras, one.name
    assert {name for name, (_, needs) in rows.items() if needs} == {"Excel", "Parquet", "BibTeX"}


def test_every_file_of_a_model_and_of_the_data_is_named(tmp_path: Path) -> None:
    shown = tables("file-formats")
    write_model(tmp_path / "model")
    named = [row[0].strip("`") for row in shown["A model's folder"]]
    assert sorted(named) == sorted(file.name for file in (tmp_path / "model").iterdir())
    published = {row[0].strip("`") for row in shown["What a site publishes"]}
    assert published == {*(file.name for file in FILES), "recompute.py"}


def test_every_key_of_the_test_s_results_is_named(built_site: Path) -> None:
    found = json.loads((built_site / "data" / "significance.json").read_text(encoding="utf-8"))
    named = re.findall(r"`(\w+)`", " ".join(row[0] for row in tables("file-formats")["significance.json"]))
    assert sorted(named) == sorted({*found, *found["classes"][0]} - {"classes"})


def test_every_public_name_is_documented() -> None:
    shown = tables("python-api")
    named = [row[0].strip("`") for row in shown["The functions for Python"]]
    assert sorted(named) == sorted(f"sitegen.{name}" for name in sitegen.__all__)
    names = re.findall(r"`(\w+)(?:\(\))?`", " ".join(row[0] for row in shown["Explain one text"]))
    assert all(hasattr(Explanation, name) for name in names)
    assert {"probability", "predicted", "sentences", "figure", "occlusion", "alone", "shapley", "not_asked"} <= {*names}
    (of_sentence,) = (row[1] for row in shown["Explain one text"] if row[0] == "`sentences`")
    fields = re.findall(r"`(\w+)`", of_sentence)
    assert sorted(fields) == sorted(SentenceExplanation.__dataclass_fields__)


def test_the_pages_are_a_section_that_begins_with_the_tutorial() -> None:
    section = [page for page in read_prose(PAGES) if page.section == "documentation"]
    assert [page.name for page in section] == [
        *("index", "tutorial", "your-own-model", "make-it-yours", "file-formats", "python-api"),
        "how-the-numbers-are-made",
    ]
    assert all(page.summary for page in section[1:])
    nav = tomllib.loads((ROOT / "content" / "site.toml").read_text(encoding="utf-8"))["nav"]
    assert "documentation" in nav
    assert not {page.name for page in section} & set(nav)


def test_every_link_leads_somewhere(built_site: Path, tmp_path: Path) -> None:
    """Also those that lead to other pages of the demo, which has all kinds of pages that this small site has."""
    folder = tmp_path / "site"
    shutil.copytree(built_site, folder)
    prose = read_prose(PAGES)
    renderer = Renderer()
    made = Frames(site=load_site(ROOT / "content" / "site.toml"), palette=renderer.palette, prose=nav_items(prose))
    for page in prose_pages(made, prose):
        file = folder / page.frame.path
        file.parent.mkdir(exist_ok=True)
        file.write_text(renderer.render(page), encoding="utf-8")
    check_links(prose, folder)
