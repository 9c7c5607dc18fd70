"""The numbers that a built site prints, beside its data files: every place where two of them differ.

Only what is published is read: pages, scripts and data. The data has as many digits as float32, so a number of it,
written by `sitegen.web.text.numbers`, is what every page must print, letter for letter. What a page rounds once before
it is written (`percent(round(p, 3))`), subtracts from a rounded number or writes by another rule shows up here.
"""

from __future__ import annotations

import csv
import html
import json
import math
import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np

from sitegen.web.inputs import SiteTotals
from sitegen.web.text.numbers import cell_number, percent, points
from sitegen.web.text.verdicts import q_text
from tests.web.papers import Node, parse

ALONE = r"[^;,)]*?%"  # a probability as `percent` writes it
CELL = 1_000_000  # what a page multiplies the probabilities of a full grid by
SENTENCE_OF = re.compile(r"(?:.*/)?(?:records/)?([^/#]+\.html)(?:#s(\d+))?$")


def probability(margin: float) -> float:
    """The probability of a margin in log-odds."""
    return 1 / (1 + math.exp(-margin)) if margin >= 0 else math.exp(margin) / (1 + math.exp(margin))


class Differences:
    """How many numbers were compared, and those that differ."""

    def __init__(self) -> None:
        self.compared, self.found = 0, list[str]()

    def same(self, where: str, printed: object, expected: object) -> None:
        """A number as it is printed, and as it should be."""
        self.compared += 1
        if printed != expected:
            self.found.append(f"{where}: {printed!r}, in the data {expected!r}")

    def among(self, where: str, printed: str, expected: Iterable[str]) -> None:
        """A number in a sentence that must be one of these."""
        self.compared += 1
        if printed not in expected:
            self.found.append(f"{where}: {printed!r} is no number of this record")


class BuiltSite:
    """A built site as its readers have it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.totals: SiteTotals | None = None  # of the run that built it, where that is known
        self._pages: dict[str, Node] = {}

    def page(self, path: str) -> Node:
        if path not in self._pages:
            self._pages[path] = parse((self.folder / path).read_text(encoding="utf-8"))
        return self._pages[path]

    @property
    def pages(self) -> list[str]:
        return sorted(path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))

    def table(self, name: str) -> list[dict[str, str]]:
        with (self.folder / "data" / name).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))

    def json(self, name: str) -> Any:
        return json.loads((self.folder / "data" / name).read_text(encoding="utf-8"))

    def script(self, name: str) -> Any:
        """The one value that a script of values sets; None where there is no such script."""
        file = self.folder / "assets" / name
        if not file.exists():
            return None
        text = file.read_text(encoding="utf-8")
        return json.loads(re.search(r"window\.sitegen\.\w+ = (.*);\s*$", text, re.S)[1])

    @cached_property
    def records(self) -> list[dict[str, str]]:
        return self.table("records.csv")

    @cached_property
    def models(self) -> list[str]:
        return [name.removesuffix(": margin") for name in self.records[0] if name.endswith(": margin")]

    @cached_property
    def page_of(self) -> dict[str, dict[str, str]]:
        """The records by the name of their page's file."""
        return {record["page"].removeprefix("records/"): record for record in self.records}

    @cached_property
    def sentences(self) -> dict[str, list[dict[str, str]]]:
        """The rows of the first model, by the record's id."""
        return self.sentences_by(self.models[0])

    @cache  # noqa: B019
    def sentences_by(self, model: str) -> dict[str, list[dict[str, str]]]:
        """The rows of a model, by the record's id."""
        found = defaultdict(list)
        for row in self.table("sentences.csv"):
            if row["model"] == model:
                found[row["id"]].append(row)
        return found

    @cached_property
    def grids(self) -> dict[str, dict[str, Any]]:
        """The first model's grids, by the record's id."""
        lines = (self.folder / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
        return {grid["id"]: grid for grid in map(json.loads, lines) if grid["model"] == self.models[0]}

    @cached_property
    def alpha(self) -> float:
        return self.json("significance.json")["alpha"]

    def answer(self, record: dict[str, str], model: str | None = None) -> str:
        """A model's probability for a record, as it must be printed."""
        return percent(float(record[f"{model or self.models[0]}: probability"]))

    def margin(self, record: dict[str, str], name: str) -> float:
        """One of the first model's margins of a record."""
        return float(record[f"{self.models[0]}: {name}"])

    def linked(self, href: str) -> tuple[dict[str, str], dict[str, str] | None] | None:
        """The record to which a link leads, and its sentence, if it leads to one."""
        match = SENTENCE_OF.match(unquote(href))
        if not match or match[1] not in self.page_of:
            return None
        record = self.page_of[match[1]]
        return record, self.sentences[record["id"]][int(match[2]) - 1] if match[2] else None

    def q(self, row: dict[str, str]) -> str:
        """A sentence's q as it must be printed beside its mark; "" where it has no mark or no q."""
        return q_text(float(row["q"]), alpha=self.alpha) if row["mark"] == "passes" else ""


def wide(text: str) -> str:
    """The text with plain blanks, each once."""
    return " ".join(text.split())


def cell(row: Node, label: str) -> Node:
    return row.one("td", data_label=label)


def bold(node: Node) -> str:
    return wide(node.one("b").text)


def printed_number(node: Node) -> str:
    """The number in a cell, without what is small beside it."""
    return wide("".join(child if isinstance(child, str) else "" for child in node.children))


def q_of(row: Node) -> str:
    """The q beside a mark; "" without one."""
    match = re.search(r"q [=<] \.\d+", wide(row.text))
    return match[0] if match else ""


def record_pages(site: BuiltSite, check: Differences) -> None:
    """The numbers of every record's page down to the abstract: answer, path, story, heatmap. The texts and what stands
    below them: built_tables.py."""
    for record in site.records:
        where = record["page"]
        page = site.page(where)
        known = _record_numbers(site, record)
        _answer_and_path(site, record, page, check)
        _heatmap(site, record, page, check)
        _others(site, record, page, check)
        for line in page.one("section", class_="verdict-panel", data_by="first").all("p", class_="story"):
            text = re.sub(r"“[^”]*”", "", line.text)
            text = re.sub(r"\((?:50% or more|below 50%)\)", "", text)  # the threshold of these sites
            for number in re.findall(r"(?:over |under )?\d[\d.]*%", text):
                check.among(f"{where}, the story", number, known)
            for number in re.findall(r"\(([^();]*?) points", text):
                check.among(
                    f"{where}, the story",
                    number,
                    {points(float(row["share_change"])) for row in site.sentences[record["id"]] if row["share_change"]},
                )
            _story(site, record, text, check)


def _record_numbers(site: BuiltSite, record: dict[str, str]) -> set[str]:
    """Every probability that a story of a record may name."""
    margin, grid = site.margin(record, "margin"), site.grids[record["id"]]
    found = {site.answer(record)}
    found |= {percent(probability(site.margin(record, name))) for name in ("empty", "title alone", "abstract alone")}
    for row in site.sentences[record["id"]]:
        found |= {percent(float(row["alone_probability"])), percent(float(row["without"]))}
    return found | {percent(probability(margin - effect)) for effect in (*grid["title_words"], *grid["abstract_words"])}


def _answer_and_path(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    where, answer = record["page"], site.answer(record)
    panel = page.one("section", class_="verdict-panel", data_by="first")
    check.same(f"{where}, the answer", panel.one("b", data_part="percent").text, answer)
    empty, title = (percent(probability(site.margin(record, name))) for name in ("empty", "title alone"))
    steps = panel.one("figure", class_="path").all("li")
    caption = panel.one("figcaption").text
    check.same(f"{where}, the path begins", caption, f"Step by step, from {empty} before it reads anything")
    before = empty
    for step in steps:
        after = title if step.attributes["data-step"] == "title" else answer
        name = step.one("span", class_="stop").text
        check.same(f"{where}, the path, {name}", bold(step), f"{before} → {after}")
        before = after


def _others(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """What further models say: their panels, their figures' ends, and their sentences beside the first model's."""
    folds = {fold.attributes["data-beside"]: fold for fold in page.all("details") if "data-beside" in fold.attributes}
    reading = [model for model in site.models[1:] if record[f"{model}: margin"]]
    check.same(f"{record['page']}, further models", len(folds), len(reading))
    for model, (key, fold) in zip(reading, folds.items(), strict=True):
        where, answer = f"{record['page']}, {model}", site.answer(record, model)
        panel = page.one("section", class_="verdict-panel", data_by=key)
        check.same(where, panel.one("b", data_part="percent").text, answer)
        for figure in page.all("div", class_="heatmap")[1:]:
            if figure.attributes["data-model"] == model:
                check.same(where, figure.attributes["data-description"].rpartition("ends at ")[2], f"{answer}.")
        rows = [row for row in fold.all("tr") if "data-number" in row.attributes]
        for row, own, other in zip(
            rows, site.sentences[record["id"]], site.sentences_by(model)[record["id"]], strict=True
        ):
            of = f"{where}, sentence {other['sentence']}"
            for name, said in ((site.models[0], own), (model, other)):
                share = points(float(said["share_change"])) if said["share_change"] else ""
                check.same(of, wide(cell(row, f"{name}, share").text), share)
                alone = percent(float(said["alone_probability"]))
                check.same(of, wide(cell(row, f"{name}, alone").text).partition(" ◆")[0].partition(" ◇")[0], alone)
                check.same(of, wide(cell(row, f"{name}, without it").text), percent(float(said["without"])))


def _story(site: BuiltSite, record: dict[str, str], text: str, check: Differences) -> None:
    """The numbers of a story that say of what they are."""
    where, rows = f"{record['page']}, the story", site.sentences[record["id"]]
    for opening in (r"^With the title alone the model says (%s)", r"the title, which alone says (%s)"):
        for number in re.findall(opening % ALONE, text):
            check.same(where, number, percent(probability(site.margin(record, "title alone"))))
    for number in re.findall(rf"(?:raises|lowers) it to ({ALONE})", text):
        check.same(where, number, site.answer(record))
    for k, number in re.findall(
        rf"sentence (\d+)(?:: |, though )without it (?:the rest would still give )?({ALONE})[;.]", text
    ):
        check.same(f"{where}, sentence {k}", number, percent(float(rows[int(k) - 1]["without"])))
    for k, number in re.findall(rf"\b(\d+) \(alone ({ALONE})[;)]", text):
        check.same(f"{where}, sentence {k}", number, percent(float(rows[int(k) - 1]["alone_probability"])))
    for k, number in re.findall(rf"\b(\d+) \([^()]*; without it ({ALONE})\)", text):
        check.same(f"{where}, sentence {k}", number, percent(float(rows[int(k) - 1]["without"])))
    for k, number in re.findall(r"\b(\d+)(?: most)? \(([^();]*) points[;)]", text):
        check.same(f"{where}, sentence {k}", number, points(float(rows[int(k) - 1]["share_change"])))


def _grid(grid: dict[str, Any], row: int, column: int, width: int) -> float:
    """The probability in a cell of a grid in parts, or of its cells."""
    if "cells" in grid:
        cells = grid["cells"]
        return probability(cells[row][column]) if isinstance(cells[0], list) else cells[row * width + column]
    return probability(grid["title"][row] + grid["abstract"][column] + grid["bias"])


def decoded(text: str) -> list[float]:
    """An array of floats as a page carries it."""
    floats: list[float] = np.frombuffer(b64decode(text), dtype="<f4").tolist()
    return floats


def _heatmap(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The picture's description, the cells that its script draws, and the table of values, against grids.jsonl."""
    where, figure, answer = f"{record['page']}, the heatmap", page.all("div", class_="heatmap")[0], site.answer(record)
    check.same(where, figure.attributes["data-description"].rpartition("ends at ")[2], f"{answer}.")
    data = json.loads(figure.one("script", data_part="data").text)["grid"]
    if "cells" in data:
        data["cells"] = [share / CELL for share in data["cells"]]
    else:
        data.update({field: decoded(data[field]) for field in ("title", "abstract")})
    grid = site.grids[record["id"]]
    height, width = max(1, len(grid["title_tokens"])), max(1, len(grid["abstract_tokens"]))
    check.same(f"{where}, the last cell", percent(_grid(data, height - 1, width - 1, width)), answer)
    for row in range(height):
        for end in grid["sentence_ends"] or [width]:
            drawn, true = (_grid(one, row, end - 1, width) for one in (data, grid))
            check.same(f"{where}, cell {row + 1}, {end}", percent(drawn), percent(true))
    for image in figure.all("img", class_="heatmap-figure"):
        ends = grid["sentence_ends"] or [width]
        cells = [cell_number(_grid(grid, row, end - 1, width)) for row in range(height) for end in ends]
        texts = re.findall(
            r">([^<>]*)</text>", (site.folder / "records" / unquote(image.attributes["src"])).read_text("utf-8")
        )
        drawn = "|".join(html.unescape(text) for text in texts)
        check.same(f"{where}, the picture", "|".join(cells) in drawn or drawn, True)
    steps = figure.all("tbody")[0].all("tr") if figure.all("tbody") else []
    before: float | None = None
    last: float | None = None
    for end, step in zip(grid["sentence_ends"], steps, strict=bool(steps)):
        p, drawn = _grid(grid, height - 1, end - 1, width), _grid(data, height - 1, end - 1, width)
        number, change = (one.text for one in step.all("td"))
        check.same(f"{where}, its table, up to word {end}", number, percent(p))
        if before is not None:
            check.same(f"{where}, its table, change at word {end}", change, points(p - before))
            check.same(f"{where}, change drawn at word {end}", points(drawn - last), points(p - before))
        before, last = p, drawn
