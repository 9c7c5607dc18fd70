"""What the page about truth says of the inside of a network."""

from __future__ import annotations

from dataclasses import replace

from sitegen.analysis.faithfulness.measures import LEAVE_ONE_OUT, READ_ALONE, SHARE
from sitegen.analysis.network.truth import NetworkTruth, RankAgreement, Together
from sitegen.web.components import Finding
from sitegen.web.pages.faithfulness.network import network_finding
from tests.web.papers import PALETTE

TRUTH = NetworkTruth(
    models=2,
    random=RankAgreement(mean=0.08, error=0.043, papers=100),
    learned=RankAgreement(mean=-0.06, error=0.048, papers=100),
    top=4.51e-7,
    together=(Together(field="abstract", layer=0, together=0.743, alone=0.4895, correlation=0.9946),),
)
AGREEMENT = {
    SHARE: RankAgreement(mean=0.509, error=0.034, papers=104),
    LEAVE_ONE_OUT: RankAgreement(mean=0.373, error=0.04, papers=104),
    READ_ALONE: RankAgreement(mean=0.461, error=None, papers=1),
}


def finding(truth: NetworkTruth, agreement: dict[str, RankAgreement | None], *, papers: int) -> Finding:
    return network_finding(truth, agreement, papers=papers, palette=PALETTE)


def test_every_number_of_the_answer_is_in_the_table() -> None:
    found = finding(TRUTH, AGREEMENT, papers=50)
    assert found.answer[0].startswith("In part. ")
    assert "+0.51" in found.answer[0]
    assert "+0.37" in found.answer[0]
    assert found.values is not None
    rows = {name: (result, error, papers) for name, result, error, papers in found.values.rows}
    assert rows["written evidence and its share, rank correlation by sentence"] == ("+0.51", "0.03", "104")
    assert rows["written evidence and alone, rank correlation by sentence"] == ("+0.46", "", "1")
    assert rows["random weights: their evidence and their leave-one-out"] == ("+0.08", "0.04", "100")
    assert rows["evidence of this network and of those with random weights"][:2] == ("−0.06", "0.05")
    assert rows["a unit of the top layer held: run and part differ by at most"] == ("5e-07", "", "50")
    assert rows["half of layer 1 held, abstract: mean size of the change"] == ("0.74", "", "50")
    assert rows["half of layer 1 held, abstract: of the sum of single changes"] == ("0.49", "", "50")
    text = " ".join(found.answer)
    for number in ("+0.08", "−0.06", "5e-07", "0.74 together, 0.49 added up"):
        assert number in text


def test_the_verdict_follows_the_agreement_with_the_leading_measure() -> None:
    def first(mean: float) -> str:
        agreement = {**AGREEMENT, SHARE: RankAgreement(mean=mean, error=0.1, papers=9)}
        return finding(TRUTH, agreement, papers=50).answer[0]

    assert [first(mean).partition(".")[0] for mean in (0.9, 0.5, 0.1, -0.4)] == [
        "Mostly",
        "In part",
        "Hardly",
        "Hardly",
    ]
    without = finding(TRUTH, {**AGREEMENT, SHARE: None}, papers=50).answer[0]
    assert "leave-one-outs to a degree of +0.37" in without


def test_what_is_not_known_is_not_told() -> None:
    truth = replace(TRUTH, random=None, learned=None, together=())
    found = finding(truth, {SHARE: None, LEAVE_ONE_OUT: None, READ_ALONE: None}, papers=1)
    assert "nothing can be compared" in found.answer[0]
    assert "random weights" not in " ".join(found.answer)
    assert found.values is not None
    assert len(found.values.rows) == 1
