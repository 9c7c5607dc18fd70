"""Sentences of a corpus that say the same (boilerplate such as copyright lines), to be shown once with their number.

Two sentences are put into one group where

1. their *normal forms* are equal: small letters, every number the same mark, no punctuation, one blank between words
   ("© 2017 Elsevier Ltd." and "© 2018, ELSEVIER LTD" have one); or
2. their normal forms are alike: of all the runs of three words (shingles) that either has, at least four in five stand
   in both (Jaccard index >= .8; Broder 1997, "On the resemblance and containment of documents"). A changed
   word costs three shingles, at an end one: so a sentence of 11 words may differ in its last word, one of 29 in
   any. Sentences of fewer than four words, among them all text written without blanks, go by rule 1 alone.

Groups are closed: where A is like B and B like C, A and C are in one group though they may be less alike.

**How.** Rule 2 looks for all pairs above a threshold, exactly, without comparing all pairs. With shingles ordered from
rare to frequent, two sets of Jaccard index >= t must share one of the first |x| - ceil(t |x|) + 1 of each (Chaudhuri,
Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007, "Scaling up all pairs similarity search"): the rare ones, which
most sentences share with nobody. Those that do are compared set with set, and a disjoint-set structure keeps the
groups: pairs that are in one group already are not compared again. Nothing is hashed or drawn, so a result depends on
the sentences alone.

A shingle that is rare within its sentences and yet in hundreds of different normal forms (a template with thousands of
fillings) would still cost its square. So among the sentences that share a rare shingle, each is compared with the
MOST before it, no further: time is bounded by the number of words, and what is missed is a pair far apart in such
a crowd with none between to join it.

Measured, one core: 100,000 synthetic sentences of 3 to 44 words, a tenth of them another with one word changed, 6 s
and 0.3 GB; 300,000 of them, 22 s and 0.9 GB; 100,000 made to crowd (30 different words in all; a template of 15 words
with three slots of 300 fillings), 8 s and 31 s; 20,822 sentences of real abstracts, 0.8 s.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Int64
from scipy.cluster.hierarchy import DisjointSet

from sitegen.corpus.arrays import Array, read_only

SHINGLE = 3  # words
MOST = 50  # earlier sentences with the same rare shingle that a sentence is compared with
_PARTS = (4, 5)  # the threshold as a fraction: shared / all >= 4/5, compared in whole numbers
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeats:
    """group (M,): the number of each sentence's group, numbered from 0 by first appearance. size (G,): the number of
    sentences in each group; 1 for a sentence that is like no other."""

    group: Array
    size: Array

    def __post_init__(self) -> None:
        object.__setattr__(self, "group", read_only(self.group, np.int32, (-1,)))
        object.__setattr__(self, "size", read_only(self.size, np.int32, (-1,)))


def normal_form(sentence: str) -> str:
    """The form in which sentences are compared: casefolded words, numbers as "0", joined by blanks; the sentence
    without outer white space where it has no word."""
    folded = _NUMBER.sub("0", unicodedata.normalize("NFKC", sentence).casefold())
    return " ".join(_WORD.findall(folded)) or sentence.strip()


def group_repeats(sentences: Sequence[str], *, near: bool = True) -> Repeats:
    """The groups of near-duplicate sentences; see the module's docstring for what counts as one.

    Without `near` those of equal normal forms alone (rule 1), for corpora too large for more.
    """
    numbers: dict[str, int] = {}
    form_of = [numbers.setdefault(normal_form(sentence), len(numbers)) for sentence in sentences]
    leader = _joined(list(numbers)) if near else list(range(len(numbers)))
    first: dict[int, int] = {}
    group = [first.setdefault(leader[form], len(first)) for form in form_of]
    return Repeats(group=np.array(group, dtype=np.int32), size=np.bincount(group, minlength=0))


def _joined(forms: Sequence[str]) -> list[int]:
    """For each normal form the number of one of its group, the same for all of the group (rule 2)."""
    groups = DisjointSet(range(len(forms)))
    owner, shingle = _shingles(forms)
    starts = np.searchsorted(owner, np.arange(len(forms) + 1))
    sets: dict[int, frozenset[int]] = {}

    def shingles(i: int) -> frozenset[int]:
        if i not in sets:
            sets[i] = frozenset(shingle[starts[i] : starts[i + 1]].tolist())
        return sets[i]

    for crowd in _crowds(owner, shingle, starts):
        for k, i in enumerate(crowd):
            for j in crowd[max(k - MOST, 0) : k]:
                if not groups.connected(i, j) and _alike(shingles(i), shingles(j)):
                    groups.merge(i, j)
    return [groups[i] for i in range(len(forms))]


def _alike(a: frozenset[int], b: frozenset[int]) -> bool:
    shares, parts = _PARTS
    if parts * min(len(a), len(b)) < shares * max(len(a), len(b)):
        return False
    shared = len(a & b)
    return parts * shared >= shares * (len(a) + len(b) - shared)


def _shingles(forms: Sequence[str]) -> tuple[Int64[np.ndarray, " K"], Int64[np.ndarray, " K"]]:
    """All (form, shingle) pairs without repetition, sorted by form, and within a form from rare shingles to frequent
    ones.

    Shingles are numbered by how many forms have them, so the number is the order.
    """
    words: dict[str, int] = {}
    numbers, ends = array("q"), array("q", [0])  # 8 bytes a word, where a list of words has 60
    for text in forms:
        numbers.extend(words.setdefault(word, len(words)) for word in text.split())
        ends.append(len(numbers))
    ids, stops = np.array(numbers, dtype=np.int64), np.array(ends, dtype=np.int64)
    lengths = stops[1:] - stops[:-1]
    owner = np.repeat(np.arange(len(forms)), lengths)
    whole = owner[: -SHINGLE + 1] == owner[SHINGLE - 1 :]  # three words of one form
    whole &= lengths[owner[: -SHINGLE + 1]] > SHINGLE
    if not whole.any():
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    pair = np.unique(ids[:-1] * len(words) + ids[1:], return_inverse=True)[1]  # renumbered: products stay small
    triple = np.unique((pair[:-1] * len(words) + ids[2:])[whole], return_inverse=True)[1]
    both = np.unique(owner[:-2][whole] * (triple.max() + 1) + triple)  # a shingle counts once in a form
    form, triple = np.divmod(both, triple.max() + 1)
    rank = np.empty(triple.max() + 1, dtype=np.int64)
    rank[np.argsort(np.bincount(triple), kind="stable")] = np.arange(rank.size)
    order = np.lexsort((rank[triple], form))
    return form[order], rank[triple][order]


def _crowds(
    owner: Int64[np.ndarray, " K"], shingle: Int64[np.ndarray, " K"], starts: Int[np.ndarray, " F"]
) -> list[list[int]]:
    """The forms, ascending, that share one of their rarest shingles; a list for every such shingle."""
    shares, parts = _PARTS
    size = np.diff(starts)
    prefix = size + (-shares * size) // parts + 1  # |x| - ceil(t |x|) + 1
    rare = np.arange(owner.size) - starts[owner] < prefix[owner]
    form, shared = owner[rare], shingle[rare]
    order = np.lexsort((form, shared))
    form, shared = form[order], shared[order]
    cuts = np.flatnonzero(np.diff(shared)) + 1
    ends = np.append(cuts, form.size)
    begins = np.insert(cuts, 0, 0)
    several = ends - begins > 1
    return [form[a:b].tolist() for a, b in zip(begins[several], ends[several], strict=True)]
