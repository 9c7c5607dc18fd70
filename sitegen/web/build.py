"""The order in which a site is written, and nothing else.

First what all pages share; then the scan, which reads every record's scores once; then, of what may be published of the
texts (release.py), the pages made from it, which are those of all routes with a module (routes.py); at last what there
is once a record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path

from sitegen.web import routes
from sitegen.web.export.files import write_corpus_files
from sitegen.web.export.inside import network_script
from sitegen.web.export.models import write_models
from sitegen.web.export.patterns import pattern_files, patterns_of
from sitegen.web.export.scripts import assignment
from sitegen.web.inputs import Reporter, SiteInputs, SiteTotals
from sitegen.web.layout import Frames, Page
from sitegen.web.pages import data, gallery, prose
from sitegen.web.pages.record.swap import swap_values
from sitegen.web.publish.announce import announce
from sitegen.web.publish.assets import write_assets
from sitegen.web.publish.estimate import note_size
from sitegen.web.publish.figures import draw_figures
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import Output, Sink
from sitegen.web.record_files import write_figures, write_records
from sitegen.web.scan import Scan, scan_records
from sitegen.web.summary import accuracy_by_standing
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.withheld import tells_words

MakePages = Callable[[SiteInputs, Scan, Frames], Iterable[Page]]
MAKERS: tuple[MakePages, ...] = tuple(
    import_module(f"sitegen.web.pages.{route.module}").pages for route in routes.ROUTES.values() if route.module
)


def write_site(
    output: Output, inputs: SiteInputs, *, renderer: Renderer, cache: Path, workers: int, reporter: Reporter
) -> SiteTotals:
    """Write every file of the site; `workers` processes draw the figures, which are kept in `cache`."""
    site, everyone = inputs.site, range(len(inputs.records))
    texts = prose.read_prose(site.pages)
    own = prose.nav_items(texts)
    write_page = partial(_write_page, output, renderer, cache=cache)

    write_assets(output, renderer, cache=cache, nouns=Nouns.of(inputs.site))
    if site.logo:
        output.write(routes.logo(site.logo.suffix), site.logo.read_bytes())
    for path, image in prose.images(site.pages).items():
        output.write(path, image.read_bytes())
    if warning := tells_words(site):
        reporter.note(warning)
    scan = scan_records(inputs, reporter=reporter)
    inputs = scan.release.inputs(inputs, [summary.record for summary in scan.summaries])
    lacking = {route.name for route in routes.ROUTES.values() if route.needs and getattr(inputs, route.needs) is None}
    frames = Frames(site=site, palette=renderer.palette, prose=own, lacking=frozenset(lacking))
    for make in MAKERS:
        for page in make(inputs, scan, frames):
            write_page(page)
    for page in prose.prose_pages(frames, texts):
        write_page(page)
    write_corpus_files(output, inputs, scan)
    write_models(output, inputs.models, note=reporter.note)
    if scan.swaps:
        output.write(routes.asset(routes.SWAPS), assignment("swaps", swap_values(scan.swaps)))
    if inputs.network and scan.likeness:
        output.write(routes.asset(routes.NETWORK), network_script(inputs.network, scan.likeness))
    for live in inputs.live or ():
        output.write(routes.asset(live.asset), live.script)
    if patterns := patterns_of(inputs):
        for path, script in pattern_files(patterns, scan):
            output.write(path, script)

    def write_each(sink: Sink, numbers: Sequence[int], reporter: Reporter | None = None) -> None:
        if site.output.figures:
            write_figures(sink, inputs, scan, frames, cache=cache, workers=workers, numbers=numbers, reporter=reporter)
        write_records(sink, inputs, scan, frames, renderer=renderer, numbers=numbers, reporter=reporter)

    if len(everyone) > gallery.SCRIPTED:
        note_size(output.bytes, len(everyone), write_each, note=reporter.note)
    write_each(output, everyone, reporter)
    write_page(data.page(inputs, frames, size=output.size))
    if site.url:
        told = [text.item for text in texts]
        announce(output, site, told, scan.summaries, palette=renderer.palette, date=inputs.date, cache=cache)
    prose.check_links(texts, output.folder)
    return _totals(inputs, scan)


def _write_page(output: Output, renderer: Renderer, page: Page, *, cache: Path) -> None:
    """Write a page, the values that its scripts read, and its static figure, which is kept in `cache`."""
    output.write(page.frame.path, renderer.render(page))
    for value in page.all_values:
        output.write(routes.asset(value.asset), assignment(value.name, value.value))
    if page.drawing:
        (svg,) = draw_figures([page.drawing.spec], cache=cache, workers=1)
        output.write(page.drawing.path, svg)


def _totals(inputs: SiteInputs, scan: Scan) -> SiteTotals:
    return SiteTotals(
        papers=len(scan.summaries),
        accuracy=accuracy_by_standing(scan.summaries, inputs.standing[inputs.first]),
        tested=sum(test.family for test in scan.verdicts.significance.classes),
        passing=int(scan.verdicts.significance.passes.sum()),
    )
