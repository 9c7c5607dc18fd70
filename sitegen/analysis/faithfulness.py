"""How truthful the attributions of one model are, on a corpus: all checks together, and their results as JSON.

    tokens, sentences   what becomes of predictions as the segments named important go (erasure.py, orders.py)
    pointing            does the strongest sentence come from where the class comes from (pointing.py)
    randomised          do the attributions change when the model's weights do (randomised.py)

None of them needs annotations. What is checked is leave-one-out, the default attribution. The corpus should be texts
that the model was not trained on: for those it knows by heart its probabilities are nearer to 0 and 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from types import UnionType
from typing import Any, get_args, get_origin, get_type_hints

from sitegen.analysis.erasure import UnitFaithfulness
from sitegen.analysis.pointing import Pointing
from sitegen.analysis.randomised import Randomised

__all__ = ["Faithfulness", "as_json", "from_json"]


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
    tokens: UnitFaithfulness | None
    sentences: UnitFaithfulness | None
    pointing: Pointing | None
    randomised: Randomised | None
    reasons: Mapping[str, str] = field(default_factory=dict)


def as_json(value: Any) -> Any:
    """A result as dicts, lists, numbers, strings and None: what `json` writes and reads back unchanged."""
    if is_dataclass(value):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_json(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    return value


def from_json(data: Mapping[str, Any]) -> Faithfulness:
    """The result that `as_json` made `data` of; ValueError where it is not of this shape."""
    try:
        result = _built(Faithfulness, data)
    except (KeyError, TypeError) as error:
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
        return tuple(data)
    return dict(data) if isinstance(data, Mapping) else data
