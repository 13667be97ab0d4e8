"""Runs of many machines on one remote, killed and stopped until the count is full; then peace.

`PYTHONPATH=tests python -m torture [N] [--runners R] [--faults F] [--minutes M] [--seed S]`: N
deliveries fall due one after the other while R runners work at once, each in a clone of its own,
each run a process that goes through the real command line over real git and real HTTP. Time runs
20 times as fast, so that leases end while others are at work. Afterwards two runs alone must
settle everything. Ends with 1 if anything went out twice, was lost, or is not settled by then.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path

from socialauto.sandbox.app import create_app
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Settings
from socialauto.sandbox.world import World
from support.crash_scene import JUST_AFTER
from support.git_remotes import PASSWORD, GitServer, git_server
from support.runs import ForkServer
from support.shared_clock import SharedClock
from support.team import TOKEN, Said
from torture.team import Size, Torn, Verdict, world
from torture.tripwires import NAP, Fence, Wire, plan_strikes

SPEED = 20.0
ACCOUNTS = 20
PEACE = timedelta(minutes=30)
"""Beyond every lease and settle time."""

SANE = {0, 1, 4, -9}
"""Exit codes: done, refused before anything was sent, trouble that is named, killed."""


@dataclass
class Torture:
    torn: Torn
    world: World
    fence: Fence
    git_server: GitServer
    forks: ForkServer
    clock: SharedClock
    seed: int
    faults: int
    deadline: float
    enough: float
    """The time (monotonic) at which the last delivery has fallen due."""
    counts: Counter[str] = field(default_factory=Counter)
    codes: Counter[int] = field(default_factory=Counter)
    insane: list[Said] = field(default_factory=list)

    @property
    def struck(self) -> int:
        return sum(self.counts[kind] for kind in ("kill", "orphan", "stop"))

    @property
    def over(self) -> bool:
        now = time.monotonic()
        return now > self.deadline or (self.struck >= self.faults and now > self.enough)

    def work(self, number: int) -> None:
        """One machine: a run after the other, each with its strikes."""
        chance = random.Random(f"{self.seed}/{number}")
        clone = self.torn.clone(f"runner-{number}", self._remote(number))
        while not self.over:
            wire = Wire(plan_strikes(chance), partial(chance.uniform, *NAP), self.counts)
            flags = ("--for", "2m") if chance.random() < 0.3 else ()
            self._note(self._run(f"runner-{number}", clone, wire, *flags))

    def _remote(self, number: int) -> str:
        return self.git_server.url("team.git", user=f"runner-{number}", password=PASSWORD)

    def _run(self, name: str, clone: Path, wire: Wire, *flags: str) -> Said:
        self.fence.wires[name] = wire
        environment = {"ACME_KEY": TOKEN, "GIT_HTTP_USER_AGENT": name}
        arguments = ("reconcile", "-C", str(clone), *flags)
        wire.run = self.forks.start(*arguments, env=environment, agent=name)
        return wire.run.wait()

    def _note(self, said: Said) -> None:
        self.counts["runs"] += 1
        self.codes[said.code] += 1
        for word in ("✓ published", "✓ settled", "another run has it"):
            self.counts[word] += said.out.count(word)
        if said.code not in SANE or "Traceback" in said.err:
            self.insane.append(said)

    def in_peace(self, clone: Path) -> Said:
        said = self._run("peace", clone, Wire([], lambda: 0.0, self.counts))
        self._note(said)
        return said

    def settle(self) -> list[Said]:
        """Beyond every lease, two runs that nobody disturbs."""
        self.clock.advance(PEACE)
        clone = self.torn.clone("peace", self._remote(0))
        return [self.in_peace(clone), self.in_peace(clone)]


@contextmanager
def scene(folder: Path, options: argparse.Namespace) -> Iterator[Torture]:
    """Servers, team and platform."""
    fence, size = Fence(), Size(options.deliveries, ACCOUNTS)
    clock = SharedClock.create(folder / "clock", JUST_AFTER, speed=SPEED)
    minutes = options.minutes * 0.6
    with ExitStack() as stack:
        server = stack.enter_context(git_server(folder))
        server.around = fence.around
        platform = stack.enter_context(serve_in_thread(fence))
        (folder / "runs").mkdir()
        forks = ForkServer(folder / "runs", folder / "clock")
        stack.callback(forks.close)
        span = timedelta(minutes=minutes * SPEED)
        torn = Torn.sow(folder, size, url=platform.url, first=JUST_AFTER, span=span)
        emulated = world(size, Settings(image_seconds=2))
        fence.app = create_app(emulated, fetch=fetch, now=clock.now, files=folder)
        now = time.monotonic()
        yield Torture(
            torn, emulated, fence, server, forks, clock,
            seed=options.seed,
            faults=options.faults,
            deadline=now + options.minutes * 60,
            enough=now + minutes * 60,
        )  # fmt: skip


def tell(torture: Torture, began: float) -> None:
    """One line of where it stands."""
    counts = torture.counts
    print(
        f"{time.monotonic() - began:5.0f} s  {counts['runs']:5} runs  {counts['kill']:4} killed  "
        f"{counts['orphan']:4} orphaned  {counts['stop']:4} stopped  "
        f"{len(torture.world.log):5} published  {torture.git_server.pushes:5} pushes",
        flush=True,
    )


def torment(torture: Torture, runners: int) -> None:
    began = time.monotonic()
    machines = [threading.Thread(target=torture.work, args=(number,)) for number in range(runners)]
    for machine in machines:
        machine.start()
    for machine in machines:
        while machine.is_alive():
            machine.join(15)
            tell(torture, began)


def report(torture: Torture, verdict: Verdict, last: list[Said]) -> bool:
    """Say how it went; whether it went well."""
    counts = torture.counts
    print(f"exit codes: {dict(torture.codes)}; {counts['another run has it']} races lost")
    print(f"receipts: {counts['✓ published']} at once, {counts['✓ settled']} by settling")
    for number, said in enumerate(last, 1):
        print(f"run {number} in peace, exit {said.code}: {said.out.splitlines()[-1:]}")
    for said in torture.insane[:5]:
        print(f"NOT SANE: exit {said.code}\n{said.out[-2000:]}{said.err[-4000:]}")
    print(verdict)
    enough = torture.struck >= torture.faults
    if not enough:
        print(f"only {torture.struck} of {torture.faults} faults in the time given")
    return verdict.good and enough and not torture.insane and last[-1].out == "nothing to do\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("deliveries", type=int, nargs="?", default=1000)
    parser.add_argument("--runners", type=int, default=8)
    parser.add_argument("--faults", type=int, help="kills and stops; as many as deliveries")
    parser.add_argument("--minutes", type=float, help="at most; 14 for 1,000 deliveries")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    options.faults = options.faults or options.deliveries
    options.minutes = options.minutes or max(14 * options.deliveries / 1000, 2)
    for role in ("AUTHOR", "COMMITTER"):
        os.environ |= {f"GIT_{role}_NAME": "Ana", f"GIT_{role}_EMAIL": "ana@example.org"}
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, scene(Path(folder), options) as torture:
        print(f"{options.deliveries} deliveries, {options.runners} runners, seed {options.seed}")
        torment(torture, options.runners)
        last = torture.settle()
        good = report(torture, torture.torn.verdict(torture.world), last)
    print(f"{'good' if good else 'BAD'} after {time.monotonic() - began:.0f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
