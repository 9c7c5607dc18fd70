"""The page on the format of the data: what each number is, so exactly that a stranger recomputes it without sitegen.

What holds for any model is in the template, with the constants of the analysis as they are in the code. How a model's
files become an answer its kind says in its own words, in the manifest (`ModelFacts.format`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.analysis.attribution.random_spans import QUANTILES, SPANS
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, PAIRS
from sitegen.web.export.models import RECOMPUTE
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frames, Page
from sitegen.web.pages.data import ModelFiles, model_files
from sitegen.web.pages.methods import ModelFacts
from sitegen.web.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedModel:
    """One model: what is said of it, and its files."""

    facts: ModelFacts
    files: ModelFiles


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatPage(Page):
    """The page on the format of the data."""

    template: ClassVar[str] = "format.html"
    models: tuple[DescribedModel, ...]  # in the site's order
    additive: bool  # whether of any of them title and abstract add up
    joint: bool  # whether any of them reads the two together
    reads_tokens: bool  # whether any of them is given tokens
    reads_texts: bool  # whether any of them is given whole texts
    strips_title: bool  # whether any of them leaves out a repeated title
    classes: tuple[str, str]  # (negative, positive), as the site calls them
    threshold: str  # the probability from which on a record is predicted positive
    recompute: str  # the name of the program that recomputes numbers, "" where there is none
    recomputed: str  # the names of the models whose numbers it computes
    exact_limit: int  # sentences: of longer abstracts shares are sampled
    pairs: int  # of orders that are sampled at least
    spans: int  # random stretches beside a sentence at most
    quantiles: tuple[str, str]  # those that make the band
    zero: str  # log-odds: an effect below is rounding
    units: str  # the link to the page that explains units.csv; "" where there is no such file


def pages(inputs: SiteInputs, _scan: Scan, frames: Frames) -> Iterator[FormatPage]:
    """The one page."""
    frame = frames("format", "Format of the data")
    low, high = QUANTILES
    yield FormatPage(
        frame=frame,
        models=tuple(
            DescribedModel(facts=model, files=model_files(frame, number, model))
            for number, model in enumerate(inputs.models)
        ),
        additive=any(model.additive for model in inputs.models),
        joint=not all(model.additive for model in inputs.models),
        reads_tokens=not all(model.reads_texts for model in inputs.models),
        reads_texts=any(model.reads_texts for model in inputs.models),
        strips_title=any(model.strips_title for model in inputs.models),
        classes=inputs.site.classes.names,
        threshold=f"{inputs.site.classes.threshold:g}",
        recompute=RECOMPUTE if inputs.models[0].recompute else "",
        recomputed=_quoted([one.name for one in inputs.models if one.recompute == inputs.models[0].recompute]),
        exact_limit=EXACT_LIMIT,
        pairs=PAIRS,
        spans=SPANS,
        quantiles=(f"{low:g}", f"{high:g}"),
        zero=f"{ZERO:.5f}",
        units=frame.link("network") if inputs.network else "",
    )


def _quoted(names: Sequence[str]) -> str:
    """`model “A”`, `models “A”, “B” and “C”`."""
    *before, last = (f"“{name}”" for name in names)
    return f"models {', '.join(before)} and {last}" if before else f"model {last}"
