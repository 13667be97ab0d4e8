"""The text of a first `socialauto.yaml`, and the one edit that is ever made to it."""

from __future__ import annotations

import re

from socialauto.scaffold.answers import PLACEHOLDER_ID, Answers, NewAccount
from socialauto.scaffold.templates import fill
from socialauto.scaffold.yaml_text import scalar

_GITHUB = re.compile(r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)github\.com[:/]([\w.-]+/[\w.-]+?)/?")


def config_text(answers: Answers) -> str:
    values = {
        "TIMEZONE": answers.timezone,
        "ACCOUNTS": "\n".join(_account(account) for account in answers.accounts),
        "MEDIA_HOST": _media_host(answers.remote_url),
    }
    return fill("socialauto.yaml", values)


def github_name(remote_url: str) -> str:
    """`owner/name` of a repository on GitHub, or nothing."""
    match = _GITHUB.fullmatch(remote_url)
    return match.group(1).removesuffix(".git") if match else ""


def with_lineage(text: str, lineage: str) -> str:
    """The configuration naming its ledger; comments, order and line endings stay as they are."""
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    start = _top_level(lines, "ledger")
    if start is None:
        gap = "" if not lines or lines[-1].endswith(("\n", "\r")) else newline
        return f"{text}{gap}{newline}ledger:{newline}  lineage: {lineage}{newline}"
    if not re.fullmatch(r"ledger:\s*(#.*)?", lines[start].rstrip("\r\n")):
        raise ValueError("`ledger:` has its values on the same line")
    inside = _block(lines, start)
    for number in inside:
        if match := re.match(r"(\s+)lineage:[^#\r\n]*(#[^\r\n]*)?", lines[number]):
            comment = f"  {match.group(2)}" if match.group(2) else ""
            lines[number] = f"{match.group(1)}lineage: {lineage}{comment}{newline}"
            return "".join(lines)
    indent = _indent(lines, inside)
    lines.insert(start + 1, f"{indent}lineage: {lineage}{newline}")
    return "".join(lines)


def _account(account: NewAccount) -> str:
    marker = "  # put your account's own id here" if account.id == PLACEHOLDER_ID else ""
    return "\n".join(
        (
            f"  {account.name}:",
            f"    platform: {account.platform}",
            f"    id: {scalar(account.id)}{marker}",
            f"    token: env:{account.token}",
        )
    )


def _media_host(remote_url: str) -> str:
    name = github_name(remote_url)
    base = f"https://raw.githubusercontent.com/{name or 'OWNER/NAME'}/{{commit}}"
    lines = ("media_host:", "  kind: url", f"  base: {base}")
    return "\n".join(lines if name else (f"# {line}" for line in lines))


def _top_level(lines: list[str], key: str) -> int | None:
    return next((number for number, line in enumerate(lines) if line.startswith(f"{key}:")), None)


def _block(lines: list[str], start: int) -> list[int]:
    """The numbers of the lines that stand indented below the key at `start`."""
    inside = []
    for number in range(start + 1, len(lines)):
        if lines[number].strip() and not lines[number].startswith((" ", "#")):
            break
        inside.append(number)
    return inside


def _indent(lines: list[str], inside: list[int]) -> str:
    for number in inside:
        if match := re.match(r"( +)[^\s#]", lines[number]):
            return match.group(1)
    return "  "
