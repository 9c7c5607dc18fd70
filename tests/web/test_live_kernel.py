"""The compiled loops of the model in the page are what their source compiles to."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from base64 import b64decode
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "templates" / "assets" / "live-kernel.js"


def committed() -> str:
    found = re.search(r"const BYTES =\n(.*?);", SCRIPT.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return "".join(re.findall(r'"([^"]+)"', found[1]))


def test_the_script_holds_webassembly() -> None:
    assert b64decode(committed(), validate=True)[:8] == b"\0asm\1\0\0\0"


@pytest.mark.skipif(not importlib.util.find_spec("ziglang"), reason="needs the compiler, which the extra dev has")
def test_the_source_compiles_to_the_same_bytes() -> None:
    command = [sys.executable, ".ci/kernel", "--print"]
    compiled = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    assert compiled.stdout.strip() == committed(), "compile again: make kernel"
