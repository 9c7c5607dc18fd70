"""Every phrase about texts that are not published, once, for all pages."""

from __future__ import annotations

from sitegen.config import Records, Site
from sitegen.web.text.numbers import count


def withheld(records: Records) -> str:
    """What is not published of the texts, for every page; "" where all is."""
    if records.publish == "all":
        return ""
    if records.publish == "scores":
        return "The texts of the abstracts are not published here: of each there are numbers alone."
    words = count(records.excerpt_words, "word")
    return f"The texts of the abstracts are not published here: of each sentence there are at most its first {words}."


def withheld_words(records: Records) -> str:
    """The same beside one abstract, with what stands there instead; "" where all is published."""
    if records.publish == "all":
        return ""
    there = (
        "" if records.publish == "scores" else f" beyond the first {count(records.excerpt_words, 'word')} of a sentence"
    )
    return (
        f"The text is not published here{there}: each square stands for a word, and what a word does by itself is left "
        "out with it. Its sentences have their places, their lengths and their numbers."
    )


def tells_words(site: Site) -> str:
    """A warning for the author whose site withholds texts and publishes the model; "" for any other."""
    if site.records.publish == "all" or site.output.model == "none":
        return ""
    return (
        'output.model = "data" publishes the model, records.publish withholds the texts: with both the model and the '
        "numbers after each word, a program can find out the words by trying. Leave the model out if that matters."
    )
