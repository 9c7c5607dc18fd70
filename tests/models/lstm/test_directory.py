"""A folder of a two-tower LSTM comes back as it was saved, or is refused in words that name the file and the key."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file, save_file

from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import write_vectors
from sitegen.errors import ModelError
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.classifier import build_classifier
from sitegen.models.lstm.directory import check_output, save
from sitegen.models.lstm.network import TwoTower
from sitegen.models.manifest import Manifest, Texts
from sitegen.models.registry import describe, load, load_randomised
from tests.models.networks import naive_margin, random_vectors, random_weights, stated

ARCHITECTURE = Architecture(layers=2, hidden=4, dimension=7, readout="last-step")
READS = (("old", "last-step"), ("new", "final-state"))
TEXTS = Texts(train=("cc", "aa"), validation=("bb",), test=("dd",))


def saved(path: Path, *, architecture: Architecture = ARCHITECTURE, **changes: Any) -> Manifest:
    settings: dict[str, Any] = {
        "architecture": architecture,
        "segmentation": Segmentation(strip_title=False),
        "classes": ("not computational", "computational"),
        "weights": random_weights(architecture),
        "vectors": random_vectors(path.parent / f"{path.name} vectors"),
        "card": "# A card\n",
        "texts": TEXTS,
        "metrics": {"test": {"auc": {"value": 0.9, "low": 0.8, "high": 1.0}}},
        "training": {"seed": 1},
    }
    return save(path, **{**settings, **changes})


def test_a_manifest_says_what_was_saved(tmp_path: Path) -> None:
    manifest = saved(tmp_path / "m")
    assert manifest == describe(tmp_path / "m")
    assert (manifest.kind, manifest.additive, manifest.reads) == ("two-tower-lstm", True, "tokens")
    assert stated(tmp_path / "m") == ARCHITECTURE
    assert manifest.segmentation == Segmentation(strip_title=False)
    assert manifest.classes == ("not computational", "computational")
    assert manifest.texts == Texts(train=("aa", "cc"), validation=("bb",), test=("dd",))
    assert manifest.texts.seen == {"aa", "bb", "cc"}
    assert manifest.metrics["test"]["auc"]["high"] == 1.0
    assert manifest.training["seed"] == 1
    assert manifest.size == "2 layers of 4 units over 40 words"
    assert manifest.card == "# A card\n"
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == [
        "card.md",
        "config.json",
        "vectors.npy",
        "weights.safetensors",
        "words.txt",
    ]


def test_readers_are_told_of_the_readout_that_sees_one_word(tmp_path: Path) -> None:
    old, new = (saved(tmp_path / name, architecture=replace(ARCHITECTURE, readout=readout)) for name, readout in READS)
    assert old.notes[0].startswith("This model looks at its readers' output at the last word only.")
    assert old.record_note.endswith("one of its two reading directions (see Methods).")
    assert "five of its eighty published decisions" in old.probability_note
    assert (new.notes, new.record_note, new.probability_note) == ((), "", "")
    for manifest, readout in ((old, "last-step"), (new, "final-state")):
        facts = {name: (value, note) for name, value, note in manifest.facts}
        assert facts["Kind"] == (
            "two LSTM networks, one for the title, one for the abstract, read apart and added up",
            "",
        )
        assert facts["Result taken"][1] == f"readout {readout}"
    joint = saved(tmp_path / "j", architecture=replace(ARCHITECTURE, joint=3))
    assert not joint.additive
    assert joint.facts[0][1].endswith("read apart, then joined in a layer of 3 units")


@pytest.mark.parametrize("joint", [0, 3])
def test_a_loaded_model_computes_what_was_saved(tmp_path: Path, joint: int) -> None:
    architecture = Architecture(layers=2, hidden=4, dimension=7, joint=joint)
    saved(tmp_path / "m", architecture=architecture)
    classifier = load(tmp_path / "m", precision="float64")
    assert classifier.additive == (joint == 0)
    assert classifier.segmentation == Segmentation(strip_title=False)
    expected = naive_margin(architecture, random_vectors(tmp_path / "v"), ["w1", "w9"], ["w2", "w3", "w4"])
    assert classifier.margins([["w1", "w9"]], [["w2", "w3", "w4"]])[0] == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("joint", [0, 3])
def test_a_randomised_model_has_all_but_the_weights(tmp_path: Path, joint: int) -> None:
    saved(tmp_path / "m", architecture=Architecture(layers=2, hidden=4, dimension=7, joint=joint))
    texts = [["w1", "w9"], []], [["w2", "w3", "w4"], ["w5"]]
    real, one, same, other = (
        load(tmp_path / "m"),
        load_randomised(tmp_path / "m", seed=1),
        load_randomised(tmp_path / "m", seed=1),
        load_randomised(tmp_path / "m", seed=2),
    )
    assert one.additive == real.additive
    assert one.segmentation == real.segmentation
    assert one.known(["w1", "never-seen"]).tolist() == real.known(["w1", "never-seen"]).tolist() == [True, False]
    assert one.margins(*texts).tolist() == same.margins(*texts).tolist()
    for unlike in (real, other):
        assert np.all(one.margins(*texts) != unlike.margins(*texts))


def test_first_weights_are_torchs_own_and_its_generator_is_left_as_it_was(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    torch.manual_seed(7)
    expected = TwoTower(ARCHITECTURE)
    torch.manual_seed(3)
    before = torch.get_rng_state()
    classifier = load_randomised(tmp_path / "m", seed=7, precision="float64")
    assert torch.equal(torch.get_rng_state(), before)
    again = build_classifier(
        {name: value.numpy() for name, value in expected.state_dict().items()},
        architecture=ARCHITECTURE,
        vectors=random_vectors(tmp_path / "v"),
        segmentation=Segmentation(),
        precision="float64",
    )
    assert classifier.margins([["w1"]], [["w2", "w3"]]).tolist() == again.margins([["w1"]], [["w2", "w3"]]).tolist()


def test_a_saved_model_is_no_pickle(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    for file in (tmp_path / "m").iterdir():
        assert not file.read_bytes().startswith((b"\x80", b"PK"))


def test_the_fingerprint_is_of_the_files_that_influence_results(tmp_path: Path) -> None:
    first, again = saved(tmp_path / "a"), saved(tmp_path / "b")
    assert first.fingerprint == again.fingerprint
    assert len(first.fingerprint) == 64
    (tmp_path / "a" / "card.md").write_text("another card")
    assert describe(tmp_path / "a").fingerprint == first.fingerprint
    for name in ("weights.safetensors", "vectors.npy"):
        data = bytearray((tmp_path / "b" / name).read_bytes())
        data[-1] ^= 1
        (tmp_path / "b" / name).write_bytes(data)
        changed = describe(tmp_path / "b").fingerprint
        assert changed not in {first.fingerprint, again.fingerprint}
        again = describe(tmp_path / "b")


def test_describing_loads_no_torch(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    program = (
        "import sys; from pathlib import Path; from sitegen.models.registry import describe;"
        "describe(Path(sys.argv[1])); assert 'torch' not in sys.modules and 'gensim' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "m")], check=True)


def change(path: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    config = json.loads((path / "config.json").read_text())
    edit(config)
    (path / "config.json").write_text(json.dumps(config))


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda c: c.pop("classes"), r'"classes" is missing\. '),
        (lambda c: c.update(colour="red"), r'"colour" is not a known key\. Remove it'),
        (lambda c: c.update(format=2), r'"format" is 2; this sitegen reads 1\. Update'),
        (lambda c: c["architecture"].update(hidden=0), r'"architecture\.hidden": .*found: 0'),
        (lambda c: c["architecture"].update(hidden="4"), r'"architecture\.hidden": '),
        (lambda c: c["architecture"].update(readout="mean"), r'"architecture\.readout": .*found: \'mean\''),
        (
            lambda c: c["architecture"].update(type="transformer"),
            r'"architecture\.type": "transformer" is not a kind of model',
        ),
        (lambda c: c["architecture"].update(directions=3), r'"architecture\.directions": '),
        (lambda c: c["segmentation"].pop("splitter"), r'"segmentation\.splitter" is missing'),
        (
            lambda c: c["segmentation"].update(tokenizer="bpe"),
            r'"segmentation\.tokenizer": "bpe" is not known\. Use one',
        ),
        (lambda c: c["segmentation"].update(splitter="guess"), r'"segmentation\.splitter": "guess" is not known'),
        (lambda c: c["texts"].update(train=[1]), r'"texts\.train\.0": '),
        (lambda c: c.update(classes=["law", "art", "trade"]), r'"classes" names 3 classes \(law, art, trade\)'),
        (lambda c: c.update(classes=["law", "law"]), r"two different classes"),
        (lambda c: c["vocabulary"].update(sha256="0" * 64), r"words\.txt: is not the word list this model was saved"),
    ],
)
def test_a_config_that_is_not_as_it_should_be_is_refused_by_its_key(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], problem: str
) -> None:
    saved(tmp_path / "m")
    change(tmp_path / "m", edit)
    with pytest.raises(ModelError, match=problem):
        describe(tmp_path / "m")


def test_all_problems_of_a_config_are_told_together(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    change(tmp_path / "m", lambda c: (c.pop("classes"), c["architecture"].update(layers=-1)))
    with pytest.raises(ModelError, match=r'(?s)"architecture\.layers".*\n.*"classes" is missing'):
        describe(tmp_path / "m")


@pytest.mark.parametrize("name", ["config.json", "weights.safetensors", "vectors.npy", "words.txt"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    saved(tmp_path / "m")
    (tmp_path / "m" / name).unlink()
    with pytest.raises(ModelError, match=rf"m/{name}: there is no such file\. "):
        load(tmp_path / "m")


def test_no_folder_and_no_json_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"absent: there is no such folder"):
        describe(tmp_path / "absent")
    saved(tmp_path / "m")
    (tmp_path / "m" / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json: is not valid JSON"):
        describe(tmp_path / "m")


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (lambda w: w.pop("fc.bias"), r'"fc\.bias" is missing; expected one of shape \(2,\)'),
        (lambda w: w.update({"fc.weight": np.zeros((2, 8), np.float32)}), r'"fc\.weight" has shape \(2, 8\)'),
        (lambda w: w.update(more=np.zeros(1, np.float32)), r'"more" belongs to no layer'),
    ],
)
def test_weights_that_do_not_fit_are_named(
    tmp_path: Path, edit: Callable[[dict[str, Any]], None], problem: str
) -> None:
    saved(tmp_path / "m")
    file = tmp_path / "m" / "weights.safetensors"
    weights = load_file(file)
    edit(weights)
    save_file(weights, file)
    with pytest.raises(ModelError, match=rf"weights\.safetensors: the tensor {problem}"):
        load(tmp_path / "m")


def test_broken_weights_and_foreign_vectors_are_refused(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    file = tmp_path / "m" / "weights.safetensors"
    file.write_bytes(file.read_bytes()[:-5])
    with pytest.raises(ModelError, match=r"weights\.safetensors: is not a whole safetensors file"):
        load(tmp_path / "m")
    saved(tmp_path / "m")
    write_vectors(tmp_path / "w", words=[f"w{n}" for n in range(40)], matrix=np.zeros((40, 6), np.float32))
    (tmp_path / "w" / "vectors.npy").rename(tmp_path / "m" / "vectors.npy")
    with pytest.raises(ModelError, match=r"has 40 vectors of 6 numbers; config\.json says 40 of 7"):
        load(tmp_path / "m")
    for damaged in (b"no matrix", b""):  # of which numpy would say how to trust a pickle
        (tmp_path / "m" / "vectors.npy").write_bytes(damaged)
        with pytest.raises(ModelError, match=r"whole \.npy matrix\. Restore the file, or train"):
            load(tmp_path / "m")


def test_a_model_directory_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    saved(tmp_path / "m")
    assert saved(tmp_path / "m", classes=("no", "yes")).classes == ("no", "yes")
    (tmp_path / "m" / "notes.txt").write_text("mine")
    with pytest.raises(ModelError, match=r'holds "notes\.txt"\) and will not be overwritten'):
        saved(tmp_path / "m")
    with pytest.raises(ModelError, match="will not be overwritten"):
        check_output(tmp_path / "m")
    assert (tmp_path / "m" / "notes.txt").read_text() == "mine"
    check_output(tmp_path / "fresh")


def test_a_save_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    before = saved(tmp_path / "m")
    with pytest.raises(ValueError, match=r"[Nn]a[Nn]|JSON"):
        saved(tmp_path / "m", metrics={"auc": float("nan")})
    with pytest.raises(ValueError, match=r"fc\.bias"):
        saved(tmp_path / "m", weights={k: v for k, v in random_weights(ARCHITECTURE).items() if k != "fc.bias"})
    assert describe(tmp_path / "m") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "m vectors"]
