"""Encodes a video anew, in a process of its own."""

from __future__ import annotations

from socialauto.core.media_facts import VideoFacts
from socialauto.core.profile import Needed, Profile
from socialauto.media.making import NotMadeError


def prepare_video(data: bytes, facts: VideoFacts, needed: Needed, profile: Profile) -> bytes:
    """The MP4. Raises `NotMadeError`."""
    raise NotMadeError("cannot be encoded anew yet")
