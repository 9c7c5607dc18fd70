"""The files from which the page of patterns finds where units stay on together: which are on at which word, bit by bit.

All of them are about the top layer and the known words of the papers whose states are kept, the words one after the
other in the order of the papers. Each field has three thresholds, numbered from 1, the highest first; a unit is on
where its state is at least the threshold, negative where it is at most minus that (analysis/network/patterns.py).

`network/patterns/words.js` sets `window.sitegen.patternPapers`, the words:

    {papers: [{name, heading, abstract: TEXT, title: TEXT}, ...], same: {name: name}}
    TEXT     text    what stands before the first known word, that word, what stands between it and the next, ... and at
                     last what stands behind the last one, with line breaks between
             ends    how many known words the text has up to and including each sentence

heading is the title, or what stands for one; a field of which no word is known in any paper is left out; same has the
papers with the texts of others.

`network/patterns/UNIT-2.js` sets an entry of `window.sitegen.patternBits`, "UNIT-2", by the unit's file name and the
number of the threshold: one bit a word, the first word in the lowest bit of the first byte, 1 where the unit is on;
then as many bytes for where it is negative, unless it never is. `network/patterns/all-abstract-2.js` sets
"all-abstract-2", the same of all units of a field: first where each is on, then where each is negative. Bits are
deflated (RFC 1951) and in base64.

A search reads the files of the chosen units, to count them at every word, and then that of all units, to say how many
others do the same as the chosen ones over a run. They overlap, but a search by the first alone would have to leave that
open; and on large sites the first come long before the other.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from sitegen.analysis.network.patterns import cells, thresholds
from sitegen.analysis.network.written import FIELDS, Field, Network
from sitegen.corpus.arrays import Array, read_only
from sitegen.corpus.segment import SegmentedText
from sitegen.web import routes
from sitegen.web.export.scripts import assignment, entry
from sitegen.web.inputs import SiteInputs
from sitegen.web.scan import Scan
from sitegen.web.text.units import Unit

WORDS, BITS = "patternPapers", "patternBits"

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldText:
    """The known words of one field of a record. pieces: what stands before, between and behind them, and they
    themselves, in turn. tokens: their numbers among all words of the field, from 0. sentences: how many there are up to
    and including each sentence. written: what all units wrote at each, in log-odds."""

    pieces: tuple[str, ...]
    tokens: tuple[int, ...]
    sentences: tuple[int, ...]
    written: Array

    @property
    def words(self) -> int:
        """How many."""
        return len(self.tokens)

    def sentence(self, word: int) -> int:
        """In which sentence a word stands, both from 0."""
        return int(np.searchsorted(self.sentences, word, side="right"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldPatterns:
    """One field of all papers. states (W, KH) int8: of the top layer after each known word. bounds (P + 1,): where each
    paper begins among the words, and last W. steps: the thresholds, in steps of 1/127. texts: by paper."""

    states: Array
    bounds: Array
    steps: tuple[int, ...]
    texts: tuple[FieldText, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "states", read_only(self.states, np.int8, (-1, -1)))
        object.__setattr__(self, "bounds", read_only(self.bounds, np.int64, (-1,)))

    def cells(self, number: int) -> Array:
        """Which cells are on at a threshold, by its number from 1: (W, 2·KH)."""
        return cells(self.states, self.steps[number - 1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Patterns:
    """What can be searched. papers: their numbers among the records. same: records with the text of one of them.
    fields: those of which any word is known, the abstract first."""

    network: Network
    papers: tuple[int, ...]
    same: Mapping[int, int]
    fields: Mapping[Field, FieldPatterns]

    def unit(self, field: Field, row: int) -> Unit:
        """The unit of the top layer at that place among all of its field, forward ones first."""
        direction, number = divmod(row, self.network.hidden)
        return Unit(field=field, layer=self.network.layers - 1, direction=direction, number=number)


def patterns_of(inputs: SiteInputs) -> Patterns | None:
    """None where the network is not shown, where no states are published, or where no word is known."""
    network = inputs.network
    if network is None:
        return None
    shape, model = network.report.network, inputs.site.models[0].name
    papers = tuple(k for k in network.papers[-1] if network.inside(k, shape.layers - 1) is not None)
    states: dict[Field, list[Array]] = {field: [] for field in FIELDS}
    texts: dict[Field, list[FieldText]] = {field: [] for field in FIELDS}
    for k in papers:
        inside, occlusion = network.inside(k, shape.layers - 1), inputs.occlusions(k)[model]
        assert inside is not None
        known = {"title": occlusion.title_known, "abstract": occlusion.abstract_known}
        for field in FIELDS:
            text = _text(getattr(occlusion.document, field), known[field], inside.of(field).words)
            texts[field].append(text)
            states[field].append(inside.of(field).states.reshape(-1, shape.directions * shape.hidden)[: text.words])
    fields: dict[Field, FieldPatterns] = {}
    for field in reversed(FIELDS):
        if papers and len(all_states := np.concatenate(states[field])):
            fields[field] = FieldPatterns(
                states=all_states,
                bounds=np.cumsum([0, *(text.words for text in texts[field])]),
                steps=thresholds(all_states),
                texts=tuple(texts[field]),
            )
    return Patterns(network=shape, papers=papers, same=_same(inputs, papers), fields=fields) if fields else None


def has_patterns(inputs: SiteInputs) -> bool:
    """Whether there are any, without reading all of them."""
    network, model = inputs.network, inputs.site.models[0].name
    if network is None:
        return False
    top = network.report.network.layers - 1
    looked = (k for k in network.papers[-1] if network.inside(k, top) is not None)
    scores = (inputs.occlusions(k)[model] for k in looked)
    return any(one.title_known.any() or one.abstract_known.any() for one in scores)


def pattern_files(patterns: Patterns, scan: Scan) -> Iterator[tuple[str, str]]:
    """Path and script of each file."""
    yield routes.pattern("words"), assignment(WORDS, _words(patterns, scan))
    units = patterns.network.directions * patterns.network.hidden
    for field, of_field in patterns.fields.items():
        for number in range(1, len(of_field.steps) + 1):
            planes = np.packbits(of_field.cells(number), axis=0, bitorder="little").T  # (2·KH, bytes)
            for row in range(units):
                on, negative = planes[row].tobytes(), planes[units + row].tobytes()
                unit = patterns.unit(field, row).file
                yield _bits(f"{unit}-{number}", on + negative if any(negative) else on)
            yield _bits(f"all-{field}-{number}", planes.tobytes())


def _bits(name: str, bits: bytes) -> tuple[str, str]:
    return routes.pattern(name), entry(BITS, name, base64.b64encode(deflated(bits)).decode("ascii"))


def deflated(data: bytes) -> bytes:
    """The data as few bytes. Level 9 takes ten times as long as this for 7% less, and Huffman codes alone (as in
    packing.py) pay for titles only, by 2% in all."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS, 9)
    return deflate.compress(data) + deflate.flush()


def _words(patterns: Patterns, scan: Scan) -> dict[str, Any]:
    papers = []
    for place, k in enumerate(patterns.papers):
        paper: dict[str, Any] = {"name": scan.summaries[k].name, "heading": scan.summaries[k].title}
        for field, of_field in patterns.fields.items():
            text = of_field.texts[place]
            paper[field] = {"text": "\n".join(text.pieces), "ends": text.sentences}
        papers.append(paper)
    names = [summary.name for summary in scan.summaries]
    return {"papers": papers, "same": {names[k]: names[paper] for k, paper in patterns.same.items()}}


def _text(text: SegmentedText, known: Array, written: Array) -> FieldText:
    numbers = known.nonzero()[0]
    pieces, at = [], text.start
    for start, end in text.spans[numbers].tolist():
        pieces += [text.text[at:start], text.text[start:end]]
        at = end
    pieces.append(text.text[at:])
    return FieldText(
        pieces=tuple(_BLANKS.sub(" ", piece) for piece in pieces),
        tokens=tuple(numbers.tolist()),
        sentences=tuple(int(known[:end].sum()) for end in text.sentence_ends.tolist()),
        written=read_only(written[numbers], np.float32),
    )


def _same(inputs: SiteInputs, papers: tuple[int, ...]) -> dict[int, int]:
    texts = {(record.title, record.abstract): k for k in papers for record in [inputs.records[k]]}
    return {
        k: texts[text]
        for k, record in enumerate(inputs.records)
        if (text := (record.title, record.abstract)) in texts and texts[text] != k
    }
