"""What the sections of the page show below their answers; each is the context of a partial of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sitegen.web.components import Fact, Values
from sitegen.web.layout import Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraphs:
    """Running text."""

    partial: ClassVar[str] = "partials/paragraphs.html"
    lines: tuple[str, ...]  # one a paragraph
    links: tuple[Link, ...] = ()  # where to read on


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """A list of statements."""

    partial: ClassVar[str] = "partials/points.html"
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """What came of one negative control."""

    outcome: str  # "holds", "fails" or "unknown": the symbol before it
    name: str  # what was tried, in a few words
    answer: str  # what came out, in a sentence
    meaning: tuple[str, ...]  # what that means, and a warning where there is cause
    values: Values | None = None  # its numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlList:
    """All negative controls."""

    partial: ClassVar[str] = "partials/controls.html"
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One thing that the pages say of sentences."""

    words: str
    meaning: str
    papers: int  # of how many papers these sentences are
    sentences: int  # of how many sentences it is said


@dataclass(frozen=True, slots=True, kw_only=True)
class Wordings:
    """The things that the pages say of sentences, with how often each is said."""

    partial: ClassVar[str] = "partials/wordings.html"
    rows: tuple[Wording, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A sentence as an example."""

    text: str
    href: str  # to its place on its paper's page
    title: str  # its paper's
    alone: str  # the probability that the model gives it read alone
    q: str  # `q = .03`


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassExamples:
    """Examples of one class."""

    toward: str  # the class
    positive: bool  # whether it is the positive one
    passing: tuple[Quoted, ...]  # the strongest that pass
    failing: tuple[Quoted, ...]  # the strongest that do not


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Examples of every class that was tested."""

    partial: ClassVar[str] = "partials/examples.html"
    groups: tuple[ClassExamples, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The numbers of the test itself, and where they are as data."""

    partial: ClassVar[str] = "partials/facts.html"
    facts: tuple[Fact, ...]
    data: Link
