"""The page on the test: which sentences, read alone, speak clearly for their class."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frames, Page
from sitegen.web.scan import Scan
from sitegen.web.text.numbers import count


@dataclass(frozen=True, slots=True, kw_only=True)
class SignificancePage(Page):
    """Which sentences speak clearly?"""

    template: ClassVar[str] = "significance.html"
    answer: tuple[str, ...]  # sentences, the answer itself first

    @property
    def charts(self) -> dict[str, dict[str, Any]]:
        """The specifications that the page's script draws, by the key of their finding."""
        return {}


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[SignificancePage]:
    """The one page."""
    verdicts = scan.verdicts
    yield SignificancePage(
        frame=frames("significance", "Which sentences speak clearly?"),
        answer=tuple(
            f"{test.passed:,} of {count(test.family, 'sentence')} of “{verdicts.names[y]}” papers are clear."
            for y, test in ((1, verdicts.significance.classes[1]), (0, verdicts.significance.classes[0]))
        ),
    )
