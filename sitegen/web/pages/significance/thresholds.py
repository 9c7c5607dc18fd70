"""How clear is clear, and how a sentence is tested: the thresholds as probabilities, and the test in plain words."""

from __future__ import annotations

import numpy as np

from sitegen.web.components import Answer, Section, Table, Values
from sitegen.web.layout import Link
from sitegen.web.pages.significance.parts import Paragraphs
from sitegen.web.pages.significance.results import ClassResults, Results, family
from sitegen.web.text.numbers import count
from sitegen.web.text.verdicts import level_text, one_in


def thresholds(results: Results) -> Section | None:
    """What the weakest clear sentence of each class and length says alone; None where no sentence is clear."""
    passed = [one for one in results.tested if one.test.passed]
    if not passed:
        return None
    words = [f"{_limits(one)} to be clear for “{one.toward}”" for one in passed]
    by_length = any(one.test.edges.size for one in passed)
    return Section(
        head=Answer(
            key="enough",
            question="How clear is clear?",
            answer=f"Read alone, a sentence must say {' and '.join(words)}. These are probabilities of "
            f"“{results.verdicts.names[1]}”, as on all pages."
            + (" A longer sentence says more, so each is compared with others of its length." if by_length else ""),
        ),
        parts=(
            Table(
                label="How clear is clear, by class and length",
                values=Values(
                    head=("Class", "Length", "Alone it says", f"with other {results.nouns.many}", "Clear"),
                    rows=tuple(row for one in passed for row in _rows(results, one)),
                ),
            ),
            Paragraphs(
                lines=(
                    "The limit is set by the weakest sentence that passes, so where few do it is a rough guide. “With "
                    f"other {results.nouns.many}” is where it would lie nine times in ten, had other "
                    f"{results.nouns.many} of this kind been tested. Percentages are rounded, so a sentence that is "
                    "shown with the limit itself may just miss it.",
                )
            ),
        ),
    )


def _limits(one: ClassResults) -> str:
    """`at least 93.5%`, or what that is for the lengths where least and most is needed."""
    taus = one.test.tau[np.isfinite(one.test.tau)]
    least, most = one.limit(float(taus.min())), one.alone(float(taus.max()))
    return least if taus.size == 1 else f"{least} ({most} at the length that needs most)"


def _rows(results: Results, one: ClassResults) -> list[tuple[str, ...]]:
    test, evidence, found = one.test, results.verdicts.evidence, results.verdicts.significance
    which = np.searchsorted(test.edges, evidence.length, side="right")
    own = family(results.verdicts, one.y)
    rows = list[tuple[str, ...]]()
    for b, tau in enumerate(test.tau.tolist()):
        inside = own & (which == b)
        rows.append(
            (
                one.toward,
                length_text(test.edges.tolist(), b),
                one.limit(tau) if np.isfinite(tau) else "none is clear",
                one.range(float(test.tau_low[b]), float(test.tau_high[b])),
                f"{int(np.sum(inside & found.passes)):,} of {int(inside.sum()):,}",
            )
        )
    return rows


def length_text(edges: list[int], b: int) -> str:
    """The b-th bin of lengths: `up to 14 words`, `15 to 20 words`, `from 31 words on`."""
    if not edges:
        return "any"
    if b == 0:
        return f"up to {edges[0] - 1} words"
    if b == len(edges):
        return f"from {edges[-1]} words on"
    return f"{edges[b - 1]} to {edges[b] - 1} words"


def how(results: Results) -> Section:
    """The test in plain words, for readers who never met a p-value."""
    alpha = results.verdicts.significance.alpha
    level, share = level_text(alpha), one_in(alpha)
    of = ", and ".join(
        f"a sentence from a “{one.toward}” {results.nouns.one} is compared with {count(one.test.null, 'sentence')} "
        f"from “{one.other}” {results.nouns.many}"
        for one in results.tested
    )
    return Section(
        head=Answer(
            key="how",
            question="How is a sentence tested?",
            answer="By comparison. The model is given the sentence alone and says how likely its "
            f"{results.nouns.one}'s class is; then one counts how many sentences from {results.nouns.many} of the "
            "other class go at least as far.",
        ),
        parts=(
            Paragraphs(
                lines=(
                    *([f"Here {of}."] if of else []),
                    "The share of these that go as far is p: if 3 of 300 do, it is about .01 (the sentence itself is "
                    "counted among them, so p is never 0). But whoever tries hundreds of sentences will find "
                    "some with a small p by luck alone. So one more number, q, takes into account how many were tried: "
                    f"among all sentences with q ≤ {level}, about {share} at most is expected to be no different from "
                    f"those of the other class. A sentence with q ≤ {level} is clear.",
                    f"A sentence that points away from its {results.nouns.one}'s label counts among those that were "
                    f"tried, and cannot pass. Only {results.nouns.many} that have a label and that the model was not "
                    "trained on are part of the test.",
                ),
                links=(
                    Link(
                        text="What else these pages say of a sentence",
                        href=results.frame.link("methods") + "#questions",
                    ),
                ),
            ),
        ),
    )
