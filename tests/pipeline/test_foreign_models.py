"""A site of a model that sitegen did not make: built, archived, computed again; its code runs by consent alone."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from sitegen.config import Site, load_site
from sitegen.errors import ConfigError, ModelError
from sitegen.pipeline import archive as archiving
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from tests.models.adapters.programs import FULL
from tests.pipeline.test_kinds import FOREIGN
from tests.runs import grids, page, score
from tests.sites import Recorder, make_site

PYTHON = 'name = "Mine"\nkind = "python"\npath = "mymodel.py:classifier"\ntrust = true\n'

pytestmark = pytest.mark.usefixtures("quick_bundles")


def python_site(folder: Path, lines: str = PYTHON, **options: object) -> Site:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mymodel.py").write_text(FULL, encoding="utf-8")
    return make_site(folder, foreign=lines, **options)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    site = python_site(tmp_path_factory.mktemp("foreign") / "xx", publish=True, tried=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        pipeline.build(site, reporter=Recorder())
    return site


def test_its_answers_are_those_of_the_program(built: Site) -> None:
    assert grids(built)["p1", "Mine"]["margin"] == pytest.approx(2.0 + 0.5 + 1.0 - 0.2, abs=1e-4)
    assert grids(built)["p7", "Mine"]["margin"] == pytest.approx(1.0 - 0.2, abs=1e-4)


def test_no_page_speaks_of_another_kind_of_model(built: Site) -> None:
    files = [file for file in built.output.folder.rglob("*") if file.suffix in (".html", ".csv", ".json", ".jsonl")]
    for file in files:
        assert not FOREIGN.findall(file.read_text(encoding="utf-8")), file
    assert "a program in Python" in page(built, "methods.html")
    assert "with random weights, so there is none" in page(built, "faithfulness.html")
    assert score(built).scored == 0


def test_its_fingerprint_can_be_recomputed_from_what_is_published(built: Site) -> None:
    import hashlib

    (model,) = json.loads(page(built, "data/settings.json"))["models"]
    lines = [f"{file['name']} {file['sha256']}" for file in model["files"]]
    lines.append(f" {hashlib.sha256(model['settings'].encode()).hexdigest()}")
    assert hashlib.sha256("\n".join(lines).encode()).hexdigest() == model["fingerprint"]
    assert str(built.folder) not in page(built, "data/settings.json")
    assert "trust" not in page(built, "data/settings.json")
    assert page(built, "data/model/mymodel.py") == FULL


@pytest.fixture(scope="module")
def archived(built: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("archived")
    archiving.archive(built, place / "a.zip", reporter=Recorder())
    return place / "a.zip"


def test_an_archive_runs_nothing_by_itself(built: Site, archived: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archived) as file:
        file.extractall(tmp_path)
    (payload,) = tmp_path.glob("*/data")
    assert (payload / "mymodel.py").read_text() == FULL
    assert "trust = false" in (payload / "site.toml").read_text()
    again = load_site(payload / "site.toml")
    with pytest.raises(ModelError, match=r"Nothing was run\. If you trust it, copy the site out of its archive"):
        score(again)
    file = payload / "site.toml"
    file.write_text(file.read_text().replace("trust = false", "trust = true"))
    with pytest.raises(ModelError, match="copy the site out of its archive"):
        score(load_site(file))
    copied = Path(shutil.copytree(payload, tmp_path / "copied"))
    assert score(load_site(copied / "site.toml")).scored > 0


def test_it_is_computed_again_by_consent_alone(built: Site, archived: Path) -> None:
    for path in (archived, built.output.folder):
        with pytest.raises(ModelError, match=r"runs .*mymodel\.py and takes .* add --trust"):
            rescore(path, count=2)
        found = rescore(path, count=2, trust=True)
        assert found.agrees
        assert found.lacking == ()


def test_a_model_that_was_left_out_can_be_named(built: Site, tmp_path: Path) -> None:
    archiving.archive(built, tmp_path / "a.zip", reporter=Recorder(), with_model=False)
    names = zipfile.ZipFile(tmp_path / "a.zip").namelist()
    assert any(name.endswith("hashes/mymodel.py.sha256") for name in names)
    shutil.copytree(built.folder, tmp_path / "b", ignore=shutil.ignore_patterns("_site", ".sitegen"))
    assert rescore(tmp_path / "a.zip", count=1, trust=True, model=tmp_path / "b").agrees


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('name = "a"\npath = "model"\njoin = " "', '"join" is for models with a "kind"'),
        ('name = "a"\nkind = "python"', '"path" is missing. Add it'),
        ('name = "a"\nkind = "command"\npath = "x"', '"command" is missing. Add it'),
        ('name = "a"\nkind = "python"\npath = "x"\ncommand = ["a"]', '"command" does not go with this kind'),
        ('name = "a"\nkind = "python"\npath = "x"\ntimeout = 0', '"models.0.timeout"'),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        make_site(tmp_path, foreign=lines)


def test_a_wrong_way_to_cut_is_named(tmp_path: Path) -> None:
    site = python_site(tmp_path, PYTHON + 'words = "letters"')
    with pytest.raises(ModelError, match=r'words = "letters" .* is not known\. Use one of: "words", "nltk"'):
        score(site)
