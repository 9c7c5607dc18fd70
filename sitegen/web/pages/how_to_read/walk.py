"""The cells of the toy paper's picture in words: all of them, and a walk past those that tell its story.

A cell is the model's answer to the title up to one of its words and the abstract up to one of its sentences. Places in
the picture are written as its address has them (templates/assets/view.js): the row and the word, from 1; word 0 is the
title alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion, class_of, probability
from sitegen.web.pages.how_to_read.toy import ToyPaper
from sitegen.web.pages.record.sentences import without_sentences
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import percent

OFF_TOPIC, DECISIVE, LAST = 2, 3, 4  # sentences, from 1
TURN = "simulate"  # the word at which the answer turns
NUMBERS = ("no", "one", "two", "three", "four", "five")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell in words."""

    place: str  # in the picture: row.word
    percent: str  # the probability
    place_on_ramp: float  # the same, 0 to 1
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """The cells of one row of the picture, from left to right."""

    title: str  # as far as it was read
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the walk."""

    where: str  # in the picture, in words
    percent: str  # the probability there
    text: str  # what that tells
    cell: str = ""  # its place in the picture; "" where the step takes a sentence out
    takes_out: int = 0  # the sentence that is taken out, from 1; 0 where the step shows a cell


def cell_rows(paper: ToyPaper) -> tuple[CellRow, ...]:
    """All cells, row by row: of each prefix of the title the one without an abstract, then one a sentence."""
    document, grid = paper.occlusion.document, _probabilities(paper.occlusion)
    spans, ends = document.title.spans.tolist(), document.abstract.sentence_ends.tolist()
    rows = []
    for t, before in enumerate(probability(paper.alone.titles).tolist()):
        title = document.title.text[: spans[t][1]]
        read = "the whole title" if t + 1 == len(spans) else f"“{title}”"
        answers = [(0, before), *((end, grid[t][end - 1]) for end in ends)]
        cells = [
            Cell(
                place=f"{t + 1}.{word}",
                percent=percent(p),
                place_on_ramp=round(p, 4),
                text=f"After {read} and {_so_far(s, len(ends))}, the model says {percent(p)}.",
            )
            for s, (word, p) in enumerate(answers)
        ]
        rows.append(CellRow(title=title, cells=tuple(cells)))
    return tuple(rows)


def _so_far(s: int, of: int) -> str:
    """How much of the abstract was read, by its sentences."""
    if s in (0, of):
        return "the whole abstract" if s else "nothing of the abstract"
    return "the first sentence" if s == 1 else f"the first {NUMBERS[s]} sentences"


def steps(paper: ToyPaper, *, nouns: Nouns = PAPERS) -> tuple[Step, ...]:
    """The walk: along the bottom row, up to the top row, and to what a sentence did."""
    occlusion, names, threshold = paper.occlusion, paper.classes.names, paper.classes.threshold
    document = occlusion.document
    grid, ends = _probabilities(occlusion), [0, *document.abstract.sentence_ends.tolist()]
    bottom, title = len(grid), float(probability(paper.alone.title))
    row = [percent(title), *map(percent, grid[-1])]  # by how many words of the abstract were read
    turn = document.abstract.tokens.index(TURN) + 1
    without = percent(without_sentences(occlusion)[DECISIVE - 1])

    def at(word: int, where: str, text: str, *, of: int = bottom) -> Step:
        said = row[word] if of == bottom else percent(grid[of - 1][word - 1])
        return Step(where=where, percent=said, text=text, cell=f"{of}.{word}")

    leaning = names[int(class_of(title, threshold))]
    first = document.title.text[slice(*document.title.spans[0].tolist())]
    return (
        at(0, "Bottom left", f"The model has read the title and nothing else. It leans to “{leaning}”."),
        at(ends[1], "After sentence 1", "It reads on, to the right, word by word."),
        at(
            ends[OFF_TOPIC],
            f"After sentence {OFF_TOPIC}",
            f"The weather has nothing to do with the {nouns.one}. The answer hardly moves.",
        ),
        at(
            turn,
            f"In sentence {DECISIVE}",
            f"Before the word “{TURN}” it was {row[turn - 1]}. Here the colour turns, and the answer with it.",
        ),
        at(ends[DECISIVE], f"After sentence {DECISIVE}", "This sentence decides."),
        at(
            ends[LAST],
            "Bottom right",
            "The last sentence pulls back, but not over the middle. All is read now: this is the answer at the top.",
        ),
        at(
            ends[LAST],
            "Top right",
            f"The top row knows only the first word of the title, “{first}”, here with the whole abstract. From row to "
            "row the title grows by a word.",
            of=1,
        ),
        Step(
            where=f"Without sentence {DECISIVE}",
            percent=without,
            text=f"Last, we take a sentence out and ask again. Now it is {without} instead of {row[-1]}.",
            takes_out=DECISIVE,
        ),
    )


def _probabilities(occlusion: Occlusion) -> list[list[float]]:
    """The grid, row by row."""
    cells: list[list[float]] = probability(occlusion.grid.margins.astype(float)).tolist()
    return cells
