"""What `doctor` and `accounts check` look at in each account: its token, its rights, its limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from socialauto.cli.probing import SkipCheckError, guarded_async, verdict
from socialauto.core.account_checkup import (
    Life,
    judge_life,
    judge_quota,
    judge_scopes,
    judge_type,
    judge_usage,
    judge_version,
)
from socialauto.core.checkup import Check, Status
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from datetime import timedelta

    from socialauto.adapters.instagram.login_accounts import Lifetime
    from socialauto.adapters.protocol import Session, Vitals
    from socialauto.core.clock import Clock
    from socialauto.core.config import Account, Config
    from socialauto.credentials.credential import Credential
    from socialauto.credentials.vault import Vault
    from socialauto.repository.git import Git

ASKED = ("accepted", "account-type", "scopes", "expiry", "quota", "usage", "api-version")
"""The checks that need a token."""


@dataclass(frozen=True, slots=True)
class Way:
    """An account as its token wants it to be asked, and the token."""

    account: Account
    token: str = field(repr=False)
    credential: Credential | None = None


@dataclass
class Accounts:
    """The accounts of one configuration, and what was learned beside the checks."""

    git: Git
    config: Config
    environment: Mapping[str, str]
    clock: Clock
    """Real time: tokens end by it, whatever time a person pretends."""
    offline: bool = False
    skews: dict[str, timedelta] = field(default_factory=dict)
    """By how much our clock is ahead of each platform's."""

    async def checks(self, name: str) -> list[Check]:
        """Everything about one account; nothing here refreshes or changes a token."""
        try:
            way = self._way(name)
        except Exception as error:
            said = verdict("token", error, name)
            return [said, *_skipped(name, ASKED, "there is no token to ask with")]
        checks = [Check("token", Status.OK, self._place(name), account=name)]
        if self.offline:
            offline = [id for id in ASKED if id != "expiry"]
            skipped = _skipped(name, offline, "not looked at: --offline")
            return [*checks, *skipped, self._life(name, way, None)]
        return checks + await guarded_async(
            "accepted", lambda: self._asked(name, way), account=name
        )

    def _place(self, name: str) -> str:
        reference = self.config.accounts[name].token
        kind, _, where = reference.partition(":")
        if kind == "secret":
            return f"secrets/{where}.age on the ledger branch opens with the key at hand"
        return f"the environment variable {where} is set"

    def _way(self, name: str) -> Way:
        from socialauto.cli.vaults import secret_of
        from socialauto.credentials.env import token
        from socialauto.credentials.vault import MissingError, check_owner

        account = self.config.accounts[name]
        secret = secret_of(account.token)
        if secret is None:
            return Way(account, token(name, account.token, self.environment))
        if self.offline:
            raise SkipCheckError("not looked at: --offline")
        vault, sealed = self._vault
        if secret not in sealed:
            raise MissingError(secret)
        credential = vault.open(secret, sealed[secret])
        check_owner(credential, secret, account.id, account.platform, account.login)
        asked = account.model_copy(update={"login": credential.login})
        return Way(asked, credential.token.get_secret_value(), credential)

    @cached_property
    def _vault(self) -> tuple[Vault, Mapping[str, bytes]]:
        from socialauto.cli.vaults import open_vault

        vault = open_vault(self.git, self.config, self.environment)
        return vault, vault.sealed()

    async def _asked(self, name: str, way: Way) -> list[Check]:
        from socialauto.adapters.protocol import Tools
        from socialauto.adapters.registry import adapter

        told = await self._told(way)
        tools = Tools(clock=self.clock, token=way.token)
        async with adapter(way.account.platform).connect(way.account, tools) as session:
            try:
                identity = await session.whoami()
            except SocialautoError as error:
                hint = error.hint or _connect(name, way)
                checks = [Check("accepted", Status.FAIL, error.message, hint, name)]
                rest = [id for id in ASKED if id not in ("accepted", "expiry")]
                skipped = _skipped(name, rest, "the token is not accepted")
                return [*checks, *skipped, self._life(name, way, told)]
            words = f"the platform takes it for {identity.name}"
            accepted = Check("accepted", Status.OK, words, account=name)
            return [accepted, *await self._well(name, way, told, session)]

    async def _well(
        self, name: str, way: Way, told: Lifetime | None, session: Session
    ) -> list[Check]:
        scopes = way.credential.scopes if way.credential else ()
        granted = frozenset(scopes or (told.scopes if told else ()))
        vitals = await self._vitals(session, granted or None)
        if vitals.skew is not None:
            self.skews[way.account.platform] = vitals.skew
        cure = f"grant it: {_connect(name, way)}"
        return [
            judge_type(name, vitals.account_type, vitals.fit_types),
            judge_scopes(name, vitals.lacking, cure),
            self._life(name, way, told),
            judge_quota(name, vitals.quota_used, vitals.quota_total),
            judge_usage(name, vitals.load),
            judge_version(
                name,
                vitals.api_version,
                vitals.api_released,
                vitals.api_ends,
                self.clock.now().date(),
            ),
        ]

    async def _vitals(self, session: Session, granted: frozenset[str] | None) -> Vitals:
        """Adapters of others need not tell any."""
        from typing import cast

        from socialauto.adapters.protocol import TellsVitals, Vitals

        if not hasattr(session, "vitals"):
            return Vitals()
        return await cast("TellsVitals", session).vitals(granted)

    def _life(self, name: str, way: Way, told: Lifetime | None) -> Check:
        life = _kept_life(way.credential) if way.credential else Life(known=False)
        if not life.known and told is not None:
            life = Life(
                known=True, expires=told.expires, data_access_expires=told.data_access_expires
            )
        return judge_life(name, life, self.clock.now(), _connect(name, way))

    async def _told(self, way: Way) -> Lifetime | None:
        """Facebook Login tells a token's end and permissions to the app itself, so to nobody
        without the app's secret."""
        from socialauto.cli.tokens import app_secrets

        app = app_secrets(self.environment)
        account = way.account
        if app is None or account.platform != "instagram" or account.login == "instagram":
            return None
        from socialauto.adapters.instagram.login import Place
        from socialauto.adapters.instagram.login_accounts import lifetime
        from socialauto.adapters.instagram.versions import API_VERSION

        place = Place("facebook", account.api, account.api_version or API_VERSION)
        return await lifetime(place, app, way.token)


def _kept_life(credential: Credential) -> Life:
    known = credential.expires is not None or credential.login == "facebook"
    return Life(
        known=known,
        expires=credential.expires,
        renews=credential.login == "instagram",
        data_access_expires=credential.data_access_expires,
    )


def _connect(name: str, way: Way) -> str:
    if way.credential:
        return f'"socialauto accounts connect {name}"'
    variable = way.account.token.partition(":")[2]
    return f"make a new token and put it into {variable}"


def _skipped(name: str, ids: list[str] | tuple[str, ...], why: str) -> list[Check]:
    return [Check(id, Status.SKIP, why, account=name) for id in ids]


async def account_checks(accounts: Accounts, names: list[str]) -> list[Check]:
    """One account after the other, none of which ends the others."""
    checks: list[Check] = []
    for name in names:
        checks += await accounts.checks(name)
    return checks
