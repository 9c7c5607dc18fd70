"""How truthful the attributions of one model are, on a corpus: all checks together, and their results as JSON.

    tokens, sentences   do the segments named important matter (erasure.py; trials.py, curves.py and orders.py)
    pointing            does the strongest sentence come from where the class comes from (pointing.py)
    randomised          do the attributions change when the model's weights do (randomised.py)

None of them needs annotations. What is checked is leave-one-out, the default attribution. The corpus should be texts
that the model was not trained on: for those it knows by heart its probabilities are nearer to 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.faithfulness.erasure import EXACT, SHUFFLES, ErasureMetrics
from sitegen.analysis.faithfulness.pointing import HYBRIDS, Pointing, pointing_game
from sitegen.analysis.faithfulness.randomised import Randomised, compare_randomised
from sitegen.analysis.faithfulness.trials import Table, erase_sentences, erase_tokens
from sitegen.models.protocol import Classifier

__all__ = ["Faithfulness", "as_json", "from_json", "measure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """The results of all checks of one model.

    records: of the corpus; each result says how many it is based on. seed: of all that is random. shuffles: random
    orders a record. baseline: what stood in for what was hidden. reasons: why something is not there, in a sentence for
    people, under its name: what is None here, and "bounds" where some records have no best and worst order.
    """

    records: int
    seed: int
    shuffles: int
    baseline: str
    tokens: ErasureMetrics | None
    sentences: ErasureMetrics | None
    pointing: Pointing | None
    randomised: Randomised | None
    reasons: Mapping[str, str] = field(default_factory=dict)


def measure(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    labels: Sequence[int | None] | None = None,
    randomised: Sequence[Callable[[], Classifier]] | str = (),
    tables: Sequence[Table | None] | None = None,
    seed: int = 0,
    hybrids: int = HYBRIDS,
    shapley: bool = True,
    exact: int = EXACT,
    threshold: float = 0.5,
    baseline: Baseline = DELETED,
    progress: Callable[[float], None] = lambda _: None,
) -> Faithfulness:
    """Run all checks of `classifier` on records whose leave-one-out effects are `occlusions`.

    labels: each record's class, 1 positive, 0 negative, None where it has none. randomised: what makes models of the
    same architecture with fresh random weights, or why there are none. tables: see `erase_sentences`. shapley: whether
    the pointing game is played with Shapley values, too. threshold: from which probability on a text is predicted
    positive. baseline: that of the occlusions. seed: not negative. progress: gets the fraction done, 0 to 1. Nothing is
    raised for a small corpus: what cannot be computed is None and has its reason.
    """
    models = () if isinstance(randomised, str) else randomised
    total = len(occlusions) * (2 + len(models)) + hybrids
    done = 0

    def advance(steps: int) -> None:
        nonlocal done
        done += steps
        progress(done / total)

    tokens = erase_tokens(occlusions, classifier, seed=seed, threshold=threshold, baseline=baseline, progress=advance)
    sentences = erase_sentences(
        occlusions,
        classifier,
        seed=seed,
        exact=exact,
        tables=tables,
        threshold=threshold,
        baseline=baseline,
        progress=advance,
    )
    pointing = pointing_game(
        occlusions,
        classifier,
        labels=labels,
        seed=seed,
        hybrids=hybrids,
        shapley=shapley,
        threshold=threshold,
        baseline=baseline,
        progress=advance,
    )
    correlation = (
        randomised
        if isinstance(randomised, str)
        else compare_randomised(occlusions, models, baseline=baseline, progress=advance)
    )
    progress(1.0)
    reasons = {
        "tokens": "" if tokens else "No record has two words that the model reads, the fewest that have an order.",
        "sentences": "" if sentences else "No abstract has two sentences, the fewest that have an order.",
        "bounds": _without_bounds(sentences, exact) if sentences else "",
        "pointing": pointing if isinstance(pointing, str) else "",
        "randomised": correlation if isinstance(correlation, str) else "",
    }
    return Faithfulness(
        records=len(occlusions),
        seed=seed,
        shuffles=SHUFFLES,
        baseline=baseline.name,
        tokens=tokens,
        sentences=sentences,
        pointing=None if isinstance(pointing, str) else pointing,
        randomised=None if isinstance(correlation, str) else correlation,
        reasons={name: reason for name, reason in reasons.items() if reason},
    )


def _without_bounds(sentences: ErasureMetrics, exact: int) -> str:
    bounds = sentences.comprehensiveness.bounds
    lacking = sentences.records - (bounds.records if bounds else 0)
    if not lacking:
        return ""
    return (
        f"{lacking} of {sentences.records} abstracts have more than {exact} sentences: too many orders to know the "
        f"best and the worst."
    )


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
