"""The corpus's charts: the numbers are in them, they stay small, and Vega-Lite draws them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import vl_convert

from sitegen.analysis.corpus.calibration import reliability
from sitegen.analysis.corpus.overview import Decisions, PlaceEffect, Spread, UnknownWord
from sitegen.web.pages.corpus import charts as corpus_charts
from sitegen.web.pages.corpus.charts import Dot, calibration_spec, fields_spec, places_spec, unknown_spec

CLASSES = ("not computational", "computational")


def decided(n: int) -> Decisions:
    rng = np.random.default_rng(11)
    yes = np.ones(n, dtype=bool)
    return Decisions(
        title=rng.normal(size=n),
        abstract=rng.normal(size=n) * 2,
        average=-0.5,
        cut=0.25,
        title_agrees=yes,
        abstract_agrees=yes,
    )


def dots(n: int) -> list[Dot]:
    return [
        Dot(title=f"<b>{k}</b>", percent="50%", href=f"records/{k}.html", predicted=CLASSES[k % 2]) for k in range(n)
    ]


def places() -> list[PlaceEffect]:
    size, toward = Spread(mean=0.5, low=0.25, high=0.75), Spread(mean=-0.1, low=-0.6, high=0.4)
    return [
        PlaceEffect(place=name, sentences=3, size=size, toward=toward, tokens=9.0, per_token=0.05)
        for name in ("first", "middle", "last")
    ]


def rows(spec: dict, **holding: object) -> list[dict]:
    """The rows of the one data set whose rows have these keys."""
    (found,) = [data for data in spec["datasets"].values() if data and set(holding) <= set(data[0])]
    return found


SPECS = {
    "places": places_spec(places()),
    "fields": fields_spec(decided(30), dots(30), classes=CLASSES),
    "calibration": calibration_spec(
        reliability(np.array([0.05, 0.45, 0.95]), np.array([0, 1, 1])), positive=CLASSES[1]
    ),
    "unknown": unknown_spec([UnknownWord(word="zebra", occurrences=3, records=2, example=0)]),
}


@pytest.mark.parametrize("spec", SPECS.values(), ids=SPECS)
def test_every_chart_can_be_drawn_and_takes_the_width_of_its_place(spec):
    assert spec["width"] == "container"
    svg = vl_convert.vegalite_to_svg({**spec, "width": 400}, allowed_base_urls=[])
    assert "NaN" not in svg
    assert "undefined" not in svg


def test_each_place_has_its_size_and_its_direction():
    found = rows(SPECS["places"], kind=0)
    assert len(found) == 6
    assert found[0] == {"place": "first", "kind": corpus_charts.SIZE, "mean": 0.5, "low": 0.25, "high": 0.75}
    assert found[1] == {"place": "first", "kind": corpus_charts.TOWARD, "mean": -0.1, "low": -0.6, "high": 0.4}


def test_each_paper_is_a_dot_on_the_side_of_its_answer():
    found = decided(30)
    papers = rows(SPECS["fields"], href=0)
    assert [row["x"] for row in papers] == pytest.approx(found.title, abs=1e-4)
    assert [row["y"] for row in papers] == pytest.approx(found.abstract, abs=1e-4)
    assert papers[3]["href"] == "records/3.html"
    line = next(data for data in SPECS["fields"]["datasets"].values() if len(data) == 2)
    assert [row["x"] + row["y"] for row in line] == pytest.approx([0.75, 0.75])  # cut - average


def test_many_papers_are_counted_in_squares():
    few, many = decided(corpus_charts.MOST_POINTS), decided(100_000)
    assert rows(fields_spec(few, dots(corpus_charts.MOST_POINTS), classes=CLASSES), href=0)
    spec = fields_spec(many, [], classes=CLASSES)
    squares = rows(spec, papers=0)
    assert sum(row["papers"] for row in squares) == 100_000
    assert len(json.dumps(spec)) < 120_000
    row = max(squares, key=lambda row: row["papers"])
    inside = (many.title >= row["x"]) & (many.title < row["x2"])
    inside &= (many.abstract >= row["y"]) & (many.abstract < row["y2"])
    assert row["papers"] == pytest.approx(int(inside.sum()), abs=5)  # edges are rounded


def test_papers_that_are_all_alike_can_be_drawn():
    zeros, yes = np.zeros(3), np.ones(3, dtype=bool)
    alike = Decisions(title=zeros, abstract=zeros, average=0.0, cut=0.0, title_agrees=yes, abstract_agrees=yes)
    spec = fields_spec(alike, dots(3), classes=CLASSES)
    assert [
        layer["encoding"]["x"]["scale"]["domain"]
        for layer in spec["layer"]
        if "scale" in layer["encoding"].get("x", {})
    ] == [[-1.0, 1.0]]


def test_each_bin_stands_at_what_was_said():
    assert rows(SPECS["calibration"], said=0)[1] == {
        "from": 0.4,
        "to": 0.5,
        "papers": 1,
        "positive": 1,
        "said": 0.45,
        "share": 1.0,
        "low": 0.2065,
        "high": 1.0,
    }
