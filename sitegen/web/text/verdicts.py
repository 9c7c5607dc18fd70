"""Every phrase about a sentence's mark, once, for all pages.

Pages, partials, charts and the terminal take their words about the test from here, so that another test, or other words
for this one, touch this file alone. (How the test works is prose, in the templates of its page and of the methods
page.)

A sentence that passes is called *clear*: read by itself it speaks for its class more clearly than nearly all sentences
of the other class. One that goes as far where no q can be given is *as clear*. No sentence is called significant or
important, nothing is said to prove or to cause; and a sentence without a mark is not called neutral.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isnan

from sitegen.analysis.significance.evidence import Mark, Why
from sitegen.web.text.nouns import PAPERS, Nouns
from sitegen.web.text.numbers import count

SYMBOLS: dict[Mark, str] = {Mark.PASSES: "◆", Mark.REACHES: "◇", Mark.NONE: "", Mark.PLACEHOLDER: ""}
WORDS: dict[Mark, str] = {
    Mark.PASSES: "clear",
    Mark.REACHES: "as clear, not judged",
    Mark.NONE: "",
    Mark.PLACEHOLDER: "placeholder",
}
"""The mark in a word or two, after its symbol."""
NO_MARK = "no mark"  # where readers choose among marks

WHY: dict[Why, str] = {
    Why.PLACEHOLDER: "It stands for {a_text} that is not there; it is left out.",
    Why.TRAINING: "The model learned from this {one}, so no q is given.",
    Why.VALIDATION: "This {one} helped to decide when training should stop, so no q is given.",
    Why.UNLABELLED: "This {one} has no label, so no q is given.",
    Why.UNKNOWN_STANDING: "Whether the model has seen this {one} is not known, so no q is given.",
    Why.NO_NULL: "There is no labelled {one} of the other class to compare with, so no q is given.",
    Why.AWAY: "It speaks against its {one}'s label, so no q is given; such sentences explain wrong answers.",
    Why.NOT_ASKED: "The model was not asked what it says alone, so no q is given.",
}
"""Why a sentence has no q, as a sentence."""

WHY_IN_SHORT: dict[Why, str] = {
    Why.PLACEHOLDER: "placeholders",
    Why.TRAINING: "the model learned from the {one}",
    Why.VALIDATION: "the {one} helped to end the training",
    Why.UNLABELLED: "the {one} has no label",
    Why.UNKNOWN_STANDING: "not known whether the model has seen the {one}",
    Why.NO_NULL: "nothing to compare with",
    Why.AWAY: "it speaks against the {one}'s label",
    Why.NOT_ASKED: "the model was not asked",
}
"""The same in a few words, as the name of a row."""

WHY_AT_LENGTH: dict[Why, str] = {
    Why.PLACEHOLDER: "They stand for {a_text} that is not there, so nobody wrote them about the {one}.",
    Why.TRAINING: "The model was shown these {many} with their labels. What it says of them it may have learned by "
    "heart: with labels dealt at random, hundreds of such sentences can pass.",
    Why.VALIDATION: "These {many} decided when the training ended, so the model has been fitted to them, too.",
    Why.UNLABELLED: "The test compares the two classes, and nobody said of which class these {many} are. The "
    "model's own answer cannot stand in: it is made of these very sentences.",
    Why.UNKNOWN_STANDING: "The model does not say which {many} it was trained on.",
    Why.NO_NULL: "There is no labelled {one} of the other class that the model has not seen.",
    Why.AWAY: "They speak for the class that the {one}'s label denies. They count in the test, and cannot pass. Where "
    "the model is wrong, they are what misled it: read them.",
    Why.NOT_ASKED: "The model was not asked what they say by themselves: there was no time for it, or its answers were "
    "given for other texts.",
}
"""The same for the page on the test."""

CLEAR = (
    "Clear means: read by itself, the sentence moves the model toward its {one}'s class more than nearly all sentences "
    "of the other class's {many} do."
)
TOO_FEW = "there are too few {many} to tell."
CLEAR_FROM = "the weakest clear one"  # on a chart, at its line

STABLE = "stable"  # where an ensemble's checkpoints agree
ASK_MARK = "What does ◆ mean?"  # the links to the page on the test
COLOUR = "The stronger the colour, the larger the sentence's share"  # in the key of a text's colours, which goes on
COLOUR_WITHOUT_SHARE = "The stronger the colour, the more the answer changes when the sentence is taken out."
COLOUR_OF_WORDS = (
    "The stronger the colour, the more the answer changes without the word; in log-odds, which show it where an answer "
    "near 100% can hardly move, too."
)
WORDS_NOT_TESTED = "words are not tested"


def mark_key(symbols: Collection[str], *, why: Collection[str] = ()) -> str:
    """What the marks beside a text's sentences say, for the key above it; "" where there is none. symbols: those
    that occur there. why: the reasons that occur why one is as clear, and yet not judged, each in a few words."""
    because = f": {' or '.join(sorted(why))}" if why else ""
    clear, as_clear = SYMBOLS[Mark.PASSES], SYMBOLS[Mark.REACHES]
    if clear in symbols:
        also = f"; {as_clear} behind one that goes as far, but is not judged{because}" if as_clear in symbols else ""
        return f"{clear} stands behind a sentence that is clear when it is read by itself{also}."
    if as_clear in symbols:
        return (
            f"{as_clear} stands behind a sentence that goes as far, when it is read by itself, as clear ones ({clear}) "
            f"do, but is not judged{because}."
        )
    return ""


def one_in(alpha: float) -> str:
    """A level as a count: `one in twenty` for .05."""
    named = {0.05: "one in twenty", 0.1: "one in ten", 0.01: "one in a hundred", 0.2: "one in five"}
    return named.get(alpha, f"{100 * alpha:g} in a hundred")


def clear(*, toward: str, other: str, nouns: Nouns = PAPERS) -> str:
    """What is said of a sentence that passes. toward, other: the classes' names."""
    return (
        f"Read by itself, this sentence moves the model toward “{toward}” more than nearly all sentences from "
        f"“{other}” {nouns.many} do."
    )


def as_clear(*, toward: str) -> str:
    """What is said of one that reaches tau without a q."""
    return f"Read by itself, this sentence moves the model toward “{toward}” as far as the marked ones (◆) do."


def expected(alpha: float) -> str:
    """How many of the marked ones do not deserve it."""
    return (
        f"Of the sentences marked this way, about {one_in(alpha)} at most should be no different from sentences of the "
        "other class."
    )


def partly(*, other: str) -> str:
    """What is added for a class whose sentences pass too often without any class word. other: the other class."""
    return f"Partly, this means that the model found nothing “{other}” in it."


def partly_for(*, toward: str, other: str) -> str:
    """The same of all of a class's sentences."""
    return f"For “{toward}”, being clear partly means that the model found nothing “{other}” in the sentence."


def explained(
    mark: Mark, why: Why, *, toward: str, other: str, alpha: float, warns: bool, nouns: Nouns = PAPERS
) -> str:
    """All that is said of one sentence's mark. toward: the class that it speaks for; warns: whether that class's
    controls pass too often."""
    if mark is Mark.PASSES:
        lines = [clear(toward=toward, other=other, nouns=nouns), expected(alpha)]
    elif mark is Mark.REACHES:
        lines = [as_clear(toward=toward), nouns.say(WHY[why])]
    else:
        return nouns.say(WHY[why]) if why is Why.PLACEHOLDER else ""
    return " ".join([*lines, *([partly(other=other)] if warns else [])])


def q_text(q: float, *, alpha: float) -> str:
    """`q = .03`; "" where there is none. A q beyond alpha has digits enough to be seen to be so."""
    if isnan(q):
        return ""
    text = "q < .001" if q < 0.0005 else f"q = {level_text(q)}"
    for digits in range(3, 9):
        if not q > alpha >= float(text[4:]):
            break
        text = f"q = {q:.{digits}f}".replace("0.", ".", 1)
    return text


def level_text(value: float) -> str:
    """A p, a q or a level, 0 to 1: two digits behind the point, or three where two would hide too much."""
    text = f"{value:.2f}" if 0.0095 <= value < 0.0945 else f"{value:.3f}".removesuffix("0")
    return text.removeprefix("0") if value < 0.9995 else "1"


def clear_in_list(
    counts: Sequence[tuple[str, int, int]],
    *,
    in_all: tuple[int, int],
    as_clear: int,
    alpha: float,
    warned: Sequence[tuple[str, str]] = (),
    nouns: Nouns = PAPERS,
) -> tuple[str, ...]:
    """What is said above a list of sentences about their marks: how many are clear, what that means, and what no mark
    does not mean.

    counts: of each class its name, how many sentences of its papers here are clear, and how many were tested. in_all:
    the same two numbers of all papers of the site. as_clear: how many sentences here go as far without a test. warned:
    the classes whose controls pass too often, each with the other.
    """
    tested, passing = sum(of for _, _, of in counts), sum(passed for _, passed, _ in counts)
    marked = "The one sentence marked ◇ goes" if as_clear == 1 else f"{as_clear:,} sentences marked ◇ go"
    no_number = f"but the test has no number for {'it' if as_clear == 1 else 'them'}"
    untested = (f"{marked} as far as clear ones, {no_number}: {nouns.say(_NO_NUMBER)}.",) if as_clear else ()
    if not tested:
        return ("No sentence here could be tested.", nouns.say(_TEST_NEEDS), *untested, NOT_NEUTRAL)
    if not passing:
        said = (
            "The one tested sentence is not clear" if tested == 1 else f"None of {tested:,} tested sentences is clear"
        )
        why = (
            f"Of all {nouns.of_many} {in_all[1]:,} tested sentences {in_all[0]:,} are."
            if in_all[0]
            else nouns.say(_NONE_CLEAR)
        )
        return (f"{said}.", why, *untested, NOT_NEUTRAL)
    clear = " and ".join(
        f"{passed:,} of {count(of, 'tested sentence')} from “{name}” {nouns.many}" for name, passed, of in counts if of
    )
    return (
        f"{clear} {'is' if passing == 1 else 'are'} clear: read by itself, such a sentence moves the model toward its "
        f"{nouns.one}'s class more than nearly all sentences of the other class's {nouns.many} do.",
        expected(alpha),
        *(partly_for(toward=name, other=other) for name, other in warned),
        *untested,
        NOT_NEUTRAL,
    )


_NO_NUMBER = "such a sentence may speak against its {one}'s label"
NOT_NEUTRAL = (
    "A sentence without a mark is not neutral: it may say a good deal, only no more than sentences of the other class "
    "often do."
)
_TEST_NEEDS = (
    "The test needs {many} of both classes that have labels and that the model is known not to have learned from."
)
_NONE_CLEAR = (
    "Either there are too few {many} to tell, or this model hears no clear difference between the classes in single "
    "sentences. More labelled {many} of both classes, which the model has not seen, would help to tell."
)


def limit_label() -> str:
    """The switch that limits a list to the sentences with a mark."""
    return "only clear sentences (◆ ◇)"


def corpus_line(*, passing: int, judged: int) -> str:
    """The marks of a whole site in the fewest words, for a terminal."""
    return f"{passing:,} of {judged:,} tested are clear" if judged else "none could be tested"


def meanings(*, alpha: float, some: bool, nouns: Nouns = PAPERS) -> tuple[tuple[Mark, str, str], ...]:
    """Each mark, its words and what they mean, for the page on the test. some: whether any sentence is clear."""
    unmarked = (
        "Sentences of the other class often go as far. It may say something all the same: no mark does not mean "
        "neutral."
        if some
        else f"No sentence of these {nouns.many} is clear, so none has a mark. That says nothing of any of them: no "
        "mark does not mean neutral."
    )
    return (
        (
            Mark.PASSES,
            "◆ clear",
            f"Read by itself, the sentence moves the model toward its {nouns.one}'s class more than nearly all "
            f"sentences of the other class's {nouns.many} do. {expected(alpha)}",
        ),
        (
            Mark.REACHES,
            "◇ as clear, not judged",
            "It moves the model as far, but the test has no number (q) for it; the reasons stand below.",
        ),
        (Mark.NONE, "no mark", unmarked),
    )
