"""What site.toml says of a site's looks: its colours, and the entries of its navigation."""

from __future__ import annotations

import re
from typing import Annotated, Any

from pydantic import AfterValidator, model_validator

from sitegen.config.tables import NonEmpty, SiteTable

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})")


def _colour(value: str) -> str:
    """A colour as #rrggbb, in lower case."""
    if not _HEX.fullmatch(lowered := value.lower()):
        raise ValueError(f'"{value}" is no colour that can be read. Write it as "#1f5c99"')
    return lowered if len(lowered) == 7 else "#" + "".join(2 * digit for digit in lowered[1:])


Colour = Annotated[str, AfterValidator(_colour)]


class Shades(SiteTable):
    """A colour in both themes. dark: None where it follows from the light one."""

    light: Colour
    dark: Colour | None = None

    @model_validator(mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        if isinstance(value, dict):
            return value
        if isinstance(value, str):
            return {"light": value}
        raise ValueError('must be a colour, "#1f5c99", or one for each theme: {light = "#1f5c99", dark = "#86b7ea"}')


class Colors(SiteTable):
    """A site's own colours, under the names that they have in theme.css; None: as there.

    accent: of links, buttons and counts by shade. ramp_*: of the probabilities 0, .5 and 1, the same in both themes,
    since they are the scale of the pictures. effect_*: of what moves an answer toward a class. *_name: what pages call
    the colour in a sentence; without it a word is found for a colour that is given.
    """

    accent: Shades | None = None
    ramp_negative: Colour | None = None
    ramp_middle: Colour | None = None
    ramp_positive: Colour | None = None
    effect_negative: Shades | None = None
    effect_positive: Shades | None = None
    ramp_negative_name: NonEmpty | None = None
    ramp_middle_name: NonEmpty | None = None
    ramp_positive_name: NonEmpty | None = None
    effect_negative_name: NonEmpty | None = None
    effect_positive_name: NonEmpty | None = None

    @property
    def given(self) -> bool:
        """Whether any of them is."""
        return any(getattr(self, name) is not None for name in type(self).model_fields)

    @model_validator(mode="after")
    def _words(self) -> Colors:
        for name in type(self).model_fields:
            if name.endswith("_name") and re.search(r"[\"\\\n;{}<>]", getattr(self, name) or ""):
                raise ValueError(f'{name} must be a word or two, without quotes, as "blue"')
        return self


class NavEntry(SiteTable):
    """An entry of the navigation. page: the name of a page. text: what the entry says; "": as it is."""

    page: NonEmpty
    text: str = ""

    @model_validator(mode="before")
    @classmethod
    def _one(cls, value: Any) -> Any:
        return {"page": value} if isinstance(value, str) else value
