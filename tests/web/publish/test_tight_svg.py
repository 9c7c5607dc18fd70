"""Tight SVG: the same picture in fewer bytes."""

from __future__ import annotations

import io
import json

import numpy as np
import pytest
import vl_convert
from PIL import Image

from sitegen.web.publish import figure_worker
from sitegen.web.publish.tight_svg import tight
from tests.web.publish.test_figures import figure, spec

NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="40" viewBox="0 0 60 40">'


def pixels(svg: str) -> np.ndarray:
    """(rows, columns, 4) int: what is seen, two pixels a unit."""
    return np.asarray(Image.open(io.BytesIO(vl_convert.svg_to_png(svg, scale=2))).convert("RGBA")).astype(int)


def assert_same_picture(before: str, after: str) -> None:
    """Equal but for the edges of letters and shapes, which lie a hundredth of a unit elsewhere at most."""
    old, new = pixels(before), pixels(after)
    assert old.shape == new.shape
    assert np.ptp(old[..., :3]) > 0  # something is drawn
    assert np.abs(old - new).max() <= 64  # what is lost differs by more, unless it is as pale as what it lies on
    assert (np.abs(old - new).max(axis=-1) > 3).mean() < 0.003


@pytest.mark.parametrize(
    "drawn",
    [
        spec(6, 5),
        figure(np.full((4, 30), 0.9), title=["a", "<b>", "&", "d"]),
        figure([[0.1 + 1e-9, 0.9]], title=['"quoted"']),
        {
            "data": {"values": [{"x": x, "y": x % 3 - 1.234, "k": "ab"[x % 2]} for x in range(9)]},
            "layer": [
                {"mark": {"type": "area", "opacity": 0.4}},
                {"mark": {"type": "line", "point": True, "strokeDash": [4, 2]}},
                {"mark": {"type": "bar", "stroke": "black", "opacity": 0.5}},
            ],
            "encoding": {
                "x": {"field": "x", "type": "quantitative", "title": ["two", "lines"]},
                "y": {"field": "y", "type": "quantitative"},
                "color": {"field": "k"},
            },
        },
    ],
    ids=["grid", "one colour", "two cells", "axes and areas"],
)
def test_the_picture_is_the_same_in_fewer_bytes(drawn: dict) -> None:
    svg = figure_worker.svg(json.dumps(drawn))
    written = tight(svg)
    assert_same_picture(svg, written)
    assert len(written) < (0.5 if "datasets" in drawn else 0.75) * len(svg)


@pytest.mark.parametrize(
    "inside",
    [
        # what overlaps and lets colour through may not be one shape, nor may what has an outline
        '<g><path d="M5,5h20v20h-20Z" fill="#f00" opacity="0.5"/>'
        '<path d="M15,9h20v20h-20Z" fill="#f00" opacity="0.5"/></g>',
        '<g><path d="M5,5h9v20h-9Z" fill="#00f" stroke="#000"/>'
        '<path d="M14,5h9v20h-9Z" fill="#00f" stroke="#000"/></g>',
        # a line that comes back on itself, and a point of no length
        '<g fill="none"><path d="M5,9L40,9L20,9L20,30" stroke="#000" stroke-width="3"/></g>',
        '<g fill="none"><path d="M9,9L9,9" stroke="#000" stroke-width="6" stroke-linecap="round"/></g>',
        # a group that paints, and one that is cut by a shape
        '<g fill="#0a0"><path d="M5,5h9v9h-9Z"/><path d="M25,5h9v9h-9Z" fill="none"/></g>',
        '<defs><clipPath id="c"><rect x="0" y="0" width="20" height="20"/></clipPath></defs>'
        '<g clip-path="url(#c)"><g transform="translate(8,8)"><path d="M0,0h30v30h-30Z" fill="#f80"/></g></g>',
        # rules that begin somewhere, texts that are turned or have lines
        '<line x1="3" y1="4" x2="50" y2="30" stroke="rgb(1, 2, 3)"/>',
        '<line transform="translate(5,6)" x2="40" y2="0.004" stroke="#123456" stroke-width="1"/>',
        '<text transform="translate(20,30) rotate(-90)" font-size="11px" font-family="Liberation Sans">up</text>',
        '<text transform="translate(4,12)" font-size="11px" font-family="Liberation Sans"><tspan>one</tspan>'
        '<tspan x="0" dy="13">two</tspan></text>',
    ],
)
def test_what_it_may_not_join_stays_apart(inside: str) -> None:
    svg = f'{NOTHING}<rect width="60" height="40" fill="#fff"/>{inside}</svg>'
    assert_same_picture(svg, tight(svg))


def test_texts_stay_texts_whatever_they_say() -> None:
    said = "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; \"quoted\" 'single' 0.123456789"
    svg = f'{NOTHING}<g><text font-family="Arial">{said}</text><text font-family="Arial"> </text></g></svg>'
    written = tight(svg)
    assert f">{said}</text>" in written
    assert written.count("<text") == 1
    assert written.count("Arial") == 1


def test_a_value_is_stated_once_where_all_would_inherit_it() -> None:
    texts = "".join(f'<text font-size="10px" fill="rgb(0, 0, 0)">{k}</text>' for k in range(3))
    written = tight(
        f'{NOTHING}<g class="mark"><g aria-hidden="true">{texts}<text fill="#010101">3</text></g></g></svg>'
    )
    assert '<g fill="#000"><text font-size="10">0</text>' in written
    assert '<text fill="#010101">3</text></g></svg>' in written
