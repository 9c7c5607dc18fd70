"""Options that commands of several rooms have."""

from __future__ import annotations

from typing import Annotated

import typer

SkipInvalid = Annotated[
    bool,
    typer.Option("--skip-invalid", help="Leave out rows that cannot be read, and count them, instead of stopping."),
]
