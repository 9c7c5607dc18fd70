"""Files held against the published schemas of their formats, which check-jsonschema carries."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def complaints(schema: str, file: Path) -> str:
    """What a schema of check-jsonschema's, such as "vendor.github-workflows", has against a YAML file, or ""."""
    program = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, "--default-filetype", "yaml", file]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr
