"""What is said of units: the class they speak for, how much they matter, and what that rests on."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import Any

import numpy as np
import pytest

from sitegen.analysis.network.examples import AnsweredWord
from sitegen.analysis.network.written import Network
from sitegen.config import Classes
from sitegen.web.pages.network import wording
from sitegen.web.pages.network.numbers import UnitNumbers, all_units
from sitegen.web.text.nouns import Nouns
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


def said(one: UnitNumbers) -> str:
    return wording.lead(one, CLASSES, units=512)


def test_a_unit_begins_with_how_much_it_matters_and_for_what(looked: Looked) -> None:
    little = unit(looked, toward=1, points=0.0031)
    assert said(little) == (
        "This is one of the network's 512 numbers. It speaks more for “yes”, but matters little by itself: held at its "
        "average, whatever the paper, it changes an answer by 0.3 points on average."
    )
    much = unit(looked, toward=-1, points=0.052)
    assert "It speaks more for “no”: held at" in said(much)
    assert "by 5.2 points on average" in said(much)
    neither = said(unit(looked, toward=0, points=0.0001))
    assert "neither class more than for the other and matters little by itself: " in neither
    assert "by less than 0.1 points on average" in neither
    assert "; others, of the layer above, read it. It speaks" in said(unit(looked, top=False, toward=1))


def test_exact_numbers_are_in_log_odds(looked: Looked) -> None:
    one = unit(looked, by_class=[-0.06, 0.314], effect=0.0932, error=0.0019, papers=104)
    assert wording.in_log_odds(one, CLASSES) == (
        "In log-odds: it adds +0.31 for “yes” papers, −0.060 for “no” ones; held, a change of 0.0932 ± 0.0019 "
        "(104 papers)."
    )
    of_one_class = wording.in_log_odds(unit(looked, by_class=[np.nan, 0.2]), CLASSES)
    assert "it adds +0.20 for “yes” papers; held" in of_one_class
    assert "nan" not in of_one_class
    of_none = wording.in_log_odds(unit(looked, by_class=[np.nan, np.nan]), CLASSES)
    assert of_none.startswith("In log-odds: held, a change of ")


def test_log_odds_are_said_as_what_they_make_of_an_even_answer() -> None:
    assert [wording.lift(value) for value in (0.0, 0.0932, -0.0932, np.log(3))] == ["50.0%", "52.3%", "47.7%", "75.0%"]


@pytest.mark.parametrize(
    ("held", "beside"), [(9, "as many as before"), (7, "2 fewer than before"), (10, "1 more than before")]
)
def test_what_holding_costs(looked: Looked, held: int, beside: str) -> None:
    one = unit(looked, labelled=12, right=9, right_held=held)
    (right,) = wording.accuracy(one)
    assert right == f"Then {held} of 12 labelled papers are sorted right, {beside}."
    assert list(wording.accuracy(unit(looked, labelled=0))) == []
    assert wording.change(0.00004) == "less than 0.1 points"


def test_the_page_begins_with_how_much_one_unit_matters(looked: Looked) -> None:
    units = all_units(looked.inputs, looked.scan)
    first, needed, alike = wording.summary(units)
    most = max(units, key=lambda unit: unit.points)
    assert "32 units" in first.replace("The network is made of 32,", "32 units")
    assert f"{100 * most.points:.1f} points on average" in first
    assert first.startswith("No unit matters much by itself." if most.points < 0.01 else "Single units matter.")
    assert wording.spread_out(units) == (most.points < 0.01)
    lost = max(unit.layer.effects.right - unit.right_held for unit in units)
    assert needed.startswith("Hold the one that is needed most" if lost > 0 else "Whichever one is held")
    assert "4 count like " in alike
    half = int(wording.half(units).split("from the ")[1].split()[0])
    ranked = sorted((unit.effect for unit in units), reverse=True)
    assert sum(ranked[: half - 1]) < sum(ranked) / 2 <= sum(ranked[:half])


def test_one_unit_that_does_it_all_and_one_answer_that_hangs_on_it(looked: Looked) -> None:
    one = unit(looked, effect=9.0, labelled=12, right=9, right_held=8)
    assert wording.half([one]) == "Half of all that single units change comes from the one that matters most."
    _, needed = islice(wording.summary([one]), 2)
    assert needed.endswith("and 1 of 9 right answers is lost.")


@pytest.mark.parametrize(
    ("points", "begins"), [(0.004, "No unit matters much by itself. "), (0.06, "Single units matter. ")]
)
def test_whether_single_units_matter(looked: Looked, points: float, begins: str) -> None:
    one = unit(looked, points=points)
    first = next(wording.summary([one, unit(looked, points=0.001)]))
    assert first.startswith(begins)
    assert (f"hold the strongest, {one.unit.name}," in first) == (points > 0.01)


@pytest.mark.parametrize(
    ("voices", "said"),
    [
        (
            [1.2, 1.4],
            "Many do the same: of those that read a text in one direction, in the last layer, 4 count like a single "
            "one.",
        ),
        ([1.2, 1.8], "4 count like 1 or 2 different ones."),
        ([1.2, 3.1], "Some do the same: "),
        ([3.9, 3.8], "Few do the same: "),
        ([0.0, 0.0], ""),
    ],
)
def test_how_many_different_things_units_do(looked: Looked, voices: list[float], said: str) -> None:
    units = []
    for one in all_units(looked.inputs, looked.scan):
        blocks = tuple(replace(block, voices=voice) for block, voice in zip(one.likeness.blocks, voices, strict=True))
        units.append(replace(one, likeness=replace(one.likeness, blocks=blocks)))
    found = " ".join(wording.alike(units))
    assert said in found
    assert bool(found) == bool(said)


def test_an_example_says_at_which_words_a_unit_is_at_work(looked: Looked) -> None:
    def answering(one: UnitNumbers, up: list[str], down: list[str]) -> UnitNumbers:
        words = one.layer.at_words
        count = len(words.toward)
        answers = {
            name: (tuple(AnsweredWord(word=word, mean=1.0, occurrences=3, records=3) for word in found),) * count
            for name, found in (("toward", up), ("against", down))
        }
        return replace(one, layer=replace(one.layer, at_words=replace(words, **answers)))

    top, below = unit(looked), unit(looked, top=False)
    assert wording.example(answering(top, ["a", "b", "c", "d"], ["e"]), CLASSES) == (
        ("speaks for “yes”", "“a”, “b” and “c”"),
        ("for “no”", "“e”"),
    )
    assert [does for does, _ in wording.example(answering(below, ["a"], ["b"]), CLASSES)] == ["rises", "falls"]
    assert wording.example(answering(top, [], []), CLASSES) == ()


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
    single = wording.made_of(
        Network(layers=1, directions=1, hidden=8), nouns=Nouns(one="tweet", many="tweets", text="text", titled=False)
    )
    assert "The network reads the text forward" in single
    assert "It has as many for titles, which these tweets do not have." in single
    assert "abstract" not in single
