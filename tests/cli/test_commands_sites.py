"""The commands about a whole site: one that is checked, begun or served."""

from __future__ import annotations

import errno
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import PLAIN, Run, refused
from tests.sites import tree, write_model, write_site

ROOT = Path(__file__).parents[2]


# --- check ---


def test_check_passes_a_whole_site_and_finds_what_is_missing(run: Run, tmp_path: Path) -> None:
    run("build", write_site(tmp_path, records=PLAIN))
    site = tmp_path / "_site"
    done = run("check", site)
    assert (done.code, done.err) == (0, "")
    assert done.out.endswith("pages checked: every link and asset is there.\n")
    (site / "assets" / "gallery.js").unlink()
    (site / "records" / "thumbnails" / "p2.png").unlink()
    done = run("check", site)
    assert done.code == 2
    assert sorted(done.out.splitlines()) == [
        'index.html: "assets/gallery.js" leads nowhere',
        'index.html: "records/thumbnails/p2.png" leads nowhere',
    ]
    assert re.fullmatch(r".*_site: 2 faults in \d+ pages\. .*\n", done.err)


def test_check_says_where_there_is_no_site(run: Run, tmp_path: Path) -> None:
    refused(run("check", tmp_path / "nowhere"), "nowhere: there is no such folder")


# --- init ---


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's content; a small model takes the place of the demo's where that has not been trained."""
    if not (ROOT / "content" / "model").is_dir():
        place = tmp_path / "content"
        write_model(place / "model")
        (place / "records.csv").write_bytes((ROOT / "content" / "records.csv").read_bytes())
        monkeypatch.setattr("sitegen.cli.skeleton.content_folder", lambda: place)


@pytest.mark.usefixtures("content")
def test_init_says_how_to_go_on(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my site"
    done = run("init", folder)
    assert (done.code, done.err) == (0, "")
    assert f"sitegen build '{folder / 'site.toml'}'" in done.out
    assert "commit\n_site, too" in done.out


@pytest.mark.nightly  # by day, test_wheel.py begins a site, builds and checks it
@pytest.mark.usefixtures("content")
def test_a_new_site_builds_and_holds_together(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "my site"
    run("init", folder)
    done = run("build", folder)
    assert done.code == 0, done
    assert "Records   24 of 24 rows, none skipped" in done.out
    assert len(list((folder / "_site" / "records" / "figures").glob("*.svg"))) == 24
    assert run("check", folder / "_site").code == 0


@pytest.mark.usefixtures("content")
def test_init_says_what_github_will_install(run: Run, tmp_path: Path) -> None:
    done = run("init", tmp_path / "mine", "--install-from", "git+https://example.org/sitegen")
    assert done.code == 0
    assert "GitHub then installs\ngit+https://example.org/sitegen and builds the site" in done.out
    refused(run("init", tmp_path / "other", "--install-from", "sitegen"), "another project")


@pytest.mark.usefixtures("content")
def test_init_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "records.csv").write_text("years of work", encoding="utf-8")
    refused(run("init", folder), "records.csv: exists already")
    assert tree(folder) == {"records.csv": b"years of work"}
    refused(run("init", folder / "records.csv"), "records.csv: is a file", "Choose another folder")


# --- serve ---


def test_serve_says_where_the_site_is(tmp_path: Path) -> None:
    file = write_site(tmp_path, records=PLAIN, url="https://example.org/some/where")
    (tmp_path / "_site").mkdir()
    (tmp_path / "_site" / "index.html").write_text("<!doctype html>", encoding="utf-8")
    command = [sys.executable, "-m", "sitegen", "serve", str(file), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        try:
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/some/where/\n", running.stdout.readline())
        finally:
            running.terminate()


def test_serve_before_build_is_refused(run: Run, tmp_path: Path) -> None:
    refused(run("serve", write_site(tmp_path, records=PLAIN)), "_site: there is no site here", "sitegen build")


# --- verify ---


def test_verify_names_what_is_not_as_it_was_made(run: Run, tmp_path: Path) -> None:
    run("build", write_site(tmp_path, records=PLAIN))
    site = tmp_path / "_site"
    done = run("verify", site)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"Verified: \d+ files of the site, every byte as it was made\.\n", done.out)
    (site / "CNAME").write_text("example.org", encoding="utf-8")
    done = run("verify", site)
    assert done.code == 0
    assert done.out.startswith("foreign  CNAME (not of the site; ")
    (site / "index.html").write_text("", encoding="utf-8")
    (site / "words.html").unlink()
    (site / "evil.js").write_text("", encoding="utf-8")
    done = run("verify", site)
    assert (done.code, done.err) == (1, "")
    *lines, _, total = done.out.splitlines()
    assert lines == ["changed  index.html", "missing  words.html", "added    evil.js"]
    assert re.fullmatch(r"Not as it was made: 3 faults in \d+ files of the site\.", total)


def test_verify_says_what_is_neither_site_nor_archive(run: Run, tmp_path: Path) -> None:
    refused(run("verify", tmp_path), "is neither a built site nor an archive", "sitegen archive")


# --- archive ---


def test_an_archive_is_written_and_verified(run: Run, tmp_path: Path) -> None:
    file, output = write_site(tmp_path, records=PLAIN), tmp_path / "analysis.zip"
    refused(run("archive", file, "-o", output), "there is no site here", "sitegen build")
    run("build", file)
    done = run("archive", file, "-o", output, "--without-model")
    assert done.code == 0
    told, left_out = done.out.splitlines()
    assert re.fullmatch(rf"Archive   \d+ files, \S+ [kM]B, in \S+ [kM]B: {re.escape(str(output))}", told)
    assert left_out.startswith("Left out  model, but for its hashes")
    refused(run("archive", file, "-o", output), "exists already", "--force")
    done = run("verify", output)
    assert (done.code, done.err) == (0, "")
    assert re.fullmatch(r"Verified: \d+ files of the archive, every byte as it was made\.\n", done.out)


def test_a_paper_as_a_single_file_and_how_large_it_is(run: Run, tmp_path: Path) -> None:
    site = write_site(tmp_path / "site", url="https://example.org/here/")
    done = run("build", site, "--single-file", "10.1000/x?y#z &<>", "--output", tmp_path / "out" / "paper.html")
    assert done.code == 0
    file = tmp_path / "out" / "paper.html"
    assert re.search(rf"^File +{file.stat().st_size / 1000:.1f} kB, one paper", done.out, flags=re.MULTILINE)
    assert f"Open      {file}\n" in done.out
    assert "=SUM(A1:A9)" in file.read_text(encoding="utf-8")
    assert (tmp_path / "site" / "_site" / "index.html").is_file()
    assert run("build", site, "--single-file", "p1").code == 0
    assert (tmp_path / "site" / "p1.html").is_file()


def test_an_unknown_id_is_refused_before_anything_is_scored_and_those_near_it_are_named(
    run: Run, tmp_path: Path
) -> None:
    site = write_site(tmp_path)
    refused(run("build", site, "--single-file", "P13"), 'no record has the id "P13"', '"p1"', '"p12"')
    refused(run("build", site, "--single-file", "zzzzzz"), 'There are "p1", "p2"')
    assert not (tmp_path / ".sitegen").exists()


def test_a_full_disk_and_a_place_for_no_file_are_told_in_a_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "words.html")

    file = write_site(tmp_path, records=PLAIN)
    monkeypatch.setattr("sitegen.pipeline.build.build", full)
    refused(run("build", file), "words.html: No space left on device. Free some of it")
    place = tmp_path / "site.toml" / "new"
    refused(run("init", place), f"{place}: cannot be written (Not a directory). Choose another folder.")
    refused(run("questions", file, "--output", place / "a.csv"), "a.csv: cannot be written", "Choose another file")
