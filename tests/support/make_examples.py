"""Draws the media of the example team in content/: `python -m support.make_examples FOLDER`, run
in tests/. Acme Roasters have no photographer, so a cup, a filter and some steam have to do."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import exp, pi, sin
from pathlib import Path

from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageFont

from support.media_samples import encode

Color = tuple[int, int, int]
Size = tuple[int, int]

NIGHT: Color = (27, 38, 74)
DUSK: Color = (120, 66, 98)
DAWN: Color = (244, 162, 97)
SUN: Color = (255, 221, 170)
CREAM: Color = (250, 241, 226)
SAND: Color = (236, 214, 180)
COFFEE: Color = (74, 44, 32)
RUST: Color = (196, 92, 56)
WHITE: Color = (255, 252, 247)

_FINE = 2
"""Drawn so many times as large, for smooth edges."""


@dataclass(frozen=True)
class Canvas:
    """A picture with its origin in the middle; one unit is a 1080th of its width."""

    size: Size
    ground: Sequence[Color]

    @cached_property
    def unit(self) -> float:
        return self.size[0] * _FINE / 1080

    @cached_property
    def image(self) -> Image.Image:
        """A gradient from top to bottom through the colours of the ground."""
        column = Image.new("RGB", (1, len(self.ground)))
        column.putdata(list(self.ground))
        whole = (self.size[0] * _FINE, self.size[1] * _FINE)
        return column.resize(whole, Image.Resampling.BICUBIC)

    @cached_property
    def draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.image, "RGBA")

    def at(self, x: float, y: float) -> tuple[float, float]:
        return self.image.width / 2 + x * self.unit, self.image.height / 2 + y * self.unit

    def shape(self, points: Sequence[tuple[float, float]], color: Color) -> None:
        self.draw.polygon([self.at(x, y) for x, y in points], fill=color)

    def disc(self, x: float, y: float, wide: float, high: float, color: Color) -> None:
        box = [*self.at(x - wide, y - high), *self.at(x + wide, y + high)]
        self.draw.ellipse(box, fill=color)

    def ring(self, x: float, y: float, radius: float, width: float, color: Color) -> None:
        box = [*self.at(x - radius, y - radius), *self.at(x + radius, y + radius)]
        self.draw.ellipse(box, outline=color, width=round(width * self.unit))

    def glow(self, x: float, y: float, radius: float, color: Color) -> None:
        light = Image.new("L", self.image.size, 0)
        box = [*self.at(x - radius, y - radius), *self.at(x + radius, y + radius)]
        ImageDraw.Draw(light).ellipse(box, fill=110)
        soft = light.filter(ImageFilter.GaussianBlur(radius * self.unit / 3))
        self.image.paste(color, mask=soft)

    def steam(self, x: float, y: float, high: float, phase: float, color: Color = WHITE) -> None:
        veil = Image.new("L", self.image.size, 0)
        pen = ImageDraw.Draw(veil)
        for step in range(120):
            part = step / 120
            sway = sin(part * 7 - phase) * 34 * part
            left, top = self.at(x + sway, y - part * high)
            radius = (10 + 16 * part) * self.unit
            strength = round(190 * (1 - part) * min(1, part * 8))
            pen.ellipse([left - radius, top - radius, left + radius, top + radius], fill=strength)
        self.image.paste(color, mask=veil.filter(ImageFilter.GaussianBlur(9 * self.unit)))

    def words(self, y: float, text: str, size: float, color: Color, *, bold: bool = False) -> None:
        font = ImageFont.load_default(size * self.unit)
        stroke = round(size * self.unit / 40) if bold else 0
        self.draw.text(
            self.at(0, y), text, color, font, anchor="mm", stroke_width=stroke, stroke_fill=color
        )

    def spaced(self, y: float, text: str, size: float, color: Color) -> None:
        """Letters set wide apart, each on its own."""
        font = ImageFont.load_default(size * self.unit)
        gap = size * self.unit * 0.3
        widths = [font.getlength(letter) for letter in text]
        x, middle = self.at(0, y)
        x -= (sum(widths) + gap * (len(text) - 1)) / 2
        for letter, width in zip(text, widths, strict=True):
            self.draw.text((x, middle), letter, color, font, anchor="lm")
            x += width + gap

    def finished(self) -> Image.Image:
        return self.image.resize(self.size, Image.Resampling.LANCZOS)


def _cup(canvas: Canvas, x: float, y: float, scale: float, *, full: float = 1.0) -> None:
    """A cup on its saucer, filled so far."""
    s = scale
    canvas.disc(x, y + 190 * s, 330 * s, 44 * s, SAND)
    canvas.disc(x, y + 180 * s, 330 * s, 44 * s, WHITE)
    canvas.ring(x + 230 * s, y + 10 * s, 92 * s, 30 * s, WHITE)
    bowl = [(-230, -90), (230, -90), (196, 60), (120, 172), (-120, 172), (-196, 60)]
    canvas.shape([(x + a * s, y + b * s) for a, b in bowl], WHITE)
    canvas.disc(x, y + 172 * s, 120 * s, 22 * s, WHITE)
    canvas.disc(x, y - 90 * s, 230 * s, 50 * s, WHITE)
    canvas.disc(x, y - 88 * s, 212 * s, 40 * s, SAND)
    if full > 0:
        low = (1 - full) * 26
        canvas.disc(x, y + (low - 84) * s, (204 - low) * s, (34 - low / 2) * s, COFFEE)
        canvas.disc(x - 40 * s, y + (low - 92) * s, 70 * s, 9 * s, (120, 76, 52))


def _hills(canvas: Canvas) -> None:
    layers: list[tuple[Color, list[tuple[float, float]]]] = [
        ((158, 84, 92), [(-540, 210), (-330, 60), (-120, 190), (110, 20), (360, 180), (540, 80)]),
        ((104, 58, 84), [(-540, 270), (-400, 190), (-180, 290), (90, 170), (300, 290), (540, 200)]),
        ((60, 40, 66), [(-540, 370), (-260, 300), (0, 350), (280, 290), (540, 360)]),
    ]
    for color, ridge in layers:
        canvas.shape([*ridge, (540, 900), (-540, 900)], color)


def winter_blend() -> Image.Image:
    canvas = Canvas((1080, 1080), (NIGHT, DUSK, DAWN, SUN))
    canvas.glow(0, 20, 300, SUN)
    canvas.disc(0, 20, 150, 150, SUN)
    _hills(canvas)
    for x, phase in ((-80, 0.0), (0, 2.0), (80, 4.0)):
        canvas.steam(x, 150, 250, phase)
    _cup(canvas, 0, 270, 0.95)
    canvas.words(-385, "Winter Blend", 118, WHITE, bold=True)
    canvas.spaced(-285, "ACME ROASTERS", 38, SUN)
    return canvas.finished()


def two_ways() -> Image.Image:
    canvas = Canvas((1080, 1350), (SAND, CREAM, CREAM))
    canvas.disc(0, 150, 400, 400, (232, 168, 110))
    canvas.disc(0, 150, 330, 330, DAWN)
    canvas.steam(-60, 60, 330, 0.5)
    canvas.steam(50, 60, 330, 2.6)
    _cup(canvas, 0, 190, 1.1)
    canvas.words(-480, "Two ways", 132, COFFEE, bold=True)
    canvas.words(-345, "to brew your winter", 74, RUST)
    canvas.spaced(590, "ACME ROASTERS", 36, COFFEE)
    return canvas.finished()


def _filter(canvas: Canvas, y: float) -> None:
    canvas.shape([(-210, y - 120), (210, y - 120), (52, y + 110), (-52, y + 110)], WHITE)
    canvas.disc(0, y - 120, 210, 40, WHITE)
    canvas.disc(0, y - 116, 180, 28, COFFEE)
    canvas.shape([(-150, y + 100), (150, y + 100), (150, y + 128), (-150, y + 128)], RUST)


def _jug(canvas: Canvas, y: float) -> None:
    glass, coffee = (214, 226, 224), (98, 58, 40)
    canvas.shape([(-110, y), (110, y), (200, y + 280), (-200, y + 280)], glass)
    canvas.shape([(-158, y + 150), (158, y + 150), (196, y + 276), (-196, y + 276)], coffee)
    canvas.disc(0, y + 150, 158, 20, (126, 80, 56))
    canvas.disc(0, y + 278, 197, 22, coffee)


def pour_over() -> Image.Image:
    canvas = Canvas((1080, 1350), (CREAM, CREAM, SAND))
    canvas.disc(0, 60, 400, 400, (206, 216, 204))
    canvas.steam(-40, -190, 230, 1.0)
    canvas.steam(60, -190, 230, 3.0)
    _jug(canvas, 70)
    _filter(canvas, -60)
    canvas.words(-505, "1. Pour over", 110, COFFEE, bold=True)
    canvas.words(500, "15 g coffee, 250 g water", 58, COFFEE)
    canvas.words(580, "93 °C, three minutes", 58, RUST)
    return canvas.finished()


def _ease(part: float) -> float:
    part = max(0.0, min(1.0, part))
    return part * part * (3 - 2 * part)


def _pouring(canvas: Canvas, y: float, part: float, top: float) -> None:
    if 0.02 < part < 0.6:
        canvas.shape([(-13, top), (13, top), (9, y), (-9, y)], COFFEE)


def cupping(part: float) -> Image.Image:
    """The carousel's film: a cup is filled."""
    canvas = Canvas((432, 540), (CREAM, CREAM, SAND))
    canvas.disc(0, 110, 390, 390, DAWN)
    full = _ease(part / 0.6)
    if full > 0.5:
        canvas.steam(0, 100, 300 * _ease((part - 0.3) * 2), part * 12)
    _cup(canvas, 0, 200, 1.1, full=full)
    _pouring(canvas, 115, part, -390)
    canvas.shape([(-540, -700), (540, -700), (540, -390), (-540, -390)], CREAM)
    canvas.words(-505, "2. Espresso", 110, COFFEE, bold=True)
    canvas.words(560, "18 g in, 36 g out, 28 seconds", 56, COFFEE)
    return canvas.finished()


def slow_morning(part: float) -> Image.Image:
    """The reel: the sun rises behind a cup."""
    rise = _ease(part * 1.2)
    sky = [_mixed(NIGHT, DUSK, rise), _mixed(NIGHT, DAWN, rise), _mixed(DUSK, SUN, rise)]
    canvas = Canvas((540, 960), sky)
    canvas.disc(0, 420 - 560 * rise, 210, 210, _mixed(DAWN, SUN, rise))
    canvas.shape([(-540, 420), (-200, 330), (120, 400), (540, 310), (540, 990), (-540, 990)], DUSK)
    canvas.shape([(-540, 560), (0, 500), (540, 560), (540, 990), (-540, 990)], (60, 40, 66))
    for x, phase in ((-90, 0.0), (0, 2.0), (90, 4.0)):
        canvas.steam(x, 330, 380, phase + part * 2 * pi)
    _cup(canvas, 0, 460, 1.15)
    canvas.words(-690, "Slow mornings", 122, WHITE, bold=True)
    canvas.spaced(-575, "ACME ROASTERS", 40, SUN)
    return canvas.finished()


def _mixed(one: Color, other: Color, part: float) -> Color:
    red, green, blue = (round(a + (b - a) * part) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _chime(seconds: float, rate: int = 44_100) -> array[float]:
    """Three soft notes, one after the other, that fade."""
    notes = ((0.0, 392.0), (0.7, 494.0), (1.4, 587.3))

    def sample(moment: float) -> float:
        played = ((moment - start, pitch) for start, pitch in notes if moment > start)
        return sum(0.12 * sin(2 * pi * pitch * t) * exp(-2.2 * t) for t, pitch in played)

    return array("f", (sample(n / rate) for n in range(round(seconds * rate))))


def _film(scene: Callable[[float], Image.Image], size: Size, seconds: int) -> bytes:
    count = seconds * 30
    frames: Iterator[Image.Image] = (scene(index / count) for index in range(count))
    options = {"crf": "27", "preset": "slow", "threads": "1"}
    return encode(frames, size=size, tone=_chime(seconds), channels=1, options=options)


def _save(image: Image.Image, target: Path) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    image.save(target, quality=84, optimize=True, icc_profile=srgb)


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, scene in {"winter-blend": winter_blend, "two-ways": two_ways}.items():
        _save(scene(), folder / f"{name}.jpg")
    _save(pour_over(), folder / "pour-over.jpg")
    (folder / "espresso.mp4").write_bytes(_film(cupping, (432, 540), 3))
    (folder / "slow-mornings.mp4").write_bytes(_film(slow_morning, (540, 960), 4))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
