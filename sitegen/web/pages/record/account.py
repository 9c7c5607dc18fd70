"""All that the story of an answer is told from, in probabilities of the positive class."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan

from sitegen.analysis.attribution.occlusion import Occlusion, class_of, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.pages.record.sentences import HARDLY, without_sentences
from sitegen.web.pages.record.words import Word, strongest_words
from sitegen.web.release import withholds
from sitegen.web.text.nouns import PAPERS, Nouns

LARGE = 0.1  # of the probability: a share or a change that is worth its own words


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence of the abstract. All are probabilities of the positive class, or changes of it."""

    number: int  # from 1
    alone: float  # when it is read by itself
    share: float | None  # its share; None where it is not known
    without: float  # of the record without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """All that a story is told from. Numbers are probabilities of the positive class."""

    names: tuple[str, str]  # the classes', (negative, positive)
    nouns: Nouns = PAPERS  # what the site calls a record and its text
    threshold: float  # from which on the positive class is predicted
    label: int | None  # the gold label; None without one
    lack: tuple[str, str]  # why the title, and the abstract, says nothing to the model; "" where it does
    empty: float  # of two empty texts
    title: float  # of the title alone
    abstract: float  # of the abstract without the title
    whole: float  # of title and abstract
    sentences: tuple[Said, ...]
    words: tuple[Word, ...]  # the strongest of both fields, the largest effect first
    largest: Word | None  # the title's word without which the answer changes more than without any other piece
    replaced: bool  # whether hidden text is replaced by something, and not deleted

    @property
    def complete(self) -> bool:
        """Whether all is known that a story needs; else there are answers that the model was not asked for."""
        numbers = [self.empty, self.title, self.abstract]
        return not any(map(isnan, [*numbers, *(x for one in self.sentences for x in (one.alone, one.without))]))

    def predicts(self, p: float) -> int:
        """The class of a probability."""
        return int(class_of(p, self.threshold))

    def hardly(self, before: float, after: float) -> bool:
        """Whether a step changes hardly anything: it is small, and the class stays."""
        return abs(after - before) < HARDLY and self.predicts(before) == self.predicts(after)

    def flips(self, one: Said) -> bool:
        """Whether without this sentence the model clearly says the other class."""
        return self.predicts(one.without) != self.predicts(self.whole) and abs(self.whole - one.without) >= LARGE


def account(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    names: tuple[str, str],
    threshold: float,
    label: int | None,
    replaced: bool,
    nouns: Nouns = PAPERS,
) -> Account:
    """The account of one record by one model."""
    document, words = occlusion.document, strongest_words(occlusion, alone)
    said, without = probability(alone.sentences.astype(float)).tolist(), without_sentences(occlusion)
    sentences = tuple(
        Said(
            number=k + 1,
            alone=said[k],
            share=None if shapley is None else float(shapley.points[k]),
            without=without[k],
        )
        for k in range(len(said))
    )
    return Account(
        names=names,
        nouns=nouns,
        threshold=threshold,
        label=label,
        lack=(
            _lack("title", document.title.tokens, bool(occlusion.title_known.any())),
            _lack(nouns.text, document.abstract.tokens, bool(occlusion.abstract_known.any())),
        ),
        empty=float(probability(alone.empty)),
        title=float(probability(alone.title)),
        abstract=float(probability(alone.abstract)),
        whole=occlusion.probability,
        sentences=sentences,
        words=words,
        largest=_largest(words, occlusion, sentences),
        replaced=replaced,
    )


def _lack(field: str, tokens: Sequence[str], known: bool) -> str:
    if known:
        return ""
    return f"The model knows no word of the {field}" if tokens else f"There is no {field}"


def _largest(words: Sequence[Word], occlusion: Occlusion, sentences: Sequence[Said]) -> Word | None:
    """The title's word with the largest leave-one-out effect of all words and sentences, in log-odds and in
    probability alike, if that is any size."""
    if not words or words[0].field != "title" or withholds(occlusion.document.abstract):
        return None  # of withheld words it is not told what they do
    first, whole = words[0], occlusion.probability
    change = abs(whole - first.without)
    others = [abs(whole - word.without) for word in words[1:]] + [abs(whole - one.without) for one in sentences]
    effects = [abs(word.effect) for word in words[1:]] + [abs(effect) for effect in occlusion.sentences.tolist()]
    beaten = all(other < change for other in others) and all(effect < abs(first.effect) for effect in effects)
    return first if change >= HARDLY and beaten else None
