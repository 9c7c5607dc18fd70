"""The specification of a record's figure: one scale, four strips on one axis, readable labels."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sitegen.web.charts.heatmap import CLASSES, HEIGHTS, SCALES, heatmap_spec, record_figure_spec
from tests.web.papers import PALETTE

LIVE = heatmap_spec(PALETTE, complete=False, live=True)
COMPLETE = heatmap_spec(PALETTE, complete=True, live=False)


def colours(spec: dict) -> list[dict]:
    """Every encoding of a colour by probability."""
    found = [layer["encoding"].get("color", {}) for strip in spec["vconcat"] for layer in strip["layer"]]
    return [color for color in found if color.get("field") == "p"]


def names(spec: dict) -> set[str]:
    return {layer.get("data", strip.get("data"))["name"] for strip in spec["vconcat"] for layer in strip["layer"]}


@pytest.mark.parametrize("spec", [LIVE, COMPLETE], ids=["live", "complete"])
def test_the_figure_holds_no_data_and_is_small(spec: dict) -> None:
    assert "datasets" not in spec
    params = {**SCALES, **CLASSES} if spec is COMPLETE else SCALES
    assert {param["name"]: param["value"] for param in spec["params"]} == params
    assert [strip["height"] for strip in spec["vconcat"]][:4] == list(HEIGHTS.values())
    assert len(json.dumps(spec)) < (10_000 if spec is LIVE else 12_500)


@pytest.mark.parametrize("spec", [LIVE, COMPLETE], ids=["live", "complete"])
def test_all_strips_share_one_axis(spec: dict) -> None:
    encodings = [layer["encoding"] for strip in spec["vconcat"] for layer in strip["layer"]]
    scales = [encoding["x"]["scale"] for encoding in encodings if "field" in encoding.get("x", {})]
    assert len(scales) > 10
    assert all(scale["domain"] == [{"expr": "start"}, {"expr": "stop"}] and scale["round"] for scale in scales)
    assert spec["resolve"] == {"scale": {"x": "shared"}}


def test_every_probability_uses_the_one_scale() -> None:
    ramp = {"clamp": True, "domain": [0.0, 0.5, 1.0], "interpolate": "rgb"}
    assert [color["scale"] for color in colours(COMPLETE)] == [{**ramp, "range": list(PALETTE.ramp)}] * 2
    named = ["var(--ramp-negative)", "var(--ramp-middle)", "var(--ramp-positive)"]
    assert [color["scale"] for color in colours(LIVE)] == [{**ramp, "range": named}] * 2


def test_a_page_has_no_colour_of_its_own_but_the_inks_on_the_ramp() -> None:
    text = json.dumps(LIVE).lower()
    assert "var(--effect-positive)" in text
    for colour in (PALETTE.ramp_negative, PALETTE.effect_positive, PALETTE.chart_ink):
        assert colour not in text
        assert colour in json.dumps(COMPLETE).lower()


def test_a_complete_figure_has_legend_and_labels() -> None:
    assert names(COMPLETE) - names(LIVE) == {"rows", "captions", "struck", "source"}
    legends = [color["legend"] for color in colours(COMPLETE)]
    assert legends[0] == legends[1]  # they are drawn as one
    assert "'0% ' + negative" in legends[0]["labelExpr"]
    assert "'100% ' + positive" in legends[0]["labelExpr"]
    assert all(color["legend"] is None for color in colours(LIVE))


def test_the_static_figure_is_filled_and_white() -> None:
    scales = {"start": -2, "stop": 10, "rows": 3, "least": 0, "most": 0.2}
    spec = record_figure_spec(
        {"cells": [{"t": 0}]}, scales=scales, classes=("no", "yes"), title="T", subtitle="S", palette=PALETTE
    )
    assert {param["name"]: param["value"] for param in spec["params"]} == {
        **scales,
        "negative": "no",
        "positive": "yes",
    }
    assert spec["title"] == {"text": "T", "subtitle": "S"}
    assert spec["background"] == "#ffffff"
    assert spec["vconcat"][2]["height"] == 48
    assert heatmap_spec(PALETTE, complete=True, live=False) == COMPLETE  # the template is as it was


def test_another_ramp_has_other_inks() -> None:
    dark = replace(PALETTE, ramp_negative="#ffeeee", ramp_middle="#101010", ramp_positive="#eeeeff")
    for live in (False, True):
        spec = heatmap_spec(dark, complete=False, live=live)
        (numbers,) = [layer for layer in spec["vconcat"][2]["layer"] if layer["data"]["name"] == "numbers"]
        ink = numbers["encoding"]["color"]
        assert (ink["condition"]["value"], ink["value"]) == ("#000000", "#ffffff")
