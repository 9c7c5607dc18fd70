"""The test and its controls as data: what data/significance.json holds."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sitegen.analysis.significance.test import Mark, Standing, Why
from sitegen.config import Site
from sitegen.web.sentence_verdicts import Verdicts


def significance_json(site: Site, verdicts: Verdicts) -> dict[str, Any]:
    """Every count and threshold of the test, as `json` writes it; None where there is no number.

    Marks, reasons and standings are counted under their names in lower case. Lengths are in tokens, zero and tau in
    log-odds; a bin of lengths has `from` and `to`, both included, None where it is open.
    """
    evidence, found = verdicts.evidence, verdicts.significance
    return {
        "model": site.models[0].name,
        "records": evidence.label.size,
        "standings": {item.name.lower(): int(np.sum(evidence.standing == item)) for item in Standing},
        "labelled": int(np.sum(evidence.label >= 0)),
        "sentences": found.mark.size,
        "marks": {item.name.lower(): int(np.sum(found.mark == item)) for item in Mark},
        "without_q": {item.name.lower(): int(np.sum(found.why == item)) for item in Why if item is not Why.JUDGED},
        "alpha": found.alpha,
        "zero": evidence.zero,
        "neutral_sentences": verdicts.controls.neutral,
        "class_words": verdicts.controls.class_words,
        "permutations": verdicts.controls.permutations,
        "classes": [_class(verdicts, y) for y in (1, 0)],
    }


def _class(verdicts: Verdicts, y: int) -> dict[str, Any]:
    test, control = verdicts.significance.classes[y], verdicts.controls.classes[y]
    edges = test.edges.tolist()
    lengths = zip([None, *edges], [*(edge - 1 for edge in edges), None], strict=True)
    return {
        "class": verdicts.names[y],
        "label": y,
        "tested": test.family,
        "passed": test.passed,
        "null": test.null,
        "cut": test.cut,
        "needed": test.needed,
        "lengths": [
            {
                "from": low,
                "to": high,
                "tau": _number(test.tau[b]),
                "tau_low": _number(test.tau_low[b]),
                "tau_high": _number(test.tau_high[b]),
            }
            for b, (low, high) in enumerate(lengths)
        ],
        "neutral_passing": list(control.neutral),
        "stripped": control.stripped,
        "stripped_passing": control.stripped_passing,
        "permuted_p": _number(control.permuted_p),
        "permuted_passing": control.permuted_passing,
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
