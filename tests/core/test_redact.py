import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from socialauto.core.redact import Redactor

SECRET = "EAAG/canary+token=42 %"


@pytest.mark.parametrize(
    "form",
    [
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET),
        SECRET[::-1],
        base64.b64encode(SECRET.encode()).decode(),
        base64.urlsafe_b64encode(SECRET.encode()).decode(),
        base64.b64encode(b"u:" + SECRET.encode()).decode(),
        base64.b64encode(b"u" + SECRET.encode() + b"!").decode(),
    ],
)
def test_a_secret_is_hidden_in_every_form_it_travels_in(form: str) -> None:
    cleaned = Redactor([SECRET]).clean(f"before {form} after")

    assert form not in cleaned
    assert "***" in cleaned
    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")


@pytest.mark.parametrize("text", ["plain words", "", "access to the token shop", "Bearer of news"])
def test_words_that_are_no_secret_stay(text: str) -> None:
    assert Redactor([SECRET]).clean(text) == text


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("GET /me?access_token=abc123&x=1", "GET /me?access_token=***&x=1"),
        ('{"access_token": "abc123", "a": 1}', '{"access_token": "***", "a": 1}'),
        ("appsecret_proof=deadbeef", "appsecret_proof=***"),
        ("client_secret%3Dabc", "client_secret%3D***"),
        ("Authorization: Bearer abc.def-123", "Authorization: Bearer ***"),
    ],
)
def test_what_is_named_a_secret_is_hidden_though_unknown(text: str, cleaned: str) -> None:
    assert Redactor().clean(text) == cleaned


def test_the_longest_of_several_secrets_goes_first() -> None:
    assert Redactor(["abcdef", "abcdefghij"]).clean("abcdefghij") == "***"


def test_a_secret_too_short_to_be_one_does_not_blot_out_words() -> None:
    assert Redactor(["a", ""]).clean("a banana") == "a banana"


def test_a_redactor_does_not_show_what_it_knows() -> None:
    assert SECRET not in repr(Redactor([SECRET]))
