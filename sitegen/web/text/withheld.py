"""Every phrase about texts that are not published, once, for all pages."""

from __future__ import annotations

from sitegen.config import Records, Site
from sitegen.web.text.numbers import count


def withheld(records: Records) -> str:
    """What is not published of the texts, for every page; "" where all is."""
    if records.publish == "all":
        return ""
    there = f"of each sentence there are at most its first {count(records.excerpt_words, 'word')}"
    if records.publish == "scores":
        there = "of each there are numbers alone"
    texts = "texts of the abstracts" if records.titled else "texts"
    sentence = f"The {texts} are not published here: {there}."
    return f"{sentence} {records.publish_reason}".strip()


def withheld_of_lists(records: Records) -> str:
    """The same for pages that list words or sentences of the whole corpus; "" where all is published."""
    if records.publish == "all":
        return ""
    return f"{withheld(records)} Single words are listed as the whole corpus uses them, in no text's order."


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
    keys = [
        *(['output.model = "data"'] if site.output.model != "none" else []),
        *(["live.show = true"] if site.live.show else []),
    ]
    if site.records.publish == "all" or not keys:
        return ""
    publishes = f"{' and '.join(keys)} publish{'' if len(keys) > 1 else 'es'} the model"
    return (
        f"{publishes}, records.publish withholds the texts: with both the model and the numbers of each sentence, a "
        "program can guess at the words and see whether they fit. Leave the model out if that matters."
    )
