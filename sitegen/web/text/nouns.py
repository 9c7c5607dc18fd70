"""The site's word for a record, `paper` if site.toml names none: every page, chart and script takes it from here.

Pages get the words from their frame (`frame.nouns`), scripts from what pages hand them. Phrases that stand outside any
function are written with `{one}`, `{many}`, `{a}` in the words' places, and said by `Nouns.say`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from sitegen.config import Site

_YOU = r"eu|u[bst][aeiu]|ukra|ura|uni(?!m|n)|unan"  # vowels that sound as in `you`
_VOWEL_SOUND = re.compile(rf"(?!{_YOU}|one\b|once\b)[aeiou]|hour|honest|honou?r|heir", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nouns:
    """What a record is called: `one`, and several. text: what its main text is called. titled: whether there are titles
    beside it."""

    one: str = "paper"
    many: str = "papers"
    text: str = "abstract"
    titled: bool = True

    @classmethod
    def of(cls, site: Site) -> Nouns:
        """Those of a site; a plural that it does not give is made by rule."""
        noun = site.records.noun
        one, many = (noun, plural(noun)) if isinstance(noun, str) else noun
        titled = site.records.titled
        return cls(one=one, many=many, text="abstract" if titled else "text", titled=titled)

    @property
    def a(self) -> str:
        """One with its article: `a paper`, `an essay`."""
        return f"{article(self.one)} {self.one}"

    @property
    def a_text(self) -> str:
        """Its main text with the article: `an abstract`, `a text`."""
        return f"{article(self.text)} {self.text}"

    @property
    def texts(self) -> str:
        """The main texts of several."""
        return plural(self.text)

    @property
    def of_many(self) -> str:
        """What belongs to several: `papers'`, `people's`."""
        return self.many + ("'" if self.many.endswith("s") else "'s")

    def count(self, n: int, kind: str = "") -> str:
        """`1 paper`, `2 papers`; with a kind, `1,204 labelled papers`."""
        return " ".join([f"{n:,}", *([kind] if kind else []), self.one if n == 1 else self.many])

    def say(self, phrase: str) -> str:
        """A phrase with the words put in for `{one}`, `{many}`, `{a}`, `{of_many}`, `{text}` and
        `{texts}`; with a capital, where
        such a name has one (`{One}`)."""
        words = {
            "one": self.one,
            "many": self.many,
            "a": self.a,
            "a_text": self.a_text,
            "of_many": self.of_many,
            "text": self.text,
            "texts": self.texts,
        }
        for name, word in words.items():
            phrase = phrase.replace(f"{{{name}}}", word)
            phrase = phrase.replace(f"{{{name[:1].upper()}{name[1:]}}}", word[:1].upper() + word[1:])
        return phrase


PAPERS = Nouns()
"""The words of a site that names none."""


def plural(noun: str) -> str:
    """The plural of a noun by the rules of English spelling; irregular ones are for site.toml."""
    if re.search(r"[^aeiou]y$", noun):
        return f"{noun[:-1]}ies"
    return noun + ("es" if re.search(r"(s|x|z|ch|sh)$", noun) else "s")


def article(noun: str) -> str:
    """`a` or `an`, as the noun sounds; capitals alone are spelt out (`an SMS`, `an X-ray`), numbers said (`an 8-K`)."""
    first = noun.split()[0]
    if first[0].isdigit():
        return "an" if re.match(r"8|1[18](?!\d)", first) else "a"
    letters = re.split(r"[\W\d_]", first)[0]  # of `X-ray` the X
    spelt = letters.rstrip("s").isupper() and (len(letters) > 1 or letters != first)
    return "an" if (first[0] in "AEFHILMNORSX" if spelt else bool(_VOWEL_SOUND.match(first))) else "a"
