"""Why sentences are not tested, or none of them passes, in plain words: what that means, and what would help."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np

from sitegen.analysis.significance.evidence import Evidence, Standing
from sitegen.web.pages.significance.results import ClassResults, Results
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count, upper
from sitegen.web.text.verdicts import TOO_FEW

MANY = 150  # held-out papers from which, in simulation, something always passed that should

MORE = "What would help: more {many} with a label which the model was not trained on."


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
        return (f"No sentence could be tested: no {results.nouns.one} here has {results.nouns.a_text}.",)
    labelled = evidence.label >= 0
    if not labelled.any():
        return (
            f"No sentence could be tested: none of these {results.nouns.many} has a label.",
            f"The test compares sentences from “{names[1]}” {results.nouns.many} with sentences from “{names[0]}” "
            f"{results.nouns.many}, and nobody has said which {results.nouns.many} are which. The model's own answers "
            "cannot stand in, since they are made of these very sentences.",
            f"What would help: a label for some of these {results.nouns.many}, of both classes. "
            f"{upper(results.nouns.many)} that stay without one then get marks, too (◇).",
        )
    held_out = labelled & (evidence.standing == Standing.HELD_OUT)
    if not held_out.any():
        return _seen(evidence, nouns=results.nouns)
    if not evidence.eligible.any():
        return (
            f"No sentence could be tested: no {results.nouns.one} that has a label, and that the model has not seen, "
            f"has {results.nouns.a_text}.",
            results.nouns.say(MORE),
        )
    for y in (0, 1):
        if not (held_out & (evidence.label == 1 - y)).any():
            labels = results.nouns.count(int(held_out.sum()))
            seen = bool((labelled & ~held_out & (evidence.label == 1 - y)).any())
            return (
                f"No sentence could be tested: there is nothing to compare with. {_all(results, held_out)} that could "
                f"serve {'is' if held_out.sum() == 1 else 'are'} labelled “{names[y]}”.",
                f"The test asks whether a sentence goes further than sentences from “{names[1 - y]}” "
                f"{results.nouns.many}. Of {labels} with a label that the model has not seen, none is of that class"
                + (", though the model was trained on some that are." if seen else "."),
                f"What would help: {results.nouns.many} labelled “{names[1 - y]}” which the model was not trained on.",
            )
    return (
        f"No sentence could be tested: the {results.nouns.many} of one class have no {results.nouns.texts}.",
        results.nouns.say(MORE),
    )


def _all(results: Results, rows: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> str:
    n = int(rows.sum())
    return f"The one {results.nouns.one}" if n == 1 else f"All {n:,} {results.nouns.many}"


def _seen(evidence: Evidence, *, nouns: Nouns) -> tuple[str, ...]:
    """Why labelled papers cannot serve, none of them being known to be new to the model."""
    labelled = evidence.label >= 0
    of = evidence.standing[labelled]
    trained = int(np.sum((of == Standing.TRAINING) | (of == Standing.VALIDATION)))
    n = nouns.count(int(labelled.sum()), "labelled")
    if not trained:
        return (
            f"No sentence could be tested: the model does not say which {nouns.many} it was trained on.",
            f"So any of the {n} may be one that it knows by heart, and what it says of such {nouns.a}'s sentences "
            "shows what it was told, not what it reads in them.",
            f"What would help: a model whose folder lists the {nouns.many} that it was trained on, as those do that "
            "sitegen trains.",
        )
    return (
        f"No sentence could be tested: the model learned from every {nouns.one} here that has a label.",
        f"It was shown the {n} with their labels, to be trained or to decide when training should end. What it says of "
        "their sentences may be learned by heart: with labels dealt at random, hundreds of such sentences can pass.",
        f"What would help: {nouns.many} with a label that the model was not trained on.",
    )


def none_passes(one: ClassResults, *, alpha: float, papers: int, nouns: Nouns = PAPERS) -> NonePasses:
    """Why no sentence of a tested class passes, and what would help. papers: how many the test is made on."""
    head = f"None of {count(one.test.family, 'sentence')} from “{one.toward}” {nouns.many} is clear"
    if not one.possible:
        least = ceil(1 / alpha - 1e-9) - 1
        return NonePasses(
            answer=f"{head}: {nouns.say(TOO_FEW)}",
            why=f"For “{one.toward}”, sentences can be compared with {count(one.test.null, 'sentence')} of the other "
            "class. Even one that goes further than all of these may do so by luck: to have any that are clear, "
            f"at least {least:,} are needed to compare with.",
            help=nouns.say(MORE),
            few=True,
        )
    gone = "none does" if not one.furthest else "one does" if one.furthest == 1 else f"{one.furthest:,} do"
    length = " of their length" if one.test.edges.size else ""
    why = (
        f"For “{one.toward}”, at least {count(one.test.needed, 'sentence')} would have to go further than every "
        f"sentence{length} from “{one.other}” {nouns.many}; {gone}. Fewer could be luck among so many. This does not "
        "mean that they are neutral."
    )
    if papers < MANY:
        return NonePasses(answer=f"{head}: {nouns.say(TOO_FEW)}", why=why, help=nouns.say(MORE), few=True)
    return NonePasses(
        answer=f"{head}.",
        why=why,
        help=f"With {papers:,} {nouns.many} in the test that says something: by single sentences this model hardly "
        f"tells “{one.toward}” {nouns.many} from others.",
        few=False,
    )
