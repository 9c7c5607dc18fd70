"""The page where readers try the model, in a browser: writing there, waiting for the answer, and what it shows."""

from __future__ import annotations

from typing import Any

import numpy as np
from playwright.sync_api import Page

WHOLE = '[data-part="typed"][data-state="answered"][data-whole]'

# All that the figure of a page (of several, the last) is drawn from, as plain values. Infinite and missing numbers are
# null.
FIGURE = """() => {
  const { record } = [...document.querySelectorAll(".heatmap")].at(-1).figure;
  const list = (values) => values && Array.from(values);
  const upTo = (n) => Array.from({ length: n }, (_, k) => k);
  const field = ({ count, effects, alone, spans, known }) =>
    ({ effects: list(effects), alone, spans: list(spans), known: upTo(count).map(known) });
  return {
    cells: upTo(record.rows).map((row) => upTo(record.words + 1).map((word) => record.probability(row, word - 1))),
    title: field(record.title), abstract: field(record.abstract),
    path: record.path, turns: record.turns, effects: list(record.effects), shares: list(record.shares),
    sentences: record.sentences.map(({ first, end, alone, without }) => ({ first, end, alone, without })),
    spans: list(record.sentenceSpans),
  };
}"""
# What a reader who writes without a pause does to a field.
KEYS = """(box, keys) => {
  for (const key of keys) {
    box.value += key;
    box.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}"""
SHOWN = """() => ({
  percent: document.querySelector('[data-part="percent"]').textContent,
  predicted: document.querySelector('[data-part="predicted"]').textContent,
  of: document.querySelector('[data-part="percent-of"]').textContent,
  path: [...document.querySelector('.path').querySelectorAll('li:not([hidden])')].map((e) => e.textContent.trim()),
  start: document.querySelector('.path figcaption').textContent,
  sentences: [...document.querySelectorAll("[data-sentence]")]
    .map((e) => [e.textContent, e.className.includes("quiet")]),
})"""


def opened(page: Page, site: str, fragment: str = "") -> Page:
    page.goto("about:blank")
    page.goto(f"{site}try.html{fragment}")
    return answered(page)


def answered(page: Page) -> Page:
    """Wait until the text that stands there is answered whole, and drawn."""
    page.wait_for_selector(WHOLE)
    page.wait_for_selector('html[data-ready="heatmap"]')
    return page


def write(page: Page, *, title: str | None = None, abstract: str | None = None) -> Page:
    for name, text in (("title", title), ("abstract", abstract)):
        if text is not None:
            page.fill(f'[data-write="{name}"]', text)
    return answered(page)


def close(one: Any, other: Any, *, tolerance: float = 2e-5) -> bool:
    """Whether two plain values are the same but for the digits that float32 lacks."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(close(one[key], other[key], tolerance=tolerance) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(close(a, b, tolerance=tolerance) for a, b in zip(one, other, strict=True))
    if isinstance(one, float) or isinstance(other, float):
        return bool(np.isclose(one, other, atol=tolerance, rtol=tolerance))
    return bool(one == other)
