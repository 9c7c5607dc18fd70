"""Vectors on disk: what is written comes back, whatever gensim wrote is read, and no pickle is loaded unasked."""

from __future__ import annotations

import gzip
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec
from hypothesis import given, settings
from hypothesis import strategies as st

from sitegen.corpus.vectors import convert_vectors, open_vectors, write_vectors
from sitegen.errors import ModelError
from tests.effort import examples

WORDS = ["the", "zebra", "éa", "naïve", "z", "中", "ab", "a", "𝔸"]


def matrix_of(count: int, dimension: int = 3) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(count, dimension)).astype(np.float32)


def keyed_vectors() -> KeyedVectors:
    keyed = KeyedVectors(vector_size=3)
    keyed.add_vectors(WORDS, matrix_of(len(WORDS)))
    return keyed


def assert_holds_the_words(folder: Path, *, tolerance: float = 0.0) -> None:
    vectors = open_vectors(folder)
    rows = vectors.rows(WORDS)
    assert np.allclose(vectors.matrix[rows], matrix_of(len(WORDS)), atol=tolerance, rtol=0)
    assert len(vectors) == len(WORDS)
    assert vectors.dimension == 3


@settings(max_examples=examples(30), deadline=None)
@given(
    words=st.lists(
        st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1), min_size=1, unique=True
    ),
    strangers=st.lists(st.text()),
)
def test_every_word_finds_its_row_and_strangers_find_none(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], strangers: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("vectors") / "v"
    matrix = matrix_of(len(words))
    write_vectors(folder, words=words, matrix=matrix)
    vectors = open_vectors(folder)
    assert np.array_equal(vectors.matrix[vectors.rows(words)], matrix)
    found = vectors.rows(strangers)
    assert [row == -1 for row in found] == [word not in words for word in strangers]
    assert sorted(words, key=str.encode) == list(vectors.words())


def test_rows_of_no_words_are_an_empty_array(tmp_path: Path) -> None:
    write_vectors(tmp_path / "v", words=["a"], matrix=matrix_of(1))
    rows = open_vectors(tmp_path / "v").rows([])
    assert rows.shape == (0,)
    assert rows.dtype == np.int64


def test_the_matrix_is_mapped_and_cannot_be_written(tmp_path: Path) -> None:
    write_vectors(tmp_path / "v", words=WORDS, matrix=matrix_of(len(WORDS)).astype(np.float16))
    vectors = open_vectors(tmp_path / "v")
    assert isinstance(vectors.matrix, np.memmap)
    assert vectors.matrix.dtype == np.float16
    with pytest.raises(ValueError, match="read-only"):
        vectors.matrix[0, 0] = 1


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("name", ["v.bin", "v.txt", "v.vec", "v.bin.gz", "v.txt.gz"])
def test_word2vec_files_convert_whatever_their_suffix(tmp_path: Path, name: str, binary: bool) -> None:
    keyed_vectors().save_word2vec_format(str(tmp_path / name), binary=binary)
    assert convert_vectors(tmp_path / name, tmp_path / "out") == (len(WORDS), 3)
    assert_holds_the_words(tmp_path / "out", tolerance=1e-6)


def test_text_without_a_header_converts(tmp_path: Path) -> None:
    keyed_vectors().save_word2vec_format(str(tmp_path / "glove.txt"), write_header=False)
    convert_vectors(tmp_path / "glove.txt", tmp_path / "out")
    assert_holds_the_words(tmp_path / "out", tolerance=1e-6)


def test_limit_keeps_the_first_words(tmp_path: Path) -> None:
    keyed_vectors().save_word2vec_format(str(tmp_path / "v.bin"), binary=True)
    assert convert_vectors(tmp_path / "v.bin", tmp_path / "out", limit=4) == (4, 3)
    assert set(open_vectors(tmp_path / "out").words()) == set(WORDS[:4])


def test_gensims_own_objects_are_refused_and_convert_when_trusted(tmp_path: Path) -> None:
    model = Word2Vec([["a", "b", "c"]] * 3, vector_size=3, min_count=1, workers=1, epochs=1)
    model.wv.save(str(tmp_path / "words.kv"))
    model.save(str(tmp_path / "whole.model"))
    for name in ("words.kv", "whole.model"):
        with pytest.raises(ModelError, match=r"can run any code.*save_word2vec_format"):
            convert_vectors(tmp_path / name, tmp_path / "out")
        assert not (tmp_path / "out").exists()
    for name in ("words.kv", "whole.model"):
        assert convert_vectors(tmp_path / name, tmp_path / "out", trust_pickle=True) == (3, 3)
        vectors = open_vectors(tmp_path / "out")
        assert np.array_equal(vectors.matrix[vectors.rows(["b"])[0]], model.wv["b"])


class _Trap:
    def __init__(self, touched: Path) -> None:
        self.touched = touched

    def __reduce__(self) -> object:
        return os.mkdir, (str(self.touched),)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
@pytest.mark.parametrize("name", ["vectors.bin", "vectors.txt", "vectors.kv", "vectors.bin.gz"])
def test_a_pickle_under_any_name_is_refused_without_running_it(tmp_path: Path, name: str, protocol: int) -> None:
    data = pickle.dumps(_Trap(tmp_path / "touched"), protocol=protocol)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    with pytest.raises(ModelError, match="is a pickle"):
        convert_vectors(tmp_path / name, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("binary", [True, False])
@pytest.mark.parametrize("kept", [0.3, 0.8])
def test_a_file_cut_off_is_refused_and_leaves_nothing(tmp_path: Path, binary: bool, kept: float) -> None:
    source = tmp_path / "v.bin"
    keyed_vectors().save_word2vec_format(str(source), binary=binary)
    whole = source.read_bytes()
    source.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(ModelError, match=r"v\.bin: .*\. "):
        convert_vectors(source, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["v.bin"]


def test_messages_name_the_file_the_problem_and_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "prose.txt").write_text("It was a dark night.\nIt rained.\n")
    (tmp_path / "packed.txt").write_bytes(gzip.compress(b"1 1\na 1\n"))
    (tmp_path / "nan.txt").write_text("2 2\na 1 2\nb nan 1\n")
    for name, problem in [
        ("absent.bin", "there is no such file. Check"),
        ("prose.txt", r"is not word2vec.*save_word2vec_format"),
        ("packed.txt", r"is gzipped\. Rename it"),
    ]:
        with pytest.raises(ModelError, match=f"{name}: {problem}"):
            convert_vectors(tmp_path / name, tmp_path / "out")
    with pytest.raises(ModelError, match=r'nan\.txt: the vector of "b" is not finite'):
        convert_vectors(tmp_path / "nan.txt", tmp_path / "out")


@pytest.mark.parametrize(
    ("words", "problem"),
    [(["a", ""], "is empty or has a line break"), (["a", "b\nc"], "line break"), (["a", "a"], "occurs twice")],
)
def test_words_that_would_break_the_list_are_refused(tmp_path: Path, words: list[str], problem: str) -> None:
    with pytest.raises(ModelError, match=problem):
        write_vectors(tmp_path / "v", words=words, matrix=matrix_of(2))
    assert not list(tmp_path.iterdir())


def test_what_does_not_belong_together_is_refused_on_opening(tmp_path: Path) -> None:
    folder = tmp_path / "v"

    def fresh() -> None:
        write_vectors(folder, words=["a", "b", "c"], matrix=matrix_of(3))

    fresh()
    (folder / "words.txt").write_text("a\nb\n")
    with pytest.raises(ModelError, match=r"has 2 words, but vectors\.npy beside it has 3 rows"):
        open_vectors(folder)
    (folder / "words.txt").write_text("a\nc\nb\n")
    with pytest.raises(ModelError, match=r"words\.txt:3: .*order"):
        open_vectors(folder)
    (folder / "words.txt").write_text("a\nb\nc")
    with pytest.raises(ModelError, match="last line is cut off"):
        open_vectors(folder)
    (folder / "words.txt").unlink()
    with pytest.raises(ModelError, match=r"words\.txt: there is no such file"):
        open_vectors(folder)
    fresh()
    data = (folder / "vectors.npy").read_bytes()
    (folder / "vectors.npy").write_bytes(data[:-4])
    with pytest.raises(ModelError, match=r"vectors\.npy: not a whole \.npy matrix"):
        open_vectors(folder)
    np.save(folder / "vectors.npy", np.zeros((3, 2), dtype=np.int32))
    with pytest.raises(ModelError, match="expected a matrix of float32 or float16, found int32"):
        open_vectors(folder)
    np.save(folder / "vectors.npy", np.array([_Trap(tmp_path / "touched")], dtype=object), allow_pickle=True)
    with pytest.raises(ModelError, match=r"vectors\.npy"):
        open_vectors(folder)
    assert not (tmp_path / "touched").exists()


def test_vectors_are_replaced_but_nothing_else_is(tmp_path: Path) -> None:
    write_vectors(tmp_path / "v", words=["a"], matrix=matrix_of(1))
    write_vectors(tmp_path / "v", words=["b"], matrix=matrix_of(1))
    assert list(open_vectors(tmp_path / "v").words()) == ["b"]
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(ModelError, match=r'it holds "chapter\.tex"\) and will not be overwritten'):
        write_vectors(tmp_path / "thesis", words=["a"], matrix=matrix_of(1))
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"
