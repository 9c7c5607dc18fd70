"""Words of the corpus in their contexts, from what is published of the records.

The pages of all units need some thousand of them, of every record a few: so the places are collected first, and each
record's document is read once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sitegen.corpus.segment import SegmentedText
from sitegen.web.inputs import SiteInputs
from sitegen.web.scan import Scan
from sitegen.web.text.numbers import excerpt

AROUND, ROOM = 6, 28  # words on either side, and characters
WIDEST = 24  # characters of a word that is shown whole
TITLE = 40  # characters of a title

Place = tuple[str, int, int]  # field, record, token


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A word between its neighbours. path: of its place on the record's page. word: "" where it is withheld; then
    `before` says in words where it stands."""

    path: str
    before: str
    word: str
    after: str


def contexts_of(inputs: SiteInputs, scan: Scan, places: Iterable[Place]) -> Mapping[Place, Context]:
    """The context of each place, in one pass over the records."""
    wanted: dict[int, set[Place]] = defaultdict(set)
    for place in places:
        wanted[place[1]].add(place)
    first = inputs.site.models[0].name
    contexts = {}
    for record in sorted(wanted):
        document, summary = inputs.occlusions(record)[first].document, scan.summaries[record]
        for field, _, token in wanted[record]:
            text: SegmentedText = getattr(document, field)
            sentence = next((n for n, end in enumerate(text.sentence_ends.tolist()) if token < end), 0)
            path = summary.page if field == "title" else summary.sentence(sentence)
            where = "title" if field == "title" else f"sentence {sentence + 1}"
            contexts[field, record, token] = context(
                text, token, path=path, withheld=f"{excerpt(summary.title, TITLE)}, {where}"
            )
    return contexts


def context(text: SegmentedText, token: int, *, path: str, withheld: str) -> Context:
    """A word of a text with its neighbours, AROUND words in ROOM characters at most, as far as they are published.
    withheld: what stands in for it where it is not."""
    if not text.tokens[token]:
        return Context(path=path, before=withheld, word="", after="")
    first = last = token
    start, end = text.spans[token].tolist()
    while first > max(token - AROUND, 0) and text.tokens[first - 1] and start - text.spans[first - 1, 0] <= ROOM:
        first -= 1
    while (
        last < min(token + AROUND, len(text.tokens) - 1)
        and text.tokens[last + 1]
        and text.spans[last + 1, 1] - end <= ROOM
    ):
        last += 1
    before = _plain(text.text[text.spans[first, 0] : start])
    after = _plain(text.text[end : text.spans[last, 1]])
    return Context(
        path=path,
        before=("… " if first else "") + before,
        word=_short(text.text[start:end]),
        after=after + (" …" if last < len(text.tokens) - 1 else ""),
    )


def _plain(text: str) -> str:
    """On one line, long words cut; a blank at either end stays."""
    words = " ".join(_short(word) for word in text.split())
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if text[-1:].isspace() and words else ''}"


def _short(word: str) -> str:
    return word if len(word) <= WIDEST else word[: WIDEST - 1] + "…"
