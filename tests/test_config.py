"""site.toml: what is accepted, where paths lead, and that every refusal names the file, the key and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from sitegen.config import Site, load_site
from sitegen.errors import ConfigError

LEAST = """
title = "A gallery"
[records]
path = "records.csv"
[[models]]
name = "one"
path = "model"
"""


def load(folder: Path, text: str) -> Site:
    (folder / "site.toml").write_text(text, encoding="utf-8")
    return load_site(folder / "site.toml")


def refused(folder: Path, text: str) -> list[str]:
    """The lines of the refusal, each of which begins with the file's path and a line of it (taken off here)."""
    with pytest.raises(ConfigError) as caught:
        load(folder, text)
    start = re.compile(rf"{re.escape(str(folder.resolve() / 'site.toml'))}(:\d+)?: ")
    lines = str(caught.value).splitlines()
    assert all(start.match(line) for line in lines)
    return [start.sub("", line) for line in lines]


def test_the_least_description_is_enough(tmp_path):
    site = load(tmp_path, LEAST)
    assert site.classes.names == ("negative", "positive")
    assert (site.classes.threshold, site.language, site.base_path) == (0.5, "en", "/")
    assert site.records.facets == ()
    assert site.records.label is None
    assert site.output.figures
    assert site.significance.neutral is None


def test_relative_paths_are_relative_to_the_file(tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here" / "site.toml").write_text(
        LEAST.replace("records.csv", "../records.csv")
        + '[output]\nfolder = "/elsewhere/_site"\n[significance]\nneutral = "neutral.txt"\n'
    )
    for given in ("here/site.toml", "here", tmp_path / "here"):
        site = load_site(Path(given))
        folder = (tmp_path / "here").resolve()
        assert site.folder == folder
        assert site.records.path == folder.parent / "records.csv"
        assert site.models[0].path == folder / "model"
        assert site.pages == folder / "pages"
        assert site.output.folder == Path("/elsewhere/_site")
        assert site.output.cache == folder / ".sitegen"
        assert site.significance.neutral == folder / "neutral.txt"


def test_a_byte_order_mark_is_no_error(tmp_path):
    assert load(tmp_path, "\ufeff" + LEAST).title == "A gallery"


def test_a_site_is_frozen(tmp_path):
    with pytest.raises(ValidationError, match="frozen"):
        load(tmp_path, LEAST).title = "Another"


def test_no_file_names_the_command_that_writes_one(tmp_path):
    with pytest.raises(ConfigError, match=r"site\.toml: there is no such file.*sitegen init"):
        load_site(tmp_path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("title = ", "not valid TOML: Invalid value"),
        (LEAST.replace('title = "A gallery"', ""), '"title" is missing. Add it.'),
        (LEAST.replace('"A gallery"', '" "'), '"title" must not be empty (found: " ").'),
        ("title = A gallery", 'not valid TOML: Invalid value (column 9). Text stands in quotes, as title = "My site"'),
        ("title = “A”", "not valid TOML: Invalid value (column 9). Write straight quotes"),
        (r'title = "C:\Users"', "not valid TOML: Invalid hex value (column 14). Write paths with / in place of"),
        ('subtitel = ""' + LEAST, '"subtitel" is not a known key. Did you mean "subtitle"?'),
        ('color = ""' + LEAST, '"color" is not a known key. Did you mean "colors"?'),
        ('qwerty = ""' + LEAST, '"qwerty" is not a known key. Check its spelling, or remove it.'),
        (LEAST + 'title = "x"', '"models.title" (the first [[models]]) is not a known key. It belongs above the first'),
        (
            LEAST + 'licence = ""',
            '"models.licence" (the first [[models]]) is not a known key. Did you mean "license", ',
        ),
        (LEAST + '[classes]\nlabel = "x"', '"classes.label" is not a known key. It belongs below [records].'),
        (LEAST + "[output]\nfigure = true", '"output.figure" is not a known key. Did you mean "figures"?'),
        (LEAST + 'pats = "x"', '"models.pats" (the first [[models]]) is not a known key. Did you mean "path"?'),
        (LEAST.partition("[[models]]")[0], '"models" is missing. Add [[models]], with its name and path.'),
        ("models = []" + LEAST.partition("[[models]]")[0], '"models": a site needs a model; add [[models]].'),
        (LEAST.replace("[[models]]", "[models]"), '"models" must be a list. Write [...], or [[models]].'),
        (LEAST.replace('name = "one"', ""), '"models.name" (the first [[models]]) is missing'),
        (LEAST + '[[models]]\nname = "one"\npath = "b"', '"models": two models are called "one". Give'),
        (LEAST.replace('path = "records.csv"', ""), '"records.path" is missing'),
        (
            LEAST + '[classes]\npositive = "Yes"\nnegative = "yes"',
            '"classes": "positive" and "negative" must differ. Name each class.',
        ),
        (LEAST + "[classes]\nthreshold = 1", '"classes.threshold" must be less than 1 (found: 1).'),
        (LEAST + "[occlusion]\nbatch = 0", '"occlusion.batch" must be at least 1 (found: 0).'),
        (
            LEAST + "[records.policy]\nduplicate_id = 'drop'",
            '"records.policy.duplicate_id" must be "rename", "skip" or "error" (found: "drop").',
        ),
        ('url = "www.example.org"' + LEAST, '"url": must begin with https:// or http:// and name a host,'),
        ('url = "https://"' + LEAST, '"url": must begin with https:// or http:// and name a host,'),
        *(
            (f"contact = {quoted}" + LEAST, '"contact": must be an email address')
            for quoted in (
                *('"someone"', '"me@home"', '"a b@example.org"', '"mailto:me@example.org"', '"javascript:alert(1)"'),
                *('"https://"', '"https://[/x"', '"https://example.org/a b"', '"me@example.org?cc=you@example.org"'),
            )
        ),
        ('url = "https://example.org/?a"' + LEAST, '"url": must end with a path, without ? or #.'),
        ('language = "the English one"' + LEAST, '"language" must be the short code of a language, such as "en"'),
        ('file = "x"' + LEAST, '"file" is not a known key'),
    ],
)
def test_what_is_wrong_is_named_in_plain_words(tmp_path, text, message):
    (line,) = refused(tmp_path, text)
    assert line.startswith(message)


@pytest.mark.parametrize(
    ("path", "message"),
    [("[]", "names no file"), ('""', "must be a file in quotes"), ("3", "must be a file"), ("[[1]]", "must be a file")],
)
def test_a_path_that_is_none_is_refused_in_one_line(tmp_path, path, message):
    (line,) = refused(tmp_path, LEAST.replace('"records.csv"', path))
    assert line.startswith(f'"records.path": {message}')


def test_the_line_of_the_key_is_named(tmp_path):
    several = '[records] # its own\nnoun = """\nid = 3\n"""\nid = 3'
    text = LEAST.replace("[records]", several) + 'nam = "x"\n[output]\nranked = 0'
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    named = re.findall(r'toml:(\d+): "([\w.]+)"', str(caught.value))
    assert named == [("7", "records.id"), ("12", "models.nam"), ("14", "output.ranked")]


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    (tmp_path / "site.toml").write_bytes('title = "Über"'.encode("cp1252"))
    with pytest.raises(ConfigError, match=r"site\.toml: is not UTF-8 at byte 9\. Save it as UTF-8"):
        load_site(tmp_path)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ('id = "title"', 'records.id and records.title are both column "title"'),
        ('label = "abstract"', 'records.label and records.abstract are both column "abstract"'),
        ('facets = ["a", "b", "a"]', 'records.facets names column "a" twice'),
        ('facets = ["abstract"]', 'records.facets: "abstract" is the column of records.abstract, no facet'),
    ],
)
def test_a_column_has_one_meaning(tmp_path, columns, message):
    (line,) = refused(tmp_path, LEAST.replace("[records]", f"[records]\n{columns}"))
    assert message in line


def test_all_problems_are_told_together(tmp_path):
    text = LEAST.replace("title", "titel", 1) + "[output]\nranked = 0\nfigures = 'perhaps'"
    assert [line.split('"')[1] for line in refused(tmp_path, text)] == [
        "title",
        "output.figures",
        "output.ranked",
        "titel",
    ]


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://example.org", "/"),
        ("https://example.org/", "/"),
        ("https://example.org/gallery", "/gallery/"),
        ("http://example.org/a/b/", "/a/b/"),
    ],
)
def test_the_base_path_is_where_the_site_is_published(tmp_path, url, base):
    site = load(tmp_path, f'url = "{url}"\n{LEAST}')
    assert site.base_path == base
    assert site.url.endswith("/")
