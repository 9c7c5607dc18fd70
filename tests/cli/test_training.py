"""`sitegen train` on labels of more than two classes, on the records of a value alone, and where a model is already."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from sitegen.config import Records
from sitegen.corpus.values import alternatives, limit_text
from sitegen.pipeline.scope import limit_of, with_facets
from tests.commands import Done, Run, refused
from tests.sites import write_site


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


def subjects(folder: Path) -> Path:
    """Papers of two classes and two subjects, "physics" with too few of one class, and a column that says nothing."""
    file = folder / "papers.csv"
    words = {"yes": "simulate agents", "no": "interview families"}
    lines = [
        f"{subject} {n},{words[label]} in {subject} {n}.,{label},{subject},"
        for subject, most in (("law", 20), ("history", 20), ("physics", 3))
        for label in words
        for n in range(most)
    ]
    file.write_text("\n".join(["title,abstract,label,subject,nothing", *lines]) + "\n", encoding="utf-8")
    return file


def test_training_may_be_limited_to_the_records_of_a_value(run: Run, tmp_path: Path) -> None:
    train = ("train", subjects(tmp_path), "-o", tmp_path / "m", "--positive", "yes", "--negative", "no")
    tiny = ("--hidden", "2", "--layers", "1", "--dimension", "4")
    done = run(*train, *tiny, "--only", "subject=law", "--held-out", tmp_path / "kept.csv")
    assert done.code == 0, done.err
    config = json.loads((tmp_path / "m" / "config.json").read_text(encoding="utf-8"))
    assert config["training"]["only"] == {"subject": ["law"]}
    assert sum(sum(part) for part in config["training"]["parts"].values()) == 40
    assert (
        "Trained on those records alone whose subject is “law”: of others" in (tmp_path / "m" / "card.md").read_text()
    )
    kept = (tmp_path / "kept.csv").read_text(encoding="utf-8").splitlines()
    assert kept[0] == "title,abstract,label,subject,nothing"
    assert {line.split(",")[3] for line in kept[1:]} == {"law"}


def test_a_limit_of_training_that_cannot_be_is_refused(run: Run, tmp_path: Path) -> None:
    def train(*options: str) -> Done:
        file = tmp_path / "papers.csv"
        return run("train", file, "-o", tmp_path / "m", "--positive", "yes", "--negative", "no", *options)

    subjects(tmp_path)
    refused(train("--only", "subject"), '--only "subject": is not COLUMN=VALUE. Write --only subject=sociology')
    refused(train("--only", "title=law 1"), '"title" is the column of a text')
    assert 'there is no column "subjekt" (--only). Did you mean "subject"?' in train("--only", "subjekt=law").err
    refused(train("--only", "subject=Law"), 'papers.csv: --only: no record has the subject "Law". Did you mean "law"?')
    refused(train("--only", "subject=art"), 'Its values are "history", "law", "physics". Name one of them.')
    refused(train("--only", "nothing=law"), 'no record has the nothing "law". No record has any. Name another column.')
    few = train("--only", "subject=physics", "--only", "label=yes")
    refused(few, 'only 0 records whose subject is “physics” and whose label is “yes” are labelled "no"')
    refused(
        train("--only", "subject=physics"),
        'only 3 records whose subject is “physics” are labelled "no"; at least 20',
        "Limit them less, or label",
    )
    assert not (tmp_path / "m").exists()


def test_values_of_one_column_are_alternatives_and_at_most_ten_are_named(run: Run, tmp_path: Path) -> None:
    records = Records(path=tmp_path / "papers.csv", title="title", abstract="abstract")
    limit = limit_of(["subject=a", "kind=k", "subject=b"], records)
    assert limit == {"subject": ("a", "b"), "kind": ("k",)}
    assert limit_text(limit) == "subject is “a” or “b” and whose kind is “k”"
    assert with_facets(records, limit).facets == ("subject", "kind")
    many = alternatives("zz", [f"v{k}" for k in range(12)])
    assert many == "Its values are " + ", ".join(f'"v{k}"' for k in range(10)) + ", and 2 more. Name one of them."


@pytest.mark.parametrize("command", ["train", "convert-checkpoint"])
def test_a_model_that_is_there_is_kept_unless_it_is_to_be_overwritten(command: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    needs = ("--vectors", tmp_path) if command == "convert-checkpoint" else ()
    convert = (command, tmp_path / "nowhere", "-o", tmp_path / "m", *needs)
    assert "m: exists already" not in run(*convert).err  # an empty folder
    (tmp_path / "m" / "card.md").write_text("of years", encoding="utf-8")
    kept = f"{tmp_path / 'm'}: exists already. Choose another --output, or overwrite a model with --force."
    refused(run(*convert), kept)
    refused(run(*convert, "--force"), "nowhere: ")  # no model is lost before there is one
    (tmp_path / "m" / "thesis.txt").write_text("mine", encoding="utf-8")
    refused(run(*convert, "--force"), 'it holds "thesis.txt") and will not be overwritten')
    assert sorted(path.name for path in (tmp_path / "m").iterdir()) == ["card.md", "thesis.txt"]


def test_training_calls_records_what_the_site_calls_them(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sitegen.models.training.train.train", lambda *_, **__: SimpleNamespace(metrics={}))
    file = write_site(tmp_path)
    described = file.read_text(encoding="utf-8").replace("[records]\n", '[records]\nnoun = "essay"\n')
    file.write_text(described, encoding="utf-8")
    done = run("train", file, "-o", tmp_path / "m")
    assert "On essays kept back for testing" in done.out, done
    plain = run("train", subjects(tmp_path), "-o", tmp_path / "m", "--positive", "yes", "--negative", "no")
    assert "On papers kept back for testing" in plain.out
