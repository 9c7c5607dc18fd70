"""Word vectors on disk: a plain matrix that is memory-mapped, and the sorted list of its words.

A folder of vectors holds two files, and nothing in it can run code:

- `vectors.npy`: (V, D) float32 or float16, C order, one row a word;
- `words.txt`: UTF-8, one word a line, in the order of the rows, which is the order of the words' bytes.

Why a format of our own: gensim's `KeyedVectors` keep the matrix and a dictionary of all words in memory. For a million
words of 200 numbers that is 800 MB of matrix and more than 100 MB of dictionary, while the occlusion of a few hundred
papers looks up some ten thousand words. Here both files are memory-mapped. numpy finds the line ends once (8 bytes a
word stay in memory), and a word is found by bisection over the sorted bytes: about 20 comparisons, done once for each
distinct word and then remembered (`tests/benchmarks/vectors_memory.py` measures the memory that opening takes). Sorting
also makes the folder independent of the order in which the words were given.

Files of other programs are converted once: word2vec binary and text, GloVe text, gensim's own objects. Their form is
recognised by their first bytes, not by their suffix, which may be wrong. gensim's own saved objects (`.kv`, `.model`,
`.wordvectors`) are pickles, and loading a pickle can run any code that its writer chose; they are refused unless the
caller trusts the file. gensim is imported where it is used, because importing it takes a second.
"""

from __future__ import annotations

import gzip
import zlib
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sitegen.corpus.folders import written_whole
from sitegen.errors import ModelError

MATRIX = "vectors.npy"
WORDS = "words.txt"
_DTYPES = (np.dtype(np.float32), np.dtype(np.float16))
_NEWLINE = ord("\n")
_BLOCK_BYTES = 1 << 24  # how much of a mapped file is read at once
_GZIP_MAGIC = b"\x1f\x8b"
_HEAD_BYTES = 1 << 16  # the beginning of a file, by which its form is recognised

_CONVERT = "Convert the vectors again: sitegen convert-vectors SOURCE --output DIR."

Form = Literal["binary", "text", "bare text", "pickle"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vectors:
    """An open folder of vectors.

    folder: where it is. matrix: (V, D) float32 or float16, mapped, read-only. _text: the bytes of words.txt, mapped.
    _ends: (V,) where each word's line ends in them. _seen: the rows of words that were looked up before.
    """

    folder: Path
    matrix: np.ndarray[Any, Any]
    _text: np.ndarray[Any, Any] = field(repr=False)
    _ends: np.ndarray[Any, Any] = field(repr=False)
    _seen: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def __len__(self) -> int:
        return len(self.matrix)

    @property
    def dimension(self) -> int:
        """D, how many numbers a word has."""
        return int(self.matrix.shape[1])

    def rows(self, words: Sequence[str]) -> np.ndarray[Any, Any]:
        """Each word's row, (n,) int64; -1 where the vocabulary lacks it."""
        seen = self._seen
        for word in words:
            if word not in seen:
                seen[word] = self._find(word)
        return np.fromiter((seen[word] for word in words), dtype=np.int64, count=len(words))

    def mean(self) -> np.ndarray[Any, Any]:
        """The mean of all rows, (D,) float32; summed in float64. Reads the whole matrix, block by block."""
        total = np.zeros(self.dimension)
        for start, stop in _blocks(self.matrix):
            total += self.matrix[start:stop].sum(axis=0, dtype=np.float64)
        return (total / len(self)).astype(np.float32)

    def words(self) -> Iterator[str]:
        """All words, in the order of the rows."""
        return (self._word(row).decode("utf-8") for row in range(len(self)))

    def _word(self, row: int) -> bytes:
        start = int(self._ends[row - 1]) + 1 if row else 0
        return self._text[start : int(self._ends[row])].tobytes()

    def _find(self, word: str) -> int:
        key = word.encode("utf-8", errors="surrogatepass")
        row = bisect_left(range(len(self)), key, key=self._word)
        return row if row < len(self) and self._word(row) == key else -1


def open_vectors(folder: Path, *, remedy: str = _CONVERT) -> Vectors:
    """Map the vectors in `folder`. remedy: what to do where they cannot be used, a whole sentence.

    Reads the words once, to check their order, and nothing of the matrix but its header. Raises ModelError, naming
    the file, where one is missing, of another form, or where the two do not belong together.
    """
    matrix = _open_matrix(folder / MATRIX, remedy)
    text, ends = _open_words(folder / WORDS, remedy)
    if len(ends) != len(matrix):
        raise ModelError(
            f"{folder / WORDS}: has {len(ends)} words, but {MATRIX} beside it has {len(matrix)} rows. {remedy}"
        )
    return Vectors(folder=folder, matrix=matrix, _text=text, _ends=ends)


def write_vectors(folder: Path, *, words: Sequence[str], matrix: np.ndarray[Any, Any]) -> None:
    """Write `words` and their rows of `matrix`, (V, D) float32 or float16, as a folder of vectors.

    The folder appears whole or not at all; an earlier folder of vectors in its place is replaced. Raises ModelError
    on words that are empty, repeated or contain a line break, and on numbers that are not finite.
    """
    _check(str(folder), words=words, matrix=matrix)
    with written_whole(folder, kind="folder of vectors", files=frozenset({MATRIX, WORDS})) as fresh:
        encoded = [word.encode("utf-8") for word in words]
        order = sorted(range(len(encoded)), key=encoded.__getitem__)
        with (fresh / WORDS).open("wb") as stream:
            stream.writelines(encoded[i] + b"\n" for i in order)
        target = np.lib.format.open_memmap(fresh / MATRIX, mode="w+", dtype=matrix.dtype, shape=matrix.shape)
        for start, stop in _blocks(matrix):
            target[start:stop] = matrix[order[start:stop]]
        target.flush()


def held_vectors(words: Sequence[str], matrix: np.ndarray[Any, Any], *, folder: Path) -> Vectors:
    """Vectors in memory, as if they were those of `folder`. words: in the order of their bytes, one for each row."""
    _check(str(folder), words=words, matrix=matrix)
    text = np.frombuffer("".join(f"{word}\n" for word in words).encode(), dtype=np.uint8)
    return Vectors(folder=folder, matrix=matrix, _text=text, _ends=np.flatnonzero(text == _NEWLINE))


def _blocks(matrix: np.ndarray[Any, Any]) -> Iterator[tuple[int, int]]:
    """Ranges of rows, each of at most _BLOCK_BYTES or a single row."""
    step = max(1, _BLOCK_BYTES // matrix[0].nbytes)
    return ((start, min(start + step, len(matrix))) for start in range(0, len(matrix), step))


def _check(source: str, *, words: Sequence[str], matrix: np.ndarray[Any, Any]) -> None:
    """Raise ModelError where words or vectors cannot be stored; source: the file or folder that the message names."""
    if matrix.ndim != 2 or matrix.dtype not in _DTYPES or len(matrix) != len(words):
        raise ValueError(f"{len(words)} words do not fit a matrix {matrix.shape} of {matrix.dtype}")
    if not matrix.size:
        raise ModelError(f"{source}: has no vectors in it. Give at least one word and its vector.")
    seen: set[str] = set()
    for word in words:
        if not word or "\n" in word:
            raise ModelError(f"{source}: the word {word!r} is empty or has a line break. Remove it from the vectors.")
        if word in seen:
            raise ModelError(f'{source}: the word "{word}" occurs twice. Keep one vector a word.')
        seen.add(word)
    for start, stop in _blocks(matrix):
        broken = np.flatnonzero(~np.isfinite(matrix[start:stop]).all(axis=1))
        if len(broken):
            word = words[start + int(broken[0])]
            raise ModelError(f'{source}: the vector of "{word}" is not finite. Remove the word or repair its vector.')


def _open_matrix(file: Path, remedy: str) -> np.memmap[Any, Any]:
    try:
        matrix = np.load(file, mmap_mode="r", allow_pickle=False)
    except FileNotFoundError:
        raise ModelError(f"{file}: there is no such file. {remedy}") from None
    except OSError as error:
        raise ModelError(f"{file}: cannot be read ({error.strerror or error}). {remedy}") from None
    except (ValueError, EOFError):  # whose words are for whoever would trust a pickle
        raise ModelError(f"{file}: not a whole .npy matrix. {remedy}") from None
    if not isinstance(matrix, np.memmap) or matrix.ndim != 2 or matrix.dtype not in _DTYPES:
        raise ModelError(
            f"{file}: expected a matrix of float32 or float16, found {matrix.dtype} of shape {matrix.shape}. {remedy}"
        )
    if not matrix.flags.c_contiguous or not matrix.size:
        raise ModelError(f"{file}: expected at least one row, in C order; found shape {matrix.shape}. {remedy}")
    return matrix


def _open_words(file: Path, remedy: str) -> tuple[np.memmap[Any, Any], np.ndarray[Any, Any]]:
    if not file.is_file():
        raise ModelError(f"{file}: there is no such file. {remedy}")
    if not file.stat().st_size:
        raise ModelError(f"{file}: is empty. {remedy}")
    text = np.memmap(file, dtype=np.uint8, mode="r")
    if text[-1] != _NEWLINE:
        raise ModelError(f"{file}: its last line is cut off. {remedy}")
    blocks = range(0, len(text), _BLOCK_BYTES)
    ends = np.concatenate([start + np.flatnonzero(text[start : start + _BLOCK_BYTES] == _NEWLINE) for start in blocks])
    previous = b""
    with file.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            word = line[:-1]
            if word <= previous:
                raise ModelError(f"{file}:{number}: the words are not in the order of their bytes. {remedy}")
            previous = word
    return text, ends


def convert_vectors(
    source: Path, output: Path, *, trust_pickle: bool = False, limit: int | None = None
) -> tuple[int, int]:
    """Convert `source` to a folder of vectors at `output`; return (words, dimension).

    limit: how many words to keep, from the first on; in word2vec files the first are the most frequent ones. Bytes that
    are not UTF-8, common where old programs cut long words, become U+FFFD, so that such a word matches no word of a
    text. Of repeated words the first is kept. Raises ModelError naming the file, the problem and the remedy.
    """
    if limit is not None and limit < 1:
        raise ValueError(f"limit must be at least 1, not {limit}")
    form = vector_form(source)
    if form == "pickle" and not trust_pickle:
        raise ModelError(
            f"{source}: is a pickle, which can run any code when it is loaded. If you trust who wrote it, pass "
            f"--trust-pickle; better, have it re-saved with gensim's "
            f'KeyedVectors.save_word2vec_format("vectors.bin", binary=True) and convert that.'
        )
    keyed = _load_pickle(source) if form == "pickle" else _load_word2vec(source, form=form, limit=limit)
    words = list(keyed.index_to_key)[:limit]
    matrix = np.asarray(keyed.vectors[: len(words)]).astype(np.float32, copy=False)
    _check(str(source), words=words, matrix=matrix)
    write_vectors(output, words=words, matrix=matrix)
    return len(words), int(matrix.shape[1])


def vector_form(source: Path) -> Form:
    """The form of the vectors in `source`, recognised by its first bytes ("bare text" is text without a header)."""
    head = _head(source)
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "pickle"
    first, _, rest = head.partition(b"\n")
    fields = first.split()
    if len(fields) == 2 and all(part.isdigit() for part in fields):
        return "text" if _is_text_row(rest, dimension=int(fields[1])) else "binary"
    if len(fields) > 2 and _is_text_row(head, dimension=len(fields) - 1):
        return "bare text"
    raise ModelError(
        f'{source}: is not word2vec: its first line is neither "WORDS DIMENSION" nor a word and its numbers. '
        f"Give a file as gensim's KeyedVectors.save_word2vec_format writes it."
    )


def _head(source: Path) -> bytes:
    """The first bytes of a file, unzipped if its name ends in ".gz"."""
    try:
        with source.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
        if head[:2] != _GZIP_MAGIC:
            return head
        if source.suffix != ".gz":
            raise ModelError(f'{source}: is gzipped. Rename it so that its name ends in ".gz".')
        with gzip.open(source) as unzipped:
            return unzipped.read(_HEAD_BYTES)
    except FileNotFoundError:
        raise ModelError(f"{source}: there is no such file. Check the path.") from None
    except (OSError, EOFError, zlib.error) as error:
        raise ModelError(f"{source}: cannot be read ({error}). Check that it was copied whole.") from None


def _is_text_row(head: bytes, *, dimension: int) -> bool:
    """Whether the first line of `head` (which may be cut off) is a word and `dimension` numbers, in text."""
    line, newline, _ = head.partition(b"\n")
    fields = line.split()[1:]
    if newline and len(fields) != dimension:
        return False
    try:
        numbers = [float(part) for part in (fields if newline else fields[:-1])]
    except ValueError:
        return False
    return bool(numbers)


def _load_word2vec(source: Path, *, form: Form, limit: int | None) -> Any:
    from gensim.models import KeyedVectors

    try:
        return KeyedVectors.load_word2vec_format(
            str(source),
            binary=form == "binary",
            no_header=form == "bare text",
            limit=limit,
            unicode_errors="replace",
            datatype=np.float32,
        )
    except (ValueError, EOFError, OSError, IndexError, MemoryError, zlib.error) as error:
        raise ModelError(
            f"{source}: broken word2vec {form} file ({error}). Check that it was copied whole, or save it again with "
            f"gensim's KeyedVectors.save_word2vec_format."
        ) from None


def _load_pickle(source: Path) -> Any:
    """The KeyedVectors in a gensim object; loading runs whatever code the pickle names."""
    from gensim.models import KeyedVectors

    try:
        loaded = KeyedVectors.load(str(source))
    except Exception as error:
        raise ModelError(f"{source}: gensim cannot load it ({error}). Save it again with this gensim.") from error
    keyed = getattr(loaded, "wv", loaded)
    if not isinstance(keyed, KeyedVectors):
        raise ModelError(f"{source}: holds a {type(loaded).__name__}, not word vectors. Give gensim's KeyedVectors.")
    return keyed
