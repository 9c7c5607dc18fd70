"""Parts that several pages show, each made once: a section with its finding and chart, a table of values, a tile, a
fact.

Pages fill these from the analysis; partials of the templates show them. A page of questions is a list of sections, and
its template is a loop: what can stand in a section names its own template (`partial`), which reads it as `part`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

from sitegen.web.layout import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A chart's numbers as a table."""

    head: tuple[str, ...]  # the columns' names
    rows: tuple[tuple[str, ...], ...]  # the first cell of each names it


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Numbers in plain sight."""

    partial: ClassVar[str] = "partials/table.html"
    label: str  # what they are, for those who hear the page
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One question with its answer, and where there is one the chart that shows it."""

    partial: ClassVar[str] = "partials/finding.html"
    key: str  # names its place on the page, and its chart
    question: str
    answer: tuple[str, ...]  # sentences, the answer itself first
    caption: str = ""  # what the chart shows
    chart: dict[str, Any] | None = None  # the Vega-Lite specification
    values: Values | None = None  # the chart's numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One question with its answer, where lists, not a chart, stand below."""

    partial: ClassVar[str] = "partials/answer.html"
    key: str  # names its place on the page
    question: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A remark, and where to read on."""

    partial: ClassVar[str] = "partials/note.html"
    text: str
    link: Link


class Part(Protocol):
    """A part of a section: the context of a partial of its own, which reads it as `part`."""

    partial: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One question of a page."""

    head: Finding | Answer  # the question and its answer
    parts: tuple[Part, ...] = ()  # what stands below

    @property
    def shown(self) -> tuple[Part, ...]:
        """All of it, from top to bottom."""
        return (self.head, *self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number at a glance."""

    value: str
    caption: str  # what it counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A named value, of a model or of a test."""

    name: str
    value: str
    note: str = ""  # an interval, an explanation


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A choice of a reader: its key in the page's address and in its script, and what readers see."""

    key: str
    text: str
