"""One quantity has the same digits wherever a built site prints it, and those of its data.

Three sites are read, as their readers have them: a pipeline's, of two models with all there is on the page on truth;
one in which every mark of the test occurs; and one without shares, whose papers are too many for the first page. The
checks are in built_numbers.py and built_tables.py (records), built_lists.py (gallery, lists) and built_counts.py (the
test, the page on truth, charts, units).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sitegen.cli.terminal import show_site
from sitegen.pipeline.build import RenderReport
from sitegen.web.pages import gallery
from sitegen.web.publish import bundles as scripts
from tests.web import built_counts, built_lists, built_numbers, built_tables
from tests.web.built_numbers import BuiltSite, Differences
from tests.web.every_verdict import corpus
from tests.web.papers import site as site_of
from tests.web.papers import write

pytestmark = pytest.mark.slow
SAME_ON_ALL = (
    built_numbers.record_pages,
    built_tables.record_tables,
    built_lists.gallery,
    built_lists.sentence_lists,
    built_lists.paper_lists,
    built_lists.words,
    built_counts.corpus,
    built_counts.significance,
    built_counts.units,
)


@pytest.fixture(scope="module")
def pipeline_site(built_site: Path) -> BuiltSite:
    """The shared site: two models, one with a further checkpoint, all checks of the page on truth."""
    return BuiltSite(built_site)


@pytest.fixture(scope="module")
def marked_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Sentences of every mark, with q."""
    return written(tmp_path_factory.mktemp("marked"))


@pytest.fixture(scope="module")
def plain_lists_site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The same papers with no shares, and in plain lists."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "SCRIPTED", 20)
        patch.setattr(gallery, "LISTED", 20)
        return written(tmp_path_factory.mktemp("plain"), shares=False)


def written(folder: Path, *, shares: bool = True) -> BuiltSite:
    """A site of the corpus with every mark, without the large scripts."""
    description = site_of(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("vega_bundle", "datatables_bundle", "datatables_css"):
            patch.setattr(scripts, name, lambda: "/* none */")
        totals = write(description, corpus(), shares=shares)
    site = BuiltSite(description.output.folder)
    site.totals = totals
    return site


def differences(site: BuiltSite, check: Callable[[BuiltSite, Differences], None], *, least: int = 1) -> list[str]:
    """Where the numbers of a site differ. least: how many must at least have been compared, for a check that has lost
    its place in the pages would find nothing."""
    found = Differences()
    check(site, found)
    assert found.compared >= least, f"only {found.compared} numbers compared"
    return found.found


@pytest.mark.parametrize("check", SAME_ON_ALL, ids=lambda check: check.__name__)
def test_pages_print_the_numbers_of_the_data(pipeline_site: BuiltSite, check: Callable[..., None]) -> None:
    assert differences(pipeline_site, check) == []


@pytest.mark.parametrize("check", SAME_ON_ALL, ids=lambda check: check.__name__)
def test_so_they_do_where_sentences_have_marks(marked_site: BuiltSite, check: Callable[..., None]) -> None:
    assert differences(marked_site, check) == []


@pytest.mark.parametrize("check", SAME_ON_ALL, ids=lambda check: check.__name__)
def test_so_they_do_without_shares(plain_lists_site: BuiltSite, check: Callable[..., None]) -> None:
    assert differences(plain_lists_site, check) == []


def test_plain_lists_print_the_numbers_of_the_data(plain_lists_site: BuiltSite) -> None:
    assert differences(plain_lists_site, built_lists.plain_lists, least=len(plain_lists_site.records)) == []


def test_the_page_on_truth_prints_the_numbers_of_its_data(pipeline_site: BuiltSite) -> None:
    assert differences(pipeline_site, built_counts.faithfulness, least=100) == []


def test_the_terminal_says_what_the_pages_say(marked_site: BuiltSite, capsys: pytest.CaptureFixture[str]) -> None:
    report = RenderReport(
        collection=None, totals=marked_site.totals, folder=marked_site.folder, files=1, bytes=1, unchanged=False
    )
    show_site(report, 1.0)
    printed = capsys.readouterr().out
    classes = marked_site.json("significance.json")["classes"]
    passed, tested = (sum(one[name] for one in classes) for name in ("passed", "tested"))
    assert passed
    assert re.search(rf"^Sentences {passed} of {tested} tested are clear", printed, re.M)
    right, labelled, share = re.search(r"^Right +(\S+) of (\S+) labels \((.*?)\)", printed, re.M).groups()
    records = [record for record in marked_site.records if record["label"]]
    agree = [record["label"] == record["bag: predicted"] for record in records]
    assert (right, labelled) == (str(sum(agree)), str(len(agree)))
    tiles = [
        built_numbers.wide(tile.text) for tile in marked_site.page("index.html").one("ul", class_="tiles").all("li")
    ]
    assert f"{share} of {labelled} labels predicted right in papers new to the model" in tiles


def test_many_numbers_are_compared(pipeline_site: BuiltSite, marked_site: BuiltSite) -> None:
    assert differences(pipeline_site, built_numbers.record_pages, least=300) == []
    assert differences(marked_site, built_numbers.record_pages, least=500) == []
    assert differences(pipeline_site, built_tables.record_tables, least=500) == []
    assert differences(marked_site, built_tables.record_tables, least=1000) == []
    assert differences(marked_site, built_counts.significance, least=30) == []


@pytest.mark.parametrize(
    ("page", "old", "new"),
    [
        ("records/odd.html", 'data-part="percent">', 'data-part="percent">1'),
        pytest.param("records/odd.html", "alone it says ", "alone it says 1", marks=pytest.mark.nightly),
        ("records/odd.html", 'data-label="leave-one-out">−', 'data-label="leave-one-out">−1'),
        pytest.param("records/odd.html", "</b> <small>", "</b> <small>1", marks=pytest.mark.nightly),
        ("index.html", " points</span>", "0 points</span>"),
        pytest.param("sentences/index.html", 'class="without">', 'class="without">9', marks=pytest.mark.nightly),
        ("significance.html", "passed: ", "passed: 1"),
        ("words.html", 'class="lane" title="', 'class="lane" title="+1'),
        ("words.html", "the answer falls by ", "the answer falls by 1"),
        ("methods.html", '<main id="main">', '<main id="main"><p>It falls by +5%, which is 5 points.</p>'),
    ],
)
def test_a_changed_digit_is_found(marked_site: BuiltSite, tmp_path: Path, page: str, old: str, new: str) -> None:
    """The checks bite: each finds one number written otherwise on one page."""
    text = (marked_site.folder / page).read_text(encoding="utf-8")
    assert old in text
    changed = Changed(marked_site.folder, page, text.replace(old, new, 1))
    assert any(differences(changed, check, least=0) for check in SAME_ON_ALL)


class Changed(BuiltSite):
    """A site with another text of one page."""

    def __init__(self, folder: Path, page: str, text: str) -> None:
        super().__init__(folder)
        self._pages[page] = built_numbers.parse(text)
