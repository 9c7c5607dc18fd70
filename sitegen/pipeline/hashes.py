"""What an archive holds in place of what was left out: hashes, so that others can show that theirs is the same.

`hashes/PLACE.sha256` are lines of sha256sum for the files. `hashes/texts.csv` has each record's text by itself, since
texts may come in another file: the SHA-256 of a title, a line feed and the abstract, in UTF-8.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from sitegen.corpus.records import Record
from sitegen.web.publish.checksums import manifest_text, sha256

TEXTS = "hashes/texts.csv"


def sums_of(place: str) -> str:
    """The path in the payload of the file with the hashes of what belongs at `place`."""
    return f"hashes/{place}.sha256"


def text_digest(title: str, abstract: str) -> str:
    """The SHA-256 of a record's text, hex."""
    return hashlib.sha256(f"{title}\n{abstract}".encode("utf-8", "surrogatepass")).hexdigest()


def write_models(payload: Path, place: str, files: Mapping[str, Path]) -> str:
    """Write the hashes of a model's files; returns the file's path."""
    return _write(payload, place, {f"{place}/{name}" if name else place: sha256(file) for name, file in files.items()})


def write_records(payload: Path, place: str, file: Path, records: Sequence[Record]) -> str:
    """Write the hashes of the file of records and of each text; returns the path of the first."""
    name = _write(payload, place, {place: sha256(file)})
    (payload / TEXTS).parent.mkdir(exist_ok=True)
    with (payload / TEXTS).open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(["id", "sha256"])
        table.writerows([record.id, text_digest(record.title, record.abstract)] for record in records)
    return name


def _write(payload: Path, place: str, digests: Mapping[str, str]) -> str:
    name = sums_of(place)
    (payload / name).parent.mkdir(parents=True, exist_ok=True)
    (payload / name).write_text(manifest_text(digests), encoding="utf-8", newline="\n")
    return name
