"""What `sitegen init` writes: a site that is described, complete and explained."""

from __future__ import annotations

import csv
import json
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from sitegen.cli import skeleton
from sitegen.config import Site, load_site
from sitegen.corpus.records import read_records
from sitegen.errors import OutputError
from sitegen.models.registry import describe
from sitegen.version import DISTRIBUTION
from sitegen.web.publish.render import templates_folder
from tests.commands import Run
from tests.schemas import complaints
from tests.sites import tree, write_model

ROOT = Path(__file__).parents[2]


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The demo's records beside a model that is made at once."""
    place = tmp_path / "content"
    write_model(place / "model")
    (place / "records.csv").write_bytes((ROOT / "content" / "records.csv").read_bytes())
    monkeypatch.setattr(skeleton, "content_folder", lambda: place)
    return place


def test_what_is_written_is_returned_and_nothing_else_is(content: Path, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "mine"
    files = skeleton.write_skeleton(folder)
    assert sorted(path.relative_to(folder).as_posix() for path in files) == sorted(tree(folder))
    assert {"site.toml", "records.csv", "pages/about.md", ".gitignore", ".github/workflows/pages.yml"} <= tree(
        folder
    ).keys()


def test_the_site_is_valid_and_its_records_and_model_are_there(content: Path, tmp_path: Path) -> None:
    skeleton.write_skeleton(tmp_path / "mine")
    site = load_site(tmp_path / "mine")
    collection = read_records(site.records, classes=site.classes)
    assert (len(collection.records), collection.problems) == (skeleton.PAPERS, ())
    assert collection.has_labels
    assert tree(site.models[0].path) == tree(content / "model")
    assert describe(site.models[0].path).classes == site.classes.names
    assert site.pages.is_dir()


def test_all_subjects_and_both_labels_are_among_the_papers(content: Path, tmp_path: Path) -> None:
    skeleton.write_skeleton(tmp_path / "mine")
    chosen, all_ = (list(csv.DictReader(file.open(encoding="utf-8", newline=""))) for file in (
        tmp_path / "mine" / "records.csv", content / "records.csv"))  # fmt: skip
    for column in ("subject", "label", "wording"):
        assert {row[column] for row in chosen} == {row[column] for row in all_}
    assert all(row in all_ for row in chosen)
    assert len({row["id"] for row in chosen}) == skeleton.PAPERS


def test_the_options_it_offers_in_comments_are_real(content: Path, tmp_path: Path) -> None:
    skeleton.write_skeleton(tmp_path / "mine")
    file = tmp_path / "mine" / "site.toml"
    text = file.read_text(encoding="utf-8")
    offered = re.findall(r"^# (\w+ = .*)$", text, flags=re.MULTILINE)
    assert offered
    file.write_text(re.sub(r"^# (\w+ = .*)$", r"\1", text, flags=re.MULTILINE), encoding="utf-8")
    assert load_site(file).records.positive_labels == ("1",)


ADDRESS = "git+https://example.org/someone/sitegen@v1#egg='x' \\ \"y\""


def written(folder: Path, install_from: str | None) -> tuple[Site, list[str], str]:
    """The site that is written, what git ignores of it, and its workflow."""
    skeleton.write_skeleton(folder, install_from=install_from)
    workflow = (folder / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    return load_site(folder), (folder / ".gitignore").read_text(encoding="utf-8").split(), workflow


def commands(workflow: str) -> str:
    """A workflow without its comments."""
    return re.sub(r"^ *#.*\n", "", workflow, flags=re.MULTILINE)


def test_the_workflow_publishes_what_was_built_and_installs_nothing(content: Path, tmp_path: Path) -> None:
    site, ignored, workflow = written(tmp_path / "mine", None)
    assert ignored == [f"{site.output.cache.name}/"]
    assert re.findall(r"^ +path: (\S+)$", workflow, flags=re.MULTILINE) == [site.output.folder.name]
    assert f"{site.output.folder.name}/index.html" in commands(workflow)
    assert not re.search(r"pip|setup-python|sitegen", commands(workflow))


def test_a_workflow_that_builds_installs_what_the_user_named_and_nothing_else(content: Path, tmp_path: Path) -> None:
    site, ignored, workflow = written(tmp_path / "mine", ADDRESS)
    built = [site.output.folder, site.output.cache]
    assert ignored == [f"{folder.relative_to(site.folder).as_posix()}/" for folder in built]
    paths = re.findall(r"^ +path: (\S+)$", workflow, flags=re.MULTILINE)
    assert paths == [site.output.cache.name, site.output.folder.name]
    assert "run: sitegen build site.toml" in workflow
    assert re.findall(r"pip install (.*)", commands(workflow)) == ['"$INSTALL_FROM"']
    (named,) = re.findall(r"^ +INSTALL_FROM: (.*)$", workflow, flags=re.MULTILINE)
    assert json.loads(named) == ADDRESS


@pytest.mark.parametrize("install_from", [None, ADDRESS])
def test_a_workflow_is_one_that_github_takes(content: Path, tmp_path: Path, install_from: str | None) -> None:
    written(tmp_path / "mine", install_from)
    file = tmp_path / "mine" / ".github" / "workflows" / "pages.yml"
    assert complaints("vendor.github-workflows", file) == ""


@pytest.mark.parametrize("install_from", [None, ADDRESS])
def test_a_workflow_asks_for_no_more_than_it_needs(content: Path, tmp_path: Path, install_from: str | None) -> None:
    _, _, text = written(tmp_path / "mine", install_from)
    workflow = YAML(typ="safe").load(text)
    assert workflow["permissions"] == {}
    prepare, publish = workflow["jobs"].values()
    assert prepare["permissions"] == {"contents": "read"}
    assert publish["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in publish["steps"]] == ["actions/deploy-pages"]
    (checkout,) = (step for step in prepare["steps"] if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"]["persist-credentials"] is False


@pytest.mark.parametrize("install_from", [None, ADDRESS])
def test_the_actions_of_a_workflow_are_githubs_own_at_a_commit(
    content: Path, tmp_path: Path, install_from: str | None
) -> None:
    _, _, text = written(tmp_path / "mine", install_from)
    used = re.findall(r"uses: (.*)$", text, flags=re.MULTILINE)
    assert len(used) == (5 if install_from else 3)
    for action in used:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action)


@pytest.mark.slow
def test_what_git_keeps_of_the_folder_suffices_to_build_it(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    _, ignored, text = written(tmp_path / "mine", ADDRESS)
    for folder in ignored:
        (tmp_path / "mine" / folder).mkdir()
    clone = tmp_path / "runner"
    shutil.copytree(tmp_path / "mine", clone, ignore=shutil.ignore_patterns(*(name.rstrip("/") for name in ignored)))
    shutil.rmtree(tmp_path / "mine")
    records = (clone / "records.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (clone / "records.csv").write_text("".join(records[:5]), encoding="utf-8")
    build, *_ = YAML(typ="safe").load(text)["jobs"].values()
    (command,) = (step["run"] for step in build["steps"] if step.get("run", "").startswith("sitegen "))
    monkeypatch.chdir(clone)
    assert run(*shlex.split(command)[1:]).code == 0
    assert (clone / build["steps"][-1]["with"]["path"] / "index.html").is_file()


def test_a_site_that_was_not_built_is_not_published(content: Path, tmp_path: Path) -> None:
    _, _, text = written(tmp_path / "mine", None)
    collect, *_ = YAML(typ="safe").load(text)["jobs"].values()
    (script,) = (step["run"] for step in collect["steps"] if "run" in step)

    def looked() -> subprocess.CompletedProcess[str]:
        shell = ["bash", "-e", "-c", script]
        return subprocess.run(shell, cwd=tmp_path / "mine", capture_output=True, text=True, check=False)

    assert (looked().returncode, "Build the site" in looked().stdout) == (1, True)
    (tmp_path / "mine" / "_site").mkdir()
    (tmp_path / "mine" / "_site" / "index.html").touch()
    assert looked().returncode == 0


@pytest.mark.parametrize(
    "name", ["sitegen", "SiteGen >= 0.1", "sitegen[nltk]", "sitegen==0.9.2", "sitegen; 1", "-r x", "", "a\nb"]
)
def test_what_is_another_projects_is_not_installed(content: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match=r"--install-from"):
        skeleton.write_skeleton(tmp_path / "mine", install_from=name)
    assert not (tmp_path / "mine").exists()


def test_nothing_that_is_written_or_said_installs_a_name_that_is_not_ours() -> None:
    for folder in ("sitegen", "templates"):
        for file in (ROOT / folder).rglob("*"):
            if file.suffix in {".py", ".yml", ".toml", ".md", ".html"}:
                text = file.read_text(encoding="utf-8")
                assert not re.search(r"""pip install ["']?sitegen\b(?!-)""", text), file
    assert tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["name"] == DISTRIBUTION


def test_the_content_of_a_source_tree_is_the_demos() -> None:
    assert skeleton.content_folder() == ROOT / "content"
    assert templates_folder() == ROOT / "templates"
