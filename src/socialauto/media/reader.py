"""Asks MediaInfo about a video, in a process that may hang or crash without taking us along.

A megabyte of crafted index keeps MediaInfo busy for more than ten minutes, and it is a large C++
library that reads what strangers send. The process is kept for the next video: starting one
costs a tenth of a second, a question five milliseconds.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any

from socialauto.core.errors import SocialautoError

Track = Mapping[str, Any]

SECONDS = 10.0
"""For one video; an honest one of 300 MB takes less than one."""

_KEPT = ("LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")
"""Of our environment; tokens are nothing for a process that reads what strangers send."""

_WORKER = Path(__file__).with_name("mediainfo_worker.py")


def environment() -> dict[str, str]:
    """What a process gets to know that reads what strangers send."""
    return {name: os.environ[name] for name in _KEPT if name in os.environ}


class ReaderFailed(Exception):  # noqa: N818 - carries the clause that ends a sentence
    """The video made the reader hang or crash."""


class _Reader:
    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        atexit.register(self.close)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            # By its path and not by -m: no module of the folder we stand in, which a stranger
            # may have written, is ever imported. -P leaves the worker's own folder out, too.
            self._process = subprocess.Popen(
                [sys.executable, "-P", str(_WORKER)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
            )
        return self._process

    def close(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()

    def ask(self, data: bytes, seconds: float) -> Any:
        with self._lock:
            process, late = self._started(), Event()
            alarm = Timer(seconds, _end, (process, late))
            alarm.start()
            try:
                answer = _question(process, data)
            finally:
                alarm.cancel()
            if not answer:
                self.close()
                why = f"it kept the reader busy for {seconds:g} s" if late.is_set() else _CRASHED
                raise ReaderFailed(f"cannot be read: {why}")
            return json.loads(answer)


_CRASHED = "the reader of videos crashed over it"


def _end(process: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    process.kill()


def _question(process: subprocess.Popen[bytes], data: bytes) -> bytes:
    """The answer's line; empty when the process has died over it."""
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        process.stdin.write(len(data).to_bytes(8, "big"))
        process.stdin.write(data)
        process.stdin.flush()
        return process.stdout.readline()
    except BrokenPipeError:
        return b""


_reader = _Reader()


def read_tracks(data: bytes, *, seconds: float = SECONDS) -> list[Track]:
    """What MediaInfo says of the tracks. Raises `ReaderFailed`, or `SocialautoError` when the
    library does not work on this machine."""
    answer = _reader.ask(data, seconds)
    if isinstance(answer, dict):
        hint = "install pymediainfo again; on Alpine and other unusual systems also libmediainfo"
        raise SocialautoError(f"videos cannot be read here: {answer['unusable']}", hint)
    return list(answer)
