"""The archive of an analysis: what is in it, that it can be checked by others' programs, and that its bytes repeat."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from rocrate.rocrate import ROCrate

from sitegen.config import Site, load_site
from sitegen.errors import ConfigError, OutputError
from sitegen.pipeline import archive as archiving
from sitegen.pipeline import build as pipeline
from sitegen.pipeline import describing
from sitegen.pipeline.archive import ArchiveReport
from sitegen.pipeline.verify import verify
from sitegen.web.publish.checksums import MANIFEST
from tests.pipeline.test_verify import faults, sha256sum
from tests.released import WORDS, leaks
from tests.runs import build
from tests.schemas import complaints
from tests.sites import RECORDS, Recorder, make_scored_site, tree, write_model

pytestmark = pytest.mark.usefixtures("quick_bundles")


@pytest.fixture(autouse=True)
def no_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A built site; no test changes it."""
    from sitegen.web.publish import bundles
    from tests.sites import no_vega

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bundles, "vega_bundle", no_vega)
        return build(make_scored_site(tmp_path_factory.mktemp("archived"))).site


def archive(site: Site, file: Path, **options: bool) -> ArchiveReport:
    return archiving.archive(site, file, reporter=Recorder(), **options)


def unpacked(file: Path, folder: Path) -> Path:
    """The one folder in an archive."""
    with zipfile.ZipFile(file) as archived:
        archived.extractall(folder)
    (bag,) = folder.iterdir()
    return bag


@pytest.fixture(scope="module")
def file(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive of that site."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("SOURCE_DATE_EPOCH", raising=False)
        return archive(site, tmp_path_factory.mktemp("zip") / "a.zip").file


@pytest.fixture
def bag(file: Path, tmp_path: Path) -> Path:
    """The same, unpacked, to be spoilt."""
    return unpacked(file, tmp_path / "bag")


def test_all_that_the_site_is_and_was_made_of_is_there(site: Site, bag: Path) -> None:
    data = bag / "data"
    assert {path.name for path in bag.iterdir()} == {
        *("bag-info.txt", "bagit.txt", "data", MANIFEST, "open-me.html", "tagmanifest-sha256.txt")
    }
    made = tree(site.output.folder)
    del made[".sitegen-site"]
    assert tree(data / "site") == made
    assert tree(data / "model") == tree(site.models[0].path)
    for name in ("site.toml", "records.csv", "pages/about.md"):
        assert (data / name).read_bytes() == (site.folder / name).read_bytes()
    assert 'href="data/site/index.html"' in (bag / "open-me.html").read_text(encoding="utf-8")
    assert "Tests &amp; &lt;trials&gt;" in (bag / "open-me.html").read_text(encoding="utf-8")
    environment = (data / "environment.txt").read_text(encoding="utf-8").splitlines()
    assert environment[1].startswith("sitegen-occlusion==")
    assert any(line.startswith("torch==") for line in environment)
    assert not any(line.startswith("pytest==") for line in environment)


def test_the_validators_of_all_its_formats_pass_it(bag: Path) -> None:
    bagit.Bag(str(bag)).validate()
    for manifest in (MANIFEST, "tagmanifest-sha256.txt"):
        done = sha256sum(bag, manifest)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    crate = ROCrate(str(bag / "data"))
    assert crate.name == "Tests & <trials>"
    assert crate.metadata.profile == "https://w3id.org/ro/crate/1.1"
    for entity in crate.data_entities:
        assert (bag / "data" / entity.id).exists()
    assert {"datePublished", "license", "name", "description"} <= crate.root_dataset.properties().keys()
    sbom = (bag / "data" / "sbom.cdx.json").read_text(encoding="utf-8")
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom) is None
    assert "timestamp" not in json.loads(sbom)["metadata"]


@pytest.mark.parametrize(
    "changed",
    [{}, {"title": 'A: "b" #c', "authors": (), "license": "All rights reserved", "url": "https://x.org/a b/"}],
)
def test_how_to_cite_it_is_a_citation_file(site: Site, tmp_path: Path, changed: dict[str, object]) -> None:
    (tmp_path / "site" / "data").mkdir(parents=True)
    describing.describe_payload(
        site.model_copy(update=changed), tmp_path, date=datetime(2023, 11, 14, tzinfo=UTC), dated=True, left_out={}
    )
    assert complaints("vendor.citation-file-format", tmp_path / "CITATION.cff") == ""


def test_our_own_citation_file_is_one() -> None:
    assert complaints("vendor.citation-file-format", Path(__file__).parents[2] / "CITATION.cff") == ""


def test_the_bill_of_materials_lists_the_scripts_libraries_too(bag: Path) -> None:
    sbom = json.loads((bag / "data" / "sbom.cdx.json").read_text(encoding="utf-8"))
    in_scripts = {one["name"]: one for one in sbom["components"] if "purl" not in one}
    assert in_scripts["jQuery"]["licenses"] == [{"expression": "MIT"}]
    notices = (bag / "data" / "site" / "assets" / "notices.txt").read_text(encoding="utf-8")
    for name, one in in_scripts.items():
        assert name in notices
        assert (bag / "data" / one["properties"][0]["value"]).is_file()


def test_it_is_verified_as_zip_and_unpacked(file: Path, bag: Path) -> None:
    for path in (file, bag):
        found = verify(path)
        assert found.whole
        assert found.kind == "archive"
    assert verify(bag / "data" / "site").whole


def test_what_changed_lacks_or_was_added_is_named(bag: Path) -> None:
    (bag / "data" / "records.csv").write_bytes((bag / "data" / "records.csv").read_bytes() + b"\n")
    (bag / "open-me.html").write_text("", encoding="utf-8")
    (bag / "data" / "site" / "index.html").unlink()
    (bag / "bagit.txt").rename(bag / "data" / "bagit.txt")
    shutil.copy(bag / "data" / "bagit.txt", bag / "bagit.txt")
    (bag / "extra.txt").write_text("", encoding="utf-8")
    assert faults(verify(bag)) == (
        ("data/records.csv", "open-me.html"),
        ("data/site/index.html",),
        ("data/bagit.txt", "extra.txt"),
        (),
    )


def test_a_manifest_that_was_changed_with_its_file_is_found_by_the_other(bag: Path) -> None:
    (bag / "data" / "records.csv").write_text("id\n", encoding="utf-8")
    lines = (bag / MANIFEST).read_text(encoding="utf-8").splitlines()
    digest = hashlib.sha256(b"id\n").hexdigest()
    lines = [f"{digest}  data/records.csv" if line.endswith("  data/records.csv") else line for line in lines]
    (bag / MANIFEST).write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert faults(verify(bag)) == ((MANIFEST,), (), (), ())
    (bag / MANIFEST).unlink()
    assert MANIFEST in verify(bag).missing


def test_the_bytes_repeat(site: Site, file: Path, tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        assert archive(site, tmp_path / "b.zip").file.read_bytes() == file.read_bytes()
    finally:
        os.umask(before)
    with zipfile.ZipFile(file) as archived:
        infos = archived.infolist()
        assert [one.filename for one in infos] == sorted(one.filename for one in infos)
        assert {one.date_time for one in infos} == {(1980, 1, 1, 0, 0, 0)}
        assert len({one.filename.partition("/")[0] for one in infos}) == 1


def test_another_folder_of_the_same_gives_the_same_bytes(file: Path, tmp_path: Path) -> None:
    other = build(make_scored_site(tmp_path / "some" / "where else")).site
    assert archive(other, tmp_path / "other.zip").file.read_bytes() == file.read_bytes()


def test_the_date_is_that_of_the_environment(
    site: Site, file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    dated = archive(site, tmp_path / "a.zip").file
    with zipfile.ZipFile(dated) as archived:
        assert {one.date_time for one in archived.infolist()} == {(2023, 11, 14, 22, 13, 20)}
    bag = unpacked(dated, tmp_path / "bag")
    bagit.Bag(str(bag)).validate()
    assert "Bagging-Date: 2023-11-14" in (bag / "bag-info.txt").read_text(encoding="utf-8")
    assert "date-released: 2023-11-14" in (bag / "data" / "CITATION.cff").read_text(encoding="utf-8")
    assert ROCrate(str(bag / "data")).root_dataset["datePublished"] == "2023-11-14"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "yesterday")
    with pytest.raises(ConfigError, match="SOURCE_DATE_EPOCH"):
        archive(site, tmp_path / "b.zip")


def test_what_is_left_out_has_its_hashes(site: Site, tmp_path: Path) -> None:
    report = archive(site, tmp_path / "a.zip", with_model=False, with_texts=False)
    assert report.left_out == ("records.csv", "model")
    bag = unpacked(report.file, tmp_path / "bag")
    data = bag / "data"
    assert verify(bag).whole
    assert not (data / "records.csv").exists()
    assert not (data / "model").exists()
    shutil.copytree(site.models[0].path, data / "model")
    shutil.copy(site.records.path, data)
    for name in ("model", "records.csv"):
        done = sha256sum(data, f"hashes/{name}.sha256")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    with (data / "hashes" / "texts.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == len(RECORDS)
    first = f"{RECORDS[0]['title']}\n{RECORDS[0]['abstract']}"
    assert rows[0] == {"id": "p1", "sha256": hashlib.sha256(first.encode()).hexdigest()}
    assert "records.csv: hashes/records.csv.sha256" in (data / "README.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize(("mode", "words"), [pytest.param("excerpts", WORDS, marks=pytest.mark.nightly), ("scores", 0)])
def test_texts_that_are_withheld_are_left_out_unasked(
    released: dict[str, Path], tmp_path: Path, mode: str, words: int
) -> None:
    plain = load_site(released[mode].parent / "site.toml").written_to(released[mode])
    site = plain.model_copy(update={"records": plain.records.model_copy(update={"publish": mode})})
    assert archive(site, tmp_path / "a.zip").left_out == ("records.csv",)
    assert leaks(unpacked(tmp_path / "a.zip", tmp_path / "bag"), words) == {}


def test_the_site_can_be_built_again_from_it(bag: Path, site: Site) -> None:
    again = build(load_site(bag / "data" / "site.toml")).site
    assert tree(again.output.folder) == tree(site.output.folder)


def test_each_file_of_records_has_a_place(site: Site) -> None:
    paths = (site.records.path, site.folder / "sources" / "refs.ris")
    several = site.model_copy(update={"records": site.records.model_copy(update={"path": paths})})
    found = {place.path: files for place, files in archiving.places(several).items() if place.kind == "records"}
    assert found == {"records.csv": {"": paths[0]}, "sources/refs.ris": {"": paths[1]}}


def test_the_logo_has_a_place_once(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    for name, expected in (("art/logo.svg", ["pages", "art/logo.svg"]), ("pages/logo.svg", ["pages"])):
        logo = tmp_path / name
        logo.parent.mkdir(exist_ok=True)
        logo.write_text("<svg/>")
        found = archiving.places(site.model_copy(update={"logo": logo}))
        assert [place.path for place in found if place.kind == "other"] == expected


def test_pages_and_images_of_a_section_keep_their_folder(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    guide = tmp_path / "pages" / "1-guide"
    guide.mkdir()
    for name in ("index.md", "about.md", "m.png"):
        (guide / name).write_text("# Guide")
    (files,) = (files for place, files in archiving.places(site).items() if place.path == "pages")
    assert sorted(files) == ["1-guide/about.md", "1-guide/index.md", "1-guide/m.png", "about.md"]
    assert files["1-guide/about.md"] == guide / "about.md"


def test_what_lies_elsewhere_or_has_a_name_of_ours_finds_a_place(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path / "deep")
    write_model(tmp_path / "other" / "model", seed=2)
    write_model(tmp_path / "deep" / "site", seed=3)
    first = site.models[0]
    models = (
        first.model_copy(update={"ensemble": (tmp_path / "deep" / "site",)}),
        first.model_copy(update={"name": "Other", "path": tmp_path / "other" / "model"}),
    )
    found = archiving.places(site.model_copy(update={"models": models}))
    assert [(place.path, place.kind) for place in found] == [
        ("records.csv", "records"),
        ("model", "model"),
        ("more/2/site", "model"),
        ("more/3/model", "model"),
        ("pages", "other"),
    ]


def test_a_site_that_is_not_as_it_should_be_is_refused(tmp_path: Path) -> None:
    site = make_scored_site(tmp_path)
    output = tmp_path / "a.zip"
    with pytest.raises(OutputError, match=r"there is no site here.*sitegen build"):
        archive(site, output)
    pipeline.render(site, reporter=Recorder())
    write_model(tmp_path / "model", card="# Another card\n")
    with pytest.raises(OutputError, match=r"not up to date.*sitegen build"):
        archive(site, output)
    pipeline.render(site, reporter=Recorder())
    (site.output.folder / "words.html").unlink()
    with pytest.raises(OutputError, match=r"not as it was built \(words.html\).*sitegen build"):
        archive(site, output)
    (site.output.folder / "own.txt").touch()
    with pytest.raises(OutputError, match=r"did not put there \(own.txt\)\. Move them away"):
        archive(site, output)
    (site.output.folder / "own.txt").unlink()
    pipeline.render(site, reporter=Recorder())
    archive(site, output)
    with pytest.raises(OutputError, match=r"exists already.*--force"):
        archive(site, output)
    assert archive(site, output, replace=True).file == output
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix == ".zip" or "zip-" in path.name) == ["a.zip"]


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rocrate", None)
    with pytest.raises(OutputError, match=r"needs the package rocrate.*\[archive\]"):
        describing.check_libraries()
