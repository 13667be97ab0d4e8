"""AWS Signature Version 4, as every S3-compatible store checks it: headers, and signed addresses.

Written from "Authenticating Requests (AWS Signature Version 4)" of the S3 API Reference. The tests
hold it against botocore's signer and against a strict store; docs/decisions/own-signatures.md says
why it is not botocore that signs.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

_ALGORITHM = "AWS4-HMAC-SHA256"
_SERVICE = "s3"
_UNSIGNED = "UNSIGNED-PAYLOAD"


@dataclass(frozen=True, slots=True)
class Keys:
    """Who signs."""

    access: str
    secret: str = field(repr=False)
    token: str | None = field(default=None, repr=False)
    """Of temporary keys."""


@dataclass(frozen=True, slots=True)
class Signer:
    keys: Keys
    region: str

    def headers(
        self,
        method: str,
        url: str,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        now: datetime,
    ) -> dict[str, str]:
        """The headers to send: those given and the signature over them, query and body."""
        digest = hashlib.sha256(body).hexdigest()
        sent = {
            **{name.lower(): value for name, value in (headers or {}).items()},
            "x-amz-date": _stamp(now),
            "x-amz-content-sha256": digest,
            **({"x-amz-security-token": self.keys.token} if self.keys.token else {}),
        }
        signed = {**sent, "host": urlsplit(url).netloc}
        signature = self._signature(method, url, signed, digest, now)
        names = ";".join(sorted(signed))
        sent["authorization"] = (
            f"{_ALGORITHM} Credential={self.keys.access}/{self._scope(now)}, "
            f"SignedHeaders={names}, Signature={signature}"
        )
        return sent

    def url(self, url: str, *, lives: timedelta, now: datetime) -> str:
        """An address with which a stranger may GET the object until `now + lives`."""
        params = {
            "X-Amz-Algorithm": _ALGORITHM,
            "X-Amz-Credential": f"{self.keys.access}/{self._scope(now)}",
            "X-Amz-Date": _stamp(now),
            "X-Amz-Expires": str(int(lives.total_seconds())),
            "X-Amz-SignedHeaders": "host",
            **({"X-Amz-Security-Token": self.keys.token} if self.keys.token else {}),
        }
        query = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in params.items())
        open_url = f"{url}?{query}"
        signed = {"host": urlsplit(url).netloc}
        signature = self._signature("GET", open_url, signed, _UNSIGNED, now)
        return f"{open_url}&X-Amz-Signature={signature}"

    def _signature(
        self, method: str, url: str, headers: Mapping[str, str], digest: str, now: datetime
    ) -> str:
        parts = urlsplit(url)
        request = "\n".join(
            [
                method,
                parts.path or "/",
                "&".join(sorted(parts.query.split("&"))) if parts.query else "",
                *(f"{name}:{' '.join(headers[name].split())}" for name in sorted(headers)),
                "",
                ";".join(sorted(headers)),
                digest,
            ]
        )
        hashed = hashlib.sha256(request.encode()).hexdigest()
        text = "\n".join([_ALGORITHM, _stamp(now), self._scope(now), hashed])
        return hmac.new(self._key(now), text.encode(), hashlib.sha256).hexdigest()

    def _key(self, now: datetime) -> bytes:
        key = f"AWS4{self.keys.secret}".encode()
        for part in self._scope(now).split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return key

    def _scope(self, now: datetime) -> str:
        return f"{now:%Y%m%d}/{self.region}/{_SERVICE}/aws4_request"


def _stamp(now: datetime) -> str:
    """`now` is in UTC."""
    return f"{now:%Y%m%dT%H%M%SZ}"


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")


def quoted_path(*segments: str) -> str:
    """A path whose bytes are the same when it is signed and when it is sent."""
    return "/" + "/".join(_quoted(part) for segment in segments for part in segment.split("/"))


def quoted_query(**params: str) -> str:
    """A query whose bytes are the same when it is signed and when it is sent."""
    return "&".join(f"{_quoted(name)}={_quoted(params[name])}" for name in sorted(params))
