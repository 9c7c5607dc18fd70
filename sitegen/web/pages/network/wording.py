"""What pages say of the network and of its units, in sentences with their numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import exp, isnan

from sitegen.analysis.network.examples import ACTIVE
from sitegen.analysis.network.likeness import Block
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

WORDS = 3  # that a unit answers to, in its example
LITTLE = 0.01  # of the probability: a change that no answer hangs on


def effect(value: float) -> str:
    """An effect on the margin without its sign, in log-odds."""
    return f"{value:.{UNIT_DIGITS}f}"


def change(value: float) -> str:
    """A change of probability without its sign, in words."""
    return f"{points(value).lstrip('+')} points" if value >= QUIET else "less than 0.1 points"


def lift(value: float) -> str:
    """What an effect in log-odds makes of an answer of 50%."""
    return f"{100 / (1 + exp(-value)):.1f}%"


def lead(numbers: UnitNumbers, classes: Classes, *, units: int, nouns: Nouns = PAPERS) -> str:
    """What a unit is and does, before all else. units: of the whole network."""
    read = "" if numbers.top else "; others, of the layer above, read it"
    little = f"{', but' if numbers.toward else ' and'} matters little by itself" if numbers.points < LITTLE else ""
    return (
        f"This is one of the network's {units:,} numbers{read}. It {_speaks(numbers, classes)}{little}: held at its "
        f"average, whatever the {nouns.one}, it changes an answer by {change(numbers.points)} on average."
    )


def accuracy(numbers: UnitNumbers, *, nouns: Nouns = PAPERS) -> Iterator[str]:
    """How many papers are sorted right without it; nothing where no paper has a label."""
    effects, held = numbers.layer.effects, numbers.right_held
    if not effects.labelled:
        return
    more = held - effects.right
    beside = f"{abs(more)} {'more' if more > 0 else 'fewer'} than before" if more else "as many as before"
    yield f"Then {held} of {effects.labelled} labelled {nouns.many} are sorted right, {beside}."


def in_log_odds(numbers: UnitNumbers, classes: Classes, *, nouns: Nouns = PAPERS) -> str:
    """The same for experts: what answers have from it, by class, and how much holding it changes them."""
    negative, positive = numbers.by_class
    parts = [
        f"{unit_log_odds(value)} for “{name}” {many}"
        for name, value, many in ((classes.positive, positive, nouns.many), (classes.negative, negative, "ones"))
        if not isnan(value)
    ]
    adds = f"it adds {', '.join(parts)}; " if parts else ""
    return (
        f"In log-odds: {adds}held, a change of {effect(numbers.effect)} ± {effect(numbers.error)} "
        f"({nouns.count(numbers.layer.effects.papers)})."
    )


def states(numbers: UnitNumbers, *, last_step: bool) -> str:
    """How its state is spread over the words."""
    mean = f"{numbers.mean:.2f}".replace("-", MINUS)
    text = (
        f"From {MINUS}1 to 1, over {numbers.layer.at_words.words:,} words. On, beyond ±{ACTIVE:g}: "
        f"{counted_share(round(numbers.active, 6))}; mean {mean}, spread {numbers.spread:.2f}."
    )
    if last_step and numbers.top and numbers.unit.direction == 1:
        text += " This network looks at the last word alone, where a backward unit has read nothing but that word."
    return text


def strongest(units: Sequence[UnitNumbers]) -> UnitNumbers:
    """The unit that changes answers most when it is held, in points."""
    return max(units, key=lambda unit: unit.points)


def summary(units: Sequence[UnitNumbers], *, nouns: Nouns = PAPERS) -> Iterator[str]:
    """What was found: how much one of them matters, what that costs, and how many share the work."""
    most = strongest(units)
    held = f"at its average, so that it no longer responds to the {nouns.one}, and"
    if spread_out(units):
        yield (
            f"No unit matters much by itself. The network is made of {len(units):,} units, numbers that change with "
            f"every word: hold any single one {held} the answer changes by at most {change(most.points)} on average."
        )
    else:
        yield (
            f"Single units matter. The network is made of {len(units):,}, numbers that change with every word: hold "
            f"the strongest, {most.unit.name}, {held} the answer changes by {change(most.points)} on average."
        )
    labelled = [unit for unit in units if unit.layer.effects.labelled]
    if labelled:
        worst = min(labelled, key=lambda unit: unit.right_held - unit.layer.effects.right)
        if lost := max(worst.layer.effects.right - worst.right_held, 0):
            right = count(worst.layer.effects.right, "right answer")
            are = "is" if lost == 1 else "are"
            yield f"Hold the one that is needed most, {worst.unit.name}, and {lost} of {right} {are} lost."
        else:
            gained = max(unit.right_held - unit.layer.effects.right for unit in labelled)
            many = "at least as many" if gained > 0 else "as many"
            yield f"Whichever one is held, the network is right about {many} {nouns.many} as when none is."
    yield from alike(units)


def alike(units: Sequence[UnitNumbers]) -> Iterator[str]:
    """How many different things the units of the top layer do, in whole numbers; nothing where there is one a block."""
    blocks = [block for _, _, block in _blocks(units) if block.voices > 0]
    if not blocks or len(blocks[0].order) < 2:
        return
    number, worth = len(blocks[0].order), sorted(max(round(block.voices), 1) for block in blocks)
    least, most = worth[0], worth[-1]
    together = f"{least}" if least == most else f"{least} {'or' if most == least + 1 else 'to'} {most}"
    like = f"{together} different ones" if most > 1 else "a single one"
    many = "Many" if 2 * most <= number else "Some" if most < number else "Few"
    yield (
        f"{many} do the same: of those that read a text in one direction, "
        f"in the last layer, {number} count like {like}."
    )


def spread_out(units: Sequence[UnitNumbers]) -> bool:
    """Whether no unit matters much by itself, so that none tells why an answer is as it is."""
    return strongest(units).points < LITTLE


def half(units: Sequence[UnitNumbers]) -> str:
    """How many of the units that matter most make half of all that single ones change."""
    ranked = sorted((unit.effect for unit in units), reverse=True)
    wanted, total, needed = sum(ranked) / 2, 0.0, 0
    for value in ranked:
        if total >= wanted:
            break
        total, needed = total + value, needed + 1
    those = "one that matters" if needed == 1 else f"{needed:,} that matter"
    return f"Half of all that single units change comes from the {those} most."


def example(unit: UnitNumbers, classes: Classes) -> tuple[tuple[str, str], ...]:
    """At which words a unit is at work: what it does there, and the words; fewer than two where it answers to none."""
    words = unit.layer.at_words
    up, down = (f"speaks for “{classes.positive}”", f"for “{classes.negative}”") if unit.top else ("rises", "falls")
    found = ((up, words.toward[unit.place]), (down, words.against[unit.place]))
    return tuple(
        (does, _listed([f"“{answer.word}”" for answer in answers[:WORDS]])) for does, answers in found if answers
    )


def made_of(network: Network, *, nouns: Nouns = PAPERS) -> str:
    """What the network is made of, for those who never saw one."""
    layers = "one layer" if network.layers == 1 else f"{network.layers} layers, one above the other"
    ways = "forward and backward" if network.directions == 2 else "forward"
    reads = "title and abstract apart, each" if nouns.titled else "the text"
    spare = "" if nouns.titled else f" It has as many for titles, which these {nouns.many} do not have."
    return (
        f"A unit holds one number, its state, which changes with every word. The network reads {reads} {ways}, in "
        f"{layers}, with {count(network.hidden, 'unit')} for each text, layer and direction.{spare} "
        f"The answer is a constant and the weighted sum of the states of the top layer when all is read."
    )


def left_out(shown: int, units: int) -> str:
    """How many units are not shown."""
    return "" if shown == units else f"Shown are the {shown:,} of its {units:,} units whose effect is largest."


def voices(units: Sequence[UnitNumbers]) -> Iterator[str]:
    """As how many independent units those of the top layer count."""
    parts = [f"{block.voices:.1f} ({field}, {name})" for field, name, block in _blocks(units)]
    number = max(len(block.order) for _, _, block in _blocks(units))
    if number > 1:
        yield (
            f"Units that always write alike are as good as one. Counted so, the {number} units that read a text in one "
            f"direction, in the top layer, are worth this many independent ones: {', '.join(parts)}. (An effective "
            f"number: {number} if every unit went its own way, 1 if all did the same.)"
        )


def _blocks(units: Sequence[UnitNumbers]) -> Iterator[tuple[str, str, Block]]:
    """The blocks of the top layer: the text, the direction, and how alike its units are."""
    for field in ("abstract", "title"):
        blocks = next(unit for unit in units if unit.top and unit.unit.field == field).likeness.blocks
        for name, block in zip(DIRECTIONS, blocks, strict=False):
            yield field, name, block


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _speaks(numbers: UnitNumbers, classes: Classes) -> str:
    if not numbers.toward:
        return "speaks for neither class more than for the other"
    return f"speaks more for “{classes.positive if numbers.toward > 0 else classes.negative}”"
