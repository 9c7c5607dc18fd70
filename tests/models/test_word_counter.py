"""The second demo model as it is shipped: small, plain, in step with its card, and as good as the card says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import skops.io

import sitegen
from sitegen.config import load_site
from sitegen.corpus.excerpt import uncut
from sitegen.corpus.segment import segment
from sitegen.corpus.texts import text_hash
from sitegen.models.adapters.scikit_learn.adding import AddingTexts
from sitegen.models.registry import describe, load
from sitegen.models.source import Source, source_of
from sitegen.models.training import metrics
from tests.models.test_demo_model import HISTORY, SIMULATION

CONTENT = Path(__file__).parents[2] / "content"
PAPERS = Path(__file__).parents[3] / "shared" / "data" / "papers.csv"


@pytest.fixture(scope="module")
def source() -> Source:
    site = load_site(CONTENT / "site.toml")
    (model,) = [model for model in site.models if model.name == "Word counter"]
    assert model.strip_title  # as the network that it stands beside
    return source_of(site, model)


@pytest.fixture(scope="module")
def classifier(source: Source) -> AddingTexts:
    loaded = load(source)
    assert isinstance(loaded, AddingTexts)
    return loaded


def margins(classifier: AddingTexts, texts: list[tuple[str, str]]) -> np.ndarray:
    cut = [segment(title, abstract, classifier.segmentation) for title, abstract in texts]
    return classifier.margins([uncut(one.title) for one in cut], [uncut(one.abstract) for one in cut])


def test_it_is_small_runs_no_code_and_its_card_counts_its_words(source: Source) -> None:
    file = source.file
    assert file.stat().st_size < 150_000
    assert skops.io.get_untrusted_types(file=file) == []
    pipeline = skops.io.load(file)
    assert len(pipeline[0].vocabulary_) <= 3_000
    assert describe(source).texts == describe(CONTENT / "model").texts  # what the network learned from
    card = describe(source).card
    assert f"each of the {len(pipeline[0].vocabulary_)} words it knows" in card
    accuracy, auc = (describe(CONTENT / "model").metrics["test"][name] for name in ("accuracy", "auc"))
    for name, one in (("an accuracy", accuracy), ("an AUC", auc)):
        assert f"{name} of {one['value']:.3f} [{one['low']:.3f}, {one['high']:.3f}]" in card
    empty = 1 / (1 + np.exp(-pipeline[-1].intercept_[0]))
    assert f"a probability of {empty:.0%}" in card
    assert all(word.isalpha() for word in pipeline[0].vocabulary_)


def test_it_tells_plain_cases_apart(classifier: AddingTexts) -> None:
    positive, negative, nothing = margins(classifier, [SIMULATION, HISTORY, ("", "")])
    assert positive > 1 > -1 > negative
    assert nothing == classifier.bias


@pytest.mark.slow
@pytest.mark.skipif(not PAPERS.is_file(), reason="the papers that the demo models learned from are not here")
def test_its_card_has_the_measures_of_the_networks_test_part(source: Source, classifier: AddingTexts) -> None:
    test = set(describe(CONTENT / "model").texts.test)
    records = sitegen.read_records(PAPERS, id="eid", label="class").records
    some = [record for record in records if text_hash(record.title, record.abstract) in test]
    assert len(some) == 450
    labels = np.array([record.label for record in some])
    found = margins(classifier, [(record.title, record.abstract) for record in some])
    card = describe(source).card
    assert f"probability .5) | {metrics.accuracy(labels, found):.3f} |" in card
    assert f"above a negative one) | {metrics.auc(labels, found):.3f} |" in card
