"""What pages say of questions that a model was not asked, and why not."""

from __future__ import annotations

from dataclasses import dataclass

from sitegen.analysis.attribution.depth import DEPTHS, Depth, reaches
from sitegen.analysis.attribution.occlusion import Occlusion
from sitegen.analysis.attribution.plan import Plan
from sitegen.web.text.numbers import count, upper

UNASKED = "The model was not asked what"  # begins a sentence on what is not there

QUESTIONS: dict[Depth, str] = {
    "whole": "the whole text",
    "alone": "each sentence by itself, the title alone, the abstract alone",
    "without": "the text without each sentence",
    "shares": "the sentences’ shares",
    "sentences": "the title word by word, the abstract sentence by sentence",
    "words": "each word of the abstract: read up to it, without it, and by itself; and random stretches",
}
"""Each depth in a reader's words."""
_SHORT: dict[Depth, str] = {
    "whole": "whole texts",
    "alone": "sentences alone",
    "without": "texts without a sentence",
    "shares": "shares",
    "sentences": "texts up to each sentence",
    "words": "single words",
}
"""The same in a few words, as one of a list."""
_OF_ONE_TEXT: dict[Depth, str] = {
    "alone": "each sentence by itself",
    "sentences": "the text sentence by sentence",
    "words": "each word of the text: read up to it, without it, and by itself; and random stretches",
}
"""The same where records have no titles."""


def not_asked(occlusion: Occlusion, plan: Plan) -> str:
    """What is not known of one record, and why, in a sentence or two; "" where all is."""
    if _everything(plan) or occlusion.asked("words"):  # words may be withheld, too
        return ""
    if occlusion.by_words:
        lacking = "what the answer is without single words"
    elif occlusion.drawn:
        lacking = "what single words did: the figure goes from sentence to sentence"
    else:
        lacking = "how the answer forms as the text is read, so there is no figure"
    return f"The model was not asked {lacking}. {why(plan)}".strip()


def lacking(plan: Plan, what: str) -> str:
    """Why a page has nothing to show, "" where everything was asked. what: the model was not asked it, after "what"."""
    return "" if _everything(plan) else f"{UNASKED} {what}. {why(plan)}".strip()


def _everything(plan: Plan) -> bool:
    return plan.complete and not plan.given


def why(plan: Plan) -> str:
    """Why not everything was asked of a model, in a sentence; "" where everything was."""
    if plan.given:
        return "This site is made of answers that the model gave elsewhere, and no others are known."
    if plan.complete:
        return ""
    if not plan.minutes:
        return "This site’s author limits what the model is asked."
    return (
        f"It reads {_speed(plan.speed)}. To ask it everything about all that is here would take "
        f"{duration(plan.seconds)}, and the limit was {duration(60 * plan.minutes)}."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One kind of question to a model, in a table: its text, how many texts it takes, and whether it was asked."""

    text: str
    texts: str
    asked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a model was asked and what not, where that is not everything."""

    why: str
    questions: tuple[Question, ...]


def asked(plan: Plan, *, titled: bool = True) -> Asked | None:
    """The table of a plan, without rows where there is no model to ask; None where everything was asked. titled:
    whether records have titles."""
    if plan.given:
        return Asked(why=why(plan), questions=())
    if plan.complete:
        return None
    questions = [
        Question(
            text=upper(text),
            texts=f"{plan.texts[depth]:,}",
            asked=_how(plan, depth) if reaches(plan.depth, depth) else "no",
        )
        for depth, text in (QUESTIONS if titled else QUESTIONS | _OF_ONE_TEXT).items()
    ]
    trial = Question(text="The trial of the three measures", texts="", asked="yes" if plan.checks else "no")
    return Asked(why=why(plan), questions=(*questions, trial))


def _how(plan: Plan, depth: Depth) -> str:
    return "yes, from a sample of orders" if depth == "shares" and not plan.exact else "yes"


def summary(plan: Plan) -> list[str]:
    """What a plan asks and what not, in lines for the terminal; none where there was no choice."""
    if plan.given or not (plan.speed or plan.minutes or not plan.complete):
        return []
    texts = f"about {count(plan.everything if plan.complete else plan.asked, 'text')}"
    speed = f" at {_speed(plan.speed)}" if plan.speed else ""
    if plan.complete:
        return [f"is asked everything: {texts}{speed}"]
    left = [_SHORT[depth] for depth in DEPTHS if not reaches(plan.depth, depth)]
    return [
        f"is asked {texts}{speed}: {', '.join(_SHORT[depth] for depth in DEPTHS if reaches(plan.depth, depth))}",
        f"is not asked: {', '.join([*left, *([] if plan.checks else ['the trial of the measures'])])}. {why(plan)}",
        "is asked more with occlusion.minutes in site.toml, which also measures its speed again, or occlusion.depth",
    ]


def duration(seconds: float) -> str:
    """A stretch of time in words, as exactly as an estimate deserves: `40 minutes`, `7 hours`, `3 days`."""
    for size, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= 1.5 * size or (seconds >= size and name == "minute"):
            return count(round(seconds / size), name)
    return count(max(1, round(seconds)), "second")


def _speed(speed: float) -> str:
    return (
        f"{count(round(speed), 'text')} a second" if speed >= 1.5 else f"a text in {count(round(1 / speed), 'second')}"
    )
