"""Text -> tokens with their places in it.

A tokenizer is a function (text, start, end) -> [start, end) of each token in that stretch of the text. A model
directory names its tokenizer, because a model must be given what it was trained on. Tokens are lower-cased after they
were cut out, not before, since lower-casing can change the length of a word and with it all places.

`words` (the default) is one regular expression; what it does not match is no token:

- words of letters and digits, with apostrophes and hyphens inside: `don't`, `two-step`, `covid-19`, `21st`;
- abbreviations of single letters, without the last full stop: `u.s`, `e.g`, `p.m`;
- numbers whole: `3.14`, `10,000`, `3.4.1`, `.05`, `45%`. A comma joins digits in threes only: `4,5` is two tokens.

Accents written as marks of their own (NFD) stay in their word; underscores part words.

`nltk` is NLTK's NLTKWordTokenizer, the Treebank rules: punctuation makes tokens, `don't` is `do` and `n't`. It is an
extra (`pip install -e ".[nltk]"`), imported when first used. It reads one sentence at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from textwrap import dedent

from sitegen.errors import ModelError
from sitegen.version import how_to_install

Span = tuple[int, int]
Tokenizer = Callable[[str, int, int], list[Span]]

_LETTER = r"[^\W_\u0300-\u036f]"
_MARKED = rf"(?:{_LETTER}[\u0300-\u036f]*)"
_WORDS = re.compile(
    rf"""
      \d+ (?: ,\d{{3}}(?!\d) | \.\d+ )+ %?      # 10,000  3.14  3.4.1  45.5%
    | (?<![\w.]) \.\d+ %?                       # .05
    | \d+ %                                     # 45%
    | (?<!{_LETTER}) [^\W\d_] (?: \.[^\W\d_] )+ (?!\w)      # u.s  e.g
    | {_MARKED}+ (?: ['’‐‑-] {_MARKED}+ )*      # words
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRule:
    """How a tokenizer cuts words, for whoever writes it again. pattern: its regular expression, or nothing."""

    name: str
    meaning: str
    pattern: str = ""


def token_rule(name: str) -> TokenRule:
    """The rule of the tokenizer of that name; loads no library."""
    return _RULES[name]


def tokenizer_names() -> tuple[str, ...]:
    """The names a model directory may give as its tokenizer."""
    return tuple(_TOKENIZERS)


def tokenizer(name: str) -> Tokenizer:
    """The tokenizer of that name; ModelError where there is none, or where its library is not installed."""
    if name not in _TOKENIZERS:
        raise ModelError(f'tokenizer "{name}" is not known. Use one of: {", ".join(_TOKENIZERS)}.')
    return _TOKENIZERS[name]()


def _words() -> Tokenizer:
    return lambda text, start, end: [match.span() for match in _WORDS.finditer(text, start, end)]


@cache
def _nltk() -> Tokenizer:
    try:
        from nltk.tokenize.destructive import NLTKWordTokenizer
    except ImportError:
        raise ModelError(
            f'tokenizer "nltk" needs NLTK, which is not installed. Install it: {how_to_install("nltk")}.'
        ) from None
    treebank = NLTKWordTokenizer()

    def spans(text: str, start: int, end: int) -> list[Span]:
        return _placed(treebank.tokenize(text[start:end]), text, start=start, end=end)

    return spans


def _placed(tokens: list[str], text: str, *, start: int, end: int) -> list[Span]:
    """The place of each Treebank token in text[start:end].

    Treebank writes double quotes as `` and ''; in the text they are whichever of the two forms comes first.
    """
    spans: list[Span] = []
    for token in tokens:
        forms = (token, '"') if token in ("``", "''") else (token,)
        places = [(at, form) for form in forms if (at := text.find(form, start, end)) >= 0]
        if not places:
            continue
        at, form = min(places)
        spans.append((at, at + len(form)))
        start = at + len(form)
    return spans


OWN = "the model's own"
"""What the words of a model are called that says itself which it reads."""

_RULES = {
    rule.name: rule
    for rule in (
        TokenRule(name=OWN, meaning="what the model itself says it reads as units"),
        TokenRule(
            name="words",
            meaning="each match of this regular expression, found from left to right within a sentence or a title; "
            "what it does not match, punctuation above all, is no token; the marks inside words, in the last line, are "
            "U+0027, U+2019, U+2010, U+2011 and U+002D",
            pattern=dedent(_WORDS.pattern).strip(),
        ),
        TokenRule(
            name="nltk",
            meaning="what NLTK's NLTKWordTokenizer (the Treebank rules) makes of a sentence or a title: punctuation "
            "makes tokens of its own, “don't” is “do” and “n't”; the double quotes that it writes as `` and '' "
            "are those that stand in the text",
        ),
    )
}
_TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {"words": _words, "nltk": _nltk}
