"""The colours of site.toml put into theme.css, with all that follows from them.

They are added at the end of the style sheet, under the names that it has, so that whoever reads it has them: pages by
their style sheets, charts, thumbnails and figures by `Palette.of`. Nothing else in the program knows of [colors].

What follows from a colour: its shade in the dark theme, the ink of words in it, the wash behind words, the shades in
charts. Those are made so that they can be read: text has at least the contrast 4.5:1 with what it stands on, marks 3:1
(WCAG 2.2). A colour that a site gives itself is measured, and refused where it cannot be read; so that a site never has
another colour than its site.toml says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sitegen.config import Colors
from sitegen.config.appearance import Shades
from sitegen.errors import ConfigError
from sitegen.web.charts.colours import MARK, TEXT, channels, contrast, ground_for, mixed, name_of, readable, shade
from sitegen.web.charts.style import Palette, properties

CHOSEN = {"light": 5.0, "dark": 7.0}  # the contrast of inks, and of dark shades, that follow from another colour
WASHED = 0.55  # the most of an effect's wash that lies behind words (templates/assets/record.css)
PILL = 0.14  # the share of a class's wash in the pill with its name (site.css)
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
Values = dict[str, str]  # properties of a theme by their names without the two hyphens


def own_theme(css: str, colors: Colors, *, file: str, described: str) -> str:
    """theme.css with a site's own colours; as it is where there are none. file: what messages call it; described: what
    they call the description of the site.

    Raises ConfigError with a line for each colour that cannot be read where it stands, and for each two that pages
    would call by the same word.
    """
    if not colors.given:
        return css
    before = Palette.of(css, file=file)
    found = {theme: properties(css, dark=theme == "dark") for theme in ("light", "dark")}
    for which, values in found.items():
        for name in ("ink", "paper", "card"):
            if not _COLOUR.fullmatch(value := values.get(name, "missing")):
                raise ConfigError(
                    f"{file}: --{name} of the {which} theme is {value}, where {described} has [colors], which are "
                    f"measured against it. Write it as #rrggbb."
                )
    light, dark = (_Theme(values) for values in (found["light"], found["dark"]))
    own: dict[str, Values] = {"light": {}, "dark": {}}
    faults: list[str] = []
    if colors.accent:
        first, second = _both(colors.accent, light, dark, least=TEXT)
        faults += [*_unreadable("accent", first, light, "Links"), *_unreadable("accent", second, dark, "Links")]
        for theme, values, accent in ((light, own["light"], first), (dark, own["dark"], second)):
            values.update(_of_accent(accent, theme))
    for side in ("negative", "positive"):
        if colour := getattr(colors, f"ramp_{side}"):
            own["light"][f"ramp-{side}"] = colour
            for theme, values in ((light, own["light"]), (dark, own["dark"])):
                values.update(_of_class(side, colour, theme))
        if shades := getattr(colors, f"effect_{side}"):
            first, second = _both(shades, light, dark, least=MARK)
            for theme, values, colour in ((light, own["light"], first), (dark, own["dark"], second)):
                faults += _unreadable(f"effect_{side}", colour, theme, "Arrows and bars", least=MARK, on=("card",))
                values.update(_of_effect(side, colour, theme))
    if colors.ramp_middle:
        own["light"]["ramp-middle"] = colors.ramp_middle
    names = _names(colors, before)
    faults += [*_flat(colors, before), *_same_words(names)]
    if faults:
        raise ConfigError("\n".join(f"{described}: {fault}" for fault in faults))
    own["light"].update({f"{name}-name": f'"{word}"' for name, word in names.items()})
    return f"{css.rstrip()}\n{_rules(own['light'], own['dark'])}"


class _Theme:
    """What colours stand on in one theme, light or dark."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.ink, self.paper, self.card = (values[name].lower() for name in ("ink", "paper", "card"))
        self.chart = values["chart-ground"].lower()
        self.name = "dark" if contrast(self.card, "#000000") < contrast(self.card, "#ffffff") else "light"

    @property
    def chosen(self) -> float:
        return CHOSEN[self.name]


def _both(shades: Shades, light: _Theme, dark: _Theme, *, least: float) -> tuple[str, str]:
    """A colour in the light and in the dark theme."""
    following = readable(shades.light, dark.paper, dark.card, least=max(least, dark.chosen - 2))
    return shades.light, shades.dark or following


def _of_accent(accent: str, theme: _Theme) -> Values:
    return {
        "accent": accent,
        "chart-few": mixed(theme.chart, accent, 0.18),
        "chart-many": shade(accent, theme.chart, 11),
        "chart-band": mixed(theme.chart, accent, 0.16),
    }


def _of_class(side: str, colour: str, theme: _Theme) -> Values:
    """What is of a class: in charts the two classes differ in lightness, too."""
    dark_one = (side == "negative") == (theme.name == "light")
    drawn = shade(colour, theme.chart, 9 if dark_one else 4.6)
    pill = mixed(theme.paper, colour, PILL)
    return {
        f"{side}-ink": readable(colour, theme.paper, theme.card, pill, least=theme.chosen),
        f"{side}-wash": _wash(colour),
        f"chart-{side}": drawn,
        f"chart-{side}-pale": mixed(drawn, theme.chart, 0.5),
    }


def _of_effect(side: str, colour: str, theme: _Theme) -> Values:
    return {
        f"effect-{side}": colour,
        f"effect-{side}-ink": readable(colour, theme.paper, theme.card, least=theme.chosen),
        f"effect-{side}-wash": _wash(ground_for(theme.ink, colour, theme.card, share=WASHED)),
    }


def _wash(colour: str) -> str:
    return " ".join(map(str, channels(colour)))


def _unreadable(
    key: str, colour: str, theme: _Theme, what: str, *, least: float = TEXT, on: tuple[str, ...] = ("paper", "card")
) -> Iterator[str]:
    """A fault where a colour cannot be read on what it stands on in a theme."""
    grounds = [getattr(theme, name) for name in on]
    worst = min(grounds, key=lambda ground: contrast(colour, ground))
    if (ratio := contrast(colour, worst)) < least:
        better = readable(colour, *grounds, least=least)
        yield (
            f'"colors.{key}": {colour} on {worst}, the ground of the {theme.name} theme, has a contrast of '
            f"{_down(ratio)}:1. {what} need {least:g}:1 (WCAG 2.2). "
            f"Use a {'darker' if theme.name == 'light' else 'lighter'} one, such as {better}."
        )


def _down(ratio: float) -> str:
    """A ratio to a hundredth, never rounded up to what it lacks."""
    return f"{int(100 * ratio) / 100:g}"


def _flat(colors: Colors, before: Palette) -> Iterator[str]:
    """Faults of a ramp on which little can be told apart."""
    middle = colors.ramp_middle or before.ramp_middle
    for side in ("negative", "positive"):
        own = getattr(colors, f"ramp_{side}")
        if not own and not colors.ramp_middle:
            continue
        end = own or getattr(before, f"ramp_{side}")
        if (ratio := contrast(end, middle)) < MARK:
            yield (
                f'"colors.ramp_{side}": {end} beside the ramp\'s middle, {middle}, has a contrast of {_down(ratio)}:1, '
                f"where pictures need {MARK:g}:1 (WCAG 2.2). Use a colour that is darker or lighter than the middle, "
                f"such as {readable(end, middle, least=MARK)}."
            )


def _names(colors: Colors, before: Palette) -> dict[str, str]:
    """What pages call each colour of the ramp and of effects, `ramp-negative` and so on."""
    found = {}
    for key in ("ramp_negative", "ramp_middle", "ramp_positive", "effect_negative", "effect_positive"):
        given = getattr(colors, key)
        word = name_of(given.light if isinstance(given, Shades) else given) if given else getattr(before, f"{key}_name")
        found[key.replace("_", "-")] = getattr(colors, f"{key}_name") or word
    return found


def _same_words(names: Mapping[str, str]) -> Iterator[str]:
    """A fault for each colour whose word another has, too."""
    seen: dict[str, str] = {}
    for name, word in names.items():
        key = name.replace("-", "_")
        if other := seen.get(word.casefold()):
            yield (
                f'"colors.{key}": pages would call it "{word}", as they call {other}. Give another word: '
                f'{key}_name = "..."; or use another colour.'
            )
        seen.setdefault(word.casefold(), key)


def _rules(light: Values, dark: Values) -> str:
    def lines(values: Values, indent: str) -> str:
        return "".join(f"{indent}--{name}: {value};\n" for name, value in values.items())

    own = f"/* The colours of site.toml, and what follows from them. */\n:root {{\n{lines(light, '  ')}}}\n"
    if not dark:
        return own
    rule = f"  :root:not(.paper) {{\n{lines(dark, '    ')}  }}\n"
    return f"{own}@media screen and (prefers-color-scheme: dark) {{\n{rule}}}\n"
