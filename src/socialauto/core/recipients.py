"""Who can open the encrypted tokens: public keys of the tool age, in the reviewed configuration."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from socialauto.core.suggest import quoted
from socialauto.core.values import Strict, refusal

_CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_PATTERN = f"^age1[{_CHARSET}]{{58}}$"
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _sums_up(text: str) -> bool:
    """Does the Bech32 checksum of `age1…` agree, so that nothing is mistyped (BIP 173)?"""
    prefix, data = "age", text[4:]
    values = [ord(char) >> 5 for char in prefix] + [0] + [ord(char) & 31 for char in prefix]
    check = 1
    for value in values + [_CHARSET.index(char) for char in data]:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            check ^= generator if (top >> bit) & 1 else 0
    return check == 1


def _recipient(value: str) -> str:
    if not re.fullmatch(_PATTERN, value):
        hint = 'write one that begins with age1, as "socialauto accounts new-key" prints it'
        raise refusal("SA708", f"{quoted(value)} is not a recipient", hint)
    if not _sums_up(value):
        raise refusal("SA708", f"{quoted(value)} has a typing error", "copy the recipient again")
    return value


class Secrets(Strict):
    """Who can open the encrypted tokens that lie on the ledger branch."""

    recipients: tuple[
        Annotated[str, AfterValidator(_recipient), Field(json_schema_extra={"pattern": _PATTERN})],
        ...,
    ] = Field(
        default=(),
        description="Public keys of the tool age; each of them can open every token.",
        examples=[["age1tq44r7d6xyjvhvgypuj959gxjzm4c02cf0k74lz6ss358xwzku2qtfz98v"]],
    )
