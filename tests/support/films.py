"""What a player sees and hears of a film, so that two of them can be compared."""

from __future__ import annotations

import hashlib
import io
import struct
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from socialauto.media.boxes import boxes


def _opened(data: bytes) -> Any:
    import av

    return av.open(io.BytesIO(data))


def frames_of(data: bytes) -> list[tuple[float, str]]:
    """Each picture's moment and a hash of its pixels."""
    with _opened(data) as film:
        return [
            (float(frame.time), hashlib.sha256(bytes(frame.planes[0])).hexdigest())
            for frame in film.decode(video=0)
        ]


def sound_of(data: bytes) -> str:
    """A hash of all samples; empty for a silent film."""
    with _opened(data) as film:
        if not film.streams.audio:
            return ""
        digest = hashlib.sha256()
        for frame in film.decode(audio=0):
            digest.update(bytes(frame.planes[0]))
        return digest.hexdigest()


def still_of(data: bytes, second: float) -> Image.Image:
    """The picture that is seen at a moment."""
    with _opened(data) as film:
        shown = None
        for frame in film.decode(video=0):
            if float(frame.time) > second:
                break
            shown = frame
        assert shown is not None
        image = shown.to_image()
        assert isinstance(image, Image.Image)
        return image


def with_edit(data: bytes, *, start: float = 0, length: float | None = None) -> bytes:
    """A film whose pictures begin at `start` and last for `length` seconds by its edit list."""
    changed = bytearray(data)
    at = data.index(b"elst")
    (movie,) = struct.unpack_from(">I", data, data.index(b"mvhd") + 16)
    (track,) = struct.unpack_from(">I", data, data.index(b"mdhd") + 16)
    old_length, old_start = struct.unpack_from(">Ii", data, at + 12)
    seconds = round(length * movie) if length is not None else old_length
    struct.pack_into(">Ii", changed, at + 12, seconds, old_start + round(start * track))
    return bytes(changed)


def turned(data: bytes) -> bytes:
    """A film as a phone takes it that is held upright: lying down, with a matrix that turns it."""
    at = data.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", 0, 0x10000, 0, -0x10000, 0, 0, 0, 0, 0x40000000)
    return data[:at] + matrix + data[at + 36 :]


def uneven(width: int = 180, height: int = 320, *, start: int = 0) -> bytes:
    """A film whose pictures come when they like: 40 and then 20 a second, the first one after
    `start` 120ths of a second."""
    with TemporaryDirectory() as folder:
        target = Path(folder) / "film.mp4"
        _write_uneven(target, width, height, start)
        return target.read_bytes()


def _write_uneven(target: Path, width: int, height: int, start: int) -> None:
    import av

    with av.open(str(target), "w", options={"movflags": "faststart"}) as film:
        stream = film.add_stream("libx264", rate=120, options={"preset": "ultrafast"})
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 120)
        moment = 0
        while moment < 480:
            picture = Image.new("RGB", (width, height), (moment % 250, 90, 90))
            frame = av.VideoFrame.from_image(picture)
            frame.pts, frame.time_base = start + moment, Fraction(1, 120)
            film.mux(stream.encode(frame))
            moment += 3 if moment < 240 else 6
        film.mux(stream.encode(None))


def located(data: bytes) -> bytes:
    """A film as a phone writes it, with the place in Berlin; its index must be the last box."""
    (moov,) = [box for box in boxes(data) if box.kind == "moov"]
    assert moov.end == len(data)
    place = b"+52.5200+013.4050/"
    note = _box(b"udta", _box(b"\xa9xyz", struct.pack(">HH", len(place), 0x15C7) + place))
    grown = _box(b"moov", data[moov.start :] + note)
    return data[: moov.start - 8] + grown


def _box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content
