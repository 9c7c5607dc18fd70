"""`sitegen inspect`, and `sitegen init` with records of one's own."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sitegen.cli import skeleton
from sitegen.config import load_site
from sitegen.corpus.records import read_records
from tests.commands import Run, refused
from tests.sites import tree, write_model

ROOT = Path(__file__).parents[2]
FILES = ROOT / "tests" / "corpus" / "bibliography" / "files"


@pytest.fixture(autouse=True)
def _content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo's records beside a model that is made at once, and a current folder with two bibliographies."""
    place = tmp_path / "content"
    write_model(place / "model")
    shutil.copy(ROOT / "content" / "records.csv", place)
    monkeypatch.setattr(skeleton, "content_folder", lambda: place)
    for name in ("plain.ris", "plain-wos.txt", "lost-start.ris", "asreview.csv"):
        shutil.copy(FILES / name, tmp_path)
    monkeypatch.chdir(tmp_path)


def test_a_file_is_described_and_its_settings_can_be_pasted(run: Run) -> None:
    done = run("inspect", "plain.ris", "plain-wos.txt")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[:2] == ["plain.ris: RIS, 2 records", "plain-wos.txt: Web of Science, 2 records"]
    assert "Records   4 of 4 are read" in lines
    assert any(
        line.startswith("Columns   title") and line.endswith("title, 4 filled, from TI (3), T1 (1)") for line in lines
    )
    assert any(line.startswith("Not used  ") and "CR (1)" in line for line in lines)
    assert "Odd       missing abstract: 1 kept" in lines
    assert "Begins    plain.ris:1: Kettles and kin" in lines
    assert '[records]\npath = ["plain.ris", "plain-wos.txt"]\n' in done.out


def test_rows_that_are_left_out_are_said(run: Run) -> None:
    done = run("inspect", "lost-start.ris")
    assert "Records   2 of 3 are read, 1 left out" in done.out
    assert 'lost-start.ris:19: "TI  - A record without its start" stands outside of any record.' in done.out


def test_texts_cannot_move_the_cursor(run: Run) -> None:
    Path("a.csv").write_text("title,abstract\n\x1b[2JA,Of \x1b[31ma.\n", encoding="utf-8")
    done = run("inspect", "a.csv")
    assert "\x1b" not in done.out
    assert "[2JA" in done.out


def test_what_cannot_be_read_is_refused(run: Run) -> None:
    refused(run("inspect", "none.ris"), "none.ris: No such file")
    Path("a.bin").write_bytes(b"\x00\x01")
    refused(run("inspect", "a.bin"), 'a.bin: the suffix ".bin" is not known. Use one of: .csv, ')


def test_a_site_of_ones_own_records_is_valid_and_whole(run: Run, tmp_path: Path) -> None:
    done = run("init", "mine", "--records", "plain.ris", "--records", "plain-wos.txt")
    assert (done.code, done.err) == (0, "")
    assert "name your own, and its classes, in mine/site.toml" in done.out
    site = load_site(Path("mine"))
    assert site.records.paths == (tmp_path / "mine" / "plain.ris", tmp_path / "mine" / "plain-wos.txt")
    assert len(read_records(site.records, classes=site.classes).records) == 4
    assert tree(site.models[0].path) == tree(tmp_path / "content" / "model")
    assert "records.csv" not in tree(tmp_path / "mine")
    text = (tmp_path / "mine" / "site.toml").read_text(encoding="utf-8")
    assert "# excerpt_words" in text
    assert text.count("[records]") == text.count("[[models]]") == 1


@pytest.mark.slow
def test_a_site_of_ones_own_records_can_be_built(run: Run) -> None:
    assert run("init", "mine", "--records", "asreview.csv").code == 0
    file = Path("mine/site.toml")
    text = file.read_text(encoding="utf-8")
    assert 'label = ""\n' in text  # the demo's classes are not "relevant" and "irrelevant"
    file.write_text(text.replace('label = ""\n', ""), encoding="utf-8")
    done = run("build", "mine")
    assert done.code == 0
    assert 'asreview.csv: labels: "asreview_label" is taken for the decisions of a screening' in done.err
    assert Path("mine/_site/index.html").is_file()


def test_records_that_would_take_the_place_of_others_are_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    shutil.copy("plain.ris", "sub")
    refused(run("init", "mine", "--records", "plain.ris", "--records", "sub/plain.ris"), "two files", "same name")
    shutil.copy("plain.ris", "site.toml")
    refused(run("init", "mine", "--records", "site.toml"), "a new site has a file of this name")
    refused(run("init", "mine", "--records", "none.ris"), "No such file")
    assert not Path("mine").exists()


def test_a_folder_keeps_the_files_that_are_in_it(run: Run, tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert run("init", mine).code == 0
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "years of work"
    refused(run("init", mine), "site.toml: exists already. Choose another folder, or move it away.")
    told = " ".join(run("init", "--help").out.replace("│", " ").split())
    assert "A folder, new or not; no file that is in it is overwritten." in told
