"""The checksum manifest of a folder: a line a file, its SHA-256, two blanks, its path.

This is the format of `sha256sum`, and of BagIt's manifests too, so whoever has a site can check it with what every
system brings, without sitegen. Paths are relative to the manifest's folder, with forward slashes, in the order of their
code points. A manifest lists neither itself nor what is not part of what it vouches for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from sitegen.errors import OutputError

MANIFEST = "manifest-sha256.txt"
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_UNSAFE = re.compile(r"[\\\x00-\x1f]")  # written otherwise by some programs, and impossible on some systems


def files_of(folder: Path) -> list[str]:
    """The paths of all files of a folder and those below it; links count as files and are not followed."""
    found = (path for path in folder.rglob("*") if path.is_symlink() or path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in found)


def sha256(file: Path) -> str:
    """The SHA-256 of a file's bytes, hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digests_of(folder: Path, names: Iterable[str]) -> dict[str, str]:
    """The SHA-256 of each of the folder's files, by its path."""
    return {name: sha256(folder / name) for name in names}


def manifest_text(digests: Mapping[str, str]) -> str:
    """The manifest of files with these digests; OutputError where a path cannot stand in one."""
    for name in digests:
        if _UNSAFE.search(name):
            raise OutputError(f"{name!r}: has a backslash or a control character in its name. Rename the file.")
    return "".join(f"{digests[name]}  {name}\n" for name in sorted(digests))


def read_manifest(text: str) -> dict[str, str]:
    """The digests by path that a manifest states.

    Raises ValueError, saying which line, where it is no manifest, names a file twice, or one outside of its folder.
    """
    digests: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        parts = _LINE.fullmatch(line)
        if not parts:
            raise ValueError(f"line {number} is no checksum and path")
        digest, name = parts.groups()
        if name.startswith("/") or {"", ".", ".."} & set(name.split("/")) or _UNSAFE.search(name):
            raise ValueError(f"line {number} names a file outside of the folder")
        if name in digests:
            raise ValueError(f'line {number} names "{name}" again')
        digests[name] = digest
    return digests
