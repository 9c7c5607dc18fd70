"""Would the same model, trained again from another seed, give the same share to a sentence? Checkpoints compared.

Several checkpoints of one model, trained alike but for the seed, each give the sentence an effect D: its share, or its
leave-one-out effect where shares are turned off. Their mean, its t-interval and the part of the checkpoints that agree
with the mean in sign say how much of the effect belongs to the training run. A sentence is *stable* where the interval
excludes 0. That is another question than what the test asks: seeds share the training texts and so the accidents in
them, and most sentences are stable.

The interval is mean ± t s / sqrt(R), with s the standard deviation over the R checkpoints and t of R - 1 degrees of
freedom: 12.7 for two checkpoints, 4.3 for three, 2.8 for five. It takes effects to be normal over seeds, and the seeds
to be a sample of all; with two or three it is wide, as it should be.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64
from scipy.stats import t

from sitegen.analysis.attribution.occlusion import ZERO
from sitegen.corpus.arrays import Array, read_only

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """Effects of M sentences over several checkpoints.

    mean, low, high (M,): the mean effect and the ends of its 95% interval, in log-odds. agreement (M,): share of
    the checkpoints whose effect has the mean's sign; an effect below ZERO agrees with none, and where the mean is
    below it, too, the share is 0. stable (M,): whether the interval excludes 0.
    """

    mean: Array
    low: Array
    high: Array
    agreement: Array
    stable: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", read_only(self.mean, np.float64, (-1,)))
        m = self.mean.size
        for name, dtype in (("low", np.float64), ("high", np.float64), ("agreement", np.float64), ("stable", np.bool_)):
            object.__setattr__(self, name, read_only(getattr(self, name), dtype, (m,)))


def stability(effects: Float64[np.ndarray, "R M"]) -> Stability:
    """How far R checkpoints agree on M sentences.

    effects: in log-odds, one row a checkpoint, all of the same sentences. ValueError for fewer than two checkpoints,
    which have no spread, and for effects that are not finite.
    """
    checkpoints = effects.shape[0]
    if checkpoints < 2:
        raise ValueError(f"an interval needs at least 2 checkpoints, got {checkpoints}")
    if not np.isfinite(effects).all():
        raise ValueError("effects must be finite")
    mean = effects.mean(axis=0)
    half = t.ppf(0.5 + LEVEL / 2, checkpoints - 1) * effects.std(axis=0, ddof=1) / checkpoints**0.5
    low, high = mean - half, mean + half
    some = np.abs(mean) >= ZERO
    same = (np.sign(effects) == np.sign(mean)) & (np.abs(effects) >= ZERO)
    return Stability(
        mean=mean,
        low=low,
        high=high,
        agreement=np.where(some, same.mean(axis=0), 0.0),
        stable=some & ((low > 0) | (high < 0)),
    )
