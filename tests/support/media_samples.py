"""Real images and videos, made on the spot: small, the same every time, and each made once.

jpeg()                      a JPEG that Instagram takes
jpeg(1080, 1920)            too tall
mp4()                       a reel that Instagram takes: 3 s, H.264, AAC, index first
mp4(codec="vp9")            a codec it does not take
"""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterable, Mapping
from functools import cache
from io import BytesIO
from math import pi, sin
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

ORIENTATION = 0x0112

_ENCODERS = {"h264": "libx264", "hevc": "libx265", "vp9": "libvpx-vp9", "mpeg4": "mpeg4"}
_FAST: Mapping[str, dict[str, str]] = {
    "h264": {"preset": "ultrafast", "threads": "1"},
    "hevc": {"preset": "ultrafast", "x265-params": "log-level=none:pools=1"},
    "vp9": {"deadline": "realtime", "cpu-used": "8"},
}
_CHROMA = {"4:2:0": "yuv420p", "4:2:2": "yuv422p", "4:4:4": "yuv444p"}


def _saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def _exif(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return exif


@cache
def jpeg(
    width: int = 1080,
    height: int = 1350,
    *,
    mode: str = "RGB",
    progressive: bool = False,
    orientation: int = 1,
    quality: int = 80,
    color: int = 120,
) -> bytes:
    """An image of one colour; another `color`, 0-255, is another file."""
    image = Image.new("L", (width, height), color).convert(mode)
    extra = {"exif": _exif(orientation)} if orientation != 1 else {}
    return _saved(image, "JPEG", quality=quality, progressive=progressive, **extra)


def with_notes(data: bytes, *, located: bool = True) -> bytes:
    """A JPEG as a phone writes it: with the camera's name, and the place in Berlin."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Camera", "One"
    if located:
        exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    block = exif.tobytes()
    segment = b"\xff\xe1" + struct.pack(">H", len(block) + 2) + block
    return data[:2] + segment + data[2:]


@cache
def png(width: int = 1080, height: int = 1350, *, mode: str = "RGB") -> bytes:
    return _saved(Image.new(mode, (width, height)), "PNG")


@cache
def webp(width: int = 320, height: int = 400, *, lossless: bool = False, frames: int = 1) -> bytes:
    images = _frames(width, height, frames)
    animation = {"save_all": True, "append_images": images[1:]} if frames > 1 else {}
    return _saved(images[0], "WEBP", lossless=lossless, **animation)


@cache
def gif(width: int = 320, height: int = 400, *, frames: int = 1) -> bytes:
    images = _frames(width, height, frames)
    return _saved(images[0], "GIF", save_all=frames > 1, append_images=images[1:])


@cache
def tiff(width: int = 320, height: int = 400, *, mode: str = "RGB") -> bytes:
    return _saved(Image.new(mode, (width, height)), "TIFF")


@cache
def mpo(width: int = 320, height: int = 400) -> bytes:
    """Two JPEGs in one file, as 3D cameras and some phones write them under the name .jpg."""
    first, second = _frames(width, height, 2)
    return _saved(first, "MPO", save_all=True, append_images=[second])


def _frames(width: int, height: int, count: int) -> list[Image.Image]:
    return [Image.new("RGB", (width, height), (60 * index, 90, 120)) for index in range(count)]


def box(kind: str, content: bytes) -> bytes:
    """A box of an MP4 or HEIC file."""
    return struct.pack(">I", 8 + len(content)) + kind.encode("latin-1") + content


def heic(width: int = 3024, height: int = 4032) -> bytes:
    """The outer structure of a phone's photograph, with a tile's size beside the whole one's."""
    sizes = [
        box("ispe", bytes(4) + struct.pack(">II", *size)) for size in ((512, 512), (width, height))
    ]
    properties = box("iprp", box("ipco", b"".join(sizes)))
    return (
        box("ftyp", b"heic\0\0\0\0mif1heic")
        + box("meta", bytes(4) + properties)
        + box("mdat", bytes(64))
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + content))
    return struct.pack(">I", len(content)) + kind + content + checksum


@cache
def png_bomb(side: int = 13_000) -> bytes:
    """20 kB that claim 169 million pixels."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((side // 8 + 1) * side), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", rows)
        + _chunk(b"IEND", b"")
    )


@cache
def mp4(
    width: int = 180,
    height: int = 320,
    *,
    seconds: float = 3,
    frame_rate: int = 30,
    codec: str = "h264",
    audio: str | None = "aac",
    audio_rate: int = 44_100,
    channels: int = 2,
    chroma: str = "4:2:0",
    interlaced: bool = False,
    container: str = "mp4",
    moov_first: bool = True,
    color: int = 120,
) -> bytes:
    """A video of one colour with a quiet tone; another `color`, 0-255, is another file."""
    count = round(seconds * frame_rate)
    # What never moves is not stored interlaced.
    colors = [(color + 11 * index * interlaced) % 256 for index in range(count)]
    return encode(
        [Image.new("RGB", (width, height), (red, 90, 140)) for red in colors],
        size=(width, height),
        frame_rate=frame_rate,
        codec=codec,
        tone=_tone(seconds, audio_rate),
        audio=audio,
        audio_rate=audio_rate,
        channels=channels,
        chroma=chroma,
        container=container,
        moov_first=moov_first,
        options=_FAST.get(codec, {}) | ({"x264-params": "interlaced=1"} if interlaced else {}),
    )


@cache
def _tone(seconds: float, rate: int) -> array[float]:
    return array("f", (0.05 * sin(2 * pi * 220 * n / rate) for n in range(round(seconds * rate))))


def encode(
    images: Iterable[Image.Image],
    *,
    size: tuple[int, int],
    tone: array[float],
    frame_rate: int = 30,
    codec: str = "h264",
    audio: str | None = "aac",
    audio_rate: int = 44_100,
    channels: int = 2,
    chroma: str = "4:2:0",
    container: str = "mp4",
    moov_first: bool = True,
    options: Mapping[str, str] | None = None,
) -> bytes:
    """A video of `images` with `tone` on every channel."""
    import av

    av.logging.set_level(av.logging.PANIC)
    flags = {"movflags": "faststart"} if moov_first and container in ("mp4", "mov") else {}
    with TemporaryDirectory() as folder:
        target = Path(folder) / f"video.{container}"
        with av.open(str(target), "w", options={**flags, "fflags": "+bitexact"}) as output:
            pictures = _Pictures(
                output, codec, frame_rate, _CHROMA[chroma], size, dict(options or {})
            )
            sound = _Sound(output, audio, audio_rate, channels) if audio else None
            pictures.write(images)
            if sound:
                sound.write(tone)
        return target.read_bytes()


class _Pictures:
    def __init__(
        self,
        output: Any,
        codec: str,
        rate: int,
        chroma: str,
        size: tuple[int, int],
        options: dict[str, str],
    ):
        self.output, self.codec, self.chroma = output, codec, chroma
        self.stream = output.add_stream(_ENCODERS[codec], rate=rate, options=options)
        self.stream.pix_fmt = chroma
        self.stream.width, self.stream.height = size

    def write(self, images: Iterable[Image.Image]) -> None:
        import av

        for image in images:
            frame = av.VideoFrame.from_image(image).reformat(format=self.chroma)
            self.output.mux(self.stream.encode(frame))
        self.output.mux(self.stream.encode())


class _Sound:
    _BLOCK = 1024

    def __init__(self, output: Any, codec: str, rate: int, channels: int):
        layouts = {1: "mono", 2: "stereo", 6: "5.1"}
        self.output, self.rate = output, rate
        self.stream = output.add_stream(codec, rate=rate)
        self.stream.layout = layouts[channels]

    def write(self, tone: array[float]) -> None:
        for start in range(0, len(tone), self._BLOCK):
            self.output.mux(
                self.stream.encode(self._frame(tone[start : start + self._BLOCK], start))
            )
        self.output.mux(self.stream.encode())

    def _frame(self, tone: array[float], start: int) -> Any:
        import av

        frame = av.AudioFrame(format="fltp", layout=self.stream.layout, samples=len(tone))
        for plane in frame.planes:
            plane.update(tone.tobytes().ljust(plane.buffer_size, b"\0"))
        frame.sample_rate, frame.pts = self.rate, start
        return frame
