"""A page that holds the heatmap's partial and nothing else: made of words, written to a folder, opened from disk."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sitegen.analysis.attribution.shapley import shapley_values
from sitegen.web import routes
from sitegen.web.charts.style import Palette
from sitegen.web.export.scripts import constants
from sitegen.web.pages.record.heatmap import encoded
from sitegen.web.pages.record.strike import packed
from sitegen.web.publish.bundles import heatmap_spec_script
from sitegen.web.text.nouns import PAPERS
from tests.sites import vega_bundle

TEMPLATES = Path(__file__).parents[2] / "templates"
PALETTE = Palette.of((TEMPLATES / "assets" / "theme.css").read_text(encoding="utf-8"))
SCRIPTS = routes.FIGURE
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'"
)

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,"><title>Heatmap</title>
<link rel="stylesheet" href="theme.css"><link rel="stylesheet" href="heatmap.css">
{% for script in scripts %}<script defer src="{{ script }}"></script>
{% endfor %}</head>
<body style="background: var(--paper); color: var(--ink)"><main style="max-width: 60rem; margin: 0 auto; padding: 1rem">
<h1><span data-field="title">{{ title }}</span></h1>
{% for heatmap in heatmaps %}{% with heading = {"id": "h" ~ loop.index, "text": "How", "ask": ""} %}
{% include "partials/heatmap.html" %}
{% endwith %}{% endfor %}

<p data-field="abstract">{% for number, text in pieces %}{% if number is none %}{{ text }}{% else
%}<span class="sentence" data-sentence="{{ number }}" id="s{{ number + 1 }}" tabindex="0">{{ text }}</span>{% endif
%}{% endfor %}</p>
</main></body></html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    number: int
    percent: str
    change_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heatmap:
    """The context of the partial."""

    data: dict
    model: str = "A model"
    negative: str = "not computational"
    positive: str = "computational"
    description: str = "How the probability moves as title and abstract are read."
    figure: str = ""
    figure_alt: str = "The same as a picture."
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A synthetic record: its texts, and the log-odds of its prefixes."""

    title: str
    sentences: tuple[str, ...]
    unknown: frozenset[str] = frozenset()
    seed: int = 0
    additive: bool = True
    figure: str = ""
    turns: tuple[int, ...] = ()

    @property
    def abstract(self) -> str:
        return " ".join(self.sentences)

    def spans(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in re.finditer(r"\w+|[^\w\s]", text)]

    def margins(self) -> tuple[np.ndarray, np.ndarray, float]:
        """(T,), (A,) and the bias, in float32 as pages carry them."""
        rng = np.random.default_rng(self.seed)
        t, a = (max(1, len(self.spans(text))) for text in (self.title, self.abstract))
        title, abstract = rng.normal(0, 0.3, t).cumsum(), rng.normal(0, 0.35, a).cumsum()
        return title.astype("f4").astype(float), abstract.astype("f4").astype(float), -0.2

    @property
    def whole(self) -> float:
        """The margin of the whole record."""
        title, abstract, bias = self.margins()
        return float(title[-1] + abstract[-1] + bias)

    def probabilities(self) -> np.ndarray:
        """(T, A) of the positive class."""
        title, abstract, bias = self.margins()
        return 1 / (1 + np.exp(-(title[:, None] + abstract + bias)))

    @property
    def title_alone(self) -> float:
        """The margin of the title without an abstract."""
        return float(self.margins()[0][-1]) - 0.4

    def titles(self) -> np.ndarray:
        """The probability of each prefix of the title without an abstract, (T,)."""
        return 1 / (1 + np.exp(-np.append(self.prefixes(), self.title_alone)))

    def prefixes(self) -> np.ndarray:
        """The margin of each prefix of the title but the whole one, without an abstract, (T - 1,)."""
        title = self.margins()[0]
        return title[:-1] - title[-1] + self.title_alone

    def effects(self, n: int, *, salt: int) -> np.ndarray:
        """n effects or margins in log-odds."""
        return np.random.default_rng([self.seed, salt]).normal(0, 0.8, n).astype("f4").astype(float)

    def table(self) -> np.ndarray | None:
        """The margins of all subsets of the sentences, as a model might answer; None for more than ten."""
        n = len(self.sentences)
        if n > 10:
            return None
        table = np.random.default_rng([self.seed, 9]).normal(0, 1.2, 1 << n)
        without = self.effects(n, salt=5)
        for k in range(n):
            table[(1 << n) - 1 - (1 << k)] = self.whole - without[k]
        table[0], table[-1] = self.title_alone, self.whole
        return table

    def shares(self) -> np.ndarray:
        """The sentences' shares of the probability, (S,)."""
        table, n = self.table(), len(self.sentences)
        if table is None:
            return np.tanh(self.effects(n, salt=6) / 8)
        return shapley_values(1 / (1 + np.exp(-table))) if n else np.zeros(0)

    def ends(self) -> list[int]:
        counts = [len(self.spans(sentence)) for sentence in self.sentences]
        return np.cumsum(counts).astype(int).tolist()

    def data(self) -> dict:
        def text(value: str) -> dict:
            spans = self.spans(value)
            known = "".join("0" if value[a:b] in self.unknown else "1" for a, b in spans)
            return {"spans": [place for span in spans for place in span], "known": known}

        title, abstract, bias = self.margins()
        grid: dict = {"title": encoded(title), "abstract": encoded(abstract), "bias": bias}
        if not self.additive:
            grid = {"cells": np.rint(1e6 * self.probabilities()).astype(int).ravel().tolist()}
        starts = np.cumsum([0, *(len(sentence) + 1 for sentence in self.sentences)]).tolist()
        sentences = [place for s, a in zip(self.sentences, starts, strict=False) for place in (a, a + len(s))]
        n, table = len(self.sentences), self.table()
        counts = {"title": len(self.spans(self.title)), "abstract": len(self.spans(self.abstract))}
        return {
            "classes": ["not computational", "computational"],
            "threshold": 0.5,
            "title": text(self.title),
            "abstract": {**text(self.abstract), "ends": self.ends(), "sentences": sentences},
            "grid": grid,
            "path": {
                "empty": -0.4,
                "title": self.title_alone,
                "abstract": self.whole + 0.7,
                "whole": self.whole,
                "prefixes": encoded(self.prefixes()),
            },
            "words": {
                field: {name: encoded(self.effects(count, salt=salt)) for salt, name in enumerate(("without", "alone"))}
                for field, count in counts.items()
            },
            "sentences": {
                "without": encoded(self.effects(n, salt=5)),
                "alone": encoded(self.effects(n, salt=7)),
                "shares": encoded(self.shares()),
                "marks": ["◆ clear" if k == 1 else "" for k in range(n)],
            },
            "strike": {
                **(packed(table) if table is not None else {"margins": None, "scale": 0.0}),
                "untitled": 0.7,
                "replaced": False,
                "why": "" if table is not None else "Only one sentence can be taken out at a time: there are many.",
            },
            "turns": self.turns,
            "about": {
                "site": "A site",
                "address": "",
                "record": "r1",
                "name": "r1",
                "label": 1,
                "version": "1.0",
            },
        }

    def heatmap(self, model: str) -> Heatmap:
        """The partial's context."""
        last = self.probabilities()[-1]
        steps = tuple(
            Step(number=k, percent=f"{last[end - 1]:.0%}", change_text="" if k == 1 else "+1.0")
            for k, end in enumerate(self.ends(), 1)
        )
        return Heatmap(model=model, data=self.data(), steps=steps, figure=self.figure)

    def write(self, folder: Path, *others: Sample) -> str:
        """Write the page with all it needs to `folder`; gives its file:// address. others: what further models say of
        the same texts, a heatmap each."""
        for name in (
            "theme.css",
            "heatmap.css",
            *(name for name in SCRIPTS if (TEMPLATES / "assets" / name).is_file()),
        ):
            (folder / name).write_bytes((TEMPLATES / "assets" / name).read_bytes())
        (folder / "constants.js").write_text(constants(), encoding="utf-8")
        (folder / "heatmap-spec.js").write_text(heatmap_spec_script(PALETTE), encoding="utf-8")
        if not (folder / "vega.js").exists():
            (folder / "vega.js").write_text(vega_bundle(), encoding="utf-8")
        pieces: list[tuple[int | None, str]] = []
        for number, sentence in enumerate(self.sentences):
            pieces += [(None, " ")] * bool(number) + [(number, sentence)]
        environment = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        html = environment.from_string(PAGE).render(
            nouns=PAPERS,
            policy=POLICY,
            scripts=SCRIPTS,
            title=self.title,
            pieces=pieces,
            heatmaps=[record.heatmap(f"Model {number}") for number, record in enumerate((self, *others), 1)],
        )
        file = folder / "page.html"
        file.write_text(html, encoding="utf-8")
        return file.as_uri()


_VOCABULARY = (
    "we study how large networks of messages shape the opinions that people voice in public debates and whether "
    "simulated agents reproduce the patterns found in surveys interviews archives and parliaments of many countries"
)


def sample(*, title_words: int = 12, words: int = 170, sentences: int = 8, **options: object) -> Sample:
    """A record of the given size; each sentence ends with a full stop, which is a word of its own."""
    rng = np.random.default_rng(title_words * 1000 + words)
    lengths = [words // sentences + (k < words % sentences) for k in range(sentences)] if sentences else []
    vocabulary = _VOCABULARY.split()
    texts = [" ".join(rng.choice(vocabulary, max(1, n - 1))).capitalize() + "." * (n > 1) for n in lengths]
    title = " ".join(rng.choice(vocabulary, title_words)).capitalize()
    return Sample(title=title, sentences=tuple(texts), **options)  # type: ignore[arg-type]
