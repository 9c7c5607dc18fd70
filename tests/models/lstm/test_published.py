"""The numbers of a network in the forms in which a page can have them."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from safetensors import numpy as safetensors

from sitegen.models.lstm.published import rounded, unrounded
from sitegen.models.registry import live_form, live_model
from tests.sites import tokens, write_model

FORMS = {"float32": "<f4", "float16": "<f2", "int8": "i1"}
FLOATS = st.floats(-8, 8, width=32, allow_nan=False)


@given(arrays(np.float32, st.tuples(st.integers(1, 6), st.integers(1, 9)), elements=FLOATS))
def test_rounding_keeps_each_number_within_a_step(matrix: Any) -> None:
    for form, step in (("float32", 0.0), ("float16", 2.0**-11), ("int8", 1 / 254)):
        back = unrounded(*rounded(matrix, form)).astype(np.float64)
        allowed = step * (np.abs(matrix).max(axis=1, keepdims=True) + 1e-4) * 1.0001
        assert np.all(np.abs(back - matrix) <= allowed)
        again = unrounded(*rounded(back.astype(np.float32), form))
        assert np.allclose(again, back, rtol=1e-6, atol=0)  # what is rounded once is not moved again


@pytest.fixture
def model(tmp_path: Path) -> Path:
    write_model(tmp_path / "model", hidden=5)
    return tmp_path / "model"


def counts() -> dict[str, int]:
    return {"zebra": 3, "we": 2}


def test_each_limit_has_the_best_form_that_fits(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.lstm.published.LEAST_WORDS", 5)
    forms = []
    for limit in range(30_000, 4_000, -400):
        form = live_form(model, limit=limit, counts=counts)
        if isinstance(form, str):
            forms.append(None)
            continue
        script = live_model(model, form).script()
        assert len(json.dumps(script, separators=(",", ":"))) <= limit
        forms.append((form["weights"], form["vectors"], script["numbers"]["words"]))
    words = len(tokens())
    assert forms[0] == ("float32", "float32", words)
    assert forms[-1] is None
    order = [("float32", "float32"), ("float32", "float16"), ("float16", "float16"), ("float16", "int8")]
    ranks = [(order.index(form[:2]), -form[2]) for form in forms if form]
    assert ranks == sorted(ranks)
    assert {rank for rank, _ in ranks} == {0, 1, 2, 3}
    assert min(form[2] for form in forms if form) < words


def test_numbers_too_large_for_float16_stay_as_they_are(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = model / "weights.safetensors"
    weights = safetensors.load_file(file)
    weights["fc.bias"] = np.array([0, 7e4], dtype=np.float32)
    file.write_bytes(safetensors.save(weights))
    forms = [live_form(model, limit=limit, counts=counts) for limit in range(30_000, 4_000, -400)]
    assert {form["weights"] for form in forms if not isinstance(form, str)} == {"float32"}


def test_the_words_of_the_site_are_kept_first(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.lstm.published.LEAST_WORDS", 2)
    for limit in range(4_000, 12_000, 20):
        form = live_form(model, limit=limit, counts=counts)
        if not isinstance(form, str):
            kept = live_model(model, form).script()["words"].split("\n")
            assert set(kept[:1]) < {"we", "zebra"} or len(kept) > 2
            assert "zebra" in kept
            assert kept == sorted(kept, key=str.encode)
            break
    else:
        pytest.fail("no limit left few words")


@pytest.mark.parametrize(
    "form", [{"weights": "float16", "vectors": "float16"}, {"weights": "float16", "vectors": "int8"}]
)
def test_python_reads_the_numbers_of_the_page(model: Path, form: dict[str, str]) -> None:
    published = live_model(model, form)
    script = published.script()
    classifier: Any = published.load(precision="float32")
    for name, weight in classifier._network.state_dict().items():
        in_page = np.frombuffer(b64decode(script["weights"][name]), FORMS[form["weights"]]).astype(np.float32)
        assert np.array_equal(in_page, weight.numpy().ravel())
    in_page = np.frombuffer(b64decode(script["vectors"]), FORMS[form["vectors"]]).astype(np.float32).reshape(-1, 4)
    if "scales" in script:
        in_page = in_page * np.frombuffer(b64decode(script["scales"]), "<f4")[:, None]
    words = script["words"].split("\n")
    rows = classifier._vectors.rows(words)
    assert rows.tolist() == list(range(len(words)))
    assert np.array_equal(classifier._vectors.matrix.astype(np.float32), in_page)
    assert not published.exact
