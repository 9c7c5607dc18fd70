"""The model of the page where readers try it: in which form a site publishes it, and what its rounding costs."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.errors import ConfigError, StoreError
from sitegen.models.lstm import published
from sitegen.models.probabilities import probability
from sitegen.models.registry import live_form, live_model, load
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import keys, live
from sitegen.pipeline.batches import segmented
from sitegen.pipeline.checks import manifests
from tests.models.adapters.pipelines import fitted, saved
from tests.runs import render, score
from tests.sites import NEGATIVE, POSITIVE, RECORDS, Recorder, make_site, tokens, write_model

pytestmark = pytest.mark.usefixtures("quick_bundles")
SCRIPT = Path("assets") / "live-model.js"


def live_site(folder: Path, megabytes: float = 16, **options: Any) -> Site:
    return make_site(folder, settings=f"[live]\nshow = true\nmegabytes = {megabytes}", publish=True, **options)


def model_keys(site: Site) -> keys.ModelKeys:
    records = pipeline.read(site, reporter=Recorder()).records
    return keys.model_keys(site, site.models[0], manifests(site, Recorder())[0], records)


def assigned(script: str) -> dict[str, Any]:
    found = re.fullmatch(r".*liveModel2? = (\{.*\});\n", script, re.DOTALL)
    assert found
    value: dict[str, Any] = json.loads(found[1])
    return value


def test_a_model_that_fits_is_published_as_it_is(tmp_path: Path) -> None:
    site = live_site(tmp_path)
    score(site)
    with Store.open(pipeline.store_path(site), create=False) as store:
        (inputs,) = live.read_live(site, [model_keys(site)], store) or ()
    page = assigned(inputs.script)
    classifier: Any = load(tmp_path / "model")
    assert page["numbers"] == {"weights": "float32", "vectors": "float32", "words": len(tokens()), "of": len(tokens())}
    assert page["words"].split("\n") == list(classifier._vectors.words())
    vectors = np.frombuffer(b64decode(page["vectors"]), "<f4").reshape(-1, 4)
    assert np.array_equal(vectors, classifier._vectors.matrix)
    for name, weight in classifier._network.state_dict().items():
        assert np.array_equal(np.frombuffer(b64decode(page["weights"][name]), "<f4"), weight.numpy().ravel())
    assert (inputs.rounding.exact, inputs.rounding.largest, inputs.rounding.records) == (True, 0, len(RECORDS))


def test_what_rounding_costs_is_said_of_all_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(published, "LEAST_WORDS", 10)
    write_model(tmp_path / "model")
    limits = range(3_000, 30_000, 50)
    limit = next(n for n in limits if not isinstance(live_form(tmp_path / "model", limit=n, counts=dict), str))
    site = live_site(tmp_path, megabytes=limit / 1e6)
    score(site)
    with Store.open(pipeline.store_path(site), create=False) as store:
        (inputs,) = live.read_live(site, [model_keys(site)], store) or ()
    told = dict(inputs.numbers)
    assert (told["weights"], told["vectors"], told["of"]) == ("float16", "int8", len(tokens()))
    assert 10 <= told["words"] < len(tokens())
    assert len(inputs.script) <= limit
    classifier = live_model(model_keys(site).texts.source, _form(site)).load(precision="float32")
    changes = []
    for key, record in model_keys(site).texts.texts.items():
        (document,) = segmented(model_keys(site).texts, [key])
        with Store.open(pipeline.store_path(site), create=False) as store:
            stored = store.read(key, title=record.title, abstract=record.abstract).margin
        rounded = classifier.margins([document.title.tokens], [document.abstract.tokens])
        changes.append(100 * abs(float(probability(rounded)[0]) - float(probability(np.array(stored)))))
    assert inputs.rounding.largest == pytest.approx(max(changes), abs=1e-4)
    assert inputs.rounding.median == pytest.approx(np.median(changes), abs=1e-4)
    assert max(changes) > 0.1


def _form(site: Site) -> Any:
    with Store.open(pipeline.store_path(site), create=False) as store:
        report = store.read_report(model_keys(site).live or "")
    assert report
    return report["form"]


def test_why_a_model_cannot_run_in_a_page_is_said(tmp_path: Path) -> None:
    site = live_site(tmp_path, megabytes=0.001)
    recorder = Recorder()
    pipeline.score(site, reporter=recorder)
    assert any("First cannot be tried on the site. The model has more numbers" in note for note in recorder.notes)
    with Store.open(pipeline.store_path(site), create=False) as store:
        assert live.read_live(site, [model_keys(site)], store) is None
    command = 'name = "Echo"\nkind = "command"\ncommand = ["cat"]\ntrust = true'
    site = live_site(tmp_path / "foreign", foreign=command)
    manifest = manifests(site, Recorder())[0]
    assert manifest.no_live == "This kind of model cannot run in a page."


def test_words_that_no_page_can_cut_are_a_reason(tmp_path: Path) -> None:
    manifest = write_model(tmp_path / "model")
    config = manifest.path / "config.json"
    assert manifest.no_live == ""
    config.write_text(config.read_text().replace('"words"', '"nltk"'))
    site = live_site(tmp_path, models={"First": "model"})
    assert "“nltk”" in manifests(site, Recorder())[0].no_live
    assert model_keys(site).live is None


def test_the_page_needs_scores_that_know_it(tmp_path: Path) -> None:
    site = live_site(tmp_path)
    without = site.model_copy(update={"live": site.live.model_copy(update={"show": False})})
    score(without)
    with pytest.raises(StoreError, match="sitegen score"):
        render(site)
    score(site)
    render(site)
    assert assigned((site.output.folder / SCRIPT).read_text())["classes"] == [NEGATIVE, POSITIVE]
    assert "own numbers, unrounded: the answers there are" in (site.output.folder / "methods.html").read_text(
        encoding="utf-8"
    )


def test_a_model_in_a_page_is_published(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r'output\.model = "data"'):
        make_site(tmp_path, settings="[live]\nshow = true")


def pipeline_site(folder: Path, *steps: Any, **options: Any) -> Site:
    saved(folder, fitted(*steps), name="model.joblib")
    foreign = 'name = "Words"\nkind = "scikit-learn"\npath = "model.joblib"\ntrust = true'
    return live_site(folder, foreign=foreign, **options)


def test_a_pipeline_that_weighs_words_is_measured_in_the_form_of_the_page(tmp_path: Path) -> None:
    site = pipeline_site(tmp_path)
    score(site)
    (tmp_path / "model.joblib").rename(tmp_path / "gone")  # what the page needs of it is kept with the scores
    with Store.open(pipeline.store_path(site), create=False) as store:
        key = next(key for key in store.keys("reports") if "form" in (store.read_report(key) or {}))
        report: Any = store.read_report(key)
    assert report["form"]["script"]["numbers"]["words"] == len(report["form"]["script"]["words"].split("\n"))
    assert report["records"] == len(RECORDS)
    assert report["exact"] is (report["largest"] < live.SAME)
    assert report["largest"] < 1


def test_another_pipeline_cannot_run_in_a_page(tmp_path: Path) -> None:
    site = pipeline_site(tmp_path, CountVectorizer(), RandomForestClassifier(n_estimators=2, random_state=0))
    recorder = Recorder()
    pipeline.score(site, reporter=recorder)
    assert any("a page runs those of two classes that weigh words" in note for note in recorder.notes)


def test_every_model_that_can_runs_in_the_page(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    write_model(tmp_path / "other", seed=2, joint=3)
    site = live_site(tmp_path, models={"First": "model", "Other": "other"})
    saved(tmp_path, fitted(CountVectorizer(token_pattern=r"(?u)\S+"), LogisticRegression()), name="w.joblib")
    table = {"name": "Words", "kind": "scikit-learn", "path": tmp_path / "w.joblib", "trust": True}
    words = type(site.models[0]).model_validate(table)
    site = site.model_copy(update={"models": (*site.models, words)})
    recorder = Recorder()
    pipeline.score(site, reporter=recorder)
    assert [note for note in recorder.notes if "cannot be tried" in note] == [
        "Words cannot be tried on the site. The model finds words in a way of its own; a page finds them as "
        "scikit-learn does by itself, or as runs of the letters of a list."
    ]
    render(site)
    scripts = [(site.output.folder / "assets" / name).read_text() for name in ("live-model.js", "live-model-2.js")]
    assert [assigned(script)["architecture"]["joint"] for script in scripts] == [0, 3]
    methods, page = ((site.output.folder / name).read_text(encoding="utf-8") for name in ("methods.html", "try.html"))
    assert "<b>Words</b> cannot be tried there. The model finds words in a way of its own" in methods
    assert "<b>Words</b> cannot be tried here. The model finds words in a way of its own" in page
    assert "<b>Other:</b> These are the model's own numbers" in methods.replace("&#39;", "'")
