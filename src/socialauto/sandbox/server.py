"""Runs the sandbox on a socket: in the foreground, or in a thread for tests and the tour."""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

_LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"]


@dataclass(frozen=True, slots=True)
class Running:
    """A server that listens."""

    url: str
    """Without a slash at the end."""


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Connections wait in it until a server runs."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=128)
    except OSError as error:
        raise SocialautoError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            "choose another port with --port, or --port 0 for a free one",
        ) from error


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def server_for(app: ASGIApp, listener: socket.socket) -> uvicorn.Server:
    """Ready to serve; on this machine's own address it answers to this machine's own names only."""
    try:
        import uvicorn
        from starlette.middleware.trustedhost import TrustedHostMiddleware
    except ImportError as error:
        raise SocialautoError(
            "the sandbox's web server is not installed", 'type: pip install "socialauto[sandbox]"'
        ) from error
    if is_loopback(str(listener.getsockname()[0])):
        # A page elsewhere could point its own name at this machine and talk to the sandbox.
        app = TrustedHostMiddleware(app, allowed_hosts=_LOOPBACK_NAMES)
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        date_header=False,  # the sandbox's clock may be another one than this machine's
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)


def serve(app: ASGIApp, listener: socket.socket) -> None:
    """Until Ctrl-C."""
    try:
        server_for(app, listener).run(sockets=[listener])
    except KeyboardInterrupt:
        # uvicorn has shut down cleanly and passes the signal on; there is nothing left to do.
        return


@contextmanager
def serve_in_thread(app: ASGIApp, *, host: str = "127.0.0.1", port: int = 0) -> Iterator[Running]:
    """Serve while the block runs; the socket listens before the block starts."""
    listener = listen(host, port)
    server = server_for(app, listener)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listener]}, name="sandbox", daemon=True
    )
    thread.start()
    try:
        yield Running(address(listener))
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
