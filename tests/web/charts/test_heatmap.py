"""The specifications of a record's picture: one scale, the right data in the right place, and readable labels."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sitegen.web.charts.heatmap import HEATMAP_PARAMS, heatmap_spec, sentence_figure_spec
from tests.web.papers import PALETTE

CLASSES = ("not computational", "computational")


def rows_of(spec: dict) -> list[dict]:
    """The figure's cells."""
    return spec["datasets"][spec["data"]["name"]]


def test_the_heatmap_holds_no_data_and_is_small() -> None:
    spec = heatmap_spec(PALETTE)
    assert spec["data"] == {"name": "cells"}
    assert "datasets" not in spec
    assert {param["name"]: param["value"] for param in spec["params"]} == HEATMAP_PARAMS
    assert (spec["width"], spec["height"]) == ({"step": 14}, {"step": 20})
    assert len(json.dumps(spec)) < 3000
    assert json.dumps(heatmap_spec(PALETTE)) == json.dumps(spec)


@pytest.mark.parametrize(
    "spec",
    [
        heatmap_spec(PALETTE),
        sentence_figure_spec([[0.5]], title=["word"], sentences=1, classes=CLASSES, palette=PALETTE),
    ],
)
def test_every_grid_uses_the_one_scale(spec: dict) -> None:
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"clamp": True, "domain": [0.0, 0.5, 1.0], "interpolate": "rgb", "range": list(PALETTE.ramp)}


def test_the_figure_carries_its_own_data_and_labels() -> None:
    grid = np.array([[0.25, 0.5, 0.75], [0.1, 0.2, 0.3]])
    spec = sentence_figure_spec(grid, title=["big", "data"], sentences=3, classes=CLASSES, palette=PALETTE)
    cells = np.full((2, 3), np.nan)
    for row in rows_of(spec):
        cells[row["t"], row["a"]] = row["p"]
    assert np.array_equal(cells, grid)
    labels = {param["name"]: param["value"] for param in spec["params"]}
    assert labels == {"rows": ["big", "data"], "columns": ["1", "2", "3"]}
    assert spec["background"] == "#ffffff"


def test_the_figure_of_an_empty_record_says_what_is_missing() -> None:
    spec = sentence_figure_spec([[0.4]], title=[], sentences=0, classes=CLASSES, palette=PALETTE)
    labels = {param["name"]: param["value"] for param in spec["params"]}
    assert labels == {"rows": ["(no title)"], "columns": ["(no abstract)"]}
    with pytest.raises(ValueError, match=r"\(1, 1\), got \(1, 2\)"):
        sentence_figure_spec([[0.4, 0.5]], title=[], sentences=0, classes=CLASSES, palette=PALETTE)


def test_another_ramp_is_another_figure() -> None:
    dark = replace(PALETTE, ramp_negative="#ffeeee", ramp_middle="#101010", ramp_positive="#eeeeff")
    for spec in (
        heatmap_spec(dark),
        sentence_figure_spec([[0.5]], title=["word"], sentences=1, classes=CLASSES, palette=dark),
    ):
        assert spec["layer"][0]["encoding"]["color"]["scale"]["range"] == ["#ffeeee", "#101010", "#eeeeff"]
        ink = spec["layer"][1]["encoding"]["color"]
        assert (ink["condition"]["value"], ink["value"]) == ("#000000", "#ffffff")
