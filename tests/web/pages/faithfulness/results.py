"""Results of faithfulness with numbers that can be read off a page, and the page that shows them."""

from __future__ import annotations

from sitegen.analysis.faithfulness.erasure import Curve, ErasureMetrics, Flip, MetricMean, OrderCurve, OrderMean
from sitegen.analysis.faithfulness.hybrids import HybridRates, Hybrids
from sitegen.analysis.faithfulness.measures import MEASURES, WORD_MEASURES
from sitegen.analysis.faithfulness.planted import Planted, PlantedRates
from sitegen.analysis.faithfulness.randomised import Agreement, Randomised
from sitegen.analysis.faithfulness.rates import Rate
from sitegen.analysis.faithfulness.report import Faithfulness
from sitegen.analysis.faithfulness.trust import Score, Trust
from sitegen.web.pages.faithfulness.checks import Check, Outcome
from sitegen.web.pages.faithfulness.page import Checked, checks, faithfulness_page
from sitegen.web.publish.render import Renderer
from tests.web.papers import PALETTE, frame, parse, site

RENDERER = Renderer()
CLASSES = ("not computational", "computational")
HOLDS, IN_PART, FAILS, UNKNOWN = Outcome.HOLDS, Outcome.IN_PART, Outcome.FAILS, Outcome.UNKNOWN
REASONS = {
    "trust": "Too few papers to tell.",
    "hybrids": "No mixed abstracts were asked for.",
    "planted": "There are no neutral sentences.",
    "tokens": "No paper has two words that the model reads.",
    "sentences": "No abstract has two sentences.",
    "randomised": "No randomised model was given.",
}


def scored(value, random, best=None, worst=None, *, error: float | None = 0.01, others=(), of=MEASURES) -> MetricMean:
    """value: of the measure that the pages lead with, which comes first; others: of the rest."""
    values = [value, *(others or [value] * (len(of) - 1))]
    return MetricMean(
        by_measure=tuple(OrderMean(measure=m, value=v, error=error) for m, v in zip(of, values, strict=True)),
        random=random,
        best=best,
        worst=worst,
    )


def curve(area: MetricMean, *, bounds=False) -> Curve:
    return Curve(
        fractions=(0.0, 0.5, 1.0),
        by_measure=tuple(OrderCurve(measure=one.measure, values=(0.9, 0.5, 0.4)) for one in area.by_measure),
        random=(0.9, 0.7, 0.4),
        best=(0.9, 0.45, 0.4) if bounds else None,
        worst=(0.9, 0.95, 0.4) if bounds else None,
        area=area,
    )


def unit(kind, *, removed=None, kept=None, flip=None, left_out=0) -> ErasureMetrics:
    sentences = kind == "sentence"
    of = MEASURES if sentences else WORD_MEASURES
    return ErasureMetrics(
        unit=kind,
        records=100,
        left_out=left_out,
        segments=800,
        measures=of,
        comprehensiveness=removed
        or scored(
            0.231,
            0.12,
            *((0.25, -0.02) if sentences else ()),
            of=of,
            others=(0.22, 0.15) if sentences else (0.2,),
        ),
        sufficiency=kept or scored(-0.01, 0.09, *((-0.03, 0.3) if sentences else ()), of=of),
        deletion=curve(scored(0.55, 0.68, of=of), bounds=sentences),
        insertion=curve(scored(0.85, 0.72, of=of), bounds=sentences),
        flip=Flip(fraction=flip or scored(0.55, 0.72, of=of), rate=scored(0.8, 0.7, of=of)),
    )


def rate(value, *, low=None, high=None, documents=200) -> Rate:
    return Rate(
        documents=documents,
        value=value,
        low=max(value - 0.05, 0.0) if low is None else low,
        high=min(value + 0.05, 1.0) if high is None else high,
    )


def mixed(auc=(0.93, 0.92, 0.81), strongest=(0.95, 0.96, 0.9), by_class=None, **changed) -> Hybrids:
    parts = {
        "documents": 200,
        "per_class": 2,
        "neutral": 1,
        "sources": (60, 50),
        "disjoint": 150,
        "misread": 10,
        "explained": (90, 110),
        "chance": 0.4,
        "by_measure": tuple(
            HybridRates(
                measure=measure,
                auc=rate(a),
                strongest=rate(s),
                strongest_by_class=by_class or (rate(s), rate(s)),
                above_neutral=(rate(0.83), rate(0.86)),
            )
            for measure, a, s in zip(MEASURES, auc, strongest, strict=True)
        ),
    }
    return Hybrids(**{**parts, **changed})


def planted(negative=(0.77, 0.79, 0.59), positive=(0.87, 0.88, 0.78), **changed) -> Planted:
    parts = {
        "documents": 90,
        "available": 90,
        "by_class": (40, 50),
        "misread": 10,
        "neutral": 30,
        "chance": (0.12, 0.13),
        "by_measure": tuple(
            PlantedRates(
                measure=measure,
                above=(rate(n), rate(p)),
                on_top=(rate(0.03), rate(0.0)),
            )
            for measure, n, p in zip(MEASURES, negative, positive, strict=True)
        ),
    }
    return Planted(**{**parts, **changed})


def agreement(measure="share", correlation=0.05, **changed) -> Agreement:
    parts = {
        "measure": measure,
        "correlation": correlation,
        "error": 0.02,
        "by_model": (correlation - 0.01, correlation + 0.01),
        "signed": 0.03,
        "place": -0.6,
        "random_place": -0.8,
        "partial": 0.1,
        "partial_records": 35,
    }
    return Agreement(**{**parts, **changed})


def random_weights(correlations=(0.05, -0.02, 0.65), *, available=40, **changed) -> Randomised:
    return Randomised(
        records=38,
        left_out=2,
        available=available,
        models=2,
        limit=0.2,
        by_measure=tuple(agreement(m, r, **changed) for m, r in zip(MEASURES, correlations, strict=True)),
    )


def trust(scores=(0.87, 0.88, 0.75), trusted=("share", "read_alone"), *, hybrids=True, real=True) -> Trust:
    return Trust(
        hybrids=hybrids,
        planted=real,
        scores=tuple(
            Score(measure=m, score=s, error=0.01, behind=max(scores) - s, behind_error=0.01)
            for m, s in zip(MEASURES, scores, strict=True)
        ),
        trusted=trusted,
    )


def result(**changed) -> Faithfulness:
    parts = {
        "records": 100,
        "seed": 0,
        "shuffles": 10,
        "baseline": "deleted",
        "neutral": 30,
        "trust": trust(),
        "hybrids": mixed(),
        "planted": planted(),
        "tokens": unit("token"),
        "sentences": unit("sentence"),
        "randomised": random_weights(),
    }
    return Faithfulness(**{**parts, **changed})


MINUS = "\N{MINUS SIGN}"
NOTHING = result(trust=None, hybrids=None, planted=None, tokens=None, sentences=None, randomised=None, reasons=REASONS)


def page_of(folder, *results, held_out=100, **changed):
    described = site(folder, classes={"positive": CLASSES[1], "negative": CLASSES[0]}, **changed)
    checked = [Checked(model=f"model {k}", result=found, held_out=held_out) for k, found in enumerate(results)]
    return faithfulness_page(described, frame(described, "faithfulness.html", "Can I trust this?"), checked)


def text_of(page) -> str:
    return " ".join(parse(RENDERER.render(page)).text.split())


def made(found: Faithfulness) -> tuple[Check, ...]:
    return checks(found, classes=CLASSES, palette=PALETTE)


def answers(found: Faithfulness) -> dict[str, str]:
    return {check.finding.key: " ".join(check.finding.answer) for check in made(found)}


def outcomes(found: Faithfulness) -> dict[str, Outcome]:
    return {check.finding.key: check.outcome for check in made(found)}
