"""The page of two models: every number by hand, or against the scores themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.corpus.agreement import Answers, SharesAlike
from sitegen.web.components import Answer, Finding
from sitegen.web.layout import Frames
from sitegen.web.pages.models import answers, page, sentences
from sitegen.web.pages.models.disagreements import Disagreements
from sitegen.web.pages.models.pair import followed, pairs_of, points_of
from sitegen.web.pages.record.sentences import HARDLY
from sitegen.web.publish.render import Renderer
from sitegen.web.scan import scan_records
from sitegen.web.text.nouns import Nouns
from tests.classifiers import Bag
from tests.web.papers import HOSTILE, PALETTE, Watcher, inputs, paper, papers, parse, site

NOUNS = Nouns()


class Contrary(Bag):
    """Says of abstracts the opposite of Bag."""

    def parts(self, field, texts):
        return -super().parts(field, texts) if field == "abstract" else super().parts(field, texts)


ITEMS = [
    *papers(),
    paper("long", "We", "Bad interview.", "Good simulation.", "Good network.", "We.", "Bad.", label=1),
    paper("hostile", HOSTILE, "A good simulation.", label=0, facets={"subject": "Sociology"}),
]


@pytest.fixture
def two(tmp_path):
    return site(tmp_path, models=[{"name": "bag", "path": "a"}, {"name": "contrary", "path": "b"}])


def scanned(description, items=ITEMS, other=None):
    given = inputs(description, items, {"bag": Bag(), "contrary": other or Contrary()})
    return given, scan_records(given, reporter=Watcher())


def made(description, items=ITEMS, other=None):
    given, scan = scanned(description, items, other)
    (found,) = page.pages(given, scan, Frames(site=description, palette=PALETTE))
    return found, given, scan


def test_the_head_counts_equal_answers_and_right_ones(two):
    found, given, _ = made(two)
    (pair,) = found.pairs
    margins = [[given.occlusions(k)[name].margin for k in range(len(ITEMS))] for name in ("bag", "contrary")]
    says = np.array(margins) >= 0
    same = int(np.sum(says[0] == says[1]))
    assert 0 < same < len(ITEMS)
    assert pair.headline == f"bag and contrary agree on {same} of 5 papers"
    labels = [item.record.label for item in ITEMS]
    right = [
        sum(bool(said) == bool(label) for said, label in zip(row, labels, strict=True) if label is not None)
        for row in says
    ]
    assert [tile.value for tile in pair.tiles] == [f"{25 * n}%" for n in right]
    assert pair.limit == ""


def test_disagreements_stand_with_what_each_model_followed(two):
    found, _, scan = made(two)
    (pair,) = pairs_of(scan)
    (shown,) = [
        part for section in found.pairs[0].sections for part in section.parts if isinstance(part, Disagreements)
    ]
    apart = pair.disagreements()
    assert shown.total == len(apart) == len(shown.records) > 1
    distance = [abs(pair.at(k)[0].probability - pair.at(k)[1].probability) for k in apart]
    assert distance == sorted(distance, reverse=True)
    for k, record in zip(apart, shown.records, strict=True):
        for side, model in zip(record.sides, scan.models, strict=True):
            values, toward = points_of(model, k), 1 if side.positive else -1
            best = int(np.argmax(toward * values))
            if toward * values[best] >= HARDLY:
                assert (side.number, side.upward) == (best + 1, side.positive)
                assert side.sentence_href.endswith(f"#s{best + 1}")
            else:
                assert (side.number, side.sentence) == (0, "")
        assert record.href.endswith("#beside-contrary")


def test_no_sentence_is_followed_where_none_moved_the_answer(two):
    _, scan = scanned(two, [paper("p", "Bad", "Good.", label=1), paper("q", "Good", "Nothing here.")])
    first = scan.models[0]
    assert first.summaries[0].predicted == 0  # by its title; its only sentence speaks for the other class
    assert followed(first, 0) is None
    assert followed(first, 1) is None


@pytest.mark.parametrize(
    ("a", "b", "label", "begins", "right"),
    [
        ([1, 1], [1, 1], [1, 0], "Yes: they give the same answer to all 2 papers.", "none is one that only one"),
        ([1], [1], [-1], "Yes: they give the same answer to the one paper that both read.", ""),
        ([1] * 9, [0] * 9, [1] * 9, "Rarely: they give", "a fair coin would split them as unevenly in 0.4% of cases"),
        ([1, 1, 0, 0], [1, 1, 0, 1], [-1] * 4, "Mostly: they give the same answer to 3 of 4 papers (75%)", ""),
        ([1, 0, 0], [0, 1, 0], [1, 1, 1], "Rarely: they give", "Too few to tell which is better"),
        ([1, 0] * 3, [0, 1] * 3, [1] * 6, "Rarely: they give", "as even as it can be, and does not tell which"),
        ([1] * 12, [0] * 12, [1] * 12, "Rarely: they give", "So one is right more often than two, by more than luck"),
        ([0] * 12, [1] * 12, [1] * 12, "Rarely: they give", "So two is right more often than one"),
        ([], [], [], "That cannot be said", ""),
    ],
)
def test_what_is_said_of_the_answers(a, b, label, begins, right):
    given = Answers(a=np.array(a, dtype=bool), b=np.array(b, dtype=bool), label=np.array(label))
    assert answers.said(given, NOUNS).startswith(begins)
    said = answers.right_more_often(given, ("one", "two"), NOUNS)
    assert (right in said) if right else said == ""


@pytest.mark.parametrize(
    ("same", "chance", "begins"),
    [(9, 2.0, "Often"), (4, 2.0, "Partly"), (2, 2.0, "Hardly more than by chance")],
)
def test_what_is_said_of_the_sentences(same, chance, begins):
    alike = SharesAlike(records=10, same_top=same, by_chance=chance, ordered=7, middle=0.25)
    said = sentences.said(alike, NOUNS)
    assert said.startswith(f"{begins}: in {10 * same}% of 10 papers")
    assert "by chance it would be in 20%" in said
    assert "+0.25 in the middle one of 7 papers" in said
    none = replace(alike, records=0)
    assert sentences.said(none, NOUNS).startswith("That cannot be said")


def test_agreement_is_told_by_the_values_of_facets(two):
    found, _, scan = made(two)
    section = next(section for section in found.pairs[0].sections if section.head.key.startswith("values"))
    (table,) = section.parts
    rows = {row[0]: row[1:] for row in table.values.rows}
    (pair,) = pairs_of(scan)
    of_sociology = [k for k, item in enumerate(ITEMS) if item.record.facets.get("subject") == "Sociology"]
    same = sum(not pair.disagree(k) for k in of_sociology)
    assert rows["Sociology"][:2] == (str(len(of_sociology)), f"{50 * same}%")


def test_a_model_may_read_some_of_the_records(two):
    given, _ = scanned(two)

    def some(answers):
        return lambda k: {name: one for name, one in answers(k).items() if name == "bag" or k in (0, 3)}

    limited = replace(given, occlusions=some(given.occlusions), alone=some(given.alone), extras=some(given.extras))
    scan = scan_records(limited, reporter=Watcher())
    (found,) = page.pages(limited, scan, Frames(site=two, palette=PALETTE))
    assert found.pairs[0].limit.startswith("contrary reads 2 papers of 5")
    assert [summary is None for summary in scan.models[1].summaries] == [False, True, True, False, True]
    assert scan.models[1].effects.record.tolist() == [0] * 3 + [3] * 5


def test_there_is_no_such_page_of_a_site_with_one_model(tmp_path):
    description = site(tmp_path)
    given = inputs(description, ITEMS, {"bag": Bag()})
    scan = scan_records(given, reporter=Watcher())
    assert given.beside is None
    assert not list(page.pages(given, scan, Frames(site=description, palette=PALETTE)))


def test_the_page_shows_all_of_it_and_no_markup_of_a_title(two):
    found, _, _ = made(two)
    html = Renderer().render(found)
    parse(html)
    assert "<img src=x" not in html
    heads = [section.head for section in found.pairs[0].sections]
    assert all(isinstance(head, Finding | Answer) and head.question in html for head in heads)
    assert set(found.charts) == {"answers-contrary"}
