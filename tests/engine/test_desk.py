"""Receipts that are written while the lane goes on."""

from __future__ import annotations

from typing import Any, cast

import anyio
import pytest

from socialauto.engine.desk import Desk, Stop


class BugError(Exception):
    pass


def desk() -> Desk:
    nothing = cast(Any, None)
    return Desk(nothing, nothing, nothing, nothing, nothing, set(), nothing, 1)


def test_whoever_waits_for_a_receipt_hears_why_it_is_not_durable() -> None:
    async def fail() -> Stop | None:
        return Stop("the remote is gone")

    async def main() -> Stop | None:
        here = desk()
        async with here.receipts():
            here.write_later(fail)
            return await here.earlier()

    assert anyio.run(main, backend="trio") == Stop("the remote is gone")


def test_nobody_waits_for_ever_for_a_receipt_that_met_a_bug() -> None:
    async def break_down() -> Stop | None:
        raise BugError

    async def main() -> None:
        here = desk()
        with anyio.fail_after(5):
            async with here.receipts():
                here.write_later(break_down)
                with anyio.CancelScope(shield=True):
                    await here.earlier()

    with pytest.raises(ExceptionGroup) as raised:
        anyio.run(main, backend="trio")
    assert raised.group_contains(BugError)
