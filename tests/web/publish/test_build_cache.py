"""What was rendered last is found again only while nothing of it changed."""

from __future__ import annotations

import os

import pytest

from sitegen.web.publish.build_cache import BuildCache, digest, folder_parts


@pytest.fixture
def noted(tmp_path):
    target = tmp_path / "_site"
    target.mkdir()
    (target / "index.html").write_text("a page")
    (target / "empty").write_text("")
    ledger = BuildCache(tmp_path / "cache", target)
    ledger.note("inputs", {"files": 2}, files=["index.html", "empty"])
    return ledger, target, tmp_path / "cache"


def test_it_is_found_again(noted):
    ledger, target, cache = noted
    assert ledger.find("inputs") == {"files": 2}
    assert BuildCache(cache, target).find("inputs") == {"files": 2}
    (target / "CNAME").write_text("example.org")  # not ours
    assert ledger.find("inputs") == {"files": 2}


def test_other_inputs_or_another_target_are_not_it(noted, tmp_path):
    ledger, _, cache = noted
    assert ledger.find("other") is None
    assert BuildCache(cache, tmp_path / "elsewhere").find("inputs") is None


@pytest.mark.parametrize("harm", ["grown", "touched", "gone"])
def test_a_file_that_changed_is_noticed(noted, harm):
    ledger, target, _ = noted
    page = target / "index.html"
    if harm == "grown":
        stat = page.stat()
        page.write_text("a page with more")
        os.utime(page, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    elif harm == "touched":
        os.utime(page, ns=(1, 1))
    else:
        page.unlink()
    assert ledger.find("inputs") is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"inputs": "inputs"}'])
def test_a_broken_entry_is_no_entry(noted, text):
    ledger, _, cache = noted
    (entry,) = (cache / "rendered").iterdir()
    entry.write_text(text)
    assert ledger.find("inputs") is None


def test_a_digest_knows_where_a_part_ends():
    assert digest(["ab", "c"]) != digest(["a", "bc"]) != digest(["abc"])
    assert digest(["a", b"b"]) == digest([b"a", "b"])
    assert digest(["\ud800"])  # a lone surrogate of a broken record is no reason to fail


def test_a_folder_is_its_names_and_contents(tmp_path):
    (tmp_path / "b" / "__pycache__").mkdir(parents=True)
    (tmp_path / "b" / "__pycache__" / "x.pyc").write_text("not this")
    (tmp_path / "b" / "two").write_text("2")
    (tmp_path / "a").write_text("1")
    assert list(folder_parts(tmp_path)) == ["a", b"1", "b/two", b"2"]
    assert list(folder_parts(tmp_path / "absent")) == []
