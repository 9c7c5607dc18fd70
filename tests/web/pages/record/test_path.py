"""The picture of an answer's path: the model's own answers, as arrows on one axis."""

from __future__ import annotations

import pytest

from sitegen.analysis.attribution.occlusion import probability
from sitegen.web.text.numbers import percent
from tests.classifiers import Bag, Joint
from tests.web.papers import paper, site
from tests.web.record_pages import page_of, shown


@pytest.mark.parametrize("classifier", [Bag(), Joint()], ids=["additive", "joint"])
@pytest.mark.parametrize("baseline", ["deleted", "mean"])
def test_the_steps_are_what_the_model_itself_says(tmp_path, classifier, baseline):
    page = page_of(
        site(tmp_path, occlusion={"baseline": baseline}),
        [paper("a", "Good", "Bad network.", "Bad.")],
        classifier=classifier,
    )
    texts = [([], []), (["good"], []), (["good"], ["bad", "network", "bad"])]
    expected = [float(probability(classifier.margins([title], [abstract])[0])) for title, abstract in texts]
    assert page.path.start == percent(expected[0])
    assert [(step.field, step.change) for step in page.path.steps] == [
        (field, f"{percent(before)} → {percent(after)}")
        for field, before, after in zip(("title", "abstract"), expected, expected[1:], strict=False)
    ]
    for step, before, after in zip(page.path.steps, expected, expected[1:], strict=False):
        assert (step.left, step.left + step.width) == pytest.approx(sorted((before, after)), abs=2e-4)
        assert step.rising == (after > before)
    assert page.path.place == pytest.approx(expected[-1], abs=1e-4)


@pytest.mark.parametrize(
    ("item", "names"),
    [
        (paper("a", "Good"), ["title"]),
        (paper("a", "Good", "Unknown."), ["title"]),
        (paper("a", "", "Good."), ["abstract"]),
        (paper("a", "", "Unknown."), []),
        (paper("a", "Good", "Good."), ["title", "+ abstract"]),
    ],
)
def test_what_the_model_did_not_read_is_no_step(tmp_path, item, names):
    page = page_of(site(tmp_path), [item])
    assert [step.name for step in page.path.steps] == names
    assert [node.one("b").text for node in shown(page).one("figure", class_="path").all("li")] == [
        step.change for step in page.path.steps
    ]
