"""Rendering: what it needs, that it is repeatable, and that a site is replaced whole or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sitegen.config import load_site
from sitegen.errors import OutputError, StoreError
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from tests.apart import KEPT, Apart, write
from tests.runs import render
from tests.sites import RECORDS, Recorder, make_scored_site, make_site, row, tree, vega_bundle, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")


def test_rendering_before_scoring_names_the_command(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    with pytest.raises(StoreError, match="sitegen score"):
        render(site)
    assert not site.output.folder.exists()


def test_rendering_with_a_score_missing_says_how_many(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    write_records(tmp_path / "records.csv", [*RECORDS, row("new", "New", "Not scored.")])
    with pytest.raises(StoreError, match=rf"1 of {len(RECORDS) + 1} scores are missing.*sitegen score .*site\.toml"):
        render(site)


@pytest.mark.slow
def test_rendering_loads_no_torch(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from sitegen.pipeline import build as pipeline\n"
        "from sitegen.config import load_site\n"
        "from sitegen.web.publish import bundles\n"
        "bundles.vega_bundle = lambda: ''\n"  # takes a second and a half, and no torch
        "class Quiet:\n"
        "    def advance(self, *_): pass\n"
        "    def note(self, *_): pass\n"
        "report = pipeline.render(load_site(Path(sys.argv[1])), reporter=Quiet())\n"
        "print(report.totals.papers, sorted(sys.modules.keys() & {'torch', 'gensim'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, site.file], capture_output=True, text=True, check=True)
    assert done.stdout == f"{len(RECORDS)} []\n"


@pytest.mark.nightly  # test_same_bytes.py compares two builds whose processes differ in more
def test_two_builds_are_byte_identical(tmp_path: Path, built_apart: Apart, monkeypatch: pytest.MonkeyPatch) -> None:
    """In two folders and two processes that hash strings differently, figures and all: one that did nothing else, and
    this one."""
    monkeypatch.setattr(scripts, "vega_bundle", vega_bundle)  # the real one
    file = write(tmp_path / "place")
    pipeline.build(load_site(file), reporter=Recorder())
    first, second = tree(file.parent / "_site"), tree(built_apart.folder)
    assert sum(name.endswith(".svg") for name in first) == len(KEPT) + 2  # the icon, and the toy paper's
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_a_failing_render_leaves_the_old_site_as_it_was(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path, records=RECORDS[:3])
    pipeline.build(site, reporter=Recorder())
    before = tree(site.output.folder)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "record.html").write_text("{{ page.no_such_thing }}", encoding="utf-8")
    with pytest.raises(OutputError, match=r"record\.html"):
        render(site)
    assert tree(site.output.folder) == before
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith("._site")) == []


def test_a_site_whose_links_do_not_hold_is_not_put_in_place(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path, records=RECORDS[:3])
    (tmp_path / "pages" / "about.md").write_text("# About\n\n[Lost](nowhere.html)\n", encoding="utf-8")
    with pytest.raises(OutputError, match=r'about\.md:3: "nowhere\.html" leads nowhere'):
        pipeline.build(site, reporter=Recorder())
    assert not site.output.folder.exists()


@pytest.mark.slow
def test_what_is_gone_from_the_records_is_gone_from_the_site(tmp_path: Path) -> None:
    kept_there, gone = [one for one in RECORDS if one["id"] == "p2"], [one for one in RECORDS if one["id"] == "p12"]
    site = make_scored_site(tmp_path, records=[*kept_there, *gone])
    pipeline.build(site, reporter=Recorder())
    kept = site.output.folder / "records" / "thumbnails" / "p2.png"  # its page says how it stands among all
    time = kept.stat().st_mtime_ns
    write_records(tmp_path / "records.csv", kept_there)
    pipeline.build(site, reporter=Recorder())
    assert not (site.output.folder / "records" / "p12.html").exists()
    assert kept.stat().st_mtime_ns == time


@pytest.mark.nightly
def test_another_date_dates_the_feed_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = make_scored_site(tmp_path, url="https://example.org/here/")
    for seconds, date in (("86400", "1970-01-02"), ("1700000000", "2023-11-14")):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", seconds)
        assert not render(site).unchanged
        assert f"<updated>{date}T" in (site.output.folder / "feed.xml").read_text(encoding="utf-8")
    assert render(site).unchanged
