"""The late browser of `make nightly` is late: with it, a test that reads a page too early fails each time."""

from __future__ import annotations

from tests.browser.conftest import LATE, NewPage

MOMENT = 80  # milliseconds, as late.js has it
TIMES = """async () => {
  const fold = document.createElement("details");
  const begin = performance.now();
  const told = (ask) => new Promise((resolve) => ask(() => resolve(performance.now() - begin)));
  const times = [
    told((tell) => fold.addEventListener("toggle", tell)),
    told((tell) => new ResizeObserver(tell).observe(fold)),
    told((tell) => requestAnimationFrame(tell)),
  ];
  document.body.append(fold);
  fold.open = true;
  return Promise.all(times);
}"""


def test_what_a_browser_does_by_itself_comes_late(new_page: NewPage) -> None:
    page = new_page()
    page.add_init_script(path=LATE)
    page.goto("data:text/html,<!doctype html><body>")
    assert min(page.evaluate(TIMES)) >= MOMENT - 1
