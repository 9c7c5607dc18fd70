"""The classifiers: margins are torch's, parts add up to them exactly, unknown words are not there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sitegen.models.architecture import Architecture
from sitegen.models.classifier import AdditiveClassifier, Classifier
from sitegen.models.rnn import JointClassifier, TwoTower, TwoTowerClassifier
from tests.models.networks import STRANGER, WORDS, naive_margin, random_classifier, random_text, random_vectors

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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
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
