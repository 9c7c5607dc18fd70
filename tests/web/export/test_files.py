"""The data files give back what the pages show, and the dictionary names exactly what is in them."""

from __future__ import annotations

import csv
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitegen.analysis.attribution.shapley import shapley
from sitegen.web.export.columns import ScoredRecord, number
from sitegen.web.export.files import FILES, record_tables, write_corpus_files
from sitegen.web.export.grids import GRIDS
from sitegen.web.export.records import record_columns
from sitegen.web.export.sentences import SENTENCES
from sitegen.web.export.words import WORDS
from sitegen.web.pages.data import data_page
from sitegen.web.publish.staging import Output
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, frame, inputs, paper, papers, site, surveyed


def written(description, items, classifiers):
    """The three files with rows per record as lists of rows, parsed by the csv and json modules; and the scores."""
    material = inputs(description, items, classifiers)
    found = surveyed(description, items, next(iter(classifiers.values())))
    with record_tables(Output(description.folder), material) as add:
        for k, summary in enumerate(found.summaries):
            add(
                ScoredRecord(
                    number=k,
                    summary=summary,
                    occlusions=material.occlusions(k),
                    shapley=material.extras(k).shapley,
                    verdicts=found.verdicts,
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
    for id, model, sentence, start, end, text, effect, change, low, high, *_ in rows:
        k, record = of[id]
        occlusion, i = scores[model][k], int(sentence) - 1
        assert record.abstract[int(start) : int(end)] == text
        assert float(effect) == occlusion.sentences[i]
        expected = occlusion.change(occlusion.sentences)[i]
        assert float(change) == pytest.approx(expected, abs=1e-6)
        np.testing.assert_array_equal(np.array([low, high], dtype=np.float32), occlusion.span_bands[i])


def test_what_else_is_known_of_a_sentence_stands_beside_the_first_model(two):
    items = [*papers(), paper("again", "", "It says nothing.", "Bad network."), paper("new", "", "A bad interview.")]
    _, (header, *rows), _, scores = written(two, items, CLASSIFIERS)
    table = [dict(zip(header, row, strict=True)) for row in rows]
    first = [row for row in table if row["model"] == "bag"]
    for row in first:
        k = next(k for k, item in enumerate(items) if item.record.id == row["id"])
        values = shapley([items[k].document], Bag())[0].values
        assert float(row["shapley"]) == pytest.approx(values[int(row["sentence"]) - 1], abs=1e-6)
        assert float(row["shapley_error"]) == 0
        whole = scores["bag"][k]
        assert float(row["shapley_change"]) == pytest.approx(
            whole.probability - 1 / (1 + np.exp(float(row["shapley"]) - whole.margin)), abs=1e-6
        )
    statuses = {row["id"]: {one["status"] for one in first if one["id"] == row["id"]} for row in first}
    assert statuses["third"] == {"unlabelled"}
    judged = [row for row in first if row["status"] in ("distinguishable", "chance")]
    assert judged
    assert all(0 < float(row["p"]) <= 1 for row in judged)
    assert all(row["p"] == row["q"] == "" for row in first if row not in judged)
    assert {row["q"] for row in judged} == {""}  # a corpus of five papers is too small for q
    assert all(row[name] == "" for row in first for name in ("mean", "low", "high", "agreement", "stable"))
    repeated = [row for row in first if row["text"] == "It says nothing."]
    assert len(repeated) == 2
    assert repeated[0]["group"] == repeated[1]["group"] != ""
    assert [row["group"] for row in first if row not in repeated] == [""] * (len(first) - 2)
    for row in table:
        if row["model"] == "joint":
            assert set(list(row.values())[header.index("shapley") :]) == {""}


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
    assert [row[0] for row in rows][:2] == ["simulation", "good"]
    assert rows[0] == ["simulation", "3.375", "1.125", "2", "2"]  # 2.25 in an abstract, 4.5 in a title


@given(st.floats(width=32, allow_nan=False, allow_infinity=False))
def test_a_number_is_the_same_float32_when_read(value):
    assert np.float32(json.loads(json.dumps(number(value)))) == np.float32(value)


def test_the_dictionary_names_the_columns_of_the_files(two):
    records, sentences, lines, _ = written(two, papers(), CLASSIFIERS)
    material = inputs(two, papers(), CLASSIFIERS)
    page = data_page(material, frame(two, "data/index.html"), size=lambda _path: 1500)
    assert [file.name for file in page.files] == [file.name for file in FILES]
    told = {file.name: [column.name for column in file.columns] for file in page.files}
    assert told["records.csv"] == records[0] == [column.name for column in record_columns(two, ("doi", "year"))]
    assert told["sentences.csv"] == sentences[0]
    keys = [set(line) for line in lines]
    assert set(told["grids.jsonl"]) == keys[0] | keys[1]
    assert keys[0] - keys[1] == {"bias", "title", "abstract"}
    assert keys[1] - keys[0] == {"cells"}
    assert len(GRIDS) == len(told["grids.jsonl"])
    assert (page.files[0].href, page.files[0].size) == ("records.csv", "1.5 kB")
