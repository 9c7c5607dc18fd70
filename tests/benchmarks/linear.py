"""Linear scikit-learn pipelines: all that `sitegen score` asks about a record, answered without running the pipeline.

The other side is the pipeline called on the same strings, in batches as sitegen calls any other pipeline, and text by
text. Tf-idf over words, pairs and triples, damped counts, fitted on texts of random words of a vocabulary like that of
abstracts; a record of 8 sentences and 184 words. The answers are asserted equal to 1e-10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sitegen.analysis.attribution.occlusion import occlude
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.models.adapters.scikit_learn.answers import answer_of
from sitegen.models.adapters.scikit_learn.exact import LinearTexts
from sitegen.models.adapters.scikit_learn.linear import linear_of
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import Text
from tests.benchmarks.rows import Row, at_least, best

SENTENCES, WORDS, TITLE = 8, 23, 10
ALONE = 50  # texts that the pipeline is called on one by one


class Counting:
    """Counts the texts that a TextClassifier is asked about, and keeps some."""

    def __init__(self, answer: Any) -> None:
        self.answer, self.count, self.some = answer, 0, list[Text]()

    def margins(self, texts: Any) -> Any:
        self.count += len(texts)
        self.some += texts[:: max(1, len(texts) // ALONE)]
        return self.answer.margins(texts)


def rows() -> Iterator[Row]:
    """Two rows for each n."""
    rng = np.random.default_rng(3)
    names = np.array([f"w{k}" for k in range(8000)])
    chance = 1 / np.arange(3, 8003)
    chance /= chance.sum()

    def text(words: int) -> str:
        return " ".join(rng.choice(names, size=words, p=chance))

    corpus = [text(200) for _ in range(600)]
    abstract = " ".join(f"{text(WORDS).capitalize()}." for _ in range(SENTENCES))
    document = segment(text(TITLE), abstract, Segmentation())
    for longest in (1, 2, 3):
        vectorizer = TfidfVectorizer(ngram_range=(1, longest), sublinear_tf=True)
        pipeline = make_pipeline(vectorizer, LogisticRegression()).fit(corpus, [k % 2 for k in range(len(corpus))])
        answer = answer_of(pipeline, name="benchmark", classes=("0", "1"), join=" ")
        linear, counting = linear_of(answer), Counting(answer)
        assert linear is not None
        quick = LinearTexts(answer, linear, segmentation=Segmentation())
        slow = WholeTexts(answer, segmentation=Segmentation())
        whole = _asked(document, WholeTexts(counting, segmentation=Segmentation()))
        np.testing.assert_allclose(_asked(document, quick), whole, rtol=0, atol=1e-10)
        ours, batched = best(lambda quick=quick: _asked(document, quick), lambda slow=slow: _asked(document, slow))
        some = [f"{one.title} {one.abstract}" for one in counting.some[:ALONE]]
        (alone,) = best(lambda pipeline=pipeline, some=some: [pipeline.decision_function([one]) for one in some])
        name = f"linear, n <= {longest}, {counting.count:,} texts a record"
        yield at_least(f"{name}: called in batches", ours=ours, other=batched, goal=5)
        yield at_least(f"{name}: called one by one", ours=ours, other=alone / len(some) * counting.count, goal=20)


def _asked(document: Document, classifier: Any) -> Any:
    (occlusion,), (alone,), (shares,) = (
        occlude([document], classifier),
        read_alone([document], classifier),
        shapley([document], classifier),
    )
    return np.concatenate([[occlusion.margin, alone.title, alone.abstract], shares.values])
