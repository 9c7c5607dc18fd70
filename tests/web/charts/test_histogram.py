"""The histogram: every record once, in the colour of its label."""

from __future__ import annotations

import pytest

from sitegen.web.charts.histogram import histogram_spec
from tests.web.papers import PALETTE

CLASSES = ("not computational", "computational")


def bars(spec: dict) -> list[dict]:
    """The rows of inline data, which Altair keeps in one place under a name made of their content."""
    return spec["datasets"][spec["layer"][0]["data"]["name"]]


def test_the_histogram_counts_every_record_once() -> None:
    p = [0.0, 0.049, 0.05, 0.5, 0.95, 1.0]
    rows = bars(histogram_spec(p, labels=None, classes=CLASSES, palette=PALETTE))
    assert [(row["from"], row["records"]) for row in rows] == [(0, 2), (0.05, 1), (0.5, 1), (0.95, 2)]


def test_the_histogram_stacks_by_gold_label() -> None:
    spec = histogram_spec([0.01, 0.02, 0.03, 0.99], labels=[0, 1, None, 1], classes=CLASSES, palette=PALETTE)
    assert [(row["from"], row["label"]) for row in bars(spec)] == [
        (0, CLASSES[0]),
        (0, CLASSES[1]),
        (0, "no label"),
        (0.95, CLASSES[1]),
    ]
    colour = spec["layer"][0]["encoding"]["color"]
    assert colour["scale"] == {
        "domain": [*CLASSES, "no label"],
        "range": [PALETTE.chart_negative, PALETTE.chart_positive, PALETTE.chart_range],
    }
    with pytest.raises(ValueError, match="2 probabilities, but 1 labels"):
        histogram_spec([0.1, 0.2], labels=[1], classes=CLASSES, palette=PALETTE)


def test_the_histogram_of_unlabelled_records_has_no_legend() -> None:
    for labels in (None, [None, None]):
        spec = histogram_spec([0.1, 0.2], labels=labels, classes=CLASSES, palette=PALETTE)
        assert spec["layer"][0]["encoding"]["color"]["legend"] is None
