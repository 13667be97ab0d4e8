"""Paid partnerships: said where it is true, by the log-in that can say it."""

from __future__ import annotations

from pathlib import Path

import pytest

from socialauto.core.outcome import Prepared
from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree
from support.instagram import Platform
from support.media_samples import jpeg

SPONSORED = "paid_partnership: true\nsponsors: ['17841400000000009']"


def team(root: Path, fields: str, login: str = "") -> Loaded:
    (root / "content").mkdir(parents=True)
    (root / "content/one.jpg").write_bytes(jpeg())
    (root / "socialauto.yaml").write_text(
        f"accounts:\n  acme: {{platform: instagram, id: '1', token: 'env:ACME'{login}}}\n"
        "media_host: {kind: url, base: 'https://media.example'}\n"
    )
    (root / "content/p.yaml").write_text(
        f"account: acme\ntime: 2026-12-01 09:00\ntext: Hello\n"
        f"media: [{{path: one.jpg, alt: A door}}]\n{fields}\n"
    )
    return load(WorkTree(root))


def test_the_platform_is_told_who_paid(platform: Platform, tmp_path: Path) -> None:
    state = team(tmp_path, SPONSORED)
    assert state.findings == ()
    (delivery,) = state.deliveries
    platform.files.bodies["content/one.jpg"] = jpeg()
    message = delivery.message
    ready = platform.run(lambda session, _: session.prepare(message, platform.files, None))
    assert isinstance(ready, Prepared)
    (container,) = platform.world.containers.values()
    assert container.draft.options["is_paid_partnership"] is True
    assert container.draft.options["branded_content_sponsor_ids"] == ("17841400000000009",)


@pytest.mark.parametrize("login", [", login: facebook", ""], ids=["facebook", "as usual"])
def test_facebook_login_can_say_it(tmp_path: Path, login: str) -> None:
    assert team(tmp_path, SPONSORED, login).findings == ()


def test_instagram_login_cannot(tmp_path: Path) -> None:
    found = team(tmp_path, SPONSORED, ", login: instagram").findings
    assert [(one.code, one.line, one.message) for one in found] == [
        ("SA210", 5, 'Instagram has "paid_partnership" for accounts with login: facebook only'),
        ("SA210", 6, 'Instagram has "sponsors" for accounts with login: facebook only'),
    ]


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ("sponsors: ['1']", "SA224", "sponsors are named for a paid partnership, and this is not"),
        (f"{SPONSORED[:-1]}, '2', '3']", "SA202", "there are 3 sponsors, Instagram takes at most"),
        ("paid_partnership: true\nsponsors: [acme]", "SA202", '"acme" is not the id of an account'),
    ],
)
def test_what_is_said_must_make_sense(tmp_path: Path, fields: str, code: str, message: str) -> None:
    (found,) = team(tmp_path, fields).findings
    assert (found.code, found.message[: len(message)]) == (code, message)
