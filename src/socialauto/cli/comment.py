"""`socialauto comment`: keeps one comment below a pull request up to date."""

from __future__ import annotations

import os
from typing import BinaryIO

import click

from socialauto.cli.exits import DONE
from socialauto.core.errors import SocialautoError

_MOST = 1_000_000
"""Bytes that are read; what GitHub takes is far less."""


@click.command("comment")
@click.argument("file", metavar="FILE", type=click.File("rb"))
@click.option(
    "--pull-request", "number", type=click.IntRange(min=1), required=True, metavar="NUMBER"
)
@click.option(
    "--repository",
    envvar="GITHUB_REPOSITORY",
    required=True,
    metavar="OWNER/NAME",
    help="Default: GITHUB_REPOSITORY, which workflows have.",
)
@click.option(
    "--author",
    metavar="LOGIN",
    help="Whose comment is renewed: the owner of the token. Default: that of a workflow's token.",
)
def command(file: BinaryIO, number: int, repository: str, author: str | None) -> int:
    """Write, or renew, the comment of a review below its pull request on GitHub.

    FILE, or - for what is piped in, is what "socialauto validate --comment" has written. There is
    one such comment, whatever happens to the change: a later one replaces its text, and the same
    text changes nothing. Needs a token in GITHUB_TOKEN that may write comments, and reads nothing
    of the repository; GITHUB_API_URL names the API of a forge of your own.
    """
    import anyio

    from socialauto.report.forge import API, BOT, PullRequest, put_comment

    token = os.environ.get("GITHUB_TOKEN", "")
    if not token:
        raise SocialautoError(
            "there is no token in GITHUB_TOKEN", "GITHUB_TOKEN: ${{ github.token }}"
        )
    place = PullRequest(repository, number, os.environ.get("GITHUB_API_URL") or API, author or BOT)
    body = file.read(_MOST).decode("utf-8", "replace")
    posted = anyio.run(put_comment, place, token, body)
    click.echo(f"comment below {repository}#{number}: {posted}")
    return DONE
