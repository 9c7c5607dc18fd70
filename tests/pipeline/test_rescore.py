"""Computing a sample again: what was published comes again, tampering is found, another model or text is refused."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import pytest

from sitegen.config import Site
from sitegen.errors import OutputError
from sitegen.pipeline import archive as archiving
from sitegen.pipeline.rescore import Rescoring, rescore
from sitegen.pipeline.verify import verify
from sitegen.web.publish.checksums import MANIFEST, digests_of, files_of, manifest_text
from sitegen.web.publish.staging import MARK
from tests.commands import Run
from tests.runs import build
from tests.sites import RECORDS, Recorder, make_scored_site, make_site, write_model, write_records

pytestmark = pytest.mark.usefixtures("quick_bundles")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A built site that publishes its model; no test changes it."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        return build(make_scored_site(tmp_path_factory.mktemp("rescored"), publish=True)).site


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of a site, without model and texts."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    place = tmp_path_factory.mktemp("bare")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        made = build(make_scored_site(place / "made")).site
    archiving.archive(made, place / "a.zip", reporter=Recorder(), with_model=False, with_texts=False)
    return place / "a.zip"


@pytest.fixture
def copy(site: Site, tmp_path: Path) -> Path:
    return Path(shutil.copytree(site.output.folder, tmp_path / "copy"))


def tamper(folder: Path, name: str, row: int, column: str, change: str | float) -> None:
    """Change one cell of a table of a built site, and its manifest with it, as one would who knows how."""
    file = folder / "data" / name
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode(), newline="")))
    rows[row][column] = change if isinstance(change, str) else str(float(rows[row][column]) + change)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    file.write_bytes(out.getvalue().encode())
    names = [name for name in files_of(folder) if name not in (MANIFEST, MARK)]
    (folder / MANIFEST).write_text(manifest_text(digests_of(folder, names)), encoding="utf-8")
    assert verify(folder).whole


def compared(found: Rescoring) -> list[tuple[str, int]]:
    return [(one.record, one.numbers) for one in found.records]


def test_every_record_comes_again(site: Site) -> None:
    found = rescore(site.output.folder, count=100)
    assert found.agrees
    assert found.worst < 1e-5
    assert found.total == len(found.records) == len(RECORDS)
    sentences = {"p1": 4, "p5": 0, "p7": 1}
    assert {key: n for key, n in compared(found) if key in sentences} == {k: 1 + 2 * n for k, n in sentences.items()}


def test_a_sample_is_spread_over_the_records(site: Site) -> None:
    ids = [row["id"] for row in RECORDS]
    for count, numbers in ((1, [0]), (2, [0, 11]), (5, [0, 2, 5, 8, 11])):
        assert [one.record for one in rescore(site.output.folder, count=count).records] == [ids[k] for k in numbers]


@pytest.mark.parametrize(
    ("name", "row", "column", "change", "place"),
    [
        ("records.csv", 0, "First: margin", 0.0002, "margin"),
        ("records.csv", 0, "First: margin", "nan", "margin"),
        ("records.csv", 0, "First: margin", "", "margin"),
        ("sentences.csv", 1, "leave_one_out", -0.0002, "without sentence 2"),
        ("sentences.csv", 3, "share", 0.0002, "share of sentence 4"),
    ],
)
def test_a_score_that_was_tampered_with_is_found(
    copy: Path, name: str, row: int, column: str, change: str | float, place: str
) -> None:
    tamper(copy, name, row, column, change)
    found = rescore(copy, count=2)
    assert not found.agrees
    assert [one.place for one in found.records if one.difference > found.tolerance] == [place]


def test_a_text_that_was_tampered_with_is_found(copy: Path) -> None:
    tamper(copy, "records.csv", 0, "title", "Talking about money at home")
    assert not rescore(copy, count=1).agrees


def test_a_sentence_that_is_gone_is_found(copy: Path) -> None:
    tamper(copy, "sentences.csv", 0, "id", "p2")
    (one,) = rescore(copy, count=1).records
    assert one.place == "number of sentences"


def test_what_was_left_out_must_be_named_and_be_the_same(bare: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"with --model"):
        rescore(bare)
    write_model(tmp_path / "model")
    write_model(tmp_path / "other", seed=5)
    write_records(tmp_path / "records.csv")
    write_records(tmp_path / "others.csv", [{**RECORDS[0], "title": "Another title"}, *RECORDS[1:]])
    write_records(tmp_path / "fewer.csv", RECORDS[1:])
    assert rescore(bare, model=tmp_path / "model").agrees  # the site publishes its texts
    assert rescore(bare, model=tmp_path / "model", records=[tmp_path / "records.csv"]).agrees
    with pytest.raises(OutputError, match=r"other: has the fingerprint .* it is another"):
        rescore(bare, model=tmp_path / "other")
    with pytest.raises(OutputError, match=r'others.csv: the text of record "p1" has not the hash'):
        rescore(bare, model=tmp_path / "model", records=[tmp_path / "others.csv"])
    with pytest.raises(OutputError, match=r'fewer.csv: has no record "p1"'):
        rescore(bare, model=tmp_path / "model", records=[tmp_path / "fewer.csv"])


def test_each_model_whose_files_are_there_is_asked(tmp_path: Path) -> None:
    write_model(tmp_path / "model")
    write_model(tmp_path / "other", seed=2, joint=3)
    made = build(make_site(tmp_path, models={"First": "model", "Other": "other"}, settings='baseline = "zero"')).site
    with pytest.raises(OutputError, match="its model is not in it"):
        rescore(made.output.folder)
    found = rescore(made.output.folder, count=2, model=tmp_path / "other")
    assert found.agrees
    assert found.lacking == ("First",)
    archived = archiving.archive(made, tmp_path / "a.zip", reporter=Recorder()).file
    found = rescore(archived, count=2)
    assert found.agrees
    assert [(one.record, one.model) for one in found.records] == [
        *(("p1", "First"), (RECORDS[-1]["id"], "First"), ("p1", "Other"), (RECORDS[-1]["id"], "Other"))
    ]


def test_a_model_can_name_no_file_outside_of_its_folder(copy: Path) -> None:
    file = copy / "data" / "settings.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"words.txt"', '"../words.txt"'), encoding="utf-8")
    with pytest.raises(OutputError, match="outside of its folder"):
        rescore(copy)


def test_data_that_cannot_be_read_is_no_bug(copy: Path) -> None:
    (copy / "data" / "settings.json").write_text("{", encoding="utf-8")
    with pytest.raises(OutputError, match="its data cannot be read"):
        rescore(copy)
    (copy / "data" / "settings.json").unlink()
    with pytest.raises(OutputError, match=r"settings\.json: is missing"):
        rescore(copy)


def test_the_command_states_difference_and_tolerance(run: Run, copy: Path, bare: Path, tmp_path: Path) -> None:
    done = run("verify", copy, "--rescore")
    assert (done.code, done.err) == (0, "")
    _, *records, total = done.out.splitlines()
    assert [line.partition(",")[0] for line in records] == [RECORDS[k]["id"] for k in (0, 2, 5, 8, 11)]
    assert total.startswith("Rescored: 5 of 12 records, largest difference ")
    assert total.endswith(", within the tolerance of 0.0001 log-odds.")
    assert len(run("verify", "--rescore", "2", copy).out.splitlines()) == 4
    assert len(run("verify", "--rescore", copy).out.splitlines()) == 7
    write_model(tmp_path / "model")
    write_records(tmp_path / "records.csv")
    named = ("--model", tmp_path / "model", "--records", tmp_path / "records.csv")
    assert run("verify", bare, "--rescore", "3", *named).code == 0
    tamper(copy, "records.csv", 0, "First: margin", 0.5)
    done = run("verify", copy, "--rescore", "1")
    assert (done.code, done.err) == (1, "")
    assert "p1, First: 9 numbers, largest difference 5.0e-01 (margin)\n" in done.out
    assert "BEYOND the tolerance" in done.out
