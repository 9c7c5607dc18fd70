"""Effects as a record's page shows them: the abstract in its colours, the tables, and what to make of both."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.influence import ZERO
from sitegen.analysis.occlusion import Occlusion
from sitegen.analysis.shapley import Shapley, agreement
from sitegen.web.judged import Judgement
from sitegen.web.wording import count, log_odds, percent, points

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
    """One sentence or word in a table of effects. Of sentences alone: judgement; shapley, shapley_error and band, the
    middle nine tenths of what random stretches as long do, as texts in log-odds ("" where not known)."""

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
    judgement: Judgement | None = None
    shapley: str = ""
    shapley_error: str = ""
    band: str = ""
    outside: bool = False


def chance_line(judgements: Sequence[Judgement]) -> str:
    """How many of the judged sentences are distinguishable from chance, "" where none is judged."""
    judged = sum(judgement.status in ("distinguishable", "chance") for judgement in judgements)
    passing = sum(judgement.passes for judgement in judgements)
    if not judged:
        return ""
    told = f"{passing} of {count(judged, 'sentence')}" if passing else f"None of {count(judged, 'sentence')}"
    verb = "pushes" if passing <= 1 else "push"
    return f"{told} {verb} further than sentences of this length do by chance."


def disagreement(occlusion: Occlusion, shapley: Shapley | None) -> tuple[str, ...]:
    """Where leave-one-out and Shapley tell different stories, in plain sentences."""
    if shapley is None or shapley.values.size < 2:
        return ()
    found, said = agreement(occlusion.sentences, shapley), []
    if found.redundant:
        named = _numbers(found.redundant)
        said.append(
            f"{named} can go without effect, and yet {'has' if len(found.redundant) == 1 else 'have'} a large share: "
            f"the rest is enough. It says the same, or the model hears a sentence only where it stands first or last. "
            f"Take such a small effect as “not needed”, not as “not read”."
        )
    if found.sign_conflicts:
        named = _numbers(found.sign_conflicts)
        said.append(
            f"{named} {'pushes' if len(found.sign_conflicts) == 1 else 'push'} one way in the whole abstract and the "
            f"other way on average over its parts: the direction depends on the sentences around, so do not rely on it."
        )
    elif found.flagged:
        said.append("Leave-one-out and Shapley rank these sentences differently: their order should not be relied on.")
    return tuple(said)


def _numbers(sentences: Sequence[int]) -> str:
    """`Sentence 3`, `Sentences 3 and 5`; sentences are given from 0."""
    numbers = [str(k + 1) for k in sentences]
    if len(numbers) == 1:
        return f"Sentence {numbers[0]}"
    return f"Sentences {', '.join(numbers[:-1])} and {numbers[-1]}"


def pieces(occlusion: Occlusion, judgements: Sequence[Judgement]) -> tuple[Piece, ...]:
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
                quiet=abs(effect) < QUIET or judgements[k].quiet,
                strength=strength(effect),
                change_text=points(changes[k]),
                verdict=judgements[k].text,
            )
        )
        at = end
    if at < len(abstract.text):
        found.append(Piece(text=abstract.text[at:]))
    return tuple(found)


def _effect(number: int, text: str, field: str, effect: float, change: float, whole: float, **more: Any) -> Effect:
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
        **more,
    )


def sentence_effects(occlusion: Occlusion, judgements: Sequence[Judgement], shapley: Shapley | None) -> list[Effect]:
    """The sentences' rows, in their order."""
    abstract, changes = occlusion.document.abstract, occlusion.change(occlusion.sentences).tolist()
    rows = []
    for k, (start, end) in enumerate(abstract.sentence_spans.tolist()):
        effect, (low, high) = float(occlusion.sentences[k]), occlusion.noise[k].tolist()
        rows.append(
            _effect(
                k + 1,
                " ".join(abstract.text[start:end].split()),
                "abstract",
                effect,
                changes[k],
                occlusion.probability,
                judgement=judgements[k],
                shapley="" if shapley is None else log_odds(float(shapley.values[k])),
                shapley_error="" if shapley is None or shapley.method == "exact" else f"{shapley.errors[k]:.2f}",
                band=f"{log_odds(low)} to {log_odds(high)}",
                outside=not low <= effect <= high,
            )
        )
    return rows


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


def strength(effect: float) -> float:
    """How strongly an effect is coloured, 0 to 1: how far it alone would move a reader who is undecided.

    An effect of D log-odds takes p = .5 to 1 / (1 + exp(-D)), on the heatmap's own ramp; the distance from the
    middle, doubled, is tanh(|D| / 2).
    """
    return round(float(np.tanh(abs(effect) / 2)), 3)
