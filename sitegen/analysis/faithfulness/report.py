"""How truthful the measures of one model are, on a corpus: all checks together, and their results as JSON.

    hybrids             mixed abstracts: which class does a sentence come from (hybrids.py)
    planted             does a neutral sentence in a real abstract stand out as neutral (planted.py)
    trust               which measure those two speak for (trust.py)
    tokens, sentences   do the segments named important matter (erasure.py; trials.py, curves.py and orders.py)
    randomised          do the measures change when the model's weights do (randomised.py)

None of them needs annotations. Every check of sentences is made of all three measures (measures.py), those of words of
two. The corpus should be texts that the model was not trained on: for those it knows by heart its probabilities are
nearer to 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.faithfulness.composed import neutral_pieces, sources, zero_alone
from sitegen.analysis.faithfulness.erasure import EXACT, SHUFFLES, ErasureMetrics
from sitegen.analysis.faithfulness.hybrids import HYBRIDS, Hybrids, try_hybrids
from sitegen.analysis.faithfulness.measures import Table, measured
from sitegen.analysis.faithfulness.planted import PLANTED, Planted, try_planted
from sitegen.analysis.faithfulness.randomised import RECORDS, Randomised, compare_randomised
from sitegen.analysis.faithfulness.trials import erase_sentences, erase_tokens
from sitegen.analysis.faithfulness.trust import Trust, trust
from sitegen.corpus.arrays import Array
from sitegen.models.protocol import Classifier

__all__ = ["Faithfulness", "as_json", "from_json", "measure"]

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """The results of all checks of one model.

    records: of the corpus; each result says how many it is based on. seed: of all that is random. shuffles: random
    orders a record. baseline: what stood in for what was hidden. neutral: how many neutral sentences there were to
    choose from. reasons: why something is not there, in a sentence for people, under its name: what is None here, and
    "neutral" where there were none; with {one}, {many}, {text} and {texts} where the site's own words go.
    """

    records: int
    seed: int
    shuffles: int
    baseline: str
    neutral: int
    trust: Trust | None
    hybrids: Hybrids | None
    planted: Planted | None
    sentences: ErasureMetrics | None
    tokens: ErasureMetrics | None
    randomised: Randomised | None
    reasons: Mapping[str, str] = field(default_factory=dict)


def measure(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    neutral: Sequence[str] = (),
    labels: Sequence[int | None] | None = None,
    randomised: Sequence[Callable[[], Classifier]] | str = (),
    tables: Sequence[Table | None] | None = None,
    shares: Sequence[Array | None] | None = None,
    alone: Sequence[ReadAlone | None] | None = None,
    seed: int = 0,
    hybrids: int = HYBRIDS,
    exact: int = EXACT,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[float], None] = lambda _: None,
) -> Faithfulness:
    """Run all checks of `classifier` on records whose leave-one-out effects are `occlusions`.

    neutral: sentences that say nothing of either class; without any there is no check that needs them. labels: each
    record's class, 1 positive, 0 negative, None where it has none. randomised: what makes models of the same
    architecture with fresh random weights, or why there are none. tables, shares, alone: of each record, what is known
    already; see measures.py. exact: the most sentences whose subsets are all read. threshold: from which probability on
    a text is predicted positive. baseline: that of the occlusions. seed: not negative. progress: gets the fraction
    done, 0 to 1. Nothing is raised for a small corpus: what cannot be computed is None and has its reason.
    """
    models = () if isinstance(randomised, str) else randomised
    total = 2 * len(occlusions) + hybrids + PLANTED + len(models) * RECORDS
    done = 0

    def advance(steps: int) -> None:
        nonlocal done
        done += steps
        progress(min(done / total, 1.0))

    records = measured(
        occlusions, classifier, tables=tables, shares=shares, alone=alone, exact=exact, baseline=baseline
    )
    without_meaning = neutral_pieces(neutral, classifier)
    found = sources(records, labels or [None] * len(records), threshold=threshold)
    mixed = try_hybrids(
        found,
        classifier,
        neutral=without_meaning,
        seed=seed,
        documents=hybrids,
        threshold=threshold,
        baseline=baseline,
        progress=advance,
    )
    planted = try_planted(found, classifier, neutral=without_meaning, seed=seed, baseline=baseline, progress=advance)
    trusted = trust(_given(mixed), _given(planted))
    sentences = erase_sentences(
        records, classifier, seed=seed, exact=exact, threshold=threshold, baseline=baseline, progress=advance
    )
    tokens = erase_tokens(records, classifier, seed=seed, threshold=threshold, baseline=baseline, progress=advance)
    correlation = (
        randomised
        if isinstance(randomised, str)
        else compare_randomised(
            records,
            models,
            zero=zero_alone(without_meaning, classifier),
            neutral=neutral,
            baseline=baseline,
            progress=advance,
        )
    )
    progress(1.0)
    reasons = {
        "neutral": "" if without_meaning else "There are no neutral sentences in this site's language.",
        "hybrids": mixed if isinstance(mixed, str) else "",
        "planted": planted if isinstance(planted, str) else "",
        "trust": trusted if isinstance(trusted, str) else "",
        "sentences": "" if sentences else "No {text} has two sentences, the fewest that have an order.",
        "tokens": "" if tokens else "No {one} has two words that the model reads, the fewest that have an order.",
        "randomised": correlation if isinstance(correlation, str) else "",
    }
    return Faithfulness(
        records=len(occlusions),
        seed=seed,
        shuffles=SHUFFLES,
        baseline=baseline.name,
        neutral=len(without_meaning),
        trust=_given(trusted),
        hybrids=None if isinstance(mixed, str) else mixed.result,
        planted=None if isinstance(planted, str) else planted.result,
        sentences=sentences,
        tokens=tokens,
        randomised=_given(correlation),
        reasons={name: reason for name, reason in reasons.items() if reason},
    )


def _given(result: Result | str) -> Result | None:
    """The result; None where there is a reason in its place."""
    return None if isinstance(result, str) else result


def as_json(value: Any) -> Any:
    """A result as dicts, lists, numbers, strings and None, which survive a round trip through JSON unchanged."""
    if is_dataclass(value):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value


def from_json(data: Mapping[str, Any]) -> Faithfulness:
    """The result from which `as_json` made `data`; raises ValueError where `data` has another shape."""
    try:
        result = _built(Faithfulness, data)
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"not a faithfulness result: {error}") from None
    assert isinstance(result, Faithfulness)
    return result


def _built(kind: Any, data: Any) -> Any:
    if get_origin(kind) is UnionType:  # X | None
        return None if data is None else _built(get_args(kind)[0], data)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _built(hints[name], data[name]) for name in hints})  # type: ignore[operator]
    if get_origin(kind) is tuple:
        kinds = get_args(kind)
        kinds = kinds[:1] * len(data) if kinds[1:] == (...,) else kinds
        return tuple(_built(one, item) for one, item in zip(kinds, data, strict=True))
    return dict(data) if isinstance(data, Mapping) else data
