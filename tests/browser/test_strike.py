"""What a script says of records with pieces taken out: strike.js against the model itself, over whole games of pieces.

The models here answer each text as if by chance, so whatever takes one text for another is found out.
"""

from __future__ import annotations

import base64
import itertools
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from sitegen.analysis.attribution.baselines import BASELINES
from sitegen.analysis.attribution.masking import subset_masks
from sitegen.analysis.attribution.occlusion import occlude, probability
from sitegen.analysis.attribution.read_alone import read_alone
from sitegen.analysis.attribution.shapley import shapley, shapley_values
from sitegen.analysis.attribution.untitled import untitled_subsets
from sitegen.corpus.segment import Document
from sitegen.web.export.scripts import assignment
from sitegen.web.pages.record.strike import strike_data
from sitegen.web.text.numbers import RULES, percent
from tests.browser.heatmap_page import TEMPLATES
from tests.classifiers import Bag, Drawn, DrawnParts, document

pytestmark = pytest.mark.browser

POINTS = 0.0001  # a hundredth of a percentage point
FLOATS = 1e-14  # two ways of computing one number
MODELS = {"joint": Drawn(), "additive": DrawnParts(), "sums": Bag()}  # sums: of sentences, too
WORDS = ("good", "bad", "network", "simulation", "interview", "we")
SCRIPTS = ("constants.js", "decode.js", "numbers.js", "strike.js")
State = tuple[bool, tuple[int, ...]]  # whether the title is struck, and which sentences

ASK = """([given, states]) => {
  const strikes = window.sitegen.strikes(given);
  return states.map(([title, sentences]) => {
    const state = { title, sentences: new Set(sentences) };
    return {
      possible: strikes.possible(state),
      answer: strikes.answer(state),
      shares: strikes.shares(state),
      line: strikes.line(state),
      text: strikes.toText(state),
    };
  });
}"""


@pytest.fixture
def bare(page: Page, tmp_path: Path) -> Page:
    """A page with nothing but the scripts."""
    (tmp_path / "constants.js").write_text(assignment("constants", RULES), encoding="utf-8")
    for name in SCRIPTS[1:]:
        (tmp_path / name).write_bytes((TEMPLATES / "assets" / name).read_bytes())
    scripts = "".join(f'<script src="{name}"></script>' for name in SCRIPTS)
    (tmp_path / "page.html").write_text(f'<!doctype html><link rel="icon" href="data:,">{scripts}', encoding="utf-8")
    page.goto((tmp_path / "page.html").as_uri())
    return page


@dataclass(frozen=True)
class Game:
    """A document, all that a page says of it, and what the model itself says of its parts."""

    document: Document
    model: Drawn | DrawnParts | Bag
    baseline: str
    given: dict[str, Any]

    @property
    def n(self) -> int:
        return int(self.given["n"])

    def text(self, kept: list[int]) -> list[str]:
        """The abstract of the sentences that are kept."""
        stand_in = [] if self.baseline == "deleted" else [self.model.stand_ins[self.baseline]]
        tokens, ranges = self.document.abstract.tokens, self.document.abstract.sentence_ranges
        return [w for i, (a, b) in enumerate(ranges) for w in (tokens[a:b] if i in kept else stand_in * (b - a))]

    def margins(self, title: bool, several: list[list[int]]) -> np.ndarray:
        """What the model says of each choice of sentences, with the title struck or not."""
        words = () if title else self.document.title.tokens
        return self.model.margins([words] * len(several), [self.text(kept) for kept in several])

    def left(self, sentences: tuple[int, ...]) -> list[int]:
        return [i for i in range(self.n) if i not in sentences]

    def states(self, most: int = 200) -> list[State]:
        """All states, or as many as asked for, those with the fewest and the most struck among them."""
        masks = subset_masks(self.n).tolist()
        every = [(title, tuple(i for i, out in enumerate(mask) if out)) for title in (False, True) for mask in masks]
        edges = [state for state in every if len(state[1]) in (0, 1, self.n)]
        others = [state for state in every if state not in edges]
        return edges + random.Random(self.n).sample(others, min(most, len(others)))

    def ask(self, page: Page, states: list[State]) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = page.evaluate(ASK, [self.given, [[title, list(out)] for title, out in states]])
        return told


def game(
    n: int,
    *,
    kind: str = "joint",
    baseline: str = "deleted",
    title: str = "good we",
    limit: int = 10,
    shares: bool = True,
    untitled: bool = True,
) -> Game:
    """A game of n sentences; limit: of exact shares; shares, untitled: whether those were computed."""
    doc, model, hidden = (
        document(title, *(f"{WORDS[k % 6]} {WORDS[k // 6]} we." for k in range(n))),
        MODELS[kind],
        BASELINES[baseline],
    )
    (occlusion,), (alone,) = occlude([doc], model, baseline=hidden), read_alone([doc], model)
    values = shapley([doc], model, limit=limit, baseline=hidden)[0] if shares else None
    second = untitled_subsets([doc], model, baseline=hidden)[0] if untitled and not model.additive else None
    return Game(
        document=doc,
        model=model,
        baseline=baseline,
        given={
            "n": n,
            "whole": occlusion.margin,
            "empty": alone.empty,
            "title": alone.title,
            "abstract": alone.abstract,
            "without": occlusion.sentences.astype(float).tolist(),
            "shares": None if values is None else values.points.tolist(),
            "strike": strike_data(occlusion, alone, shapley=values, untitled=second, replaced=hidden.replaces),
        },
    )


EVERY_KIND = pytest.mark.parametrize("kind", list(MODELS))


def games(kind: str) -> list[Game]:
    """Games of every size by one kind of model, with deleted and with replaced sentences."""
    return [game(n, kind=kind, baseline=baseline) for n in (0, 1, 2, 4, 10) for baseline in ("deleted", "mean")]


@EVERY_KIND
def test_every_answer_is_the_models(bare: Page, kind: str) -> None:
    for played in games(kind):
        given, states = played.given, played.states()
        for (title, out), told in zip(states, played.ask(bare, states), strict=True):
            answer = told["answer"]
            (expected,) = probability(played.margins(title, [played.left(out)]))
            assert told["possible"] == ""
            assert answer["whole"] == pytest.approx(expected, abs=POINTS), (played, title, out)
            assert answer["empty"] == pytest.approx(probability(given["empty"]), abs=FLOATS)
            assert (answer["title"] is None) == title
            if not title:
                assert answer["title"] == pytest.approx(probability(given["title"]), abs=FLOATS)


@EVERY_KIND
def test_what_the_page_says_elsewhere_is_said_in_every_digit(bare: Page, kind: str) -> None:
    for played in games(kind):
        given, every = played.given, tuple(range(played.n))
        expected = {(False, ()): given["whole"], (True, ()): given["abstract"]}
        expected |= {(False, (i,)): given["whole"] - given["without"][i] for i in every}
        if played.baseline == "deleted" and every:
            expected |= {(False, every): given["title"], (True, every): given["empty"]}
        for (state, margin), told in zip(expected.items(), played.ask(bare, list(expected)), strict=True):
            assert told["answer"]["whole"] == pytest.approx(probability(margin), abs=FLOATS), (played, state)


@EVERY_KIND
def test_shares_are_those_of_the_game_that_is_left(bare: Page, kind: str) -> None:
    for played in games(kind):
        states = played.states(most=60)
        told = played.ask(bare, states)
        assert told[0]["shares"] == played.given["shares"]  # nothing is struck
        for (title, out), one in zip(states, told, strict=True):
            left = played.left(out)
            subsets = [np.compress(kept, left).tolist() for kept in subset_masks(len(left))]
            table = probability(played.margins(title, subsets))
            assert [i for i, share in enumerate(one["shares"]) if share is not None] == left
            shares = [one["shares"][i] for i in left]
            np.testing.assert_allclose(shares, shapley_values(table), rtol=0, atol=2 * POINTS)


def test_shares_add_up_to_what_is_shown(bare: Page) -> None:
    """To the answer less that of the title alone, which are both exact where one sentence is struck."""
    played = game(6)
    states = [(False, (i,)) for i in range(6)]
    for one in played.ask(bare, states):
        total = sum(share for share in one["shares"] if share is not None)
        assert total == pytest.approx(one["answer"]["whole"] - one["answer"]["title"], abs=FLOATS)


def test_lines_are_as_one_would_say_them(bare: Page) -> None:
    played = game(4)
    named = {
        (False, ()): "",
        (True, ()): "the title",
        (False, (2,)): "sentence 3",
        (False, (3, 1)): "sentences 2 and 4",
        (False, (0, 1, 3)): "sentences 1, 2 and 4",
        (True, (1,)): "the title and sentence 2",
        (True, (3, 2)): "the title and sentences 3 and 4",
        (False, (0, 1, 2, 3)): "the abstract",
        (True, (0, 1, 2, 3)): "title and abstract",
    }
    before = percent(probability(played.given["whole"]))
    for (state, name), told in zip(named.items(), played.ask(bare, list(named)), strict=True):
        after = percent(probability(played.margins(state[0], [played.left(state[1])])[0]))
        assert after != before or not name
        assert told["line"] == (f"Without {name}: {after} instead of {before}" if name else "")
    (told,) = game(1).ask(bare, [(False, (0,))])
    assert told["line"].startswith("Without sentence 1: ")


def test_a_line_says_so_where_the_answer_stays(bare: Page) -> None:
    played = game(2, title="unheard")
    before = percent(probability(played.given["whole"]))
    assert played.ask(bare, [(True, ())])[0]["line"] == f"Without the title: still {before}"


@EVERY_KIND
def test_what_is_not_known_is_not_made_up_and_the_reason_is_given(bare: Page, kind: str) -> None:
    limits: list[dict[str, Any]] = [{"n": 12}, {"n": 4, "limit": 0}, {"n": 4, "shares": False}, {"n": 4}]
    for limit, baseline in itertools.product(limits, ("deleted", "mean")):
        played, tabled = game(**limit, kind=kind, baseline=baseline, untitled=False), limit == {"n": 4}
        why, every = played.given["strike"]["why"], tuple(range(played.n))
        states = [(title, out) for title in (False, True) for out in ((), (1,), (0, 2), every)]
        known = {(False, ()), (True, ()), (False, (1,))}
        if kind != "joint":
            known.add((True, (1,)))
        if baseline == "deleted":
            known |= {(False, every), (True, every)}
        if tabled:
            known |= {state for state in states if not state[0] or kind != "joint"}
        assert (why == "") == (len(known) == len(states))
        for state, told in zip(states, played.ask(bare, states), strict=True):
            assert told["possible"] == ("" if state in known else why), (limit, baseline, state)
            assert (told["answer"] is not None) == (state in known)
            assert bool(told["line"]) == (state in known and state != (False, ()))
            if state in known:
                (expected,) = probability(played.margins(state[0], [played.left(state[1])]))
                assert told["answer"]["whole"] == pytest.approx(expected, abs=POINTS)
            if state == (False, ()):
                assert told["shares"] == played.given["shares"]
            else:
                assert (told["shares"] is not None) == (tabled and state in known and (not state[0] or kind != "joint"))


def test_a_state_goes_through_the_address_and_back(bare: Page) -> None:
    played = game(10)
    states = played.states()
    told = played.ask(bare, states)
    for (title, out), one in zip(states, told, strict=True):
        assert one["text"] == ",".join([*(str(i + 1) for i in out), *(["t"] if title else [])])
    assert len({one["text"] for one in told}) == len(states)
    assert read(bare, played, [one["text"] for one in told]) == states


def read(page: Page, played: Game, texts: list[str]) -> list[State]:
    """The states of texts, in order."""
    script = """([given, texts]) => texts.map((text) => {
      const state = window.sitegen.strikes(given).fromText(text);
      return [state.title, [...state.sentences]];
    })"""
    return [(title, tuple(out)) for title, out in page.evaluate(script, [played.given, texts])]


def test_nonsense_in_an_address_is_left_out(bare: Page) -> None:
    texts = {
        "": (False, ()),
        "t,2": (True, (1,)),
        "3,3,1": (False, (2, 0)),
        "0,-1,4,5,99999999999999999999": (False, (3,)),
        "1.5,1e0,01, 2,+2,x,<b>,T": (False, ()),
        ",,t,": (True, ()),
        "2;3": (False, ()),
    }
    assert read(bare, game(4), list(texts)) == list(texts.values())


def test_numbers_are_decoded_as_they_were_written(bare: Page) -> None:
    script = "([kind, text]) => { const a = window.sitegen.decode[kind](text); return [a.constructor.name, ...a]; }"
    for kind, dtype, name in (("f32", "<f4", "Float32Array"), ("i16", "<i2", "Int16Array")):
        for values in ([], [0, -1, 1, 257, -32767, 32767], np.linspace(-30, 30, 99)):
            array = np.asarray(values).astype(dtype)
            text = base64.b64encode(array.tobytes()).decode()
            assert bare.evaluate(script, [kind, text]) == [name, *array.tolist()]


def test_shares_of_ten_sentences_follow_at_once(bare: Page) -> None:
    """In under 10 milliseconds, on the mean over 20 states each of five records that are decoded for them."""
    script = """(given) => {
      const start = performance.now();
      for (let record = 0; record < 5; record += 1) {
        const strikes = window.sitegen.strikes(given);
        for (let k = 0; k < 20; k += 1) strikes.shares({ title: k < 10, sentences: new Set(k < 10 ? [] : [k - 10]) });
      }
      return (performance.now() - start) / 100;
    }"""
    assert bare.evaluate(script, game(10).given) < 10
