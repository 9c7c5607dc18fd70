"""A two-tower LSTM of more than two classes, asked for one of them: the margin is that of torch's softmax."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from sitegen.analysis.attribution.occlusion import FullGrid, occlude
from sitegen.corpus.segment import Segmentation, segment
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.checkpoint import convert_checkpoint
from sitegen.models.lstm.classifier import Encoder
from sitegen.models.lstm.directory import save
from sitegen.models.lstm.network import TwoTower
from sitegen.models.registry import describe, load, load_randomised
from sitegen.models.source import Source
from tests.models.networks import WORDS, naive_features, random_text, random_vectors, random_weights

NAMES = ("law", "Economics", "physics")
CLASSES = ("not economics", "economics")
PLAIN = Architecture(layers=2, hidden=4, dimension=7, classes=3)
JOINT = Architecture(layers=1, hidden=4, dimension=7, classes=3, joint=5, readout="last-step")


def saved(path: Path, architecture: Architecture = PLAIN, **changes: Any) -> Path:
    settings: dict[str, Any] = {
        "architecture": architecture,
        "segmentation": Segmentation(),
        "classes": NAMES,
        "weights": random_weights(architecture),
        "vectors": random_vectors(path.parent / "vectors"),
        "card": "",
    }
    save(path, **{**settings, **changes})
    return path


def asked(path: Path, classes: tuple[str, str] = CLASSES, *, rest: bool = True) -> Source:
    return Source(path=path, classes=classes, rest=rest)


def by_torch(architecture: Architecture, folder: Path, title: Sequence[str], abstract: Sequence[str]) -> float:
    """log p / (1 - p) of the second class, p by torch's softmax in float64."""
    network = TwoTower(architecture).double()
    network.load_state_dict({k: torch.from_numpy(v) for k, v in random_weights(architecture).items()})
    vectors = random_vectors(folder)
    sides = []
    for lstm, tokens in ((network.lstmAb, abstract), (network.lstmTi, title)):
        rows = vectors.rows([token for token in tokens if token in WORDS])
        text = torch.from_numpy(np.array(vectors.matrix[rows], dtype=np.float64).reshape(-1, vectors.dimension))
        sides.append(naive_features(lstm, text, readout=architecture.readout))
    p = torch.softmax(network.fc(torch.cat(sides)), dim=0)[1]
    return float((torch.log(p) - torch.log1p(-p)).detach())


@pytest.mark.parametrize("architecture", [PLAIN, JOINT], ids=["plain", "joint"])
def test_the_margin_is_that_of_the_softmax_of_all_classes(tmp_path: Path, architecture: Architecture) -> None:
    classifier = load(asked(saved(tmp_path / "m", architecture)))
    assert not classifier.additive
    rng = np.random.default_rng(2)
    texts = [(random_text(rng, n), random_text(rng, 2 * n)) for n in (0, 1, 3, 9)]
    expected = [by_torch(architecture, tmp_path / "w", title, abstract) for title, abstract in texts]
    titles, abstracts = zip(*texts, strict=True)
    np.testing.assert_allclose(classifier.margins(titles, abstracts), expected, atol=1e-6)
    np.testing.assert_allclose(classifier.margins(titles[::-1], abstracts[::-1]), expected[::-1], atol=1e-6)
    assert classifier.margins([], []).shape == (0,)


def test_a_grid_reads_each_prefix_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    classifier = load(asked(saved(tmp_path / "m")))
    read: list[tuple[str, ...]] = []
    features = Encoder._features

    def counted(self: Any, field: Any, texts: Any) -> Any:
        read.extend((field, *text) for text in texts)
        return features(self, field, texts)

    monkeypatch.setattr(Encoder, "_features", counted)
    pairs = [(WORDS[: i + 1], WORDS[6 : 7 + j]) for i in range(6) for j in range(24)]
    classifier.margins(*zip(*pairs, strict=True))
    assert len(read) == len(set(read)) == 6 + 24
    document = segment(" ".join(WORDS[:6]), " ".join(WORDS[6:30]) + ".", classifier.segmentation)
    (occlusion,) = occlude([document], classifier)
    assert isinstance(occlusion.grid, FullGrid)
    assert occlusion.grid.margins.shape == (6, 24)
    assert len(read) == len(set(read))
    expected = by_torch(PLAIN, tmp_path / "w", WORDS[:3], WORDS[6:10])
    assert occlusion.grid.margins[2, 3] == pytest.approx(expected, abs=1e-6)


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.lstm.several.KEPT", 3)
    classifier: Any = load(asked(saved(tmp_path / "m")))
    texts = [WORDS[:n] for n in range(1, 9)]
    first = classifier.margins(texts, texts)
    assert len(classifier._kept["title"]) == 8  # those of the call itself
    np.testing.assert_allclose(classifier.margins(texts[:2], texts[:2]), first[:2], atol=1e-6)
    assert len(classifier._kept["title"]) == 2


def test_readers_are_told_which_classes_there_are(tmp_path: Path) -> None:
    path = saved(tmp_path / "m")
    manifest = describe(asked(path))
    assert (manifest.classes, manifest.additive, manifest.network) == (CLASSES, False, None)
    assert ("Tells apart", "3 classes: law, Economics, physics", "") in manifest.facts
    assert "all the others together, which are called “not economics” here" in manifest.notes[0]
    assert "one output for each of its 3 classes" in manifest.no_network
    assert "fc.weight (3, 16), fc.bias (3)" in manifest.format
    assert "log(sum of exp(logits[k])" in manifest.format
    assert manifest.recompute == ""
    assert manifest.fingerprint != describe(asked(path, ("not law", "law"))).fingerprint
    joint = describe(asked(saved(tmp_path / "n", JOINT))).format
    assert "fc.2.weight (3, 5), fc.2.bias (3)" in joint


def test_it_has_random_weights_to_compare_with(tmp_path: Path) -> None:
    path = saved(tmp_path / "m")
    margins = [load_randomised(asked(path), seed=seed).margins([WORDS], [WORDS])[0] for seed in (1, 1, 2)]
    assert margins[0] == margins[1] != margins[2]


def test_what_cannot_be_asked_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "m")
    with pytest.raises(ModelError, match=r"names 3 classes .*site\.toml with positive below .* in Python with"):
        load(asked(path, rest=False))
    with pytest.raises(ModelError, match="names 3 classes"):
        load(path)
    with pytest.raises(ModelError, match=r"config\.json: .*none of which is “history”. Set classes\.positive"):
        load(asked(path, ("not history", "history")))


def test_two_classes_are_as_they_were(tmp_path: Path) -> None:
    two = Architecture(layers=1, hidden=4, dimension=7)
    path = saved(tmp_path / "m", two, classes=CLASSES, weights=random_weights(two))
    assert load(asked(path)).additive
    assert describe(asked(path)).fingerprint == describe(path).fingerprint


def test_a_checkpoint_of_three_classes_is_converted(tmp_path: Path) -> None:
    network = TwoTower(PLAIN)
    network.load_state_dict({k: torch.from_numpy(v) for k, v in random_weights(PLAIN).items()})
    torch.save(network.state_dict(), tmp_path / "net.pt")
    random_vectors(tmp_path / "v")
    settings: dict[str, Any] = {"vectors": tmp_path / "v", "segmentation": Segmentation(), "readout": "final-state"}
    convert_checkpoint(tmp_path / "net.pt", output=tmp_path / "m", classes=NAMES, **settings)
    expected = by_torch(PLAIN, tmp_path / "w", WORDS[:2], WORDS[3:9])
    assert load(asked(tmp_path / "m")).margins([WORDS[:2]], [WORDS[3:9]])[0] == pytest.approx(expected, abs=1e-6)
    assert "each of these: *law*, *Economics*, *physics*" in (tmp_path / "m" / "card.md").read_text()
    with pytest.raises(ModelError, match=r"expected \(2, 16\).*a logit for each class that is named, here 2: a, b"):
        convert_checkpoint(tmp_path / "net.pt", output=tmp_path / "n", classes=("a", "b"), **settings)
