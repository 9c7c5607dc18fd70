"""What several pages show, each made once: a finding with its chart, a table of values, a tile, a fact.

Pages fill these from the analysis; the partials of the templates show them (partials/finding.html, values.html).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Values:
    """A chart's numbers as a table: the first cell of each row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One question with its answer, and where there is one the chart that shows it.

    key: names its place on the page and its chart. answer: sentences, the answer itself first. chart: the Vega-Lite
    specification, None where there is no chart; caption: what it shows; values: its numbers.
    """

    key: str
    question: str
    answer: tuple[str, ...]
    caption: str = ""
    chart: dict[str, Any] | None = None
    values: Values | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number at a glance: the value as text, and what it counts."""

    value: str
    caption: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A named value, of a model or of a test; `note` may add an interval or an explanation."""

    name: str
    value: str
    note: str = ""
