"""Pipelines that count single words add up: a part for each field, and the parts are what the pipeline answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.masking import masked_margins
from sitegen.analysis.attribution.occlusion import AdditiveGrid, occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.store.store import Store
from sitegen.corpus.excerpt import Excerpt, cut_after, uncut
from sitegen.corpus.segment import Segmentation, segment
from sitegen.models.adapters.scikit_learn.adding import AddingTexts, adds_up
from sitegen.models.adapters.scikit_learn.answers import Answer, answer_of
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.kind import classifier_of, load
from sitegen.models.adapters.scikit_learn.linear import linear_of
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import AdditiveClassifier, Text
from sitegen.models.source import Source
from sitegen.pipeline import build as pipeline
from sitegen.pipeline.checks import manifests
from sitegen.pipeline.keys import model_keys
from sitegen.pipeline.plan import COMPLETE, read_plan
from sitegen.pipeline.trial import adds_up as known_to_add_up
from tests.models.adapters.pipelines import fitted, saved
from tests.models.adapters.test_exact import PATTERNS, excerpts, pipeline_of, texts
from tests.runs import grids, methods, score
from tests.sites import NEGATIVE, POSITIVE, RECORDS, Recorder, make_site

counting = st.fixed_dictionaries(
    {
        "token_pattern": st.sampled_from(PATTERNS),
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "unicode", "ascii"]),
        "stop_words": st.sampled_from([None, "english", ["we", "rules"]]),
    }
)
ADDING = {
    "counts": (CountVectorizer(), LogisticRegression()),
    "tf-idf": (TfidfVectorizer(norm=None), LogisticRegression(C=9)),
    "transformer": (CountVectorizer(), TfidfTransformer(norm=None), SGDClassifier(loss="log_loss", random_state=0)),
    "bayes": (CountVectorizer(stop_words="english"), MultinomialNB()),
    "distance": (TfidfVectorizer(norm=None, use_idf=False, min_df=2), LinearSVC()),
    "no intercept": (CountVectorizer(vocabulary=["agents", "home"]), LogisticRegression(fit_intercept=False)),
}
OTHERS = {
    "norm": TfidfVectorizer(),
    "l1": TfidfVectorizer(norm="l1"),
    "sublinear": TfidfVectorizer(norm=None, sublinear_tf=True),
    "binary": CountVectorizer(binary=True),
    "pairs": CountVectorizer(ngram_range=(1, 2)),
    "pairs alone": CountVectorizer(ngram_range=(2, 2)),
}


def adding(estimator: Any, classes: tuple[str, str] = (NEGATIVE, POSITIVE), join: str = " ") -> tuple[Any, AddingTexts]:
    answer = answer_of(estimator, name="test", classes=classes, join=join)
    linear = linear_of(answer)
    assert linear is not None
    assert adds_up(answer, linear)
    return answer, AddingTexts(answer, linear, segmentation=Segmentation(strip_title=False))


@given(texts, texts, counting, st.none() | st.booleans(), st.integers(0, 99))
def test_the_parts_add_up_to_what_the_pipeline_answers(
    title: str, abstract: str, options: dict[str, Any], idf: bool | None, seed: int
) -> None:
    found = pipeline_of(options, None if idf is None else {"norm": None, "use_idf": idf}, seed)
    if found is None:
        return
    answer, classifier = adding(found, ("no", "yes"))
    document, rng = segment(title, abstract, classifier.segmentation), np.random.default_rng(seed)
    titles, abstracts = excerpts(document.title, rng), excerpts(document.abstract, rng)
    pairs = [(titles[rng.integers(len(titles))], one) for one in abstracts]
    pairs += [(one, abstracts[rng.integers(len(abstracts))]) for one in titles]
    called = answer.margins([Text(title=one.text, abstract=other.text) for one, other in pairs])
    margins = classifier.margins([one for one, _ in pairs], [other for _, other in pairs])
    np.testing.assert_allclose(margins, called, rtol=0, atol=1e-12)
    parts = (
        classifier.parts("title", [one for one, _ in pairs]),
        classifier.parts("abstract", [two for _, two in pairs]),
    )
    np.testing.assert_allclose(parts[0] + parts[1] + classifier.bias, called, rtol=0, atol=1e-12)


@pytest.mark.parametrize("case", ADDING)
@pytest.mark.parametrize("classes", [(NEGATIVE, POSITIVE), (POSITIVE, NEGATIVE)])
def test_what_analysis_asks_is_what_the_pipeline_would_answer(
    case: str, classes: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer, quick = adding(fitted(*ADDING[case]), classes)
    assert isinstance(quick, AdditiveClassifier)
    slow = WholeTexts(answer, segmentation=quick.segmentation)
    documents = [segment(row["title"], row["abstract"], quick.segmentation) for row in RECORDS]
    found = [
        (occlude(documents, one), read_alone(documents, one), shapley(documents[:4], one, limit=4))
        for one in (slow, quick)
    ]
    for theirs, mine in zip(*(one[0] for one in found), strict=True):
        assert isinstance(mine.grid, AdditiveGrid)
        assert mine.margin == pytest.approx(theirs.margin, abs=1e-12)
        np.testing.assert_allclose(mine.grid.margins, theirs.grid.margins, rtol=1e-6, atol=1e-6)  # stored as float32
        for name in ("sentences", "span_bands", "title_words", "abstract_words"):
            np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), rtol=1e-6, atol=1e-6)
    for theirs, mine in zip(*(one[1] for one in found), strict=True):
        for name in ("empty", "title", "abstract", "sentences", "title_words", "abstract_words"):
            np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), rtol=1e-6, atol=1e-6)
    for theirs, mine in zip(*(one[2] for one in found), strict=True):
        np.testing.assert_allclose(mine.values, theirs.values, rtol=1e-6, atol=1e-6)
    monkeypatch.setattr(Answer, "of_strings", lambda *_: pytest.fail("the pipeline was run"))
    assert occlude(documents, quick)[0].sentences.size == 4


def test_each_question_about_a_field_is_answered_by_its_string() -> None:
    answer, classifier = adding(fitted(*ADDING["tf-idf"]))
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], classifier.segmentation)
    field, n = document.abstract, len(document.abstract.tokens)
    rng = np.random.default_rng(0)
    masks = rng.random((9, n)) < 0.5

    def called(some: list[Excerpt]) -> np.ndarray:
        return answer.margins([Text(title="", abstract=one.text) for one in some]) - classifier.bias

    def kept(row: np.ndarray) -> Excerpt:
        return Excerpt(field, [one for one, here in zip(field.tokens, row, strict=True) if here], kept=row)

    (prefixes,) = classifier.prefix_parts("abstract", [uncut(field)])
    np.testing.assert_allclose(prefixes, called([cut_after(field, k + 1) for k in range(n)]), rtol=0, atol=1e-12)
    assert prefixes[-1] == classifier.parts("abstract", [uncut(field)])[0]
    (subsets,) = classifier.kept_parts("abstract", [uncut(field)], [masks])
    np.testing.assert_allclose(subsets, called([kept(row) for row in masks]), rtol=0, atol=1e-12)
    ranges = [(0, n), (0, 1), (3, 7), (n - 1, n), (2, 2)]
    (without,) = classifier.without_parts("abstract", [uncut(field)], [ranges])
    place = np.arange(n)
    rows = [(place < start) | (place >= end) for start, end in ranges]
    np.testing.assert_allclose(without, called([kept(row) for row in rows]), rtol=0, atol=1e-12)
    nothing = segment("", "", classifier.segmentation).abstract
    assert [part.tolist() for part in classifier.prefix_parts("abstract", [uncut(nothing)])] == [[0.0]]
    assert classifier.kept_parts("title", [uncut(field)], [masks[:0]])[0].shape == (0,)
    some = Excerpt(field, field.tokens[2:], kept=place >= 2)  # of a text that has lost words already
    (less,) = classifier.kept_parts("abstract", [some], [masks[:, 2:]])
    np.testing.assert_allclose(less, called([kept(row & (place >= 2)) for row in masks]), rtol=0, atol=1e-12)
    with pytest.raises(TypeError, match="is given excerpts, not a list"):
        classifier.parts("title", [["agents"]])


@pytest.mark.parametrize("case", OTHERS)
def test_all_others_read_title_and_abstract_together(case: str, tmp_path: Path) -> None:
    source = saved(tmp_path, fitted(OTHERS[case], LogisticRegression()))
    classifier = load(source)
    assert isinstance(classifier, LinearTexts)
    assert not classifier.additive


@pytest.mark.parametrize(
    ("join", "additive"), [(" ", True), ("\n", True), (". ", False), ("", False), ("\u00a0", True)]
)
def test_what_stands_between_the_fields_must_be_a_blank(join: str, additive: bool) -> None:
    source = Source(kind="scikit-learn", path=Path("m"), classes=(NEGATIVE, POSITIVE), join=join)
    answer = answer_of(fitted(*ADDING["counts"]), name="test", classes=source.classes, join=join)
    assert classifier_of(source, answer).additive == additive
    plain = answer_of(
        fitted(CountVectorizer(strip_accents="ascii"), LogisticRegression()),
        name="test",
        classes=source.classes,
        join=join,
    )
    assert classifier_of(source, plain).additive == (additive and join != "\u00a0")  # which ASCII has not


def test_several_classes_do_not_add_up() -> None:
    source = Source(kind="scikit-learn", path=Path("m"), classes=("others", "b"), rest=True)
    words = ["a a b", "b c", "c d", "a d", "b b", "c c"]
    from sklearn.pipeline import make_pipeline

    found = make_pipeline(CountVectorizer(token_pattern=r"\w+"), LogisticRegression()).fit(words, list("abcabc"))
    answer = answer_of(found, name="test", classes=source.classes, join=" ", rest=True)
    assert not classifier_of(source, answer).additive


def test_words_in_place_of_others_are_read() -> None:
    answer, classifier = adding(fitted(*ADDING["counts"]))
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], classifier.segmentation)
    hidden = np.zeros((1, len(document.abstract.tokens)), dtype=bool)
    (margins,) = masked_margins([document], classifier, [(None, hidden)], baseline=BASELINES["deleted"])
    assert margins[0] == pytest.approx(answer.margins([Text(title=RECORDS[0]["title"], abstract="")])[0], abs=1e-12)
    one = Excerpt(document.abstract, ["agents"] * hidden.size, kept=hidden[0], stand_in="agents")
    assert classifier.parts("abstract", [one])[0] == pytest.approx(
        answer.margins([Text(title="", abstract=one.text)])[0] - classifier.bias, abs=1e-12
    )


def test_a_site_of_such_a_pipeline_has_two_rows_of_numbers(tmp_path: Path, quick_bundles: None) -> None:
    saved(tmp_path, fitted(*ADDING["tf-idf"]), "m.skops")
    lines = 'name = "Counter"\nkind = "scikit-learn"\npath = "m.skops"'
    site = make_site(tmp_path, foreign=lines, records=RECORDS[:5], settings='depth = "alone"')
    score(site)
    records = pipeline.read(site, reporter=Recorder()).records
    (manifest,) = manifests(site, Recorder())
    assert not manifest.additive  # nobody has loaded it
    keys = model_keys(site, site.models[0], manifest, records)
    with Store.open(pipeline.store_path(site), create=False) as store:
        assert known_to_add_up(store, keys)
        assert read_plan(store, keys) == COMPLETE
        assert not store.keys("untitled")
        assert store.with_shapley() == set(keys.texts.texts)
    assert pipeline.render(site, reporter=Recorder()).totals.papers == 5
    (grid, *_) = grids(site).values()
    assert "cells" not in grid
    assert len(grid["abstract"]) == len(grid["abstract_tokens"])
    text = methods(site)
    assert "log-odds = title + abstract + a constant, exactly" in text
    assert "each word adds its weight" in text
