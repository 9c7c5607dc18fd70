"""When two texts count as the same: normal forms of titles and abstracts, and where a repeated title ends.

The same paper comes twice with other dashes, other quotes, other capitals, a new id. Four questions follow, and each
is answered here once:

- Which records share a title? `normalised_title` keeps a paper from being in two parts of a training split.
- Which texts was a model trained on? `text_hash` tells: ids can be renumbered and texts cannot.
- Where does an abstract begin that repeats its title first? `title_end` finds the place.
- Is a sentence a placeholder, such as "[No abstract available]" behind a repeated title? `is_placeholder` tells.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache

_QUOTES = dict.fromkeys(map(ord, "‘’‚‛`´′"), "'") | dict.fromkeys(map(ord, "“”„‟″«»"), '"')
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-")
_MARKS = str.maketrans(_QUOTES | _DASHES)
_STOPS = ".?!…:;"
_CLOSING = "'\"’”»)]"
_SHUT = re.escape(_CLOSING)
_STOPPED = re.compile(rf"[^\S\r\n]*[{_SHUT}]*(?:[{_STOPS}][{_STOPS}{_SHUT}]*\s*|[^\S\r\n]*[\r\n]\s*)")


class _NormalCharacters(dict[int, str]):
    """Each character -> itself, a blank or nothing, as normalising wants it; filled as needed, for str.translate."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if character.isalnum() else "" if _invisible(character) else " "
        return self[code]


_NORMAL = _NormalCharacters()


def normalised_title(title: str) -> str:
    """The title's letters and digits: NFKC, casefolded, words joined by one blank.

    Accents that stand alone after NFKC and invisible characters (soft hyphens, joiners) vanish without parting
    the word; everything else that is no letter or digit parts words.
    """
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    return " ".join(folded.translate(_NORMAL).split())


def text_hash(title: str, abstract: str) -> str:
    """16 hexadecimal digits of the SHA-256 of the normalised text; a title repeated before the abstract counts once.

    Both fields are normalised as `normalised_title` does, and joined by a line break.
    """
    body = abstract[title_end(title, abstract) :]
    text = f"{normalised_title(title)}\n{normalised_title(body)}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def is_placeholder(text: str, missing: Iterable[str]) -> bool:
    """Whether a text, or a sentence of one, is what stands for one that is not there. missing: such texts; capitals and
    punctuation do not matter."""
    normal = normalised_title(text)
    return bool(normal) and normal in _normal_forms(tuple(missing))


@cache
def _normal_forms(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(map(normalised_title, texts))


def title_end(title: str, abstract: str) -> int:
    """The offset, in code points, at which `abstract` goes on after it has repeated `title`; 0 where it does not repeat
    it.

    Capitals, runs of white space and the kind of dashes and quotes do not matter. The title counts as repeated where
    the abstract ends with it, or goes on with a stop (`.?!…:;`) or in a new line; a title that ends in a stop of
    its own needs no further one. The stop, closing quotes or brackets and white space after it belong to the title.
    """
    wanted = "".join(c for c, _ in _folded(title)).strip()
    bare = wanted.rstrip(_STOPS + _CLOSING + " ")
    if not bare:
        return 0
    position = 0
    characters = _folded(abstract.rstrip())
    for character, offset in characters:
        if position == 0 and character == " ":
            continue
        if position == len(bare):
            stopped = _STOPPED.match(abstract, offset)
            return stopped.end() if stopped else 0
        if character != bare[position]:
            return 0
        position += 1
    return len(abstract) if position == len(bare) else 0


def _folded(text: str) -> Iterator[tuple[str, int]]:
    """Each comparable character of `text` with the offset it comes from; runs of white space as one blank."""
    blank = False
    for offset, character in enumerate(text):
        if character.isspace():
            if not blank:
                yield " ", offset
            blank = True
            continue
        blank = False
        for part in unicodedata.normalize("NFKC", character).translate(_MARKS).casefold():
            yield part, offset


def _invisible(character: str) -> bool:
    return unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
