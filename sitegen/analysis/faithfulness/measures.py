"""The three measures that every check sets side by side, and their values for each record.

    share           what a sentence did here: its Shapley value            analysis/attribution/shapley.py
    read_alone      what it says: its margin without anything around it    analysis/attribution/read_alone.py
    leave_one_out   whether it was needed: the whole less the rest         analysis/attribution/occlusion.py

They answer different questions, so none is right where the others are wrong. But readers take all of them for one
thing, what matters most to the model, and that can be put to the test. Words have no share: there are too many of them.

What is read alone has no zero of its own. Within a record only the order counts, where none is needed; where sizes
count, the median of the neutral sentences is taken for zero, and without those what the model says to an empty text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Float64

from sitegen.analysis.attribution.baselines import DELETED, Baseline
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone, read_alone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, shapley
from sitegen.corpus.arrays import Array, read_only
from sitegen.models.protocol import Classifier

SHARE, READ_ALONE, LEAVE_ONE_OUT = "share", "read_alone", "leave_one_out"
MEASURES = (SHARE, READ_ALONE, LEAVE_ONE_OUT)
"""Of sentences, in the order in which every result has them."""

WORD_MEASURES = (LEAVE_ONE_OUT, READ_ALONE)
"""Of words, likewise."""

RECORDS_PER_CALL = 16  # whose texts are read together: bounds memory, not results

Table = Float[np.ndarray, " _"]  # 2^n margins; each record has its own n


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One record, and the values of its sentences and words by each measure, in log-odds.

    sentences (3, S): by MEASURES. words (2, n + m): of the tokens of title and abstract, by WORD_MEASURES. table: the
    margins v(S) of all subsets of its sentences, (2^S,), bit i of S set where sentence i is kept; None where they are
    not known.
    """

    occlusion: Occlusion
    sentences: Array
    words: Array
    table: Array | None

    def __post_init__(self) -> None:
        n = len(self.occlusion.document.title.tokens) + len(self.occlusion.document.abstract.tokens)
        shape = (len(MEASURES), self.occlusion.sentences.size)
        object.__setattr__(self, "sentences", read_only(self.sentences, np.float64, shape))
        object.__setattr__(self, "words", read_only(self.words, np.float64, (len(WORD_MEASURES), n)))

    @property
    def alone(self) -> Float64[np.ndarray, " S"]:
        """The sentences read alone."""
        values: Array = self.sentences[MEASURES.index(READ_ALONE)]
        return values


def measured(
    occlusions: Sequence[Occlusion],
    classifier: Classifier,
    *,
    tables: Sequence[Table | None] | None = None,
    shares: Sequence[Array | None] | None = None,
    alone: Sequence[ReadAlone | None] | None = None,
    exact: int = EXACT_LIMIT,
    baseline: Baseline = DELETED,
) -> list[Measured]:
    """The values of all records by all measures; what is given is not computed again.

    tables, shares (S,), alone: of each record, None where they are not known (an empty table is none). exact: up to how
    many sentences shares that must be computed are exact, and bring their tables.
    """
    nothing = [None] * len(occlusions)
    records = []
    for k in range(0, len(occlusions), RECORDS_PER_CALL):
        part = slice(k, k + RECORDS_PER_CALL)
        records += _measured(
            [
                _Known(occlusion=occlusion, table=table if table is not None and table.size else None, share=s, alone=a)
                for occlusion, table, s, a in zip(
                    occlusions[part],
                    (tables or nothing)[part],
                    (shares or nothing)[part],
                    (alone or nothing)[part],
                    strict=True,
                )
            ],
            classifier,
            exact=exact,
            baseline=baseline,
        )
    return records


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """One record with what is known of it already."""

    occlusion: Occlusion
    table: Array | None
    share: Array | None
    alone: ReadAlone | None


def _measured(known: Sequence[_Known], classifier: Classifier, *, exact: int, baseline: Baseline) -> list[Measured]:
    unshared = [k for k, one in enumerate(known) if one.share is None]
    unread = [k for k, one in enumerate(known) if one.alone is None]
    documents = [one.occlusion.document for one in known]
    computed = shapley([documents[k] for k in unshared], classifier, limit=min(exact, EXACT_LIMIT), baseline=baseline)
    full = list(known)
    for k, result in zip(unshared, computed, strict=True):
        table = result.subsets if full[k].table is None and result.subsets.size else full[k].table
        full[k] = replace(full[k], share=result.values, table=table)
    for k, read in zip(unread, read_alone([documents[k] for k in unread], classifier), strict=True):
        full[k] = replace(full[k], alone=read)
    return [_record(one) for one in full]


def _record(known: _Known) -> Measured:
    occlusion, alone = known.occlusion, known.alone
    assert known.share is not None
    assert alone is not None
    return Measured(
        occlusion=occlusion,
        sentences=np.stack([known.share, alone.sentences, occlusion.sentences]),
        words=np.stack(
            [
                np.concatenate([occlusion.title_words, occlusion.abstract_words]),
                np.concatenate([alone.title_words, alone.abstract_words]),
            ]
        ),
        table=None if known.table is None else known.table.astype(np.float64),
    )
