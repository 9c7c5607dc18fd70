"""The same for lists of papers, sentences and words: the gallery, the most influential sentences, the page of words."""

from __future__ import annotations

import re
from collections import defaultdict

from sitegen.web.text.numbers import QUIET, log_odds, percent, points
from tests.web.built_numbers import BuiltSite, Differences, printed_number, probability, q_of, wide


def gallery(site: BuiltSite, check: Differences) -> None:
    """The first page's rows, in the page and in its script."""
    script = site.script("index.js")
    drawn = {values[0]: dict(zip(script["fields"], values, strict=True)) for values in script["values"]}
    for record in site.records:
        row, where = drawn[record["id"]], f"assets/index.js, {record['id']}"
        check.same(where, row["percent"], site.answer(record))
        check.same(where, row["probability"], round(float(record[f"{site.models[0]}: probability"]), 4))
        if row["sentence_href"]:
            check.same(where, row["change_text"], points(_leading(site, row["sentence_href"])))
    printed = site.page("index.html").one("table", id="gallery").one("tbody").all("tr")
    check.same("index.html, rows", len(printed) in (0, len(site.records)), True)
    for line in printed:
        record, _ = site.linked(line.one("td", class_="title").one("a").attributes["href"])
        where = f"index.html, {record['id']}"
        verdict = line.one("td", class_="verdict").one("span")
        check.same(where, printed_number(verdict), site.answer(record))
        for sentence in line.one("td", class_="sentence").all("a"):
            effect = line.one("span", class_="effect").text
            number = re.fullmatch(r"(\S+) points", effect)[1]
            check.same(where, number, points(_leading(site, sentence.attributes["href"])))


def _leading(site: BuiltSite, href: str) -> float:
    """By how much a sentence changes the answer: its share, or its leave-one-out effect where it has none."""
    _, row = site.linked(href)
    return float(row["share_change"] or row["leave_one_out_change"])


def sentence_lists(site: BuiltSite, check: Differences) -> None:
    """The pages of the most influential sentences, and those of facets' values."""
    for path in (path for path in site.pages if path.startswith(("sentences/", "facet/"))):
        for key in ("positive-list", "negative-list"):
            for ranked in site.page(path).all("ol", id=key):
                for line in ranked.all("li"):
                    record, row = site.linked(line.one("a", class_="quote").attributes["href"])
                    where = f"{path}, {record['id']}, sentence {row['sentence']}"
                    effect = "share" if row["share"] else "leave_one_out"
                    for kind, number in (
                        ("alone", percent(float(row["alone_probability"]))),
                        ("answer", site.answer(record)),
                        ("without", percent(float(row["without"]))),
                    ):
                        check.same(f"{where}, {kind}", wide(line.one(class_=kind).text), number)
                    exact = f"{effect.replace('_', '-')} {log_odds(float(row[effect]))} in log-odds"
                    check.same(f"{where}, effect", line.one(class_="lane").attributes["title"], exact)
                    stands = re.match(r"sentence (\d+) of (\d+)", wide(line.one("p", class_="stands").text))
                    number = (row["sentence"], str(len(site.sentences[record["id"]])))
                    check.same(f"{where}, its place", stands.groups(), number)
                    check.same(f"{where}, q", q_of(line), site.q(row))


def paper_lists(site: BuiltSite, check: Differences) -> None:
    """Wherever a list names a paper with its probability."""
    for path in ("corpus.html",):
        for line in site.page(path).all("tr"):
            pills = line.all("span", class_="pill")
            linked = [site.linked(link.attributes["href"]) for link in line.all("a", class_="quote")]
            for pill, found in zip(pills, linked, strict=False):
                check.same(f"{path}, {found[0]['id']}", pill.text, site.answer(found[0]))


def plain_lists(site: BuiltSite, check: Differences) -> None:
    """The lists of a corpus too large for its gallery to stand in the page."""
    for path in (path for path in site.pages if path.startswith("list")):
        for link in site.page(path).one("main").all("a"):
            found = site.linked(link.attributes["href"])
            if found:
                number = re.search(r"\(([^()]*%)\)$", wide(link.text))[1]
                check.same(f"{path}, {found[0]['id']}", number, site.answer(found[0]))


def words(site: BuiltSite, check: Differences) -> None:
    """The page of words against words.csv; a word with other forms is the mean of them all."""
    groups, empty = defaultdict(list), site.margin(site.records[0], "empty")
    for row in site.table("words.csv"):
        groups[row["form_of"] or row["word"]].append(row)
    for line in (line for ranked in site.page("words.html").all("ol", class_="ranked") for line in ranked.all("li")):
        word = line.one("b", class_="word").text
        rows, where = groups[word], f"words.html, {word}"
        times = [int(row["occurrences"]) for row in rows]
        alone = sum(n * float(row["alone"]) for n, row in zip(times, rows, strict=True)) / sum(times)
        effect = sum(n * float(row["leave_one_out"]) for n, row in zip(times, rows, strict=True)) / sum(times)
        change = sum(n * float(row["leave_one_out_change"]) for n, row in zip(times, rows, strict=True)) / sum(times)
        printed = {name: line.one(class_=name).text for name in ("percent", "missing", "times", "records")}
        exact = {name: line.one(class_=name).attributes["title"] for name in ("lane", "missing")}
        check.same(f"{where}, alone", exact["lane"], f"{log_odds(alone - empty)} in log-odds")
        check.same(f"{where}, alone", printed["percent"], percent(probability(alone)))
        way = "falls" if change > 0 else "rises"
        moved = f"the answer {way} by {points(abs(change)).lstrip('+')} points"
        check.same(
            f"{where}, change", printed["missing"], moved if abs(change) >= QUIET else "the answer hardly changes"
        )
        check.same(f"{where}, leave-one-out", exact["missing"].partition(" ±")[0], log_odds(effect))
        check.same(f"{where}, times", printed["times"], f"{sum(times):,}")
        told = line.all("p", class_="examples")
        links = [link for one in told for link in one.all("a")]
        answers = [number for one in told for number in re.findall(r"\(([^()]* → [^()]*)\)", wide(one.text))]
        for link, number in zip(links, answers, strict=True):
            record, _ = site.linked(link.attributes["href"])
            check.among(f"{where}, in {record['id']}", number, _answers(site, record, {row["word"] for row in rows}))
        if len(rows) == 1:
            deviation = f"± {float(rows[0]['deviation']):.2f} in log-odds"
            check.same(f"{where}, deviation", exact["missing"].partition(" ")[2], deviation)
            check.same(f"{where}, papers", printed["records"], f"{int(rows[0]['records']):,}")


def _answers(site: BuiltSite, record: dict[str, str], forms: set[str]) -> set[str]:
    """A record's answers without a word, at each of its places, and with it, as they must be printed."""
    grid, margin = site.grids[record["id"]], site.margin(record, "margin")
    return {
        f"{percent(probability(margin - effect))} → {site.answer(record)}"
        for field in ("title", "abstract")
        for token, effect in zip(grid[f"{field}_tokens"], grid[f"{field}_words"], strict=True)
        if token in forms
    }
