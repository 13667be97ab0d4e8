"""Independent clients, unchanged, on their way in: dialogs, codes, tokens, Pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.permissions import SCOPES
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings
from socialauto.sandbox.world import World
from support.dialog import Clicks, answer

ACME = "17841400000000001"
BACK = "https://team.example/back"
START = datetime(2026, 12, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


class Platform:
    def __init__(self) -> None:
        self.now = START
        self.world = World(
            [Account(id=ACME, username="acme")], settings=Settings(wrapped_token=False)
        )
        self.url = ""

    async def fetch(self, _: str):
        raise AssertionError("nothing is fetched here")

    def live(self, token: str) -> timedelta | None:
        """How long a token still lives."""
        expires = self.world.tokens[token].expires
        return None if expires is None else expires - self.now


@pytest.fixture
def platform(direct, monkeypatch):
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    made = Platform()
    app = create_app(made.world, fetch=made.fetch, now=lambda: made.now)
    with serve_in_thread(app) as running:
        made.url = running.url
        yield made


def facebook(platform: Platform):
    from pyfacebook import GraphAPI

    return GraphAPI(
        app_id=APP_ID, app_secret=APP_SECRET, oauth_flow=True, version="v24.0",
        base_url=f"{platform.url}/", authorization_url=f"{platform.url}/dialog/oauth",
        access_token_url=f"{platform.url}/oauth/access_token", redirect_uri=BACK,
        scope=["instagram_basic", "instagram_content_publish", "pages_show_list"], state="mine",
    )  # fmt: skip


def test_python_facebook_api_goes_all_the_way_with_facebook_login(platform):
    api = facebook(platform)
    url, state = api.get_authorization_url()
    assert state == "mine"
    token = api.exchange_user_access_token(response=answer(url, Clicks()))
    assert platform.live(token["access_token"]) == timedelta(minutes=90)
    long = api.exchange_long_lived_user_access_token()["access_token"]
    assert platform.live(long) == 60 * DAY
    (page,) = api.exchange_long_lived_page_access_token("me", access_token=long)["data"]
    assert page["access_token"] == api.exchange_page_access_token(page["id"], access_token=long)
    assert platform.live(page["access_token"]) is None
    granted = api.get_connection("me", "permissions", access_token=long)["data"]
    assert {"permission": "pages_show_list", "status": "granted"} in granted
    app = api.get_app_token()["access_token"]
    looked_at = api.debug_token(long, access_token=app)["data"]
    assert looked_at["is_valid"] is True
    assert looked_at["expires_at"] == int((START + 60 * DAY).timestamp())


def test_python_facebook_api_reads_a_refused_code(platform):
    from oauthlib.oauth2 import OAuth2Error

    api = facebook(platform)
    back = answer(api.get_authorization_url()[0], Clicks())
    api.exchange_user_access_token(response=back)
    with pytest.raises((OAuth2Error, KeyError, ValueError)):
        api.exchange_user_access_token(response=back)


def test_python_facebook_api_goes_all_the_way_with_instagram_login(platform):
    """Its class is named after an older product with the same endpoints."""
    from pyfacebook import BasicDisplayAPI

    api = BasicDisplayAPI(
        app_id=APP_ID, app_secret=APP_SECRET, oauth_flow=True, version="v24.0",
        base_url=f"{platform.url}/", authorization_url=f"{platform.url}/oauth/authorize",
        access_token_url=f"{platform.url}/oauth/access_token",
    )  # fmt: skip
    ask = {"redirect_uri": BACK, "scope": list(SCOPES["instagram"]), "state": "mine"}
    url, _ = api.get_authorization_url(**ask)
    back = answer(url, Clicks()).removesuffix("#_")
    token = api.exchange_user_access_token(response=back, **ask)
    assert platform.live(token["access_token"]) == timedelta(hours=1)
    long = api.exchange_long_lived_user_access_token()["access_token"]
    platform.now += 2 * DAY
    assert platform.live(api.refresh_access_token(long)["access_token"]) == 60 * DAY


@pytest.fixture
def long_lived(platform):
    """A long-lived token of Instagram Login, two days old."""
    from socialauto.sandbox.state import Token
    from socialauto.sandbox.tokens import issue

    token = Token(
        accounts=frozenset({ACME}), kind="instagram", issued=START - 2 * DAY,
        expires=START + 58 * DAY,
    )  # fmt: skip
    return issue(platform.world, token)


def test_instagram_publish_refreshes_its_token(platform, long_lived, monkeypatch):
    from instagram_publish import client

    monkeypatch.setitem(client.HOSTS, "instagram", platform.url)
    session = client.InstagramClient(long_lived, ACME, poll_interval=0)
    assert platform.live(session.refresh_token()["access_token"]) == 60 * DAY
    with pytest.raises(client.InstagramError, match="at least 24 hours old"):
        session.refresh_token()
    session.session.close()


def test_instagram_platform_sdk_refreshes_its_token(platform, long_lived):
    from instagram_platform import InstagramClient

    with InstagramClient(long_lived, ACME, base_url=platform.url) as session:
        young = session.auth.refresh_long_lived_token()
    assert platform.live(young.access_token) == 60 * DAY


def test_instagram_platform_sdk_exchanges_a_person_s_token_and_lists_the_pages(platform):
    from instagram_platform import InstagramClient

    api = facebook(platform)
    short = api.exchange_user_access_token(
        response=answer(api.get_authorization_url()[0], Clicks())
    )["access_token"]
    with InstagramClient(short, base_url=platform.url) as session:
        long = session.auth.exchange_facebook_long_lived_token(APP_ID, APP_SECRET)
        assert platform.live(long.access_token) == 60 * DAY
        (page,) = session.auth.get_facebook_user_pages().data
    assert page.instagram_business_account == {"id": ACME}
    assert platform.live(page.access_token) is None
