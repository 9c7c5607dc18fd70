"""The files of the page of patterns hold the bits of states and the words of papers; where texts are withheld, none."""

from __future__ import annotations

import base64
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.network.patterns import cells
from sitegen.analysis.network.written import FIELDS
from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.export.patterns import deflated
from tests.browser.inside_files import fields_of, network_of, value_of
from tests.released import MODES
from tests.sites import HOSTILE, RECORDS, Recorder, row, write_site


def inflated(text: str) -> bytes:
    return zlib.decompress(base64.b64decode(text), -zlib.MAX_WBITS)


def words_of(site: Path) -> dict[str, Any]:
    *_, line = (site / "network" / "patterns" / "words.js").read_text(encoding="utf-8").splitlines()
    found: dict[str, Any] = json.loads(line.partition(" = ")[2].rstrip(";"))
    return found


def states_of(site: Path, field: str) -> np.ndarray[Any, Any]:
    """The states after each known word of all papers, from their own files."""
    found = []
    for paper in words_of(site)["papers"]:
        of_field = fields_of(site, paper["name"])[field]  # type: ignore[index]
        found.append(of_field.states.reshape(len(of_field.states), -1)[: len(of_field.known)])
    return np.concatenate(found)


def steps_of(site: Path, field: str) -> list[int]:
    return list(value_of(site / "assets" / "patterns-data.js")["steps"][field])


@given(st.binary(max_size=500))
def test_deflating_loses_nothing(data: bytes) -> None:
    assert zlib.decompress(deflated(data), -zlib.MAX_WBITS) == data


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_bits_are_the_cells(built_site: Path, field: str, number: int) -> None:
    network, states = network_of(built_site), states_of(built_site, field)
    on = cells(states, steps_of(built_site, field)[number - 1])
    units, words = states.shape[1], len(states)
    folder, width = built_site / "network" / "patterns", -(-words // 8)

    def planes(name: str) -> np.ndarray[Any, Any]:
        data = np.frombuffer(inflated(value_of(folder / f"{name}.js")), np.uint8).reshape(-1, width)
        return np.unpackbits(data, axis=1, bitorder="little")[:, :words].astype(bool)

    assert np.array_equal(planes(f"all-{field}-{number}").T, on)
    for row_ in range(units):
        direction, place = divmod(row_, network["hidden"])
        name = f"{field}-{network['layers']}-{('forward', 'backward')[direction]}-{place}-{number}"
        of_unit = planes(name)
        assert np.array_equal(of_unit[0], on[:, row_])
        if len(of_unit) == 2:
            assert np.array_equal(of_unit[1], on[:, units + row_])
        else:
            assert not on[:, units + row_].any()


def test_the_words_are_those_that_the_states_stand_for(built_site: Path) -> None:
    rows = {record["id"]: record for record in RECORDS}
    papers = words_of(built_site)["papers"]
    assert len(papers) == len(RECORDS)
    for paper in papers:
        for field in FIELDS:
            pieces = paper[field]["text"].split("\n")
            assert (len(pieces) - 1) // 2 == len(fields_of(built_site, paper["name"])[field].known)
            assert [word for word in pieces[1::2] if word.startswith("q") or not word.strip()] == []
            if paper["name"] in rows:
                text = " ".join(rows[paper["name"]][field].split())
                assert text.endswith("".join(pieces))
                assert paper[field]["ends"][-1:] in ([], [(len(pieces) - 1) // 2])
    (hostile,) = [paper for paper in papers if paper["name"] == "p3"]
    assert hostile["heading"] == f"Markup {HOSTILE} in a title"
    assert "<" not in (built_site / "network" / "patterns" / "words.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("mode", MODES)
def test_where_texts_are_withheld_there_is_no_such_page(released: dict[str, Path], mode: str) -> None:
    site = released[mode]
    there = {path.name for path in site.rglob("*pattern*")} | {path.name for path in (site / "network").rglob("*")}
    made = {"patterns.html", "patterns", "words.js", "all-title-1.js", "patterns-data.js"}
    assert (made <= there) if mode == "all" else not (made & there)


def test_papers_of_one_text_are_searched_once(tmp_path: Path, light: None) -> None:
    twice = [*RECORDS[:3], row("again", RECORDS[1]["title"], RECORDS[1]["abstract"], label="computational")]
    site = load_site(write_site(tmp_path, records=twice))
    pipeline.build(site, reporter=Recorder())
    found = words_of(site.output.folder)
    assert [paper["name"] for paper in found["papers"]] == ["p1", "p2", "p3"]
    assert found["same"] == {"again": "p2"}


def test_a_network_that_is_not_shown_has_no_such_page(tmp_path: Path, light: None) -> None:
    file = write_site(tmp_path, records=RECORDS[:3])
    file.write_text(file.read_text(encoding="utf-8") + "\n[network]\nshow = false\n", encoding="utf-8")
    site = load_site(file)
    pipeline.build(site, reporter=Recorder())
    assert not (site.output.folder / "network").exists()
    assert "network/" not in json.dumps([path.name for path in site.output.folder.rglob("*")])
