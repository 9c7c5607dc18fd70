"""The methods page says what is true of this site's models and papers, and nothing else."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from sitegen.web.components import Fact
from sitegen.web.pages.methods import Example, InPage, NetworkFacts, Treatment, methods_page
from sitegen.web.pages.not_found import NotFoundPage
from sitegen.web.publish.render import Renderer
from tests.web.papers import HOSTILE, facts, frame, parse, site

RENDERER = Renderer()
QUESTIONS = ["questions", "alone", "mark", "shapley", "occlusion", "units"]
EXAMPLE = Example(
    title="A paper",
    href="records/a.html",
    title_part="+1.00",
    abstract_part="−0.50",
    bias="−0.25",
    margin="+0.25",
    percent="56%",
)


NETWORK = NetworkFacts(
    units="256 units",
    voices="1.6 and 1.7 for the title, 2.7 and 2.8 for the abstract",
    bands="8",
    explained="71%",
    error="0.002",
    two_ways=True,
    last_step=False,
)


def page_of(
    folder,
    *,
    models=None,
    treatments=(),
    labels="",
    example=None,
    site_models=None,
    network=None,
    tried=None,
    **changed,
):
    tried = tried or {}
    description = site(folder, **({"models": site_models} if site_models else {}), **changed)
    return methods_page(
        description,
        frame(description, "methods.html", "Methods"),
        models=models or [facts("bag")],
        rows=1204,
        records=1200,
        labels=labels,
        treatments=treatments,
        versions=[Fact(name="numpy", value="2.0")],
        example=example,
        network=network,
        **tried,
    )


def shown(page):
    return parse(RENDERER.render(page))


def test_an_additive_model_is_explained_with_a_real_sum(tmp_path):
    text = " ".join(shown(page_of(tmp_path, example=EXAMPLE)).text.split())
    assert "title +1.00, abstract −0.50, constant −0.25; together +0.25 log-odds, which is a probability of 56%" in text
    assert "each cell of each picture was computed on its own" not in text


def text_of(page) -> str:
    return " ".join(shown(page).text.split())


def test_the_colour_is_said_to_follow_the_share_and_the_mark_not_to_change_it(tmp_path):
    text = text_of(page_of(tmp_path))
    assert "The stronger a sentence's colour, the larger its share" in text
    assert "The mark has no say in it." in text
    assert "more than chance" not in text
    assert "without colour" not in text


@pytest.mark.parametrize(("alpha", "share"), [(0.05, "one in twenty"), (0.1, "one in ten")])
def test_the_mark_is_explained_with_the_sites_own_level(tmp_path, alpha, share):
    text = text_of(page_of(tmp_path, significance={"alpha": alpha}))
    assert f"about {share} at most should be no different from sentences of the other class" in text


def test_what_stands_in_for_hidden_text_is_named(tmp_path):
    deleted, zero = (text_of(page_of(tmp_path, occlusion={"baseline": name})) for name in ("deleted", "zero"))
    assert "the sentences' shares (below) divide it." in deleted
    assert "reads the shortened abstract" in deleted
    assert "only what is read alone has nothing in the place of the rest" not in deleted
    assert "divide nearly the same step: from an abstract in which everything is" in zero
    assert "reads the changed abstract" in zero
    assert "only what is read alone has nothing in the place of the rest" in zero


def test_a_change_of_one_in_log_odds_is_as_many_points_as_the_page_says(tmp_path):
    """1 / (1 + exp(-x)) by hand: from 50% up, from 99% down, which is the longer way."""
    assert 100 * (1 / (1 + math.exp(-1)) - 0.5) == pytest.approx(23.1, abs=0.05)
    assert 1.5 < 100 * (0.99 - 1 / (1 + math.exp(1 - math.log(99)))) < 2
    assert "is 23.1 points from 50%, and less than 2 from 99%" in text_of(page_of(tmp_path))


def test_stable_is_said_of_shares(tmp_path):
    models = [{"name": "bag", "path": tmp_path / "model", "ensemble": [tmp_path / "other"]}]
    text = text_of(page_of(tmp_path, site_models=models))
    assert "stable is said of a sentence if the range leaves out zero" in text
    assert "checkpoints" not in text_of(page_of(tmp_path))


def test_a_joint_model_is_not_said_to_add_up(tmp_path):
    tree = shown(page_of(tmp_path, models=[facts("joint", additive=False)]))
    assert "each cell of each picture was computed on its own" in tree.text
    assert "title + abstract + a constant" not in tree.text
    assert not tree.all("p", class_="example")


def test_what_a_kind_of_model_says_of_itself_stands_below_its_facts(tmp_path):
    model = facts("old", notes=("It looks at the last word only.",), probability_note="Those of 2018 are too high.")
    tree = shown(page_of(tmp_path, models=[model]))
    assert "It looks at the last word only." in [note.text for note in tree.all("p", class_="note")]
    assert "add up to 100%. Those of 2018 are too high." in " ".join(tree.text.split())
    assert not shown(page_of(tmp_path)).all("p", class_="note")


def test_a_probability_is_said_to_be_what_it_is(tmp_path):
    softmax, logistic = (shown(page_of(tmp_path, models=[facts("m", softmax=yes)])).text for yes in (True, False))
    assert "the softmax of the model's two outputs" in softmax
    assert "the logistic function of the model's log-odds" in logistic
    assert "softmax" not in logistic


def test_the_inside_of_a_network_is_explained_with_its_numbers(tmp_path):
    text = text_of(page_of(tmp_path, network=NETWORK))
    assert "256 units of its last layer read the title, as many others the abstract, half of them forward" in text
    assert "Here it is 1.6 and 1.7 for the title, 2.7 and 2.8 for the abstract (forward and backward)." in text
    assert "at most 8 in each direction, which keep 71% or more" in text
    assert "a single number is off by 0.002 log-odds at most" in text
    assert "What happens inside the model is not shown here" not in text
    assert "has seen the last word alone" not in text
    last = replace(NETWORK, last_step=True)
    assert "What reads backward has seen the last word alone" in text_of(page_of(tmp_path, network=last))
    assert "forward" not in text_of(page_of(tmp_path, network=replace(NETWORK, two_ways=False)))


def test_without_a_network_the_page_says_why(tmp_path):
    joint = [facts("joint", no_network="A layer of 3 units joins title and abstract.")]
    text = text_of(page_of(tmp_path, models=joint))
    assert "What happens inside the model is not shown here. A layer of 3 units joins title and abstract." in text
    assert "not shown here. The pages of this site do not show it." in text_of(page_of(tmp_path))
    assert "written evidence" not in text


def test_whether_readers_can_try_the_model_and_why_not(tmp_path):
    heading = "The model in your browser"
    assert heading not in text_of(page_of(tmp_path))
    there = shown(page_of(tmp_path, tried={"live": [InPage(model="First", told="The numbers are rounded.")]}))
    assert "The numbers are rounded." in there.text
    assert "try.html" in {link.attributes["href"] for link in there.all("a")}
    no_live = [InPage(model="First", told="The model reads words as “nltk” cuts them.")]
    why = text_of(page_of(tmp_path, tried={"no_live": no_live}))
    assert "This site has no page where readers try the model on texts of their own. The model reads words as" in why


def test_where_texts_are_withheld_so_are_states_and_the_page_says_why(tmp_path):
    records = {"path": tmp_path / "records.csv", "publish": "scores"}
    text = text_of(page_of(tmp_path, network=NETWORK, records=records))
    assert "No state of a paper is published here" in text
    assert "depends on its first word alone" in text
    assert "whole steps of 1/127" not in text


def test_a_model_that_is_given_whole_texts_skips_no_word(tmp_path):
    tree = shown(page_of(tmp_path, models=[facts("whole", reads_texts=True)]))
    assert [node.text for node in tree.all("h2") if node.attributes["id"] == "unknown"] == ["What the model is given"]
    assert "skips" not in tree.text
    assert "Words the model does not know" not in tree.text


def test_two_models_with_notes_give_no_id_twice(tmp_path):
    tree = shown(page_of(tmp_path, models=[facts("one", notes=("odd",)), facts("two", notes=("odd",))]))
    ids = [node.attributes["id"] for node in tree if "id" in node.attributes]
    assert len(set(ids)) == len(ids)


def test_every_entry_of_the_contents_leads_to_a_heading(tmp_path):
    tree = shown(page_of(tmp_path))
    wanted = [node.attributes["href"].removeprefix("#") for node in tree.one("nav", class_="contents").all("a")]
    assert wanted
    assert set(wanted) <= {node.attributes.get("id") for node in (*tree.all("h2"), *tree.all("h3"))}
    assert [id for id in wanted if id in QUESTIONS] == QUESTIONS


def test_rows_and_treatments_are_counted(tmp_path):
    treatment = Treatment(
        kind="duplicate id", action="renamed", count=1003, examples=("line 7: again", "line 9: again")
    )
    tree = shown(page_of(tmp_path, treatments=[treatment]))
    assert "1,204 rows were read from records.csv; 1,200 of them are papers" in " ".join(tree.text.split())
    row = ["duplicate id", "renamed", "1,003", "line 7: againline 9: again"]
    assert row in [[cell.text for cell in line.all("td")] for line in tree.all("tr")]
    assert "No row was unusual; none was skipped." in shown(page_of(tmp_path)).text


@pytest.mark.parametrize(
    ("changed", "citation"),
    [
        ({}, "Test gallery. Made with sitegen {}."),
        ({"authors": ["A. Smith", "B. Jones"]}, "A. Smith, B. Jones. Test gallery. Made with sitegen {}."),
        ({"title": "Who?", "url": "https://example.org"}, "Who? Made with sitegen {}. https://example.org/"),
        ({"citation": "Cite me so."}, "Cite me so."),
    ],
)
def test_how_to_cite(tmp_path, changed, citation):
    page = page_of(tmp_path, **changed)
    assert page.citation == citation.format(page.frame.version)


def test_no_text_becomes_markup(tmp_path):
    def hostile(text):
        model = facts(text)
        treatment = Treatment(kind=text, action=text, count=1, examples=(text, text))
        example = Example(**{name: text for name in EXAMPLE.__slots__ if name != "href"}, href="records/a.html")
        classes = {"positive": f"{text}+", "negative": f"{text}-"}
        return shown(
            page_of(tmp_path, models=[model], treatments=[treatment], example=example, classes=classes, title=text)
        )

    assert hostile(HOSTILE).skeleton == hostile("x").skeleton
    assert hostile(HOSTILE).one("p", class_="example").one("a").text == HOSTILE


def test_the_page_that_is_not_there_links_to_the_sites_address_alone(tmp_path):
    def not_found(**changed):
        description = site(tmp_path, **changed)
        return shown(NotFoundPage(frame=frame(description, "404.html", "Not found"), home=description.url))

    assert not not_found().all("a")
    tree = not_found(url="https://example.org/x", title=HOSTILE)
    assert [node.attributes["href"] for node in tree.all("a")] == ["https://example.org/x/"]
    assert tree.skeleton == not_found(url="https://example.org/x").skeleton
    assert not any({"src", "integrity"} & set(node.attributes) for node in tree)  # self-contained
    assert [node.attributes["href"] for node in tree.all("link")] == ["data:,"]  # no request for an icon


def test_it_says_how_labels_came_about(tmp_path):
    def said(labels):
        return " ".join(shown(page_of(tmp_path, labels=labels)).text.split())

    hostile = "9 of them have a gold label: “<b>{{ 1 }}</b>”."
    assert f"1,200 of them are papers in these pages. {hostile}" in said(hostile)
    assert "gold label" not in said("")


def test_the_rest_is_said_to_be_no_class_by_itself(tmp_path):
    sentence = "“not law” is no class by itself: it stands for all other classes together."
    rest = shown(page_of(tmp_path, classes={"positive": "law", "rest": True})).text
    assert sentence in " ".join(rest.split())
    assert "is no class by itself" not in shown(page_of(tmp_path, classes={"positive": "law"})).text
