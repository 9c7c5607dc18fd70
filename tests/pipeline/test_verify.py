"""Checking a site by the manifest it carries: with the program, and with what every system brings."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from sitegen.errors import OutputError
from sitegen.pipeline.verify import Verification, verify
from sitegen.web.publish.checksums import MANIFEST, manifest_text, read_manifest
from sitegen.web.publish.staging import MARK
from tests.runs import Built
from tests.sites import tree


@pytest.fixture
def site(plain_site: Built, tmp_path: Path) -> Path:
    """A copy of a built site, to be spoilt."""
    return Path(shutil.copytree(plain_site.site.output.folder, tmp_path / "site"))


def sha256sum(folder: Path, manifest: str = MANIFEST) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sha256sum", "-c", "--quiet", "--strict", manifest], cwd=folder, capture_output=True, text=True, check=False
    )


def faults(found: Verification) -> tuple[tuple[str, ...], ...]:
    return found.changed, found.missing, found.added, found.faults


def zipped(folder: Path, file: Path, *, top: str = "") -> Path:
    with zipfile.ZipFile(file, "w") as out:
        for name, content in tree(folder).items():
            out.writestr(top + name, content)
    return file


def test_every_file_is_listed_once_in_order_and_found(site: Path) -> None:
    lines = (site / MANIFEST).read_text(encoding="utf-8").splitlines()
    names = [line[66:] for line in lines]
    assert names == sorted(tree(site).keys() - {MANIFEST, MARK})
    assert ".nojekyll" in names
    done = sha256sum(site)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    found = verify(site)
    assert found.whole
    assert (found.kind, found.files, found.foreign) == ("site", len(lines), ())


def test_what_changed_lacks_or_was_added_is_named(site: Path) -> None:
    page = site / "records" / "p1.html"
    content = bytearray(page.read_bytes())
    content[len(content) // 2] ^= 1
    page.write_bytes(content)
    (site / "data" / "records.csv").unlink()
    (site / "assets" / "more.js").write_text("1", encoding="utf-8")
    found = verify(site)
    assert not found.whole
    assert faults(found) == (("records/p1.html",), ("data/records.csv",), ("assets/more.js",), ())
    assert sha256sum(site).returncode == 1


def test_what_hosts_and_systems_add_is_named_and_passes(site: Path) -> None:
    for name in ("CNAME", ".git/config", ".git/objects/aa", ".DS_Store", "data/.DS_Store", "data/Thumbs.db"):
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text("x", encoding="utf-8")
    found = verify(site)
    assert found.whole
    assert found.foreign == (".DS_Store", ".git/", "CNAME", "data/.DS_Store", "data/Thumbs.db")
    (site / "data" / "CNAME").write_text("x", encoding="utf-8")
    assert verify(site).added == ("data/CNAME",)


def test_a_link_is_an_added_file(site: Path) -> None:
    (site / "elsewhere").symlink_to(site.parent, target_is_directory=True)
    assert verify(site).added == ("elsewhere",)


@pytest.mark.parametrize("top", ["", "some site/"])
def test_a_zip_is_read_as_it_is(site: Path, tmp_path: Path, top: str) -> None:
    assert verify(zipped(site, tmp_path / "a.zip", top=top)).whole
    (site / "index.html").write_text("", encoding="utf-8")
    assert faults(verify(zipped(site, tmp_path / "b.zip", top=top))) == (("index.html",), (), (), ())


def test_a_zip_with_a_broken_member_names_it(site: Path, tmp_path: Path) -> None:
    file = zipped(site, tmp_path / "a.zip")
    with zipfile.ZipFile(file) as archive:
        place = archive.getinfo("index.html").header_offset + 200
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert faults(verify(file)) == (("index.html",), (), (), ())


def test_a_manifest_that_is_none_is_a_fault(site: Path) -> None:
    text = (site / MANIFEST).read_text(encoding="utf-8")
    (site / MANIFEST).write_text(text + f"{'0' * 64}  ../elsewhere\n", encoding="utf-8")
    (fault,) = verify(site).faults
    assert "names a file outside" in fault


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("abc  file\n", "line 1 is no checksum"),
        (f"{'0' * 64}  a\n{'1' * 64}  a\n", 'line 2 names "a" again'),
        (f"{'0' * 64}  /etc/passwd\n", "outside"),
        (f"{'0' * 64}  a/../../b\n", "outside"),
        (f"{'0' * 64}  a\\b\n", "outside"),
    ],
)
def test_a_manifest_is_read_strictly(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        read_manifest(text)


def test_names_that_a_manifest_cannot_have_are_refused() -> None:
    assert read_manifest(manifest_text({"é b": "0" * 64, "a": "1" * 64})) == {"a": "1" * 64, "é b": "0" * 64}
    for name in ("a\\b", "a\nb"):
        with pytest.raises(OutputError, match="Rename the file"):
            manifest_text({name: "0" * 64})


def test_what_is_neither_is_refused(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(OutputError, match=r"is neither a built site nor an archive"):
        verify(tmp_path)
    with pytest.raises(OutputError, match=r"thesis.txt: is no zip"):
        verify(tmp_path / "thesis.txt")
    with pytest.raises(OutputError, match=r"nowhere: there is nothing here"):
        verify(tmp_path / "nowhere")
