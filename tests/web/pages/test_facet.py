"""The pages of a facet's values and their comparison: numbers by hand, few papers, hostile values, withheld texts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.significance.evidence import Standing
from sitegen.web.facets import OFFERED
from sitegen.web.pages.facet.numbers import numbers_beside, numbers_of
from sitegen.web.pages.facet.page import FacetIndexPage, facet_pages
from sitegen.web.pages.gallery import index_page
from sitegen.web.publish.links import check_site
from sitegen.web.publish.render import Renderer
from tests.classifiers import Bag
from tests.web.papers import HOSTILE, frames, inputs, paper, papers, parse, site, summaries, surveyed, write

HELD, TRAINED, UNKNOWN = Standing.HELD_OUT, Standing.TRAINING, Standing.UNKNOWN


COURTS = " ".join(["courts"] * 20)


def corpus():
    """Six papers on law, of which the model calls four positive, and six others, all negative; the first is unlabelled.
    "Courts" stands in every one on law and nowhere else; "study" everywhere."""
    law = [
        paper(f"law{k}", "Study", f"Good {COURTS}." if k < 4 else f"Bad {COURTS}.", label=y, facets={"subject": "law"})
        for k, y in enumerate((None, 1, 1, 0, 0, 1))
    ]
    rest = [paper(f"rest{k}", "Study", "Bad study.", label=0, facets={"subject": "other"}) for k in range(6)]
    return [*law, *rest]


def built(description, items, standings=None, **scan_changes):
    scan = replace(surveyed(description, items), **scan_changes)
    found = facet_pages(description, frames(description), scan, standings or [HELD] * len(items))
    return {page.frame.path: page for page in found}


def text(page):
    return " ".join(parse(Renderer().render(page)).one("main").text.split())


def test_what_the_model_says_of_a_value_beside_all_others(tmp_path):
    page = built(site(tmp_path), corpus())["facet/subject/law.html"]
    assert page.said.lead == "The model calls 4 (67%) of 6 papers here “positive”, and 0 (0%) of the 6 others."
    # 1.5 - .25 four times, -2 - .25 twice: 77.7% and 9.5%
    assert [(tile.value, tile.caption) for tile in page.said.tiles] == [
        ("6", "papers"),
        ("4 of 6", "predicted positive"),
        ("55%", "average probability of “positive” (10% for the 6 others)"),
        ("60%", "of 5 labelled papers new to the model predicted right"),
    ]
    assert page.said.few == ""
    first, second = page.said.judged
    assert first == (
        "The model is right about 3 of 5 labelled papers that are new to it (60%). Of many more such papers it may be "
        "right about 23.1% to 88.2% (95% interval)."
    )
    # said: (3 x .777 + 2 x .095) / 5
    assert second == (
        "Do its percentages hold? It says 50% “positive” on average, and 3 of the 5 (60%) are labelled so. That is no "
        "further apart than luck may put them (95% interval: 23.1% to 88.2%)."
    )


def test_papers_that_the_model_has_met_are_counted_apart(tmp_path):
    standings = [HELD, TRAINED, TRAINED, *[HELD] * 9]
    page = built(site(tmp_path), corpus(), standings)["facet/subject/law.html"]
    assert page.said.judged == (
        "The model is right about 1 of 3 labelled papers that are new to it (33%). Of fewer than 5 this says little.",
        "The model is right about 2 of 2 labelled papers that it was trained on (100%). Of fewer than 5 this says "
        "little.",
        "Whether its percentages hold cannot be said from fewer than 5 labelled papers.",
    )
    page = built(site(tmp_path), corpus(), [TRAINED] * 12)["facet/subject/law.html"]
    assert "None of them is known to be new to the model" in page.said.judged[1]
    assert len(page.said.tiles) == 3


def test_words_that_set_a_value_apart(tmp_path):
    page = built(site(tmp_path), corpus())["facet/subject/law.html"]
    assert [(row.word, row.here, row.there) for row in page.apart.words][:1] == [("courts", "120 in 6 papers", "0")]
    assert page.apart.words[0].ratio == ""
    assert all((row.ratio == "") == (row.there == "0") for row in page.apart.words)
    assert "none elsewhere" in text(page)
    assert "z: courts +" in text(page)
    assert "study" not in {row.word for row in page.apart.words}
    good = next((row for row in page.apart.words if row.word == "good"), None)
    assert good is None or good.alone == "78%"  # the weight 1.5, less .25
    assert "Which words set these papers apart?" in text(page)


def test_of_few_papers_nothing_is_said_of_words_and_that_is_said(tmp_path):
    items = corpus()[2:]  # four on law
    found = built(site(tmp_path), items)
    page = found["facet/subject/law.html"]
    assert page.said.few == "Fewer than 5 papers: numbers of so few say little."
    assert (page.apart.words, page.apart.none) == ((), "From fewer than 5 papers nothing is said of their words.")
    shown = text(found["facet/subject/index.html"])
    assert "law *" in shown
    assert "other *" not in shown
    alone = built(site(tmp_path), [paper(f"p{k}", "Good", facets={"subject": "law"}) for k in range(5)])
    assert "All papers are here" in alone["facet/subject/law.html"].apart.none
    assert alone["facet/subject/law.html"].gallery is None  # the gallery has no filter by one value


def test_values_are_compared_side_by_side(tmp_path):
    page = built(site(tmp_path), corpus())["facet/subject/index.html"]
    assert isinstance(page, FacetIndexPage)
    rows = [
        (row.value.text, row.value.href, row.papers, row.positive, row.so, row.right, row.mean) for row in page.rows
    ]
    assert rows == [
        ("law", "law.html", 6, "4 (67%)", "3 (60%)", "3 of 5 (60%)", "55%"),
        ("other", "other.html", 6, "0 (0%)", "0 (0%)", "6 of 6 (100%)", "10%"),
    ]
    assert (page.whole.papers, page.whole.right) == (12, "9 of 11 (82%)")
    tree = parse(Renderer().render(page))
    assert [node.text for node in tree.one("thead").all("th")][3:5] == ["Labelled so", "Predicted right"]
    unlabelled = built(site(tmp_path), [paper("a", "Good", facets={"subject": "x"})])["facet/subject/index.html"]
    assert "Predicted right" not in text(unlabelled)


def test_a_value_links_to_its_papers_and_to_the_gallery_of_them(tmp_path):
    page = built(site(tmp_path), corpus())["facet/subject/law.html"]
    assert page.gallery.href == "../../index.html#facet0=law"
    assert [row.link.href for row in page.papers[:2]] == ["../../records/law0.html", "../../records/law1.html"]
    assert [(row.percent, row.positive, row.right) for row in page.papers[3:5]] == [
        ("78%", True, "wrong"),
        ("10%", False, "right"),
    ]
    other = built(site(tmp_path), [paper("a", "Good", facets={"subject": "R&D + x=y"}), paper("b")])
    assert next(p for p in other.values() if not isinstance(p, FacetIndexPage)).gallery.href.endswith(
        "#facet0=R%26D+%2B+x%3Dy"
    )


def test_the_gallery_leads_to_the_comparison(tmp_path):
    description, items = site(tmp_path), corpus()
    scan = surveyed(description, items)
    frame = frames(description)("gallery", "Gallery")
    page = index_page(inputs(description, items, {"bag": Bag()}), frame, scan)
    assert [(link.text, link.href) for link in page.compared] == [("subject", "facet/subject/index.html")]
    assert "Compare the papers by subject" in text(page)


VALUES = ("../x", "<b>bold</b>", HOSTILE, "long " * 200, "index", "con", "ÄÖ 社会")


def test_hostile_values_are_text_and_stay_in_their_folder(tmp_path):
    description = site(tmp_path)
    items = [paper(f"p{k}", "Good", "Bad.", facets={"subject": value}) for k, value in enumerate((*VALUES, ""))]
    write(description, items)  # checks all links
    folder = description.output.folder
    assert check_site(folder) == []
    assert len(list((folder / "facet" / "subject").iterdir())) == len(VALUES) + 1
    assert sorted(path.name for path in (folder / "facet").iterdir()) == ["subject"]
    for path in (folder / "facet").rglob("*.html"):
        tree = parse(path.read_text(encoding="utf-8"))
        assert not tree.all("img")
        assert not any("onerror" in node.attributes for node in tree)
    record = parse((folder / "records" / "p1.html").read_text(encoding="utf-8")).one("dl", class_="metadata")
    assert [node.text for node in record.all("a")] == ["<b>bold</b>"]


@pytest.mark.parametrize(
    ("publish", "word"), [("scores", "secret"), pytest.param("excerpts", "secret", marks=pytest.mark.nightly)]
)
def test_words_that_are_withheld_are_not_told(tmp_path, publish, word):
    settings = {"path": tmp_path / "r", "facets": ["subject"], "publish": publish, "excerpt_words": 2}
    items = [
        paper(f"p{k}", "Open courts", f"We study a {' '.join([word] * 20)}.", facets={"subject": "law"})
        for k in range(6)
    ]
    items += [paper(f"q{k}", "Open study", "We study nothing.", facets={"subject": "other"}) for k in range(6)]
    description = site(tmp_path, records=settings)
    write(description, items)
    page = (description.output.folder / "facet" / "subject" / "law.html").read_text(encoding="utf-8")
    assert "courts" in page
    assert word not in page
    whole = built(site(tmp_path), items)["facet/subject/law.html"]
    assert word in [row.word for row in whole.apart.words]


def test_of_very_many_values_each_page_links_to_the_comparison_alone(tmp_path):
    items = [paper(f"p{k}", "Good", facets={"subject": f"s{k}"}) for k in range(OFFERED + 1)]
    found = built(site(tmp_path), items)
    assert found["facet/subject/s3.html"].others == ()
    assert "compare by subject" in text(found["facet/subject/s3.html"])
    assert len(found["facet/subject/index.html"].rows) == OFFERED + 1


def test_sentences_that_were_not_asked_about_are_not_listed(tmp_path):
    description, items = site(tmp_path), corpus()
    scan = surveyed(description, items)
    none = np.full_like(scan.effects.share, np.nan)
    effects = replace(scan.effects, share=none, share_change=none, leave_one_out=none, change=none, alone=none)
    found = facet_pages(description, frames(description), replace(scan, effects=effects), [HELD] * 12, not_asked="No.")
    page = next(page for page in found if not isinstance(page, FacetIndexPage))
    assert page.lists.not_asked == "No."
    assert "No. What was asked" in text(page)


def test_without_facets_there_are_no_such_pages(tmp_path):
    assert built(site(tmp_path, records={"path": tmp_path / "r.csv"}), corpus()) == {}
    assert built(site(tmp_path), [paper("a", facets={"subject": ""})]) == {}


def test_a_site_calls_a_record_by_its_noun(tmp_path):
    described = site(tmp_path, records={"path": tmp_path / "r", "facets": ["subject"], "noun": "essay"})
    for page in built(described, corpus()).values():
        assert "paper" not in text(page).lower()


def test_all_others_are_what_is_left_of_the_whole(tmp_path):
    """For each value of a facet they are not gone through again: there may be as many values as papers."""
    found = summaries(site(tmp_path), papers())
    standings = [0] * len(found)
    whole = numbers_of(found, standings)
    for k in range(len(found) + 1):
        here, rest = (numbers_of(some, standings[: len(some)]) for some in (found[:k], found[k:]))
        beside = numbers_beside(whole, here)
        assert (beside.papers, beside.predicted, beside.share) == (rest.papers, rest.predicted, rest.share)
        assert beside.mean == pytest.approx(rest.mean, nan_ok=True)
