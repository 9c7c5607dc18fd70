"""What a built site has of its records' texts: every file of it is searched."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from sitegen.web.publish.single_file import single_file
from tests.released import COPIED, KEPT, MODES, SENTENCES, WORDS, leaks

Released = dict[str, Path]


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_search_finds_the_texts_where_they_are_published(released: Released) -> None:
    found = leaks(released["all"], 0)
    for name in (
        "assets/texts.js",
        "data/records.csv",
        "data/sentences.csv",
        "data/grids.jsonl",
        "sentences/index.html",
    ):
        assert found.get(name), name
    assert found["records/ships.html"] >= len(COPIED.split()) - 7


def test_the_search_finds_more_than_an_excerpt(released: Released) -> None:
    assert leaks(released["excerpts"], 0).keys() == set()  # excerpts of four words make no run of eight
    assert leaks(released["all"], WORDS)


@pytest.mark.parametrize(("mode", "words"), [("excerpts", WORDS), ("scores", 0)])
def test_no_file_holds_a_run_of_withheld_words(released: Released, mode: str, words: int) -> None:
    assert leaks(released[mode], words) == {}


@pytest.mark.parametrize(("mode", "words"), [pytest.param("excerpts", WORDS, marks=pytest.mark.nightly), ("scores", 0)])
def test_a_single_file_holds_none_either(released: Released, tmp_path: Path, mode: str, words: int) -> None:
    for found, folder in (("all", tmp_path / "all"), (mode, tmp_path / mode)):
        folder.mkdir()
        page = single_file(released[found], "records/ships.html", url="")
        (folder / "ships.html").write_text(page, encoding="utf-8")
    assert leaks(tmp_path / "all", words)
    assert leaks(tmp_path / mode, words) == {}


@pytest.mark.parametrize("mode", MODES)
def test_all_numbers_but_those_of_single_words_stay(released: Released, mode: str) -> None:
    whole, part = table(released["all"], "sentences.csv"), table(released[mode], "sentences.csv")
    for row in whole:
        del row["text"]
    for row in part:
        row.pop("text", None)
    assert part == whole
    lacking = names(released["all"]) - names(released[mode])
    copied = {name for name in lacking if name.startswith("copied-")}  # the page of a facet that is a text
    states = {path.name for path in (released["all"] / "records").glob("inside*/**/*.js")} | {"inside"}
    states |= names(released["all"] / "network" / "patterns") | {"patterns", "patterns.html", "patterns-data.js"}
    assert len(states) > 5
    states -= {"words.js"}  # the name of another script, too
    assert lacking - copied == (set() if mode == "all" else {"recompute.py", *states})


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")}


def test_excerpts_end_in_dots(released: Released) -> None:
    texts = [row["text"] for row in table(released["excerpts"], "sentences.csv") if row["id"] == "ships"][:3]
    assert texts == ["Ninety harbour towns kept …", "We read them by …", "Salt follows fish, fish …"]
    (record,) = [row for row in table(released["excerpts"], "records.csv") if row["id"] == "ships"]
    assert record["abstract"] == " ".join(texts)


@pytest.mark.parametrize("mode", ["excerpts", "scores"])
def test_an_abstract_in_another_column_goes_with_it(released: Released, mode: str) -> None:
    rows = {row["id"]: row for row in table(released[mode], "records.csv")}
    assert (rows["ships"]["year"], rows["copy"]["subject"]) == ("", "")
    assert rows["ships"]["doi"] == "10.1000/ships"
    assert rows["p1"]["subject"] == "sociology"


def test_where_only_scores_are_published_no_word_of_an_abstract_has_a_number(released: Released) -> None:
    lines = (released["scores"] / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    for grid in map(json.loads, lines):
        assert not grid.keys() & {"abstract_tokens", "abstract_words", "abstract_words_alone"}
        assert len(grid["title_words"]) == len(grid["title_tokens"])


def test_withheld_words_have_no_numbers_of_their_own(released: Released) -> None:
    lines = (released["excerpts"] / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    grid = next(grid for grid in map(json.loads, lines) if grid["id"] == "ships")
    tokens = grid["abstract_tokens"]
    assert tokens[:4] == ["ninety", "harbour", "towns", "kept"]
    assert {None} == set(tokens[4 : grid["sentence_ends"][0]])
    for key in ("abstract_words", "abstract_words_alone"):
        assert [value is None for value in grid[key]] == [token is None for token in tokens]


@pytest.mark.parametrize("mode", ["excerpts", "scores"])
def test_within_a_sentence_of_withheld_words_no_answer_is_published(released: Released, mode: str) -> None:
    """The first one would be what the first word says alone, which the list of words has."""
    lines = (released[mode] / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    of_ships = [grid for grid in map(json.loads, lines) if grid["id"] == "ships"]
    assert ["abstract" in grid for grid in of_ships] == [True, False]
    for grid in of_ships:
        for row in [grid["abstract"]] if "abstract" in grid else grid["cells"]:
            assert [k + 1 for k, value in enumerate(row) if value is not None] == grid["sentence_ends"]
    page = (released[mode] / "records" / "ships.html").read_text(encoding="utf-8")
    assert "How the answer forms, sentence by sentence" in page


@pytest.mark.parametrize("mode", ["excerpts", "scores"])
def test_every_page_says_that_texts_are_withheld(released: Released, mode: str) -> None:
    for path in released[mode].rglob("*.html"):
        if path.name != "404.html":
            assert "The texts of the abstracts are not published here" in path.read_text(encoding="utf-8"), path.name


def test_lists_name_sentences_by_number_where_only_scores_are_published(released: Released) -> None:
    page = (released["scores"] / "sentences" / "index.html").read_text(encoding="utf-8")
    assert "sentence 1 of 3" in page
    titles = {record["title"] for record in KEPT if record["title"]}
    assert "Ledgers of ships" in titles
    assert ">Ledgers of ships</a>" in page
    assert SENTENCES[0] not in page
