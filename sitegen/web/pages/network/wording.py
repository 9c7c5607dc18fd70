"""What pages say of the network and of its units, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

from sitegen.analysis.network.examples import ACTIVE
from sitegen.analysis.network.written import Network
from sitegen.config import Classes
from sitegen.web.pages.network.numbers import UnitNumbers
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import (
    MINUS,
    QUIET,
    UNIT_DIGITS,
    count,
    counted_share,
    points,
    unit_log_odds,
)
from sitegen.web.text.units import DIRECTIONS

LITTLE = 0.01  # of the probability: a change that no answer hangs on


def effect(value: float) -> str:
    """An effect on the margin without its sign, in log-odds."""
    return f"{value:.{UNIT_DIGITS}f}"


def change(value: float) -> str:
    """A change of probability without its sign, in words."""
    return f"{points(value).lstrip('+')} points" if value >= QUIET else "less than 0.1 points"


def first_sentence(numbers: UnitNumbers, classes: Classes, *, nouns: Nouns = PAPERS) -> str:
    """What a unit does, before all else."""
    name, (negative, positive) = numbers.unit.name, numbers.by_class
    if not numbers.top:
        return f"Unit {name} writes nothing into the answer itself: the units of the layer above read it."
    found = []
    if not isnan(positive):
        found.append(f"{unit_log_odds(positive)} log-odds to answers about “{classes.positive}” {nouns.many}")
    if not isnan(negative):
        found.append(f"{unit_log_odds(negative)} to those about “{classes.negative}” {nouns.many}")
    return f"Unit {name} {_speaks(numbers, classes)}: on average it adds {' and '.join(found)}."


def how_much(numbers: UnitNumbers, *, nouns: Nouns = PAPERS) -> str:
    """How much it matters."""
    return (
        f"Held at its average, whatever the {nouns.one}, it changes the answer by {effect(numbers.effect)} ± "
        f"{effect(numbers.error)} log-odds ({change(numbers.points)}), on average over "
        f"{nouns.count(numbers.layer.effects.papers)}."
    )


def by_class(numbers: UnitNumbers, classes: Classes, *, nouns: Nouns = PAPERS) -> Iterator[str]:
    """Of a unit below the top layer: for which papers it does what."""
    negative, positive = numbers.by_class
    if numbers.top or isnan(negative) or isnan(positive):
        return
    yield (
        f"Answers about “{classes.positive}” {nouns.many} have {unit_log_odds(positive)} log-odds from it and those "
        f"about “{classes.negative}” {nouns.many} {unit_log_odds(negative)}, on average: it "
        f"{_speaks(numbers, classes)}."
    )


def accuracy(numbers: UnitNumbers, *, nouns: Nouns = PAPERS) -> Iterator[str]:
    """How many papers are sorted right without it; nothing where no paper has a label."""
    effects, held = numbers.layer.effects, numbers.right_held
    if not effects.labelled:
        return
    more = held - effects.right
    beside = f"{abs(more)} {'more' if more > 0 else 'fewer'} than before" if more else "as many as before"
    yield f"Then {held} of {effects.labelled} labelled {nouns.many} are sorted as their labels say, {beside}."


def states(numbers: UnitNumbers, *, last_step: bool) -> str:
    """How its state is spread over the words."""
    mean = f"{numbers.mean:.2f}".replace("-", MINUS)
    text = (
        f"From {MINUS}1 to 1, after each of {numbers.layer.at_words.words:,} words. Beyond ±{ACTIVE:g}: "
        f"{counted_share(round(numbers.active, 6))}; mean {mean}, spread {numbers.spread:.2f}."
    )
    if last_step and numbers.top and numbers.unit.direction == 1:
        text += " This network looks at the last word alone, where a backward unit has read nothing but that word."
    return text


def summary(units: Sequence[UnitNumbers], *, nouns: Nouns = PAPERS) -> Iterator[str]:
    """How many units there are, and how much one of them matters."""
    strongest = max(units, key=lambda unit: unit.points)
    ranked = sorted((unit.effect for unit in units), reverse=True)
    half, total, needed = sum(ranked) / 2, 0.0, 0
    for value in ranked:
        if total >= half:
            break
        total, needed = total + value, needed + 1
    close = ": no unit matters much by itself" if strongest.points < LITTLE else ""
    yield (
        f"The network's answer is made by {len(units):,} units. Each is one number, which changes as the network "
        f"reads. Hold any single one at its average, so that it no longer responds to the {nouns.one}, and the "
        f"answer changes by at most {change(strongest.points)} on average{close}."
    )
    yield f"Half of all these changes come from the {needed:,} units that matter most."
    labelled = [unit for unit in units if unit.layer.effects.labelled]
    if labelled:
        worst = min(labelled, key=lambda unit: unit.right_held - unit.layer.effects.right)
        if lost := max(worst.layer.effects.right - worst.right_held, 0):
            right = count(worst.layer.effects.right, "right answer")
            yield f"Hold the one that is needed most, {worst.unit.name}, and {lost} of {right} are lost."
        else:
            most = max(unit.right_held - unit.layer.effects.right for unit in labelled)
            many = "at least as many" if most > 0 else "as many"
            yield f"Whichever one is held, the network is right about {many} {nouns.many} as when none is."


def made_of(network: Network) -> str:
    """What the network is made of, for those who never saw one."""
    layers = "one layer" if network.layers == 1 else f"{network.layers} layers, one above the other"
    ways = "forward and backward" if network.directions == 2 else "forward"
    return (
        f"A unit holds one number, its state, which changes with every word. The network reads title and abstract "
        f"apart, each {ways}, in {layers}, with {count(network.hidden, 'unit')} for each text, layer and direction. "
        f"The answer is a constant and the weighted sum of the states of the top layer when all is read."
    )


def left_out(shown: int, units: int) -> str:
    """How many units are not shown."""
    return "" if shown == units else f"Shown are the {shown:,} of its {units:,} units whose effect is largest."


def voices(units: Sequence[UnitNumbers]) -> Iterator[str]:
    """As how many independent units those of the top layer count."""
    parts = list[str]()
    number = 0
    for field in ("abstract", "title"):
        blocks = next(unit for unit in units if unit.top and unit.unit.field == field).likeness.blocks
        number = len(blocks[0].order)
        for name, block in zip(DIRECTIONS, blocks, strict=False):
            parts.append(f"{block.voices:.1f} ({field}, {name})")
    if number > 1:
        yield (
            f"Units that always write alike are as good as one. Counted so, the {number} units that read a text in one "
            f"direction, in the top layer, are worth this many independent ones: {', '.join(parts)}. (An effective "
            f"number: {number} if every unit went its own way, 1 if all did the same.)"
        )


def _speaks(numbers: UnitNumbers, classes: Classes) -> str:
    if not numbers.toward:
        return "speaks for neither class more than for the other"
    return f"speaks more for “{classes.positive if numbers.toward > 0 else classes.negative}”"
