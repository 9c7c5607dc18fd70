"""A pipeline of scikit-learn is a model: which number its margin is, which class is positive, what is read how."""

from __future__ import annotations

import math
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.calibration import CalibratedClassifierCV
from sklearn.ensemble import RandomForestClassifier
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.model_selection import GridSearchCV
from sklearn.multiclass import OneVsRestClassifier
from sklearn.naive_bayes import MultinomialNB
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.corpus.segment import segment
from sitegen.errors import ModelError
from sitegen.models.adapters.contract import LEAST
from sitegen.models.adapters.scikit_learn.kind import opened
from sitegen.models.protocol import Text
from sitegen.models.registry import describe, load
from sitegen.models.source import Source
from tests.models.adapters.pipelines import LABELS, TEXTS, fitted, saved
from tests.sites import NEGATIVE, POSITIVE, RECORDS

UNSEEN = [Text(title=row["title"], abstract=row["abstract"]) for row in RECORDS] + [Text(title="", abstract="")]
STRINGS = [" ".join(part for part in (text.title, text.abstract) if part) for text in UNSEEN]


def logit(p: np.ndarray) -> np.ndarray:
    p = np.clip(p, LEAST, 1 - LEAST)
    return np.log(p / (1 - p))


def decision(pipeline: Any) -> np.ndarray:
    return -np.asarray(pipeline.decision_function(STRINGS))  # "computational" comes first in the alphabet


def chance(pipeline: Any) -> np.ndarray:
    return logit(pipeline.predict_proba(STRINGS)[:, 0])


def logs(pipeline: Any) -> np.ndarray:
    both = pipeline.predict_log_proba(STRINGS)
    return np.asarray(both[:, 0] - both[:, 1])


SVC = LinearSVC()
CASES = {
    "logistic": (LogisticRegression(), "log-odds", decision),
    "sgd": (SGDClassifier(loss="log_loss", random_state=0), "log-odds", decision),
    "hinge": (SGDClassifier(loss="hinge", random_state=0), "distance", decision),
    "svc": (SVC, "distance", decision),
    "calibrated": (CalibratedClassifierCV(SVC, cv=2), "probabilities", chance),
    "one-vs-rest": (OneVsRestClassifier(LogisticRegression()), "log-odds", decision),
    "search": (GridSearchCV(LogisticRegression(), {"C": [1.0, 2.0]}, cv=2), "log-odds", decision),
    "forest": (RandomForestClassifier(n_estimators=3, random_state=0), "probabilities", chance),
    "bayes": (MultinomialNB(), "log-probabilities", logs),
}


@pytest.mark.parametrize("case", CASES)
def test_the_margin_is_the_best_number_that_the_pipeline_has(tmp_path: Path, case: str) -> None:
    classifier, how, direct = CASES[case]
    pipeline = fitted(CountVectorizer(), classifier)
    assert pipeline.classes_.tolist() == [POSITIVE, NEGATIVE]
    answer = opened(saved(tmp_path, pipeline))
    assert answer.how == how
    np.testing.assert_allclose(answer.margins(UNSEEN), direct(pipeline), atol=1e-9)
    said = " ".join(answer.notes)
    assert ("no log-odds" in said, "0.0000001%" in said) == (how == "distance", how == "probabilities")


@pytest.mark.parametrize(
    ("labels", "classes", "sign", "certain"),
    [
        ((POSITIVE, NEGATIVE), (NEGATIVE, POSITIVE), -1, True),
        ((POSITIVE.upper(), "other"), (NEGATIVE, POSITIVE), -1, True),
        (("zzz", "aaa"), ("aaa", "yes"), 1, True),
        ((1, 0), (NEGATIVE, POSITIVE), 1, True),
        (("yes", "no"), (NEGATIVE, POSITIVE), 1, True),
        (("b", "a"), (NEGATIVE, POSITIVE), 1, False),
    ],
)
def test_the_positive_class_goes_by_its_name(
    tmp_path: Path, labels: tuple[object, object], classes: tuple[str, str], sign: int, certain: bool
) -> None:
    own = [labels[0] if label == POSITIVE else labels[1] for label in LABELS]
    pipeline = make_pipeline(CountVectorizer(), LogisticRegression()).fit(TEXTS, own)
    answer = opened(saved(tmp_path, pipeline, classes=classes))
    np.testing.assert_allclose(answer.margins(UNSEEN), sign * pipeline.decision_function(STRINGS), atol=1e-12)
    assert any("is taken for" in note for note in answer.notes) is not certain


def test_a_joined_text_is_what_site_toml_says(tmp_path: Path) -> None:
    pipeline = fitted(CountVectorizer(analyzer="char", ngram_range=(3, 3)), LogisticRegression())
    text = Text(title="Networks of letters", abstract="We draw.")
    for join in (None, ". ", ""):
        answer = opened(saved(tmp_path, pipeline, join=join))
        whole = text.title + (" " if join is None else join) + text.abstract
        assert answer.margins([text])[0] == pytest.approx(-pipeline.decision_function([whole])[0])
        alone = answer.margins([replace(text, title=""), replace(text, abstract="")])
        np.testing.assert_allclose(alone, -pipeline.decision_function([text.abstract, text.title]))


def test_a_pickle_is_read_by_consent_and_skops_without(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    pipeline = fitted()
    for name in ("model.joblib", "model.pkl"):
        source = saved(tmp_path, pipeline, name, trust=False)
        with pytest.raises(ModelError, match=r"reads the pickle .*model\..*, which can run anything .* trust = true"):
            describe(source)
        with pytest.raises(ModelError, match="Nothing was run"):
            load(source)
    source = saved(tmp_path, pipeline, "model.skops", trust=False)
    assert describe(source).facts == (("Kind", "a scikit-learn pipeline", "model.skops"),)
    document = segment("Networks", "We simulate letters.", load(source).segmentation)
    (occlusion,) = occlude([document], load(source))
    assert occlusion.margin == pytest.approx(-pipeline.decision_function(["Networks We simulate letters."])[0])


def test_a_pickle_that_is_called_skops_is_a_pickle(tmp_path: Path) -> None:
    source = saved(tmp_path, fitted(), "model.joblib", trust=False)
    disguised = tmp_path / "model.skops"
    (tmp_path / "model.joblib").rename(disguised)
    with pytest.raises(ModelError, match="reads the pickle"):
        load(replace(source, path=disguised))


class Odd(LogisticRegression):  # type: ignore[misc]
    """A type that skops does not know."""


def test_skops_trusts_only_what_it_trusts_by_itself(tmp_path: Path) -> None:
    pytest.importorskip("skops")
    source = saved(tmp_path, fitted(CountVectorizer(), Odd()), "model.skops", trust=True)
    with pytest.raises(ModelError, match=r"does not trust by itself \(.*Odd\), and nothing of it was loaded"):
        load(source)


def test_the_fingerprint_is_of_the_file_and_what_site_toml_says(tmp_path: Path) -> None:
    source = saved(tmp_path, fitted())
    prints = {describe(one).fingerprint for one in (source, replace(source, version="2"), replace(source, join="\n"))}
    prints.add(describe(replace(source, classes=("a", "b"))).fingerprint)
    prints.add(describe(saved(tmp_path, fitted(CountVectorizer(), LogisticRegression()))).fingerprint)
    assert len(prints) == 5
    assert describe(replace(source, join=" ")).settings != ""


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ([1, 2], "holds a list, which is no classifier that was fitted"),
        (LogisticRegression(), "holds a LogisticRegression, which is no classifier that was fitted"),
        (
            make_pipeline(CountVectorizer(), LogisticRegression()).fit(["a bb", "bb cc", "dd"], ["x", "y", "z"]),
            r"tells 3 classes apart \(x, y, z\)",
        ),
    ],
)
def test_what_is_no_classifier_of_two_classes_is_refused(tmp_path: Path, content: object, said: str) -> None:
    with pytest.raises(ModelError, match=said):
        load(saved(tmp_path, content))


def test_a_broken_or_missing_file_is_named(tmp_path: Path) -> None:
    source = saved(tmp_path, fitted())
    (tmp_path / "model.joblib").write_bytes(pickle.dumps([1])[:-1])
    with pytest.raises(ModelError, match=r"model\.joblib: raised .* save the pipeline again: skops\.io\.dump"):
        load(source)
    (tmp_path / "model.joblib").unlink()
    with pytest.raises(ModelError, match="there is no such file"):
        describe(source)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("model.joblib", b"", "is empty"),
        ("model.skops", b"", "is empty"),
        ("model.skops", b"PK\x03\x04 half a zip", "is no file of skops, or only a part of one"),
    ],
)
def test_nobody_is_asked_to_trust_a_file_that_holds_no_model(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    source = Source(kind="scikit-learn", path=tmp_path / name, classes=(NEGATIVE, POSITIVE), folder=tmp_path)
    with pytest.raises(ModelError, match=rf"{name}: {said}\. Save the pipeline again: skops\.io\.dump"):
        load(source)


def test_probabilities_of_zero_and_one_are_bounded(tmp_path: Path) -> None:
    pipeline = fitted(TfidfVectorizer(), RandomForestClassifier(n_estimators=1, bootstrap=False, random_state=0))
    margins = opened(saved(tmp_path, pipeline)).margins(UNSEEN)
    assert np.abs(margins).max() == pytest.approx(-math.log(LEAST), rel=1e-6)
