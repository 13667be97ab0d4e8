"""What is known of a media file from its bytes. Made by `media.probe`, judged by `core.checks`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """An image as its header describes it; nothing has been decoded beyond what is needed."""

    format: str
    """Lower case, from the content and never from the file's name: jpeg, png, webp, gif, heic."""
    bytes: int
    width: int
    """Pixels, as stored, before any EXIF rotation."""
    height: int
    orientation: int = 1
    """EXIF orientation 1-8; 5-8 swap width and height when shown."""
    mode: str = "RGB"
    """Pillow's colour mode: RGB, CMYK, L, …"""
    frames: int = 1
    transparent: bool = False
    """Something below it may shine through."""
    icc: str = ""
    """Name of an embedded colour profile that is not sRGB."""
    notes: bool = False
    """Holds what a camera or a program wrote beside the picture (Exif, XMP, IPTC, comments)."""
    located: bool = False
    """Among these notes is where it was taken."""

    @property
    def shown_width(self) -> int:
        return self.height if self.orientation >= 5 else self.width

    @property
    def shown_height(self) -> int:
        return self.width if self.orientation >= 5 else self.height


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """A video as its container describes it. A value that the file does not give is None."""

    container: str
    """mp4, mov, webm, …"""
    bytes: int
    width: int
    height: int
    duration: float
    """Seconds."""
    frame_rate: float | None
    """Frames a second."""
    video_codec: str
    """h264, hevc, vp9, …"""
    bit_rate: int | None
    """Bits a second of the whole file."""
    chroma: str | None
    """4:2:0, 4:2:2, …"""
    scan: str | None
    """progressive or interlaced."""
    audio_codec: str | None
    """aac, mp3, …; None when there is no sound track."""
    audio_rate: int | None
    """Hz."""
    audio_channels: int | None
    moov_first: bool
    """The index stands before the media data, so that a fetcher can start at once."""
    edited: bool = False
    """Has an edit list that cuts, delays or repeats; the plain one that encoders write is none."""
    located: bool = False
    """Says where it was taken."""


@dataclass(frozen=True, slots=True)
class UnreadableMedia:
    """Bytes that are no media we know, or broken media."""

    bytes: int
    reason: str
    """A clause that ends a sentence: "is empty", "is cut off after 1,204 bytes", …"""


MediaFacts = ImageFacts | VideoFacts | UnreadableMedia
