"""The page "Check this site": what it tells readers to do is done here, from the published files alone."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sitegen.config import load_site
from sitegen.models.registry import describe
from sitegen.version import __version__
from sitegen.web.export.settings import effective
from tests.runs import Built, build, data
from tests.sites import make_scored_site, tree, write_site
from tests.web.papers import parse


def commands(site: Path) -> list[str]:
    page = parse((site / "check.html").read_text(encoding="utf-8"))
    return [node.text for node in page.all("pre")]


def test_a_fingerprint_follows_from_the_published_description(plain_site: Built) -> None:
    told = data(plain_site.site, "settings.json")
    (model,) = told["models"]
    assert "the file's name, one blank, and the SHA-256" in told["fingerprint_rule"]
    lines = [f"{file['name']} {file['sha256']}" for file in model["files"]]
    assert model["fingerprint"] == hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert model["fingerprint"] == describe(plain_site.site.models[0].path).fingerprint
    for file in model["files"]:
        content = (plain_site.site.models[0].path / file["name"]).read_bytes()
        assert file["sha256"] == hashlib.sha256(content).hexdigest()


@pytest.mark.usefixtures("quick_bundles")
def test_the_commands_of_the_page_do_what_it_says(tmp_path: Path) -> None:
    site = build(make_scored_site(tmp_path / "made", publish=True)).site
    folder = Path(shutil.copytree(site.output.folder, tmp_path / "copy"))
    linux, *_, model = commands(folder)
    done = subprocess.run(linux, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    told = subprocess.run(model, shell=True, cwd=folder, capture_output=True, text=True, check=True).stdout
    fingerprint = describe(site.models[0].path).fingerprint
    assert told.split()[0] == fingerprint
    assert fingerprint in (folder / "check.html").read_text(encoding="utf-8")
    (folder / "data" / "model" / "words.txt").write_text("other\n", encoding="utf-8")
    done = subprocess.run(linux, shell=True, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "data/model/words.txt: FAILED" in done.stdout


def test_the_settings_are_those_in_effect_and_name_no_place_of_the_machine(plain_site: Built) -> None:
    site = plain_site.site
    told = data(site, "settings.json")
    assert told["settings"] == effective(site)
    assert told["settings"]["records"]["path"] == "records.csv"
    assert told["settings"]["models"] == [{"name": "First", "path": "model", "ensemble": []}]
    assert told["settings"]["significance"]["alpha"] == 0.05  # a default
    assert told["settings"]["output"].keys() == {"figures", "ranked", "model"}
    assert told["versions"]["sitegen"] == __version__
    assert not re.search(r'"[^"]*(?:/tmp|/root|/home|\.\./)', json.dumps(told))


def test_what_lies_elsewhere_has_its_name_alone(tmp_path: Path) -> None:
    file = write_site(tmp_path / "deep" / "site")
    text = file.read_text(encoding="utf-8").replace('"records.csv"', json.dumps(str(tmp_path / "secret" / "r.csv")))
    file.write_text(text, encoding="utf-8")
    assert effective(load_site(file))["records"]["path"] == "r.csv"


@pytest.mark.usefixtures("quick_bundles")
def test_where_a_site_is_written_changes_none_of_its_bytes(plain_site: Built, tmp_path: Path) -> None:
    site = make_scored_site(tmp_path / "elsewhere")
    build(site.written_to(tmp_path / "other" / "place"))
    assert tree(tmp_path / "other" / "place") == tree(plain_site.site.output.folder)


def test_the_data_page_and_the_methods_lead_there(plain_site: Built) -> None:
    folder = plain_site.site.output.folder
    assert 'href="../check.html"' in (folder / "data" / "index.html").read_text(encoding="utf-8")
    assert 'href="check.html"' in (folder / "methods.html").read_text(encoding="utf-8")
    assert "check.html" not in (folder / "index.html").read_text(encoding="utf-8")


def test_a_model_that_is_not_published_is_said_to_be_elsewhere(plain_site: Built) -> None:
    page = (plain_site.site.output.folder / "check.html").read_text(encoding="utf-8")
    assert "Its files are not published with this site." in page
    assert commands(plain_site.site.output.folder)[-1].startswith("cd THE-FOLDER-OF-THE-MODEL\nprintf")
