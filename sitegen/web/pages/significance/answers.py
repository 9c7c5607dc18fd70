"""The test of significance in plain words: what the page on chance says of this corpus, from the test's results.

No sentence here is fixed where a number decides: a corpus in which nothing passes, one that is too small for q, and one
that cannot be judged at all each get their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sitegen.analysis.significance.test import LEAST_STRATUM, P_LEVEL, Evidence, Status
from sitegen.config import Site
from sitegen.web.charts.style import Palette
from sitegen.web.components import Fact, Finding, Tile, Values
from sitegen.web.pages.significance.by_class import ClassResults
from sitegen.web.pages.significance.charts import push_bins, push_spec
from sitegen.web.text import verdicts
from sitegen.web.text.numbers import count, log_odds, percent
from sitegen.web.text.verdicts import REFUSAL_REASONS, REFUSALS, level_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One thing that is said of sentences."""

    wording: str
    meaning: str
    sentences: int  # how many it is said of
    papers: int  # of how many papers these are


def answer(tested: ClassResults) -> tuple[str, ...]:
    """The test's findings in sentences, the answer itself first."""
    found = tested.significance
    if found.tau_rule == "none":
        return (
            "That cannot be said here: no sentence of these papers could be judged.",
            "What is missing stands below, under “Which sentences are not judged”.",
        )
    passed, own = int(found.distinguishable.sum()), int(np.sum(tested.own(0) | tested.own(1)))
    if found.tau_rule == "p":
        return (
            "These papers are too few for a sure answer: to tell strong sentences from lucky ones, at least "
            f"{found.needed:,} would have to stand out together, and at most {found.possible:,} can.",
            f"So no q is given, but p: {passed:,} of {count(own, 'sentence')} that push toward their paper's label "
            f"have p ≤ {level_text(P_LEVEL)}. By chance alone about {P_LEVEL * found.hypotheses:.0f} would, so none "
            "should be believed for that alone.",
        )
    if not passed:
        return (
            f"None of the {count(own, 'sentence')} that push toward their paper's label stands out from chance.",
            "Whatever the strongest of them do, sentences of the other class do by accident: the smallest q is "
            f"{level_text(_least_q(tested))}, where {level_text(found.alpha)} would be needed. With more papers some "
            f"might stand out; at least {found.needed:,} sentences must do so together, or none does.",
        )
    one = passed == 1
    return (
        f"{passed:,} of the {count(own, 'sentence')} that push toward their paper's label "
        f"{'stands' if one else 'stand'} out: {'it does' if one else 'they do'} so further than chance explains.",
        f"For the other {own - passed:,} this cannot be said. {_least(tested)}",
    )


def _least_q(tested: ClassResults) -> float:
    q = tested.significance.q
    return float(np.nanmin(q)) if np.isfinite(q).any() else 1.0


def _least(tested: ClassResults) -> str:
    tau = float(np.nanmin(tested.significance.tau))
    return (
        f"The smallest change that stands out is {_size(tau)} log-odds: enough to move a reader who is undecided, at "
        f"50%, to {percent(_moved(tau))}. How much is needed depends on the class and on the sentence's length."
    )


def stand_out(tested: ClassResults, *, one: bool = False) -> str:
    """The verb of sentences that pass; one: of one sentence."""
    return verdicts.stand_out(by_p=tested.significance.tau_rule == "p", one=one)


def tiles(tested: ClassResults) -> tuple[Tile, ...]:
    """How many of how many pass in each class, and the smallest change that does."""
    found = tested.significance
    if found.tau_rule == "none":
        return ()
    verb = stand_out(tested)
    shown = [
        Tile(
            value=f"{int(tested.passed(y).sum()):,} of {int(tested.own(y).sum()):,}",
            caption=f"sentences that push toward “{tested.names[y]}”, their paper's label, {verb}",
        )
        for y in (1, 0)
    ]
    if np.isfinite(found.tau).any():
        tau = float(np.nanmin(found.tau))
        shown.append(
            Tile(
                value=f"50% → {percent(_moved(tau))}", caption=f"the smallest change among them ({_size(tau)} log-odds)"
            )
        )
    return tuple(shown)


def class_finding(tested: ClassResults, y: int, *, palette: Palette) -> Finding | None:
    """How far sentences push toward class y, beside how far they do by chance; None where there is nothing to draw."""
    own, noise = tested.scaled[tested.judged[y]], tested.chance(y)
    if not own.size or not noise.size:
        return None
    toward, other = tested.names[y], tested.names[1 - y]
    line = tested.line(y)
    bins = push_bins(own, noise, threshold=line)
    return Finding(
        key="toward-positive" if y else "toward-negative",
        question=f"Toward “{toward}”",
        answer=_class_answer(tested, y, line),
        caption=f"How far sentences of papers labelled “{toward}” push (coloured), beside those labelled “{other}”, "
        "where such a push is chance (grey). 1 is the usual effect of a sentence of that length; the outermost bars "
        "hold all beyond. Both scales are squeezed, so that the many weak and the few strong can be seen together.",
        chart=push_spec(
            bins,
            threshold=line,
            toward=toward,
            positive=y == 1,
            palette=palette,
            passes=stand_out(tested, one=True),
        ),
        values=Values(
            head=("Push from", "to", "Judged", stand_out(tested).capitalize(), "Chance"),
            rows=tuple(
                (
                    f"{b.low:+.2f}" if k else "less",
                    f"{b.high:+.2f}" if k < len(bins) - 1 else "more",
                    f"{b.judged:,}",
                    f"{b.judged if b.passes else 0:,}",
                    f"{b.noise:,}",
                )
                for k, b in enumerate(bins)
            ),
        ),
    )


def _class_answer(tested: ClassResults, y: int, line: float | None) -> tuple[str, ...]:
    toward, other = tested.names[y], tested.names[1 - y]
    own, noise = int(tested.own(y).sum()), tested.chance(y)
    passed = int(tested.passed(y).sum())
    against = tested.against(y)
    others = []
    if against:
        verb = "pushes" if against == 1 else "push"
        others.append(
            f"{count(against, 'further sentence')} of these papers {verb} toward “{other}”, against the label. These "
            f"are not judged: they are what chance toward “{other}” is measured by."
        )
    if line is None:
        return (
            f"Of {count(own, 'sentence')} of papers labelled “{toward}” that {'pushes' if own == 1 else 'push'} toward "
            "it, none goes so far that chance could be ruled out.",
            *others,
        )
    as_far = int(np.sum(noise >= line))
    by_chance = "none pushes" if not as_far else "one pushes" if as_far == 1 else f"{as_far:,} push"
    return (
        f"{passed:,} of {count(own, 'sentence')} of papers labelled “{toward}” that "
        f"{'pushes' if own == 1 else 'push'} toward it {stand_out(tested, one=passed == 1)}.",
        f"Of {count(noise.size, 'sentence')} of papers labelled “{other}”, which should not push that way at all, "
        f"{by_chance} as far as the weakest of these.",
        *others,
    )


def wordings(tested: ClassResults) -> tuple[Wording, ...]:
    """The wordings, with how often each is said."""
    found = tested.significance
    meanings = verdicts.meanings(calibrated=found.calibrated, one_in=as_count(found.alpha))
    return tuple(_wording(tested, status, wording, meaning) for status, wording, meaning in meanings)


def refusals(tested: ClassResults) -> tuple[Wording, ...]:
    """Why sentences were not judged; only the reasons that occur."""
    counts = tested.significance.counts
    return tuple(
        _wording(tested, status, REFUSALS[status], REFUSAL_REASONS[status]) for status in REFUSALS if counts[status]
    )


def _wording(tested: ClassResults, status: Status, wording: str, meaning: str) -> Wording:
    at = tested.significance.status == status
    return Wording(wording=wording, meaning=meaning, sentences=int(at.sum()), papers=tested.papers(at))


def null_note(site: Site, evidence: Evidence) -> tuple[str, ...]:
    """Which papers' sentences are kept out of the noise, how many, and why; nothing where none is."""
    kept_out, null = int(np.sum(~evidence.null)), site.significance.null
    if not kept_out or null is None:
        return ()
    values = " or ".join(f"“{value}”" for value in null.values)
    told = f"Chance is measured in papers whose “{null.column}” is {values}. "
    told += (
        f"{count(kept_out, 'other paper')} of {evidence.null.size:,} {'is' if kept_out == 1 else 'are'} kept out of it."
    )
    judged = "Sentences of the papers kept out are judged like all others; they only do not serve as chance."
    return (told, *([null.reason] if null.reason else []), judged)


def method_facts(tested: ClassResults) -> tuple[Fact, ...]:
    """The numbers of the test itself."""
    found = tested.significance
    facts = [
        Fact(name="Sentences", value=f"{found.status.size:,}", note=f"of {count(tested.evidence.label.size, 'paper')}"),
        Fact(
            name="Judged",
            value=f"{found.hypotheses:,}",
            note=f"of {count(tested.papers(tested.judged[0] | tested.judged[1]), 'paper')}, whichever way they push: q "
            "counts them all",
        ),
    ]
    for y in (1, 0):
        pool = found.pools[y]
        places = ", ".join(
            f"{n:,} {place}" for n, place in zip(pool.tolist(), ("first", "middle", "last"), strict=True)
        )
        facts.append(
            Fact(
                name=f"Chance toward “{tested.names[y]}”",
                value=count(int(pool.sum()), "sentence"),
                note=f"of papers labelled “{tested.names[1 - y]}” ({places} of their abstracts)",
            )
        )
    facts.append(_strata_fact(tested))
    if found.tau_rule != "none":
        facts += [
            Fact(
                name="Must stand out together",
                value=f"{found.needed:,}",
                note=f"at least, for any sentence to get q ≤ {level_text(found.alpha)}; at most {found.possible:,} can",
            ),
            Fact(
                name=stand_out(tested).capitalize(),
                value=f"{int(found.distinguishable.sum()):,}",
                note=f"by q ≤ {level_text(found.alpha)}" if found.calibrated else f"by p ≤ {level_text(P_LEVEL)}, no q",
            ),
            Fact(
                name="Usual effect by length",
                value=", ".join(_size(s) for s in found.spread.tolist()),
                note="log-odds: the median distance from the median, for "
                + "; ".join(tested.length_text(b) for b in range(found.spread.size)),
            ),
        ]
    return tuple(facts)


def _strata_fact(tested: ClassResults) -> Fact:
    found = tested.significance
    name = "First, middle and last sentences"
    if found.stratified:
        return Fact(name=name, value="compared each with their own kind", note="every pool has enough sentences")
    return Fact(
        name=name,
        value="compared all together",
        note=f"apart only where each of the six pools has {LEAST_STRATUM} sentences; the smallest here has "
        f"{int(found.pools.min()):,}",
    )


def as_count(alpha: float) -> str:
    """`one in ten` for .1: a level as a count."""
    return "one in ten" if alpha == 0.1 else f"{100 * alpha:g} in a hundred"


def _moved(effect: float) -> float:
    """Where an effect in log-odds takes a reader who is undecided."""
    return float(0.5 + 0.5 * np.tanh(effect / 2))


def _size(effect: float) -> str:
    return log_odds(effect).lstrip("+")
