"""`socialauto new`: starts a post from a few answers."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args
from zoneinfo import ZoneInfo

import click

from socialauto.cli.place import find_root, folder_option
from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError
from socialauto.core.message import PostType
from socialauto.core.suggest import did_you_mean
from socialauto.core.values import id_problem
from socialauto.core.when import TimeFlaw, parse_time
from socialauto.scaffold.post_document import Format
from socialauto.scaffold.post_file import NewPost, post_text, suggested_time

if TYPE_CHECKING:
    from socialauto.core.finding import Finding


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the flags say; what is empty is asked for, or refused where nobody can answer."""

    id: str
    accounts: tuple[str, ...]
    type: str
    time: str
    media: tuple[str, ...]
    alts: tuple[str, ...]
    text: str
    format: Format
    draft: bool


@click.command("new")
@click.argument("id", required=False, default="")
@click.option("--account", "accounts", multiple=True, help="Where it goes; may be repeated.")
@click.option(
    "--type",
    "type_",
    type=click.Choice([item.value for item in PostType]),
    default=None,
    help="Default: what the media make it.",
)
@click.option("--time", default="", help='When, as "2026-12-01 09:00".')
@click.option("--media", multiple=True, help="A file in the repository; may be repeated.")
@click.option("--alt", "alts", multiple=True, help="What that file shows; in the same order.")
@click.option("--text", default="", help="The caption.")
@click.option(
    "--format", "format_", type=click.Choice(get_args(Format)), default="md", show_default=True
)
@click.option("--draft", is_flag=True, help="It is checked, and does not go out yet.")
@folder_option
def command(folder: Path, type_: str | None, format_: str, **answers: Any) -> int:
    """Start a post. On a terminal it asks for what is missing.

    ID names the post for ever and is part of its file's name.
    """
    from socialauto.engine.clock import SystemClock

    if len(answers["alts"]) > len(answers["media"]):
        raise click.UsageError("there are more --alt than --media")
    wanted = Wanted(type=type_ or "", format=cast("Format", format_), **answers)
    return create(folder, wanted, SystemClock().now(), ask=sys.stdin.isatty())


def create(folder: Path, wanted: Wanted, now: datetime, *, ask: bool) -> int:
    """Write the post and say what `validate` thinks of it."""
    from socialauto.cli.writing import put

    root = find_root(folder)
    post = _post(root, _config(root), wanted, now, ask=ask)
    target = root / post.path
    if target.exists():
        raise SocialautoError(f"{post.path} exists already", "choose another id")
    put(target, post_text(post).encode())
    click.echo(f"created {post.path}")
    findings = _findings(root, post.path)
    for finding in findings:
        click.echo(str(finding))
    return int(any(finding.severity == "error" for finding in findings))


def _config(root: Path) -> Config:
    from socialauto.core.reading import read_config

    source, findings = read_config((root / CONFIG_FILE).read_bytes())
    if source is None:
        raise SocialautoError(str(findings[0]), "mend it first")
    return source.value


def _post(root: Path, config: Config, wanted: Wanted, now: datetime, *, ask: bool) -> NewPost:
    zone = ZoneInfo(config.timezone)
    if not ask:
        _require(wanted, config)
    accounts = _accounts(config, wanted.accounts, ask=ask)
    time = wanted.time or _ask("Time", f"{suggested_time(now, zone):%Y-%m-%d %H:%M}")
    media = wanted.media or (_ask_media() if ask else ())
    words = ask and wanted.type != PostType.STORY  # a story has none, and no alt text
    text = wanted.text or (_ask("Caption", "") if words else "")
    return NewPost(
        id=_id(wanted.id or _ask("Name of the post", _suggested_id(text))),
        accounts=accounts,
        type=wanted.type,
        time=time,
        folder=_month(time, zone),
        media=tuple(_in_repository(root, path) for path in media),
        alts=wanted.alts or (tuple(map(_ask_alt, media)) if words else ()),
        text=text,
        draft=wanted.draft,
        format=wanted.format,
    )


def _require(wanted: Wanted, config: Config) -> None:
    """Where nobody can answer, a guess would be published one day."""
    given = {
        "ID": wanted.id,
        "--account": wanted.accounts or len(config.accounts) == 1,
        "--time": wanted.time,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise click.UsageError(f"missing: {', '.join(missing)} (no terminal to ask on)")


def _accounts(config: Config, names: tuple[str, ...], *, ask: bool) -> tuple[str, ...]:
    known = list(config.accounts)
    if not known:
        raise SocialautoError(f"{CONFIG_FILE} has no account", "add one below accounts:")
    if not names and len(known) > 1 and ask:
        names = tuple(_ask(f"Account ({', '.join(known)})", known[0]).replace(",", " ").split())
    for name in names:
        if name not in known:
            hint = did_you_mean(name, known, otherwise=f"known: {', '.join(known)}")
            raise SocialautoError(f'unknown account "{name}"', hint)
    return names or (known[0],)


def _id(text: str) -> str:
    id = text.strip()
    problem = id_problem(id) if id else "is empty"
    if problem or re.search(r'[\\:*?"<>|]', id):
        raise SocialautoError(
            f'the id "{id}" {problem or "cannot be part of a file name"}',
            "use letters, digits, - and _",
        )
    return id


def _suggested_id(text: str) -> str:
    """The caption's first words, as a name: "Hello from the coast!" → hello-from-the-coast."""
    return "-".join(re.findall(r"[^\W_]+", text.lower())[:4])


def _month(time: str, zone: ZoneInfo) -> str:
    due = parse_time(time, zone)
    if isinstance(due, TimeFlaw):
        raise SocialautoError(due.message, due.hint)
    return f"{due.astimezone(zone):%Y/%m}"


def _in_repository(root: Path, path: str) -> str:
    """A media path as a post writes it, from the repository's root: right wherever it moves."""
    file = Path(path) if Path(path).exists() else root / path.lstrip("/")
    if not file.is_file():
        raise SocialautoError(f"there is no file {path}", "media are files in the repository")
    whole = file.resolve()
    if not whole.is_relative_to(root):
        raise SocialautoError(f"{path} is not in the repository", f"copy it below {root} first")
    return f"/{whole.relative_to(root).as_posix()}"


def _ask(question: str, suggestion: str) -> str:
    answer = click.prompt(question, default=suggestion, show_default=bool(suggestion))
    return str(answer).strip()


def _ask_media() -> tuple[str, ...]:
    answer = _ask("Media files, with a space between them (none: empty)", "")
    return tuple(shlex.split(answer))


def _ask_alt(path: str) -> str:
    """Platforms take a description for pictures only."""
    if not path.lower().endswith((".jpg", ".jpeg")):
        return ""
    return _ask(f"What {path} shows, for people who cannot see it", "")


def _findings(root: Path, path: str) -> Iterable[Finding]:
    from socialauto.engine.load import load
    from socialauto.repository.worktree import WorkTree

    return [finding for finding in load(WorkTree(root)).findings if finding.path == path]
