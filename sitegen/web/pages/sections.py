"""What a page of a section says of the others: which there are, and which comes before and after it.

A section is a folder of the user's own pages (prose.py); its first page leads to all others, in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sitegen.web.layout import Frame, Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page of a section as the list of them needs it: its title, its path within the site, and a sentence on it."""

    text: str
    path: str
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed(Link):
    """A page of the section, as another leads to it."""

    summary: str  # a sentence on it; "" where it says none
    current: bool  # whether it is the page itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """The pages of a section, seen from one of them."""

    first: Listed  # the section's own page, whose title is that of the section
    others: tuple[Listed, ...]  # in their order
    within: tuple[Link, ...]  # the headings of this page; none where there is but one
    previous: Listed | None  # the page before this one, None on the first
    next: Listed | None  # the page after it, None on the last


def contents(frame: Frame, pages: Sequence[Entry], *, headings: Sequence[tuple[str, str]]) -> Contents:
    """The contents of a section as the page of `frame` shows them. pages: all of the section, the first before all.
    headings: the ids and the words of the page's own."""
    listed = [
        Listed(text=page.text, href=frame.to(page.path), summary=page.summary, current=page.path == frame.path)
        for page in pages
    ]
    at = next(k for k, page in enumerate(listed) if page.current)
    return Contents(
        first=listed[0],
        others=tuple(listed[1:]),
        within=tuple(Link(text=words, href=f"#{name}") for name, words in headings if len(headings) > 1),
        previous=listed[at - 1] if at else None,
        next=listed[at + 1] if at + 1 < len(listed) else None,
    )
