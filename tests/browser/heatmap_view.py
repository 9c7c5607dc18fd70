"""The heatmap as a page has drawn it: what it shows, and pointing at it."""

from __future__ import annotations

import numpy as np
from playwright.sync_api import Page

READY = 'html[data-ready="heatmap"]'


def choose(page: Page, columns: str) -> None:
    page.locator(".heatmap-controls label", has_text=columns).click()
    page.wait_for_selector(f'.heatmap[data-drawn="{columns}"]')
    page.wait_for_selector(READY)


def cells(page: Page) -> np.ndarray:
    """The probabilities as the drawn view holds them, (rows, columns)."""
    rows = page.evaluate("() => document.querySelector('.heatmap').view.data('cells').map(({t, a, p}) => [t, a, p])")
    t, a, p = np.array(rows).T
    grid = np.full((int(t.max()) + 1, int(a.max()) + 1), np.nan)
    grid[t.astype(int), a.astype(int)] = p
    return grid


def signal(page: Page, name: str) -> object:
    return page.evaluate("name => document.querySelector('.heatmap').view.signal(name)", name)


def middle(page: Page, row: int, column: int) -> tuple[float, float]:
    """Where a cell's middle is, in pixels of the canvas."""
    left, top = page.evaluate(
        """() => { const view = document.querySelector('.heatmap').view;
        const padding = view.padding(), [left, top] = view.origin();
        return [left + padding.left, top + padding.top]; }"""
    )
    across, down = signal(page, "x_step"), signal(page, "y_step")
    assert isinstance(across, int | float)
    assert isinstance(down, int | float)
    return left + (column + 0.5) * across, top + (row + 0.5) * down


def hover(page: Page, row: int, column: int) -> None:
    x, y = middle(page, row, column)
    page.locator("canvas").hover(position={"x": x, "y": y})


def marked(page: Page) -> list[str]:
    return page.locator(".marked").all_inner_texts()
