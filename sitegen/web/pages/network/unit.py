"""A page a unit: what it does to the answer, where it is at work, and which others do the same.

There are hundreds, so they are thin: the frame without the site's navigation, examples as links into the papers' pages,
and no script but the one of every page.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import ClassVar

from sitegen.analysis.network.examples import AnsweredWord, Places
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page
from sitegen.web.pages.network.contexts import Context, Place, contexts_of
from sitegen.web.pages.network.numbers import UnitNumbers, all_units, shown_units
from sitegen.web.pages.network.wording import accuracy, in_log_odds, lead, lift, states
from sitegen.web.release import listed
from sitegen.web.scan import Scan
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import QUIET, correlation, excerpt, points, unit_log_odds

EXAMPLES = 3  # of either direction
WORDS = 4
AFFECTED = 8  # papers
TITLE = 30  # characters of a paper's title


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A word in its context, linked to its paper. value: what the unit wrote there; "" where the word is withheld."""

    href: str
    before: str
    word: str
    after: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Some examples of a kind."""

    title: str
    rows: tuple[Example, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitPage(Page):
    """What one unit does."""

    template: ClassVar[str] = "unit.html"
    words: str  # its name in words
    lead: str  # what it is and does
    right: str  # how many papers are sorted right without it; "" where none has a label
    exact: str  # its numbers in log-odds
    examples: tuple[Examples, ...]
    examples_title: str
    example_unit: str  # in which unit the numbers at words are
    answers: tuple[tuple[str, tuple[str, ...]], ...]  # a heading and the words that it answers to, each with its mean
    states: str  # how its state is spread, in a sentence
    bars: str  # the outline of the histogram of its states, as the path of a picture BINS wide and 20 high
    affected: tuple[tuple[Link, str], ...]  # papers, and by how many points holding it changes their answers
    alike: tuple[tuple[Link, str], ...]  # other units, and the correlation with what they write
    opposite: tuple[tuple[Link, str], ...]
    previous: Link | None
    next: Link | None


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[UnitPage]:
    """One page for each unit that has one."""
    units = shown_units(all_units(inputs, scan))
    contexts = contexts_of(inputs, scan, (place for unit in units for place in _places(unit)))
    at = {(unit.unit.field, unit.unit.layer, unit.place): unit for unit in units}
    for number, unit in enumerate(units):
        frame = frames("unit", f"Unit {unit.unit.name}", unit.unit.file)
        yield unit_page(
            inputs,
            frame,
            unit,
            scan.summaries,
            contexts,
            neighbours=(units[number - 1] if number else None, units[number + 1] if number + 1 < len(units) else None),
            others=at,
        )


def unit_page(
    inputs: SiteInputs,
    frame: Frame,
    numbers: UnitNumbers,
    summaries: Sequence[RecordSummary],
    contexts: Mapping[Place, Context],
    *,
    neighbours: tuple[UnitNumbers | None, UnitNumbers | None],
    others: Mapping[tuple[str, int, int], UnitNumbers],
) -> UnitPage:
    """The page of one unit. contexts: of its examples. others: the units that have pages, by field, layer and place."""
    classes, place = inputs.site.classes, numbers.place
    effects, words = numbers.layer.effects, numbers.layer.at_words
    assert inputs.network is not None
    up, down = (f"▲ {classes.positive}:", f"▼ {classes.negative}:") if numbers.top else ("▲ Up:", "▼ Down:")

    def link(unit: UnitNumbers | None) -> Link | None:
        return Link(text=unit.unit.name, href=frame.to(unit.page)) if unit else None

    def likes(places: Sequence[int]) -> tuple[tuple[Link, str], ...]:
        found = []
        for other in places:
            there = link(others.get((numbers.unit.field, numbers.unit.layer, other)))
            if there:
                found.append((there, correlation(float(numbers.likeness.correlation[place, other]))))
        return tuple(found)

    return UnitPage(
        frame=frame,
        words=numbers.unit.words,
        lead=lead(numbers, classes, units=inputs.network.report.network.units, nouns=frame.nouns),
        right=" ".join(accuracy(numbers, nouns=frame.nouns)),
        exact=in_log_odds(numbers, classes, nouns=frame.nouns),
        examples=tuple(
            Examples(title=title, rows=tuple(_examples(frame, numbers.unit.field, places, place, count, contexts)))
            for title, places, count in _kinds(numbers, classes.names)
        ),
        examples_title="Where it speaks" if numbers.top else "Where it moves",
        example_unit="" if frame.withheld else _example_unit(numbers),
        answers=tuple(
            (heading, tuple(_answer(one) for one in found[:WORDS] if listed(inputs.site.records, one.word)))
            for heading, found in (
                (up, words.toward[place]),
                (down, words.against[place]),
            )
            if found
        ),
        states=states(numbers, last_step=inputs.network.report.network.last_step),
        bars=_outline(words.histogram[place].tolist()),
        affected=tuple(
            (
                Link(text=excerpt(summaries[record].title, TITLE), href=frame.to(summaries[record].page)),
                points(change),
            )
            for record, change in zip(
                effects.affected[place, :AFFECTED].tolist(),
                effects.affected_points[place, :AFFECTED].tolist(),
                strict=True,
            )
            if abs(change) >= QUIET
        ),
        alike=likes(numbers.layer.alike[place].tolist()),
        opposite=likes(numbers.layer.opposite[place].tolist()),
        previous=link(neighbours[0]),
        next=link(neighbours[1]),
    )


def _example_unit(numbers: UnitNumbers) -> str:
    """In which unit the numbers at words are, and how much the largest of them is; states have none."""
    places, words = numbers.place, numbers.layer.at_words
    values = [float(found.values[places, 0]) for found in (words.most, words.least) if found.records[places, 0] >= 0]
    if not numbers.top or not values:
        return ""
    largest = max(values, key=abs)
    return f"log-odds: {unit_log_odds(largest)} takes 50% to {lift(largest)}"


def _kinds(numbers: UnitNumbers, names: Mapping[int, str] | Sequence[str]) -> tuple[tuple[str, Places, int], ...]:
    words = numbers.layer.at_words
    up, down = (f"Most for “{names[1]}”", f"Most for “{names[0]}”") if numbers.top else ("Most upward", "Most downward")
    return (
        (up, words.most, EXAMPLES),
        (down, words.least, EXAMPLES),
        ("In between", words.middle, 2),
        ("At random", words.random, 2),
    )


def _places(numbers: UnitNumbers) -> Iterator[Place]:
    for _, places, count in _kinds(numbers, ("", "")):
        records, tokens = places.records[numbers.place, :count], places.tokens[numbers.place, :count]
        for record, token in zip(records.tolist(), tokens.tolist(), strict=True):
            if record >= 0:
                yield numbers.unit.field, record, token


def _examples(
    frame: Frame, field: str, places: Places, unit: int, count: int, contexts: Mapping[Place, Context]
) -> Iterator[Example]:
    columns = (places.records, places.tokens, places.values)
    for record, token, value in zip(*(column[unit, :count].tolist() for column in columns), strict=True):
        if record < 0:
            continue
        found = contexts[field, record, token]
        yield Example(
            href=frame.to(found.path),
            before=found.before,
            word=found.word,
            after=found.after,
            value=unit_log_odds(value) if found.word else "",
        )


def _answer(answer: AnsweredWord) -> str:
    return f"{answer.word} {unit_log_odds(answer.mean)} ({answer.occurrences}×)"


def _outline(counts: Sequence[int]) -> str:
    """The bars of a histogram as one path, 20 high."""
    largest = max(*counts, 1)
    heights = [20 - round(20 * count / largest) for count in counts]
    steps = [(height, len(list(run))) for height, run in groupby(heights)]
    return "M0 20" + "".join(f"V{height}h{width}" for height, width in steps) + "V20"
