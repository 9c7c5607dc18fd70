"""The network as a map: every unit a node, the strongest connections as lines, a table beside it.

A unit's place is by layer and direction, and within these by likeness (analysis/network/likeness.py): neighbours write
much the same. Its area is its effect, its colour the class it speaks more for.

A connection is as strong as what it carries on this corpus: the size of its weight times the spread of the unit that it
comes from; at the end, where units make the answer, the spread of the unit's part. There are tens of thousands, each
carries little, and a picture of all of them shows none. So the page has the strongest of every kind and the strongest
of every unit, the script draws few of these and says what share of all the drawn ones carry. Strengths between units
and those to the answer are numbers of different kinds and are never compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, ClassVar

import numpy as np

from sitegen.analysis.network.report import NetworkReport
from sitegen.analysis.network.written import FIELDS
from sitegen.corpus.arrays import Array
from sitegen.web import routes
from sitegen.web.export.patterns import has_patterns
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Link, Page, ScriptValue
from sitegen.web.pages.network import wording
from sitegen.web.pages.network.numbers import UnitNumbers, all_units, shown_units
from sitegen.web.scan import Scan
from sitegen.web.text.numbers import POINTS_DIGITS, counted_share
from sitegen.web.text.units import DIRECTIONS, Unit

STRONGEST = 600  # connections between units that the page has, beside each unit's own strongest
WITHIN = 0.25  # of these lie within a layer
NUMBER = "_"  # stands in an address for a unit's number


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """One unit in the table."""

    name: str
    href: str
    reads: str  # the text, and in which direction
    layer: int  # from 1
    effect: str  # in log-odds
    error: str  # its standard error
    speaks_for: str  # a class, "" for neither
    key: str  # "positive", "negative" or "": its colour
    active: str  # the share of words at which it is on


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A unit, and the words at which it is at work."""

    link: Link
    does: tuple[tuple[str, str], ...]  # what it does, and at which words


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPage(Page):
    """The map and its table."""

    template: ClassVar[str] = "network.html"
    lead: tuple[str, ...]  # sentences: what was found, the first one first
    spread_out: bool  # whether no unit matters much by itself
    example: Example | None  # the unit that matters most, and its words; None where these are withheld or not known
    lift: str  # what the largest effect makes of an answer of 50%
    behind: tuple[str, ...]  # sentences: what that rests on, for experts
    made_of: str  # what the network is made of
    rows: tuple[UnitRow, ...]  # the strongest first
    left_out: str  # how many units are not shown; "" where all are
    top_papers: int  # over how many papers effects in the top layer are
    lower_papers: int  # and below; 0 where there is one layer
    patterns: str  # the link to the page of patterns; "" where there is none


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[MapPage]:
    """The one page, where the model's network can be looked into."""
    if inputs.network is not None:
        yield map_page(inputs, frames("network", "Inside the network"), all_units(inputs, scan))


def map_page(inputs: SiteInputs, frame: Frame, units: Sequence[UnitNumbers]) -> MapPage:
    """The page of these units."""
    assert inputs.network is not None
    report = inputs.network.report
    network, shown = report.network, shown_units(units)
    below = [unit for unit in units if not unit.top]
    return MapPage(
        frame=frame,
        values=(ScriptValue(asset=routes.UNITS, name="units", value=map_values(frame, report, units)),),
        lead=tuple(wording.summary(units, nouns=frame.nouns)),
        spread_out=wording.spread_out(units),
        example=_example(frame, wording.strongest(units)),
        lift=wording.lift(max(unit.effect for unit in units)),
        behind=(wording.half(units), *wording.voices(units)),
        made_of=wording.made_of(network, nouns=frame.nouns),
        rows=tuple(
            _row(frame, unit, inputs.site.classes.names) for unit in sorted(shown, key=lambda unit: -unit.effect)
        ),
        left_out=wording.left_out(len(shown), len(units)),
        top_papers=next(unit for unit in units if unit.top).layer.effects.papers,
        lower_papers=below[0].layer.effects.papers if below else 0,
        patterns=frame.link("patterns") if has_patterns(inputs) else "",
    )


def _example(frame: Frame, unit: UnitNumbers) -> Example | None:
    does = wording.example(unit, frame.site.classes)
    if frame.withheld or not unit.page or len(does) < 2:
        return None
    return Example(link=Link(text=unit.unit.name, href=frame.to(unit.page)), does=does)


def _row(frame: Frame, unit: UnitNumbers, names: Any) -> UnitRow:
    return UnitRow(
        name=unit.unit.name,
        href=frame.to(unit.page),
        reads=f"{unit.unit.field} {DIRECTIONS[unit.unit.direction]}",
        layer=unit.unit.layer + 1,
        effect=wording.effect(unit.effect),
        error=wording.effect(unit.error),
        speaks_for=names[int(unit.toward > 0)] if unit.toward else "",
        key={1: "positive", 0: "", -1: "negative"}[unit.toward],
        active=counted_share(round(unit.active, 6)),
    )


def map_values(frame: Frame, report: NetworkReport, units: Sequence[UnitNumbers]) -> dict[str, Any]:
    """What the map is drawn from.

    blocks: the units of each direction of each layer and field. `name` and `address` are those of all, the latter with
    NUMBER where a unit's number is. In parallel lists, in the order of likeness: `units` their numbers, `effect`,
    `error`, `points`, `active`, `toward` as readers see them, and `out`, in the top layer, the strength of their
    connections to the answer, with the sign of their slopes. kinds: of connections between units, `up` or `within`, by
    field and layer: how many there are, what they carry in all, and those that the page has, the strongest first:
    `ends` two numbers each, of the units as they follow each other in all blocks, `carry`.
    """
    classes = frame.site.classes
    ordered = [unit for block in _blocks(units) for unit in block]
    number = {(unit.unit.field, unit.unit.layer, unit.place): k for k, unit in enumerate(ordered)}
    return {
        "classes": [classes.negative, classes.positive],
        "layers": report.network.layers,
        "blocks": [_block(frame, block) for block in _blocks(units)],
        "out": {
            "count": sum(unit.top for unit in units),
            "total": _short(sum(float(unit.layer.spread[unit.place]) for unit in units if unit.top)),
        },
        "kinds": list(_kinds(report, number)),
    }


def _blocks(units: Sequence[UnitNumbers]) -> Iterator[list[UnitNumbers]]:
    """The shown units by field, layer and direction, each in the order of likeness."""
    for _, found in groupby(units, key=lambda unit: (unit.unit.field, unit.unit.layer, unit.unit.direction)):
        block = list(found)
        order = block[0].likeness.blocks[block[0].unit.direction].order
        yield [block[k] for k in order if block[k].shown]


def _block(frame: Frame, block: Sequence[UnitNumbers]) -> dict[str, Any]:
    if not block:
        return {}
    first = block[0].unit
    plain = Unit(field=first.field, layer=first.layer, direction=first.direction, number=0)
    return {
        "field": first.field,
        "layer": first.layer,
        "direction": first.direction,
        "name": plain.name.removesuffix("0"),
        "address": frame.link("unit", plain.file.removesuffix("0") + NUMBER),
        "units": [unit.unit.number for unit in block],
        "effect": [float(wording.effect(unit.effect)) for unit in block],
        "error": [float(wording.effect(unit.error)) for unit in block],
        "points": [round(100 * unit.points, POINTS_DIGITS) for unit in block],
        "active": [round(unit.active, 3) for unit in block],
        "toward": [unit.toward for unit in block],
        "out": [_short(float(np.copysign(unit.layer.spread[unit.place], unit.slope))) for unit in block if unit.top],
    }


def _kinds(report: NetworkReport, number: dict[tuple[str, int, int], int]) -> Iterator[dict[str, Any]]:
    network = report.network
    up, within = len(FIELDS) * (network.layers - 1), len(FIELDS) * network.layers
    for field in FIELDS:
        of_field = report.of(field)
        for layer in range(network.layers):
            spread = of_field.spreads[layer].astype(np.float64).ravel()
            if layer < network.layers - 1:
                carried = of_field.up[layer] * spread[:, None]
                most = round(STRONGEST * (1 - WITHIN) / up)
                yield {"kind": "up", **_strongest(carried, (field, layer), (field, layer + 1), number, most)}
            own = np.zeros((len(spread), len(spread)))
            hidden = network.hidden
            for direction, strengths in enumerate(of_field.recurrent[layer]):
                part = slice(hidden * direction, hidden * (direction + 1))
                own[part, part] = strengths * spread[part, None]
            np.fill_diagonal(own, 0.0)
            most = round(STRONGEST * WITHIN / within)
            yield {"kind": "within", **_strongest(own, (field, layer), (field, layer), number, most)}


def _strongest(
    carried: Array,
    source: tuple[str, int],
    target: tuple[str, int],
    number: dict[tuple[str, int, int], int],
    most: int,
) -> dict[str, Any]:
    """Of one kind the `most` strongest connections, and the strongest that leaves and that reaches each unit."""
    width = carried.shape[1]
    flat = carried.ravel()
    wanted = set(np.argsort(-flat, kind="stable")[:most].tolist())
    wanted |= {row * width + int(column) for row, column in enumerate(carried.argmax(axis=1))}
    wanted |= {int(row) * width + column for column, row in enumerate(carried.argmax(axis=0))}
    ends, carry = list[int](), list[float]()
    for k in sorted(wanted, key=lambda k: (-flat[k], k)):
        start, end = number.get((*source, k // width)), number.get((*target, k % width))
        if start is not None and end is not None and flat[k] > 0:
            ends += [start, end]
            carry.append(_short(float(flat[k])))
    return {"count": int((flat > 0).sum()), "total": _short(float(flat.sum())), "ends": ends, "carry": carry}


def _short(value: float) -> float:
    """Four digits: enough for a picture."""
    return float(f"{value:.4g}")
