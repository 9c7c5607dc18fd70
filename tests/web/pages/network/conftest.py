"""A site whose network has two layers of four units, and what its pages are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.records import read_records
from sitegen.models.registry import describe
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import render
from sitegen.pipeline.keys import model_keys
from sitegen.web.inputs import Silent, SiteInputs
from sitegen.web.layout import Frames
from sitegen.web.publish import bundles as scripts
from sitegen.web.publish.render import Renderer
from sitegen.web.scan import Scan, scan_records
from tests.sites import Recorder, make_site, no_vega, write_model


@dataclass(frozen=True)
class Looked:
    site: Site
    inputs: SiteInputs
    scan: Scan
    frames: Frames


@pytest.fixture(scope="session")
def looked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looked]:
    """The site, built, and its first pass over the records; the store stays open."""
    folder = tmp_path_factory.mktemp("looked")
    write_model(folder / "model", layers=2, hidden=4)
    site = make_site(folder, models={"First": "model"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", no_vega)
        pipeline.build(site, reporter=Recorder())
    collection = read_records(site.records, classes=site.classes, skip_invalid=False)
    keys = [model_keys(site, model, describe(model.path), collection.records) for model in site.models]
    with Store.open(pipeline.store_path(site), create=False) as store:
        inputs = render._inputs(site, collection, keys, store)
        yield Looked(
            site, inputs, scan_records(inputs, reporter=Silent()), Frames(site=site, palette=Renderer().palette)
        )
