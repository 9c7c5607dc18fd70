"""The part of the page about truth on the inside of a network: is written evidence what sentences do?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, READ_ALONE, SHARE
from sitegen.analysis.faithfulness.randomised import LIMIT
from sitegen.analysis.faithfulness.report import as_json
from sitegen.analysis.network.truth import NetworkTruth, RankAgreement
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding, Values
from sitegen.web.inputs import SiteInputs
from sitegen.web.pages.faithfulness.charts import Interval, interval_spec
from sitegen.web.pages.faithfulness.checks import ERRORS
from sitegen.web.pages.faithfulness.wording import NAMES
from sitegen.web.scan import Scan
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import correlation, size

KEY = "network"
_LINES = {SHARE: "its share", READ_ALONE: "alone", LEAVE_ONE_OUT: "without it"}
_HEAD = ("Compared", "Result", "Standard error", "{Many}")


def network_finding(
    truth: NetworkTruth,
    agreement: Mapping[str, RankAgreement | None],
    *,
    papers: int,
    palette: Palette,
    nouns: Nouns = PAPERS,
) -> Finding:
    """agreement: of written evidence with each measure, by sentence. papers: that were read with units held."""
    lines = [(_LINES[measure], agreement.get(measure)) for measure in (SHARE, READ_ALONE, LEAVE_ONE_OUT)]
    lines += [("random: without it", truth.random), ("random: with ours", truth.learned)]
    drawn = [_interval(name, found) for name, found in lines if found is not None]
    return Finding(
        key=KEY,
        question="Does the inside of the network show what sentences do?",
        answer=tuple(
            sentence
            for sentence in (*_agreement(agreement, nouns=nouns), *_random(truth), *_held(truth, papers, nouns=nouns))
            if sentence
        ),
        caption=f"Rank correlation of the evidence written at {nouns.a}'s sentences, mean over {nouns.many}. The "
        f"lines are {ERRORS:g} standard errors to either side.",
        chart=interval_spec(
            drawn, palette=palette, compared=0.0, says="no likeness", title="rank correlation", limits=(-1.0, 1.0)
        )
        if drawn
        else None,
        values=Values(
            head=tuple(map(nouns.say, _HEAD)),
            rows=(*_agreement_rows(agreement), *_random_rows(truth), *_held_rows(truth, papers)),
        ),
    )


def _interval(name: str, found: RankAgreement) -> Interval:
    spread = ERRORS * (found.error or 0.0)
    low, high = found.mean - spread, found.mean + spread
    return Interval(
        name=name,
        group="",
        value=found.mean,
        low=low,
        high=high,
        text=correlation(found.mean),
        between=f"{correlation(low)} to {correlation(high)}",
    )


def network_json(inputs: SiteInputs, scan: Scan) -> dict[str, Any] | None:
    """The same as data; None where nothing is known."""
    if inputs.network is None or scan.evidence is None:
        return None
    truth: dict[str, Any] = as_json(inputs.network.report.truth)
    return {"papers": len(inputs.network.held), "evidence": as_json(scan.evidence), **truth}


def _agreement(agreement: Mapping[str, RankAgreement | None], *, nouns: Nouns = PAPERS) -> tuple[str, ...]:
    share, needed = agreement.get(SHARE), agreement.get(LEAVE_ONE_OUT)
    leading = share or needed
    if leading is None:
        return (f"No {nouns.one} has three sentences of different evidence, so nothing can be compared.",)
    name = "shares" if share else "leave-one-outs"
    also = (
        f" With what the answers would be without them it agrees to {correlation(needed.mean)}."
        if share and needed
        else ""
    )
    return (
        f"{_degree(leading.mean)}. While it reads, the network writes evidence for or against a class. The order of "
        f"{nouns.a}'s sentences by the evidence written at them agrees with that by their {name} to a degree of "
        f"{correlation(leading.mean)} (0 not at all, 1 the same order).{also}",
        "The two need not be the same: what is written at one sentence may be due to one before it. For what a "
        "sentence did to the answer, read its share.",
    )


def _degree(mean: float) -> str:
    return "Mostly" if mean >= 0.75 else "In part" if mean >= 0.25 else "Hardly"


def _random(truth: NetworkTruth) -> tuple[str, ...]:
    if truth.random is None or truth.learned is None:
        return ()
    learned = "comes" if abs(truth.learned.mean) <= LIMIT else "does not only come"
    return (
        "Networks with random weights, which have learned nothing, write evidence, too. Theirs agrees with this "
        f"network's to a degree of {correlation(truth.learned.mean)}: what this network writes {learned} from what it "
        "learned. With what their own answers would be without each sentence theirs agrees to "
        f"{correlation(truth.random.mean)}.",
    )


def _held(truth: NetworkTruth, papers: int, *, nouns: Nouns = PAPERS) -> tuple[str, ...]:
    exact = (
        f"The units of the top layer add up exactly: hold one at its average, and the answer changes by just what that "
        f"unit had added. Tried on {nouns.count(papers)}, the largest difference was {truth.top:.1g} log-odds."
    )
    if not truth.together:
        return (exact,)
    lower = "; ".join(
        f"{one.field}, layer {one.layer + 1}: {one.together:.2f} together, {one.alone:.2f} added up"
        for one in truth.together
    )
    return (
        exact,
        "In the layers below, units work together: hold half of a layer's units at once, and the answer changes by "
        "another amount than the changes by each of them alone add up to (average change in log-odds; "
        f"{lower}).",
    )


def _agreement_rows(agreement: Mapping[str, RankAgreement | None]) -> tuple[tuple[str, ...], ...]:
    return tuple(
        (f"written evidence and {NAMES[measure].short}, rank correlation by sentence", *_rank(found))
        for measure in (SHARE, LEAVE_ONE_OUT, READ_ALONE)
        if (found := agreement.get(measure)) is not None
    )


def _random_rows(truth: NetworkTruth) -> tuple[tuple[str, ...], ...]:
    rows = (
        ("random weights: their evidence and their leave-one-out", truth.random),
        ("evidence of this network and of those with random weights", truth.learned),
    )
    return tuple((name, *_rank(found)) for name, found in rows if found is not None)


def _held_rows(truth: NetworkTruth, papers: int) -> tuple[tuple[str, ...], ...]:
    rows = [("a unit of the top layer held: run and part differ by at most", f"{truth.top:.1g}", "", f"{papers:,}")]
    for one in truth.together:
        where = f"half of layer {one.layer + 1} held, {one.field}"
        rows.append((f"{where}: mean size of the change", size(one.together), "", f"{papers:,}"))
        rows.append((f"{where}: of the sum of single changes", size(one.alone), "", f"{papers:,}"))
        if one.correlation is not None:
            rows.append((f"{where}: correlation of both", correlation(one.correlation), "", f"{papers:,}"))
    return tuple(rows)


def _rank(found: RankAgreement) -> tuple[str, str, str]:
    return correlation(found.mean), f"{found.error:.2f}" if found.error is not None else "", f"{found.papers:,}"
