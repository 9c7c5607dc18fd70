"""What sentences say without the title, over whole small sites: who is asked, what is kept, what pages are given."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.untitled import untitled_subsets
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import StoreError
from sitegen.models.registry import describe, load
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import keys
from sitegen.web.inputs import RecordExtras
from tests.runs import render, score
from tests.sites import RECORDS, make_site, write_model, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")


@pytest.fixture
def joint(tmp_path: Path) -> Site:
    """A site whose model reads title and abstract together."""
    write_model(tmp_path / "model", joint=3)
    return make_site(tmp_path, models={"First": "model"})


def extras_of(site: Site, k: int = 0) -> RecordExtras:
    """What the site's pages are given of record k."""
    records = score(site).collection.records
    model = keys.model_keys(site, site.models[0], describe(site.models[0].path), records)
    with Store.open(pipeline.store_path(site), create=False) as store:
        return keys.read_extras(store, [model], k, site=site)[model.name]


def tables(site: Site) -> int:
    with Store.open(pipeline.store_path(site), create=False) as store:
        return len(store.keys("untitled"))


def test_it_is_computed_once_where_shares_are_exact(joint):
    assert score(joint).untitled == len(RECORDS) == tables(joint)
    assert score(joint).untitled == 0
    changed = {**RECORDS[1], "abstract": RECORDS[1]["abstract"] + " One more."}
    write_records(joint.records.path, [RECORDS[0], changed, *RECORDS[2:]])
    assert score(joint).untitled == 1


@pytest.mark.parametrize("baseline", ["deleted", "zero"])
def test_pages_are_given_what_the_model_says(tmp_path, baseline):
    write_model(tmp_path / "model", joint=3)
    site = make_site(tmp_path, models={"First": "model"}, settings=f'baseline = "{baseline}"')
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], Segmentation())
    (expected,) = untitled_subsets([document], load(tmp_path / "model"), baseline=BASELINES[baseline])
    np.testing.assert_allclose(extras_of(site).untitled, expected, rtol=0, atol=1e-6)


def test_an_additive_model_and_a_further_model_are_not_asked(tmp_path):
    write_model(tmp_path / "adds")
    write_model(tmp_path / "joint", joint=3)
    site = make_site(tmp_path, models={"First": "adds", "Second": "joint"})
    report = score(site)
    assert (report.shapley, report.untitled) == (2 * len(RECORDS), 0)
    assert extras_of(site).untitled is None


def test_where_shares_are_sampled_or_turned_off_it_is_not_computed_and_not_shown(tmp_path, joint):
    score(joint)
    for mode in ("sampled", "off"):
        with sqlite3.connect(pipeline.store_path(joint)) as store:
            store.execute("DELETE FROM untitled")
        site = make_site(tmp_path, models={"First": "model"}, settings=f'shapley = "{mode}"')
        assert score(site).untitled == 0  # though the store has exact shares
        assert extras_of(site).untitled is None
    assert score(joint).untitled == len(RECORDS)
    assert extras_of(site).untitled is None  # turned off, as the shares are


def test_an_abstract_of_too_many_sentences_has_none(joint):
    long = {**RECORDS[1], "abstract": " ".join(["The families talk about money at home."] * 11)}
    write_records(joint.records.path, [RECORDS[0], long])
    assert score(joint).untitled == 1
    assert extras_of(joint, 0).untitled is not None
    assert extras_of(joint, 1).untitled is None


def test_a_store_of_an_older_version_gains_it_and_nothing_else_is_computed(joint):
    score(joint)
    path = pipeline.store_path(joint)
    with sqlite3.connect(path) as store:
        store.execute("DROP TABLE untitled")
    before = path.read_bytes()
    with pytest.raises(StoreError, match="older version"):
        render(joint)
    assert path.read_bytes() == before
    again = score(joint)
    assert (again.scored, again.alone, again.shapley, again.untitled) == (0, 0, 0, len(RECORDS))
    render(joint)
