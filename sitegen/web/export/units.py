"""The columns of units.csv: one row a unit of the first model's network. To add a column, add it to UNITS."""

from __future__ import annotations

from sitegen.web.export.columns import Column, number
from sitegen.web.pages.network.numbers import UnitNumbers
from sitegen.web.text.units import DIRECTIONS

_CLASSES = {1: "positive", 0: "", -1: "negative"}


UNITS: tuple[Column[UnitNumbers], ...] = (
    Column(
        name="unit",
        meaning="its name: A2→17 is unit 17 of those that read the abstract forward in the second layer",
        value=lambda row: row.unit.name,
    ),
    Column(name="field", meaning="the text that it reads", value=lambda row: row.unit.field),
    Column(name="layer", meaning="its layer, from 1, the lowest", value=lambda row: row.unit.layer + 1),
    Column(
        name="direction",
        meaning="in which direction it reads: forward or backward",
        value=lambda row: DIRECTIONS[row.unit.direction],
    ),
    Column(
        name="number",
        meaning="its number among those of its direction, from 0, as in the weights",
        value=lambda row: row.unit.number,
    ),
    Column(
        name="effect",
        meaning="how much the margin changes when the unit is held at its mean: the mean over {many} of the change "
        "without its sign, in log-odds; exact in the top layer, by runs of the network below",
        value=lambda row: number(row.effect),
    ),
    Column(name="effect_error", meaning="the standard error of that mean", value=lambda row: number(row.error)),
    Column(
        name="effect_change",
        meaning="the same change as one of the probability, without its sign",
        value=lambda row: number(row.points),
    ),
    Column(
        name="papers",
        meaning="over how many {many}; of several with one text, one counts",
        value=lambda row: row.layer.effects.papers,
    ),
    Column(
        name="speaks_for",
        meaning="the class it speaks more for: the sign of the sum of the next two columns, empty where that is less "
        "than two standard errors",
        value=lambda row: _CLASSES[row.toward],
    ),
    Column(
        name="in_negative",
        meaning="what it does for {many} of the negative class, the mean in log-odds: in the top layer its part of the "
        "margin, below what the margin loses when it is held. {A}'s class is its label, else the predicted class",
        value=lambda row: number(row.by_class[0]),
    ),
    Column(
        name="in_positive",
        meaning="the same for {many} of the positive class",
        value=lambda row: number(row.by_class[1]),
    ),
    Column(
        name="labelled", meaning="how many of the {many} have a label", value=lambda row: row.layer.effects.labelled
    ),
    Column(
        name="right",
        meaning="how many of these are sorted as labelled",
        value=lambda row: row.layer.effects.right,
    ),
    Column(name="right_held", meaning="the same with the unit held", value=lambda row: row.right_held),
    Column(
        name="active",
        meaning="the share of words after which its state lies beyond ±0.1",
        value=lambda row: number(row.active),
    ),
    Column(name="mean", meaning="the mean of its state over all words", value=lambda row: number(row.mean)),
    Column(name="spread", meaning="the standard deviation of its state", value=lambda row: number(row.spread)),
    Column(
        name="page",
        meaning="path of its page within the site; empty where it has none",
        value=lambda row: row.page,
    ),
)
