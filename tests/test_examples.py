"""The example scripts run and leave what they say; the lines on the page on models of one's own work as they stand."""

from __future__ import annotations

import csv
import json
import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

import sitegen
from sitegen.config import Model
from sitegen.corpus.texts import text_hash
from sitegen.models.manifest import Texts
from sitegen.models.registry import SOURCE_KINDS
from sitegen.web.pages.prose import read_prose
from sitegen.web.publish.links import check_site
from tests.commands import Run
from tests.models.adapters.pipelines import fitted, saved
from tests.sites import NEGATIVE, POSITIVE, RECORDS, write_model, write_records

CONTENT = Path(__file__).resolve().parents[1] / "content"
EXAMPLES = CONTENT / "examples"
PAGE = CONTENT / "pages" / "documentation" / "your-own-model.md"

pytestmark = pytest.mark.usefixtures("quick_bundles")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    yield
    sys.modules.pop("mymodel", None)


def table(folder: Path) -> list[dict[str, str]]:
    with (folder / "data" / "records.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def told(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "data" / "settings.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


# --- the scripts ---


def test_each_example_is_tested_and_is_in_cells() -> None:
    assert sorted(file.name for file in EXAMPLES.iterdir() if file.is_file()) == [
        "explain_a_text.py",
        "function_of_your_own.py",
        "site_of_a_frame.py",
        "train_word_counter.py",
    ]
    for file in EXAMPLES.glob("*.py"):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("# %% [markdown]\n# # ")
        assert text.count("# %%\n") >= 3
        assert len(text.splitlines()) <= 80


def test_one_text_by_a_pipeline(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(EXAMPLES / "explain_a_text.py")], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert re.match(r"(mountains|sea): probability of “sea” \d+%\n", done.stdout)
    assert len(re.findall(r"^0\.\d\d alone, 0\.\d\d without it: ", done.stdout, flags=re.MULTILINE)) == 3
    svg = (tmp_path / "explanation.svg").read_text(encoding="utf-8")
    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "100% sea" in svg


def test_a_site_of_a_frame(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("pandas")
    runpy.run_path(str(EXAMPLES / "site_of_a_frame.py"))
    assert str(tmp_path / "site" / "index.html") in capsys.readouterr().out
    assert check_site(tmp_path / "site") == []
    rows = {row["id"]: row for row in table(tmp_path / "site")}
    assert len(rows) == 9
    assert (rows["t1"]["year"], rows["t3"]["year"]) == ("2019", "")
    assert (rows["t1"]["label"], rows["x1"]["label"]) == ("rail", "")
    assert float(rows["t1"]["Rail or bicycle: margin"]) > 0 > float(rows["b1"]["Rail or bicycle: margin"])
    assert told(tmp_path / "site")["in_memory"]["records"] == "a pandas DataFrame of 9 rows"
    assert "Rail or bicycle?" in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


def test_a_function_of_ones_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(EXAMPLES / "function_of_your_own.py"))
    printed = capsys.readouterr().out
    assert printed.count("probability of “measured”") == 3
    assert f"3 records in {tmp_path / 'site'}" in printed
    assert check_site(tmp_path / "site") == []
    margins = {row["title"]: float(row["Points: margin"]) for row in table(tmp_path / "site")}
    assert margins == {"A model of queues": 5.5, "Waiting as a story": -6.5, "Two ways to wait": -0.5}
    methods = (tmp_path / "site" / "methods.html").read_text(encoding="utf-8")
    assert "a list of words with points" in methods
    assert "by its own word its state is" in methods


def test_a_word_counter_learns_from_what_a_model_learned_from(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, texts = [], []
    for k in range(90):
        words = ("agents", "simulate", "twitter") if k % 2 else ("families", "interview", "archive")
        title = f"About {words[k // 2 % 3]} and people"
        rows.append([f"p{k}", title, f"{title}. We {words[0]} the {words[1]} of {words[2]} {k}.", str(k % 2)])
        texts.append(text_hash(title, rows[-1][2]))
    rows.append(["new", "Known to nobody", "Zebras. Zebras zebras zebras zebras zebras.", "1"])
    with (tmp_path / "papers.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([["eid", "title", "abstract", "class"], *rows])
    parts = Texts(train=tuple(texts[:60]), validation=tuple(texts[60:74]), test=tuple(texts[74:]))
    write_model(tmp_path / "model", texts=parts)
    monkeypatch.setattr(sys, "argv", ["train_word_counter.py", "papers.csv", "model", "counter.skops"])
    runpy.run_path(str(EXAMPLES / "train_word_counter.py"))
    printed = capsys.readouterr().out
    assert "[60, 14, 16] papers to train, stop, test" in printed
    assert re.search(r"^accuracy   1\.000 \[", printed, flags=re.MULTILINE)
    assert re.search(r"^for: (agents|simulate|twitter) \+", printed, flags=re.MULTILINE)
    model = sitegen.load_model(tmp_path / "counter.skops", classes=(NEGATIVE, POSITIVE), strip_title=True)
    assert model.classifier.additive
    assert 0 < int(re.match(r"(\d+) words", printed)[1]) <= 6  # type: ignore[index]
    assert sitegen.explain(model, "Twitter", "Agents simulate.").occlusion.margin > 0
    assert sitegen.explain(model, "An archive", "We interview families.").occlusion.margin < 0


# --- the page ---


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)


def models() -> dict[str, dict[str, Any]]:
    """What the page says for site.toml, by the kind of model."""
    found = [tables["models"][0] for tables in map(tomllib.loads, blocks("toml")) if "models" in tables]
    return {model.get("kind", ""): model for model in found}


def prepared(folder: Path) -> None:
    """All files that the page names, in the current folder."""
    write_model(folder / "model")
    pipeline = fitted()
    for name in ("classifier.skops", "classifier.joblib"):
        saved(folder, pipeline, name)
    for block in blocks("python"):
        if named := re.match(r"# (\w+\.py)\n", block):
            (folder / named[1]).write_text(block, encoding="utf-8")
    write_records(folder / "papers.csv", RECORDS[:2])


def test_the_page_has_every_kind_of_model_and_lines_that_config_takes() -> None:
    assert set(models()) >= {"", "scikit-learn", "transformers", "python", "command"}
    assert set(models()) >= {"", *SOURCE_KINDS}
    for model in models().values():
        Model(**model)
    assert [page.title for page in read_prose(PAGE.parents[1]) if page.file == PAGE] == ["Your own model"]


@pytest.mark.parametrize(
    "kind", ["", "scikit-learn", pytest.param("transformers", marks=pytest.mark.slow), "python", "command"]
)
def test_the_lines_for_site_toml_build_a_site(tmp_path: Path, kind: str) -> None:
    from sitegen.config import load_site
    from sitegen.pipeline.build import score
    from tests.sites import Recorder

    prepared(tmp_path)
    if kind == "transformers":
        from tests.models.adapters.transformer_folders import bert

        bert(tmp_path / "my-bert")
        (shown,) = [one for one in blocks("python") if "my-bert" in one]
        names = {"sitegen": sitegen, "title": RECORDS[0]["title"], "abstract": RECORDS[0]["abstract"]}
        assert "probability of “" in repr(eval(shown, names))  # noqa: S307
    of_models = [one for one in blocks("toml") if "[[models]]" in one]
    (block,) = [one for one in of_models if (f'kind = "{kind}"' in one if kind else "kind" not in one)]
    lines = [
        'title = "Trial"',
        "[classes]",
        f"negative = {json.dumps(NEGATIVE)}",
        f"positive = {json.dumps(POSITIVE)}",
        '[records]\npath = "papers.csv"\nid = "id"',
        '[occlusion]\nshapley = "off"\n[faithfulness]\nrecords = 0',
    ]
    (tmp_path / "site.toml").write_text("\n".join([*lines, block]), encoding="utf-8")
    assert score(load_site(tmp_path / "site.toml"), reporter=Recorder()).scored == 2


def test_other_lines_for_site_toml_are_tables_of_it() -> None:
    from sitegen.config import Classes, Occlusion

    others = [tables for tables in map(tomllib.loads, blocks("toml")) if "models" not in tables]
    assert [list(tables) for tables in others] == [["classes"], ["occlusion"]]
    assert Classes(**others[0]["classes"]).rest
    assert Occlusion(**others[1]["occlusion"]).minutes == 600


def test_the_commands_for_a_model_elsewhere_run(tmp_path: Path, run: Run) -> None:
    prepared(tmp_path)
    lines = ['title = "T"', f"[classes]\nnegative = {json.dumps(NEGATIVE)}\npositive = {json.dumps(POSITIVE)}"]
    lines.append('[records]\npath = "papers.csv"\nid = "id"')
    (tmp_path / "site.toml").write_text("\n".join(lines), encoding="utf-8")
    asking, taking = [shlex.split(block.strip())[1:] for block in blocks("sh")]
    assert run(*asking).code == 0
    with (tmp_path / "texts.csv").open(encoding="utf-8", newline="") as stream:
        rows = [{**row, "margin": len(row["abstract"]) / 50} for row in csv.DictReader(stream)]
    with (tmp_path / "texts.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert "Of what pages show, the answers are there" in run(*taking).out
    (block,) = [one for one in blocks("toml") if 'kind = "scores"' in one]
    (tmp_path / "site.toml").write_text("\n".join([*lines, block]), encoding="utf-8")
    assert run("build", "site.toml").code == 0


def test_the_lines_in_python_run_in_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pandas = pytest.importorskip("pandas")
    prepared(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    built: list[Any] = []
    import sitegen

    def build(*given: Any, **options: Any) -> None:
        built.append((given, options))
        if len(given) == 1:
            return  # which is the user's; the test above has one
        quick = {"output": {"figures": False}, "faithfulness": {"records": 0}, "occlusion": {"shapley": "off"}}
        assert whole(*given, **options, settings=quick).totals.papers == 2

    whole = sitegen.build
    monkeypatch.setattr(sitegen, "build", build)
    frame = pandas.DataFrame(
        [{**row, "label": {POSITIVE: "computational", NEGATIVE: "other"}[row["label"]]} for row in RECORDS[:2]]
    )
    names: dict[str, Any] = {"pipeline": fitted(), "frame": frame}
    shown: list[str] = []
    for block in blocks("python"):
        if "my-bert" in block or "texts.csv" in block or re.match(r"# \w+\.py\n", block):
            continue
        for line in block.splitlines():
            if line.startswith("sitegen.explain("):
                shown.append(repr(eval(line, names)))  # noqa: S307
            else:
                exec(line, names)
    assert len(shown) == 6
    assert all(re.match(r"[\w ]+: probability of “\w+” ", one) for one in shown)
    assert [given[0] is frame for given, _ in built] == [True, False]
