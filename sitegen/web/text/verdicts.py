"""Every phrase of a sentence's verdict, once, for all pages.

Pages, partials, charts and the terminal take their words about chance from here, so that another test, or other words
for this one, touch this file alone. (What the test is and how to read it is prose, in the templates of the page on
chance and of the methods page.)

Three wordings and no others stand for the three things the test can say, and each refusal has its reason. Nowhere is a
sentence called "significant": that word promises more than a comparison with the other class can hold.
"""

from __future__ import annotations

from math import isnan

from sitegen.analysis.significance.evidence import P_LEVEL, Status

AGAINST = "pushes against this record's label: not judged by this test"
CHANCE = "not distinguishable from sentences of this length in the other class"
NO_EFFECT = "has no effect on the model's answer"

REFUSALS: dict[Status, str] = {
    Status.TRAINING: "not calibrated: training record",
    Status.VALIDATION: "not calibrated: validation record",
    Status.UNLABELLED: "no gold label",
    Status.UNKNOWN_STANDING: "not calibrated: whether the model has seen this record is not known",
    Status.NO_POOL: "nothing to compare with: no judged sentence of the other class",
}
"""In the place of a verdict, where a whole record is not judged."""

REFUSAL_REASONS: dict[Status, str] = {
    Status.TRAINING: "The model was shown these papers with their labels, so its pushes agree with the labels by "
    "construction: even with labels drawn by lot, 41 of 100 such sentences would pass where 5 should.",
    Status.VALIDATION: "These papers decided when the training ended, so the model has been fitted to them, too.",
    Status.UNLABELLED: "The test compares the two classes, and nobody said of which class these papers are. The "
    "model's own answer cannot stand in: it is made of the very pushes to be judged.",
    Status.UNKNOWN_STANDING: "The model does not say which papers it was trained on.",
    Status.NO_POOL: "There is no paper of the other class to take chance from.",
}
"""Why it is not judged, for the page on chance."""

SHORT: dict[Status, str] = {
    Status.CHANCE: "no more than chance",
    Status.AGAINST: "not judged",
    Status.NO_EFFECT: "no effect",
    Status.TRAINING: "not calibrated",
    Status.VALIDATION: "not calibrated",
    Status.UNLABELLED: "no label",
    Status.UNKNOWN_STANDING: "not calibrated",
    Status.NO_POOL: "not calibrated",
}
"""The verdict in a few words, of all sentences but those that pass: these have their `chance_text`."""

STABLE = "stable"  # where an ensemble's checkpoints agree
NOT_STANDING_OUT = "does not stand out"
BY_CHANCE = "chance (the other class)"  # in charts: what the judged are compared with
COLOURLESS = "without colour: no more than chance"  # in the key of a text's colours
WORDS_NOT_JUDGED = "words are not compared with chance"
NONE_JUDGED = "None of these sentences can be judged against chance."
ASK_CHANCE = "What is chance here?"  # the links to the page on chance
ASK_REFUSAL = "Why?"
ASK_SIZE = "How big must an effect be?"


def distinguishable(toward: str, chance: str = "") -> str:
    """The wording of a sentence that passes. toward: the class's name; chance: its `chance_text`."""
    said = f"pushes toward {toward} more than sentences of this length in the other class do"
    return f"{said} ({chance})" if chance else said


def verdict(status: Status, *, toward: str, p: float, q: float) -> str:
    """The verdict on one sentence in full. toward: the name of its record's class; p, q: NaN where there is none."""
    if status is Status.DISTINGUISHABLE:
        return distinguishable(toward, chance_text(p=p, q=q))
    said = {Status.CHANCE: CHANCE, Status.AGAINST: AGAINST, Status.NO_EFFECT: NO_EFFECT, **REFUSALS}
    return said[status]


def chance_text(*, p: float, q: float) -> str:
    """`q = .03`, or `p = .03` where the corpus is too small for q; nothing where there is neither."""
    name, value = ("p", p) if isnan(q) else ("q", q)
    if isnan(value):
        return ""
    return f"{name} < .001" if value < 0.0005 else f"{name} = {level_text(value)}"


def level_text(value: float) -> str:
    """A p, a q or a level, 0 to 1: two digits behind the point, or three where two would hide too much."""
    text = f"{value:.2f}" if 0.0095 <= value < 0.0945 else f"{value:.3f}".removesuffix("0")
    return text.removeprefix("0") if value < 0.9995 else "1"


P_RULE = f"p\u00a0≤\u00a0{level_text(P_LEVEL)}"
"""All that is said of a sentence that passes where the corpus is too small for q: `by_p` in what follows."""


def short(status: Status, *, p: float, q: float) -> str:
    """The verdict in a few words: `q = .03`, or what stands for it."""
    return SHORT.get(status) or chance_text(p=p, q=q)


def luck(status: Status, *, by_p: bool) -> str:
    """How far a sentence's effect can be trusted, as the end of a phrase about it; "" where nothing is to be added."""
    if by_p:
        return ""
    return {Status.DISTINGUISHABLE: ", more than chance explains", Status.CHANCE: ", which may be chance"}.get(
        status, ""
    )


def stand_out(*, by_p: bool, one: bool = False) -> str:
    """The verb of sentences that pass; with p alone no more is said of them than that. one: of one sentence."""
    if by_p:
        return f"{'has' if one else 'have'} p ≤ {level_text(P_LEVEL)}"
    return "stands out" if one else "stand out"


def from_here_on(passes: str) -> str:
    """The label of the line in a chart from which sentences pass. passes: their verb, `stand_out`."""
    return f"{passes} from here on"


def limit_label(*, by_p: bool) -> str:
    """The switch that limits a list to the sentences that pass."""
    return f"only sentences {f'with {P_RULE}' if by_p else 'distinguishable from chance'}"


def record_line(*, judged: int, passing: int, against: int, by_p: bool) -> str:
    """Of a record's sentences how many pass, and how many are not judged for pushing against the label; "" where
    neither is known of any."""
    if not judged:
        return "Every sentence with an effect pushes against the paper's label, so none is judged." if against else ""
    if judged == 1:
        line = f"The one sentence that pushes toward the paper's label {'does' if passing else 'does not do'} so"
    else:
        some, verb = (f"{passing}", "does" if passing == 1 else "do") if passing else ("None", "does")
        line = f"{some} of the {judged} sentences that push toward the paper's label {verb} so"
    line += f" with {P_RULE}" if by_p else " further than sentences of this length do by chance"
    if against:
        line += f"; {against} {'pushes' if against == 1 else 'push'} against it and {'is' if against == 1 else 'are'} "
        line += "not judged"
    return line + "."


def refused_line(refusals: set[str]) -> str:
    """In the place of `record_line`, where the record is not judged for these reasons; "" where there is none."""
    why = " ".join(sorted(refusals))
    return f"Whether these effects are more than chance is not said ({why})." if why else ""


def ranking_line(*, against: int, by_p: bool) -> str:
    """The words after "38 of 828 " above a ranking: what these sentences do. against: how many are not judged."""
    how = (
        f"with {P_RULE} (one in twenty does by chance)"
        if by_p
        else "further than sentences of their length do by chance"
    )
    line = (
        f"sentences that push toward their own paper's label do so {how}. The rest of them are in grey: their place in "
        "the list may be luck."
    )
    if against:
        line += f" {against:,} {'pushes' if against == 1 else 'push'} against the paper's label and "
        line += f"{'is' if against == 1 else 'are'} not judged."
    return line


def corpus_line(*, passing: int, sentences: int) -> str:
    """The same of a whole site in the fewest words, for a terminal."""
    return f"{passing:,} of {sentences:,} are distinguishable from chance"


def meanings(*, calibrated: bool, one_in: str) -> tuple[tuple[Status, str, str], ...]:
    """Each wording of a verdict and what it means, for the page on chance.

    calibrated: whether q is given, else p alone. one_in: the share of those that pass by luck, in words.
    """
    by_luck = (
        f"Of all that pass, about {one_in} is expected to do so by luck."
        if calibrated
        else "One sentence in twenty does so by luck."
    )
    return (
        (
            Status.DISTINGUISHABLE,
            distinguishable("[class]", f"{'q' if calibrated else 'p'} = …"),
            f"It pushes toward the class its paper is labelled with, further than such pushes go by chance. {by_luck}",
        ),
        (
            Status.CHANCE,
            CHANCE,
            "Sentences of the other class push as far by accident. It may matter all the same: this test cannot tell "
            "it from noise. Pages show it quietly.",
        ),
        (
            Status.AGAINST,
            AGAINST,
            "It pushes toward the class that the label denies, so there is no chance to compare it with: such pushes "
            "are what chance is measured by. Where the model is wrong, they are what misled it. Read them.",
        ),
        (Status.NO_EFFECT, NO_EFFECT, "Taken out, the model's answer stays as it was."),
    )
