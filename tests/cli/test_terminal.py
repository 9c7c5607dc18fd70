"""The reports at a terminal in the words of the site."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.analysis.significance.evidence import Standing
from sitegen.cli.terminal import show_single_file, show_site
from sitegen.pipeline.build import RenderReport
from sitegen.pipeline.single_file import SingleFile
from sitegen.web.inputs import SiteTotals
from sitegen.web.summary import Accuracy
from sitegen.web.text.nouns import Nouns


def report(*standings: Standing) -> RenderReport:
    """Of a site of essays, four of each standing."""
    accuracy = {standing: Accuracy(labelled=4, right=3) for standing in standings}
    totals = SiteTotals(papers=4, accuracy=accuracy, tested=0, passing=0)
    nouns = Nouns(one="essay", many="essays")
    return RenderReport(
        collection=None,  # type: ignore[arg-type]
        totals=totals,
        folder=Path("_site"),
        files=1,
        bytes=1,
        unchanged=False,
        nouns=nouns,
    )


def test_reports_call_records_what_the_site_calls_them(capsys: pytest.CaptureFixture[str]) -> None:
    show_site(report(*Standing), 1.0)
    show_site(report(Standing.TRAINING), 1.0)
    printed = capsys.readouterr().out
    for said in (
        "of held-out essays",
        "of essays that the model was",
        "of essays that decided",
        "of essays; the model",
    ):
        assert said in printed
    assert "Right     no labelled essay was held out\n" in printed
    show_single_file(SingleFile(file=Path("a.html"), bytes=1000, scores=None, site=report()))  # type: ignore[arg-type]
    printed += capsys.readouterr().out
    assert "one essay with all that its page needs" in printed
    assert "paper" not in printed
