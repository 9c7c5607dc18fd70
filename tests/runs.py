"""Runs of the pipeline over a site, and what they left: its stored scores, the data of its pages, its tables."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.models.registry import describe
from sitegen.models.source import source_of
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.keys import text_keys
from tests.sites import Recorder


def score(site: Site, **options: bool) -> pipeline.ScoreReport:
    return pipeline.score(site, reporter=Recorder(), **options)


def render(site: Site) -> pipeline.RenderReport:
    return pipeline.render(site, reporter=Recorder())


@dataclass(frozen=True)
class Built:
    """A site that was built, and the reports of it."""

    site: Site
    scores: pipeline.ScoreReport
    report: pipeline.RenderReport


def build(site: Site) -> Built:
    scores, report = pipeline.build(site, reporter=Recorder())
    return Built(site, scores, report)


def occlusions(site: Site) -> dict[str, Occlusion]:
    """The stored scores by the text of the record: the first model's."""
    source = source_of(site, site.models[0])
    description = describe(source)
    found = {}
    with Store.open(pipeline.store_path(site), create=False) as store:
        records = score(site).collection.records
        keys = text_keys(site, source, description, records)
        for key, record in zip(keys.of_record, records, strict=True):
            found[record.title + record.abstract] = store.read(key, title=record.title, abstract=record.abstract)
    return found


def page(site: Site, name: str) -> str:
    """A file of a built site."""
    return (site.output.folder / name).read_text(encoding="utf-8")


def data(site: Site, name: str) -> Any:
    """A JSON file of its data folder."""
    return json.loads(page(site, f"data/{name}"))


def page_data(site: Site, name: str) -> dict[str, object]:
    """The data that a record's page carries for its first figure, read as a browser does."""

    class Reader(HTMLParser):
        inside = False
        text = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.inside = tag == "script" and ("data-part", "data") in attrs and not self.text

        def handle_endtag(self, tag: str) -> None:
            self.inside = False

        def handle_data(self, data: str) -> None:
            self.text += data if self.inside else ""

    reader = Reader()
    reader.feed(page(site, name))
    found: dict[str, object] = json.loads(reader.text)
    return found


def table(site: Site, name: str) -> list[dict[str, str]]:
    with (site.output.folder / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def grids(site: Site) -> dict[tuple[str, str], dict]:
    lines = (site.output.folder / "data" / "grids.jsonl").read_text(encoding="utf-8").splitlines()
    return {(grid["id"], grid["model"]): grid for grid in map(json.loads, lines)}


def methods(site: Site) -> str:
    return (site.output.folder / "methods.html").read_text(encoding="utf-8")
