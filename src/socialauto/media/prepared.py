"""Media as they go out: the file itself, or what was made of it, remembered between runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from threading import Lock
from typing import Any

from socialauto.core.check_images import Subject
from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import ImageFacts, MediaFacts, VideoFacts
from socialauto.core.message import MediaItem
from socialauto.core.preparing import RECIPE, decide
from socialauto.core.profile import Impossible, Means, Needed, Nothing, Profile, Treatment
from socialauto.media.cache import Cache
from socialauto.media.making import NotMadeError
from socialauto.media.probe import probe

Read = Callable[[str], bytes]
"""The bytes of a file by its path."""

_LIBRARIES = ("pillow", "pi-heif", "av")
_TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "avif": "image/avif",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "webm": "video/webm",
}
_SUFFIXES = {"jpeg": "jpg"}

_making = Lock()
"""One file at a time in this process: each may need some hundred megabytes."""


@dataclass(frozen=True, slots=True)
class PreparedFile:
    """What goes out."""

    data: bytes = field(repr=False)
    mime: str
    sha256: str
    facts: MediaFacts
    suffix: str
    """Without a dot: jpg, mp4."""
    steps: tuple[str, ...] = ()
    """What was done, for people; empty when it is the file itself."""


def _kind(facts: MediaFacts) -> str:
    match facts:
        case ImageFacts():
            return facts.format
        case VideoFacts():
            return facts.container
        case _:
            return ""


def _file(data: bytes, facts: MediaFacts, steps: tuple[str, ...] = ()) -> PreparedFile:
    kind = _kind(facts)
    return PreparedFile(
        data=data,
        mime=_TYPES.get(kind, "application/octet-stream"),
        sha256=hashlib.sha256(data).hexdigest(),
        facts=facts,
        suffix=_SUFFIXES.get(kind, kind or "bin"),
        steps=steps,
    )


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return ""


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, frozenset) else str(value)


def recipe(profile: Profile) -> str:
    """Stands for everything but the file itself that the result depends on."""
    content = {
        "recipe": RECIPE,
        "profile": asdict(profile),
        "libraries": {name: _version(name) for name in _LIBRARIES},
    }
    text = json.dumps(content, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _moved(data: bytes, needed: Needed) -> bytes:
    """A video whose pictures and sounds stay as they are."""
    from socialauto.media.index_first import index_first
    from socialauto.media.video_notes import without_notes

    if needed.has(Treatment.STRIP):
        data = without_notes(data)
    return index_first(data) if needed.has(Treatment.INDEX) else data


def _by_maker(data: bytes, facts: MediaFacts, profile: Profile, needed: Needed) -> bytes:
    """Each maker is imported when it is needed: the libraries are heavy."""
    if isinstance(facts, ImageFacts):
        from socialauto.media.prepare_image import prepare_image

        return prepare_image(data, facts, needed, profile.wishes, profile.rules.max_bytes)
    assert isinstance(facts, VideoFacts)
    if needed.has(Treatment.TRANSCODE, Treatment.SOUND):
        from socialauto.media.prepare_video import prepare_video

        return prepare_video(data, facts, needed, profile)
    return _moved(data, needed)


def _make(
    data: bytes, facts: MediaFacts, profile: Profile, needed: Needed, subject: Subject
) -> bytes:
    try:
        return _by_maker(data, facts, profile, needed)
    except NotMadeError as error:
        raise _failure(subject, str(error)) from None


def _is_right(facts: MediaFacts, profile: Profile) -> bool:
    """Whether a result is what was wanted: a platform sees nothing that was not looked at again."""
    return isinstance(decide(facts, profile, Means(uploads=True)), Nothing)


def _failure(subject: Subject, words: str) -> MediaHostError:
    return MediaHostError(f"{subject.path} {words}; it cannot be prepared for {subject.platform}")


class Prepared:
    """Media of one tree of files as they go out."""

    def __init__(self, read: Read, folder: Path | None = None) -> None:
        """`folder` is where results are kept (`cache.FOLDER` of the git folder), if anywhere."""
        self.read = read
        self._cache = Cache(folder)

    def of(self, item: MediaItem, profile: Profile | None = None) -> PreparedFile:
        """The item as it goes out, by its own profile unless another one is given.

        Slow (seconds for a picture, minutes for a video) unless it has been made before. Raises
        `MediaHostError` when it cannot be made what the platform takes.
        """
        data = self.read(item.path)
        facts = probe(data)
        wanted = profile or item.profile
        if wanted is None:
            return _file(data, facts)
        subject = Subject("media", item.path, wanted.platform)
        decision = decide(facts, wanted, Means(uploads=True), subject)
        match decision:
            case Nothing():
                return _file(data, facts)
            case Impossible(complaints):
                first = complaints[0]
                raise MediaHostError("; ".join(filter(None, (first.message, first.hint))))
            case Needed():
                with _making:
                    return self._remembered(data, facts, wanted, decision, subject)

    def _remembered(
        self, data: bytes, facts: MediaFacts, profile: Profile, needed: Needed, subject: Subject
    ) -> PreparedFile:
        steps = tuple(step.words for step in needed.steps)
        name = f"{hashlib.sha256(data).hexdigest()[:40]}-{recipe(profile)[:24]}"
        for known in self._cache.recall(name):
            if _is_right(found := probe(known), profile):
                return _file(known, found, steps)
        made = _make(data, facts, profile, needed, subject)
        if not _is_right(found := probe(made), profile):
            raise _failure(subject, "was made something that is not taken either")
        prepared = _file(made, found, steps)
        self._cache.keep(f"{name}.{prepared.suffix}", made)
        return prepared
