"""What is asked of a model beside its occlusion, over whole small sites: what is computed, kept, and told."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES, Baseline
from sitegen.analysis.attribution.masking import masked_margins, sentence_masks
from sitegen.analysis.attribution.occlusion import probability
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.store.store import Store
from sitegen.config import load_site
from sitegen.corpus.records import text_hash
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import ConfigError, StoreError
from sitegen.models.manifest import Texts
from sitegen.models.registry import load
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from tests.runs import data, occlusions, page, render, score, table
from tests.sites import RECORDS, Recorder, make_scored_site, make_site, no_vega, write_model, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")
SEEN = Texts(train=("0" * 16,))  # a model that says what it was trained on: none of these texts


def first_model(site) -> list[dict[str, str]]:
    return [row for row in table(site, "sentences.csv") if row["model"] == site.models[0].name]


def without_each(model: Path, record, baseline: str) -> np.ndarray:
    """The effects of a record's sentences, one reading after the other."""
    document = segment(record["title"], record["abstract"], Segmentation())
    n = len(document.abstract.sentence_ends)
    keep = np.vstack([np.ones((1, n), dtype=bool), ~np.eye(n, dtype=bool)])
    masks = [(None, sentence_masks(document, keep))]
    margins = masked_margins([document], load(model), masks, baseline=BASELINES[baseline])[0]
    return margins[0] - margins[1:]


# --- Shapley ---


def test_shapley_values_are_kept_and_not_computed_again(tmp_path):
    site = make_site(tmp_path)
    assert score(site).shapley == len(RECORDS)
    assert score(site).shapley == 0
    changed = {**RECORDS[1], "abstract": RECORDS[1]["abstract"] + " One more."}
    write_records(tmp_path / "records.csv", [RECORDS[0], changed, *RECORDS[2:]])
    assert score(site).shapley == 1


@pytest.mark.slow
def test_what_was_sampled_is_replaced_where_exact_values_are_wanted_and_not_the_other_way(tmp_path):
    def shares(mode: str) -> tuple[int, set[str]]:
        site = make_site(tmp_path, records=RECORDS[:4], settings=f'shapley = "{mode}"')
        report = score(site)
        render(site)
        return report.shapley, {row["share_error"] for row in first_model(site) if row["id"] == "p1"}

    n, errors = shares("sampled")
    assert n == 4
    assert errors - {"0.0"}
    n, errors = shares("exact")
    assert n > 0
    assert errors == {"0.0"}
    assert shares("sampled") == (0, {"0.0"})


def test_without_shapley_values_the_pages_have_no_column_of_them(tmp_path):
    site = make_site(tmp_path, settings='shapley = "off"', records=RECORDS[:3])
    assert score(site).shapley == 0
    render(site)
    assert 'data-label="share"' not in page(site, "records/p1.html")
    assert {row["share"] for row in first_model(site)} == {""}
    assert {row["leave_one_out"] for row in first_model(site)} != {""}


def test_shares_that_were_computed_before_they_were_turned_off_are_not_shown(tmp_path):
    """Or records would be ranked by two measures: those that came later have none."""
    site = make_scored_site(tmp_path, settings='shapley = "off"', records=RECORDS[:3])
    score(site)
    with Store.open(pipeline.store_path(site), create=False) as store:
        assert store.with_shapley()
    render(site)
    assert {row["share"] for row in first_model(site)} == {""}


# --- read alone ---


@pytest.mark.slow
def test_every_piece_is_read_alone_once_by_every_model(tmp_path):
    write_model(tmp_path / "other", seed=5)
    site = make_site(tmp_path, models={"First": "model", "Second": "other"})
    if not (tmp_path / "model").exists():
        write_model(tmp_path / "model")
    assert score(site).alone == 2 * len(RECORDS)
    assert score(site).alone == 0
    render(site)
    rows = [row for row in table(site, "sentences.csv") if row["id"] == "p1"]
    assert {row["model"] for row in rows} == {"First", "Second"}
    for name, folder in (("First", "model"), ("Second", "other")):
        classifier = load(tmp_path / folder)
        document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], Segmentation())
        (alone,) = read_alone([document], classifier)
        told = [float(row["alone"]) for row in rows if row["model"] == name]
        np.testing.assert_allclose(told, alone.sentences, rtol=0, atol=1e-6)
        (record,) = [row for row in table(site, "records.csv") if row["id"] == "p1"]
        path = [float(record[f"{name}: {part}"]) for part in ("empty", "title alone", "abstract alone")]
        np.testing.assert_allclose(path, [alone.empty, alone.title, alone.abstract], rtol=0, atol=1e-6)


def test_a_store_of_an_older_version_gains_tables_and_only_what_is_new_is_computed(tmp_path):
    site = make_site(tmp_path, settings='shapley = "sampled"')
    score(site)
    with sqlite3.connect(pipeline.store_path(site)) as store:
        for name in ("alone", "points", "member_shares"):
            store.execute(f"DROP TABLE {name}")
        store.execute("DELETE FROM reports")
    with pytest.raises(StoreError, match="older version"):
        render(site)
    report = score(site)
    assert (report.scored, report.alone) == (0, len(RECORDS))
    again = score(site)
    assert (again.scored, again.alone, again.shapley) == (0, 0, 0)
    render(site)
    assert report.shapley == len({row["id"] for row in first_model(site)})  # without sentences nothing is sampled


@pytest.mark.slow
def test_exact_shares_of_an_older_version_are_kept_and_have_points(tmp_path):
    site = make_scored_site(tmp_path, settings='shapley = "exact"', records=RECORDS[:4])
    score(site)
    render(site)
    before = table(site, "sentences.csv")
    with sqlite3.connect(pipeline.store_path(site)) as store:
        store.execute("DROP TABLE points")
    assert score(site).shapley == 0
    render(site)
    assert table(site, "sentences.csv") == before
    points: dict[str, float] = {}
    for row in first_model(site):
        points[row["id"]] = points.get(row["id"], 0.0) + float(row["share_change"])
    for record in table(site, "records.csv"):
        step = float(record["First: probability"]) - float(probability(float(record["First: title alone"])))
        assert points.get(record["id"], 0.0) == pytest.approx(step, abs=1e-5)


# --- baselines ---


@pytest.mark.parametrize("baseline", ["zero", pytest.param("mean", marks=pytest.mark.nightly)])
def test_another_baseline_gives_other_effects_and_is_named(tmp_path, baseline):
    site = make_site(tmp_path, settings=f'baseline = "{baseline}"', records=RECORDS[:3])
    pipeline.build(site, reporter=Recorder())
    stored = occlusions(site)[RECORDS[0]["title"] + RECORDS[0]["abstract"]]
    expected = without_each(tmp_path / "model", RECORDS[0], baseline)
    np.testing.assert_allclose(stored.sentences, expected, rtol=0, atol=1e-5)
    assert np.abs(expected - without_each(tmp_path / "model", RECORDS[0], "deleted")).max() > 1e-3
    named = {"zero": "empty vectors", "mean": "the average word"}[baseline]
    for name in ("records/p1.html", "methods.html"):
        assert named in page(site, name)


def test_a_baseline_that_nobody_knows_is_refused_before_anything_is_computed(tmp_path):
    site = make_site(tmp_path, settings='baseline = "blank"')
    remedy = (
        r'site\.toml: "occlusion\.baseline": "blank" is not known\. Use one of: "deleted", "zero", "mean", "unknown"\.'
    )
    for run in (score, render):
        with pytest.raises(ConfigError, match=remedy):
            run(site)
    assert not pipeline.store_path(site).exists()


@pytest.mark.slow
def test_a_further_baseline_is_registered_once_and_goes_through_a_build(tmp_path, monkeypatch):
    averaged = Baseline(name="blurred", stand_in="mean", wording="blurred beyond recognition")
    monkeypatch.setitem(BASELINES, averaged.name, averaged)
    site = make_site(tmp_path, settings='baseline = "blurred"', tried=4, records=RECORDS[:4])
    pipeline.build(site, reporter=Recorder())
    stored = occlusions(site)[RECORDS[0]["title"] + RECORDS[0]["abstract"]]
    expected = without_each(tmp_path / "model", RECORDS[0], "mean")
    np.testing.assert_allclose(stored.sentences, expected, rtol=0, atol=1e-5)
    for name in ("records/p1.html", "methods.html", "faithfulness.html"):
        assert "blurred beyond recognition" in page(site, name)


def test_a_baseline_that_the_model_cannot_read_is_refused_with_a_remedy(tmp_path):
    site = make_site(tmp_path, settings='baseline = "unknown"')
    with pytest.raises(ConfigError, match=r'skips unknown words.*Use one of: "deleted", "zero", "mean"'):
        score(site)
    make_site(tmp_path, settings='shapley = "auto"')
    assert score(make_site(tmp_path)).scored == len(RECORDS)  # nothing half-written


@pytest.mark.slow
def test_each_baseline_has_scores_of_its_own(tmp_path):
    assert score(make_site(tmp_path)).scored == len(RECORDS)
    zero = make_site(tmp_path, settings='baseline = "zero"')
    with pytest.raises(StoreError, match="scores are missing"):
        render(zero)
    assert score(zero).scored == len(RECORDS)
    assert score(make_site(tmp_path)).scored == 0


# --- ensembles ---


@pytest.fixture
def ensemble(tmp_path):
    write_model(tmp_path / "model", texts=SEEN)
    for seed in (3, 4):
        write_model(tmp_path / f"seed{seed}", seed=seed)
    return make_site(tmp_path, models={"First": "model"}, ensemble=["seed3", "seed4"])


def test_every_checkpoint_is_asked_once_about_every_text(ensemble):
    assert score(ensemble).members == 2 * len(RECORDS)
    assert score(ensemble).members == 0


@pytest.mark.slow
def test_sampled_shares_of_checkpoints_are_replaced_where_exact_ones_are_wanted_and_not_the_other_way(ensemble):
    def with_shares(mode: str) -> int:
        occlusion = ensemble.occlusion.model_copy(update={"shapley": mode})
        return score(ensemble.model_copy(update={"occlusion": occlusion})).members

    assert with_shares("sampled") == 2 * len(RECORDS)
    sampled = digest(ensemble)
    assert with_shares("exact") > 0
    assert digest(ensemble) != sampled
    assert with_shares("exact") == 0
    assert with_shares("sampled") == 0


def digest(site) -> list[str]:
    """What tells one content of a site's store from another."""
    with Store.open(pipeline.store_path(site), create=False) as store:
        return store.contents()


@pytest.mark.slow
def test_the_mean_over_checkpoints_is_theirs(ensemble, tmp_path):
    pipeline.build(ensemble, reporter=Recorder())
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], Segmentation())
    effects = np.array([shapley([document], load(tmp_path / name))[0].values for name in ("model", "seed3", "seed4")])
    rows = [row for row in first_model(ensemble) if row["id"] == "p1"]
    np.testing.assert_allclose([float(row["mean"]) for row in rows], effects.mean(axis=0), rtol=0, atol=1e-5)
    assert all(float(row["low"]) <= float(row["mean"]) <= float(row["high"]) for row in rows)
    assert "of 3 agree in sign" in page(ensemble, "records/p1.html")


def test_checkpoints_that_cut_texts_differently_are_refused(ensemble, tmp_path):
    config = tmp_path / "seed4" / "config.json"
    changed = json.loads(config.read_text(encoding="utf-8"))
    changed["segmentation"]["strip_title"] = False
    config.write_text(json.dumps(changed), encoding="utf-8")
    with pytest.raises(ConfigError, match=r'"models\.ensemble".*seed4 cuts texts differently'):
        score(ensemble)


# --- precision ---


@pytest.mark.slow
def test_a_reduced_precision_is_told_with_what_it_costs_and_has_scores_of_its_own(tmp_path):
    assert score(make_site(tmp_path)).precisions == ()
    site = make_site(tmp_path, settings='precision = "bfloat16"')
    (told,) = score(site).precisions
    assert (told.name, told.records) == ("bfloat16", len(RECORDS))
    assert 0 < told.deviation < 0.05
    assert told.time > 0
    assert score(site).precisions == ()  # nothing was scored
    exact, reduced = occlusions(make_site(tmp_path)), occlusions(site)
    apart = max(abs(reduced[text].probability - exact[text].probability) for text in exact)
    assert 0 < apart <= told.deviation + 1e-6


# --- the test ---


def test_every_sentence_has_one_mark_and_the_data_counts_them(tmp_path):
    trained = text_hash(RECORDS[0]["title"], RECORDS[0]["abstract"])
    write_model(tmp_path / "model", texts=Texts(train=(trained,)))
    site = make_site(tmp_path, models={"First": "model"})
    _, report = pipeline.build(site, reporter=Recorder())
    rows, told = first_model(site), data(site, "significance.json")
    assert told["sentences"] == len(rows)
    assert report.totals.tested == sum(one["tested"] for one in told["classes"])
    for mark, n in told["marks"].items():
        assert n == sum(row["mark"] == mark for row in rows), mark
    for why, n in told["without_q"].items():
        assert n == sum(row["reason"] == why for row in rows), why
    assert {row["reason"] for row in rows if row["id"] == "p1"} == {"training"}
    assert {row["reason"] for row in rows if row["id"] == "p11"} == {"unlabelled"}
    assert all((row["q"] == "") == (row["reason"] != "") for row in rows)
    assert report.totals.passing == told["marks"]["passes"] == 0  # twelve papers are too few


def test_a_model_that_does_not_say_what_it_has_seen_gives_no_q(plain_site):
    assert plain_site.report.totals.tested == 0
    assert {row["reason"] for row in first_model(plain_site.site)} <= {"unknown_standing", "unlabelled"}


def test_the_controls_are_asked_once_and_again_with_other_neutral_sentences(tmp_path):
    write_model(tmp_path / "model", texts=SEEN)
    site = make_site(tmp_path, models={"First": "model"}, settings="[network]\nshow = false")

    def reports() -> set[str]:
        score(site)
        with Store.open(pipeline.store_path(site), create=False) as store:
            return store.keys("reports")

    assert len(first := reports()) == 1
    assert reports() == first
    (tmp_path / "neutral.txt").write_text("\n".join(f"Nothing {k}." for k in range(30)), encoding="utf-8")
    lines = '\n[significance]\nneutral = "neutral.txt"\n'
    site.file.write_text(site.file.read_text(encoding="utf-8") + lines, encoding="utf-8")
    site = load_site(site.file)
    assert len(reports()) == 2
    render(site)
    assert data(site, "significance.json")["neutral_sentences"] == 30


def test_too_few_neutral_sentences_are_refused_before_anything_is_computed(tmp_path):
    file = make_site(tmp_path).file
    (tmp_path / "few.txt").write_text("One.\n", encoding="utf-8")
    file.write_text(file.read_text(encoding="utf-8") + '\n[significance]\nneutral = "few.txt"\n', encoding="utf-8")
    site = load_site(file)
    with pytest.raises(ConfigError, match=r"few\.txt: 1 different sentences; at least 30"):
        score(site)
    assert not pipeline.store_path(site).exists()


# --- a site that is up to date ---


def test_a_site_that_is_up_to_date_is_left_alone_and_its_report_is_the_same(tmp_path):
    site = make_scored_site(tmp_path, records=RECORDS[:3])
    _, first = pipeline.build(site, reporter=Recorder())
    _, again = pipeline.build(site, reporter=Recorder())
    assert (first.unchanged, again.unchanged) == (False, True)
    assert (first.files, first.bytes, first.totals) == (again.files, again.bytes, again.totals)


@pytest.fixture(scope="module")
def changing(tmp_path_factory):
    """The site.toml of a site that is up to date when a test begins and when it ends: each changes one more thing."""
    site = make_scored_site(tmp_path_factory.mktemp("changing"), records=RECORDS[:3])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", no_vega)
        pipeline.build(site, reporter=Recorder())
    return site.file


@pytest.mark.slow
@pytest.mark.parametrize("change", ["record", "prose", "template", "site", "page", "card"])
def test_whatever_changes_is_noticed(changing, change):
    site, folder = load_site(changing), changing.parent
    if change == "record":
        write_records(folder / "records.csv", [{**RECORDS[0], "year": "1999"}, *RECORDS[1:3]])
    elif change == "prose":
        (folder / "pages" / "about.md").write_text("# About\n\nOther words.\n", encoding="utf-8")
    elif change == "template":
        (folder / "templates").mkdir()
        (folder / "templates" / "404.html").write_text("<p>Mine</p>", encoding="utf-8")
    elif change == "site":
        file = site.file
        file.write_text(file.read_text(encoding="utf-8").replace("A. Tester", "B. Tester"), encoding="utf-8")
        site = load_site(file)
    elif change == "page":
        (site.output.folder / "words.html").unlink()
    else:
        (folder / "model" / "card.md").write_text("Other words.", encoding="utf-8")
    assert not render(site).unchanged
    assert render(site).unchanged
    assert (site.output.folder / "words.html").is_file()
