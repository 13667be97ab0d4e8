"""The handle of an Instagram delivery: its container, and how to recognise what it became."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from socialauto.core.message import Message, PostType

MediaType = Literal["IMAGE", "CAROUSEL_ALBUM", "VIDEO"]
"""As Instagram's listings name it."""

Id = Annotated[str, Field(pattern=r"^[0-9A-Za-z_-]{1,64}$")]


class ContainerHandle(BaseModel):
    """What the ledger keeps of a prepared delivery. It outlives its post's file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    container: Id | None = None
    """None while only children of a carousel exist."""
    children: tuple[Id, ...] = ()
    account: str
    """The Instagram id it was made for: the account's configuration may change."""
    created: AwareDatetime
    inputs: str
    """Digest of what was uploaded: after an edit the container shows yesterday's text."""
    media_type: MediaType
    product: Literal["STORY"] | None = None
    """Stories are listed apart from everything else."""
    items: int
    caption: str
    """Hash of the normalised caption; empty when there is none."""

    def dump(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude_none=True)


def _media_type(message: Message) -> MediaType:
    if message.type is PostType.CAROUSEL:
        return "CAROUSEL_ALBUM"
    return "IMAGE" if message.media[0].is_image else "VIDEO"


def blank_handle(message: Message, *, account: str, created: datetime) -> ContainerHandle:
    """Of a message for which nothing has been made yet."""
    return ContainerHandle(
        account=account,
        created=created,
        inputs=message.upload_digest,
        media_type=_media_type(message),
        product="STORY" if message.type is PostType.STORY else None,
        items=len(message.media),
        caption=caption_hash(message.text),
    )


def read_handle(handle: Mapping[str, Any]) -> ContainerHandle | None:
    """None when it was written by a version that this one does not understand."""
    try:
        return ContainerHandle.model_validate(dict(handle))
    except ValidationError:
        return None


def caption_hash(text: str) -> str:
    """Equal for captions that Instagram may give back in another spelling.

    It drops the @ of mentions for some tokens, and trims and joins white space.
    """
    plain = unicodedata.normalize("NFC", text).replace("@", "")
    words = " ".join(plain.split())
    return hashlib.sha256(words.encode()).hexdigest()[:32] if words else ""
