"""One page of a built site as a file that needs no other: to be mailed, or kept beside a paper.

Styles, scripts and images of the page are put into it. Its policy (Content-Security-Policy) names each script by its
SHA-256, so that nothing else can run, and allows no request at all. Links to other pages lead to their address on the
web; where the site has none only their text stays. The licences of the libraries in the scripts, a file of the site,
stand at the end of the page, since they must go where the libraries go. What is not the page's own (its address for
search engines, the site's feed and preview) is left out.

It is made of the site's files, so it shows nothing that the site does not.
"""

from __future__ import annotations

import hashlib
import html
import mimetypes
import posixpath
import re
from base64 import b64encode
from html.parser import HTMLParser
from itertools import accumulate
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from sitegen.web import routes

_POLICY = (
    "default-src 'none'; script-src {}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
)
_NOTICES = routes.asset(routes.NOTICES)
_FOLD_ID = "software-notices"
_FOLD = (
    f'<details class="colophon" id="{_FOLD_ID}"><summary>Notices of the software in this page</summary>\n'
    "<pre>{}</pre>\n</details>\n"
)
_LEFT_OUT = {"canonical", "alternate"}
_ENDS_ELEMENT = re.compile(r"<(?=/(?:script|style)|!--)", re.IGNORECASE)
_STYLE_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")

Attributes = dict[str, str | None]


def single_file(folder: Path, page: str, *, url: str) -> str:
    """The page at `page` within the site in `folder` as one file. url: of the site, ending in a slash, or ""."""
    text = (folder / page).read_text(encoding="utf-8")
    reader = _Rewriter(text, folder, page, url)
    reader.feed(text)
    reader.close()
    return reader.result()


class _Rewriter(HTMLParser):
    """Notes what is to be replaced in a page, by its place in the text; `result` replaces it."""

    def __init__(self, text: str, folder: Path, page: str, url: str) -> None:
        super().__init__(convert_charrefs=False)
        self._text, self._folder, self._page, self._url = text, folder, page, url
        self._lines = [0, *accumulate(len(line) + 1 for line in text.split("\n"))]
        self._changes: list[tuple[int, int, str]] = []  # start, end, what stands there instead
        self._scripts: list[str] = []
        self._policy: tuple[int, int] | None = None
        self._in_script = False

    def result(self) -> str:
        """The page with everything in it."""
        hashes = " ".join(f"'sha256-{_sha256(script)}'" for script in dict.fromkeys(self._scripts))
        changes = list(self._changes)
        if self._policy:
            policy: Attributes = {
                "http-equiv": "Content-Security-Policy",
                "content": _POLICY.format(hashes or "'none'"),
            }
            changes.append((*self._policy, _tag("meta", policy)))
        out, at = [], 0
        for start, end, text in sorted(changes):
            out += [self._text[at:start], text]
            at = end
        out.append(self._text[at:])
        return "".join(out)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: Attributes = dict(attrs)
        if tag == "meta":
            self._meta(attributes)
        elif tag == "link":
            self._link(attributes)
        elif tag == "script" and attributes.get("src"):
            self._scripts.append(_embedded(self._read(str(attributes["src"])).decode("utf-8")))
            self._in_script = True
            self._replace("")
        elif tag == "img" and attributes.get("src"):
            self._replace(_tag("img", {**attributes, "src": self._data(str(attributes["src"]))}))
        elif tag == "a" and attributes.get("href"):
            self._anchor(attributes)

    def handle_endtag(self, tag: str) -> None:
        start = self._place()
        if tag == "script" and self._in_script:
            self._in_script = False
            self._changes.append((start, self._text.index(">", start) + 1, ""))
        elif tag == "body":  # scripts that waited for the page wait for it here
            notices = html.escape((self._folder / _NOTICES).read_text(encoding="utf-8"), quote=False)
            self._changes.append((start, start, _FOLD.format(notices)))
            scripts = "".join(f"<script>{script}</script>\n" for script in self._scripts)
            self._changes.append((start, start, scripts))

    def _meta(self, attributes: Attributes) -> None:
        name = attributes.get("property") or attributes.get("name") or ""
        if attributes.get("http-equiv") == "Content-Security-Policy":
            self._policy = (self._place(), self._place() + len(self.get_starttag_text() or ""))
        elif name.startswith(("og:", "twitter:")):
            self._replace("")

    def _link(self, attributes: Attributes) -> None:
        rel, href = attributes.get("rel"), attributes.get("href") or ""
        if rel in _LEFT_OUT:
            self._replace("")
        elif rel == "stylesheet":
            style = self._read(href).decode("utf-8")
            base = posixpath.dirname(self._target(href))
            style = _STYLE_URL.sub(lambda match: f'url("{self._data(match[1], base=base)}")', style)
            media: Attributes = {"media": attributes["media"]} if attributes.get("media") else {}
            self._replace(f"{_tag('style', media)}\n{_embedded(style)}</style>")
        else:
            self._replace(_tag("link", {**attributes, "href": self._data(href)}))

    def _anchor(self, attributes: Attributes) -> None:
        parts = urlsplit(str(attributes["href"]))
        if parts.scheme or parts.netloc or not parts.path:
            return
        target, fragment = self._target(parts.path), f"#{parts.fragment}" if parts.fragment else ""
        if target == self._page:
            self._replace(_tag("a", {**attributes, "href": fragment or "#main"}))
        elif target == _NOTICES:
            self._replace(_tag("a", {**attributes, "href": f"#{_FOLD_ID}"}))
        elif self._url:
            self._replace(_tag("a", {**attributes, "href": self._url + quote(target) + fragment}))
        else:
            self._replace(_tag("a", {name: value for name, value in attributes.items() if name != "href"}))

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _replace(self, text: str) -> None:
        start = self._place()
        self._changes.append((start, start + len(self.get_starttag_text() or ""), text))

    def _target(self, address: str, *, base: str | None = None) -> str:
        """The path within the site that an address on the page, or of a file in the folder `base`, leads to."""
        return posixpath.normpath(
            posixpath.join(posixpath.dirname(self._page) if base is None else base, unquote(address))
        )

    def _read(self, address: str) -> bytes:
        return (self._folder / self._target(address)).read_bytes()

    def _data(self, address: str, *, base: str | None = None) -> str:
        """The file at an address as a data: address."""
        if address.startswith("data:"):
            return address
        target = self._target(address.partition("#")[0], base=base)
        kind = mimetypes.types_map.get(posixpath.splitext(target)[1].lower(), "application/octet-stream")
        return f"data:{kind};base64,{b64encode((self._folder / target).read_bytes()).decode()}"


def _tag(name: str, attributes: Attributes) -> str:
    written = "".join(
        f" {key}" if value is None else f' {key}="{html.escape(value).replace(chr(13), "&#13;")}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>"


def _embedded(text: str) -> str:
    """A script or a style sheet as it can stand within its element: with the line ends that a parser leaves, and
    nothing that ends the element. Within strings, expressions and comments the backslash changes nothing."""
    return _ENDS_ELEMENT.sub(r"<\\", text.replace("\r\n", "\n").replace("\r", "\n"))


def _sha256(text: str) -> str:
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
