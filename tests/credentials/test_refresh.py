from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from socialauto.credentials.refresh import (
    Alert,
    Dead,
    Ending,
    Keep,
    Refresh,
    Step,
    can_refresh,
    next_step,
)
from support.tokens import START, credential

DAYS = [START + timedelta(days=number) for number in range(120)]
HOUR = timedelta(hours=1)
END = DAYS[60]


def told(*endings: Ending) -> Alert:
    return Alert(endings)


INSTAGRAM: list[tuple[str, dict[str, Any], float, Step]] = [
    ("young", {}, 0, Keep()),
    ("21 days before its end", {}, 39, Keep()),
    ("20 days before its end", {}, 40, Refresh("token", END)),
    ("tried an hour ago", {"tried": DAYS[40] - HOUR}, 40, Keep()),
    ("tried a day ago", {"tried": DAYS[39]}, 40, Refresh("token", END)),
    ("soon, tried half an hour ago", {"tried": DAYS[58] - HOUR / 2, "alerted": DAYS[55]}, 58,
     Keep()),
    ("soon, tried an hour ago", {"tried": DAYS[58] - HOUR, "alerted": DAYS[55]}, 58,
     Refresh("token", END)),
    ("cannot be refreshed and nobody knows", {"tried": DAYS[50]}, 50.5,
     told(Ending("its token", END))),
    ("somebody was told", {"tried": DAYS[50], "alerted": DAYS[50]}, 50.5, Keep()),
    ("told a week ago", {"tried": DAYS[57], "alerted": DAYS[50]}, 57,
     told(Ending("its token", END))),
    ("ended", {}, 60, told(Ending("its token", END))),
    ("ended, and somebody was told", {"alerted": DAYS[59]}, 61, Dead()),
    ("ended a month ago, told a month ago", {"alerted": DAYS[60]}, 90,
     told(Ending("its token", END))),
    ("of unknown end, an hour old", {"expires": None}, 1 / 24, Keep()),
    ("of unknown end, two days old", {"expires": None}, 2, Refresh("token", None)),
    ("of unknown end, tried", {"expires": None, "tried": DAYS[2]}, 2.5, Keep()),
    ("of a short life, 24 hours old", {"expires": DAYS[2]}, 1,
     told(Ending("its token", DAYS[2]))),
    ("of a short life, 25 hours old", {"expires": DAYS[2]}, 25 / 24, Refresh("token", DAYS[2])),
]  # fmt: skip


@pytest.mark.parametrize(("what", "fields", "day", "step"), INSTAGRAM)
def test_instagram_login(what: str, fields: dict[str, Any], day: float, step: Step) -> None:
    assert next_step(credential(**fields), START + timedelta(days=day), app=False) == step


PAGE = {"login": "facebook", "expires": None, "read_token": "EAAcanary"}
PERSON = {"login": "facebook"}
ACCESS_END = Ending("the app's access to its data", DAYS[90])

FACEBOOK: list[tuple[str, dict[str, Any], bool, float, Step]] = [
    ("a page's token never ends", PAGE | {"read_token": None}, True, 110, Keep()),
    ("a person's, with the app", PERSON, True, 40, Refresh("token", END)),
    ("a person's, without the app", PERSON, False, 45, Keep()),
    ("a person's, without the app, soon", PERSON, False, 50, told(Ending("its token", END))),
    ("beside a page's, with the app", PAGE | {"read_expires": END}, True, 40,
     Refresh("read_token", END)),
    ("beside a page's, without the app: nobody misses it", PAGE | {"read_expires": END}, False, 52,
     Keep()),
    ("beside a page's, ended", PAGE | {"read_expires": END}, True, 61, Keep()),
    ("access to data, 11 days ahead", PAGE | {"data_access_expires": DAYS[90]}, True, 79, Keep()),
    ("access to data, 10 days ahead", PAGE | {"data_access_expires": DAYS[90]}, True, 80,
     told(ACCESS_END)),
    ("access to data, ended", PAGE | {"data_access_expires": DAYS[90]}, True, 91,
     told(ACCESS_END)),
    ("two endings, soonest first",
     PERSON | {"data_access_expires": DAYS[90], "expires": DAYS[85]}, False, 81,
     told(Ending("its token", DAYS[85]), ACCESS_END)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "fields", "app", "day", "step"), FACEBOOK)
def test_facebook_login(
    what: str, fields: dict[str, Any], app: bool, day: float, step: Step
) -> None:
    assert next_step(credential(**fields), START + timedelta(days=day), app=app) == step


@pytest.mark.parametrize(
    ("fields", "app", "day", "which"),
    [
        ({}, False, 1, None),
        ({}, False, 2, "token"),
        ({}, False, 60, None),
        ({"expires": None}, False, 2, "token"),
        (PERSON, False, 2, None),
        (PERSON, True, 2, "token"),
        (PAGE, True, 2, "read_token"),
        (PAGE | {"read_token": None}, True, 2, None),
    ],
)
def test_what_a_person_can_have_refreshed_at_once(
    fields: dict[str, Any], app: bool, day: float, which: str | None
) -> None:
    assert can_refresh(credential(**fields), START + timedelta(days=day), app=app) == which
