"""`socialauto media`: what was uploaded so that platforms could download it."""

from __future__ import annotations

import click

from socialauto.cli.lazy import LazyGroup

VERBS = {"clean": "Delete uploaded media that no open post needs any more."}


@click.group("media", cls=LazyGroup, verbs=VERBS, prefix="socialauto.cli.media_")
def command() -> None:
    """Look after uploaded media.

    Platforms copy media when a post is prepared, so that nothing public needs what lies in the
    bucket or on the branch that media_host names: see docs/media-hosts.md.
    """
