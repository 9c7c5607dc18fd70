"""The cost of a site of 800 papers beyond scoring, and of building it a second time.

The papers are the demo's, each several times over with a sentence of another one at its end, so that no two texts are
the same. They are scored once; that time is shown, without a goal. Made-up Shapley values are put into the store, and
faithfulness is turned off, because computing them belongs to scoring. Then, in this process, with an empty cache:

*everything but scoring*   reading records and scores and writing the site, Vega's script and the link check included;
                           with figures, two processes draw them.
*read alone*               a batch of papers, every sentence and word by itself, beside their occlusion.
*second build*             the whole command in a process of its own, nothing changed.
*one record changed*       its title, then its abstract. A sentence's p and q come from all sentences of the corpus, so
                           a changed abstract may change the q on pages of other papers: these are counted apart.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.analysis.store.store import Store
from sitegen.config import Site, load_site
from sitegen.corpus.records import read_records
from sitegen.corpus.segment import segment
from sitegen.models.registry import describe, load
from sitegen.models.source import source_of
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.keys import text_keys
from sitegen.web.inputs import Silent
from tests.benchmarks.rows import Row, at_most, best, measured

CONTENT = Path(__file__).resolve().parents[2] / "content"
PAPERS = 800
BATCH = 32  # papers that are read together, as site.toml has it where it says nothing


def timed(work, *arguments, **options):
    """How many seconds `work` takes, and its result."""
    start = time.perf_counter()
    result = work(*arguments, reporter=Silent(), **options)
    return time.perf_counter() - start, result


def write_papers(folder: Path, *, title: str = "", abstract: str = "") -> None:
    """Write 800 papers to records.csv; title, abstract: text to add to those of the paper in the middle."""
    with (CONTENT / "records.csv").open(encoding="utf-8", newline="") as stream:
        papers = list(csv.DictReader(stream))
    with (folder / "records.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(papers[0]))
        writer.writeheader()
        for k in range(PAPERS):
            paper, other = papers[k % len(papers)], papers[(7 * k + k // len(papers)) % len(papers)]
            last = other["abstract"].rsplit(". ", 1)[-1]
            changed = {"id": f"{paper['id']}-{k}", "abstract": f"{paper['abstract']} {last}"}
            if k == PAPERS // 2:
                changed["title"] = paper["title"] + title
                changed["abstract"] += abstract
            writer.writerow({**paper, **changed})


def site(folder: Path, *, figures: bool) -> Site:
    """The demo's site.toml for the 800 papers in `folder`, by its network alone, without Shapley values and
    faithfulness."""
    text = (CONTENT / "site.toml").read_text(encoding="utf-8")
    text = re.sub(r"\[\[models\]\] #.*?(?=\n\[live\])", "", text, flags=re.DOTALL)  # its second model
    text = re.sub(r'pages = "pages"\nnav = \[.*?\n\]\n', "", text, flags=re.DOTALL)
    text = text.replace('path = "model"', f'path = "{CONTENT / "model"}"')
    text = text.replace('folder = "../_site"', f'folder = "_site"\nfigures = {str(figures).lower()}')
    text = text.replace('cache = "../.sitegen"', 'cache = "cache"')
    (folder / "site.toml").write_text(f'{text}\n[occlusion]\nshapley = "off"\n[faithfulness]\nrecords = 0\n')
    return load_site(folder / "site.toml")


def write_shapley_values(described: Site) -> None:
    """Put made-up Shapley values into the store, such as sampling might give."""
    records = read_records(described.records, classes=described.classes, skip_invalid=False).records
    description = describe(described.models[0].path)
    with Store.open(pipeline.store_path(described), create=False) as store:
        for key, record in text_keys(
            described, source_of(described, described.models[0]), description, records
        ).texts.items():
            effects = store.read(key, title=record.title, abstract=record.abstract).sentences
            values = Shapley(
                method="sampled",
                values=2 * effects,
                points=effects / 4,
                errors=np.abs(effects) / 10,
                pairs=16,
                subsets=np.zeros(0),
            )
            store.write_shapley([(key, values)])


def read_alone_row(described: Site) -> Row:
    """What it adds to an occlusion to read every sentence and word alone, shares not counted."""
    classifier = load(described.models[0].path)
    records = read_records(described.records, classes=described.classes, skip_invalid=False).records[:BATCH]
    documents = [segment(record.title, record.abstract, classifier.segmentation) for record in records]
    alone, occlusion = best(lambda: read_alone(documents, classifier), lambda: occlude(documents, classifier))
    return at_most(
        "sentences and words read alone: time of scoring with them over without",
        unit="s/record",
        ours=alone / BATCH,
        other=occlusion / BATCH,
        ratio=(alone + occlusion) / occlusion,
        goal=1.15,
    )


def times(folder: Path) -> dict[str, int]:
    """For each file of the site, when it was written, in nanoseconds."""
    return {
        path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()
    }


def rewritten(described: Site) -> tuple[int, int]:
    """Build again; return how many records were scored and how many record pages were written."""
    before = times(described.output.folder)
    scores, _ = pipeline.build(described, reporter=Silent())
    after = times(described.output.folder)
    pages = [name for name in after if name.startswith("records/") and name.endswith(".html")]
    return scores.scored, sum(after[name] != before.get(name) for name in pages)


def rows() -> Iterator[Row]:
    """Score, build, change a record, and build again."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        write_papers(folder)
        plain = site(folder, figures=False)
        scoring_time, _ = timed(pipeline.score, plain)
        yield measured(f"scoring {PAPERS} papers", unit="s/record", ours=scoring_time / PAPERS)
        yield read_alone_row(plain)
        write_shapley_values(plain)
        stored_scores = folder / "scores"
        stored_scores.mkdir()
        shutil.copy(pipeline.store_path(plain), stored_scores)
        for figures, goal in ((False, 0.015), (True, 0.060)):
            shutil.rmtree(plain.output.cache)
            shutil.rmtree(plain.output.folder, ignore_errors=True)
            shutil.copytree(stored_scores, plain.output.cache)
            described = site(folder, figures=figures)
            spent, _ = timed(pipeline.build, described)
            name = f"build of {PAPERS} papers but for scoring, {'with' if figures else 'without'} figures"
            each = spent / PAPERS
            yield at_most(name, unit="s/record", ours=each, other=None, ratio=each, goal=goal)
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sitegen", "build", str(described.file)], check=True, stdout=subprocess.DEVNULL
        )
        spent = time.perf_counter() - start
        yield at_most("second build, nothing changed", unit="s", ours=spent, other=None, ratio=spent, goal=3)
        write_papers(folder, title=" revisited")
        scored, pages = rewritten(described)
        yield at_most(
            "one title changed: records scored", unit="records", ours=scored, other=None, ratio=scored, goal=1
        )
        name = "one title changed: record pages rewritten, its own and its neighbours'"
        yield at_most(name, unit="pages", ours=pages, other=None, ratio=pages, goal=3)
        write_papers(folder, title=" revisited", abstract=" Nothing else was found.")
        scored, pages = rewritten(described)
        name = "one abstract changed: records scored"
        yield at_most(name, unit="records", ours=scored, other=None, ratio=scored, goal=1)
        yield measured(
            "one abstract changed: record pages rewritten, those with another q included", unit="pages", ours=pages
        )
