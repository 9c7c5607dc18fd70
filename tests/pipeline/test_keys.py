"""The keys of a corpus: one for each record, worked out once, and the same as they always were."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.corpus.records import text_hash
from sitegen.models.manifest import Manifest, Texts
from sitegen.models.registry import describe
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import keys
from tests.runs import score
from tests.sites import RECORDS, Recorder, make_site, write_model

pytestmark = pytest.mark.usefixtures("quick_bundles")


def keys_of(site) -> keys.ModelKeys:
    records = score(site).collection.records
    return keys.model_keys(site, site.models[0], describe(site.models[0].path), records)


def test_each_records_key_is_worked_out_once_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_model(tmp_path / "model")
    write_model(tmp_path / "again", seed=5)
    site = make_site(tmp_path, models={"First": "model"}, ensemble=["again"])
    score(site)
    made: list[str] = []

    def counted(**given: object) -> str:
        made.append(original(**given))
        return made[-1]

    original = keys.score_key
    monkeypatch.setattr(keys, "score_key", counted)
    pipeline.render(site, reporter=Recorder())
    assert len(made) == 2 * len(RECORDS) == len(set(made))


def test_what_is_stored_under_older_keys_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The text, the model's bytes and two settings, in this order, under a version: a change scores everything anew."""
    site = make_site(tmp_path, records=RECORDS[1:2])
    manifest = describe(site.models[0].path)
    monkeypatch.setattr(Manifest, "fingerprint", "f" * 64)
    records = score(site).collection.records
    found = keys.model_keys(site, site.models[0], manifest, records)
    assert found.texts.of_record == ("2ade19035c3f98b4c1f9de289c1a37cd",)


def test_records_with_one_text_share_a_key_and_the_first_label(tmp_path: Path) -> None:
    twin, labelled = ({**RECORDS[0], "id": name, "label": label} for name, label in (("t", ""), ("l", "computational")))
    found = keys_of(make_site(tmp_path, records=[twin, labelled, RECORDS[1]]))
    first, second, third = found.texts.of_record
    assert first == second != third
    assert found.texts.texts[first].id == "l"
    assert list(found.texts.texts) == [first, third]


def test_the_sample_leaves_out_what_the_model_learned_from(tmp_path: Path) -> None:
    hashes = [text_hash(record["title"], record["abstract"]) for record in RECORDS[:4]]
    write_model(tmp_path / "model", texts=Texts(train=tuple(hashes[:1]), validation=tuple(hashes[1:2])))
    site = make_site(tmp_path, models={"First": "model"}, records=RECORDS[:4], tried=3)
    found = keys_of(site)
    assert found.sample == tuple(sorted(found.texts.of_record[2:]))
    assert found.all >= {*found.texts.of_record, found.report}
