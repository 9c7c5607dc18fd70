"""Which measure to trust, in a sentence and in a table, follows from the numbers."""

from __future__ import annotations

import pytest

from sitegen.analysis.faithfulness.measures import MEASURES
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.web.pages.faithfulness.trusted import trust_evidence, trust_sentence, trust_table
from tests.web.pages.faithfulness.results import (
    CLASSES,
    MINUS,
    NOTHING,
    REASONS,
    mixed,
    page_of,
    result,
    text_of,
    trust,
)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            trust((0.88, 0.8, 0.7), ("share",)),
            "On these papers, trust a sentence's share. It is right more often than the other two measures.",
        ),
        (
            trust((0.7, 0.7, 0.9), ("leave_one_out",)),
            "On these papers, trust leaving it out. It is right more often than the other two measures.",
        ),
        (
            trust((0.87, 0.88, 0.75), ("read_alone", "share")),
            "On these papers, trust a sentence's share and what it says alone. Both are right more often than leaving "
            "it out.",
        ),
        (
            trust((0.9, 0.9, 0.9), MEASURES),
            "On these papers, trust a sentence's share, what it says alone and leaving it out alike: they are right "
            "about equally often.",
        ),
        (
            trust((0.51, 0.5, 0.5), ()),
            "On these papers, trust none of the three measures: none is right more often than guessing.",
        ),
        (
            trust((0.66, 0.6, 0.5), ("share",)),
            "On these papers, no measure is good. The best is a sentence's share. It is right about 66% of pairs of "
            "sentences; guessing is right about 50%.",
        ),
        (
            trust((0.66, 0.65, 0.5), ("share", "read_alone")),
            "On these papers, no measure is good. The best are a sentence's share and what it says alone. They are "
            "right about 66% of pairs of sentences at most; guessing is right about 50%.",
        ),
        (None, "Which measure to trust is not known here. Too few papers to tell."),
    ],
)
def test_the_sentence_on_top_follows_from_the_numbers(tmp_path, found, said):
    about = result(trust=found, reasons={} if found else REASONS)
    assert trust_sentence(about) == said
    assert said in text_of(page_of(tmp_path, about))


def test_the_numbers_behind_the_sentence_are_told():
    (told, rule) = trust_evidence(result())
    assert "A sentence's share in 87%, what it says alone in 88% and leaving it out in 75%; guessing in 50%." in told
    assert "each counts half" in told
    assert "at most 3.0 percentage points, or by no more than luck may do (2 standard errors" in rule
    assert "mixed" not in trust_evidence(result(trust=trust(hybrids=False)))[0]
    assert "neutral" not in trust_evidence(result(trust=trust(real=False)))[0]
    assert trust_evidence(NOTHING) == ()


def table_of(found: Faithfulness) -> list[list[str]]:
    table = trust_table(found, CLASSES, "")
    return [[f"*{cell.text}*" if cell.best else cell.text for cell in row.cells] for row in table.rows]


def test_the_table_sets_the_measures_side_by_side():
    assert table_of(result()) == [
        ["*93%*", "95%", "87%", "77%", "*23.1*", "+0.05"],
        ["92%", "*96%*", "*88%*", "*79%*", "22.0", f"*{MINUS}0.02*"],
        ["81%", "90%", "78%", "59%", "15.0", "+0.65"],
        ["50%", "40%", "50%", "50%", "12.0", "0.00"],
    ]
    rows = trust_table(result(), CLASSES, "-2").rows
    assert [row.trusted for row in rows] == [True, True, False, False]
    assert {column.link for column in trust_table(result(), CLASSES, "-2").columns} == {
        "hybrids-2",
        "planted-2",
        "sentences-2",
        "randomised-2",
    }


def test_numbers_that_read_the_same_are_best_alike_and_what_was_not_tried_is_a_dash():
    assert [row[0] for row in table_of(result(hybrids=mixed(auc=(0.931, 0.934, 0.8))))][:2] == ["*93%*", "*93%*"]
    assert all(cell == "–" for row in table_of(NOTHING) for cell in row)
