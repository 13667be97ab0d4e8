"""Real git remotes: bare repositories over the file system and over HTTP, with faults on order.

with git_server(folder) as server:
    bare = new_bare(folder / "team.git")
    url = server.url("team.git")             # reads are free, pushes need the password
    server.fault_next_push("drop after")     # the push is done, its answer is lost
"""

from __future__ import annotations

import base64
import os
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

Fault = Literal["drop before", "drop after", "hang", "500"]
"""What happens to a push: the connection ends before git saw it, or after git did it; nobody
answers for as long as the server lives; the server says 500."""


@dataclass(frozen=True, slots=True)
class GitRequest:
    """A request that may be served: nothing is wrong with its credentials."""

    path: str
    query: str
    body: bytes
    agent: str
    """As GIT_HTTP_USER_AGENT names it."""


Around = Callable[[GitRequest, Callable[[], bytes]], bytes]

USER = "runner"
PASSWORD = "correct-horse"
READER = "reader"
"""A user who may read and gets 403 for a push."""


def new_bare(path: Path) -> Path:
    """A bare repository that takes pushes over HTTP."""
    init = ("init", "--quiet", "--bare", "--template=", "--initial-branch=main")
    subprocess.run(["git", *init, str(path)], check=True, capture_output=True)
    with (path / "config").open("a") as config:
        config.write(
            "[http]\n\treceivepack = true\n[gc]\n\tauto = 0\n[receive]\n\tautogc = false\n"
        )
    return path


def protect(bare: Path, ref: str, *, but_user: str = "") -> None:
    """Decline updates of `ref` in a forge's words, as a branch rule does."""
    add_update_hook(
        bare,
        f'[ "$1" = "{ref}" ] && [ "$REMOTE_USER" != "{but_user or "nobody"}" ] && {{\n'
        f'  echo "error: GH006: Protected branch update failed for $1." >&2\n  exit 1\n}}\nexit 0',
    )


def add_update_hook(bare: Path, script: str) -> None:
    """A server-side hook: $1 is the ref, $2 its old commit, $3 the new one."""
    hook = bare / "hooks/update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


class _Http(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that was killed is no error of ours."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class GitServer:
    """`git http-backend` behind the standard library's server, on a free loopback port."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.private: set[str] = set()
        """Repositories that nobody may read without the password."""
        self.pushes = 0
        """Packs that were received, faulty ones included."""
        self.around: Around | None = None
        """Called instead of serving, with the request and what serves it; raises
        `ConnectionAbortedError` to break the connection."""
        self.released = threading.Event()
        self._faults: deque[Fault] = deque()
        self._http = _Http(("127.0.0.1", 0), type("Handler", (_Handler,), {"git": self}))

    def url(self, name: str, *, user: str = USER, password: str = PASSWORD) -> str:
        """The URL of a repository, with credentials in it unless `user` is empty."""
        credentials = f"{user}:{password}@" if user else ""
        return f"http://{credentials}127.0.0.1:{self._http.server_port}/{name}"

    def fault_next_push(self, *faults: Fault) -> None:
        """The next pushes go wrong like this, one after the other."""
        self._faults.extend(faults)

    def take_fault(self) -> Fault | None:
        self.pushes += 1
        return self._faults.popleft() if self._faults else None

    @property
    def faults_left(self) -> int:
        return len(self._faults)

    def forget_faults(self) -> None:
        self._faults.clear()

    def start(self) -> None:
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def stop(self) -> None:
        self.released.set()
        self._http.shutdown()
        self._http.server_close()


@contextmanager
def git_server(root: Path) -> Iterator[GitServer]:
    """A running server for the bare repositories in `root`."""
    server = GitServer(root)
    server.start()
    try:
        yield server
    finally:
        server.stop()


@cache
def _backend() -> str:
    folder = subprocess.run(["git", "--exec-path"], check=True, capture_output=True, text=True)
    return os.path.join(folder.stdout.strip(), "git-http-backend")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: the system would otherwise hold the second one back for 40 ms.
    wbufsize = 1 << 16
    disable_nagle_algorithm = True
    git: GitServer

    def log_message(self, *args: object) -> None:
        """The tests' output is for the tests."""

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        body = self._body()
        is_push = urlsplit(self.path).path.endswith("/git-receive-pack")
        # git first asks with an empty pack whether it may; only the real one counts.
        fault = self.git.take_fault() if is_push and len(body) > 4 and self._user() else None
        if fault == "drop before":
            self._drop()
        elif fault == "hang":
            self.git.released.wait()
            self._drop()
        elif fault == "500":
            self._refuse(500)
        else:
            self._answer(body, drop=fault == "drop after")

    def _answer(self, body: bytes, *, drop: bool = False) -> None:
        url = urlsplit(self.path)
        user = self._user()
        is_push = "git-receive-pack" in self.path
        if not user and (is_push or url.path.split("/")[1] in self.git.private):
            self._refuse(401)
        elif is_push and user == READER:
            self._refuse(403)
        else:
            output = self._watched(url.path, url.query, body, user)
            if drop or output is None:
                self._drop()
            else:
                self._send(output)

    def _watched(self, path: str, query: str, body: bytes, user: str) -> bytes | None:
        act = partial(self._run_backend, path, query, body, user)
        if self.git.around is None:
            return act()
        request = GitRequest(path, query, body, self.headers.get("User-Agent", ""))
        try:
            return self.git.around(request, act)
        except ConnectionAbortedError:
            return None

    def _user(self) -> str:
        scheme, _, encoded = self.headers.get("Authorization", "").partition(" ")
        user, _, password = base64.b64decode(encoded).decode().partition(":")
        return user if scheme == "Basic" and password == PASSWORD else ""

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding") != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _run_backend(self, path: str, query: str, body: bytes, user: str) -> bytes:
        environment = {
            "PATH": os.environ["PATH"],
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_PROJECT_ROOT": str(self.git.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": self.client_address[0],
            "REMOTE_USER": user,
        }
        ended = subprocess.run([_backend()], input=body, env=environment, capture_output=True)
        return ended.stdout

    def _send(self, output: bytes) -> None:
        head, _, body = output.partition(b"\r\n\r\n")
        headers = [line.split(": ", 1) for line in head.decode().splitlines()]
        status = next((value for name, value in headers if name == "Status"), "200")
        self.send_response(int(status.split()[0]))
        for name, value in headers:
            if name != "Status":
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _refuse(self, status: int) -> None:
        self.send_response(status)
        if status == 401:
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _drop(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)
