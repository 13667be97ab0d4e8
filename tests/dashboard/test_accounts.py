"""How accounts stand: tokens, what waits for somebody, and the colour of the dot."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from socialauto.core.ledger import State
from socialauto.dashboard.accounts import Standing, standings
from support.builders import entry, lease
from support.scenery import DAY, NOW, busy, delivery, scene


def standing(tokens: dict[str, datetime | None], name: str = "acme-instagram") -> Standing:
    made = replace(scene([delivery("one", NOW + DAY)], []), tokens=tokens)
    return next(one for one in standings(made, {}) if one.name == name)


@pytest.mark.parametrize(
    ("left", "state"),
    [
        (timedelta(days=38), "fine"),
        (timedelta(days=10), "fine"),
        (timedelta(days=9, hours=23), "attention"),
        (timedelta(0), "trouble"),
        (-timedelta(days=3), "trouble"),
    ],
)
def test_a_token_that_should_have_been_renewed_is_noticed(left: timedelta, state: str) -> None:
    one = standing({"acme-instagram": NOW + left})
    assert (one.state, one.token_known, one.token_left) == (state, True, left)


def test_a_token_without_an_end_is_not_one_that_nobody_knows() -> None:
    endless, unknown = standing({"acme-instagram": None}), standing({})
    assert (endless.token_known, endless.state) == (True, "fine")
    assert (unknown.token_known, unknown.state) == (False, "fine")


def test_what_is_held_and_what_failed_is_counted() -> None:
    found = {one.name: (one.held, one.failed, one.attention) for one in standings(busy(), {})}
    assert found == {"acme-instagram": (1, 1, 2), "acme-cafe": (0, 0, 0), "acme-jobs": (0, 0, 2)}
    held = delivery("held", NOW - DAY)
    known = entry(held, State.HELD, reason="?", handle={"c": "1"}, lease=lease(held.due))
    assert standings(scene([held], [known]), {})[0].held == 1
