"""Small whole sites for tests: odd records, tiny models with random weights, and the site.toml that joins them.

The records are few and none is like another; among them are the kinds that break pages: markup in every field,
letters outside of ASCII and of the basic plane, no title, no abstract, one sentence, unknown words alone, an abstract
that repeats its title, ids that are no file names. Models are made in milliseconds and know every word that does not
begin with q.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sitegen.config import Site, load_site
from sitegen.corpus.segment import Segmentation, segment
from sitegen.corpus.vectors import open_vectors, write_vectors
from sitegen.models.lstm.architecture import Architecture, Readout
from sitegen.models.lstm.directory import save
from sitegen.models.manifest import Manifest, Texts
from sitegen.web.publish import bundles as scripts

POSITIVE, NEGATIVE = "computational", "not computational"
HOSTILE = '</script><img src=x onerror="window.pwned=1">'
COLUMNS = ("id", "title", "abstract", "label", "subject", "<b>kind</b>", "year", "doi")

Row = Mapping[str, str]


def row(key: str, title: str, *sentences: str, **cells: str) -> dict[str, str]:
    """One record of a CSV file as its cells."""
    found = {"subject": "sociology", "<b>kind</b>": "typical", "year": "2015", "doi": "", "label": "", **cells}
    return {"id": key, "title": title, "abstract": " ".join(sentences), **found}


RECORDS: tuple[Row, ...] = (
    row(
        "p1",
        "Simulated crowds learn to queue",
        "We simulate crowds of ten thousand agents on a grid.",
        "Each agent follows two rules and forgets the rest.",
        "Order appears where nobody asked for it.",
        "The pattern survives noise and loss.",
        label=POSITIVE,
        doi="10.1234/crowds.2015",
    ),
    row(
        "p2",
        "Talking about money at home",
        "Forty families were visited at home.",
        "Interviews were read twice and coded by hand.",
        "Silence about money was common.",
        "We found a zebra in one kitchen and asked no further.",
        label=NEGATIVE,
        subject="law",
    ),
    row(
        "p3",
        f"Markup {HOSTILE} in a title",
        f"An abstract may hold {HOSTILE} as well.",
        "It may say <b>bold</b> & mean it, or end a comment --> early.",
        "Nothing of this is more than text.",
        label=POSITIVE,
        subject=HOSTILE,
        year=HOSTILE,
    ),
    row(
        "p4",
        "Élan vital und naïve Öffentlichkeit",
        "Der Élan ist groß.",
        "Wir lesen ihn zweimal.",
        "The naïve reader is right.",
        label=NEGATIVE,
        subject="Ökonomie",
    ),
    row("p5", "A paper without an abstract", "[No abstract available]", label=NEGATIVE, subject="law"),
    row("p6", "Qualia quondam", "Quux quuz qux.", "Qat quorum.", label=POSITIVE),
    row("p7", "One sentence is enough", "All agents agree at once.", label=POSITIVE, subject="law"),
    row(
        "p8",
        "Networks of letters",
        "Networks of letters.",
        "We draw networks from letters of clerks 🎓 and 𝔄nna.",
        "Cafe\u0301 talk is absent, as is the ﬁnal page.",
        label=NEGATIVE,
    ),
    row("p9", "", "This paper has no title.", "It has two sentences.", label=NEGATIVE, subject="law"),
    row("10.1000/x?y#z &<>", "=SUM(A1:A9)", "A cell that begins like a formula.", "It is none."),
    row("p11", "The label is not known", "Nobody labelled this paper.", "We simulate nothing in it.", subject="law"),
    row(
        "p12",
        "A long title that goes on for so many words that no column of any table could hold it in one line of text",
        "Averylongwordthatnobodyhaseverwrittenbeforeandthatdoesnotbreakatallbecauseithasnoplaceforit stands here.",
        "Rules are read.",
        label=POSITIVE,
        **{"<b>kind</b>": "between"},
        doi="https://example.org/a?b=c&d=e",
    ),
)


def tokens(records: Sequence[Row] = RECORDS) -> list[str]:
    """Every word of the records but those that begin with q."""
    found = set[str]()
    for record in records:
        document = segment(record["title"], record["abstract"], Segmentation(strip_title=False))
        found |= {*document.title.tokens, *document.abstract.tokens}
    return sorted(token for token in found if not token.startswith("q"))


def write_model(
    folder: Path,
    *,
    seed: int = 27,
    joint: int = 0,
    layers: int = 1,
    hidden: int = 3,
    readout: Readout = "final-state",
    classes: tuple[str, str] = (NEGATIVE, POSITIVE),
    words: Sequence[str] = (),
    texts: Texts | None = None,
    card: str = "# Model card\n\nRandom weights, made for tests.\n",
) -> Manifest:
    """A model directory with random weights, large enough for its probabilities to spread."""
    words = words or tokens()
    architecture = Architecture(layers=layers, hidden=hidden, dimension=4, joint=joint, readout=readout)
    rng = np.random.default_rng(seed)
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in architecture.shapes().items()}
    for name in weights.keys() & {"fc.bias", "fc.2.bias"}:
        weights[name][:] = 0.1, -0.1  # small, so that neither class has all the records
    with tempfile.TemporaryDirectory() as place:
        vectors = Path(place) / "vectors"
        write_vectors(vectors, words=words, matrix=rng.normal(size=(len(words), 4)).astype(np.float32))
        return save(
            folder,
            architecture=architecture,
            segmentation=Segmentation(),
            classes=classes,
            weights=weights,
            vectors=open_vectors(vectors),
            card=card,
            texts=texts,
            metrics={"test": {"accuracy": {"value": 0.5, "low": 0.25, "high": 0.75}}},
        )


def write_records(file: Path, records: Sequence[Row] = RECORDS) -> None:
    """The records as CSV."""
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS)
        writer.writeheader()
        writer.writerows(records)


def write_site(
    folder: Path,
    *,
    records: Sequence[Row] = RECORDS,
    models: Mapping[str, str] | None = None,
    label: bool = True,
    facets: bool = True,
    figures: bool = False,
    batch: int = 6,
    tried: int = 0,
    ensemble: Sequence[str] = (),
    settings: str = "",
    publish: bool = False,
    url: str = "",
    classes: tuple[str, str] = (NEGATIVE, POSITIVE),
    foreign: str = "",
) -> Path:
    """Write site.toml, records.csv and a page of prose into `folder`; returns the path of site.toml.

    models: name -> folder. Where none is given there is one, "First" in `model`, which is written. tried: on how many
    records the faithfulness is tried. ensemble: folders of the first model's further checkpoints. settings: more lines
    for [occlusion]. publish: whether the models are published. foreign: the lines of one [[models]] in the place of all
    models.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if foreign:
        models = {}
    if models is None:
        models = {"First": "model"}
        write_model(folder / "model")
    write_records(folder / "records.csv", records)
    (folder / "pages").mkdir(exist_ok=True)
    (folder / "pages" / "about.md").write_text("# About\n\nMade for tests: *nothing* here is true.\n", encoding="utf-8")
    quoted = json.dumps
    lines = [
        'title = "Tests & <trials>"',
        'authors = ["A. Tester"]',
        f"url = {quoted(url)}",
        "[classes]",
        f"negative = {quoted(classes[0])}",
        f"positive = {quoted(classes[1])}",
        "[records]",
        'path = "records.csv"',
        'id = "id"',
        'label = "label"' if label else "",
        f"facets = {quoted(['subject', '<b>kind</b>'] if facets else [])}",
        *(
            f"[[models]]\nname = {quoted(name)}\npath = {quoted(path)}\nensemble = {quoted(further)}"
            for (name, path), further in zip(models.items(), [list(ensemble), *[[]] * len(models)], strict=False)
        ),
        f"[[models]]\n{foreign}" if foreign else "",
        f"[occlusion]\nbatch = {batch}\n{settings}",
        f"[faithfulness]\nrecords = {tried}\nhybrids = 10",
        f"[output]\nfigures = {quoted(figures)}\nmodel = {quoted('data' if publish else 'none')}",
    ]
    file = folder / "site.toml"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def make_site(folder: Path, **options: object) -> Site:
    """`write_site`, loaded."""
    return load_site(write_site(folder, **options))  # type: ignore[arg-type]


@cache
def _scores() -> bytes:
    """The store of `make_site` without options, filled once in a process."""
    from sitegen.pipeline import build as pipeline

    with tempfile.TemporaryDirectory() as place:
        site = make_site(Path(place))
        pipeline.score(site, reporter=Recorder())
        return pipeline.store_path(site).read_bytes()


def make_scored_site(folder: Path, **options: object) -> Site:
    """`make_site` with the scores of its texts in place: for tests of what is made of scores."""
    from sitegen.pipeline import build as pipeline

    site = make_site(folder, **options)
    store = pipeline.store_path(site)
    store.parent.mkdir(parents=True, exist_ok=True)
    store.write_bytes(_scores())
    return site


class Recorder:
    """A Reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int, int]] = []
        self.notes: list[str] = []

    def advance(self, stage: str, done: int, total: int) -> None:
        self.steps.append((stage, done, total))

    def note(self, message: str) -> None:
        self.notes.append(message)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder: its path within it and its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


vega_bundle = cache(scripts.vega_bundle)  # making it takes 1.5 s, and it repeats


def no_vega() -> str:
    """What stands for the script in a site that no browser opens."""
    return "/* Vega's script */"


def build_shared(folder: Path) -> None:
    """Build the site that many tests look at and none changes: two models, the first with a further checkpoint and sure
    of what it has seen, figures, a sub-path, the models published, the first for readers to try."""
    from sitegen.pipeline import build as pipeline

    write_model(folder / "model", texts=Texts(train=("0" * 16,)))
    write_model(folder / "again", seed=28)
    write_model(folder / "other", seed=2, joint=3)
    models = {"First": "model", "Other": "other"}
    site = make_site(
        folder,
        models=models,
        ensemble=["again"],
        figures=True,
        tried=20,
        publish=True,
        settings="[live]\nshow = true",
        url="https://example.org/some/where/",
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scripts, "vega_bundle", vega_bundle)
        pipeline.build(site, reporter=Recorder())
