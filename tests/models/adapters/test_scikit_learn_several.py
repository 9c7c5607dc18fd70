"""A pipeline of more than two classes, asked for one of them against all the others together."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, RidgeClassifier, SGDClassifier
from sklearn.multiclass import OneVsOneClassifier, OneVsRestClassifier
from sklearn.naive_bayes import ComplementNB, MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import SVC, LinearSVC

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.segment import segment
from sitegen.errors import ModelError
from sitegen.models.adapters.scikit_learn.answers import Answer
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.kind import opened
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import Text
from sitegen.models.registry import describe, load
from tests.models.adapters.pipelines import LABELS, TEXTS, saved
from tests.sites import RECORDS

CLASSES = ("not economics", "economics")
NAMES = ("biology", "economics", "law")
THREE = [NAMES[n % 2] if label == LABELS[0] else NAMES[2] for n, label in enumerate(LABELS)]
UNSEEN = [Text(title=row["title"], abstract=row["abstract"]) for row in RECORDS] + [Text(title="", abstract="")]
STRINGS = [" ".join(part for part in (text.title, text.abstract) if part) for text in UNSEEN]


def chance(pipeline: Any) -> np.ndarray:
    """The log-odds of the library's own probability of the second class, against the sum of the two others."""
    p = pipeline.predict_proba(STRINGS)
    return np.asarray(np.log(p[:, 1]) - np.log(p[:, 0] + p[:, 2]))


def distance(pipeline: Any) -> np.ndarray:
    d = pipeline.decision_function(STRINGS)
    return np.asarray(d[:, 1] - np.maximum(d[:, 0], d[:, 2]))


SGD = SGDClassifier(loss="log_loss", random_state=0, alpha=0.01)
CASES: dict[str, tuple[Any, str, Any, bool]] = {
    "multinomial": (LogisticRegression(C=20), "log-odds", chance, True),
    "no intercept": (LogisticRegression(fit_intercept=False), "log-odds", chance, True),
    "one-vs-rest": (OneVsRestClassifier(LogisticRegression()), "one-vs-rest", chance, True),
    "sgd": (SGD, "one-vs-rest", chance, True),
    "bayes": (MultinomialNB(), "log-probabilities", chance, True),
    "complement": (ComplementNB(), "log-probabilities", chance, False),
    "calibrated": (CalibratedClassifierCV(LinearSVC(), cv=2), "probabilities", chance, False),
    "forest": (RandomForestClassifier(n_estimators=40, max_depth=2, random_state=0), "probabilities", chance, False),
    "svc": (LinearSVC(), "distance", distance, True),
    "svc without intercept": (LinearSVC(fit_intercept=False), "distance", distance, True),
    "ridge": (RidgeClassifier(), "distance", distance, True),
    "one-vs-one": (OneVsOneClassifier(LinearSVC()), "distance", distance, False),
}


def of_three(classifier: Any) -> Any:
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), classifier).fit(TEXTS, THREE)


@pytest.mark.parametrize("case", CASES)
def test_the_margin_is_of_one_class_against_all_the_others(tmp_path: Path, case: str) -> None:
    classifier, how, direct, linear = CASES[case]
    pipeline = of_three(classifier)
    source = saved(tmp_path, pipeline, classes=CLASSES, rest=True)
    answer, loaded = opened(source), load(source)
    assert answer.how == how
    np.testing.assert_allclose(answer.margins(UNSEEN), direct(pipeline), atol=1e-9)
    assert isinstance(loaded, LinearTexts) is linear
    if how == "distance":
        assert ((answer.margins(UNSEEN) > 0) == (pipeline.predict(STRINGS) == "economics")).all()
    (classes,) = [value for name, value, _ in answer.facts if name == "Tells apart"]
    assert classes == "3 classes: biology, economics, law"
    assert "“economics”, against all the others together, which are called “not economics” here" in answer.notes[0]


@pytest.mark.parametrize("case", [case for case in CASES if CASES[case][3]])
def test_a_linear_pipeline_answers_the_same_without_being_run(
    tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = saved(tmp_path, of_three(CASES[case][0]), classes=CLASSES, rest=True)
    quick = load(source)
    slow = WholeTexts(opened(source), segmentation=quick.segmentation)
    documents = [segment(row["title"], row["abstract"], quick.segmentation) for row in RECORDS[:4]]
    for mine, theirs in zip(occlude(documents, quick), occlude(documents, slow), strict=True):
        np.testing.assert_allclose(mine.grid.margins, theirs.grid.margins, rtol=0, atol=1e-6)  # kept as float32
    for mine, theirs in zip(shapley(documents, quick), shapley(documents, slow), strict=True):
        np.testing.assert_allclose(mine.values, theirs.values, rtol=0, atol=1e-10)
    monkeypatch.setattr(Answer, "of_strings", lambda *_: pytest.fail("the pipeline was run"))
    assert occlude(documents[:1], quick)[0].sentences.size == 4


def test_a_text_without_a_known_word_has_the_margin_of_the_intercepts(tmp_path: Path) -> None:
    pipeline = of_three(LogisticRegression())
    loaded = load(saved(tmp_path, pipeline, classes=CLASSES, rest=True))
    document = segment("Qqq qqq", "Zzz zzz zzz. Xxx xxx.", loaded.segmentation)
    (occlusion,) = occlude([document], loaded)
    p = pipeline.predict_proba(["Qqq"])[0]
    np.testing.assert_allclose(occlusion.grid.margins, np.log(p[1] / (p[0] + p[2])), atol=1e-6)


def test_two_classes_are_as_they_were(tmp_path: Path) -> None:
    two = ["economics" if name == "economics" else "law" for name in THREE]
    pipeline = make_pipeline(CountVectorizer(), LogisticRegression()).fit(TEXTS, two)
    answer = opened(saved(tmp_path, pipeline, classes=CLASSES, rest=True))
    np.testing.assert_allclose(answer.margins(UNSEEN), -pipeline.decision_function(STRINGS), atol=1e-12)
    assert not answer.notes


def test_what_is_asked_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    pipeline = of_three(LogisticRegression())
    sources = [saved(tmp_path, pipeline, classes=CLASSES, rest=rest) for rest in (True, False)]
    sources.append(saved(tmp_path, pipeline, classes=("not law", "law"), rest=True))
    assert len({describe(source).fingerprint for source in sources}) == 3
    assert "“economics” against all the others together" in describe(sources[0]).format


@pytest.mark.parametrize(
    ("classifier", "options", "said"),
    [
        (LogisticRegression(), {"rest": False}, r"tells 3 classes apart \(biology, economics, law\).* and rest = true"),
        (
            LogisticRegression(),
            {"classes": ("not history", "history")},
            "none of which is “history”. Set classes.positive",
        ),
        (SVC(decision_function_shape="ovo"), {}, r"compares classes two by two.*decision_function_shape=\"ovr\""),
    ],
)
def test_what_cannot_be_asked_is_refused(tmp_path: Path, classifier: Any, options: Any, said: str) -> None:
    source = saved(tmp_path, of_three(classifier), **{"classes": CLASSES, "rest": True, **options})
    with pytest.raises(ModelError, match=said):
        load(source)
