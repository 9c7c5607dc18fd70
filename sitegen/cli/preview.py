"""A preview of a built site as a web server would show it, under the site's own sub-path.

A live preview (`serve --watch`) shows a site that is written anew while it is looked at. Its pages have one script
more, reload.js, and a policy that lets this ask the server for the state of things. Both are put into what is sent:
files on disk have neither. Nothing is kept by the browser, as a file may change twice in a second.
"""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

from sitegen.errors import OutputError

STATE, SCRIPT = "/.sitegen/state", "/.sitegen/reload.js"  # below no site: no base and no page begins with a dot
_HTML = "text/html; charset=utf-8"
_POLICY = re.compile(rb"""(<meta\s+http-equiv="Content-Security-Policy"\s+content=")([^"]*)""", re.IGNORECASE)
_END = re.compile(rb"</body\s*>(?!.*</body)", re.IGNORECASE | re.DOTALL)


@dataclass(slots=True)
class Live:
    """The state of a site that is shown while it is written anew.

    folder, base: where it is, and the path under which it is shown. token: changes when it was written. error: why it
    could not be written, "" where it could. One thread writes these, the others read them.
    """

    folder: Path
    base: str
    token: str
    error: str = ""

    @property
    def waiting(self) -> bytes:
        """The page in the place of a site that is not there yet."""
        text = html.escape(self.error) or "The site is being written. This page shows it as soon as it is there."
        title = "No site yet" if self.error else "Please wait"
        return f"<!doctype html><meta charset=utf-8><title>{title}</title><body><pre>{text}</pre></body>".encode()


def with_script(page: bytes, token: str) -> bytes:
    """A page with the script that loads it again, and a policy by which that may run and ask. token: of the page."""
    tag = f'<script src="{SCRIPT}" data-token="{token}"></script>'.encode()

    def looser(found: re.Match[bytes]) -> bytes:
        allowed = b"connect-src 'self'; " + (b"" if b"script-src" in found[2] else b"script-src 'self'; ")
        return found[1] + allowed + found[2]

    page = _POLICY.sub(looser, page)
    end = _END.search(page)
    return page[: end.start()] + tag + page[end.start() :] if end else page + tag


class _Handler(SimpleHTTPRequestHandler):
    """Serves `directory` under `base`; anything else is answered with the site's own 404 page. live: of a live preview,
    which says the two anew for each request."""

    def __init__(self, *args: Any, base: str, directory: str, live: Live | None = None, **kwargs: Any) -> None:
        self._base, self._live = live.base if live else base, live
        super().__init__(*args, directory=str(live.folder) if live else directory, **kwargs)

    def translate_path(self, path: str) -> str:
        """The file behind a request path; one that cannot exist where the path is outside of the base."""
        if path.split("?", 1)[0].split("#", 1)[0].startswith(self._base):
            return super().translate_path("/" + path[len(self._base) :])
        return str(Path(self.directory) / "404.html" / "outside")

    def send_head(self) -> Any:
        """Redirect / and the base without its slash to the base; serve everything else as the base class does, but for
        the pages of a live preview."""
        asked = self.path.partition("?")[0]
        if self._live and asked == STATE:
            state = {"token": self._live.token, "error": self._live.error}
            return self._answer(json.dumps(state).encode(), "application/json")
        if self._live and asked == SCRIPT:
            return self._answer(Path(__file__).with_name("reload.js").read_bytes(), "text/javascript")
        if self._base != "/" and self.path in ("/", self._base.rstrip("/")):
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self._base)
            self.end_headers()
            return None
        if self._live:
            token = self._live.token  # before the page is read, so that it is never younger
            if not (self._live.folder / "index.html").is_file():
                return self._answer(with_script(self._live.waiting, token), _HTML)
            file = Path(self.translate_path(self.path))
            file = file / "index.html" if file.is_dir() and asked.endswith("/") else file
            if file.suffix == ".html" and file.is_file():
                return self._answer(with_script(file.read_bytes(), token), _HTML)
        return super().send_head()

    def _answer(self, body: bytes, kind: str, code: int = HTTPStatus.OK) -> BytesIO:
        """Send the head of an answer; returns its body, which the base class sends where it was asked for."""
        self.send_response(code)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        return BytesIO(body)

    def end_headers(self) -> None:
        """A browser keeps nothing of a live preview."""
        if self._live:
            self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's 404.html for a missing page, as GitHub Pages does."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        body = with_script(page.read_bytes(), self._live.token) if self._live else page.read_bytes()
        self._answer(body, _HTML, code)
        if self.command != "HEAD":
            self.wfile.write(body)
        return None

    def list_directory(self, path: Any) -> None:
        """Folders are not listed: a web host would not."""
        self.send_error(HTTPStatus.NOT_FOUND)

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not logged: the terminal says where the site is and nothing else."""


def server(folder: Path, *, base: str, port: int) -> ThreadingHTTPServer:
    """A server on this machine alone for the site in `folder`, not yet running; port 0 takes any free one."""
    if not (folder / "index.html").is_file():
        raise OutputError(f"{folder}: there is no site here. Write it with: sitegen build SITE.TOML")
    return _server(partial(_Handler, directory=str(folder), base=base), port)


def live_server(live: Live, *, port: int) -> ThreadingHTTPServer:
    """The same for a live preview, whose site need not be there yet."""
    return _server(partial(_Handler, directory=str(live.folder), base=live.base, live=live), port)


def _server(handler: Any, port: int) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), handler)
    except OSError as error:
        raise OutputError(f"Port {port} cannot be used ({error.strerror}). Choose another --port.") from None
