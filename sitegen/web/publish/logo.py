"""The picture beside the site's name: which files can be one, and that an SVG draws and does nothing else.

In a page it is an image, in which no browser runs a script; but it is a file of the site, too, which anybody can open
by itself. So an SVG with a script, or one that asks another host for something, is refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

from sitegen.errors import ConfigError

LIMIT = 500_000  # bytes: every page shows it
_PNG = b"\x89PNG\r\n\x1a\n"
_RUNS = {"script", "foreignobject", "iframe", "object", "embed", "audio", "video", "handler", "listener"}
_ADDRESS = re.compile(r"""url\(\s*["']?\s*(?![#"'\s])|image-set\(|@import|javascript:|\\""", re.IGNORECASE)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);")
_REMEDY = 'Save it as "plain SVG" from a drawing program, or as PNG.'


def logo_problem(file: Path) -> str:
    """What is wrong with a file as a logo, and the remedy; "" where it can be one."""
    if file.suffix.lower() not in (".svg", ".png"):
        return "is neither SVG nor PNG. Save it as one of these."
    try:
        content = file.read_bytes()
    except OSError as error:
        return f"cannot be read ({error.strerror}). Mend the path, or remove it."
    if len(content) > LIMIT:
        return f"has {len(content):,} bytes, where every page loads it. Make it smaller than {LIMIT:,}."
    if file.suffix.lower() == ".png":
        return "" if content.startswith(_PNG) else "is no PNG, whatever its name says. Save it as PNG."
    return _svg_problem(content)


def read_logo(file: Path, *, described: str) -> bytes:
    """The content of a logo; ConfigError where it cannot be one. described: what messages call site.toml."""
    if problem := logo_problem(file):
        raise ConfigError(f'{described}: "logo": {file} {problem}')
    return file.read_bytes()


def _svg_problem(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return f"is not UTF-8. {_REMEDY}"
    if re.search(r"<!DOCTYPE|<!ENTITY", text, re.IGNORECASE):
        return f"declares a document type, by which it could load or repeat things. {_REMEDY}"
    if "<?xml-stylesheet" in text:
        return f"asks for a style sheet. {_REMEDY}"
    try:
        root = ET.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    except ET.ParseError as error:
        return f"is no SVG that can be read ({error}). {_REMEDY}"
    if root.tag != "{http://www.w3.org/2000/svg}svg":
        return f"has no <svg> at its top. {_REMEDY}"
    for node in root.iter():
        name = _plain(node.tag)
        if name in _RUNS:
            return f"has a <{name}>, which a picture does without. {_REMEDY}"
        for attribute, value in node.attrib.items():
            plain = _plain(attribute)
            if plain.startswith("on"):
                return f'has the attribute "{plain}", which runs a script. {_REMEDY}'
            if plain in ("href", "src") and not value.strip().startswith("#") and not _PICTURE.match(value.strip()):
                return f'refers to "{value[:60]}", outside of itself. {_REMEDY}'
            if plain == "attributename" and _plain(value.rpartition(":")[2].strip()) in ("href", "src", "style"):
                return f"changes what it refers to. {_REMEDY}"
            if _ADDRESS.search(value):
                return f'refers to something outside of itself in "{plain}". {_REMEDY}'
        if name == "style" and _ADDRESS.search("".join(node.itertext())):
            return f"refers to something outside of itself in its style. {_REMEDY}"
    return ""


def _plain(name: object) -> str:
    """The name of an element or an attribute without its namespace, in lower case."""
    return str(name).rpartition("}")[2].lower()
