"""Runs of the command line as processes of their own, which can be stopped and killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import socialauto
from support.team import Said

PATHS = [Path(__file__).parents[1], Path(socialauto.__file__).parents[1]]
"""A run is of the very source that the test runs."""
PATIENCE = 90.0
"""Seconds; nothing here takes a tenth of it."""


def sealed_environment(home: Path) -> dict[str, str]:
    """What a run sees of this machine: not its user, not its configuration."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "NO_COLOR": "1",
        "COLUMNS": "200",
        "TZ": "UTC",
        "PYTHONPATH": os.pathsep.join(map(str, PATHS)),
        # The product's own rules for warnings hold here as well.
        "PYTHONWARNINGS": "error::ResourceWarning",
    }


def _parents() -> dict[int, int]:
    found = {}
    for name in os.listdir("/proc"):
        if name.isdecimal():
            with suppress(OSError):
                stat = Path("/proc", name, "stat").read_text()
                found[int(name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _family(pid: int) -> list[int]:
    """The process and all that it has started, eldest first."""
    parents = _parents()
    family = [pid]
    for elder in family:
        family += [child for child, parent in parents.items() if parent == elder]
    return family


@dataclass(eq=False)
class Run:
    """A run under way."""

    pid: int
    out: Path
    err: Path
    ended: Future[int] = field(default_factory=Future)

    def send(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it and its git processes at once, as a CI does."""
        self.send(signal.SIGSTOP)  # so that it starts nothing while we look
        for pid in _family(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def wait(self) -> Said:
        code = self.ended.result(PATIENCE)
        return Said(code, self.out.read_text(), self.err.read_text())


class ForkServer:
    """Starts runs. Their clock is the shared one at `clock`."""

    def __init__(self, folder: Path, clock: Path) -> None:
        self._folder = folder
        self._environment = sealed_environment(folder)
        self._serial = count(1)
        self._turn = threading.Lock()
        self._started: SimpleQueue[Run] = SimpleQueue()
        self._next: SimpleQueue[Run] = SimpleQueue()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "support.fork_server", str(clock)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=self._environment,
            cwd=folder,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"
        self._reader = threading.Thread(target=self._listen, daemon=True)
        self._reader.start()

    def start(self, *arguments: str, **job: Any) -> Run:
        """Start a run; `env` adds to its environment, other names limit it."""
        number = next(self._serial)
        out, err = self._folder / f"{number}.out", self._folder / f"{number}.err"
        for file in (out, err):
            file.touch(0o600)  # one that is killed before it has opened them has said nothing
        job = {"env": {}, **job, "arguments": arguments, "out": str(out), "err": str(err)}
        assert self._process.stdin is not None
        with self._turn:
            self._next.put(Run(0, out, err))
            self._process.stdin.write(json.dumps(job) + "\n")
            self._process.stdin.flush()
            return self._started.get(timeout=PATIENCE)

    def _listen(self) -> None:
        assert self._process.stdout is not None
        running: dict[int, Run] = {}
        for line in self._process.stdout:
            match line.split():
                case ["started", pid]:
                    run = self._next.get()
                    run.pid = int(pid)
                    running[run.pid] = run
                    self._started.put(run)
                case ["ended", pid, status]:
                    running.pop(int(pid)).ended.set_result(int(status))

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()


def start_command(*arguments: str, folder: Path, environment: Mapping[str, str]) -> Run:
    """`python -m socialauto` as a person types it, on the system's clock."""
    out, err = folder / "command.out", folder / "command.err"
    with out.open("w") as to_out, err.open("w") as to_err:
        process = subprocess.Popen(
            [sys.executable, "-m", "socialauto", *arguments],
            stdin=subprocess.DEVNULL,
            stdout=to_out,
            stderr=to_err,
            env={**sealed_environment(folder), **environment},
            cwd=folder,
        )
    run = Run(process.pid, out, err)

    def reap() -> None:
        run.ended.set_result(process.wait())

    threading.Thread(target=reap, daemon=True).start()
    return run
