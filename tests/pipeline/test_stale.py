"""No answer is taken for another's: whatever changes a number, or what a page says, is asked or written anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import sitegen
from sitegen.config import Site
from sitegen.corpus.records import read_records, text_hash
from sitegen.errors import StoreError
from sitegen.models.registry import describe
from sitegen.models.source import source_of
from sitegen.pipeline.keys import ModelKeys, model_keys
from tests.pipeline.test_plan import written
from tests.runs import render, score
from tests.sites import NEGATIVE, POSITIVE, RECORDS, make_site

FEW = [dict(record) for record in RECORDS[:4]]
QUICK = {
    "output": {"figures": False},
    "faithfulness": {"records": 0},
    "occlusion": {"shapley": "off", "depth": "words"},
    "license": "CC0",
}

pytestmark = pytest.mark.usefixtures("quick_bundles")


class Mine:
    """A model in memory. more: what it adds where a text simulates."""

    more = 0.0

    def margins(self, texts: list[Any]) -> list[float]:
        return [0.01 * len(text["abstract"]) + self.more * ("simulate" in text["abstract"]) for text in texts]


def built(model: Mine, folder: Path, **options: Any) -> tuple[bool, str]:
    """Whether the site was left as it was, and its methods page and records."""
    report = sitegen.build(FEW, model, folder, classes=(NEGATIVE, POSITIVE), label="label", settings=QUICK, **options)
    pages = [(folder / name).read_text(encoding="utf-8") for name in ("methods.html", "data/records.csv")]
    return report.unchanged, "\n".join(pages)


def test_a_site_follows_a_model_of_which_nothing_tells_that_it_changed(tmp_path: Path) -> None:
    model = Mine()
    first = built(model, tmp_path / "site")[1]
    model.more = 1.0  # no neutral sentence simulates, so every report stays as it was
    unchanged, second = built(model, tmp_path / "site")
    assert not unchanged
    assert second != first
    assert built(model, tmp_path / "site") == (True, second)


def test_a_site_follows_what_a_model_says_of_itself(tmp_path: Path) -> None:
    model = Mine()
    model.facts = lambda: {"Kind": "the first of its kind"}  # type: ignore[attr-defined]
    built(model, tmp_path / "site", version="1")
    model.facts = lambda: {"Kind": "the next of its kind"}  # type: ignore[attr-defined]
    assert "the next of its kind" in built(model, tmp_path / "site", version="1")[1]


def test_what_an_object_learned_from_is_part_of_its_state() -> None:
    model = Mine()
    plain = sitegen.load_model(model, version="1").manifest.fingerprint
    model.seen = []  # type: ignore[attr-defined]
    assert sitegen.load_model(model, version="1").manifest.fingerprint == plain
    model.seen = [text_hash(FEW[0]["title"], FEW[0]["abstract"])]  # type: ignore[attr-defined]
    assert sitegen.load_model(model, version="1").manifest.fingerprint != plain


def test_pages_are_not_written_from_less_than_site_toml_asks_for(tmp_path: Path) -> None:
    score(written(tmp_path, 'depth = "without"'))
    with pytest.raises(StoreError, match=r"1 of 1 scores are missing .*setting\)\. Compute them with: sitegen score"):
        render(written(tmp_path, 'depth = "words"'))
    render(written(tmp_path, 'depth = "without"'))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return make_site(tmp_path, foreign='name = "A"\nkind = "scores"\npath = "scores.jsonl"')


def keys_of(site: Site, **changed: dict[str, Any]) -> ModelKeys:
    """The keys of a site, in some tables of which settings are changed."""
    for table, values in changed.items():
        site = site.model_copy(update={table: getattr(site, table).model_copy(update=values)})
    (site.folder / "scores.jsonl").write_text(
        '{"answers": 1, "words": "words", "splitter": "nupunkt", "strip_title": false, "depth": "words"}\n'
    )
    manifest = replace(describe(source_of(site, site.models[0])), given="")  # as if there were a model to be tried
    return model_keys(site, site.models[0], manifest, read_records(site.records, classes=site.classes).records)


def test_a_trial_is_made_anew_where_its_warnings_would_name_another_model(site: Site) -> None:
    renamed = site.model_copy(update={"models": (site.models[0].model_copy(update={"name": "B"}),)})
    assert keys_of(site).trial not in (None, keys_of(renamed).trial)


def test_the_measures_are_tried_anew_where_shares_are_computed_otherwise(site: Site) -> None:
    usual = keys_of(site).report
    others = [keys_of(site, occlusion=one).report for one in ({"shapley": "sampled"}, {"shapley_minutes": 1.0})]
    assert len({usual, *others}) == 3
    assert keys_of(site, occlusion={"shapley_minutes": 5.0}).report == usual


def test_a_model_is_planned_anew_where_the_measures_are_tried_on_more(site: Site) -> None:
    assert keys_of(site, faithfulness={"records": 200}).plan != keys_of(site, faithfulness={"records": 10}).plan
    named = {"depth": "words"}
    fixed = [keys_of(site, occlusion=named, faithfulness={"records": n}).plan for n in (200, 10)]
    assert fixed[0] == fixed[1]


def test_what_stands_for_no_abstract_is_no_neutral_sentence(site: Site, tmp_path: Path) -> None:
    """The same lines, of which one is now another thing, are other controls."""
    lines = [f"It has {number} parts." for number in range(31)]
    keys = []
    for neutral, missing in ((lines, ("x",)), (lines[:-1], (lines[-1], "x"))):
        file = tmp_path / f"{len(neutral)}.txt"
        file.write_text("\n".join(neutral), encoding="utf-8")
        keys.append(keys_of(site, significance={"neutral": file}, records={"missing": missing}).controls)
    assert keys[0] != keys[1]
