"""The page of patterns: states over the words of a paper, and where else in the corpus the same units are on together.

The page is a tool and works by scripts (templates/assets/pattern*.js), from files of bits (web/export/patterns.py).
What it does, and one example, stand in it for readers without scripts; the tool begins with that example.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.analysis.network.patterns import CANDIDATES, LEAST
from sitegen.analysis.network.written import Field
from sitegen.web.export.patterns import FieldPatterns, Patterns, patterns_of
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page, ScriptValue
from sitegen.web.pages.network.pattern_example import CONTEXT, LONG, Example, find_example, threshold_text
from sitegen.web.scan import Scan
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count

RESULTS = 50  # that the page shows
MIDDLE = 2  # the threshold to begin with


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """One threshold of one field, and what it leaves."""

    number: int  # from 1, the highest threshold first
    threshold: str  # of the state
    on: str  # how many units are on or negative at a word, on average


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldGuidance:
    """The thresholds of one field."""

    field: Field
    words: str  # how many known words, in how many papers
    thresholds: tuple[Guidance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternsPage(Page):
    """The page."""

    template: ClassVar[str] = "network_patterns.html"
    root: str  # the link from it to the site's own folder, with a slash at its end
    papers: int  # that can be searched
    units: int  # of a field's top layer
    hidden: int  # units of each direction
    directions: int
    layers: int
    last_step: bool  # whether the answer sees of backward units the last word alone
    all_papers: bool  # whether no paper of the site is missing
    fields: tuple[FieldGuidance, ...]  # the abstract first
    least: int  # words of a run
    candidates: int  # runs that are enough
    results: int  # that are shown
    context: int  # words on either side
    middle: int  # the number of the threshold to begin with
    example: Example | None
    map: str  # the link to the map of the network


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[PatternsPage]:
    """The one page; none where states are not published."""
    if patterns := patterns_of(inputs):
        yield patterns_page(patterns, scan, frames("patterns", "Where else does the network do this?"))


def patterns_page(patterns: Patterns, scan: Scan, frame: Frame) -> PatternsPage:
    """The page of these patterns."""
    network, example = patterns.network, find_example(patterns, scan, frame)
    return PatternsPage(
        frame=frame,
        values=(ScriptValue(asset="patterns-data.js", name="patterns", value=_script_value(patterns, example)),),
        root=frame.to("index.html").removesuffix("index.html"),
        papers=len(patterns.papers),
        units=network.directions * network.hidden,
        hidden=network.hidden,
        directions=network.directions,
        layers=network.layers,
        last_step=network.last_step and network.directions == 2,
        all_papers=len(patterns.papers) + len(patterns.same) == len(scan.summaries),
        fields=tuple(_guidance(field, of_field, nouns=frame.nouns) for field, of_field in patterns.fields.items()),
        least=LEAST,
        candidates=CANDIDATES,
        results=RESULTS,
        context=CONTEXT,
        middle=MIDDLE,
        example=example,
        map=frame.link("network"),
    )


def _guidance(field: Field, patterns: FieldPatterns, *, nouns: Nouns = PAPERS) -> FieldGuidance:
    return FieldGuidance(
        field=field,
        words=f"{count(len(patterns.states), 'word')} of {nouns.count(len(patterns.texts))}",
        thresholds=tuple(
            Guidance(number=number, threshold=threshold_text(step), on=_on(patterns, number))
            for number, step in enumerate(patterns.steps, 1)
        ),
    )


def _on(patterns: FieldPatterns, number: int) -> str:
    mean = patterns.cells(number).sum() / len(patterns.states)
    return f"{mean:.0f}" if mean >= 2 else f"{mean:.1f}"


def _script_value(patterns: Patterns, example: Example | None) -> dict[str, Any]:
    return {
        "steps": {field: list(of_field.steps) for field, of_field in patterns.fields.items()},
        "least": LEAST,
        "candidates": CANDIDATES,
        "results": RESULTS,
        "context": CONTEXT,
        "long": LONG,
        "start": example.state if example else None,
    }
