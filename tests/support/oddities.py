"""Pictures and videos as they turn up in real life, and none of them as a platform wants it.

four_colors()        red, green, blue and grey in the corners, so that every turn shows
icc_profile(...)     a colour profile made from its numbers, and what it means in sRGB
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from functools import cache
from typing import Any

from PIL import Image

CORNERS = ((220, 30, 30), (30, 160, 40), (40, 60, 200), (128, 128, 128))
"""Upper left, upper right, lower left, lower right."""

Color = tuple[int, int, int]
Matrix = Sequence[Sequence[float]]

DISPLAY_P3: Matrix = ((0.51512, 0.29198, 0.15710), (0.24120, 0.69225, 0.06657),
                      (-0.00105, 0.04189, 0.78407))  # fmt: skip
ADOBE_RGB: Matrix = ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322),
                     (0.01947, 0.06087, 0.74457))  # fmt: skip
_SRGB: Matrix = ((0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061),
                 (0.01392, 0.09708, 0.71410))  # fmt: skip
"""Columns are the primaries in XYZ under D50."""

GAMMA = 2.19921875


def four_colors(width: int = 640, height: int = 520, mode: str = "RGB") -> Image.Image:
    image = Image.new("RGB", (width, height))
    half = (width // 2, height // 2)
    for index, color in enumerate(CORNERS):
        left, top = index % 2 * half[0], index // 2 * half[1]
        image.paste(color, (left, top, width if index % 2 else half[0], height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def corners(image: Image.Image) -> list[Color]:
    """The colours in the middle of the four quarters."""
    rgb = image.convert("RGB")
    across, down = (rgb.width // 4, 3 * rgb.width // 4), (rgb.height // 4, 3 * rgb.height // 4)
    found = [rgb.getpixel((x, y)) for y in down for x in across]
    return [(color[0], color[1], color[2]) for color in found if isinstance(color, tuple)]


def near(one: Sequence[Color], other: Sequence[Color], most: int = 6) -> bool:
    """The same colours but for what JPEG makes of them."""
    return len(one) == len(other) and all(
        abs(a - b) <= most for first, second in zip(one, other, strict=True)
        for a, b in zip(first, second, strict=True)
    )  # fmt: skip


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


def _element(kind: bytes, content: bytes) -> bytes:
    data = kind + bytes(4) + content
    return data + bytes(-len(data) % 4)


@cache
def icc_profile(name: str, primaries: Matrix) -> bytes:
    """A display profile of version 2 with three primaries and one gamma (ICC.1:2001-04)."""
    text = name.encode() + b"\0"
    curve = _element(b"curv", struct.pack(">IH", 1, round(GAMMA * 256)))
    elements = {
        b"desc": _element(b"desc", struct.pack(">I", len(text)) + text + bytes(78)),
        b"cprt": _element(b"text", b"nobody\0"),
        b"wtpt": _element(b"XYZ ", _fixed(0.9642) + _fixed(1) + _fixed(0.8249)),
    }
    for index, letter in enumerate(b"rgb"):
        column = b"".join(_fixed(row[index]) for row in primaries)
        elements[bytes([letter]) + b"XYZ"] = _element(b"XYZ ", column)
        elements[bytes([letter]) + b"TRC"] = curve
    table, body, at = b"", b"", 128 + 4 + 12 * len(elements)
    for tag, data in elements.items():
        table += struct.pack(">4sII", tag, at + len(body), len(data))
        body += data
    head = struct.pack(">I4xI4s4s4s12x4s", at + len(body), 0x02100000, b"mntr", b"RGB ", b"XYZ ",
                       b"acsp")  # fmt: skip
    head = head.ljust(68, b"\0") + _fixed(0.9642) + _fixed(1) + _fixed(0.8249)
    return head.ljust(128, b"\0") + struct.pack(">I", len(elements)) + table + body


def _inverse(m: Matrix) -> list[list[float]]:
    (a, b, c), (d, e, f), (g, h, i) = m
    whole = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g)
    return [
        [(e * i - f * h) / whole, (c * h - b * i) / whole, (b * f - c * e) / whole],
        [(f * g - d * i) / whole, (a * i - c * g) / whole, (c * d - a * f) / whole],
        [(d * h - e * g) / whole, (b * g - a * h) / whole, (a * e - b * d) / whole],
    ]


def _times(m: Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(x * y for x, y in zip(row, vector, strict=True)) for row in m]


def _encoded(light: float) -> int:
    light = min(max(light, 0.0), 1.0)
    value = 12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(255 * value)


def in_srgb(color: Color, primaries: Matrix) -> Color:
    """The same colour in sRGB, by the formulas (IEC 61966-2-1) and not by a library."""
    xyz = _times(primaries, [(value / 255) ** GAMMA for value in color])
    red, green, blue = (_encoded(light) for light in _times(_inverse(_SRGB), xyz))
    return red, green, blue


def grey_16(value: int, width: int = 400, height: int = 400) -> bytes:
    """A PNG of 16-bit grey."""
    image = Image.new("I;16", (width, height), value)
    return saved(image, "PNG")


def heic(image: Image.Image, **options: Any) -> bytes:
    """A photograph as an iPhone keeps it."""
    import pillow_heif

    target = io.BytesIO()
    pillow_heif.from_pillow(image).save(target, quality=90, **options)
    return target.getvalue()


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    """What no encoder makes small."""
    import random

    data = random.Random(seed).randbytes(width * height * 3)
    return Image.frombytes("RGB", (width, height), data)
