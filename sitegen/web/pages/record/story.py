"""How an answer came about, in at most three plain sentences.

First the path: what the title alone gives, what the abstract makes of it, and which sentence did most of that. Then,
for a wrong answer, what misled it. Then the word of the title that changes the answer more than anything else does when
it is taken out, where there is one.

Every number is written as the page's tables write it, and stands in one of them. All sizes are changes of probability,
since that is what the text speaks of: what changes it by less than HARDLY is said to change hardly anything. "Most of
it" is at least half of all that moved the answer in the direction in which the abstract did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.analysis.attribution.occlusion import Occlusion, probability
from sitegen.analysis.attribution.read_alone import ReadAlone
from sitegen.analysis.attribution.shapley import Shapley
from sitegen.web.pages.record.sentences import HARDLY, without_sentences
from sitegen.web.pages.record.words import Word, strongest_words
from sitegen.web.text.numbers import percent, points

LARGE = 0.1  # of the probability: a share or a change that is worth its own words
NAMED = 3  # sentences that are named as misleading, at most
BESIDE = 0.25  # of the largest misleading share: what is smaller is not named


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

    def predicts(self, p: float) -> int:
        """The class of a probability."""
        return int(p >= self.threshold)

    def hardly(self, before: float, after: float) -> bool:
        """Whether a step changes hardly anything: it is small, and the class stays."""
        return abs(after - before) < HARDLY and self.predicts(before) == self.predicts(after)


def account(
    occlusion: Occlusion,
    alone: ReadAlone,
    shapley: Shapley | None,
    *,
    names: tuple[str, str],
    threshold: float,
    label: int | None,
    replaced: bool,
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
        threshold=threshold,
        label=label,
        lack=(
            _lack("title", document.title.tokens, bool(occlusion.title_known.any())),
            _lack("abstract", document.abstract.tokens, bool(occlusion.abstract_known.any())),
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


def story(told: Account) -> tuple[str, ...]:
    """At most three sentences; no two of them say the same."""
    most = _most(told)
    misled = _misled(told, said=most.without)
    lines = [_path(told, most.text), misled.text]
    if told.largest is not None and told.largest is not misled.word:
        lines.append(
            f"Taken out one at a time, no word or sentence changes the answer more than the title's word "
            f"“{told.largest.text}”: without it {percent(told.largest.without)}."
        )
    return tuple(line for line in lines if line)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Most:
    """What is said of the abstract's sentences, to follow the path; and the sentence whose absence it tells of."""

    text: str = ""
    without: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Misled:
    """The sentence on what misled the model; and the word that it names."""

    text: str = ""
    word: Word | None = None


def _lack(field: str, tokens: Sequence[str], known: bool) -> str:
    if known:
        return ""
    return f"The model knows no word of the {field}" if tokens else f"There is no {field}"


def _largest(words: Sequence[Word], occlusion: Occlusion, sentences: Sequence[Said]) -> Word | None:
    """The title's word with the largest leave-one-out effect of all words and sentences, in log-odds and in
    probability alike, if that is any size."""
    if not words or words[0].field != "title":
        return None
    first, whole = words[0], occlusion.probability
    change = abs(whole - first.without)
    others = [abs(whole - word.without) for word in words[1:]] + [abs(whole - one.without) for one in sentences]
    effects = [abs(word.effect) for word in words[1:]] + [abs(effect) for effect in occlusion.sentences.tolist()]
    beaten = all(other < change for other in others) and all(effect < abs(first.effect) for effect in effects)
    return first if change >= HARDLY and beaten else None


def _path(told: Account, tail: str) -> str:
    """The first sentence: from nothing to the title to both. tail: what is said of the abstract's sentences."""
    no_title, no_abstract = told.lack
    start, title, whole = percent(told.empty), percent(told.title), percent(told.whole)
    if no_title and no_abstract:
        both = f"{no_title}, and {no_abstract[0].lower()}{no_abstract[1:]}"
        return f"{both}: {whole} is what the model says before it reads anything."
    if no_title or no_abstract:
        lack, field = (no_title, "abstract") if no_title else (no_abstract, "title")
        if told.hardly(told.empty, told.whole):
            text = f"{lack}, and the {field} hardly moves the answer: {start} before the model reads anything, {whole}"
            return f"{text} with it{tail}."
        moves = _moves(told.empty, told.whole)
        return (
            f"{lack}. The {field} {moves} the answer from {start}, before the model reads anything, to {whole}{tail}."
        )
    if not told.hardly(told.title, told.whole):
        abstract = "the abstract, one sentence," if len(told.sentences) == 1 else "the abstract"
        moved = f"{_moves(told.title, told.whole)} it to {whole}" if title != whole else "just tips the scales"
        return f"With the title alone the model says {title}; {abstract} {moved}{tail}."
    if told.hardly(told.empty, told.title):
        return (
            f"Neither text moves the answer much: {start} before the model reads anything, {title} with the title "
            f"alone, {whole} with title and abstract{tail}."
        )
    if told.predicts(told.abstract) != told.predicts(told.whole):
        return (
            f"The title decides: alone it says {title}, and the abstract, which without the title would say "
            f"{percent(told.abstract)}, hardly changes that ({whole}){tail}."
        )
    return f"The title alone already says {title}, and the abstract hardly changes that ({whole}){tail}."


def _moves(before: float, after: float) -> str:
    return "raises" if after > before else "lowers"


def _most(told: Account) -> _Most:
    """Which sentences did most of the abstract's step, or that none did."""
    before = told.empty if told.lack[0] else told.title
    step, hardly = told.whole - before, told.hardly(before, told.whole)
    if len(told.sentences) < 2 or told.lack[1]:
        return _Most()
    shares = [(one, one.share) for one in told.sentences if one.share is not None]
    if not shares:
        return _Most() if hardly else _needed(told)
    up, down = max(shares, key=lambda pair: pair[1]), min(shares, key=lambda pair: pair[1])
    one, share = up if step > 0 else down
    along = [size for _, size in shares if size * step > 0]
    mass = sum(map(abs, along))
    if told.replaced:  # the shares then count from another text than the title alone
        text = f"; the largest share in that has sentence {one.number} ({points(share)} points)"
        return _Most(text=text) if along and not hardly else _Most()
    if min(up[1], -down[1]) >= LARGE and abs(step) < mass / 2:
        first, second = sorted((up, down), key=lambda pair: -abs(pair[1]))
        return _Most(
            text=f"; its sentences pull both ways, most of all {first[0].number} ({points(first[1])} points) and "
            f"{second[0].number} ({points(second[1])} points)"
        )
    if hardly or not along:
        return _Most()
    if abs(share) >= mass / 2:
        return _most_of_it(told, one, step)
    pulling = "all" if len(along) == len(shares) else f"{len(along)} of"
    most = (
        "and none does most of it"
        if abs(share) < min(LARGE, abs(step) / 2)
        else f"sentence {one.number} most ({points(share)} points)"
    )
    return _Most(text=f"; {pulling} its {len(shares)} sentences pull that way, {most}")


def _most_of_it(told: Account, one: Said, step: float) -> _Most:
    text, back = f", most of it sentence {one.number}", (told.whole - one.without) * (1 if step > 0 else -1)
    if back >= HARDLY:
        return _Most(text=f"{text}: without it {percent(one.without)}", without=one)
    if back > -HARDLY:
        return _Most(text=f"{text}, though without it the rest would still give {percent(one.without)}", without=one)
    return _Most(text=text)


def _needed(told: Account) -> _Most:
    """The same where shares are not known: the sentence without which the answer changes most."""
    one = max(told.sentences, key=lambda one: abs(told.whole - one.without))
    if abs(told.whole - one.without) < HARDLY:
        return _Most(text="; without any one of its sentences the answer stays nearly the same")
    text = f"; the sentence without which it changes most is {one.number}: without it {percent(one.without)}"
    return _Most(text=text, without=one)


def _misled(told: Account, *, said: Said | None) -> _Misled:
    """The second sentence, for a wrong answer: what speaks for the wrong class. said: the sentence whose absence the
    first one tells of."""
    wrong = told.predicts(told.whole)
    if told.label is None or told.label == wrong or all(told.lack):
        return _Misled()
    sign, right = (1 if wrong else -1), told.names[1 - wrong]
    title_says = not told.lack[0] and told.predicts(told.title) == wrong
    if (
        title_says
        and len(told.sentences) > 1
        and not told.lack[1]
        and all(told.predicts(one.alone) == wrong for one in told.sentences)
    ):
        nearest = min(told.sentences, key=lambda one: sign * one.alone)
        return _Misled(
            text=f"Nothing in it says “{right}” by itself: not the title ({percent(told.title)}), and none of its "
            f"{len(told.sentences)} sentences (the nearest is sentence {nearest.number}, {percent(nearest.alone)})."
        )
    causes, word = [], None
    step = sign * (told.title - told.empty)
    if title_says and step >= HARDLY:
        strongest = next((one for one in told.words if one.field == "title" and sign * one.effect > 0), None)
        word = strongest if strongest and abs(told.whole - strongest.without) >= HARDLY else None
        above_all = f", above all its word “{word.text}” (without it {percent(word.without)})" if word else ""
        causes.append((step, f"the title, which alone says {percent(told.title)}{above_all}"))
    named = _misleading(told, wrong=wrong, sign=sign)
    if named:
        texts = []
        for _, one in named:
            flips = told.predicts(one.without) != wrong and abs(told.whole - one.without) >= LARGE
            turns = flips and one is not said and len(told.sentences) > 1
            texts.append(
                f"{one.number} (alone {percent(one.alone)}{f'; without it {percent(one.without)}' if turns else ''})"
            )
        causes.append((named[0][0], f"sentence{'s' if texts[1:] else ''} {_listed(texts)}"))
    if not causes:
        return _Misled(text=f"No single piece says “{told.names[wrong]}” by itself; together they do.")
    causes.sort(key=lambda cause: -cause[0])
    return _Misled(text=f"What misled it: {'; and '.join(text for _, text in causes)}.", word=word)


def _misleading(told: Account, *, wrong: int, sign: int) -> list[tuple[float, Said]]:
    """The sentences that speak for the wrong class both by what they did and by what they say alone, the largest
    first, each with its share (without shares: with what its absence changes)."""
    did = [(sign * (told.whole - one.without if one.share is None else one.share), one) for one in told.sentences]
    speaking = sorted(
        ((size, one) for size, one in did if size > 0 and told.predicts(one.alone) == wrong),
        key=lambda pair: -pair[0],
    )
    return [pair for pair in speaking[:NAMED] if pair[0] >= BESIDE * speaking[0][0]]


def _listed(texts: Sequence[str]) -> str:
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"
