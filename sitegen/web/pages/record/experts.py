"""What the page of a record has for experts: the scale on which everything is computed, errors, and contradictions.

Readers are told probabilities. Effects are computed and ranked in log-odds, where they do not shrink as the model gets
sure; here they stand with what belongs to them: the standard errors of shares, the answer without random stretches of
the text, the shares by further checkpoints, and where two measures of a sentence seem to contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.pages.record.sentences import SentenceRow, disagreement, whole_place
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import log_odds, percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the model says when it is given a part of the record, or all of it."""

    name: str  # what it has read
    percent: str  # the probability of the positive class
    log_odds: str  # the same as a margin


@dataclass(frozen=True, slots=True, kw_only=True)
class Experts:
    """What stands in the section for experts."""

    readings: tuple[Reading, ...]  # the path of the answer, and the abstract without its title
    rows: tuple[SentenceRow, ...]  # the sentences in the order of the text
    whole: float  # where the answer lies on the axis of the rows' bands, 0 to 1
    banded: bool  # whether it is known what random stretches do
    shared: bool  # whether shares are known
    sampled: bool  # whether they are estimated, and have an error
    checkpoints: bool  # whether an ensemble's checkpoints were asked, too
    disagreement: tuple[str, ...]  # where a share and the answer without the sentence seem to contradict each other
    notes: tuple[str, ...]  # on the texts


def experts(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    rows: Sequence[SentenceRow],
    nouns: Nouns = PAPERS,
) -> Experts:
    """The section of one record. rows: of its sentences, in the order of the text."""
    return Experts(
        readings=_readings(occlusion, alone, nouns=nouns),
        rows=tuple(rows),
        whole=whole_place(occlusion),
        banded=any(row.band for row in rows),
        shared=shapley is not None,
        sampled=shapley is not None and shapley.method == "sampled",
        checkpoints=any(row.verdict.across for row in rows),
        disagreement=disagreement(occlusion, shapley),
        notes=_notes(occlusion),
    )


def unknown_words(occlusion: Occlusion) -> int:
    """How many words of both texts the model does not know."""
    return int((~occlusion.title_known).sum() + (~occlusion.abstract_known).sum())


def _readings(occlusion: Occlusion, alone: ReadAlone, *, nouns: Nouns = PAPERS) -> tuple[Reading, ...]:
    """A field of which the model read nothing is left out."""
    title, abstract = bool(occlusion.title_known.any()), bool(occlusion.abstract_known.any())
    margins = [("nothing", alone.empty)]
    if title:
        margins.append(("the title alone", alone.title))
    if title and abstract:
        margins.append(("the abstract without its title", alone.abstract))
    if abstract:
        margins.append(("title and abstract" if title else f"the {nouns.text}", occlusion.margin))
    return tuple(
        Reading(name=name, percent=percent(float(probability(margin))), log_odds=log_odds(margin))
        for name, margin in margins
    )


def _notes(occlusion: Occlusion) -> tuple[str, ...]:
    notes, unknown = [], unknown_words(occlusion)
    if unknown:
        total = occlusion.title_known.size + occlusion.abstract_known.size
        notes.append(f"{unknown} of {total} words are not in the model's vocabulary; it skips them.")
    if occlusion.document.abstract.start:
        notes.append("The abstract begins by repeating the title; the model reads what follows.")
    return tuple(notes)
