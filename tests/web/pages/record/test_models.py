"""Another model on a record's page: its answer, where the two part, and the sentences by both."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.pages.record.heatmap import taken_out
from sitegen.web.pages.record.models import furthest_apart, mark_keys
from sitegen.web.publish.render import Renderer
from sitegen.web.record_files import page_of
from sitegen.web.text.numbers import percent
from tests.classifiers import Bag, Joint
from tests.web.pages.models.test_page import ITEMS, Contrary, scanned
from tests.web.papers import frames, parse, site


@pytest.fixture
def two(tmp_path):
    return site(tmp_path, models=[{"name": "bag", "path": "a"}, {"name": "contrary", "path": "b"}])


def record(description, k, other=None):
    given, scan = scanned(description, ITEMS, other)
    answers = {"occlusions": given.occlusions(k), "alone": given.alone(k), "extras": given.extras(k)}
    return page_of(given, scan, frames(description), k, **answers), given, scan


@pytest.mark.parametrize("other", [Contrary(), Joint()], ids=["additive", "joint"])
def test_each_sentence_stands_with_both_models_numbers(two, other):
    found, given, scan = record(two, 3, other)
    (beside,) = found.beside
    assert (beside.first, beside.model, beside.key, beside.same) == ("bag", "contrary", "beside-contrary", True)
    assert beside.answer.percent == percent(given.occlusions(3)["contrary"].probability)
    assert beside.agrees == (found.answer.positive == beside.answer.positive)
    own = {row.number: row for row in found.sentences}
    for row in beside.rows:
        assert row.first == own[row.number]
        effect = float(given.occlusions(3)["contrary"].sentences[row.number - 1])
        without = probability(np.float64(given.occlusions(3)["contrary"].margin - effect))
        assert row.other.without == percent(float(without))
    strike = beside.heatmap.data["strike"]
    assert ("sums" in strike) == (strike["margins"] is None) == other.additive  # both add up to sentences, too
    kept = np.array(given.extras(3)["contrary"].shapley.subsets, dtype=np.float64)
    assert not other.additive or strike["untitled"] == pytest.approx(given.alone(3)["contrary"].abstract - kept[-1])
    assert strike["why"] == "" or not other.additive
    assert beside.start.startswith(percent(float(probability(np.float64(given.alone(3)["contrary"].title)))))
    assert (beside.colour, beside.numbers) == ("", None)  # the page's own key says it, and the figure has all
    assert [one.mark for one in scan.models[1].verdicts.of_record(3)] == [row.other.verdict.mark for row in beside.rows]


def test_without_a_figure_the_page_has_what_can_be_taken_out(two):
    found, given, _ = record(two, 3)
    (beside,) = found.beside
    data, shapley = beside.heatmap.data, given.extras(3)["contrary"].shapley
    occlusion, alone = given.occlusions(3)["contrary"], given.alone(3)["contrary"]
    numbers = taken_out(occlusion, alone, shapley=shapley, strike=data["strike"])
    assert numbers["path"].items() <= data["path"].items()
    assert numbers["sentences"].items() <= data["sentences"].items()
    html = Renderer().render(replace(found, beside=(replace(beside, heatmap=None, numbers=numbers),)))
    template = html.partition('<template data-by="beside-contrary">')[2].partition("</template>")[0]
    script = template.partition('<script type="application/json" data-part="data">')[2].partition("</script>")[0]
    assert json.loads(script) == numbers


def test_a_key_of_marks_stands_with_the_colours_that_have_them(two):
    found, *_ = record(two, 3)
    assert mark_keys({"first": "", "b": "one", "c": "one"}) == (("b c", "one"),)
    keys = mark_keys({"first": "one", "beside-contrary": "two"})
    lines = [
        node for node in parse(Renderer().render(replace(found, mark_keys=keys))) if "data-marks-of" in node.attributes
    ]
    assert [(line.attributes["data-marks-of"], "hidden" in line.attributes) for line in lines] == [
        ("first", False),
        ("beside-contrary", True),
    ]
    (beside,) = found.beside
    assert {one for one in "◆◇" if one in beside.mark_key} == {row.other.verdict.symbol for row in beside.rows} - {""}


def test_where_two_curves_are_furthest_apart(two):
    found = scanned(two)[0].occlusions(3)
    said = furthest_apart(found["bag"], found["contrary"], names=("A", "B"))
    ends = found["bag"].document.abstract.sentence_ends - 1
    a, b = (probability(found[name].cells[-1, ends].astype(np.float64)) for name in ("bag", "contrary"))
    k = int(np.argmax(np.abs(a - b)))
    assert said == (
        f"They are furthest apart after sentence {k + 1}: A then says {percent(float(a[k]))}, B {percent(float(b[k]))}."
    )
    assert furthest_apart(found["bag"], found["bag"], names=("A", "B")).endswith("close throughout.")


def test_a_site_of_one_model_has_no_switch(two, tmp_path):
    found, _, _ = record(two, 0)
    html = Renderer().render(found)
    parse(html)
    assert 'data-part="models"' in html
    assert html.count('data-part="data"') == 2  # a figure by each
    one, _, _ = record(site(tmp_path, models=[{"name": "bag", "path": "a"}]), 0)
    html = Renderer().render(one)
    assert 'data-part="models"' not in html
    assert html.count('data-part="data"') == 1


def test_a_model_that_disagrees_is_named_on_top(two):
    found, _, _ = record(two, 3)
    (beside,) = found.beside
    html = Renderer().render(found)
    assert ("contrary disagrees: it says" in html) == (not beside.agrees)
    same, _, _ = record(two, 3, Bag())
    assert same.beside[0].agrees
    assert "disagrees" not in Renderer().render(same)
