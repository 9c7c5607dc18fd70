"""The store gives back what it was given, keeps what was finished, and says what is wrong with it."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.store.store import Store, score_key
from sitegen.errors import StoreError
from tests.analysis.documents import documents
from tests.classifiers import Bag, Joint, document


def same(one, other):
    assert one.margin == other.margin
    assert type(one.grid) is type(other.grid)
    for name in ("title_known", "abstract_known", "sentences", "span_bands", "title_words", "abstract_words"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    np.testing.assert_array_equal(one.grid.margins, other.grid.margins)
    for field in ("title", "abstract"):
        a, b = getattr(one.document, field), getattr(other.document, field)
        assert (a.text, a.tokens, a.start) == (b.text, b.tokens, b.start)
        np.testing.assert_array_equal(a.spans, b.spans)
        np.testing.assert_array_equal(a.sentence_ends, b.sentence_ends)
    np.testing.assert_array_equal(one.document.abstract.sentence_spans, other.document.abstract.sentence_spans)


@given(doc=documents)
@pytest.mark.parametrize("model", [Bag(), Joint()], ids=["additive", "joint"])
def test_scores_round_trip(tmp_path_factory, model, doc):
    occlusion = occlude([doc], model)[0]
    with Store.open(tmp_path_factory.mktemp("store") / "scores.sqlite", create=True) as store:
        store.write([("k", occlusion)])
        same(store.read("k", title=doc.title.text, abstract=doc.abstract.text), occlusion)


def test_tables_without_the_title_round_trip(tmp_path):
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.write_untitled([("k", np.array([0.5, -1.25])), ("none", np.array([2.0]))])
        assert store.read_untitled("k").tolist() == [0.5, -1.25]
        assert store.read_untitled("none").tolist() == [2.0]
        assert store.read_untitled("other") is None
        assert store.keys("untitled") == {"k", "none"}
        store.prune({"k"})
        assert store.keys("untitled") == {"k"}


def test_the_key_depends_on_all_that_the_numbers_depend_on():
    base = {"title": "a", "abstract": "b", "fingerprint": "f", "settings": {"baseline": "deleted"}}
    changed = [
        {**base, "title": "ab", "abstract": ""},
        {**base, "abstract": "c"},
        {**base, "fingerprint": "g"},
        {**base, "settings": {"baseline": "zero"}},
    ]
    keys = {score_key(**arguments) for arguments in [base, *changed]}
    assert len(keys) == 5
    assert score_key(**base) in keys


def test_a_failed_batch_leaves_nothing_and_earlier_batches_stay(tmp_path):
    doc = document("good", "bad.")
    occlusion = occlude([doc], Bag())[0]

    def interrupted():
        yield ("second", occlusion)
        raise KeyboardInterrupt

    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.write([("first", occlusion)])
        with pytest.raises(KeyboardInterrupt):
            store.write(interrupted())
    with Store.open(tmp_path / "s.sqlite", create=False) as store:
        assert store.keys() == {"first"}


def test_prune_keeps_what_it_is_told_to(tmp_path):
    occlusion = occlude([document("good", "bad.")], Bag())[0]
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.write([("a", occlusion), ("b", occlusion), ("c", occlusion)])
        assert store.prune({"b", "unknown"}) == 2
        assert store.keys() == {"b"}


def test_what_an_older_version_did_not_know_is_added_by_scoring_alone(tmp_path):
    path = tmp_path / "s.sqlite"
    with Store.open(path, create=True) as store:
        store.write([("a", occlude([document("good", "bad.")], Bag())[0])])
    older = sqlite3.connect(path)
    older.execute("DROP TABLE alone")
    older.close()
    before = path.read_bytes()
    with pytest.raises(StoreError, match=r"older version .*sitegen score"):
        Store.open(path, create=False)
    assert path.read_bytes() == before  # it may be read-only
    with Store.open(path, create=True) as store:
        assert store.keys() == {"a"}
        assert store.keys("alone") == set()
    with Store.open(path, create=False) as store:
        assert store.keys("alone") == set()


def test_pieces_without_the_titles_prefixes_are_read_again(tmp_path):
    one = document("good network", "bad.")
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        store.write_alone(zip(["a", "b"], read_alone([one, one], Bag()), strict=True))
        assert store.with_alone() == {"a", "b"}
        assert store.read_alone("a").title_prefixes.tolist() == read_alone([one], Bag())[0].title_prefixes.tolist()
    older = sqlite3.connect(tmp_path / "s.sqlite")
    older.execute("DELETE FROM prefixes WHERE key = 'a'")
    older.commit()
    older.close()
    with Store.open(tmp_path / "s.sqlite", create=True) as store:
        assert store.with_alone() == {"b"}
        with pytest.raises(StoreError, match="are missing"):
            store.read_alone("a")


def test_messages_name_the_file_and_the_remedy(tmp_path):
    with pytest.raises(StoreError, match=r"absent\.sqlite: there are no scores yet\. .*sitegen score"):
        Store.open(tmp_path / "absent.sqlite", create=False)
    (tmp_path / "text.sqlite").write_text("this is not a database, whatever its name may say" * 20)
    with pytest.raises(StoreError, match=r"text\.sqlite: cannot be read"):
        Store.open(tmp_path / "text.sqlite", create=True)
    other = sqlite3.connect(tmp_path / "other.sqlite")
    other.execute("CREATE TABLE things (x)")
    other.commit()
    other.close()
    with pytest.raises(StoreError, match="not a score store"):
        Store.open(tmp_path / "other.sqlite", create=True)
    with Store.open(tmp_path / "s.sqlite", create=True) as store, pytest.raises(StoreError, match="sitegen score"):
        store.read("k", title="", abstract="")


def test_a_store_where_none_can_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(
        StoreError, match=r"file: the folder of the scores cannot be made .* output\.cache in site\.toml"
    ):
        Store.open(tmp_path / "file" / "scores.sqlite", create=True)
    (tmp_path / "folder.sqlite").mkdir()
    with pytest.raises(StoreError, match=r"folder\.sqlite: cannot be opened .* output\.cache in site\.toml"):
        Store.open(tmp_path / "folder.sqlite", create=True)
