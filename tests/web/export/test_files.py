"""The data files give back what the pages show, and the dictionary names exactly what is in them."""

from __future__ import annotations

import csv
import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.attribution.shapley import shapley
from sitegen.web.export.columns import ScoredRecord, number
from sitegen.web.export.files import files_of, record_tables, write_corpus_files
from sitegen.web.export.grids import GRIDS
from sitegen.web.export.records import record_columns
from sitegen.web.export.sentences import SENTENCES
from sitegen.web.export.words import WORDS
from sitegen.web.pages.data import data_page
from sitegen.web.publish.staging import Output
from sitegen.web.scan import scan_records
from tests.classifiers import READ, Bag, Joint
from tests.web.papers import HOSTILE, Watcher, alone, frame, inputs, paper, papers, site, surveyed


def written(description, items, classifiers):
    """The three files with rows per record as lists of rows, parsed by the csv and json modules; and the scores."""
    material = inputs(description, items, classifiers)
    found = scan_records(material, reporter=Watcher())
    with record_tables(Output(description.folder), material) as add:
        for k, summary in enumerate(found.summaries):
            add(
                ScoredRecord(
                    number=k,
                    summary=summary,
                    occlusions=material.occlusions(k),
                    alone=material.alone(k),
                    shares={name: extras.shapley for name, extras in material.extras(k).items()},
                    verdicts=found.verdicts_by,
                    repeats=found.repeats,
                )
            )
    scores = {name: [material.occlusions(k)[name] for k in range(len(items))] for name in classifiers}
    lines = (description.folder / "data/grids.jsonl").read_text(encoding="utf-8").splitlines()
    return table(description, "records.csv"), table(description, "sentences.csv"), [*map(json.loads, lines)], scores


def table(description, name):
    """A CSV file of the data folder as rows."""
    with (description.folder / "data" / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


@pytest.fixture
def two(tmp_path):
    return site(tmp_path, models=[{"name": "bag", "path": "a"}, {"name": "joint", "path": "b"}])


CLASSIFIERS = {"bag": Bag(), "joint": Joint()}


def test_records_come_back_as_they_were(two):
    items = [*papers(), paper('"4,\n', HOSTILE, HOSTILE, "=1+1\r\n;", label=1, metadata={"year": " \t", "doi": "="})]
    (header, *rows), _, _, scores = written(two, items, CLASSIFIERS)
    assert len(rows) == 4
    for k, (item, row) in enumerate(zip(items, rows, strict=True)):
        got = dict(zip(header, row, strict=True))
        record = item.record
        assert (got["id"], got["title"], got["abstract"]) == (record.id, record.title, record.abstract)
        assert got["label"] == {None: "", 0: "negative", 1: "positive"}[record.label]
        assert got["subject"] == record.facets.get("subject", "")
        assert [got["doi"], got["year"]] == [record.metadata.get("doi", ""), record.metadata.get("year", "")]
        for name, occlusions in scores.items():
            assert float(got[f"{name}: margin"]) == pytest.approx(occlusions[k].margin, abs=1e-6)
            assert float(got[f"{name}: probability"]) == pytest.approx(occlusions[k].probability, abs=1e-6)
            assert got[f"{name}: predicted"] == ("positive" if occlusions[k].margin >= 0 else "negative")
    assert rows[0][-1] == "records/smith-2020.html"


def test_a_columns_name_comes_once(two):
    items = [paper("a", "Good", metadata={"page": "12", "title": "x", "page (source)": "y", "bag: margin": "z"})]
    (header, row), *_ = written(two, items, CLASSIFIERS)
    got = dict(zip(header, row, strict=True))
    assert len(got) == len(header)
    assert (got["page"], got["title"]) == ("records/a.html", "Good")
    assert (got["page (source)"], got["title (source)"]) == ("12", "x")
    assert (got["page (source) (source)"], got["bag: margin (source)"]) == ("y", "z")


def test_sentences_stand_where_they_say(two):
    items = papers()
    _, (header, *rows), _, scores = written(two, items, CLASSIFIERS)
    assert header == [column.name for column in SENTENCES]
    of = {item.record.id: (k, item.record) for k, item in enumerate(items)}
    assert len(rows) == 2 * 6
    said = {name: alone(items, classifier) for name, classifier in CLASSIFIERS.items()}
    for row in (dict(zip(header, row, strict=True)) for row in rows):
        (k, record), i = of[row["id"]], int(row["sentence"]) - 1
        occlusion = scores[row["model"]][k]
        assert record.abstract[int(row["start"]) : int(row["end"])] == row["text"]
        assert float(row["leave_one_out"]) == occlusion.sentences[i]
        change = occlusion.change(occlusion.sentences)[i]
        assert float(row["leave_one_out_change"]) == pytest.approx(change, abs=1e-6)
        assert float(row["without"]) == pytest.approx(occlusion.probability - change, abs=1e-6)
        np.testing.assert_array_equal(np.float32([row["span_low"], row["span_high"]]), occlusion.span_bands[i])
        assert float(row["alone"]) == said[row["model"]][k].sentences[i]
        assert float(row["alone_probability"]) == pytest.approx(1 / (1 + math.exp(-float(row["alone"]))), abs=1e-6)


def test_what_else_is_known_of_a_sentence_stands_beside_each_model(two):
    items = [*papers(), paper("again", "", "It says nothing.", "Bad network."), paper("new", "", "A bad interview.")]
    _, (header, *rows), _, scores = written(two, items, CLASSIFIERS)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    first = [row for row in table if row["model"] == "bag"]
    for row in table:
        k = next(k for k, item in enumerate(items) if item.record.id == row["id"])
        shares, i = shapley([items[k].document], CLASSIFIERS[row["model"]])[0], int(row["sentence"]) - 1
        assert float(row["share"]) == pytest.approx(shares.values[i], abs=1e-6)
        assert float(row["share_change"]) == pytest.approx(shares.points[i], abs=1e-6)
        assert float(row["share_error"]) == 0
    for k, item in enumerate(items):  # the points of a record add up to what its abstract changed
        changed = sum(float(row["share_change"]) for row in first if row["id"] == item.record.id)
        title = alone([item])[0].title
        assert changed == pytest.approx(scores["bag"][k].probability - 1 / (1 + math.exp(-title)), abs=1e-6)
    reasons = {row["id"]: {one["reason"] for one in first if one["id"] == row["id"]} for row in first}
    assert reasons["third"] == {"unlabelled"}
    tested = [row for row in first if not row["reason"]]
    assert tested
    assert all(0 < float(row["p"]) <= 1 and 0 < float(row["q"]) <= 1 for row in tested)
    assert {row["q"] for row in first if row["reason"]} == {""}
    assert {row["mark"] for row in first} == {"none"}  # a corpus of five papers is too small
    assert all(row[name] == "" for row in first for name in ("mean", "low", "high", "agreement", "stable"))
    repeated = [row for row in first if row["text"] == "It says nothing."]
    assert len(repeated) == 2
    assert repeated[0]["group"] == repeated[1]["group"] != ""
    assert [row["group"] for row in first if row not in repeated] == [""] * (len(first) - 2)
    joint = [row for row in table if row["model"] == "joint"]
    assert {row["mark"] for row in joint} == {"none"}
    assert {row["p"] != "" for row in joint if not row["reason"]} == {True}
    assert {row["group"] for row in joint} == {""}  # near-duplicates are looked for once


def test_grids_rebuild_every_cell(two):
    items = [*papers(), paper("long", " ".join(["simulation"] * 60), " ".join(["interview"] * 40)), paper("none", "")]
    _, _, lines, scores = written(two, items, CLASSIFIERS)
    assert [(line["id"], line["model"]) for line in lines] == [(i.record.id, m) for i in items for m in CLASSIFIERS]
    for k, line in enumerate(lines):
        occlusion = scores[line["model"]][k // 2]
        if line["model"] == "bag":
            cells = np.add.outer(line["title"], line["abstract"]) + line["bias"]
        else:
            cells = np.array(line["cells"])
        np.testing.assert_allclose(cells, occlusion.grid.margins, rtol=0, atol=1e-6)
        assert cells.shape == (max(len(line["title_tokens"]), 1), max(len(line["abstract_tokens"]), 1))
        assert cells[-1, -1] == pytest.approx(line["margin"], abs=1e-4)
        document = occlusion.document
        assert tuple(line["abstract_tokens"]) == document.abstract.tokens
        assert line["sentence_ends"] == document.abstract.sentence_ends.tolist()
        assert line["title_known"] == occlusion.title_known.tolist()
        for name in ("title_words", "abstract_words", "sentences"):
            assert np.array_equal(np.float32(line[name]), getattr(occlusion, name))


def test_words_come_back(tmp_path):
    description = site(tmp_path)
    material = inputs(description, papers(), {"bag": Bag()})
    write_corpus_files(Output(tmp_path), material, surveyed(description, papers()))
    header, *rows = table(description, "words.csv")
    assert header == [column.name for column in WORDS]
    named = [dict(zip(header, row, strict=True)) for row in rows]
    assert [row["word"] for row in named] == ["simulation", "good", "network", "we", "interview", "bad"]
    first = named[0]  # 2.25 in an abstract, 4.5 in a title; of nothing at all -.25
    assert [first[name] for name in ("form_of", "alone", "leave_one_out", "deviation", "occurrences", "records")] == [
        "",
        "3.125",
        "3.375",
        "1.125",
        "2",
        "2",
    ]
    assert float(first["alone_probability"]) == pytest.approx(1 / (1 + math.exp(-3.125)))


def test_forms_of_a_word_have_rows_of_their_own(tmp_path, monkeypatch):
    monkeypatch.setitem(READ, "networks", 0.5)
    items = [paper("a", "", "A network of networks.", "Good."), paper("b", "", "Networks.")]
    description = site(tmp_path)
    write_corpus_files(Output(tmp_path), inputs(description, items, {"bag": Bag()}), surveyed(description, items))
    header, *rows = table(description, "words.csv")
    found = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["word"], row["form_of"], row["leave_one_out"], row["records"]) for row in found] == [
        ("good", "", "1.5", "1"),
        ("networks", "network", "0.5", "2"),
        ("network", "network", "0.75", "1"),
    ]


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_number_is_the_same_float32_when_read(value):
    assert np.float32(json.loads(json.dumps(number(value)))) == np.float32(value)


def test_the_dictionary_names_the_columns_of_the_files(two):
    records, sentences, lines, _ = written(two, papers(), CLASSIFIERS)
    material = inputs(two, papers(), CLASSIFIERS)
    page = data_page(material, frame(two, "data/index.html"), size=lambda _path: 1500)
    assert [file.name for file in page.files] == [file.name for file in files_of(material)]
    told = {file.name: [column.name for column in file.columns] for file in page.files}
    assert told["records.csv"] == records[0] == [column.name for column in record_columns(two, ("doi", "year"))]
    assert told["sentences.csv"] == sentences[0]
    keys = [set(line) for line in lines]
    assert set(told["grids.jsonl"]) == keys[0] | keys[1]
    assert keys[0] - keys[1] == {"bias", "title", "abstract"}
    assert keys[1] - keys[0] == {"cells"}
    assert len(GRIDS) == len(told["grids.jsonl"])
    assert (page.files[0].href, page.files[0].size) == ("records.csv", "1.5 kB")
