"""Ctrl-C and SIGTERM: finish what is on its way, begin nothing new; a second one ends at once."""

from __future__ import annotations

import signal
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import click

from socialauto.engine.waiting import Halt

T = TypeVar("T")
SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def stoppable(work: Callable[[], Awaitable[T]], halt: Halt) -> T:
    """Run `work` while the signals ask it to stop."""
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(_listen, halt)
        result = await work()
        tasks.cancel_scope.cancel()
    return result


def _end_at_once(number: int, name: str) -> None:
    """As the signal would without us: an exception would wait for what is shielded, and asyncio
    would print a trace of it."""
    click.echo(f"{name}: ending at once; the next run settles what was on its way", err=True)
    sys.stdout.flush()
    signal.signal(number, signal.SIG_DFL)
    signal.raise_signal(number)


async def _listen(halt: Halt) -> None:
    try:
        with anyio.open_signal_receiver(*SIGNALS) as received:
            async for number in received:
                name = signal.Signals(number).name
                if halt.asked:
                    _end_at_once(number, name)
                click.echo(f"{name}: finishing what is on its way, beginning nothing new", err=True)
                halt.ask()
    except NotImplementedError:
        return  # Windows: Ctrl-C ends the run at once, and the next one settles
