"""The first socialauto.yaml, and the one edit made to it."""

from __future__ import annotations

import pytest
import yaml

from socialauto.core.config import Config
from socialauto.scaffold.answers import Answers, NewAccount, placeholder
from socialauto.scaffold.config_file import config_text, github_name, with_lineage

ACME = NewAccount("acme-instagram", "17841400000000001", "instagram")


def config(text: str) -> Config:
    return Config.model_validate(yaml.load(text, yaml.BaseLoader))


def test_the_first_configuration_says_what_was_answered() -> None:
    other = NewAccount("other", "17841400000000002", "instagram")
    read = config(config_text(Answers((ACME, other), timezone="Europe/Berlin")))
    assert read.timezone == "Europe/Berlin"
    assert {name: account.id for name, account in read.accounts.items()} == {
        "acme-instagram": "17841400000000001",
        "other": "17841400000000002",
    }
    assert read.accounts["acme-instagram"].token == "env:ACME_INSTAGRAM_TOKEN"
    assert read.media_host is None


def test_files_of_a_github_repository_have_a_public_address() -> None:
    read = config(config_text(Answers((ACME,), remote_url="git@github.com:acme/social.git")))
    assert read.media_host is not None
    assert read.media_host.base == "https://raw.githubusercontent.com/acme/social/{commit}"


def test_an_unknown_account_is_marked_as_a_placeholder() -> None:
    text = config_text(Answers((placeholder("instagram"),)))
    assert 'id: "17841400000000000"  # put your account\'s own id here' in text
    assert "put your account" not in config_text(Answers((ACME,)))


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/acme/social", "acme/social"),
        ("https://github.com/acme/social.git", "acme/social"),
        ("https://x-access-token:abc@github.com/acme/social.git", "acme/social"),
        ("git@github.com:acme/social.io.git", "acme/social.io"),
        ("ssh://git@github.com/acme/social", "acme/social"),
        ("https://gitlab.com/acme/social.git", ""),
        ("https://github.com.example.org/acme/social", ""),
        ("/srv/git/social.git", ""),
        ("", ""),
    ],
)
def test_a_github_repository_is_known_by_its_address(url: str, name: str) -> None:
    assert github_name(url) == name


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("timezone: UTC\n", "timezone: UTC\n\nledger:\n  lineage: abc\n"),
        ("timezone: UTC", "timezone: UTC\n\nledger:\n  lineage: abc\n"),
        ("a: 1\nledger:\n  branch: x\n", "a: 1\nledger:\n  lineage: abc\n  branch: x\n"),
        ("ledger:\n    branch: x\nb: 1\n", "ledger:\n    lineage: abc\n    branch: x\nb: 1\n"),
        ("ledger:  # ours\n", "ledger:  # ours\n  lineage: abc\n"),
        ("ledger:\n  # why\n  lineage: old  # it\nb: 1\n", None),
        ("ledger:\r\n  branch: x\r\n", "ledger:\r\n  lineage: abc\r\n  branch: x\r\n"),
        ("vars:\n  ledger: no\n", "vars:\n  ledger: no\n\nledger:\n  lineage: abc\n"),
    ],
)
def test_the_lineage_is_written_without_touching_anything_else(
    before: str, after: str | None
) -> None:
    expected = after or "ledger:\n  # why\n  lineage: abc  # it\nb: 1\n"
    assert with_lineage(before, "abc") == expected
    assert with_lineage(expected, "abc") == expected


def test_a_ledger_written_on_one_line_is_left_to_its_author() -> None:
    with pytest.raises(ValueError, match="on the same line"):
        with_lineage("ledger: {branch: x}\n", "abc")
