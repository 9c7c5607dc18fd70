"""All that a site consists of, written in one pass over the records and one over their pages.

The first pass reads every record's scores once and keeps only what lists and rankings need (a RecordSummary, the
effects of its sentences, tallies of its words); it writes the data files and the thumbnails as it goes. The second pass
reads the scores again, one record at a time, for the record pages and the figures. So memory grows with what the index
shows, not with the grids.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion, probability
from sitegen.web.charts.heatmap import sentence_figure_spec
from sitegen.web.charts.histogram import histogram_spec
from sitegen.web.export import search
from sitegen.web.export import tables as data
from sitegen.web.inputs import Reporter, SiteInputs, Summary
from sitegen.web.layout import Frame, NavItem
from sitegen.web.pages import gallery, methods, prose, sentences, words
from sitegen.web.pages.corpus import page as corpus
from sitegen.web.pages.faithfulness.page import faithfulness_json, faithfulness_page
from sitegen.web.pages.record.page import record_page
from sitegen.web.pages.significance.data import significance_json
from sitegen.web.pages.significance.page import significance_page
from sitegen.web.publish import bundles as scripts
from sitegen.web.publish.figures import draw_figures
from sitegen.web.publish.notices import datatables_notices, vega_notices
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import PAGES_LIMIT, Output
from sitegen.web.scan import Scan, scan_records
from sitegen.web.summary import Confusion, RecordSummary
from sitegen.web.text.numbers import RULES, log_odds, megabytes, percent

SAMPLE = 48  # records whose pages are rendered first, to say how big the site will be
_COMMON = ("assets/page.js",)
_TABLES = (*_COMMON, "assets/datatables.js", "assets/limit.js", "assets/tables.js")
_HEATMAP = ("chart.js", "record.js", "marks.js", "numbers.js", "tooltip.js", "heatmap.js")
_RECORD = (
    *_COMMON,
    *(f"assets/{name}" for name in ("constants.js", "vega.js", "heatmap-spec.js", *_HEATMAP, "limit.js")),
)
_INDEX = (
    *_COMMON,
    "assets/vega.js",
    "assets/chart.js",
    "assets/histogram.js",
    "assets/datatables.js",
    "assets/constants.js",
)
_STYLES = ("theme.css", "site.css", "heatmap.css", "print.css")
_OWN = (*_STYLES, "page.js", "limit.js", "tables.js", "gallery.js", "charts.js", *_HEATMAP, "icon.svg")


def _charts(name: str) -> tuple[str, ...]:
    """The scripts of a page of charts."""
    return (*_COMMON, *(f"assets/{part}.js" for part in ("vega", "chart", f"{name}-charts", "charts")))


def write_site(
    output: Output, inputs: SiteInputs, *, renderer: Renderer, cache: Path, workers: int, reporter: Reporter
) -> Summary:
    """Write every file of the site; `workers` processes draw the figures, which are kept in `cache`."""
    return _Writer(output, inputs, renderer, cache, workers, reporter).write()


class _Writer:
    def __init__(
        self, output: Output, inputs: SiteInputs, renderer: Renderer, cache: Path, workers: int, reporter: Reporter
    ) -> None:
        self.output, self.inputs, self.renderer = output, inputs, renderer
        self.cache, self.workers, self.reporter = cache, workers, reporter
        self.site = inputs.site
        self.prose = prose.read_prose(self.site.pages)
        self.metadata = tuple(dict.fromkeys(name for record in inputs.records for name in record.metadata))
        self.nav = (
            NavItem(text="Gallery", path="index.html"),
            NavItem(text="Sentences", path=sentences.sentences_path()),
            NavItem(text="Words", path="words.html"),
            NavItem(text="Corpus", path="corpus.html"),
            NavItem(text="Chance", path="significance.html"),
            NavItem(text="Truth", path="faithfulness.html"),
            NavItem(text="Methods", path="methods.html"),
            NavItem(text="Data", path="data/index.html"),
            *(NavItem(text=page.title, path=page.path) for page in self.prose),
        )

    def write(self) -> Summary:
        self._assets()
        scan = scan_records(
            self.output, self.inputs, metadata=self.metadata, palette=self.renderer.palette, reporter=self.reporter
        )
        summaries = scan.summaries
        self._index(summaries)
        self._summaries(scan)
        self._corpus(scan)
        self._significance(scan)
        self._faithfulness()
        self._estimate(scan)
        if self.site.output.figures:
            self._figures(summaries)
        self._records(scan)
        self._texts(summaries)
        confusion = Confusion.of(summaries)
        return Summary(
            papers=len(summaries),
            labelled=confusion.total,
            right=confusion.right,
            sentences=scan.effects.record.size,
            distinguishable=int(scan.verdicts.significance.distinguishable.sum()),
        )

    def frame(self, path: str, heading: str, *, used: tuple[str, ...] = _COMMON, description: str = "") -> Frame:
        return Frame(
            site=self.site,
            palette=self.renderer.palette,
            path=path,
            heading=heading,
            nav=self.nav,
            scripts=used,
            description=description,
        )

    def page(self, page: Any) -> None:
        self.output.write(page.frame.path, self.renderer.render(page))

    def _assets(self) -> None:
        for name in _OWN:
            self.output.write(f"assets/{name}", self.renderer.asset(name))
        vega = self._bundle("vega", of="vl-convert-python", make=scripts.vega_bundle)
        datatables = self._bundle("datatables", of="itables", make=scripts.datatables_bundle)
        self.output.write("assets/vega.js", vega)
        self.output.write("assets/datatables.js", datatables)
        self.output.write("assets/datatables.css", scripts.datatables_css())
        self.output.write("assets/heatmap-spec.js", scripts.heatmap_spec_script(self.renderer.palette))
        self.output.write("assets/constants.js", search.assignment("constants", RULES))
        self.output.write("assets/notices.txt", f"{vega_notices()}\n{datatables_notices()}")
        for image in prose.images(self.site.pages):
            self.output.write(image.name, image.read_bytes())

    def _bundle(self, name: str, *, of: str, make: Callable[[], str]) -> str:
        """A script made of the package `of`, from the cache: making it takes longer than many a site's pages."""
        file = self.cache / f"{name}-{version(of)}.js"
        if not file.is_file():
            self.cache.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_text(make(), encoding="utf-8")
            part.replace(file)
        return file.read_text(encoding="utf-8")

    def _estimate(self, scan: Scan) -> None:
        """Say how big the site will be, from a sample, before what takes most of the time and place is written."""
        summaries = scan.summaries
        if len(summaries) <= gallery.SCRIPTED:
            return
        step = len(summaries) // SAMPLE
        numbers = [k * step for k in range(SAMPLE)]
        table = io.StringIO(newline="")
        writer = data.SentenceWriter(table, verdicts=scan.verdicts, repeats=scan.repeats)
        size = 0
        for k in numbers:
            occlusions = self.inputs.occlusions(k)
            size += len(self._record(k, scan, occlusions).encode())
            writer.add(k, summaries[k].record, occlusions, self.inputs.extras(k).shapley)
        size += len(table.getvalue().encode())
        if self.site.output.figures:
            specs = (self._figure_spec(k) for k in numbers)
            size += sum(len(svg) for svg in draw_figures(specs, cache=self.cache, workers=1))
        estimate = self.output.bytes + size * len(summaries) // SAMPLE
        self.reporter.note(f"The site will take about {megabytes(estimate)}.")
        if estimate > PAGES_LIMIT:
            self.reporter.note("GitHub Pages publishes at most 1 GB: set output.figures = false, or split the corpus.")

    def _index(self, summaries: Sequence[RecordSummary]) -> None:
        scripted = len(summaries) > gallery.SCRIPTED
        used = (*_INDEX, *(("assets/index.js",) if scripted else ()), "assets/gallery.js")
        frame = self.frame("index.html", self.site.title, used=used, description=self.site.description)
        page = gallery.index_page(self.site, frame, summaries)
        self.page(page)
        if scripted:
            self.output.write("assets/index.js", search.rows_script(gallery.rows(self.site, frame, summaries)))
            for part in gallery.list_pages(self.frame, summaries):
                self.page(part)
        self.output.write("assets/texts.js", search.texts_script(summaries))
        labels = [summary.record.label for summary in summaries] if page.has_labels else None
        spec = histogram_spec(
            [summary.probability for summary in summaries],
            labels=labels,
            classes=self.site.classes.names,
            palette=self.renderer.palette,
            threshold=self.site.classes.threshold,
        )
        self.output.write("assets/histogram.js", search.assignment("histogram", spec))

    def _summaries(self, scan: Scan) -> None:
        def frame_for(path: str, heading: str) -> Frame:
            return self.frame(path, heading, used=_TABLES)

        for page in sentences.sentence_pages(self.site, frame_for, scan):
            self.page(page)
        frame = frame_for("words.html", "Words")
        self.page(words.words_page(self.site, frame, scan.summaries, scan.words, vocabulary=len(scan.words)))

    def _corpus(self, scan: Scan) -> None:
        frame = self.frame("corpus.html", "Corpus", used=_charts("corpus"))
        self._charted(corpus.corpus_page(self.site, frame, scan.summaries, scan.effects, scan.tally), "corpus")

    def _significance(self, scan: Scan) -> None:
        frame = self.frame("significance.html", "How big must a change be to matter?", used=_charts("significance"))
        significance, evidence = scan.verdicts.significance, scan.verdicts.evidence
        page = significance_page(
            self.site,
            frame,
            significance=significance,
            evidence=evidence,
            effects=scan.effects,
            summaries=scan.summaries,
        )
        self._charted(page, "significance")
        told = significance_json(self.site, significance=significance, evidence=evidence)
        self.output.write("data/significance.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")

    def _faithfulness(self) -> None:
        frame = self.frame("faithfulness.html", "Do these pictures tell the truth?", used=_charts("faithfulness"))
        self._charted(faithfulness_page(self.site, frame, self.inputs.faithfulness), "faithfulness")
        told = faithfulness_json(self.inputs.faithfulness)
        self.output.write("data/faithfulness.json", json.dumps(told, indent=1, ensure_ascii=False) + "\n")

    def _charted(self, page: Any, name: str) -> None:
        """Write a page and the specifications of its charts."""
        self.page(page)
        self.output.write(f"assets/{name}-charts.js", search.assignment("charts", page.charts))

    def _texts(self, summaries: Sequence[RecordSummary]) -> None:
        sizes = {name: self.output.size(f"data/{name}") for name in data.FILES}
        frame = self.frame("data/index.html", "Data")
        self.page(data.data_page(self.site, frame, metadata=self.metadata, sizes=sizes))
        frame = self.frame("methods.html", "Methods")
        self.page(
            methods.methods_page(
                self.site,
                frame,
                models=self.inputs.models,
                rows=self.inputs.rows,
                records=len(summaries),
                treatments=self.inputs.treatments,
                versions=self.inputs.versions,
                example=self._example(frame, summaries),
            )
        )
        for page in prose.prose_pages(self.frame, self.prose):
            self.page(page)
        self.page(methods.NotFoundPage(frame=self.frame("404.html", "Not found"), home=self.site.url))

    def _example(self, frame: Frame, summaries: Sequence[RecordSummary]) -> methods.Example | None:
        """The arithmetic of the record that is nearest to the threshold: there every part can be seen to matter."""
        if not summaries:
            return None
        threshold = self.site.classes.threshold
        k = min(range(len(summaries)), key=lambda n: abs(summaries[n].probability - threshold))
        occlusion = self.inputs.occlusions(k)[self.site.models[0].name]
        grid = occlusion.grid
        if not isinstance(grid, AdditiveGrid):
            return None
        return methods.Example(
            title=summaries[k].title,
            href=frame.to(summaries[k].page),
            title_part=log_odds(float(grid.title[-1])),
            abstract_part=log_odds(float(grid.abstract[-1])),
            bias=log_odds(grid.bias),
            margin=log_odds(occlusion.margin),
            percent=percent(occlusion.probability),
        )

    def _figure_spec(self, k: int) -> dict[str, Any]:
        occlusion = self.inputs.occlusions(k)[self.site.models[0].name]
        document, ends = occlusion.document, occlusion.document.abstract.sentence_ends
        cells = probability(occlusion.grid.margins)
        return sentence_figure_spec(
            cells[:, ends - 1] if ends.size else cells[:, :1],
            title=[document.title.text[a:b] for a, b in document.title.spans.tolist()],
            sentences=int(ends.size),
            classes=self.site.classes.names,
            palette=self.renderer.palette,
        )

    def _figures(self, summaries: Sequence[RecordSummary]) -> None:
        total, done = len(summaries), 0

        def advance(n: int) -> None:
            nonlocal done
            done += n
            self.reporter.advance("Drawing the figures", done, total)

        specs = (self._figure_spec(k) for k in range(total))
        drawn = draw_figures(specs, cache=self.cache, workers=self.workers, progress=advance)
        for summary, svg in zip(summaries, drawn, strict=True):
            self.output.write(summary.figure, svg)

    def _record(self, k: int, scan: Scan, occlusions: Mapping[str, Occlusion]) -> str:
        summaries, shown = scan.summaries, occlusions[self.site.models[0].name]
        page = record_page(
            self.site,
            self.frame(summaries[k].page, summaries[k].title, used=_RECORD),
            summaries[k],
            shown,
            verdicts=scan.verdicts.of_record(k),
            shapley=self.inputs.extras(k).shapley,
            predictions=[(name, occlusion.margin) for name, occlusion in occlusions.items()],
            notes=self.inputs.notes.get(k, ()),
            neighbours=(summaries[k - 1] if k else None, summaries[k + 1] if k + 1 < len(summaries) else None),
            figure=self.site.output.figures,
        )
        return self.renderer.render(page)

    def _records(self, scan: Scan) -> None:
        total = len(scan.summaries)
        with self.output.stream("data/sentences.csv") as out:
            writer = data.SentenceWriter(out, verdicts=scan.verdicts, repeats=scan.repeats)
            for k, summary in enumerate(scan.summaries):
                occlusions = self.inputs.occlusions(k)
                writer.add(k, summary.record, occlusions, self.inputs.extras(k).shapley)
                self.output.write(summary.page, self._record(k, scan, occlusions))
                self.reporter.advance("Writing the pages", k + 1, total)
