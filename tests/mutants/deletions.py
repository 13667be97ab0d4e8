"""The protections around what is deleted and what was renamed."""

from __future__ import annotations

from mutants.protections import Mutant, Patch

DELETING = ("tests/engine/test_deleting.py",)
HISTORIES = ("tests/engine/test_histories.py",)
PLAN = ("tests/core/test_removal.py",)
RENAMES = ("tests/core/test_renames.py",)
INSTAGRAM = ("tests/adapters/instagram/test_deleting.py",)

DELETIONS = (
    Mutant(
        "the receipt of a deletion takes its post along",
        (Patch("engine/sending.py", "    if entry.key.part == DELETE:\n", "    if False:\n"),),
        DELETING,
    ),
    Mutant(
        "a post that its deletion left behind is caught up with",
        (
            Patch(
                "core/sequel.py",
                "    return list(caught_up(steps, entries))\n",
                "    return steps\n",
            ),
        ),
        DELETING,
    ),
    Mutant(
        "deleted is an end",
        (
            Patch(
                "core/plan.py",
                '            return _step(Kind.DONE, delivery, entry, "deleted on the platform")\n',
                "            return _fresh(delivery, entry, world)\n",
            ),
            Patch(
                "core/ledger.py",
                "    State.DELETED: frozenset({State.DELETED}),\n",
                "    State.DELETED: frozenset(set(State)),\n",
            ),
        ),
        (*DELETING, *PLAN),
    ),
    Mutant(
        "nothing is deleted that may be on its way",
        (
            Patch(
                "core/removal.py",
                "    elif entry.state is State.PUBLISHED and delivery.delete:\n",
                "    elif delivery.delete:\n",
            ),
        ),
        PLAN,
    ),
    Mutant(
        "no comment below what is to be deleted",
        (
            Patch(
                "engine/lane.py",
                "    if step.key.part or step.delivery.delete or not",
                "    if step.key.part or not",
            ),
        ),
        DELETING,
    ),
    Mutant(
        "a deletion waits for a comment on its way",
        (
            Patch(
                "core/removal.py",
                "    if step.kind in SENDING and (other := _open_part(delivery, entries)):\n",
                "    if False and (other := _open_part(delivery, entries)):\n",
            ),
        ),
        DELETING,
    ),
    Mutant(
        "many deletions wait for a person",
        (
            Patch(
                "core/removal.py",
                "    if len(pending) <= most or GUARD in allowed:\n",
                "    if True:\n",
            ),
        ),
        (*DELETING, *PLAN),
    ),
    Mutant(
        "an account out of sight proves nothing",
        (
            Patch(
                "adapters/instagram/deleting.py",
                "Unknown(account.problem, later=True) if isinstance(account, Failure) else ",
                "",
            ),
        ),
        INSTAGRAM,
    ),
    Mutant(
        "a renamed file is no new post",
        (
            Patch(
                "core/guard.py",
                "    judged = renamed(judged, terms.allowed)\n",
                "",
            ),
        ),
        (*RENAMES, *HISTORIES),
    ),
)
