"""What is said of units: the class they speak for, how much they matter, and what that rests on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.written import Network
from sitegen.config import Classes
from sitegen.web.pages.network import wording
from sitegen.web.pages.network.numbers import UnitNumbers, all_units
from tests.web.pages.network.conftest import Looked

CLASSES = Classes(positive="yes", negative="no")


def unit(looked: Looked, *, top: bool = True, **changed: Any) -> UnitNumbers:
    """The first unit of a layer, with other effects; each of `changed` is the value of that one unit."""
    first = next(one for one in all_units(looked.inputs, looked.scan) if one.top == top)
    found = {}
    for name, value in changed.items():
        if name in ("papers", "of_class", "labelled", "right"):
            found[name] = value
            continue
        array = np.array(getattr(first.layer.effects, name))
        array[..., first.place] = value
        found[name] = array
    return replace(first, layer=replace(first.layer, effects=replace(first.layer.effects, **found)))


def test_a_top_unit_speaks_for_a_class(looked: Looked) -> None:
    one = unit(looked, by_class=[-0.06, 0.314], toward=1)
    name = one.unit.name
    assert wording.first_sentence(one, CLASSES) == (
        f"Unit {name} speaks more for “yes”: on average it adds +0.31 log-odds to answers about “yes” papers "
        "and −0.060 to those about “no” papers."
    )
    assert "speaks more for “no”" in wording.first_sentence(unit(looked, toward=-1), CLASSES)
    neither = wording.first_sentence(unit(looked, toward=0), CLASSES)
    assert "speaks for neither class more than for the other" in neither


def test_where_all_papers_are_of_one_class_nothing_is_said_of_the_other(looked: Looked) -> None:
    one = unit(looked, by_class=[np.nan, 0.2], toward=1)
    assert wording.first_sentence(one, CLASSES).endswith("it adds +0.20 log-odds to answers about “yes” papers.")
    below = unit(looked, top=False, by_class=[np.nan, 0.2])
    assert list(wording.by_class(below, CLASSES)) == []


def test_a_lower_unit_writes_nothing_itself(looked: Looked) -> None:
    one = unit(looked, top=False, by_class=[-0.0123, 0.00471], toward=-1)
    assert "writes nothing into the answer itself" in wording.first_sentence(one, CLASSES)
    assert list(wording.by_class(one, CLASSES)) == [
        "Answers about “yes” papers have +0.0047 log-odds from it and those about “no” papers −0.012, on average: it "
        "speaks more for “no”."
    ]
    assert list(wording.by_class(unit(looked), CLASSES)) == []


@pytest.mark.parametrize(
    ("held", "beside"), [(9, "as many as before"), (7, "2 fewer than before"), (10, "1 more than before")]
)
def test_what_holding_costs(looked: Looked, held: int, beside: str) -> None:
    one = unit(looked, labelled=12, right=9, right_held=held)
    (said,) = wording.accuracy(one)
    assert said == f"Then {held} of 12 labelled papers are sorted as their labels say, {beside}."
    assert list(wording.accuracy(unit(looked, labelled=0))) == []
    assert wording.how_much(unit(looked, effect=0.0932, error=0.0019, points=0.00241, papers=104)) == (
        "Held at its average, whatever the paper, it changes the answer by 0.0932 ± 0.0019 log-odds (0.2 points), on "
        "average over 104 papers."
    )
    assert wording.change(0.00004) == "less than 0.1 points"


def test_the_page_begins_with_how_much_one_unit_matters(looked: Looked) -> None:
    units = all_units(looked.inputs, looked.scan)
    first, half, needed = wording.summary(units)
    most = max(unit.points for unit in units)
    assert first.startswith("The network's answer is made by 32 units.")
    assert f"by at most {100 * most:.1f} points on average" in first
    assert ("no unit matters much by itself" in first) == (most < 0.01)
    count = int(half.split("from the ")[1].split()[0])
    ranked = sorted((unit.effect for unit in units), reverse=True)
    assert sum(ranked[: count - 1]) < sum(ranked) / 2 <= sum(ranked[:count])
    lost = max(unit.layer.effects.right - unit.right_held for unit in units)
    assert needed.startswith("Hold the one that is needed most" if lost > 0 else "Whichever one is held")


def test_voices_are_those_of_the_top_layer(looked: Looked) -> None:
    (said,) = wording.voices(all_units(looked.inputs, looked.scan))
    assert looked.scan.likeness
    for field in ("abstract", "title"):
        for name, block in zip(("forward", "backward"), looked.scan.likeness[field][-1].blocks, strict=True):
            assert f"{block.voices:.1f} ({field}, {name})" in said


def test_what_the_network_is_made_of() -> None:
    two = wording.made_of(Network(layers=2, directions=2, hidden=64))
    assert "each forward and backward, in 2 layers, one above the other, with 64 units for each" in two
    assert "each forward, in one layer, with 1 unit for" in wording.made_of(Network(layers=1, directions=1, hidden=1))
