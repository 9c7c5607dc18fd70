"""A real transformer, with a head that was trained on real papers, from its folder to the pages."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from sitegen.config import Site
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.rescore import rescore
from tests.models.adapters import minilm
from tests.models.adapters.transformer_folders import logits
from tests.runs import grids, page
from tests.sites import NEGATIVE, POSITIVE, Recorder, make_site

pytestmark = [
    pytest.mark.skipif(bool(minilm.lacking()), reason=minilm.lacking()),
    pytest.mark.usefixtures("quick_bundles"),
]
LINES = f'name = "MiniLM"\nkind = "transformers"\npath = "minilm"\npieces = {minilm.PIECES}\n'
Paper = Mapping[str, str]


def cheap(rows: Sequence[Paper]) -> list[Paper]:
    """Those first whose prefix grids are the smallest; without titles of one word, which are notices."""
    kept = [row for row in rows if len(row["title"].split()) > 1 and len(row["abstract"].split()) > 15]
    return sorted(kept, key=lambda row: len(row["title"].split()) * len(row["abstract"].split()))


def built(folder: Path, *, learned: Sequence[Paper], shown: Sequence[Paper]) -> Site:
    minilm.trained(folder / "minilm", learned)
    records = [
        {
            "id": f"p{k}",
            "title": row["title"],
            "abstract": row["abstract"],
            "label": POSITIVE if row["class"] == "1" else NEGATIVE,
        }
        for k, row in enumerate(shown)
    ]
    site = make_site(folder, foreign=LINES, records=records, facets=False)
    pipeline.build(site, reporter=Recorder())
    return site


def check(site: Site, shown: Sequence[Paper]) -> None:
    texts = [(row["title"], row["abstract"]) for row in shown]
    answers = logits(site.folder / "minilm", texts, max_length=minilm.PIECES)
    margins = [grids(site)[f"p{k}", "MiniLM"]["margin"] for k in range(len(shown))]
    np.testing.assert_allclose(margins, answers[:, 1] - answers[:, 0], atol=1e-4)
    said = page(site, "methods.html")
    assert "a transformer for sequence classification, Bert" in said
    assert "22,713,986 parameters" in said
    assert "30,522 pieces of words" in said
    assert rescore(site.output.folder, count=1, model=site.folder / "minilm").agrees


@pytest.mark.slow
def test_a_site_of_a_few_papers(tmp_path: Path) -> None:
    rows = cheap(minilm.papers())
    shown = [*rows[:2], next(row for row in rows[2:] if row["class"] != rows[0]["class"])]
    site = built(tmp_path, learned=[row for row in rows[4:64] if row not in shown], shown=shown)
    check(site, shown)


@pytest.mark.nightly
def test_a_site_of_a_hundred_papers_that_it_tells_apart(tmp_path: Path) -> None:
    rows = minilm.papers()
    learned, others = rows[:300], rows[300:]
    known = {row["title"].casefold() for row in learned}
    short = [{**row, "abstract": ". ".join(row["abstract"].split(". ")[:2])} for row in others]
    fresh = cheap([row for row in short if row["title"].casefold() not in known])
    shown = [row for label in "01" for row in [one for one in fresh if one["class"] == label][:50]]
    site = built(tmp_path, learned=learned, shown=shown)
    check(site, shown)
    right = [(grids(site)[f"p{k}", "MiniLM"]["margin"] > 0) == (row["class"] == "1") for k, row in enumerate(shown)]
    assert sum(right) > 50 + 5 * math.sqrt(100 / 4)  # five standard errors above guessing
