"""A site of a model that sitegen did not make: built, archived, computed again; its code runs by consent alone."""

from __future__ import annotations

import html
import json
import math
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sitegen.config import Site, load_site
from sitegen.corpus.texts import text_hash
from sitegen.errors import ConfigError, ModelError, OutputError
from sitegen.models.registry import describe
from sitegen.models.source import source_of
from sitegen.pipeline import archive as archiving
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from sitegen.web.components import Fact
from sitegen.web.pages.check import fingerprint_command
from tests.commands import Run
from tests.models.adapters import pipelines
from tests.models.adapters.programs import FULL
from tests.pipeline.test_kinds import FOREIGN
from tests.runs import grids, page, score, table
from tests.sites import RECORDS, Recorder, make_site

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


COMMAND = f'name = "Mine"\nkind = "command"\ncommand = ["{sys.executable}", "model.py"]\ntrust = true\n'
PROGRAM = """
import json, sys
for line in sys.stdin:
    text = json.loads(line)
    print(json.dumps({"probability": 1 / (1 + len(text["title"].split()))}), flush=True)
"""


def test_a_site_of_a_command(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(PROGRAM, encoding="utf-8")
    site = make_site(tmp_path, foreign=COMMAND, records=RECORDS[:3])
    pipeline.build(site, reporter=Recorder())
    assert grids(site)["p1", "Mine"]["margin"] == pytest.approx(-math.log(5), abs=1e-4)
    assert "a program" in page(site, "methods.html")
    assert str(tmp_path) not in page(site, "methods.html") + page(site, "data/settings.json")
    recorder = Recorder()
    assert pipeline.score(site, reporter=recorder).scored == 0
    (tmp_path / "model.py").write_text(PROGRAM + "\n", encoding="utf-8")
    assert pipeline.score(site, reporter=recorder).scored == 3
    archiving_of(site, tmp_path / "a.zip")
    assert rescore(tmp_path / "a.zip", count=1, trust=True).agrees


def archiving_of(site: Site, output: Path) -> None:
    pipeline.render(site, reporter=Recorder())
    archiving.archive(site, output, reporter=Recorder())


def test_a_command_that_may_have_changed_is_asked_anew(tmp_path: Path) -> None:
    lines = (
        f'name = "Mine"\nkind = "command"\ncommand = ["{sys.executable}", "-c", {json.dumps(PROGRAM)}]\ntrust = true\n'
    )
    site, recorder = make_site(tmp_path, foreign=lines, records=RECORDS[:2]), Recorder()
    assert [pipeline.score(site, reporter=recorder).scored for _ in range(2)] == [2, 2]
    assert any("scored anew at each build" in note and "version" in note for note in recorder.notes)
    archiving_of(site, tmp_path / "a.zip")
    manifest = describe(source_of(site, site.models[0]))
    assert printed(fingerprint_command((), manifest.settings), tmp_path) == manifest.fingerprint
    named = make_site(tmp_path, foreign=lines + 'version = "1"', records=RECORDS[:2])
    assert [pipeline.score(named, reporter=recorder).scored for _ in range(2)] == [2, 0]


SKLEARN = 'name = "Mine"\nkind = "scikit-learn"\npath = "model.joblib"\ntrust = true\n'


def test_a_site_of_a_pipeline(tmp_path: Path) -> None:
    fitted = pipelines.fitted()
    pipelines.saved(tmp_path, fitted)
    site = make_site(tmp_path, foreign=SKLEARN, records=RECORDS, tried=2)
    pipeline.build(site, reporter=Recorder())
    for row in (RECORDS[0], RECORDS[4], RECORDS[8]):
        abstract = "" if row["abstract"].startswith("[No") else row["abstract"]
        text = " ".join(part for part in (row["title"], abstract) if part)
        margin = -fitted.decision_function([text])[0]
        assert grids(site)[row["id"], "Mine"]["margin"] == pytest.approx(margin, abs=1e-4)
    assert "a scikit-learn pipeline" in page(site, "methods.html")
    assert "features, each of 1 to 2 words" in page(site, "methods.html")
    for file in site.output.folder.rglob("*.html"):
        assert not FOREIGN.findall(file.read_text(encoding="utf-8")), file


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


def printed(command: str, folder: Path) -> str:
    """The first word that a shell's command prints."""
    return subprocess.run(["sh", "-c", command], cwd=folder, capture_output=True, text=True, check=True).stdout.split()[
        0
    ]


def test_its_fingerprint_can_be_recomputed_from_what_is_published(built: Site) -> None:
    import hashlib

    (model,) = json.loads(page(built, "data/settings.json"))["models"]
    facts = tuple(Fact(name=file["name"], value=file["sha256"]) for file in model["files"])
    command = fingerprint_command(facts, model["settings"])
    assert printed(command, built.folder) == model["fingerprint"]
    assert command in html.unescape(page(built, "check.html"))
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


def test_the_command_line_gives_consent(archived: Path, run: Run) -> None:
    refused = run("verify", archived, "--rescore", "1")
    assert (refused.code, "Nothing was run" in refused.err) == (2, True)
    assert run("verify", archived, "--rescore", "1", "--trust").code == 0


def test_it_is_computed_again_by_consent_alone(built: Site, archived: Path) -> None:
    for path in (archived, built.output.folder):
        with pytest.raises(ModelError, match=r"runs .*mymodel\.py and takes .* add --trust"):
            rescore(path, count=2)
        found = rescore(path, count=2, trust=True)
        assert found.agrees
        assert found.lacking == ()


READING = """
from pathlib import Path


class Model:
    def __init__(self):
        self.weight = float((Path(__file__).parent / "data" / "weight.txt").read_text())

    def margins(self, texts):
        return [self.weight * (len(text["abstract"]) % 7 - 3) for text in texts]
"""


def test_what_a_model_reads_is_hashed_and_archived(tmp_path: Path) -> None:
    (tmp_path / "own" / "data").mkdir(parents=True)
    (tmp_path / "own" / "data" / "weight.txt").write_text("0.5")
    (tmp_path / "own" / "mymodel.py").write_text(READING)
    (tmp_path / "own" / "card.md").write_text("# Weighty\n\nIt counts *letters*.\n", encoding="utf-8")
    lines = PYTHON.replace("mymodel.py:classifier", "own/mymodel.py:Model") + 'files = ["own/data/weight.txt"]\n'
    seen = [text_hash(record["title"], record["abstract"]) for record in RECORDS[:1]]
    (tmp_path / "own" / "seen.json").write_text(json.dumps({"train": seen}), encoding="utf-8")
    lines += 'card = "own/card.md"\nseen = "own/seen.json"\n'
    site = make_site(tmp_path, foreign=lines, records=RECORDS[:3], publish=True)
    pipeline.score(site, reporter=Recorder())
    archiving_of(site, tmp_path / "a.zip")
    for path in (tmp_path / "a.zip", site.output.folder):
        assert rescore(path, count=2, trust=True).agrees
    assert any(name.endswith("data/own/card.md") for name in zipfile.ZipFile(tmp_path / "a.zip").namelist())
    assert "trained on: 1; used to decide when to stop: 0; kept back for testing: 0; never met before: 2" in page(
        site, "methods.html"
    )
    reasons = {line["id"]: line["reason"] for line in table(site, "sentences.csv")}
    assert (reasons["p1"], reasons["p2"] != "unknown_standing") == ("training", True)
    assert "<p>It counts <em>letters</em>.</p>" in page(site, "methods.html")
    manifest = describe(source_of(site, site.models[0]))
    assert (list(manifest.files), manifest.card) == (
        ["own/mymodel.py", "own/data/weight.txt", "own/seen.json"],
        "# Weighty\n\nIt counts *letters*.\n",
    )
    before = manifest.fingerprint
    (tmp_path / "own" / "card.md").write_text("Other words.", encoding="utf-8")
    assert describe(source_of(site, site.models[0])).fingerprint == before
    (tmp_path / "own" / "data" / "weight.txt").write_text("0.25")
    assert describe(source_of(site, site.models[0])).fingerprint != before


def test_a_card_that_is_not_there_is_named(tmp_path: Path) -> None:
    site = python_site(tmp_path, PYTHON + 'card = "card.md"\n')
    with pytest.raises(ModelError, match=r'card\.md: there is no such file\. Correct "card" below its \[\[models\]\]'):
        describe(source_of(site, site.models[0]))


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
        ('name = "a"\nkind = "python"\npath = "x"\ntimeout = 0', '"models.timeout" (the first [[models]])'),
    ],
)
def test_what_does_not_go_together_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(said)):
        make_site(tmp_path, foreign=lines)


def test_a_wrong_way_to_cut_is_named(tmp_path: Path) -> None:
    site = python_site(tmp_path, PYTHON + 'words = "letters"')
    with pytest.raises(ModelError, match=r'words = "letters" .* is not known\. Use one of: "words", "nltk"'):
        score(site)


@pytest.mark.parametrize("path", ["../mymodel.py:classifier", "/tmp/mymodel.py:classifier"])
def test_an_archive_cannot_name_what_lies_elsewhere(built: Site, tmp_path: Path, path: str) -> None:
    copy = Path(shutil.copytree(built.output.folder, tmp_path / "copy"))
    file = copy / "data" / "settings.json"
    told = json.loads(file.read_text())
    told["settings"]["models"][0]["path"] = path
    file.write_text(json.dumps(told))
    with pytest.raises(OutputError, match="outside of its folder"):
        rescore(copy, count=1, trust=True)
