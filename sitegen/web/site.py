"""All that a site consists of, written in one pass over the records and one over their pages.

The first pass reads every record's scores once and keeps only what lists and rankings need (a Reading, the effects of
its sentences, tallies of its words); it writes the data files and the thumbnails as it goes. The second pass reads the
scores again, one record at a time, for the record pages and the figures. So memory grows with what the index shows,
not with the grids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from sitegen.analysis.influence import SentenceEffects, WordEffects, WordInfluence
from sitegen.analysis.occlusion import AdditiveGrid, Occlusion, probability
from sitegen.analysis.overview import Tally
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.web import charts, corpus, data, gallery, methods, prose, scripts, search, summaries
from sitegen.web.figures import draw_figures
from sitegen.web.frame import Frame, NavItem
from sitegen.web.notices import datatables_notices, vega_notices
from sitegen.web.output import PAGES_LIMIT, Output
from sitegen.web.reading import Confusion, Reading, read
from sitegen.web.record import record_page
from sitegen.web.render import Renderer
from sitegen.web.thumbnails import thumbnail
from sitegen.web.wording import log_odds, megabytes, percent

SAMPLE = 48  # records whose pages are rendered first, to say how big the site will be
_COMMON = ("assets/page.js",)
_TABLES = (*_COMMON, "assets/datatables.js", "assets/tables.js")
_HEATMAP = ("chart.js", "record.js", "marks.js", "tooltip.js", "heatmap.js")
_RECORD = (*_COMMON, "assets/vega.js", "assets/heatmap-spec.js", *(f"assets/{name}" for name in _HEATMAP))
_INDEX = (*_COMMON, "assets/vega.js", "assets/chart.js", "assets/histogram.js", "assets/datatables.js")
_CORPUS = (*_COMMON, *(f"assets/{name}.js" for name in ("vega", "chart", "corpus-charts", "corpus")))
_STYLES = ("theme.css", "site.css", "heatmap.css", "print.css")
_OWN = (*_STYLES, "page.js", "tables.js", "gallery.js", "corpus.js", *_HEATMAP, "icon.svg")


class Reporter(Protocol):
    """Whoever watches a run: told how far a stage is, and what a person should know at once."""

    def advance(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` steps of a stage are finished."""
        ...

    def note(self, message: str) -> None:
        """Something to be said before the run ends."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What a site is made of. `occlusions(k)` reads record k's scores, by model name in the site's order of models;
    `notes` holds what readers should know of a record, by its number."""

    site: Site
    records: Sequence[Record]
    rows: int
    treatments: tuple[methods.Treatment, ...]
    models: tuple[methods.ModelFacts, ...]
    versions: tuple[methods.Fact, ...]
    notes: Mapping[int, tuple[str, ...]]
    occlusions: Callable[[int], Mapping[str, Occlusion]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What the build report says of the papers: how many, and of the labelled how many are predicted right."""

    papers: int
    labelled: int
    right: int


def write_site(
    output: Output, material: Material, *, renderer: Renderer, cache: Path, workers: int, reporter: Reporter
) -> Summary:
    """Write every file of the site; `workers` processes draw the figures, which are kept in `cache`."""
    return _Writer(output, material, renderer, cache, workers, reporter).write()


class _Writer:
    def __init__(
        self, output: Output, material: Material, renderer: Renderer, cache: Path, workers: int, reporter: Reporter
    ) -> None:
        self.output, self.material, self.renderer = output, material, renderer
        self.cache, self.workers, self.reporter = cache, workers, reporter
        self.site = material.site
        self.prose = prose.read_prose(self.site.pages)
        self.metadata = tuple(dict.fromkeys(name for record in material.records for name in record.metadata))
        self.nav = (
            NavItem(text="Gallery", path="index.html"),
            NavItem(text="Sentences", path=summaries.sentences_path()),
            NavItem(text="Words", path="words.html"),
            NavItem(text="Corpus", path="corpus.html"),
            NavItem(text="Methods", path="methods.html"),
            NavItem(text="Data", path="data/index.html"),
            *(NavItem(text=page.title, path=page.path) for page in self.prose),
        )

    def write(self) -> Summary:
        self._assets()
        readings, effects, words, tally = self._first_pass()
        self._corpus(readings, effects, tally)
        self._estimate(readings)
        self._index(readings)
        self._summaries(readings, effects, words)
        self._texts(readings)
        if self.site.output.figures:
            self._figures(readings)
        self._records(readings)
        confusion = Confusion.of(readings)
        return Summary(papers=len(readings), labelled=confusion.total, right=confusion.right)

    def frame(self, path: str, heading: str, *, used: tuple[str, ...] = _COMMON, description: str = "") -> Frame:
        return Frame(site=self.site, path=path, heading=heading, nav=self.nav, scripts=used, description=description)

    def page(self, page: Any) -> None:
        self.output.write(page.frame.path, self.renderer.render(page))

    def _assets(self) -> None:
        for name in _OWN:
            self.output.write(f"assets/{name}", self.renderer.asset(name))
        self.output.write("assets/vega.js", self._vega())
        self.output.write("assets/datatables.js", scripts.datatables_bundle())
        self.output.write("assets/datatables.css", scripts.datatables_css())
        self.output.write("assets/heatmap-spec.js", scripts.heatmap_spec_script())
        self.output.write("assets/notices.txt", f"{vega_notices()}\n{datatables_notices()}")
        for image in prose.images(self.site.pages):
            self.output.write(image.name, image.read_bytes())

    def _vega(self) -> str:
        """Vega's script from the cache; bundling it anew takes longer than many a site's pages."""
        file = self.cache / f"vega-{version('vl-convert-python')}.js"
        if not file.is_file():
            self.cache.mkdir(parents=True, exist_ok=True)
            part = file.with_suffix(".part")
            part.write_text(scripts.vega_bundle(), encoding="utf-8")
            part.replace(file)
        return file.read_text(encoding="utf-8")

    def _first_pass(self) -> tuple[list[Reading], SentenceEffects, list[WordInfluence], Tally]:
        readings: list[Reading] = []
        words, tally = WordEffects(), Tally()
        shown = self.site.models[0].name
        total = len(self.material.records)

        def occlusions() -> Iterator[Occlusion]:
            for k, record in enumerate(self.material.records):
                all_models = self.material.occlusions(k)
                occlusion = all_models[shown]
                reading = read(record, occlusion, classes=self.site.classes)
                readings.append(reading)
                writers.add(reading, all_models)
                words.add(k, occlusion)
                tally.add(occlusion)
                self.output.write(reading.thumbnail, thumbnail(probability(occlusion.grid.margins)))
                self.reporter.advance("Reading the scores", k + 1, total)
                yield occlusion

        with (
            self.output.stream("data/records.csv") as records,
            self.output.stream("data/sentences.csv") as sentences,
            self.output.stream("data/grids.jsonl") as grids,
        ):
            writers = data.RecordWriters(
                self.site, metadata=self.metadata, records=records, sentences=sentences, grids=grids
            )
            effects = SentenceEffects.collect(occlusions())
        ranked = words.all()
        with self.output.stream("data/words.csv") as out:
            data.write_words(out, ranked)
        return readings, effects, ranked, tally

    def _estimate(self, readings: Sequence[Reading]) -> None:
        """Say how big the site will be, from a sample, where a person might want to know before it is written."""
        if len(readings) <= gallery.SCRIPTED:
            return
        step = len(readings) // SAMPLE
        chosen = [readings[k * step] for k in range(SAMPLE)]
        numbers = [k * step for k in range(SAMPLE)]
        size = sum(len(self._record(k, reading, readings).encode()) for k, reading in zip(numbers, chosen, strict=True))
        if self.site.output.figures:
            specs = (self._figure_spec(k) for k in numbers)
            size += sum(len(svg) for svg in draw_figures(specs, cache=self.cache, workers=1))
        estimate = self.output.bytes + size * len(readings) // SAMPLE
        self.reporter.note(f"The site will take about {megabytes(estimate)}.")
        if estimate > PAGES_LIMIT:
            self.reporter.note("GitHub Pages publishes at most 1 GB: set output.figures = false, or split the corpus.")

    def _index(self, readings: Sequence[Reading]) -> None:
        scripted = len(readings) > gallery.SCRIPTED
        used = (*_INDEX, *(("assets/index.js",) if scripted else ()), "assets/gallery.js")
        frame = self.frame("index.html", self.site.title, used=used, description=self.site.description)
        page = gallery.index_page(self.site, frame, readings)
        self.page(page)
        if scripted:
            self.output.write("assets/index.js", search.rows_script(gallery.rows(self.site, frame, readings)))
            for part in gallery.list_pages(self.frame, readings):
                self.page(part)
        self.output.write("assets/texts.js", search.texts_script(readings))
        labels = [reading.record.label for reading in readings] if page.has_labels else None
        spec = charts.histogram_spec(
            [reading.probability for reading in readings],
            labels=labels,
            classes=self.site.classes.names,
            threshold=self.site.classes.threshold,
        )
        self.output.write("assets/histogram.js", search.assignment("histogram", spec))

    def _summaries(self, readings: Sequence[Reading], effects: SentenceEffects, words: Sequence[WordInfluence]) -> None:
        def frame_for(path: str, heading: str) -> Frame:
            return self.frame(path, heading, used=_TABLES)

        for page in summaries.sentence_pages(self.site, frame_for, readings, effects):
            self.page(page)
        self.page(
            summaries.words_page(self.site, frame_for("words.html", "Words"), readings, words, vocabulary=len(words))
        )

    def _corpus(self, readings: Sequence[Reading], effects: SentenceEffects, tally: Tally) -> None:
        frame = self.frame("corpus.html", "Corpus", used=_CORPUS)
        page = corpus.corpus_page(self.site, frame, readings, effects, tally)
        self.page(page)
        self.output.write("assets/corpus-charts.js", search.assignment("corpusCharts", page.charts))

    def _texts(self, readings: Sequence[Reading]) -> None:
        sizes = {
            name: self.output.size(f"data/{name}")
            for name in ("records.csv", "sentences.csv", "words.csv", "grids.jsonl")
        }
        frame = self.frame("data/index.html", "Data")
        self.page(data.data_page(self.site, frame, metadata=self.metadata, sizes=sizes))
        frame = self.frame("methods.html", "Methods")
        self.page(
            methods.methods_page(
                self.site,
                frame,
                models=self.material.models,
                rows=self.material.rows,
                records=len(readings),
                treatments=self.material.treatments,
                versions=self.material.versions,
                example=self._example(frame, readings),
            )
        )
        for page in prose.prose_pages(self.frame, self.prose):
            self.page(page)
        self.page(methods.NotFoundPage(frame=self.frame("404.html", "Not found"), home=self.site.url))

    def _example(self, frame: Frame, readings: Sequence[Reading]) -> methods.Example | None:
        """The arithmetic of the record that is nearest to the threshold: there every part can be seen to matter."""
        if not readings:
            return None
        threshold = self.site.classes.threshold
        k = min(range(len(readings)), key=lambda n: abs(readings[n].probability - threshold))
        occlusion = self.material.occlusions(k)[self.site.models[0].name]
        grid = occlusion.grid
        if not isinstance(grid, AdditiveGrid):
            return None
        return methods.Example(
            title=readings[k].title,
            href=frame.to(readings[k].page),
            title_part=log_odds(float(grid.title[-1])),
            abstract_part=log_odds(float(grid.abstract[-1])),
            bias=log_odds(grid.bias),
            margin=log_odds(occlusion.margin),
            percent=percent(occlusion.probability),
        )

    def _figure_spec(self, k: int) -> dict[str, Any]:
        occlusion = self.material.occlusions(k)[self.site.models[0].name]
        document, ends = occlusion.document, occlusion.document.abstract.sentence_ends
        cells = probability(occlusion.grid.margins)
        return charts.sentence_figure_spec(
            cells[:, ends - 1] if ends.size else cells[:, :1],
            title=[document.title.text[a:b] for a, b in document.title.spans.tolist()],
            sentences=int(ends.size),
            classes=self.site.classes.names,
        )

    def _figures(self, readings: Sequence[Reading]) -> None:
        total, done = len(readings), 0

        def advance(n: int) -> None:
            nonlocal done
            done += n
            self.reporter.advance("Drawing the figures", done, total)

        specs = (self._figure_spec(k) for k in range(total))
        drawn = draw_figures(specs, cache=self.cache, workers=self.workers, progress=advance)
        for reading, svg in zip(readings, drawn, strict=True):
            self.output.write(reading.figure, svg)

    def _record(self, k: int, reading: Reading, readings: Sequence[Reading]) -> str:
        occlusions = self.material.occlusions(k)
        shown = occlusions[self.site.models[0].name]
        page = record_page(
            self.site,
            self.frame(reading.page, reading.title, used=_RECORD),
            reading,
            shown,
            predictions=[(name, occlusion.margin) for name, occlusion in occlusions.items()],
            notes=self.material.notes.get(k, ()),
            neighbours=(readings[k - 1] if k else None, readings[k + 1] if k + 1 < len(readings) else None),
            figure=self.site.output.figures,
        )
        return self.renderer.render(page)

    def _records(self, readings: Sequence[Reading]) -> None:
        for k, reading in enumerate(readings):
            self.output.write(reading.page, self._record(k, reading, readings))
            self.reporter.advance("Writing the pages", k + 1, len(readings))
