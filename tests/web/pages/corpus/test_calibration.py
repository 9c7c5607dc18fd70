"""Whether 80% is 80%: the answer by the groups that hold, and the chart."""

from __future__ import annotations

import numpy as np

from sitegen.analysis.corpus.calibration import reliability
from sitegen.config import Classes
from sitegen.web.pages.corpus.calibration import calibration
from tests.web.pages.corpus.charts import drawn, rows
from tests.web.papers import PALETTE

CLASSES = Classes(positive="computational", negative="not computational")


def found(*pairs: tuple[float, int]):
    p, labels = np.array([p for p, _ in pairs]), np.array([label for _, label in pairs], dtype=np.int64)
    return calibration(reliability(p, labels), classes=CLASSES, palette=PALETTE)


def test_calibration_is_judged_by_the_groups_that_hold():
    honest = [(0.85, int(k < 34)) for k in range(40)]
    wrong = [(0.15, int(k < 30)) for k in range(40)]
    worse = [(0.25, 1)] * 40
    assert found(*honest).answer[0].startswith("As far as 40 labelled papers can tell, yes: in 1 of 1 group of")
    assert found(*honest, *wrong).answer[0].startswith("Not everywhere: in 1 of 2 groups")
    assert found(*honest, *[(0.15, 1)] * 4).answer[0].startswith("Nearly: in 1 of 2 groups")
    assert found(*honest, *wrong[:10]).answer[1] == (
        "Of 10 papers that it gave 10% to 20%, the one that does not, it said 15% on average; 10 (100%) are labelled "
        "“computational”."
    )
    assert "the largest of those that do not, it said 15%" in found(*honest, *wrong, *worse[:9]).answer[1]
    assert found(*honest, *wrong, *worse).answer[0].startswith("Not everywhere: in 1 of 3 groups")
    assert found(*worse).answer[0].startswith("No: in 0 of 1 group")
    assert found(*honest[:8]).answer[0].startswith("8 labelled papers cannot tell; in 1 of 1 group")
    assert found(*honest).answer[1] == (
        "It gave 40 papers 80% to 90%, 85% on average; 34 of them (85%) carry the label “computational”."
    )
    assert found((0.85, 1), (0.86, 0)).answer[1].endswith("1 of them (50%) carries the label “computational”.")
    assert found((0.85, 1)).answer[1] == "It gave 1 labelled paper 80% to 90%, 85%; it carries “computational”."
    assert found(*wrong).answer[2] == "It gave no labelled paper 80% to 90%."
    assert "differ by 30.0 percentage points" in found(*honest, *wrong).answer[3]  # (0 + 60) / 2
    assert found(*worse).values.rows == (("20–30%", "40", "25%", "40 (100%)", "91% to 100%"),)


def test_without_labels_nobody_can_say():
    finding = found()
    assert finding.answer == ("That cannot be said: these papers have no labels to compare with.",)
    assert finding.chart is None


def test_each_bin_stands_at_what_was_said():
    spec = found((0.05, 0), (0.45, 1), (0.95, 1)).chart
    drawn(spec)
    assert rows(spec, said=0)[1] == {
        "from": 0.4,
        "to": 0.5,
        "papers": 1,
        "positive": 1,
        "said": 0.45,
        "share": 1.0,
        "low": 0.2065,
        "high": 1.0,
        "text": "45%",
        "labelled": "1 (100%)",
        "between": "21% to 100%",
    }
