"""The same for the pages about the whole corpus: the test's counts, the page on truth, charts beside their tables; and
percent against percentage points on every page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sitegen.web.text.numbers import correlation, counted_share, log_odds, percent, points
from sitegen.web.text.verdicts import q_text
from tests.web.built_numbers import BuiltSite, Differences, probability, wide
from tests.web.papers import Node

SHORT = {"share": "its share", "read_alone": "alone", "leave_one_out": "without it"}


def tables(page: Node) -> Iterator[tuple[list[str], list[list[str]]]]:
    """Every table of values: its heads, and the cells of its rows."""
    for table in page.all("table"):
        heads = [wide(head.text) for head in (table.all("thead") or [table])[0].all("th", scope="col")]
        rows = [[wide(one.text) for one in row if one.tag in ("td", "th")] for row in table.all("tr") if row.all("td")]
        yield heads, rows


def significance(site: BuiltSite, check: Differences) -> None:
    """The counts and thresholds of the test, wherever they are named."""
    data, where = site.json("significance.json"), "significance.html"
    page = site.page(where)
    panel = wide(page.one("div", class_="panel").text)
    lead = wide(site.page("sentences/index.html").one("main").text)
    numbers = next(table for table in page.all("table", class_="dictionary"))
    facts = [(wide(row.one("th").text), wide(row.one("td").text)) for row in numbers.all("tr")]
    named = dict(facts)
    check.same(f"{where}, papers", named["Papers"].split()[0], f"{data['records']:,}")
    check.same(f"{where}, sentences", named["Sentences"].split()[0], f"{data['sentences']:,}")
    zero = re.match(r"(\S+) (\S+) log-odds", named["Zero"]).groups()
    check.same(f"{where}, zero", zero, (percent(probability(data["zero"])), log_odds(data["zero"])))
    rows = [row for rows in site.sentences.values() for row in rows]
    check.same("data/sentences.csv, rows", len(rows), data["sentences"])
    for mark, count in data["marks"].items():
        check.same(f"data/sentences.csv, {mark}", sum(row["mark"] == mark for row in rows), count)
    for reason, count in data["without_q"].items():
        check.same(f"data/sentences.csv, {reason}", sum(row["reason"] == reason for row in rows), count)
    for one in data["classes"]:
        name, passed, tested = one["class"], one["passed"], one["tested"]
        fact = named[f"Tested for “{name}”"]
        check.same(f"{where}, tested for {name}", fact.split()[0], f"{tested:,}")
        check.same(f"{where}, passed for {name}", re.search(r"passed: ([\d,]+)", fact)[1], f"{passed:,}")
        if passed:
            told = f"{passed:,} of {tested:,}"
            for place, text in ((f"{where}, on top", panel), ("sentences/index.html, on top", lead)):
                check.same(f"{place}, {name}", told in text, True)
            section = page.one("section", aria_labelledby=f"toward-{'positive' if one['label'] else 'negative'}")
            check.same(f"{where}, answer for {name}", section.all("p", class_="answer")[0].text.startswith(told), True)
            values = [[cell.text for cell in row.all("td")] for row in section.one("tbody").all("tr")]
            columns = [sum(int(row[k].replace(",", "")) for row in values) for k in (1, 2, 3)]
            check.same(f"{where}, table for {name}", columns, [tested, passed, one["null"]])
    weakest = [re.match(r"(\S+) log-odds", text) for fact, text in facts if fact == "Weakest clear one"]
    taus = [f"{each['tau']:.2f}" for one in data["classes"] for each in one["lengths"] if each["tau"] is not None]
    check.same(f"{where}, weakest", [found[1] for found in weakest if found], taus)
    for heads, body in tables(page):
        if heads[:3] == ["Class", "Length", "Alone it says"]:
            _thresholds(data, [row for row in body if row[2].startswith("at ")], where, check)
    for line in page.all("ul", class_="examples-list"):
        for example in line.all("li"):
            _, row = site.linked(example.one("a").attributes["href"])
            said = wide(example.one("span", class_="begins").text).split(" · ")[0]
            q = f", {q_text(float(row['q']), alpha=data['alpha'])}" if row["q"] else ""
            check.same(f"{where}, example", said, f"alone it says {percent(float(row['alone_probability']))}{q}")


def _thresholds(data: dict[str, Any], rows: list[list[str]], where: str, check: Differences) -> None:
    """What the weakest clear sentence says alone, in its table and as the edge of a bar."""
    expected = []
    for one in data["classes"]:
        sign = 1 if one["label"] else -1
        for each in one["lengths"]:
            if each["tau"] is not None:
                edge = 100 * probability(data["zero"] + sign * each["tau"])
                expected.append(f"at {'least' if one['label'] else 'most'} {edge:.1f}%")
    check.same(f"{where}, the weakest clear ones", [row[2] for row in rows], expected)


def faithfulness(site: BuiltSite, check: Differences) -> None:
    """The page on truth: the answer on top, the small table, charts and tables of values, against its data."""
    where = "faithfulness.html"
    page, charts = site.page(where), site.script("faithfulness-charts.js") or {}
    for n, data in enumerate(site.json("faithfulness.json").values()):
        suffix = f"-{n + 1}" if n else ""
        for key, found in _rates(data):
            _against_chart(f"{where}, {key}{suffix}", charts.get(key + suffix), found, check)
        for key in ("sentences", "tokens"):
            if data.get(key):
                chart = charts.get(key + suffix)
                _against_chart(f"{where}, {key}{suffix}", chart, _fall(data[key]["comprehensiveness"]), check)
                for curve in ("deletion", "insertion"):
                    _curve(f"{where}, {key}-{curve}", charts.get(f"{key}-{curve}{suffix}"), data[key][curve], check)
        for place in ("hybrids", "planted", "sentences", "tokens", "flips", "randomised"):
            _told(f"{where}, {place}", page, place + suffix, data, check)
        _small_table(f"{where}, the small table", page.all("table", class_="measures")[n], data, check)
    for name in ("faithfulness-charts.js", "corpus-charts.js"):
        for key, chart in (site.script(name) or {}).items():
            _chart_and_table(site.page(name.replace("-charts.js", ".html")), key, chart, check)


def _told(where: str, page: Node, place: str, data: dict[str, Any], check: Differences) -> None:
    """The numbers in sentences that say of which measure they are: `93% (its share)`."""
    for section in page.all("section", aria_labelledby=place):
        for number, short in re.findall(r"(\S+) \((its share|alone|without it)\)", wide(section.text)):
            values = set(_values_of(data, next(key for key, name in SHORT.items() if name == short)))
            texts = {text for value in values for text in (counted_share(value), correlation(value), points(value))}
            texts |= {points(value).removeprefix("+") for value in values} | {points(-value) for value in values}
            check.among(where, number, texts)


def _values_of(data: Any, measure: str) -> Iterator[float]:
    """Every number that is said of one measure."""
    if isinstance(data, dict):
        if data.get("measure") == measure:
            yield from _floats(data)
        else:
            for value in data.values():
                yield from _values_of(value, measure)
    elif isinstance(data, list):
        for value in data:
            yield from _values_of(value, measure)


def _floats(data: Any) -> Iterator[float]:
    if isinstance(data, float):
        yield data
    elif isinstance(data, (dict, list)):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _floats(value)


def corpus(site: BuiltSite, check: Differences) -> None:
    """The chart of titles and abstracts against the lists beside it."""
    chart = (site.script("corpus-charts.js") or {}).get("fields", {})
    dots = {row["href"]: row for rows in chart.get("datasets", {}).values() for row in rows if "x_text" in row}
    page = site.page("corpus.html")
    for kind, text in (("title", "x_text"), ("abstract", "y_text")):
        for key in ("positive", "negative"):
            for table in page.all("table", aria_labelledby=f"{kind}-{key}"):
                for line in table.one("tbody").all("tr"):
                    href = line.one("a").attributes["href"]
                    if href in dots:
                        number = line.one("td", class_="number").attributes["title"]
                        check.same(f"corpus.html, {href}, {kind}", number, f"{dots[href][text]} log-odds")


def _rates(data: dict[str, Any]) -> Iterator[tuple[str, dict[tuple[str, str], str]]]:
    """By chart the texts of its rates, by measure and class."""
    hybrids, planted = data.get("hybrids"), data.get("planted")
    if hybrids:
        for key, name in (("hybrids", "auc"), ("hybrids-strongest", "strongest")):
            yield key, {(SHORT[one["measure"]], ""): counted_share(one[name]["value"]) for one in hybrids["by_measure"]}
        yield "hybrids-neutral", _by_class(hybrids, "above_neutral")
    if planted:
        yield "planted", _by_class(planted, "above")
        yield "planted-top", _by_class(planted, "on_top")
    if data.get("randomised"):
        found = {
            (SHORT[one["measure"]], ""): correlation(one["correlation"]) for one in data["randomised"]["by_measure"]
        }
        yield "randomised", found


def _by_class(data: dict[str, Any], name: str) -> dict[tuple[str, str], str]:
    return {
        (SHORT[one["measure"]], str(y)): counted_share(one[name][y]["value"])
        for one in data["by_measure"]
        for y in (1, 0)
    }


def _fall(data: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The texts of a metric in percentage points, of this order and of those beside it."""
    found = {}
    for one in data["by_measure"]:
        name = SHORT[one["measure"]]
        found[name, "this order"] = points(one["value"]).removeprefix("+")
        for order in ("random", "best", "worst"):
            if data[order] is not None:
                found[name, order] = points(data[order]).removeprefix("+")
    return found


def rows_of(chart: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every row of a chart's data that has a text."""
    for rows in chart.get("datasets", {}).values():
        yield from (row for row in rows if "text" in row)


def _against_chart(
    where: str, chart: dict[str, Any] | None, found: dict[tuple[str, str], str], check: Differences
) -> None:
    if chart is None:
        return
    classes = next((scale["domain"] for scale in _scales(chart) if len(scale.get("domain", ())) == 2), ())
    for row in rows_of(chart):
        group = row.get("order") or row.get("group") or ""
        if group and "order" not in row:
            group = str(int(group == classes[0]))
        check.same(f"{where}, the chart", row["text"], found[row["name"], group])


def _scales(chart: Any) -> Iterator[dict[str, Any]]:
    """The scales of a chart's nominal colours."""
    if isinstance(chart, dict):
        if chart.get("field") == "group" and "scale" in chart:
            yield chart["scale"]
        for value in chart.values():
            yield from _scales(value)
    elif isinstance(chart, list):
        for value in chart:
            yield from _scales(value)


def _curve(where: str, chart: dict[str, Any] | None, data: dict[str, Any], check: Differences) -> None:
    if chart is None:
        return
    lines = {SHORT[one["measure"]]: one["values"] for one in data["by_measure"]}
    lines |= {order: data[order] for order in ("random", "best", "worst") if data[order] is not None}
    for row in rows_of(chart):
        k = min(range(len(data["fractions"])), key=lambda k: abs(data["fractions"][k] - row["x"]))
        check.same(f"{where}, {row['order']} at {row['x']}", row["text"], percent(lines[row["order"]][k]))


def _small_table(where: str, table: Node, data: dict[str, Any], check: Differences) -> None:
    for row in table.one("tbody").all("tr"):
        short = row.one("th").one("b").text
        measure = next((key for key, name in SHORT.items() if name == short), None)
        for one in row.all("td"):
            head, text = one.attributes["data-label"], one.text
            expected = _cell(data, measure, head) if measure else None
            if expected is not None:
                check.same(f"{where}, {short}, {head}", text, expected)


def _cell(data: dict[str, Any], measure: str, head: str) -> str | None:
    """What stands in the small table, by the head of the column; None for another column."""

    def of(part: dict[str, Any]) -> dict[str, Any] | None:
        return next((one for one in part["by_measure"] if one["measure"] == measure), None)

    if "AUC" in head:
        return counted_share(of(data["hybrids"])["auc"]["value"])
    if "pointing game" in head:
        return counted_share(of(data["hybrids"])["strongest"]["value"])
    if "comprehensiveness" in head:
        return points(of(data["sentences"]["comprehensiveness"])["value"]).removeprefix("+")
    if "rank correlation" in head:
        return correlation(of(data["randomised"])["correlation"])
    return None


def _chart_and_table(page: Node, key: str, chart: dict[str, Any], check: Differences) -> None:
    """Every text of a chart stands in the table of values below it."""
    figures = [one for one in page if any(card.attributes.get("data-chart") == key for card in _cards(one))]
    nearest = figures[-1] if figures else page
    holder = next((one for one in reversed(figures) if one.all("table")), nearest)
    intervals = any("interval" in head or "half" in head for heads, _ in tables(holder) for head in heads)
    cells = {text for _, rows in tables(holder) for row in rows for text in row}
    for row in rows_of(chart):
        texts = [row["text"], *([row["between"]] if row.get("between") and intervals else [])]
        for text in texts:
            check.same(f"the chart {key}, in its table", text if text in cells else f"{text} is not there", text)


def _cards(node: Node) -> list[Node]:
    return [one for one in node if one.attributes.get("data-chart")]


QUOTED = ("quote", "quoted", "begins", "stands", "metadata", "pager", "untitled", "abstract")
"""Elements with the authors' own words, which may say "12 percentage points" or "+5%" as they like."""

POINTS = re.compile(r"(\S+?)[\s\u00a0]+(?:percentage[\s\u00a0]+)?points\b")
SIGNED = re.compile(r"[+\u2212][\d.]+%")
LIMITS = {"10 points of 50%"}
"""Limits that the pages set, in whole points: within them a paper counts as undecided."""


def own_text(node: Node) -> str:
    """The text of an element without what it quotes."""
    parts = []
    for child in node.children:
        if isinstance(child, str):
            parts.append(child)
        elif not (set((child.attributes.get("class") or "").split()) & set(QUOTED)) and not (
            child.attributes.get("data-field") or child.tag in ("script", "style", "h1", "option")
        ):
            parts.append(own_text(child))
    return " ".join(parts)


def units(site: BuiltSite, check: Differences) -> None:
    """A change is in points and has one digit after the point; what has a percent sign is no change."""
    prose = {path for path in site.pages if not site.page(path).all("main")}
    for path in site.pages:
        if path in prose or path in ("about.html", "404.html"):
            continue
        page = site.page(path)
        hints = [node.attributes["title"] for node in page if node.attributes.get("title", "").startswith("Sentence ")]
        for text in (wide(own_text(page.one("main"))), *hints):
            for found in SIGNED.finditer(text):
                check.same(f"{path}, a change with a percent sign", text[found.start() - 40 : found.end()], "none")
            for found in re.finditer(r"%[\s\u00a0]*(?:percentage[\s\u00a0]+)?points", text):
                check.same(f"{path}, percent and points", text[found.start() - 40 : found.end()], "none")
            for found in POINTS.finditer(text):
                number = found[1].strip("(,;:")
                if re.search(r"\d", number) and not any(text[found.start() :].startswith(limit) for limit in LIMITS):
                    shape = re.fullmatch(r"[+\u2212]?\d+\.\d", number)
                    check.same(f"{path}, {text[found.start() - 40 : found.end()]}", bool(shape), True)
        for heads, rows in tables(page.one("main")):
            for head, column in zip(heads, zip(*rows, strict=False), strict=False):
                if "points" in head.lower():
                    for text in column:
                        check.same(f"{path}, the column {head}", "%" in text.split(" ")[0], False)
    for name in ("index.js", "corpus-charts.js", "faithfulness-charts.js", "significance-charts.js"):
        for tip in _titled(site.script(name)):
            percent_format = "%" in str(tip.get("format", ""))
            check.same(f"{name}, {tip['title']}", percent_format and "points" in str(tip["title"]), False)


def _titled(chart: Any) -> Iterator[dict[str, Any]]:
    """Everything in a chart that has a title: axes, legends, lines of tooltips."""
    if isinstance(chart, dict):
        if chart.get("title"):
            yield chart
        for value in chart.values():
            yield from _titled(value)
    elif isinstance(chart, list):
        for value in chart:
            yield from _titled(value)
