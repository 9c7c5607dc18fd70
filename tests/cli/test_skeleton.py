"""What `sitegen init` writes: a site that is described, complete and explained."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from sitegen.cli import skeleton
from sitegen.config import load_site
from sitegen.corpus.records import read_records
from sitegen.models.registry import describe
from sitegen.web.publish.render import templates_folder
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
    for column in ("subject", "label", "kind"):
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


def test_what_is_built_is_kept_out_of_git(content: Path, tmp_path: Path) -> None:
    skeleton.write_skeleton(tmp_path / "mine")
    site = load_site(tmp_path / "mine")
    ignored = (tmp_path / "mine" / ".gitignore").read_text(encoding="utf-8").split()
    built = [site.output.folder, site.output.cache]
    assert ignored == [f"{folder.relative_to(site.folder).as_posix()}/" for folder in built]


def test_the_workflow_builds_caches_and_publishes_the_folders_of_the_site(content: Path, tmp_path: Path) -> None:
    skeleton.write_skeleton(tmp_path / "mine")
    site = load_site(tmp_path / "mine")
    workflow = (tmp_path / "mine" / ".github" / "workflows" / "pages.yml").read_text(encoding="utf-8")
    paths = re.findall(r"^ +path: (\S+)$", workflow, flags=re.MULTILINE)
    assert paths == [site.output.cache.name, site.output.folder.name]
    assert "run: sitegen build site.toml" in workflow
    assert re.search(r"permissions:\n  contents: read\n  pages: write\n  id-token: write\n", workflow)


def test_the_content_of_a_source_tree_is_the_demos() -> None:
    assert skeleton.content_folder() == ROOT / "content"
    assert templates_folder() == ROOT / "templates"
