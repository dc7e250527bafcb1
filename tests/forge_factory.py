"""A forge on loopback: GitHub's calls for comments, with pages, an owner for each, and faults."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
TOKEN = "ghs_made-up-token-of-a-run"
REPOSITORY = "acme/pairings"
NUMBER = 12


@dataclass
class Fault:
    """What goes wrong with the next call of a kind: a status, or no answer at all.

    `call` is how the request begins, as in `POST /repos`. The call may have been done all the same.
    """

    call: str
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    is_done: bool = False


@dataclass
class Forge:
    """The pull request's comments, what was sent, and what goes wrong next."""

    url: str = ""
    per_page: int = 100
    may_write: bool = True
    comments: list[dict[str, Any]] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    @property
    def environment(self) -> dict[str, str]:
        """What a runner of this forge tells its steps."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_GRAPHQL_URL": f"{self.url}/graphql",
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
        }

    def add(self, body: str, login: str | None = BOT) -> dict[str, Any]:
        """Add a comment of somebody."""
        number = len(self.comments) + 1
        comment = {
            "id": number,
            "body": body,
            "user": None if login is None else {"login": login},
            "html_url": f"{self.url}/{REPOSITORY}/pull/{NUMBER}#issuecomment-{number}",
        }
        self.comments.append(comment)
        return comment

    def sent(self, method: str) -> int:
        """How many requests of a method came for comments."""
        return sum(one.startswith(f"{method} /repos/") for one in self.requests)


@contextmanager
def serve() -> Iterator[Forge]:
    """Serve a forge until the block ends."""
    forge = Forge()

    class Handler(_Handler):
        served = forge

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    forge.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield forge
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    served: Forge

    def do_GET(self) -> None:
        self._handle({})

    def do_POST(self) -> None:
        self._handle(self._body())

    def do_PATCH(self) -> None:
        self._handle(self._body())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base
        """Say nothing: a test looks at what was recorded."""

    def _body(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        return read

    def _handle(self, body: dict[str, Any]) -> None:
        forge = self.served
        call = f"{self.command} {self.path}"
        forge.requests.append(call)
        forge.headers.append({name.lower(): value for name, value in self.headers.items()})
        fault = next((one for one in forge.faults if call.startswith(one.call)), None)
        if fault:
            forge.faults.remove(fault)
            if fault.is_done:
                self._answer(body)
            if fault.status:
                self._send(fault.status, {"message": "no"}, fault.headers)
            return
        self._send(*self._answer(body))

    def _answer(self, body: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
        forge, url = self.served, urlsplit(self.path)
        comments = f"/repos/{REPOSITORY}/issues/{NUMBER}/comments"
        if url.path == "/graphql":
            return 200, {"data": {"viewer": {"login": BOT}}}, {}
        if self.command == "GET" and url.path == comments:
            return self._page(int(parse_qs(url.query)["page"][0]))
        if not forge.may_write:
            return 403, {"message": "Resource not accessible by integration"}, {}
        if self.command == "POST" and url.path == comments:
            return 201, forge.add(body["body"]), {}
        number = int(url.path.removeprefix(f"/repos/{REPOSITORY}/issues/comments/"))
        forge.comments[number - 1]["body"] = body["body"]
        return 200, forge.comments[number - 1], {}

    def _page(self, page: int) -> tuple[int, Any, dict[str, str]]:
        forge = self.served
        start = (page - 1) * forge.per_page
        part = forge.comments[start : start + forge.per_page]
        has_more = start + forge.per_page < len(forge.comments)
        link = f'<{forge.url}/elsewhere?page={page + 1}>; rel="next"'
        return 200, part, {"Link": link} if has_more else {}

    def _send(self, status: int, document: Any, headers: dict[str, str]) -> None:
        content = json.dumps(document).encode()
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
