"""A model that is no network goes through a whole build, and no page speaks of it as if it were one."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator

import pytest

from sitegen.config import Site
from sitegen.pipeline import build as pipeline
from sitegen.web.publish import bundles as scripts
from tests.models.kinds import BAG, LETTERS, register, write
from tests.runs import grids, page, score
from tests.sites import NEGATIVE, POSITIVE, Recorder, make_site, no_vega

FOREIGN = re.compile(
    r"lstm|torch|gensim|layers of|two networks|readers' output|reading directions|of 2018", re.IGNORECASE
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Site]:
    """A site whose model is of the kind that a test asks for; no test changes it."""
    kind, own = request.param
    folder = tmp_path_factory.mktemp("kind")
    with pytest.MonkeyPatch.context() as patch:
        register(patch, kind)
        patch.setitem(sys.modules, "torch", None)  # whoever imports it from here on, fails
        patch.setattr(scripts, "vega_bundle", no_vega)
        write(folder / "model", kind, classes=(NEGATIVE, POSITIVE), **own)
        site = make_site(folder, models={"Plain": "model"}, tried=20)
        pipeline.build(site, reporter=Recorder())
        yield site


BOTH = [pytest.param((BAG, {"bias": -0.2}), id=BAG.name), pytest.param((LETTERS, {}), id=LETTERS.name)]


@pytest.mark.slow
@pytest.mark.parametrize("built", BOTH, indirect=True, scope="module")
def test_no_page_and_no_table_speaks_of_another_kind_of_model(built: Site) -> None:
    files = [file for file in built.output.folder.rglob("*") if file.suffix in (".html", ".csv", ".json", ".jsonl")]
    assert len(files) > 20
    for file in files:
        assert not FOREIGN.findall(file.read_text(encoding="utf-8")), file
    assert score(built).scored == 0


@pytest.mark.parametrize("built", BOTH[:1], indirect=True, scope="module")
def test_the_methods_page_says_what_a_bag_of_words_is(built: Site) -> None:
    text = page(built, "methods.html")
    assert "a bag of words" in text
    assert "order does not matter" in text
    assert "log-odds = title + abstract + a constant, exactly" in text
    assert "the logistic function of the model's log-odds" in text
    assert "Others it skips" in text
    faithful = page(built, "faithfulness.html")
    assert "A bag of words has no first weights that training would start from." in faithful
    assert grids(built)["p2", "Plain"]["margin"] == pytest.approx(-0.2 - 2 * (0.5 + 1.0) - 1.0 - 1.5 - 0.5, abs=1e-4)
    assert grids(built)["p7", "Plain"]["margin"] == pytest.approx(-0.2 + 1.0, abs=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("built", BOTH[1:], indirect=True, scope="module")
def test_the_methods_page_says_that_a_model_is_given_whole_texts(built: Site) -> None:
    text = page(built, "methods.html")
    assert "letters and words of the text as it was written" in text
    assert "What the model is given" in text
    assert "each cell of each picture was computed on its own" in text
    assert "skips" not in text
    assert "pytest" in text  # among the versions
    assert "random weights" in page(built, "faithfulness.html")
    title, abstract = "One sentence is enough", "All agents agree at once."
    heard = (1.0 - 0.05 + 0.01 * len(abstract)) * (1 + 0.1 * (-0.05 + 0.01 * len(title)))
    assert grids(built)["p7", "Plain"]["margin"] == pytest.approx(heard, abs=1e-4)
