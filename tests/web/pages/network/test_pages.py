"""The map's page, the units' pages and units.csv of a built site say the same, and what was found."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.written import FIELDS
from sitegen.web.export.files import files_of
from sitegen.web.layout import Frames
from sitegen.web.pages.network import numbers
from sitegen.web.pages.network.map import STRONGEST, WITHIN, map_page, map_values
from sitegen.web.pages.network.map import pages as map_pages
from sitegen.web.pages.network.numbers import all_units
from sitegen.web.pages.network.unit import pages as unit_pages
from sitegen.web.pages.network.wording import change
from sitegen.web.publish.render import Renderer
from sitegen.web.text.numbers import unit_log_odds
from tests.classifiers import Bag
from tests.runs import Built
from tests.web.pages.network.conftest import Looked
from tests.web.papers import Node, frames, inputs, papers, parse, site, surveyed


def table(looked: Looked) -> list[dict[str, str]]:
    with (looked.site.output.folder / "data" / "units.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def built(looked: Looked, path: str) -> Node:
    return parse((looked.site.output.folder / path).read_text(encoding="utf-8"))


def test_the_table_of_the_map_is_that_of_the_data(looked: Looked) -> None:
    rows = {row["unit"]: row for row in table(looked)}
    assert len(rows) == 32
    page = built(looked, "network/index.html")
    shown = [[cell.text for cell in line.all("td")] for line in page.one("tbody").all("tr")]
    assert len(shown) == 32
    names = {"positive": "computational", "negative": "not computational", "": ""}
    for name, reads, layer, effect, error, speaks, active in shown:
        row = rows[name]
        assert reads == f"{row['field']} {row['direction']}"
        assert layer == row["layer"]
        assert effect == f"{float(row['effect']):.4f}"
        assert error == f"{float(row['effect_error']):.4f}"
        assert speaks == names[row["speaks_for"]]
        assert float(active.removeprefix("over ").rstrip("%")) == pytest.approx(100 * float(row["active"]), abs=0.51)
    effects = [float(line[3]) for line in shown]
    assert effects == sorted(effects, reverse=True)
    links = [link.attributes["href"] for link in page.one("tbody").all("a")]
    assert sorted(f"network/{link}" for link in links) == sorted(row["page"] for row in rows.values())


def test_the_maps_page_begins_with_a_unit_and_its_words_where_words_may_be_told(looked: Looked) -> None:
    units = all_units(looked.inputs, looked.scan)
    example = map_page(looked.inputs, looked.frames("network", "Inside"), units).example
    assert example
    assert example.link.text == max(units, key=lambda unit: unit.points).unit.name
    begin, _ = built(looked, "network/index.html").all("a", href=example.link.href)  # the other is in the table
    assert begin.text == example.link.text
    records = looked.site.records.model_copy(update={"publish": "scores"})
    silent = looked.site.model_copy(update={"records": records})
    withheld = Frames(site=silent, palette=Renderer().palette)
    assert map_page(looked.inputs, withheld("network", "Inside"), units).example is None
    pages = unit_pages(looked.inputs, looked.scan, withheld)
    assert {page.example_unit for page, _ in zip(pages, range(20), strict=False)} == {""}


def test_a_units_page_says_its_numbers(looked: Looked) -> None:
    for row in table(looked):
        page = built(looked, row["page"])
        text = page.one("main").text
        assert page.one("h1").text.startswith(f"Unit {row['unit']} ")
        first = page.one("p", class_="lead").text
        positive, negative = unit_log_odds(float(row["in_positive"])), unit_log_odds(float(row["in_negative"]))
        assert ("of the layer above, read it" in first) == (row["layer"] == "1")
        assert f"it changes an answer by {change(float(row['effect_change']))} on average" in first
        assert "log-odds" not in first
        exact = page.one("p", class_="hint").text
        assert f"adds {positive} for “computational” papers, {negative} for" in exact
        assert f"a change of {float(row['effect']):.4f} ± {float(row['effect_error']):.4f} (" in exact
        assert f"Then {row['right_held']} of {row['labelled']} labelled papers" in text
        speaks = {"positive": "more for “computational”", "negative": "more for “not computational”", "": "neither"}
        assert f"speaks {speaks[row['speaks_for']]}" in first.replace("speaks for neither", "speaks neither")


def test_examples_lead_to_their_words(looked: Looked) -> None:
    folder = looked.site.output.folder
    seen = 0
    for row in table(looked):
        for line in built(looked, row["page"]).one("div", class_="unit").all("li"):
            link = line.one("a")
            path, _, fragment = link.attributes["href"].partition("#")
            record = parse((folder / "network/units" / path).resolve().read_text(encoding="utf-8"))
            place = record.one(id=fragment) if fragment else record.one(data_field="title")
            assert link.one("b").text.removesuffix("…") in place.text
            assert (row["field"] == "title") == (not fragment)
            seen += 1
    assert seen > 200


def test_every_page_is_thin(looked: Looked) -> None:
    pages = list((looked.site.output.folder / "network/units").iterdir())
    assert len(pages) == 32
    assert max(page.stat().st_size for page in pages) < 12_000


def test_next_and_previous_lead_through_all_units(looked: Looked) -> None:
    path, names = table(looked)[0]["page"], []
    while path:
        page = built(looked, path)
        names.append(page.one("h1").text.split()[1])
        path = next((f"network/units/{link.attributes['href']}" for link in page.all("a", rel="next")), "")
    assert names == [row["unit"] for row in table(looked)]


def test_the_map_has_the_strongest_connections(looked: Looked) -> None:
    text = (looked.site.output.folder / "assets/network-units.js").read_text(encoding="utf-8")
    values = json.loads(text[text.index('= {"') + 2 :].rstrip(";\n"))
    assert looked.inputs.network
    report = looked.inputs.network.report
    names = [f"{block['name']}{number}" for block in values["blocks"] for number in block["units"]]
    rows = {row["unit"]: row for row in table(looked)}
    assert sorted(names) == sorted(rows)
    for block in values["blocks"]:
        for k, number in enumerate(block["units"]):
            row = rows[f"{block['name']}{number}"]
            assert block["effect"][k] == round(float(row["effect"]), 4)
            assert block["points"][k] == round(100 * float(row["effect_change"]), 1)
            assert f"network/{block['address'].replace('_', str(number))}" == row["page"]
        assert bool(block["out"]) == (block["layer"] == 1)
    found = iter(values["kinds"])
    for field in FIELDS:
        of = report.of(field)
        for layer in range(2):
            if layer == 0:
                check_kind(next(found), "up", of.up[0] * of.spreads[0].reshape(-1, 1), field, (0, 1), names)
            own = np.zeros((8, 8))
            for k in range(2):
                own[4 * k : 4 * k + 4, 4 * k : 4 * k + 4] = of.recurrent[layer, k] * of.spreads[layer, k][:, None]
            check_kind(next(found), "within", own * (1 - np.eye(8)), field, (layer, layer), names)
    tops = [(unit.layer.spread[unit.place], unit.slope) for unit in all_units(looked.inputs, looked.scan) if unit.top]
    out = [value for block in values["blocks"] for value in block["out"]]
    assert sorted(out) == pytest.approx(sorted(np.copysign(*pair) for pair in tops), rel=1e-3)
    assert values["out"] == {"count": 16, "total": pytest.approx(sum(spread for spread, _ in tops), rel=1e-3)}


def check_kind(
    kind: Any, name: str, carried: np.ndarray, field: str, layers: tuple[int, int], names: list[str]
) -> None:
    assert kind["kind"] == name
    assert kind["count"] == (carried > 0).sum()
    assert kind["total"] == pytest.approx(carried.sum(), rel=1e-3)
    ends = [[names[k] for k in kind["ends"][half::2]] for half in (0, 1)]
    assert kind["carry"] == sorted(kind["carry"], reverse=True)
    for source, target, carry in zip(*ends, kind["carry"], strict=True):
        places = []
        for end, layer in zip((source, target), layers, strict=True):
            match = re.fullmatch(r"([TA])(\d)([→←])(\d+)", end)
            assert match
            assert (match[1], int(match[2])) == (field[0].upper(), layer + 1)
            places.append(4 * "→←".index(match[3]) + int(match[4]))
        assert carry == pytest.approx(carried[tuple(places)], rel=1e-3)
    most = round(STRONGEST * (1 - WITHIN) / 2) if name == "up" else round(STRONGEST * WITHIN / 4)
    strongest = np.sort(carried[carried > 0])[::-1][:most]
    assert kind["carry"][: len(strongest)] == pytest.approx(strongest, rel=1e-3)


def test_of_too_many_units_those_that_matter_most_are_shown(looked: Looked, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbers, "SHOWN", 5)
    units = all_units(looked.inputs, looked.scan)
    assert len(units) == 32
    shown = {unit.unit.name for unit in units if unit.shown}
    assert shown == {unit.unit.name for unit in sorted(units, key=lambda unit: -unit.effect)[:5]}
    page = map_page(looked.inputs, looked.frames("network", "Inside"), units)
    assert {row.name for row in page.rows} == shown
    assert page.left_out == "Shown are the 5 of its 32 units whose effect is largest."
    values = map_values(page.frame, looked.inputs.network.report, units)  # type: ignore[union-attr]
    assert sum(len(block.get("units", [])) for block in values["blocks"]) == 5
    assert all(end < 5 for kind in values["kinds"] for end in kind["ends"])
    made = list(unit_pages(looked.inputs, looked.scan, looked.frames))
    assert {page.frame.heading.removeprefix("Unit ") for page in made} == shown
    linked = {link.text for page in made for link, _ in (*page.alike, *page.opposite)}
    assert linked <= shown
    assert {unit.page for unit in units if not unit.shown} == {""}


def test_without_a_network_there_is_no_such_page(tmp_path: Path) -> None:
    description = site(tmp_path)
    given, found = inputs(description, papers(), {"bag": Bag()}), surveyed(description, papers())
    assert (found.units, list(map_pages(given, found, frames(description)))) == (None, [])
    assert list(unit_pages(given, found, frames(description))) == []
    assert "units.csv" not in {file.name for file in files_of(given)}
    lacking = Frames(site=description, palette=Renderer().palette, lacking=frozenset({"network"}))
    assert "Network" not in {item.text for item in lacking.nav}
    assert "Network" in {item.text for item in frames(description).nav}


def test_a_site_without_a_network_has_no_dead_entry(built_site: Path, plain_site: Built) -> None:
    for folder in (built_site, plain_site.site.output.folder):
        there = (folder / "network" / "index.html").exists()
        assert there == ("Network</a>" in (folder / "index.html").read_text(encoding="utf-8"))
        assert there == (folder / "data" / "units.csv").exists()
