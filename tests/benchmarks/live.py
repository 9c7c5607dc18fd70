"""What a reader's browser does with a model in the page, opened from disk: the compiled loops beside plain JavaScript.

A record is a title of 12 and an abstract of 170 words in eight sentences, each time of other words, since what was read
before is not read again; the network is that of the engine's benchmarks (two layers, two directions, H = 128, D = 200,
vectors of 2,000 words, which with the weights are 9 MB of the page). All in a worker, answers equal to Python's.

*first answer*   from opening the model until the answer to a whole record: the numbers are decoded, the loops compiled.
*answer*         of the whole, the title alone, the abstract alone and nothing, once that is done.
*word grid*      the margins of all prefixes of title and abstract.
*everything*     that, and sentences and words read alone and left out, and the exact shares of the sentences.

With SITEGEN_ORT_WEB, the folder `dist` of the package onnxruntime-web, the word grid is timed with that, too: the same
170 prefixes of the abstract through its LSTM operator, in batches of similar length, one thread.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, sync_playwright

from sitegen.models.live import LiveModel
from sitegen.models.lstm.architecture import Architecture
from tests.benchmarks import onnx_web
from tests.benchmarks.inputs import A, D, H, T
from tests.benchmarks.rows import Row, at_most, measured
from tests.browser.chromium import launch
from tests.browser.live_page import Request, ask, random_model, write_page

ANSWER, GRID = 60.0, 1000.0  # ms, at most
REPEATED = 5
ORT = "SITEGEN_ORT_WEB"
NETWORK = Architecture(layers=2, hidden=H, dimension=D)
WORDS = [f"w{number:04}" for number in range(2000)]
ENDS = [20, 40, 63, 85, 106, 127, 149, 170]


def network() -> LiveModel:
    """The network, with weights as torch draws them first, from -1 / sqrt(H) to 1 / sqrt(H)."""
    rng, bound, shapes = np.random.default_rng(7), H**-0.5, NETWORK.shapes()
    weights = {name: rng.uniform(-bound, bound, size=shape).astype(np.float32) for name, shape in shapes.items()}
    return random_model(NETWORK, {"weights": "float32", "vectors": "float32"}, words=WORDS, weights=weights)


def requests(number: int) -> list[Request]:
    """Records, no two of which have many words in common at the same place."""
    rng = np.random.default_rng(number)
    return [
        Request(title=rng.choice(WORDS, T).tolist(), abstract=rng.choice(WORDS, A).tolist(), ends=ENDS)
        for _ in range(number)
    ]


def rows() -> Iterator[Row]:
    """The rows, in the order in which they are measured."""
    model = network()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = write_page(Path(folder), {"network": model})
        browser = launch(playwright)
        compiled, plain = (_times(browser, file, model, wasm=wasm) for wasm in (True, False))
        for name, goal in (("first answer", None), ("answer", ANSWER), ("word grid", GRID), ("everything", None)):
            title, ours, other = f"model in the page: {name}", compiled[name], plain[name]
            if goal is None:
                yield measured(title, unit="ms", ours=ours, other=other)
            else:
                yield at_most(title, unit="ms", ours=ours, other=other, ratio=ours, goal=goal)
        if ORT in os.environ:
            yield _beside_onnx(browser, Path(folder), model, ours=compiled["word grid"])
        browser.close()


def _beside_onnx(browser: Browser, folder: Path, model: LiveModel, *, ours: float) -> Row:
    """The word grid beside onnxruntime-web, which is asked for the prefixes of the abstract alone."""
    classifier: Any = model.load(precision="float32")
    abstract = requests(1)[0].abstract
    weights = {name: weight.numpy() for name, weight in classifier._network.state_dict().items()}
    text = np.array(classifier._vectors.matrix[classifier._vectors.rows(abstract)])
    times = []
    for _ in range(REPEATED):
        start, prefixes, features = onnx_web.measure(
            browser, Path(os.environ[ORT]), folder, architecture=NETWORK, weights=weights, text=text
        )
        times.append((prefixes, start))
    (parts,) = classifier.prefix_parts("abstract", [abstract])
    np.testing.assert_allclose(features @ classifier.slopes("abstract").ravel(), parts, atol=1e-5)
    prefixes, start = min(times)
    return measured(f"beside onnxruntime-web, whose start takes {start:.0f} ms", unit="ms", ours=ours, other=prefixes)


def _times(browser: Browser, file: Path, model: LiveModel, *, wasm: bool) -> dict[str, float]:
    """Of each thing that is measured the fewest milliseconds."""
    words = {word: number for number, word in enumerate(WORDS)}
    some = requests(2 * REPEATED + 2)
    first = []
    for _ in range(REPEATED):
        page = browser.new_page()
        page.goto(file.as_uri())
        found = ask(page, "network", [some[0].of(words, ["answer"])], wasm=wasm)
        assert found["how"] == {"compiled": wasm, "worker": True}
        first.append(found["answers"][0]["times"]["answer"])
        page.close()
    page = browser.new_page()
    page.goto(file.as_uri())
    (check,) = ask(page, "network", [some[1].of(words)], wasm=wasm)["answers"]
    classifier = model.load(precision="float32")
    (margin,) = classifier.margins([some[1].title], [some[1].abstract])
    assert abs(check["answer"]["margin"] - margin) < 1e-5
    answers = ask(page, "network", [one.of(words, ["answer"]) for one in some[2 : REPEATED + 2]], wasm=wasm)["answers"]
    grids = ask(page, "network", [one.of(words, ["grid"]) for one in some[REPEATED + 2 :]], wasm=wasm)["answers"]
    page.close()
    return {
        "first answer": min(first),
        "answer": min(one["times"]["answer"] for one in answers),
        "word grid": min(one["times"]["grid"] for one in grids),
        "everything": check["times"]["done"],
    }
