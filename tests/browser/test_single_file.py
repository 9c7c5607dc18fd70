"""A paper's page as one file: it opens alone, draws, and answers, and nothing but its own scripts can run."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from sitegen.web.publish.single_file import single_file
from tests.browser.heatmap_view import ready

pytestmark = pytest.mark.browser


def written(folder: Path, site: Path, url: str) -> Path:
    """The page of a paper of four sentences, in a folder that has nothing else."""
    file = folder / "alone" / "p1.html"
    file.parent.mkdir()
    file.write_text(single_file(site, "records/p1.html", url=url), encoding="utf-8")
    return file


@pytest.mark.parametrize("url", ["https://example.org/some/where/", ""], ids=["address", "no address"])
def test_it_draws_and_sentences_can_be_taken_out_without_a_request(
    page: Page, built_site: Path, tmp_path: Path, url: str
) -> None:
    file = written(tmp_path, built_site, url)
    requests: list[str] = []
    page.on("request", lambda sent: requests.append(sent.url))
    page.goto(file.as_uri())
    ready(page)
    expect(page.locator(".heatmap-stage canvas")).to_have_count(1)
    expect(page.locator(".unzip")).to_be_hidden()
    before = page.locator('.verdict-panel [data-part="percent"]').first.inner_text()
    page.locator("#s4 .word").nth(1).click()
    ready(page)
    expect(page.locator("#s4")).to_have_attribute("aria-pressed", "true")
    assert page.locator('.verdict-panel [data-part="percent"]').first.inner_text() != before
    assert page.locator('[data-part="line"]').first.inner_text().startswith("Without sentence 4:")
    assert page.url.endswith("#without=4")
    assert [address for address in requests if not address.startswith("data:")] == [file.as_uri()]


def test_a_script_that_is_not_its_own_does_not_run(browser: Browser, built_site: Path, tmp_path: Path) -> None:
    file = written(tmp_path, built_site, "")
    text = file.read_text(encoding="utf-8")
    page_text, end, after = text.rpartition("</body>")
    foreign = "<script>document.title = 'foreign'</script>"
    file.write_text(f"{page_text}{foreign}{end}{after}", encoding="utf-8")
    page = browser.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(file.as_uri())
    ready(page)
    assert page.title() != "foreign"
    assert [text for text in refused if "Content Security Policy" in text]
    page.close()
