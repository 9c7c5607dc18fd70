"""What a model of another kind learned from is read from a file of hashes, and what cannot be used is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sitegen.errors import ModelError
from sitegen.models.learned import texts_in
from sitegen.models.manifest import Texts
from sitegen.models.registry import describe
from tests.models.adapters.pipelines import fitted, saved
from tests.sites import write_model

A, B, C = "a" * 16, "b" * 16, "0123456789abcdef"


def read(file: Path, content: Any) -> Texts:
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return texts_in(file, place="below its [[models]]")


def test_lists_and_model_directories_say_it(tmp_path: Path) -> None:
    file = tmp_path / "seen.json"
    assert read(file, {"train": [A], "test": [B]}) == Texts(train=(A,), test=(B,))
    write_model(tmp_path / "model", texts=Texts(train=(A,), validation=(B,), test=(C,)))
    found = texts_in(tmp_path / "model" / "config.json", place="")
    assert found == Texts(train=(A,), validation=(B,), test=(C,))
    assert found.seen == {A, B}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", r"seen\.json: is no JSON .* Name the config\.json of a model directory"),
        ([A], r'does not say which texts a model learned from: it has no list "train"'),
        ({"test": [A]}, r'it has no list "train"'),
        ({"texts": {}}, r'it has no list "train"'),
        ({"train": A}, r'"train" is no list of hashes, 16 hexadecimal digits each\. Make them with .*text_hash'),
        ({"train": [A], "validation": ["A paper's title"]}, r'"validation" is no list of hashes'),
    ],
)
def test_what_says_nothing_is_refused(tmp_path: Path, content: Any, message: str) -> None:
    with pytest.raises(ModelError, match=message):
        read(tmp_path / "seen.json", content)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'none\.json: there is no such file\. Correct "seen" below its'):
        texts_in(tmp_path / "none.json", place="below its [[models]] in site.toml")


def test_another_list_is_another_model(tmp_path: Path) -> None:
    read(tmp_path / "seen.json", {"train": [A]})
    source = saved(tmp_path, fitted(), seen=tmp_path / "seen.json")
    before = describe(source)
    assert before.texts == Texts(train=(A,))
    assert list(before.files) == ["model.joblib", "seen.json"]
    read(tmp_path / "seen.json", {"train": [A, B]})
    assert describe(source).fingerprint != before.fingerprint
