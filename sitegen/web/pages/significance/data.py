"""The test of significance as data: what data/significance.json holds."""

from __future__ import annotations

from typing import Any

import numpy as np

from sitegen.analysis.significance.strata import Position
from sitegen.analysis.significance.test import P_LEVEL, Evidence, Significance, Standing, Status
from sitegen.config import Site
from sitegen.web.pages.significance.by_class import ClassResults
from sitegen.web.text.verdicts import REFUSALS


def significance_json(site: Site, *, significance: Significance, evidence: Evidence) -> dict[str, Any]:
    """Every count and threshold of the test, as `json` writes it; None where there is no number.

    Statuses and standings are counted under their names in lower case. Lengths are in tokens, effects in log-odds;
    a bin of lengths has `from` and `to`, both included, None where it is open.
    """
    tested = ClassResults.of(significance, evidence, names=site.classes.names)
    counts, null = significance.counts, site.significance.null
    edges = significance.edges.tolist()
    return {
        "model": site.models[0].name,
        "baseline": site.occlusion.baseline,
        "records": evidence.label.size,
        "standings": {item.name.lower(): int(np.sum(evidence.standing == item)) for item in Standing},
        "labelled": int(np.sum(evidence.label >= 0)),
        "sentences": significance.status.size,
        "statuses": {status.name.lower(): counts[status] for status in Status},
        "refused": {status.name.lower(): counts[status] for status in REFUSALS},
        "hypotheses": significance.hypotheses,
        "discoveries": significance.discoveries,
        "needed": significance.needed,
        "possible": significance.possible,
        "calibrated": significance.calibrated,
        "alpha": significance.alpha,
        "rule": {"q": f"q <= {significance.alpha:g}", "p": f"p <= {P_LEVEL:g}", "none": None}[significance.tau_rule],
        "stratified": significance.stratified,
        "kept_out_of_noise": {
            "records": int(np.sum(~evidence.null)),
            "column": null.column if null else None,
            "values_kept": list(null.values) if null else None,
            "reason": null.reason if null else None,
        },
        "lengths": [
            {"from": low, "to": high, "spread": spread}
            for low, high, spread in zip(
                [None, *edges], [*(edge - 1 for edge in edges), None], significance.spread.tolist(), strict=True
            )
        ],
        "classes": [_class(tested, y) for y in (1, 0)],
    }


def _class(tested: ClassResults, y: int) -> dict[str, Any]:
    found, judged, passed = tested.significance, tested.judged[y], tested.passed(y)
    bins = range(found.edges.size + 1)
    return {
        "class": tested.names[y],
        "label": y,
        "noise": {position.name.lower(): int(found.pools[y, position]) for position in Position},
        "judged": int(judged.sum()),
        "passed": int(passed.sum()),
        "lengths": [
            {
                "judged": int(np.sum(judged & (found.bin == b))),
                "passed": int(np.sum(passed & (found.bin == b))),
                "tau": None if np.isnan(found.tau[y, b]) else float(found.tau[y, b]),
            }
            for b in bins
        ],
    }
