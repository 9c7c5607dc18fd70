"""What a record's page says of the inside of the network, of evidence made by hand."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from sitegen.analysis.network.likeness import Block, Likeness
from sitegen.analysis.network.report import FieldReport, NetworkReport
from sitegen.analysis.network.written import FieldInside, Inside, Network
from sitegen.web.inputs import NetworkInputs
from sitegen.web.pages.record.inside import InsideFold, inside_fold, notes, told
from tests.web.papers import HOSTILE, frame, paper, scored, site
from tests.web.record_pages import page_of, shown

SHAPE = Network(layers=2, directions=2, hidden=64, last_step=False)
BLOCKS = {
    name: (Block(order=(0, 1), bands=((0,), (1,)), explained=0.9, voices=voices),) * 2
    for name, voices in (("title", 1.6), ("abstract", 2.9))
}


def field(*words, units=None):
    """A field at whose tokens so much was written; units: their parts, else one has it all."""
    states = np.zeros((max(len(words), 1), 2, 1))
    parts = [[sum(words)], [0.0]] if units is None else units
    return FieldInside(states=states, units=np.array(parts), words=np.array(words, dtype=float))


def paper_of(title, *sentences):
    """A paper of words that the model knows, and its scores."""
    items = [paper("a", title, *sentences)]
    return items, scored(items)[0]


def said(inside, occlusion, tmp_path, *, shape=SHAPE, blocks=BLOCKS, bias=-0.25, **changed):
    return told(inside, blocks, occlusion, shape=shape, bias=bias, classes=site(tmp_path, **changed).classes)


def test_it_says_where_the_evidence_was_written_by_how_many_units_and_that_it_adds_up(tmp_path):
    _, occlusion = paper_of("good", "we good network", "simulation good")
    inside = Inside(title=field(1.5), abstract=field(0.25, 0.5, 0.25, 2.0, 1.0))
    assert said(inside, occlusion, tmp_path) == (
        "The most evidence for “positive” was written in sentence 2: +3.00 log-odds, 75% of the abstract's part, above "
        "all at “simulation” (+2.00) and “good” (+1.00).",
        "128 units of the last layer read the abstract. Those that write alike counted as one, they are worth about 3 "
        "independent units in each direction, so a few rows show most of it.",
        "It adds up: a constant −0.25, the title +1.50 and the abstract +4.00 are +8.88 log-odds, the answer of over "
        "99.9%.",
    )


def test_the_title_may_have_the_most(tmp_path):
    _, occlusion = paper_of("good network", "we good")
    first, second, _ = said(Inside(title=field(2.0, 0.5), abstract=field(0.25, 0.5)), occlusion, tmp_path)
    assert (
        first
        == "The most evidence for “positive” was written in the title: +2.50 log-odds, above all at “good” (+2.00)."
    )
    assert second.startswith(
        "128 units of the last layer read the title. Those that write alike counted as one, they are worth about 2 "
        "independent units in each direction"
    )


@pytest.mark.parametrize(
    ("sentences", "text"),
    [
        ((3.0, -1.0), "sentence 1: +3.00 log-odds (others leave the abstract +2.00), above all at"),
        (
            (1.0, -3.0),
            "sentence 1: +1.00 log-odds (others leave the abstract −2.00), above all at “good” (+1.00); "
            "against it sentence 2 has −3.00.",
        ),
        ((2.0, -2.0), "sentence 1: +2.00 log-odds, above all at"),
    ],
)
def test_what_speaks_against_the_answer_is_said_too(tmp_path, sentences, text):
    _, occlusion = paper_of("good", "good", "network")
    first, *_ = said(Inside(title=field(0.1), abstract=field(*sentences)), occlusion, tmp_path)
    assert text in first


def test_the_answer_decides_which_evidence_is_looked_for(tmp_path):
    _, occlusion = paper_of("bad", "good bad")
    inside = Inside(title=field(-0.5), abstract=field(2.0, -2.5))
    assert said(inside, occlusion, tmp_path)[0].startswith("The most evidence for “negative” was written in")
    inside = Inside(title=field(0.5), abstract=field(2.0, -1.5))
    assert said(inside, occlusion, tmp_path)[0].startswith("Nowhere was evidence for “negative” written")


def test_independent_units_are_counted_by_direction_and_few_are_called_few(tmp_path):
    _, occlusion = paper_of("good", "we good")
    inside = Inside(title=field(0.5), abstract=field(1.0, 2.0))

    def second(*voices, hidden=64):
        blocks = {name: [dataclasses.replace(BLOCKS[name][0], voices=one) for one in voices] for name in BLOCKS}
        shape = dataclasses.replace(SHAPE, directions=len(voices), hidden=hidden)
        return said(inside, occlusion, tmp_path, blocks=blocks, shape=shape)[1]

    assert second(1.2, 4.4).endswith(
        "worth about 1 independent unit reading forward and 4 reading backward, so a few rows show most of it."
    )
    assert second(3.1).endswith("they are worth about 3 independent units, so a few rows show most of it.")
    assert second(20.0, 20.4).endswith("worth about 20 independent units in each direction.")
    assert second(0.0, 0.0, hidden=1).endswith("worth about 1 independent unit in each direction.")


def test_without_a_known_word_there_is_only_the_sum(tmp_path):
    _, occlusion = paper_of("", "quux qux")
    inside = Inside(title=field(units=[[0.25], [0.0]]), abstract=field(0.0, 0.0, units=[[0.5], [-0.25]]))
    assert said(inside, occlusion, tmp_path) == (
        "It adds up: a constant −0.25, the title +0.25 and the abstract +0.25 are −0.25 log-odds, the answer of 44%.",
    )
    assert notes(inside, occlusion, shape=SHAPE) == (
        "There is no title: the network reads an empty text there, whose part of the answer is +0.25 log-odds.",
        "The network knows no word of the abstract: it reads an empty text there, whose part of the answer is +0.25 "
        "log-odds.",
    )


def test_a_network_that_is_read_at_the_last_word_says_so():
    _, occlusion = paper_of("good", "we good")
    inside = Inside(title=field(0.5), abstract=field(1.0, 2.0))
    (line,) = notes(inside, occlusion, shape=dataclasses.replace(SHAPE, last_step=True))
    assert "uses the last word alone" in line
    assert notes(inside, occlusion, shape=SHAPE) == ()
    assert notes(inside, occlusion, shape=dataclasses.replace(SHAPE, last_step=True, directions=1)) == ()


def network(kept):
    """A network of two layers whose states are kept at these (record, layer)."""
    one = FieldReport(
        slopes=np.ones((2, 1)),
        means=np.zeros((2, 2, 1)),
        spreads=np.zeros((2, 2, 1)),
        held=np.zeros((1, 0, 2)),
        up=np.zeros((1, 2, 2)),
        recurrent=np.zeros((2, 2, 1, 1)),
    )
    inside = Inside(title=field(0.5), abstract=field(1.0, 2.0))
    return NetworkInputs(
        lower=200,
        report=NetworkReport(network=SHAPE, bias=-0.25, papers=(1, 1), held=(), title=one, abstract=one),
        papers=((0,), (0,)),
        held=(),
        inside=lambda k, layer: inside if (k, layer) in kept else None,
    )


LIKENESS = {name: (Likeness(correlation=np.eye(2), blocks=blocks),) * 2 for name, blocks in BLOCKS.items()}


def fold(folder, kept, *, k=0, likeness=LIKENESS):
    description = site(folder)
    _, occlusion = paper_of("good", "we good")
    return inside_fold(
        network(kept) if kept is not None else None,
        likeness,
        k,
        occlusion=occlusion,
        frame=frame(description, "records/a.html", "A"),
        name="a",
        classes=description.classes,
    )


def test_the_fold_is_there_where_the_top_layers_states_are_kept(tmp_path):
    assert fold(tmp_path, None) is None
    assert fold(tmp_path, {(0, 0)}) is None
    assert fold(tmp_path, {(0, 1)}, k=1) is None
    assert fold(tmp_path, {(0, 1)}, likeness=None) is None
    found = fold(tmp_path, {(0, 1)})
    assert found is not None
    assert (found.root, found.name, found.layers, found.picture) == ("../", "a", "", "inside/a.png")
    assert found.patterns == "../network/patterns.html#record=a&field=abstract&range=1-2&threshold=3"
    again = fold(tmp_path, {(1, 1)}, k=1)  # the same text once more: the page of patterns has it once
    assert again is not None
    assert again.patterns == ""
    assert fold(tmp_path, {(0, 0), (0, 1)}).layers == "1"


def test_the_page_shows_it_without_scripts_and_stays_small(tmp_path):
    items, _ = paper_of("good", "we good")
    description = site(tmp_path)
    without = page_of(description, items)
    page = dataclasses.replace(without, inside=fold(tmp_path, {(0, 0), (0, 1)}))
    element = shown(page).one("details", id="inside")
    assert "open" not in element.attributes
    assert element.attributes["data-layers"] == "1"
    assert element.one("p", class_="inside-told").text == " ".join(page.inside.sentences)
    assert element.one("img").attributes["loading"] == "lazy"
    assert not shown(without).all(id="inside")


def test_hostile_words_become_no_markup(tmp_path):
    items, _ = paper_of("good", "we good")
    told_hostile = InsideFold(
        sentences=(HOSTILE, HOSTILE),
        notes=(HOSTILE,),
        root="../",
        name="a",
        layers="",
        scripts="",
        picture="inside/a.png",
    )
    plain = dataclasses.replace(told_hostile, sentences=("x", "x"), notes=("x",))
    page = page_of(site(tmp_path), items)
    trees = [shown(dataclasses.replace(page, inside=one)) for one in (told_hostile, plain)]
    assert trees[0].skeleton == trees[1].skeleton
