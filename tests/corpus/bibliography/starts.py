"""How many records begin in a file, counted without the readers: by one regular expression a format."""

from __future__ import annotations

import codecs
import re

_PATTERNS = {
    "RIS": r"(?im)^\ufeff*[^\S\n]*TY[ \t]*-[ \t]*[A-Z0-9]*[^\S\n]*$",
    "PubMed": r"(?m)^\ufeff*[^\S\n]{0,3}(?:PMID|pmid) ?-",
    "Web of Science": r"(?m)^\ufeff*PT[^\S\n]+[A-Z][^\S\n]*$",
    "EndNote": r"(?m)^\ufeff*%0(?: .*)?$",
    "BibTeX": r"(?im)^[ \t]*@[ \t]*(?!comment|string|preamble)\w+[^\n]*?[{(]",
    "PubMed XML": r"<Pubmed(?:Book)?Article[ >]",
    "EndNote XML": r"<record[ >]",
    "CSL JSON": r'"id": "',
    "OpenAlex": r'"id": "https://openalex.org/W',
}


def starts(kind: str, data: bytes) -> int | None:
    """The number of records that begin in a file of that format; None where that is not counted."""
    utf16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    text = data.decode("utf-16" if utf16 else "utf-8", errors="replace").replace("\0", "")
    text = re.sub(r"\r\n?", "\n", text)
    return len(re.findall(_PATTERNS[kind], text)) if kind in _PATTERNS else None
