"""The baselines: all that may stand in for hidden text, each listed once.

A record is explained by comparing it with itself less something, and the *baseline* is what "less" means. Deletion is
the default: the word is gone and the rest is joined again, a text as someone might have written it. The others keep
the text's length and put a *stand-in* in the place of every hidden word: a token that the model reads although no text
has it. A place kept by a vector that no word has shows a recurrent network something it never met in training; these
baselines are there to compare with.

A new baseline is one more entry of BASELINES, and where it needs a token that no model reads yet, that token in the
model's `stand_ins`. Its name is what site.toml says under occlusion.baseline and a part of the store's keys, so a name
that is in use keeps its meaning.
"""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.errors import ConfigError
from sitegen.models.protocol import Classifier, ReadsStandIns


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """One way to hide text.

    name: in site.toml and in keys. wording: what becomes of hidden text, to follow "it is". stand_in: the entry of the
    model's `stand_ins` that replaces a hidden word, None where the word is deleted. unreadable: why a model may lack
    that entry, to follow "the model".
    """

    name: str
    wording: str
    stand_in: str | None = None
    unreadable: str = "cannot read a stand-in of that kind"

    @property
    def replaces(self) -> bool:
        """Whether something stands in the place of hidden text, which then keeps its length."""
        return self.stand_in is not None


DELETED = Baseline(name="deleted", wording="deleted, and the rest joined again")

BASELINES: dict[str, Baseline] = {
    baseline.name: baseline
    for baseline in (
        DELETED,
        Baseline(name="zero", stand_in="zero", wording="replaced by empty vectors (all zero)"),
        Baseline(name="mean", stand_in="mean", wording="replaced by the average word"),
        Baseline(
            name="unknown",
            stand_in="unknown",
            wording="replaced by the model's word for unknown words",
            unreadable="skips unknown words and its vocabulary has no entry for them, so that would be the same as "
            "deleted",
        ),
    )
}
"""By name, in the order in which messages list them."""


def stand_in(classifier: Classifier, baseline: Baseline) -> str | None:
    """The token that replaces hidden words, None where they are deleted.

    Raises ConfigError where the model cannot read any such token.
    """
    if baseline.stand_in is None:
        return None
    tokens = classifier.stand_ins if isinstance(classifier, ReadsStandIns) else {}
    token = tokens.get(baseline.stand_in)
    if token is not None:
        return token
    readable = ", ".join(
        f'"{other.name}"' for other in BASELINES.values() if other.stand_in is None or other.stand_in in tokens
    )
    raise ConfigError(f'baseline "{baseline.name}": the model {baseline.unreadable}. Use one of: {readable}.')
