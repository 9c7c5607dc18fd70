"""How far a random piece of the same abstract moves the margin: each sentence's band of random spans.

An effect is a number without a scale: hiding any twenty words of an abstract does something. So for every sentence
SPANS random spans of as many tokens are hidden, too, each on its own, and the band from the 5% to the 95% quantile of
their effects is drawn beside the sentence's effect. A sentence outside its band does more than a piece cut without
regard to sense; inside it, its being a sentence explains nothing. The band needs no labels and no other record, so
every record has it.

It is no test: a span cut at random would lie outside one time in ten, too, and spans that overlap the sentence share
its effect. The test is in analysis/significance. The one time in ten holds by the choice of the quantile: of m values
that could have come in any order a further one lies below the k-th smallest with probability k / (m + 1), which is
Weibull's plotting position. The usual interpolation at (m - 1) p takes nearly twice as many at m = 20.

Spans start anywhere from the first token to the last place where they fit, each start at most once. Where there are
no more than SPANS such places, all of them are taken: a long sentence of a short abstract has a band of few spans, and
an abstract's only sentence has the band of one span, itself.

Spans are drawn from the text alone: the seed is a hash of the abstract's tokens and the span's length. So a band
depends neither on the other records nor on their order nor on the model, sentences of equal length share their spans,
and the same text gets the same band tomorrow.

Cost: at most 20 S texts of about A (1 - 1/S) words, for S sentences of A tokens; fewer where sentences share a
length. For 8 sentences of 23 tokens that is about as much as leaving out each word once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import SegmentedText
from sitegen.models.protocol import Range, Tokens

SPANS = 20
QUANTILES = (0.05, 0.95)


def text_generator(tokens: Tokens, *, seed: int) -> np.random.Generator:
    """Random numbers that depend on a text and a seed alone."""
    digest = hashlib.sha256("\n".join(tokens).encode("utf-8", errors="surrogatepass")).digest()
    return np.random.default_rng([seed, *np.frombuffer(digest, dtype="<u4").tolist()])


def random_spans(text: SegmentedText) -> list[list[Range]]:
    """For each sentence up to SPANS half-open token ranges of its length, in the order of the text."""
    n = len(text.tokens)
    lengths = [end - start for start, end in text.sentence_ranges]
    spans: dict[int, list[Range]] = {}
    for length in sorted(set(lengths)):
        places = n - length + 1
        starts = np.arange(places)
        if places > SPANS:
            drawn = text_generator(text.tokens, seed=length).choice(places, size=SPANS, replace=False)
            starts = np.sort(drawn)
        spans[length] = [(start, start + length) for start in starts.tolist()]
    return [spans[length] for length in lengths]


def span_bands(effects: Sequence[Float[np.ndarray, " _"]]) -> Float[np.ndarray, "S 2"]:
    """For each sentence the 5% and 95% quantiles of the effects of its random spans, in the unit of these effects."""
    bands: Array = np.array([np.quantile(values, QUANTILES, method="weibull") for values in effects]).reshape(-1, 2)
    return bands
