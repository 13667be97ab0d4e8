"""`socialauto import`: many posts at once, from a table, from JSON or from another tool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast, get_args

import click

from socialauto.cli.exits import DONE, REFUSED, TROUBLE
from socialauto.cli.place import find_root, folder_option, now_option, read_now
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.cli.importing import Judged
    from socialauto.core.config import Config
    from socialauto.core.importing import Terms
    from socialauto.report.importing import Imported

_FORMATS = ("auto", "csv", "json", "buffer", "postiz", "mixpost")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--account", "accounts", multiple=True, metavar="NAME",
    help="Where posts go out that do not say so themselves; repeatable.",
)  # fmt: skip
@click.option(
    "--map", "names", multiple=True, metavar="THEIRS=OURS",
    help="What the file calls an account, and your account. Nothing behind the = leaves its posts "
    "out. Repeatable.",
)  # fmt: skip
@click.option(
    "--into", metavar="FOLDER", default="content/imported", show_default=True,
    help="Where the new files go, below content/.",
)  # fmt: skip
@click.option(
    "--from", "source", type=click.Choice(_FORMATS), default="auto", show_default=True,
    help="What wrote the file; auto tells by its columns and fields.",
)  # fmt: skip
@click.option(
    "--timezone", metavar="ZONE", default="",
    help="The zone of times that do not name theirs, such as Europe/Berlin.",
)  # fmt: skip
@click.option(
    "--date-format", "date_order", type=click.Choice(["dmy", "mdy"]), default=None,
    help="How to read 1.12.2026 and 12/1/2026: the day first, or the month.",
)  # fmt: skip
@click.option(
    "--ignore", "ignored", multiple=True, metavar="COLUMN",
    help="A column that is not wanted; repeatable.",
)  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Check everything and write nothing.")
@click.option(
    "--keep-going", is_flag=True,
    help="Import the sound rows when others have errors, and put those into FILE.rejected.csv.",
)  # fmt: skip
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@now_option
@folder_option
def command(
    file: Path,
    into: str,
    source: str,
    dry_run: bool,
    keep_going: bool,
    style: str,
    now: str | None,
    folder: Path,
    **terms: Any,
) -> int:
    """Make a post of every row of FILE, a CSV table or JSON.

    Columns are called like the fields of a post: id, account, time, text, media, alt, hashtags.
    Tables of Buffer's bulk upload and the answers of Postiz and Mixpost are read as well. Texts go
    out as they are; braces in them are no template.

    All rows are checked first, as validate checks files. With an error in one of them nothing is
    written, unless --keep-going says so. No file is ever changed: a post that is there already and
    says the same is left alone, so a file can be imported twice. Exit code 0 when no row was
    rejected, 1 when nothing was written, 4 when rows were rejected and others imported.

    \b
    socialauto import posts.csv --dry-run
    socialauto import posts.csv --account acme --date-format dmy --keep-going
    """
    from socialauto.cli.import_drafts import Ground
    from socialauto.cli.importing import judge
    from socialauto.core.importing_reading import Source, read_table
    from socialauto.engine.clock import SystemClock
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    config = _config(root)
    chosen = _terms(config, **terms)
    target = _below_content(into)
    assert source in get_args(Source)
    table = read_table(_read(file), str(file), chosen, cast("Source", source))
    ground = Ground(
        WorkTree(root),
        target,
        read_now(now, config, SystemClock()),
        markdown="markdown" in {config.markup, *(one.markup for one in config.accounts.values())},
        known=_known(root, config),
    )
    judged = judge(table, ground)
    rejected = _rejected(file, judged) if keep_going and judged.files else None
    writing = not dry_run and not judged.unreadable and bool(judged.files)
    writing = writing and (keep_going or not judged.rejected)
    if writing:
        from socialauto.cli.import_writing import write_all

        write_all(root, judged.files, rejected)
    _show(_imported(judged, str(file), target, rejected if writing else None, writing), style)
    if judged.unreadable or (judged.rejected and not (keep_going and judged.files)):
        return REFUSED
    return TROUBLE if judged.rejected else DONE


def _config(root: Path) -> Config:
    from socialauto.cli.asking import config_of

    return config_of(root)


def _known(root: Path, config: Config) -> dict[str, str]:
    """The ids that the ledger has, as this clone knows it; none without one."""
    from socialauto.repository.base import known_ledger
    from socialauto.repository.git import open_repository

    try:
        snapshot = known_ledger(open_repository(root), config.ledger).snapshot
    except SocialautoError:
        return {}  # a run would say what is wrong with it; posts can be written without
    return {
        key.post: f"{entry.state.value} on {key.account}" for key, entry in snapshot.entries.items()
    }


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise SocialautoError(f"cannot read {file}: {error.strerror}") from None


def _below_content(into: str) -> str:
    """The folder as posts' paths begin with it."""
    from socialauto.core.reading import CONTENT, is_post
    from socialauto.repository.paths import is_safe

    folder = into.strip().strip("/").removeprefix("./")
    ours = folder == CONTENT or folder.startswith(f"{CONTENT}/")
    if not ours or not is_safe(folder) or not is_post(f"{folder}/a.md"):
        raise click.BadParameter(
            f"{into} is not below {CONTENT}/, where posts are", param_hint="--into"
        )
    return folder


def _terms(
    config: Config,
    *,
    accounts: tuple[str, ...],
    names: tuple[str, ...],
    timezone: str,
    date_order: str | None,
    ignored: tuple[str, ...],
) -> Terms:
    from socialauto.core.importing import Terms
    from socialauto.core.importing_csv import column_of
    from socialauto.core.suggest import did_you_mean, one_of
    from socialauto.core.when import find_zone, zone_hint

    pairs = [_pair(one) for one in names]
    known = [*config.accounts, *config.groups]
    for name in (*accounts, *(ours for _, ours in pairs if ours)):
        if name not in known:
            hint = did_you_mean(name, known, otherwise=f"known: {one_of(known)}")
            raise click.BadParameter(f'unknown account "{name}"; {hint}')
    if timezone and find_zone(timezone) is None:
        message = f'unknown time zone "{timezone}"; {zone_hint(timezone)}'
        raise click.BadParameter(message, param_hint="--timezone")
    return Terms(
        accounts=accounts,
        names=dict(pairs),
        timezone=timezone,
        date_order=cast("Any", date_order or ""),
        ignored=frozenset(map(column_of, ignored)),
    )


def _pair(text: str) -> tuple[str, str]:
    theirs, sign, ours = text.rpartition("=")
    if not sign or not theirs.strip():
        raise click.BadParameter(
            f'"{text}" is not written THEIRS=OURS, such as "Acme Inc=acme"', param_hint="--map"
        )
    return theirs.strip(), ours.strip()


def _rejected(file: Path, judged: Judged) -> tuple[Path, bytes] | None:
    """The rows with errors as a file that can be mended and imported; never over another one."""
    from socialauto.core.importing_rejected import rejected_text

    if not judged.rejected:
        return None
    suffix = ".json" if judged.table.kind in ("json", "postiz", "mixpost") else ".csv"
    stem = file.name.removesuffix(file.suffix).partition(".rejected")[0]
    number = 1
    while True:
        name = f"{stem}.rejected{f'-{number}' if number > 1 else ''}{suffix}"
        if not (file.parent / name).exists():
            # With the mark, because Excel would otherwise take it for something else than UTF-8.
            encoding = "utf-8-sig" if suffix == ".csv" else "utf-8"
            return file.parent / name, rejected_text(judged.table).encode(encoding)
        number += 1


def _imported(
    judged: Judged,
    file: str,
    folder: str,
    rejected: tuple[Path, bytes] | None,
    written: bool,
) -> Imported:
    from socialauto.report.importing import Imported

    rows = judged.table.rows
    return Imported(
        file=file,
        kind=judged.table.kind,
        rows=len(rows),
        folder=folder,
        posts=judged.ids,
        present=judged.present,
        left_out=[row.number for row in judged.left_out],
        rejected=[row.number for row in judged.rejected],
        rejected_file=str(rejected[0]) if rejected else "",
        findings=judged.findings,
        written=written,
        word=rows[0].word if rows else "row",
    )


def _show(outcome: Imported, style: str) -> None:
    from socialauto.report import importing as report

    if style == "json":
        click.echo(report.as_json(outcome))
        return
    from socialauto.cli.terminal import console

    report.print_text(outcome, console())
