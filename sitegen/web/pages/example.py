"""The worked example on the first page: one record whose answer changes most as it is read, and how.

It is chosen among the records that the model answers rightly, those that are new to it first: the one with the largest
step over the threshold that leads to its final class. Its curve stands in the page as lines of an SVG, in percent of
the plot, so that it is there without scripts; `example.js` draws it once before the reader's eyes. All numbers and
words are those of the record's page, as far as they are published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.significance.evidence import Standing
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame
from sitegen.web.pages.record.turns import turning_words
from sitegen.web.reading import Reading
from sitegen.web.release import word
from sitegen.web.summary import RecordSummary
from sitegen.web.text.numbers import percent

NAMED = 5  # turning words, at most
WIDTH, HEIGHT, LETTER = 320, 190, 8.8  # pixels of the plot on a telephone, and of a letter: there labels must not meet
LINE = 22  # pixels: the height of a label
TITLE_ROOM = 10.0  # percent of the width on a telephone that the word "title" and the number of a sentence need
TITLE_PLACE = 0.04  # of the plot's width: how far the answer to the title alone reaches

Points = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TurningWord:
    """A word at which the answer turns, and its label. Places are percent of the plot's width and height."""

    text: str
    at: float  # the point that it names
    level: float
    top: float  # of its label
    side: str  # where the label lies: "before" the point, "over" it (in the middle), or "after" it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A sentence along the plot, in percent of its width."""

    number: int  # from 1
    left: float
    width: float
    most: bool  # whether it did most


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One record, and how its answer formed."""

    title: str
    href: str  # its page
    predicted: str  # the class's name
    positive: bool  # whether that is the positive one
    percent: str  # the probability of the positive class
    right: str  # "right", "wrong", or "" without a label
    label: str  # the gold label's name; "" without one
    new: bool  # whether it is known to be new to the model
    counts: int  # the sentence with the largest share, from 1; 0 where that is not known
    changes: bool  # whether the sentence that did most changed the class
    number: int  # of that sentence, from 1
    before: str  # the probability before and after it
    after: str
    sentence: str  # its text, as far as that is published; "" where nothing is
    sentence_href: str  # where it stands on the record's page
    line: str  # the reading curve, as the path of an SVG 100 wide and high
    area: str  # what lies between the curve and the threshold
    threshold: float  # where that is, from the top
    points: str  # the places and probabilities of the curve for the script: "0 .17, 4 .2, ..."
    words: tuple[TurningWord, ...]
    stretches: tuple[Stretch, ...]
    titled: bool  # whether the curve begins with the title alone
    title_named: bool  # whether the word "title" has room below that part


def example(inputs: SiteInputs, frame: Frame, summaries: Sequence[RecordSummary]) -> Example | None:
    """The example of a site; None where of no record it is known how the answer forms, or none ever moves."""
    k = chosen(summaries, inputs.standing[inputs.first])
    if k is None:
        return None
    model, summary = inputs.first, summaries[k]
    found = summary.reading
    assert found is not None
    occlusion, alone = inputs.occlusions(k)[model], inputs.alone(k)[model]
    return _example(inputs, frame, summary, found, occlusion, alone, inputs.standing[model][k])


def chosen(summaries: Sequence[RecordSummary], standings: Sequence[Standing | int]) -> int | None:
    """The number of the record that is shown; None where there is none."""
    best: tuple[tuple[bool, bool, bool, float], int] | None = None
    for k, (summary, standing) in enumerate(zip(summaries, standings, strict=True)):
        step = summary.reading.step if summary.reading else None
        if step is None or step.drama == 0:
            continue
        ends = step.crosses and (step.after > step.before) == (summary.predicted == 1)
        key = (summary.right is True, Standing(standing) is Standing.HELD_OUT, ends, step.drama)
        if best is None or key > best[0]:
            best = key, k
    return best[1] if best else None


def _example(
    inputs: SiteInputs,
    frame: Frame,
    summary: RecordSummary,
    found: Reading,
    occlusion: Occlusion,
    alone: ReadAlone,
    standing: Standing,
) -> Example:
    classes, step, text = inputs.site.classes, found.step, occlusion.document.abstract
    assert step is not None
    titled = len(occlusion.document.title.tokens) > 0 and not np.isnan(alone.title)
    places, levels = _curve(occlusion, alone, titled=titled)
    published, quoted = text.tokens, summary.quoted(step.number)
    known = any(published[slice(*text.sentence_ranges[step.number])])
    words = [
        (place(j + 1, len(published), titled=titled), j)
        for j in turning_words(occlusion, alone, threshold=classes.threshold)
        if published[j]
    ]
    stretches = tuple(
        Stretch(
            number=n + 1,
            left=round(place(start, len(published), titled=titled), 2),
            width=round(place(end, len(published), titled=titled) - place(start, len(published), titled=titled), 2),
            most=n == step.number,
        )
        for n, (start, end) in enumerate(text.sentence_ranges)
    )
    return Example(
        title=summary.title,
        href=frame.to(summary.page),
        predicted=classes.names[summary.predicted],
        positive=summary.predicted == 1,
        percent=percent(summary.probability),
        right="" if summary.right is None else "right" if summary.right else "wrong",
        label="" if summary.record.label is None else classes.names[summary.record.label],
        new=Standing(standing) is Standing.HELD_OUT,
        counts=summary.top.number + 1 if summary.top and summary.top.shared else 0,
        changes=step.crosses,
        number=step.number + 1,
        before=percent(step.before),
        after=percent(step.after),
        sentence=quoted if known else "",
        sentence_href=frame.to(summary.sentence(step.number)),
        line=_path(places, levels),
        area=f"{_path(places, levels)}L100 {_top(classes.threshold)}L0 {_top(classes.threshold)}Z",
        threshold=_top(classes.threshold),
        points=",".join(f"{x:g} {p:g}" for x, p in zip(places.round(2), levels.round(4), strict=True)),
        words=_labels([(x, word(text, j), j) for x, j in words], places, levels),
        stretches=stretches,
        titled=titled,
        title_named=titled and stretches[0].left + stretches[0].width / 2 >= TITLE_ROOM,
    )


def place(read: int, words: int, *, titled: bool) -> float:
    """How far to the right the answer stands that was given after so many of the words, in percent of the plot."""
    begin = TITLE_PLACE if titled else 0.0
    return 100 * (begin + (1 - begin) * read / words)


def _curve(occlusion: Occlusion, alone: ReadAlone, *, titled: bool) -> tuple[Points, Points]:
    """The places of the answers in percent, and the answers as probabilities: at every word where they are known, else
    where sentences end; the title alone first."""
    row = np.asarray(probability(occlusion.grid.margins[-1]), dtype=np.float64)
    read = np.flatnonzero(~np.isnan(row)) + 1
    places = [place(int(n), row.size, titled=titled) for n in read]
    levels = [float(row[n - 1]) for n in read]
    first = float(probability(alone.title)) if titled else levels[0]
    return np.array([0.0, *([100 * TITLE_PLACE] if titled else []), *places]), np.array(
        [first, *([first] if titled else []), *levels]
    )


def _top(p: float) -> float:
    return round(100 * (1 - p), 2)


def _path(places: Points, levels: Points) -> str:
    return "M" + "L".join(f"{x:g} {_top(p):g}" for x, p in zip(places.round(2), levels, strict=True))


def _labels(words: Sequence[tuple[float, str, int]], places: Points, levels: Points) -> tuple[TurningWord, ...]:
    """The labels of as many words as have room, the most important first: each above or below its point or beside it,
    where it covers the least of the curve, and no other label."""
    boxes: list[tuple[float, float, float, float]] = []
    labels: list[TurningWord] = []
    tops = 100 * (1 - levels)
    height, gap = 100 * LINE / HEIGHT, 100 * 6 / HEIGHT
    for x, text, _ in words:
        if len(labels) == NAMED:
            break
        k = int(np.argmin(np.abs(places - x)))
        at, width = float(places[k]), 100 * (len(text) * LETTER + 12) / WIDTH
        rising, tries = bool(levels[k] > levels[max(k - 1, 0)]), []
        for n, (side, left) in enumerate((("over", at - width / 2), ("before", at - width), ("after", at))):
            for below, top in enumerate((float(tops[k]) - height - gap, float(tops[k]) + gap)):
                box = (left, top, left + width, top + height)
                covered = (places >= box[0]) & (places <= box[2]) & (tops >= box[1]) & (tops <= box[3])
                free = all(box[2] < a or c < box[0] or box[3] < b or d < box[1] for a, b, c, d in boxes)
                if free and min(box) >= 0 and max(box) <= 100:
                    tries.append((int(covered.sum()), below == rising, n, side, box))
        if not tries:
            continue
        *_, side, box = min(tries)
        boxes.append(box)
        labels.append(
            TurningWord(text=text, at=round(at, 2), level=round(float(tops[k]), 2), top=round(box[1], 2), side=side)
        )
    return tuple(labels)
