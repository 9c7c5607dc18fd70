"""Numbers and names as readers see them: one place that decides how a probability or an effect is written.

Scripts write the same numbers in the same way: templates/assets/numbers.js has `percent`, `points`, `log_odds`,
`strength` and `word_strength` once more, and takes from `RULES` what could change. A test compares the two.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata

MINUS = "\N{MINUS SIGN}"
UNKNOWN = "–"  # a number that is not known: the model was not asked
NONE = "(none)"  # stands for an empty value where readers choose among values
SURELY, SURELY_TEXT = 0.9995, "over 99.9%"  # from this probability on rounding would claim certainty
HARDLY, HARDLY_TEXT = 0.0005, "under 0.1%"  # and below this one
TENTHS_FROM, TENTHS_BELOW = 98.5, 1.5  # percent: beyond these tenths are shown; what is rounded to 99% has them, too
QUIET = 0.0005  # of the probability: a change that would be written 0.0 points has no colour
QUIET_WORD = 0.005  # log-odds: an effect that would be written 0.00 has none
FULL = 0.4  # of the probability: a change from which on the colour is at its strongest
POINTS_DIGITS, LOG_ODDS_DIGITS, CORRELATION_DIGITS = 1, 2, 2
UNIT_DIGITS = 4  # log-odds of one unit of a network: many share an answer, and each has little of it

RULES = {
    "minus": MINUS,
    "unknown": UNKNOWN,
    "none": NONE,
    "surely": SURELY,
    "surelyText": SURELY_TEXT,
    "hardly": HARDLY,
    "hardlyText": HARDLY_TEXT,
    "tenthsFrom": TENTHS_FROM,
    "tenthsBelow": TENTHS_BELOW,
    "quiet": QUIET,
    "quietWord": QUIET_WORD,
    "full": FULL,
    "pointsDigits": POINTS_DIGITS,
    "logOddsDigits": LOG_ODDS_DIGITS,
}
"""All of these for scripts, published as assets/constants.js."""


def percent(p: float) -> str:
    """A probability for a reader: whole percents, tenths where rounding would claim certainty."""
    if math.isnan(p):
        return UNKNOWN
    if p >= SURELY:
        return SURELY_TEXT
    if p < HARDLY:
        return HARDLY_TEXT
    value = 100 * p
    return f"{value:.1f}%" if value >= TENTHS_FROM or value < TENTHS_BELOW else f"{value:.0f}%"


def tenths(p: float) -> str:
    """A probability as a limit: where what lies beyond it differs from what does not, whole percents are too coarse."""
    text = percent(p)
    return f"{100 * p:.1f}%" if text[0].isdigit() else text


def exact_percent(p: float) -> str:
    """A threshold, with all the digits that it was given: `35%`, `2.5%`. What is rounded may lie beside it."""
    return f"{100 * p:g}%"


def cell_number(p: float) -> str:
    """The same in a cell of the heatmap, where there is no room for words: `53`, `99.4`, `>99.9`."""
    return percent(p).removesuffix("%").replace("over ", ">").replace("under ", "<")


def whole_percent(share: float) -> str:
    """A mean or a share in whole percents, for numbers that no certainty hangs on."""
    return f"{100 * share:.0f}%".replace("-", MINUS)


def counted_share(part: float, whole: float = 1) -> str:
    """A share that was counted, not estimated: none is 0%, all is 100%."""
    return {0: "0%", whole: "100%"}.get(part) or percent(part / whole)


def points(change: float) -> str:
    """A change of probability in percentage points, signed."""
    return _signed(100 * change, POINTS_DIGITS)


def log_odds(effect: float) -> str:
    """An effect on the margin, signed."""
    return _signed(effect, LOG_ODDS_DIGITS)


def unit_log_odds(value: float) -> str:
    """What one unit of a network does to a margin, signed: two digits that say something, four decimals at most."""
    return _signed(value, 2 if abs(value) >= 0.0995 else 3 if abs(value) >= 0.00995 else UNIT_DIGITS)


def correlation(r: float) -> str:
    """A correlation, signed."""
    return _signed(r, CORRELATION_DIGITS)


def points_size(change: float) -> str:
    """The size of a change of a probability, in points, without its sign."""
    return points(abs(change)).lstrip("+")


def size(effect: float) -> str:
    """The size of an effect on the margin, without its sign."""
    return log_odds(abs(effect)).lstrip("+")


def _signed(value: float, digits: int) -> str:
    if math.isnan(value):
        return UNKNOWN
    text = f"{abs(value):.{digits}f}"
    if not any(digit in "123456789" for digit in text):
        return text
    return ("+" if value > 0 else MINUS) + text


def strength(change: float) -> float:
    """How strongly a sentence is coloured that changes the probability by so much, 0 to 1; 0 where that
    is not known."""
    return 0.0 if math.isnan(change) else round(min(1.0, abs(change) / FULL), 3)


def word_strength(effect: float) -> float:
    """How strongly a word is coloured by its effect in log-odds, 0 to 1: how far it alone would move a reader who is
    undecided.

    An effect of D takes p = .5 to 1 / (1 + exp(-D)); the distance from the middle, doubled, is tanh(|D| / 2). In points
    no word would have a colour where the model is sure.
    """
    return 0.0 if math.isnan(effect) else round(math.tanh(abs(effect) / 2), 3)


def count(n: int, one: str, many: str | None = None) -> str:
    """`1 paper`, `2 papers`, `1,204 papers`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def upper(text: str) -> str:
    """The text with a capital letter at its beginning; the rest stays as it is."""
    return text[:1].upper() + text[1:]


def megabytes(n: int) -> str:
    """Bytes in the largest unit that leaves a number one can say."""
    if n >= 1_000_000:
        return f"{n / 1e6:.1f} MB"
    return f"{n / 1000:.1f} kB" if n >= 1000 else f"{n} bytes"


def excerpt(text: str, limit: int = 180) -> str:
    """The text, cut at a word when it is longer than `limit` characters."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    return text[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def slug(text: str) -> str:
    """A readable file name that is safe on every system and in every URL: a-z, 0-9 and `-._`.

    Where the text had to be changed, eight digits of its hash are added, so that two texts never share a name and a
    text's name depends on nothing but itself.
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    name = re.sub(r"[^a-z0-9._]+", "-", ascii_text).strip("-._")[:60].rstrip("-._")
    reserved = re.fullmatch(r"(con|prn|aux|nul|index|com\d|lpt\d)?(\..*)?", name)  # devices, whatever their suffix
    if name == text and not reserved:
        return name
    parts = [*(["x"] if reserved else []), *([name] if name else []), hashlib.sha256(text.encode()).hexdigest()[:8]]
    return "-".join(parts)
