"""What a script must know to cut texts as this package does: the tables behind a tokenizer and a splitter.

A page where readers type a text of their own has no Python. Its scripts (templates/assets/live-text.js and
live-sentences.js) have the rules; what the rules look up is written with each site, from the library that cut the
site's own texts, and is nowhere in this package: 18 kB. The tokenizer `words` needs no table.

Measured on 2,997 real abstracts, the demo's records and 12,000 texts of odd characters: words, sentences and all places
are the same as here, without exception. A character that is newer than either side's Unicode may differ.
"""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from typing import Any

from sitegen.corpus.sentences import punkt
from sitegen.errors import ModelError

TOKENIZERS = ("words",)
SPLITTERS = ("nupunkt",)


def not_in_a_page(tokenizer: str, splitter: str) -> str:
    """Why a page cannot cut texts as these two do, as a sentence for readers; "" where it can."""
    if tokenizer not in TOKENIZERS:
        return (
            f"The model reads words as “{tokenizer}” cuts them, which needs a program that a page cannot run; a page "
            f"can cut words in one way only, “{TOKENIZERS[0]}”."
        )
    if splitter not in SPLITTERS:
        return f"The model's sentences are those of “{splitter}”, which a page cannot cut."
    return ""


def cutting_tables(splitter: str) -> dict[str, Any]:
    """The tables of a splitter, in plain values; see live-sentences.js for what each is.

    Raises ModelError where the library decides by something that the script does not know of.
    """
    if splitter not in SPLITTERS:
        raise ModelError(f'sentence splitter "{splitter}" cannot be written for a page. Use one of: {SPLITTERS}.')
    library = punkt()
    known = library.parameters
    if known.ortho_context or library.BREAK_RATE_LOW is not None or library.EXCL_QUEST_LOWERCASE_CONTINUES:
        raise ModelError(
            "the installed nupunkt decides by more than its lists (capitals, rates, marks), which pages do not know: "
            "templates/assets/live-sentences.js has to learn it."
        )
    pairs: dict[str, list[str]] = defaultdict(list)
    for first, second in sorted(known.collocations):
        pairs[first].append(second)
    ending = {
        name
        for name, (seen, ended) in known.abbrev_break_rates.items()
        if seen >= library.BREAK_RATE_MIN_COUNT and ended / seen >= library.BREAK_RATE_HIGH
    }
    return {
        "abbreviations": _joined(known.abbrev_types),
        "ending": _joined(ending),
        "starters": _joined(known.sent_starters),
        "titles": _joined(library._TITLE_ABBREVS),
        "going": _joined(library._ELLIPSIS_CONTINUERS),
        "pairs": {first: " ".join(words) for first, words in pairs.items()},
        "digits": "".join(filter(_digit_alone, map(chr, range(sys.maxunicode + 1)))),
    }


def _joined(words: Any) -> str:
    return " ".join(sorted(words))


def _digit_alone(character: str) -> bool:
    return character.isdigit() and unicodedata.category(character) != "Nd"
