"""Addresses that readers may follow, found in what a user wrote: in site.toml or in a record's metadata."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit


def address_of(text: str) -> str:
    """The address that a text stands for: its own, or the resolver's for a DOI; "" for any other text."""
    if re.fullmatch(r"https?://[^\s<>\"]+", text, flags=re.IGNORECASE):
        return text if _names_a_host(text) else ""
    doi = re.fullmatch(r"(?:doi:\s*)?(10\.\d{4,9}/\S+)", text, flags=re.IGNORECASE)
    return "https://doi.org/" + quote(doi[1], safe="/:;().-_") if doi else ""


def _names_a_host(address: str) -> bool:
    """Whether an address can be taken apart and names a host (`http://[` cannot)."""
    try:
        return bool(urlsplit(address).hostname)
    except ValueError:
        return False
