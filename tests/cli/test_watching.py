"""`serve --watch`: what a change does to the site, to what the server sends, and to nothing else."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from sitegen.cli import watching
from sitegen.cli.preview import SCRIPT, STATE, Live, live_server, with_script
from sitegen.cli.watching import keep_written, stamps, watched
from sitegen.config import Site, load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.pages.prose import read_prose
from tests.cli.test_preview import ask
from tests.sites import RECORDS, make_scored_site, make_site, tree, write_records

SECONDS = 20  # of patience, on two shared cores


def until(true: Callable[[], object], *, seconds: float = SECONDS) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.05)


class Shown:
    """A live preview of a site."""

    def __init__(self, site: Site, live: Live, running: object) -> None:
        self.site, self.live, self._running = site, live, running

    def get(self, path: str = "/") -> str:
        return ask(self._running, path)[1]  # type: ignore[arg-type]

    @property
    def state(self) -> dict[str, str]:
        return json.loads(self.get(STATE))  # type: ignore[no-any-return]

    def write(self, name: str, text: str) -> None:
        file = self.site.folder / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text, encoding="utf-8")


@contextmanager
def shown(site: Site) -> Iterator[Shown]:
    """The preview of a site, once that is written."""
    live = Live(folder=site.output.folder, base=site.base_path, token="0")
    stop = Event()
    with live_server(live, port=0) as running:
        threads = [
            Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01}),
            Thread(target=keep_written, args=(site, live), kwargs={"load": lambda: load_site(site.file), "stop": stop}),
        ]
        for thread in threads:
            thread.start()
        try:
            yield Shown(site, live, running)
        finally:
            stop.set()
            running.shutdown()
            for thread in threads:
                thread.join()


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "POLL", 0.05)
    monkeypatch.setattr(watching, "SETTLED", 0.02)


@pytest.fixture
def preview(tmp_path: Path, quick_bundles: None) -> Iterator[Shown]:
    with shown(make_scored_site(tmp_path)) as found:
        until(lambda: found.live.token != "0")
        yield found


def test_changes_are_shown_and_faults_are_said_and_mended(preview: Shown, capfd: pytest.CaptureFixture[str]) -> None:
    first = preview.state["token"]
    preview.write("pages/about.md", "# About\n\nA new sentence.\n")
    until(lambda: "A new sentence." in preview.get("/about.html"))
    until(lambda: preview.state["token"] != first)
    assert preview.state["error"] == ""

    preview.write("templates/prose.html", "{{ nonsense }}")
    until(lambda: preview.state["error"])
    assert "templates/prose.html:1: the template cannot be used" in preview.state["error"]
    assert "A new sentence." in preview.get("/about.html")  # the last site stays
    preview.write("templates/prose.html", '{% extends "base.html" %}{% block main %}Mine{% endblock %}')
    until(lambda: "Mine" in preview.get("/about.html") and not preview.state["error"])

    good = preview.site.file.read_text(encoding="utf-8")
    preview.write("site.toml", "title = ")
    until(lambda: "not valid TOML" in preview.state["error"])
    preview.write("site.toml", good.replace('title = "Tests', 'titel = "Tests'))
    until(lambda: '"titel" is not a known key' in preview.state["error"])
    preview.write("site.toml", good.replace('title = "Tests', 'title = "Other tests'))
    until(lambda: "Other tests" in preview.get("/about.html") and not preview.state["error"])

    said = capfd.readouterr()
    assert re.search(r"^\d\d:\d\d:\d\d Wrote [\d,]+ files in \d", said.out, flags=re.MULTILINE)
    assert "Not written; the last site stays:\n" in said.err
    assert '"titel" is not a known key. Did you mean "title"?' in said.err

    on_disk = tree(preview.site.output.folder)
    for name, content in on_disk.items():  # what is sent has a script; what is written has none
        assert b".sitegen/" not in content, name
        assert b"connect-src" not in content, name
    assert SCRIPT in preview.get("/about.html")
    assert "connect-src 'self'; default-src 'none'" in preview.get("/about.html")
    assert SCRIPT in preview.get("/no-such-page.html")
    assert "script-src 'self'; default-src 'none'; style-src" in preview.get("/no-such-page.html")
    assert preview.get("/assets/theme.css").encode() == on_disk["assets/theme.css"]


def test_scores_are_computed_only_where_one_is_missing(tmp_path: Path, quick_bundles: None) -> None:
    asked = []
    with pytest.MonkeyPatch.context() as patch:
        kept = pipeline.score
        patch.setattr(pipeline, "score", lambda *args, **options: asked.append(1) or kept(*args, **options))
        with shown(make_scored_site(tmp_path)) as preview:
            until(lambda: preview.live.token != "0")
            preview.write("pages/new.md", "# New\n")
            until(lambda: "New" in preview.get("/new.html") and not asked)
            rows = list(RECORDS[:4])
            rows[0] = {**rows[0], "title": "We simulate rules"}
            write_records(tmp_path / "records.csv", rows)
            until(lambda: asked == [1] and "We simulate rules" in preview.get("/records/p1.html"))


def test_a_site_that_was_never_written_says_why_and_comes(tmp_path: Path, quick_bundles: None) -> None:
    site = make_scored_site(tmp_path)
    (tmp_path / "pages" / "about.md").write_text("# A\n\n[<b>](nowhere.html)\n", encoding="utf-8")
    with shown(site) as preview:
        until(lambda: preview.live.error)
        page = preview.get("/")
        assert "&quot;nowhere.html&quot; leads nowhere" in page
        assert SCRIPT in page
        preview.write("pages/about.md", "# A\n")
        until(lambda: "Tests &amp; &lt;trials&gt;" in preview.get("/"))


def test_a_new_address_is_shown_under_its_path(preview: Shown) -> None:
    text = preview.site.file.read_text(encoding="utf-8")
    preview.write("site.toml", text.replace('url = ""', 'url = "https://example.org/there/"'))
    until(lambda: preview.live.base == "/there/")
    until(lambda: "Tests" in preview.get("/there/index.html"))
    assert "connect-src" in preview.get("/there/")


def test_nothing_is_kept_by_the_browser(preview: Shown) -> None:
    for path in ("/", "/assets/theme.css", STATE, SCRIPT):
        assert ask(preview._running, path)[2]["Cache-Control"] == "no-store"  # type: ignore[arg-type]


def test_all_that_a_site_is_made_of_is_watched(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    (tmp_path / "mine.py").write_text("")
    model = site.models[0].model_copy(update={"path": tmp_path / "mine.py:Model", "ensemble": (tmp_path / "model",)})
    site = site.model_copy(update={"models": (model,), "logo": tmp_path / "logo.svg"})
    paths = watched(site)
    for name in ("site.toml", "records.csv", "pages", "templates", "logo.svg", "mine.py", "model"):
        assert tmp_path / name in paths, name
    before = stamps(paths)
    assert {tmp_path / "model" / "weights.safetensors", tmp_path / "pages" / "about.md"} <= before.keys()
    assert read_prose(site.pages)
    (tmp_path / "templates" / "assets").mkdir(parents=True)
    (tmp_path / "templates" / "assets" / "own.css").write_text("a {}")
    (tmp_path / "pages" / ".about.md.swp").write_text("")
    (tmp_path / "pages" / "about.md~").write_text("")
    assert stamps(paths).keys() - before.keys() == {tmp_path / "templates" / "assets" / "own.css"}
    (tmp_path / "pages" / "out").mkdir()
    (tmp_path / "pages" / "out" / "index.html").write_text("")
    assert stamps(paths, without=(tmp_path / "pages" / "out",)).keys() == stamps(paths).keys() - {
        tmp_path / "pages" / "out" / "index.html"
    }


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        (b"<body>a</body></html>", b'<body>a<script src="/.sitegen/reload.js" data-token="7"></script></body></html>'),
        (b"a", b'a<script src="/.sitegen/reload.js" data-token="7"></script>'),
    ],
)
def test_the_script_stands_at_the_end(page: bytes, expected: bytes) -> None:
    assert with_script(page, "7") == expected


def test_ctrl_c_ends_it_cleanly(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    command = [sys.executable, "-m", "sitegen", "serve", str(site.file), "--watch", "--port", "0"]
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ})
    try:
        assert running.stdout is not None
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/\n", running.stdout.readline())
        assert "stop with Ctrl+C" in running.stdout.readline()
        assert "Wrote" in running.stdout.readline()
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=SECONDS)
    finally:
        running.kill()
    assert running.returncode == 130
    assert said.splitlines()[-1].startswith("Stopped.")
    assert "Traceback" not in said
