"""A record's sentences: three questions, one column of the table each.

*Alone it says*: the answer to the sentence read by itself, with its mark. *Its share*: what it did here, the Shapley
value, in points of probability. *Without it*: whether it was needed, the answer without it. The same in log-odds, and
what the answer is without random stretches of a sentence's length, is for experts (experts.py).

Order, bars and the colour of the abstract go by the share in points: within one paper they are what readers compare,
they add up to what the abstract did, which the last row says, and the story above names sentences by them. Rankings
over many papers follow log-odds, since where the model is sure the points are small for all sentences. Where shares are
not known, order, bars and colour go by what the probability changes without the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley, agreement
from sitegen.corpus.arrays import Array
from sitegen.web.release import sentence
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import POINTS_DIGITS, QUIET, log_odds, percent, points, strength
from sitegen.web.text.verdicts import mark_key

HARDLY = 0.03  # of the probability: a smaller change is said to change hardly anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The answer without random stretches of the abstract as long as a sentence: the middle nine tenths, and the answer
    without the sentence itself.

    Places are 0 to 1 on the axis that all sentences of the record share.
    """

    text: str  # the two ends as probabilities
    low: float  # their places
    high: float
    dot: float  # the place of the answer without the sentence
    outside: bool  # whether the sentence's effect lies beyond what random stretches do


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceRow:
    """One sentence in the table, and as the abstract's colour shows it."""

    number: int  # in the abstract, from 1
    text: str
    alone: str  # the probability of the positive class when it is read by itself
    alone_log_odds: str
    share: str  # its share in percentage points; "" where it is not known, as are the next two
    share_log_odds: str
    share_error: str  # the standard error of the share in log-odds; "" where it is exact
    without: str  # the probability without it
    leave_one_out: str  # its leave-one-out effect in log-odds
    band: Band | None  # what random stretches do; None where that is not known
    size: (
        float  # what it did, of the probability: the size of its share, of its absence's change where that is not known
    )
    positive: bool  # whether that moved the answer toward the positive class
    quiet: bool  # whether it is too small for a colour
    strength: float  # of the colour, 0 to 1
    bar: float  # the size beside the record's largest, 0 to 1
    verdict: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """The last row: what the sentences' shares add up to."""

    points: str  # the sum, in percentage points
    start: str  # the probability before the abstract
    of: str  # what the model has read there
    end: str  # the probability of the whole record
    rounded: bool  # whether the printed shares do not add up to the printed sum


def sentence_rows(
    occlusion: Occlusion, alone: ReadAlone, verdicts: Sequence[Verdict], shapley: Shapley | None
) -> tuple[SentenceRow, ...]:
    """The sentences' rows, in the order of the abstract."""
    abstract, bands = occlusion.document.abstract, _bands(occlusion)
    changes = sentence_sizes(occlusion, shapley)
    largest = float(np.nan_to_num(np.abs(changes)).max(initial=0.0))
    without, said = without_sentences(occlusion), probability(alone.sentences.astype(np.float64)).tolist()
    rows = []
    for k in range(len(abstract.sentence_ends)):
        change = 0.0 if np.isnan(changes[k]) else float(changes[k])
        rows.append(
            SentenceRow(
                number=k + 1,
                text=sentence(abstract, k),
                alone=percent(said[k]),
                alone_log_odds=log_odds(float(alone.sentences[k])),
                share="" if shapley is None else points(float(shapley.points[k])),
                share_log_odds="" if shapley is None else log_odds(float(shapley.values[k])),
                share_error="" if shapley is None or shapley.method == "exact" else f"{shapley.errors[k]:.2f}",
                without=percent(without[k]),
                leave_one_out=log_odds(float(occlusion.sentences[k])),
                band=bands[k],
                size=round(abs(change), 6),
                positive=change > 0,
                quiet=abs(change) < QUIET,
                strength=strength(change),
                bar=round(abs(change) / largest, 3) if largest else 0.0,
                verdict=verdicts[k],
            )
        )
    return tuple(rows)


def sentence_sizes(occlusion: Occlusion, shapley: Shapley | None) -> Array:
    """What each sentence did, of the probability, (S,): its share, else what its absence changes; NaN where neither is
    known."""
    sizes = occlusion.change(occlusion.sentences) if shapley is None else shapley.points
    return np.asarray(sizes, dtype=np.float64)


def without_sentences(occlusion: Occlusion) -> list[float]:
    """The probability of the record without each of its sentences."""
    without: list[float] = probability(occlusion.margin - occlusion.sentences.astype(np.float64)).tolist()
    return without


def marks_of(rows: Iterable[SentenceRow]) -> str:
    """What the marks of these sentences say, for the key above the text; "" where none has one."""
    verdicts = [row.verdict for row in rows]
    return mark_key({one.symbol for one in verdicts}, why={one.why for one in verdicts if one.why})


def together(
    occlusion: Occlusion, alone: ReadAlone, shapley: Shapley, *, replaced: str, nouns: Nouns = PAPERS
) -> Together:
    """The sum of the shares. replaced: what stands in for hidden text, to follow "is"; "" where it is deleted.

    With something in the place of hidden text the shares count from an abstract of nothing but that, which is not the
    title alone.
    """
    total = float(shapley.points.sum())
    title = bool(occlusion.title_known.any())
    start = occlusion.probability - total if replaced else float(probability(alone.title))
    if replaced:
        of = f"where the whole {nouns.text} is {replaced}"
    else:
        of = "the title alone" if title else "before it reads anything"
    printed = sum(round(100 * one, POINTS_DIGITS) for one in shapley.points.tolist())
    return Together(
        points=points(total),
        start=percent(min(max(start, 0.0), 1.0)),
        of=of,
        end=percent(occlusion.probability),
        rounded=points(printed / 100) != points(total),
    )


def disagreement(occlusion: Occlusion, shapley: Shapley | None) -> tuple[str, ...]:
    """Where a share and the answer without the sentence seem to contradict each other, in plain sentences."""
    if shapley is None or shapley.values.size < 2:
        return ()
    compared, said = agreement(occlusion.sentences, shapley), []
    changes = np.abs(occlusion.change(occlusion.sentences))
    unneeded = [k for k in compared.redundant if changes[k] < HARDLY]
    if unneeded:
        one = len(unneeded) == 1
        which = _numbers(unneeded)
        which = which.lower() if one else f"any one of {which.lower()}"
        said.append(
            f"Without {which} the answer hardly changes, though {'its share is' if one else 'their shares are'} among "
            f"the larger ones: not needed, but not unread."
        )
    if compared.sign_conflicts:
        one = len(compared.sign_conflicts) == 1
        said.append(
            f"{_numbers(compared.sign_conflicts)} {'pulls' if one else 'pull'} one way by "
            f"{'its share' if one else 'their shares'} and the other way when taken out: do not rely on the direction."
        )
    mixed = [
        k
        for k, (value, change) in enumerate(zip(shapley.values.tolist(), shapley.points.tolist(), strict=True))
        if value * change < 0 and log_odds(value) != log_odds(0.0) and abs(change) >= QUIET
    ]
    if mixed:
        one = len(mixed) == 1
        said.append(
            f"{_numbers(mixed)} {'has' if one else 'have'} a small share whose direction depends on the scale: by "
            f"probability, which this page shows, one way, by log-odds the other."
        )
    return tuple(said)


def _numbers(sentences: Sequence[int]) -> str:
    """`Sentence 3`, `Sentences 3 and 5`; sentences are given from 0."""
    numbers = [str(k + 1) for k in sentences]
    if len(numbers) == 1:
        return f"Sentence {numbers[0]}"
    return f"Sentences {', '.join(numbers[:-1])} and {numbers[-1]}"


@dataclass(frozen=True, slots=True)
class _Axis:
    """Probabilities as places, 0 to 1, between the least and the largest that a record's bands show."""

    least: float
    most: float

    def place(self, p: float) -> float:
        return round((p - self.least) / (self.most - self.least), 3) if self.most > self.least else 0.5


def _axis(occlusion: Occlusion) -> _Axis:
    effects = np.concatenate([[0.0], occlusion.sentences, occlusion.span_bands.ravel()]).astype(np.float64)
    shown = probability(occlusion.margin - effects[~np.isnan(effects)])
    return _Axis(float(shown.min()), float(shown.max()))


def whole_place(occlusion: Occlusion) -> float:
    """Where the answer to the whole record lies on the axis of its bands, 0 to 1."""
    return _axis(occlusion).place(occlusion.probability)


def _bands(occlusion: Occlusion) -> list[Band | None]:
    axis = _axis(occlusion)
    bands = list[Band | None]()
    for effect, (low, high) in zip(occlusion.sentences.tolist(), occlusion.span_bands.tolist(), strict=True):
        if np.isnan([effect, low, high]).any():
            bands.append(None)
            continue
        least, dot, most = probability(occlusion.margin - np.array([high, effect, low])).tolist()
        texts = dict.fromkeys((percent(least), percent(most)))
        bands.append(
            Band(
                text=" to ".join(texts),
                low=axis.place(least),
                high=axis.place(most),
                dot=axis.place(dot),
                outside=not low <= effect <= high,
            )
        )
    return bands
