"""A published model: its files as they were, and a program that recomputes the site's numbers with nothing of ours."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sitegen.config import Site
from sitegen.models.registry import describe
from sitegen.pipeline import build as pipeline
from sitegen.web.export import models as exported
from sitegen.web.export.grids import GRIDS
from sitegen.web.export.records import record_columns
from sitegen.web.export.sentences import SENTENCES
from sitegen.web.publish import estimate
from sitegen.web.publish.links import check_site
from tests.models.kinds import BAG, LETTERS, register, write
from tests.runs import build, grids, methods, table
from tests.sites import NEGATIVE, POSITIVE, RECORDS, Recorder, make_scored_site, make_site, tree, write_model
from tests.web.papers import parse

pytestmark = pytest.mark.usefixtures("quick_bundles")
FILES = ("config.json", "weights.safetensors", "vectors.npy", "words.txt", "card.md")
WITHOUT_US = """
import runpy, sys
sys.modules |= {"sitegen": None, "safetensors": None}  # whoever imports them, fails
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def recompute(data: Path, *ids: str, elsewhere: Path) -> subprocess.CompletedProcess[str]:
    """Run the published program as a stranger would: from elsewhere, without what is installed here of ours."""
    command = [sys.executable, "-I", "-c", WITHOUT_US, str(data / "recompute.py"), *ids]
    return subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)


def differences(printed: str) -> dict[str, tuple[int, float]]:
    """By record, how many numbers were compared, and the largest difference."""
    lines = re.findall(r"^(.*): (\d+) numbers, largest difference (\S+) \(", printed, flags=re.MULTILINE)
    return {key: (int(count), float(worst)) for key, count, worst in lines}


def text(site: Site, name: str) -> str:
    return " ".join(parse((site.output.folder / name).read_text(encoding="utf-8")).text.split())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site that publishes its model; no test changes it."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        return build(make_scored_site(tmp_path_factory.mktemp("published"), publish=True)).site


def test_the_numbers_come_again_without_us(published: Site, tmp_path: Path) -> None:
    data = published.output.folder / "data"
    done = recompute(data, elsewhere=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = differences(done.stdout)
    assert list(found) == [row["id"] for row in RECORDS[:3]]
    sentences = [sum(row["id"] == key for row in table(published, "sentences.csv")) for key in found]
    assert [count for count, _ in found.values()] == [5 + 5 * n for n in sentences]  # none was passed over
    assert all(worst < 1e-5 for _, worst in found.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("joint", "layers", "readout"),
    [
        pytest.param(0, 2, "final-state", marks=pytest.mark.nightly),
        (0, 2, "last-step"),
        pytest.param(3, 1, "final-state", marks=pytest.mark.nightly),
    ],
)
def test_so_do_those_of_every_network_of_the_kind(tmp_path: Path, joint: int, layers: int, readout: str) -> None:
    write_model(tmp_path / "model", joint=joint, layers=layers, readout=readout)
    site = build(make_site(tmp_path, models={"A: b, “c”": "model"}, publish=True)).site
    ids = [row["id"] for row in RECORDS]  # no title, no abstract, unknown words alone, a repeated title among them
    done = recompute(site.output.folder / "data", *ids, elsewhere=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = differences(done.stdout)
    assert list(found) == ids
    assert all(worst < 1e-5 for _, worst in found.values())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "column", "row"),
    [
        ("sentences.csv", "share", 5),
        pytest.param("records.csv", "First: title alone", 1, marks=pytest.mark.nightly),
    ],
)
def test_a_wrong_number_is_found(published: Site, tmp_path: Path, name: str, column: str, row: int) -> None:
    data = tmp_path / "data"
    for path, content in tree(published.output.folder / "data").items():
        (data / path).parent.mkdir(parents=True, exist_ok=True)
        (data / path).write_bytes(content)
    rows = table(published, name)
    rows[row][column] = str(float(rows[row][column]) + 0.0005)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    (data / name).write_text(out.getvalue(), encoding="utf-8", newline="")
    done = recompute(data, elsewhere=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    wrong = {key: worst for key, (_, worst) in differences(done.stdout).items() if worst > 1e-4}
    assert list(wrong) == [rows[row]["id"]]
    assert wrong[rows[row]["id"]] == pytest.approx(0.0005, rel=0.1)
    assert column.removeprefix("First: ") in done.stdout


def test_the_files_are_the_models_own_and_are_listed(published: Site) -> None:
    folder = published.output.folder
    assert tree(folder / "data" / "model") == tree(published.models[0].path)
    assert set(tree(folder / "data" / "model")) == set(FILES)
    assert check_site(folder) == []
    for name in ("data/index.html", "data/format.html"):
        page = parse((folder / name).read_text(encoding="utf-8"))
        listed = page.one("table", class_="model-files")
        assert [node.attributes["href"] for node in listed.all("a")] == [f"model/{file}" for file in FILES]
        digests = [hashlib.sha256((folder / "data" / "model" / file).read_bytes()).hexdigest() for file in FILES]
        assert [node.text for node in listed.all("code", class_="digest")] == digests
        assert page.all("a", href="recompute.py")
    assert "Its files are published with the data" in methods(published).replace('<a href="data/index.html#model">', "")


def test_the_fingerprint_is_what_the_page_says(published: Site) -> None:
    page = text(published, "data/format.html")
    lines = [
        f"{name} {hashlib.sha256((published.models[0].path / name).read_bytes()).hexdigest()}" for name in FILES[:4]
    ]
    fingerprint = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    assert f"Its fingerprint is {fingerprint}." in page
    assert fingerprint == describe(published.models[0].path).fingerprint


def test_every_column_that_the_page_names_is_there(published: Site) -> None:
    page = parse((published.output.folder / "data/format.html").read_text(encoding="utf-8"))
    named = {node.text for node in page.all("code") if re.fullmatch(r"[a-z]+(_[a-z]+)+", node.text)} - {
        "data_offsets",
        "h_n",
    }
    columns = {column.name for column in (*SENTENCES, *GRIDS)}
    assert {"share_error", "sentence_ends", "alone_probability"} <= named <= columns
    assert "First: title alone" in {column.name for column in record_columns(published, ())}


def test_the_tokens_of_the_page_are_those_of_the_data(published: Site) -> None:
    page = parse((published.output.folder / "data/format.html").read_text(encoding="utf-8"))
    pattern = re.compile(page.all("pre")[0].text, re.VERBOSE)

    def cut(string: str, start: int, end: int) -> list[str]:
        return [found.group().lower() for found in pattern.finditer(string, start, end)]

    sentences = table(published, "sentences.csv")
    for row in table(published, "records.csv"):
        grid = grids(published)[row["id"], "First"]
        own = [cut(row["abstract"], int(one["start"]), int(one["end"])) for one in sentences if one["id"] == row["id"]]
        assert grid["title_tokens"] == cut(row["title"], 0, len(row["title"]))
        assert grid["abstract_tokens"] == [token for one in own for token in one]
        assert grid["sentence_ends"] == np.cumsum([len(one) for one in own]).tolist()


@pytest.mark.slow
def test_a_second_model_has_a_folder_with_its_name(built_site: Path) -> None:
    data = built_site / "data"
    folders = sorted(path.name for path in data.iterdir() if path.is_dir())
    assert folders[0] == "model"
    assert re.fullmatch(r"model-other-[0-9a-f]{8}", folders[1])
    assert {path.name for path in (data / folders[1]).iterdir()} == set(FILES)
    page = parse((data / "format.html").read_text(encoding="utf-8"))
    assert [node.text for node in page.all("h3")][:2] == ["First", "Other"]
    words = " ".join(page.text.split())
    assert "Where title and abstract add up" in words
    assert "Where they do not" in words
    assert "by the models “First” and “Other”" in words


def test_the_numbers_of_a_second_network_come_again_too(built_site: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(built_site / "data", tmp_path / "data")
    done = recompute(copied, "p1", "p9", elsewhere=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = differences(done.stdout)
    assert list(found) == ["p1, First", "p1, Other", "p9, First", "p9, Other"]
    assert all(worst < 1e-5 for _, worst in found.values())
    assert [count for count, _ in found.values()] == [25, 25, 15, 15]
    text = (copied / "sentences.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    share = next(row["share"] for row in rows if (row["id"], row["model"]) == ("p1", "Other"))
    assert text.count(share) == 1
    wrong = text.replace(share, str(float(share) + 0.0005))
    (copied / "sentences.csv").write_text(wrong, encoding="utf-8", newline="")
    done = recompute(copied, "p1", elsewhere=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    found = differences(done.stdout)
    assert found["p1, First"][1] < 1e-5
    assert found["p1, Other"][1] > 1e-4


def test_a_model_is_not_published_unasked(plain_site: object) -> None:
    site: Site = plain_site.site  # type: ignore[attr-defined]
    data = site.output.folder / "data"
    assert not [path for path in data.iterdir() if path.is_dir() or path.suffix == ".py"]
    assert "are not published with this site" in text(site, "data/index.html")
    assert "Its files are not published with these pages" in text(site, "methods.html")
    page = parse((data / "format.html").read_text(encoding="utf-8"))
    assert "itself is not published" in " ".join(page.text.split())
    names = [row.all("td")[0].text for row in page.one("table", class_="model-files").all("tr")[1:]]
    assert names == list(FILES[:4])


@pytest.mark.slow
def test_what_stands_in_for_text_takes_the_program_away(tmp_path: Path) -> None:
    site = build(make_site(tmp_path, settings='baseline = "zero"', publish=True)).site
    data = site.output.folder / "data"
    assert (data / "model" / "vectors.npy").is_file()
    assert not (data / "recompute.py").exists()
    page = text(site, "data/format.html")
    assert "it is replaced by empty vectors (all zero)" in page
    assert "There is no program for this model and these settings" in page
    assert check_site(site.output.folder) == []


@pytest.mark.parametrize(
    ("kind", "own"),
    [pytest.param(BAG, {"bias": -0.2}, id="bag", marks=pytest.mark.nightly), pytest.param(LETTERS, {}, id="letters")],
)
def test_a_model_of_another_kind_has_a_true_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: object, own: dict[str, float]
) -> None:
    register(monkeypatch, kind)  # type: ignore[arg-type]
    write(tmp_path / "model", kind, classes=(NEGATIVE, POSITIVE), **own)  # type: ignore[arg-type]
    site = build(make_site(tmp_path, models={"Plain": "model"}, publish=True)).site
    assert set(tree(site.output.folder / "data" / "model")) == {"config.json", "weights.json"}
    assert not (site.output.folder / "data" / "recompute.py").exists()
    page = text(site, "data/format.html")
    assert ("A weight a word" in page) == (kind is BAG)
    assert ("its kind does not say" in page) == (kind is LETTERS)
    assert ("as it was written" in page) == (kind is LETTERS)
    assert ("It skips the others" in page) == (kind is BAG)


def test_a_model_that_is_too_large_to_publish_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site, reporter = make_scored_site(tmp_path, publish=True), Recorder()
    monkeypatch.setattr(estimate, "PAGES_LIMIT", 1000)
    pipeline.render(site, reporter=reporter)
    (note,) = [note for note in reporter.notes if note.startswith("The models' files")]
    assert re.match(r"The models' files take \d+\.\d kB", note)
    assert exported.RECOMPUTE == "recompute.py"


@pytest.mark.slow
def test_publishing_is_noticed_by_the_next_build(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path, publish=True)
    pipeline.render(site, reporter=Recorder())
    assert pipeline.render(site, reporter=Recorder()).unchanged
    (tmp_path / "model" / "card.md").write_text("# Another card\n", encoding="utf-8")
    assert not pipeline.render(site, reporter=Recorder()).unchanged
    assert (site.output.folder / "data/model/card.md").read_text(encoding="utf-8") == "# Another card\n"
    kept = site.model_copy(update={"output": site.output.model_copy(update={"model": "none"})})
    assert not pipeline.render(kept, reporter=Recorder()).unchanged
    assert not (site.output.folder / "data" / "model").exists()
