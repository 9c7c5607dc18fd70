"""The writer: nothing half-written, nothing touched without need, no foreign folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sitegen.errors import OutputError, Stopped
from sitegen.web.publish.checksums import MANIFEST
from sitegen.web.publish.staging import MARK, writing


def whole(_: Path) -> list[str]:
    return []


def write(target: Path, files: dict[str, str], *, check=whole):
    with writing(target, check=check) as output:
        for path, content in files.items():
            output.write(path, content)
    return output


def contents(target: Path) -> dict[str, str]:
    files = (path for path in target.rglob("*") if path.is_file())
    ours = (MANIFEST, MARK, ".nojekyll")
    return {path.relative_to(target).as_posix(): path.read_text() for path in files if path.name not in ours}


def test_a_site_is_written_and_counted(tmp_path):
    with writing(tmp_path / "deep" / "site", check=whole) as output:
        before = output.bytes
        output.write("a/b.html", "é")
        output.write("c.png", b"\x89")
        with output.stream("d.csv") as out:
            out.write("one\r\ntwo\n")
        assert output.size("d.csv") == 9
        assert output.bytes - before == 2 + 1 + 9
        assert not (tmp_path / "deep" / "site").exists()
    target = tmp_path / "deep" / "site"
    assert (target / "a/b.html").read_bytes() == "é".encode()
    assert (target / "d.csv").read_bytes() == b"one\r\ntwo\n"
    assert {path.name for path in target.iterdir()} == {MARK, MANIFEST, ".nojekyll", "a", "c.png", "d.csv"}
    assert output.files == 6
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["site"]


def test_a_file_is_copied_without_being_read_whole(tmp_path, monkeypatch):
    source = tmp_path / "vectors.npy"
    source.write_bytes(b"\x93\r\n" * 1000)
    monkeypatch.setattr(Path, "read_bytes", None)
    with writing(tmp_path / "site", check=whole) as output:
        before = output.bytes
        output.copy("data/model/vectors.npy", source)
        assert output.bytes - before == output.size("data/model/vectors.npy") == 3000
        with pytest.raises(OutputError, match="Two pages want"):
            output.copy("data/model/vectors.npy", source)
    monkeypatch.undo()
    assert (tmp_path / "site/data/model/vectors.npy").read_bytes() == source.read_bytes()
    assert "data/model/vectors.npy" in output.written


def test_what_is_the_same_keeps_its_time_and_what_is_gone_goes(tmp_path):
    target = tmp_path / "site"
    write(target, {"same.html": "1", "changed.html": "1", "old/deep/gone.html": "1", "was-file": "1", "was-dir/x": "1"})
    for file in target.rglob("*"):
        if file.is_file():
            os.utime(file, (1000, 1000))
    write(target, {"same.html": "1", "changed.html": "2", "was-file/x": "2", "was-dir": "2"})
    assert contents(target) == {"same.html": "1", "changed.html": "2", "was-file/x": "2", "was-dir": "2"}
    assert (target / "same.html").stat().st_mtime == 1000
    assert (target / "changed.html").stat().st_mtime > 1000
    assert not (target / "old").exists()


def test_a_block_that_fails_changes_nothing(tmp_path):
    target = tmp_path / "site"
    write(target, {"index.html": "old"})
    with pytest.raises(UnicodeEncodeError):
        write(target, {"index.html": "new", "other.html": "new", "last.html": "\ud800"})
    assert contents(target) == {"index.html": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_check_that_fails_changes_nothing_and_names_twenty_faults(tmp_path):
    target = tmp_path / "site"
    write(target, {"index.html": "old"})

    def faulty(folder: Path) -> list[str]:
        assert (folder / "index.html").read_text() == "new"
        return [f"fault {k}" for k in range(23)]

    with pytest.raises(OutputError, match="does not hold together") as caught:
        write(target, {"index.html": "new"}, check=faulty)
    lines = str(caught.value).splitlines()
    assert lines[1:] == [*(f"fault {k}" for k in range(20)), "and 3 more"]
    assert str(target) in lines[0]
    assert contents(target) == {"index.html": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]


def test_a_foreign_folder_is_refused_before_anything_is_done(tmp_path):
    target = tmp_path / "papers"
    target.mkdir()
    (target / "thesis.txt").write_text("dear")
    with pytest.raises(OutputError, match=r"papers: is not empty and was not written by sitegen"):
        write(target, {"index.html": "new"})
    assert contents(target) == {"thesis.txt": "dear"}
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file: is a file"):
        write(tmp_path / "file", {})


def test_an_empty_folder_is_welcome(tmp_path):
    (tmp_path / "site").mkdir()
    write(tmp_path / "site", {"index.html": "new"})
    assert contents(tmp_path / "site") == {"index.html": "new"}


def test_what_others_put_there_stays(tmp_path):
    target, elsewhere = tmp_path / "site", tmp_path / "elsewhere"
    write(target, {"index.html": "1", "gone/page.html": "1"})
    elsewhere.mkdir()
    (elsewhere / "dear.txt").write_text("dear")
    (target / "link").symlink_to(elsewhere)
    (target / "CNAME").write_text("papers.example.org")
    (target / "gone" / "notes.txt").write_text("mine")
    write(target, {"index.html": "2"})
    assert contents(target) == {"index.html": "2", "CNAME": "papers.example.org", "gone/notes.txt": "mine"}
    assert (elsewhere / "dear.txt").read_text() == "dear"


def test_a_mark_cannot_lead_outside(tmp_path):
    target = tmp_path / "site"
    write(target, {"index.html": "1"})
    (tmp_path / "dear.txt").write_text("dear")
    with (target / MARK).open("a") as mark:
        mark.write("../dear.txt\n")
    write(target, {"index.html": "2"})
    assert (tmp_path / "dear.txt").read_text() == "dear"


def test_a_folder_in_the_way_is_named_unless_it_is_empty(tmp_path):
    target = tmp_path / "site"
    write(target, {"index.html": "1"})
    (target / "page.html").mkdir()
    write(target, {"index.html": "1", "page.html": "2"})
    (target / "page.html").unlink()
    (target / "page.html").mkdir()
    (target / "page.html" / "notes.txt").write_text("mine")
    with pytest.raises(OutputError, match=r"page\.html: is in the way"):
        write(target, {"index.html": "1", "page.html": "2"})


def test_an_address_is_given_once(tmp_path):
    with writing(tmp_path / "s", check=whole) as output:
        output.write("a.html", "1")
        with pytest.raises(OutputError, match=r'Two pages want the address "a\.html"'):
            output.write("a.html", "2")


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match=r"file/site: cannot be written \(.*\)\. Choose another output folder"):
        write(tmp_path / "file" / "site", {})


def test_a_build_that_is_killed_leaves_a_folder_that_the_next_one_accepts(tmp_path, monkeypatch):
    """Whatever it had put in place, its list was there before."""
    target = tmp_path / "site"
    for files in range(1, 6):
        put = []

        def replace(self, other, *, put=put, files=files):
            if len(put) == files:
                raise MemoryError
            put.append(self.rename(other))

        monkeypatch.setattr(Path, "replace", replace)
        with pytest.raises(MemoryError):
            write(target, {name: str(files) for name in ("a.html", "b.html", "c.html", "d.html", f"e{files}.html")})
        assert len(put) == files
    monkeypatch.undo()
    write(target, {"a.html": "new"})
    assert contents(target) == {"a.html": "new"}


def test_putting_in_place_is_finished_when_it_is_interrupted(tmp_path, monkeypatch):
    target = tmp_path / "site"
    write(target, {"a.html": "old", "b.html": "old", "gone.html": "old"})
    replace, calls = Path.replace, []

    def interrupted(self, other):
        calls.append(other)
        replace(self, other)
        if len(calls) == 2:
            raise Stopped(2)

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(Stopped) as caught:
        write(target, {"a.html": "new", "b.html": "new", "c.html": "new"})
    assert str(caught.value) == f"Stopped. The new site in {target} is whole."
    assert contents(target) == {"a.html": "new", "b.html": "new", "c.html": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["site"]
