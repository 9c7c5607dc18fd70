"""The file of answers that `sitegen import` writes and `kind = "scores"` reads: JSON Lines.

Its first line says what it is and how texts were cut into words:

    {"answers": 1, "words": "words", "splitter": "nupunkt", "strip_title": false, "depth": "words"}

each further line is the answer to one text:

    {"text": "5f0c...", "margin": 1.25}

A text is named by the words of a title and of an abstract that it has: a hash of both whole fields and of which of
their words are left (`name_of`). So the file holds nothing of what was written, and a text has one name whatever is
done about the blanks and the full stops around what is hidden.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.folders import file_written_whole
from sitegen.corpus.segment import Segmentation
from sitegen.errors import ModelError

FORMAT = 1
_AGAIN = "Import the answers again: sitegen import"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Margins by the names of their texts, in log-odds. depth: the deepest of which some questions are answered."""

    margins: Mapping[str, float]
    segmentation: Segmentation
    depth: str


def name_of(title: Excerpt, abstract: Excerpt) -> str:
    """The name of a text: 32 hexadecimal digits."""
    parts = [_part(title), _part(abstract)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()[:32]


def write_answers(file: Path, answers: Answers) -> None:
    """Write the file; one that is there is replaced when the new one is complete."""
    cut = answers.segmentation
    head = {
        "answers": FORMAT,
        "words": cut.tokenizer,
        "splitter": cut.splitter,
        "strip_title": cut.strip_title,
        "depth": answers.depth,
    }
    lines = [head, *({"text": name, "margin": margin} for name, margin in sorted(answers.margins.items()))]
    with file_written_whole(file) as part:
        part.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")


def read_head(file: Path) -> tuple[Segmentation, str]:
    """How its texts were cut, and its depth; ModelError where it is no such file."""
    try:
        with file.open(encoding="utf-8") as lines:
            head = json.loads(next(lines, ""))
        if head["answers"] != FORMAT:
            raise KeyError(head["answers"])
        cut = Segmentation(tokenizer=head["words"], splitter=head["splitter"], strip_title=head["strip_title"])
        return cut, str(head["depth"])
    except (ValueError, KeyError, TypeError):
        raise ModelError(
            f"{file}: is no file of answers that sitegen import wrote. Import yours: sitegen import ANSWERS SITE.TOML"
        ) from None


def read_answers(file: Path) -> Answers:
    """The answers of a file; ModelError where a line is none."""
    segmentation, depth = read_head(file)
    margins: dict[str, float] = {}
    with file.open(encoding="utf-8") as lines:
        next(lines)
        for number, line in enumerate(lines, 2):
            try:
                answer = json.loads(line)
                margin = float(answer["margin"])
                if not math.isfinite(margin):
                    raise ValueError(margin)
                margins[str(answer["text"])] = margin
            except (ValueError, KeyError, TypeError):
                raise ModelError(f"{file}:{number}: is no answer. {_AGAIN} ANSWERS SITE.TOML") from None
    return Answers(margins=margins, segmentation=segmentation, depth=depth)


def _part(excerpt: Excerpt) -> Sequence[str] | None:
    kept = np.asarray(excerpt.kept, dtype=bool)
    if not kept.any():
        return None  # an empty text is one text, whatever it was taken from
    return [excerpt.field.text, np.packbits(kept).tobytes().hex(), str(kept.size)]
