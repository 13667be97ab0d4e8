"""Draws the picture of the example post that `socialauto init` writes: run it to change it."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

SIZE = 1080
TARGET = Path(__file__).parents[2] / "src" / "socialauto" / "scaffold" / "templates" / "example.jpg"


def sky() -> Image.Image:
    """Dawn, from night blue above to warm light at the horizon."""
    upper, lower = (38, 44, 92), (255, 178, 122)
    column = Image.new("RGB", (1, SIZE))
    for y in range(SIZE):
        share = min(y / (SIZE * 0.7), 1.0)
        column.putpixel(
            (0, y), tuple(round(a + (b - a) * share) for a, b in zip(upper, lower, strict=True))
        )
    return column.resize((SIZE, SIZE))


def scene() -> Image.Image:
    image = sky()
    glow = Image.new("RGB", image.size)
    ImageDraw.Draw(glow).ellipse((390, 470, 690, 770), fill=(255, 226, 170))
    blurred = glow.filter(ImageFilter.GaussianBlur(60))
    image = ImageChops.screen(image, blurred.point(lambda value: value // 3))
    draw = ImageDraw.Draw(image)
    draw.ellipse((450, 530, 630, 710), fill=(255, 240, 205))
    hills = (((92, 70, 120), 690, 90), ((64, 52, 98), 770, 60), ((40, 36, 70), 860, 40))
    for color, height, rise in hills:
        crest = [(x, height - rise * (1 - ((x - 540) / 540) ** 2)) for x in range(0, SIZE + 1, 20)]
        draw.polygon([(0, SIZE), *crest, (SIZE, SIZE)], fill=color)
    font = ImageFont.load_default(size=92)
    small = ImageFont.load_default(size=40)
    draw.text((SIZE / 2, 230), "Hello from git", font=font, fill=(255, 255, 255), anchor="mm")
    draw.text((SIZE / 2, 320), "your first post", font=small, fill=(255, 226, 200), anchor="mm")
    return image


if __name__ == "__main__":
    scene().save(TARGET, quality=82, optimize=True)
