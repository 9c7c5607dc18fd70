"""The trial of faithfulness as a stage of scoring: when it is made, on which texts, and when it is made anew."""

from __future__ import annotations

import numpy as np
import pytest

from sitegen.analysis.store.store import Store, report_key
from sitegen.config import Site
from sitegen.corpus.neutral import NEUTRAL
from sitegen.corpus.records import text_hash
from sitegen.models.manifest import Texts
from sitegen.models.registry import describe
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.keys import model_keys
from tests.runs import data, occlusions, page, render, score, table
from tests.sites import RECORDS, Recorder, make_scored_site, make_site, write_model, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")
FEW = RECORDS[:5]


@pytest.mark.slow
def test_faithfulness_is_tried_once_on_texts_that_the_model_did_not_learn_from(tmp_path):
    trained = text_hash(RECORDS[0]["title"], RECORDS[0]["abstract"])
    write_model(tmp_path / "model", texts=Texts(train=(trained,)))
    site = make_site(tmp_path, records=FEW, models={"First": "model"}, tried=100)
    assert score(site).tried == 1
    assert score(site).tried == 0
    render(site)
    assert data(site, "faithfulness.json")["First"]["records"] == len(FEW) - 1
    assert data(site, "faithfulness.json")["First"]["held_out"] == len(FEW) - 1


@pytest.mark.slow
def test_it_is_tried_again_when_a_label_changes(tmp_path):
    site = make_scored_site(tmp_path, records=FEW, tried=100)
    score(site)
    write_records(tmp_path / "records.csv", [{**RECORDS[0], "label": "not computational"}, *FEW[1:]])
    report = score(site)
    assert (report.scored, report.tried) == (0, 1)


@pytest.mark.slow
def test_a_report_of_another_shape_is_made_anew(tmp_path):
    site = make_scored_site(tmp_path, records=FEW, tried=100)
    score(site)
    with Store.open(pipeline.store_path(site), create=False) as store:
        (key,) = [key for key in store.keys("reports") if "tokens" in (store.read_report(key) or {})]
        store.write_report(key, {"records": 1, "what": "an older version wrote"})
    render(site)
    assert data(site, "faithfulness.json")["First"].keys() == {"network"}  # of which that report says nothing
    assert score(site).tried == 1
    render(site)
    assert data(site, "faithfulness.json")["First"]["records"] == len(FEW)


def at_threshold(site: Site, threshold: float) -> Site:
    return site.model_copy(update={"classes": site.classes.model_copy(update={"threshold": threshold})})


@pytest.mark.slow
def test_it_explains_the_class_that_the_site_predicts(tmp_path):
    """All curves begin at m(x), the probability of the class that the pages name, whatever the threshold."""
    site = at_threshold(make_site(tmp_path, tried=100), 0.3)
    pipeline.build(site, reporter=Recorder())
    predicted = {row["id"]: row["First: predicted"] == site.classes.positive for row in table(site, "records.csv")}
    ids = {record.title + record.abstract: record.id for record in score(site).collection.records}
    stored = occlusions(site)
    m = [
        found.probability if predicted[ids[text]] else 1 - found.probability
        for text, found in stored.items()
        if found.title_known.sum() + found.abstract_known.sum() >= 2
    ]
    assert any(0.3 <= found.probability < 0.5 for found in stored.values())
    curve = data(site, "faithfulness.json")["First"]["tokens"]["deletion"]
    assert curve["fractions"][0] == 0.0
    for one in (curve["random"], *(order["values"] for order in curve["by_measure"])):
        assert one[0] == pytest.approx(np.mean(m), abs=1e-6)


@pytest.mark.slow
def test_it_is_tried_again_at_another_threshold_and_half_is_what_old_stores_have(tmp_path):
    site = make_site(tmp_path, records=FEW, tried=100)
    assert score(site).tried == 1
    assert (score(at_threshold(site, 0.3)).tried, score(at_threshold(site, 0.5)).tried) == (1, 0)
    description = describe(site.models[0].path)
    keys = model_keys(site, site.models[0], description, score(site).collection.records)
    old = report_key(
        fingerprint=description.fingerprint,
        settings={"baseline": "deleted", "precision": "float32", "hybrids": 10, "seed": 0},
        about=[
            *(f"{key} {keys.texts.texts[key].label}" for key in keys.sample),
            *(f"neutral {sentence}" for sentence in NEUTRAL["en"]),
        ],
    )
    assert keys.report == old


@pytest.mark.slow
def test_it_is_tried_again_with_other_neutral_sentences(tmp_path):
    site = make_site(tmp_path, records=FEW, tried=100)
    assert score(site).tried == 1
    file = tmp_path / "neutral.txt"
    file.write_text("\n".join(f"Neutral sentence number {k}." for k in range(30)), encoding="utf-8")
    site = site.model_copy(update={"significance": site.significance.model_copy(update={"neutral": file})})
    report = score(site)
    assert (report.scored, report.tried, score(site).tried) == (0, 1, 0)


def test_a_site_without_it_says_so(plain_site):
    assert data(plain_site.site, "faithfulness.json")["First"].keys() == {"network"}
    assert "No model of this site was put to the test." in page(plain_site.site, "faithfulness.html")
