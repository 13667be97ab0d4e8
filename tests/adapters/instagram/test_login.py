"""From a person's yes to a token and to younger ones, against the emulated platform."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from socialauto.adapters.instagram.login import (
    AppSecrets,
    LoginError,
    Place,
    Refreshed,
    authorize_url,
    exchange_code,
    long_lived,
    refresh,
)
from socialauto.adapters.instagram.login_accounts import Lifetime, Reach, lifetime, visit
from socialauto.adapters.instagram.scopes import SCOPES, missing, wanted
from socialauto.sandbox.app import create_app
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.state import Account, Settings
from socialauto.sandbox.world import World
from support.dialog import Clicks, answer_in_process

pytestmark = pytest.mark.anyio

ACME, SECOND = "17841400000000001", "17841400000000002"
API = "http://sandbox"
BACK = "http://localhost:8917/callback"
APP = AppSecrets(APP_ID, APP_SECRET)
YES = Clicks()
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
BOTH = pytest.mark.parametrize("login", ["facebook", "instagram"])


class Meta:
    """The emulated platform, its clock, and every address it was asked."""

    def __init__(self, *accounts: Account) -> None:
        self.world = World(accounts or [Account(id=ACME, username="acme")])
        self.now = NOON
        self.asked: list[httpx.URL] = []
        self.seen: list[str] = []
        """The secrets that came by."""
        app = create_app(self.world, fetch=self._fetch, now=lambda: self.now)
        self._inner = InProcess(app)
        self.transport = httpx.MockTransport(self._record)
        self.client = httpx.AsyncClient(transport=self._inner, base_url=API)

    async def _fetch(self, _: str) -> Any:
        raise AssertionError("nothing is fetched here")

    async def _record(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request.url)
        answer = await self._inner.handle_async_request(request)
        await answer.aread()
        self.seen += re.findall(r'"access_token":"([^"]+)"', answer.text)
        return answer

    def fault(self, path: str, **rule: Any) -> None:
        self.world.faults.add(Fault(path=path, **rule))

    async def code(self, login: str, clicks: Clicks = YES) -> str:
        url = authorize_url(
            Place(login, API), app_id=APP_ID, redirect_uri=BACK, state="s",
            scopes=[scope.name for scope in SCOPES[login]],
        )  # fmt: skip
        where = await answer_in_process(self.client, url, clicks)
        return parse_qs(urlsplit(where).query)["code"][0]

    async def short(self, login: str, clicks: Clicks = YES) -> Refreshed:
        code = await self.code(login, clicks)
        return await exchange_code(Place(login, API), APP, code, BACK, self.transport)

    async def long(self, login: str, clicks: Clicks = YES) -> Refreshed:
        short = await self.short(login, clicks)
        return await long_lived(Place(login, API), APP, short.token, self.transport)

    async def reach(self, login: str, clicks: Clicks = YES) -> Reach:
        token = (await self.long(login, clicks)).token
        async with visit(Place(login, API), token, self.transport) as asking:
            return await asking.accounts()

    async def refresh(self, token: str, login: str = "instagram", **more: Any) -> Refreshed:
        return await refresh(token, login=login, api=API, transport=self.transport, **more)


@pytest.fixture
def meta(caplog: pytest.LogCaptureFixture) -> Iterator[Meta]:
    """Ends by looking for every token, and the app's secret, in the logs."""
    made = Meta()
    yield made
    # `caplog.text` would hold only what was logged since the test's end.
    logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    for secret in [*made.seen, APP_SECRET]:
        assert secret not in logged


# --- the dialog's address


@dataclass(frozen=True)
class Address:
    host: str
    path: str
    extra: dict[str, str]


@pytest.mark.parametrize(
    ("login", "another", "expected"),
    [
        ("facebook", False, Address("www.facebook.com", "/v25.0/dialog/oauth",
                                    {"auth_type": "rerequest"})),
        ("facebook", True, Address("www.facebook.com", "/v25.0/dialog/oauth",
                                   {"auth_type": "reauthenticate"})),
        ("instagram", False, Address("www.instagram.com", "/oauth/authorize", {})),
        ("instagram", True, Address("www.instagram.com", "/oauth/authorize",
                                    {"force_authentication": "1"})),
    ],
)  # fmt: skip
async def test_the_dialog_is_opened_at_the_variants_own_host(login, another, expected):
    url = authorize_url(
        Place(login), app_id="123", redirect_uri=BACK, state="a&b", scopes=["x", "y"],
        another=another,
    )  # fmt: skip
    parts = urlsplit(url)
    assert (parts.scheme, parts.netloc, parts.path) == ("https", expected.host, expected.path)
    assert parse_qs(parts.query) == {
        "client_id": ["123"],
        "redirect_uri": [BACK],
        "response_type": ["code"],
        "scope": ["x,y"],
        "state": ["a&b"],
        **{name: [value] for name, value in expected.extra.items()},
    }


async def test_a_configuration_of_the_app_takes_the_place_of_scopes():
    url = authorize_url(
        Place("facebook"), app_id="123", redirect_uri=BACK, state="s", scopes=["x"],
        config_id="77",
    )  # fmt: skip
    query = parse_qs(urlsplit(url).query)
    assert query["config_id"] == ["77"]
    assert "scope" not in query


async def test_each_call_has_its_own_host_unless_there_is_one_for_all():
    facebook, instagram = Place("facebook"), Place("instagram", None, "v26.0")
    assert (facebook.codes, facebook.graph) == (
        "https://graph.facebook.com", "https://graph.facebook.com/v25.0",
    )  # fmt: skip
    assert (instagram.codes, instagram.tokens, instagram.graph) == (
        "https://api.instagram.com", "https://graph.instagram.com",
        "https://graph.instagram.com/v26.0",
    )  # fmt: skip
    here = Place("instagram", "http://sandbox/")
    assert {here.people, here.codes, here.tokens} == {"http://sandbox"}


# --- codes and tokens


@BOTH
async def test_a_code_becomes_a_short_token_and_that_a_long_one(meta, login):
    short = await meta.short(login)
    long = await long_lived(Place(login, API), APP, short.token, meta.transport)
    assert long.token != short.token
    assert long.expires_in == timedelta(days=60)
    assert meta.world.tokens[long.token].long_lived


@pytest.mark.parametrize("wrapped", [True, False])
async def test_instagrams_answer_is_read_in_both_its_forms(meta, wrapped):
    meta.world.settings = Settings(wrapped_token=wrapped)
    short = await meta.short("instagram")
    assert set(short.scopes) == {scope.name for scope in SCOPES["instagram"]}


@BOTH
@pytest.mark.parametrize(
    ("change", "words", "cure"),
    [
        (
            {"secret": "another-secret"},
            "the app's secret is wrong",
            "check the app's id and secret",
        ),
        ({"id": "7"}, "there is no app with this id", "check the app's id and secret"),
        ({"back": BACK + "/"}, "the redirect address is not the one", "the very same --redirect"),
        ({"code": "AQnever"}, "exchanging the code", ""),
    ],
)
async def test_a_refused_code_says_what_is_wrong(meta, login, change, words, cure):
    code = change.get("code") or await meta.code(login)
    app = AppSecrets(change.get("id", APP_ID), change.get("secret", APP_SECRET))
    with pytest.raises(LoginError) as refused:
        await exchange_code(Place(login, API), app, code, change.get("back", BACK), meta.transport)
    assert words in refused.value.message
    assert cure in refused.value.hint
    assert not refused.value.passing
    for secret in (app.secret, code):
        assert secret not in f"{refused.value!r} {refused.value}"


@BOTH
async def test_a_code_is_used_up(meta, login):
    code = await meta.code(login)
    place = Place(login, API)
    await exchange_code(place, APP, code, BACK, meta.transport)
    with pytest.raises(LoginError, match="the code has been used"):
        await exchange_code(place, APP, code, BACK, meta.transport)


async def test_an_old_code_says_so(meta):
    code = await meta.code("facebook")
    meta.now += timedelta(hours=2)
    with pytest.raises(LoginError, match="the code is older than an hour"):
        await exchange_code(Place("facebook", API), APP, code, BACK, meta.transport)


# --- refreshing


async def test_a_token_lives_on_for_years_when_it_is_refreshed(meta):
    token = (await meta.long("instagram")).token
    for _ in range(20):
        meta.now += timedelta(days=45)
        token = (await meta.refresh(token)).token
    assert meta.world.tokens[token].expires == meta.now + timedelta(days=60)


async def test_the_token_is_in_the_header_unless_only_the_query_is_read(meta):
    token = (await meta.long("instagram")).token
    meta.now += timedelta(days=2)
    meta.asked.clear()
    renewed = await meta.refresh(token)
    assert [token in str(url) for url in meta.asked] == [False]
    meta.now += timedelta(days=2)
    meta.world.settings = Settings(token_endpoints_read_headers=False)
    meta.asked.clear()
    assert (await meta.refresh(renewed.token)).expires_in == timedelta(days=60)
    assert [renewed.token in str(url) for url in meta.asked] == [False, True]


async def test_an_expired_token_is_not_sent_again_in_an_address(meta):
    token = (await meta.long("instagram")).token
    meta.now += timedelta(days=60)
    meta.asked.clear()
    with pytest.raises(LoginError, match=r"the token has expired \(190/463\)") as refused:
        await meta.refresh(token)
    assert not refused.value.passing
    assert len(meta.asked) == 1


async def test_a_young_token_is_refused_and_says_why(meta):
    token = (await meta.long("instagram")).token
    with pytest.raises(LoginError, match="at least 24 hours old"):
        await meta.refresh(token)


async def test_a_person_s_token_is_exchanged_with_the_app(meta):
    token = (await meta.long("facebook")).token
    meta.now += timedelta(days=40)
    renewed = await meta.refresh(token, "facebook", app=APP)
    assert meta.world.tokens[renewed.token].expires == meta.now + timedelta(days=60)


async def test_without_the_app_that_is_impossible(meta):
    with pytest.raises(LoginError) as refused:
        await meta.refresh("token", "facebook")
    assert "SOCIALAUTO_APP_SECRET" in refused.value.hint
    assert not meta.asked


@BOTH
@pytest.mark.parametrize(
    "rule",
    [
        {"answer": "drop"},
        {"answer": "garbage", "status": 502},
        {"answer": "error", "code": 2},
        {"answer": "error", "code": 4, "status": 400, "transient": False},
        {"answer": "garbage", "status": 200},
    ],
    ids=str,
)
async def test_an_outage_is_no_refusal(meta, login, rule):
    token = (await meta.long(login)).token
    meta.now += timedelta(days=2)
    meta.fault("access_token", **rule)
    with pytest.raises(LoginError) as failed:
        await meta.refresh(token, login, app=APP)
    assert failed.value.passing
    assert token not in f"{failed.value!r} {failed.value}"
    # And nothing is lost by it.
    assert (await meta.refresh(token, login, app=APP)).expires_in == timedelta(days=60)


@pytest.mark.parametrize(
    "body",
    [{}, {"access_token": ""}, {"access_token": 7}, {"access_token": "two words"}, {"data": []}],
)
async def test_an_answer_without_a_token_is_none(body):
    transport = httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    with pytest.raises(LoginError, match="holds no token"):
        await refresh("t", login="instagram", transport=transport)


async def test_a_server_that_repeats_the_secret_is_not_quoted():
    def echo(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"error": {"code": 77, "message": str(request.url)}})

    with pytest.raises(LoginError) as refused:
        await refresh(
            "EAAGtokenthatisasecret", login="facebook", app=APP,
            transport=httpx.MockTransport(echo),
        )  # fmt: skip
    assert "EAAG" not in str(refused.value)
    assert APP_SECRET not in str(refused.value)
    assert "77" in str(refused.value)


async def test_no_repr_shows_a_secret(meta):
    reach = await meta.reach("facebook")
    token = await meta.long("instagram")
    shown = f"{APP!r} {token!r} {reach!r}"
    for secret in [APP_SECRET, *meta.seen]:
        assert secret not in shown


# --- what a token opens


async def test_an_instagram_token_opens_its_account_by_the_right_id(meta):
    (found,) = (await meta.reach("instagram")).accounts
    assert (found.id, found.username, found.account_type) == (ACME, "acme", "BUSINESS")


async def test_pages_are_found_wherever_they_are():
    ways = {"listed": ACME, "owned": SECOND, "client": "17841400000000003", "none": "178"}
    meta = Meta(*(Account(id=id, username=way, page=way) for way, id in ways.items()))
    reach = await meta.reach("facebook")
    assert [(found.id, found.username) for found in reach.accounts] == [
        (ways[way], way) for way in ("listed", "owned", "client")
    ]
    assert all(meta.world.tokens[found.token].kind == "page" for found in reach.accounts)


async def test_without_the_permission_the_pages_of_businesses_are_left_out():
    meta = Meta(Account(id=ACME, username="mine"), Account(id="178", username="x", page="owned"))
    reach = await meta.reach("facebook", Clicks(without=["business_management"]))
    assert [found.username for found in reach.accounts] == ["mine"]


async def test_a_long_list_is_read_to_its_end_and_never_by_its_address():
    ids = [f"178414{number:011}" for number in range(230)]
    meta = Meta(*(Account(id=id, username=f"n{id}") for id in ids))
    reach = await meta.reach("facebook", Clicks(accounts=ids))
    assert [found.id for found in reach.accounts] == ids
    lists = [url for url in meta.asked if url.path.endswith("/me/accounts")]
    assert len(lists) == 3
    assert not any("access_token=" in str(url) for url in lists)


async def test_a_page_without_a_professional_account_is_named():
    meta = Meta(Account(id=ACME, username="me", name="My Page", account_type="PERSONAL"))
    assert await meta.reach("facebook") == Reach((), ("My Page",))


async def test_a_username_that_cannot_be_read_is_no_obstacle(meta):
    meta.fault(f"^/{ACME}$")
    (found,) = (await meta.reach("facebook")).accounts
    assert (found.id, found.username) == (ACME, "")


async def test_an_outage_in_the_middle_is_told(meta):
    meta.fault("/me/businesses")
    with pytest.raises(LoginError, match="reading the businesses"):
        await meta.reach("facebook")


# --- permissions


async def test_what_was_declined_is_missing(meta):
    token = (await meta.long("facebook", Clicks(without=["instagram_manage_insights"]))).token
    async with visit(Place("facebook", API), token, meta.transport) as asking:
        granted = await asking.granted()
    gone = missing(wanted("facebook", publishing_only=False), granted)
    assert [(scope.name, scope.stops) for scope in gone] == [
        ("instagram_manage_insights", "insights are not read")
    ]


@BOTH
async def test_the_scopes_are_those_that_the_sandbox_knows(meta, login):
    """The dialog refuses unknown ones, so names that were mistyped cannot pass."""
    assert await meta.code(login)
    assert all(scope.required for scope in wanted(login, publishing_only=True))


# --- lives


async def test_the_platform_says_how_long_a_token_lives(meta):
    token = (await meta.long("facebook")).token
    life = await lifetime(Place("facebook", API), APP, token, meta.transport)
    assert life is not None
    assert life.expires == NOON + timedelta(days=60)
    assert life.data_access_expires == NOON + timedelta(days=90)


async def test_a_page_s_token_has_no_end(meta):
    (found,) = (await meta.reach("facebook")).accounts
    life = await lifetime(Place("facebook", API), APP, found.token, meta.transport)
    assert isinstance(life, Lifetime)
    assert life.expires is None


async def test_when_it_does_not_say_nothing_breaks(meta):
    meta.fault("debug_token", answer="garbage")
    assert await lifetime(Place("facebook", API), APP, "token", meta.transport) is None
    wrong = AppSecrets(APP_ID, "wrong")
    assert await lifetime(Place("facebook", API), wrong, "token", meta.transport) is None


def test_the_permission_to_delete_is_asked_for_by_wish_alone() -> None:
    names = {
        (only, deleting): "instagram_manage_contents"
        in [one.name for one in wanted("facebook", publishing_only=only, deleting=deleting)]
        for only in (False, True)
        for deleting in (False, True)
    }
    assert names == {
        (False, False): False,
        (False, True): True,
        (True, False): False,
        (True, True): True,
    }
