"""Scripts write numbers as pages do: numbers.js against web/text/numbers.py, on values of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from sitegen.web.export.scripts import assignment
from sitegen.web.text.numbers import (
    QUIET,
    QUIET_WORD,
    RULES,
    UNKNOWN,
    cell_number,
    log_odds,
    percent,
    points,
    strength,
    word_strength,
)
from tests.browser.heatmap_page import TEMPLATES

pytestmark = pytest.mark.browser

TIES = [k / 2**n for n in range(1, 8) for k in range(2**n + 1)]  # where two roundings are equally near, and others
EDGES = [
    edge + step for edge in (0.0, 0.0005, 0.0095, 0.01, 0.5, 0.985, 0.99, 0.9995, 1.0) for step in (-1e-9, 0, 1e-9)
]
PROBABILITIES = [p for p in (*TIES, *EDGES, *np.random.default_rng(1).random(200).tolist()) if 0 <= p <= 1]
SIGNED = [sign * value for value in (*PROBABILITIES, 2.125, 12.345, 1e-5, 30.0) for sign in (1, -1)]


def opened(page: Page, tmp_path: Path) -> None:
    """A page with these scripts and nothing else."""
    (tmp_path / "constants.js").write_text(assignment("constants", RULES), encoding="utf-8")
    (tmp_path / "numbers.js").write_bytes((TEMPLATES / "assets" / "numbers.js").read_bytes())
    (tmp_path / "page.html").write_text(
        '<!doctype html><link rel="icon" href="data:,"><script src="constants.js"></script>'
        '<script src="numbers.js"></script>',
        encoding="utf-8",
    )
    page.goto((tmp_path / "page.html").as_uri())


def test_both_write_the_same_text(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    for name, write, values in (
        ("percent", percent, PROBABILITIES),
        ("cell", cell_number, PROBABILITIES),
        ("points", points, SIGNED),
        ("logOdds", log_odds, SIGNED),
    ):
        written = page.evaluate("([name, values]) => values.map(window.sitegen.numbers[name])", [name, values])
        assert dict(zip(values, written, strict=True)) == {value: write(value) for value in values}


def test_what_is_not_known_is_a_dash(page: Page, tmp_path: Path) -> None:
    opened(page, tmp_path)
    names = ["percent", "cell", "points", "logOdds", "strength", "wordStrength"]
    written = page.evaluate("names => names.map((name) => window.sitegen.numbers[name](NaN))", names)
    assert written == [UNKNOWN] * 4 + [0, 0]
    nan = float("nan")
    assert [percent(nan), cell_number(nan), points(nan), log_odds(nan)] == [UNKNOWN] * 4
    assert [strength(nan), word_strength(nan)] == [0.0, 0.0]


def test_both_colour_a_change_as_strongly(page: Page, tmp_path: Path) -> None:
    """Pages round to three digits; what is too small for a colour has none."""
    opened(page, tmp_path)
    changes = [*SIGNED, QUIET, -QUIET, 0.99 * QUIET]
    written = page.evaluate("values => values.map(window.sitegen.numbers.strength)", changes)
    expected = [0.0 if abs(change) < QUIET else strength(change) for change in changes]
    assert written == pytest.approx(expected, abs=5.01e-4)
    assert [value == 0 for value in written] == [abs(change) < QUIET for change in changes]
    effects = [*SIGNED, QUIET_WORD, -QUIET_WORD, 0.99 * QUIET_WORD]
    written = page.evaluate("values => values.map(window.sitegen.numbers.wordStrength)", effects)
    expected = [0.0 if abs(effect) < QUIET_WORD else word_strength(effect) for effect in effects]
    assert written == pytest.approx(expected, abs=5.01e-4)
