"""A package of anybody's brings a kind of model by an entry point; it is imported when a model names it."""

from __future__ import annotations

import importlib.metadata
import json
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path

import pytest

from sitegen.errors import ModelError
from sitegen.models.manifest import CONFIG, Manifest
from sitegen.models.registry import GROUP, describe, load
from sitegen.models.source import Source, SourceKind, manifest_of_source
from tests.models.kinds import BAG, write


def describe_oracle(source: Source) -> Manifest:
    return manifest_of_source(source, files=[], size="an oracle", facts=(("Kind", "an oracle", ""),))


ORACLE = SourceKind(name="oracle", describe=describe_oracle, load=lambda source, **_: None)  # type: ignore[arg-type]
ASKS = SourceKind(name="asks", describe=describe_oracle, load=ORACLE.load, runs=lambda _: "asks a stranger")
POINTS = EntryPoints(
    [
        EntryPoint(name="oracle", value=f"{__name__}:ORACLE", group=GROUP),
        EntryPoint(name="asks", value=f"{__name__}:ASKS", group=GROUP),
        EntryPoint(name="bag-of-words", value="tests.models.kinds:BAG", group=GROUP),
        EntryPoint(name="broken", value="tests.models.no_such_module:KIND", group=GROUP),
    ]
)


@pytest.fixture(autouse=True)
def brought(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sitegen.models.registry.entry_points", POINTS.select)
    assert importlib.metadata.entry_points(group=GROUP) is not None


def asked(kind: str, **options: object) -> Source:
    return Source(kind=kind, path=Path("/tmp/x"), **options)  # type: ignore[arg-type]


def test_a_kind_that_site_toml_names(tmp_path: Path) -> None:
    manifest = describe(asked("oracle"))
    assert (manifest.kind, manifest.size) == ("oracle", "an oracle")


def test_a_kind_of_model_directory(tmp_path: Path) -> None:
    folder = write(tmp_path / "m", BAG, classes=("no", "yes"), bias=0.5)
    assert describe(folder).kind == "bag-of-words"
    assert load(Source(path=folder)).additive


def test_what_it_runs_needs_consent_as_well() -> None:
    with pytest.raises(ModelError, match=r"it asks a stranger\. Nothing was run"):
        describe(asked("asks"))
    assert describe(asked("asks", trust=True)).size == "an oracle"


def test_one_that_cannot_be_imported_or_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r'"broken" comes from tests\.models\.no_such_module:KIND, which cannot be'):
        describe(asked("broken"))
    with pytest.raises(ModelError, match=r'kind = "other" .* is not known\. Use one of: "python", .*"oracle"'):
        describe(asked("other"))
    (tmp_path / CONFIG).write_text(json.dumps({"architecture": {"type": "oracle"}}))
    with pytest.raises(ModelError, match=r'"oracle" is not a kind of model that this sitegen knows'):
        describe(tmp_path)
