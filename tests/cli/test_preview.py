"""The preview: what it serves, under which address, and to whom."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from sitegen.cli.preview import server
from sitegen.errors import OutputError

BASE = "/some/where/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder that looks like a site, beside a file that no one may see."""
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    (tmp_path / "site-secrets").mkdir()
    (tmp_path / "site-secrets" / "secret.txt").write_text("secret", encoding="utf-8")
    folder = tmp_path / "site"
    (folder / "assets").mkdir(parents=True)
    (folder / "records").mkdir()
    for name, text in (
        ("index.html", "the index"),
        ("404.html", "not here"),
        ("assets/a.js", "let a;"),
        ("assets/a.css", "a{}"),
        ("assets/icon.svg", "<svg/>"),
        ("records/a b.html", "a record"),
        ("records/index.html", "all records"),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def running(site: Path) -> Iterator[ThreadingHTTPServer]:
    """The server of `site` under BASE."""
    yield from serving(site, BASE)


def serving(site: Path, base: str) -> Iterator[ThreadingHTTPServer]:
    with server(site, base=base, port=0) as made:
        thread = Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield made
        made.shutdown()
        thread.join()


def ask(running: ThreadingHTTPServer, path: str, *, method: str = "GET") -> tuple[int, str, http.client.HTTPMessage]:
    """The answer to a request whose path is sent as it is: a client that tidies paths would hide what is tested."""
    connection = http.client.HTTPConnection("127.0.0.1", running.server_address[1], timeout=10)
    connection.putrequest(method, path)
    connection.endheaders()
    answer = connection.getresponse()
    found = answer.status, answer.read().decode(), answer.msg
    connection.close()
    return found


@pytest.mark.parametrize(
    ("path", "body", "kind"),
    [
        ("", "the index", "text/html"),
        ("index.html", "the index", "text/html"),
        ("index.html?q=1", "the index", "text/html"),
        ("assets/a.js", "let a;", "text/javascript"),
        ("assets/a.css", "a{}", "text/css"),
        ("assets/icon.svg", "<svg/>", "image/svg+xml"),
        ("records/a%20b.html", "a record", "text/html"),
        ("records/", "all records", "text/html"),
    ],
)
def test_files_are_served_under_the_base(running: ThreadingHTTPServer, path: str, body: str, kind: str) -> None:
    status, found, headers = ask(running, BASE + path)
    assert (status, found, headers.get_content_type()) == (200, body, kind)


@pytest.mark.parametrize("path", ["/", "/some/where"])
def test_who_comes_short_of_the_base_is_sent_there(running: ThreadingHTTPServer, path: str) -> None:
    status, _, headers = ask(running, path)
    assert status in (301, 302)
    assert headers["Location"] == BASE


@pytest.mark.parametrize(
    "path",
    [
        BASE + "nowhere.html",
        BASE + "nowhere/",
        "/index.html",
        "/some/",
        "/some/whereabouts/index.html",
        "/some/where-index.html",
        BASE + "assets/",  # folders without an index are not listed
    ],
)
def test_anything_else_is_answered_with_the_sites_own_404(running: ThreadingHTTPServer, path: str) -> None:
    status, body, headers = ask(running, path)
    assert (status, body, headers.get_content_type()) == (404, "not here", "text/html")
    assert ask(running, path, method="HEAD")[:2] == (404, "")


@pytest.mark.parametrize(
    "path",
    [
        BASE + "../secret.txt",
        BASE + "../../../secret.txt",
        BASE + "%2e%2e/secret.txt",
        BASE + "..%2fsecret.txt",
        BASE + "assets/../../secret.txt",
        BASE + "../site-secrets/secret.txt",
        BASE + "/secret.txt",
        BASE + "..\\secret.txt",
        BASE + "%5c..%5csecret.txt",
        "/../secret.txt",
        "/secret.txt",
        "//secret.txt",
    ],
)
def test_nothing_outside_of_the_folder_is_served(running: ThreadingHTTPServer, path: str) -> None:
    status, body, _ = ask(running, path)
    assert status == 404
    assert "secret" not in body


def test_a_file_of_this_machine_is_not_served_by_its_path(running: ThreadingHTTPServer, site: Path) -> None:
    status, body, _ = ask(running, f"{BASE}{site.parent}/secret.txt")
    assert (status, body) == (404, "not here")


def test_only_this_machine_can_ask(running: ThreadingHTTPServer) -> None:
    assert running.server_address[0] == "127.0.0.1"


def test_a_site_of_its_own_host_is_served_at_the_root(site: Path) -> None:
    for running in serving(site, "/"):
        assert ask(running, "/")[:2] == (200, "the index")
        assert ask(running, "/nowhere")[:2] == (404, "not here")
        assert ask(running, "/../secret.txt")[0] == 404


def test_without_a_404_page_the_server_says_so_itself(running: ThreadingHTTPServer, site: Path) -> None:
    (site / "404.html").unlink()
    assert ask(running, BASE + "nowhere")[0] == 404


def test_a_folder_without_a_site_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"there is no site here.*sitegen build"):
        server(tmp_path, base="/", port=0)


def test_a_port_in_use_is_refused(running: ThreadingHTTPServer, site: Path) -> None:
    port = running.server_address[1]
    with pytest.raises(OutputError, match=f"Port {port} cannot be used .*--port"):
        server(site, base="/", port=port)
