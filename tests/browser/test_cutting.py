"""Texts that are cut in a page are cut as Python cuts them: the same words, sentences and places, without exception."""

from __future__ import annotations

import csv
import random
import sys
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from sitegen.corpus.cutting import cutting_tables
from sitegen.corpus.segment import Segmentation, SegmentedText, segment
from tests.corpus.test_sentences import TEXTS

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
PAPERS = ROOT.parent / "shared" / "data" / "papers.csv"
SCRIPTS = ("live-sentences.js", "live-text.js")

Text = tuple[str, str]  # title, abstract

MARKS = (
    *""". .. ... … ? ! ?! ; : , " ' ” ’ » ) ] } ( [ [3] * -- - — ` # & @ _ / {x}""".split(" "),  # noqa: SIM905
    *(" ", "  ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u3000", "\x1c", "\x85", "\ufeff", "\x00", "\x0b", "\u2028"),
    *("\u200b", "\u200f", "\u00ad", "\u0301", ". . .", "! !"),
)
WORDS = """
the The in We however A B. J. Dr. al. et e.g. i.e. U.S. U.S a.m. Ph.D. No. Fig. etc. Etc. ago. Jan. mid-Jan.
www.x.org www. AT&T. aff'd. o'clock. don't don’t two-step covid-19 said.We x).The 5%.So ##number## a_b Ab aB
3 3.14 10,000 4,5 45% .05 1. (a). IV. 3.4.1 1,234,56 ١٢ ٣. ² ① Ⅳ 〇 𝟏 𝟏.
ß ẞ İ ı Σ ΟΔΟΣ ΟΔΟΣ. ς é é ﬁn 🙂 😀. 𝐀 𝐚. 👩‍👩‍👧 中文。 العربية עברית. Ａ１ ǅ
""".split()  # noqa: SIM905
LETTERS = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in ("Cn", "Cs", "Co")]


def odd_texts(count: int) -> Iterable[Text]:
    """Texts of what breaks rules, in any order; every second abstract repeats its title in other capitals."""
    chance = random.Random(7)

    def piece() -> str:
        kind = chance.random()
        return chance.choice(LETTERS if kind < 0.1 else MARKS if kind < 0.4 else WORDS)

    def text(most: int) -> str:
        return "".join(piece() + chance.choice(("", " ", " ")) for _ in range(chance.randint(0, most)))

    for k in range(count):
        title, abstract = text(6), text(40)
        yield (
            title,
            f"{title.swapcase()}{chance.choice(('. ', ': ', '”. ', ' ', chr(10)))}{abstract}" if k % 2 else abstract,
        )


def records(path: Path, count: int | None = None) -> list[Text]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["title"], row["abstract"]) for row in rows[: count or len(rows)]]


def assert_cut_alike(page: Page, texts: list[Text], *, strip_title: bool = True) -> None:
    """All in one evaluation, on a page that has the two scripts and the tables alone."""
    page.goto("about:blank")
    page.evaluate("tables => (window.sitegen = { liveTables: { sentences: tables } })", cutting_tables("nupunkt"))
    for script in SCRIPTS:
        page.add_script_tag(content=(ROOT / "templates" / "assets" / script).read_text(encoding="utf-8"))
    cut = page.evaluate(
        "([texts, stripTitle]) => texts.map(([t, a]) => sitegen.live.cut(t, a, { splitter: 'nupunkt', stripTitle }))",
        [texts, strip_title],
    )
    for (title, abstract), fields in zip(texts, cut, strict=True):
        document = segment(title, abstract, Segmentation(strip_title=strip_title))
        for name in ("title", "abstract"):
            assert told(fields[name]) == by_python(getattr(document, name)), (name, ascii(title), ascii(abstract))


def told(field: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(field[name] for name in ("tokens", "spans", "sentences", "ends", "start"))


def by_python(text: SegmentedText) -> tuple[Any, ...]:
    spans, sentences = text.spans.ravel().tolist(), text.sentence_spans.ravel().tolist()
    return list(text.tokens), spans, sentences, text.sentence_ends.tolist(), text.start


def test_records_of_the_demo_and_odd_texts_are_cut_as_in_python(page: Page) -> None:
    texts = records(ROOT / "content" / "records.csv")
    texts += [("", marked.replace("|", "")) for marked in TEXTS.values()]
    texts += odd_texts(400)
    assert_cut_alike(page, texts)
    assert_cut_alike(page, list(odd_texts(40)), strip_title=False)


@pytest.mark.skipif(not PAPERS.is_file(), reason="the shared file papers.csv is not beside this checkout")
def test_real_abstracts_are_cut_as_in_python(page: Page) -> None:
    assert_cut_alike(page, records(PAPERS, 400))
