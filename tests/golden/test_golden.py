"""What pages say, and how they say it, against files that a person has read: two layers, so that a change shows where
it was made.

    *.json   the context of a record's page and of the first page: what the data step decided
    *.html   every kind of page as it is rendered: what the templates make of it

After a change that is meant, write the files anew, read the difference, and commit both together:

    SITEGEN_GOLDEN=write python -m pytest tests/golden
    git diff tests/golden
"""

from __future__ import annotations

import difflib
import json
import os
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from sitegen.analysis.significance.evidence import Standing
from sitegen.web import routes
from sitegen.web.components import Fact
from sitegen.web.layout import Frame, Frames, NavItem, Page
from sitegen.web.pages import gallery
from sitegen.web.pages.corpus.page import corpus_page
from sitegen.web.pages.data import data_page
from sitegen.web.pages.facet.page import facet_pages
from sitegen.web.pages.gallery import index_page, list_pages
from sitegen.web.pages.how_to_read.page import how_to_read_page
from sitegen.web.pages.methods import Example, Treatment, methods_page
from sitegen.web.pages.not_found import NotFoundPage
from sitegen.web.pages.prose import Prose, prose_pages
from sitegen.web.pages.record.page import record_page
from sitegen.web.pages.sentences import sentences_page
from sitegen.web.pages.words import words_page
from sitegen.web.publish.render import Renderer, templates_folder
from sitegen.web.summary import RecordSummary
from sitegen.web.text.markdown import markdown
from tests.classifiers import Bag
from tests.web.papers import PALETTE, alone, facts, inputs, papers, scored, shared, site, summaries, surveyed

HERE = Path(__file__).parent
SITE = {
    "title": "Golden gallery",
    "subtitle": "Three papers & a bag of words",
    "authors": ["A. Smith", "B. Jones"],
    "license": "CC BY 4.0",
    "url": "https://example.org/golden/",
    "classes": {"positive": "computational", "negative": "not computational"},
}
NAV = tuple(NavItem(text=name.capitalize(), path=routes.page(name)) for name in ("gallery", "methods"))
THEME = (templates_folder() / "assets" / "theme.css").read_text(encoding="utf-8").strip()
SIZES = {"records.csv": 900, "words.csv": 20, "grids.jsonl": 2_500_000}  # of data files; the others' are 1500


class ShortFrames(Frames):
    """Frames that hold little beside the page's own matter."""

    def __call__(self, name: str, heading: str, *parts: str, description: str = "") -> Frame:
        frame = super().__call__(name, heading, *parts, description=description)
        return replace(frame, nav=NAV, scripts=("page.js",), version="0")


def golden_pages(folder: Path) -> dict[str, Page]:
    """One page of each kind for three papers, by the name of its golden file."""
    description, items = site(folder, **SITE), papers()
    read, occlusions = summaries(description, items), scored(items)

    frame = ShortFrames(site=description, palette=PALETTE)
    found = surveyed(description, items)
    of_facet = list(facet_pages(description, frame, found, [Standing.HELD_OUT] * len(read)))
    methods_frame = frame("methods", "Methods")
    example = Example(
        title=read[0].title,
        href=methods_frame.to(read[0].page),
        title_part="+4.50",
        abstract_part="+4.62",
        bias="−0.25",
        margin="+8.88",
        percent="over 99.9%",
    )
    text = markdown("Some *words*.\n\n| a | b |\n|---|--:|\n| 1 | 2 |\n")
    prose = Prose(file=folder / "about.md", name="about", title="About", html=text)
    return {
        "record": record_page(
            description,
            frame("record", read[0].title, read[0].name),
            read[0],
            occlusions[0],
            alone(items)[0],
            verdicts=found.verdicts.of_record(0),
            shapley=shared(items)[0],
            predictions=[("bag", occlusions[0].margin), ("other", -1.0)],
            notes=("The model was trained on this paper.",),
            neighbours=(read[2], read[1]),
            figure=True,
        ),
        "index": index_page(inputs(description, items, {"bag": Bag()}), frame("gallery", description.title), found),
        "how-to-read": how_to_read_page(description, frame("how-to-read", "How to read this")),
        "sentences": sentences_page(description, frame, found),
        "facet-index": of_facet[0],
        "facet": of_facet[2],
        "words": words_page(description, frame("words", "Words"), read, found.words, empty=Bag.bias),
        "corpus": corpus_page(description, frame("corpus", "The whole collection"), read, found.effects, found.tally),
        "methods": methods_page(
            description,
            methods_frame,
            models=[
                facts("bag"),
                facts(
                    "other", additive=False, notes=("This model looks at its readers' output at the last word only.",)
                ),
            ],
            rows=4,
            records=3,
            labels="2 of them have a gold label, from the column “label”: 1 “positive”, 1 “negative”.",
            treatments=[Treatment(kind="missing abstract", action="skipped", count=1, examples=("line 5: is empty",))],
            versions=[Fact(name="numpy", value="2.0")],
            example=example,
        ),
        "data": data_page(
            inputs(description, items, {"bag": Bag()}),
            frame("data", "Data"),
            size=lambda path: SIZES.get(path.partition("/")[2], 1500),
        ),
        "prose": prose_pages(frame, (prose,))[0],
        "list": _middle_list(frame, read),
        "404": NotFoundPage(frame=frame("not-found", "Not found"), home=description.url),
    }


def _middle_list(frame: Frames, read: list[RecordSummary]) -> Page:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "SCRIPTED", 2)
        patch.setattr(gallery, "LISTED", 1)
        return list_pages(frame, read)[1]


def compare(name: str, found: str) -> None:
    file = HERE / name
    if os.environ.get("SITEGEN_GOLDEN") == "write":
        file.write_text(found, encoding="utf-8", newline="\n")
        return
    expected = file.read_text(encoding="utf-8")
    difference = difflib.unified_diff(expected.splitlines(), found.splitlines(), str(name), "found", lineterm="", n=1)
    assert found == expected, "\n".join(["differs; if it is meant: SITEGEN_GOLDEN=write", *difference])


NAMES = (
    *("record", "index", "how-to-read", "sentences", "facet", "facet-index", "words", "corpus", "methods", "data"),
    *("prose", "list", "404"),
)


@pytest.mark.parametrize("name", ["record", "index"])
def test_the_context_is_as_it_was(tmp_path, name):
    context = asdict(golden_pages(tmp_path)[name])
    del context["frame"]["site"]  # as it is written in SITE, with folders of this run
    del context["frame"]["palette"]  # as it is written in theme.css
    del context["values"]  # what the scripts read: tested where the page is made
    compare(f"{name}.json", json.dumps(context, ensure_ascii=False, indent=1) + "\n")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_as_it_was(tmp_path, name):
    compare(f"{name}.html", Renderer().render(golden_pages(tmp_path)[name]).replace(THEME, "(theme.css)"))


def test_there_is_a_file_for_each_page_and_no_other():
    files = {file.name for file in HERE.iterdir() if file.suffix in (".html", ".json")}
    assert files == {*(f"{name}.html" for name in NAMES), "record.json", "index.json"}
