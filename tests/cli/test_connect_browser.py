"""The dialog in a real browser: rendered, ticked and clicked, and sent back to the terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from socialauto.cli import socialauto
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.state import Account
from support.browsing import browser, needs_browser
from support.team import Team, team

if TYPE_CHECKING:
    from playwright.sync_api import Page

SECOND = "17841400000000002"

pytestmark = needs_browser


@dataclass
class Browser:
    """Opened by the command as a person's browser would be, and used by `clicks`."""

    clicks: Callable[[Page], None]
    faults: list[str] = field(default_factory=list)
    """What the browser complained about: a blocked form, a style that was not found."""

    def launch(self, url: str) -> int:
        with browser() as started:
            page = started.new_page()
            page.set_default_timeout(20_000)
            page.on("console", lambda message: self.faults.append(message.text))
            page.on("pageerror", lambda error: self.faults.append(str(error)))
            page.goto(url)
            assert page.get_by_role("heading").inner_text().startswith("An app wants to use")
            self.clicks(page)
            page.get_by_text("You can close this page").wait_for()
            assert page.url.startswith("http://localhost:")
        return 0


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    monkeypatch.setenv("SOCIALAUTO_APP_ID", APP_ID)
    monkeypatch.setenv("SOCIALAUTO_APP_SECRET", APP_SECRET)
    with team(tmp_path) as made:
        made.world.add_account(Account(id=SECOND, username="second", name="The Second"))
        yield made


def agree_in_part(page: Page) -> None:
    page.get_by_label("second").uncheck()
    page.get_by_label("See how posts perform").uncheck()
    page.get_by_role("button", name="Allow").click()


def agree_as_the_other(page: Page) -> None:
    assert page.get_by_label("acme").is_checked()
    page.get_by_label("second").check()
    assert not page.get_by_label("acme").is_checked()
    page.get_by_role("button", name="Allow").click()


def refuse(page: Page) -> None:
    page.get_by_role("button", name="Cancel").click()


@pytest.mark.parametrize(
    ("login", "clicks", "words"),
    [
        ("facebook", agree_in_part, "Connected acme to @acme"),
        ("instagram", agree_as_the_other, f"the log-in opens @second ({SECOND})"),
        ("instagram", refuse, "the dialog was cancelled, so nothing has changed"),
    ],
)
def test_a_person_answers_in_a_browser(
    acme: Team, monkeypatch: pytest.MonkeyPatch, login: str, clicks: Callable[[Page], None],
    words: str,
) -> None:  # fmt: skip
    browser = Browser(clicks)
    monkeypatch.setattr("click.launch", browser.launch)
    out = acme.root.parent / "token"
    arguments = ["accounts", "connect", "acme", "-C", str(acme.root), "--port", "0"]
    result = CliRunner().invoke(socialauto, [*arguments, "--login", login, "--out", str(out)])
    assert words in f"{result.output}{result.exception or ''}"
    assert browser.faults == []
    assert out.exists() == ("agree_in_part" in clicks.__name__)
