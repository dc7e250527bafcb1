"""A Git server over HTTP on loopback: `git http-backend` behind a handler that can misbehave."""

import os
import subprocess
import threading
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from repo_factory import git


@dataclass
class GitHttp:
    """What the server does next; changed by a test while it runs."""

    url: str = ""
    password: str = ""
    status: int = 0
    drops_push_answers: bool = False
    answers_nothing: bool = False
    requests: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def serve(bare: Path) -> Iterator[GitHttp]:
    """Serve the folder of `bare` for reading and writing; `url` is the clone URL."""
    git(bare, "config", "http.receivepack", "true")
    mood = GitHttp()

    class Handler(_Handler):
        server_mood = mood
        project_root = bare.parent

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mood.url = f"http://127.0.0.1:{server.server_port}/{bare.name}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield mood
    finally:
        mood.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server_mood: GitHttp
    project_root: Path

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length", "0"))))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - named by the base
        self.server_mood.requests.append(format % args)

    def _answer(self, body: bytes) -> None:
        mood = self.server_mood
        if mood.answers_nothing:
            mood.is_over.wait(600)
        elif mood.password and not self._is_logged_in():
            self.send_error(401)
        elif mood.status:
            self.send_error(mood.status)
        else:
            head, _, content = self._backend(body).partition(b"\r\n\r\n")
            if mood.drops_push_answers and self.path.endswith("/git-receive-pack"):
                return
            self._send(head.decode(), content)

    def _is_logged_in(self) -> bool:
        """Whether there is one login, as GitHub wants it: two are refused by it."""
        logins = self.headers.get_all("Authorization", [])
        told = b64encode(f"x-access-token:{self.server_mood.password}".encode()).decode()
        return [one.lower() for one in logins] == [f"basic {told}".lower()]

    def _send(self, head: str, content: bytes) -> None:
        headers = dict(line.split(": ", 1) for line in head.splitlines())
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def _backend(self, body: bytes) -> bytes:
        path, _, query = self.path.partition("?")
        variables = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": str(self.project_root),
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "HTTP_GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
        }
        command = ["git", "http-backend"]
        return subprocess.run(
            command, env=variables, input=body, capture_output=True, check=True
        ).stdout
