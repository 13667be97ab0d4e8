"""Web pages on this machine, which remember who asked for them."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Server:
    """Answers by its paths: `/410` with 410, `/to/x` with a redirect to `/x`."""

    port: int = 0
    seen: list[str] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            path = self.path.partition("?")[0]
            server.seen.append(f"{self.command} {self.path} {self.headers['Host']}")
            status, headers = 200, {"Content-Length": "0"}
            if path.startswith("/to/"):
                status, headers["Location"] = 302, path.removeprefix("/to")
            elif path.startswith("/away/"):
                status, headers["Location"] = 301, path.removeprefix("/away/")
            elif path == "/only-get":
                status = 405 if self.command == "HEAD" else 200
            elif path == "/loop":
                status, headers["Location"] = 307, "/loop"
            elif path[1:].isdecimal():
                status = int(path[1:])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        do_HEAD = do_GET = _answer  # noqa: N815 - the library's names

        def log_message(self, *words: object) -> None: ...

    return Handler


@contextmanager
def serving(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    server = Server()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(server)) as http:
        if context:
            http.socket = context.wrap_socket(http.socket, server_side=True)
        server.port = http.server_port
        threading.Thread(target=http.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        http.shutdown()
