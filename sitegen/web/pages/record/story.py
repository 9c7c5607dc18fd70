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
from math import isnan

from sitegen.web.pages.record.account import LARGE, Account, Said
from sitegen.web.pages.record.sentences import HARDLY
from sitegen.web.pages.record.words import Word
from sitegen.web.text.numbers import exact_percent, percent, points

PANEL = 2  # sentences that the panel has room for
NAMED = 3  # sentences that are named as misleading, at most
BESIDE = 0.25  # of the largest misleading share: what is smaller is not named


def story_of_panel(told: Account) -> tuple[str, ...]:
    """As much of the story as stands in the panel of the answer."""
    return story(told)[:PANEL]


def story(told: Account) -> tuple[str, ...]:
    """At most three sentences; no two of them say the same. One where not all is known that a story needs."""
    if not told.complete:
        return (_incomplete(told),)
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


def _incomplete(told: Account) -> str:
    """The answer, and the piece that did most of what is known."""
    text = f"With all that there is to read the model says {percent(told.whole)}"
    shares = [(one, one.share) for one in told.sentences if one.share is not None and not isnan(one.share)]
    if shares:
        one, share = max(shares, key=lambda pair: abs(pair[1]))
        return f"{text}; sentence {one.number} has the largest share ({points(share)} points)."
    without = [one for one in told.sentences if not isnan(one.without)]
    if not without:
        return f"{text}."
    one = max(without, key=lambda one: abs(told.whole - one.without))
    return (
        f"{text}; of the sentences that were taken out one at a time, sentence {one.number} changes it most: without "
        f"it {percent(one.without)}."
    )


def _path(told: Account, tail: str) -> str:
    """The first sentence: from nothing to the title to both. tail: what is said of the abstract's sentences."""
    no_title, no_abstract = told.lack
    start, title, whole = percent(told.empty), percent(told.title), percent(told.whole)
    if no_title and no_abstract:
        both = f"{no_title}, and {no_abstract[0].lower()}{no_abstract[1:]}" if told.nouns.titled else no_abstract
        return f"{both}: {whole} is what the model says before it reads anything."
    if no_title or no_abstract:
        lack, field = (no_title, told.nouns.text) if no_title else (no_abstract, "title")
        if told.hardly(told.empty, told.whole):
            begin = f"{lack}, and the" if told.nouns.titled else "The"
            text = f"{begin} {field} hardly moves the answer: {start} before the model reads anything, {whole}"
            return f"{text} with it{tail}."
        moves = _moves(told.empty, told.whole)
        begin = f"{lack}. The" if told.nouns.titled else "The"
        return f"{begin} {field} {moves} the answer from {start}, before the model reads anything, to {whole}{tail}."
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


def _without_it(one: Said) -> str:
    return f"; without it {percent(one.without)}"


def _moves(before: float, after: float) -> str:
    return "raises" if after > before else "lowers"


def _most(told: Account) -> _Most:
    """Which sentences did most of the abstract's step, or that none did."""
    before = told.empty if told.lack[0] else told.title
    step, hardly = told.whole - before, told.hardly(before, told.whole)
    if len(told.sentences) < 2 or told.lack[1]:
        return _Most()
    shares = [(one, one.share) for one in told.sentences if one.share is not None]
    zero = points(0.0)
    if not shares:
        return _Most() if hardly else _needed(told)
    up, down = max(shares, key=lambda pair: pair[1]), min(shares, key=lambda pair: pair[1])
    one, share = up if step > 0 else down
    along = [size for _, size in shares if size * step > 0 and points(size) != zero]
    mass = sum(map(abs, along))
    if told.replaced:  # the shares then count from another text than the title alone
        text = f"; sentence {one.number} counts for most in that ({points(share)} points)"
        return _Most(text=text) if along and not hardly else _Most()
    if min(up[1], -down[1]) >= LARGE and abs(step) < mass / 2:
        texts = [
            f"{one.number} ({points(share)} points{_without_it(one) if told.flips(one) else ''})"
            for one, share in sorted((up, down), key=lambda pair: -abs(pair[1]))
        ]
        return _Most(
            text=f"; its sentences pull both ways, most of all {texts[0]}, the other way {texts[1]}",
            without=next((one for one, _ in (up, down) if told.flips(one)), None),
        )
    if hardly or not along:
        return _Most()
    if abs(share) >= mass / 2:
        return _most_of_it(told, one, step)
    pulling = "all" if len(along) == len(shares) else f"{len(along)} of"
    most = (
        "and none counts for most of it"
        if abs(share) < min(LARGE, abs(step) / 2)
        else f"sentence {one.number} most ({points(share)} points)"
    )
    return _Most(text=f"; {pulling} its {len(shares)} sentences pull that way, {most}")


def _most_of_it(told: Account, one: Said, step: float) -> _Most:
    """With the answer without it; "though" where its absence undoes less than half of the step."""
    text, back = f"; sentence {one.number} counts for most of it", (told.whole - one.without) * (1 if step > 0 else -1)
    if back >= abs(step) / 2:
        return _Most(text=f"{text}: without it {percent(one.without)}", without=one)
    if back > -HARDLY:
        return _Most(text=f"{text}, though without it the rest would still give {percent(one.without)}", without=one)
    return _Most(text=text)


def _needed(told: Account) -> _Most:
    """The same where shares are not known: the sentence without which the answer changes most."""
    one = max(told.sentences, key=lambda one: abs(told.whole - one.without))
    if abs(told.whole - one.without) < HARDLY:
        return _Most(text="; take out any single sentence, and the answer stays nearly the same")
    text = f"; the sentence without which it changes most is {one.number}: without it {percent(one.without)}"
    return _Most(text=text, without=one)


def _misled(told: Account, *, said: Said | None) -> _Misled:
    """The second sentence, for a wrong answer: what speaks for the wrong class. said: the sentence whose absence the
    first one tells of."""
    wrong = told.predicts(told.whole)
    if told.label is None or told.label == wrong or all(told.lack):
        return _Misled()
    sign = 1 if wrong else -1
    title_says = not told.lack[0] and told.predicts(told.title) == wrong
    if (
        title_says
        and len(told.sentences) > 1
        and not told.lack[1]
        and all(told.predicts(one.alone) == wrong for one in told.sentences)
    ):
        nearest = min(told.sentences, key=lambda one: sign * one.alone)
        return _Misled(
            text=f"Read by itself, nothing in it gets {_to(told, 1 - wrong)}: not the title ({percent(told.title)}), "
            f"and none of its {len(told.sentences)} sentences (the nearest is sentence {nearest.number}, "
            f"{percent(nearest.alone)})."
        )
    causes, word = [], None
    step = sign * (told.title - told.empty)
    if title_says and step >= HARDLY:
        strongest = next((one for one in told.words if one.field == "title" and sign * one.effect > 0), None)
        word = strongest if strongest and abs(told.whole - strongest.without) >= LARGE else None
        above_all = (
            f", above all its word “{word.text}” (without that word the answer is {percent(word.without)})"
            if word
            else ""
        )
        causes.append((step, f"the title, which alone says {percent(told.title)}{above_all}"))
    named = _misleading(told, wrong=wrong, sign=sign)
    if named:
        texts = []
        for _, one in named:
            turns = told.flips(one) and one is not said and len(told.sentences) > 1
            texts.append(f"{one.number} (alone {percent(one.alone)}{_without_it(one) if turns else ''})")
        causes.append((named[0][0], f"sentence{'s' if texts[1:] else ''} {_listed(texts)}"))
    if not causes:
        return _Misled(text=f"Read by itself, no single piece gets {_to(told, wrong)}; together they do.")
    causes.sort(key=lambda cause: -cause[0])
    return _Misled(text=f"What misled it: {'; and '.join(text for _, text in causes)}.", word=word)


def _to(told: Account, answer: int) -> str:
    """To an answer, with the probabilities that are it: a piece may speak for it clearly, and yet not get there."""
    threshold = exact_percent(told.threshold)
    return f"to “{told.names[answer]}” ({f'{threshold} or more' if answer else f'below {threshold}'})"


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
