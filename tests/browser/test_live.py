"""The model in the page, opened from disk, beside Python's with the same numbers."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.svm import LinearSVC

from sitegen.analysis.attribution.shapley import exact_shapley
from sitegen.corpus.excerpt import Excerpt
from sitegen.corpus.segment import Segmentation, segment
from sitegen.models.adapters.scikit_learn import kind
from sitegen.models.live import LiveModel
from sitegen.models.lstm.architecture import Architecture
from sitegen.models.registry import live_form, live_model, load
from tests.browser.conftest import TIMEOUT, NewPage
from tests.browser.live_page import (
    KINDS,
    REFUSED,
    Request,
    ask,
    expected,
    largest_difference,
    random_model,
    write_page,
)
from tests.models.adapters.pipelines import fitted, saved
from tests.models.networks import STRANGER, WORDS, random_text
from tests.sites import RECORDS

pytestmark = pytest.mark.browser
DEMO = Path(__file__).resolve().parents[2] / "content" / "model"
CLOSE = 1e-5  # of a margin
TEXTS = (
    (
        "Agents that learn to queue",
        "We simulate crowds of ten thousand agents on a grid. Each agent follows two zzyzx rules and forgets. "
        "Interviews were read twice and coded by hand. Order appears where nobody asked for it.",
    ),
    ("", "Forty families were visited at home. Silence about money was common."),
    ("Networks of letters", ""),
    ("Zzyzx qqqq", "Zzyzx qqqq. Qqqq qqqq."),
    ("network", "network"),
)
EXACT = {"weights": "float32", "vectors": "float32"}
SHAPES = [
    Architecture(layers=layers, hidden=5, dimension=7, directions=directions, readout=readout, joint=joint)
    for layers, directions, readout, joint in product((1, 2, 3), (1, 2), ("final-state", "last-step"), (0, 3))
]


@pytest.fixture(scope="module")
def models() -> dict[str, LiveModel]:
    """The demo model, and random ones of every shape, some of them rounded."""
    made = {f"shape-{k}": random_model(shape, EXACT) for k, shape in enumerate(SHAPES)}
    for vectors in ("float16", "int8"):
        made[vectors] = random_model(SHAPES[10], {"weights": "float16", "vectors": vectors})
    return {"demo": live_model(DEMO, {"weights": "float32", "vectors": "float16"}), **made}


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory, models: dict[str, LiveModel]) -> Path:
    return write_page(tmp_path_factory.mktemp("page"), models)


@pytest.fixture
def live_page(page_file: Path, new_page: NewPage) -> Page:
    page = new_page()
    page.goto(page_file.as_uri())
    return page


def numbered(model: LiveModel) -> dict[str, int]:
    return {word: number for number, word in enumerate(model.script()["words"].split("\n"))}


def demo_requests() -> list[Request]:
    cut = Segmentation(strip_title=True)
    documents = [segment(title, abstract, cut) for title, abstract in TEXTS]
    return [
        Request(title=one.title.tokens, abstract=one.abstract.tokens, ends=[int(k) for k in one.abstract.sentence_ends])
        for one in documents
    ]


def random_requests() -> list[Request]:
    rng = np.random.default_rng(8)
    long = Request(title=random_text(rng, 4), abstract=random_text(rng, 13), ends=[3, 8, 9, 13])
    unknown = Request(title=[STRANGER], abstract=[STRANGER, STRANGER], ends=[1, 2])
    single = Request(title=[], abstract=[WORDS[3]], ends=[1])
    return [long, unknown, single, Request(title=[WORDS[1]], abstract=[], ends=[])]


@pytest.mark.parametrize("wasm", [True, False])
def test_the_demo_model_answers_as_in_python(live_page: Page, models: dict[str, LiveModel], wasm: bool) -> None:
    words, requests = numbered(models["demo"]), demo_requests()
    found = ask(live_page, "demo", [request.of(words) for request in requests], wasm=wasm)
    assert found["how"] == {"compiled": wasm, "worker": True}
    classifier = load(DEMO)
    for answer, request in zip(found["answers"], requests, strict=True):
        assert answer["order"] == [*KINDS, "done"]
        assert largest_difference(answer, expected(classifier, request)) < CLOSE
    assert not any(answer["shares"]["method"] != "exact" for answer in found["answers"])


@pytest.mark.parametrize("wasm", [True, False])
def test_models_of_all_shapes_answer_as_in_python(live_page: Page, models: dict[str, LiveModel], wasm: bool) -> None:
    requests, differences = random_requests(), {}
    for name, model in models.items():
        if name == "demo":
            continue
        words, classifier = numbered(model), model.load(precision="float32")
        answers = ask(live_page, name, [request.of(words) for request in requests], wasm=wasm, worker=False)["answers"]
        differences[name] = max(
            largest_difference(answer, expected(classifier, request))
            for answer, request in zip(answers, requests, strict=True)
        )
    assert max(differences.values()) < CLOSE, differences


@pytest.mark.parametrize("name", ["terms", "counts", "shares of words", "letters"])
def test_linear_pipelines_answer_as_in_python(
    name: str, new_page: NewPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = {
        "terms": (TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=50)),
        "counts": (CountVectorizer(ngram_range=(2, 3), stop_words=["of", "the"]), MultinomialNB()),
        "shares of words": (TfidfVectorizer(norm="l1", token_pattern=r"\b\w+\b", binary=True), LinearSVC()),
        "letters": (CountVectorizer(token_pattern="[A-Za-z]{2,}"), LogisticRegression()),
    }
    source = saved(tmp_path, fitted(*steps[name]))
    form = live_form(source, limit=10**6, counts=dict)
    assert not isinstance(form, str), form
    monkeypatch.setattr(kind, "opened", lambda _: pytest.fail("the pages are written without the pipeline"))
    model = live_model(source, form)
    page = new_page()
    page.goto(write_page(tmp_path / "page", {"linear": model}).as_uri())
    monkeypatch.undo()
    cut, texts = Segmentation(), [*((row["title"], row["abstract"]) for row in RECORDS[:4]), *TEXTS[1:]]
    documents = [segment(title, abstract, cut) for title, abstract in texts]
    requests = [
        Request(title=one.title.tokens, abstract=one.abstract.tokens, ends=[int(k) for k in one.abstract.sentence_ends])
        for one in documents
    ]
    found = ask(page, "linear", [request.of() for request in requests])
    assert found["how"] == {"compiled": False, "worker": True}
    classifier = live_model(source, form).load(precision="float32")
    for answer, request in zip(found["answers"], requests, strict=True):
        assert largest_difference(answer, expected(classifier, request)) < 1e-9
    spread = [answer["answer"]["margin"] for answer in found["answers"]]
    assert np.ptp(spread) > 0.01
    assert classifier.margins([documents[0].title.tokens], [documents[0].abstract.tokens]) == pytest.approx(
        load(source).margins(
            *(
                [Excerpt(one, one.tokens, kept=np.ones(len(one.tokens), bool))]
                for one in (documents[0].title, documents[0].abstract)
            )
        )
    )


def test_shares_of_many_sentences_are_sampled_within_their_errors(
    live_page: Page, models: dict[str, LiveModel]
) -> None:
    model = models["shape-8"]
    classifier, rng = model.load(precision="float32"), np.random.default_rng(5)
    abstract = random_text(rng, 24, unknown=0)
    request = Request(title=random_text(rng, 3), abstract=abstract, ends=list(range(2, 25, 2)))
    answers = ask(live_page, "shape-8", [request.of(numbered(model), ["shares"])] * 2)["answers"]
    shares = answers[0]["shares"]
    assert answers[0]["shares"] == answers[1]["shares"]
    subsets = [[token for k, token in enumerate(abstract) if s >> (k // 2) & 1] for s in range(1 << len(request.ends))]
    exact = exact_shapley(classifier.margins([request.title] * len(subsets), subsets))
    values, errors = np.array(shares["values"]), np.array(shares["errors"])
    assert (shares["method"], shares["pairs"]) == ("sampled", 24)
    assert values.sum() == pytest.approx(exact.values.sum(), abs=CLOSE)
    assert np.sum(shares["points"]) == pytest.approx(exact.points.sum(), abs=CLOSE)
    assert np.all(np.abs(values - exact.values) < 4 * errors)
    assert np.abs(values - exact.values).max() > 0
    assert errors.max() < np.ptp(exact.values) / 4


def test_a_new_request_takes_the_place_of_the_one_before(live_page: Page, models: dict[str, LiveModel]) -> None:
    words = numbered(models["demo"])
    request = demo_requests()[0]
    heard = live_page.evaluate(
        """([long, short]) => new Promise((resolve) => {
          const client = sitegen.live.open(sitegen.liveModels.demo, {wasm: true}), heard = [];
          const typed = (request) => ({...request, title: Int32Array.from(request.title),
                                       abstract: Int32Array.from(request.abstract)});
          let asked;
          client.ask(typed(long), (kind) => {
            heard.push("long " + kind);
            if (kind !== "answer") return;
            client.ask(typed(short), (kind) => heard.push("cancelled " + kind)).cancel();
            asked = performance.now();
            client.ask(typed(short), (kind) => {
              heard.push("short " + kind);
              if (kind === "done") resolve({heard, waited: performance.now() - asked});
            });
          });
        })""",
        [
            request.of(words) | {"abstract": list(range(3000)), "ends": [1500, 3000], "want": ["answer", "grid"]},
            request.of(words, ["answer"]),
        ],
    )
    assert heard["heard"] == ["long answer", "short answer", "short done"]
    assert heard["waited"] < TIMEOUT / 4  # the grid of 3,000 words takes ten times that


def test_what_was_read_is_not_read_again(live_page: Page) -> None:
    heard = live_page.evaluate(
        """() => {
          const own = {}, read = [];
          Object.values(sitegen.live.pieces).forEach((piece) => piece(own));
          const ask = own.questions({
            *read(field, texts) {
              read.push(texts.length);
              yield;
              return texts.map((text) => Float64Array.of(text.length));
            },
            margin: (title, abstract) => title[0] + abstract[0],
            additive: true,
            bias: 0,
          });
          const words = (n) => Int32Array.from({length: n}, (_, k) => k);
          const request = (n, want) => ({title: words(2), abstract: words(n), ends: [n], want});
          const run = (one, steps) => {
            read.length = 0;
            const work = ask(one, () => {});
            for (let k = 0; k < steps && !work.next().done; k++);
            return read.slice();
          };
          const all = run(request(9, ["grid"]), 100);
          run(request(5, ["words"]), 1); // is stopped
          run(request(4, ["shares"]), 1);
          const again = run(request(9, ["grid"]), 100), more = run(request(10, ["grid"]), 100);
          return {all, again, more};
        }"""
    )
    assert heard == {"all": [2, 9], "again": [], "more": [1]}


def test_a_fault_is_told(live_page: Page, models: dict[str, LiveModel]) -> None:
    with pytest.raises(Exception, match='no question "weather"'):
        ask(live_page, "shape-0", [random_requests()[0].of(numbered(models["shape-0"]), ["weather"])])


def test_where_nothing_is_allowed_the_page_itself_runs_the_model(
    tmp_path: Path, browser: Browser, models: dict[str, LiveModel]
) -> None:
    file = write_page(tmp_path, {"shape-8": models["shape-8"]}, policy=REFUSED)
    context = browser.new_context()  # its console reports what the policy refuses
    try:
        page = context.new_page()
        page.goto(file.as_uri())
        requests = random_requests()
        found = ask(page, "shape-8", [request.of(numbered(models["shape-8"])) for request in requests])
    finally:
        context.close()
    assert found["how"] == {"compiled": False, "worker": False}
    classifier = models["shape-8"].load(precision="float32")
    for answer, request in zip(found["answers"], requests, strict=True):
        assert largest_difference(answer, expected(classifier, request)) < CLOSE
