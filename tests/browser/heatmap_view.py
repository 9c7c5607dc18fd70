"""The figure of a record as a page has drawn it: what its strips show, and pointing at them."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Page

READY = 'html[data-ready="heatmap"]'
GEOMETRY = """() => {
  const root = document.querySelector('.heatmap');
  const { view, figure } = root;
  const { layout } = sitegen.figure;
  const [left, top] = view.origin(), padding = view.padding();
  const at = sitegen.strips(figure.record).scale(figure.columns, figure.size.width);
  return {
    left: left + padding.left, top: top + padding.top, row: figure.size.row, rows: figure.record.rows,
    heights: sitegen.stripHeights(figure.record, figure.size.row), gap: layout.gap,
    columns: figure.columns.map(({ x, x2, word, sentence }) => ({ left: at(x), right: at(x2), x, x2, word, sentence })),
  };
}"""


def ready(page: Page) -> None:
    """Wait until the figure is as it should be."""
    page.wait_for_selector(READY)


def choose(page: Page, columns: str) -> None:
    page.locator(".heatmap-controls label", has_text=columns).first.click()
    page.wait_for_selector(f'.heatmap[data-drawn="{columns}"]')
    ready(page)


def data(page: Page, name: str) -> list[dict[str, Any]]:
    """The rows of one of the view's data sets."""
    rows: list[dict[str, Any]] = page.evaluate(
        "name => document.querySelector('.heatmap').view.data(name).map((row) => ({ ...row }))", name
    )
    return rows


def signal(page: Page, name: str) -> Any:
    return page.evaluate("name => document.querySelector('.heatmap').view.signal(name)", name)


def columns(page: Page) -> list[dict[str, Any]]:
    """The columns of the picture, the title's own first: their words, their sentence, and where they are in pixels."""
    found: list[dict[str, Any]] = page.evaluate(GEOMETRY)["columns"]
    return found


def cells(page: Page) -> np.ndarray:
    """The probabilities as the drawn view holds them in the middle of each column, (rows, columns); the column of the
    title alone left out."""
    drawn = data(page, "cells")
    geometry = page.evaluate(GEOMETRY)
    shown = [column for column in geometry["columns"] if column["word"] >= 0]
    grid = np.full((geometry["rows"], len(shown)), np.nan)
    for cell in drawn:
        for k, column in enumerate(shown):
            if cell["x"] <= (column["x"] + column["x2"]) / 2 < cell["x2"]:
                grid[int(cell["t"]), k] = cell["p"]
    return grid


def strip(page: Page, name: str) -> tuple[float, float]:
    """Where a strip begins and ends, in pixels from the canvas's top."""
    geometry = page.evaluate(GEOMETRY)
    names = ["curve", "ruler", "heatmap", "shares"]
    heights = geometry["heights"]
    k = names.index(name)
    top = geometry["top"] + sum(heights[:k]) + k * geometry["gap"]
    return top, top + heights[k]


def middle(page: Page, row: int, word: int) -> tuple[float, float]:
    """Where a cell's middle is, in pixels of the canvas; word: the last one of its column, -1 for the title alone."""
    geometry = page.evaluate(GEOMETRY)
    (column,) = [one for one in geometry["columns"] if one["word"] == word]
    x = geometry["left"] + (column["left"] + column["right"]) / 2
    return x, strip(page, "heatmap")[0] + (row + 0.5) * geometry["row"]


def on_sentence(page: Page, name: str, sentence: int) -> tuple[float, float]:
    """A point of a strip that belongs to a sentence, in pixels of the canvas."""
    geometry = page.evaluate(GEOMETRY)
    own = [one for one in geometry["columns"] if one["sentence"] == sentence]
    top, bottom = strip(page, name)
    return geometry["left"] + (own[0]["left"] + own[-1]["right"]) / 2, (top + bottom) / 2


def hover(page: Page, row: int, word: int) -> None:
    x, y = middle(page, row, word)
    page.locator("canvas").first.hover(position={"x": x, "y": y})


def click(page: Page, row: int, word: int) -> None:
    x, y = middle(page, row, word)
    page.locator("canvas").first.click(position={"x": x, "y": y})
    ready(page)


def readout(page: Page, name: str) -> str:
    """One part of the readout: answer, piece or read."""
    return page.locator(f'[data-say="{name}"]').first.inner_text()


def marked(page: Page) -> list[str]:
    return page.locator(".marked").all_inner_texts()
