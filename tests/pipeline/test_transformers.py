"""A site of a transformer: built, said to be one, cut texts named; archived, and computed again from its folder."""

from __future__ import annotations

import html
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from sitegen.analysis.store.store import Store
from sitegen.config import Site, load_site
from sitegen.errors import OutputError, StoreError
from sitegen.models.manifest import digest_of
from sitegen.models.registry import describe
from sitegen.models.source import source_of
from sitegen.pipeline import archive as archiving
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from tests.models.adapters.transformer_folders import bert, logits
from tests.runs import data, grids, page, render, score
from tests.sites import RECORDS, Recorder, make_site, no_vega

CHOSEN = [RECORDS[k] for k in (0, 1, 6, 8)]
LINES = 'name = "Mine"\nkind = "transformers"\npath = "{path}"\npieces = 24\n'
LSTM = re.compile(r"lstm|gensim|layers of|two networks|readers' output|reading directions|of 2018", re.IGNORECASE)


def site_of(folder: Path, path: str = "bert", **options: object) -> Site:
    bert(folder / path, spread=0.2)
    return make_site(folder, foreign=LINES.format(path=path).replace("", ""), records=CHOSEN, **options)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Site:
    from sitegen.web.publish import bundles

    site = site_of(tmp_path_factory.mktemp("transformer") / "xx", publish=True, tried=3)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        pipeline.build(site, reporter=Recorder())
    return site


def text(site: Site, name: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page(site, name)))


def test_its_answers_are_the_librarys(built: Site) -> None:
    texts = [(row["title"], row["abstract"]) for row in CHOSEN]
    answers = logits(built.folder / "bert", texts, max_length=24)
    for row, answer in zip(CHOSEN, answers, strict=True):
        assert grids(built)[row["id"], "Mine"]["margin"] == pytest.approx(answer[1] - answer[0], abs=1e-4)


def test_its_pages_speak_of_a_transformer(built: Site) -> None:
    said = text(built, "methods.html")
    for part in (
        "a transformer for sequence classification, Bert",
        "title and abstract as a pair of texts",
        "24 pieces of words",
        "14,378 parameters",
        "the softmax of the model's two outputs",
        "What the model is given",
        "each cell of each picture was computed on its own",
        "later layers mix with all else",
        "transformers",
    ):
        assert part in said, part
    assert "transformers" in data(built, "settings.json")["versions"]
    assert "random weights" in text(built, "faithfulness.html")
    assert "with random weights to compare" not in text(built, "faithfulness.html")
    for file in built.output.folder.rglob("*.html"):
        assert not LSTM.findall(file.read_text(encoding="utf-8")), file


def test_a_record_says_how_far_it_is_read(built: Site) -> None:
    said = text(built, "records/p1.html")
    (sentence,) = re.findall(r"The model reads the first [^.]*\. [^.]*\. [^.]*\.", said)
    assert "the first 2 of the title's 5 words and the first 4 of the abstract's 32 words." in sentence
    assert "It does not see what stands behind, unless something else is taken out and makes room." in sentence
    assert sentence.endswith("It reads at most 24 pieces of words.")
    assert "The model reads" not in text(built, "records/p9.html")
    pages = [(built.output.folder / "records" / f"{name}.html").read_text(encoding="utf-8") for name in ("p1", "p9")]
    assert [page.count('class="reads-edge"') for page in pages] == [1, 0]
    methods = text(built, "methods.html")
    assert (
        "2 of 4 papers are longer than what this model reads, at most 24 pieces of words, title and abstract together"
        in methods
    )


def test_how_far_it_reads_is_asked_once_and_needed(built: Site, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(built.folder, tmp_path / "copy"))
    site = load_site(copy / "site.toml")
    with Store.open(pipeline.store_path(site), create=False) as store:
        (key,) = [key for key in store.keys("reports") if "limit" in (store.read_report(key) or {})]
        assert set(store.read_report(key)) == {"limit", "cut"}  # type: ignore[arg-type]
        store.prune(store.all_keys() - {key})
    with pytest.raises(StoreError, match="1 of "):
        render(site)
    recorder = Recorder()
    assert pipeline.score(site, reporter=recorder, prune=True).scored == 0
    assert {stage for stage, *_ in recorder.steps} == {"Looking how far Mine reads"}
    render(site)
    again = Recorder()
    pipeline.score(site, reporter=again)
    assert again.steps == []


def test_its_folder_is_published_file_by_file(built: Site) -> None:
    (model,) = data(built, "settings.json")["models"]
    names = ["config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    assert [file["name"] for file in model["files"]] == [f"bert/{name}" for name in names]
    for file in model["files"]:
        assert digest_of(built.output.folder / "data" / "model" / file["name"]) == file["sha256"]
    assert "device" not in data(built, "settings.json")["settings"]["models"][0]


@pytest.fixture(scope="module")
def archived(built: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("archived") / "a.zip"
    archiving.archive(built, output, reporter=Recorder())
    return output


def test_it_is_computed_again_from_an_archive_and_from_the_site(built: Site, archived: Path) -> None:
    for path in (archived, built.output.folder):
        found = rescore(path, count=3)
        assert (found.agrees, found.lacking, len(found.records)) == (True, (), 3)


def test_an_archive_is_built_again(archived: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archived) as file:
        file.extractall(tmp_path)
    (payload,) = tmp_path.glob("*/data")
    assert sorted(file.name for file in (payload / "bert").iterdir())[:2] == ["config.json", "model.safetensors"]
    site = load_site(payload / "site.toml")
    assert describe(source_of(site, site.models[0])).files
    assert score(site).scored == len(CHOSEN)


def test_a_folder_that_was_left_out_can_be_named(built: Site, tmp_path: Path, quick_bundles: None) -> None:
    site, bare = site_of(tmp_path / "site"), tmp_path / "a.zip"
    pipeline.build(site, reporter=Recorder())
    archiving.archive(site, bare, reporter=Recorder(), with_model=False)
    assert not any(name.endswith(".safetensors") for name in zipfile.ZipFile(bare).namelist())
    with pytest.raises(OutputError, match="its model is not in it"):
        rescore(bare, count=1)
    folder = Path(shutil.move(site.folder / "bert", tmp_path / "elsewhere" / "bert"))
    assert rescore(bare, count=1, model=folder).agrees
    assert rescore(bare, count=1, model=folder.parent).agrees
    renamed = folder.rename(tmp_path / "renamed")
    assert rescore(bare, count=1, model=renamed).agrees
    (renamed / "config.json").write_text((renamed / "config.json").read_text() + "\n")
    with pytest.raises(OutputError, match="its model is not in it"):
        rescore(bare, count=1, model=renamed)


def test_a_folder_outside_of_the_sites_goes_by_its_own_name(built: Site, tmp_path: Path, quick_bundles: None) -> None:
    shutil.copytree(built.folder / "bert", tmp_path / "models" / "other")
    lines = LINES.format(path="../models/other").replace("", "")
    site = make_site(tmp_path / "site", foreign=lines, records=CHOSEN[2:], publish=True)
    pipeline.build(site, reporter=Recorder())
    (model,) = data(site, "settings.json")["models"]
    assert {file["name"].partition("/")[0] for file in model["files"]} == {"other"}
    assert str(tmp_path) not in json.dumps(data(site, "settings.json"))
    archiving.archive(site, tmp_path / "a.zip", reporter=Recorder())
    assert any(name.endswith("data/other/model.safetensors") for name in zipfile.ZipFile(tmp_path / "a.zip").namelist())
    for path in (tmp_path / "a.zip", site.output.folder):
        assert rescore(path, count=1).agrees
