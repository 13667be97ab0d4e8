"""What a person can do about a delivery that waits for one: a sentence, and what to type."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from socialauto.core.parts import DELETE
from socialauto.core.plan import Kind, Step


@dataclass(frozen=True, slots=True)
class Cure:
    """What to do."""

    words: str
    commands: tuple[str, ...] = ()


def _command(*words: str) -> str:
    return shlex.join(("socialauto", *words))


def _place(step: Step) -> str:
    return f"{step.delivery.path}, line {step.delivery.line}" if step.delivery else "its file"


def _held(step: Step) -> Cure:
    entry = step.entry
    if step.record or (entry is not None and entry.late_hold):
        return Cure(f"Give it a new time in {_place(step)}.")
    name, account = step.key.name, step.key.account
    if step.key.part == DELETE:
        gone = _command("settle", name, account, "--deleted")
        again = (_command("settle", name, account, "--not-published"),) if entry else ()
        return Cure("See whether the post is gone, or delete it by hand.", (gone, *again))
    if entry is None:
        return Cure("Do it by hand on the platform.")
    return Cure(
        "Look at the account's feed, then say whether it is there.",
        (
            _command("settle", name, account, "--published", "URL"),
            _command("settle", name, account, "--not-published"),
        ),
    )


def _failed(step: Step) -> Cure:
    retry = _command(
        "retry", step.key.name if step.key.part else step.key.post, "--account", step.key.account
    )
    return Cure(f"Change {_place(step)}; or, when the cause was elsewhere and is mended:", (retry,))


def _blocked(step: Step) -> Cure:
    commands = (_command("plan"), _command("reconcile", "--allow", step.guard))
    return Cure("Read the plan; if this is meant, lift the guard for one run.", commands)


def _invalid(step: Step) -> Cure:
    path = step.delivery.path if step.delivery else ""
    return Cure(f"Mend {_place(step)}.", (_command("validate", path),) if path else ())


def cure(step: Step) -> Cure | None:
    """None when there is nothing to do, or nothing that helps."""
    match step.kind:
        case Kind.HELD:
            return _held(step)
        case Kind.FAILED:
            return _failed(step)
        case Kind.MISSED:
            return Cure(f"Give it a new time in {_place(step)}, or leave it at that.")
        case Kind.BLOCKED:
            return _blocked(step)
        case Kind.INVALID:
            return _invalid(step)
        case Kind.DRIFT:
            return Cure("Edit it on the platform, or put the file back as it went out.")
        case _:
            return None
