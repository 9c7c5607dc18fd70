"""Every chart of a whole site is valid Vega-Lite: the specifications are not checked while a site is written."""

from __future__ import annotations

import json

import altair
import pytest
from jsonschema import ValidationError

from sitegen.corpus.records import text_hash
from sitegen.models.manifest import Texts
from sitegen.pipeline import build as pipeline
from sitegen.web.charts.heatmap import heatmap_spec
from sitegen.web.pages.record.static import record_figure
from tests.sites import RECORDS, Recorder, make_site, write_model
from tests.web.papers import PALETTE, alone, paper, scored

CLASSES = ("not computational", "computational")


def valid(spec: dict) -> None:
    """Raise where Altair's copy of the schema refuses the specification."""
    altair.Chart.from_dict(spec, validate=True).to_dict(validate=True)


def published(folder, name: str) -> object:
    """What a script of ours assigns."""
    script = (folder / "assets" / name).read_text(encoding="utf-8")
    return json.loads(script.splitlines()[-1].partition(" = ")[2].removesuffix(";"))


@pytest.mark.slow
@pytest.mark.usefixtures("light")
def test_the_charts_of_every_page_are_valid(tmp_path):
    trained = text_hash(RECORDS[0]["title"], RECORDS[0]["abstract"])
    write_model(tmp_path / "model", texts=Texts(train=(trained,)))
    site = make_site(tmp_path, models={"First": "model"}, tried=20)
    pipeline.build(site, reporter=Recorder())
    for page, fewest in (("corpus", 4), ("significance", 1), ("faithfulness", 5)):
        charts = published(site.output.folder, f"{page}-charts.js")
        assert len(charts) >= fewest
        for spec in charts.values():
            valid(spec)


@pytest.mark.parametrize("complete", [False, True])
def test_the_figure_of_a_record_is_valid(complete):
    valid(heatmap_spec(PALETTE, complete=complete, live=False))


def test_the_static_figure_of_a_record_is_valid():
    item = paper("a", "A title", "Two sentences.", "Are here.")
    (occlusion,), (said,) = scored([item]), alone([item])
    valid(record_figure(occlusion, said, None, classes=CLASSES, threshold=0.5, palette=PALETTE))


def test_what_is_not_valid_is_refused():
    with pytest.raises((ValidationError, ValueError)):
        valid({**heatmap_spec(PALETTE, complete=False, live=False), "mark": "no such mark", "layer": 7})
