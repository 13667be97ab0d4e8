"""Makes the media host that the configuration names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import anyio.to_thread

from socialauto.adapters.protocol import MediaSource
from socialauto.core.config import MediaHost
from socialauto.core.errors import MediaHostError
from socialauto.core.media_host import GitBranch, S3Bucket, UrlFiles
from socialauto.core.message import MediaItem
from socialauto.credentials.env import token
from socialauto.engine.clock import SystemClock
from socialauto.media.cache import FOLDER
from socialauto.media.file import Making
from socialauto.media.host import NoHost, UrlHost
from socialauto.media.prepared import Prepared, PreparedFile

if TYPE_CHECKING:
    from socialauto.cli.looking import Lookout
    from socialauto.media.branch_host import BranchHost, Placed
    from socialauto.media.s3 import Bucket
    from socialauto.repository.git import Git


@dataclass(slots=True)
class CurrentHost:
    """The media host for the commit that counts by now."""

    settings: UrlFiles
    lookout: Lookout
    make: Making
    _hosts: dict[str, UrlHost] = field(default_factory=dict)

    def _host(self) -> UrlHost:
        commit = self.lookout.commit
        if commit not in self._hosts:
            self._hosts[commit] = UrlHost(self.settings, commit=commit, read=self.lookout.read)
        return self._hosts[commit]

    async def url(self, item: MediaItem) -> str:
        return await self._host().url(item)

    async def read(self, item: MediaItem) -> bytes:
        return (await self.make(item)).data


@dataclass(slots=True)
class Later:
    """A media source that is made when it is first asked: most runs send nothing."""

    open: Callable[[], MediaSource]
    _source: MediaSource | None = None

    def opened(self) -> MediaSource:
        if self._source is None:
            self._source = self.open()
        return self._source

    async def url(self, item: MediaItem) -> str:
        return await self.opened().url(item)

    async def read(self, item: MediaItem) -> bytes:
        return await self.opened().read(item)


def media_source(
    settings: MediaHost | None, lookout: Lookout, *, environment: Mapping[str, str]
) -> MediaSource:
    """Where this run's media come from. Raises `SocialautoError` when its keys are missing."""
    make = maker(lookout)
    match settings:
        case None:
            return NoHost(make=make)
        case UrlFiles():
            return CurrentHost(settings, lookout, make)
        case S3Bucket():
            from socialauto.media.s3_host import S3Host

            return S3Host(settings, bucket(settings, environment), make=make)
        case GitBranch():
            return _branch_host(settings, lookout, make)


def maker(lookout: Lookout) -> Making:
    """What items are uploaded as, made in a worker thread: the lanes must go on."""

    folder = Path(lookout.git.line("rev-parse", "--absolute-git-dir"), FOLDER)

    def make(item: MediaItem) -> PreparedFile:
        # By blob and not by path: the file may have changed since the message was made of it.
        return Prepared(lambda _: lookout.read_blob(item.blob), folder).of(item)

    async def made(item: MediaItem) -> PreparedFile:
        return await anyio.to_thread.run_sync(make, item)

    return made


def bucket(settings: S3Bucket, environment: Mapping[str, str]) -> Bucket:
    """The bucket, opened with the keys of the environment."""
    from socialauto.media.s3 import Bucket
    from socialauto.media.sigv4 import Keys

    def key(reference: str) -> str:
        return token("media_host", reference, environment)

    keys = Keys(
        key(settings.access_key),
        key(settings.secret_key),
        key(settings.session_token) if settings.session_token else None,
    )
    # Signatures tell the real time, whatever time a person pretends with --now.
    return Bucket(settings, keys, clock=SystemClock())


def _branch_host(settings: GitBranch, lookout: Lookout, make: Making) -> BranchHost:
    from socialauto.media.branch_host import BranchHost

    def companions(item: MediaItem) -> Iterable[MediaItem]:
        """All media of the post that the item belongs to."""
        for delivery in lookout.loaded.contents():
            message = delivery.message
            media = (*message.media, *([message.cover] if message.cover else ()))
            if item in media:
                return media
        return (item,)

    push = partial(_pushed, lookout.git, settings)
    return BranchHost(settings, push=push, make=make, clock=SystemClock(), companions=companions)


async def _pushed(git: Git, settings: GitBranch, files: Mapping[str, bytes]) -> Placed:
    from socialauto.media.branch_host import Placed
    from socialauto.repository.branch import UnreachableError
    from socialauto.repository.media_branch import MediaBranch

    branch = MediaBranch(git, settings.remote, settings.branch, keep=settings.keep)
    add = partial(branch.add, files, SystemClock().now())
    try:
        commit, paths = await anyio.to_thread.run_sync(add)
    except UnreachableError as error:
        raise MediaHostError(str(error), passing=True) from None
    return Placed(commit, paths)
