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
from sitegen.web.text.verdicts import P_RULE

QUIET = 0.005  # log-odds: an effect that would be written 0.00 has no colour
REFUSED = {"training", "validation", "unlabelled", "unknown_standing", "no_pool"}  # of a record, not of a sentence
WORDS_SHOWN = 16  # rows of the table of words; every word is in data/words.csv and coloured in no text


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the abstract as it is shown: a sentence (number >= 1), or text between sentences (number 0).

    The pieces' texts, one after the other, are the abstract exactly.
    """

    text: str
    number: int = 0
    unread: bool = False
    positive: bool = False
    quiet: bool = True
    strength: float = 0.0
    change_text: str = ""
    verdict: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One sentence or word in a table of effects. Of sentences alone: verdict; shapley and shapley_error, as texts in
    log-odds ("" where not known); band."""

    number: int
    text: str
    field: str
    effect: float
    effect_text: str
    change: float
    change_text: str
    without_text: str
    positive: bool
    strength: float
    quiet: bool
    verdict: Verdict | None = None
    shapley: str = ""
    shapley_error: str = ""
    band: Band | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The middle nine tenths of what random stretches as long as a sentence do, and the sentence's own effect.

    text: the two ends in log-odds. low, high, dot: the ends and the effect as places, 0 to 1, on the axis that all
    sentences of the record share. outside: whether the effect lies beyond the ends.
    """

    text: str
    low: float
    high: float
    dot: float
    outside: bool


def chance_line(verdicts: Sequence[Verdict]) -> str:
    """How many of the judged sentences are distinguishable from chance, and how many are not judged for pushing against
    the label; "" where neither is known of any."""
    judged = sum(verdict.status in ("distinguishable", "chance") for verdict in verdicts)
    passing = sum(verdict.passes for verdict in verdicts)
    against = sum(verdict.status == "against" for verdict in verdicts)
    if not judged:
        return "Every sentence with an effect pushes against the paper's label, so none is judged." if against else ""
    by_p = any(verdict.by_p for verdict in verdicts)
    further = f"with {P_RULE}" if by_p else "further than sentences of this length do by chance"
    if judged == 1:
        told = f"The one sentence that pushes toward the paper's label {'does' if passing else 'does not do'} so"
    else:
        some, verb = (f"{passing}", "does" if passing == 1 else "do") if passing else ("None", "does")
        told = f"{some} of the {judged} sentences that push toward the paper's label {verb} so"
    told = f"{told} {further}"
    if against:
        told += f"; {against} {'pushes' if against == 1 else 'push'} against it and {'is' if against == 1 else 'are'} "
        told += "not judged"
    return told + "."


def disagreement(occlusion: Occlusion, shapley: Shapley | None) -> tuple[str, ...]:
    """Where leave-one-out and Shapley tell different stories, in plain sentences."""
    if shapley is None or shapley.values.size < 2:
        return ()
    found, said = agreement(occlusion.sentences, shapley), []
    if found.redundant:
        named = _numbers(found.redundant)
        one = len(found.redundant) == 1
        said.append(
            f"{named} can go without effect, and yet {'has' if one else 'have'} a large share: not needed, but not "
            f"unread. Others say the same, or the model hears {'it' if one else 'them'} only where "
            f"{'it stands' if one else 'they stand'} first or last."
        )
    if found.sign_conflicts:
        named = _numbers(found.sign_conflicts)
        said.append(
            f"{named} {'pushes' if len(found.sign_conflicts) == 1 else 'push'} one way in the whole abstract and the "
            f"other way on average over its parts: do not rely on the direction."
        )
    elif found.flagged and not said:
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
    found, at = [], 0
    if abstract.start:
        found.append(Piece(text=abstract.text[: abstract.start], unread=True))
        at = abstract.start
    changes = occlusion.change(occlusion.sentences).tolist()
    for k, (start, end) in enumerate(abstract.sentence_spans.tolist()):
        if start > at:
            found.append(Piece(text=abstract.text[at:start]))
        effect = float(occlusion.sentences[k])
        found.append(
            Piece(
                text=abstract.text[start:end],
                number=k + 1,
                positive=effect > 0,
                quiet=abs(effect) < QUIET or verdicts[k].quiet,
                strength=strength(effect),
                change_text=points(changes[k]),
                verdict=verdicts[k].short,
            )
        )
        at = end
    if at < len(abstract.text):
        found.append(Piece(text=abstract.text[at:]))
    return tuple(found)


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
        quiet=abs(effect) < QUIET or (verdict is not None and verdict.quiet),
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
