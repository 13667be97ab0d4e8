"""Kinds of values in posts and configuration: each refuses with a finding's own words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from socialauto.core.suggest import quoted, visible
from socialauto.core.when import find_zone, zone_hint

_UNITS = {
    "ms": "milliseconds",
    "s": "seconds",
    "m": "minutes",
    "h": "hours",
    "d": "days",
    "w": "weeks",
}
_DURATION = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|[smhdw])\s*", re.ASCII)
LONGEST = timedelta(days=3660)
"""A time plus a duration must be a time that calendars have."""

_LONGEST_TEXT = 40
NAME_PATTERN = r"^[a-z0-9][a-z0-9_-]{0,62}$"
_ID_LIMIT = 200
_NOT_ISSUED = re.compile(r"[\s!-/:-@\[-^`{-~]")
"""White space and ASCII punctuation but for the underscore: where platforms end a hashtag."""


class Strict(BaseModel):
    """Every key is known, nothing is guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


def refusal(code: str, message: str, hint: str = "") -> PydanticCustomError:
    """What a validator raises: the parts of a finding."""
    return PydanticCustomError(code, "{message}", {"message": message, "hint": hint})


def parse_duration(value: Any) -> Any:
    """`90m`, `6h`, `1d 12h`, `1.5s` → timedelta; anything else is refused with a sentence."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip().lower()
    parts = _DURATION.findall(text[:_LONGEST_TEXT])
    if not parts or len(text) > _LONGEST_TEXT or _DURATION.sub("", text):
        hint = "write one such as 90m, 6h or 2d"
        if text.isdecimal() and len(text) < 7:
            hint = f"write {text}m for minutes or {text}s for seconds"
        raise refusal("SA216", f"{quoted(text)} is not a duration", hint)
    lengths = (timedelta(**{_UNITS[unit]: float(number)}) for number, unit in parts)
    total = sum(lengths, start=timedelta())
    if total > LONGEST:
        raise refusal("SA216", f"{quoted(text)} is longer than ten years", "write a shorter one")
    return total


def _flag(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    if value in ("true", "false"):
        return value == "true"
    meant = {"yes": "true", "on": "true", "no": "false", "off": "false"}
    word = str(value).lower()
    meant.update({"true": "true", "false": "false", "1": "true", "0": "false"})
    hint = f"write {meant[word]}" if word in meant else "write true or false"
    raise refusal("SA202", f"{quoted(value)} is neither true nor false", hint)


def _color(value: str) -> str:
    name = value.lower()
    digits = {"white": "ffffff", "black": "000000"}.get(name, name.removeprefix("#"))
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(2 * digit for digit in digits)
    if not re.fullmatch(r"[0-9a-f]{6}", digits):
        hint = 'write white, black, or six hexadecimal digits in quotes: "#f4eee2"'
        raise refusal("SA208", f"{quoted(value)} is not a colour", hint)
    return f"#{digits}"


def _zone(name: str) -> str:
    if find_zone(name) is None:
        raise refusal("SA306", f"unknown time zone {quoted(name)}", zone_hint(name))
    return name


def _name(name: str) -> str:
    if not re.fullmatch(NAME_PATTERN, name):
        hint = "use small letters, digits, - and _, at most 63 of them"
        raise refusal("SA705", f"{quoted(name)} is not usable as an account's name", hint)
    return name


def _hashtag(value: str) -> str:
    tag = value.removeprefix("#")
    if not tag:
        raise refusal("SA213", "this hashtag is empty", "write the word, with or without #")
    stop = _NOT_ISSUED.search(tag)
    if not stop:
        return tag
    if " #" in tag or ",#" in tag:
        raise refusal("SA213", f"{quoted(value)} is more than one hashtag", "make it a list")
    message = f'{quoted(value)} is no hashtag: platforms end it before "{visible(stop[0])}"'
    raise refusal("SA213", message, f"write {quoted(_NOT_ISSUED.sub('_', tag).strip('_'))}")


def id_problem(id: str) -> str:
    """Why `id` cannot name a post, as the end of a sentence; empty when it can."""
    if len(id) > _ID_LIMIT:
        return f"has {len(id)} characters, at most {_ID_LIMIT}"
    if not id.isprintable():
        return "contains a character that cannot be seen"
    if "@" in id:
        return 'contains "@", which separates the date of a recurring post'
    if id.startswith("/") or id.endswith("/") or "//" in id:
        return 'begins or ends with "/", or has two of them in a row'
    if any(part in (".", "..") or part != part.strip() for part in id.split("/")):
        return 'has a part that is "." or "..", or that begins or ends with a space'
    return ""


def _id(value: str) -> str:
    problem = id_problem(value) if value else "is empty"
    if problem:
        raise refusal("SA206", f"the id {quoted(value)} {problem}", "change it before publishing")
    return value


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration, json_schema_input_type=str),
    Field(
        json_schema_extra={
            "examples": ["90m", "6h", "2d"],
            "pattern": r"^\s*([0-9]{1,6}(\.[0-9]{1,3})?\s*(ms|[smhdwSMHDW])\s*)+$",
        }
    ),
]
Flag = Annotated[bool, BeforeValidator(_flag, json_schema_input_type=bool)]
Color = Annotated[str, AfterValidator(_color)]
"""`#rrggbb`."""
Zone = Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"examples": ["UTC"]})]
Name = Annotated[str, AfterValidator(_name), Field(json_schema_extra={"pattern": NAME_PATTERN})]
AccountRef = Annotated[str, Field(json_schema_extra={"pattern": NAME_PATTERN})]
"""An account's name as a post writes it: whether it exists is for the configuration to say."""
Hashtag = Annotated[str, AfterValidator(_hashtag)]
PostId = Annotated[str, AfterValidator(_id), Field(json_schema_extra={"maxLength": _ID_LIMIT})]
