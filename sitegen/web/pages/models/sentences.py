"""Do two models follow the same sentences?"""

from __future__ import annotations

import math

from sitegen.analysis.corpus.agreement import FEWEST, SharesAlike, shares_alike
from sitegen.web.components import Answer, Section
from sitegen.web.pages.models.pair import Pair
from sitegen.web.text.nouns import Nouns
from sitegen.web.text.numbers import correlation, counted_share, whole_percent


def section(nouns: Nouns, pair: Pair, *, key: str) -> Section:
    """The answer in words."""
    alike = shares_alike(list(pair.effects()))
    return Section(
        head=Answer(key=f"sentences-{key}", question="Do they follow the same sentences?", answer=said(alike, nouns))
    )


def said(alike: SharesAlike, nouns: Nouns) -> str:
    """How often the strongest sentence is the same, and how alike the order of all is."""
    if not alike.records:
        return (
            f"That cannot be said: there is no {nouns.one} that both cut into the same sentences, two or more, and of "
            "which it is known what these did."
        )
    same, chance = alike.same_top / alike.records, alike.by_chance / alike.records
    start = "Often" if same >= 0.6 else "Partly" if same >= chance + 0.1 else "Hardly more than by chance"
    first = (
        f"{start}: in {counted_share(alike.same_top, alike.records)} of {nouns.count(alike.records)} the sentence that "
        f"did most, to either side, is the same; by chance it would be in {whole_percent(chance)}."
    )
    if math.isnan(alike.middle):
        return first
    return (
        f"{first} Of all sentences the order is compared within {nouns.a} of {FEWEST} or more: the rank correlation of "
        f"their shares is {correlation(alike.middle)} in the middle one of {nouns.count(alike.ordered)} (1 the same "
        "order, 0 no relation)."
    )
