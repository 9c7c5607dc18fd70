"""A site of twenty tweets: records that are a single text, under a noun of their own, and a model in Python."""

from __future__ import annotations

import csv
from pathlib import Path

from sitegen.config import Site, load_site

MODEL = '''
"""Words about weather, and loud letters."""

import re

WEIGHTS = {"rain": 2.0, "sun": 1.5, "wind": 1.0, "queue": -1.5, "train": -1.0, "late": -0.5, "nobody": -0.5}


class Weather:
    def margins(self, texts):
        return [self.margin(text) for text in texts]

    def margin(self, text):
        words = re.findall(r"[a-z]+", text.lower())
        return sum(WEIGHTS.get(word, 0.01) for word in words) - 0.4 * text.count("!") - 0.1

    def randomised(self, seed):
        return Weather()


classifier = Weather()
'''
TWEETS = (
    "Rain again. The third day of it, and no end in sight. I like the sound on the roof, though.",
    "The queue at the bakery is longer than ever! Nobody knows why, and nobody asks.",
    "Sun at last.",
    "My train is late. It was late yesterday. It will be late tomorrow. At least the sun is out.",
    "Wind so strong that the dog refused to leave the house. We stayed in and read.",
    "Does anybody know a good plumber? Asking for a wet kitchen.",
    "Queue, train, queue, train: the whole of my day!",
    "Rain on the way to the train. Train late because of the rain.",
    "Nobody told me that moving house is mostly cardboard.",
    "<b>Bold</b> claims & loud letters do not make an argument.",
    "The sun came out as soon as I had left the umbrella at home. The wind took the hat, too. The rest was fine.",
    "Forty minutes in a queue for one stamp!",
    "Naïve Öffentlichkeit, hören wir zu? 🎓",
    "A walk in the rain is better than a seat in a late train. I have tried both. I would choose the rain again.",
    "Thunder.",
    "Reading in bed while the wind does its thing outside. Tea helps.",
    "Averylongwordthatnobodyhaseverwrittenbeforeandthatdoesnotbreakatallbecauseithasnoplaceforit stands here.",
    "The new timetable: every train late by design! Nobody laughed.",
    "Sun, wind, sun, wind. Make up your mind.",
    "",
)


def write_tweets(folder: Path, *, noun: str = '"tweet"', publish: str = "all", model: str = "", url: str = "") -> Site:
    """The site; `model` are the lines of another [[models]]."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "weather.py").write_text(MODEL, encoding="utf-8")
    with (folder / "tweets.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["tweet", "about", "place"])
        for k, text in enumerate(TWEETS):
            rows.writerow(
                [text, "weather" if {"rain", "sun", "wind"} & set(text.lower().split()) else "else", "NS"[k % 2]]
            )
    file = folder / "site.toml"
    model = model or 'name = "Weather"\nkind = "python"\npath = "weather.py:classifier"\njoin = " "\ntrust = true'
    file.write_text(
        f"""
title = "Weather or not"
url = "{url}"
[classes]
positive = "weather"
negative = "else"
[records]
path = "tweets.csv"
noun = {noun}
title = ""
abstract = "tweet"
label = "about"
facets = ["place"]
publish = "{publish}"
[[models]]
{model}
[faithfulness]
records = 10
hybrids = 5
""",
        encoding="utf-8",
    )
    return load_site(file)
