"""The page where readers try the model, as Python makes it: what it is told, and what it says of rounding."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Classes, Site
from sitegen.config.tables import Model, Occlusion
from sitegen.corpus.records import Record
from sitegen.web.inputs import LiveInputs, Rounding
from sitegen.web.layout import Frames
from sitegen.web.pages.record.models import place_of
from sitegen.web.pages.try_it import TryPage, rounding_line, starts, try_page
from sitegen.web.publish.render import Renderer
from sitegen.web.summary import RecordSummary
from sitegen.web.text.nouns import PAPERS, Nouns
from tests.sites import make_site
from tests.web.papers import PALETTE

EXACT = Rounding(exact=True, largest=0.0, median=0.0, records=3)


def page_of(site: Site, *, start: str = "") -> TryPage:
    live = [LiveInputs(model=lambda: {"words": "a" * 2_000_000}, numbers={}, rounding=EXACT)]
    return try_page(site, Frames(site=site, palette=PALETTE)("try", "Try your own"), live, start=start)


def summary(name: str, probability: float) -> RecordSummary:
    """Of a record that a model reads so, with a threshold of .6."""
    record = Record(id=name, title=f"Title {name}", abstract="", label=None, facets={}, metadata={}, line=2, source="")
    return RecordSummary(
        record=record,
        name=name,
        probability=probability,
        predicted=int(probability >= 0.6),
        top=None,
        sentences=(),
        heading=f"Title {name}",
    )


def test_it_is_told_what_the_site_is(tmp_path: Path) -> None:
    page = page_of(make_site(tmp_path), start="p1")
    settings: dict[str, Any] = page.settings
    assert settings["classes"] == ["not computational", "computational"]
    assert (settings["titled"], settings["text"], settings["start"]) == (True, "abstract", "p1")
    assert settings["record"] == ["records/", ".html"]
    assert (page.what, page.models[0].size) == ("a title and an abstract", "2 MB")
    assert [step.field for step in page.path.steps] == ["title", "abstract"]
    (tables,) = page.values
    assert tables.value["sentences"]["abbreviations"]


def test_texts_without_titles_have_one_field(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    records = site.records.model_copy(update={"title": "", "noun": "speech"})
    page = page_of(site.model_copy(update={"records": records}))
    assert (page.what, page.settings["titled"], page.settings["about"]["name"]) == ("a text", False, "my-text")
    assert [step.field for step in page.path.steps] == ["abstract"]


def test_it_speaks_of_shares_where_the_records_pages_have_them(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    off = site.model_copy(update={"occlusion": Occlusion(shapley="off")})
    assert [page_of(one).by_shares for one in (site, off)] == [True, False]
    assert "own pages" in Renderer().render(page_of(site))
    assert "own pages" not in Renderer().render(page_of(off))


def test_every_model_that_can_be_tried_is_told_of(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    other = Model(name="Só & <so>", path=site.models[0].path, only={"subject": ("law", "art")})
    site = site.model_copy(update={"models": (site.models[0], other)})
    live = [LiveInputs(number=n, model=dict, numbers={}, rounding=EXACT) for n in (0, 1)]
    frame = Frames(site=site, palette=PALETTE)("try", "Try your own")
    page = try_page(site, frame, live, start="", absent={"Third": "It is too large."})
    first, second = page.settings["models"]
    assert (first["key"], first["script"], first["value"]) == ("first", "assets/live-model.js", "liveModel")
    assert (second["script"], second["value"]) == ("assets/live-model-2.js", "liveModel2")
    assert second["key"] == place_of(other.name)
    assert live[1].script.endswith("window.sitegen.liveModel2 = {};\n")
    assert page.models[0].scope == ""
    assert "reads only the papers whose subject is “law” or “art”" in page.models[1].scope
    html = Renderer().render(page)
    assert "<b>Third</b> cannot be tried here. It is too large." in html
    assert "Só &amp; &lt;so&gt; <b></b>" in html
    alone = try_page(site, frame, live[1:], start="")  # the page goes by the first that can be tried
    assert [one["name"] for one in alone.settings["models"]] == [alone.heatmap.model] == [other.name]


def test_an_empty_page_offers_clear_cases_and_a_close_call() -> None:
    classes = Classes(negative="no", positive="yes", threshold=0.6)
    texts = [summary(name, p) for name, p in (("a", 0.7), ("b", 0.1), ("c", 0.97), ("d", 0.58), ("e", 0.02))]
    found = [(start.record, start.kind) for start in starts(texts, classes)]
    assert found == [("c", "a clear case of “yes”"), ("e", "a clear case of “no”"), ("d", "a close call")]
    assert [start.record for start in starts(texts[1:2], classes)] == ["b"]


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
