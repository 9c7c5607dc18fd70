"""Forms of one word (tweet, tweets, tweeted), so that a ranking has one line for them.

A rule of our own for English, and a timid one: a group that is too small shows two lines where one would do, and a
group that is too large hides a word. A word is a *form* of another, its *head*, where

1. both occur in the corpus, and the head has at least LEAST_HEAD letters (new, news);
2. the form is the head with one of the endings -s, -es, -ed, -ing, by the rules of spelling: study, studies;
   code, coded, coding; plan is too short, but `control, controlled` is one;
3. no other word of the corpus could be its head as well (hoping: hope or hop);
4. both speak for the same class when they are read alone.

Words in -ics are no plurals (economic, economics), nor are words in -ss. A form of a form belongs to its first head:
posting is a form of post, so postings is one, too.

It errs now and then (found, founded; unit, united): pages show the forms of each group with their numbers.

Two other ways were weighed. A stemmer (Porter 1980; snowballstemmer, 0.4 MB) needs no dictionary and cuts further:
policy and police, universal and university become one. A lemmatiser knows better and needs a dictionary of 10 MB or a
model for each language. Neither knows whether two words are one to *this* classifier, which rule 4 asks. A site in
another language has no groups: each word is by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

LEAST_HEAD = 4  # letters
_VOWELS = frozenset("aeiou")


def heads(values: Mapping[str, float], *, language: str) -> dict[str, str]:
    """The head of every word that is a form of another.

    values: what each word of the corpus says alone, in log-odds beyond no text at all. language: as in site.toml.
    """
    if language.partition("-")[0].lower() != "en":
        return {}
    direct = {}
    for word in values:
        possible = [head for head in _possible_heads(word) if head in values]
        if len(possible) == 1:
            direct[word] = possible[0]
    found = {}
    for word in direct:
        head = word
        while head in direct:  # every head is shorter than its form
            head = direct[head]
        if (values[word] > 0) == (values[head] > 0):
            found[word] = head
    return found


def _possible_heads(word: str) -> Iterator[str]:
    """Every word that this one may be a form of, by spelling alone."""
    if not (word.isascii() and word.isalpha()):
        return
    for head in dict.fromkeys((*_of_plural(word), *_of_verb(word, "ed"), *_of_verb(word, "ing"))):
        if len(head) >= LEAST_HEAD:
            yield head


def _of_plural(word: str) -> Iterator[str]:
    if not word.endswith("s") or word.endswith(("ss", "ics")):
        return
    if word.endswith("ies"):
        yield f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        yield word[:-2]
    yield word[:-1]


def _of_verb(word: str, ending: str) -> Iterator[str]:
    if not word.endswith(ending):
        return
    stem = word.removesuffix(ending)
    yield stem
    yield f"{stem}e"
    if ending == "ed" and stem.endswith("i"):
        yield f"{stem[:-1]}y"
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in _VOWELS:
        yield stem[:-1]
