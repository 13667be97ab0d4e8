from __future__ import annotations

import json
import re

import pytest

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.core.codes import CODES
from socialauto.report.explain import _sections
from socialauto.report.explain import explain as explanation


def explain(*arguments: str) -> int:
    return run(socialauto, ["explain", *arguments])


def test_a_code_is_explained_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("SA203") == 0
    assert capsys.readouterr().out == (
        "SA203: Unknown account\n"
        "\n"
        "A post, a group or a freeze names an account that socialauto.yaml does not have. It\n"
        "would go out nowhere.\n"
        "\n"
        "What to do: correct the name, or add the account to socialauto.yaml.\n"
        "\n"
        "This line of a file\n"
        "\n"
        "    account: acmee\n"
        "\n"
        "is told as\n"
        "\n"
        '    content/a.md:2:10: SA203 unknown account "acmee"; did you mean "acme"?\n'
    )


@pytest.mark.parametrize("code", CODES)
def test_every_code_says_what_it_means_what_to_do_and_how_it_looks(code: str) -> None:
    found = explanation(code)
    assert found.title == CODES[code]
    assert found.meaning.endswith(".")
    assert found.cure.endswith(".")
    assert re.fullmatch(rf"\S+:\d+:\d+: {code} .+", found.example.finding)


def test_no_code_is_explained_that_there_is_not() -> None:
    assert set(_sections()) == set(CODES)


def test_machines_get_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain("SA505", "--format", "json") == 0
    found = json.loads(capsys.readouterr().out)
    assert list(found) == ["version", "code", "title", "meaning", "cure", "example"]
    assert (found["version"], found["code"]) == (1, "SA505")


def test_without_a_code_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert explain() == 0
    assert len(capsys.readouterr().out.splitlines()) == len(CODES)
    assert explain("--format", "json") == 0
    codes = json.loads(capsys.readouterr().out)["codes"]
    assert codes[0] == {"code": "SA101", "title": "The file is empty"}


@pytest.mark.parametrize("code", ["sa203", "203", " SA203 ", "SA2O3"])
def test_a_code_may_be_written_carelessly(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert explain(code) == 0
    assert capsys.readouterr().out.startswith("SA203: ")


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("SA2033", 'did you mean "SA203"?'),
        ("unknown acount", 'did you mean "SA203"?'),
        ("hello", '"socialauto explain" lists them'),
    ],
)
def test_what_is_no_code_gets_a_guess(
    code: str, hint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert explain(code) == 2
    assert hint in " ".join(capsys.readouterr().err.split())
