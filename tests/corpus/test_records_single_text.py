"""Records that are a single text, without a title."""

from __future__ import annotations

from pathlib import Path

import pytest

import sitegen
from sitegen.config import Classes, Records
from sitegen.corpus.records import Collection, read_records
from sitegen.errors import RecordError

TWEETS = """handle,tweet,gold
@a,"Queues are longer than ever. Nobody knows why, and nobody asks.",yes
@b,Rain again.,no
@c,,no
@d,Rain again.,yes
"""


def read(folder: Path, content: str = TWEETS, **settings: object) -> Collection:
    file = folder / "tweets.csv"
    file.write_text(content, encoding="utf-8")
    records = Records.model_validate({"path": file, "title": "", "abstract": "tweet", "label": "gold", **settings})
    return read_records(records, classes=Classes())


def test_no_column_of_titles_is_asked_for_and_none_is_missed(tmp_path):
    found = read(tmp_path)
    assert [record.title for record in found.records] == [""] * 4
    assert [record.abstract for record in found.records][1:] == ["Rain again.", "", "Rain again."]
    assert found.counts() == {("missing abstract", "kept"): 1, ("duplicate text", "kept"): 1}
    assert next(str(problem) for problem in found.problems if problem.kind == "duplicate text").startswith(
        f'{found.files[0].shown}:5: "tweet" is that of line 3. '
    )


def test_an_id_is_made_from_the_first_words_of_the_text(tmp_path):
    ids = [record.id for record in read(tmp_path).records]
    assert ids[0].startswith("queues-are-longer-than-ever-nobody-")
    assert ids[1].startswith("rain-again-")
    assert ids[2].startswith("record-")
    assert ids[3] == f"{ids[1]}-2"


@pytest.mark.parametrize("publish", ["scores", "excerpts"])
def test_an_id_tells_nothing_of_a_text_that_is_withheld(tmp_path, publish):
    for record in read(tmp_path, publish=publish).records:
        assert record.id.startswith("record-")


def test_a_column_called_title_is_metadata_then(tmp_path):
    found = read(tmp_path, "title,tweet,gold\nDr,Rain again.,no\n")
    assert found.records[0].metadata == {"title": "Dr"}


def test_the_text_itself_is_still_asked_for(tmp_path):
    with pytest.raises(RecordError, match=r'there is no column "twet" \(records.abstract\). Did you mean "tweet"\?'):
        read(tmp_path, abstract="twet")


@pytest.mark.parametrize("title", [None, ""])
def test_the_function_for_notebooks_takes_none(tmp_path, title):
    (tmp_path / "tweets.csv").write_text(TWEETS, encoding="utf-8")
    found = sitegen.read_records(tmp_path / "tweets.csv", title=title, abstract="tweet")
    assert found.records[0].title == ""
    assert found.records[0].abstract.startswith("Queues are longer")
