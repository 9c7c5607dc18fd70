"""A model of whole strings is explained as a loop over strings would explain it, capitals and punctuation included."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Sequence

import numpy as np
import pytest

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.occlusion import FullGrid, occlude
from sitegen.analysis.attribution.random_spans import random_spans, span_bands
from sitegen.analysis.attribution.shapley import shapley
from sitegen.analysis.faithfulness.report import measure
from sitegen.corpus.segment import Document, Segmentation, segment
from sitegen.errors import ConfigError, ModelError
from sitegen.models.adapters.whole_texts import WholeTexts
from sitegen.models.protocol import Classifier, Text

RECORDS = (
    ("Do Crowds queue?", "We ask (again) who waits. NOBODY does! “Why?” one asks; so do we, e.g. in Rome."),
    ("", "Only one sentence, of seven Words here."),
    ("A title, and no more.", ""),
    ("On markets", "On markets. Prices move... They fall, they Rise!  Then they rest."),
)


class Fussy:
    """Hears capitals and punctuation, and a little of every character: no two strings have the same margin."""

    def __init__(self) -> None:
        self.texts: list[Text] = []

    def margins(self, texts: Sequence[Text]) -> np.ndarray:
        self.texts += texts
        return np.array([self.margin(text.title, text.abstract) for text in texts], dtype=np.float64)

    def margin(self, title: str, abstract: str) -> float:
        loud = sum(letter.isupper() for letter in title + abstract) - 2 * abstract.count("!")
        return 0.3 * loud - 0.01 * len(abstract) + zlib.crc32(f"{title}\n{abstract}".encode()) / 2**33


def documents() -> list[Document]:
    return [segment(title, abstract, Segmentation()) for title, abstract in RECORDS]


def explained(model: Fussy) -> WholeTexts:
    return WholeTexts(model, segmentation=Segmentation())


def prefixes(text: str, field) -> list[str]:  # type: ignore[no-untyped-def]
    """The text cut after each token, the last of a sentence with its stop; the text itself where it has none."""
    stops = {int(end): int(span[1]) for end, span in zip(field.sentence_ends, field.sentence_spans, strict=True)}
    cut = [text[: stops.get(k + 1, int(span[1]))] for k, span in enumerate(field.spans)]
    return [*cut[:-1], text] if cut else [text]


def test_the_grid_is_the_loop_over_cut_strings() -> None:
    for (title, abstract), document in zip(RECORDS[:3], documents(), strict=False):
        model = Fussy()
        (occlusion,) = occlude([document], explained(model))
        assert isinstance(occlusion.grid, FullGrid)
        rows, columns = prefixes(title, document.title), prefixes(abstract, document.abstract)
        naive = [[model.margin(row, column) for column in columns] for row in rows]
        np.testing.assert_allclose(occlusion.grid.margins, naive, rtol=1e-6)
        assert occlusion.margin == pytest.approx(model.margin(title, abstract), rel=1e-9)
        assert Text(title=title, abstract=abstract) in model.texts  # as it was written


def test_effects_are_those_of_strings_without_the_piece() -> None:
    title, abstract = RECORDS[0]
    (document, *_), model = documents(), Fussy()
    (occlusion,) = occlude([document], explained(model))
    whole = model.margin(title, abstract)
    first, second, third = (abstract[a:b] for a, b in document.abstract.sentence_spans)
    assert (first, second) == ("We ask (again) who waits.", "NOBODY does!")
    naive = [
        whole - model.margin(title, text) for text in (f"{second} {third}", f"{first} {third}", f"{first} {second}")
    ]
    np.testing.assert_allclose(occlusion.sentences, naive, rtol=1e-6)
    cases = {"ask": "We (again)", "again": "We ask () who", "one": "“Why?” asks;"}
    for word, left in cases.items():
        place = document.abstract.tokens.index(word)
        text = next(text.abstract for text in model.texts if left in text.abstract)
        assert occlusion.abstract_words[place] == pytest.approx(whole - model.margin(title, text), rel=1e-6)
        assert len(text) == len(abstract) - len(word) - 1 + (word == "again")
    assert occlusion.title_words[1] == pytest.approx(whole - model.margin("Do queue?", abstract), rel=1e-6)


def test_random_spans_are_cut_out_of_the_string() -> None:
    title, abstract = "On markets", "Prices move, they fall. They rise, they rest."
    document, model = segment(title, abstract, Segmentation()), Fussy()
    (occlusion,) = occlude([document], explained(model))
    left = {
        (0, 4): "They rise, they rest.",
        (1, 5): "Prices rise, they rest.",
        (2, 6): "Prices move, they rest.",
        (3, 7): "Prices move, they rest.",
        (4, 8): "Prices move, they fall.",
    }
    spans = random_spans(document.abstract)
    assert {span for group in spans for span in group} == set(left)
    whole = model.margin(title, abstract)
    naive = [np.array([whole - model.margin(title, left[span]) for span in group]) for group in spans]
    np.testing.assert_allclose(occlusion.span_bands, span_bands(naive), rtol=1e-6)


def test_shares_are_those_of_joined_sentences() -> None:
    title, abstract = RECORDS[0]
    (document, *_), model = documents(), Fussy()
    (result,) = shapley([document], explained(model))
    sentences = [abstract[a:b] for a, b in document.abstract.sentence_spans]

    def value(kept: frozenset[int]) -> float:
        return model.margin(title, " ".join(sentences[k] for k in sorted(kept)))

    orders = list(itertools.permutations(range(len(sentences))))
    naive = [
        np.mean([value(frozenset(o[: o.index(k) + 1])) - value(frozenset(o[: o.index(k)])) for o in orders])
        for k in range(len(sentences))
    ]
    np.testing.assert_allclose(result.values, naive, rtol=1e-9)


def test_faithfulness_is_measured_on_strings() -> None:
    model = Fussy()
    classifier = explained(model)
    found = measure(occlude(documents(), classifier), classifier, randomised="It has no weights.", hybrids=5)
    assert found.tokens is not None
    assert found.sentences is not None
    assert found.randomised is None
    assert found.reasons["randomised"] == "It has no weights."
    written = {letter for record in RECORDS for text in record for letter in text}
    assert {letter for text in model.texts for letter in text.title + text.abstract} <= written
    assert any("NOBODY does!" in text.abstract for text in model.texts)


def test_a_title_repeated_before_the_abstract_is_not_given() -> None:
    model = Fussy()
    occlude([documents()[3]], explained(model))
    assert Text(title="On markets", abstract="Prices move... They fall, they Rise!  Then they rest.") in model.texts
    assert not any("markets" in text.abstract for text in model.texts)


def test_it_is_a_classifier_that_knows_all_and_reads_no_stand_in() -> None:
    classifier = explained(Fussy())
    assert isinstance(classifier, Classifier)
    assert classifier.known(["a", "b"]).all()
    with pytest.raises(ConfigError, match=r'baseline "zero": the model cannot read .* Use one of: "deleted"\.'):
        occlude(documents(), classifier, baseline=BASELINES["zero"])
    with pytest.raises(TypeError, match="excerpts, not a list of tokens"):
        classifier.margins([["a"]], [["b"]])


class Masked(Fussy):
    stand_ins = {"unknown": "[MASK]"}


def test_a_string_may_stand_for_hidden_words() -> None:
    model = Masked()
    (occlusion,) = occlude([documents()[1]], explained(model), baseline=BASELINES["unknown"])
    text = "Only [MASK] sentence, of seven Words here."
    effect = occlusion.margin - model.margin("", text)
    assert occlusion.abstract_words[1] == pytest.approx(effect, rel=1e-6)


@pytest.mark.parametrize(
    ("answer", "said"), [([1.0, 2.0], r"numbers of shape \(2,\)"), ([float("nan")], "1 numbers that are not finite")]
)
def test_answers_that_are_no_margins_are_refused(answer: list[float], said: str) -> None:
    class Broken:
        def margins(self, texts: Sequence[Text]) -> np.ndarray:
            return np.array(answer)

    with pytest.raises(ModelError, match=said):
        occlude([documents()[2]], explained(Broken()))  # type: ignore[arg-type]
