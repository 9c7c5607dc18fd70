"""The corpus page: its lists hold the right papers in the right order, and text stays text."""

from __future__ import annotations

from itertools import permutations
from math import exp, log
from statistics import mean
from types import SimpleNamespace

import pytest

from sitegen.analysis.corpus.overview import Tally
from sitegen.web.pages.corpus import papers as lists
from sitegen.web.pages.corpus import unknown
from sitegen.web.pages.corpus.page import corpus_page
from sitegen.web.publish.render import Renderer
from tests.analysis.effects import collected
from tests.classifiers import Bag, Joint
from tests.web.papers import HOSTILE, frame, paper, parse, scored, site, summaries

# Bag: the title counts double; good 1.5, bad -2, network .75, simulation 2.25, interview -1.25, we .125; bias -.25
PAPERS = (
    paper("sure", "Good simulation", "We simulate.", "It is bad.", "A network.", label=0),  # 7.5 - 1.125 - .25
    paper("near", "We", "Nothing else.", label=1),  # .25 - .25: p = .5
    paper("mild", "Network", "A bad interview.", "We know.", label=1),  # 1.5 - 3.125 - .25
    paper("lost", "Bad", "Good.", "Bad bad zebra.", "A zebra.", label=1),  # -4 - 2.5 - .25
    paper("open", "", "We know zebra."),  # .125 - .25
    paper("well", "Good", "Good network.", label=1),  # 3 + 2.25 - .25
)


def built(folder, items=PAPERS, classifier=None, *, shares=True, **changed):
    """The page's context and its tree. shares: whether the site has any."""
    description = site(folder, **changed)
    occlusions = scored(list(items), classifier or Bag())
    tally = Tally()
    for occlusion in occlusions:
        tally.add(occlusion)
    page = corpus_page(
        description,
        frame(description, "corpus.html", "Corpus"),
        summaries(description, list(items), classifier or Bag()),
        collected([item.document for item in items], classifier or Bag(), shares=shares),
        tally,
    )
    return SimpleNamespace(page=page, tree=parse(Renderer().render(page)))


def section(found, key: str):
    """The section of one question: its head, and what stands below."""
    (one,) = (section for section in found.page.sections if section.head.key == key)
    return one


def hrefs(papers) -> list[str]:
    return [paper.href for paper in papers]


def test_wrong_papers_are_listed_surest_first(tmp_path):
    found = built(tmp_path)
    wrong = section(found, "mistakes")
    positive, negative = wrong.parts[0].lists
    assert hrefs(positive.papers) == ["records/sure.html"]
    assert hrefs(negative.papers) == ["records/lost.html", "records/mild.html"]
    assert [paper.percent for paper in negative.papers] == ["0.1%", "13%"]
    assert wrong.head.answer.startswith(
        "Its answer differs from the label in 3 of 5 labelled papers (60%): it calls 1 “positive” that are labelled "
        "“negative”, and 2 the other way round."
    )
    cells = found.tree.one("table", class_="confusion").all("td")
    assert [(cell.text, [node.attributes["href"] for node in cell.all("a")]) for cell in cells] == [
        ("2", []),
        ("2", ["#called-negative"]),
        ("1", ["#called-positive"]),
        ("0", []),
    ]


def test_a_model_without_mistakes_lists_none(tmp_path):
    found = built(tmp_path, PAPERS[-1:])
    assert section(found, "mistakes").head.answer == "Nowhere: answer and label agree for 1 labelled paper."
    assert [cell.text for cell in found.tree.one("table", class_="confusion").all("td")] == ["1", "0", "0", "0"]
    assert not found.tree.one("table", class_="confusion").all("a")
    assert not [node for node in found.tree.all("h3") if node.attributes["id"].startswith("called")]


def test_papers_near_the_threshold_are_listed_nearest_first(tmp_path):
    found = section(built(tmp_path), "undecided")
    (papers,) = found.parts
    assert hrefs(papers.papers) == ["records/near.html", "records/open.html"]
    assert [paper.label for paper in papers.papers] == ["positive", ""]
    assert papers.labels
    assert found.head.answer == (
        "2 of 6 papers (33%) got a probability within 10 points of 50%, where the answer turns."
    )
    strict = section(built(tmp_path, classes={"threshold": 0.99}), "undecided")
    assert hrefs(strict.parts[0].papers) == ["records/well.html", "records/sure.html"]  # .9933, .9978
    assert not section(built(tmp_path, PAPERS[:1], classes={"threshold": 0.2}), "undecided").parts


def test_long_lists_are_cut_and_say_so(tmp_path, monkeypatch):
    monkeypatch.setattr(lists, "LISTED", 1)
    monkeypatch.setattr(unknown, "LISTED", 1)
    found = built(tmp_path)
    assert hrefs(section(found, "mistakes").parts[0].lists[1].papers) == ["records/lost.html"]
    assert found.tree.one("h3", id="called-negative").text.endswith("· 1 of 2")
    assert not found.tree.one("h3", id="called-positive").all("small")
    assert "the 1 most frequent of 8" in found.tree.text


def test_titles_and_abstracts_are_ranked_by_what_they_say_alone(tmp_path):
    _, titles, abstracts = section(built(tmp_path), "fields").parts
    # titles: 7.5, .25, 1.5, -4, (none), 3: mean 1.65; "nothing else" is no abstract that the model reads
    assert [(row.title, row.alone) for row in titles.lists[0].rows] == [("Good simulation", 5.85), ("Good", 1.35)]
    assert [(row.title, row.alone) for row in titles.lists[1].rows] == [
        ("Bad", -5.65),
        ("We", -1.4),
        ("Network", -0.15),
    ]
    # abstracts: -1.125, (0), -3.125, -2.5, .125, 2.25: mean -.875
    assert [(row.href, row.alone, row.alone_text, row.lift) for row in abstracts.lists[0].rows] == [
        ("records/well.html", 3.125, "+3.12", "96%"),
        ("records/open.html", 1.0, "+1.00", "73%"),
    ]
    lengths = [row.length for listed in (titles, abstracts) for of in listed.lists for row in of.rows]
    assert max(lengths) == 1  # of the title at 5.85: one scale for all
    assert abstracts.lists[0].rows[0].length == pytest.approx(3.125 / 5.85, abs=1e-3)
    assert abstracts.lists[0].rows[1].title == "(untitled)"
    assert abstracts.lists[0].rows[0].text == "Good network."


def test_unknown_words_lead_to_a_paper(tmp_path):
    words = section(built(tmp_path), "unknown").parts[0].words
    assert [(row.word, row.occurrences, row.papers, row.example.href) for row in words[:3]] == [
        ("a", 3, 3, "records/sure.html"),
        ("zebra", 3, 2, "records/lost.html"),
        ("know", 2, 2, "records/mild.html"),
    ]


def test_every_chart_has_its_place_and_its_words(tmp_path):
    found = built(tmp_path)
    places = found.tree.all("div", class_="chart")
    assert [node.attributes["data-chart"] for node in places] == list(found.page.charts)
    assert list(found.page.charts) == ["places", "fields", "calibration", "unknown"]
    for node in places:
        assert node.attributes["data-description"].endswith(".")
    ids = {node.attributes["id"] for node in found.tree if "id" in node.attributes}
    assert {node.attributes["href"][1:] for node in found.tree.one("nav", class_="questions").all("a")} <= ids
    assert len(found.tree.all("details", class_="values")) == 3  # the unknown words have a table of their own


def moved(title: float, *sentences: float) -> list[float]:
    """The size of each sentence's share, in points: its mean over all orders in which the sentences can be added."""

    def answer(margin: float) -> float:
        return 100 / (1 + exp(-margin))

    orders = list(permutations(range(len(sentences))))
    shares = [0.0] * len(sentences)
    for order in orders:
        margin = title
        for k in order:
            shares[k] += (answer(margin + sentences[k]) - answer(margin)) / len(orders)
            margin += sentences[k]
    return [abs(share) for share in shares]


def test_the_answers_have_the_corpus_numbers(tmp_path):
    found = built(tmp_path)
    places, calibration = section(found, "places").head, section(found, "calibration").head
    # log-odds of the title and of each sentence; abstracts of one sentence are left out
    sure, mild, lost = moved(7.25, 0.125, -2, 0.75), moved(1.25, -3.25, 0.125), moved(-4.25, 1.5, -4, 0)
    first, last = mean([sure[0], mild[0], lost[0]]), mean([sure[2], mild[1], lost[2]])
    assert places.answer[0] == (
        f"Mostly. On average the first sentence of an abstract moves the answer by {first:.1f} points, up or down, the "
        f"last by {last:.1f}, and one in between by {mean([sure[1], lost[1]]):.1f} (by their shares; from 40% to 50% "
        "are ten points)."
    )
    without = built(tmp_path, shares=False)
    assert "(by leave-one-out; from" in section(without, "places").head.answer[0]
    leads = [one.tree.one("p", class_="lead") for one in (found, without)]
    assert [lead.one("a").attributes["href"].partition("#")[2] for lead in leads] == ["shapley", "occlusion"]
    assert ["leave-one-out" in lead.text for lead in leads] == [False, True]
    assert places.answer[-1].startswith("Left out: 3 abstracts of a single sentence")
    assert calibration.answer[0].startswith("5 labelled papers cannot tell;")


def test_the_answer_turns_where_the_threshold_is(tmp_path):
    def turn(**changed):
        data = section(built(tmp_path, **changed), "fields").head.chart["datasets"].values()
        (ends,) = [rows for rows in data if len(rows) == 2]
        return ends[0]["x"] + ends[0]["y"]

    assert turn() == pytest.approx(0.25 - 1.65 + 0.875)  # 0 - (bias + the mean title + the mean abstract)
    assert turn(classes={"threshold": 0.9}) - turn() == pytest.approx(log(9))


def test_a_joint_model_has_no_parts(tmp_path):
    found = built(tmp_path, classifier=Joint())
    assert section(found, "fields").parts == ()
    assert "fields" not in found.page.charts
    assert "reads title and abstract together" in section(found, "fields").head.answer[0]


def test_papers_without_labels_are_not_judged(tmp_path):
    found = built(tmp_path, [paper("a", "Good", "We know."), paper("b", "Bad", "We know.")])
    assert section(found, "mistakes").head.answer == "These papers have no labels to be wrong about."
    assert not found.tree.all("table", class_="confusion")
    assert section(found, "calibration").head.chart is None
    assert section(found, "undecided").head.answer.startswith("No paper got a probability within 10 points")


def test_a_label_column_needs_labels(tmp_path):
    found = built(tmp_path, [paper("a", "We", "Nothing else.")])
    assert not section(found, "undecided").parts[0].labels
    assert "Label" not in [node.text for node in found.tree.all("th")]


@pytest.mark.parametrize("items", [[], [paper("a", "")], [paper("a", "Zzz", "Yyy.")]])
def test_odd_corpora_have_a_page(tmp_path, items):
    found = built(tmp_path, items)
    assert len(found.tree.all("h2")) == 6
    assert section(found, "places").head.chart is None


def test_text_stays_text(tmp_path):
    items = [paper("a", f"Good {HOSTILE}", f"We {HOSTILE}.", "One.", "Two.", label=0), paper("b", HOSTILE, label=1)]
    found = built(tmp_path, items, classes={"positive": f"{HOSTILE} yes", "negative": f"{HOSTILE} no"})
    assert not found.tree.all("img")
    assert found.tree.all("a", href="records/a.html")[0].text == f"Good {HOSTILE}"
