"""Signatures, held against the signer that AWS itself ships."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.media.sigv4 import Keys, Signer, quoted_path, quoted_query

auth = pytest.importorskip("botocore.auth", reason="botocore is in the group clients")
from botocore.awsrequest import AWSRequest  # noqa: E402
from botocore.credentials import Credentials  # noqa: E402

NOW = datetime(2026, 12, 1, 9, 30, 5, tzinfo=UTC)
HOST = "https://s3.eu-central-1.amazonaws.com"

key_text = st.text(st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=20)
parts = st.lists(key_text.filter(lambda text: text not in (".", "..")), min_size=1, max_size=4)
tokens = st.none() | st.just("FwoGZXIvYXdzE/+token==")


@pytest.fixture(autouse=True)
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "get_current_datetime", lambda: NOW.replace(tzinfo=None))


def theirs(kind: str, keys: Keys, request: Any, **options: Any) -> Any:
    credentials = Credentials(keys.access, keys.secret, keys.token)
    getattr(auth, kind)(credentials, "s3", "eu-central-1", **options).add_auth(request)
    return request.prepare()


@given(segments=parts, body=st.binary(max_size=50), token=tokens, query=st.booleans())
@settings(max_examples=60, deadline=None)
def test_headers_are_signed_as_botocore_signs_them(
    segments: list[str], body: bytes, token: str | None, query: bool
) -> None:
    keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", token)
    url = HOST + quoted_path("acme-media", *segments)
    if query:
        url += "?" + quoted_query(**{"list-type": "2", "prefix": "a b/ü&=", "start": ""})
    named = {"content-type": "image/jpeg", "if-none-match": "*"}

    mine = Signer(keys, "eu-central-1").headers("PUT", url, body=body, headers=named, now=NOW)

    sent = AWSRequest("PUT", url, headers={**named, "x-amz-content-sha256": ""}, data=body)
    signed = theirs("S3SigV4Auth", keys, sent)
    assert mine["authorization"] == signed.headers["authorization"]
    assert mine["x-amz-content-sha256"] == signed.headers["x-amz-content-sha256"]


@given(segments=parts, token=tokens, hours=st.integers(1, 168))
@settings(max_examples=60, deadline=None)
def test_addresses_are_signed_as_botocore_signs_them(
    segments: list[str], token: str | None, hours: int
) -> None:
    keys = Keys("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG", token)
    url = HOST + quoted_path("acme-media", *segments)

    mine = Signer(keys, "eu-central-1").url(url, lives=timedelta(hours=hours), now=NOW)

    signed = theirs("S3SigV4QueryAuth", keys, AWSRequest("GET", url), expires=hours * 3600)
    assert sorted(mine.split("?")[1].split("&")) == sorted(signed.url.split("?")[1].split("&"))


def test_keys_and_signers_show_no_secret() -> None:
    keys = Keys("AKIDEXAMPLE", "canary-secret", "canary-token")

    assert "canary" not in f"{keys!r} {keys} {Signer(keys, 'x')!r}"
