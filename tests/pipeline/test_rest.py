"""A site that asks a model of several classes for one of them against all the others: labels, numbers, words."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import numpy as np
import pytest

from sitegen.config import Site, load_site
from sitegen.errors import ConfigError, RecordError
from sitegen.models.lstm.architecture import Architecture
from sitegen.pipeline import archive as archiving
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from tests.models.adapters import pipelines
from tests.models.lstm.test_several import saved
from tests.runs import grids, page, score, table
from tests.sites import RECORDS, Recorder, make_site

pytestmark = pytest.mark.usefixtures("quick_bundles")

NAMES = ("biology", "economics", "law")
THREE = [{**row, "label": row["label"] and NAMES[n % 3]} for n, row in enumerate(RECORDS)]
SCIKIT = 'name = "Three"\nkind = "scikit-learn"\npath = "model.joblib"\ntrust = true\n'


def with_rest(site: Site, positive: str = "economics") -> Site:
    """The same site, asking for one class and naming no other."""
    lines = site.file.read_text()
    lines = re.sub(r"negative = .*\npositive = .*", f"positive = {json.dumps(positive)}\nrest = true", lines)
    site.file.write_text(lines)
    return load_site(site.file)


def words_of(site: Site, name: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page(site, name))).split())


def scikit_site(folder: Path) -> Site:
    texts = [f"{row['title']} {row['abstract']}" for row in THREE if row["label"]]
    model = pipelines.fitted().fit(texts, [row["label"] for row in THREE if row["label"]])
    pipelines.saved(folder, model)
    return with_rest(make_site(folder, foreign=SCIKIT, records=THREE))


def test_a_pipeline_of_three_classes_is_a_site_of_one_against_the_rest(tmp_path: Path) -> None:
    import joblib

    site = scikit_site(tmp_path)
    pipeline.build(site, reporter=Recorder())
    model = joblib.load(tmp_path / "model.joblib")
    rows = table(site, "records.csv")
    assert len(rows) == len(THREE)
    abstracts = [row["abstract"].replace("[No abstract available]", "") for row in THREE]
    texts = [" ".join(filter(None, (row["title"], text))) for row, text in zip(THREE, abstracts, strict=True)]
    p = model.predict_proba(texts)[:, list(model.classes_).index("economics")]
    for k, row in enumerate(rows):
        assert float(row["Three: margin"]) == pytest.approx(np.log(p[k] / (1 - p[k])), abs=1e-4)
        wanted = {"": "", "economics": "economics"}.get(THREE[k]["label"], "not economics")
        assert row["label"] == wanted
    methods = words_of(site, "methods.html")
    assert "This model tells 3 classes apart: biology, economics, law." in methods
    assert "“economics”, against all the others together, which are called “not economics” here" in methods
    assert "not economics" in words_of(site, "index.html")
    assert "10 of them have a gold label, from the column “label”: " in methods
    assert "counts as “not economics”: “biology” and “law”." in methods


def test_a_network_of_three_classes_is_scored_and_scored_again(tmp_path: Path) -> None:
    saved(tmp_path / "model", Architecture(layers=1, hidden=3, dimension=7, classes=3), classes=NAMES)
    site = with_rest(make_site(tmp_path, models={"Net": "model"}, records=THREE[:4], publish=True))
    pipeline.build(site, reporter=Recorder())
    methods = words_of(site, "methods.html")
    assert "the softmax of all of them is its probability of each class" in methods
    assert "one output for each of its 3 classes" in methods
    assert rescore(site.output.folder, count=4).agrees
    archiving.archive(site, tmp_path / "a.zip", reporter=Recorder())
    assert rescore(tmp_path / "a.zip", count=2).agrees
    assert rescore(tmp_path / "a.zip", count=2, model=tmp_path / "model").agrees
    law = with_rest(make_site(tmp_path, models={"Net": "model"}, records=THREE[:4]), "law")
    before = grids(site)
    pipeline.build(law, reporter=Recorder())
    assert grids(law) != before


def test_what_the_site_asks_for_must_be_there(tmp_path: Path) -> None:
    site = scikit_site(tmp_path)
    with pytest.raises(RecordError, match=r'no value that means the positive class \("history"\)'):
        score(with_rest(make_site(tmp_path, foreign=SCIKIT, records=THREE), "history"))
    site.file.write_text(site.file.read_text().replace("rest = true", 'rest = "yes please"'))
    with pytest.raises(ConfigError, match=r"classes\.rest"):
        load_site(site.file)
