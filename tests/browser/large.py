"""A site of 2,500 papers: large enough that the gallery's rows come as a script.

`write_large` makes one of another size, too, for the benchmarks.

It is written by `web.build` from the papers and the hand-made classifier of the web side's tests. Of the record pages
only each PAGES-th is rendered, the others are one line: the gallery is what is looked at. Shapes are not checked
meanwhile: they would be those of a few papers half a million times.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from jaxtyping import config

from sitegen.web.build import write_site
from sitegen.web.layout import Page as WebPage
from sitegen.web.pages.record.page import RecordPage
from sitegen.web.publish import bundles as scripts
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import writing
from tests.classifiers import WEIGHTS, Bag
from tests.sites import HOSTILE, vega_bundle
from tests.web.papers import Paper, Watcher, inputs, paper, site

SIZE = 2500
PAGES = 500
HOSTILE_AT = 7  # which paper's title, facet and sentences are markup
WORD = "quagga"  # in one abstract alone, and not in its most influential sentence
WORD_AT = 2222


def papers(size: int = SIZE, *, filler: int = 0) -> list[Paper]:
    """Papers whose probabilities spread; labels are all of one class. filler: unknown words at the end of each."""
    words, found = list(WEIGHTS), []
    for k in range(size):
        a, b, c = words[k % 6], words[k // 6 % 6], words[k // 36 % 6]
        title, facet = f"Élan {a} of paper {k}", f"subject {k % 3}"
        sentences = [f"First {b} and {c}.", "Nothing follows."]
        if k == HOSTILE_AT:
            title, facet, sentences = HOSTILE, HOSTILE, [f"{HOSTILE} good.", "Nothing <b>follows</b>."]
        if k == WORD_AT:
            sentences[1] = f"Nothing but a {WORD}."
        if filler:
            sentences.append(f"{' '.join(f'word{(k + 7 * n) % 4999}' for n in range(filler)).capitalize()}.")
        label = 1 if k % 2 else None
        found.append(paper(f"r{k:04}", title, *sentences, label=label, facets={"<b>subject</b>": facet}))
    return found


def write_large(folder: Path, size: int = SIZE, *, filler: int = 0) -> Path:
    """Write the site; its folder."""
    records = {"path": folder / "records.csv", "facets": ["<b>subject</b>"]}
    description = site(folder, records=records, classes={"positive": "good", "negative": "bad"})
    shown = {f"records/r{k:04}.html" for k in (*range(0, size, PAGES), HOSTILE_AT)}

    class Short(Renderer):
        def render(self, page: WebPage) -> str:
            skipped = isinstance(page, RecordPage) and page.frame.path not in shown
            return "<!doctype html>\n" if skipped else super().render(page)

    with pytest.MonkeyPatch.context() as patch, writing(description.output.folder, check=lambda _: []) as output:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        patch.setattr(config, "jaxtyping_disable", True)
        made = inputs(description, papers(size, filler=filler), {"bag": Bag()})
        write_site(output, made, renderer=Short(), cache=folder / "cache", workers=1, reporter=Watcher())
    return description.output.folder
