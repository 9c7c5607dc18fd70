"""The picture of an answer's path: the model's own answers, as stops on one axis."""

from __future__ import annotations

import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.text.numbers import percent
from tests.classifiers import Bag, Joint
from tests.web.papers import paper, site
from tests.web.record_pages import page_of, shown


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize("baseline", ["deleted", "mean"])
def test_the_stops_are_what_the_model_itself_says(tmp_path, classifier, baseline):
    page = page_of(
        site(tmp_path, occlusion={"baseline": baseline}),
        [paper("a", "Good", "Bad network.", "Bad.")],
        classifier=classifier,
    )
    texts = [([], []), (["good"], []), (["good"], ["bad", "network", "bad"])]
    expected = [float(probability(classifier.margins([title], [abstract])[0])) for title, abstract in texts]
    assert [(stop.name, stop.percent) for stop in page.path.stops] == list(
        zip(("nothing", "the title alone", "title and abstract"), map(percent, expected), strict=True)
    )
    assert [stop.place for stop in page.path.stops] == pytest.approx(expected, abs=1e-4)
    for stop, before in zip(page.path.stops[1:], expected, strict=False):
        assert (stop.left, stop.left + stop.width) == pytest.approx(sorted((before, stop.place)), abs=2e-4)
        assert stop.rising == (stop.place > before)
    assert page.path.stops[0].width == 0
    assert page.path.untitled == percent(float(probability(classifier.margins([[]], [texts[2][1]])[0])))


@pytest.mark.parametrize(
    ("item", "names"),
    [
        (paper("a", "Good"), ["nothing", "the title alone"]),
        (paper("a", "Good", "Unknown."), ["nothing", "the title alone"]),
        (paper("a", "", "Good."), ["nothing", "the abstract"]),
        (paper("a", "", "Unknown."), ["nothing"]),
    ],
)
def test_what_the_model_did_not_read_is_no_stop(tmp_path, item, names):
    page = page_of(site(tmp_path), [item])
    assert [stop.name for stop in page.path.stops] == names
    assert page.path.untitled == ""
    assert [node.one("b").text for node in shown(page).one("figure", class_="path").all("li")] == [
        stop.percent for stop in page.path.stops
    ]
