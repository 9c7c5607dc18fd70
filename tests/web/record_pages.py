"""Pages of records for the tests of what stands on them."""

from __future__ import annotations

import numpy as np

from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.pages.record.page import record_page
from sitegen.web.publish.render import Renderer
from tests.web.papers import alone, frame, parse, scored, shared, surveyed

RENDERER = Renderer()
OFF = object()  # for `shares`: they were not computed


def page_of(
    description,
    items,
    k=0,
    *,
    classifier=None,
    notes=(),
    figure=False,
    predictions=None,
    verdicts=None,
    shares=None,
    read=None,
):
    found, occlusion = surveyed(description, items, classifier), scored(items, classifier)[k]
    summary = found.summaries[k]
    return record_page(
        description,
        frame(description, summary.page, summary.title),
        summary,
        occlusion,
        alone(items, classifier)[k],
        verdicts=found.verdicts.of_record(k) if verdicts is None else verdicts,
        shapley=None if shares is OFF else shares or shared(items, classifier)[k],
        predictions=predictions or [("bag", occlusion.margin)],
        notes=notes,
        neighbours=(
            found.summaries[k - 1] if k else None,
            found.summaries[k + 1] if k + 1 < len(items) else None,
        ),
        figure=figure,
        read=read,
    )


def sampled(*values, changes=None, errors=None):
    """Shapley values as a sample of orders gives them."""
    errors = np.zeros(len(values)) if errors is None else np.array(errors)
    return Shapley(
        method="sampled",
        values=np.array(values),
        points=np.array(values) / 10 if changes is None else np.array(changes),
        errors=errors,
        pairs=8,
        subsets=np.zeros(0),
    )


def shown(page):
    return parse(RENDERER.render(page))


def rows_of(page, table="sentences"):
    """The rows of the table of sentences, the largest share first; or those of another table."""
    return shown(page).one("table", id=table).one("tbody").all("tr")


def cells_of(page, name):
    """One column of the table of sentences by its label: the text in bold of every row."""
    return [row.one("td", data_label=name).one("b").text for row in rows_of(page)]


def expert_cells_of(page, name):
    """One column of the experts' table, whose rows are in the order of the text."""
    return [row.one("td", data_label=name).text.strip() for row in rows_of(page, "log-odds")]
