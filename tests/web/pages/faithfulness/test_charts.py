"""Charts hold the figures, and carry their texts."""

from __future__ import annotations

from sitegen.web.pages.faithfulness.charts import OURS, Interval, curve_spec, interval_spec
from sitegen.web.pages.faithfulness.wording import BEST, RANDOM, WORST
from tests.web.pages.faithfulness.results import (
    MINUS,
    page_of,
    result,
)
from tests.web.papers import PALETTE


def marks(spec: dict) -> list[dict]:
    """The rows of a specification's data."""
    return [row for values in spec["datasets"].values() for row in values]


def test_dots_are_the_figures_and_carry_their_text(tmp_path):
    page = page_of(tmp_path, result())
    rows = {(row["name"], row["order"]): (row["value"], row["text"]) for row in marks(page.charts["sentences"])}
    assert rows["its share", OURS] == (23.1, "23.1")
    assert rows["without it", OURS] == (15.0, "15.0")
    assert rows["its share", RANDOM] == (12.0, "12.0")
    assert rows["alone", BEST] == (25.0, "25.0")
    assert rows["alone", WORST] == (-2.0, f"{MINUS}2.0")
    assert {order for _, order in ((row["name"], row["order"]) for row in marks(page.charts["tokens"]))} == {
        OURS,
        RANDOM,
    }
    assert all(row["value"] <= 1 for row in marks(page.charts["flips"]))


def test_intervals_carry_the_texts_of_the_page(tmp_path):
    page = page_of(tmp_path, result())
    rows = {row["name"]: row for row in marks(page.charts["hybrids"]) if "name" in row}
    assert (rows["its share"]["text"], rows["its share"]["between"]) == ("93%", "88% to 98%")
    rows = {(row["name"], row["group"]): row["text"] for row in marks(page.charts["planted"]) if "name" in row}
    assert rows["without it", "not computational"] == "59%"
    assert rows["without it", "computational"] == "78%"


def test_curves_hold_every_point():
    curves = {"its share": (0.9, 0.5, 0.4), RANDOM: (0.9, 0.7, 0.4)}
    texts = {"its share": ("90%", "50%", "40%"), RANDOM: ("90%", "70%", "40%")}
    spec = curve_spec((0.0, 0.5, 1.0), curves, texts, palette=PALETTE, axis="x", answer="y")
    assert [(row["order"], row["x"], row["y"], row["text"]) for row in marks(spec)] == [
        *(("its share", x, y, t) for x, y, t in ((0, 0.9, "90%"), (0.5, 0.5, "50%"), (1, 0.4, "40%"))),
        *((RANDOM, x, y, t) for x, y, t in ((0, 0.9, "90%"), (0.5, 0.7, "70%"), (1, 0.4, "40%"))),
    ]
    assert spec["encoding"]["y"]["scale"] == {"domain": [0, 1]}


def test_what_is_compared_with_is_a_line_or_a_band():
    row = Interval(name="all", group="", value=0.8, low=0.7, high=0.9, text="80%", between="70% to 90%")

    def kinds(band):
        spec = interval_spec([row], palette=PALETTE, compared=0.5, band=band, says="guessing", title="hits")
        return spec["layer"][0]["mark"]["type"]

    assert (kinds(0.0), kinds(0.1)) == ("rule", "rect")
