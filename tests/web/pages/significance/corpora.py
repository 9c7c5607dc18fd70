"""Corpora for the page on the test, as what a model says of their sentences, and the page that is made of them."""

from __future__ import annotations

import numpy as np

from sitegen.analysis.corpus.influence import SentenceEffects
from sitegen.analysis.significance.evidence import Evidence
from sitegen.analysis.significance.negative_control import ControlAnswers, controls
from sitegen.analysis.significance.test import judge
from sitegen.corpus.records import Record
from sitegen.web.layout import Frame
from sitegen.web.pages.significance.page import SignificancePage, significance_page
from sitegen.web.pages.significance.results import Results
from sitegen.web.publish.render import Renderer
from sitegen.web.sentence_verdicts import Verdicts
from sitegen.web.summary import RecordSummary
from tests.web.papers import PALETTE, Node, parse, site

CLASSES = {"positive": "computational", "negative": "not computational"}
NAMES = ("not computational", "computational")
RENDERER = Renderer()


def corpus(records=60, sentences=6, *, planted=0.3, seed=0, **changed) -> Evidence:
    """Records of alternating classes; a share of sentences, lengths 5 to 40, speaks strongly for its class."""
    rng = np.random.default_rng(seed)
    record = np.repeat(np.arange(records), sentences)
    label = np.arange(records) % 2
    alone = rng.normal(0, 0.5, record.size)
    strong = rng.random(record.size) < planted
    alone[strong] += np.where(label[record] == 1, 3.0, -3.0)[strong]
    columns = {
        "alone": alone,
        "record": record,
        "length": rng.integers(5, 41, record.size),
        "placeholder": np.zeros(record.size),
        "label": label,
        "standing": np.zeros(records),
        "zero": 0.0,
    }
    given = {**columns, **changed}
    return Evidence(**{name: value if name == "zero" else np.asarray(value) for name, value in given.items()})


def answers(*, neutral=30, at=0.0, stripped=100, stripped_at=0.0, class_words=40) -> ControlAnswers:
    """What a model says of the controls: every neutral sentence gets `at`, every stripped one `stripped_at` for the
    class it is of."""
    classes = np.arange(stripped) % 2
    return ControlAnswers(
        empty=0.0,
        neutral=tuple(f"Neutral {k}." for k in range(neutral)),
        neutral_margins=np.full(neutral, at),
        neutral_lengths=np.full(neutral, 10),
        class_words=class_words,
        stripped_margins=np.where(classes == 1, stripped_at, -stripped_at),
        stripped_lengths=np.full(stripped, 10),
        stripped_classes=classes,
    )


def verdicts_of(evidence: Evidence, asked: ControlAnswers, *, names=NAMES, alpha=0.05) -> Verdicts:
    found = judge(evidence, alpha=alpha)
    return Verdicts(
        names=names,
        significance=found,
        evidence=evidence,
        controls=controls(evidence, found, asked),
        stability=None,
        checkpoints=1,
        first=np.searchsorted(evidence.record, np.arange(evidence.label.size + 1)),
    )


def results_of(folder, evidence: Evidence, *, asked=None, text="Sentence {}.", alpha=0.05, **changed) -> Results:
    """The results of a site whose abstracts are numbered sentences."""
    described = site(folder, **{"classes": CLASSES, "significance": {"alpha": alpha}, **changed})
    asked = asked or answers()
    number = np.arange(evidence.record.size) - np.searchsorted(evidence.record, evidence.record)
    none = np.zeros(evidence.record.size)
    effects = SentenceEffects(
        record=evidence.record,
        number=number,
        alone=evidence.alone,
        share=none,
        share_change=none,
        leave_one_out=none,
        change=none,
    )
    summaries = [
        _summary(k, label, [text.format(f"{k}-{n}") for n in range(int(np.sum(evidence.record == k)))], text.format(k))
        for k, label in enumerate(evidence.label.tolist())
    ]
    frame = Frame(site=described, palette=PALETTE, path="significance.html", heading="More than luck?")
    verdicts = verdicts_of(evidence, asked, names=described.classes.names, alpha=alpha)
    return Results.of(frame, verdicts, asked, effects=effects, summaries=summaries)


def _summary(k: int, label: int, sentences: list[str], title: str) -> RecordSummary:
    starts = np.cumsum([0, *(len(one) + 1 for one in sentences)]).tolist()
    record = Record(
        id=f"p{k}",
        title=title,
        abstract=" ".join(sentences),
        label=None if label < 0 else label,
        facets={},
        metadata={},
        source="records.csv",
        line=k + 2,
    )
    spans = tuple((a, a + len(one)) for a, one in zip(starts, sentences, strict=False))
    return RecordSummary(record=record, name=f"p{k}", probability=0.5, predicted=1, top=None, sentences=spans)


def page_of(folder, evidence: Evidence, **changed) -> SignificancePage:
    results = results_of(folder, evidence, **changed)
    return significance_page(results.frame.site, results)


def shown(page: SignificancePage) -> Node:
    return parse(RENDERER.render(page))


def text_of(page: SignificancePage) -> str:
    return " ".join(shown(page).text.split())
