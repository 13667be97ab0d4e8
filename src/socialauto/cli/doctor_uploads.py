"""What `doctor` asks of the media hosts that are uploaded to; it writes nothing there."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import anyio.to_thread

from socialauto.core.checkup import Check, Status
from socialauto.core.errors import MediaHostError, SocialautoError
from socialauto.core.media_host import GitBranch, S3Bucket

if TYPE_CHECKING:
    from socialauto.cli.doctor_repository import Repository
    from socialauto.repository.git import Git

ID = "media-host"


async def look_at_uploads(place: Repository, settings: S3Bucket | GitBranch) -> Check:
    """Can the store or the branch be reached, with these keys and under this name?"""
    try:
        if isinstance(settings, S3Bucket):
            words = await _bucket(settings)
        else:
            words = await anyio.to_thread.run_sync(_branch, place.git, settings)
    except SocialautoError as error:
        return Check(ID, Status.FAIL, error.message, error.hint)
    except MediaHostError as error:
        return Check(ID, Status.FAIL, error.message, "see docs/media-hosts.md")
    return Check(ID, Status.OK, words)


async def _bucket(settings: S3Bucket) -> str:
    from socialauto.cli.hosting import bucket

    await bucket(settings, os.environ).look(f"{settings.prefix}/")
    return f"the store lists bucket {settings.bucket} for these keys"


def _branch(git: Git, settings: GitBranch) -> str:
    from socialauto.repository.media_branch import MediaBranch

    branch = MediaBranch(git, settings.remote, settings.branch, keep=settings.keep)
    tip, lying = branch.lying()
    if tip is None:
        return f"branch {settings.branch} does not exist yet; the first run that needs it makes it"
    total = sum(one.size for one in lying)
    files = "1 file" if len(lying) == 1 else f"{len(lying):,} files"
    return f"branch {settings.branch} holds media only: {files}, {total:,} bytes"
