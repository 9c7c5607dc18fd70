"""The page where readers try the model, as Python makes it: what it is told, and what it says of rounding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Site
from sitegen.web.inputs import LiveInputs, Rounding
from sitegen.web.layout import Frames
from sitegen.web.pages.try_it import TryPage, rounding_line, try_page
from sitegen.web.text.nouns import PAPERS, Nouns
from tests.sites import make_site
from tests.web.papers import PALETTE

EXACT = Rounding(exact=True, largest=0.0, median=0.0, records=3)


def page_of(site: Site, *, start: str = "") -> TryPage:
    live = LiveInputs(model=lambda: {"words": "a" * 2_000_000}, numbers={}, rounding=EXACT)
    return try_page(site, Frames(site=site, palette=PALETTE)("try", "Try your own"), live, start=start)


def test_it_is_told_what_the_site_is(tmp_path: Path) -> None:
    page = page_of(make_site(tmp_path), start="p1")
    settings: dict[str, Any] = page.settings
    assert settings["classes"] == ["not computational", "computational"]
    assert (settings["titled"], settings["text"], settings["start"]) == (True, "abstract", "p1")
    assert settings["record"] == ["records/", ".html"]
    assert (page.what, page.size, page.examples) == ("a title and an abstract", "2 MB", True)
    assert [step.field for step in page.path.steps] == ["title", "abstract"]
    (tables,) = page.values
    assert tables.value["sentences"]["abbreviations"]


def test_texts_without_titles_have_one_field(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    records = site.records.model_copy(update={"title": "", "noun": "speech"})
    page = page_of(site.model_copy(update={"records": records}))
    assert (page.what, page.settings["titled"], page.settings["about"]["name"]) == ("a text", False, "my-text")
    assert [step.field for step in page.path.steps] == ["abstract"]
    assert not page.examples


@pytest.mark.parametrize(
    ("largest", "median", "said"),
    [
        (
            1.251,
            0.00291,
            "at most 1.3 points … and half of them are within 0.003 points",
        ),
        (0.04, 0.0, "at most 0.04 points … and half of them are within 0.001 points"),
        (1.0, 0.2, "at most 1 point … and half of them are within 0.2 points"),
    ],
)
def test_what_rounding_costs_is_said_upwards(largest: float, median: float, said: str) -> None:
    cost = replace(EXACT, exact=False, largest=largest, median=median, records=104)
    line = rounding_line(cost, nouns=PAPERS)
    assert said in line.replace("from the one on the paper's page, ", "… ")
    assert line.startswith("To fit in a page, the model's numbers are rounded: over the 104 papers of this site")


def test_a_model_that_fits_is_said_to_be_the_same() -> None:
    speeches = Nouns(one="speech", many="speeches")
    assert "unrounded: the answers here are those of the speeches' pages" in rounding_line(EXACT, nouns=speeches)
    assert "unrounded: the answers there are those" in rounding_line(EXACT, nouns=speeches, here="there")
