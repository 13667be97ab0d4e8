"""The only place that turns errors into messages and exit codes.

0 done or nothing to do; 1 findings, or refused before anything was sent; 2 usage; 3 our bug; 4 the
run went through but deliveries failed, are held or missed.
"""

from __future__ import annotations

import platform
import sys
import traceback
from collections.abc import Sequence

import click

from socialauto import __version__
from socialauto.core.errors import SocialautoError

DONE = 0
REFUSED = 1
USAGE = 2
BUG = 3
TROUBLE = 4
INTERRUPTED = 130

_REPORT = """\
This is a bug in socialauto, not in your files. Please report it with everything below;
it holds no secrets, but do look before you paste.

socialauto {version}, Python {python}, {system}
command: {command}

{trace}"""


def run(command: click.Command, arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = command.main(
            args=list(arguments) if arguments is not None else None,
            prog_name="socialauto",
            standalone_mode=False,
        )
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except SocialautoError as error:
        _say(error)
        return REFUSED
    except BrokenPipeError:
        # Somebody closed the pipe we print into, such as `| head`.
        sys.stderr.close()
        return DONE
    except BaseExceptionGroup as group:
        return _grouped(group)
    except Exception as error:
        click.echo(_bug(error), err=True)
        return BUG
    return result if isinstance(result, int) else DONE


def _grouped(group: BaseExceptionGroup[BaseException]) -> int:
    """What tasks side by side ended with: our bugs first, then the interruption."""
    bugs = group.subgroup(
        lambda error: not isinstance(error, KeyboardInterrupt | BaseExceptionGroup)
    )
    if bugs is None:
        click.echo("interrupted; what was on its way is settled by the next run", err=True)
        return INTERRUPTED
    click.echo(_bug(bugs), err=True)
    return BUG


def _say(error: SocialautoError) -> None:
    click.echo(f"{click.style('error:', fg='red', bold=True)} {error.message}", err=True)
    if error.hint:
        click.echo(f"{click.style('  cure:', bold=True)} {error.hint}", err=True)


def _bug(error: BaseException) -> str:
    return _REPORT.format(
        version=__version__,
        python=platform.python_version(),
        system=platform.platform(),
        command=" ".join(["socialauto", *sys.argv[1:]]),
        trace="".join(traceback.format_exception(error)),
    )
