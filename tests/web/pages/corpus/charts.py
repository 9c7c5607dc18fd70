"""What the tests of the corpus's charts share: that a chart can be drawn, and the rows of its data."""

from __future__ import annotations

import vl_convert

CLASSES = ("not computational", "computational")


def drawn(spec: dict) -> str:
    """The SVG of a chart; it takes the width of its place."""
    assert spec["width"] == "container"
    svg: str = vl_convert.vegalite_to_svg({**spec, "width": 400}, allowed_base_urls=[])
    assert "NaN" not in svg
    assert "undefined" not in svg
    return svg


def rows(spec: dict, **holding: object) -> list[dict]:
    """The rows of the one data set whose rows have these keys."""
    (found,) = [data for data in spec["datasets"].values() if data and set(holding) <= set(data[0])]
    return found
