"""What of a written site is too big for GitHub is said, with what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from sitegen.pipeline import build as pipeline
from sitegen.web.publish import estimate
from sitegen.web.publish.estimate import limits
from tests.sites import Recorder, make_scored_site

MB = 1_000_000


def test_a_file_that_github_refuses_is_named_with_its_size_and_what_to_do() -> None:
    sizes = {"index.html": 5, "data/grids.jsonl": 100 * MB, "data/words.csv": 100 * MB - 1}
    (note,) = limits(sizes)
    assert note.startswith("data/grids.jsonl takes 100.0 MB")
    assert 'git lfs track "grids.jsonl"' in note
    assert "--install-from" in note
    assert "output.model" not in note
    (note,) = limits({"data/model/vectors.npy": 250 * MB})
    assert note.startswith("data/model/vectors.npy takes 250.0 MB")
    assert 'output.model = "none"' in note


@pytest.mark.parametrize(("total", "said"), [(899, False), (900, True), (2000, True)])
def test_a_site_that_nears_the_limit_of_pages_is_told(total: int, said: bool) -> None:
    notes = limits(
        {
            "a.html": (total - 50) * MB // 20 - 1,
            **{f"{k}.html": (total - 50) * MB // 20 for k in range(19)},
            "b.csv": 50 * MB + 1,
        }
    )
    notes = [note for note in notes if note.startswith("The site takes")]
    assert bool(notes) == said
    if notes:
        assert f"takes {total}.0 MB" in notes[0]
        assert "output.figures = false" in notes[0]


def test_every_build_says_so_one_that_changes_nothing_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, quick_bundles: None
) -> None:
    monkeypatch.setattr(estimate, "FILE_LIMIT", 100_000)
    site = make_scored_site(tmp_path)
    first, second = Recorder(), Recorder()
    assert not pipeline.render(site, reporter=first).unchanged
    assert pipeline.render(site, reporter=second).unchanged
    assert any(note.startswith("assets/datatables.js takes") for note in first.notes)
    assert second.notes == first.notes
