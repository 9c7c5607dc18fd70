"""Is a site or an archive what it was when it was made: every byte, by the checksum manifests it carries.

A site carries one manifest (web/publish/checksums.py). An archive is a BagIt bag: it has one of the payload in `data/`
and one of the files beside that, and the site within carries its own. Each may be a folder or a zip, which is read
without being unpacked. No library is needed.

A file that the manifests do not list was added. It is a fault, since pages could load it, but for what a web server's
host or an operating system puts there by itself: `.git`, `CNAME`, `.DS_Store`, `Thumbs.db`, `desktop.ini`. Those are
named and pass, in an archive's payload too.
"""

from __future__ import annotations

import hashlib
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, Protocol

from sitegen.errors import OutputError
from sitegen.web.publish.checksums import MANIFEST, files_of, read_manifest
from sitegen.web.publish.staging import MARK

BAG, TAG_MANIFEST, SITE = "bagit.txt", "tagmanifest-sha256.txt", "data/site/"
_PASS_AT_TOP = (".git", "CNAME")
_PASS_ANYWHERE = {".DS_Store", "Thumbs.db", "desktop.ini"}

Kind = Literal["site", "archive"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What became of the files of a site or an archive since it was made; paths within it, in their order.

    files: how many were to be found. changed: other bytes, or not to be read. missing: not there. added: on no
    manifest. foreign: added as well, but by systems that do so, and no fault. faults: what else is wrong, in sentences.
    """

    kind: Kind
    files: int
    changed: tuple[str, ...]
    missing: tuple[str, ...]
    added: tuple[str, ...]
    foreign: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Whether everything is as it was made."""
        return not (self.changed or self.missing or self.added or self.faults)


class Tree(Protocol):
    """The files of a folder, wherever they lie."""

    names: frozenset[str]  # paths within it

    def open(self, name: str) -> IO[bytes]:
        """One of the files, to be read."""
        ...


class Folder:
    """A Tree on the disk."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.names = frozenset(files_of(path))

    def open(self, name: str) -> IO[bytes]:
        """One of the files, to be read."""
        return (self._path / name).open("rb")


class Zip:
    """A Tree in a zip; where all of it lies in one folder, that folder."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        names = [one.filename for one in file.infolist() if not one.is_dir()]
        tops = {name.partition("/")[0] for name in names}
        self._top = f"{min(tops)}/" if len(tops) == 1 and all("/" in name for name in names) else ""
        self.names = frozenset(name.removeprefix(self._top) for name in names)
        self.repeated = len(names) - len(self.names)

    def open(self, name: str) -> IO[bytes]:
        """One of the files, to be read."""
        return self._file.open(self._top + name)


@contextmanager
def opened(path: Path) -> Iterator[Tree]:
    """The files of a folder or a zip; OutputError where `path` is neither."""
    if path.is_dir():
        yield Folder(path)
        return
    if not path.exists():
        raise OutputError(f"{path}: there is nothing here. Give the folder of a built site, or an archive.")
    try:
        file = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise OutputError(f"{path}: is no zip that can be read ({error}). Get the archive again.") from None
    with file:
        yield Zip(file)


def verify(path: Path) -> Verification:
    """Check the site or the archive at `path`; OutputError where it is neither."""
    with opened(path) as tree:
        if kind_of(tree, path) == "site":
            return _site(tree)
        return _archive(tree)


def kind_of(tree: Tree, path: Path) -> Kind:
    """What lies at `path`; OutputError where it carries no manifest."""
    if BAG in tree.names and TAG_MANIFEST in tree.names:
        return "archive"
    if MANIFEST in tree.names and "index.html" in tree.names:
        return "site"
    raise OutputError(
        f"{path}: is neither a built site nor an archive of one: it lacks {MANIFEST}, or {BAG} and {TAG_MANIFEST}. "
        f"Give the folder of a site, or a zip that sitegen archive wrote; build a site of an older sitegen again."
    )


def _site(tree: Tree) -> Verification:
    listed, faults = _listed(tree, MANIFEST)
    return _compared(tree, "site", listed, {*listed, MANIFEST, MARK}, faults=faults)


def _archive(tree: Tree) -> Verification:
    payload, faults = _listed(tree, MANIFEST)
    tags, more = _listed(tree, TAG_MANIFEST)
    faults += more
    if MANIFEST not in tags:
        faults.append(f"{TAG_MANIFEST} does not list {MANIFEST}")
    inner = SITE + MANIFEST
    if inner in tree.names:
        site, more = _listed(tree, inner)
        faults += more
        faults += [
            f"{inner} and {MANIFEST} disagree on {name}"
            for name, digest in site.items()
            if payload.get(SITE + name) != digest
        ]
    return _compared(tree, "archive", {**payload, **tags}, {*payload, *tags, TAG_MANIFEST}, faults=faults)


def _listed(tree: Tree, manifest: str) -> tuple[dict[str, str], list[str]]:
    """What a manifest lists, and what is wrong with it."""
    if manifest not in tree.names:
        return {}, []  # another manifest lists it, and so names it as missing
    try:
        with tree.open(manifest) as stream:
            return read_manifest(stream.read().decode()), []
    except (OSError, RuntimeError, ValueError, zipfile.BadZipFile, zlib.error, EOFError) as error:
        return {}, [f"{manifest} cannot be used: {error}"]


def _compared(tree: Tree, kind: Kind, listed: dict[str, str], known: set[str], *, faults: list[str]) -> Verification:
    there = sorted(listed.keys() & tree.names)
    more = sorted(tree.names - known)
    foreign = {name: _shown(name) for name in more if _passes(name)}
    if isinstance(tree, Zip) and tree.repeated:
        faults = [*faults, "the zip has two files of one name"]
    return Verification(
        kind=kind,
        files=len(listed),
        changed=tuple(name for name in there if digest_of(tree, name) != listed[name]),
        missing=tuple(sorted(listed.keys() - tree.names)),
        added=tuple(name for name in more if name not in foreign),
        foreign=tuple(dict.fromkeys(foreign.values())),
        faults=tuple(faults),
    )


def _passes(name: str) -> bool:
    return name.partition("/")[0] in _PASS_AT_TOP or posixpath.basename(name) in _PASS_ANYWHERE


def _shown(name: str) -> str:
    """How a file that passes is named: one of a repository's many by the repository."""
    top, slash, _ = name.partition("/")
    return top + slash if top in _PASS_AT_TOP else name


def digest_of(tree: Tree, name: str) -> str:
    """The SHA-256 of one file, hex; "" where it cannot be read."""
    whole = hashlib.sha256()
    try:
        with tree.open(name) as stream:
            while piece := stream.read(1 << 20):
                whole.update(piece)
    except (OSError, RuntimeError, zipfile.BadZipFile, zlib.error, EOFError):
        return ""
    return whole.hexdigest()
