"""A whole analysis in one zip that can be checked in ten years: a BagIt bag, whose payload is an RO-Crate.

    NAME/open-me.html           leads to data/site/index.html by a double click
    NAME/bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt
    NAME/data/                  the payload, and the root of the crate
        ro-crate-metadata.json  what is what, for programs; README.txt for people
        site/                   the site as it stands
        site.toml, records.csv, model/, pages/ ...
                                what it was made of, where site.toml names it: sitegen builds it again from here
        hashes/                 of what was left out, in its place
        environment.txt, sbom.cdx.json, CITATION.cff

The crate's root is the payload and not the bag, as RO-Crate's own chapter on BagIt has it: so its metadata is under the
bag's checksums, and the bag's own files need no place in it.

The bytes repeat: names in order, fixed permissions, one date throughout, that of SOURCE_DATE_EPOCH or, without it,
1980-01-01, the first that a zip can state. Only another zlib may compress otherwise; what is in the files stays.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import tomllib
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sitegen.config import Site
from sitegen.corpus.folders import scratch_beside, unwritable
from sitegen.corpus.records import Record
from sitegen.errors import OutputError
from sitegen.models.registry import describe
from sitegen.models.source import checkpoints_of, source_of
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import describing, hashes
from sitegen.pipeline.dates import UNDATED, source_date
from sitegen.pipeline.verify import SITE, TAG_MANIFEST, verify
from sitegen.web.inputs import Reporter
from sitegen.web.pages.prose import images, read_prose
from sitegen.web.publish.checksums import MANIFEST, digests_of, files_of, manifest_text, read_manifest
from sitegen.web.text.numbers import slug

OPEN_ME = "open-me.html"
_NO_DATE = datetime.fromtimestamp(UNDATED, UTC)
_LEVEL = 6  # of compression
_OURS = {"site", "site.toml", "hashes", "more", *describing.NAMES}  # names at the top of the payload


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveReport:
    """The outcome: the zip, how many files of how many bytes it holds, its own size, and what was left out."""

    file: Path
    files: int
    bytes: int
    size: int
    left_out: tuple[str, ...]


def archive(
    site: Site,
    output: Path,
    *,
    reporter: Reporter,
    with_model: bool = True,
    with_texts: bool = True,
    replace: bool = False,
    skip_invalid: bool = False,
) -> ArchiveReport:
    """Write the archive of a site that is built and up to date.

    with_model, with_texts: whether models and records come along, or their hashes alone, as of texts that the site
    withholds in any case. replace: whether a file at
    `output` may be overwritten. Raises OutputError where the site is not what it should be.
    """
    describing.check_libraries()
    if output.exists() and (output.is_dir() or not replace):
        raise OutputError(f"{output}: exists already. Choose another --output, or overwrite a file with --force.")
    if fault := unwritable(output):
        raise OutputError(f"{output}: cannot be written ({fault}). Choose another --output.")
    date = _date()
    records = _checked(site, reporter, skip_invalid=skip_invalid)
    with_texts = with_texts and site.records.publish == "all"
    with scratch_beside(output) as place:
        bag = place / slug(site.title)
        bag.mkdir()
        left_out = _payload(site, bag, records, with_model=with_model, with_texts=with_texts)
        describing.describe_payload(site, bag, date=date or _NO_DATE, dated=date is not None, left_out=left_out)
        _bag(site, bag, date)
        files = files_of(bag)
        size = sum((bag / name).stat().st_size for name in files)
        part = place / "part.zip"
        _zip(bag, files, part, date or _NO_DATE)
        part.replace(output)
    return ArchiveReport(
        file=output, files=len(files), bytes=size, size=output.stat().st_size, left_out=tuple(left_out)
    )


def _date() -> datetime | None:
    """The date that the archive may carry, no earlier than a zip can state; None where none is given."""
    seconds = source_date(os.environ)
    return None if seconds == UNDATED else max(datetime.fromtimestamp(seconds, UTC), _NO_DATE)


def _checked(site: Site, reporter: Reporter, *, skip_invalid: bool) -> Sequence[Record]:
    """The site's records, once it is sure that the site is built, whole, and made of what is there now."""
    folder = site.output.folder
    again = f"Build it: sitegen build {shlex.quote(str(site.file))}"
    if not (folder / MANIFEST).is_file():
        raise OutputError(f"{folder}: there is no site here, or one of an older sitegen. {again}")
    if not (found := verify(folder)).whole:
        wrong = [*found.changed, *found.missing, *found.faults]
        if found.added:
            raise OutputError(
                f"{folder}: has files that the build did not put there ({', '.join(found.added[:5])}). Move them away; "
                f"what you want in the site belongs into templates/assets or pages beside site.toml."
            )
        raise OutputError(f"{folder}: is not as it was built ({', '.join(wrong[:5])}). {again}")
    collection = pipeline.up_to_date(site, reporter=reporter, skip_invalid=skip_invalid)
    if collection is None:
        raise OutputError(f"{folder}: is not up to date with its records, models or settings. {again}")
    return collection.records


def _payload(
    site: Site, payload: Path, records: Sequence[Record], *, with_model: bool, with_texts: bool
) -> dict[str, str]:
    """Copy what belongs into the archive; returns what was left out, by its place, and where its hashes are."""
    folder = site.output.folder
    listed = read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    for name in (*listed, MANIFEST):
        _copy(folder / name, payload / SITE.removeprefix("data/") / name)
    (payload / "site.toml").write_bytes(_without_consent(site.file))
    left_out: dict[str, str] = {}
    for place, files in places(site).items():
        if place.kind == "model" and not with_model:
            left_out[place.path] = hashes.write_models(payload, place.path, files)
        elif place.kind == "records" and not with_texts:
            left_out[place.path] = hashes.write_records(payload, place.path, files[""], records)
        else:
            for name, file in files.items():
                _copy(file, payload / place.path / name)
    return left_out


def _without_consent(file: Path) -> bytes:
    """site.toml without its author's consent to run a model's code, which whoever gets the archive must give anew."""
    before = file.read_bytes()
    after = re.sub(rb"(?m)^(\s*trust\s*=\s*)true\b", rb"\1false", before)
    models = tomllib.loads(after.decode("utf-8-sig"))["models"]
    if any(model.get("trust") for model in models):
        raise OutputError(
            f"{file}: an archive takes back trust = true. Write it on a line of its own, below [[models]]."
        )
    return after


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something that a site is made of lies in the payload, and what it is: "records", "model" or "other"."""

    path: str
    kind: str


def places(site: Site) -> dict[Place, Mapping[str, Path]]:
    """What a site is made of beside site.toml: each place with its files by their names there, "" for a file itself.

    A place is where site.toml names it, so that the payload can be built again; what lies outside of the site's folder,
    and could not be found there, goes by its name alone.
    """
    found: dict[Place, Mapping[str, Path]] = {}

    def add(path: Path, kind: str, files: Mapping[str, Path]) -> None:
        inside = path.is_relative_to(site.folder) and path != site.folder
        name = path.relative_to(site.folder).as_posix() if inside else path.name
        if name.partition("/")[0].lower() in _OURS or any(name == place.path for place in found):
            name = f"more/{len(found)}/{name}"
        found[Place(path=name, kind=kind)] = files

    for file in site.records.paths:
        add(file, "records", {"": file})
    for source in dict.fromkeys(
        one for model in site.models for one in (source_of(site, model), *checkpoints_of(site, model))
    ):
        files = dict.fromkeys(describe(source).all_files.values())
        if source.path and source.path.is_dir():
            inside = [file for file in files if file.is_relative_to(source.path)]
            add(source.path, "model", {file.relative_to(source.path).as_posix(): file for file in inside})
            files = dict.fromkeys(file for file in files if file not in inside)
        for file in files:
            add(file, "model", {"": file})
    if prose := [*(page.file for page in read_prose(site.pages)), *images(site.pages).values()]:
        add(site.pages, "other", {file.relative_to(site.pages).as_posix(): file for file in prose})
    if (templates := site.folder / "templates").is_dir():
        add(templates, "other", {name: templates / name for name in files_of(templates)})
    for named in (site.significance.neutral, site.logo):
        if named and not any(named in files.values() for files in found.values()):
            add(named, "other", {"": named})
    return found


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _bag(site: Site, folder: Path, date: datetime | None) -> None:
    """Make the folder a bag, its contents the payload, and put the page to open beside it.

    bagit writes the manifest of the tag files as no sha256sum can read it, and in the order of the directory: it is
    written again.
    """
    import bagit

    about = {
        "External-Description": site.description or site.title,
        "Bag-Software-Agent": f"{describing.AGENT}; bagit.py {bagit.VERSION}",
        "Bagging-Date": f"{date or _NO_DATE:%Y-%m-%d}",
    }
    bag = bagit.make_bag(str(folder), about, checksums=["sha256"])
    (folder / OPEN_ME).write_text(describing.open_me(site), encoding="utf-8", newline="\n")
    if date is None:
        del bag.info["Bagging-Date"]
    bag.save()
    tags = [path.name for path in folder.iterdir() if path.is_file() and path.name != TAG_MANIFEST]
    (folder / TAG_MANIFEST).write_text(manifest_text(digests_of(folder, tags)), encoding="utf-8", newline="\n")


def _zip(folder: Path, names: Sequence[str], file: Path, date: datetime) -> None:
    """Zip the files of a folder, under its name; with the same files the bytes are the same."""
    with zipfile.ZipFile(file, "w") as out:
        for name in names:
            source = folder / name
            info = zipfile.ZipInfo(f"{folder.name}/{name}", date_time=date.timetuple()[:6])
            info.create_system, info.external_attr = 3, 0o100644 << 16  # a plain file, as Unix has it
            info.compress_type, info.file_size = zipfile.ZIP_DEFLATED, source.stat().st_size
            info._compresslevel = _LEVEL  # type: ignore[attr-defined]
            with source.open("rb") as content, out.open(info, "w") as member:
                shutil.copyfileobj(content, member, 1 << 20)
