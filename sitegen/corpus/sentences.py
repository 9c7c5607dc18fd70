"""Text -> sentences with their places in it.

A splitter is a function (text, start, end) -> [start, end) of each sentence in that stretch of the text. A model
directory names its splitter.

Where a sentence ends is a question for a library; the one chosen here is nupunkt. Measured on the 70 small texts of
`tests/corpus/test_sentences.py` (abbreviations, statistics, references, quotes, exports without blanks), and on
500 real abstracts, one core:

| library            | F1   | right | installed | import, load | ms an abstract | last release |
|--------------------|------|-------|-----------|--------------|----------------|--------------|
| nupunkt 0.8.0      | .903 | 59    | 0.9 MB    | 35 + 3 ms    | 0.14           | 2026         |
| sentencex 1.0.32   | .926 | 61    | 4.2 MB    | 1 + 3 ms     | 0.06           | 2025 or on   |
| pysbd 0.3.4        | .916 | 61    | 0.4 MB    | 13 ms        | 5.3            | 2021         |
| syntok 1.4.4       | .878 | 53    | 3.7 MB    | 23 ms        | 0.7            | 2022         |
| nupunkt, as here   | .932 | 62    | 0.9 MB    | 35 + 4 ms    | 0.19           |              |

All are MIT and give offsets (syntok those of its tokens; its size counts the `regex` it needs). sentencex is a
compiled wheel, the others are Python. On 2,721 real abstracts sentencex joins all the sentences after some lists and
lone quotes (one "sentence" of 194 words), and cuts before list numbers and references; its lists cannot be changed
from Python. nupunkt's own faults are one boundary each and most have one cause: its abbreviations were learned
from scanned law reports, and hold "century", "tasks" and "found". It lets us replace them. Where nupunkt, as here,
and sentencex differ on those abstracts (142 boundaries), ours is right three times in four, judged by eye. So:

1. `ABBREVIATIONS` and single letters with stops (u.s, p.m) replace the learned list; what nupunkt learned
   about capitals and sentence starts stays.
2. A stop after a small letter, digit or bracket, and a capital right behind it, is a boundary too, as exports
   lose blanks: "was found.We discuss".
3. A boundary needs a stop that has something before it and no punctuation behind it: there is none in
   "(N =. 12)", none in "who pays?; who gains?".

Another version of the library may cut differently, so its version is pinned, and the test lists the texts that are
missed today, so that a change shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from nupunkt import PunktSentenceTokenizer
from nupunkt.models import load_default_model

from sitegen.errors import ModelError

Span = tuple[int, int]
Splitter = Callable[[str, int, int], list[Span]]

_ABBREVIATIONS = (
    "al approx assoc bros ca capt cf ch chap col corp dept diss dr ed eds eg eq eqs esp est etc ex exp "
    "fig figs ft gen gov hon hrs i.i.d ibid ie inc incl jr lt ltd mr mrs ms mt no nos nr op ph.d phd pp "
    "prof prop ref refs rep repr resp rev sec sen sgt sr st str suppl tab trans univ viz vol vols vs "
    "w.r.t jan feb mar apr jun jul aug sep sept oct nov dec"
)
ABBREVIATIONS = frozenset(_ABBREVIATIONS.split())
_LETTERS = re.compile(r"(?:[^\W\d_]\.)*[^\W\d_]")
_GLUED = re.compile(r"(?<=[^\W_A-Z](?:[^\W_A-Z]|[)\]%])[.?!])(?<!www\.)(?=[A-Z][a-z]|[A-Z] )")
_STOPPED = re.compile(r"""[^\s(=][ ]?[.?!…][.?!…"'’”»)\]]*(?:\[[\d,\s–-]+\])?\s*\Z""")
_GOES_ON = re.compile(r"[,;:)\]]|(?<!\s)[\"'”’]")


def splitter_names() -> tuple[str, ...]:
    """The names a model directory may give as its sentence splitter."""
    return tuple(_SPLITTERS)


def splitter(name: str) -> Splitter:
    """The splitter of that name; ModelError where there is none.

    Its sentences are ascending, disjoint, and neither empty nor blank at their edges.
    """
    if name not in _SPLITTERS:
        raise ModelError(f'sentence splitter "{name}" is not known. Use one of: {", ".join(_SPLITTERS)}.')
    return _SPLITTERS[name]


def trimmed(text: str, start: int, end: int) -> Span:
    """[start, end) without the white space at its edges; empty where there is nothing else."""
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, start + len(text[start:end].rstrip())


def _nupunkt(text: str, start: int, end: int) -> list[Span]:
    read = text[start:end]
    candidates = {stop for _, (_, stop) in punkt().tokenize_with_spans(read)}
    candidates |= {match.start() for match in _GLUED.finditer(read)}
    spans: list[Span] = []
    begin = 0
    for cut in sorted(candidates - {len(read)}):
        if _STOPPED.search(read, begin, cut) and not _GOES_ON.match(read, cut):
            spans.append((begin, cut))
            begin = cut
    spans.append((begin, len(read)))
    edges = [trimmed(text, start + a, start + b) for a, b in spans]
    return [(a, b) for a, b in edges if a < b]


@cache
def punkt() -> PunktSentenceTokenizer:
    punkt = load_default_model()
    known = punkt.parameters.abbrev_types
    punkt.parameters.abbrev_types = {a for a in known if _LETTERS.fullmatch(a)} | ABBREVIATIONS
    punkt.clear_decision_cache()
    return punkt


_SPLITTERS: dict[str, Splitter] = {"nupunkt": _nupunkt}
