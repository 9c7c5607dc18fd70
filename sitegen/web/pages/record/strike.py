"""What a record's page needs to take sentences and the title out and say at once what the model answers then.

The answers are known, none is estimated: exact shares rest on the margins of all 2^S subsets of the sentences
(Shapley.subsets), and the page carries that table. What a page has in full digits anyway its script takes from there
(templates/assets/strike.js): the answer without one sentence, without the title, of the title alone, of nothing.

*Form.* A table is written in fixed point, margin = scale * step, as little-endian int16 in base64: 2,732 characters for
10 sentences. A step is the 32,767th part of the largest margin: where margins reach up to 26 either way, none is more
than .0004 off and no probability more than a hundredth of a point; where they reach up to 10, .004 points. Floats of 16
bits would be as short, but fine where it does not matter and coarse where it does: just above 2 they lie .002 apart,
which puts a probability of 88% up to .0103 points off.

*Sums.* Where sentences add up, taking some out takes away what each does by itself, and the page needs no table: its
effects of single sentences are all there is to know. Whether they do is looked up in the table, at every subset of it.

*Title.* Taking out the title moves every margin of an additive model by one and the same number. Of any other model the
page needs a second table (analysis/attribution/untitled.py).

*Replaced.* Where the site's baseline puts something in the place of hidden text, it stands for the sentences that are
taken out as well, so all sentences taken out are not the title alone. A title that is taken out is always left out.
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
from jaxtyping import Float

from sitegen.analysis.attribution.masking import subset_masks
from sitegen.analysis.attribution.occlusion import AdditiveGrid, Occlusion
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, Shapley

STEPS = 32767  # of the fixed point, to either side of 0
ALIKE = 1e-6  # of the largest margin, or of 10 where all are smaller: what float32 leaves of a sum


def strike_data(
    occlusion: Occlusion,
    alone: ReadAlone,
    *,
    shapley: Shapley | None,
    untitled: Float[np.ndarray, " subsets"] | None,
    replaced: bool,
) -> dict[str, Any]:
    """The data under "strike" of a record's page.

    untitled: the margins of all subsets of the sentences without the title, (2^S,), where they are known. replaced:
    whether the baseline replaces hidden text.

    margins, scale: the table of all subsets of sentences under the title, bit i of the index saying that sentence i is
    kept; None and 0 where it is not known, or where there is "sums": each answer is then the whole less the effects of
    the sentences that are taken out. untitled: the same without the title; or the one number, in log-odds, that every
    margin moves by when the title is taken out; or None. replaced: as given. why: a sentence for readers on what cannot
    be taken out together, "" where everything can. Raises ValueError where a table is not of these sentences.
    """
    table = shapley.subsets if shapley is not None and shapley.method == "exact" else None
    n = occlusion.sentences.size
    for subsets in (table, untitled):
        if subsets is not None and subsets.size != 1 << n:
            raise ValueError(f"a table of {subsets.size} subsets is not one of {n} sentences")
    offset = _offset(occlusion, alone)
    second = offset if offset is not None or untitled is None else packed(untitled)
    sums = table is not None and _adds_up(table, occlusion)
    return {
        **({"margins": None, "scale": 0.0} if table is None or sums else packed(table)),
        **({"sums": True} if sums else {}),
        "untitled": second,
        "replaced": replaced,
        "why": _why(n, shapley, several=table is not None, together=second is not None, replaced=replaced),
    }


def packed(margins: Float[np.ndarray, " n"]) -> dict[str, Any]:
    """Margins in fixed point: {"margins": base64 of little-endian int16, "scale": log-odds a step}."""
    exact = np.asarray(margins, dtype=np.float64)
    scale = float(np.abs(exact).max(initial=0.0)) / STEPS or 1.0
    steps = np.rint(exact / scale).astype("<i2")
    return {"margins": base64.b64encode(steps.tobytes()).decode("ascii"), "scale": scale}


def _adds_up(table: Float[np.ndarray, " subsets"], occlusion: Occlusion) -> bool:
    """Whether each margin of the table is the whole less the effects of the sentences that are not kept."""
    effects = occlusion.sentences.astype(np.float64)
    out = ~subset_masks(effects.size)
    largest = max(10.0, float(np.abs(table).max()))
    return bool(np.abs(occlusion.margin - out @ effects - table).max() <= ALIKE * largest)


def _offset(occlusion: Occlusion, alone: ReadAlone) -> float | None:
    """The number that every margin moves by when the title is taken out; None where there is no such number."""
    if not occlusion.title_known.any():  # there is no title to the model
        return 0.0
    return alone.abstract - occlusion.margin if isinstance(occlusion.grid, AdditiveGrid) else None


def _why(n: int, shapley: Shapley | None, *, several: bool, together: bool, replaced: bool) -> str:
    """Why some pieces cannot be taken out together; see `strike_data`.

    several: whether the answers without several sentences are known; together: whether those without the title and
    sentences are. By deletion the answers without any sentence are known in any case.
    """
    limited = not several and n > (1 if replaced else 2)
    apart = not together and n > (0 if replaced else 1)
    if not limited:
        return (
            "The title cannot be taken out together with sentences: the model reads both at once, and its answers "
            "without the title were not computed."
            if apart
            else ""
        )
    if n > EXACT_LIMIT:
        reason = f"more than {EXACT_LIMIT} sentences have too many combinations to ask the model about each"
    elif shapley is not None:
        reason = "the model was asked about a sample of their combinations only"
    else:
        reason = "the model is asked about their combinations when shares are computed, which is turned off here"
    return f"Only one sentence{', or the title,' if apart else ''} can be taken out at a time: {reason}."
