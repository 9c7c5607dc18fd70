"""What is published of one record, and that pages have no other way to its text."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sitegen.config import Records
from sitegen.corpus.records import Record
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.web.pages.methods import Treatment
from sitegen.web.release import MARK, Release, names, places, sentence, word
from sitegen.web.text.withheld import tells_words, withheld
from tests.classifiers import Bag, Joint
from tests.web.papers import inputs, paper, site, write

TITLE = "Networks of letters"
ABSTRACT = (
    "We draw (large) networks from letters of clerks. All is well. “Letters”, they say, are what networks are made of!"
)
WEB = Path(__file__).parents[2] / "sitegen" / "web"


def record(title: str = TITLE, abstract: str = ABSTRACT, **columns: str) -> Record:
    return Record(
        id="a", title=title, abstract=abstract, label=None, facets={}, metadata=columns, source="r.csv", line=2
    )


def document(one: Record, **options: object) -> Document:
    return segment(one.title, one.abstract, Segmentation(**options))  # type: ignore[arg-type]


def release(publish: str, words: int = 3) -> Release:
    settings = Records.model_validate({"path": "r.csv", "publish": publish, "excerpt_words": words})
    return Release(records=settings, withheld=frozenset())


def published(publish: str, one: Record, words: int = 3):
    return release(publish, words).record(one, document(one))


def test_all_is_what_was_read():
    one = record()
    shown, spans = published("all", one)
    assert shown is one
    assert [ABSTRACT[a:b] for a, b in spans] == ABSTRACT.replace(". ", ".|").split("|")


def test_an_excerpt_is_the_first_words_of_each_sentence():
    shown, spans = published("excerpts", record())
    assert [shown.abstract[a:b] for a, b in spans] == ["We draw (large …", "All is well.", "“Letters”, they say …"]
    assert shown.title == TITLE


def test_a_sentence_of_no_more_words_than_an_excerpt_is_whole():
    for words, last in ((8, "All is well."), (2, "All is …")):
        shown, spans = published("excerpts", record(), words)
        assert shown.abstract[slice(*spans[1])] == last


def test_of_scores_there_is_no_text():
    shown, spans = published("scores", record())
    assert (shown.title, shown.abstract, spans) == (TITLE, "", ((0, 0),) * 3)


def test_words_that_are_not_parted_by_blanks_do_not_make_a_long_excerpt():
    text = "x" * 100 + " and more."
    shown, _ = published("excerpts", record(abstract=text))
    assert shown.abstract == ""


@pytest.mark.parametrize(
    ("words", "shown"), [(3, ""), (4, "海港城镇的账簿 …"), (20, "海港城镇的账簿，记录船舶与货物往来。")]
)
def test_a_character_of_a_script_without_blanks_is_half_a_word_of_an_excerpt(words, shown):
    made, _ = published("excerpts", record(abstract="海港城镇的账簿，记录船舶与货物往来。"), words)
    assert made.abstract == shown


def test_a_repeated_title_in_front_stays_the_titles():
    one = record(abstract=f"NETWORKS of  letters. {ABSTRACT}")
    whole = document(one)
    made = release("scores")
    text = made._abstract(whole.abstract, made._kept(whole.abstract), title=one.title)
    assert text.text.startswith(f"{TITLE} {MARK} {MARK}")
    assert text.start == len(TITLE) + 1


@pytest.mark.parametrize("publish", ["excerpts", "scores"])
def test_words_and_sentences_keep_their_numbers_and_places(publish):
    one = record()
    whole, made = document(one).abstract, release(publish)
    text = made._abstract(whole, made._kept(whole), title=one.title)
    assert len(text.tokens) == len(whole.tokens)
    assert text.sentence_ranges == whole.sentence_ranges
    assert places(text).tolist() == whole.sentence_spans.tolist()
    for k, (start, end) in enumerate(text.spans.tolist()):
        assert text.text[start:end] == (MARK if not text.tokens[k] else word(whole, k))
    for k, (start, end) in enumerate(text.sentence_spans.tolist()):
        first, behind = text.sentence_ranges[k]
        assert start <= text.spans[first, 0]
        assert text.spans[behind - 1, 1] <= end


def test_a_withheld_word_is_its_number():
    one = record()
    whole, made = document(one).abstract, release("scores")
    text = made._abstract(whole, made._kept(whole), title=one.title)
    assert (word(text, 4), sentence(text, 2)) == ("word 5", "sentence 3")
    assert (word(whole, 0), sentence(whole, 1)) == ("We", "All is well.")


def test_another_model_that_cuts_otherwise_publishes_no_more():
    one = record(abstract="We draw e.g. networks from many letters of clerks and kings.")
    made = release("excerpts")
    first, other = document(one).abstract, document(one, tokenizer="nltk").abstract
    text = made._abstract(other, made._kept(first), title=one.title)
    shown = [token for token in text.tokens if token]
    assert shown == list(other.tokens[: len(shown)])
    assert "".join(shown) in "wedrawe.g.networks"


def test_an_abstract_in_another_column_or_in_a_message_is_withheld(tmp_path):
    abstract = "Each of the clerks wrote nine letters a day, and none of them was read by anybody."
    item = paper("a", TITLE, abstract)
    item = replace(item, record=replace(item.record, metadata={"note": f"See: {abstract.upper()}", "year": "1990"}))
    given = inputs(site(tmp_path, records={"path": tmp_path / "r.csv", "publish": "scores"}), [item], {"bag": Bag()})
    treatments = (Treatment(kind="label", action="kept", count=2, examples=(f"line 2: {abstract}", "line 3: fine")),)
    given = replace(given, treatments=treatments)
    made = Release.of(given)
    shown, _ = made.record(given.records[0], document(given.records[0]))
    assert shown.metadata == {"note": "", "year": "1990"}
    assert made.inputs(given, [shown]).treatments[0].examples == ("line 3: fine",)


@pytest.mark.parametrize(
    ("value", "withheld"),
    [
        ("摘要：本文研究十九世纪海港城镇的船舶账簿与货物往来。", True),  # a sentence of it
        ("本文研究十九世纪海港城镇的船舶账簿与货物往来，并且比较", True),
        ("海港城镇的船舶账簿", False),  # a phrase of it
        ("短い文です", True),  # a whole text
        ("短い文", False),
    ],
)
def test_a_text_whose_words_are_not_parted_by_blanks_is_withheld_as_well(tmp_path, value, withheld):
    abstracts = "本文研究十九世纪海港城镇的船舶账簿与货物往来。我们用计算方法阅读它们。", "短い文です。"
    items = [paper(f"p{k}", TITLE, abstract) for k, abstract in enumerate(abstracts)]
    items[0] = replace(items[0], record=replace(items[0].record, metadata={"note": value}))
    given = inputs(site(tmp_path, records={"path": tmp_path / "r.csv", "publish": "scores"}), items, {"bag": Bag()})
    assert Release.of(given).value(value) == ("" if withheld else value)


def test_an_abstract_in_a_facet_or_among_labels_is_withheld(tmp_path):
    abstract = "Each of the clerks wrote nine letters a day, and none of them was read by anybody."
    item = paper("a", TITLE, abstract)
    facets = {"tags": f"clerks; {abstract}; letters", "keywords": "clerks; letters"}
    values = {"tags": ("clerks", abstract, "letters"), "keywords": ("clerks", "letters")}
    item = replace(item, record=replace(item.record, facets=facets, values=values))
    given = inputs(site(tmp_path, records={"path": tmp_path / "r.csv", "publish": "scores"}), [item], {"bag": Bag()})
    given = replace(given, labels=f"1 of them has a gold label. “{abstract}” there means “law”.")
    made = Release.of(given)
    shown, _ = made.record(given.records[0], document(given.records[0]))
    assert (shown.values_of("tags"), shown.values_of("keywords")) == ((), ("clerks", "letters"))
    assert made.inputs(given, [shown]).labels == ""
    assert made.inputs(replace(given, labels="Fine."), [shown]).labels == "Fine."


def test_phrases_name_what_is_there(tmp_path):
    for publish, text in (("all", ""), ("scores", "numbers alone"), ("excerpts", "at most its first 3 words")):
        assert text in withheld(release(publish).records)
        given = site(tmp_path, records={"path": tmp_path / "r.csv", "publish": publish})
        assert tells_words(given) == ""
        warned = given.model_copy(update={"output": given.output.model_copy(update={"model": "data"})})
        assert bool(tells_words(warned)) == (publish != "all")
        live = given.model_copy(update={"live": given.live.model_copy(update={"show": True})})
        assert ("live.show" in tells_words(live)) == (publish != "all")


# --- words of the corpus ---


class Reads(Bag):
    """A Bag that reads every word."""

    def known(self, tokens):
        return np.ones(len(tokens), dtype=bool)


@pytest.mark.parametrize(("publish", "there"), [("all", True), ("excerpts", False), ("scores", False)])
@pytest.mark.parametrize("classifier", [Bag(), Reads()], ids=["unknown", "known"])
def test_a_clause_that_counts_as_one_word_is_in_no_list_where_texts_are_withheld(tmp_path, classifier, publish, there):
    clause, word = "海港城镇的船舶账簿", "账簿"
    item = paper("a", TITLE, f"{clause}，{word}。 A good study.")
    records = {"path": tmp_path / "r.csv", "publish": publish, "excerpt_words": 2}
    given = site(tmp_path, records=records)
    write(given, [item], {"bag": classifier})
    folder = given.output.folder
    texts = {path.name: _unescaped(path) for path in folder.rglob("*") if path.suffix in (".html", ".js", ".csv")}
    assert any(clause in text for text in texts.values()) == there
    assert word in texts["words.csv" if isinstance(classifier, Reads) else "corpus.html"]


def _unescaped(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)


# --- numbers that tell words ---


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize(
    ("publish", "words", "known"), [("scores", 1, False), ("excerpts", 3, False), ("excerpts", 9, True)]
)
def test_the_answer_is_known_between_sentence_ends_only_where_no_word_is_withheld(
    tmp_path, classifier, publish, words, known
):
    """By a model that weighs words, each step of the curve is the weight of a word, and the list of words has that."""
    item = paper("a", TITLE, "We study a good network.", "The interview was bad.")
    records = {"path": tmp_path / "r.csv", "publish": publish, "excerpt_words": words}
    given = inputs(site(tmp_path, records=records), [item], {"bag": classifier})
    (occlusion,) = Release.of(given).inputs(given, given.records).occlusions(0).values()
    (whole,) = given.occlusions(0).values()
    told = ~np.isnan(occlusion.grid.margins).any(axis=0)
    ends = np.isin(np.arange(told.size) + 1, whole.document.abstract.sentence_ends)
    assert told.tolist() == (ends | known).tolist()
    assert (occlusion.drawn, occlusion.by_words) == (True, known)
    np.testing.assert_array_equal(occlusion.cells[:, ends], whole.cells[:, ends])
    assert len(np.unique(occlusion.cells[-1])) <= (told.size if known else 2)


# --- no way around ---

ALLOWED = {
    "release.py": "decides what is published",
    "model_scan.py": "reads the texts, for rankings and the test, and keeps what is published",
    "summary.py": "cuts the published abstract at its sentences",
    "explanation.py": "shows the author's own record in a notebook; nothing of it is in a site",
    "pages/record/text.py": "the title, and what the release left of the abstract, in their places",
    "pages/record/static.py": "the title above the picture",
    "pages/corpus/fields.py": "the beginning of the published abstract",
    "pages/network/contexts.py": "the published words around one",
    "pages/facet/page.py": "the published titles and abstracts, whose words it counts",
    "ranked_sentences.py": "the published sentences, cut at their key words where texts are published whole",
    "pages/gallery.py": "the published abstracts, for the search",
    "export/records.py": "the published abstract",
    "export/patterns.py": "the words of papers that are published whole",
    "pages/how_to_read/walk.py": "the toy paper, which is sitegen's own",
}


def reads_a_text(tree: ast.AST) -> bool:
    """Whether a module reads the abstract of a record, or the text of a field of a document."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "abstract" and _named(node.value) == "record":
            return True
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "text"
            and _named(node.value) in {"title", "abstract", "text"}
        ):
            return True
    return False


def _named(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def test_a_module_of_the_site_reads_no_text_unless_it_is_known_to():
    reading = {
        path.relative_to(WEB).as_posix()
        for path in WEB.rglob("*.py")
        if reads_a_text(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert reading == ALLOWED.keys()


def test_a_site_is_written_from_what_is_published():
    """In `write_site` the inputs give way to what is published of them, right behind the scan and before any page."""
    tree = ast.parse((WEB / "build.py").read_text(encoding="utf-8"))
    (write_site,) = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "write_site"]
    lines = [ast.unparse(node) for node in write_site.body]
    scan = next(k for k, line in enumerate(lines) if line.startswith("scan = scan_records(inputs"))
    assert lines[scan + 1].startswith("inputs = scan.release.inputs(inputs")
    before = [
        line for line in lines[1:scan] if "inputs" in line.replace("inputs.site", "").replace("inputs.records", "")
    ]
    assert before == []
    calling = [path.name for path in WEB.rglob("*.py") if "scan_records(" in path.read_text(encoding="utf-8")]
    assert sorted(calling) == ["build.py", "scan.py"]


@pytest.mark.parametrize(("publish", "told"), [("all", True), ("excerpts", True), ("scores", False)])
def test_a_list_says_of_a_paper_only_the_words_that_it_publishes(publish, told):
    shown, _ = published(publish, record())
    settings = release(publish).records
    assert names(settings, shown, ["draw"]) is told
    assert names(settings, shown, record().title.lower().split()[:1])
    assert names(settings, shown, ["unheard-of"]) is (publish == "all")
