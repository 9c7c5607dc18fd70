"""Pages of records for the tests of what stands on them."""

from __future__ import annotations

from sitegen.analysis.attribution.shapley import shapley
from sitegen.web.pages.record.page import record_page
from sitegen.web.publish.render import Renderer
from tests.classifiers import Bag
from tests.web.papers import frame, parse, scored, surveyed

RENDERER = Renderer()


def page_of(
    description, items, k=0, *, classifier=None, notes=(), figure=False, predictions=None, verdicts=None, shared=None
):
    found, occlusion = surveyed(description, items, classifier), scored(items, classifier)[k]
    all_readings = found.summaries
    summary = all_readings[k]
    return record_page(
        description,
        frame(description, summary.page, summary.title),
        summary,
        occlusion,
        verdicts=found.verdicts.of_record(k) if verdicts is None else verdicts,
        shapley=shared or shapley([items[k].document], classifier or Bag())[0],
        predictions=predictions or [("bag", occlusion.margin)],
        notes=notes,
        neighbours=(all_readings[k - 1] if k else None, all_readings[k + 1] if k + 1 < len(items) else None),
        figure=figure,
    )


def shown(page):
    return parse(RENDERER.render(page))


def rows_of(page):
    """The rows of the table of sentences, strongest first."""
    return shown(page).one("table", id="sentences").one("tbody").all("tr")
