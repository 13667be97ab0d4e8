"""The protections of the protocol, and how to take each of them away."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src"

PROTOCOL = ("tests/simulation/test_protocol.py",)
FULL = ("tests/simulation/test_full.py",)
ENGINE = ("tests/engine/test_run.py",)
LEDGER = ("tests/repository/test_ledger.py", "tests/repository/test_ledger_faults.py")
BROKEN = ("tests/repository/test_ledger_broken.py",)
PLAN = ("tests/core/test_plan.py", "tests/core/test_record.py", "tests/core/test_ledger.py")
FIND = ("tests/adapters/instagram/test_find.py",)


@dataclass(frozen=True, slots=True)
class Patch:
    """Replaces a text that must stand exactly once in a file below `src/socialauto`."""

    file: str
    old: str
    new: str

    def apply(self, source: Path) -> None:
        path = source / "socialauto" / self.file
        text = path.read_text(encoding="utf-8")
        if text.count(self.old) != 1:
            raise LookupError(f"{self.file} has {text.count(self.old)} times: {self.old}")
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Mutant:
    """The program without one protection."""

    name: str
    patches: tuple[Patch, ...]
    suites: tuple[str, ...]
    """Each of them, alone, must notice."""


MUTANTS = (
    Mutant(
        "intent before publish",
        (
            Patch(
                "engine/sending.py",
                "    written = await desk.write_intent(step.entry, wanted)\n"
                "    if isinstance(written, Stop):\n"
                "        return written\n"
                "    if isinstance(written, Lost):\n"
                "        desk.lost(step)\n"
                "        return None\n"
                "    if stop := await desk.earlier():\n"
                "        return await _give_back(desk, wanted) or stop\n"
                "    assert step.at is not None\n",
                "    assert step.at is not None\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "handle in the ledger",
        (
            Patch("core/record.py", "        handle=dict(handle),\n", "        handle={},\n"),
            Patch(
                "engine/sending.py",
                "return await _call(desk, step, wanted)",
                "return await _call(desk, step, wanted, handle)",
            ),
            Patch(
                "engine/sending.py",
                "async def _call(desk: Desk, step: Step, entry: Entry) -> Stop | None:",
                "async def _call(desk, step, entry, handle):",
            ),
            Patch(
                "engine/sending.py",
                "desk.session.publish(entry.handle)",
                "desk.session.publish(handle)",
            ),
            # Without a handle nobody can be asked: the usual shortcut is to prepare anew.
            Patch(
                "engine/settling.py",
                "    match await desk.session.find(entry.handle, search):\n",
                "    outcome = NotPublished(Problem('transient', ''), handle_dead=True)\n"
                "    match outcome:\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "lease of others",
        (
            Patch("core/plan.py", "    if world.now < lease.until:\n", "    if False:\n"),
            Patch(
                "core/plan.py",
                "    free = lease.until + world.settle\n",
                "    free = lease.since + world.settle\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "lease check before the call",
        (
            Patch(
                "engine/sending.py",
                "    if _lease_left(wanted, desk.now()) < PUBLISH_MARGIN:\n",
                "    if False:\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "receipt before the next call",
        (
            Patch(
                "engine/sending.py",
                "    if stop := await desk.earlier():\n",
                "    if stop := desk.broken:\n",
            ),
        ),
        ENGINE,
    ),
    Mutant(
        "the platform's clock",
        (
            Patch(
                "engine/lane.py",
                "    if skew is None or limit is None or abs(skew) <= limit:\n",
                "    if skew is None or limit is None or True:\n",
            ),
        ),
        ("tests/engine/test_clock_check.py", "tests/crash/test_pauses.py"),
    ),
    Mutant(
        "the promise of a comment",
        (Patch("core/sequel.py", "        if part in entry.sequels:\n", "        if True:\n"),),
        ("tests/engine/test_sequels.py", "tests/core/test_sequel.py"),
    ),
    Mutant(
        "settle time",
        (
            Patch(
                "core/plan.py",
                "    free = lease.until + world.settle\n",
                "    free = lease.until\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "per-entry compare",
        (
            Patch(
                "repository/ledger.py",
                "            elif _same(current[path], change.before):\n",
                "            elif True:\n",
            ),
        ),
        (*FULL, *LEDGER),
    ),
    Mutant(
        "pinned push",
        (
            Patch(
                "repository/branch.py",
                "f\"--force-with-lease={self._ref}:{old or ''}\"",
                '"--force"',
            ),
        ),
        (*FULL, "tests/repository/test_ledger.py"),
    ),
    Mutant(
        "lineage",
        (
            Patch(
                "repository/ledger_tree.py",
                "        if self._lineage not in (None, header.lineage):\n",
                "        if False:\n",
            ),
        ),
        BROKEN,
    ),
    Mutant(
        "no blind repeat",
        (
            Patch(
                "engine/sending.py",
                "            return await _doubt(desk, entry, problem)\n",
                "            return await desk.not_sent(\n"
                '                step, entry, problem, stage="publish", handle=entry.handle\n'
                "            )\n",
            ),
        ),
        # Not the full tier: with the same container Instagram itself tells most repeats.
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "failed read is not 'not published'",
        (
            Patch(
                "engine/settling.py",
                "            return await _unknown(desk, entry, problem, later=later)\n",
                "            return await _never_sent(desk, entry, problem, keep_handle=True)\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "failed read is not 'not published', in the adapter",
        (
            Patch(
                "adapters/instagram/find.py",
                "        if isinstance(status, Failure):\n"
                "            return Unknown(status.problem, later=True)\n",
                "        if isinstance(status, Failure):\n"
                "            return NotPublished(status.problem, handle_dead=True)\n",
            ),
        ),
        FIND,
    ),
    Mutant(
        "terminal guard",
        (
            Patch(
                "core/plan.py",
                "            return _published(delivery, entry)\n",
                "            return _fresh(delivery, entry, world)\n",
            ),
            Patch(
                "core/ledger.py",
                "    State.PUBLISHED: frozenset({State.PUBLISHED, State.DELETED}),\n",
                "    State.PUBLISHED: frozenset(set(State)),\n",
            ),
        ),
        (*PROTOCOL, *ENGINE),
    ),
    Mutant(
        "terminal guard, in the table",
        (
            Patch(
                "core/ledger.py",
                "    State.PUBLISHED: frozenset({State.PUBLISHED, State.DELETED}),\n",
                "    State.PUBLISHED: frozenset(set(State)),\n",
            ),
        ),
        ("tests/core/test_record.py",),
    ),
)
