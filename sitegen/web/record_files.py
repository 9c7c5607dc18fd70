"""The second pass over a site's records: what it has once a record, written while that record's scores are in memory.

That is the record's page, its thumbnail, its static figure, its rows in the data files, and its states inside the
network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.corpus.arrays import Array
from sitegen.web.charts.style import Palette
from sitegen.web.export.columns import ScoredRecord
from sitegen.web.export.files import record_tables
from sitegen.web.export.inside import inside_files
from sitegen.web.inputs import RecordExtras, Reporter, SiteInputs
from sitegen.web.layout import Frame, Frames
from sitegen.web.pages.record.inside import inside_fold
from sitegen.web.pages.record.models import Beside, Read, beside
from sitegen.web.pages.record.page import RecordPage, record_page
from sitegen.web.pages.record.static import record_figure
from sitegen.web.pages.record.swap import swap_fold
from sitegen.web.publish.figures import draw_figures
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import Sink
from sitegen.web.publish.thumbnails import thumbnail
from sitegen.web.scan import Scan
from sitegen.web.text.asked import not_asked
from sitegen.web.text.nouns import Nouns


def write_records(
    sink: Sink,
    inputs: SiteInputs,
    scan: Scan,
    frames: Frames,
    *,
    renderer: Renderer,
    numbers: Sequence[int],
    reporter: Reporter | None = None,
) -> None:
    """Write the pages, the thumbnails and the rows of the records of these numbers."""
    verdicts = scan.verdicts_by
    with record_tables(sink, inputs) as add_rows:
        for done, k in enumerate(numbers, 1):
            summary, occlusions, extras = scan.summaries[k], inputs.occlusions(k), inputs.extras(k)
            alone = inputs.alone(k)
            page = page_of(inputs, scan, frames, k, occlusions=occlusions, alone=alone, extras=extras)
            sink.write(summary.page, renderer.render(page))
            shown, pieces = occlusions[inputs.first], alone[inputs.first]
            sink.write(summary.thumbnail, thumbnail(_cells(shown, pieces), palette=frames.palette))
            for path, content in _inside(inputs, scan, k, shown, palette=frames.palette):
                sink.write(path, content)
            add_rows(
                ScoredRecord(
                    number=k,
                    summary=summary,
                    occlusions=occlusions,
                    alone=alone,
                    shares={model: one.shapley for model, one in extras.items()},
                    verdicts=verdicts,
                    repeats=scan.repeats,
                )
            )
            if reporter:
                reporter.advance("Writing the pages", done, len(numbers))


def write_figures(
    sink: Sink,
    inputs: SiteInputs,
    scan: Scan,
    frames: Frames,
    *,
    cache: Path,
    workers: int,
    numbers: Sequence[int],
    reporter: Reporter | None = None,
) -> None:
    """Write the static figures of those of these records that have one: `workers` processes draw what `cache` lacks."""
    drawn = [k for k in numbers if inputs.occlusions(k)[inputs.first].drawn]
    specs = (_figure_spec(inputs, scan, frames, k) for k in drawn)
    for done, (k, svg) in enumerate(zip(drawn, draw_figures(specs, cache=cache, workers=workers), strict=True), 1):
        sink.write(scan.summaries[k].figure, svg)
        if reporter:
            reporter.advance("Drawing the figures", done, len(drawn))


def page_of(
    inputs: SiteInputs,
    scan: Scan,
    frames: Frames,
    k: int,
    *,
    occlusions: Mapping[str, Occlusion],
    alone: Mapping[str, ReadAlone],
    extras: Mapping[str, RecordExtras],
) -> RecordPage:
    """The page of record k. occlusions, alone, extras: by model name."""
    site, summaries = inputs.site, scan.summaries
    summary, occlusion, more = summaries[k], occlusions[inputs.first], extras[inputs.first]
    frame = frames("record", summary.title, summary.name)
    return record_page(
        site,
        frame,
        summary,
        occlusion,
        alone[inputs.first],
        verdicts=scan.verdicts.of_record(k),
        shapley=more.shapley,
        untitled=more.untitled,
        predictions=[(name, occlusion.margin) for name, occlusion in occlusions.items()],
        notes=inputs.notes.get(k, ()),
        neighbours=(summaries[k - 1] if k else None, summaries[k + 1] if k + 1 < len(summaries) else None),
        figure=site.output.figures and occlusion.drawn,
        not_asked=not_asked(occlusion, inputs.plan),
        inside=inside_fold(
            inputs.network, scan.likeness, k, occlusion=occlusion, frame=frame, name=summary.name, classes=site.classes
        ),
        facets=scan.facets,
        beside=_beside(inputs, scan, frame, k, occlusions=occlusions, alone=alone, extras=extras),
        read=inputs.read.get(k),
        swap=swap_fold(scan.swaps, k, frame=frame),
    )


def _beside(
    inputs: SiteInputs,
    scan: Scan,
    frame: Frame,
    k: int,
    *,
    occlusions: Mapping[str, Occlusion],
    alone: Mapping[str, ReadAlone],
    extras: Mapping[str, RecordExtras],
) -> list[Beside]:
    """The site's other models that read record k."""
    first, *others = (
        Read(
            occlusion=occlusions[one.model],
            alone=alone[one.model],
            shapley=extras[one.model].shapley,
            verdicts=one.verdicts.of_record(k),
            untitled=extras[one.model].untitled,
        )
        if one.model in occlusions
        else None
        for one in scan.models
    )
    assert first is not None
    return [
        beside(inputs.site, frame, summary, model=model.model, first=first, other=other)
        for model, other in zip(scan.models[1:], others, strict=True)
        if other is not None and (summary := model.summaries[k]) is not None
    ]


def _cells(occlusion: Occlusion, alone: ReadAlone) -> Array:
    """The probabilities that a thumbnail shows: the grid; where it is not known, the path of the answer."""
    path = [margin for margin in (alone.title, occlusion.margin) if not np.isnan(margin)]
    cells: Array = probability(occlusion.cells if occlusion.drawn else np.array([path]))
    return cells


def _inside(
    inputs: SiteInputs, scan: Scan, k: int, occlusion: Occlusion, *, palette: Palette
) -> Iterable[tuple[str, str | bytes]]:
    if inputs.network is None or scan.likeness is None:
        return ()
    name = scan.summaries[k].name
    return inside_files(inputs.network, scan.likeness, k, name=name, occlusion=occlusion, palette=palette)


def _figure_spec(inputs: SiteInputs, scan: Scan, frames: Frames, k: int) -> dict[str, Any]:
    site, model = inputs.site, inputs.first
    return record_figure(
        inputs.occlusions(k)[model],
        inputs.alone(k)[model],
        inputs.extras(k)[model].shapley,
        symbols=[verdict.symbol for verdict in scan.verdicts.of_record(k)],
        classes=site.classes.names,
        threshold=site.classes.threshold,
        source=f"{model}, {site.title}",
        heading=scan.summaries[k].title,
        nouns=Nouns.of(site),
        palette=frames.palette,
    )
