"""The map of a network's units in a browser: what it draws can be read back, and it is worked by hand and by keys."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from sitegen.cli.preview import server
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from tests.browser.axe import violations
from tests.browser.conftest import NewPage
from tests.sites import Recorder, make_site, vega_bundle, write_model

pytestmark = pytest.mark.browser

MAP = "network/index.html"
FEW, MANY = 40, 120
UNITS = 2 * 2 * 2 * 16


@pytest.fixture(scope="session")
def two_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of a site whose network has two layers of 16 units for each text and direction."""
    folder = tmp_path_factory.mktemp("layers")
    write_model(folder / "model", layers=2, hidden=16)
    site = make_site(folder, models={"First": "model"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        pipeline.build(site, reporter=Recorder())
    return site.output.folder


@pytest.fixture(scope="session")
def served(two_layers: Path) -> Iterator[str]:
    with server(two_layers, base="/sub/", port=0) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/sub/"
        running.shutdown()
        thread.join()


@pytest.fixture(params=["from disk", "over HTTP"])
def url(request: pytest.FixtureRequest, two_layers: Path) -> str:
    address: str = f"{two_layers.as_uri()}/" if request.param == "from disk" else request.getfixturevalue("served")
    return address


def opened(page: Page, url: str) -> Page:
    page.goto(url + MAP)
    page.wait_for_selector('[data-part="region"][data-ready="map"][data-edges]')
    page.wait_for_selector('html[data-ready="tables"]')
    page.locator('[data-part="map"]').evaluate("(map) => map.scrollIntoView({ behavior: 'instant' })")
    return page


def rows(folder: Path) -> dict[str, dict[str, str]]:
    with (folder / "data" / "units.csv").open(encoding="utf-8", newline="") as stream:
        return {row["unit"]: row for row in csv.DictReader(stream)}


def data(page: Page, name: str) -> str:
    """What the map says of itself, once it is drawn anew."""
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return page.locator('[data-part="region"]').get_attribute(f"data-{name}") or ""


def drawn(page: Page) -> list[tuple[int, int, str]]:
    """Of each kind how many connections are drawn, of how many, and their share, as the page says."""
    data(page, "edges")
    said = page.locator('[data-part="drawn"]').inner_text()
    found = re.findall(r"([\d,]+) of ([\d,]+) [^(]*\(([^)]*?) of what all", said)
    return [(int(few.replace(",", "")), int(all_.replace(",", "")), share) for few, all_, share in found]


def test_few_connections_are_drawn_and_more_as_one_comes_closer(page: Page, url: str) -> None:
    opened(page, url)
    (between, all_between, share), (out, all_out, _) = drawn(page)
    assert (all_between, all_out) == (2 * 32 * 32, 2 * 32)
    assert between + out == FEW == int(data(page, "edges")) == page.locator("path.edge").count()
    values = page.evaluate(
        """() => {
          const kinds = sitegen.units.kinds.filter((kind) => kind.kind === "up");
          const carry = kinds.flatMap((kind) => kind.carry).sort((a, b) => b - a);
          const total = kinds.reduce((sum, kind) => sum + kind.total, 0);
          return [20, 10].map((n) => carry.slice(0, n).reduce((a, b) => a + b, 0) / total);
        }"""
    )
    assert share == f"{100 * values[0]:.1f}%"
    before = page.locator('[data-part="drawn"]').inner_text()
    for _ in range(3):
        page.get_by_role("button", name="Closer").click()
    assert FEW < int(data(page, "edges")) <= MANY
    assert page.locator('[data-part="drawn"]').inner_text() != before
    for _ in range(8):
        page.get_by_role("button", name="Closer").click()
    assert int(data(page, "edges")) <= MANY
    page.get_by_role("button", name="Whole map").click()
    assert data(page, "closeness") == "1.00"
    page.get_by_label("connections within a layer, too").check()
    assert len(drawn(page)) == 3
    assert int(data(page, "edges")) == FEW


def test_every_unit_is_on_the_map_and_numbers_are_those_of_the_data(page: Page, url: str, two_layers: Path) -> None:
    opened(page, url)
    assert page.locator("g > circle.node").count() == UNITS
    known = rows(two_layers)
    page.locator('[data-part="region"]').focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowDown", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        row = known[data(page, "current")]
        expect(page.locator('[data-part="said"]')).to_contain_text(
            f" points on average ({float(row['effect']):.4f} ± {float(row['effect_error']):.4f} log-odds)"
        )
    table = page.locator("table.units tbody tr")
    assert table.count() == 25
    for line in table.all()[:5]:
        cells = line.locator("td").all_inner_texts()
        assert cells[3] == f"{float(known[cells[0]]['effect']):.4f}"


def test_a_unit_is_found_by_its_name(page: Page, url: str) -> None:
    opened(page, url)
    find = page.get_by_label("Find a unit")
    for text, count in (("A2→7", 1), ("a2 7", 2), ("A2->7", 1), ("T", 64), ("A1←", 16), ("7", 8), ("A9", 0), ("x?", 0)):
        find.fill(text)
        assert data(page, "found") == str(count)
        assert page.locator("circle.found").count() == count
    expect(page.locator('[data-part="said"]')).to_have_text("No unit has this name.")
    find.fill("A2→7")
    find.press("Enter")
    assert data(page, "current") == "A2→7"
    assert float(data(page, "closeness")) >= 1
    expect(page.locator('[data-part="region"]')).to_be_focused()
    expect(page.locator('[data-part="said"]')).to_contain_text("A2→7: reads the abstract forward, layer 2.")
    page.keyboard.press("Escape")
    assert (data(page, "current"), data(page, "found")) == ("", "")
    expect(find).to_have_value("")


def test_keys_move_come_closer_and_open(page: Page, url: str) -> None:
    opened(page, url)
    page.locator('[data-part="region"]').focus()
    page.keyboard.press("ArrowRight")
    first = data(page, "current")
    places = [first]
    for key in ("ArrowRight", "ArrowLeft"):
        page.keyboard.press(key)
        places.append(data(page, "current"))
    assert places[0] == places[2] != places[1]
    page.keyboard.press("+")
    assert float(data(page, "closeness")) == 1.5
    page.keyboard.press("-")
    assert float(data(page, "closeness")) == 1.0
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"Unit {first} ")


def spot(page: Page, name: str) -> tuple[float, float]:
    """A unit in the middle of the map: where it is in the window."""
    page.get_by_label("Find a unit").fill(name)
    page.get_by_label("Find a unit").press("Enter")
    data(page, "current")
    box = page.locator("circle.current").bounding_box()
    assert box
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_click_opens_a_units_page_and_a_drag_does_not(page: Page, url: str) -> None:
    opened(page, url)
    x, y = spot(page, "A2→3")
    page.mouse.move(x, y)
    expect(page.locator('[data-part="said"]')).to_contain_text("A2→3:")
    page.mouse.down()
    page.mouse.move(x - 60, y - 40, steps=4)
    page.mouse.up()
    assert page.url.endswith(MAP)
    data(page, "current")
    box = page.locator("circle.current").bounding_box()
    assert box
    assert box["x"] + box["width"] / 2 == pytest.approx(x - 60, abs=1.5)
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Unit A2→3 ")
    page.get_by_role("link", name="Network", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Inside the network")


def test_the_wheel_with_ctrl_comes_closer_and_alone_scrolls(page: Page, two_layers: Path) -> None:
    opened(page, f"{two_layers.as_uri()}/")
    region = page.locator('[data-part="region"]')
    region.scroll_into_view_if_needed()
    box = region.bounding_box()
    assert box
    page.mouse.move(box["x"] + 200, box["y"] + 100)
    page.mouse.wheel(0, -50)
    assert data(page, "closeness") == "1.00"
    page.keyboard.down("Control")
    page.mouse.wheel(0, -100)
    page.keyboard.up("Control")
    assert float(data(page, "closeness")) > 1.3


def test_a_finger_reads_first_and_opens_then(new_page: NewPage, two_layers: Path) -> None:
    page = new_page(viewport={"width": 390, "height": 844}, has_touch=True)
    opened(page, f"{two_layers.as_uri()}/")
    place = spot(page, "A2→3")
    page.keyboard.press("Escape")
    expect(page.locator('[data-part="said"]')).to_contain_text("Point at a unit")
    page.touchscreen.tap(*place)
    expect(page.locator('[data-part="said"]')).to_contain_text("A2→3:")
    assert page.url.endswith(MAP)
    page.touchscreen.tap(*place)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Unit A2→3 ")


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
@pytest.mark.parametrize("path", [MAP, "network/units/abstract-1-backward-3.html"])
def test_pages_fit_and_nothing_hinders_access(
    new_page: NewPage, two_layers: Path, path: str, width: int, scheme: str
) -> None:
    page = new_page(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 844})
    page.goto(f"{two_layers.as_uri()}/{path}")
    page.wait_for_timeout(300)
    assert page.evaluate("() => document.documentElement.scrollWidth") <= width
    assert page.evaluate(
        "() => [...document.querySelectorAll('table')].every((t) => t.getBoundingClientRect().right <= innerWidth)"
    )
    assert violations(page) == []


def test_without_scripts_the_table_is_there(new_page: NewPage, two_layers: Path) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{two_layers.as_uri()}/{MAP}")
    expect(page.get_by_text("The map needs scripts.")).to_be_visible()
    expect(page.locator('[data-part="map"]')).to_be_hidden()
    expect(page.locator("table.units tbody tr")).to_have_count(UNITS)


def test_on_paper_the_map_fits_the_sheet(page: Page, two_layers: Path) -> None:
    opened(page, f"{two_layers.as_uri()}/")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 680, "height": 900})
    box = page.locator(".map-region svg").bounding_box()
    assert box
    assert box["width"] <= 680
    assert box["height"] < 500
    expect(page.locator(".map-controls")).to_be_hidden()
