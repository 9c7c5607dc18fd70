"""The public functions, as a script or a notebook calls them."""

from __future__ import annotations

import inspect
import subprocess
import sys
from base64 import b64decode
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pandas
import pytest

import sitegen
from sitegen.config import Records, load_site
from sitegen.errors import ModelError, RecordError
from sitegen.pipeline.arguments import Columns
from sitegen.pipeline.explain import SHARED
from sitegen.pipeline.given_model import ModelSettings
from sitegen.web.publish.links import check_site
from sitegen.web.text.numbers import excerpt, percent, points
from tests.sites import HOSTILE, NEGATIVE, POSITIVE, RECORDS, Recorder, tree, write_model, write_records, write_site

pytestmark = pytest.mark.usefixtures("quick_bundles")


def test_everything_public_is_there_and_documented() -> None:
    assert set(sitegen.__all__) == {"__version__", "build", "explain", "load_model", "read_records"}
    for name in set(sitegen.__all__) - {"__version__"}:
        function = getattr(sitegen, name)
        assert "Raises" in (inspect.getdoc(function) or "")
        signature = inspect.signature(function)
        assert signature.return_annotation is not inspect.Signature.empty
        assert all(one.annotation is not inspect.Parameter.empty for one in signature.parameters.values())


def test_a_models_settings_are_the_same_wherever_one_is_given() -> None:
    """Three functions list them, so that a notebook can complete their names; none may lack one, or differ."""
    settings = {field.name: field.default for field in fields(ModelSettings) if field.name != "consent"}
    columns = {field.name: field.default for field in fields(Columns)}
    for function, listed in (
        (sitegen.load_model, settings),
        (sitegen.explain, settings),
        (sitegen.build, settings | columns),
    ):
        given = inspect.signature(function).parameters
        assert {name: given[name].default for name in listed} == listed, function


def test_to_import_sitegen_costs_nothing() -> None:
    code = "import sys, sitegen; print(sorted(sys.modules.keys() & {'torch', 'gensim', 'numpy', 'altair', 'pydantic'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


# --- read_records ---


def test_records_are_read_without_a_site(tmp_path: Path) -> None:
    write_records(tmp_path / "records.csv")
    collection = sitegen.read_records(
        str(tmp_path / "records.csv"), id="id", label="label", facets=["subject"], positive=POSITIVE, negative=NEGATIVE
    )
    assert [record.id for record in collection.records] == [row["id"] for row in RECORDS]
    assert [record.label for record in collection.records[:3]] == [1, 0, 1]
    assert collection.records[1].facets == {"subject": "law"}
    assert collection.records[1].metadata == {"<b>kind</b>": "typical", "year": "2015", "doi": ""}
    assert sitegen.read_records(tmp_path / "records.csv").records[0].label is None


def test_the_defaults_are_those_of_a_site() -> None:
    given = inspect.signature(sitegen.read_records).parameters
    for name in given.keys() & Records.model_fields.keys() - {"path"}:
        assert given[name].default == Records.model_fields[name].default, name
    assert given.keys() - Records.model_fields.keys() == {"positive", "negative", "rest", "skip_invalid"}


def test_all_labels_but_one_can_be_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_text("title,abstract,class\nA,Of a.,law\nB,Of b.,economics\nC,Of c.,1\n", encoding="utf-8")
    found = sitegen.read_records(file, label="class", positive="economics", rest=True)
    assert [record.label for record in found.records] == [0, 1, 0]
    with pytest.raises(RecordError, match="negative_labels does not go with rest=True"):
        sitegen.read_records(file, label="class", positive="economics", rest=True, negative_labels=["law"])


def test_messages_about_records_name_arguments(tmp_path: Path) -> None:
    file = tmp_path / "papers.csv"
    file.write_text("Title,abstract,class\nOne,Two.,maybe\nThree\n", encoding="utf-8")
    with pytest.raises(RecordError, match=r'no column "title" \(title\)\. Did you mean "Title"') as wrong:
        sitegen.read_records(file)
    assert str(wrong.value).endswith("Correct the arguments.")
    with pytest.raises(RecordError, match=r"Set positive_labels and negative_labels .*, or pass skip_invalid=True"):
        sitegen.read_records(file, title="Title", label="class")
    with pytest.raises(RecordError, match=r"Correct the path\."):
        sitegen.read_records(tmp_path / "nowhere.csv")
    assert len(sitegen.read_records(file, title="Title", skip_invalid=True).records) == 1


# --- load_model and explain ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model directory."""
    folder = tmp_path_factory.mktemp("api") / "model"
    write_model(folder)
    return folder


def test_a_model_says_what_it_is_and_a_folder_of_other_things_is_refused(folder: Path, tmp_path: Path) -> None:
    model = sitegen.load_model(folder)
    assert model.manifest.classes == (NEGATIVE, POSITIVE)
    assert repr(model) == f"LoadedModel({str(folder)!r}: {POSITIVE!r} against {NEGATIVE!r}, additive)"
    with pytest.raises(ModelError, match="there is no such folder"):
        sitegen.load_model(tmp_path / "nowhere")
    with pytest.raises(TypeError, match=r"what load_model returns, or the path"):
        sitegen.explain(model.classifier, "A title")


def test_a_model_in_memory_and_its_path_explain_alike(folder: Path) -> None:
    title, abstract = RECORDS[1]["title"], RECORDS[1]["abstract"]
    first = sitegen.explain(sitegen.load_model(folder), title, abstract)
    assert repr(sitegen.explain(str(folder), title, abstract)) == repr(first)
    assert first.predicted == (POSITIVE if first.occlusion.margin >= 0 else NEGATIVE)
    assert sitegen.explain(folder, title, abstract, threshold=first.probability).predicted == POSITIVE
    assert sitegen.explain(folder, title, abstract, threshold=first.probability + 1e-9).predicted == NEGATIVE
    shortened = abstract.replace(" Silence about money was common.", "")
    assert abs(sitegen.explain(folder, title, shortened).probability - first.sentences[2].without) < 1e-6


def test_what_is_no_text_or_no_list_is_refused_in_words(folder: Path) -> None:
    with pytest.raises(TypeError, match=r'^explain: abstract is nan, no text\. Give a string; "" where there is none'):
        sitegen.explain(folder, "A title", float("nan"))  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r'^facets: is a single text\. Give a list: facets=\["year"\]'):
        sitegen.read_records("records.csv", facets="year")
    with pytest.raises(TypeError, match="a DataFrame is given to sitegen"):
        sitegen.read_records(pandas.DataFrame())  # type: ignore[arg-type]
    with pytest.raises(ModelError, match=r"^classes: are 'ab'; they must be two different names"):
        sitegen.load_model(folder, classes="ab")  # type: ignore[arg-type]


def test_an_explanation_has_the_three_numbers_of_every_sentence(folder: Path) -> None:
    title, abstract = RECORDS[1]["title"], RECORDS[1]["abstract"]
    explanation = sitegen.explain(folder, title, abstract)
    for one in explanation.sentences:
        alone = sitegen.explain(folder, "", one.text)
        assert one.alone == pytest.approx(alone.probability, abs=1e-6)
    step = explanation.probability - sitegen.explain(folder, title).probability
    assert sum(one.points or 0 for one in explanation.sentences) == pytest.approx(step, abs=1e-6)
    assert explanation.story[0].startswith(("With the title alone", "The title", "Neither text"))
    long = sitegen.explain(folder, title, "It is so. " * (SHARED + 1))
    assert {one.share for one in long.sentences} == {None}
    assert "share" not in repr(long) + long._repr_html_()


def test_in_a_terminal_it_is_the_answer_the_story_and_the_sentences_with_the_largest_shares(folder: Path) -> None:
    explanation = sitegen.explain(folder, RECORDS[1]["title"], RECORDS[1]["abstract"])
    answer, *told, rest = repr(explanation).splitlines()
    assert answer == f"{explanation.predicted}: probability of “{POSITIVE}” {percent(explanation.probability)}"
    assert tuple(told[:-3]) == explanation.story
    strongest = sorted(explanation.sentences, key=lambda one: -abs(one.share or 0))[:3]
    assert told[-3:] == [
        f"  sentence {one.number}: alone {percent(one.alone)}; share {points(one.points or 0)}; without it "
        f"{percent(one.without)}  {excerpt(one.text, 50)}"
        for one in strongest
    ]
    assert rest == "  and 1 more sentence"
    lines = repr(sitegen.explain(folder, "x " * 900, "y z. " * 900)).splitlines()
    assert all(len(line) <= 110 for line in lines if line.startswith("  "))


@pytest.mark.parametrize("texts", [("",), ("Qualia quondam", "Quux."), (HOSTILE, f"{HOSTILE} It is. And more.")])
def test_in_a_notebook_it_is_a_picture_and_a_table_and_nothing_that_runs(folder: Path, texts: tuple[str, ...]) -> None:
    class Reader(HTMLParser):
        def __init__(self) -> None:
            super().__init__()
            self.tags: list[str] = []
            self.pictures: list[str] = []
            self.cells: list[str] = []

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            self.tags.append(tag)
            assert not [name for name, _ in attrs if name.startswith("on")]
            if tag == "img":
                self.pictures.append(str(dict(attrs)["src"]))

        def handle_data(self, data: str) -> None:
            self.cells.append(data)

    explanation = sitegen.explain(folder, *texts)
    reader = Reader()
    reader.feed(explanation._repr_html_())
    assert set(reader.tags) <= {"div", "p", "strong", "img", "table", "thead", "tbody", "tr", "th", "td"}
    (picture,) = reader.pictures
    kind, _, data = picture.partition(",")
    assert kind == "data:image/svg+xml;base64"
    svg = b64decode(data).decode()
    assert svg.startswith("<svg")
    tree = ElementTree.fromstring(svg)
    kinds = {element.tag.rpartition("}")[2] for element in tree.iter()}
    assert kinds <= {"svg", "g", "defs", "path", "line", "text", "rect", "linearGradient", "stop", "clipPath", "title"}
    attributes = {name for element in tree.iter() for name in element.attrib}
    assert not [name for name in attributes if name.startswith("on") or name.endswith("href")]
    assert f"100% {POSITIVE}" in svg
    assert f"“{POSITIVE}”" in svg
    assert tuple(reader.cells[: 1 + len(explanation.story)]) == (explanation.answer, *explanation.story)
    for sentence in explanation.sentences:
        assert sentence.text in reader.cells


# --- build ---


def test_a_site_is_built_by_its_path_or_as_a_site(tmp_path: Path) -> None:
    file = write_site(tmp_path, records=RECORDS[:3])
    report = sitegen.build(str(tmp_path), output=tmp_path / "elsewhere")
    assert report.folder == tmp_path / "elsewhere"
    assert (report.totals.papers, report.files, report.unchanged) == (3, len(tree(report.folder)), False)
    assert check_site(report.folder) == []
    watcher = Recorder()
    again = sitegen.build(load_site(file), output=str(tmp_path / "elsewhere"), reporter=watcher)
    assert again.unchanged
    (tmp_path / "records.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(RecordError):
        sitegen.build(file)


@pytest.mark.nightly
def test_a_script_needs_no_guard_to_draw_figures_in_several_processes(tmp_path: Path) -> None:
    file = write_site(tmp_path / "site", records=RECORDS[:5], figures=True)
    script = tmp_path / "script.py"
    script.write_text(
        "import os, sys\n"
        "os.cpu_count = lambda: 2\n"
        "print('begun')\n"
        "import sitegen\n"
        f"print(sitegen.build({str(file)!r}).totals.papers)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n5\n", "")
    assert len(list((tmp_path / "site" / "_site" / "records" / "figures").glob("*.svg"))) == 5
