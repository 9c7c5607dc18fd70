"""The example of the page of patterns: one search, made when the site is, for readers without scripts.

The tool begins with the same search, so what stands here is also what it shows (templates/assets/pattern-results.js).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from sitegen.analysis.network.patterns import SHARES, Match, matches, throughout
from sitegen.analysis.network.written import STEPS, Field
from sitegen.web.export.patterns import FieldPatterns, FieldText, Patterns
from sitegen.web.layout import Frame, Link
from sitegen.web.pages.network.numbers import all_shown
from sitegen.web.scan import Scan
from sitegen.web.text.numbers import count

CONTEXT = 8  # known words on either side of a run
LONG = 24  # known words from which on a run is shown by its first and last ones
WORDS, UNITS, RESULTS = 4, 3, 5  # the length of the range, the units that it should have, the matches it must have
TRIED = 100  # ranges


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of a paper in their context."""

    before: str
    run: str  # the words themselves
    after: str
    place: Link  # the paper, at the sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleUnit:
    """One unit that stays on."""

    name: str
    words: str  # the name in words
    sign: str  # "on" or "negative"
    href: str  # its page, "" where not all units have one


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleMatch:
    """One other place."""

    passage: Passage
    says: str  # what is on there


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One search, made when the site was."""

    passage: Passage
    threshold: str
    before: bool  # whether the units are off right before the words
    units: tuple[ExampleUnit, ...]
    matches: tuple[ExampleMatch, ...]  # the best ones
    found: int  # how many places there are with any of these units
    state: dict[str, Any]  # the tool's state that shows the same


def threshold_text(step: int) -> str:
    """A threshold in steps of 1/127 as readers see it."""
    return f"{step / STEPS:.2f}"


def says(match: Match, chosen: int) -> str:
    """What is on over a run, of so many chosen units."""
    if match.shared == chosen:
        shared = "the chosen unit" if chosen == 1 else f"all {chosen} units"
    else:
        shared = f"{match.shared} of the {chosen} units"
    others = count(match.others, "other") if match.others else "no others"
    return f"{shared} and {others}, over {count(match.end - match.start, 'word')}"


def find_example(patterns: Patterns, scan: Scan, frame: Frame) -> Example | None:
    """Of the words at which most was written those whose best matches are the shortest: so one can read what they have
    in common. Rather of units that come on with them, rather at the highest threshold."""
    field = next(iter(patterns.fields))
    ranges = _strongest(patterns.fields[field])
    for least, before, number in product((UNITS, 1), (True, False), range(1, len(SHARES) + 1)):
        searches = [
            _search(patterns.fields[field], place, start, number, before=before, least=least) for place, start in ranges
        ]
        if found := [search for search in searches if search]:
            return _shown(patterns, scan, frame, field, min(found, key=lambda search: search.length))
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Search:
    """One search: the range, as paper and first word in it and as words of the corpus, and what was found."""

    place: int
    start: int
    without: tuple[int, int]
    number: int
    before: bool
    chosen: list[int]
    found: list[Match]

    @property
    def length(self) -> int:
        """Of the matches that are shown, in words."""
        return sum(match.end - match.start for match in self.found[:RESULTS])


def _search(
    of_field: FieldPatterns, place: int, start: int, number: int, *, before: bool, least: int
) -> _Search | None:
    """None where too little is on, or found."""
    on, first = of_field.cells(number), int(of_field.bounds[place]) + start
    without = (first, first + WORDS)
    chosen = np.flatnonzero(throughout(on, of_field.bounds, *without, before=before)).tolist()
    if len(chosen) < least:
        return None
    found = matches(on, of_field.bounds, chosen, before=before, without=without)
    if len(found) < RESULTS:
        return None
    return _Search(place=place, start=start, without=without, number=number, before=before, chosen=chosen, found=found)


def _shown(patterns: Patterns, scan: Scan, frame: Frame, field: Field, search: _Search) -> Example:
    of_field, chosen = patterns.fields[field], search.chosen
    tokens = of_field.texts[search.place].tokens
    return Example(
        passage=_passage(patterns, scan, frame, field, *search.without),
        threshold=threshold_text(of_field.steps[search.number - 1]),
        before=search.before,
        units=tuple(_unit(patterns, frame, field, cell) for cell in chosen),
        matches=tuple(
            ExampleMatch(
                passage=_passage(patterns, scan, frame, field, match.start, match.end), says=says(match, len(chosen))
            )
            for match in search.found[:RESULTS]
        ),
        found=len(search.found),
        state={
            "record": scan.summaries[patterns.papers[search.place]].name,
            "field": field,
            "range": [tokens[search.start] + 1, tokens[search.start + WORDS - 1] + 1],
            "threshold": search.number,
            "before": search.before,
        },
    )


def _strongest(of_field: FieldPatterns) -> list[tuple[int, int]]:
    """Paper and first word of the ranges within a sentence at which most was written, the strongest first."""
    ranges = []
    for place, text in enumerate(of_field.texts):
        if text.words < WORDS:
            continue
        sums = np.convolve(text.written, np.ones(WORDS), "valid")
        ranges += [
            (abs(float(total)), place, start)
            for start, total in enumerate(sums)
            if text.sentence(start) == text.sentence(start + WORDS - 1)
        ]
    ranges.sort(key=lambda one: (-one[0], one[1:]))
    return [(place, start) for _, place, start in ranges[:TRIED]]


def _unit(patterns: Patterns, frame: Frame, field: Field, cell: int) -> ExampleUnit:
    negative, row = divmod(cell, patterns.network.directions * patterns.network.hidden)
    unit = patterns.unit(field, row)
    return ExampleUnit(
        name=unit.name,
        words=unit.words,
        sign="negative" if negative else "on",
        href=frame.link("unit", unit.file) if all_shown(patterns.network) else "",
    )


def _passage(patterns: Patterns, scan: Scan, frame: Frame, field: Field, start: int, end: int) -> Passage:
    """Words start to end - 1 of the corpus."""
    of_field = patterns.fields[field]
    place = int(np.searchsorted(of_field.bounds, start, side="right")) - 1
    text, first = of_field.texts[place], int(of_field.bounds[place])
    summary = scan.summaries[patterns.papers[place]]
    before, run, after = in_context(text, start - first, end - first)
    at = summary.sentence(text.sentence(start - first)) if field == "abstract" else summary.page
    return Passage(before=before, run=run, after=after, place=Link(text=summary.title, href=frame.to(at)))


def in_context(text: FieldText, start: int, end: int) -> tuple[str, str, str]:
    """Known words start to end - 1 of a text as it was written, with what stands before and behind them. The script
    cuts alike."""
    first, last = max(0, start - CONTEXT), min(text.words, end + CONTEXT)
    before = text.pieces[2 * first + (first > 0) : 2 * start + 1]
    after = text.pieces[2 * end : 2 * last + (last == text.words)]
    run = ["".join(text.pieces[2 * start + 1 : 2 * end])]
    if end - start > LONG:
        parts = (start, start + LONG // 2), (end - LONG // 2, end)
        run = ["".join(text.pieces[2 * begin + 1 : 2 * behind]) for begin, behind in parts]
    return (
        ("… " if first else "") + "".join(before),
        " … ".join(run),
        "".join(after) + (" …" if last < text.words else ""),
    )
