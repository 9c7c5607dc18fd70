"""The stages in their order, over whole small sites: what is computed, what is kept, what is written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import AdditiveGrid, FullGrid
from sitegen.analysis.significance.evidence import Standing
from sitegen.corpus.records import text_hash
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import ConfigError
from sitegen.models.manifest import Texts
from sitegen.models.registry import load
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.explain import explain, load_model
from sitegen.web.publish.links import check_site
from sitegen.web.summary import Accuracy
from tests.runs import Built, grids, methods, occlusions, page_data, render, score, table
from tests.sites import (
    NEGATIVE,
    POSITIVE,
    RECORDS,
    Recorder,
    make_scored_site,
    make_site,
    tree,
    write_model,
    write_records,
)
from tests.web.built_numbers import decoded

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("quick_bundles")


# --- scoring ---


def test_a_second_run_computes_nothing(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    first = score(site)
    assert (first.scored, first.found, first.stale) == (len(RECORDS), 0, 0)
    again = Recorder()
    second = pipeline.score(site, reporter=again)
    assert (second.scored, second.found, second.stale) == (0, len(RECORDS), 0)
    assert again.steps == []


def test_only_a_changed_record_is_scored_again(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    score(site)
    changed = {**RECORDS[1], "abstract": RECORDS[1]["abstract"] + " One more."}
    write_records(tmp_path / "records.csv", [*RECORDS[:1], changed, *RECORDS[2:]])
    report = score(site)
    assert (report.scored, report.found, report.stale, report.pruned) == (1, len(RECORDS) - 1, 1, 0)
    pruned = score(site, prune=True)
    assert (pruned.scored, pruned.found, pruned.stale, pruned.pruned) == (0, len(RECORDS), 0, 1)
    assert score(site).stale == 0


def test_what_is_no_text_changes_no_score(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    score(site)
    write_records(tmp_path / "records.csv", [{**record, "year": "2020", "label": ""} for record in RECORDS])
    assert score(site).scored == 0


def test_records_with_the_same_text_are_scored_once(tmp_path: Path) -> None:
    site = make_site(tmp_path, records=[RECORDS[0], {**RECORDS[0], "id": "twin"}, RECORDS[1]])
    report = score(site)
    assert (report.scored, report.found, len(report.collection.records)) == (2, 0, 3)
    assert render(site).totals.papers == 3


@pytest.mark.slow
def test_other_bytes_of_a_model_are_another_model(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    score(site)
    write_model(tmp_path / "model", seed=3)
    report = score(site)
    assert (report.scored, report.stale) == (len(RECORDS), len(RECORDS))


def test_another_card_is_the_same_model(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    score(site)
    (tmp_path / "model" / "card.md").write_text("Other words.", encoding="utf-8")
    assert score(site).scored == 0


@pytest.mark.slow
def test_an_interrupted_run_keeps_the_batches_it_finished(tmp_path: Path) -> None:
    site = make_site(tmp_path, batch=3)

    class Impatient(Recorder):
        def advance(self, stage: str, done: int, total: int) -> None:
            super().advance(stage, done, total)
            if done >= 6:
                raise KeyboardInterrupt

    impatient = Impatient()
    with pytest.raises(KeyboardInterrupt):
        pipeline.score(site, reporter=impatient)
    n = len(RECORDS)
    assert impatient.steps == [("Scoring with First", done, n) for done in (0, 3, 6)]
    report = score(site)
    assert (report.scored, report.found) == (n - 6, 6)
    assert render(site).totals.papers == n


@pytest.mark.slow
def test_neither_batches_nor_order_change_a_score(tmp_path: Path) -> None:
    one = make_site(tmp_path / "one", batch=1)
    all_ = make_site(tmp_path / "all", batch=100, records=RECORDS[::-1])
    score(one), score(all_)
    apart, together = occlusions(one), occlusions(all_)
    assert apart.keys() == together.keys()
    for text, a in apart.items():
        b = together[text]
        assert abs(a.margin - b.margin) < 1e-6
        for name in ("sentences", "title_words", "abstract_words"):
            np.testing.assert_allclose(getattr(a, name), getattr(b, name), rtol=0, atol=1e-6)
        np.testing.assert_allclose(a.grid.margins, b.grid.margins, rtol=0, atol=1e-6)


def test_the_scores_spread_and_are_those_of_the_model(tmp_path: Path) -> None:
    """A test of the tests as well: models that say the same of everything would show nothing."""
    site = make_site(tmp_path)
    score(site)
    found = occlusions(site)
    classifier = load(tmp_path / "model")
    margins = []
    for occlusion in found.values():
        document = occlusion.document
        margins += classifier.margins([document.title.tokens], [document.abstract.tokens]).tolist()
        assert abs(occlusion.margin - margins[-1]) < 1e-6
        assert abs(occlusion.grid.margins[-1, -1] - margins[-1]) < 1e-6
    assert np.std(margins) > 1
    assert min(margins) < 0 < max(margins)


# --- what the pages and files say ---


@pytest.mark.slow
def test_two_models_are_both_scored_and_both_told(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    write_model(tmp_path / "other", seed=2)
    site = make_site(tmp_path, models={"First": "model", "Other <i>model</i>": "other"})
    scores, report = pipeline.build(site, reporter=Recorder())
    assert (scores.scored, report.totals.papers) == (2 * len(RECORDS), len(RECORDS))
    rows = {found["id"]: found for found in table(site, "records.csv")}
    stored = {name: load(tmp_path / name) for name in ("model", "other")}
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], Segmentation())
    for column, name in (("First", "model"), ("Other <i>model</i>", "other")):
        margin = stored[name].margins([document.title.tokens], [document.abstract.tokens])[0]
        assert abs(float(rows["p1"][f"{column}: margin"]) - margin) < 1e-6
        assert abs(float(rows["p1"][f"{column}: probability"]) - 1 / (1 + np.exp(-margin))) < 1e-6
        assert rows["p1"][f"{column}: predicted"] == (POSITIVE if margin >= 0 else NEGATIVE)
    page = (site.output.folder / "records" / "p1.html").read_text(encoding="utf-8")
    assert "First (the site's)" in page
    assert "Other &lt;i&gt;model&lt;/i&gt;" in page
    assert len(grids(site)) == 2 * len(RECORDS)
    shown = page_data(site, "records/p1.html")["grid"]
    assert decoded(shown["title"]) == pytest.approx(grids(site)["p1", "First"]["title"], abs=1e-6)


def test_a_model_that_is_not_additive_goes_through_a_whole_build(tmp_path: Path) -> None:
    write_model(tmp_path / "joint", joint=3)
    site = make_site(tmp_path, models={"Joint": "joint"}, records=RECORDS[:5])
    pipeline.build(site, reporter=Recorder())
    classifier = load(tmp_path / "joint")
    assert not classifier.additive
    document = segment(RECORDS[1]["title"], RECORDS[1]["abstract"], Segmentation())
    title, abstract = document.title.tokens, document.abstract.tokens
    pairs = [(title[: i + 1], abstract[: j + 1]) for i in range(len(title)) for j in range(len(abstract))]
    margins = classifier.margins([t for t, _ in pairs], [a for _, a in pairs])
    on_page = np.array(page_data(site, "records/p2.html")["grid"]["cells"]) / 1e6
    np.testing.assert_allclose(on_page, 1 / (1 + np.exp(-margins)), rtol=0, atol=5.1e-5)
    in_data = np.array(grids(site)["p2", "Joint"]["cells"])
    np.testing.assert_allclose(in_data.ravel(), margins, rtol=1e-6, atol=1e-6)
    interaction = in_data - in_data[:1] - in_data[:, :1] + in_data[0, 0]
    assert np.abs(interaction).max() > 0.01  # else an additive model would have passed, too
    assert "read title and abstract together" in methods(site).replace("reads", "read")


def test_the_store_knows_the_kind_of_each_grid(tmp_path: Path) -> None:
    for name, kind, joint in (("additive", AdditiveGrid, 0), ("joint", FullGrid, 2)):
        write_model(tmp_path / name / "model", joint=joint)
        site = make_site(tmp_path / name, models={"M": "model"}, records=RECORDS[:2])
        score(site)
        assert {type(found.grid) for found in occlusions(site).values()} == {kind}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("label", "facets"), [(True, False), (False, True), pytest.param(False, False, marks=pytest.mark.nightly)]
)
def test_labels_and_facets_may_be_absent(tmp_path: Path, label: bool, facets: bool) -> None:
    site = make_scored_site(tmp_path, label=label, facets=facets)
    _, report = pipeline.build(site, reporter=Recorder())
    labelled = sum(bool(record["label"]) for record in RECORDS)
    counted = {Standing.UNKNOWN: labelled} if label else {}
    assert {standing: one.labelled for standing, one in report.totals.accuracy.items()} == counted
    index = (site.output.folder / "index.html").read_text(encoding="utf-8")
    assert ("Label and prediction" in index) == label
    assert ("facet0" in index) == facets
    assert (site.output.folder / "facet" / "subject").exists() == facets
    assert check_site(site.output.folder) == []


def test_predictions_are_counted_against_labels(plain_site: Built) -> None:
    report = plain_site.report
    rows = [found for found in table(plain_site.site, "records.csv") if found["label"]]
    right = sum(found["label"] == found["First: predicted"] for found in rows)
    assert report.totals.accuracy == {Standing.UNKNOWN: Accuracy(labelled=len(rows), right=right)}
    assert 0 < right < len(rows)


def test_predictions_are_counted_apart_for_what_the_model_learned_from(tmp_path: Path) -> None:
    hashes = [text_hash(record["title"], record["abstract"]) for record in RECORDS]
    write_model(tmp_path / "model", texts=Texts(train=tuple(hashes[:3]), validation=(hashes[3],)))
    site = make_site(tmp_path, models={"First": "model"})
    _, report = pipeline.build(site, reporter=Recorder())
    rows = table(site, "records.csv")
    parts = {Standing.HELD_OUT: rows[4:], Standing.TRAINING: rows[:3], Standing.VALIDATION: rows[3:4]}
    for standing, part in parts.items():
        labelled = [row for row in part if row["label"]]
        right = sum(row["label"] == row["First: predicted"] for row in labelled)
        assert report.totals.accuracy[standing] == Accuracy(labelled=len(labelled), right=right)
    assert list(report.totals.accuracy) == list(parts)
    assert render(site).totals == report.totals  # found in the build cache


def test_classes_the_other_way_round_are_refused(tmp_path: Path) -> None:
    site = make_site(tmp_path, classes=(POSITIVE.upper(), NEGATIVE))
    with pytest.raises(ConfigError, match=r"Exchange classes\.positive and classes\.negative"):
        score(site)


def test_classes_of_other_names_are_told(tmp_path: Path) -> None:
    site = make_site(tmp_path, label=False, classes=("no", "yes"))
    recorder = Recorder()
    pipeline.build(site, reporter=recorder)
    (note,) = [note for note in recorder.notes if f'calls its classes "{POSITIVE}" (positive)' in note]
    assert note.endswith("Where these are not the same two, correct them.")


@pytest.mark.slow
def test_what_was_unusual_is_told_and_counted(tmp_path: Path) -> None:
    site = make_site(tmp_path, records=[*RECORDS, {**RECORDS[0], "title": "Another"}])
    recorder = Recorder()
    pipeline.score(site, reporter=recorder)
    assert "records.csv: missing abstract: 1 kept" in recorder.notes
    assert "records.csv: duplicate id: 1 renamed" in recorder.notes
    render(site)
    assert "missing abstract" in methods(site)
    assert "p1-2.html" in {path.name for path in (site.output.folder / "records").iterdir()}


def test_rows_that_cannot_be_read_are_left_out_only_when_asked(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    with (tmp_path / "records.csv").open("a", encoding="utf-8") as stream:
        stream.write("too,few\n")
    with pytest.raises(Exception, match=r"records\.csv:\d+: .*--skip-invalid"):
        score(site)
    _, report = pipeline.build(site, reporter=Recorder(), skip_invalid=True)
    assert (report.totals.papers, report.collection.rows) == (len(RECORDS), len(RECORDS) + 1)
    assert f"{len(RECORDS) + 1} rows were read" in methods(site)


def test_texts_that_shaped_the_model_are_pointed_out(tmp_path: Path) -> None:
    hashes = [text_hash(record["title"], record["abstract"]) for record in RECORDS[:3]]
    texts = Texts(train=(hashes[0],), validation=(hashes[1],), test=(hashes[0], hashes[2]))  # the first is in two
    write_model(tmp_path / "model", texts=texts)
    site = make_site(tmp_path, models={"First": "model"}, records=RECORDS[:4])
    pipeline.build(site, reporter=Recorder())

    def page(name: str) -> str:
        return (site.output.folder / "records" / f"{name}.html").read_text(encoding="utf-8")

    told = [["trained on this paper" in page(name), "when training should stop" in page(name)] for name in PAGES]
    assert told == [[True, False], [False, True], [False, False], [False, False]]
    assert "trained on: 1; used to decide when to stop: 1; kept back for testing: 1; never met before: 1" in methods(
        site
    )


PAGES = ("p1", "p2", "p3", "p4")


def test_the_users_own_templates_come_first(tmp_path: Path) -> None:
    site = make_site(tmp_path, records=RECORDS[:2])
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "print.css").write_text("/* mine */", encoding="utf-8")
    (tmp_path / "templates" / "recrod.html").write_text("{% broken", encoding="utf-8")
    recorder = Recorder()
    pipeline.build(site, reporter=recorder)
    assert [note.rpartition(". ")[2] for note in recorder.notes if "recrod.html: " in note] == [
        "Did you mean record.html?"
    ]
    assert (site.output.folder / "assets" / "print.css").read_text(encoding="utf-8") == "/* mine */"


def test_one_text_is_explained_without_files(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    before = tree(tmp_path)
    record = RECORDS[1]
    model = load_model(tmp_path / "model")
    explanation = explain(model, title=record["title"], abstract=record["abstract"])
    occlusion = explanation.occlusion
    assert explanation.classes == (NEGATIVE, POSITIVE)
    assert len(occlusion.sentences) == 4
    site = make_site(tmp_path / "site", records=[record], models={"M": "../model"})
    score(site)
    (stored,) = occlusions(site).values()
    assert abs(stored.margin - occlusion.margin) < 1e-6
    assert before.items() <= tree(tmp_path).items()


def test_the_report_says_what_was_written(plain_site: Built) -> None:
    site, report = plain_site.site, plain_site.report
    written = tree(site.output.folder)
    assert (report.files, report.bytes) == (len(written), sum(map(len, written.values())))
    assert report.folder == site.output.folder


@pytest.mark.parametrize("run", [pipeline.build, pipeline.render])
def test_a_page_whose_address_is_taken_is_refused_before_a_record_is_read(tmp_path, run):
    site = make_site(tmp_path)
    (tmp_path / "pages" / "corpus.md").write_text("# Mine")
    (tmp_path / "records.csv").unlink()
    watcher = Recorder()
    with pytest.raises(ConfigError, match=r'pages/corpus\.md: a page named "corpus" exists already. Rename the file.'):
        run(site, reporter=watcher)
    assert watcher.steps == []
