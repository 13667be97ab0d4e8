"""One clock for several processes: a run, the platform and the test agree on what time it is.

It lies in a small file. A test may move it; waiting either moves it at once, so that nobody waits,
or takes its time on a clock that runs faster than the real one.
"""

from __future__ import annotations

import fcntl
import os
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import anyio
import anyio.lowlevel

_LAYOUT = struct.Struct("<ddd")


@dataclass(frozen=True)
class _State:
    origin: float
    """Real time, in Unix seconds, at which the clock was set."""
    shown: float
    """What it showed then."""
    speed: float
    """Of its seconds in a real one; 0: it runs as the real one does, and waiting moves it."""

    def at(self, real: float) -> float:
        return self.shown + (real - self.origin) * (self.speed or 1.0)


class SharedClock:
    """Opened by every process on its own, by its path."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._turn = threading.Lock()

    @classmethod
    def create(cls, path: Path, shown: datetime, *, speed: float = 0.0) -> SharedClock:
        clock = cls(path)
        clock._write(_State(time.time(), shown.timestamp(), speed))
        return clock

    def now(self) -> datetime:
        with self._locked():
            return datetime.fromtimestamp(self._read().at(time.time()), UTC)

    def move(self, shown: datetime) -> None:
        """Show `shown` at this moment."""
        self._change(lambda now: shown.timestamp())

    def advance(self, span: timedelta) -> None:
        self._change(lambda now: now + span.total_seconds())

    async def sleep(self, seconds: float) -> None:
        with self._locked():
            speed = self._read().speed
        if speed:
            await anyio.sleep(max(seconds, 0.0) / speed)
        else:
            self.advance(timedelta(seconds=max(seconds, 0.0)))
            await anyio.lowlevel.checkpoint()

    def _change(self, shown: Callable[[float], float]) -> None:
        with self._locked():
            state, real = self._read(), time.time()
            self._write(_State(real, shown(state.at(real)), state.speed))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # lockf and not flock: forked children share the open file, but not such a lock.
        with self._turn:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)

    def _read(self) -> _State:
        return _State(*_LAYOUT.unpack(os.pread(self._file, _LAYOUT.size, 0)))

    def _write(self, state: _State) -> None:
        os.pwrite(self._file, _LAYOUT.pack(state.origin, state.shown, state.speed), 0)
