"""`sitegen explain` with models of every kind: what it needs to be told, and how it asks for consent."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Run, refused
from tests.models.adapters.programs import LETTERS

TEXT = ("Agents at home", "We simulate agents. They stay at home.")


def test_code_runs_only_where_one_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mymodel.py").write_text(LETTERS, encoding="utf-8")
    model = f"{tmp_path / 'mymodel.py'}:classifier"
    refused(run("explain", *TEXT, "--model", model), "Nothing was run. If you trust it, add --trust.")
    told = run("explain", *TEXT, "--model", model, "--trust", "--positive", "loud", "--negative", "quiet")
    assert told.code == 0
    assert told.out.startswith("loud: probability of “loud” ")
    assert "sentence" in told.out


def test_a_pipeline_in_a_file(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("skops")
    from tests.models.adapters.pipelines import fitted, saved

    file = saved(tmp_path, fitted(), "classifier.skops").path
    told = run("explain", *TEXT, "--model", str(file), "--join", " ")
    assert (told.code, "probability of “positive”" in told.out) == (0, True)


def test_one_class_against_the_rest_has_a_name_for_the_rest(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mymodel.py").write_text(LETTERS, encoding="utf-8")
    model = f"{tmp_path / 'mymodel.py'}:classifier"
    told = run("explain", "home!!!!", "--model", model, "--trust", "--positive", "loud", "--rest")
    assert told.out.startswith("not loud: probability of “loud” ")
