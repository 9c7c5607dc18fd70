"""Do the explanations depend on what the model has learned? The same, by models that have learned nothing.

A method that ranks sentences alike for a trained model and for one with fresh random weights shows the text, its
lengths and places, and not the model. So the leave-one-out effects of the same records are computed with models of
the same architecture and word vectors whose weights are drawn anew, and within each record Spearman's correlation is
taken between the two models' |D|, each divided by the spread of effects of sentences of that length, since longer
sentences move any model more. The mean over records should be near zero: at most LIMIT either way.

n + 1 encodings a record and model. Records with fewer than three sentences, and those where either model moves with no
sentence or with all alike, have no rank correlation and are left out.

After Adebayo et al. (2018), "Sanity checks for saliency maps": their model parameter randomization test, all layers
at once.
"""

from __future__ import annotations

from dataclasses import dataclass

LIMIT = 0.2  # largest |correlation| that passes


@dataclass(frozen=True, slots=True, kw_only=True)
class Randomised:
    """Mean rank correlation within a record between the model's |D| and those of randomised models.

    records: those compared; left_out: the others. error: standard error over the records, None for a single one.
    by_model: the mean for each randomised model. limit: the largest |correlation| that passes.
    """

    records: int
    left_out: int
    correlation: float
    error: float | None
    by_model: tuple[float, ...]
    limit: float

    @property
    def passes(self) -> bool:
        """Whether the correlation is near enough to zero."""
        return abs(self.correlation) <= self.limit
