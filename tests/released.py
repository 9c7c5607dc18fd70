"""One site built three times, by what is published of its texts, and a search for what must not be in it."""

from __future__ import annotations

import base64
import binascii
import html
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sitegen.config import load_site
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from tests.sites import RECORDS, Recorder, Row, row, tokens, vega_bundle, write_model, write_site

MODES = ("all", "excerpts", "scores")
WORDS = 4  # of an excerpt
LIBRARIES = {"vega.js", "datatables.js"}  # which no text of a site gets into, and which are large
RUN = 8  # words in a row that are text
SENTENCES = (
    "Ninety harbour towns kept ledgers of every ship, its cargo and its crew for two centuries.",
    "We read them by machine and count which goods travel together along the same routes.",
    "Salt follows fish, fish follows war, and grain follows nobody at all, in peace or in hunger.",
)
COPIED = " ".join(SENTENCES)
KEPT: tuple[Row, ...] = (
    *(record for record in RECORDS if record["id"] in {"p1", "p2", "p3", "p8", "p9"}),
    row("ships", "Ledgers of ships", *SENTENCES, label="computational", year=COPIED, doi="10.1000/ships"),
    row(
        "copy",
        "Ships, copied into a facet",
        "An abstract that tells nothing of ships or towns, but of facets and of little else besides them.",
        "A second sentence makes it long enough for a reader to take something out and to wonder.",
        label="not computational",
        subject=f"Copied: {COPIED}",
    ),
)


def build_released(folder: Path) -> None:
    """Build the site of KEPT, with figures and two models that are published, once for each of MODES, in a folder of
    its name."""
    write_model(folder / "model", words=tokens(KEPT))
    write_model(folder / "other", seed=2, joint=3, words=tokens(KEPT))
    models = {"First": "model", "Other": "other"}
    file = write_site(folder, records=KEPT, models=models, figures=True, tried=5, publish=True)
    plain = file.read_text(encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        for mode in MODES:
            keys = f'[records]\npublish = "{mode}"\nexcerpt_words = {WORDS}\n'
            file.write_text(plain.replace("[records]\n", keys), encoding="utf-8")
            site = load_site(file).written_to(folder / mode)
            pipeline.build(site, reporter=Recorder())


def words_of(text: str) -> list[str]:
    """The words of a text, case-folded."""
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())


def withheld(record: Row, sentences: int) -> set[tuple[str, ...]]:
    """Every run of words of an abstract of which one at least is not among the first `sentences` words of its
    sentence; the title's own runs are published."""
    title, abstract = record["title"], record["abstract"]
    body = abstract.removeprefix(title) if title else abstract
    flagged = []
    for one in re.split(r"(?<=[.!?]) (?=[A-Z])", body):
        flagged += [(word, k >= sentences) for k, word in enumerate(words_of(one))]
    runs = set()
    for k in range(len(flagged) - RUN + 1):
        part = flagged[k : k + RUN]
        if any(out for _, out in part):
            runs.add(tuple(word for word, _ in part))
    own = words_of(title)
    return runs - {tuple(own[k : k + RUN]) for k in range(len(own) - RUN + 1)}


def readings(data: bytes) -> Iterator[str]:
    """A file's text in all the ways in which a text may hide in it: as it is, without markup, with escapes resolved,
    and what is in its base64."""
    text = data.decode("utf-8", errors="replace")
    unescaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), html.unescape(text))
    yield text
    yield re.sub(r"<[^>]*>", " ", unescaped.replace("\\n", " ").replace('\\"', '"'))
    yield re.sub(r"<[^>]*>", "", unescaped)
    for found in re.findall(r"[A-Za-z0-9+/]{24,}={0,2}", text):
        try:
            yield base64.b64decode(found + "=" * (-len(found) % 4)).decode("utf-8", errors="replace")
        except binascii.Error:
            continue


def leaks(folder: Path, sentences: int) -> Mapping[str, int]:
    """How many runs of withheld words each file of a site holds: one after the other, or with other words between them,
    as in a table that has them in their order."""
    wanted = [runs for record in KEPT if (runs := withheld(record, sentences))]
    known = [{word for run in runs for word in run} for runs in wanted]
    found: dict[str, int] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.name not in LIBRARIES):
        held = set()
        for text in (path.name, *readings(path.read_bytes())):
            words = words_of(text)
            for runs, theirs in zip(wanted, known, strict=True):
                among = [word for word in words if word in theirs]  # a run in the text is one among these, too
                held |= runs & set(zip(*(among[k:] for k in range(RUN)), strict=False))
        if held:
            found[path.relative_to(folder).as_posix()] = len(held)
    return found
