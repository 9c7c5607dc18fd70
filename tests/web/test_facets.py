"""The values of facets, in the order in which readers choose among them."""

from __future__ import annotations

from collections.abc import Mapping

from sitegen.corpus.collection import Record
from sitegen.web.facets import facets_of


def record(facets: Mapping[str, str], **values: tuple[str, ...]) -> Record:
    return Record(
        id="a", title="A", abstract="", label=None, facets=facets, metadata={}, source="r", line=2, values=values
    )


def test_numbers_are_in_their_order_and_before_words() -> None:
    cells = ("2020", "", "999", "2019", "in press", "2020", "10", "Spring")
    (year,) = facets_of(["year"], [record({"year": cell}) for cell in cells])
    assert year.counts == (("10", 1), ("999", 1), ("2019", 1), ("2020", 2), ("Spring", 1), ("in press", 1))
    assert not year.several
    assert year.of(record({"year": ""})) == ()


def test_several_values_a_paper_are_counted_one_by_one_the_most_frequent_first() -> None:
    lists = (("Agents", "queues"), ("agents", "Zebra"), ("Agents", "QUEUES", "agents"), ())
    records = [record({"keywords": "; ".join(values)}, keywords=values) for values in lists]
    (facet,) = facets_of(["keywords"], records)
    assert facet.several
    assert facet.counts == (("Agents", 3), ("QUEUES", 2), ("Zebra", 1))
    assert [facet.of(one) for one in records] == [("Agents", "QUEUES"), ("Agents", "Zebra"), ("Agents", "QUEUES"), ()]


def test_single_values_that_differ_in_capitals_stay_apart() -> None:
    (facet,) = facets_of(["subject"], [record({"subject": cell}) for cell in ("Law", "law")])
    assert facet.counts == (("Law", 1), ("law", 1))
