"""What is kept, encrypted, about one account's way in: its tokens and how long they live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
)

from socialauto.core.errors import SocialautoError

FORMAT: Final = 1
"""Grows when an older socialauto could misread what a newer one has written."""


def fault(value: str) -> str:
    """Why this cannot be a token, as the end of a sentence; empty when it can. Never quotes it."""
    if not value:
        return "is empty"
    if any(char.isspace() for char in value):
        return "contains white space or a line break"
    if not (value.isascii() and value.isprintable()):
        return "contains characters that no token has"
    return ""


def _token(value: SecretStr) -> SecretStr:
    if what := fault(value.get_secret_value()):
        raise ValueError(f"the token {what}")
    return value


Token = Annotated[SecretStr, AfterValidator(_token)]


class Credential(BaseModel):
    """The tokens of one account. Its repr and its errors never show them.

    Times are aware. Every token here is long-lived: short ones are exchanged before they are kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    format: Literal[1] = FORMAT
    account: str = Field(min_length=1)
    """The account's name in socialauto.yaml."""
    platform: str = Field(min_length=1)
    login: Literal["facebook", "instagram"]
    """Which of Instagram's two API variants the tokens are for."""
    id: str = Field(min_length=1)
    """The account's id on the platform; the configuration must say the same."""
    username: str = ""
    token: Token
    """What publishes: a Page token with Facebook Login when there is one."""
    read_token: Token | None = None
    """Facebook Login: the person's token beside the Page's. Some reads want it, and it alone can
    be exchanged for a younger one."""
    expires: AwareDatetime | None = None
    """When `token` ends; None when it has no end."""
    read_expires: AwareDatetime | None = None
    """When `read_token` ends; None when it has no end or there is none."""
    data_access_expires: AwareDatetime | None = None
    """Facebook Login: 90 days after the person was last asked; no refresh moves it."""
    obtained: AwareDatetime
    """When a person got it."""
    refreshed: AwareDatetime | None = None
    """When it was last exchanged for a younger one."""
    tried: AwareDatetime | None = None
    """When that last failed."""
    scopes: tuple[str, ...] = ()
    alerted: AwareDatetime | None = None
    """When somebody was last told that it ends."""

    @property
    def issued(self) -> AwareDatetime:
        """Since when `token` is this very one."""
        return self.refreshed or self.obtained

    def secrets(self) -> Iterator[str]:
        """What no output may show."""
        yield self.token.get_secret_value()
        if self.read_token:
            yield self.read_token.get_secret_value()


def dump(credential: Credential) -> bytes:
    """The document with the secrets in clear: for encryption, and for nothing else."""
    fields: dict[str, Any] = credential.model_dump(mode="json", exclude_defaults=True)
    fields |= {"format": credential.format, "token": credential.token.get_secret_value()}
    if credential.read_token:
        fields["read_token"] = credential.read_token.get_secret_value()
    return (json.dumps(fields, sort_keys=True, indent=2) + "\n").encode()


def load(data: bytes, place: str = "the credential") -> Credential:
    """What `dump` has written. `place` says in messages where it came from.

    Raises `SocialautoError` for what cannot be used, without a word of its content.
    """
    try:
        fields = json.loads(data)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        raise SocialautoError(f"{place} holds no credential", _ANEW)
    version = fields.get("format")
    if isinstance(version, int) and version > FORMAT:
        raise SocialautoError(
            f"{place} has format {version}, and this version knows formats up to {FORMAT}",
            "install a newer socialauto",
        )
    try:
        return Credential.model_validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
    raise SocialautoError(f"{place} is damaged at {where}: {first['msg']}", _ANEW)


_ANEW = "bring the token in again, with accounts connect or accounts import"
