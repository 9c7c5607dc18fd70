"""Answers that a model gave elsewhere: what it is to be asked, what is made of its answers, and what is refused."""

from __future__ import annotations

import csv
import itertools
import json
import math
import re
import weakref
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sitegen.config import Site, load_site
from sitegen.corpus.records import Record
from sitegen.corpus.segment import SegmentedText, segment
from sitegen.errors import ModelError, OutputError, RecordError
from sitegen.models.adapters.scores.table import read_answers
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import importing, questions
from sitegen.pipeline.importing import Imported, import_answers
from sitegen.pipeline.questions import STAND_IN, Question, questions_about, questions_of, write_questions
from tests.commands import Run, refused
from tests.models.adapters.programs import LETTERS
from tests.runs import data, grids, page, table
from tests.sites import RECORDS, Recorder, make_site, write_site

WEIGHTS = {"simulate": 2.0, "agents": 1.0, "rules": 0.5, "networks": 1.5, "interviews": -1.5, "home": -1.0}
N = len(RECORDS)
WORDS = {f"{field}_words{how}" for field in ("title", "abstract") for how in ("", "_alone")}
NUMBERS = {"margin", "cells", "sentences", "sentences_alone", "spans"} | WORDS
GIVEN = 'name = "Elsewhere"\nkind = "scores"\npath = "scores.jsonl"'


def letters(text: Mapping[str, Any]) -> float:
    """The model of programs.LETTERS."""
    fields = [str(text["title"]), str(text["abstract"])]
    heard = sum(WEIGHTS.get(word, 0.0) for field in fields for word in re.findall(r"\w+", field))
    return heard - 0.5 * sum(field.count("!") for field in fields) - 0.2


def elsewhere(folder: Path, **options: object) -> Site:
    """A site whose model is a file of answers."""
    return make_site(folder, foreign=GIVEN, **options)


def answered(site: Site, depth: str, suffix: str = ".jsonl") -> Path:
    """The questions of a site, answered by `letters`."""
    asked, answers = site.folder / f"asked{suffix}", site.folder / f"answers{suffix}"
    write_questions(questions_of(site, depth=depth), asked, force=True)  # type: ignore[arg-type]
    if suffix == ".csv":
        with asked.open(encoding="utf-8", newline="") as source:
            rows: Iterable[dict[str, Any]] = list(csv.DictReader(source))
    else:
        rows = [json.loads(line) for line in asked.read_text(encoding="utf-8").splitlines()]
    return written(answers, [{**row, "margin": letters(row)} for row in rows])


def written(file: Path, rows: list[dict[str, Any]]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        if file.suffix == ".csv":
            table = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
            table.writeheader()
            table.writerows(rows)
        else:
            out.writelines(f"{json.dumps(row)}\n" for row in rows)
    return file


def imported(site: Site, answers: Path) -> Imported:
    return import_answers(answers, site, reporter=Recorder())


def built(site: Site) -> None:
    pipeline.build(site, reporter=Recorder())


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jsonl", pytest.param(".csv", marks=pytest.mark.nightly)])
def test_a_site_of_answers_has_the_numbers_of_the_model(tmp_path: Path, quick_bundles: None, suffix: str) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "mymodel.py").write_text(LETTERS, encoding="utf-8")
    model = 'name = "Elsewhere"\nkind = "python"\npath = "mymodel.py:classifier"\ntrust = true'
    here, there = make_site(tmp_path / "here", foreign=model), elsewhere(tmp_path / "there")
    done = imported(there, answered(there, "words", suffix))
    assert all(known == every for known, every in done.answered.values())
    assert (done.records, done.named) == (len(RECORDS), True)
    built(here)
    built(there)
    assert grids(there).keys() == grids(here).keys()
    for key, one in grids(here).items():
        other = grids(there)[key]
        assert other.keys() == one.keys()
        for name, value in one.items():
            if name in NUMBERS:
                numbers = np.array(value, dtype=float)
                assert np.array(other[name], dtype=float) == pytest.approx(numbers, abs=1e-6), (key, name)
            else:
                assert other[name] == value, (key, name)
    shares = [
        {row["id"] + row["sentence"]: row["share"] for row in table(site, "sentences.csv")} for site in (here, there)
    ]
    assert shares[0].keys() == shares[1].keys()
    assert all(float(shares[1][key]) == pytest.approx(float(value), abs=1e-5) for key, value in shares[0].items())
    assert "answers that a model gave elsewhere" in page(there, "methods.html")
    assert "was not asked" not in page(there, "records/p1.html")


def test_what_is_missing_is_said_where_it_is_missed(tmp_path: Path, quick_bundles: None) -> None:
    site = elsewhere(tmp_path)
    done = imported(site, answered(site, "whole"))
    assert done.answered["whole"] == (N, N)
    assert done.answered["alone"][0] == 0
    built(site)
    told = "made of answers that the model gave elsewhere"
    for name in ("records/p1.html", "words.html", "sentences/index.html", "faithfulness.html", "methods.html"):
        assert told in page(site, name), name
    assert 'class="heatmap"' not in page(site, "records/p1.html")
    for file in site.output.folder.rglob("*.*"):
        if file.suffix in (".html", ".json", ".jsonl", ".csv"):
            assert not re.search(r"\bnan\b", file.read_text(encoding="utf-8"), re.IGNORECASE), file
    assert data(site, "faithfulness.json") == {}


@pytest.mark.slow
def test_each_record_shows_what_is_known_of_it(tmp_path: Path, quick_bundles: None) -> None:
    site = elsewhere(tmp_path)
    kept = answered(site, "sentences")
    rows = [json.loads(line) for line in kept.read_text(encoding="utf-8").splitlines()]
    whole = next(row for row in rows if row["record"] == "p3")
    written(kept, [row for row in rows if row["record"] != "p3" or row is whole])
    imported(site, kept)
    built(site)
    assert 'class="heatmap"' in page(site, "records/p1.html")
    assert 'class="heatmap"' not in page(site, "records/p3.html")
    assert "so there is no figure" in page(site, "records/p3.html")


def test_stretches_may_be_kept_or_hidden(tmp_path: Path) -> None:
    site = elsewhere(tmp_path)
    wholes = [json.loads(line) for line in answered(site, "whole").read_text(encoding="utf-8").splitlines()]
    first = next(row for row in RECORDS if row["id"] == "p1")
    cut = first["abstract"].index(".") + 1
    same = [
        {"record": "p1", "hidden_abstract": f"0-{cut}", "margin": 0.5},
        {"record": "p1", "kept_abstract": [[cut, len(first["abstract"])]], "margin": 0.5},
        {"record": "p1", "kept_abstract": f"{cut}-{len(first['abstract'])}", "kept_title": "", "margin": 0.5 + 1e-9},
        {"record": "p1", "hidden_title": f"0-{len(first['title'])}", "margin": -3.0},
        {"record": "p1", "kept_title": "none", "probability": 1 / (1 + math.exp(3.0))},
    ]
    done = imported(site, written(site.folder / "a.jsonl", [*wholes, *same]))
    assert done.texts == len(wholes) + 2
    assert done.rows == len(wholes) + 5
    margins = read_answers(site.folder / "scores.jsonl").margins
    assert sorted(margin for margin in margins.values() if margin in (0.5, -3.0)) == [-3.0, 0.5]


BAD = [
    ({"record": "nobody"}, '"record" is "nobody", and no record has this id. Correct it.'),
    ({"margin": "high"}, '"margin" is "high", no number. Give a number.'),
    ({"margin": ""}, '"probability" is empty. Give a number.'),
    ({"margin": "inf"}, '"margin" is inf. Give log-odds that are finite.'),
    ({"margin": "", "probability": 1.5}, '"probability" is 1.5. Give a probability from 0 to 1.'),
    ({"hidden_abstract": "5 to 9"}, '"hidden_abstract" is "5 to 9". Write stretches in characters'),
    ({"kept_title": "[[0, 1"}, '"kept_title" is "[[0, 1". Write stretches in characters'),
    ({"kept_title": "3-9999"}, '"kept_title" has the stretch 3-9999, and the text has'),
    ({"abstract": "Another text."}, '"abstract" is not the record\'s, and nothing says what of it was left'),
    ({"margin": 2.0}, '"margin" is not that of line 2, the same text. Remove one.'),
]


@pytest.mark.parametrize(("cells", "message"), BAD)
def test_rows_at_fault_are_named(tmp_path: Path, cells: dict[str, Any], message: str) -> None:
    site = elsewhere(tmp_path)
    rows = [json.loads(line) for line in answered(site, "whole").read_text(encoding="utf-8").splitlines()]
    rows[0] = {**rows[0], "record": "p1"} if rows[0]["record"] != "p1" else rows[0]
    rows = sorted(rows, key=lambda row: row["record"] != "p1")
    with pytest.raises(RecordError) as refusal:
        imported(site, written(site.folder / "a.csv", [*rows, {"record": "p1", "margin": 0.0, **cells}]))
    assert f"a.csv:{len(rows) + 2}: {message}" in str(refusal.value)
    assert "Nothing was imported." in str(refusal.value)
    assert not (site.folder / "scores.jsonl").exists()


def test_every_record_needs_an_answer_to_the_whole(tmp_path: Path) -> None:
    site = elsewhere(tmp_path)
    with pytest.raises(RecordError, match=rf"no answer to the whole text of {N - 1} of {N} records \(.*\)\. Add a row"):
        imported(site, written(site.folder / "a.csv", [{"record": "p1", "margin": 1.0}]))
    with pytest.raises(RecordError, match=r'a.csv:1: needs the columns "record" and "margin" .* it has "id", "score"'):
        imported(site, written(site.folder / "a.csv", [{"id": "p1", "score": 1.0}]))
    (site.folder / "scores.jsonl").write_text('{"text": "x"}\n', encoding="utf-8")
    with pytest.raises(ModelError, match="is no file of answers that sitegen import wrote"):
        pipeline.score(site, reporter=Recorder())


def test_the_words_of_few_records_are_in_memory_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = elsewhere(tmp_path)
    answers = answered(site, "alone")
    first = imported(site, answers)
    told = first.file.read_bytes()
    lines = answers.read_text(encoding="utf-8").splitlines(keepends=True)
    answers.write_text("".join([*lines[::2], *lines[1::2]]), encoding="utf-8")  # no record's rows are together
    alive, most = weakref.WeakSet[_Whole](), []

    def counted(*texts: Any) -> _Whole:
        document = segment(*texts)
        whole = _Whole(document.title, document.abstract)
        alive.add(whole)
        most.append(len(alive))
        return whole

    monkeypatch.setattr(importing, "segment", counted)
    monkeypatch.setattr(importing, "KEPT", 2)
    assert imported(site, answers).texts == first.texts
    assert first.file.read_bytes() == told
    assert max(most) <= 4  # two that are kept, one that is made, one that goes


class _Whole:
    """A document, as far as the import reads it, that can be watched."""

    def __init__(self, title: SegmentedText, abstract: SegmentedText) -> None:
        self.title, self.abstract = title, abstract


def test_many_problems_are_counted(tmp_path: Path) -> None:
    site = elsewhere(tmp_path)
    with pytest.raises(RecordError, match=r"and 5 more of this file\.\nNothing was imported\.$"):
        imported(site, written(site.folder / "a.csv", [{"record": f"no{k}", "margin": 1.0} for k in range(25)]))


def test_a_record_that_came_later_is_named(tmp_path: Path) -> None:
    site = elsewhere(tmp_path, records=RECORDS[:4])
    imported(site, answered(site, "whole"))
    later = elsewhere(tmp_path, records=RECORDS[:5])
    with pytest.raises(ModelError, match=r'scores\.jsonl: has no answer to the whole text of the record ".*"'):
        pipeline.score(later, reporter=Recorder())


def test_the_commands_lead_from_records_to_a_site(tmp_path: Path, run: Run) -> None:
    file = write_site(tmp_path, models={})
    asked, answers = tmp_path / "asked.csv", tmp_path / "answers.csv"
    done = run("questions", file, "--output", asked, "--depth", "alone")
    assert (done.code, done.err) == (0, "")
    assert f"then: sitegen import {asked} {file}" in done.out
    refused(run("questions", file, "--output", asked), "exists already", "--force")
    with asked.open(encoding="utf-8", newline="") as source:
        rows = [{**row, "margin": letters(row)} for row in csv.DictReader(source)]
    written(answers, rows)
    told = run("import", answers, file)
    assert told.code == 0
    assert f"{len(rows)} answers to {len(rows)} texts" in told.out
    assert 'kind = "scores"\npath = "scores.jsonl"' in told.out
    assert STAND_IN["path"] in told.out
    file.write_text(f"{file.read_text(encoding='utf-8')}[[models]]\n{GIVEN}\n", encoding="utf-8")
    assert run("build", file).code == 0
    assert "Add these lines" not in run("import", answers, file).out
    (tmp_path / "bad.csv").write_text("record,margin\nnobody,1\n", encoding="utf-8")
    done = run("import", tmp_path / "bad.csv", file)
    assert done.code == 2
    assert "Nothing was imported." in done.err


def test_questions_are_cut_as_the_answers_will_be(tmp_path: Path) -> None:
    """By the model of answers, whichever of the site's models it is."""
    file = write_site(tmp_path)
    cut = f"[[models]]\n{GIVEN}\nstrip_title = true\n"
    file.write_text(f"{file.read_text(encoding='utf-8')}{cut}", encoding="utf-8")
    site = load_site(file)
    assert [model.kind for model in site.models] == ["", "scores"]
    assert imported(site, answered(site, "whole")).answered["whole"] == (N, N)
    assert read_answers(tmp_path / "scores.jsonl").segmentation.strip_title


def test_questions_are_made_as_they_are_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a whole corpus at once would not fit into memory."""
    asked: list[str] = []

    def about(record: Record, *given: Any, **options: Any) -> list[Question]:
        asked.append(record.id)
        return questions_about(record, *given, **options)

    monkeypatch.setattr(questions, "questions_about", about)
    assert next(questions_of(elsewhere(tmp_path), depth="alone")).record == RECORDS[0]["id"]
    assert asked == [RECORDS[0]["id"]]


def test_a_file_of_questions_is_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text("before\n", encoding="utf-8")

    def broken() -> Iterator[Question]:
        yield from itertools.islice(questions_of(elsewhere(tmp_path), depth="whole"), 2)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_questions(broken(), file, force=True)
    assert file.read_text(encoding="utf-8") == "before\n"
    with pytest.raises(OutputError, match=r"nobody/asked\.jsonl: cannot be written"):
        write_questions([], file / "nobody" / "asked.jsonl", force=True)
