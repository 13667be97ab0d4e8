"""`socialauto.yaml` as a model."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from socialauto.core.addresses import Address, LedgerName, Remote
from socialauto.core.delivery import LateAction
from socialauto.core.finding import Finding
from socialauto.core.media_host import MediaHost
from socialauto.core.policies import Policies
from socialauto.core.recipients import Secrets
from socialauto.core.suggest import quoted
from socialauto.core.text_settings import AnyUtm, Language, Markup, Overflow
from socialauto.core.values import (
    AccountRef,
    Duration,
    Flag,
    Name,
    Strict,
    Zone,
    parse_duration,
    refusal,
)

__all__ = [
    "CONFIG_FILE",
    "Account",
    "Config",
    "Duration",
    "Guard",
    "Late",
    "LedgerSettings",
    "MediaHost",
    "MediaSettings",
    "Name",
    "Retries",
    "Run",
    "Strict",
    "Zone",
    "holds_secret",
    "parse_duration",
    "without_secrets",
]

CONFIG_FILE = "socialauto.yaml"

_TOKEN = r"^(env:[A-Za-z_][A-Za-z0-9_]*|secret:[a-z0-9][a-z0-9_-]{0,62})$"  # noqa: S105
_VERSION = r"^v[0-9]+\.[0-9]+$"
_SECRET = re.compile(
    r"\b(EAA|IGAA|IGQ|gh[opsu]_|github_pat_|glpat-|xox[bp]-|AGE-SECRET-KEY-)[A-Za-z0-9_-]{16,}"
    r"|access_token=\w+|://[^/\s@]+:[^/\s@]+@"
)


def holds_secret(text: str) -> bool:
    """Does this look like a token or a password?"""
    return bool(_SECRET.search(text))


def without_secrets(finding: Finding) -> Finding:
    """A wrong value is quoted in its finding; a secret in the wrong place must not be."""
    message, hint = _SECRET.sub("***", finding.message), _SECRET.sub("***", finding.hint)
    return replace(finding, message=message, hint=hint)


def _token(value: str) -> str:
    if holds_secret(value) or (len(value) > 40 and value.isalnum()):
        hint = "revoke it, because git remembers; then write env:NAME and set that variable"
        raise refusal("SA704", "the token itself stands here", hint)
    if not re.fullmatch(_TOKEN, value):
        hint = "write env:NAME, the environment variable that holds the token"
        if value.startswith("secret:"):
            hint = "write secret: and a name of small letters, digits, - and _"
        raise refusal("SA703", "this does not say where the token is", hint)
    return value


def _version(value: str) -> str:
    if not re.fullmatch(_VERSION, value):
        raise refusal("SA208", f"{quoted(value)} is not a version", "write one such as v25.0")
    return value


class Late(Strict):
    """What happens to a post that could not go out on time."""

    grace: Duration | None = Field(
        default=None, description="How late is still fine; 6h when nothing is said."
    )
    then: LateAction | None = Field(
        default=None,
        description="Later than that: skip (it is recorded as missed), hold (a person decides) "
        "or publish; skip when nothing is said.",
    )


class Account(Strict):
    """One identity on one platform."""

    platform: str = Field(description="The platform's name.", examples=["instagram"])
    id: str = Field(
        description="The account's id on the platform.",
        min_length=1,
        examples=["17841400000000001"],
    )
    token: Annotated[str, AfterValidator(_token)] = Field(
        description="Where the access token is: env: and the name of an environment variable, or "
        "secret: and the name of an encrypted token on the ledger branch.",
        json_schema_extra={"pattern": _TOKEN},
        examples=["env:ACME_IG_TOKEN"],
    )
    login: Literal["facebook", "instagram"] | None = Field(
        default=None, description="Instagram: which of its two API variants the token is for."
    )
    upload: Literal["url", "direct"] | None = Field(
        default=None,
        description="Instagram with Facebook Login: direct sends videos themselves instead of an "
        "address, url never does; when nothing is said, they are sent without a media host only.",
    )
    api: Address | None = Field(
        default=None,
        description="Base URL instead of the platform's own: a sandbox or a proxy.",
        examples=["http://127.0.0.1:8700"],
    )
    api_version: Annotated[str, AfterValidator(_version)] | None = Field(
        default=None,
        description="Version of the platform's API.",
        json_schema_extra={"pattern": _VERSION},
        examples=["v25.0"],
    )
    owners: tuple[str, ...] = Field(
        default=(), description="Who answers for this account.", examples=[["@acme/social"]]
    )
    late: Late | None = Field(default=None, description="The late policy of this account's posts.")
    daily_cap: int | None = Field(
        default=None, ge=1, description="At most so many posts in 24 hours."
    )
    min_gap: Duration | None = Field(
        default=None, description="At least so much time between two posts."
    )
    markup: Markup | None = Field(default=None, description="`markup` of this account's posts.")
    utm: AnyUtm | None = Field(
        default=None,
        description="What is different in `utm` for this account; false: its links stay.",
    )
    vars: dict[str, Any] = Field(
        default_factory=dict, description="Values for templates of this account's posts."
    )


class MediaSettings(Strict):
    """What may be done to media before they go out."""

    transcode: Flag = Field(
        default=False,
        description="true: videos that a platform does not take are encoded anew, which costs "
        "time and needs socialauto[video].",
    )


class LedgerSettings(Strict):
    """Where results are kept."""

    branch: LedgerName = Field(default="socialauto/ledger", description="The branch of the ledger.")
    lineage: str | None = Field(
        default=None, description="Written by `socialauto init`; names the one right ledger."
    )
    remote: Remote = Field(default="origin", description="The remote that has the ledger.")


class Guard(Strict):
    """Refuses what looks like an accident."""

    max_per_run: int = Field(default=20, ge=1, description="At most so many posts in one run.")
    min_gap: Duration = Field(
        default=timedelta(0), description="At least so much time between two posts of an account."
    )
    daily_cap: int | None = Field(
        default=None, ge=1, description="At most so many posts of an account in 24 hours."
    )
    duplicates: Duration = Field(
        default=timedelta(days=7),
        description="A post that reads like one of this long ago on the same account is refused.",
    )
    max_deletes: int = Field(
        default=3, ge=0, description="At most so many posts are deleted in one run, or none is."
    )


class Retries(Strict):
    """How often and when a post that did not go out is tried again."""

    tries: int = Field(default=3, ge=1, le=10, description="Tries before a person must look.")
    first_wait: Duration = Field(
        default=timedelta(minutes=5), description="Wait after the first try; then it doubles."
    )
    longest_wait: Duration = Field(default=timedelta(hours=2), description="The longest wait.")


class Run(Strict):
    """How a run behaves."""

    lease: Duration = Field(
        default=timedelta(minutes=30),
        description="At least the CI job's hard time-out, so that CI has ended a run before "
        "another one takes its unfinished work over.",
    )
    settle: Duration = Field(
        default=timedelta(minutes=2),
        description="Waited after a lease before the platform is asked what happened.",
    )
    ahead: int = Field(
        default=3,
        ge=1,
        le=10,
        description="Posts of one account that are prepared (uploaded, invisible) beyond the one "
        "that is going out.",
    )


class Config(Strict):
    """The whole of `socialauto.yaml`: accounts and how their posts go out."""

    timezone: Zone = Field(
        default="UTC",
        description="IANA name of the zone of times that name none.",
        examples=["Europe/Berlin"],
    )
    accounts: dict[Name, Account] = Field(
        default_factory=dict, description="The accounts that posts can name."
    )
    groups: dict[Name, tuple[AccountRef, ...]] = Field(
        default_factory=dict,
        description="Names for several accounts at once; a post can name one like an account.",
        examples=[{"brand": ["acme-instagram", "acme-two"]}],
    )
    ledger: LedgerSettings = Field(default=LedgerSettings(), description="Where results are kept.")
    secrets: Secrets = Field(default=Secrets(), description="Who can open encrypted tokens.")
    media_host: MediaHost | None = Field(
        default=None, description="Where platforms can fetch the repository's media files."
    )
    media: MediaSettings = Field(
        default=MediaSettings(), description="What may be done to media before they go out."
    )
    late: Late = Field(default=Late(), description="What happens to posts that are late.")
    guard: Guard = Field(default=Guard(), description="Refuses what looks like an accident.")
    policies: Policies = Field(
        default=Policies(), description="Checks that a team asks of its own posts."
    )
    retries: Retries = Field(default=Retries(), description="Tries after a failure.")
    run: Run = Field(default=Run(), description="How a run behaves.")
    vars: dict[str, Any] = Field(
        default_factory=dict, description="Values for templates, as {{ vars.name }}."
    )
    language: Language = Field(
        default="en", description="In which dates and numbers are written, unless a post says so."
    )
    markup: Markup = Field(
        default="plain",
        description="plain: texts go out as they are written; markdown: as people would type them.",
    )
    overflow: Overflow = Field(
        default="refuse",
        description="What becomes of texts that are too long: refuse, or truncate.",
    )
    utm: AnyUtm | None = Field(
        default=None, description="UTM parameters for links to your own pages."
    )
