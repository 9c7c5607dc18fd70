"""404.html: what a server shows under an address that the site lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from sitegen.web.inputs import SiteInputs
from sitegen.web.layout import Frames, Page
from sitegen.web.scan import Scan


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFoundPage(Page):
    """The page may be shown under any address, so it can use no relative link and no file of the site."""

    template: ClassVar[str] = "404.html"
    home: str  # the site's address on the web, "" where it has none


def pages(inputs: SiteInputs, scan: Scan, frames: Frames) -> Iterator[NotFoundPage]:
    """The one page."""
    yield NotFoundPage(frame=frames("not-found", "Not found"), home=inputs.site.url)
