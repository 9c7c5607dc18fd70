"""Why sentences are not tested, or none of them passes, in plain words: what that means, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sitegen.analysis.significance.evidence import Evidence, Standing
from sitegen.web.pages.significance.results import ClassResults, Results
from sitegen.web.text.numbers import count
from sitegen.web.text.verdicts import TOO_FEW

MANY = 150  # held-out papers from which, in simulation, something always passed that should

MORE = "What would help: more papers with a label which the model was not trained on."


@dataclass(frozen=True, slots=True, kw_only=True)
class NonePasses:
    """What is said of a class whose sentences were tested and do not pass."""

    answer: str
    why: str  # how far from passing they are
    help: str  # what would help, or what it means where nothing would
    few: bool  # whether the papers are too few to tell


def untested(results: Results) -> tuple[str, ...]:
    """Why no sentence of the site is tested, and what would help; the reason itself first."""
    evidence, names = results.verdicts.evidence, results.verdicts.names
    if not evidence.record.size:
        return ("No sentence could be tested: no paper here has an abstract.",)
    labelled = evidence.label >= 0
    if not labelled.any():
        return (
            "No sentence could be tested: none of these papers has a label.",
            f"The test compares sentences from “{names[1]}” papers with sentences from “{names[0]}” papers, and nobody "
            "has said which papers are which. The model's own answers cannot stand in, since they are made of these "
            "very sentences.",
            "What would help: a label for some of these papers, of both classes. Papers that stay without one then get "
            "marks, too (◇).",
        )
    held_out = labelled & (evidence.standing == Standing.HELD_OUT)
    if not held_out.any():
        return _seen(evidence)
    if not evidence.eligible.any():
        return (
            "No sentence could be tested: no paper that has a label, and that the model has not seen, has an abstract.",
            MORE,
        )
    for y in (0, 1):
        if not (held_out & (evidence.label == 1 - y)).any():
            labels = count(int(held_out.sum()), "paper")
            seen = bool((labelled & ~held_out & (evidence.label == 1 - y)).any())
            return (
                f"No sentence could be tested: there is nothing to compare with. {_all(held_out)} that could serve "
                f"{'is' if held_out.sum() == 1 else 'are'} labelled “{names[y]}”.",
                f"The test asks whether a sentence goes further than sentences from “{names[1 - y]}” papers. Of "
                f"{labels} with a label that the model has not seen, none is of that class"
                + (", though the model was trained on some that are." if seen else "."),
                f"What would help: papers labelled “{names[1 - y]}” which the model was not trained on.",
            )
    return ("No sentence could be tested: the papers of one class have no abstracts.", MORE)


def _all(rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    n = int(rows.sum())
    return "The one paper" if n == 1 else f"All {n:,} papers"


def _seen(evidence: Evidence) -> tuple[str, ...]:
    """Why labelled papers cannot serve, none of them being known to be new to the model."""
    labelled = evidence.label >= 0
    of = evidence.standing[labelled]
    trained = int(np.sum((of == Standing.TRAINING) | (of == Standing.VALIDATION)))
    n = count(int(labelled.sum()), "labelled paper")
    if not trained:
        return (
            "No sentence could be tested: the model does not say which papers it was trained on.",
            f"So any of the {n} may be one that it knows by heart, and what it says of such a paper's sentences shows "
            "what it was told, not what it reads in them.",
            "What would help: a model whose folder lists the papers that it was trained on, as those do that sitegen "
            "trains.",
        )
    return (
        "No sentence could be tested: the model learned from every paper here that has a label.",
        f"It was shown the {n} with their labels, to be trained or to decide when training should end. What it says of "
        "their sentences may be learned by heart: with labels dealt at random, hundreds of such sentences can pass.",
        "What would help: papers with a label that the model was not trained on.",
    )


def none_passes(one: ClassResults, *, alpha: float, papers: int) -> NonePasses:
    """Why no sentence of a tested class passes, and what would help. papers: how many the test is made on."""
    head = f"None of {count(one.test.family, 'sentence')} from “{one.toward}” papers is clear"
    if not one.possible:
        least = ceil(1 / alpha - 1e-9) - 1
        return NonePasses(
            answer=f"{head}: {TOO_FEW}",
            why=f"For “{one.toward}”, sentences can be compared with {count(one.test.null, 'sentence')} of the other "
            "class. Even one that goes further than all of these may do so by luck: to have any that are clear, "
            f"at least {least:,} are needed to compare with.",
            help=MORE,
            few=True,
        )
    gone = "none does" if not one.furthest else "one does" if one.furthest == 1 else f"{one.furthest:,} do"
    length = " of their length" if one.test.edges.size else ""
    why = (
        f"For “{one.toward}”, at least {count(one.test.needed, 'sentence')} would have to go further than every "
        f"sentence{length} from “{one.other}” papers; {gone}. Fewer could be luck among so many. This does not mean "
        "that they are neutral."
    )
    if papers < MANY:
        return NonePasses(answer=f"{head}: {TOO_FEW}", why=why, help=MORE, few=True)
    return NonePasses(
        answer=f"{head}.",
        why=why,
        help=f"With {papers:,} papers in the test that says something: by single sentences this model hardly tells "
        f"“{one.toward}” papers from others.",
        few=False,
    )
