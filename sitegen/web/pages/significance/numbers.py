"""What the test cannot say, and all its numbers."""

from __future__ import annotations

from math import isfinite

import numpy as np

from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.significance.evidence import Standing
from sitegen.analysis.significance.test import LEAST_BIN
from sitegen.config import Site
from sitegen.web.components import Answer, Fact, Section
from sitegen.web.layout import Link
from sitegen.web.pages.significance.parts import Facts, Points
from sitegen.web.pages.significance.results import ClassResults, Results
from sitegen.web.pages.significance.thresholds import length_text
from sitegen.web.text.numbers import count, log_odds, percent, size, upper
from sitegen.web.text.verdicts import level_text, one_in

STANDINGS = {
    Standing.HELD_OUT: "new to the model",
    Standing.TRAINING: "it was trained on",
    Standing.VALIDATION: "it was stopped by",
    Standing.UNKNOWN: "not known",
}


def limits(results: Results) -> Section:
    """What the test cannot say."""
    share = one_in(results.verdicts.significance.alpha)
    return Section(
        head=Answer(
            key="limits",
            question="What can the test not say?",
            answer="Whether the model is right, and much else.",
        ),
        parts=(
            Points(
                lines=(
                    "It compares the two classes, so it finds what tells them apart to this model. It says nothing "
                    f"about causes, about what a person would mark, or about whether the {results.nouns.one} is what "
                    "it is called.",
                    "A sentence without a mark is not neutral. Sentences of the other class often go as far, and that "
                    "is all that is known of it.",
                    "The comparison is with sentences of the other class, not with nothing. Where the model takes an "
                    "empty text for one class, a sentence may be clear for that class because little is in it; the "
                    "checks above show how far.",
                    f"Sentences of one {results.nouns.one} resemble each other, so there is less to go by than their "
                    f"number says. That only about {share} of the marks is undeserved has been simulated with "
                    f"{results.nouns.many} whose truth was known; it is not proven.",
                    "Which of the marks are undeserved, nobody knows.",
                    f"It says nothing about a sentence in its {results.nouns.one}. Two sentences that say the same "
                    "are both clear, though either could go; what a sentence did there is its share.",
                )
            ),
        ),
    )


def numbers(results: Results, site: Site) -> Section:
    """The numbers of the test itself."""
    found, evidence, controls = results.verdicts.significance, results.verdicts.evidence, results.verdicts.controls
    standings = [(standing, int(np.sum(evidence.standing == standing))) for standing in Standing]
    facts = [
        Fact(
            name=upper(results.nouns.many),
            value=f"{evidence.label.size:,}",
            note=f"with a label: {int(np.sum(evidence.label >= 0)):,}; "
            + ", ".join(f"{STANDINGS[standing]}: {n:,}" for standing, n in standings if n),
        ),
        Fact(
            name="Sentences",
            value=f"{found.mark.size:,}",
            note=f"in the test: {int(evidence.eligible.sum()):,}, of {results.nouns.count(results.papers)}",
        ),
        Fact(name="Level of q", value=level_text(found.alpha), note="site.toml: significance.alpha"),
        Fact(name="Zero", value=percent(float(probability(evidence.zero))), note=_zero(results, site)),
        *(fact for one in results.tested for fact in _of_class(results, one)),
    ]
    if controls.class_words:
        facts.append(
            Fact(
                name="Class words",
                value=f"{controls.class_words:,}",
                note=f"which stand more often in one class's {results.nouns.many}; taken out for the second check",
            )
        )
    if results.tested:
        facts.append(Fact(name="Labels dealt anew", value=count(controls.permutations, "time")))
    data = Link(text="The same as data, with every threshold", href=results.frame.data("significance.json"))
    return Section(
        head=Answer(
            key="numbers",
            question="All numbers",
            answer="For those who want to check, or to report them. The procedure after Y. Benjamini and Y. Hochberg "
            "(1995), Controlling the false discovery rate, Journal of the Royal Statistical Society B 57; p as in S. "
            "Bates et al. (2023), Testing for outliers with conformal p-values, Annals of Statistics 51. Class words "
            "after B. Monroe, M. Colaresi and K. Quinn (2008), Fightin' words, Political Analysis 16.",
        ),
        parts=(Facts(facts=tuple(facts), data=data),),
    )


def _zero(results: Results, site: Site) -> str:
    """Where zero comes from."""
    evidence, neutral = results.verdicts.evidence, results.verdicts.controls.neutral
    source = "what the model says of no text at all"
    if neutral:
        listed = site.significance.neutral.name if site.significance.neutral else f"in “{site.language}”"
        source = f"the median of what it says of {count(neutral, 'neutral sentence')} ({listed})"
    return f"{log_odds(evidence.zero)} log-odds: {source}; it parts the sentences that speak for either class"


def _of_class(results: Results, one: ClassResults) -> list[Fact]:
    test = one.test
    facts = [
        Fact(
            name=f"Tested for “{one.toward}”",
            value=f"{test.family:,}",
            note=f"passed: {test.passed:,}"
            + (f"; the largest p among them: {level_text(test.cut)}" if test.passed else "")
            + f"; at least {test.needed:,} must go further than all others, or none passes",
        ),
        Fact(
            name="Compared with",
            value=f"{test.null:,}",
            note=f"sentences from “{one.other}” {results.nouns.many}, "
            + (
                f"in {test.edges.size + 1} groups of length"
                if test.edges.size
                else f"all lengths together (apart only where each of five groups has {LEAST_BIN:,})"
            ),
        ),
    ]
    taus = [
        (length_text(test.edges.tolist(), b), tau, float(test.tau_low[b]), float(test.tau_high[b]))
        for b, tau in enumerate(test.tau.tolist())
        if isfinite(tau)
    ]
    if taus:
        facts.append(
            Fact(
                name="Weakest clear one",
                value="; ".join(size(tau) for _, tau, _, _ in taus),
                note="log-odds beyond zero, "
                + "; ".join(
                    f"{length if length != 'any' else 'any length'}: "
                    + (f"{size(low)} to {size(high)}" if isfinite(low) else "no interval")
                    for length, _, low, high in taus
                ),
            )
        )
    return facts
