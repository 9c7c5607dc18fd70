"""Where the effects are: the answer, its numbers, and the chart."""

from __future__ import annotations

import pytest

from sitegen.analysis.corpus.overview import PlaceEffect, Spread
from sitegen.web.pages.corpus import places
from tests.web.pages.corpus.charts import drawn, rows
from tests.web.papers import PALETTE


def place(name: str, size: float, *, sentences: int = 10, toward: float = 0.01, tokens: float = 20.0) -> PlaceEffect:
    return PlaceEffect(
        place=name,
        sentences=sentences,
        size=Spread(mean=size, low=size / 2, high=2 * size),
        toward=Spread(mean=toward, low=-0.05, high=0.05),
        tokens=tokens,
        per_token=size / tokens,
    )


def found(effects, *, alone=0, shared=True):
    return places.places(effects, alone=alone, shared=shared, palette=PALETTE)


@pytest.mark.parametrize(("between", "verdict"), [(0.05, "No."), (0.03, "Mostly."), (0.005, "Almost.")])
def test_the_ends_are_read_only_where_the_rest_does_little(between, verdict):
    finding = found([place("first", 0.12), place("middle", between), place("last", 0.08)])
    assert finding.answer[0].startswith(
        f"{verdict} On average the first sentence of an abstract moves the answer by 12.0 points, up or down, the last "
        f"by 8.0, and one in between by {100 * between:.1f} (by their shares"
    )
    assert finding.caption.startswith("Share of a sentence")
    assert len(finding.answer) == 3


def test_where_there_are_no_shares_the_measure_has_its_own_name():
    finding = found([place("first", 0.12), place("middle", 0.05), place("last", 0.08)], shared=False)
    assert (
        "On average taking out the first sentence of an abstract moves the answer by 12.0 points" in finding.answer[0]
    )
    assert "taking out one in between by 5.0 (by leave-one-out" in finding.answer[0]
    assert finding.caption.startswith("Leave-one-out effect of a sentence")
    assert "share" not in str(finding.chart)


def test_what_stands_between_is_one_mean_over_its_sentences():
    effects = [
        place("first", 0.1, toward=-0.05, tokens=10.0),
        place("early", 0.02, sentences=30, tokens=20.0),
        place("late", 0.06, sentences=10, tokens=40.0),
        place("last", 0.1, toward=0.025, tokens=16.0),
    ]
    finding = found(effects, alone=2)
    assert "one in between by 3.0 (" in finding.answer[0]  # (30 x 2 + 10 x 6) / 40
    assert "first sentences have 10 words on average, last ones 16, those in between 25" in finding.answer[1]
    assert "a first one moves the answer by 10.0 points, a last one by 6.2, one in between by 1.2." in finding.answer[1]
    assert "by −5.0 points toward its answer, a last one by +2.5, and one in between by +1.0" in finding.answer[2]
    assert finding.answer[3].startswith("Left out: 2 abstracts of a single sentence")
    assert finding.values.rows[1] == ("early", "30", "2.0", "1.0 to 4.0", "+1.0", "−5.0 to +5.0", "20.0", "1.0")
    assert {len(row) for row in finding.values.rows} == {len(finding.values.head)}


@pytest.mark.parametrize("effects", [[], [place("first", 1.0), place("last", 1.0)]])
def test_short_abstracts_have_no_between(effects):
    finding = found(effects, alone=3)
    assert finding.answer == ("No abstract here has more than two sentences.",)
    assert (finding.chart, finding.values) == (None, None)


def test_each_place_has_its_size_and_its_direction():
    spec = found([place(name, 0.05, toward=-0.01) for name in ("first", "middle", "last")]).chart
    drawn(spec)
    shown = rows(spec, kind=0)
    assert len(shown) == 6
    numbers = {"mean": 5.0, "low": 2.5, "high": 10.0, "text": "5.0", "between": "2.5 to 10.0"}
    assert shown[0] == {"place": "first", "kind": places.SIZE, **numbers}
    numbers = {"mean": -1.0, "low": -5.0, "high": 5.0, "text": "−1.0", "between": "−5.0 to +5.0"}
    assert shown[1] == {"place": "first", "kind": places.TOWARD, **numbers}
