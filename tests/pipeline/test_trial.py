"""A model of others is tried once before it is believed: what is refused, what is warned of, where that is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from sitegen.analysis.store.store import Store
from sitegen.config import Site
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.errors import ModelError
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.manifest import Fact
from sitegen.models.protocol import Text
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.trial import Trial, tried
from tests.runs import page
from tests.sites import NEGATIVE, POSITIVE, RECORDS, Recorder, make_site

LABELS = [1, 0] * 10


class Model:
    """A model that answers what a function says of each text and of the number of texts beside it."""

    def __init__(self, answer: Callable[[str, int], float]) -> None:
        self._answer = answer

    def margins(self, texts: Sequence[Text]) -> np.ndarray:
        return np.array([self._answer(text.abstract, len(texts)) for text in texts])


def documents() -> list[Document]:
    return [segment("", f"Paper {k} says {'yes' if k % 2 == 0 else 'no'}.", Segmentation()) for k in range(20)]


def outcome(answer: Callable[[str, int], float], facts: tuple[Fact, ...] = ()) -> Trial:
    classifier = WholeTexts(Model(answer), segmentation=Segmentation(), facts=facts, notes=("a note",))
    return tried(classifier, documents(), LABELS, name="M", classes=("no", "yes"), tolerance=1e-4)


def right(text: str, _: int) -> float:
    return (1.0 if "yes" in text else -1.0) + len(text) / 100


def test_a_good_model_passes_without_a_word() -> None:
    trial = outcome(right, facts=(("Kind", "good", ""),))
    assert (trial.texts, trial.facts, trial.notes, trial.warnings) == (20, (("Kind", "good", ""),), ("a note",), ())
    assert outcome(lambda text, beside: right(text, 0) + 1e-6 * beside).warnings == ()


def test_one_that_draws_at_random_is_refused() -> None:
    rng = np.random.default_rng(0)
    with pytest.raises(
        ModelError, match=r'"M" answers the same texts differently .* asked again: by .* 0\.0001 pass as'
    ):
        outcome(lambda text, _: right(text, 0) + rng.normal())


def test_one_whose_batches_matter_is_refused() -> None:
    with pytest.raises(
        ModelError, match=r'"M" answers a text differently when others are in the same batch.*batch = 1'
    ):
        outcome(lambda text, beside: right(text, 0) + 0.001 * beside)


def test_one_whose_classes_are_the_other_way_round_is_warned_of() -> None:
    (warning,) = outcome(lambda text, _: -right(text, 0)).warnings
    assert "those labelled “no” the higher answer" in warning
    assert "AUC 0.00" in warning
    assert "the other way round" in warning


def test_one_that_is_saturated_or_constant_is_warned_of() -> None:
    (warning,) = outcome(lambda text, _: 20.8 if "yes" in text else -1.0).warnings
    assert "10 of 20 {many}" in warning
    assert "exactly 0% or 100%" in warning
    (warning,) = outcome(lambda *_: 1.0).warnings
    assert "the same answer" in warning


COUNTING = """
class Model:
    def margins(self, texts):
        with open({log!r}, "a") as log:
            log.write("x")
        return [-1.0 if "simulate" in text["abstract"] else 0.01 * len(text["abstract"]) for text in texts]

    def facts(self):
        return {{"Kind": "wrong way round"}}

classifier = Model()
"""


def site_of(folder: Path, program: str) -> Site:
    (folder / "mymodel.py").write_text(program, encoding="utf-8")
    lines = 'name = "Mine"\nkind = "python"\npath = "mymodel.py:classifier"\ntrust = true\n'
    rows = [{**row, "label": POSITIVE if "simulate" in row["abstract"] else NEGATIVE} for row in RECORDS]
    return make_site(folder, foreign=lines, records=rows)


def test_it_is_tried_once_and_the_page_says_what_came_of_it(tmp_path: Path, quick_bundles: None) -> None:
    log = tmp_path / "log"
    site, recorder = site_of(tmp_path, COUNTING.format(log=str(log))), Recorder()
    pipeline.build(site, reporter=recorder)
    asked = len(log.read_text())
    assert any(stage == "Trying Mine" for stage, *_ in recorder.steps)
    assert any("the other way round" in note for note in recorder.notes)
    assert "the other way round" in page(site, "methods.html")
    again = Recorder()
    pipeline.build(site, reporter=again)
    assert len(log.read_text()) == asked
    assert any("the other way round" in note for note in again.notes)
    with Store.open(pipeline.store_path(site), create=False) as store:
        assert store.keys("reports")


def test_a_site_of_a_model_that_is_refused_is_not_scored(tmp_path: Path) -> None:
    program = "import random\nclass M:\n    def margins(self, texts): return [random.random() for _ in texts]\n"
    site = site_of(tmp_path, program + "classifier = M()\n")
    with pytest.raises(ModelError, match='"Mine" answers the same texts differently'):
        pipeline.score(site, reporter=Recorder())
    with Store.open(pipeline.store_path(site), create=False) as store:
        assert len(store) == 0
