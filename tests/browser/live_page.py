"""A bare page with the scripts that run a model in it, opened from disk, and what Python answers in its place."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Page

from sitegen.analysis.attribution.shapley import exact_shapley
from sitegen.corpus.arrays import Array
from sitegen.corpus.segment import Segmentation
from sitegen.corpus.vectors import Vectors, held_vectors
from sitegen.models.live import Form, LiveModel, Publisher
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.lstm.classifier import build_classifier
from sitegen.models.lstm.published import Numbers, publish
from sitegen.models.protocol import Classifier, Precision, Tokens
from sitegen.web import routes
from sitegen.web.export.scripts import entry
from tests.models.networks import WORDS, random_weights

ASSETS = Path(__file__).resolve().parents[2] / "templates" / "assets"
SCRIPTS = routes.LIVE
KINDS = ("answer", "titles", "sentences-grid", "grid", "alone", "without", "words", "shares")
POLICY = "default-src 'none'; script-src 'self'{}; style-src 'self' 'unsafe-inline'"
ALLOWED, REFUSED = " 'wasm-unsafe-eval'; worker-src blob:", ""
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>A model</title>
<meta http-equiv="Content-Security-Policy" content="{policy}">
{scripts}</head><body></body></html>
"""
_ASK = """
"use strict";
window.clients = {};
window.ask = async (name, options, requests) => {
  const key = name + JSON.stringify(options);
  const client = (clients[key] = clients[key] || sitegen.live.open(sitegen.liveModels[name], options));
  const words = sitegen.live.words(sitegen.liveModels[name]);
  const plain = (value) => ArrayBuffer.isView(value) ? Array.from(value) : value;
  const answers = [];
  for (const request of requests) {
    const rows = (tokens) => Int32Array.from(tokens, (one) => typeof one === "string" ? words.get(one) ?? -1 : one);
    const tokens = {title: rows(request.title), abstract: rows(request.abstract)};
    answers.push(await new Promise((resolve, reject) => {
      const found = {order: [], times: {}}, since = performance.now();
      client.ask({...request, ...tokens}, (kind, value) => {
        found.order.push(kind);
        found.times[kind] = performance.now() - since;
        if (kind === "error") reject(new Error(value));
        found[kind] = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
        if (kind === "done") resolve(found);
      });
    }));
  }
  return {answers, how: await client.ready};
};
"""


def random_model(
    architecture: Architecture,
    form: Form,
    *,
    words: Sequence[str] = WORDS,
    weights: Mapping[str, Array] | None = None,
    folder: Path = ASSETS,
) -> LiveModel:
    """A model with random numbers, in a form. folder: the place that messages name."""
    matrix = np.random.default_rng(3).normal(size=(len(words), architecture.dimension)).astype(np.float32)
    numbers = Numbers(
        architecture=architecture,
        vectors=held_vectors(sorted(words), matrix, folder=folder),
        weights=weights or random_weights(architecture),
        segmentation=Segmentation(),
        classes=("no", "yes"),
    )

    def of(weights: Mapping[str, Array], vectors: Vectors) -> Publisher:
        def made(*, precision: Precision) -> Classifier:
            return build_classifier(
                weights, architecture=architecture, vectors=vectors, segmentation=Segmentation(), precision=precision
            )

        return made

    return publish(numbers, form, of)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A title and an abstract as tokens, and where the abstract's sentences end."""

    title: Tokens
    abstract: Tokens
    ends: Sequence[int]

    def of(self, words: Mapping[str, int] | None = None, want: Sequence[str] = KINDS) -> dict[str, Any]:
        """As the page is given it: by the tokens' numbers, or for the page to find these."""
        tokens = {name: list(getattr(self, name)) for name in ("title", "abstract")}
        if words is not None:
            tokens = {name: [words.get(token, -1) for token in of] for name, of in tokens.items()}
        return {**tokens, "ends": list(self.ends), "want": list(want)}


def write_page(folder: Path, models: Mapping[str, LiveModel], *, policy: str = ALLOWED) -> Path:
    """The page with the scripts and the models beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in SCRIPTS:
        shutil.copyfile(ASSETS / name, folder / name)
    (folder / "ask.js").write_text(_ASK, encoding="utf-8")
    for name, model in models.items():
        (folder / f"{name}.js").write_text(entry("liveModels", name, model.script()), encoding="utf-8")
    names = [*SCRIPTS, "ask.js", *(f"{name}.js" for name in models)]
    scripts = "".join(f'<script defer src="{name}"></script>\n' for name in names)
    page = folder / "page.html"
    page.write_text(_PAGE.format(policy=POLICY.format(policy), scripts=scripts), encoding="utf-8")
    return page


def ask(page: Page, name: str, requests: Sequence[Mapping[str, Any]], **options: bool) -> Any:
    """What the page's model of that name answers: {"answers": [...], "how": {...}}; of each answer the "order" of the
    kinds and their "times", in ms since the request, too."""
    return page.evaluate("([name, options, requests]) => ask(name, options, requests)", [name, options, requests])


def expected(classifier: Classifier, request: Request) -> dict[str, dict[str, Any]]:
    """What Python answers, a whole text at a time; a grid by its rows, of titles, and columns."""
    title, abstract = list(request.title), list(request.abstract)
    ranges = list(zip([0, *request.ends[:-1]], request.ends, strict=False))
    memo: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}

    def margins(pairs: Sequence[tuple[Tokens, Tokens]]) -> np.ndarray[Any, Any]:
        keys = [(tuple(t), tuple(a)) for t, a in pairs]
        new = [key for key in dict.fromkeys(keys) if key not in memo]
        memo.update(zip(new, classifier.margins([t for t, _ in new], [a for _, a in new]).tolist(), strict=True))
        return np.array([memo[key] for key in keys])

    def without(tokens: list[str], start: int, stop: int) -> list[str]:
        return tokens[:start] + tokens[stop:]

    titles = [title[:k] for k in range(1, len(title) + 1)] or [[]]
    abstracts = [abstract[:k] for k in range(1, len(abstract) + 1)] or [[]]
    sentences = [abstract[:end] for end in request.ends] or [[]]
    whole, no_abstract, no_title, empty = margins([(title, abstract), (title, []), ([], abstract), ([], [])])
    subsets = [
        [token for i, (a, b) in enumerate(ranges) if s >> i & 1 for token in abstract[a:b]]
        for s in range(1 << len(ranges))
    ]
    shares = exact_shapley(margins([(title, subset) for subset in subsets]))

    def grid(columns: list[list[str]]) -> np.ndarray[Any, Any]:
        return margins([(t, a) for t in titles for a in columns]).reshape(len(titles), -1)

    return {
        "answer": {"margin": whole, "title": no_abstract, "abstract": no_title, "empty": empty},
        "titles": {"alone": margins([(t, []) for t in titles])},
        "sentences-grid": {"margins": grid(sentences)},
        "grid": {"margins": grid(abstracts)},
        "alone": {
            "sentences": margins([([], abstract[a:b]) for a, b in ranges]),
            "title": margins([([token], []) for token in title]),
            "abstract": margins([([], [token]) for token in abstract]),
        },
        "without": {"sentences": whole - margins([(title, without(abstract, a, b)) for a, b in ranges])},
        "words": {
            "title": whole - margins([(without(title, k, k + 1), abstract) for k in range(len(title))]),
            "abstract": whole - margins([(title, without(abstract, k, k + 1)) for k in range(len(abstract))]),
        },
        "shares": {"values": shares.values, "points": shares.points, "errors": shares.errors},
    }


def largest_difference(answer: Mapping[str, Any], python: Mapping[str, Mapping[str, Any]]) -> float:
    """Between the page's answer to a request and Python's, over all kinds, whose numbers are as many."""
    differences = [0.0]
    for kind, values in python.items():
        for name, value in values.items():
            there = _grid(answer[kind]) if name == "margins" else np.array(answer[kind][name], dtype=float)
            assert there.shape == np.shape(value), (kind, name)
            differences += np.abs(there - value).ravel().tolist()
    return max(differences)


def _grid(value: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    if value["additive"]:
        return np.add.outer(value["title"], value["abstract"]) + value["bias"]
    return np.array(value["margins"]).reshape(value["rows"], value["columns"])
