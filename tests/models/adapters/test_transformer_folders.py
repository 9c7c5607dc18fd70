"""What is no folder of a whole classifier, or would run code, is refused before anything of it is read."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from sitegen.errors import ModelError
from sitegen.models.adapters.transformers.folder import read_folder
from sitegen.models.protocol import Text
from sitegen.models.registry import describe, load
from tests.models.adapters.transformer_folders import bert, changed, source


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bert(tmp_path_factory.mktemp("made") / "bert")


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(made, tmp_path / "bert"))


def refused(folder: Path, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        describe(source(folder))


def test_weights_in_a_pickle_are_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "pytorch_model.bin").write_bytes(b"")
    refused(folder, r"pytorch_model\.bin: to read these weights is to run .* model\.save_pretrained\(FOLDER\)")


def test_a_folder_without_weights_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    refused(folder, r"model\.safetensors: there is no such file")


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json"])
def test_code_of_the_folders_own_is_refused(folder: Path, name: str) -> None:
    changed(folder, name, auto_map={"AutoConfig": "configuration_mine.MyConfig"})
    refused(folder, rf'{re.escape(name)}: "auto_map" names classes .* sitegen never does.*kind = "python"')


def test_kernels_from_the_network_are_refused(folder: Path) -> None:
    refused(changed(folder, attn_implementation="somebody/fast"), "code that would be fetched from the network")


@pytest.mark.parametrize("name", ["BertModel", "BertForMaskedLM"])
def test_what_is_no_classifier_is_refused(folder: Path, name: str) -> None:
    refused(changed(folder, architectures=[name]), rf"{name} is no classifier of texts\. Train one")


def test_an_encoder_that_does_not_say_so_is_refused_when_its_head_is_missing(folder: Path) -> None:
    weights = {
        name: value for name, value in load_file(folder / "model.safetensors").items() if "classifier" not in name
    }
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"lacks weights .* \(classifier\.bias, classifier\.weight\); random numbers"):
        load(source(folder))


def test_an_adapter_is_refused(folder: Path) -> None:
    (folder / "adapter_config.json").write_text("{}")
    refused(folder, "merge_and_unload")


def test_a_folder_without_a_tokenizer_is_refused(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    refused(folder, r"has no tokenizer\. Save it beside the model")


def test_a_folder_that_is_none_is_named(folder: Path, tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "is not there; this kind of model is a folder")
    refused(folder / "config.json", "is a file; this kind of model is a folder")
    (folder / "config.json").write_text("{")
    refused(folder, r"config\.json: is not valid JSON")
    (folder / "config.json").unlink()
    refused(folder, r"config\.json: there is no such file")


def test_an_index_cannot_name_what_lies_elsewhere(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder.parent / "other.safetensors")
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "../other.safetensors"}}))
    refused(folder, "names a file outside of its folder")
    index.write_text(json.dumps({"weight_map": {"a": "model-00001-of-00001.safetensors"}}))
    refused(folder, "there is no such file, though .* names it")
    index.write_text("{}")
    refused(folder, '"weight_map" is missing')


def test_labels_are_in_the_order_of_their_numbers(folder: Path) -> None:
    many = {str(k): f"class {k}" for k in range(11)}
    assert read_folder(changed(folder, id2label=dict(sorted(many.items())))).labels == tuple(many.values())
    assert read_folder(changed(folder, id2label=None, num_labels=3)).labels == ("LABEL_0", "LABEL_1", "LABEL_2")
    assert read_folder(changed(folder, num_labels=None)).labels == ("LABEL_0", "LABEL_1")


def test_a_pair_needs_a_tokenizer_that_makes_pairs(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    (folder / "tokenizer.json").write_text(json.dumps({**tokenizer, "post_processor": None}))
    changed(folder, "tokenizer_config.json", tokenizer_class="PreTrainedTokenizerFast")
    with pytest.raises(ModelError, match=r'title and abstract would run together.*join = " "'):
        load(source(folder))
    pieces = load(source(folder, join=" "))._transformer._pieces
    assert [len(one) for one in pieces.encode([Text(title="", abstract=""), Text(title="we", abstract="it")])] == [1, 2]


def test_a_missing_library_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "transformers", None)
    assert describe(source(folder)).files
    with pytest.raises(ModelError, match=r"needs transformers, which is not installed\. .*\[transformers\]"):
        load(source(folder))


def test_a_broken_file_is_named(folder: Path) -> None:
    (folder / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match=r"bert: raised \w+"):
        load(source(folder))
