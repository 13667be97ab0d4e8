"""Somebody who answers the sandbox's dialog: reads the page, ticks boxes, presses a button."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html.parser import HTMLParser

import httpx


class _Form(HTMLParser):
    """The boxes that are ticked when the page opens."""

    def __init__(self) -> None:
        super().__init__()
        self.ticked: list[tuple[str, str]] = []
        self.offered: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        field = dict(attrs)
        name = field.get("name")
        if tag == "input" and name and "disabled" not in field:
            pair = (name, field.get("value") or "on")
            self.offered.append(pair)
            if "checked" in field:
                self.ticked.append(pair)


@dataclass(frozen=True)
class Clicks:
    """What a person does with the dialog; by default what stands there, and Allow."""

    choice: str = "allow"
    accounts: Collection[str] | None = None
    without: Collection[str] = ()
    """Scopes whose box is cleared."""

    def filled(self, page: str) -> dict[str, list[str]]:
        form = _Form()
        form.feed(page)
        pairs = [pair for pair in form.ticked if pair[1] not in self.without]
        if self.accounts is not None:
            assert {("account", id) for id in self.accounts} <= set(form.offered)
            pairs = [pair for pair in pairs if pair[0] != "account"]
            pairs += [("account", id) for id in self.accounts]
        fields: dict[str, list[str]] = {"choice": [self.choice]}
        for name, value in pairs:
            fields.setdefault(name, []).append(value)
        return fields


async def answer_in_process(client: httpx.AsyncClient, url: str, clicks: Clicks) -> str:
    """Where the browser is sent in the end."""
    page = await client.get(url)
    assert page.status_code == 200, page.text
    sent = await client.post(url, data=clicks.filled(page.text))
    assert sent.status_code == 303, sent.text
    return sent.headers["location"]


def answer(url: str, clicks: Clicks) -> str:
    """The same, over a real connection."""
    with httpx.Client(trust_env=False, verify=False) as client:
        page = client.get(url)
        assert page.status_code == 200, page.text
        sent = client.post(url, data=clicks.filled(page.text))
        assert sent.status_code == 303, sent.text
        return sent.headers["location"]
