from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from support.media_samples import jpeg
from support.team import Team

NOW = "2026-11-23 12:00"
CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
"""
MEDIA = "media: [{path: /content/media/one.jpg, alt: A door}]\n"
EVERGREEN = f"""\
accounts: [acme, bakery]
every: tuesday 12:00
start: 2026-12-01
cool_down: 7d
{MEDIA}overrides: {{bakery: {{hashtags: [bread]}}}}
except:
  - {{on: 2026-12-15, skip: true}}
  - {{on: 2026-12-22, move: 2026-12-23 10:00}}
  - {{on: 2026-12-29, replace: {{text: The year is over.}}}}
pool:
  - Rye takes two days.
  - Our flour comes from the mill around the corner, and is ground on the day before.
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A plain folder: no git anywhere."""
    monkeypatch.setenv("COLUMNS", "80")
    root = tmp_path / "social"
    (root / "content" / "media").mkdir(parents=True)
    (root / "content" / "media" / "one.jpg").write_bytes(jpeg())
    (root / "schedules").mkdir()
    (root / "schedules" / "evergreen.yaml").write_text(EVERGREEN)
    (root / "socialauto.yaml").write_text(CONFIG)
    monkeypatch.chdir(root)
    return root


def show(*arguments: str) -> int:
    return run(socialauto, ["show", "--now", NOW, *arguments])


def shown(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> Any:
    assert show(*arguments, "--format", "json") == code
    (found,) = json.loads(capsys.readouterr().out)["schedules"]
    return found


def test_a_series_is_shown_with_its_next_dates(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert show("evergreen", "--dates", "5") == 0
    out = capsys.readouterr().out
    lines = [line.rstrip() for line in out.splitlines()]
    assert max(map(len, out.splitlines())) <= 80
    assert lines[:27] == [
        "evergreen (schedules/evergreen.yaml:1) ─────────────────────────────────────────",
        "rule: tuesday 12:00",
        "time zone: Europe/Berlin",
        "from: 2026-12-01",
        "cool-down: 7 d",
        "accounts: acme, bakery",
        "",
        "date (Europe/Berlin)   UTC                what",
        "────────────────────────────────────────────────────────────────────────────────",
        "Tue 2026-12-01 12:00   2026-12-01 11:00   pool 1: Rye takes two days.",
        "Tue 2026-12-08 12:00   2026-12-08 11:00   pool 2: Our flour comes from the mill",
        "                                          around the corner, and is gro…",
        "Tue 2026-12-15 12:00                      skipped",
        "Wed 2026-12-23 10:00   2026-12-23 09:00   pool 2: Our flour comes from the mill",
        "                                          around the corner, and is gro…",
        "                                          moved from 2026-12-22 12:00",
        "Tue 2026-12-29 12:00   2026-12-29 11:00   replaced: The year is over.",
        "Tue 2027-01-05 12:00   2027-01-05 11:00   pool 2: Our flour comes from the mill",
        "                                          around the corner, and is gro…",
        "",
        "exceptions",
        "2026-12-15: nothing goes out",
        "2026-12-22: goes out 2026-12-23 10:00 instead",
        "2026-12-29: goes out with other content",
        "",
        "pool 1 on acme (image)",
        "  19 of 2,200 characters, 0 of 30 hashtags, 0 of 20 mentions,",
    ]
    at = lines.index("2026-12-29 12:00 on bakery (image)")
    assert lines[at + 3 : at + 6] == ["    The year is over.", "", "    #bread"]


def test_each_account_has_its_own_words(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = shown(capsys, "schedules/evergreen.yaml", "--dates", "1")
    (date,) = found["dates"]
    assert (date["name"], date["due"], date["turn"]) == (
        "2026-12-01T12:00",
        "2026-12-01T11:00:00Z",
        "pool 1",
    )
    assert [(one["account"], one["text"]) for one in date["sends"]] == [
        ("acme", "Rye takes two days."),
        ("bakery", "Rye takes two days.\n\n#bread"),
    ]
    one = shown(capsys, "evergreen", "--account", "bakery")
    assert one["accounts"] == ["bakery"]
    assert {each["account"] for date in one["dates"] for each in date["sends"]} == {"bakery"}


def test_what_the_clock_does_stands_beside_the_date(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = f"account: acme\nevery: sunday 02:30\nstart: 2027-03-22\ntext: Night.\n{MEDIA}"
    (root / "schedules" / "night.yaml").write_text(night)
    first = shown(capsys, "night", "--dates", "1")["dates"][0]
    assert first["local"] == "2027-03-28 03:00 Europe/Berlin"
    assert first["note"] == "the clock skips 02:30 that day, so at 03:00"
    assert show("night", "--dates", "1") == 0
    assert "the clock skips 02:30 that day" in capsys.readouterr().out


def test_a_rare_date_is_found(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leap = f"account: acme\nevery: 29 february 09:00\ntext: A day more.\n{MEDIA}"
    (root / "schedules" / "leap.yaml").write_text(leap)
    names = [date["name"] for date in shown(capsys, "leap", "--dates", "3")["dates"]]
    assert names == ["2028-02-29T09:00", "2032-02-29T09:00", "2036-02-29T09:00"]


def test_a_series_that_has_ended_has_no_date(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = f"account: acme\nevery: monday 09:00\nuntil: 2026-10-31\ntext: Autumn.\n{MEDIA}"
    (root / "schedules" / "old.yaml").write_text(old)
    assert show("old") == 0
    assert "\nno date to come\n" in capsys.readouterr().out


def queue(root: Path, until: str = "2027-01-31") -> None:
    slots = f"slots: [monday 09:00, thursday 18:30]\nuntil: {until}\n"
    text = f"{slots}blackout: [2026-12-03, 2026-10-01 to 2026-10-31]\n"
    (root / "schedules" / "mornings.yaml").write_text(text)
    for number, order in enumerate((0, 2, 1), 1):
        text = f"account: acme\nschedule: mornings\norder: {order}\n{MEDIA}text: Text {number}.\n"
        (root / "content" / f"{number}.yaml").write_text(text)


def test_a_queue_is_shown_in_the_order_of_its_slots(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue(root)
    assert show("mornings") == 0
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= 80
    assert [line.rstrip() for line in out.splitlines()] == [
        "mornings (schedules/mornings.yaml:1) ───────────────────────────────────────────",
        "slots: monday 09:00, thursday 18:30",
        "time zone: Europe/Berlin",
        "until: 2027-01-31",
        "blackout: 2026-12-03, 1 slot fewer",
        "",
        "on acme",
        "slot (Europe/Berlin)   UTC                post",
        "─────────────────────────────────────────────────",
        "Thu 2026-11-26 18:30   2026-11-26 17:30   1",
        "                                          Text 1.",
        "Mon 2026-11-30 09:00   2026-11-30 08:00   3",
        "                                          Text 3.",
        "Mon 2026-12-07 09:00   2026-12-07 08:00   2",
        "                                          Text 2.",
        "free: Thu 2026-12-10 18:30, Mon 2026-12-14 09:00, Thu 2026-12-17 18:30",
        "",
        "this clone has no copy of the ledger: posts that are published count as waiting",
    ]


def test_who_gets_no_slot_is_named(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    queue(root, "2026-11-30")
    found = shown(capsys, "schedules/mornings.yaml")
    (row,) = found["queues"]
    assert [post["post"] for post in row["posts"]] == ["1", "3"]
    assert [(post["post"], post["due"]) for post in row["without_a_slot"]] == [("2", None)]
    assert (row["free"], found["ledger"]) == ([], False)
    assert show("mornings") == 0
    assert "no slot: 2 (content/2.yaml:1)" in capsys.readouterr().out


def test_slots_without_posts_say_when_they_are(
    root: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    queue(root)
    for file in (root / "content").glob("*.yaml"):
        file.unlink()
    assert show("mornings") == 0
    assert "no post waits for these slots; free: Thu 2026-11-26" in capsys.readouterr().out


def test_what_is_published_leaves_the_queue(acme: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2026-11-20T12:00:00Z")
    head = "---\naccount: acme\nschedule: mornings\nmedia: [{path: one.jpg, alt: A door}]\n---\n"
    files = {f"content/{name}.md": f"{head}Text {name}.\n" for name in "ab"}
    acme.write({"schedules/mornings.yaml": "slots: [weekday 09:00]\n", **files})
    acme.reconcile(now="2026-12-02 09:01")
    assert acme.captions[-1] == "Text a."
    moment = ("--now", "2026-12-02 12:00")
    (found,) = acme.say("show", "mornings", "--format", "json", *moment).json["schedules"]
    (row,) = found["queues"]
    assert found["ledger"] is True
    assert [(post["post"], post["due"]) for post in row["posts"]] == [("b", "2026-12-03T09:00:00Z")]
    assert row["done"] == 1
    out = acme.say("show", "mornings", *moment).out
    assert "1 tried or published before" in out
    assert "no copy of the ledger" not in out


def test_a_file_with_an_error_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (root / "schedules" / "bad.yaml").write_text("slots: [someday 09:00]\n")
    assert show("bad") == 1
    out = capsys.readouterr().out
    assert "nothing of their queue goes out" in out
    assert "schedules/bad.yaml:1:9: SA311" in out
    text = EVERGREEN.replace("one.jpg", "none.jpg")
    (root / "schedules" / "evergreen.yaml").write_text(text)
    assert show("schedules") == 1


def test_no_terminal_is_taken_over(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = EVERGREEN.replace("2026-12-23 10:00", '"\\e[2J\\e[31m"').replace("Rye", '"\\e[7mRye"')
    text = text.replace('- "\\e[7mRye" takes two days.', '- "\\e[7mRye takes two days."')
    (root / "schedules" / "evergreen.yaml").write_text(text)
    assert show("evergreen") == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\\x1b[7mRye" in out
    assert "\\x1b[2J" in out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["evergren"], 'no post or schedule has the id "evergren"; did you mean "evergreen"?'),
        (["schedules/none.yaml"], "does not exist"),
        (["evergreen", "--account", "acmee"], 'unknown account "acmee"'),
        (["evergreen", "--out", "x"], "--out writes the media of posts"),
        (["evergreen", "--dates", "0"], "--dates"),
    ],
)
def test_what_cannot_be_shown_is_said(
    root: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    assert show(*arguments) == 2
    assert words in " ".join(capsys.readouterr().err.split())


def test_a_series_needs_neither_network_nor_git(root: Path) -> None:
    code = (
        "import sys; from socialauto.cli import socialauto\n"
        "socialauto.main(args=['show', 'evergreen'], standalone_mode=False)\n"
        "print(sorted({'httpx', 'git'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )
    assert done.stderr == "[]\n"
