"""The texts of a built record's page and the tables below them, beside the data files: see built_numbers.py."""

from __future__ import annotations

import re

from sitegen.web.text.numbers import log_odds, percent, points
from tests.web.built_numbers import BuiltSite, Differences, bold, cell, probability, q_of, wide
from tests.web.papers import Node

READINGS = {  # of the answer's path: the column of records.csv that has its margin
    "nothing": "empty",
    "the title alone": "title alone",
    "the abstract without its title": "abstract alone",
    "title and abstract": "margin",
    "the abstract": "margin",
}


def record_tables(site: BuiltSite, check: Differences) -> None:
    """Every number of every record's texts and tables."""
    for record in site.records:
        page = site.page(record["page"])
        _title(site, record, page, check)
        _abstract(site, record, page, check)
        _sentences(site, record, page, check)
        _words(site, record, page, check)
        _models(site, record, page, check)
        _readings(site, record, page, check)
        _log_odds(site, record, page, check)


def _title(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The hints of the title's words."""
    margin, grid, where = site.margin(record, "margin"), site.grids[record["id"]], f"{record['page']}, the title"
    said: dict[str, set[str]] = {}  # a word may come twice
    for token, effect, alone in zip(grid["title_tokens"], grid["title_words"], grid["title_words_alone"], strict=True):
        numbers = f"alone it says {percent(probability(alone))}; without it {percent(probability(margin - effect))}"
        said.setdefault(token.lower(), set()).add(numbers)
    check.same(where, page.one(data_field="title").text, record["title"])
    for word in page.one("h1").all("span", class_="tint"):
        text = word.attributes["title"]
        check.among(where, text.removeprefix(f"“{word.text}”: "), said[word.text.lower()])


def _abstract(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The hints of the abstract's sentences."""
    for k, piece in enumerate(page.one("p", class_="abstract").all("span", class_="sentence")):
        row = site.sentences[record["id"]][k]
        share = f"; its share {points(float(row['share_change']))} points" if row["share"] else ""
        hint = (
            f"Sentence {k + 1}: alone it says {percent(float(row['alone_probability']))}{share}; without it "
            f"{percent(float(row['without']))}"
        )
        check.same(f"{record['page']}, the hint", re.split(r"; [◆◇]", piece.attributes["title"])[0], hint)


def _sentences(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The table of sentences with the sum below it."""
    rows, margin = site.sentences[record["id"]], site.margin(record, "margin")
    if not rows:
        return
    shared, table = bool(rows[0]["share"]), page.one("table", id="sentences")
    printed = table.one("tbody").all("tr")
    check.same(f"{record['page']}, sentences in the table", len(printed), len(rows))
    for line in printed:
        k = int(cell(line, "sentence").text)
        where, row = f"{record['page']}, the table, sentence {k}", rows[k - 1]
        check.same(f"{where}, alone", bold(cell(line, "alone")), percent(float(row["alone_probability"])))
        check.same(f"{where}, q", q_of(cell(line, "alone")), site.q(row))
        if shared:
            check.same(f"{where}, share", bold(cell(line, "share")), points(float(row["share_change"])))
        check.same(f"{where}, without it", bold(cell(line, "without it")), percent(float(row["without"])))
    if shared:
        together = table.one("tfoot")
        total = sum(float(row["share_change"]) for row in rows)
        check.same(f"{record['page']}, together", bold(cell(together, "together")), points(total))
        title = probability(site.margin(record, "title alone"))
        step = together.one("td", class_="step").text
        if "alone" in step or "reads anything" in step:
            of = step.split(", ")[1]
            check.same(f"{record['page']}, together", step, f"from {percent(title)}, {of}, to {site.answer(record)}")
            whole = probability(margin)
            check.same(f"{record['page']}, the abstract's step", points(total), points(whole - title))


def _words(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The table of the strongest words. That of all words is a script's: tests/browser."""
    margin, grid = site.margin(record, "margin"), site.grids[record["id"]]
    for table in page.all("table", id="words"):
        for line in table.one("tbody").all("tr"):
            name, place, without, alone = line.all("td")
            field, number = re.fullmatch(r"(title|abstract), word (\d+)", place.text).groups()
            k, where = int(number) - 1, f"{record['page']}, the word {name.text}"
            effect = grid[f"{field}_words"][k]
            check.same(where, bold(without), percent(probability(margin - effect)))
            check.same(where, without.one("small").text, log_odds(effect))
            check.same(where, alone.text, percent(probability(grid[f"{field}_words_alone"][k])))


def _models(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """What each model says."""
    for table in page.all("table", class_="models-table"):
        for model, row in zip(site.models, table.one("tbody").all("tr"), strict=True):
            check.same(f"{record['page']}, what {model} says", row.all("td")[2].text, site.answer(record, model))


def _readings(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The path of the answer in log-odds."""
    for row in page.one("table", class_="readings").one("tbody").all("tr"):
        name, shown, margin = (node.text for node in row.all("td"))
        true = site.margin(record, READINGS[name])
        check.same(f"{record['page']}, the path, {name}", shown, percent(probability(true)))
        check.same(f"{record['page']}, the path, {name}, log-odds", margin, log_odds(true))


def _log_odds(site: BuiltSite, record: dict[str, str], page: Node, check: Differences) -> None:
    """The sentences in log-odds."""
    rows, margin = site.sentences[record["id"]], site.margin(record, "margin")
    lines = page.one("table", id="log-odds").one("tbody").all("tr") if rows else []
    for row, line in zip(rows, lines, strict=True):
        where = f"{record['page']}, log-odds, sentence {row['sentence']}"
        check.same(where, cell(line, "sentence").text, row["sentence"])
        check.same(f"{where}, alone", cell(line, "alone").text, log_odds(float(row["alone"])))
        if row["share"]:
            share, *error = wide(cell(line, "share").text).split(" ± ")
            check.same(f"{where}, share", share, log_odds(float(row["share"])))
            if error:
                check.same(f"{where}, its error", error[0], f"{float(row['share_error']):.2f}")
        check.same(f"{where}, leave-one-out", cell(line, "leave-one-out").text, log_odds(float(row["leave_one_out"])))
        ends = [percent(probability(margin - float(row[name]))) for name in ("span_high", "span_low")]
        check.same(f"{where}, stretches", wide(cell(line, "random").text), " to ".join(dict.fromkeys(ends)))
