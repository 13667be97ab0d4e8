"""The way in: the dialog, codes, tokens and their lives, in both variants."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

import pytest

from socialauto.sandbox.app import create_app
from socialauto.sandbox.inprocess import InProcess
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.storage import FolderStorage
from socialauto.sandbox.tokens import issue
from socialauto.sandbox.world import World

pytestmark = pytest.mark.anyio
ACME = "17841400000000001"
OTHER = "17841400000000002"
BACK = "https://team.example/callback"
DIALOG = {"facebook": "/v25.0/dialog/oauth", "instagram": "/oauth/authorize"}
SCOPES = {
    "facebook": "instagram_basic,instagram_content_publish,pages_show_list",
    "instagram": "instagram_business_basic,instagram_business_content_publish",
}
APP = {"client_id": APP_ID, "client_secret": APP_SECRET, "redirect_uri": BACK}


class Person:
    """Somebody with a browser, who clicks."""

    def __init__(self, platform) -> None:
        self.platform = platform
        self.client = platform.client
        del self.client.headers["Authorization"]

    async def dialog(self, login: str, **changes):
        ask = {
            "client_id": APP_ID, "redirect_uri": BACK, "response_type": "code",
            "scope": SCOPES[login], "state": "st&te",
        } | changes  # fmt: skip
        return await self.client.get(DIALOG[login], params=ask)

    async def click(self, login: str, choice: str = "allow", *, accounts=(ACME,), scopes=None):
        """Where the browser is sent."""
        shown = await self.dialog(login)
        granted = SCOPES[login].split(",") if scopes is None else scopes
        form = {"choice": choice, "account": list(accounts), "scope": granted}
        answer = await self.client.post(str(shown.url), data=form)
        assert answer.status_code == 303, answer.text
        return answer.headers["location"]

    async def code(self, login: str, **clicks) -> str:
        return parse_qs(urlsplit(await self.click(login, **clicks)).query)["code"][0]

    async def redeem(self, login: str, code: str, **changes):
        fields = {**APP, "code": code, **changes}
        if login == "facebook":
            return await self.client.get("/v25.0/oauth/access_token", params=fields)
        fields = {"grant_type": "authorization_code", **fields}
        return await self.client.post("/oauth/access_token", data=fields)

    async def short(self, login: str, **clicks) -> str:
        answer = (await self.redeem(login, await self.code(login, **clicks))).json()
        return (answer["data"][0] if "data" in answer else answer)["access_token"]

    async def long(self, login: str, **clicks) -> str:
        return (await self.prolong(login, await self.short(login, **clicks))).json()["access_token"]

    async def prolong(self, login: str, token: str):
        if login == "facebook":
            fields = {**APP, "grant_type": "fb_exchange_token", "fb_exchange_token": token}
            return await self.client.get("/v25.0/oauth/access_token", params=fields)
        fields = {
            "grant_type": "ig_exchange_token", "client_secret": APP_SECRET, "access_token": token,
        }  # fmt: skip
        return await self.client.get("/access_token", params=fields)

    async def refresh(self, token: str, **headers: str):
        fields = {"grant_type": "ig_refresh_token", "access_token": token}
        return await self.client.get("/refresh_access_token", params=fields, headers=headers)

    async def get(self, path: str, token: str, **params: str):
        answer = await self.client.get(
            path, params=params, headers={"Authorization": f"Bearer {token}"}
        )
        return answer.json()


@pytest.fixture
def ana(platform) -> Person:
    return Person(platform)


def codes(answer) -> tuple[int, int | None]:
    assert answer.status_code == 400
    error = answer.json()["error"]
    return error["code"], error.get("error_subcode")


BOTH = pytest.mark.parametrize("login", ["facebook", "instagram"])


# --- the dialog


@BOTH
async def test_the_dialog_says_who_asks_for_what(ana, login):
    page = await ana.dialog(login)
    assert page.status_code == 200
    for words in (APP_ID, "https://team.example", "Allow", "Cancel", "acme"):
        assert words in page.text
    for scope in SCOPES[login].split(",")[1:]:
        assert f'name="scope" value="{scope}" checked' in page.text
    policy = page.headers["content-security-policy"]
    assert "form-action 'self' https://team.example;" in policy + ";"
    assert page.headers["cache-control"] == "no-store"


@BOTH
async def test_a_yes_brings_a_code_and_the_state_back(ana, login):
    where = urlsplit(await ana.click(login))
    assert f"{where.scheme}://{where.netloc}{where.path}" == BACK
    answer = parse_qs(where.query)
    assert set(answer) == {"code", "state"}
    assert answer["state"] == ["st&te"]
    assert where.fragment == {"facebook": "_=_", "instagram": "_"}[login]


@BOTH
async def test_a_no_is_told_to_the_app(ana, login):
    answer = parse_qs(urlsplit(await ana.click(login, "cancel")).query)
    assert answer["error"] == ["access_denied"]
    assert answer["error_reason"] == ["user_denied"]
    assert answer["state"] == ["st&te"]
    assert "code" not in answer


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "1"},
        {"redirect_uri": ""},
        {"redirect_uri": "http://team.example/"},
        {"redirect_uri": "http://127.0.0.1:80/"},
        {"redirect_uri": "https://team.example/#part"},
        {"redirect_uri": "https://team.example;evil/"},
        {"redirect_uri": "javascript:alert(1)"},
        {"response_type": "token"},
        {"scope": "instagram_basic,business_content_publish"},
    ],
)
async def test_an_app_that_asks_wrongly_is_sent_nothing(ana, login, change):
    page = await ana.dialog(login, **change)
    assert page.status_code == 400
    assert "cannot be let in" in page.text
    posted = await ana.client.post(str(page.url), data={"choice": "allow", "account": ACME})
    assert posted.status_code == 400


async def test_what_was_not_asked_for_is_not_granted(ana):
    more = [*SCOPES["facebook"].split(","), "ads_management"]
    token = await ana.short("facebook", scopes=more)
    rows = (await ana.get("/me/permissions", token))["data"]
    assert "ads_management" not in {row["permission"] for row in rows}


@pytest.mark.parametrize("accounts", [[], ["1"], [ACME, OTHER]])
async def test_instagram_lets_an_app_in_to_one_account(ana, accounts):
    shown = await ana.dialog("instagram")
    form = {"choice": "allow", "account": accounts}
    assert (await ana.client.post(str(shown.url), data=form)).status_code == 400


async def test_instagram_wants_its_basic_scope(ana):
    page = await ana.dialog("instagram", scope="instagram_business_content_publish")
    assert page.status_code == 400


async def test_what_an_app_writes_is_escaped(ana):
    page = await ana.dialog("facebook", redirect_uri="https://x/<script>", state="<script>")
    assert "<script>" not in page.text


@pytest.mark.parametrize("scope", ["instagram_basic pages_show_list", " instagram_basic,,"])
async def test_scopes_may_stand_in_both_forms(ana, scope):
    assert (await ana.dialog("facebook", scope=scope)).status_code == 200


# --- codes


@BOTH
async def test_a_code_is_good_once(ana, login):
    code = await ana.code(login)
    assert (await ana.redeem(login, code)).status_code == 200
    assert (await ana.redeem(login, code)).status_code == 400


@BOTH
async def test_a_code_dies_after_an_hour(ana, login):
    code = await ana.code(login)
    ana.platform.clock.turn(hours=1)
    assert (await ana.redeem(login, code)).status_code == 400


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"client_id": "1"},
        {"client_secret": "wrong"},
        {"redirect_uri": BACK + "/"},
        {"code": "AQmadeup"},
        {"code": ""},
    ],
)
async def test_what_stands_beside_a_code_must_be_right(ana, login, change):
    code = await ana.code(login)
    answer = await ana.redeem(login, **{"code": code, **change})
    assert answer.status_code == 400
    assert ("error" in answer.json()) == (login == "facebook")
    # The mistake has not used the code up.
    assert (await ana.redeem(login, code)).status_code == 200


async def test_instagram_says_no_in_a_form_of_its_own(ana):
    answer = await ana.redeem("instagram", "AQmadeup")
    assert answer.json() == {
        "error_type": "OAuthException",
        "code": 400,
        "error_message": "Matching code was not found or was already used",
    }


async def test_facebook_says_no_in_its_envelope(ana):
    code = await ana.code("facebook")
    assert codes(await ana.redeem("facebook", code, redirect_uri="https://other/")) == (100, 36008)
    await ana.redeem("facebook", code)
    assert codes(await ana.redeem("facebook", code)) == (100, 36009)


async def test_instagram_answers_a_code_in_either_form(ana):
    wrapped = (await ana.redeem("instagram", await ana.code("instagram"))).json()["data"][0]
    assert wrapped["permissions"] == SCOPES["instagram"]
    ana.platform.world.settings = Settings(wrapped_token=False)
    bare = (await ana.redeem("instagram", await ana.code("instagram"))).json()
    assert bare["permissions"] == SCOPES["instagram"].split(",")
    # Neither names the account's id: that is `user_id` of /me.
    assert wrapped["user_id"] == str(bare["user_id"]) == "9" + ACME[1:]


async def test_the_code_of_one_variant_is_not_redeemed_by_get_for_the_other(ana):
    code = await ana.code("instagram")
    answer = await ana.redeem("facebook", code)
    assert answer.json()["error_type"] == "OAuthException"


# --- tokens of Instagram Login


async def test_a_short_token_lives_an_hour_and_a_long_one_sixty_days(ana):
    short = await ana.short("instagram")
    answer = (await ana.prolong("instagram", short)).json()
    assert answer["token_type"] == "bearer"
    assert answer["expires_in"] == 60 * 86_400
    ana.platform.clock.turn(hours=1)
    assert (await ana.get("/me", short))["error"]["error_subcode"] == 463
    ana.platform.clock.turn(days=60, hours=-1, seconds=-1)
    assert (await ana.get("/me", answer["access_token"], fields="user_id"))["user_id"] == ACME
    ana.platform.clock.turn(seconds=1)
    assert (await ana.get("/me", answer["access_token"]))["error"]["error_subcode"] == 463


async def test_a_token_is_refreshed_from_a_day_on_until_it_ends(ana):
    token = await ana.long("instagram")
    ana.platform.clock.turn(hours=24, seconds=-1)
    assert codes(await ana.refresh(token)) == (100, None)
    ana.platform.clock.turn(seconds=1)
    renewed = (await ana.refresh(token)).json()
    assert renewed["expires_in"] == 60 * 86_400
    assert renewed["access_token"] != token
    # Twice in a day it is not.
    assert (await ana.refresh(renewed["access_token"])).status_code == 400
    ana.platform.clock.turn(days=60)
    assert codes(await ana.refresh(renewed["access_token"])) == (190, 463)


@pytest.mark.parametrize(
    ("way", "new", "old_lives"),
    [("new", True, True), ("same", False, True), ("replaced", True, False)],
)
async def test_what_becomes_of_the_old_token_can_be_chosen(ana, way, new, old_lives):
    ana.platform.world.settings = Settings(renewed=way)
    token = await ana.long("instagram")
    ana.platform.clock.turn(days=2)
    renewed = (await ana.refresh(token)).json()["access_token"]
    assert (renewed != token) == new
    assert ("error" not in await ana.get("/me", token)) == old_lives
    assert "error" not in await ana.get("/me", renewed)


async def test_only_long_tokens_are_refreshed_and_only_short_ones_prolonged(ana):
    short, long = await ana.short("instagram"), await ana.long("instagram")
    ana.platform.clock.turn(minutes=30)
    refused = await ana.refresh(short)
    assert "Only long-lived tokens" in refused.json()["error"]["message"]
    assert (await ana.prolong("instagram", long)).status_code == 400


async def test_each_variant_exchanges_its_own_tokens_only(ana):
    facebook, instagram = await ana.long("facebook"), await ana.long("instagram")
    short = await ana.short("facebook")
    ana.platform.clock.turn(days=2)
    assert codes(await ana.refresh(facebook)) == (100, None)
    assert codes(await ana.prolong("facebook", instagram)) == (100, None)
    ana.platform.clock.turn(days=-2)
    assert codes(await ana.prolong("instagram", short)) == (100, None)


async def test_refreshing_needs_the_basic_permission(ana):
    token = issue(
        ana.platform.world,
        Token(
            frozenset({ACME}), kind="instagram", scopes=frozenset({"instagram_business_x"}),
        ),
    )  # fmt: skip
    assert codes(await ana.refresh(token)) == (10, None)


async def test_a_token_may_be_wanted_in_the_query(ana):
    token = await ana.long("instagram")
    ana.platform.clock.turn(days=2)
    ana.platform.world.settings = Settings(token_endpoints_read_headers=False)
    answer = await ana.client.get(
        "/refresh_access_token",
        params={"grant_type": "ig_refresh_token"},
        headers={"Authorization": f"Bearer {token}"},
    )
    assert codes(answer) == (190, None)
    assert (await ana.refresh(token)).status_code == 200


@pytest.mark.parametrize("path", ["/access_token", "/refresh_access_token"])
async def test_these_are_only_read(ana, path):
    assert (await ana.client.post(path, data={"access_token": "good"})).status_code == 400


async def test_a_wrong_secret_prolongs_nothing(ana):
    fields = {
        "grant_type": "ig_exchange_token",
        "client_secret": "wrong",
        "access_token": await ana.short("instagram"),
    }
    assert codes(await ana.client.get("/access_token", params=fields)) == (1, None)


async def test_an_instagram_token_sees_its_one_account(ana):
    token = await ana.long("instagram", accounts=[OTHER])
    me = await ana.get("/me", token, fields="user_id,username,account_type")
    assert (me["user_id"], me["username"], me["account_type"]) == (OTHER, "other", "BUSINESS")
    assert me["id"] != OTHER
    assert (await ana.get(f"/{ACME}", token))["error"]["error_subcode"] == 33
    assert (await ana.get("/me/accounts", token))["error"]["code"] == 100


# --- tokens of Facebook Login


async def test_a_page_token_of_a_long_lived_one_has_no_end(ana):
    short, long = await ana.short("facebook"), await ana.long("facebook")
    pages = [(await ana.get("/me/accounts", token))["data"][0] for token in (short, long)]
    ana.platform.clock.turn(days=400)
    read = [await ana.get(f"/{ACME}", page["access_token"]) for page in pages]
    assert read[0]["error"]["error_subcode"] == 463
    assert read[1]["id"] == ACME


async def test_a_page_has_the_same_token_every_time(ana):
    token = await ana.long("facebook")
    first, second = [(await ana.get("/me/accounts", token))["data"] for _ in range(2)]
    assert first == second
    page = await ana.get(f"/{first[0]['id']}", token, fields="access_token")
    assert page["access_token"] == first[0]["access_token"]


async def test_a_long_token_can_be_exchanged_until_it_has_ended(ana):
    token = await ana.long("facebook")
    ana.platform.clock.turn(days=59)
    again = (await ana.prolong("facebook", token)).json()
    assert again["access_token"] != token
    ana.platform.clock.turn(days=1)
    assert codes(await ana.prolong("facebook", token)) == (190, 463)


async def test_permissions_say_what_was_declined(ana):
    token = await ana.short("facebook", scopes=["instagram_basic"])
    rows = (await ana.get("/me/permissions", token))["data"]
    assert {row["permission"]: row["status"] for row in rows} == {
        "public_profile": "granted",
        "instagram_basic": "granted",
        "instagram_content_publish": "declined",
        "pages_show_list": "declined",
    }


async def test_removing_the_app_ends_all_its_tokens(ana):
    token = await ana.long("facebook")
    page = (await ana.get("/me/accounts", token))["data"][0]["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    answer = await ana.client.delete("/me/permissions", headers=bearer)
    assert answer.json() == {"success": True}
    for dead in (token, page):
        assert (await ana.get("/me", dead))["error"]["code"] == 190


def _team(platform) -> Iterable[str]:
    """Ids of three more accounts whose Pages are reached in three ways."""
    for number, page in enumerate(("owned", "client", "none"), start=3):
        id = f"1784140000000000{number}"
        platform.world.add_account(Account(id=id, username=page, page=page))
        yield id


async def test_pages_come_in_parts(ana):
    token = await ana.long("facebook", accounts=[ACME, OTHER])
    first = await ana.get("/me/accounts", token, limit="1", fields="id")
    assert len(first["data"]) == 1
    assert "access_token" not in first["paging"]["next"]
    after = first["paging"]["cursors"]["after"]
    second = await ana.get("/me/accounts", token, limit="1", fields="id", after=after)
    assert second["data"] != first["data"]
    assert "next" not in second["paging"]


async def test_pages_of_businesses_are_found_there(ana, monkeypatch):
    ids = list(_team(ana.platform))
    scopes = SCOPES["facebook"] + ",business_management"
    monkeypatch.setitem(SCOPES, "facebook", scopes)
    token = await ana.long("facebook", accounts=[ACME, *ids])
    listed = (await ana.get("/me/accounts", token))["data"]
    business = (await ana.get("/me/businesses", token))["data"][0]["id"]
    owned = (await ana.get(f"/{business}/owned_pages", token))["data"]
    client = (await ana.get(f"/{business}/client_pages", token))["data"]
    names = [[page["name"] for page in pages] for pages in (listed, owned, client)]
    assert names == [["Acme & Sons"], ["owned"], ["client"]]


async def test_businesses_need_their_permission(ana):
    list(_team(ana.platform))
    token = await ana.long("facebook")
    assert (await ana.get("/me/businesses", token))["error"]["code"] == 200


async def test_without_its_permission_the_list_of_pages_is_empty(ana):
    token = await ana.long("facebook", scopes=["instagram_basic"])
    assert await ana.get("/me/accounts", token) == {"data": []}


async def test_a_personal_account_is_linked_to_no_page(ana):
    ana.platform.world.add_account(Account(id="178", username="me", account_type="PERSONAL"))
    token = await ana.long("facebook", accounts=["178"])
    (page,) = (await ana.get("/me/accounts", token))["data"]
    assert "instagram_business_account" not in page


# --- permissions on the edges


@BOTH
async def test_publishing_needs_its_permission(ana, login):
    basic = {"facebook": "instagram_basic", "instagram": "instagram_business_basic"}[login]
    token = await ana.long(login, scopes=[basic])
    bearer = {"Authorization": f"Bearer {token}"}
    for path in (f"/{ACME}/media", f"/{ACME}/media_publish"):
        answer = await ana.client.post(path, headers=bearer, data={"image_url": "https://x/y"})
        assert codes(answer) == (10, None)
    assert (await ana.get(f"/{ACME}", token, fields="username"))["username"] == "acme"


@BOTH
async def test_with_it_a_post_goes_out(ana, login):
    token = await ana.long(login)
    bearer = {"Authorization": f"Bearer {token}"}
    data = {"image_url": ana.platform.photo}
    made = await ana.client.post(f"/{ACME}/media", headers=bearer, data=data)
    ana.platform.clock.turn(seconds=10)
    data = {"creation_id": made.json()["id"]}
    answer = await ana.client.post(f"/{ACME}/media_publish", headers=bearer, data=data)
    assert answer.status_code == 200, answer.text
    assert len(ana.platform.world.log) == 1


# --- looking at a token


async def test_a_token_can_be_looked_at(ana):
    token = await ana.long("facebook")
    now = int(ana.platform.clock.now().timestamp())
    app = f"{APP_ID}|{APP_SECRET}"
    data = (await ana.get("/debug_token", app, input_token=token))["data"]
    assert data["is_valid"] is True
    assert data["expires_at"] == now + 60 * 86_400
    assert data["data_access_expires_at"] == now + 90 * 86_400
    assert "instagram_content_publish" in data["scopes"]
    page = (await ana.get("/me/accounts", token))["data"][0]["access_token"]
    data = (await ana.get("/debug_token", app, input_token=page))["data"]
    assert (data["type"], data["expires_at"]) == ("PAGE", 0)
    ana.platform.clock.turn(days=60)
    data = (await ana.get("/debug_token", app, input_token=token))["data"]
    assert (data["is_valid"], data["error"]["subcode"]) == (False, 463)
    data = (await ana.get("/debug_token", app, input_token="nobody's"))["data"]
    assert data["is_valid"] is False


async def test_strangers_look_at_no_token(ana):
    answer = await ana.get("/debug_token", f"{APP_ID}|wrong", input_token="good")
    assert answer["error"]["code"] == 190


# --- memory


async def test_tokens_outlive_a_restart(tmp_path, ana):
    def world() -> World:
        return World([Account(id=ACME, username="acme")], storage=FolderStorage(tmp_path))

    async def fetch(_):
        raise AssertionError

    first = world()
    clock = ana.platform.clock.now
    ana.client._transport = InProcess(create_app(first, fetch=fetch, now=clock))
    token = await ana.long("instagram")
    first.storage.close()
    second = world()
    ana.client._transport = InProcess(create_app(second, fetch=fetch, now=clock))
    assert (await ana.get("/me", token, fields="user_id"))["user_id"] == ACME
    assert await ana.long("instagram") != token
    second.storage.close()


async def test_the_journal_shows_no_secret(ana):
    code = await ana.code("facebook")
    token = (await ana.redeem("facebook", code)).json()["access_token"]
    await ana.prolong("facebook", token)
    await ana.get("/debug_token", token, input_token=token)
    pages = [await ana.client.get(path) for path in ("/_sandbox/requests", "/_sandbox/log", "/")]
    text = json.dumps([page.text for page in pages])
    for secret in (APP_SECRET, code, token):
        assert secret not in text
    assert "fb_exchange_token" in text
