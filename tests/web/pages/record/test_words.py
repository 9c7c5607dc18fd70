"""The table of a record's words: the answer without each, and what it says alone."""

from __future__ import annotations

import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.words import WORDS_SHOWN
from sitegen.web.text.numbers import percent
from tests.web.papers import paper, site
from tests.web.record_pages import page_of, shown


def test_words_of_both_fields_by_leave_one_out_and_alone(tmp_path):
    page = page_of(site(tmp_path), [paper("a", "we", "Good network.", "A bad day.", "Unknown.")])
    without, alone = (-2.0, 1.5, 0.75, 0.25), (-2.25, 1.25, 0.5, 0.0)  # the whole has .25
    assert [(row.text, row.where, row.without, row.alone) for row in page.words] == [
        (text, where, percent(float(probability(0.25 - effect))), percent(float(probability(said))))
        for text, where, effect, said in zip(
            ("bad", "Good", "network", "we"),
            ("abstract, word 4", "abstract, word 1", "abstract, word 2", "title, word 1"),
            without,
            alone,
            strict=True,
        )
    ]
    assert [(row.bar, row.positive) for row in page.words] == [(1.0, False), (0.75, True), (0.375, True), (0.125, True)]
    assert page.words_total == 7
    section = shown(page).one("details", id="all-words")
    assert "open" not in section.attributes
    assert "words are not tested" in section.text
    assert [node.text for node in section.all("th")] == ["Word", "Where", "Without this word", "Alone it says"]


@pytest.mark.parametrize("words", [3, WORDS_SHOWN, 40])
def test_the_strongest_are_shown_and_all_are_counted(tmp_path, words):
    page = page_of(site(tmp_path), [paper("a", "we", " ".join(["good"] * words) + ".")])
    assert len(page.words) == min(words + 1, WORDS_SHOWN)
    assert page.words_total == words + 1
    summary = shown(page).one("details", id="all-words").one("summary")
    assert summary.one("span", data_part="strongest").text == f"The {len(page.words)} strongest of {words + 1} words"
    assert summary.one("span", data_part="all").text == f"All {words + 1} words"
    assert "hidden" in summary.one("span", data_part="all").attributes


def test_without_an_effect_there_is_no_table(tmp_path):
    assert not shown(page_of(site(tmp_path), [paper("a", "Zzz", "Yyy.")])).all("details", id="all-words")
