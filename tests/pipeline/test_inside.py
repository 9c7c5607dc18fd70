"""What is looked at inside the network, over whole small sites: of whom, at what, kept where, published when."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.packing import unpack_states
from sitegen.analysis.network.written import FIELDS
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import StoreError
from sitegen.models.registry import load
from sitegen.pipeline import build as pipeline
from tests.runs import build, render, score
from tests.sites import RECORDS, Row, make_site, write_model, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")


def two_layers(folder: Path, settings: str = "", records: Sequence[Row] = RECORDS) -> Site:
    """A site whose model has two layers."""
    write_model(folder / "deep", layers=2)
    return make_site(folder, models={"First": "deep"}, settings=settings, records=records)


def rows(site: Site) -> set[str]:
    with Store.open(pipeline.store_path(site), create=False) as store:
        return store.keys("inside")


def assigned(file: Path) -> dict[str, Any]:
    """The value that the last assignment of a script has."""
    return json.loads(re.findall(r"= (\{.*\});\n", file.read_text(encoding="utf-8"))[-1])


def numbers(text: str) -> np.ndarray[Any, Any]:
    return np.frombuffer(base64.b64decode(text), "<f4")


def test_each_layer_is_looked_at_once(tmp_path: Path) -> None:
    site = two_layers(tmp_path)
    texts = {(record["title"], record["abstract"]) for record in RECORDS}
    assert score(site).looked == len(texts)
    assert len(rows(site)) == 2 * len(texts)
    assert score(site).looked == 0
    changed = {**RECORDS[1], "abstract": RECORDS[1]["abstract"] + " One more."}
    write_records(site.records.path, [RECORDS[0], changed, *RECORDS[2:]])
    assert score(site).looked == 1


def test_a_sample_is_looked_at_and_of_it_fewer_below_the_top(tmp_path: Path) -> None:
    site = two_layers(tmp_path, settings="[network]\npapers = 3\nlower = 2", records=RECORDS[:5])
    build(site)
    inside = sorted(path.name for path in (site.output.folder / "records" / "inside").glob("*.js"))
    assert len([name for name in inside if "-layer-" not in name]) == 3
    assert len([name for name in inside if "-layer-1" in name]) == 2
    assert assigned(site.output.folder / "assets" / "network.js")["papers"] == 3
    fewer = site.model_copy(update={"network": site.network.model_copy(update={"papers": 2})})
    build(fewer)  # what else is in the store is not shown
    inside = [path.name for path in (site.output.folder / "records" / "inside").glob("*.js")]
    assert len([name for name in inside if "-layer-" not in name]) == 2


@pytest.mark.parametrize("hidden", ["joint", "show", pytest.param("second", marks=pytest.mark.nightly)])
def test_who_shows_no_units_has_no_such_files(tmp_path: Path, hidden: str) -> None:
    write_model(tmp_path / "joint", joint=3)
    write_model(tmp_path / "model")
    models = {"joint": {"First": "joint"}, "show": {"First": "model"}, "second": {"First": "joint", "Other": "model"}}
    settings = "[network]\nshow = false" if hidden == "show" else ""
    site = make_site(tmp_path, models=models[hidden], settings=settings, records=RECORDS[:3])
    assert score(site).looked == 0
    render(site)
    assert rows(site) == set()
    assert not (site.output.folder / "records" / "inside").exists()
    assert not (site.output.folder / "assets" / "network.js").exists()


def test_what_pages_load_adds_up_to_the_margin(tmp_path: Path) -> None:
    site = make_site(tmp_path, records=RECORDS[:3])
    build(site)
    classifier = load(tmp_path / "model")
    shared = assigned(site.output.folder / "assets" / "network.js")
    for record in RECORDS[:3]:
        document = segment(record["title"], record["abstract"], Segmentation())
        expected = float(classifier.margins([document.title.tokens], [document.abstract.tokens])[0])
        parts = assigned(site.output.folder / "records" / "inside" / f"{record['id']}.js")
        units = sum(float(numbers(parts[field]["units"]).sum(dtype=np.float64)) for field in FIELDS)
        assert shared["bias"] + units == pytest.approx(expected, abs=1e-5)
        for field in FIELDS:
            part, tokens = parts[field], getattr(document, field).tokens
            states = unpack_states(base64.b64decode(part["states"]), directions=2, hidden=shared["hidden"])
            assert part["known"] == np.flatnonzero(classifier.known(tokens)).tolist()
            assert len(states) == max(len(part["known"]), 1)
            ends = np.stack([states[-1, 0], states[0, 1]]).ravel() / 127
            slopes = numbers(shared["fields"][field]["slopes"])
            np.testing.assert_allclose(slopes * ends, numbers(part["units"]), atol=np.abs(slopes).max() / 127)


@pytest.mark.parametrize("publish", ["excerpts", pytest.param("scores", marks=pytest.mark.nightly)])
def test_no_state_is_published_where_words_are_withheld(tmp_path: Path, publish: str) -> None:
    """The first state of a text tells its first word to whoever has the model."""
    site = make_site(tmp_path, records=RECORDS[:3])
    build(site.model_copy(update={"records": site.records.model_copy(update={"publish": publish})}))
    assert not (site.output.folder / "records" / "inside").exists()


def test_a_store_of_an_older_version_gains_it_and_nothing_else_is_computed(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    score(site)
    with sqlite3.connect(pipeline.store_path(site)) as connection:
        connection.execute("DROP TABLE inside")
    with pytest.raises(StoreError, match="older version"):
        render(site)
    again = score(site)
    assert (again.scored, again.alone, again.looked) == (0, 0, len(RECORDS))
    render(site)


def test_a_site_whose_network_was_not_looked_into_is_not_rendered(tmp_path: Path) -> None:
    site = make_site(tmp_path, settings="[network]\nshow = false")
    score(site)
    shown = site.model_copy(update={"network": site.network.model_copy(update={"show": True})})
    with pytest.raises(StoreError, match=r"scores are missing.*sitegen score"):
        render(shown)
