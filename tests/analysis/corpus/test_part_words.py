"""The words of a part: the statistic of the negative controls, several records a word, the clearest first."""

from __future__ import annotations

from collections import Counter

from sitegen.analysis.corpus.part_words import LEAST_RECORDS, LEAST_Z, part_words
from sitegen.analysis.significance.negative_control import association

RECORDS = [
    *(Counter(court=30, the=50, judge=10) for _ in range(4)),
    Counter(court=1, the=20, once=300),
    *(Counter(the=50, survey=40) for _ in range(5)),
]
PART, WHOLE = RECORDS[:5], sum(RECORDS, Counter())


def test_words_are_ranked_by_their_association_with_the_part():
    found = part_words(PART, WHOLE, limit=10)
    inside, outside = sum(RECORDS[:5], Counter()), sum(RECORDS[5:], Counter())
    z = association((outside, inside))
    assert [(word.word, word.here, word.there, word.records) for word in found] == [
        ("court", 121, 0, 5),
        ("judge", 40, 0, 4),
    ]
    assert [word.z for word in found] == [z["court"], z["judge"]]
    assert min(word.z for word in found) > LEAST_Z


def test_a_word_of_one_record_is_not_the_parts():
    assert "once" not in [word.word for word in part_words(PART, WHOLE, limit=10)]
    assert LEAST_RECORDS > 1


def test_no_more_than_asked_for_and_none_without_others():
    assert [word.word for word in part_words(PART, WHOLE, limit=1)] == ["court"]
    assert part_words(RECORDS, WHOLE, limit=9) == ()
    assert part_words([], {}, limit=9) == ()
