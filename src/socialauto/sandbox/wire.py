"""One API request with its wire form taken away.

Clients put the token in a header, the query, a form or a JSON body, and parameters in any of the
last three; the platform takes all of them, with any version in front of the path or none.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request

from socialauto.sandbox.errors import BAD_REQUEST_BODY, INVALID, UNKNOWN_PATH, RefusedError

_PATH = re.compile(r"(?:/+(v\d{1,3}\.\d{1,3}))?/+([A-Za-z0-9_]{1,64})(?:/([a-z_]{1,64}))?/?")
_MAX_BODY = 1_000_000
_TRANSPORT = frozenset(
    {"access_token", "appsecret_proof", "appsecret_time", "format", "pretty", "debug", "locale"}
)
"""Parameters of every Graph call, which say nothing about the object."""


@dataclass(frozen=True, slots=True)
class Call:
    method: str
    path: str
    """Without the version."""
    node: str
    edge: str
    params: Mapping[str, Any]
    """Without the token; values are text, or what JSON made of them."""
    token: str | None
    token_in_query: bool
    base: str
    """Scheme, host and port by which the client reached us."""
    version: str
    """With a leading slash, or empty."""


def _in_header(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() in ("bearer", "oauth") and token.strip() else None


def _app(request: Request) -> dict[str, str]:
    """An app may name itself by HTTP's Basic scheme where it asks for tokens (RFC 6749, 2.3.1)."""
    scheme, _, pair = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        id, _, secret = base64.b64decode(pair, validate=True).decode().partition(":")
    except ValueError:
        return {}
    return {"client_id": id, "client_secret": secret}


async def _form(request: Request) -> dict[str, Any]:
    async with request.form(max_files=0) as form:
        return {name: value for name, value in form.items() if not isinstance(value, UploadFile)}


async def _json(request: Request) -> dict[str, Any]:
    try:
        document = json.loads(await request.body() or b"{}")
    except (ValueError, RecursionError) as error:
        raise RefusedError(BAD_REQUEST_BODY) from error
    if not isinstance(document, dict):
        raise RefusedError(BAD_REQUEST_BODY)
    return document


async def _body(request: Request) -> dict[str, Any]:
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length) > _MAX_BODY:
        raise RefusedError(BAD_REQUEST_BODY)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return await _json(request)
    if kind in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return await _form(request)
    return {}


async def read_call(request: Request) -> Call:
    """Raises `RefusedError` for a path or a body that cannot be read."""
    match = _PATH.fullmatch(request.url.path)
    if match is None:
        raise RefusedError(UNKNOWN_PATH)
    version, node, edge = match.groups(default="")
    query = dict(request.query_params)
    body = await _body(request) if request.method in ("POST", "DELETE") else {}
    app = _app(request) if node == "oauth" else {}
    merged: dict[str, Any] = {**app, **query, **body}
    token = _in_header(request) or merged.get("access_token")
    return Call(
        method=request.method,
        path=f"/{node}/{edge}" if edge else f"/{node}",
        node=node,
        edge=edge,
        params={name: value for name, value in merged.items() if name not in _TRANSPORT},
        token=token if isinstance(token, str) else None,
        token_in_query="access_token" in query,
        base=str(request.base_url).rstrip("/"),
        version=f"/{version}" if version else "",
    )


# --- typed values: a form has only text, JSON has types, and clients mix both


def as_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise RefusedError(INVALID.saying(f"(#100) Param {name} must be a string."))


def as_flag(name: str, value: Any) -> bool:
    text = str(value).lower()
    if text not in ("true", "false", "1", "0"):
        raise RefusedError(INVALID.saying(f"(#100) Param {name} must be a boolean."))
    return text in ("true", "1")


def as_number(name: str, value: Any) -> int:
    try:
        return int(as_text(name, value))
    except ValueError as error:
        raise RefusedError(INVALID.saying(f"(#100) Param {name} must be an integer.")) from error


def as_json(name: str, value: Any) -> Any:
    """A list or an object, as JSON itself or as text that contains JSON."""
    if isinstance(value, list | dict):
        return value
    try:
        return json.loads(as_text(name, value))
    except (ValueError, RecursionError) as error:
        raise RefusedError(INVALID.saying(f"(#100) Param {name} must be valid JSON.")) from error


def as_list(name: str, value: Any) -> list[Any]:
    found = as_json(name, value)
    if not isinstance(found, list):
        raise RefusedError(INVALID.saying(f"(#100) Param {name} must be an array."))
    return found


def as_ids(name: str, value: Any) -> tuple[str, ...]:
    """Ids as a JSON array or a comma-separated list."""
    if isinstance(value, str) and not value.lstrip().startswith("["):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return tuple(as_text(name, part) for part in as_list(name, value))
