"""What a two-tower LSTM says of its format names all there is, and the program beside it stays one that can be read.

That the two are right is tested where a site is built: tests/pipeline/test_published_model.py.
"""

from __future__ import annotations

import ast

import pytest

from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.format import format_of, recompute_script

ARCHITECTURES = [
    Architecture(layers=2, hidden=64, dimension=100),
    Architecture(layers=1, hidden=3, dimension=4, directions=1),
    Architecture(layers=3, hidden=3, dimension=4, readout="last-step", joint=5),
]


@pytest.mark.parametrize("architecture", ARCHITECTURES, ids=["plain", "forwards", "joint"])
def test_every_tensor_is_named_with_its_shape(architecture):
    text = format_of(architecture, vocabulary=1204)
    assert "{" not in text
    assert "1,204 rows" in text
    for name, shape in architecture.shapes().items():
        if name.startswith("lstmAb"):
            (row,) = [line for line in text.splitlines() if line.startswith("|") and f"`{name}`" in line]
            assert f"| {' × '.join(map(str, shape))} |" in row
        elif name.startswith("fc"):
            assert f"{name} ({', '.join(map(str, shape))})" in text
    for name in ("config.json", "weights.safetensors", "vectors.npy", "words.txt", "card.md"):
        assert f"`{name}`" in text


def test_what_differs_is_said():
    plain, forwards, joint = (format_of(one, vocabulary=9) for one in ARCHITECTURES)
    assert "the backward h after the first word" in plain
    assert "sum of three parts" in plain
    assert "backward" not in forwards.lower()
    assert "_reverse" not in forwards
    assert "the backward h at that same word" in joint
    assert "tanh(fc.0.weight x + fc.0.bias)" in joint
    assert "sum of three parts" not in joint


def test_the_program_is_short_and_needs_torch_and_numpy_alone():
    script = recompute_script()
    tree = ast.parse(script)
    code = [line for line in script.split('"""', 2)[2].splitlines() if line.strip()]
    assert 30 <= len(code) <= 75
    assert max(map(len, script.splitlines())) <= 120
    imported = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert imported == {"csv", "functools", "hashlib", "itertools", "json", "math", "sys", "pathlib", "numpy", "torch"}
    assert "sitegen" not in script
