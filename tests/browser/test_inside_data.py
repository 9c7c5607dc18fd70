"""What a page reads of the inside of the network is what Python wrote, number by number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from sitegen.web.text.units import Unit
from tests.browser.heatmap_view import ready
from tests.browser.inside_files import fields_of, network_of

pytestmark = pytest.mark.browser

READ = """async ([name, field]) => {
  await sitegen.load('../assets/inside-data.js');
  const found = (await sitegen.insideData('../', name))[field];
  const plain = (numbers) => Array.from(numbers);
  const { units, count, known, error } = found;
  return { units, count, known, error, states: plain(found.states), evidence: plain(found.evidence()),
           parts: plain(found.parts), words: plain(found.words) };
}"""

NAMED = """async (row) => {
  await sitegen.load('../assets/inside-data.js');
  const { network } = await sitegen.insideData('../', 'p1');
  return sitegen.unitOf(network, 'abstract', network.layers, row);
}"""


@pytest.mark.parametrize("name", ["p1", "p5", "p6", "p9"])  # plain; no abstract; no known word; no title
def test_a_page_reads_states_and_makes_evidence_of_them(page: Page, site_url: str, built_site: Path, name: str) -> None:
    page.goto(f"{site_url}records/{name}.html")
    ready(page)
    for field in ("title", "abstract"):
        read, wanted = page.evaluate(READ, [name, field]), fields_of(built_site, name)[field]
        shape = read["units"], read["count"]
        assert read["known"] == wanted.known
        assert np.array_equal(np.reshape(read["states"], shape), wanted.states.reshape(len(wanted.states), -1).T)
        assert np.array(read["evidence"]).reshape(shape) == pytest.approx(wanted.evidence, abs=1e-12)
        assert np.allclose(read["parts"], wanted.units)
        assert np.allclose(read["words"], wanted.words)
        rows = np.array(read["evidence"]).reshape(shape).sum(axis=1)
        assert np.abs(rows - wanted.units).max() <= read["error"] * shape[1] + 1e-6


def test_the_units_of_a_page_have_the_names_that_they_have_everywhere(page: Page, built_site: Path) -> None:
    page.goto(f"{built_site.as_uri()}/records/p1.html")
    ready(page)
    network = network_of(built_site)
    for row in range(network["directions"] * network["hidden"]):
        direction, number = divmod(row, network["hidden"])
        unit = Unit(field="abstract", layer=network["layers"] - 1, direction=direction, number=number)
        named = page.evaluate(NAMED, row)
        assert named == {
            "name": unit.name,
            "words": unit.words,
            "file": unit.file,
            "direction": direction,
            "number": number,
        }
