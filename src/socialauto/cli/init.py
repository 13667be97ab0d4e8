"""`socialauto init`: makes a folder a socialauto repository, or adds what it lacks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from socialauto import __version__
from socialauto.adapters.registry import platforms
from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError
from socialauto.core.reading import CONTENT, is_post, read_config
from socialauto.core.when import find_zone, zone_hint
from socialauto.scaffold.answers import PLACEHOLDER_ID, Answers, NewAccount, placeholder

if TYPE_CHECKING:
    from datetime import datetime

    from socialauto.repository.git import Git

SCHEMAS = {name: f"schemas/{name}.schema.json" for name in ("post", "schedule", "config")}


@dataclass(frozen=True, slots=True)
class Flags:
    """How to treat the ledger, and what else to write."""

    without: bool = False
    anew: bool = False
    dashboard: bool = False
    """Also write the workflow that publishes the dashboard."""


@click.command("init")
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=".",
    help="The folder to start in; made when it is missing.",
)
@click.option("--account", "names", multiple=True, help="An account's name; may be repeated.")
@click.option("--id", "ids", multiple=True, help="That account's id on the platform.")
@click.option("--platform", default="instagram", show_default=True, help="The accounts' platform.")
@click.option(
    "--timezone", default="UTC", show_default=True, help="Of times that name no zone of their own."
)
@click.option("--no-ledger", is_flag=True, help="Write the files only.")
@click.option(
    "--new-ledger",
    is_flag=True,
    help="Start a new ledger although socialauto.yaml names one that is missing.",
)
@click.option(
    "--dashboard/--no-dashboard",
    default=None,
    help="Also write a workflow that publishes the dashboard on GitHub Pages, where it may be seen "
    "by everybody.  [default: ask in a terminal, otherwise not]",
)
def command(
    folder: Path,
    names: tuple[str, ...],
    ids: tuple[str, ...],
    platform: str,
    timezone: str,
    no_ledger: bool,
    new_ledger: bool,
    dashboard: bool | None,
) -> None:
    """Make a folder a socialauto repository, or add what it lacks.

    Existing files are kept and named. Running it again changes nothing.
    """
    from socialauto.engine.clock import SystemClock

    answers = Answers(_accounts(names, ids, platform), _zone(timezone))
    if dashboard is None:
        from socialauto.cli.init_dashboard import wants_dashboard

        dashboard = wants_dashboard(folder)
    flags = Flags(without=no_ledger, anew=new_ledger, dashboard=dashboard)
    for line in start(folder, answers, flags, SystemClock().now()):
        click.echo(line)


def start(folder: Path, answers: Answers, flags: Flags, now: datetime) -> Iterator[str]:
    """Do it, telling every step as one line of text."""
    git, said = _repository(folder)
    yield from said
    yield from _config(git.root, _with_remote(git, answers))
    config = _read_config(git.root)
    if not flags.without:
        from socialauto.cli.init_ledger import settle_ledger

        # First, because it may refuse, and then nothing else should have happened.
        yield settle_ledger(git, config.ledger, now, anew=flags.anew)
    yield from _files(git.root, config, now, dashboard=flags.dashboard)
    yield ""
    yield from _next_steps(git, _read_config(git.root), dashboard=flags.dashboard)


def _accounts(
    names: tuple[str, ...], ids: tuple[str, ...], platform: str
) -> tuple[NewAccount, ...]:
    if platform not in platforms():
        raise click.BadParameter(
            f'no adapter for "{platform}"; known: {", ".join(platforms())}',
            param_hint="--platform",
        )
    if len(names) != len(ids):
        raise click.UsageError(
            f"{len(names)} × --account and {len(ids)} × --id: each account needs its id on the "
            "platform, in the same order"
        )
    return tuple(NewAccount(name, id, platform) for name, id in zip(names, ids, strict=True))


def _zone(name: str) -> str:
    if find_zone(name) is None:
        raise click.BadParameter(
            f'unknown time zone "{name}"; {zone_hint(name)}', param_hint="--timezone"
        )
    return name


def _repository(folder: Path) -> tuple[Git, list[str]]:
    """Git at the folder, which becomes a repository when it is none."""
    from socialauto.repository.git import Git, open_repository

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SocialautoError(f"{folder} cannot be made: {error.strerror}") from error
    root = folder.resolve()
    git = Git(root)
    said = []
    if not git.attempt("rev-parse", "--git-dir").ok:
        git.run("init", "--quiet", "--initial-branch=main")
        said.append(f"started a git repository in {root}")
    top = Path(open_repository(root).line("rev-parse", "--show-toplevel"))
    if top.resolve() != root:
        raise SocialautoError(
            f"{root} is inside the git repository {top}",
            f"workflows count only at its root: socialauto init -C {top}",
        )
    return git, said


def _with_remote(git: Git, answers: Answers) -> Answers:
    found = git.attempt("remote", "get-url", "origin")
    url = found.stdout.decode(errors="replace").strip() if found.ok else ""
    return replace(answers, remote_url=url)


def _config(root: Path, answers: Answers) -> Iterator[str]:
    if (root / CONFIG_FILE).exists():
        _check_known(_read_config(root), answers.accounts)
        return
    from socialauto.cli.writing import write_new
    from socialauto.scaffold.repository_files import config_file

    accounts = answers.accounts or (placeholder("instagram"),)
    files = config_file(replace(answers, accounts=accounts))
    _checked_config(files[CONFIG_FILE], "say it in another way")
    write_new(root, files)
    yield f"created   {CONFIG_FILE}"


def _check_known(config: Config, wanted: tuple[NewAccount, ...]) -> None:
    """An existing configuration is its author's: what it lacks is not added to it."""
    for account in wanted:
        known = config.accounts.get(account.name)
        if known is None or (known.id, known.platform) != (account.id, account.platform):
            raise SocialautoError(
                f"{CONFIG_FILE} exists and has no account {account.name} with the id {account.id}",
                "add it there: this command changes no file that exists",
            )


def _read_config(root: Path) -> Config:
    return _checked_config((root / CONFIG_FILE).read_bytes(), "mend it and start again")


def _checked_config(data: bytes, hint: str) -> Config:
    source, findings = read_config(data)
    errors = [finding for finding in findings if finding.severity == "error"]
    if source is None or errors:
        raise SocialautoError(str(errors[0]), hint)
    return source.value


def _files(root: Path, config: Config, now: datetime, *, dashboard: bool) -> Iterator[str]:
    from socialauto.cli.writing import write_new

    written = write_new(root, _wanted(root, config, now, dashboard=dashboard))
    yield from (f"created   {path}" for path in written.created)
    yield from (f"kept      {path} (stood here before)" for path in written.kept)
    yield from _ignore(root)


def _wanted(root: Path, config: Config, now: datetime, *, dashboard: bool) -> dict[str, bytes]:
    from socialauto.scaffold.package import requirement
    from socialauto.scaffold.repository_files import example_post, surroundings

    package = requirement(__version__, _direct_url())
    files = surroundings(_variables(config), package, dashboard=dashboard)
    files |= {path: _schema(name) for name, path in SCHEMAS.items()}
    if config.accounts and not _has_posts(root):
        files |= example_post(next(iter(config.accounts)), _example_time(config, now))
    return files


def _variables(config: Config) -> tuple[str, ...]:
    """What the publishing step needs in its environment: tokens, the key of those that are
    encrypted, the keys of a bucket."""
    from socialauto.core.media_host import S3Bucket
    from socialauto.credentials.keys import KEY

    host = config.media_host
    keys = [host.access_key, host.secret_key] if isinstance(host, S3Bucket) else []
    if isinstance(host, S3Bucket) and host.session_token:
        keys.append(host.session_token)
    tokens = [account.token for account in config.accounts.values()]
    places = (reference.partition(":") for reference in [*tokens, *keys])
    return tuple(dict.fromkeys(name if kind == "env" else KEY for kind, _, name in places))


def _direct_url() -> str | None:
    """What pip noted about where this copy came from; None when it came from an index."""
    try:
        return distribution("socialauto").read_text("direct_url.json")
    except PackageNotFoundError:
        return '{"url": "file:///"}'


def _schema(name: str) -> bytes:
    from socialauto.cli.schema import schema_text

    return schema_text(name).encode()


def _has_posts(root: Path) -> bool:
    from socialauto.repository.worktree import WorkTree

    return any(is_post(entry.path) for entry in WorkTree(root).files(CONTENT))


def _example_time(config: Config, now: datetime) -> str:
    from socialauto.scaffold.post_file import suggested_time

    return f"{suggested_time(now, ZoneInfo(config.timezone)):%Y-%m-%d %H:%M}"


def _ignore(root: Path) -> Iterator[str]:
    from socialauto.cli.writing import put
    from socialauto.scaffold.repository_files import IGNORED, with_ignored

    path = root / ".gitignore"
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    after = with_ignored(before)
    if after != before:
        put(path, after.encode())
        yield f"{'added to' if before else 'created '}  .gitignore ({', '.join(IGNORED)})"


def _next_steps(git: Git, config: Config, *, dashboard: bool) -> Iterator[str]:
    from socialauto.scaffold.next_steps import Situation, next_steps
    from socialauto.scaffold.package import is_public

    accounts = config.accounts.values()
    situation = Situation(
        tokens=_variables(config),
        ledger_branch=config.ledger.branch,
        ledger=config.ledger.lineage is not None,
        placeholder_account=any(account.id == PLACEHOLDER_ID for account in accounts),
        media_host=config.media_host is not None,
        remote=git.attempt("remote", "get-url", config.ledger.remote).ok,
        branch=git.line("symbolic-ref", "--short", "HEAD"),
        package_is_public=is_public(_direct_url()),
        dashboard=dashboard,
    )
    yield "What comes next:"
    for number, step in enumerate(next_steps(situation), start=1):
        yield f"{number:3}. {step}"
