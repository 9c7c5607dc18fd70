"""A preview of a built site as a web server would show it, under the site's own sub-path."""

from __future__ import annotations

from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from sitegen.errors import OutputError


class _Handler(SimpleHTTPRequestHandler):
    """Serves `directory` under `base`; anything else is answered with the site's own 404 page."""

    def __init__(self, *args: Any, base: str, **kwargs: Any) -> None:
        self._base = base
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        """The file behind a request path; one that cannot exist where the path is outside of the base."""
        if path.split("?", 1)[0].split("#", 1)[0].startswith(self._base):
            return super().translate_path("/" + path[len(self._base) :])
        return str(Path(self.directory) / "404.html" / "outside")

    def send_head(self) -> Any:
        """Redirect / and the base without its slash to the base; serve everything else as the base class does."""
        if self._base != "/" and self.path in ("/", self._base.rstrip("/")):
            self.send_response(HTTPStatus.FOUND)
            self.send_header("Location", self._base)
            self.end_headers()
            return None
        return super().send_head()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """The site's 404.html for a missing page, as GitHub Pages does."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            return super().send_error(code, message, explain)
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
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
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), partial(_Handler, directory=str(folder), base=base))
    except OSError as error:
        raise OutputError(f"Port {port} cannot be used ({error.strerror}). Choose another --port.") from None
