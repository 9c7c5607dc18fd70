"""The page where readers try the model: a record's text says there what its page says, and no other text does harm."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewPage
from tests.browser.try_page import FIGURE, KEYS, SHOWN, WHOLE, answered, close, opened, write
from tests.sites import HOSTILE, RECORDS

pytestmark = pytest.mark.browser

TEXTS = {record["id"]: record for record in RECORDS}
COMPARED = ("p1", "p8", "p9", "p12")  # markup apart, no record is like another
FOLDS = ("#all-sentences", "#all-words")


def test_a_text_says_what_the_page_of_its_record_says(page: Page, new_page: NewPage, site_url: str) -> None:
    other = new_page(viewport={"width": 1280, "height": 900})
    opened(page, site_url)
    for fold in FOLDS:  # what they show is asked for while they are open
        page.click(f"{fold} summary")
    for key in COMPARED if site_url.startswith("file") else COMPARED[:1]:
        page.select_option('[data-part="example"]', key)
        answered(page)
        assert urlsplit(page.url).fragment == f"record={key}"
        other.goto(f"{site_url}records/{key}.html")
        other.wait_for_selector('html[data-ready="heatmap"]')
        here, there = page.evaluate(FIGURE), other.evaluate(FIGURE)
        for name in there:
            assert close(here[name], there[name]), (key, name, here[name], there[name])
        mine, theirs = page.evaluate(SHOWN), other.evaluate(SHOWN)
        assert mine == theirs, key


def test_another_model_says_what_the_page_of_the_record_says_of_it(
    page: Page, new_page: NewPage, built_site: Path
) -> None:
    other = new_page(viewport={"width": 1280, "height": 900})
    other.goto(f"{built_site.as_uri()}/records/p9.html")
    other.click(".model-switch >> text=Other")
    expect(other.locator(".heatmap").last).to_have_attribute("data-drawn", re.compile("."))
    there = other.evaluate(FIGURE)
    said = other.inner_text('.verdict-panel:not([hidden]) [data-part="percent"]')
    with other.expect_navigation():
        other.click("text=Change a word in this paper")
    answered(other)
    assert other.locator('script[src$="live-model.js"]').count() == 0  # which was not asked
    assert other.inner_text('.verdict-panel [data-part="percent"]') == said
    assert other.inner_text(".verdict-says").startswith("Other says")
    here = other.evaluate(FIGURE)
    for name in ("cells", "path", "turns", "effects", "spans"):
        assert close(here[name], there[name]), (name, here[name], there[name])

    other.click(".model-switch >> text=side by side")
    answered(other)
    cards = other.locator("[data-card]")
    assert [card.locator("h2").inner_text() for card in cards.all()] == ["First", "Other"]
    assert cards.nth(1).locator('[data-of="percent"]').inner_text() == said
    assert cards.nth(1).locator('[aria-pressed="true"]').inner_text() == "Its picture is below"
    assert cards.nth(0).locator("button").inner_text() == "Show its picture below"
    assert close(other.evaluate(FIGURE)["cells"], there["cells"])
    opened(page, f"{built_site.as_uri()}/", "#record=p9")
    first = page.inner_text('[data-part="percent"]')
    assert cards.nth(0).locator('[data-of="percent"]').inner_text() == first != said
    assert re.search(r"Strongest is sentence \d; without it the answer is \d+%", cards.nth(0).inner_text())
    cards.nth(0).locator("button").click()
    answered(other)
    assert other.get_attribute(".heatmap", "data-model") == "First"
    assert close(other.evaluate(FIGURE)["cells"], page.evaluate(FIGURE)["cells"])
    write(other, title="Forty families", abstract="Interviews were read twice. Silence was coded by hand.")
    kept, shown = parse_qs(urlsplit(other.url).fragment), cards.all_inner_texts()
    assert kept["by"][0].startswith("both beside-other")
    assert kept["title"] == ["Forty families"]
    other.reload()
    assert answered(other).locator("[data-card]").all_inner_texts() == shown


def test_side_by_side_waits_for_both_and_says_so(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    page.evaluate(
        "() => { const { load } = sitegen;"
        " sitegen.load = (...of) => new Promise((go) => setTimeout(go, 300)).then(() => load(...of)); }"
    )
    busy = page.locator('[data-part="busy"]')
    page.click(".model-switch >> text=side by side")
    expect(busy).to_have_text("Loading Other …")
    page.wait_for_selector(WHOLE)
    expect(busy).to_have_text(re.compile("^Answered in"))


def test_the_page_of_a_record_leads_to_its_text(page: Page, built_site: Path) -> None:
    page.goto(f"{built_site.as_uri()}/records/p2.html")
    page.click("text=Change a word in this paper")
    answered(page)
    assert page.input_value('[data-write="title"]') == TEXTS["p2"]["title"]
    assert page.input_value('[data-write="abstract"]') == TEXTS["p2"]["abstract"]
    page.goto(f"{built_site.as_uri()}/index.html")
    page.click(".hero >> text=Try your own")
    answered(page)


def test_what_is_written_is_answered_kept_and_given_back(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    before = page.inner_text('[data-part="percent"]')
    write(page, abstract="Forty families were visited at home. Quux is in the kitchen, and Interviews!")
    assert page.inner_text('[data-part="percent"]') != before
    counts = page.inner_text('[data-part="count"]')
    assert counts.startswith("5 words in the title, 13 in the abstract; 2 sentences; 2 words First does not know")
    assert page.locator("[data-field] .unknown").all_inner_texts() == ["queue", "Quux"]
    kept = parse_qs(urlsplit(page.url).fragment)
    assert kept["title"] == [TEXTS["p1"]["title"]]
    assert kept["abstract"][0].endswith("Interviews!")
    said, address = page.evaluate(SHOWN), page.url
    page.evaluate("document.querySelector('.skip').click()")  # to a place of the page
    expect(page).to_have_url(address)
    page.reload()
    assert answered(page).evaluate(SHOWN) == said

    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    listed = page.locator('[data-part="example"]')
    expect(listed).to_have_value("p1")
    write(page, title="Forty families")
    expect(listed).to_have_value("")  # the text is no record's
    page.click('[data-part="back"]')
    expect(page.locator('[data-write="title"]')).to_be_focused()
    expect(listed).to_have_value("p1")
    assert answered(page).inner_text('[data-part="percent"]') == before
    assert urlsplit(page.url).fragment == "record=p1"
    page.click('[data-part="clear"]')
    page.wait_for_selector('[data-state="empty"]')
    assert urlsplit(page.url).fragment == ""
    expect(listed).to_have_value("")
    assert [page.is_visible(f'[data-part="{part}"]') for part in ("answer", "map", "texts")] == [False] * 3
    assert page.inner_text('[data-part="models"]').count("%") == 0
    text = page.inner_text('[data-part="invite"]')
    assert "one sentence will do" in text
    assert "a clear case of “computational”" in text
    page.locator("[data-start]").first.click()
    expect(page.locator('[data-write="title"]')).to_be_focused()
    answered(page)
    assert not page.is_visible('[data-part="invite"]')
    assert urlsplit(page.url).fragment == f"record={page.get_attribute('[data-start] >> nth=0', 'data-start')}"


def test_the_fields_show_whole_lines(page: Page, new_page: NewPage, built_site: Path) -> None:
    for one in (page, new_page(viewport={"width": 390, "height": 844})):
        one.goto(f"{built_site.as_uri()}/try.html#title=a&abstract={'Agents%20follow%20rules%20' * 150}")
        for box in one.locator("textarea").all():
            inner, line = box.evaluate("(box) => [box.clientHeight, parseFloat(getComputedStyle(box).lineHeight)]")
            assert inner % line == 0
            assert box.evaluate("(box) => getComputedStyle(box).paddingBlock") == "0px"


def test_of_one_field_nothing_is_said_of_the_other(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#title=Agents&abstract=")
    page.wait_for_selector('[data-field="title"] .tint')  # by what the answer loses with the word
    assert page.inner_text('[data-part="count"]') == "1 word in the title."
    assert "abstract" not in page.inner_text('[data-part="story"]')
    readout, key = '[data-say="answer"]', '[data-part="texts"] .hint'
    assert page.inner_text(readout) == "Downward the title grows, word by word. Point anywhere."
    assert "when the word is taken out" in page.inner_text(key)
    assert "Click the title to take it out" in page.inner_text(key)
    assert "sentence" not in page.inner_text(key)
    assert not page.is_visible("#all-sentences")
    assert page.inner_text(".typed-ideas") == "Things to try: change a single word."
    assert page.locator(".heatmap-label").all_inner_texts() == ["0%", "50%", "100%", "Agents"]  # no band of sentences
    low = page.locator(".heatmap canvas").bounding_box()["height"]  # type: ignore[index]
    with page.expect_download():
        page.click('[data-part="keep"]')
    write(page, title="Agents follow rules at home " * 3)
    boxes = page.evaluate(
        "[...document.querySelectorAll('.heatmap-label.row')].map((e) => e.getBoundingClientRect()).reverse()"
    )
    assert len(boxes) == 8  # of 15 rows, none over another but for the pixel above and below each
    assert all(upper["bottom"] - 1 <= lower["top"] + 1 for upper, lower in itertools.pairwise(boxes))
    write(page, title="", abstract="Agents follow rules.")
    assert page.locator(".heatmap canvas").bounding_box()["height"] > low + 60  # type: ignore[index]
    assert page.inner_text('[data-part="count"]').startswith("3 words in the abstract; 1 sentence")
    assert "title" not in page.inner_text('[data-part="story"]')
    assert "title" not in page.inner_text(readout)
    assert "Click the sentence to take it out" in page.inner_text(key)
    assert "own pages go by shares" in page.inner_text(key)
    page.click("#all-sentences summary")
    page.wait_for_selector('[data-part="key-shares"]:visible')
    assert "share of the answer, as on the papers' own pages" in page.inner_text(key)
    assert "own pages go by shares" not in page.inner_text(key)
    assert page.inner_text("#all-sentences summary").startswith("The one sentence: what it says alone")
    write(page, title="Agents", abstract="Quux.")  # written, but not read
    assert "There is no abstract that the model can read" in page.inner_text('[data-part="story"]')


def test_a_text_of_unknown_words_gets_no_verdict(page: Page, built_site: Path) -> None:
    page.goto(f"{built_site.as_uri()}/try.html#title=qqq&abstract=Quux.+Qux")
    page.wait_for_selector(WHOLE)
    note = page.inner_text('[data-part="note"]')
    assert note.startswith("First knows none of these 3 words")
    empty = page.evaluate("1 / (1 + Math.exp(-sitegen.typed.page.state().parts.answer.empty))")
    assert f"its starting point, the same for every such text: {100 * empty:.0f}% probability" in note
    assert [page.is_visible(f'[data-part="{part}"]') for part in ("answer", "map", "texts")] == [False] * 3
    page.click(".model-switch >> text=side by side")
    page.wait_for_selector(WHOLE)
    cards = page.locator("[data-card]")
    for card, name in zip(cards.all(), ("First", "Other"), strict=True):  # each says what it says by itself
        assert f"{name} knows none of these 3 words" in card.inner_text()
        assert re.search(r"the same for every such text: \d+% probability", card.inner_text())
    assert note.split("\n")[-1] in cards.nth(0).inner_text()
    assert page.inner_text('[data-part="agree"]') == "Neither has anything to go by."
    assert not page.is_visible(".typed-ideas")
    assert not page.is_visible('[data-part="note"]')
    page.click(".model-switch >> text=First")
    write(page, abstract="Quux qux zyx agents")
    assert page.is_visible('[data-part="map"]')
    assert "It knows only 1 of the 5 words, and skips the others" in page.inner_text('[data-part="story"]')
    told = page.evaluate(  # of a pipeline, which is told every word and gives few of them weight
        """() => {
          const all = document.querySelector('[data-part="typed"]');
          const reading = { known: { title: [true], abstract: [] }, parts: { answer: { margin: -3, empty: -3 } } };
          sitegen.typed.note(all, { classes: ["no", "yes"] }).nothing("Words", reading);
          const said = [sitegen.typed.unread(reading), all.querySelector('[data-part="note"]').innerText];
          const settings = JSON.parse(document.querySelector('[data-part="settings"]').textContent);
          const answer = { margin: 1, title: 1, abstract: 0, empty: 0 };
          const panel = sitegen.typed.panel(all.querySelector('[data-part="answer"]'), settings);
          panel.tell(answer, { title: true, abstract: false }, [], { words: 5, unknown: 0, weighed: 2 });
          return [...said, all.querySelector('[data-part="story"]').textContent];
        }"""
    )
    assert told[0] is True
    assert told[1].startswith("Words gives this word no weight")
    assert "Only 2 of the 5 words have any weight for it." in told[2]


def test_only_the_last_of_many_keys_is_answered(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    first = int(page.get_attribute('[data-part="typed"]', "data-asked") or 0)
    field = page.locator('[data-write="abstract"]')
    for times, text in enumerate((" Rules are read twice.", " Agents"), 1):
        field.evaluate(KEYS, text)
        page.wait_for_selector(f'[data-part="typed"][data-asked="{first + times}"]')
    answered(page)
    text = f"{TEXTS['p1']['abstract']} Rules are read twice. Agents"
    assert page.evaluate("sitegen.typed.page.state().cut.abstract.text") == text
    assert int(page.get_attribute('[data-part="typed"]', "data-asked") or 0) == first + 2
    assert page.locator('[data-field="abstract"]').text_content() == text


def test_a_sentence_is_taken_out_by_a_click_and_back_with_the_next_key(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    whole = page.inner_text('[data-part="percent"]')
    page.click("#s2")
    without = page.evaluate(FIGURE)["sentences"][1]["without"]
    assert page.inner_text('[data-part="percent"]') == f"{100 * without:.0f}%"
    assert "would say" in page.inner_text(".verdict-says")
    page.keyboard.press("Control+z")
    assert page.inner_text('[data-part="percent"]') == whole
    page.click("#s2")
    without = page.inner_text('[data-part="line"]')
    page.click("#all-words summary")  # asks for more of the same text
    page.wait_for_selector("#words tbody tr")
    answered(page)
    assert page.locator(".struck").count() == 1
    assert page.inner_text('[data-part="line"]') == without
    write(page, abstract=f"{TEXTS['p1']['abstract']} ")
    assert page.locator(".struck").count() == 0
    assert page.inner_text('[data-part="percent"]') == whole


def test_a_record_that_loads_late_takes_no_words_away(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    page.evaluate("() => { sitegen.typed.records = () => new Promise((resolve) => (window.loaded = resolve)); }")
    page.select_option('[data-part="example"]', "p4")
    write(page, title="Agents of my own")
    page.evaluate("() => loaded([{ name: 'p4', shown: '', title: 'Élan vital', abstract: '' }])")
    assert page.input_value('[data-write="title"]') == "Agents of my own"


ODD = (
    HOSTILE,
    "<b>bold</b> & --> agents. <script>window.pwned = 1</script> Then rules.",
    "\u202eעברית. العربية\u202c 🎓👩‍👩‍👧 e\u0301 ﬁ İ ß. 𝔄nna 3.14 e.g. this\x0b\x1c. \u0000 Rules",
    "\ud83d lone. Agents \udc00 are",
    "\n\n  \t",
    ". . . ! ? …",
    "qqq quux qat. Qux.",
)


def test_odd_texts_stay_text(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#title=%3Cb%3Ea&abstract=b")
    for text in ODD:
        page.evaluate(
            "text => { for (const box of document.querySelectorAll('textarea')) { box.value = text;"
            " box.dispatchEvent(new Event('input')); } }",
            text,
        )
        if not re.search(r"\w", text):
            page.wait_for_selector('[data-state="empty"]')
            continue
        answered(page)
        written = page.input_value('[data-write="abstract"]')
        assert page.evaluate("sitegen.typed.page.state().cut.abstract.text") == written
        if page.is_visible('[data-part="texts"]'):
            assert page.locator('[data-field="abstract"]').text_content() == written
    assert page.locator(".typed :is(img, b.bold, script)").count() == 0
    assert page.evaluate("window.pwned") is None


def test_a_long_text_is_refused_at_once_and_freezes_nothing(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/", "#record=p1")
    address = page.url
    took = page.evaluate(
        """() => {
          const box = document.querySelector('[data-write="abstract"]');
          box.value = "Agents follow rules. ".repeat(33334);
          const since = performance.now();
          box.dispatchEvent(new Event("input"));
          return new Promise((resolve) => setTimeout(() => resolve(performance.now() - since), 200));
        }"""
    )
    page.wait_for_selector('[data-state="refused"]')
    assert took < 2000
    assert page.inner_text('[data-part="count"]').startswith(
        "This is 100,007 words; at most 2,000 words are read here."
    )
    assert page.url == address
    assert page.inner_text('[data-part="note"]').startswith("Too long to be read here")
    assert [page.is_visible(f'[data-part="{part}"]') for part in ("answer", "map", "texts")] == [False] * 3
    write(page, abstract="Agents follow rules. " * 140)
    assert page.is_visible('[data-part="coarse"]')
    assert page.evaluate('document.querySelector(".heatmap").figure.mode') == "sentences"
    assert len(page.evaluate(FIGURE)["sentences"]) == 140


def test_a_text_is_saved_as_a_page_without_scripts(
    page: Page, new_page: NewPage, built_site: Path, tmp_path: Path
) -> None:
    fragment = f"#title={quote(HOSTILE)}&abstract={quote('We simulate agents 🎓. Rules <b>follow</b>.')}"
    opened(page, f"{built_site.as_uri()}/", fragment)
    with page.expect_download() as download:
        page.click('[data-part="keep"]')
    assert download.value.suggested_filename == "my-abstract.html"
    file = tmp_path / "saved.html"
    download.value.save_as(file)
    html = file.read_text(encoding="utf-8")
    assert "<script" not in html
    assert re.findall(r"<[^>]*\s(?:src|href)=.([a-z]+)", html) == ["data"]
    saved = new_page(viewport={"width": 1280, "height": 900})
    saved.goto(file.as_uri())
    expect(saved.locator("h1")).to_have_text(HOSTILE)
    assert page.inner_text('[data-part="percent"]') in saved.inner_text("body")
    assert saved.locator("tbody tr").count() == 2
    assert saved.evaluate("document.images[0].complete && document.images[0].naturalWidth") > 500


def test_a_page_that_cannot_be_saved_is_spoken_of(page: Page, built_site: Path) -> None:
    opened(page, f"{built_site.as_uri()}/")
    page.evaluate("""() => {
      const { file } = sitegen.typed;
      sitegen.typed.file = () => {
        sitegen.typed.file = file;
        throw new Error("too long");
      };
    }""")
    page.click('[data-part="keep"]')
    expect(page.locator('[data-part="kept"]')).to_have_text("This could not be saved: too long.")
    with page.expect_download():
        page.click('[data-part="keep"]')
    expect(page.locator('[data-part="kept"]')).to_have_text("")
