"""Says what a file is, by its content and never by its name."""

from __future__ import annotations

from socialauto.core.media_facts import MediaFacts, UnreadableMedia
from socialauto.media.image import probe_image
from socialauto.media.video import probe_video

_IMAGES = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"II*\x00": "tiff",
    b"MM\x00*": "tiff",
}
_VIDEOS = {b"\x1a\x45\xdf\xa3": "webm"}
_BRANDS = {
    b"heic": "heic",
    b"heix": "heic",
    b"heim": "heic",
    b"heis": "heic",
    b"mif1": "heic",
    b"avif": "avif",
    b"avis": "avif",
}
_OLD_QUICKTIME = (b"moov", b"mdat", b"wide", b"free", b"skip")
"""Boxes a QuickTime file may begin with that names no brand."""

_OTHERS = {
    b"%PDF": "is a PDF document",
    b"PK\x03\x04": "is a ZIP archive or an office document",
    b"\x1f\x8b": "is a gzip archive",
    b"8BPS": "is a Photoshop document, export it as JPEG",
    b"BM": "is a BMP image, export it as JPEG",
    b"ID3": "is sound without a picture",
    b"OggS": "is an Ogg file, export it as MP4",
    b"FLV\x01": "is a Flash video, export it as MP4",
}


def _by_brand(data: bytes) -> MediaFacts:
    """Files that begin with an `ftyp` box: photographs of phones, and videos."""
    brand = data[8:12]
    if brand in _BRANDS:
        return probe_image(data, "avif" if b"avif" in data[8:64] else _BRANDS[brand])
    return probe_video(data, "mov" if brand == b"qt  " else "mp4")


def _is_text(data: bytes) -> bool:
    head = data[:4096]
    try:
        head.decode()
    except UnicodeDecodeError as error:
        cut_through = len(data) > len(head) and error.start >= len(head) - 3
        if not cut_through:  # a character of several bytes at the end of the head
            return False
    return not any(byte < 32 and byte not in b"\t\n\r\f" for byte in head)


def _other(data: bytes) -> UnreadableMedia:
    for signature, reason in _OTHERS.items():
        if data.startswith(signature):
            return UnreadableMedia(len(data), reason)
    if not _is_text(data):
        return UnreadableMedia(len(data), "is neither an image nor a video")
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return UnreadableMedia(len(data), "is a web page (HTML), no image or video")
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return UnreadableMedia(len(data), "is an SVG drawing, export it as JPEG")
    return UnreadableMedia(len(data), "is text, no image or video")


def _riff(data: bytes) -> MediaFacts:
    if data[8:12] == b"WEBP":
        return probe_image(data, "webp")
    if data[8:12] == b"AVI ":
        return probe_video(data, "avi")
    return _other(data)


def probe(data: bytes) -> MediaFacts:
    """What `data` is: an image, a video, or no media, with the reason.

    Never raises for what `data` is; `SocialautoError` says that this machine reads no videos.
    """
    if not data:
        return UnreadableMedia(0, "is empty")
    for signatures, look in ((_IMAGES, probe_image), (_VIDEOS, probe_video)):
        for signature, kind in signatures.items():
            if data.startswith(signature):
                return look(data, kind)
    if data.startswith(b"RIFF"):
        return _riff(data)
    if data[4:8] == b"ftyp":
        return _by_brand(data)
    return probe_video(data, "mov") if data[4:8] in _OLD_QUICKTIME else _other(data)
