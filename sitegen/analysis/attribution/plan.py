"""How much is asked of a model that is not additive, planned against the time there is.

The questions come in a fixed order (depth.py), and the deepest depth is chosen whose texts fit into the budget. Where
there is time for all of them, shares are exact as far as site.toml wants them; else they are sampled, by the fewest
orders there can be if need be, and their errors are shown. The trial of the measures (analysis/faithfulness), which
asks more than all the rest of a paper, comes last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sitegen.analysis.attribution.depth import ALL, DEPTHS, Depth, Size, reaches, texts_of
from sitegen.analysis.attribution.shapley import EXACT_LIMIT, PAIRS

HALF_A_MINUTE = 30.0
CHECKED = 700  # texts a paper that the trial of the measures takes, measured on 30 abstracts


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked of a model. depth: see there. pairs: of orders that shares are sampled by. exact: whether shares
    may be exact where site.toml allows. checks: whether the measures are tried. speed: texts a second, 0 where it was
    not measured. texts: how many each depth takes, in all. words: of the corpus. minutes: the budget, 0 without one.
    everything: how many texts it would take to ask everything. given: whether there is no model to ask, but a file of
    answers.
    """

    depth: Depth = ALL
    pairs: int = PAIRS
    exact: bool = True
    checks: bool = True
    speed: float = 0.0
    texts: Mapping[Depth, int]
    words: int
    minutes: float = 0.0
    everything: int = 0
    given: bool = False

    @property
    def seconds(self) -> float:
        """How long it would take to ask everything, about; 0 where that was not measured."""
        return self.everything / self.speed if self.speed else 0.0

    @property
    def complete(self) -> bool:
        """Whether everything is asked."""
        return self.depth == ALL and self.exact and self.checks

    @property
    def asked(self) -> int:
        """How many texts it takes, about."""
        return sum(n for depth, n in self.texts.items() if reaches(self.depth, depth))

    def batch(self, papers: int, *, most: int) -> int:
        """How many papers are asked about before what came of it is written, at most `most`: half a minute's work."""
        if not self.speed or not papers:
            return most
        return max(1, min(most, int(HALF_A_MINUTE * self.speed * papers / max(self.asked, 1))))

    def as_json(self) -> dict[str, Any]:
        """The same in plain values."""
        return {**asdict(self), "texts": dict(self.texts)}


COMPLETE = Plan(texts={}, words=0)


def totals(sizes: Sequence[Size], *, pairs: int = PAIRS) -> dict[Depth, int]:
    """About how many texts each depth adds for all documents of these sizes. pairs: as in `texts_of`."""
    every = [texts_of(size, pairs=pairs) for size in sizes]
    return {depth: sum(one[depth] for one in every) for depth in DEPTHS}


def planned(sizes: Sequence[Size], *, words: int, speed: float, minutes: float, sample: int) -> Plan:
    """The deepest plan that fits. sizes, words: of the distinct texts of a corpus; speed: texts a second; sample:
    papers that the measures are tried on."""
    budget = 60.0 * minutes * speed

    texts = totals(sizes, pairs=PAIRS)
    tables = sum(2 * ((1 << size.sentences) if size.sentences <= EXACT_LIMIT else 0) for size in sizes)
    everything = sum(texts.values()) + tables + CHECKED * sample
    plan = Plan(texts=texts, words=words, speed=speed, minutes=minutes, everything=everything)
    if everything <= budget:
        return plan
    for pairs in (PAIRS, 1):
        texts = totals(sizes, pairs=pairs)
        spent, depth = 0, DEPTHS[0]
        for candidate in DEPTHS:
            spent += texts[candidate]
            if spent > budget:
                break
            depth = candidate
        if reaches(depth, "shares"):
            break
    checks = depth == ALL and sum(texts.values()) + CHECKED * sample <= budget
    return replace(plan, depth=depth, pairs=pairs, exact=False, checks=checks, texts=texts)
