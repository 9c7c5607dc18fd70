"""The words the model does not know: how many, which, and the chart."""

from __future__ import annotations

from sitegen.analysis.corpus.overview import UnknownWord, Vocabulary
from sitegen.web.pages.corpus.unknown import unknown
from tests.web.pages.corpus.charts import drawn
from tests.web.papers import PALETTE


def found(vocabulary: Vocabulary):
    return unknown(vocabulary, papers=9, palette=PALETTE)


def test_unknown_words_are_counted():
    words = tuple(UnknownWord(word=f"w{k}", occurrences=30 - k, records=1, example=0) for k in range(30))
    finding = found(Vocabulary(tokens=4000, unknown=435, records=2, words=words))
    assert finding.answer[0] == (
        "Of 4,000 words in titles and abstracts it does not know 435 (11%): 30 different ones, in 2 of 9 papers."
    )
    drawn(finding.chart)
    (rows,) = finding.chart["datasets"].values()
    assert [row["word"] for row in rows] == [f"w{k}" for k in range(20)]
    all_known = found(Vocabulary(tokens=4000, unknown=0, records=0, words=()))
    assert all_known.answer == ("It knows all 4,000 words of these papers.",)
    assert all_known.chart is None
