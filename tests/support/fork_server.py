"""Starts runs cheaply: a process that has imported everything forks one child a run.

`python -m support.fork_server CLOCK` reads one job a line (JSON) and answers `started PID` and,
whenever a child ends, `ended PID STATUS`. A child is a real process that goes through the real
command line; only its clock is the shared one.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import selectors
import signal
import sys
from contextlib import suppress
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from support.shared_clock import SharedClock

_WARM = (
    "socialauto.cli.reconcile",
    "socialauto.cli.settle",
    "socialauto.cli.carrying",
    "socialauto.adapters.instagram.session",
    "socialauto.media.host",
    "socialauto.media.probe",
    "socialauto.media.reader",
    "socialauto.engine.load",
    "socialauto.repository.committree",
    "socialauto.repository.history",
    "socialauto.report.results",
    "anyio._backends._asyncio",
    "git.cmd",
    "git.exc",
    "httpcore",
    "jinja2.sandbox",
    "PIL.JpegImagePlugin",
    "pymediainfo",
)


def share(clock: SharedClock) -> None:
    """The system's clock, as the runs read it and wait on it, is the shared one."""
    from socialauto.engine.clock import SystemClock

    class Shared(SystemClock):
        wrong = timedelta(0)
        """By how much this machine's clock is ahead."""

        def now(self) -> datetime:
            return clock.now() + self.offset + self.wrong

        @classmethod
        def moved_to(cls, now: datetime) -> Shared:
            return cls(now - clock.now())

        async def sleep(self, seconds: float) -> None:
            await clock.sleep(seconds)

    vars(import_module("socialauto.engine.clock"))["SystemClock"] = Shared


def _adapt(job: dict[str, Any]) -> None:
    if "largest_file" in job:
        # Python ignores the signal and gets EFBIG, as git does when it asks for it.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest_file"], job["largest_file"]))
    if "agent" in job:
        for module in ("socialauto.adapters.http", "socialauto.media.host"):
            vars(import_module(module))["__version__"] = job["agent"]
    if "git_timeout" in job:
        from socialauto.repository import git

        defaults = git.open_repository.__kwdefaults__
        assert defaults is not None
        defaults["timeout"] = job["git_timeout"]
    if "clock_ahead" in job:
        from socialauto.engine import clock

        clock.SystemClock.wrong = timedelta(seconds=job["clock_ahead"])  # type: ignore[attr-defined]
    if "races" in job:
        from socialauto.repository.ledger import LedgerBranch

        defaults = LedgerBranch.__init__.__kwdefaults__
        assert defaults is not None
        defaults["races"] = job["races"]


def _become(job: dict[str, Any]) -> NoReturn:
    from socialauto.cli import exits, socialauto

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, path in ((1, job["out"]), (2, job["err"])):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), number)
    os.environ.update(job["env"])
    _adapt(job)
    code = exits.run(socialauto, job["arguments"])
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _start(line: str) -> None:
    pid = os.fork()
    if pid:
        _say(f"started {pid}")
        return
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        _become(json.loads(line))
    finally:
        os._exit(99)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _reap() -> None:
    with suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            _say(f"ended {ended[0]} {os.waitstatus_to_exitcode(ended[1])}")


def _serve() -> None:
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    selector = selectors.DefaultSelector()
    selector.register(reading, selectors.EVENT_READ)
    selector.register(0, selectors.EVENT_READ)
    pending = b""
    while True:
        for key, _ in selector.select():
            data = os.read(key.fd, 65536)
            if key.fd == reading:
                _reap()
                continue
            if not data:
                return
            *lines, pending = (pending + data).split(b"\n")
            for line in lines:
                _start(line.decode())


def main() -> None:
    for name in _WARM:
        import_module(name)
    from socialauto.adapters.http import tls_context

    tls_context()
    share(SharedClock(Path(sys.argv[1])))
    gc.collect()
    gc.freeze()
    _say("ready")
    _serve()


if __name__ == "__main__":
    main()
