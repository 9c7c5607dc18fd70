"""What a model of another kind learned from, as its user says it in a file of hashes (`seen` below its [[models]]).

Only for texts that a model has not learned from may a sentence be called clear. A model directory lists the hashes of
its texts by itself. For another kind that is the `config.json` of a model directory that was trained on the same texts,
or a file of JSON that has the same three lists of hashes, as text_hash of corpus/texts.py makes them:

    {"train": [...], "validation": [...], "test": [...]}
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from sitegen.errors import ModelError
from sitegen.models.manifest import Texts

_PARTS = ("train", "validation", "test")
_HASH = re.compile(r"[0-9a-f]{16}")


def texts_in(file: Path, *, place: str) -> Texts:
    """The texts that a file lists. place: where its path stands, for messages. ModelError where it cannot be used."""
    try:
        found: Any = json.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ModelError(f'{file}: there is no such file. Correct "seen" {place}.') from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{file}: is no JSON ({error}). Name the config.json of a model directory.") from None
    lists = found.get("texts", found) if isinstance(found, dict) else None
    if not isinstance(lists, dict) or not lists.keys() & {"train", "validation"}:
        raise ModelError(
            f'{file}: does not say which texts a model learned from: it has no list "train". Name the config.json of a '
            f'model directory, or a file of {{"train": [...], "validation": [...], "test": [...]}}.'
        )
    parts: dict[str, tuple[str, ...]] = {}
    for part in _PARTS:
        hashes = lists.get(part, [])
        if not isinstance(hashes, list) or not all(isinstance(one, str) and _HASH.fullmatch(one) for one in hashes):
            raise ModelError(
                f'{file}: "{part}" is no list of hashes, 16 hexadecimal digits each. Make them with '
                f"sitegen.corpus.texts.text_hash(title, abstract)."
            )
        parts[part] = tuple(hashes)
    return Texts(**parts)
