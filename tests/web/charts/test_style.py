"""The specifications: one ramp, the right data in the right place, and readable numbers."""

from __future__ import annotations

import json

import numpy as np
import pytest

from sitegen.web.charts.style import (
    HEATMAP_PARAMS,
    RAMP,
    WHITE_TEXT_ABOVE,
    WHITE_TEXT_BELOW,
    heatmap_spec,
    histogram_spec,
    ramp_rgb,
    sentence_figure_spec,
)

CLASSES = ("not computational", "computational")


def ramp_colour(probability: float) -> str:
    return "#" + bytes(ramp_rgb(probability)).hex()


def text_colour(probability: float) -> str:
    return "#000000" if WHITE_TEXT_BELOW <= probability <= WHITE_TEXT_ABOVE else "#ffffff"


def luminance(colour: str) -> float:
    """Relative luminance as in WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_the_ramp_runs_straight_through_white() -> None:
    assert [ramp_colour(p) for p in (0, 0.5, 1)] == list(RAMP)
    assert ramp_colour(0.25) == "#d98c95"  # half-way, channel by channel: (0xb2 + 0xff) / 2 and so on
    with pytest.raises(ValueError, match=r"0\.\.1"):
        ramp_colour(1.01)


def test_text_on_the_ramp_is_readable_everywhere() -> None:
    worst = min(contrast(text_colour(p), ramp_colour(p)) for p in np.linspace(0, 1, 2001))
    assert worst > 4.5


def test_the_heatmap_holds_no_data_and_is_small() -> None:
    spec = heatmap_spec()
    assert spec["data"] == {"name": "cells"}
    assert "datasets" not in spec
    assert {param["name"]: param["value"] for param in spec["params"]} == HEATMAP_PARAMS
    assert (spec["width"], spec["height"]) == ({"step": 14}, {"step": 20})
    assert len(json.dumps(spec)) < 3000
    assert json.dumps(heatmap_spec()) == json.dumps(spec)


@pytest.mark.parametrize(
    "spec",
    [
        heatmap_spec(),
        sentence_figure_spec([[0.5]], title=["word"], sentences=1, classes=CLASSES),
    ],
)
def test_every_grid_uses_the_one_scale(spec: dict) -> None:
    scale = spec["layer"][0]["encoding"]["color"]["scale"]
    assert scale == {"clamp": True, "domain": [0.0, 0.5, 1.0], "interpolate": "rgb", "range": list(RAMP)}


def rows_of(spec: dict, data: dict) -> list[dict]:
    """The rows of inline data, which Altair keeps in one place under a name made of their content."""
    return spec["datasets"][data["name"]]


def bars(spec: dict) -> list[dict]:
    return rows_of(spec, spec["layer"][0]["data"])


def test_the_histogram_counts_every_record_once() -> None:
    p = [0.0, 0.049, 0.05, 0.5, 0.95, 1.0]
    rows = bars(histogram_spec(p, labels=None, classes=CLASSES))
    assert [(row["from"], row["records"]) for row in rows] == [(0, 2), (0.05, 1), (0.5, 1), (0.95, 2)]


def test_the_histogram_stacks_by_gold_label() -> None:
    spec = histogram_spec([0.01, 0.02, 0.03, 0.99], labels=[0, 1, None, 1], classes=CLASSES)
    assert [(row["from"], row["label"]) for row in bars(spec)] == [
        (0, CLASSES[0]),
        (0, CLASSES[1]),
        (0, "no label"),
        (0.95, CLASSES[1]),
    ]
    colour = spec["layer"][0]["encoding"]["color"]
    assert colour["scale"] == {"domain": [*CLASSES, "no label"], "range": [RAMP[0], RAMP[2], "#8a8a8a"]}
    with pytest.raises(ValueError, match="2 probabilities, but 1 labels"):
        histogram_spec([0.1, 0.2], labels=[1], classes=CLASSES)


def test_the_histogram_of_unlabelled_records_has_no_legend() -> None:
    for labels in (None, [None, None]):
        spec = histogram_spec([0.1, 0.2], labels=labels, classes=CLASSES)
        assert spec["layer"][0]["encoding"]["color"]["legend"] is None


def test_the_figure_carries_its_own_data_and_labels() -> None:
    grid = np.array([[0.25, 0.5, 0.75], [0.1, 0.2, 0.3]])
    spec = sentence_figure_spec(grid, title=["big", "data"], sentences=3, classes=CLASSES)
    cells = np.full((2, 3), np.nan)
    for row in rows_of(spec, spec["data"]):
        cells[row["t"], row["a"]] = row["p"]
    assert np.array_equal(cells, grid)
    labels = {param["name"]: param["value"] for param in spec["params"]}
    assert labels == {"rows": ["big", "data"], "columns": ["1", "2", "3"]}
    assert spec["background"] == "#ffffff"


def test_the_figure_of_an_empty_record_says_what_is_missing() -> None:
    spec = sentence_figure_spec([[0.4]], title=[], sentences=0, classes=CLASSES)
    labels = {param["name"]: param["value"] for param in spec["params"]}
    assert labels == {"rows": ["(no title)"], "columns": ["(no abstract)"]}
    with pytest.raises(ValueError, match=r"\(1, 1\), got \(1, 2\)"):
        sentence_figure_spec([[0.4, 0.5]], title=[], sentences=0, classes=CLASSES)
