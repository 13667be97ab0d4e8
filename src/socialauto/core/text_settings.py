"""How texts become what is sent: the settings that posts, accounts and the configuration share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from socialauto.core.links import PARAMETERS, plain_host
from socialauto.core.suggest import quoted
from socialauto.core.values import Flag, Strict, refusal

Markup = Literal["plain", "markdown"]
Overflow = Literal["refuse", "truncate", "thread"]

_LANGUAGE = r"^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$"
_DOMAIN = re.compile(r"(?!-)[^\s/:@?#.]+(\.[^\s/:@?#.]+)+", re.ASCII)


def _language(value: str) -> str:
    if not re.fullmatch(_LANGUAGE, value):
        hint = "write one such as en, de or pt-BR"
        raise refusal("SA208", f"{quoted(value)} is no language", hint)
    return value


def _domain(value: str) -> str:
    domain = plain_host(value.lower())
    if not _DOMAIN.fullmatch(domain):
        hint = "write the name alone, such as example.org"
        raise refusal("SA519", f"{quoted(value)} is no domain", hint)
    return domain


Language = Annotated[
    str, AfterValidator(_language), Field(json_schema_extra={"pattern": _LANGUAGE})
]
Domain = Annotated[str, AfterValidator(_domain)]
Word = Annotated[str, Field(min_length=1)]


class Utm(Strict):
    """UTM parameters for links to a team's own pages. Each value is a Jinja template."""

    source: Word | None = Field(
        default=None, description="utm_source: where readers come from.", examples=["instagram"]
    )
    medium: Word | None = Field(
        default=None, description="utm_medium: what kind of thing that is.", examples=["social"]
    )
    campaign: Word | None = Field(
        default=None, description="utm_campaign: what it belongs to.", examples=["{{ id }}"]
    )
    term: Word | None = Field(default=None, description="utm_term: a word that was searched for.")
    content: Word | None = Field(
        default=None, description="utm_content: which of several links.", examples=["{{ account }}"]
    )
    domains: tuple[Domain, ...] | None = Field(
        default=None,
        description="Only links to these domains, and to those below them, get the parameters.",
        examples=[["example.org"]],
    )
    off: Flag = Field(default=False, description="true: links stay as they are written.")

    def values(self) -> Mapping[str, str]:
        """The parameters that are set, without `utm_`."""
        named = {name: getattr(self, name) for name in PARAMETERS}
        return {name: value for name, value in named.items() if value}


def _bare_utm(value: Any) -> Any:
    """`utm: false` is short for `utm: {off: true}`."""
    return {"off": "true"} if value in ("false", False) else value


AnyUtm = Annotated[Utm, BeforeValidator(_bare_utm, json_schema_input_type=Literal[False] | Utm)]


def merged_utm(voices: Iterable[Utm | None]) -> Utm:
    """Field by field the last who says something."""
    said: dict[str, Any] = {}
    for voice in voices:
        if voice is not None:
            said |= {name: getattr(voice, name) for name in voice.model_fields_set}
    return Utm.model_construct(**said)
