"""A linear pipeline answers without being run, and answers what it would have answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler
from sklearn.svm import LinearSVC

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.excerpt import Excerpt, cut_after, cut_out
from sitegen.corpus.segment import Segmentation, SegmentedText, segment
from sitegen.models.adapters.scikit_learn.answers import Answer, answer_of
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.linear import linear_of
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import Text
from tests.models.adapters.pipelines import LABELS, TEXTS
from tests.sites import NEGATIVE, POSITIVE, RECORDS

WORDS = ["we", "simulate", "Agents", "a", "crowd", "Élan", "naïve", "the", "rules", "ﬁnal", "x_y", "ΑΣ", "3.5", "don't"]
MARKS = [" ", " ", " ", "  ", ". ", ", ", " (", ") ", "-", "_", "…", "! ", "\n", "\u00a0", "´", "/", '"', "\u0085", ""]
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(MARKS)), max_size=14).map(
    lambda pairs: "".join(word + mark for word, mark in pairs)
)
PATTERNS = [r"(?u)\b\w\w+\b", r"\b\w+\b", r"[A-Za-z]+", r"\S+", r"(?u)\b(\w+)\b", r"\w+(?:[-'.]\w+)*"]
options = st.fixed_dictionaries(
    {
        "ngram_range": st.sampled_from([(1, 1), (1, 2), (2, 2), (1, 3), (2, 3), (3, 3)]),
        "token_pattern": st.sampled_from(PATTERNS),
        "lowercase": st.booleans(),
        "strip_accents": st.sampled_from([None, "unicode", "ascii"]),
        "stop_words": st.sampled_from([None, "english", ["we", "rules"]]),
        "binary": st.booleans(),
    }
)
weighting = st.fixed_dictionaries(
    {"sublinear_tf": st.booleans(), "use_idf": st.booleans(), "norm": st.sampled_from(["l1", "l2", None])}
)
CORPUS = ["we simulate Agents a crowd Élan naïve", "the rules ﬁnal x_y don't 3.5 ΑΣ we simulate agents", "x y (a)"]


def pipeline_of(counting: dict[str, Any], weights: dict[str, Any] | None, seed: int) -> Any:
    """A pipeline with every n-gram of a small corpus, and of pairs and triples that arise when words are left out."""
    rng = np.random.default_rng(seed)
    corpus = [" ".join(rng.choice(WORDS, size=9)) for _ in range(12)] + CORPUS
    vectorizer = CountVectorizer(**counting) if weights is None else TfidfVectorizer(**counting, **weights)
    pipeline = make_pipeline(vectorizer, LogisticRegression())
    try:
        return pipeline.fit(corpus, ["no", "yes"] * 7 + ["no"])
    except ValueError:  # an empty vocabulary
        return None


def answering(pipeline: Any, classes: tuple[str, str] = ("no", "yes")) -> tuple[Answer, LinearTexts]:
    answer = answer_of(pipeline, name="test", classes=classes, join=" ")
    linear = linear_of(answer)
    assert linear is not None
    return answer, LinearTexts(answer, linear, segmentation=Segmentation(strip_title=False))


def excerpts(field: SegmentedText, rng: np.random.Generator) -> list[Excerpt]:
    """Excerpts of all kinds: cut, cut out, whole, words hidden one by one and at random, sentences hidden."""
    n = len(field.tokens)
    found = [cut_after(field, k) for k in range(n + 1)]
    found += [cut_out(field, *sorted(rng.integers(0, n + 1, size=2).tolist())) for _ in range(4)]
    found += [cut_out(field, *span) for span in field.sentence_ranges]
    masks = [np.arange(n) != k for k in range(n)] + [rng.random(n) < 0.6 for _ in range(4)] + [np.zeros(n, dtype=bool)]
    for first, behind in field.sentence_ranges:
        masks.append((np.arange(n) < first) | (np.arange(n) >= behind))
    found += [
        Excerpt(field, [word for word, here in zip(field.tokens, kept, strict=True) if here], kept=kept)
        for kept in masks
    ]
    found.append(Excerpt(field, ["zzz"] * n, kept=rng.random(n) < 0.5, stand_in="simulate"))
    return found


def called(answer: Answer, pairs: Sequence[tuple[Excerpt, Excerpt]]) -> np.ndarray:
    return answer.margins([Text(title=title.text, abstract=abstract.text) for title, abstract in pairs])


@given(texts, texts, options, st.none() | weighting, st.integers(0, 99))
def test_it_answers_what_the_pipeline_answers(
    title: str, abstract: str, counting: dict[str, Any], weights: dict[str, Any] | None, seed: int
) -> None:
    pipeline = pipeline_of(counting, weights, seed)
    if pipeline is None:
        return
    answer, classifier = answering(pipeline)
    document, rng = segment(title, abstract, classifier.segmentation), np.random.default_rng(seed)
    titles, abstracts = excerpts(document.title, rng), excerpts(document.abstract, rng)
    pairs = [(titles[rng.integers(len(titles))], one) for one in abstracts for _ in range(2)]
    pairs += [(one, abstracts[rng.integers(len(abstracts))]) for one in titles]
    margins = classifier.margins([title for title, _ in pairs], [abstract for _, abstract in pairs])
    np.testing.assert_allclose(margins, called(answer, pairs), rtol=0, atol=1e-10)
    assert classifier.runs_nothing


FITTED = {
    "tf-idf": (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=9)),
    "transformer": (CountVectorizer(ngram_range=(1, 3)), TfidfTransformer(norm="l1"), LogisticRegression()),
    "counts": (CountVectorizer(binary=True, stop_words="english"), MultinomialNB()),
    "distance": (TfidfVectorizer(vocabulary=["we simulate", "agents", "home"], ngram_range=(1, 2)), LinearSVC()),
    "sgd": (TfidfVectorizer(min_df=2, max_df=0.9), SGDClassifier(loss="log_loss", random_state=0)),
}


@pytest.mark.parametrize("case", FITTED)
def test_what_analysis_asks_is_answered_alike(case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pipeline = make_pipeline(*FITTED[case]).fit(TEXTS, LABELS)
    answer, quick = answering(pipeline, (NEGATIVE, POSITIVE))
    slow = WholeTexts(answer, segmentation=quick.segmentation)
    documents = [segment(row["title"], row["abstract"], quick.segmentation) for row in RECORDS[:4]]
    found = [(occlude(documents, one), read_alone(documents, one), shapley(documents, one)) for one in (quick, slow)]
    for mine, theirs in zip(*(one[0] for one in found), strict=True):
        for name in ("sentences", "span_bands", "title_words", "abstract_words"):
            np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), atol=1e-6)
        np.testing.assert_allclose(mine.grid.margins, theirs.grid.margins, atol=1e-6)
    for mine, theirs in zip(*(one[1] for one in found), strict=True):
        np.testing.assert_allclose(mine.abstract_words, theirs.abstract_words, atol=1e-6)
    for mine, theirs in zip(*(one[2] for one in found), strict=True):
        np.testing.assert_allclose(mine.values, theirs.values, atol=1e-9)
    monkeypatch.setattr(Answer, "of_strings", lambda *_: pytest.fail("the pipeline was run"))
    assert occlude(documents[:1], quick)[0].sentences.size == 4


OTHERS = {
    "letters": (TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 3)), LogisticRegression()),
    "four": (CountVectorizer(ngram_range=(1, 4)), LogisticRegression()),
    "look-ahead": (CountVectorizer(token_pattern=r"\w+(?= a)"), LogisticRegression()),
    "blanks": (CountVectorizer(token_pattern=r"\w+ \w+"), LogisticRegression()),
    "anything": (CountVectorizer(token_pattern=r"[^a]+"), LogisticRegression()),
    "nothing": (CountVectorizer(token_pattern=r"\w*"), LogisticRegression()),
    "own": (CountVectorizer(tokenizer=str.split, token_pattern=None), LogisticRegression()),
    "float32": (TfidfVectorizer(dtype=np.float32), LogisticRegression()),
    "scaled": (CountVectorizer(), MaxAbsScaler(), LogisticRegression()),
}


@pytest.mark.parametrize("case", OTHERS)
def test_all_others_are_called(case: str) -> None:
    pipeline = make_pipeline(*OTHERS[case]).fit(TEXTS, LABELS)
    assert linear_of(answer_of(pipeline, name="test", classes=(NEGATIVE, POSITIVE), join=" ")) is None


def test_a_stand_in_and_a_join_that_is_no_blank_are_right_as_well() -> None:
    pipeline = make_pipeline(*FITTED["tf-idf"]).fit(TEXTS, LABELS)
    answer = answer_of(pipeline, name="test", classes=(NEGATIVE, POSITIVE), join=". x ")
    linear = linear_of(answer)
    assert linear is not None
    classifier = LinearTexts(answer, linear, segmentation=Segmentation())
    document = segment(RECORDS[0]["title"], RECORDS[0]["abstract"], classifier.segmentation)
    (occlusion,) = occlude([document], classifier, baseline=BASELINES["deleted"])
    whole = answer.margins([Text(title=RECORDS[0]["title"], abstract=RECORDS[0]["abstract"])])
    assert occlusion.margin == pytest.approx(whole[0])
