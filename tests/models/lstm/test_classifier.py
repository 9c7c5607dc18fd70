"""The classifiers: margins are torch's, parts add up to them exactly, unknown words are not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.corpus.segment import Segmentation
from sitegen.corpus.tokens import tokenizer
from sitegen.corpus.vectors import open_vectors, write_vectors
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.classifier import (
    UNKNOWN_WORDS,
    JointClassifier,
    TwoTower,
    TwoTowerClassifier,
    build_classifier,
)
from sitegen.models.protocol import MEAN_VECTOR, ZERO_VECTOR, AdditiveClassifier, Classifier
from tests.effort import examples
from tests.models.networks import (
    STRANGER,
    WORDS,
    naive_features,
    naive_margin,
    random_classifier,
    random_text,
    random_vectors,
    random_weights,
)

ARCHITECTURES = [
    Architecture(layers=layers, hidden=4, dimension=7, directions=directions, readout=readout, joint=joint)
    for layers, directions, readout, joint in [
        (1, 1, "final-state", 0),
        (1, 2, "last-step", 0),
        (2, 2, "final-state", 0),
        (2, 2, "last-step", 0),
        (3, 2, "final-state", 0),
        (2, 2, "final-state", 3),
        (1, 1, "last-step", 5),
    ]
]
ADDITIVE = Architecture(layers=2, hidden=4, dimension=7)
TOKENS = st.lists(st.sampled_from([*WORDS, STRANGER, "another stranger"]), max_size=12)


def pairs(count: int = 12) -> tuple[list[list[str]], list[list[str]]]:
    rng = np.random.default_rng(2)
    titles = [random_text(rng, int(rng.integers(0, 12))) for _ in range(count)]
    abstracts = [random_text(rng, int(rng.integers(1, 60))) for _ in range(count)]
    titles[0], abstracts[1], abstracts[2] = [], [], [STRANGER] * 5
    return titles, abstracts


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_margins_are_the_difference_of_torchs_logits(tmp_path: Path, architecture: Architecture) -> None:
    titles, abstracts = pairs()
    classifier = random_classifier(tmp_path / "v", architecture, precision="float64")
    vectors = random_vectors(tmp_path / "w")
    expected = [naive_margin(architecture, vectors, t, a) for t, a in zip(titles, abstracts, strict=True)]
    np.testing.assert_allclose(classifier.margins(titles, abstracts), expected, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_company_and_order_do_not_matter(tmp_path: Path, architecture: Architecture) -> None:
    titles, abstracts = pairs()
    classifier = random_classifier(tmp_path / "v", architecture)
    together = classifier.margins(titles, abstracts)
    order = np.random.default_rng(0).permutation(len(titles))
    shuffled = classifier.margins([titles[i] for i in order], [abstracts[i] for i in order])
    alone = [classifier.margins([t], [a])[0] for t, a in zip(titles, abstracts, strict=True)]
    np.testing.assert_allclose(shuffled, together[order], rtol=0, atol=1e-6)
    np.testing.assert_allclose(alone, together, rtol=0, atol=1e-6)
    assert together.dtype == np.float64


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=str)
def test_an_architecture_tells_torchs_names_and_shapes(architecture: Architecture) -> None:
    found = {name: tuple(value.shape) for name, value in TwoTower(architecture).state_dict().items()}
    assert found == architecture.shapes()


def test_the_protocols_are_met(tmp_path: Path) -> None:
    plain = random_classifier(tmp_path / "v", ADDITIVE)
    joint = random_classifier(tmp_path / "w", Architecture(layers=1, hidden=4, dimension=7, joint=2))
    assert isinstance(plain, TwoTowerClassifier)
    assert isinstance(plain, AdditiveClassifier)
    assert plain.additive
    assert isinstance(joint, JointClassifier)
    assert isinstance(joint, Classifier)
    assert not isinstance(joint, AdditiveClassifier)
    assert not joint.additive


def test_known_marks_the_words_that_have_a_vector(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path / "v", ADDITIVE)
    assert classifier.known(["w1", STRANGER, "w2"]).tolist() == [True, False, True]
    assert classifier.known([]).tolist() == []
    assert classifier.known([]).dtype == np.bool_


@pytest.fixture(scope="module")
def classifier(tmp_path_factory: pytest.TempPathFactory) -> TwoTowerClassifier:
    made: TwoTowerClassifier = random_classifier(tmp_path_factory.mktemp("v") / "v", ADDITIVE, precision="float64")
    return made


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=TOKENS, abstract=TOKENS)
def test_parts_of_the_whole_add_up_to_the_margin(
    classifier: TwoTowerClassifier, title: list[str], abstract: list[str]
) -> None:
    (title_parts,) = classifier.prefix_parts("title", [title])
    (abstract_parts,) = classifier.prefix_parts("abstract", [abstract])
    (margin,) = classifier.margins([title], [abstract])
    assert title_parts.shape == (max(len(title), 1),)
    assert title_parts[-1] + abstract_parts[-1] + classifier.bias == pytest.approx(margin, rel=1e-12, abs=1e-12)
    for parts, field, text in ((title_parts, "title", title), (abstract_parts, "abstract", abstract)):
        expected = classifier.parts(field, [text[:k] for k in range(1, len(text) + 1)] or [[]])
        np.testing.assert_allclose(parts, expected, rtol=1e-12, atol=1e-12)


@pytest.mark.slow
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TOKENS, data=st.data())
def test_a_deletion_is_the_text_without_it(
    classifier: TwoTowerClassifier, text: list[str], data: st.DataObject
) -> None:
    cuts = st.tuples(st.integers(0, len(text)), st.integers(0, len(text))).map(lambda cut: (min(cut), max(cut)))
    ranges = data.draw(st.lists(cuts, max_size=5))
    for field in ("title", "abstract"):
        (found,) = classifier.without_parts(field, [text], [ranges])
        expected = classifier.parts(field, [text[:a] + text[b:] for a, b in ranges])
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_the_prefix_after_an_unknown_word_is_the_prefix_before_it(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path / "v", ADDITIVE)
    text = [STRANGER, STRANGER, "w1", STRANGER, "w2", STRANGER]
    (parts,) = classifier.prefix_parts("abstract", [text])
    (empty,) = classifier.parts("abstract", [[]])
    assert parts[0] == parts[1] == empty
    assert parts[2] == parts[3]
    assert parts[4] == parts[5]
    assert len({parts[1], parts[2], parts[4]}) == 3
    (strangers,) = classifier.prefix_parts("title", [[STRANGER] * 3])
    assert strangers.tolist() == [classifier.parts("title", [[]])[0]] * 3


def test_deleting_unknown_words_changes_nothing_to_the_last_bit(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path / "v", ADDITIVE)
    text = ["w1", STRANGER, STRANGER, "w2", "w3", STRANGER]
    (parts,) = classifier.without_parts("abstract", [text, ["w5"]], [[(0, 0), (1, 3), (5, 6), (3, 4)], [(0, 1)]])[:1]
    assert parts[0] == parts[1] == parts[2]
    assert parts[3] != parts[0]


def test_title_and_abstract_are_read_by_towers_of_their_own(tmp_path: Path) -> None:
    classifier = random_classifier(tmp_path / "v", ADDITIVE)
    text = [["w1", "w2", "w3"]]
    assert abs(classifier.parts("title", text)[0] - classifier.parts("abstract", text)[0]) > 1e-3


def test_no_records_have_no_margins(tmp_path: Path) -> None:
    for number, joint in enumerate((0, 2)):
        classifier = random_classifier(
            tmp_path / str(number), Architecture(layers=1, hidden=4, dimension=7, joint=joint)
        )
        assert classifier.margins([], []).shape == (0,)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_stand_ins_are_read_as_the_vectors_they_are_named_after(tmp_path: Path, dtype: type[np.floating]) -> None:
    matrix = np.random.default_rng(3).normal(loc=0.5, size=(len(WORDS), 7)).astype(dtype)
    write_vectors(tmp_path / "v", words=WORDS, matrix=matrix)
    vectors = open_vectors(tmp_path / "v")
    classifier = build_classifier(
        random_weights(ADDITIVE),
        architecture=ADDITIVE,
        vectors=vectors,
        segmentation=Segmentation(),
        precision="float64",
    )
    assert isinstance(classifier, TwoTowerClassifier)
    network = TwoTower(ADDITIVE).double()
    network.load_state_dict({k: torch.from_numpy(v) for k, v in random_weights(ADDITIVE).items()})
    of = {word: vectors.matrix[row] for row, word in enumerate(vectors.words())}
    of |= {ZERO_VECTOR: np.zeros(7), MEAN_VECTOR: matrix.astype(np.float64).mean(axis=0).astype(np.float32)}
    text = ["w1", MEAN_VECTOR, STRANGER, "w2", ZERO_VECTOR, ZERO_VECTOR, "w3"]
    given = torch.from_numpy(np.array([of[token] for token in text if token in of], dtype=np.float64))
    features = torch.cat([naive_features(network.lstmAb, given, readout=ADDITIVE.readout), torch.zeros(8).double()])
    slope = (network.fc.weight[1] - network.fc.weight[0]).detach()
    expected = float(features.detach() @ slope)
    assert classifier.parts("abstract", [text])[0] == pytest.approx(expected, rel=1e-10)
    assert classifier.prefix_parts("abstract", [text])[0][-1] == pytest.approx(expected, rel=1e-10)
    assert classifier.without_parts("abstract", [text], [[(0, 0)]])[0][0] == pytest.approx(expected, rel=1e-10)
    assert classifier.known(text).tolist() == [token != STRANGER for token in text]


def test_the_unknown_word_is_the_vocabularys_own_or_none(tmp_path: Path) -> None:
    assert dict(random_classifier(tmp_path / "v", ADDITIVE).stand_ins) == {"zero": ZERO_VECTOR, "mean": MEAN_VECTOR}
    for number, entry in enumerate(UNKNOWN_WORDS):
        folder = tmp_path / str(number)
        write_vectors(folder, words=[*WORDS, entry], matrix=np.ones((len(WORDS) + 1, 7), dtype=np.float32))
        classifier = build_classifier(
            random_weights(ADDITIVE),
            architecture=ADDITIVE,
            vectors=open_vectors(folder),
            segmentation=Segmentation(),
        )
        assert classifier.stand_ins["unknown"] == entry
        assert classifier.known([entry, STRANGER]).tolist() == [True, False]


def test_no_tokenizer_makes_a_stand_in() -> None:
    for name in ("words", "nltk"):
        cut = tokenizer(name)
        for stand_in in (ZERO_VECTOR, MEAN_VECTOR):
            text = f"a {stand_in} b"
            assert stand_in not in [text[a:b] for a, b in cut(text, 0, len(text))]
