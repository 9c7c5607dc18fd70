"""A site that a program describes: records in memory or in a file, a classifier of any kind, and no site.toml."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import sitegen
from sitegen.errors import ConfigError, ModelError, OutputError, RecordError
from sitegen.models.source import source_of
from sitegen.pipeline.arguments import Columns, site_of_arguments
from sitegen.pipeline.build import RenderReport
from sitegen.pipeline.given_model import ModelSettings
from sitegen.pipeline.rescore import rescore
from sitegen.pipeline.verify import verify
from sitegen.web.publish.links import check_site
from tests.models.adapters.pipelines import fitted, saved
from tests.pipeline.test_given_model import Counting
from tests.sites import NEGATIVE, POSITIVE, RECORDS, Recorder, tree, write_model, write_records

CLASSES = (NEGATIVE, POSITIVE)
FEW = RECORDS[:4]
QUICK = {
    "output": {"figures": False},
    "faithfulness": {"records": 0},
    "occlusion": {"shapley": "off"},
    "license": "CC0",
}

pytestmark = pytest.mark.usefixtures("quick_bundles")


def frame(rows: Any = FEW) -> Any:
    pandas = pytest.importorskip("pandas")
    made = pandas.DataFrame(list(rows))
    made["year"] = [None if k == 1 else 2000.0 + k for k in range(len(made))]
    return made


def build(records: Any, classifier: Any, output: Path, **options: Any) -> RenderReport:
    settings = {**QUICK, **options.pop("settings", {})}
    return sitegen.build(records, classifier, output, settings=settings, **options)


def table(folder: Path, name: str = "records.csv") -> list[dict[str, str]]:
    with (folder / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def told(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "data" / "settings.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site of a pandas frame and a pipeline in memory."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    output = tmp_path_factory.mktemp("arguments") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        report = build(
            frame(),
            fitted(),
            output,
            id="id",
            label="label",
            facets=["subject"],
            classes=CLASSES,
            site_title="A <title>",
        )
    assert (report.folder, report.totals.papers, len(report.collection.records)) == (output, 4, 4)
    return output


def test_a_frame_and_a_pipeline_in_memory_become_a_site(built: Path) -> None:
    assert check_site(built) == []
    assert verify(built).whole
    rows = table(built)
    assert [row["id"] for row in rows] == [row["id"] for row in FEW]
    assert [row["title"] for row in rows] == [row["title"] for row in FEW]
    assert [row["year"] for row in rows] == ["2000", "", "2002", "2003"]
    assert "A &lt;title&gt;" in (built / "index.html").read_text(encoding="utf-8")
    assert (built.parent / ".sitegen" / "scores.sqlite").is_file()
    pipeline = fitted()
    sign = 1 if pipeline.classes_[1] == POSITIVE else -1
    margins = pipeline.decision_function([f"{row['title']} {row['abstract']}" for row in rows])
    assert [float(row["Pipeline: margin"]) for row in rows] == pytest.approx((sign * margins).tolist(), abs=1e-5)


def test_the_site_says_what_records_and_model_were(built: Path) -> None:
    settings = told(built)
    assert settings["in_memory"] == {
        "records": "a pandas DataFrame of 4 rows",
        "models": {"Pipeline": "sklearn.pipeline.Pipeline"},
    }
    assert "path" not in settings["settings"]["records"]
    assert settings["settings"]["records"]["label"] == "label"
    assert settings["settings"]["models"][0]["kind"] == "in memory"
    assert settings["settings"]["models"][0]["path"] is None
    assert settings["settings"]["license"] == "CC0"
    assert settings["models"][0]["files"] == []
    for name in ("data/index.html", "methods.html"):
        page = (built / name).read_text(encoding="utf-8")
        assert "a pandas DataFrame of 4 rows" in page
        assert "sklearn.pipeline.Pipeline" in page
    methods = (built / "methods.html").read_text(encoding="utf-8")
    assert "cannot be made again from files alone, and nothing tells its state." in methods
    assert "4 rows were read from a pandas DataFrame of 4 rows;" in methods
    assert "It has no files that could be published" in methods
    assert "THE-FOLDER-OF-THE-MODEL" not in (built / "check.html").read_text(encoding="utf-8")
    assert str(Path.cwd()) not in (built / "data" / "settings.json").read_text(encoding="utf-8")
    with pytest.raises(OutputError, match="was an object in the memory of a program and is in no file"):
        rescore(built, count=1)


def test_scores_of_a_model_are_kept_only_where_its_state_is_known(tmp_path: Path) -> None:
    class Asked(Counting):
        def __init__(self) -> None:
            self.times = 0

        def margins(self, texts: list[dict[str, str]]) -> list[int]:
            self.times += 1
            return super().margins(texts)

    def times(model: Asked, **options: Any) -> int:
        before = model.times
        build(frame(), model, tmp_path / "out", **options)
        return model.times - before

    model, watcher = Asked(), Recorder()
    first = times(model, reporter=watcher)
    assert first > 0
    assert any("The argument version, which you change with the model" in note for note in watcher.notes)
    assert times(model) == first
    assert times(model, version="1") == first
    assert times(model, version="1") == 0
    model.fingerprint = "a"  # type: ignore[attr-defined]
    assert times(model) == first
    assert times(model) == 0
    assert times(model, settings={"output": {"figures": False, "cache": tmp_path / "elsewhere"}}) == first
    assert (tmp_path / "elsewhere" / "scores.sqlite").is_file()


def test_all_doors_of_records_and_models_lead_to_the_same_numbers(tmp_path: Path) -> None:
    write_records(tmp_path / "papers.csv", FEW)
    pipeline = fitted()
    model = saved(tmp_path, pipeline, "mine.skops").path
    options: dict[str, Any] = {"label": "label", "id": "id"}
    read = sitegen.read_records(tmp_path / "papers.csv", positive=POSITIVE, negative=NEGATIVE, **options)
    sites = [
        build(list(FEW), pipeline, tmp_path / "a", classes=CLASSES, name="M", **options),
        build(tmp_path / "papers.csv", model, tmp_path / "b", classes=CLASSES, name="M", **options),
        build(
            [str(tmp_path / "papers.csv")],
            sitegen.load_model(model, classes=CLASSES),
            tmp_path / "c",
            name="M",
            **options,
        ),
        build(read, sitegen.load_model(pipeline, classes=CLASSES), tmp_path / "d", name="M"),
    ]
    if polars := pytest.importorskip("polars"):
        sites.append(
            build(polars.DataFrame(list(FEW)), str(model), tmp_path / "e", classes=CLASSES, name="M", **options)
        )
    numbers = [
        [(row["id"], row["label"], round(float(row["M: margin"]), 5)) for row in table(site.folder)] for site in sites
    ]
    assert numbers == [numbers[0]] * len(sites)
    assert {label for _, label, _ in numbers[0]} == {POSITIVE, NEGATIVE}
    assert told(tmp_path / "b")["in_memory"] == {"records": None, "models": {}}
    assert told(tmp_path / "b")["settings"]["records"]["path"] == "papers.csv"
    assert told(tmp_path / "b")["settings"]["models"][0]["path"] == "mine.skops"
    of_collection = told(tmp_path / "d")
    assert of_collection["in_memory"]["records"].startswith("a Collection of 4 records, read from ")
    assert of_collection["in_memory"]["records"].endswith("papers.csv")
    assert not {"title", "label", "id"} & of_collection["settings"]["records"].keys()
    assert told(tmp_path / "e")["in_memory"]["records"] == "a polars DataFrame of 4 rows"
    assert rescore(tmp_path / "b", count=2, model=model).agrees


def test_a_model_directory_brings_its_classes_and_its_files(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    report = build(
        frame(), tmp_path / "model", tmp_path / "out", label="label", settings={"classes": {"threshold": 0.4}}
    )
    settings = told(report.folder)["settings"]
    assert settings["classes"] | {"threshold": 0.4} == settings["classes"]
    assert (settings["classes"]["negative"], settings["classes"]["positive"]) == CLASSES
    assert settings["models"][0]["name"] == "model"
    again = build(
        frame(), tmp_path / "model", tmp_path / "out", label="label", settings={"classes": {"threshold": 0.4}}
    )
    assert again.unchanged
    changed = frame()
    changed.loc[0, "subject"] = "other"
    assert not build(changed, tmp_path / "model", tmp_path / "out", label="label").unchanged
    assert rescore(report.folder, count=1, model=tmp_path / "model").agrees


def test_what_lies_in_the_current_folder_stays_out_of_the_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("pages", "templates", "mine"):
        (tmp_path / folder).mkdir()
    (tmp_path / "pages" / "secret.md").write_text("# Secret\n", encoding="utf-8")
    (tmp_path / "templates" / "base.html").write_text("{{ broken }}", encoding="utf-8")
    (tmp_path / "mine" / "shown.md").write_text("# Shown\n", encoding="utf-8")
    report = build(frame(), Counting(), "out", settings={"pages": "mine"})  # type: ignore[arg-type]
    assert report.folder == tmp_path / "out"
    files = tree(report.folder)
    assert "shown.html" in files
    assert "secret.html" not in files


@pytest.mark.parametrize(
    ("error", "options", "message"),
    [
        (
            RecordError,
            {"title": "Title"},
            r'^the DataFrame: there is no column "Title" \(title\)\. Did you mean "title"',
        ),
        (RecordError, {"label": "subject"}, r"Set positive_labels and negative_labels"),
        (ConfigError, {"label": "title"}, r'^the arguments: label and title are both column "title"\.'),
        (ConfigError, {"facets": ["title"]}, r'facets: "title" is the column of title, no facet\.'),
        (ConfigError, {"site_title": 3}, r"^site_title: must be text, in quotes \(found: 3\)\."),
        (ConfigError, {"settings": {"titel": "x"}}, r"^settings\['titel'\]: is not .* key\. Did you mean \"title\"\?$"),
        (ConfigError, {"settings": {"noun": "x"}}, r"It belongs in settings\['records'\]\.$"),
        (ConfigError, {"settings": {"live": {"titel": "x"}}}, r"\"title\", which stands in settings itself\?$"),
        (ConfigError, {"settings": {"classes": {"kind": "x"}}}, r"\['kind'\]: .*Check its spelling, or remove it\.$"),
        (
            ConfigError,
            {"settings": {"occlusion": {"batch": 0}}},
            r"^settings\['occlusion'\]\['batch'\]: must be at",
        ),
        (
            ConfigError,
            {"settings": {"records": {"path": "x"}}},
            r"^settings\['records'\]\['path'\]: is the argument rec",
        ),
        (ConfigError, {"settings": {"models": []}}, r"^settings\['models'\]: is the argument classifier"),
        (
            ConfigError,
            {"settings": {"occlusion": {"baseline": "odd"}}},
            r'^the arguments of build: "occlusion\.baseline"',
        ),
        (ModelError, {"classes": ("a", "A")}, r"^classes: are \('a', 'A'\)"),
        (ModelError, {"words": "odd"}, r'words = "odd" among the arguments is not known'),
    ],
)
def test_errors_name_arguments(tmp_path: Path, error: type[Exception], options: Any, message: str) -> None:
    with pytest.raises(error, match=message) as wrong:
        sitegen.build(frame(), Counting(), tmp_path / "out", **options)
    assert "site.toml" not in str(wrong.value)
    assert not (tmp_path / "out").exists()


def test_arguments_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    write_records(tmp_path / "papers.csv", FEW)
    collection = sitegen.read_records(tmp_path / "papers.csv")
    with pytest.raises(ConfigError, match=r"^label: the records were read already\. Give it to read_records\."):
        sitegen.build(collection, Counting(), tmp_path / "out", label="label")
    with pytest.raises(ConfigError, match=r"is loaded already\. Give the model's settings to load_model"):
        sitegen.build(collection, sitegen.load_model(Counting()), tmp_path / "out", version="2")
    with pytest.raises(TypeError, match="records need a classifier and output"):
        sitegen.build(frame())
    with pytest.raises(TypeError, match="records need a classifier"):
        sitegen.build(tmp_path / "papers.csv")
    with pytest.raises(TypeError, match="records need output"):
        sitegen.build(frame(), Counting())
    with pytest.raises(TypeError, match="leave the other arguments out"):
        sitegen.build("site.toml", Counting(), tmp_path / "out")
    with pytest.raises(TypeError, match=r"^build takes a DataFrame of pandas or polars"):
        sitegen.build({"title": []}, Counting(), tmp_path / "out")
    with pytest.raises(TypeError, match=r"^build takes what load_model returns"):
        sitegen.build(frame(), object(), tmp_path / "out")
    write_model(tmp_path / "model")
    with pytest.raises(
        ConfigError, match=r'^the arguments of build: "classes": .* as the positive class\. Exchange the two\.'
    ):
        sitegen.build(collection, tmp_path / "model", tmp_path / "out", classes=(POSITIVE, NEGATIVE))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(
        OutputError, match=r"was not written by sitegen\. Empty it, or choose another folder for the output"
    ):
        sitegen.build(collection, Counting(), tmp_path / "full", settings=QUICK)
    with pytest.raises(ConfigError, match="there is no such file"):
        sitegen.build(tmp_path / "nowhere")


def test_consent_that_a_program_gives_holds_wherever_it_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An archive's own site.toml is not taken at its word; who runs a program beside one is."""
    (tmp_path / "bagit.txt").write_text("", encoding="utf-8")
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path / "data")
    path = saved(tmp_path, fitted()).path
    site, _ = site_of_arguments(
        [dict(row) for row in FEW],
        path,
        tmp_path / "out",
        columns=Columns(),
        model=ModelSettings(classes=CLASSES, trust=True),
    )
    assert source_of(site, site.models[0]).trust
    with pytest.raises(ModelError, match=r"If you trust it, pass trust=True\."):
        sitegen.build([dict(row) for row in FEW], path, tmp_path / "out")
