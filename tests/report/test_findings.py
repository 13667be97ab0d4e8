from __future__ import annotations

import json
from io import StringIO

import pytest
from rich.console import Console

from socialauto.core.finding import Finding
from socialauto.report.findings import Checked, as_github, as_json, print_text, summary

ERROR = Finding(
    "content/a, b.md", 4, 10, "SA203", 'unknown account "acmee"', 'did you mean "acme"?'
)
WARNING = Finding("content/c.md", 1, 1, "SA434", "no alt text", severity="warning")
NOTE = Finding("content/d.md", 7, 3, "SA810", "weekend does not hold", severity="info")
BOTH = Checked(posts=12, accounts=2, findings=[ERROR, WARNING])


def printed(checked: Checked, **options: object) -> str:
    output = StringIO()
    print_text(checked, Console(file=output, width=40, highlight=False, **options))  # type: ignore[arg-type] # any option
    return output.getvalue()


def test_text_has_one_line_a_finding_however_narrow_the_terminal() -> None:
    assert printed(BOTH) == (
        'content/a, b.md:4:10: SA203 unknown account "acmee"; did you mean "acme"?\n'
        "content/c.md:1:1: SA434 warning: no alt text\n"
        "12 posts, 2 accounts, 1 error, 1 warning\n"
    )


def test_text_of_users_is_never_read_as_markup() -> None:
    finding = Finding("[red]a[/]", 1, 1, "SA201", "unknown key [bold]x[/bold]")
    assert "[red]a[/]:1:1: SA201 unknown key [bold]x[/bold]" in printed(Checked(1, 1, [finding]))


def test_a_file_name_cannot_draw_on_the_terminal() -> None:
    finding = Finding("content/\x1b[2J\n.md", 1, 1, "SA206", "the id \x1b[2J", "write \r")
    shown = printed(Checked(1, 1, [finding]))
    assert shown.splitlines()[0] == ("content/\\x1b[2J\\n.md:1:1: SA206 the id \\x1b[2J; write \\r")


def test_a_terminal_shows_colour() -> None:
    assert "\x1b[" in printed(BOTH, force_terminal=True, no_color=False, color_system="standard")


@pytest.mark.parametrize(
    ("checked", "expected"),
    [
        (Checked(12, 2, []), "12 posts, 2 accounts, no findings"),
        (Checked(1, 1, []), "1 post, 1 account, no findings"),
        (Checked(1234, 0, [ERROR, ERROR]), "1,234 posts, 0 accounts, 2 errors"),
        (Checked(1, 1, [WARNING]), "1 post, 1 account, 1 warning"),
        (Checked(1, 1, [NOTE]), "1 post, 1 account, no findings, 1 exception"),
    ],
)
def test_the_summary_counts(checked: Checked, expected: str) -> None:
    assert summary(checked) == expected


def test_json_is_stable() -> None:
    assert json.loads(as_json(BOTH)) == {
        "version": 1,
        "posts": 12,
        "accounts": 2,
        "errors": 1,
        "warnings": 1,
        "exceptions": 0,
        "findings": [
            {
                "path": "content/a, b.md",
                "line": 4,
                "column": 10,
                "code": "SA203",
                "severity": "error",
                "title": "Unknown account",
                "message": 'unknown account "acmee"',
                "hint": 'did you mean "acme"?',
            },
            {
                "path": "content/c.md",
                "line": 1,
                "column": 1,
                "code": "SA434",
                "severity": "warning",
                "title": "No alternative text",
                "message": "no alt text",
                "hint": "",
            },
        ],
    }


def test_annotations_are_escaped_as_github_wants_it() -> None:
    odd = Finding("content/100%: a.md", 1, 2, "SA201", "unknown key 50%\r\n::error::x, y: z")
    assert list(as_github(Checked(1, 1, [ERROR, WARNING, odd]), "social/")) == [
        "::error file=social/content/a%2C b.md,line=4,col=10,title=SA203 Unknown account::"
        'unknown account "acmee"; did you mean "acme"?',
        "::warning file=social/content/c.md,line=1,col=1,title=SA434 No alternative text::"
        "no alt text",
        "::error file=social/content/100%25%3A a.md,line=1,col=2,title=SA201 Unknown key::"
        "unknown key 50%25%0D%0A::error::x, y: z",
    ]


def test_an_exception_is_listed_when_it_is_asked_for() -> None:
    output = StringIO()
    checked = Checked(1, 1, [NOTE])
    assert "SA810" not in printed(checked)
    print_text(checked, Console(file=output, width=80), everything=True)
    assert output.getvalue().startswith("content/d.md:7:3: SA810 info: weekend does not hold")


def test_an_exception_is_a_notice_beside_its_line() -> None:
    assert next(as_github(Checked(1, 1, [NOTE]))).startswith("::notice file=content/d.md,line=7")
