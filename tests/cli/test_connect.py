"""`accounts connect` against the emulated platform's own dialog, over real connections."""

from __future__ import annotations

import io
import logging
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import anyio
import click
import httpx
import pytest

from socialauto.adapters.instagram.scopes import SCOPES
from socialauto.cli import carrying, connect_dialog, socialauto
from socialauto.cli.connect_listening import listening
from socialauto.cli.exits import run
from socialauto.cli.vaults import open_vault
from socialauto.core.config import Config, LedgerSettings
from socialauto.core.errors import SocialautoError
from socialauto.core.recipients import Secrets
from socialauto.credentials.credential import Credential
from socialauto.credentials.keys import new_key
from socialauto.credentials.vault import Vault
from socialauto.engine.clock import SystemClock
from socialauto.repository.git import Git
from socialauto.sandbox.app import create_app
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.fetch import fetch
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.server import serve_in_thread
from socialauto.sandbox.state import Account, Settings
from socialauto.sandbox.world import World
from support.dialog import Clicks, answer
from support.repositories import git
from support.team import IG_ID, JUST_AFTER, Said, Team, team

if TYPE_CHECKING:
    from starlette.types import ASGIApp

KEY = new_key()
IDENTITY = KEY.file.splitlines()[-1]
SECOND = "17841400000000002"
BOTH = pytest.mark.parametrize("login", ["facebook", "instagram"])


@dataclass
class Ana:
    """A person at a terminal, with a browser, in a folder with a configuration."""

    root: Path
    url: str
    """The emulated platform's."""
    world: World
    place: tuple[str, ...]
    """Where the token goes unless a test says something else."""
    clicks: Clicks = field(default_factory=Clicks)
    before: Callable[[str], None] = lambda _: None
    """What happens before she answers the dialog, told the dialog's address."""
    visited: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    """Where the browser was sent."""
    pages: list[str] = field(default_factory=list)
    shown: str = ""
    printed: str = ""
    pasted: str = ""

    def launch(self, url: str) -> int:
        assert url.startswith(self.url), "nobody goes to the real platform here"
        self.visited.append(url)
        self.before(url)
        self.ended.append(answer(url, self.clicks))
        if self.ended[-1].startswith("http://localhost:"):
            with httpx.Client(trust_env=False, verify=False) as browser:
                self.pages.append(browser.get(self.ended[-1]).text)
        else:
            self.pasted = self.pasted or self.ended[-1]
        return 0

    def connect(self, *flags: str, name: str = "acme", folder: Path | None = None) -> Said:
        where = () if {"--out", "--print"} & set(flags) else self.place
        if where:
            Path(where[1]).unlink(missing_ok=True)
        fixed = ["-C", str(folder or self.root), "--port", "0"]
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = run(socialauto, ["accounts", "connect", name, *fixed, *where, *flags])
        said = Said(code, out.getvalue(), err.getvalue())
        self.shown += said.err + ("" if "--print" in flags else said.out)
        self.printed += said.out
        return said

    def stdin(self) -> Pasting:
        return Pasting(self)

    @property
    def token(self) -> str:
        """What is in the file."""
        return Path(self.place[1]).read_text().removesuffix("\n")

    @property
    def secrets(self) -> Iterator[str]:
        yield APP_SECRET
        yield from (token for token in self.world.tokens if token.startswith(("EAA", "IGA")))
        for where in self.ended:
            yield from parse_qs(urlsplit(where).query).get("code", [])


class Pasting(io.StringIO):
    """A terminal at which she pastes where her browser ended."""

    def __init__(self, ana: Ana) -> None:
        super().__init__()
        self._ana = ana
        self.lines: list[str] = []

    def readline(self, *_: int) -> str:
        return (self.lines.pop(0) if self.lines else self._ana.pasted) + "\n"


@pytest.fixture(scope="module")
def platform() -> Iterator[tuple[str, dict[str, ASGIApp]]]:
    """One server for all; each test puts its own world behind it."""
    behind: dict[str, ASGIApp] = {}

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await behind["app"](scope, receive, send)

    with serve_in_thread(app) as running:
        yield running.url, behind


@pytest.fixture(autouse=True)
def app_of_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALAUTO_APP_ID", APP_ID)
    monkeypatch.setenv("SOCIALAUTO_APP_SECRET", APP_SECRET)


CONFIG = """\
accounts:
  acme:
    platform: instagram
    id: "{id}"
    token: env:ACME_KEY
    api: {url}
"""


@pytest.fixture
def ana(
    tmp_path: Path, platform, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Ana]:
    """Her token goes to a file. Ends by looking for secrets in all that was shown or logged."""
    url, behind = platform
    world = World([Account(id=IG_ID, username="acme")])
    behind["app"] = create_app(world, fetch=fetch, now=lambda: SystemClock().now())
    root = tmp_path / "team"
    root.mkdir()
    (root / "socialauto.yaml").write_text(CONFIG.format(id=IG_ID, url=url))
    made = Ana(root, url, world, ("--out", str(tmp_path / "token")))
    yield from at_work(made, monkeypatch, caplog)


def at_work(ana: Ana, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> Any:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(click, "launch", ana.launch)
    monkeypatch.setattr(sys, "stdin", ana.stdin())
    yield ana
    with httpx.Client(base_url=ana.url, trust_env=False, verify=False) as client:
        served = "".join(client.get(path).text for path in ("/_sandbox/requests", "/", "/acme/"))
    logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    for secret in ana.secrets:
        assert secret not in ana.shown + served + "".join(ana.pages)
        # The browser of these tests logs the addresses with the codes that it visits itself.
        assert secret.startswith("AQ") or secret not in logged


@dataclass
class Keeping:
    """A whole team, whose tokens are kept encrypted."""

    team: Team
    ana: Ana

    @property
    def vault(self) -> Vault:
        config = Config(
            secrets=Secrets(recipients=(KEY.recipient,)),
            ledger=LedgerSettings(lineage=self.team.lineage),
        )
        return open_vault(Git(self.team.root), config, {"SOCIALAUTO_KEY": IDENTITY})

    def kept(self, name: str = "acme") -> Credential:
        return self.vault.get(name).credential


@pytest.fixture
def keeping(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Iterator[Keeping]:
    monkeypatch.setenv("SOCIALAUTO_KEY", IDENTITY)
    monkeypatch.setattr(carrying, "FLUSH_INTERVAL", 0.0)
    with team(tmp_path) as made:
        secrets = f"secrets: {{recipients: [{KEY.recipient}]}}\nledger:"
        made.write({"socialauto.yaml": made.config.replace("ledger:", secrets)})
        ana = Ana(made.root, made.url, made.world, ())
        for working in at_work(ana, monkeypatch, caplog):
            yield Keeping(made, working)
        kept = git(made.root, "log", "--all", "--patch")
        assert not [secret for secret in ana.secrets if secret in kept]


def nothing_was_kept(ana: Ana) -> bool:
    return not Path(ana.place[1]).exists()


# --- all the way


@BOTH
def test_an_account_is_connected_and_then_published_to(keeping: Keeping, login: str) -> None:
    said = keeping.ana.connect("--login", login)
    assert said.code == 0, said.err
    assert f"Connected acme to @acme ({IG_ID}" in said.out
    assert f"      login: {login}\n      token: secret:acme\n" in said.out
    assert "You can close this page" in keeping.ana.pages[0]
    keeping.team.configure("token: env:ACME_KEY", f"token: secret:acme\n    login: {login}")
    assert "says all of this already" in keeping.ana.connect("--another-login").out
    reconciled = keeping.team.reconcile(now=JUST_AFTER)
    assert reconciled.code == 0, reconciled.err + reconciled.out
    assert keeping.team.captions == ["Hello, world"]


def test_with_facebook_the_page_s_endless_token_is_kept_beside_the_person_s(
    stopped: datetime, keeping: Keeping
) -> None:
    keeping.ana.connect()
    kept = keeping.kept()
    tokens = keeping.team.world.tokens
    assert kept.read_token is not None
    assert tokens[kept.token.get_secret_value()].kind == "page"
    assert tokens[kept.read_token.get_secret_value()].kind == "user"
    assert (kept.login, kept.id, kept.username, kept.expires) == ("facebook", IG_ID, "acme", None)
    assert kept.read_expires == stopped + timedelta(days=60)
    assert kept.data_access_expires == stopped + timedelta(days=90)
    assert "instagram_content_publish" in kept.scopes


@pytest.mark.parametrize("wrapped", [True, False])
def test_with_instagram_the_long_lived_token_is_kept(
    stopped: datetime, keeping: Keeping, wrapped: bool
) -> None:
    keeping.team.world.settings = Settings(wrapped_token=wrapped)
    keeping.ana.connect("--login", "instagram")
    kept = keeping.kept()
    assert keeping.team.world.tokens[kept.token.get_secret_value()].long_lived
    assert (kept.login, kept.id, kept.read_token) == ("instagram", IG_ID, None)
    assert kept.expires == stopped + timedelta(days=60)
    assert "instagram_business_content_publish" in kept.scopes


def test_a_platform_that_does_not_say_how_long_is_taken_at_its_documentation(
    keeping: Keeping,
) -> None:
    keeping.team.world.faults.add(Fault(path="debug_token", times=None))
    assert keeping.ana.connect().code == 0
    assert keeping.kept().data_access_expires is not None


def test_connecting_again_replaces_the_token(keeping: Keeping) -> None:
    keeping.ana.connect("--login", "instagram")
    first = keeping.kept()
    keeping.ana.connect("--login", "instagram")
    assert keeping.kept().token != first.token


def test_the_newest_yes_wins_over_what_was_written_meanwhile(keeping: Keeping) -> None:
    def meanwhile(_: str) -> None:
        keeping.ana.before = lambda _: None
        keeping.ana.connect("--login", "instagram")

    keeping.ana.before = meanwhile
    assert keeping.ana.connect("--login", "instagram").code == 0
    newest = max(token.issued for token in keeping.team.world.tokens.values() if token.issued)
    assert keeping.team.world.tokens[keeping.kept().token.get_secret_value()].issued == newest


def test_without_a_key_a_token_can_be_kept_all_the_same(
    keeping: Keeping, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SOCIALAUTO_KEY")
    assert keeping.ana.connect().code == 0
    assert keeping.kept().id == IG_ID


# --- other places for the token


@BOTH
def test_a_token_is_written_to_a_file_for_its_owner_alone(
    ana: Ana, tmp_path: Path, login: str
) -> None:
    path = tmp_path / "other"
    said = ana.connect("--login", login, "--out", str(path))
    assert said.code == 0, said.err
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    token = ana.world.tokens[path.read_text().removesuffix("\n")]
    assert token.kind == {"facebook": "page", "instagram": "instagram"}[login]
    assert "as the secret\nACME_KEY" in said.out
    assert ("token: env:ACME_KEY" in said.out) == (login == "instagram")
    assert ("says all of this already" in said.out) == (login == "facebook")
    assert ("nobody renews it there" in said.out) == (login == "instagram")
    assert nothing_was_kept(ana)


def test_only_the_token_is_on_standard_output_when_it_is_asked_for(ana: Ana) -> None:
    said = ana.connect("--login", "instagram", "--print")
    (line,) = said.out.splitlines()
    assert ana.world.tokens[line].kind == "instagram"


def test_there_need_not_be_a_repository_yet(ana: Ana, tmp_path: Path) -> None:
    folder, path = tmp_path / "empty", tmp_path / "token"
    folder.mkdir()
    said = ana.connect(
        "--api", ana.url, "--out", str(path), name="new-shop", folder=folder
    )  # fmt: skip
    assert said.code == 0, said.err
    assert f'    new-shop:\n      platform: instagram\n      id: "{IG_ID}"\n' in said.out
    assert f"      api: {ana.url}\n" in said.out
    assert "NEW_SHOP_TOKEN" in said.out
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("team/token", "is inside the repository"),
        ("there", "exists already"),
        ("nowhere/token", "there is no folder"),
    ],
)
def test_a_bad_place_is_refused_before_anybody_logs_in(
    ana: Ana, tmp_path: Path, place: str, words: str
) -> None:
    (tmp_path / "there").write_text("mine")
    said = ana.connect("--out", str(tmp_path / place))
    assert (said.code, ana.visited) == (1, [])
    assert words in said.err
    assert (tmp_path / "there").read_text() == "mine"


def test_no_place_is_refused_before_anybody_logs_in(ana: Ana) -> None:
    ana.place = ()
    said = ana.connect()
    assert (said.code, ana.visited) == (1, [])
    assert "accounts new-key" in said.err
    assert "--out FILE" in said.err


# --- answers that are none


@BOTH
def test_a_no_is_taken_kindly(ana: Ana, login: str) -> None:
    ana.clicks = Clicks("cancel")
    said = ana.connect("--login", login)
    assert said.code == 1
    assert "the dialog was cancelled, so nothing has changed and nothing was stored" in said.err
    assert nothing_was_kept(ana)


def test_somebody_else_s_answer_is_ignored(ana: Ana) -> None:
    """A page elsewhere guesses the port and sends the browser there with a code of its own."""

    def intrude(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        with httpx.Client(trust_env=False, verify=False) as browser:
            for query in ("code=AQevil", "code=AQevil&state=guessed", "error=access_denied"):
                assert browser.get(f"{back}?{query}").status_code == 400
            assert browser.get(back.replace("callback", "favicon.ico")).status_code == 404
            assert browser.post(back).status_code == 404

    ana.before = intrude
    assert ana.connect().code == 0


def test_a_browser_that_says_nothing_does_not_stop_the_others(ana: Ana) -> None:
    silent: list[socket.socket] = []

    def connect_only(url: str) -> None:
        back = urlsplit(parse_qs(urlsplit(url).query)["redirect_uri"][0])
        silent.append(socket.create_connection(("127.0.0.1", back.port or 0)))

    ana.before = connect_only
    assert ana.connect().code == 0
    silent[0].close()


def test_nobody_is_waited_for_for_ever(virtual_time) -> None:
    backend, options = virtual_time

    async def wait() -> None:
        async def nobody() -> None:
            async with await anyio.connect_tcp("127.0.0.1", callback.port) as stream:
                await stream.send(b"GET /callback?code=x&state=theirs HTTP/1.1\r\n\r\n")
                await stream.receive()

        async with listening(0) as callback:
            await callback.wait("ours", timedelta(minutes=10), nobody)

    with pytest.raises(SocialautoError) as failed:
        anyio.run(wait, backend=backend, backend_options=options)
    assert "no answer came back from the dialog within 10 minutes" in failed.value.message
    assert "1 that came did not belong to this dialog" in failed.value.message
    assert "--paste" in failed.value.hint


def test_a_port_that_is_taken_is_named(ana: Ana) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = ana.connect("--port", str(port))
    assert (said.code, ana.visited) == (1, [])
    assert f"cannot listen on port {port}" in said.err


# --- pasting


@BOTH
def test_the_address_can_be_pasted(ana: Ana, login: str) -> None:
    said = ana.connect("--login", login, "--paste")
    assert said.code == 0, said.err
    assert ana.pasted.endswith({"facebook": "#_=_", "instagram": "#_"}[login])
    assert ana.pasted.startswith("https://localhost:8917/callback?code=")


def test_the_code_alone_can_be_pasted(ana: Ana) -> None:
    ana.before = lambda _: None
    browse = ana.launch

    def launch(url: str) -> int:
        browse(url)
        ana.pasted = parse_qs(urlsplit(ana.ended[-1]).query)["code"][0] + "#_"
        return 0

    click.launch = launch
    assert ana.connect("--paste").code == 0


def test_any_registered_address_can_be_named(ana: Ana) -> None:
    assert ana.connect("--redirect", "https://acme.example/back?x=1").code == 0
    assert ana.pasted.startswith("https://acme.example/back?x=1&code=")


def test_what_is_pasted_wrongly_can_be_pasted_again(ana: Ana) -> None:
    sys.stdin.lines = ["what?", "https://localhost:8917/callback?code=AQother&state=old"]
    said = ana.connect("--paste")
    assert said.code == 0
    assert "there is no code in this" in said.out
    assert "does not belong to the dialog that was just opened" in said.out


def test_an_address_of_an_earlier_dialog_is_refused(ana: Ana) -> None:
    ana.connect("--paste")
    old = ana.pasted
    sys.stdin.lines = [old, old, old]
    said = ana.connect("--paste")
    assert said.code == 1
    assert "does not belong" in said.err


def test_a_code_is_good_once(ana: Ana) -> None:
    ana.connect("--paste")
    sys.stdin.lines = [parse_qs(urlsplit(ana.pasted).query)["code"][0]]
    said = ana.connect("--paste")
    assert said.code == 1
    assert "the code has been used already" in said.err


def test_a_pasted_no_is_not_asked_for_again(ana: Ana) -> None:
    ana.clicks = Clicks("cancel")
    said = ana.connect("--paste")
    assert said.code == 1
    assert said.err.count("the dialog was cancelled") == 1


# --- what was granted


@pytest.mark.parametrize(
    ("login", "scope", "words"),
    [
        ("facebook", "instagram_content_publish", "nothing can be published"),
        ("facebook", "pages_show_list", "your Pages cannot be listed"),
        ("instagram", "instagram_business_content_publish", "nothing can be published"),
    ],
)
def test_a_permission_that_publishing_needs_is_insisted_on(
    ana: Ana, login: str, scope: str, words: str
) -> None:
    ana.clicks = Clicks(without=[scope])
    said = ana.connect("--login", login)
    assert said.code == 1
    assert f"without {scope} {words}" in said.err
    assert nothing_was_kept(ana)


@pytest.mark.parametrize(
    ("login", "scope"),
    [
        ("facebook", "instagram_manage_insights"),
        ("instagram", "instagram_business_manage_insights"),
    ],
)
def test_another_one_is_missed_aloud(ana: Ana, login: str, scope: str) -> None:
    ana.clicks = Clicks(without=[scope])
    said = ana.connect("--login", login)
    assert said.code == 0
    assert f"note: without {scope} insights are not read" in said.out


def test_less_can_be_asked_for(ana: Ana) -> None:
    said = ana.connect("--publishing-only")
    assert said.code == 0
    assert "note:" not in said.out
    assert "manage" not in ana.visited[0]


def test_a_configuration_of_the_app_can_say_what_is_asked_for(ana: Ana) -> None:
    assert ana.connect("--config-id", "77").code == 0
    assert "scope=" not in ana.visited[0]
    assert ana.connect("--config-id", "77", "--login", "instagram").code == 2


# --- which account


@pytest.fixture
def two(ana: Ana) -> Ana:
    """The log-in opens two accounts, and the configuration does not know which is meant."""
    ana.world.add_account(Account(id=SECOND, username="second", name="The Second"))
    return ana


def test_the_account_of_the_configuration_is_taken(two: Ana) -> None:
    assert two.connect().code == 0
    assert two.world.tokens[two.token].accounts == {IG_ID}


def test_another_one_than_the_configuration_s_is_refused(two: Ana) -> None:
    two.clicks = Clicks(accounts=[SECOND])
    said = two.connect("--login", "instagram")
    assert said.code == 1
    assert f"socialauto.yaml says id {IG_ID}, and the log-in opens @second ({SECOND})" in said.err
    assert "--another-login" in said.err
    assert nothing_was_kept(two)


def test_one_of_several_is_named_by_its_id(two: Ana) -> None:
    said = two.connect("--id", SECOND, "--api", two.url, name="second")
    assert said.code == 0, said.err
    assert two.world.tokens[two.token].accounts == {SECOND}
    assert f"Connected second to @second ({SECOND}, Page The Second)." in said.out


def test_where_nobody_can_answer_the_choice_is_listed(two: Ana) -> None:
    said = two.connect("--api", two.url, name="second")
    assert said.code == 1
    assert f"the log-in opens 2 accounts: @acme ({IG_ID}, Page acme), @second" in said.err
    assert "--id" in said.err


def test_a_person_is_asked_which(two: Ana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    sys.stdin.lines = ["7", "2"]
    said = two.connect("--api", two.url, name="second")
    assert said.code == 0, said.err
    assert f"  2. @second ({SECOND}, Page The Second)" in said.err
    assert two.world.tokens[two.token].accounts == {SECOND}


def test_a_personal_account_is_refused_with_what_to_do(ana: Ana) -> None:
    account = ana.world.accounts[IG_ID]
    ana.world.add_account(replace(account, account_type="PERSONAL"))
    said = ana.connect("--login", "instagram")
    assert said.code == 1
    assert "is a personal account" in said.err
    assert "Switch to professional account" in said.err
    said = ana.connect("--login", "facebook")
    assert "no professional Instagram account is linked with your Pages (acme)" in said.err
    assert nothing_was_kept(ana)


def test_a_creator_s_account_is_as_good(ana: Ana) -> None:
    account = ana.world.accounts[IG_ID]
    ana.world.add_account(replace(account, account_type="MEDIA_CREATOR"))
    assert ana.connect("--login", "instagram").code == 0


def test_no_page_is_explained(ana: Ana) -> None:
    ana.clicks = Clicks(accounts=[])
    said = ana.connect()
    assert said.code == 1
    assert "opens no Facebook Page" in said.err
    assert "--login instagram" in said.err


# --- the app


@pytest.mark.parametrize("variable", ["SOCIALAUTO_APP_ID", "SOCIALAUTO_APP_SECRET"])
def test_an_app_is_needed(ana: Ana, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.delenv(variable)
    said = ana.connect()
    assert (said.code, ana.visited) == (1, [])
    assert f"set {variable}" in said.err


def test_a_wrong_secret_is_told(ana: Ana, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOCIALAUTO_APP_SECRET", "another-secret-of-somebody")
    said = ana.connect()
    assert said.code == 1
    assert "the app's secret is wrong" in said.err
    assert "another-secret-of-somebody" not in said.err


def test_an_outage_leaves_everything_as_it_was(ana: Ana) -> None:
    ana.world.faults.add(Fault(path="/me/permissions"))
    said = ana.connect()
    assert said.code == 1
    assert "try again later" in said.err
    assert nothing_was_kept(ana)


# --- flags


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--api", "http://platform.example"), "begins with https://"),
        (("--api", "ftp://x"), "begins with https://"),
        (("--redirect", "localhost"), "begins with https://"),
    ],
)
def test_a_token_travels_encrypted_or_not_at_all(
    ana: Ana, flags: tuple[str, ...], words: str
) -> None:
    said = ana.connect(*flags)
    assert (said.code, ana.visited) == (2, [])
    assert words in said.err


def test_a_name_that_could_be_no_account_is_refused(ana: Ana) -> None:
    assert ana.connect(name="../acme").code == 2


def test_no_browser_is_opened_when_none_is_wanted(ana: Ana) -> None:
    async def come_back(asking: connect_dialog.Asking, url: str) -> None:
        assert not asking.way.browser
        await anyio.to_thread.run_sync(partial(ana.launch, url))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(click, "launch", lambda _: pytest.fail("a browser was opened"))
        patch.setattr(connect_dialog, "_launch", come_back)
        said = ana.connect("--no-browser")
    assert said.code == 0
    assert ana.visited[0] in said.out


# --- the page about it


def test_the_documentation_tells_the_permissions(project_root: Path) -> None:
    page = (project_root / "docs" / "connecting.md").read_text(encoding="utf-8")
    told = page.split("tests/cli/test_connect.py) -->\n")[1].split("<!-- scopes: end")[0]
    rows = [
        f"| `{scope.name}` | {scope.stops}{' (needed)' if scope.required else ''} |"
        for scopes in SCOPES.values()
        for scope in scopes
    ]
    assert told.splitlines()[2:] == rows


def test_the_documentation_tells_the_sandbox_s_app(project_root: Path) -> None:
    for name in ("connecting.md", "sandbox.md"):
        page = (project_root / "docs" / name).read_text(encoding="utf-8")
        assert f"SOCIALAUTO_APP_ID={APP_ID} SOCIALAUTO_APP_SECRET={APP_SECRET}" in page
