"""How much a model is asked, in whole builds: what is decided, what of it is kept, and what pages say of the rest."""

from __future__ import annotations

from pathlib import Path

import pytest

import sitegen
from sitegen.analysis.attribution.depth import DEPTHS, Depth, reaches
from sitegen.config import Site
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import plan as planning
from sitegen.pipeline.rescore import rescore
from tests.models.adapters.programs import LETTERS
from tests.runs import data, grids, page, page_data, score, table
from tests.sites import RECORDS, Recorder, make_site, row

PYTHON = 'name = "Letters"\nkind = "python"\npath = "mymodel.py:classifier"\ntrust = true'
LONG = row("long", "A title", *(f"Sentence {n} says what {n} agents did at home ." for n in range(9)))


def written(folder: Path, settings: str, **options: object) -> Site:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mymodel.py").write_text(LETTERS, encoding="utf-8")
    return make_site(folder, foreign=PYTHON, settings=settings, **{"records": [*RECORDS, LONG], **options})


def built(site: Site) -> list[str]:
    reporter = Recorder()
    pipeline.build(site, reporter=reporter)
    return reporter.notes


@pytest.mark.slow
@pytest.mark.parametrize(
    "depth",
    [pytest.param(one, marks=pytest.mark.nightly) if one in ("alone", "without", "shares") else one for one in DEPTHS],
)
def test_a_site_of_every_depth_holds_together(tmp_path: Path, quick_bundles: None, depth: Depth) -> None:
    site = written(tmp_path, f'depth = "{depth}"', figures=True)
    notes = "\n".join(built(site))
    name = "records/long.html"
    text, methods = page(site, name), page(site, "methods.html")
    told = 'id="asked"' in methods
    assert told == ("is not asked" in notes) == ("was not asked" in text) == (depth != "words")
    assert ('class="heatmap"' in text) == reaches(depth, "sentences")
    assert ("its share" in text) == reaches(depth, "shares")
    assert ("word by word" in text) == (depth == "words")
    for file in site.output.folder.rglob("*.*"):
        if file.suffix in (".html", ".json", ".jsonl", ".csv"):
            assert "NaN" not in file.read_text(encoding="utf-8"), file
    (long,) = [one for one in table(site, "sentences.csv") if (one["id"], one["sentence"]) == ("long", "2")]
    assert (long["without"] != "") == reaches(depth, "without")
    assert (long["alone"] != "") == reaches(depth, "alone")
    words = grids(site)["long", "Letters"]["abstract_words"]
    assert (None not in words) == (depth == "words")
    if reaches(depth, "sentences"):
        assert page_data(site, name)["grid"].get("sentences", False) == (depth == "sentences")  # type: ignore[attr-defined]
    assert ("was not asked what single words" in page(site, "words.html")) == (depth != "words")
    assert ("was not asked what single sentences" in page(site, "sentences/index.html")) == (
        not reaches(depth, "without")
    )
    assert data(site, "faithfulness.json") == {}


def test_more_is_asked_of_a_site_that_has_more_time(tmp_path: Path) -> None:
    first = score(written(tmp_path, 'depth = "without"'))
    assert (first.scored, first.shapley) == (13, 0)
    again = score(written(tmp_path, 'depth = "without"'))
    assert again.scored == again.alone == 0
    more = score(written(tmp_path, 'depth = "words"'))
    assert more.scored == more.alone == 13
    less = score(written(tmp_path, 'depth = "without"'))  # what is known stays known
    assert less.scored == less.alone == 0


def test_the_speed_of_a_model_decides_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    speeds = iter([40.0, 1e9, 40.0])
    monkeypatch.setattr(planning, "_speed", lambda documents, classifier: next(speeds))
    site = written(tmp_path, "minutes = 0.2")
    notes = built(site)
    (asked,) = [note for note in notes if "is not asked" in note]
    assert "It reads 40 texts a second. To ask it everything about all that is here would take" in asked
    assert "and the limit was 12 seconds" in asked
    assert "It reads 40 texts a second" in page(site, "methods.html")
    assert score(site).scored == 0  # nor is the speed measured again
    with_more = [*RECORDS, LONG, row("new", "New", "One more .")]
    assert score(written(tmp_path, "minutes = 0.2", records=with_more)).scored == 1
    twice = [*with_more, *(row(f"n{k}", f"New {k}", *["Many more words stand here ."] * 9, f"{k} .") for k in range(9))]
    grown = score(written(tmp_path, "minutes = 0.2", records=twice))  # now it is, and all is asked
    assert grown.scored == len(twice)


def test_a_model_whose_fields_add_up_is_not_planned(tmp_path: Path, quick_bundles: None) -> None:
    site = make_site(tmp_path, settings='depth = "whole"', records=RECORDS[:4])
    assert not any("asked" in note for note in built(site))
    assert None not in [value for one in grids(site).values() for value in one["abstract_words"]]


@pytest.mark.slow
@pytest.mark.parametrize("depth", ["alone", "sentences"])
def test_what_was_asked_can_be_computed_again(tmp_path: Path, quick_bundles: None, depth: Depth) -> None:
    site = written(tmp_path / "made", f'depth = "{depth}"', publish=True)
    built(site)
    again = rescore(site.output.folder, count=3, trust=True)
    assert again.agrees
    assert again.records[0].numbers == (1 if depth == "alone" else 1 + 4 + 4)


def test_one_text_is_asked_as_much_as_its_time_allows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mymodel.py").write_text(LETTERS, encoding="utf-8")
    given = (f"{tmp_path / 'mymodel.py'}:classifier", LONG["title"], LONG["abstract"])
    whole = sitegen.explain(*given, trust=True)
    assert (whole.not_asked, whole.occlusion.asked("words")) == ("", True)
    monkeypatch.setattr(planning, "_speed", lambda documents, classifier: 5.0)
    slow = sitegen.explain(*given, trust=True)
    assert slow.occlusion.asked("sentences")
    assert not slow.occlusion.asked("words")
    assert slow.figure().count("<svg") == 1
    assert "It reads 5 texts a second" in slow.not_asked
    assert slow.not_asked in repr(slow)
    assert slow.probability == whole.probability
    assert [one.so_far for one in slow.sentences] == [one.so_far for one in whole.sentences]
    least = sitegen.explain(*given, trust=True, seconds=5.0)
    assert (least.occlusion.asked("without"), least.occlusion.drawn, least.shapley) == (True, False, None)
    assert least.figure() == ""
    shown = least._repr_html_()
    assert "<img" not in shown
    assert "so there is no figure" in shown
    assert "nan" not in shown
