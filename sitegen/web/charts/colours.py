"""What is worked out from colours, "#rrggbb": how one reads on another, shades of it, and a word for it.

Contrast is that of WCAG 2.2, (L + .05) / (l + .05) of the relative luminances: 1 to 21.
"""

from __future__ import annotations

from colorsys import rgb_to_hls

BLACK, WHITE = "#000000", "#ffffff"
TEXT, MARK = 4.5, 3.0  # the least contrast of text, and of marks in pictures (WCAG 2.2: 1.4.3, 1.4.11)
_STEPS = 200  # of a colour's way to black or white


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, each 0..255."""
    red, green, blue = bytes.fromhex(colour[1:])
    return red, green, blue


def luminance(colour: str) -> float:
    """The relative luminance, 0 of black to 1 of white."""
    shares = [channel / 255 for channel in channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, whichever is the lighter."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: str, other: str, share: float) -> str:
    """`one` with a `share`, 0..1, of `other`, as a half-transparent `other` over it looks."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + bytes(int(a + (b - a) * share + 0.5) for a, b in pairs).hex()


def readable(colour: str, *grounds: str, least: float = TEXT) -> str:
    """The shade nearest to `colour`, darker or lighter, that has at least that contrast with each of the grounds."""
    end = BLACK if min(map(luminance, grounds)) > 0.18 else WHITE
    shades = (mixed(colour, end, step / _STEPS) for step in range(_STEPS + 1))
    return next((shade for shade in shades if min(contrast(shade, ground) for ground in grounds) >= least), end)


def shade(colour: str, ground: str, ratio: float) -> str:
    """The shade of `colour`, darker or lighter, whose contrast with the ground is nearest to `ratio`; of two, the one
    that is nearer to the colour."""
    steps = sorted(range(-_STEPS, _STEPS + 1), key=abs)
    shades = [mixed(colour, WHITE if step > 0 else BLACK, abs(step) / _STEPS) for step in steps]
    away = [one for one in shades if (luminance(one) < luminance(ground)) == (luminance(ground) > 0.18)]
    return min(away, key=lambda one: abs(contrast(one, ground) - ratio))


def ground_for(ink: str, colour: str, under: str, *, share: float, least: float = TEXT) -> str:
    """The shade nearest to `colour` on which `ink` reads where a `share` of it, 0..1, lies over `under`."""
    shades = (mixed(colour, under, step / _STEPS) for step in range(_STEPS + 1))
    return next((one for one in shades if contrast(ink, mixed(under, one, share)) >= least), under)


_GREYS = ((0.93, "white"), (0.8, "pale grey"), (0.15, "grey"), (0.0, "black"))  # from this lightness
_HUES = (  # up to this angle: the word, and that of dark and of pale ones
    (14, "red", "dark red", "pink"),
    (40, "orange", "brown", "peach"),
    (70, "yellow", "olive", "pale yellow"),
    (160, "green", "dark green", "pale green"),
    (195, "turquoise", "teal", "pale turquoise"),
    (252, "blue", "dark blue", "pale blue"),
    (290, "violet", "dark violet", "lilac"),
    (330, "purple", "dark purple", "pink"),
    (361, "red", "dark red", "pink"),
)


def name_of(colour: str) -> str:
    """A plain word for a colour, as it stands in a sentence."""
    hue, lightness, saturation = rgb_to_hls(*(channel / 255 for channel in channels(colour)))
    if saturation < 0.12 or not 0.04 < lightness < 0.96:
        return next(word for least, word in _GREYS if lightness > least or not least)
    plain, dark, pale = next(words for last, *words in _HUES if 360 * hue < last)
    darkest = {"orange": 0.4, "yellow": 0.3}.get(plain, 0.14)  # orange is brown before others are dark
    return pale if lightness > 0.78 else dark if lightness < darkest else plain
