"""Papers, sites and pages for the tests of the web side: small, made by hand, scored by the classifiers of tests/.

`write` takes a handful of papers through the same door as the pipeline does. `parse` reads a page as a browser's parser
would, as far as the tests need it, and refuses tags that do not match.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path

import numpy as np

from sitegen.analysis.attribution.occlusion import Occlusion, occlude
from sitegen.analysis.attribution.read_alone import ReadAlone, read_alone
from sitegen.analysis.attribution.shapley import Shapley, shapley
from sitegen.analysis.significance.evidence import Standing
from sitegen.analysis.significance.negative_control import ControlAnswers, neutral_answers
from sitegen.config import Site
from sitegen.corpus.records import Record
from sitegen.corpus.segment import Document
from sitegen.corpus.tokens import token_rule
from sitegen.web.build import write_site
from sitegen.web.components import Fact
from sitegen.web.inputs import RecordExtras, SiteInputs, SiteTotals
from sitegen.web.layout import Frame, Frames
from sitegen.web.pages import methods
from sitegen.web.publish.links import check_site
from sitegen.web.publish.render import Renderer
from sitegen.web.publish.staging import writing
from sitegen.web.scan import Scan, scan_records
from sitegen.web.summary import RecordSummary, read
from sitegen.web.text.markdown import markdown
from tests.classifiers import Bag, document

HOSTILE = (
    "</script><img src=x onerror=alert(1)><!-- {{ 7*7 }} {% raw %} \"double\" 'single' `back` & &amp; &lt;b&gt; "
    "line\u2028separator \u202eright to left\u202c ]]> <b>bold</b>"
)
PALETTE = Renderer().palette  # of our own theme
VOID = {"meta", "link", "img", "input", "br", "hr"}


@dataclass(frozen=True)
class Paper:
    record: Record
    document: Document


def paper(id="p1", title="Good networks", *sentences, label=None, facets=None, metadata=None, line=2) -> Paper:
    """A record and its document, whose abstract is the sentences joined by blanks."""
    cut = document(title, *sentences)
    record = Record(
        id=id,
        title=title,
        abstract=cut.abstract.text,
        label=label,
        facets=facets or {},
        metadata=metadata or {},
        source="records.csv",
        line=line,
    )
    return Paper(record, cut)


def papers() -> list[Paper]:
    """Three papers: of either class, with and without label and facet."""
    return [
        paper(
            "smith-2020",
            "A good network",
            "We study a network.",
            "The simulation is good.",
            "It says nothing.",
            label=1,
            facets={"subject": "Sociology"},
            metadata={"doi": "10.1000/182", "year": "2020"},
        ),
        paper(
            "Müller 2021",
            "Interview with the bad",
            "The interview was bad.",
            "We simulate a network.",
            label=0,
            facets={"subject": "Law & order"},
            metadata={"doi": "", "year": "2021"},
            line=3,
        ),
        paper("third", "A simulation", "An interview.", facets={"subject": ""}, metadata={"year": "2022"}, line=4),
    ]


def site(folder: Path, **changed) -> Site:
    """A site description with one model; `changed` replaces top-level keys."""
    data = {
        "title": "Test gallery",
        "records": {"path": folder / "records.csv", "facets": ["subject"]},
        "models": [{"name": "bag", "path": folder / "model"}],
        "pages": folder / "pages",
        "output": {"folder": folder / "_site", "cache": folder / "cache", "figures": False},
        "file": folder / "site.toml",
    }
    return Site.model_validate({**data, **changed})


def frame(site: Site, path="index.html", heading="Heading") -> Frame:
    return Frame(site=site, palette=PALETTE, path=path, heading=heading)


def frames(site: Site) -> Frames:
    """The frames of a site without pages of prose."""
    return Frames(site=site, palette=PALETTE)


def scored(items: list[Paper], classifier=None) -> list[Occlusion]:
    return occlude([item.document for item in items], classifier or Bag())


def alone(items: list[Paper], classifier=None) -> list[ReadAlone]:
    return read_alone([item.document for item in items], classifier or Bag())


def shared(items: list[Paper], classifier=None) -> list[Shapley]:
    return shapley([item.document for item in items], classifier or Bag())


def controls(classifier=None) -> ControlAnswers:
    """A model's answers to two neutral sentences; none of the corpus was stripped of class words."""
    neutral, none = ("All rights are reserved.", "It has four parts."), np.zeros(0)
    margins, lengths, empty = neutral_answers(neutral, classifier or Bag())
    return ControlAnswers(
        empty=empty,
        neutral=neutral,
        neutral_margins=margins,
        neutral_lengths=np.array(lengths),
        class_words=0,
        stripped_margins=none,
        stripped_lengths=none,
        stripped_classes=none,
    )


def summaries(site: Site, items: list[Paper], classifier=None) -> list[RecordSummary]:
    scores = zip(items, scored(items, classifier), shared(items, classifier), strict=True)
    return [read(item.record, occlusion, shares, classes=site.classes) for item, occlusion, shares in scores]


@dataclass
class Watcher:
    """A Reporter that keeps what it is told."""

    stages: list[tuple[str, int, int]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def advance(self, stage: str, done: int, total: int) -> None:
        self.stages.append((stage, done, total))

    def note(self, message: str) -> None:
        self.notes.append(message)


def facts(name: str, *, additive=True, **changed) -> methods.ModelFacts:
    told = methods.ModelFacts(
        name=name,
        additive=additive,
        reads_texts=False,
        softmax=True,
        strips_title=True,
        fingerprint="0123456789abcdef",
        facts=(Fact(name="Kind", value="a bag of words", note="by hand"),),
        notes=(),
        probability_note="",
        metrics=(Fact(name="AUC", value="0.900", note="[0.850, 0.950]: of a pair"),),
        card=markdown("# Model card\n\nIt *adds* weights."),
        seen=(Fact(name="trained on", value="1"),),
        tokens=token_rule("words"),
        files=(Fact(name="config.json", value="c" * 64), Fact(name="weights.json", value="d" * 64)),
        format=markdown("# Its files\n\n`weights.json` holds a *weight* a word."),
    )
    return replace(told, **changed)


def inputs(site: Site, items: list[Paper], classifiers: dict, *, shares: bool = True) -> SiteInputs:
    """shares: whether sentences have any, else they are turned off."""
    scores = {name: scored(items, classifier) for name, classifier in classifiers.items()}
    said = {name: alone(items, classifier) for name, classifier in classifiers.items()}
    none = [None] * len(items)
    values = {name: shared(items, classifier) if shares else none for name, classifier in classifiers.items()}
    return SiteInputs(
        site=site,
        records=[item.record for item in items],
        rows=len(items) + 1,
        treatments=(
            methods.Treatment(kind="missing abstract", action="kept", count=1, examples=("line 5: is empty",)),
        ),
        labels="2 of them have a gold label.",
        models=tuple(facts(name, additive=model.additive) for name, model in classifiers.items()),
        versions=(Fact(name="sitegen", value="1"),),
        notes={0: ("The model was trained on this paper.",)},
        occlusions=lambda k: {name: occlusions[k] for name, occlusions in scores.items()},
        alone=lambda k: {name: pieces[k] for name, pieces in said.items()},
        extras=lambda k: {name: RecordExtras(shapley=of_records[k]) for name, of_records in values.items()},
        controls={name: controls(classifier) for name, classifier in classifiers.items()},
        standing={name: [Standing.HELD_OUT] * len(items) for name in classifiers},
        faithfulness=(),
    )


def surveyed(site: Site, items: list[Paper], classifier=None, *, shares: bool = True) -> Scan:
    """What the first pass over the papers finds."""
    given = inputs(site, items, {model.name: classifier or Bag() for model in site.models}, shares=shares)
    return scan_records(given, reporter=Watcher())


def write(
    site: Site, items: list[Paper], classifiers: dict | None = None, *, watcher=None, shares: bool = True
) -> SiteTotals:
    """Write and check the whole site, as the pipeline does."""
    classifiers = classifiers or {model.name: Bag() for model in site.models}
    with writing(site.output.folder, check=check_site) as output:
        return write_site(
            output,
            inputs(site, items, classifiers, shares=shares),
            renderer=Renderer(override=site.folder / "templates"),
            cache=site.output.cache,
            workers=1,
            reporter=watcher or Watcher(),
        )


@dataclass(eq=False)
class Node:
    """An element: its children are elements and strings."""

    tag: str
    attributes: dict[str, str]
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        """This element and all below it, in document order."""
        yield self
        for child in self.children:
            if isinstance(child, Node):
                yield from child

    def all(self, tag="", **attributes) -> list[Node]:
        """The elements below of that tag and with these attributes (`class_` holds one of the classes)."""
        one = attributes.pop("class_", None)
        wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
        return [
            node
            for node in self
            if (not tag or node.tag == tag)
            and (one is None or one in (node.attributes.get("class") or "").split())
            and all(node.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag="", **attributes) -> Node:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} elements <{tag}> with {attributes}"
        return found[0]

    @property
    def text(self) -> str:
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    @property
    def skeleton(self) -> list[tuple[str, ...]]:
        """Every tag with the names of its attributes, in document order."""
        return [(node.tag, *node.attributes) for node in self]


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Node("", {})]

    def handle_starttag(self, tag, attrs):
        assert len(attrs) == len(dict(attrs)), f"<{tag}> has an attribute twice: {attrs}"
        node = Node(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_endtag(self, tag):
        assert tag not in VOID
        assert self.open.pop().tag == tag, f"</{tag}> closes another element"

    def handle_data(self, data):
        self.open[-1].children.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")


def parse(html: str) -> Node:
    """A page as a tree. Line ends are read as browsers read them: CR and CR LF as LF."""
    builder = _Builder()
    builder.feed(html.replace("\r\n", "\n").replace("\r", "\n"))
    builder.close()
    assert len(builder.open) == 1, f"<{builder.open[-1].tag}> is not closed"
    return builder.open[0]
