"""What a video is: the order of its boxes by a walk of our own, the rest by MediaInfo."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from socialauto.core.media_facts import UnreadableMedia, VideoFacts
from socialauto.media.boxes import BrokenBoxes, boxes
from socialauto.media.edits import is_edited
from socialauto.media.reader import ReaderFailed, Track, read_tracks
from socialauto.media.video_notes import is_located

_VIDEO_CODECS = {
    "AVC": "h264",
    "HEVC": "hevc",
    "VP8": "vp8",
    "VP9": "vp9",
    "AV1": "av1",
    "MPEG-4 Visual": "mpeg4",
    "MPEG Video": "mpeg2",
    "ProRes": "prores",
}
_AUDIO_CODECS = {"AAC": "aac", "MPEG Audio": "mp3", "Opus": "opus", "Vorbis": "vorbis"}
_CONTAINERS = {"WebM": "webm", "Matroska": "mkv", "AVI": "avi", "MPEG-TS": "ts"}


class _Broken(Exception):  # noqa: N818 - carries the clause that ends a sentence
    pass


@dataclass(frozen=True, slots=True)
class _Structure:
    """What the boxes say."""

    moov_first: bool = False
    edited: bool = False
    located: bool = False


def _structure(data: bytes) -> _Structure:
    """Raises when the index or the pictures are missing or cut off."""
    found = [box for box in boxes(data) if box.kind in ("moov", "mdat")]
    moov = next((box for box in found if box.kind == "moov"), None)
    if moov is None:
        raise _Broken("has no moov box (index), so nobody can play it; export it again")
    if all(box.kind == "moov" for box in found):
        raise _Broken("has no mdat box (pictures and sound); export it again")
    return _Structure(found[0] is moov, is_edited(data, moov), is_located(data, moov))


def _number(track: Track, name: str) -> float | None:
    """MediaInfo gives numbers as text or not at all, and lists as "44100 / 22050"."""
    try:
        return float(str(track[name]).split("/")[0])
    except (KeyError, ValueError):
        return None


def _whole(track: Track, name: str) -> int | None:
    value = _number(track, name)
    return None if value is None else round(value)


def _codec(track: Track, names: Mapping[str, str]) -> str:
    name = str(track.get("format", "unknown"))
    return names.get(name, name.lower())


def _first(tracks: list[Track], kind: str) -> Track | None:
    return next((track for track in tracks if track.get("track_type") == kind), None)


def _shown_size(video: Track) -> tuple[int, int]:
    """Width and height after the container's rotation: phones film lying down and say so."""
    width, height = _whole(video, "width") or 0, _whole(video, "height") or 0
    turned = round(_number(video, "rotation") or 0) % 180 == 90
    return (height, width) if turned else (width, height)


def _scan(video: Track) -> str | None:
    """MediaInfo names the kinds of interlacing: Interlaced, MBAFF, PAFF, Mixed."""
    name = video.get("scan_type")
    if not name:
        return None
    return "progressive" if name == "Progressive" else "interlaced"


def _facts(data: bytes, tracks: list[Track], container: str, structure: _Structure) -> VideoFacts:
    general, video = _first(tracks, "General") or {}, _first(tracks, "Video")
    if video is None:
        raise _Broken("has no video track")
    audio = _first(tracks, "Audio")
    width, height = _shown_size(video)
    length = _number(video, "duration") or _number(general, "duration")
    if not (width and height and length):
        raise _Broken("does not say how large or how long its video is; export it again")
    return VideoFacts(
        container=_CONTAINERS.get(str(general.get("format")), container),
        bytes=len(data),
        width=width,
        height=height,
        duration=length / 1000,
        frame_rate=_number(video, "frame_rate"),
        video_codec=_codec(video, _VIDEO_CODECS),
        bit_rate=_whole(general, "overall_bit_rate"),
        chroma=video.get("chroma_subsampling"),
        scan=_scan(video),
        audio_codec=_codec(audio, _AUDIO_CODECS) if audio else None,
        audio_rate=_whole(audio, "sampling_rate") if audio else None,
        audio_channels=_whole(audio, "channel_s") if audio else None,
        moov_first=structure.moov_first,
        edited=structure.edited,
        located=structure.located,
    )


def probe_video(data: bytes, container: str) -> VideoFacts | UnreadableMedia:
    """What the video in `data` is; `container` is what its first bytes say.

    Raises `SocialautoError` only when videos cannot be read on this machine at all.
    """
    try:
        structure = _structure(data) if container in ("mp4", "mov") else _Structure()
        return _facts(data, read_tracks(data), container, structure)
    except (_Broken, BrokenBoxes, ReaderFailed) as broken:
        return UnreadableMedia(len(data), str(broken))
