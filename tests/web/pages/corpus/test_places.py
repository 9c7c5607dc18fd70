"""Where the effects are: the answer, its numbers, and the chart."""

from __future__ import annotations

import pytest

from sitegen.analysis.corpus.overview import PlaceEffect, Spread
from sitegen.web.pages.corpus import places
from tests.web.pages.corpus.charts import drawn, rows
from tests.web.papers import PALETTE


def place(name: str, size: float, *, sentences: int = 10, toward: float = 0.1, tokens: float = 20.0) -> PlaceEffect:
    return PlaceEffect(
        place=name,
        sentences=sentences,
        size=Spread(mean=size, low=size / 2, high=2 * size),
        toward=Spread(mean=toward, low=-0.5, high=0.5),
        tokens=tokens,
        per_token=size / tokens,
    )


def found(effects, *, alone=0, shared=True):
    return places.places(effects, alone=alone, shared=shared, palette=PALETTE)


@pytest.mark.parametrize(("between", "verdict"), [(0.5, "No."), (0.3, "Mostly."), (0.05, "Almost.")])
def test_the_ends_are_read_only_where_the_rest_does_little(between, verdict):
    finding = found([place("first", 1.2), place("middle", between), place("last", 0.8)])
    assert finding.answer[0].startswith(
        f"{verdict} A sentence moves the answer by 1.20 log-odds on average (by its share"
    )
    assert finding.caption.startswith("Share of a sentence")
    assert len(finding.answer) == 3


def test_where_there_are_no_shares_the_measure_has_its_own_name():
    finding = found([place("first", 1.2), place("middle", 0.5), place("last", 0.8)], shared=False)
    assert "Taking a sentence out moves the answer by 1.20 log-odds on average (by leave-one-out" in finding.answer[0]
    assert finding.caption.startswith("Leave-one-out effect of a sentence")
    assert "share" not in str(finding.chart)


def test_what_stands_between_is_one_mean_over_its_sentences():
    effects = [
        place("first", 1.0, toward=-0.5, tokens=10.0),
        place("early", 0.2, sentences=30, tokens=20.0),
        place("late", 0.6, sentences=10, tokens=40.0),
        place("last", 1.0, toward=0.25, tokens=16.0),
    ]
    finding = found(effects, alone=2)
    assert "by 0.30 if it stands between" in finding.answer[0]  # (30 x .2 + 10 x .6) / 40
    assert "first sentences have 10 words on average, last ones 16, those between 25" in finding.answer[1]
    assert "that is 1.00, 0.62 and 0.12 log-odds" in finding.answer[1]
    assert "moves it by −0.50 toward its answer, a last one by +0.25, one between by +0.10" in finding.answer[2]
    assert finding.answer[3].startswith("Left out: 2 abstracts of a single sentence")
    assert finding.values.rows[1] == ("early", "30", "0.20", "0.10 to 0.40", "+0.10", "−0.50 to +0.50", "20.0", "0.10")
    assert {len(row) for row in finding.values.rows} == {len(finding.values.head)}


@pytest.mark.parametrize("effects", [[], [place("first", 1.0), place("last", 1.0)]])
def test_short_abstracts_have_no_between(effects):
    finding = found(effects, alone=3)
    assert finding.answer == ("No abstract here has more than two sentences.",)
    assert (finding.chart, finding.values) == (None, None)


def test_each_place_has_its_size_and_its_direction():
    spec = found([place(name, 0.5, toward=-0.1) for name in ("first", "middle", "last")]).chart
    drawn(spec)
    shown = rows(spec, kind=0)
    assert len(shown) == 6
    numbers = {"mean": 0.5, "low": 0.25, "high": 1.0, "text": "0.50", "between": "0.25 to 1.00"}
    assert shown[0] == {"place": "first", "kind": places.SIZE, **numbers}
    numbers = {"mean": -0.1, "low": -0.5, "high": 0.5, "text": "−0.10", "between": "−0.50 to +0.50"}
    assert shown[1] == {"place": "first", "kind": places.TOWARD, **numbers}
