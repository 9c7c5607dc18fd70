"""Reading records from text that a test writes, in a current folder of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sitegen.config import Classes, Policies, Records
from sitegen.corpus.records import Collection, read_records
from sitegen.errors import RecordError

CLASSES = Classes(positive="computational", negative="traditional")


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def read(
    content: str | bytes,
    *,
    name: str = "records.csv",
    skip: bool = False,
    policy: Any = None,
    classes: Classes = CLASSES,
    **options: Any,
) -> Collection:
    path = Path.cwd() / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    config = Records(path=path, policy=Policies(**(policy or {})), **options)
    return read_records(config, classes=classes, skip_invalid=skip)


def message(content: str | bytes, **options: Any) -> str:
    with pytest.raises(RecordError) as caught:
        read(content, **options)
    return str(caught.value)
