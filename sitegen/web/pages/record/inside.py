"""Inside the network, on a record's page: in a few sentences where the evidence for the answer was written, by how
many independent units, and that it adds up; and what the scripts need to draw the rest when a reader opens it.

What is written here is read by people who never heard of a network's units, so that it says first where in the text
the evidence was written, and only then by whom. The picture is drawn by templates/assets/inside.js from the files of
web/export/inside.py, which are loaded when the part is opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, predicted, probability
from sitegen.analysis.network.likeness import Block, Likeness
from sitegen.analysis.network.written import Field, FieldInside, Inside, Network
from sitegen.config import Classes
from sitegen.corpus.arrays import Array
from sitegen.web import routes
from sitegen.web.inputs import NetworkInputs
from sitegen.web.layout import Frame
from sitegen.web.release import word
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, log_odds, percent, whole_percent

WORDS = 2  # that are named where most was written
BESIDE = 0.5  # of the first word's evidence: a second one with less is not named
FEW = 1 / 8  # of the units: as many voices can be shown by few rows
LOWEST = 3  # of the thresholds of the page of patterns: at it nearly any two words have units that stay on
SILENT = 0.005  # log-odds: what is less than this would be written as 0.00

Blocks = Mapping[Field, Sequence[Block]]  # of the top layer, by direction


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideFold:
    """What the fold says, and where its scripts find the rest."""

    sentences: tuple[str, ...]  # where the evidence was written; how many independent units wrote it; that it adds up
    notes: tuple[str, ...]  # what is odd about this network or these texts; none for most
    root: str  # the link to the site's own folder
    name: str  # the record's file name
    layers: (
        str  # the numbers of the layers below the top one whose states are kept, with blanks between them; "" for none
    )
    scripts: str  # what draws the rest, in assets/, with blanks between
    picture: str  # the link to the static picture
    patterns: str = ""  # the link to where else units do what they do there; "" where there is none


def inside_fold(
    network: NetworkInputs | None,
    likeness: Mapping[Field, Sequence[Likeness]] | None,
    k: int,
    *,
    occlusion: Occlusion,
    frame: Frame,
    name: str,
    classes: Classes,
) -> InsideFold | None:
    """The fold of record k, whose files have that name; None where nothing is kept of its inside."""
    if network is None or likeness is None:
        return None
    shape = network.report.network
    inside = network.inside(k, shape.layers - 1)
    if inside is None:
        return None
    blocks = {field: likeness[field][-1].blocks for field in likeness}
    kept = [layer for layer in range(shape.layers - 1) if network.published(k, layer) is not None]
    return InsideFold(
        sentences=told(
            inside, blocks, occlusion, shape=shape, bias=network.report.bias, classes=classes, nouns=frame.nouns
        ),
        notes=notes(inside, occlusion, shape=shape, nouns=frame.nouns),
        root=frame.root,
        name=name,
        layers=" ".join(str(layer + 1) for layer in kept),
        scripts=" ".join(routes.INSIDE),
        picture=frame.to(routes.inside_picture(name)),
        patterns=_patterns(inside, occlusion, frame, name, classes) if k in network.papers[-1] else "",
    )


def _patterns(inside: Inside, occlusion: Occlusion, frame: Frame, name: str, classes: Classes) -> str:
    """The link to the page of patterns, with the words chosen where the most evidence for the answer was written."""
    places = _places(inside, occlusion)
    if not places:
        return ""
    most = _most_for_the_answer(places, occlusion, classes)
    first, last = most.strongest
    place = f"record={quote(name)}&field={most.field}&range={first + 1}-{last + 1}"
    return f"{frame.link('patterns')}#{place}&threshold={LOWEST}"


def told(
    inside: Inside,
    blocks: Blocks,
    occlusion: Occlusion,
    *,
    shape: Network,
    bias: float,
    classes: Classes,
    nouns: Nouns = PAPERS,
) -> tuple[str, ...]:
    """Where the evidence was written, as how many independent units its writers count, and that all of it adds up."""
    places, adds_up = _places(inside, occlusion), _sum(inside, occlusion, bias=bias, nouns=nouns)
    if not places:
        return (adds_up,)
    answer = int(predicted(occlusion.margin, classes.threshold))
    sign = 1 if answer else -1
    most = _most_for_the_answer(places, occlusion, classes)
    against = min(places, key=lambda place: sign * place.evidence)
    where = (
        _where(most, against, inside, answer=classes.names[answer], nouns=nouns)
        if sign * most.evidence >= SILENT
        else f"Nowhere was evidence for “{classes.names[answer]}” written that outweighs what was written against it."
    )
    return where, _voices(most.field, blocks[most.field], shape, nouns=nouns), adds_up


def notes(inside: Inside, occlusion: Occlusion, *, shape: Network, nouns: Nouns = PAPERS) -> tuple[str, ...]:
    """What a reader should know before the picture."""
    lines = []
    document = occlusion.document
    for field, text, known in (
        ("title", document.title, occlusion.title_known),
        ("abstract", document.abstract, occlusion.abstract_known),
    ):
        if not known.any():
            called = field if field == "title" else nouns.text
            known_none = f"The network knows no word of the {called}: it"
            lack = known_none if text.tokens else f"There is no {called}: the network"
            part = log_odds(_part(inside.title if field == "title" else inside.abstract))
            if field == "title" and not nouns.titled:
                lines.append(f"The part of the network that is for titles reads an empty text: {part} log-odds.")
                continue
            lines.append(f"{lack} reads an empty text there, whose part of the answer is {part} log-odds.")
    if shape.last_step and shape.directions == 2:
        lines.append(
            "Of what reads backward this network uses the last word alone, so that all of it was written there."
        )
    return tuple(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """The title, or a sentence of the abstract: what all units wrote there, and at which words most."""

    field: Field
    name: str
    strongest: tuple[int, int]  # the word at which most was written, with a neighbour: places in the field
    evidence: float
    words: tuple[tuple[str, float], ...]


def _most_for_the_answer(places: Sequence[_Place], occlusion: Occlusion, classes: Classes) -> _Place:
    sign = 1 if predicted(occlusion.margin, classes.threshold) else -1
    return max(places, key=lambda place: sign * place.evidence)


def _places(inside: Inside, occlusion: Occlusion) -> list[_Place]:
    """The title and the sentences with a known word, in reading order."""
    document = occlusion.document
    found = []
    if occlusion.title_known.any():
        words = inside.title.words
        named = _most(words, [word(document.title, i) for i in range(len(words))])
        found.append(
            _Place(
                field="title",
                name="the title",
                strongest=_pair(words, occlusion.title_known),
                evidence=_total(words),
                words=named,
            )
        )
    for number, (first, end) in enumerate(document.abstract.sentence_ranges, 1):
        if not occlusion.abstract_known[first:end].any():
            continue
        words = inside.abstract.words[first:end]
        named = _most(words, [word(document.abstract, i) for i in range(first, end)])
        found.append(
            _Place(
                field="abstract",
                name=f"sentence {number}",
                strongest=_pair(words, occlusion.abstract_known[first:end], first),
                evidence=_total(words),
                words=named,
            )
        )
    return found


def _pair(evidence: Array, known: Array, first: int = 0) -> tuple[int, int]:
    """The known word at which most was written of what the sum says, and the known word behind or before it."""
    places = np.flatnonzero(known)
    most = int(np.argmax(np.sign(_total(evidence)) * evidence[places]))
    other = most + 1 if most + 1 < len(places) else max(most - 1, 0)
    low, high = sorted((int(places[most]), int(places[other])))
    return first + low, first + high


def _most(evidence: Array, words: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The words at which most was written of what their sum says."""
    sign = np.sign(_total(evidence))
    order = sorted(range(len(words)), key=lambda i: -sign * float(evidence[i]))[:WORDS]
    least = max(SILENT, BESIDE * sign * float(evidence[order[0]]))
    return tuple((words[i], float(evidence[i])) for i in order if sign * float(evidence[i]) >= least)


def _where(most: _Place, against: _Place, inside: Inside, *, answer: str, nouns: Nouns) -> str:
    """The first sentence. most, against: where most was written for the answer, and where most against it."""
    said = " and ".join(f"“{text}” ({log_odds(value)})" for text, value in most.words)
    words = f", above all at {said}" if said else ""
    contrary = most.evidence * against.evidence < 0 and abs(against.evidence) > abs(most.evidence)
    but = f"; against it {against.name} has {log_odds(against.evidence)}" if contrary else ""
    number = log_odds(most.evidence)
    start = f"The most evidence for “{answer}” was written in {most.name}: {number} log-odds"
    return f"{start}{_share(most, inside, nouns=nouns)}{words}{but}."


def _share(most: _Place, inside: Inside, *, nouns: Nouns = PAPERS) -> str:
    """How much of its field's part a sentence is."""
    whole = _part(inside.abstract)
    if most.field == "title" or abs(whole) < SILENT:
        return ""
    share = most.evidence / whole
    if share < 0 or share > 1:
        return f" (others leave the {nouns.text} {log_odds(whole)})"
    return f", {whole_percent(share)} of the {nouns.text}'s part"


def _voices(field: Field, blocks: Sequence[Block], shape: Network, *, nouns: Nouns = PAPERS) -> str:
    units = shape.directions * shape.hidden
    numbers = [max(1, round(block.voices)) for block in blocks]
    if len(set(numbers)) == 1:
        each = " in each direction" if len(numbers) > 1 else ""
        voices = f"about {_independent(numbers[0])}{each}"
    else:
        voices = f"about {_independent(numbers[0])} reading forward and {numbers[1]} reading backward"
    few = ", so a few rows show most of it" if max(numbers) <= FEW * shape.hidden else ""
    last = " of the last layer" if shape.layers > 1 else ""
    called = field if field == "title" else nouns.text
    return (
        f"{count(units, 'unit')}{last} read the {called}. Those that write alike counted as one, they are worth "
        f"{voices}{few}."
    )


def _independent(number: int) -> str:
    return count(number, "independent unit")


def _sum(inside: Inside, occlusion: Occlusion, *, bias: float, nouns: Nouns = PAPERS) -> str:
    margin, title = occlusion.margin, "the title" if nouns.titled else "the part for titles"
    return (
        f"It adds up: a constant {log_odds(bias)}, {title} {log_odds(_part(inside.title))} and the {nouns.text} "
        f"{log_odds(_part(inside.abstract))} are {log_odds(margin)} log-odds, the answer of "
        f"{percent(float(probability(margin)))}."
    )


def _part(field: FieldInside) -> float:
    return float(field.units.sum(dtype=np.float64))


def _total(words: Array) -> float:
    return float(words.sum(dtype=np.float64))
