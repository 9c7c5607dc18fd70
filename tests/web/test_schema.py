"""Every chart of a whole site is valid Vega-Lite: the specifications are not checked while a site is written."""

from __future__ import annotations

import json

import altair
import numpy as np
import pytest
from jsonschema import ValidationError

from sitegen.corpus.records import text_hash
from sitegen.models.manifest import Texts
from sitegen.pipeline import build as pipeline
from sitegen.web.charts.heatmap import heatmap_spec, sentence_figure_spec
from tests.sites import RECORDS, Recorder, make_site, write_model
from tests.web.papers import PALETTE

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
    valid(published(site.output.folder, "histogram.js"))
    for page, fewest in (("corpus", 4), ("significance", 1), ("faithfulness", 5)):
        charts = published(site.output.folder, f"{page}-charts.js")
        assert len(charts) >= fewest
        for spec in charts.values():
            valid(spec)


def test_the_pictures_of_a_record_are_valid():
    valid(heatmap_spec(PALETTE))
    valid(
        sentence_figure_spec(np.full((2, 3), 0.5), title=["a", "title"], sentences=3, classes=CLASSES, palette=PALETTE)
    )


def test_what_is_not_valid_is_refused():
    with pytest.raises((ValidationError, ValueError)):
        valid({**heatmap_spec(PALETTE), "mark": "no such mark", "layer": 7})
