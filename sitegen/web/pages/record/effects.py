"""Effects as a record's page shows them: the abstract in its colours, the tables, and what to make of both."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import ZERO, Occlusion
from sitegen.analysis.attribution.shapley import Shapley, agreement
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.text.numbers import log_odds, percent, points, strength

QUIET = 0.005  # log-odds: an effect that would be written 0.00 has no colour
WORDS_SHOWN = 16  # rows of the table of words; every word is in data/words.csv and coloured in no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the abstract as it is shown: a sentence (number >= 1), or text between sentences (number 0).

    The pieces' texts, one after the other, are the abstract exactly.
    """

    text: str
    number: int = 0
    unread: bool = False  # whether the model is not given it: the repeated title
    positive: bool = False  # whether the sentence pushes toward the positive class
    quiet: bool = True  # whether it is shown without colour
    strength: float = 0.0  # of the colour, 0 to 1
    change_text: str = ""  # its effect in percentage points
    verdict: str = ""  # in a few words


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One sentence or word in a table of effects."""

    number: int  # in its field, from 1
    text: str
    field: str  # "title" or "abstract"
    effect: float  # log-odds
    effect_text: str
    change: float  # the same in probability
    change_text: str  # in percentage points
    without_text: str  # the record's probability without it
    positive: bool  # whether it pushes toward the positive class
    strength: float  # the length of its bar, 0 to 1
    quiet: bool  # whether it is shown without weight
    verdict: Verdict | None = None  # this and what follows: of sentences alone
    shapley: str = ""  # its share in log-odds; "" where it is not known
    shapley_error: str = ""  # the share's standard error; "" where it is exact
    band: Band | None = None  # what random stretches do


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The middle nine tenths of what random stretches as long as a sentence do, and the sentence's own effect.

    Places are 0 to 1 on the axis that all sentences of the record share.
    """

    text: str  # the two ends, in log-odds
    low: float  # their places
    high: float
    dot: float  # the effect's place
    outside: bool  # whether it lies beyond the ends


def disagreement(occlusion: Occlusion, shapley: Shapley | None) -> tuple[str, ...]:
    """Where leave-one-out and Shapley tell different stories, in plain sentences."""
    if shapley is None or shapley.values.size < 2:
        return ()
    compared, said = agreement(occlusion.sentences, shapley), []
    if compared.redundant:
        named = _numbers(compared.redundant)
        one = len(compared.redundant) == 1
        said.append(
            f"{named} can go without effect, and yet {'has' if one else 'have'} a large share: not needed, but not "
            f"unread. Others say the same, or the model hears {'it' if one else 'them'} only where "
            f"{'it stands' if one else 'they stand'} first or last."
        )
    if compared.sign_conflicts:
        named = _numbers(compared.sign_conflicts)
        said.append(
            f"{named} {'pushes' if len(compared.sign_conflicts) == 1 else 'push'} one way in the whole abstract and "
            f"the other way on average over its parts: do not rely on the direction."
        )
    elif compared.flagged and not said:
        said.append("Effects and shares rank these sentences differently: do not rely on their order.")
    return tuple(said)


def _numbers(sentences: Sequence[int]) -> str:
    """`Sentence 3`, `Sentences 3 and 5`; sentences are given from 0."""
    numbers = [str(k + 1) for k in sentences]
    if len(numbers) == 1:
        return f"Sentence {numbers[0]}"
    return f"Sentences {', '.join(numbers[:-1])} and {numbers[-1]}"


def pieces(occlusion: Occlusion, verdicts: Sequence[Verdict]) -> tuple[Piece, ...]:
    """The abstract cut at its sentences, nothing left out."""
    abstract = occlusion.document.abstract
    cut, at = [], 0
    if abstract.start:
        cut.append(Piece(text=abstract.text[: abstract.start], unread=True))
        at = abstract.start
    changes = occlusion.change(occlusion.sentences).tolist()
    for k, (start, end) in enumerate(abstract.sentence_spans.tolist()):
        if start > at:
            cut.append(Piece(text=abstract.text[at:start]))
        effect = float(occlusion.sentences[k])
        cut.append(
            Piece(
                text=abstract.text[start:end],
                number=k + 1,
                positive=effect > 0,
                quiet=abs(effect) < QUIET,
                strength=strength(effect),
                change_text=points(changes[k]),
                verdict=verdicts[k].word,
            )
        )
        at = end
    if at < len(abstract.text):
        cut.append(Piece(text=abstract.text[at:]))
    return tuple(cut)


def _effect(
    number: int,
    text: str,
    field: str,
    effect: float,
    change: float,
    whole: float,
    *,
    verdict: Verdict | None = None,
    **more: Any,
) -> Effect:
    return Effect(
        number=number,
        text=text,
        field=field,
        effect=round(effect, 4),
        effect_text=log_odds(effect),
        change=round(change, 5),
        change_text=points(change),
        without_text=percent(whole - change),
        positive=effect > 0,
        strength=strength(effect),
        quiet=abs(effect) < QUIET,
        verdict=verdict,
        **more,
    )


def sentence_effects(occlusion: Occlusion, verdicts: Sequence[Verdict], shapley: Shapley | None) -> list[Effect]:
    """The sentences' rows, in their order."""
    abstract, changes = occlusion.document.abstract, occlusion.change(occlusion.sentences).tolist()
    bands = _bands(occlusion)
    rows = []
    for k, (start, end) in enumerate(abstract.sentence_spans.tolist()):
        rows.append(
            _effect(
                k + 1,
                " ".join(abstract.text[start:end].split()),
                "abstract",
                float(occlusion.sentences[k]),
                changes[k],
                occlusion.probability,
                verdict=verdicts[k],
                shapley="" if shapley is None else log_odds(float(shapley.values[k])),
                shapley_error="" if shapley is None or shapley.method == "exact" else f"{shapley.errors[k]:.2f}",
                band=bands[k],
            )
        )
    return rows


def zero(occlusion: Occlusion) -> float:
    """Where "no effect" lies on the axis of the record's bands, 0 to 1."""
    return _axis(occlusion)(0.0)


def _axis(occlusion: Occlusion) -> Callable[[float], float]:
    """Places, 0 to 1, on an axis that just holds 0 and all effects and bands of the record's sentences."""
    values = np.concatenate([[0.0], occlusion.sentences, occlusion.span_bands.ravel()]).astype(np.float64)
    least, most = float(values.min()), float(values.max())
    return lambda value: round((value - least) / (most - least), 3) if most > least else 0.5


def _bands(occlusion: Occlusion) -> list[Band]:
    place = _axis(occlusion)
    both = zip(occlusion.sentences.tolist(), occlusion.span_bands.tolist(), strict=True)
    return [
        Band(
            text=f"{log_odds(low)} to {log_odds(high)}",
            low=place(low),
            high=place(high),
            dot=place(effect),
            outside=not low <= effect <= high,
        )
        for effect, (low, high) in both
    ]


def word_effects(occlusion: Occlusion) -> tuple[Effect, ...]:
    """The words of both fields with the largest effects, strongest first."""
    document, rows = occlusion.document, []
    fields = (
        ("title", document.title, occlusion.title_words),
        ("abstract", document.abstract, occlusion.abstract_words),
    )
    for field, text, effects in fields:
        changes = occlusion.change(effects).tolist()
        for k in np.argsort(-np.abs(effects), kind="stable")[:WORDS_SHOWN].tolist():
            if abs(effects[k]) > ZERO:
                start, end = text.spans[k].tolist()
                word = text.text[start:end]
                rows.append(_effect(k + 1, word, field, float(effects[k]), changes[k], occlusion.probability))
    return tuple(sorted(rows, key=lambda row: -abs(row.effect))[:WORDS_SHOWN])
