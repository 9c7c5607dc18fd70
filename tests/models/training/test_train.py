"""Training from records to a directory, on texts whose class one can tell by their words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sitegen.corpus.records import Record
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.texts import normalised_title, text_hash
from sitegen.corpus.vectors import open_vectors, write_vectors
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.registry import load
from sitegen.models.training.confounders import confounding_facts
from sitegen.models.training.fitting import Example, FitOptions, fit
from sitegen.models.training.train import TrainingOptions, TrainingReport, train
from tests.models.networks import random_vectors, stated

CLASSES = ("not computational", "computational")
OPTIONS = TrainingOptions(
    hidden=6,
    layers=1,
    dimension=8,
    vector_epochs=8,
    validation=0.2,
    test=0.2,
    fit=FitOptions(epochs=10, patience=6, batch=16, learning_rate=0.02, dropout=0.1),
)
OF_CLASS = (["interview", "archive", "ritual", "village"], ["network", "simulation", "twitter", "data"])
COMMON = ["the", "of", "study", "people", "in", "we", "show", "how", "many"]


pytestmark = pytest.mark.slow  # each test trains a small network


def records(count: int = 160, *, seed: int = 0) -> list[Record]:
    """Labelled records, half of each class, with words of their class among common ones; some lack an abstract."""
    rng = np.random.default_rng(seed)

    def text(label: int, length: int) -> str:
        pool = COMMON + 4 * OF_CLASS[label]
        return " ".join(pool[int(k)] for k in rng.integers(len(pool), size=length))

    made = []
    for number in range(count):
        label = number % 2
        made.append(
            Record(
                id=str(number),
                title=f"{text(label, 4)} {number}" + (f", case{number} of case{number}" if number % 8 == 5 else ""),
                abstract="" if number % 20 == 2 else f"{text(label, 12).capitalize()}. {text(label, 6).capitalize()}.",
                label=label,
                facets={},
                metadata={
                    "year": str(2000 + 7 * label + number % 3),
                    "journal": f"J{number % 2}" if number > 9 else "J",
                },
                source="made",
                line=number,
            )
        )
    return made


def trained(output: Path, given: Sequence[Record] | None = None, **changes: Any) -> TrainingReport:
    settings: dict[str, Any] = {
        "classes": CLASSES,
        "segmentation": Segmentation(),
        "options": OPTIONS,
        "vectors": None,
        "progress": lambda stage, fraction: None,
        "output": output,
    }
    return train(records() if given is None else given, **{**settings, **changes})


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> TrainingReport:
    return trained(tmp_path_factory.mktemp("models") / "m", confounders=("year", "journal"))


def test_it_learns_and_its_directory_predicts(report: TrainingReport) -> None:
    assert report.metrics["auc"].value > 0.95
    assert report.metrics["auc"].low <= report.metrics["auc"].value <= report.metrics["auc"].high
    classifier = load(report.model.path)
    far, near = classifier.margins(
        [["village", "ritual"], ["twitter", "network"]], [["archive", "interview"], ["data", "simulation"]]
    )
    assert far < 0 < near


def test_texts_are_listed_by_part_and_words_come_from_the_training_part(report: TrainingReport) -> None:
    texts = report.model.texts
    made = records()
    hashes = [text_hash(record.title, record.abstract) for record in made]
    for part in ("train", "validation", "test"):
        assert sorted(hashes[i] for i in getattr(report.split, part)) == sorted(getattr(texts, part))
    used = (
        " ".join(f"{made[i].title} {made[i].abstract}" for i in report.split.train)
        .lower()
        .replace(".", "")
        .replace(",", "")
        .split()
    )
    expected = {word for word in used if used.count(word) >= 2}
    found = set(open_vectors(report.model.path).words())
    assert found == expected
    assert {f"case{i}" in found for i in report.split.train if i % 8 == 5} == {True}
    assert {f"case{i}" in found for i in report.split.test if i % 8 == 5} == {False}
    assert open_vectors(report.model.path).matrix.dtype == np.float16


@pytest.mark.slow
def test_the_same_command_gives_the_same_bytes_and_torchs_generator_is_left_alone(
    report: TrainingReport, tmp_path: Path
) -> None:
    torch.manual_seed(99)
    state = torch.get_rng_state()
    again = trained(tmp_path / "again", confounders=("year", "journal"))
    assert torch.equal(torch.get_rng_state(), state)
    assert not torch.are_deterministic_algorithms_enabled()
    for file in sorted(report.model.path.iterdir()):
        assert file.read_bytes() == (again.model.path / file.name).read_bytes(), file.name
    assert again.model.fingerprint == report.model.fingerprint
    other = trained(tmp_path / "other", options=replace(OPTIONS, seed=1))
    assert other.model.fingerprint != report.model.fingerprint


def test_papers_that_come_twice_stay_in_one_part(tmp_path: Path) -> None:
    made = records()
    twins = [
        replace(made[i], id=f"twin {i}", title=made[i].title.upper().replace(" ", " — ", 1), abstract=f"Reworked {i}.")
        for i in range(20)
    ]
    copies = [replace(made[i], id=f"copy {i}", title=f"Renamed {i}") for i in range(20, 40)]
    everything = [*made, *twins, *copies]
    split = trained(tmp_path / "m", everything, options=replace(OPTIONS, fit=FitOptions(epochs=1))).split
    part_of = {i: name for name in ("train", "validation", "test") for i in getattr(split, name)}
    assert len(part_of) == len(everything)
    for k in range(20):
        assert normalised_title(twins[k].title) == normalised_title(made[k].title)
        assert part_of[len(made) + k] == part_of[k]
        if made[20 + k].abstract:
            assert part_of[len(made) + 20 + k] == part_of[20 + k]
    assert len({part_of[i] for i, record in enumerate(made) if not record.abstract}) > 1


@pytest.mark.slow
def test_given_vectors_are_used_where_the_training_part_has_their_words(tmp_path: Path) -> None:
    words = [*COMMON, *OF_CLASS[0], *OF_CLASS[1], "elsewhere"]
    matrix = np.random.default_rng(0).normal(size=(len(words), 5)).astype(np.float32)
    write_vectors(tmp_path / "v", words=words, matrix=matrix)
    report = trained(tmp_path / "m", vectors=open_vectors(tmp_path / "v"))
    found = open_vectors(report.model.path)
    assert set(found.words()) == set(words) - {"elsewhere"}
    assert stated(report.model.path).dimension == 5
    assert np.array_equal(found.matrix[found.rows(["ritual"])[0]], matrix[words.index("ritual")].astype(np.float16))
    random_vectors(tmp_path / "strange")
    with pytest.raises(ModelError, match="no word is used 2 times and has a vector"):
        trained(tmp_path / "n", vectors=open_vectors(tmp_path / "strange"))


@pytest.mark.slow
def test_a_joint_model_trains_saves_and_loads(tmp_path: Path) -> None:
    report = trained(tmp_path / "m", options=replace(OPTIONS, joint=4, readout="last-step"))
    assert stated(report.model.path).joint == 4
    classifier = load(report.model.path)
    assert not classifier.additive
    assert report.metrics["auc"].value > 0.9


def test_records_without_a_label_are_counted_and_left_out(tmp_path: Path) -> None:
    made = [replace(record, label=None) if i >= 140 else record for i, record in enumerate(records())]
    report = trained(tmp_path / "m", made, options=replace(OPTIONS, fit=FitOptions(epochs=1)))
    assert report.unlabelled == 20
    assert "20 records without a label were left out" in report.model.card
    split = report.split
    assert sorted([*split.train, *split.validation, *split.test]) == list(range(140))


def test_too_few_records_of_a_class_are_refused_with_the_remedy(tmp_path: Path) -> None:
    made = [record for i, record in enumerate(records()) if record.label == 0 or i < 38]
    with pytest.raises(ModelError, match=r'only 19 records are labelled "computational"; at least 20.*Label more'):
        trained(tmp_path / "m", made)
    assert not (tmp_path / "m").exists()


def test_what_cannot_succeed_is_refused_before_training(tmp_path: Path) -> None:
    def never(stage: str, fraction: float) -> None:
        raise AssertionError("work was begun")

    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "thesis.tex").write_text("")
    with pytest.raises(ModelError, match="will not be overwritten"):
        trained(tmp_path / "m", progress=never)
    with pytest.raises(ModelError, match=r'no record has a value in the column "jounral"'):
        trained(tmp_path / "n", progress=never, confounders=("jounral",))


def test_a_class_that_is_in_one_part_alone_is_refused_before_anything_is_learned(tmp_path: Path) -> None:
    """Weights would not be numbers: a class without records has no weight."""
    same = [replace(one, title="Call for papers") if one.label else one for one in records(80)]
    with pytest.raises(
        ModelError,
        match=r'no record that is labelled "computational" is left for the training part, since records of the same '
        r"title or abstract are kept together\. Remove repeated",
    ):
        trained(tmp_path / "m", same)
    assert not (tmp_path / "m").exists()


def test_progress_names_its_stages_and_reaches_the_end_of_each(tmp_path: Path) -> None:
    told: dict[str, list[float]] = {}
    trained(
        tmp_path / "m",
        progress=lambda stage, fraction: told.setdefault(stage, []).append(fraction),
        options=replace(OPTIONS, fit=FitOptions(epochs=2)),
    )
    assert list(told) == ["cutting texts", "word vectors", "training"]
    for fractions in told.values():
        assert fractions == sorted(fractions)
        assert 0 <= fractions[0] <= fractions[-1] == 1


def test_the_card_states_counts_measures_and_what_could_be_confounded(report: TrainingReport) -> None:
    card = report.model.card
    assert "| train | 48 | 48 | 96 |" in card
    assert "| test | 16 | 16 | 32 |" in card
    assert f"| {report.metrics['auc'].value:.3f} | {report.metrics['auc'].low:.3f} to" in card
    assert "- 8 of 160 records have no abstract; of these 8 are *not computational* and 0 are *computational*." in card
    assert '- The median of "year" is 2001 for *not computational*, 2008 for *computational*' in card
    assert '- 150 of 160 records have a value of "journal" that occurs in one class alone (0 of these' in card
    assert "the test part is held out of everything" in card
    assert report.model.metrics["test"]["auc"]["value"] == pytest.approx(report.metrics["auc"].value, abs=1e-6)


def test_a_column_with_some_words_in_it_is_compared_by_its_values() -> None:
    made = [replace(record, metadata={"year": str(record.label or "n.d.")}) for record in records(40)]
    (_, fact) = confounding_facts(made, classes=CLASSES, columns=["year"])
    assert fact.startswith('40 of 40 records have a value of "year" that occurs in one class alone')


def test_what_stands_for_a_missing_number_is_no_number() -> None:
    """A median over it is whatever the order of the records makes of it."""
    years = ["nan", *(str(2000 + k) for k in range(38)), "inf"]
    made = [replace(one, metadata={"year": year}) for one, year in zip(records(40), years, strict=True)]
    (_, fact) = confounding_facts(made, classes=CLASSES, columns=["year"])
    assert fact.endswith("(38 records have one).")
    assert "nan" not in fact


def test_weights_do_not_depend_on_the_number_of_threads() -> None:
    matrix = np.random.default_rng(0).normal(size=(40, 64)).astype(np.float32)
    made = [replace(example, abstract=np.tile(example.abstract, 20)) for example in examples(64, seed=1)]
    before, weights = torch.get_num_threads(), []
    try:
        for threads in (1, 2):
            torch.set_num_threads(threads)
            found = fit(
                Architecture(layers=1, hidden=64, dimension=64),
                matrix,
                train=made,
                validation=made[:8],
                options=FitOptions(epochs=1),
                seed=0,
                progress=lambda fraction: None,
            )
            assert torch.get_num_threads() == threads
            weights.append(b"".join(value.tobytes() for value in found.weights.values()))
    finally:
        torch.set_num_threads(before)
    assert weights[0] == weights[1]


def examples(count: int, *, seed: int) -> list[Example]:
    rng = np.random.default_rng(seed)
    rows = [rng.integers(20, size=6) + 20 * (i % 2) for i in range(count)]
    return [Example(title=row[:2], abstract=row[2:], label=i % 2) for i, row in enumerate(rows)]


def test_early_stopping_keeps_the_best_epoch(tmp_path: Path) -> None:
    vectors = random_vectors(tmp_path / "v")
    noise = [replace(example, label=1 - example.label) for example in examples(40, seed=2)]
    found = fit(
        Architecture(layers=1, hidden=4, dimension=7),
        np.asarray(vectors.matrix),
        train=examples(60, seed=1),
        validation=noise,  # the better it learns, the worse it gets here
        options=FitOptions(epochs=30, patience=3, learning_rate=0.02),
        seed=0,
        progress=lambda fraction: None,
    )
    assert found.best == int(np.argmin(found.losses)) + 1
    assert len(found.losses) == found.best + 3 < 30


@pytest.mark.skipif(
    not Path(__file__).parents[3].joinpath("../shared/data/papers.csv").is_file(), reason="shared data is absent"
)
def test_real_records_are_grouped_so_that_no_text_is_in_two_parts(tmp_path: Path) -> None:
    from sitegen.config import Classes, Records
    from sitegen.corpus.records import read_records

    file = Path(__file__).parents[3] / "../shared/data/papers.csv"
    settings = Records(path=file, id="eid", label="class", positive_labels=("1",), negative_labels=("0",))
    made = read_records(settings, classes=Classes(positive=CLASSES[1], negative=CLASSES[0])).records[::6]
    report = trained(tmp_path / "m", made, options=replace(OPTIONS, vector_epochs=1, fit=FitOptions(epochs=1)))
    texts = report.model.texts
    assert not set(texts.test) & texts.seen
    assert not set(texts.train) & set(texts.validation)
