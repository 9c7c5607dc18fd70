"""`serve --watch`: a site is written anew when a file changes that it is made of, and its pages load again.

The files are looked at twice a second, by their times and sizes, which works on every system and every file system and
costs next to nothing: a site is made of some dozens. The scores are computed again only where one is missing: a page of
prose, a template or a colour needs none. A site that cannot be written leaves the last one in its place; what is wrong
is said in the terminal and over the pages.

What is not seen: a module that a model's own program imports, unless `files` of its [[models]] names it.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

from sitegen.cli import terminal
from sitegen.cli.preview import Live, live_server
from sitegen.config import Site
from sitegen.errors import SitegenError, StoreError
from sitegen.pipeline import build as pipeline

POLL = 0.5  # seconds
SETTLED = 0.1  # seconds: an editor that writes a file in steps is done with it then
Stamps = dict[Path, tuple[int, int]]  # of files: when each was changed, in nanoseconds, and its bytes


def serve_live(site: Site, *, load: Callable[[], Site], port: int, stop: Event | None = None) -> None:
    """Show the site on `port`, written anew after each change, until `stop` is set or the program is stopped. load:
    reads site.toml again."""
    live = Live(folder=site.output.folder, base=site.base_path, token=_token())
    with live_server(live, port=port) as running:
        thread = Thread(target=running.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True)
        thread.start()
        try:
            terminal.show_live(f"http://127.0.0.1:{running.server_address[1]}{live.base}")
            keep_written(site, live, load=load, stop=stop or Event())
        finally:
            running.shutdown()
            thread.join()


def keep_written(site: Site, live: Live, *, load: Callable[[], Site], stop: Event) -> None:
    """Write the site now and after each change of its files, until `stop` is set."""
    look = _looking_at(site)
    before = look()
    live.error = _written(site, live)
    while not stop.wait(POLL):
        if look() == before:
            continue
        before = look()
        while not stop.wait(SETTLED) and (now := look()) != before:
            before = now
        try:
            site = load()
        except SitegenError as error:
            live.error = str(error)
            terminal.show_failed(live.error)
            continue
        look = _looking_at(site)
        before = look()
        live.error = _written(site, live)


def _looking_at(site: Site) -> Callable[[], Stamps]:
    """How a site's files are at the moment, whenever it is called; but for those that sitegen writes."""
    return partial(stamps, watched(site), without=(site.output.folder, site.output.cache))


def _written(site: Site, live: Live) -> str:
    """Write the site and tell its pages; returns why it could not be written, "" where it could."""
    started = time.monotonic()
    try:
        with terminal.watching() as watcher:
            try:
                report = pipeline.render(site, reporter=watcher)
            except StoreError:  # a score is missing
                _, report = pipeline.build(site, reporter=watcher)
    except SitegenError as error:
        terminal.show_failed(str(error))
        return str(error)
    except Exception:  # a bug, of ours or in a template, ends no preview
        terminal.show_failed(traceback.format_exc())
        return f"This is a bug; the terminal says more.\n{traceback.format_exc(limit=-1)}"
    live.folder, live.base, live.error = report.folder, site.base_path, ""
    if not report.unchanged:
        live.token = _token()
    terminal.show_rebuilt(report, time.monotonic() - started)
    return ""


def _token() -> str:
    return f"{time.time_ns():x}"


def watched(site: Site) -> list[Path]:
    """The files and folders that the site is made of, whether they are there or not."""
    models = [
        path
        for model in site.models
        for path in (model.path, model.card, model.seen, *model.ensemble, *model.files)
        if path
    ]
    programs = [file for model in site.models for word in model.command if (file := site.folder / word).is_file()]
    others = [path for path in (site.logo, site.significance.neutral) if path]
    named = [site.file, *site.records.paths, site.pages, site.folder / "templates", *others, *models, *programs]
    return list(dict.fromkeys(map(_file, named)))


def _file(path: Path) -> Path:
    """The path without what stands behind the colon of `mymodel.py:classifier`."""
    file = path.with_name(path.name.rpartition(":")[0] or path.name)
    return path if path.exists() else file


def stamps(paths: Iterable[Path], *, without: Collection[Path] = ()) -> Stamps:
    """When each file was changed last that is there, those in folders among them. without: folders to pass over."""
    found: Stamps = {}
    for path in paths:
        for file in _files(path, without):
            try:
                facts = file.stat()
            except OSError:
                continue  # it is being written, or gone
            found[file] = (facts.st_mtime_ns, facts.st_size)
    return found


def _files(path: Path, without: Collection[Path]) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, inner, names in os.walk(path):
        inner[:] = [
            name
            for name in inner
            if not name.startswith(".") and name != "__pycache__" and Path(folder, name) not in without
        ]
        yield from (Path(folder, name) for name in names if not name.startswith(".") and not name.endswith("~"))
