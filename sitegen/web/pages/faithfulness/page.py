"""The page on faithfulness: which measure to trust here, the three side by side, then check by check.

What is measured, and after whom, is in sitegen/analysis/faithfulness; by which rules a check holds, in `checks`. A
measure that tells the truth here is one that names what moves the model, not one that is right about the paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.faithfulness.randomised import LIMIT
from sitegen.analysis.faithfulness.report import Faithfulness, as_json
from sitegen.config import Site
from sitegen.web.charts.style import Palette
from sitegen.web.components import Finding
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frame, Frames, Page
from sitegen.web.pages.faithfulness.checks import ERRORS, GOOD_RATE, NEAR, Check, outcomes_counted
from sitegen.web.pages.faithfulness.erasure import erasure_check, flips_check
from sitegen.web.pages.faithfulness.known import hybrids_check, planted_check
from sitegen.web.pages.faithfulness.network import network_finding
from sitegen.web.pages.faithfulness.randomised import randomised_check
from sitegen.web.pages.faithfulness.trusted import TrustTable, trust_evidence, trust_sentence, trust_table
from sitegen.web.scan import Scan
from sitegen.web.text.asked import why
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import correlation, count, whole_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One model's result."""

    model: str  # its name
    result: Faithfulness
    held_out: int  # how many of the result's records are known to be in neither part that the model was fitted to


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTruth:
    """One model on the page."""

    name: str
    key: str  # names its place on the page
    headline: str  # which measure to trust
    evidence: tuple[str, ...]  # the numbers from which that follows, and the rule
    table: TrustTable  # the measures side by side
    held: str  # how many checks held by the measure that the pages lead with
    basis: str  # on what it rests: the papers, what is hidden, the random orders
    warning: str  # that papers may not be new to the model; ""
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FaithfulnessPage(Page):
    """Do these pictures tell the truth?"""

    template: ClassVar[str] = "faithfulness.html"
    models: tuple[ModelTruth, ...]  # in the site's order
    errors: str  # the rules of `checks` in words: standard errors by which random must be beaten,
    near: str  # how much of the way to the best order must be covered,
    good_rate: str  # in how many comparisons a measure must be right,
    limit: str  # how far sizes may agree with a random model's
    not_asked: str  # why no model was tried; "" where one was, or nobody asked for it
    network: Finding | None  # on the inside of the first model's network
    methods: str  # the link to the methods page
    data: str  # the link to the same as data

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding or picture."""
        made = [check for model in self.models for check in model.checks]
        findings = [*(check.finding for check in made), *([self.network] if self.network else [])]
        own = {finding.key: finding.chart for finding in findings if finding.chart}
        return own | {picture.key: picture.chart for check in made for picture in check.pictures}


def faithfulness_page(
    site: Site, frame: Frame, results: Sequence[Checked], *, network: Finding | None = None, not_asked: str = ""
) -> FaithfulnessPage:
    """The page of all models that were checked, in the site's order. network: on the inside of the first model's.
    not_asked: why none was, should that be so."""
    return FaithfulnessPage(
        frame=frame,
        models=tuple(
            _model(checked, site.classes.names, frame.palette, number, nouns=frame.nouns)
            for number, checked in enumerate(results, 1)
        ),
        errors=f"{ERRORS:g}",
        near=whole_percent(NEAR),
        good_rate=whole_percent(GOOD_RATE),
        limit=correlation(LIMIT),
        not_asked="" if results else not_asked,
        network=network,
        methods=frame.link("methods") + "#occlusion",
        data=frame.data("faithfulness.json"),
    )


def faithfulness_json(
    results: Sequence[Checked], *, model: str = "", network: Any = None, nouns: Nouns = PAPERS
) -> dict[str, Any]:
    """The content of data/faithfulness.json: by model its result and how many of its records are held out. model: the
    first one's name, network: what `network_json` says of it."""
    made: dict[str, Any] = {}
    for checked in results:
        found = as_json(checked.result)
        found["reasons"] = {name: nouns.say(reason) for name, reason in found["reasons"].items()}
        made[checked.model] = {"held_out": checked.held_out, **found}
    if network is not None:
        made.setdefault(model, {})["network"] = network
    return made


def checks(
    result: Faithfulness, *, classes: tuple[str, str], palette: Palette, suffix: str = "", nouns: Nouns = PAPERS
) -> tuple[Check, ...]:
    """All checks of one model; `suffix` tells their places on a page from those of other models."""
    return (
        hybrids_check(result, classes, suffix, palette=palette, nouns=nouns),
        planted_check(result, classes, suffix, palette=palette, nouns=nouns),
        erasure_check(result, "sentences", suffix, palette=palette, nouns=nouns),
        erasure_check(result, "tokens", suffix, palette=palette, nouns=nouns),
        flips_check(result, suffix, palette=palette, nouns=nouns),
        randomised_check(result, suffix, palette=palette, nouns=nouns),
    )


def _model(
    checked: Checked, classes: tuple[str, str], palette: Palette, number: int, *, nouns: Nouns = PAPERS
) -> ModelTruth:
    result = checked.result
    suffix = f"-{number}" if number > 1 else ""
    made = checks(result, classes=classes, palette=palette, suffix=suffix, nouns=nouns)
    return ModelTruth(
        name=checked.model,
        key=f"model-{number}",
        headline=trust_sentence(result, nouns=nouns),
        evidence=trust_evidence(result, nouns=nouns),
        table=trust_table(result, classes, suffix, nouns=nouns),
        held=f"{outcomes_counted([check.outcome for check in made]).removesuffix('.')}, judged by the share, which "
        "colours and ranks sentences on these pages:",
        basis=f"{checked.model} was tried on {nouns.count(result.records)}{_seen(checked)}; where a check rests on "
        f"fewer, it says why. For share and leaving out, what is hidden is {BASELINES[result.baseline].wording}. "
        f"Random order: the average of {count(result.shuffles, 'random order')} of each {nouns.one}.",
        warning="" if checked.held_out == result.records else _warning(checked, nouns=nouns),
        checks=made,
    )


def _seen(checked: Checked) -> str:
    return " that it had never seen" if checked.held_out == checked.result.records else ""


def _warning(checked: Checked, *, nouns: Nouns = PAPERS) -> str:
    known = (
        f"Only {checked.held_out:,} of these {checked.result.records:,} {nouns.many} are known to be new to the model."
        if checked.held_out
        else f"The model does not say what it was trained on, so these {nouns.many} may not be new to it."
    )
    return f"{known} Of {nouns.a} that it knows it may be surer than it should be, and the figures better."


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[FaithfulnessPage]:
    """The one page."""
    frame, inside = frames("faithfulness", "Can I trust this?"), None
    if inputs.network and scan.evidence is not None:
        inside = network_finding(
            inputs.network.report.truth,
            scan.evidence,
            papers=len(inputs.network.held),
            palette=frame.palette,
            nouns=frame.nouns,
        )
    yield faithfulness_page(inputs.site, frame, inputs.faithfulness, network=inside, not_asked=why(inputs.plan))
