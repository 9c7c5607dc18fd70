"""A memory of the last build, so that one with the same inputs need not be repeated.

A site depends on nothing but its inputs: records, scores, site.toml, pages, templates, and this program. The cache
keeps, for each folder that a site was written to, a digest of these inputs and the list of the files that were written,
each with its size and time of modification. A site is up to date when the digest is the same and no file was touched
since. To be wrong in this would be worse than to be slow, so the digest covers the program's own files, too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def digest(parts: Iterable[str | bytes]) -> str:
    """The SHA-256 of parts, each marked off from the next by its length."""
    whole = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        whole.update(len(data).to_bytes(8, "little"))
        whole.update(data)
    return whole.hexdigest()


def folder_parts(folder: Path, *, pattern: str = "*") -> Iterable[str | bytes]:
    """The names and contents of the files of a folder and those below it, in the order of their names."""
    for file in sorted(folder.rglob(pattern)):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(folder).as_posix()
            yield file.read_bytes()


class BuildCache:
    """The memory of one target, the folder of a site; a file in `cache`."""

    def __init__(self, cache: Path, target: Path) -> None:
        self._target = target
        self._file = cache / "rendered" / f"{digest([str(target)])[:16]}.json"

    def find(self, inputs: str) -> dict[str, Any] | None:
        """The facts noted of the target, if it was made from these inputs and is as it was left; else None."""
        try:
            entry = json.loads(self._file.read_text(encoding="utf-8"))
            same = entry["inputs"] == inputs and entry["files"] == self._state(entry["files"])
        except (OSError, ValueError, KeyError, TypeError):
            return None  # absent, or not written to the end: the site is built
        return dict(entry["facts"]) if same else None

    def note(self, inputs: str, facts: Mapping[str, Any], *, files: Iterable[str]) -> None:
        """Write down that the target now holds `files`, made from these inputs."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        entry = {"target": str(self._target), "inputs": inputs, "facts": facts, "files": self._state(files)}
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps(entry, ensure_ascii=False), encoding="utf-8")
        part.replace(self._file)

    def _state(self, files: Iterable[str]) -> dict[str, list[int]]:
        """Size and time of modification, in nanoseconds, of each file of the target; OSError where one is gone."""
        state = {}
        for name in files:
            stat = (self._target / name).stat()
            state[name] = [stat.st_size, stat.st_mtime_ns]
        return state
