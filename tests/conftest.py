"""What all tests share. Shapes declared in models/ and analysis/ are enforced from here on."""

from __future__ import annotations

from jaxtyping import install_import_hook

install_import_hook(["sitegen.models", "sitegen.analysis"], "beartype.beartype")
