"""Models that are programs, as users write them: what tests put into mymodel.py."""

LETTERS = '''
"""Loud letters and some words."""
import re

WEIGHTS = {"simulate": 2.0, "agents": 1.0, "rules": 0.5, "networks": 1.5, "interviews": -1.5, "home": -1.0}


class Letters:
    def __init__(self, weights=WEIGHTS):
        self.weights = weights

    def margins(self, texts):
        return [self.margin(text["title"]) + self.margin(text["abstract"]) - 0.2 for text in texts]

    def margin(self, text):
        return sum(self.weights.get(word, 0.0) for word in re.findall(r"\\w+", text)) - 0.5 * text.count("!")


classifier = Letters()
make = Letters


def build():
    return Letters()
'''

FULL = (
    LETTERS
    + """

class Full(Letters):
    fingerprint = "state 1"
    seen = ["0" * 16]
    batch = 3

    def facts(self):
        return {"Kind": "loud letters", "Size": 6}

    def words(self, text):
        return [match.span() for match in re.finditer(r"\\S+", text)]

    def randomised(self, seed):
        return Letters({word: float(seed + k) for k, word in enumerate(WEIGHTS)})


full = Full()


class Likely:
    def probabilities(self, texts):
        assert all(isinstance(text, str) for text in texts)
        return [[0.0, 1.0] if "agents" in text.split() else [0.25, 0.75] for text in texts]


likely = Likely()
"""
)
