import pytest

from socialauto.core.errors import SocialautoError
from socialauto.credentials import env


def test_a_token_is_read_from_the_variable_that_the_account_names() -> None:
    assert env.token("acme", "env:ACME", {"ACME": "EAAGx|y-z"}) == "EAAGx|y-z"


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        (
            {},
            "acme: the environment variable ACME with its token is not set; "
            "set ACME, in CI as a secret that this step receives as env: ACME",
        ),
        (
            {"ACME": ""},
            "acme: the environment variable ACME with its token is empty; CI gives an empty value "
            "when no secret of that name exists; make the secret ACME",
        ),
        (
            {"ACME": "canary\n"},
            "acme: the token in the environment variable ACME contains white space or a line "
            "break; copy the token again, alone and on one line",
        ),
        (
            {"ACME": "can ary"},
            "acme: the token in the environment variable ACME contains white space or a line "
            "break; copy the token again, alone and on one line",
        ),
        (
            {"ACME": "canary\x07"},
            "acme: the token in the environment variable ACME contains characters that no token "
            "has; copy the token again, alone and on one line",
        ),
        (
            {"ACME": "canäry"},
            "acme: the token in the environment variable ACME contains characters that no token "
            "has; copy the token again, alone and on one line",
        ),
    ],
)
def test_a_token_that_cannot_be_one_is_refused_without_showing_it(
    environment: dict[str, str], sentence: str
) -> None:
    with pytest.raises(SocialautoError) as refused:
        env.token("acme", "env:ACME", environment)

    assert str(refused.value) == sentence


def test_an_encrypted_secret_is_not_looked_for_here() -> None:
    with pytest.raises(SocialautoError) as refused:
        env.token("acme", "secret:acme", {})

    assert str(refused.value) == (
        "acme: the token in secret:acme is not in the environment; "
        "write token: env:NAME where encrypted tokens are not read"
    )
