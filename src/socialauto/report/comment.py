"""A change as one comment below its pull request: what it does, what was found, how posts look.

The same state gives the same bytes: no time of the run, no run, no commit but that of the pictures.
However large the change, the comment fits; what matters most comes first and is cut last.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from socialauto.core.check_text import length_of
from socialauto.core.compare import Kind
from socialauto.core.finding import Finding
from socialauto.report.comment_post import VERBS, Forge, Writer, link, short, some
from socialauto.report.findings import Checked
from socialauto.report.markdown import cell, code
from socialauto.report.review import Reviewed, Row, rows

MARKER = "<!-- socialauto:review -->"
"""How a comment starts that is ours, and may be replaced by a newer one."""
NOTHING = "<!-- nothing -->"
"""The second line when there is nothing to say: no reason for a comment, but one to renew it."""
MOST = 65_000
"""Characters, counted as UTF-16 does; GitHub takes 65,536, whatever it counts."""
MOST_BYTES = 120_000
"""Of UTF-8. A program can be handed 131,072 in one variable, which is how workflows pass it on."""
_ROOM_FOR_FINDINGS = 16_000
_ROOM_FOR_LINES = 12_000
"""Kept for posts that have only a line left."""
_MOST_PICTURES = 30
"""Each is loaded whole by everyone who opens the pull request."""

_FIRST = frozenset({"delete", "new id", "withdraw"})
"""What should surprise nobody, before what comes in."""


def _size(text: str) -> tuple[int, int]:
    return length_of(text, "utf16"), len(text.encode("utf-8", "surrogatepass"))


@dataclass(slots=True)
class _Room:
    """What is left of the comment."""

    characters: int
    bytes: int = MOST_BYTES
    pictures: int = _MOST_PICTURES

    def has(self, text: str, *, but: int = 0) -> bool:
        """Whether the text and a line break fit, and leave so many characters."""
        characters, size = _size(text)
        return characters + 1 + but <= self.characters and size + 1 + 2 * but <= self.bytes

    def take(self, text: str) -> None:
        characters, size = _size(text)
        self.characters -= characters + 1
        self.bytes -= size + 1


def _headline(found: Sequence[Row]) -> str:
    counter = Counter(kind for row in found for kind in row.one.kinds)
    words = [f"{VERBS[kind]} {counter[kind]:,}" for kind in Kind if counter[kind]]
    if not words:
        return "This change moves, adds and withdraws no post"
    first, number = words[0].rsplit(" ", 1)
    return (
        f"This change {', '.join([f'{first} {number} post' + 's' * (number != '1'), *words[1:]])}"
    )


def _finding(one: Finding, forge: Forge) -> str:
    words = "; ".join(part for part in (one.message, one.hint) if part)
    place = f"{link(one.path, forge)}, line {one.line}" if one.path else ""
    return f"- **{one.severity}** {place}: {one.code} {code(short(words))}"


def _relevant(checked: Checked, found: Sequence[Row]) -> list[Finding]:
    """Errors, and what is said about files that the change touches; the worst first."""
    sides = (side for row in found for side in (row.one.before, row.one.after) if side)
    touched = {side.path for side in sides}
    shown = [
        one
        for one in checked.findings
        if one.severity == "error" or (one.severity == "warning" and one.path in touched)
    ]
    return sorted(shown, key=lambda one: (one.severity != "error", one))


def _findings(checked: Checked, found: Sequence[Row], forge: Forge) -> Iterator[str]:
    shown = _relevant(checked, found)
    room = _Room(_ROOM_FOR_FINDINGS)
    listed = 0
    for listed, one in enumerate(shown, 1):
        line = _finding(one, forge)
        if not room.has(line):
            listed -= 1
            break
        room.take(line)
        yield line
    if listed < len(shown):
        yield f"- and {some(len(shown) - listed, 'more finding')}: see the job summary"
    elsewhere = checked.count("warning") - sum(one.severity == "warning" for one in shown)
    if elsewhere:
        yield f"- {some(elsewhere, 'warning')} in files that this change does not touch"


def _wrong(checked: Checked) -> Collection[str]:
    return {one.path for one in checked.findings if one.severity == "error"}


def _importance(row: Row, wrong: Collection[str]) -> tuple[bool, bool, object]:
    """Errors first, then what is taken away, then what comes soonest."""
    one = row.one
    return one.delivery.path not in wrong, not _FIRST & set(one.kinds), one.delivery.due


@dataclass
class _Pages:
    """What is written of each account, in the order in which accounts came up."""

    room: _Room
    accounts: dict[str, list[str]] = field(default_factory=dict)
    left_out: int = 0

    def put(self, account: str, text: str, *, but: int = 0) -> bool:
        heading = "" if account in self.accounts else f"### {code(account)}\n"
        if not self.room.has(heading + text, but=but):
            return False
        self.room.take(heading + text)
        self.accounts.setdefault(account, [heading]).append(text)
        return True


def _posts(checked: Checked, found: Sequence[Row], writer: Writer, room: _Room) -> Iterator[str]:
    wrong = _wrong(checked)
    pages, brief = _Pages(room), False
    for row in sorted(found, key=lambda row: (*_importance(row, wrong), row.one.key)):
        account = row.one.key.account
        if not brief:
            whole = writer.whole(row, room.pictures)
            brief = not pages.put(account, whole, but=_ROOM_FOR_LINES)
            room.pictures = max(0, room.pictures - writer.pictures_of(row))
        if brief and not pages.put(account, writer.line(row)):
            pages.left_out += 1
    for texts in pages.accounts.values():
        yield from texts
        if not texts[-1].endswith("\n"):
            yield ""
    if pages.left_out:
        yield f"**and {some(pages.left_out, 'more change')}: see the job summary**\n"


def _compared(reviewed: Reviewed) -> str:
    words = f"Compared with where this left {code(reviewed.revision)}"
    if reviewed.ledger is None:
        return f"{words}; the ledger was not compared: {cell(short(reviewed.about))}."
    return f"{words}, and with what the ledger says."


def as_comment(checked: Checked, reviewed: Reviewed, forge: Forge | None = None) -> str:
    """The comment, at most `MOST` characters and `MOST_BYTES` bytes long."""
    forge = forge or Forge()
    found = rows(reviewed.differences)
    findings = list(_findings(checked, found, forge))
    quiet = not found and not checked.count("error")
    head = [MARKER, *([NOTHING] if quiet else []), f"## {_headline(found)}", ""]
    head += [*findings, ""] if findings else []
    tail = [_compared(reviewed), ""]
    room = _Room(MOST - 200)
    for text in (*head, *tail):
        room.take(text)
    return "\n".join([*head, *_posts(checked, found, Writer(reviewed, forge), room), *tail])
