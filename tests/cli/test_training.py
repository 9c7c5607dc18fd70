"""`sitegen train` on labels of more than two classes."""

from __future__ import annotations

import json
from pathlib import Path

from tests.commands import Run, refused


def test_one_class_is_trained_against_all_the_others(run: Run, tmp_path: Path) -> None:
    words = {"economics": "markets prices", "law": "courts judges", "biology": "cells genes"}
    lines = [f"P{n},{words[name]} and {n}.,{name}" for n in range(24) for name in words]
    (tmp_path / "papers.csv").write_text("\n".join(["title,abstract,label", *lines]) + "\n", encoding="utf-8")
    train = ("train", tmp_path / "papers.csv", "-o", tmp_path / "m", "--positive", "economics")
    refused(run(*train), "Set --positive-label and --negative-label", "or --rest, by which all labels")
    refused(run(*train, "--rest", "--negative-label", "law"), "--negative-label does not go with --rest")
    refused(run("train", *train[1:4], "--positive", "history", "--rest"), '"law" (24)', "Set --positive-label")
    tiny = ("--hidden", "2", "--layers", "1", "--dimension", "4")
    assert run(*train, "--rest", *tiny).code == 0
    assert json.loads((tmp_path / "m" / "config.json").read_text())["classes"] == ["not economics", "economics"]
