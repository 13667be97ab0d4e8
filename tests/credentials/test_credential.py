from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials.credential import Credential, dump, load

CANARY = "IGAAcanarycanarycanary"


def document(**fields: Any) -> dict[str, Any]:
    return {
        "format": 1,
        "account": "acme",
        "platform": "instagram",
        "login": "instagram",
        "id": "17841400000000001",
        "token": CANARY,
        "obtained": "2026-11-01T00:00:00Z",
    } | fields


def test_a_credential_is_read_back_as_it_was_written() -> None:
    credential = Credential.model_validate(
        document(
            read_token=f"{CANARY}2",
            expires=datetime(2026, 12, 31, tzinfo=UTC),
            scopes=("instagram_business_basic",),
        )
    )

    assert load(dump(credential)) == credential
    assert list(credential.secrets()) == [CANARY, f"{CANARY}2"]


def test_what_is_written_has_sorted_keys_and_no_defaults() -> None:
    written = dump(Credential.model_validate(document()))

    assert json.loads(written) == document()
    assert list(json.loads(written)) == sorted(document())
    assert written.endswith(b"}\n")


def test_its_repr_shows_no_token() -> None:
    credential = Credential.model_validate(document(read_token=f"{CANARY}2"))

    assert CANARY not in f"{credential!r} {credential} {credential.model_dump()}"
    assert CANARY not in credential.model_dump_json()


def test_a_newer_format_asks_for_a_newer_socialauto() -> None:
    with pytest.raises(SocialautoError) as refused:
        load(json.dumps(document(format=2, shape="new")).encode(), "secrets/acme.age")

    assert str(refused.value) == (
        "secrets/acme.age has format 2, and this version knows formats up to 1; "
        "install a newer socialauto"
    )


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "it holds no credential"),
        (b"[]", "it holds no credential"),
        (CANARY.encode(), "it holds no credential"),
        (b"\xff", "it holds no credential"),
        (
            json.dumps(document(token="")).encode(),
            "it is damaged at token: Value error, the token is empty",
        ),
        (
            json.dumps(document(token=f"{CANARY}\n")).encode(),
            "it is damaged at token: Value error, the token contains white space or a line break",
        ),
        (
            json.dumps(document(read_token="")).encode(),
            "it is damaged at read_token: Value error, the token is empty",
        ),
        (
            json.dumps(document(expires="2026-12-31T00:00:00")).encode(),
            "it is damaged at expires: Input should have timezone info",
        ),
        (
            json.dumps(document(login=CANARY)).encode(),
            "it is damaged at login: Input should be 'facebook' or 'instagram'",
        ),
        (
            json.dumps(document(later=CANARY)).encode(),
            "it is damaged at later: Extra inputs are not permitted",
        ),
    ],
)
def test_what_cannot_be_used_is_refused_without_showing_it(data: bytes, sentence: str) -> None:
    with pytest.raises(SocialautoError) as refused:
        load(data, "it")

    assert refused.value.message == sentence
    assert CANARY not in repr(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__context__ is None
