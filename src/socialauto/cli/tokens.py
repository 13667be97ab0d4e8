"""The accounts' tokens in a run: from the environment, or from the vault and kept alive there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from socialauto.cli.vaults import open_vault, secret_of
from socialauto.core.errors import SocialautoError
from socialauto.credentials.env import token
from socialauto.credentials.upkeep import Notice, Upkeep, check_alive
from socialauto.credentials.vault import MissingError, Opened, check_owner

if TYPE_CHECKING:
    import httpx

    from socialauto.adapters.instagram.login import AppSecrets
    from socialauto.core.config import Account, Config
    from socialauto.credentials.credential import Credential
    from socialauto.credentials.ports import Younger
    from socialauto.credentials.refresh import Which
    from socialauto.credentials.vault import Vault
    from socialauto.repository.git import Git

APP_ID = "SOCIALAUTO_APP_ID"
APP_SECRET = "SOCIALAUTO_APP_SECRET"  # noqa: S105  (a variable's name)

PATIENCE = 60.0
"""Seconds after which no further token is refreshed: posts wait, and the next run is near."""


def app_secrets(environment: Mapping[str, str]) -> AppSecrets | None:
    """The app in whose name tokens of Facebook Login are exchanged; CI gives empty values for
    secrets that do not exist."""
    id, secret = environment.get(APP_ID, ""), environment.get(APP_SECRET, "")
    if not (id and secret):
        return None
    from socialauto.adapters.instagram.login import AppSecrets

    return AppSecrets(id, secret)


@dataclass(frozen=True, slots=True)
class PlatformRefresher:
    """Asks the platform, where the account's configuration says it is."""

    account: Account
    app: AppSecrets | None
    transport: httpx.AsyncBaseTransport | None = None
    """None in production; tests hand one in."""

    async def __call__(self, credential: Credential, which: Which) -> Younger:
        from socialauto.adapters.instagram.login import refresh
        from socialauto.credentials.ports import Younger

        old = credential.token if which == "token" else credential.read_token
        assert old
        young = await refresh(
            old.get_secret_value(),
            login=credential.login,
            api=self.account.api,
            api_version=self.account.api_version,
            app=self.app,
            transport=self.transport,
        )
        return Younger(young.token, young.expires_in)


def upkeep_of(
    vault: Vault, account: Account, environment: Mapping[str, str], now: Callable[[], datetime]
) -> Upkeep:
    app = app_secrets(environment)
    return Upkeep(vault, PlatformRefresher(account, app), now, app is not None)


@dataclass(slots=True)
class Tokens:
    """Every token is looked up at the last moment; what is encrypted is read once a run."""

    git: Git
    config: Config
    environment: Mapping[str, str]
    now: Callable[[], datetime]
    _kept: dict[str, Credential | SocialautoError] = field(default_factory=dict)
    """By the secret's name."""
    _vault: Vault | None = None
    _sealed: Mapping[str, bytes] = field(default_factory=dict)

    def look_after(self, accounts: Iterable[str]) -> list[Notice]:
        """Open the encrypted tokens of these accounts and refresh those that end soon."""
        users = self._users(accounts)
        if not users:
            return []
        import anyio

        return anyio.run(self._look_after, users)

    def of(self, name: str) -> tuple[Account, str]:
        """The account as its token wants it to be asked, and the token.

        Raises `SocialautoError` that says why there is none.
        """
        account = self.config.accounts[name]
        secret = secret_of(account.token)
        if secret is None:
            return account, token(name, account.token, self.environment)
        if secret not in self._kept:
            self._open((secret,))
        credential = self._kept[secret]
        if isinstance(credential, SocialautoError):
            raise credential
        check_owner(credential, secret, account.id, account.platform, account.login)
        check_alive(credential, self.now())
        asked = account.model_copy(update={"login": credential.login})
        return asked, credential.token.get_secret_value()

    def for_reading(self, name: str) -> tuple[Account, str]:
        """As `of`, with the person's token for as long as it lives beside a Page's.

        Meta's references want it for insights.
        """
        account, secret = self.of(name)
        credential = self._kept.get(secret_of(account.token) or "")
        if credential is None or isinstance(credential, SocialautoError):
            return account, secret
        ended = credential.read_expires is not None and credential.read_expires <= self.now()
        if credential.read_token is None or ended:
            return account, secret
        return account, credential.read_token.get_secret_value()

    def _users(self, accounts: Iterable[str]) -> dict[str, str]:
        """Secret → the first account that names it."""
        users: dict[str, str] = {}
        for name in sorted(accounts):
            if secret := secret_of(self.config.accounts[name].token):
                users.setdefault(secret, name)
        return users

    def _open(self, secrets: Iterable[str]) -> None:
        """Read them once; what cannot be opened is kept as the reason why."""
        secrets = tuple(secrets)
        try:
            self._vault = open_vault(self.git, self.config, self.environment)
            self._sealed = self._vault.sealed()
        except SocialautoError as error:
            self._kept |= dict.fromkeys(secrets, error)
            return
        for secret in secrets:
            try:
                if secret not in self._sealed:
                    raise MissingError(secret)
                self._kept[secret] = self._vault.open(secret, self._sealed[secret])
            except SocialautoError as error:
                self._kept[secret] = error

    async def _look_after(self, users: Mapping[str, str]) -> list[Notice]:
        from anyio import current_time

        self._open(users)
        notices: list[Notice] = []
        begun = current_time()
        for secret, name in users.items():
            if current_time() - begun <= PATIENCE:
                notices += await self._keep(secret, name)
        return notices

    async def _keep(self, secret: str, name: str) -> list[Notice]:
        account, credential = self.config.accounts[name], self._kept[secret]
        try:
            if isinstance(credential, SocialautoError):
                raise credential
            check_owner(credential, secret, account.id, account.platform, account.login)
        except SocialautoError as error:
            # An account that is not connected yet disturbs nobody until something is due on it.
            return [Notice(f"{name}: {error}", alarm=not isinstance(error, MissingError))]
        assert self._vault
        upkeep = upkeep_of(self._vault, account, self.environment, self.now)
        opened = Opened(credential, self._sealed[secret])
        self._kept[secret] = await upkeep.keep(secret, opened)
        return upkeep.notices
