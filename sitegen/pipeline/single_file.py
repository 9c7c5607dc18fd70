"""One record's page as a single file: the site is built as always, and the page is made of its files."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from sitegen.config import Site
from sitegen.corpus.folders import file_written_whole
from sitegen.errors import OutputError, RecordError
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.build import RenderReport, ScoreReport
from sitegen.web import routes
from sitegen.web.inputs import Reporter, Silent
from sitegen.web.publish.single_file import single_file
from sitegen.web.text.numbers import slug

NEAR = 5  # ids that are named where one is unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleFile:
    """The file that was written, its size in bytes, and the reports of the runs before."""

    file: Path
    bytes: int
    scores: ScoreReport
    site: RenderReport


def build_single_file(
    site: Site, record: str, *, file: Path | None, reporter: Reporter, skip_invalid: bool = False, prune: bool = False
) -> SingleFile:
    """Build the site, and write the page of the record with the id `record` into `file`, or beside site.toml.

    RecordError where there is no such record, before anything is scored.
    """
    ids = [one.id for one in pipeline.read(site, reporter=Silent(), skip_invalid=skip_invalid).records]
    if record not in ids:
        raise RecordError(_unknown(record, ids, site.records.files))
    file = (file or site.folder / f"{slug(record)}.html").resolve()
    if file.is_dir():
        raise OutputError(f"{file}: is a folder. Give --output the name of a file, such as {slug(record)}.html.")
    scores, report = pipeline.build(site, reporter=reporter, skip_invalid=skip_invalid, prune=prune)
    page = single_file(site.output.folder, routes.page("record", slug(record)), url=site.url).encode()
    try:
        with file_written_whole(file) as part:
            part.write_bytes(page)
    except OSError as error:
        raise OutputError(f"{file}: cannot be written ({error.strerror}). Choose another --output.") from None
    return SingleFile(file=file, bytes=len(page), scores=scores, site=report)


def _unknown(record: str, ids: list[str], source: str) -> str:
    folded = {id.casefold(): id for id in ids}
    near = [folded[name] for name in difflib.get_close_matches(record.casefold(), list(folded), n=NEAR)]
    named = ", ".join(f'"{id}"' for id in near or ids[:NEAR])
    listed = f"Near it are {named}" if near else f"There are {named}"
    return f'{source}: no record has the id "{record}". {listed}. Give the id of a record.'
