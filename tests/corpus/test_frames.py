"""Records in memory: DataFrames of pandas and polars, dictionaries, and the text that their cells become."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from sitegen.config import Classes, Policies, Records
from sitegen.corpus.cells import typed_text
from sitegen.corpus.collection import Collection
from sitegen.corpus.frames import rows_in_memory
from sitegen.corpus.naming import ARGUMENTS
from sitegen.corpus.records import read_records
from sitegen.errors import RecordError

TITLES = ["First paper", "Second paper", "Third paper"]
ABSTRACTS = ["We count.", "We talk.", "We walk."]
YEARS = [2019, None, 2021]


def read(given: Any, *, skip: bool = False, policy: Any = None, **options: Any) -> Collection:
    rows = rows_in_memory(given, id=options.get("id"))
    assert rows is not None
    settings = Records(path="in-memory", policy=Policies(**(policy or {})), **options).with_memory(rows.name, path=())
    return read_records(settings, classes=Classes(), skip_invalid=skip, naming=ARGUMENTS, rows=rows)


def texts(collection: Collection) -> list[tuple[str, str]]:
    return [(record.title, record.abstract) for record in collection.records]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (float("nan"), ""),
        (np.float64("nan"), ""),
        (np.datetime64("NaT"), ""),
        (2019.0, "2019"),
        (np.float32(2019), "2019"),
        (np.float32(0.1), "0.1"),
        (0.25, "0.25"),
        (1e300, "1e+300"),
        (np.int16(-3), "-3"),
        (np.bool_(True), "true"),
        (False, "false"),
        (datetime.datetime(2020, 5, 1), "2020-05-01"),
        (datetime.datetime(2020, 5, 1, 9, 30), "2020-05-01T09:30:00"),
        (datetime.date(2020, 5, 1), "2020-05-01"),
        (np.datetime64("2020-05-01T00:00:00", "ns"), "2020-05-01"),
        (["a", 2.0, None], "a; 2; "),
        (("a", "b"), "a; b"),
        (np.array([1.0, 2.5]), "1; 2.5"),
        ({"b", "a"}, "a; b"),
        ({"k": 1.0}, '{"k": "1"}'),
        (b"bytes", "bytes"),
        (Decimal("1.50"), "1.50"),
        ("nul\0 inside", "nul inside"),
    ],
)
def test_a_value_becomes_the_text_that_a_person_would_write(value: object, text: str) -> None:
    assert typed_text(value) == text


def test_a_frame_of_pandas_is_read_as_its_csv_would_be() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "title": TITLES,
            "abstract": [*ABSTRACTS[:2], None],
            "year": YEARS,  # made float by pandas
            "kind": pandas.Categorical(["a", None, "b"]),
            "when": pandas.to_datetime(["2020-05-01", None, "2021-06-02"]),
            "count": pandas.array([1, None, 3], dtype="Int64"),
            "sure": pandas.array([True, None, False], dtype="boolean"),
            7: ["x", float("nan"), "z"],
        },
        index=["p", "q", "r"],
    )
    collection = read(frame, facets=("kind",))
    assert frame["year"].dtype == float
    assert texts(collection) == [*zip(TITLES, [*ABSTRACTS[:2], ""], strict=True)]
    assert [record.facets["kind"] for record in collection.records] == ["a", "", "b"]
    assert [dict(record.metadata) for record in collection.records] == [
        {"year": "2019", "when": "2020-05-01", "count": "1", "sure": "true", "7": "x"},
        {"year": "", "when": "", "count": "", "sure": "", "7": ""},
        {"year": "2021", "when": "2021-06-02", "count": "3", "sure": "false", "7": "z"},
    ]
    assert [record.line for record in collection.records] == [1, 2, 3]
    (file,) = collection.files
    assert (file.format, file.rows) == ("pandas DataFrame", 3)
    (missing,) = collection.problems
    assert str(missing) == 'the DataFrame, row 3: "abstract" is empty. Fill it.'


def test_the_index_of_pandas_is_an_id_where_it_is_named_so_and_else_nothing() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"title": TITLES, "abstract": ABSTRACTS}, index=["p", "q", "r"])
    assert not any("p" in (record.id, *record.metadata.values()) for record in read(frame).records)
    assert [record.id for record in read(frame, id="index").records] == ["p", "q", "r"]
    frame.index.name = "key"
    assert [record.id for record in read(frame, id="key").records] == ["p", "q", "r"]
    frame["key"] = ["u", "v", "w"]
    assert [record.id for record in read(frame, id="key").records] == ["u", "v", "w"]
    with pytest.raises(RecordError, match=r'^the DataFrame: there is no column "nowhere" \(id\)\.'):
        read(frame, id="nowhere")


def test_columns_of_the_same_name_and_of_several_levels_stay_apart() -> None:
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([["T", "A", "x", "y"]], columns=["title", "abstract", "k", "k"])
    assert dict(read(frame).records[0].metadata) == {"k": "x", "k (2)": "y"}
    levels = pandas.MultiIndex.from_tuples([("title", ""), ("abstract", ""), ("of", "it")])
    assert dict(read(pandas.DataFrame([["T", "A", "x"]], columns=levels)).records[0].metadata) == {"of it": "x"}


def test_a_frame_of_polars_is_read_alike() -> None:
    polars = pytest.importorskip("polars")
    frame = polars.DataFrame(
        {
            "title": TITLES,
            "abstract": ABSTRACTS,
            "year": YEARS,
            "kind": polars.Series(["a", None, "b"], dtype=polars.Categorical),
            "when": [datetime.date(2020, 5, 1), None, datetime.date(2021, 6, 2)],
            "share": [0.5, float("nan"), 2.0],
            "tags": [["x", "y"], None, []],
        }
    )
    collection = read(frame, facets=("kind",))
    assert rows_in_memory(frame).name == "a polars DataFrame of 3 rows"  # type: ignore[union-attr]
    assert texts(collection) == [*zip(TITLES, ABSTRACTS, strict=True)]
    assert [dict(record.metadata) for record in collection.records] == [
        {"year": "2019", "when": "2020-05-01", "share": "0.5", "tags": "x; y"},
        {"year": "", "when": "", "share": "", "tags": ""},
        {"year": "2021", "when": "2021-06-02", "share": "2", "tags": ""},
    ]
    assert [record.facets["kind"] for record in collection.records] == ["a", "", "b"]


def test_dictionaries_may_have_different_keys_and_need_no_library() -> None:
    rows = [{"title": "One", "abstract": "It is.", "year": 2019.0}, {"title": "Two", "abstract": "It was.", "more": 1}]
    collection = read(rows)
    assert [dict(record.metadata) for record in collection.records] == [{"year": "2019"}, {"more": "1"}]
    rows[0]["title"] = "Changed"
    given = rows_in_memory(rows)
    rows[0]["title"] = "Changed again"
    assert given is not None
    assert given.rows[0]["title"] == "Changed"
    assert given.name == "a list of dictionaries, 2 of them"


def test_what_is_wrong_with_a_row_is_said_with_its_number_and_in_the_words_of_arguments() -> None:
    rows: list[Any] = [{"title": "One", "abstract": "It is."}, "no row", {"title": "Half \ud800", "abstract": "So."}]
    with pytest.raises(RecordError) as wrong:
        read(rows)
    first, second = str(wrong.value).splitlines()
    assert first.startswith("the list of dictionaries, row 2: is a str. Make it a dictionary")
    assert first.endswith("or pass skip_invalid=True.")
    assert second.startswith("the list of dictionaries, row 3: has half a character")
    assert "Save the file" not in second
    assert len(read(rows, skip=True).records) == 1
    twice = [{"title": "One", "abstract": "It is.", "key": "k"}] * 2
    (again, copy) = read(twice, id="key").problems
    assert "is that of row 1, too" in again.message + copy.message


@pytest.mark.parametrize("name", ["pandas", "polars"])
def test_an_empty_frame_is_refused(name: str) -> None:
    library = pytest.importorskip(name)
    for frame in (library.DataFrame(), library.DataFrame({"title": [], "abstract": []})):
        with pytest.raises(RecordError, match=r"^the DataFrame: there are no records\. Give it a row for each\.$"):
            read(frame)


@pytest.mark.parametrize("given", ["papers.csv", 3, None, {"title": []}, b"x"])
def test_anything_else_is_no_table(given: object) -> None:
    assert rows_in_memory(given) is None
