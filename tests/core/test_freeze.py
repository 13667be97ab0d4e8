"""`freeze.yaml`: a crisis stop that cannot be misread."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from socialauto.core.freeze import Freeze, read_freezes
from support.builders import config

BERLIN = config("acme", "other", timezone="Europe/Berlin")
ENDS = datetime(2026, 12, 3, 17, 0, tzinfo=UTC)


def read(text: str) -> tuple[tuple[Freeze, ...], list[str]]:
    freezes, findings = read_freezes(text.encode(), BERLIN)
    return freezes, [str(finding) for finding in findings]


def test_a_freeze_has_a_reason_an_end_and_perhaps_accounts() -> None:
    assert read("reason: storm\nuntil: 2026-12-03 18:00\n") == ((Freeze("storm", ENDS),), [])
    some = "reason: storm\nuntil: 2026-12-03 18:00\naccounts: [acme]\n"
    assert read(some)[0] == (Freeze("storm", ENDS, frozenset({"acme"})),)


def test_several_are_several_documents() -> None:
    one = "reason: a\nuntil: 2026-12-03 18:00\n"
    assert len(read(f"{one}---\n{one}")[0]) == 2


def test_comments_alone_freeze_nothing() -> None:
    assert read("# nothing now\n") == ((), [])


@pytest.mark.parametrize(
    ("text", "finding"),
    [
        ("until: 2026-12-03 18:00\n", 'freeze.yaml:1:1: SA207 "reason" is missing'),
        ("reason: storm\nuntil: tomorrow\n", "freeze.yaml:2:8: SA302"),
        (
            "reason: storm\nuntil: 2026-12-03 18:00\naccounts: [acmee]\n",
            'freeze.yaml:3:12: SA203 unknown account "acmee"; did you mean "acme"?',
        ),
        (
            "reason: storm\nuntill: 2026-12-03 18:00\n",
            'freeze.yaml:2:1: SA201 unknown key "untill"',
        ),
        ("- storm\n", "freeze.yaml:1:1: SA107"),
        ("reason: [\n", "freeze.yaml:"),
    ],
)
def test_a_freeze_that_cannot_be_read_is_a_finding(text: str, finding: str) -> None:
    _, findings = read(text)
    assert any(one.startswith(finding) for one in findings), findings


def test_a_group_stands_for_its_accounts() -> None:
    settings = config("acme", "other", "third", groups={"brand": ("acme", "other")})
    text = b"reason: storm\nuntil: 2026-12-03 18:00\naccounts: [brand]\n"
    (freeze,), findings = read_freezes(text, settings)
    assert (freeze.accounts, findings) == (frozenset({"acme", "other"}), [])
