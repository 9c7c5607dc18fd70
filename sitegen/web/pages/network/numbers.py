"""What is known of each unit, in one place: for the map, its table, the unit's own page and data/units.csv."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sitegen.analysis.network.likeness import Likeness
from sitegen.analysis.network.units import LayerUnits
from sitegen.analysis.network.written import FIELDS, Network
from sitegen.web import routes
from sitegen.web.inputs import SiteInputs
from sitegen.web.scan import Scan
from sitegen.web.text.units import Unit

SHOWN = 1024  # units on the map and with a page: of more, those whose effect is largest


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNumbers:
    """One unit with what was found out about it. place: its number within its layer, both directions counted through.
    top: whether it is of the top layer. mean, spread: of its states over all words. slope: of the top layer, what the
    margin gains where it ends one higher, in log-odds; 0 below. shown: whether it has a page."""

    unit: Unit
    place: int
    top: bool
    mean: float
    spread: float
    slope: float
    layer: LayerUnits
    likeness: Likeness
    shown: bool = True

    @property
    def effect(self) -> float:
        """How much the answer changes when it is held at its mean: the mean over papers, in log-odds, unsigned."""
        return float(self.layer.effects.effect[self.place])

    @property
    def error(self) -> float:
        """The standard error of that."""
        return float(self.layer.effects.error[self.place])

    @property
    def points(self) -> float:
        """The same change in probability."""
        return float(self.layer.effects.points[self.place])

    @property
    def toward(self) -> int:
        """The class it speaks more for: 1 positive, -1 negative, 0 neither."""
        return int(self.layer.effects.toward[self.place])

    @property
    def by_class(self) -> tuple[float, float]:
        """What it does for papers of the negative and of the positive class, in log-odds."""
        negative, positive = self.layer.effects.by_class[:, self.place].tolist()
        return negative, positive

    @property
    def right_held(self) -> int:
        """Of the labelled papers, how many are sorted as labelled with it held."""
        return int(self.layer.effects.right_held[self.place])

    @property
    def active(self) -> float:
        """The share of words at which it is on."""
        return float(self.layer.at_words.active[self.place])

    @property
    def page(self) -> str:
        """The path of its page within the site; "" where it has none."""
        return routes.page("unit", self.unit.file) if self.shown else ""


def all_units(inputs: SiteInputs, scan: Scan) -> tuple[UnitNumbers, ...]:
    """Every unit of the network: title first, then by layer, direction and number. Nothing without a network."""
    if inputs.network is None or scan.units is None or scan.likeness is None:
        return ()
    report = inputs.network.report
    network = report.network
    places = [
        (field, layer, place)
        for field in FIELDS
        for layer in range(network.layers)
        for place in range(network.directions * network.hidden)
    ]
    effects = {at: -scan.units[at[0]][at[1]].effects.effect[at[2]] for at in places}
    shown = frozenset(sorted(places, key=effects.__getitem__)[:SHOWN])
    return tuple(
        UnitNumbers(
            unit=unit_at(field, layer, place, network.hidden),
            place=place,
            top=layer == network.layers - 1,
            mean=float(report.of(field).means[layer].flat[place]),
            spread=float(report.of(field).spreads[layer].flat[place]),
            slope=float(report.of(field).slopes.flat[place]) if layer == network.layers - 1 else 0.0,
            layer=scan.units[field][layer],
            likeness=scan.likeness[field][layer],
            shown=(field, layer, place) in shown,
        )
        for field, layer, place in places
    )


def unit_at(field: str, layer: int, place: int, hidden: int) -> Unit:
    """The unit of that number within its layer, both directions counted through."""
    return Unit(field=field, layer=layer, direction=place // hidden, number=place % hidden)


def all_shown(network: Network) -> bool:
    """Whether every unit of the network has a page, so that others may link to it."""
    return network.units <= SHOWN


def shown_units(units: Iterable[UnitNumbers]) -> tuple[UnitNumbers, ...]:
    """Those that are on the map and have a page."""
    return tuple(unit for unit in units if unit.shown)
