"""The page itself: the toy paper as the page of a record shows it, a walk through its picture, and what is what.

The partials of record pages name the site's classes and its baseline. Here these are those of the toy paper: its frame
has a site of its own, which differs from the real one in nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from sitegen.analysis.attribution.occlusion import probability
from sitegen.config import Occlusion as Occluding
from sitegen.config import Site
from sitegen.web import routes
from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Drawing, Frame, Frames, Page
from sitegen.web.pages.how_to_read.toy import MODEL, ToyPaper, toy_paper
from sitegen.web.pages.how_to_read.walk import CellRow, Step, cell_rows, steps
from sitegen.web.pages.record.page import RecordPage, record_page
from sitegen.web.pages.record.sentences import SentenceRow
from sitegen.web.pages.record.static import record_figure
from sitegen.web.scan import Scan
from sitegen.web.sentence_verdicts import Verdict
from sitegen.web.summary import read
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import percent
from sitegen.web.text.verdicts import one_in

HEADING = "How to read this"


@dataclass(frozen=True, slots=True, kw_only=True)
class HowToReadPage(Page):
    """The page "How to read this"."""

    template: ClassVar[str] = "how_to_read.html"
    paper: RecordPage  # the toy paper as the page of a record would have it
    steps: tuple[Step, ...]  # the walk
    example: Nouns  # what the invented record is called
    cells: tuple[CellRow, ...]  # all cells in words
    shares: tuple[SentenceRow, ...]  # the sentences in their order
    own_classes: tuple[str, str]  # the site's own, (negative, positive)
    one_in: str  # the level of the site's test, as a count: "one in twenty"


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[HowToReadPage]:
    """The one page."""
    yield how_to_read_page(inputs.site, frames("how-to-read", HEADING), drawing=_drawing(inputs.site, frames))


def how_to_read_page(site: Site, frame: Frame, *, drawing: Drawing | None = None) -> HowToReadPage:
    """The page of a site. drawing: the static figure of the toy paper, if there is one."""
    toy, example = toy_paper(), _noun(site)
    of_toy = replace(frame, site=_site_of(toy, site))
    paper = _paper(toy, of_toy, drawing)
    return HowToReadPage(
        frame=of_toy,
        paper=paper,
        example=example,
        steps=steps(toy, nouns=example),
        cells=cell_rows(toy),
        shares=tuple(sorted(paper.sentences, key=lambda row: row.number)),
        own_classes=site.classes.names,
        one_in=one_in(site.significance.alpha),
        drawing=drawing,
    )


def _noun(site: Site) -> Nouns:
    """What the invented paper is called, where the site's records are no papers."""
    return PAPERS if Nouns.of(site) == PAPERS else Nouns(one="text", many="texts")


def _site_of(toy: ToyPaper, site: Site) -> Site:
    """The site as it would be if the demo's model had read its papers, by deletion."""
    model = site.models[0].model_copy(update={"name": MODEL, "ensemble": ()})
    records = site.records.model_copy(update={"title": "title"})
    changed = {"classes": toy.classes, "occlusion": Occluding(), "models": (model,), "records": records}
    return site.model_copy(update=changed)


def _paper(toy: ToyPaper, frame: Frame, drawing: Drawing | None) -> RecordPage:
    """The toy paper's page. None of its sentences has a mark: a single paper has no others to be compared with."""
    said = probability(toy.alone.sentences.astype(float)).tolist()
    unmarked = [
        Verdict(
            mark="none",
            symbol="",
            word="",
            text="",
            q="",
            alone=percent(p),
            toward=int(p >= toy.classes.threshold),
            passes=False,
            marked=False,
        )
        for p in said
    ]
    page = record_page(
        frame.site,
        frame,
        read(toy.record, toy.occlusion, toy.shapley, classes=toy.classes),
        toy.occlusion,
        toy.alone,
        verdicts=unmarked,
        shapley=toy.shapley,
        predictions=(),
        notes=(),
        neighbours=(None, None),
        figure=False,
    )
    assert page.heatmap is not None  # all is known of the toy paper
    return replace(page, heatmap=replace(page.heatmap, figure=frame.to(drawing.path) if drawing else ""))


def _drawing(site: Site, frames: Frames) -> Drawing | None:
    """The static figure of the toy paper, where the site has static figures."""
    if not site.output.figures:
        return None
    toy = toy_paper()
    spec = record_figure(
        toy.occlusion,
        toy.alone,
        toy.shapley,
        classes=toy.classes.names,
        threshold=toy.classes.threshold,
        source=f"{MODEL}, an invented {_noun(site).one}",
        palette=frames.palette,
    )
    return Drawing(path=routes.asset(routes.TOY_FIGURE), spec=spec)
