"""The life of one token: on virtual time, with outages, kills and two runs at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import Credential
from socialauto.credentials.ports import Younger
from socialauto.credentials.refresh import Which
from socialauto.credentials.upkeep import Notice, Upkeep, check_alive
from support.tokens import (
    CANARY,
    LIFE,
    START,
    MemoryFiles,
    Platform,
    credential,
    kept,
    vault,
)

EVERY = timedelta(hours=6)
OLD = f"{CANARY}0"
YOUNG = f"{CANARY}1"


def now(work: Coroutine[Any, Any, Credential]) -> Credential:
    """Run what never waits, also from inside of such a run: that is how another one comes by."""
    try:
        work.send(None)
    except StopIteration as ended:
        result: Credential = ended.value
        return result
    raise AssertionError("it waits")


class KilledError(BaseException):
    """The machine is gone."""


@dataclass
class Scene:
    """One account of Instagram Login, its files, its platform and a clock."""

    now: datetime = START
    files: MemoryFiles = field(default_factory=MemoryFiles)
    platform: Platform = field(init=False)
    told: list[tuple[datetime, Notice]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.platform = Platform(lambda: self.now, {OLD: (START, START + LIFE)})
        kept(self.files)

    @property
    def token(self) -> str:
        """What the branch has."""
        return vault(self.files).get("acme").credential.token.get_secret_value()

    @property
    def alarms(self) -> list[datetime]:
        return [when for when, notice in self.told if notice.alarm]

    @property
    def sentences(self) -> list[str]:
        return [notice.sentence for _, notice in self.told]

    def at(self, days: float) -> Scene:
        self.now = START + timedelta(days=days)
        return self

    def beside(self) -> Scene:
        """Another machine at the same moment."""
        other = Scene(self.now)
        other.files, other.platform = self.files, self.platform
        return other

    def run(self) -> Credential:
        """What each run of reconcile does with it."""
        upkeep = Upkeep(vault(self.files), self.platform, lambda: self.now, app=False)
        try:
            return now(upkeep.keep("acme", vault(self.files).get("acme")))
        finally:
            self.told += [(self.now, notice) for notice in upkeep.notices]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_young_token_is_left_alone(scene: Scene) -> None:
    scene.at(39).run()

    assert (scene.platform.asked, scene.files.changes, scene.told) == (0, 1, [])


def test_a_token_is_refreshed_ahead_of_its_end_and_written_back(scene: Scene) -> None:
    used = scene.at(40).run()

    assert used.token.get_secret_value() == scene.token == YOUNG
    assert used.expires == scene.now + LIFE
    assert used.refreshed == scene.now
    assert used.obtained == START
    assert scene.sentences == ["acme: refreshed its token; it ends 2027-02-09 00:00 UTC"]
    scene.run()
    assert scene.platform.asked == 1


def test_a_failed_refresh_is_no_failure_while_the_token_lives(scene: Scene) -> None:
    scene.platform.down = lambda: True

    used = scene.at(40).run()

    assert used.token.get_secret_value() == OLD
    assert scene.sentences == [
        "acme: its token could not be refreshed: Instagram did not answer; "
        "it ends 2026-12-31 00:00 UTC"
    ]
    assert scene.alarms == []


def test_after_a_failure_it_is_tried_again_a_day_later(scene: Scene) -> None:
    scene.platform.down = lambda: True
    for hours in range(0, 72, 6):
        scene.at(40 + hours / 24).run()

    assert scene.platform.asked == 3
    assert len(scene.told) == 3


def test_a_token_that_cannot_be_refreshed_is_told_of_once_a_week(scene: Scene) -> None:
    scene.platform.down = lambda: True
    for number in range(4 * 70):
        scene.at(number / 4).run()

    assert [(when - START).days for when in scene.alarms] == [50, 57, 64]
    assert [sentence for sentence in scene.sentences if "connect" in sentence] == [
        "acme: its token ends 2026-12-31 00:00 UTC; "
        'get a new one with "socialauto accounts connect acme"',
        "acme: its token ends 2026-12-31 00:00 UTC; "
        'get a new one with "socialauto accounts connect acme"',
        "acme: its token ended 2026-12-31 00:00 UTC; "
        'get a new one with "socialauto accounts connect acme"',
    ]


def test_a_dead_token_is_not_used(scene: Scene) -> None:
    used = scene.at(60).run()

    with pytest.raises(SocialautoError) as refused:
        check_alive(used, scene.now)
    assert str(refused.value) == (
        "acme: its token ended 2026-12-31 00:00 UTC; "
        'get a new one with "socialauto accounts connect acme"'
    )
    assert scene.platform.asked == 0


def test_after_a_month_without_runs_there_is_one_alarm_and_not_thirty() -> None:
    """A month passes in which the token ends; then the runs begin anew."""
    scene = Scene()
    for number in range(4 * 39):
        scene.at(number / 4).run()
    for number in range(4 * 69, 4 * 75):
        scene.at(number / 4).run()

    assert len(scene.alarms) == 1


def left(scene: Scene) -> timedelta:
    ends = vault(scene.files).get("acme").credential.expires
    assert ends
    return ends - scene.now


@pytest.mark.parametrize("seed", range(3))
def test_four_hundred_days_with_outages_and_a_missed_month(seed: int) -> None:
    """No run ever holds a token that does not work; nobody is bothered, but for once after the
    month, when few days are left and the first try fails."""
    scene, chance = Scene(), random.Random(seed)
    scene.platform.down = lambda: chance.random() < 0.5
    pause: range | None = None
    runs = dead = 0
    for number in range(4 * 400):
        if pause and number in pause:
            continue
        used = scene.at(number / 4).run()
        runs += 1
        dead += not scene.platform.works(used.token.get_secret_value())
        assert used.token.get_secret_value() == scene.token
        if pause is None and number > 4 * 100 and left(scene) > timedelta(days=35):
            pause = range(number + 1, number + 1 + 4 * 31)

    assert dead == 0
    assert len(scene.alarms) <= 1
    assert runs == 4 * (400 - 31)
    assert 8 <= scene.platform.granted <= 12
    # A write for each refresh, each failed try, each alarm and the first one; no others.
    assert scene.files.changes == scene.platform.asked + len(scene.alarms) + 1


@pytest.mark.parametrize("ends_old", [False, True])
def test_one_run_every_six_hours_asks_no_more_than_it_must(ends_old: bool) -> None:
    scene = Scene()
    scene.platform.ends_old = ends_old
    for number in range(4 * 400):
        used = scene.at(number / 4).run()
        assert scene.platform.works(used.token.get_secret_value())

    assert (scene.platform.asked, scene.platform.granted) == (9, 9)


def killed() -> None:
    raise KilledError


def offline() -> None:
    raise SocialautoError("cannot fetch branch socialauto/ledger of origin")


KILLS: list[tuple[str, Callable[[Scene], Any], str, str]] = [
    # where, how, the branch's token afterwards, and that after one more run
    ("before the platform is asked", lambda scene: setattr(scene.platform, "down", killed),
     OLD, YOUNG),
    ("after the refresh, before the push", lambda scene: scene.files.before_change.append(killed),
     OLD, f"{CANARY}2"),
    ("after the push", lambda scene: scene.files.after_change.append(killed), YOUNG, YOUNG),
]  # fmt: skip


@pytest.mark.parametrize(("where", "how", "left", "later"), KILLS)
def test_a_kill_at_any_step_leaves_a_token_that_works(
    scene: Scene, where: str, how: Callable[[Scene], Any], left: str, later: str
) -> None:
    how(scene.at(45))
    with pytest.raises(KilledError):
        scene.run()

    assert scene.token == left
    assert scene.platform.works(scene.token)
    scene.platform.down = lambda: False
    used = scene.run()
    assert used.token.get_secret_value() == scene.token == later
    assert scene.platform.works(later)


def test_a_write_that_fails_is_told_and_the_young_token_used(scene: Scene) -> None:
    scene.at(45).files.before_change.append(offline)

    used = scene.run()

    assert used.token.get_secret_value() == YOUNG
    assert scene.token == OLD
    assert scene.sentences[0] == (
        "acme: its token could not be written back: cannot fetch branch socialauto/ledger of origin"
    )
    assert scene.run().token.get_secret_value() == scene.token == f"{CANARY}2"


def test_a_write_whose_answer_is_lost_is_found_by_the_next_run(scene: Scene) -> None:
    scene.at(45).files.after_change.append(offline)

    assert scene.run().token.get_secret_value() == scene.token == YOUNG
    scene.run()
    assert scene.platform.asked == 1


def test_of_two_runs_at_once_the_second_takes_over_the_token_of_the_first(scene: Scene) -> None:
    other = scene.at(45).beside()
    scene.files.before_change.append(other.run)

    used = scene.run()

    assert scene.platform.granted == 2
    assert used.token.get_secret_value() == scene.token == f"{CANARY}2"
    assert (len(other.told), scene.told) == (1, [])


@pytest.mark.parametrize("writes_before", [0, 1])
def test_of_two_runs_at_once_one_gives_the_alarm(scene: Scene, writes_before: int) -> None:
    """The other one comes by when this one notes its failed try, or its alarm."""
    scene.platform.down = lambda: True
    scene.at(50.5).run()  # an alarm was given
    other = scene.at(57.75).beside()
    scene.files.before_change += [lambda: None] * writes_before + [other.run]

    scene.run()

    assert len(scene.alarms) + len(other.alarms) == 2


@pytest.mark.parametrize("moment", ["while it asks", "while it writes"])
def test_a_person_who_connects_meanwhile_wins(scene: Scene, moment: str) -> None:
    fresh = credential(token=f"{CANARY}-fresh", obtained=START + LIFE / 2, expires=START + 3 * LIFE)

    def connect() -> bool:
        assert vault(scene.files).put("acme", fresh, vault(scene.files).sealed()["acme"])
        return False

    scene.at(45)
    if moment == "while it asks":
        scene.platform.down = connect
    else:
        scene.files.before_change.append(connect)

    used = scene.run()

    assert used.token.get_secret_value() == scene.token == f"{CANARY}-fresh"
    assert scene.told == []


def test_a_mere_note_of_another_run_does_not_cost_the_young_token(scene: Scene) -> None:
    def note() -> None:
        opened = vault(scene.files).get("acme")
        noted = opened.credential.model_copy(update={"alerted": scene.now})
        assert vault(scene.files).put("acme", noted, opened.sealed)

    scene.at(45).files.before_change.append(note)

    assert scene.run().token.get_secret_value() == scene.token == YOUNG
    assert vault(scene.files).get("acme").credential.alerted == scene.now


@pytest.mark.parametrize("answer", ["", "two\nlines", "zwölf"])
def test_an_answer_without_a_token_never_replaces_a_good_one(scene: Scene, answer: str) -> None:
    async def odd(credential: Credential, which: Which) -> Younger:
        return Younger(answer, LIFE)

    upkeep = Upkeep(vault(scene.files), odd, lambda: scene.now, app=False)
    scene.at(45)
    used = now(upkeep.keep("acme", vault(scene.files).get("acme")))

    assert used.token.get_secret_value() == scene.token == OLD
    assert [notice.sentence for notice in upkeep.notices] == [
        "acme: its token could not be refreshed: the platform's answer holds no usable token; "
        "it ends 2026-12-31 00:00 UTC"
    ]


def test_no_notice_and_no_answer_shows_a_token(scene: Scene) -> None:
    scene.at(45).run()
    scene.at(99).run()

    shown = f"{scene.told} {Younger(f'{CANARY}x', LIFE)} {vault(scene.files).get('acme')}"
    assert "refreshed its token" in shown
    assert CANARY not in shown


def refused(scene: Scene, fields: dict[str, Any]) -> str:
    files = MemoryFiles()
    opened = kept(files, credential(**fields))
    upkeep = Upkeep(vault(files), scene.platform, lambda: scene.now, app=False)
    with pytest.raises(SocialautoError) as error:
        now(upkeep.refresh("acme", opened))
    return str(error.value)


def test_a_person_may_refresh_at_once(scene: Scene) -> None:
    scene.at(2)
    upkeep = Upkeep(vault(scene.files), scene.platform, lambda: scene.now, app=False)

    now(upkeep.refresh("acme", vault(scene.files).get("acme")))

    assert scene.token == YOUNG


@pytest.mark.parametrize(
    ("fields", "day", "sentence"),
    [
        (
            {},
            0.5,
            "acme: its token is of 2026-11-01 00:00 UTC, and Instagram refreshes none that is "
            "younger than a day; try again tomorrow",
        ),
        (
            {},
            61,
            "acme: its token ended 2026-12-31 00:00 UTC; "
            'get a new one with "socialauto accounts connect acme"',
        ),
        (
            {"login": "facebook", "expires": None},
            5,
            "acme: its token has no end, so there is nothing to refresh",
        ),
        (
            {"login": "facebook"},
            5,
            "acme: a token of Facebook Login is exchanged only with the app's own secret; set "
            "SOCIALAUTO_APP_ID and SOCIALAUTO_APP_SECRET, or get a new one with "
            '"socialauto accounts connect acme"',
        ),
    ],
)
def test_what_cannot_be_refreshed_is_said_with_its_reason(
    scene: Scene, fields: dict[str, Any], day: float, sentence: str
) -> None:
    assert refused(scene.at(day), fields) == sentence
