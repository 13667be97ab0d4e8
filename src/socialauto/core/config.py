"""`socialauto.yaml` as a model."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from socialauto.core.delivery import LateAction

CONFIG_FILE = "socialauto.yaml"

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_DURATION = re.compile(r"(\d+)\s*([smhdw])")


def parse_duration(value: Any) -> Any:
    """`90m`, `6h`, `1d 12h` → timedelta; anything else is refused with a sentence."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    if not re.fullmatch(r"(\d+\s*[smhdw]\s*)+", text):
        raise ValueError("expected a duration such as 90m, 6h or 2d")
    total = timedelta()
    for number, unit in _DURATION.findall(text):
        if len(number) > 6:
            raise ValueError("this duration is too long")
        total += timedelta(**{_UNITS[unit]: int(number)})
    return total


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f'unknown time zone "{name}"; use an IANA name such as Europe/Berlin')
    return name


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    Field(json_schema_extra={"examples": ["90m", "6h", "2d"]}),
]
Zone = Annotated[str, AfterValidator(_known_zone)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,62}$")]


class Strict(BaseModel):
    """Every key is known, nothing is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Late(Strict):
    """What happens to a post that could not go out on time."""

    grace: Duration | None = Field(default=None, description="How late is still fine.")
    then: LateAction | None = Field(
        default=None,
        description="Later than that: skip (it is recorded as missed), hold (a person decides) "
        "or publish.",
    )


class Account(Strict):
    """One identity on one platform."""

    platform: str = Field(description="The platform's name, for example instagram.")
    id: str = Field(description="The account's id on the platform.", min_length=1)
    token: str = Field(
        description="Where the access token is: env:NAME.",
        pattern=r"^(env:[A-Za-z_][A-Za-z0-9_]*|secret:[a-z0-9][a-z0-9_-]*)$",
    )
    login: Literal["facebook", "instagram"] | None = Field(
        default=None, description="Instagram: which of its two API variants the token is for."
    )
    api: str | None = Field(
        default=None,
        description="Base URL instead of the platform's own: a sandbox or a proxy.",
        pattern=r"^https?://[^\s]+$",
    )
    api_version: str | None = Field(
        default=None, description="Version of the platform's API.", pattern=r"^v\d+\.\d+$"
    )
    owners: tuple[str, ...] = Field(default=(), description="Who answers for this account.")
    late: Late | None = None
    daily_cap: int | None = Field(
        default=None, ge=1, description="At most so many posts in 24 hours."
    )
    min_gap: Duration | None = Field(
        default=None, description="At least so much time between two posts."
    )


class MediaHost(Strict):
    """Where platforms that download media themselves can fetch the repository's files."""

    kind: Literal["url"]
    base: str = Field(
        description="URL under which the repository's files are served; {commit} stands for the "
        "commit that is published.",
        pattern=r"^https?://[^\s]+$",
    )


class LedgerSettings(Strict):
    branch: str = Field(default="socialauto/ledger", min_length=1)
    lineage: str | None = Field(
        default=None, description="Written by `socialauto init`; names the one right ledger."
    )
    remote: str = "origin"


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


class Retries(Strict):
    tries: int = Field(default=3, ge=1, le=10)
    first_wait: Duration = timedelta(minutes=5)
    longest_wait: Duration = timedelta(hours=2)


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


class Config(Strict):
    """The whole of `socialauto.yaml`."""

    timezone: Zone = Field(default="UTC", description="Of times that name no zone.")
    accounts: dict[Name, Account] = Field(default_factory=dict)
    ledger: LedgerSettings = LedgerSettings()
    media_host: MediaHost | None = None
    late: Late = Late()
    guard: Guard = Guard()
    retries: Retries = Retries()
    run: Run = Run()
    vars: dict[str, Any] = Field(
        default_factory=dict, description="Values for templates, as {{ vars.name }}."
    )
