"""A two-tower LSTM in words, for readers of the pages and the terminal. Loads no torch."""

from __future__ import annotations

from collections.abc import Sequence

from sitegen.corpus.cutting import not_in_a_page
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.manifest import Fact

_READOUTS = {
    "final-state": "of both directions, after the whole text",
    "last-step": "at the last word only",
}


def size(architecture: Architecture, *, vocabulary: int) -> str:
    """Its size in one line."""
    return f"{architecture.layers} layers of {architecture.hidden} units over {vocabulary:,} words"


def facts(architecture: Architecture, *, vocabulary: int, names: Sequence[str] = ()) -> list[Fact]:
    """Name, value and note of what the network is. names: of its classes."""
    a = architecture
    towers = "read apart and added up" if not a.joint else f"read apart, then joined in a layer of {a.joint} units"
    direction = "forwards and backwards" if a.directions == 2 else "forwards"
    return [
        ("Kind", f"two LSTM networks, one for the title, one for the abstract, {towers}", ""),
        ("Size", f"{a.layers} layers of {a.hidden} units, reading {direction}", ""),
        ("Result taken", _READOUTS[a.readout], f"readout {a.readout}"),
        ("Vocabulary", f"{vocabulary:,} words, each a vector of {a.dimension} numbers", ""),
        *([("Tells apart", f"{a.classes} classes: {', '.join(names)}", "")] if a.classes > 2 else []),
    ]


def several(names: Sequence[str], classes: tuple[str, str] | None) -> tuple[str, ...]:
    """A paragraph for the methods page on a network of more than two classes. classes: (negative, positive), as the
    pages call them; None of a network of two."""
    if classes is None:
        return ()
    negative, positive = classes
    return (
        f"This model tells {len(names)} classes apart: {', '.join(names)}. It has an output for each, and the softmax "
        f"of all of them is its probability of each class. These pages ask it for one of them, “{positive}”, against "
        f"all the others together, which are called “{negative}” here: the margin is the output of “{positive}” less "
        f"the logarithm of the sum of the exponentials of all other outputs. A word that speaks for any of the other "
        f"classes speaks against “{positive}”. Title and abstract add up in each output, but not in this margin.",
    )


def notes(architecture: Architecture) -> tuple[str, ...]:
    """Paragraphs for the methods page on what is odd about this network."""
    if architecture.readout != "last-step":
        return ()
    return (
        "This model looks at its readers' output at the last word only. The part that reads from right to left has "
        "seen one word there, the last: the last word of a text weighs more than it should, and what that part learned "
        "of the rest is lost. This is how the model was trained, so it is explained as it is.",
    )


def no_network(architecture: Architecture) -> str:
    """Why its units cannot be shown; empty where they can."""
    if architecture.classes > 2:
        return (
            f"The units of its network add up to one output for each of its {architecture.classes} classes, and the "
            f"answer is made of all these outputs at once, so that nothing a single unit wrote is a part of the answer."
        )
    if not architecture.joint:
        return ""
    return (
        f"A layer of {architecture.joint} units joins title and abstract. Only these add up to the answer, and each of "
        f"them has read both texts, so that no word can be named at which one of them wrote its part."
    )


def no_live(architecture: Architecture, *, tokenizer: str, splitter: str) -> str:
    """Why it cannot run in a page; empty where it can."""
    if architecture.classes > 2:
        return f"The model tells {architecture.classes} classes apart, and a page can run one of two classes."
    return not_in_a_page(tokenizer, splitter)


def record_note(architecture: Architecture) -> str:
    """The same in a sentence for the page of each record."""
    if architecture.readout != "last-step":
        return ""
    return "This model looks at the last word only in one of its two reading directions (see Methods)."


def probability_note(architecture: Architecture) -> str:
    """How the probabilities of a network of 2018 compare with those published then: such networks are the ones that
    read the last step."""
    if architecture.readout != "last-step":
        return ""
    return (
        "The 2018 project from which this method comes normalised one class with a value that it had changed before; "
        "its published probabilities are too high, and five of its eighty published decisions are wrong for that "
        "reason. Numbers in these pages are not comparable with those."
    )
