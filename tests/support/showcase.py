"""A coffee roaster's December for looking at: painted still lifes, a calm team, one thing to do."""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from socialauto.core.config import Account, Config
from socialauto.core.delivery import Delivery
from socialauto.core.guard import Terms, make_plan
from socialauto.core.insights import History, Sample
from socialauto.core.ledger import Entry, State
from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem, PostType
from socialauto.core.outcome import ErrorClass
from socialauto.dashboard.scene import Scene
from support.builders import entry, snapshot
from support.scenery import attempt, delivery, published

NOW = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
SIZE = (1080, 1350)
Draw = ImageDraw.ImageDraw
Box = tuple[float, float, float, float]


def _ground(high: str, low: str) -> Image.Image:
    light = Image.linear_gradient("L").resize(SIZE)
    return Image.composite(Image.new("RGB", SIZE, low), Image.new("RGB", SIZE, high), light)


def _around(x: float, y: float, r: float, squash: float = 1) -> Box:
    return (x - r, y - r * squash, x + r, y + r * squash)


def _cup(draw: Draw, color: str, drink: str) -> None:
    draw.ellipse(_around(540, 1075, 380, 0.16), fill="#00000030")
    draw.ellipse(_around(540, 1050, 350, 0.17), fill=color)
    draw.ellipse(_around(820, 790, 135), outline=color, width=46)
    draw.polygon([(270, 640), (810, 640), (750, 960), (640, 1030), (440, 1030), (330, 960)], color)
    draw.ellipse(_around(540, 640, 270, 0.25), fill=color)
    draw.ellipse(_around(540, 645, 238, 0.22), fill=drink)
    for x in (430, 540, 650):
        wave = [(x + 26 * math.sin(y / 42 + x), y) for y in range(300, 540, 6)]
        draw.line(wave, fill="#ffffff66", width=15, joint="curve")


def _above(draw: Draw, color: str, drink: str) -> None:
    draw.ellipse(_around(570, 745, 440), fill="#00000022")
    draw.ellipse(_around(540, 700, 440), fill="#f4ece1")
    draw.ellipse(_around(540, 700, 330), fill=color)
    draw.ellipse(_around(540, 700, 292), fill=drink)
    for step, shade in enumerate(("#e8c9a0", drink, "#f0d9b8", drink, "#f7e8d0")):
        r = 205 - step * 38
        draw.ellipse(_around(540 - r * 0.46, 650, r * 0.56), fill=shade)
        draw.ellipse(_around(540 + r * 0.46, 650, r * 0.56), fill=shade)
        draw.polygon([(540 - r, 672), (540 + r, 672), (540, 672 + r * 1.25)], fill=shade)


def _beans(draw: Draw, color: str, drink: str) -> None:
    for row in range(8):
        for column in range(7):
            x, y = column * 190 + (row % 2) * 95 - 40, row * 185 + 30
            bean = Image.new("RGBA", (230, 230))
            pen = ImageDraw.Draw(bean)
            pen.ellipse((20, 50, 210, 180), fill=color)
            pen.line([(34, 120), (90, 104), (140, 128), (198, 112)], fill=drink, width=13)
            turned = bean.rotate(37 * (row * 7 + column) % 180, Image.Resampling.BICUBIC)
            draw._image.paste(turned, (int(x), int(y)), turned)  # type: ignore[attr-defined]


def _hills(draw: Draw, color: str, drink: str) -> None:
    draw.ellipse(_around(760, 400, 130), fill="#fff3d6")
    for number, shade in enumerate(("#ffffff40", color, drink, "#1d3b2a")):
        top = 640 + number * 150
        line = [
            (x, top + 90 * math.sin(x / (210 + 30 * number) + number * 2))
            for x in range(0, 1090, 10)
        ]
        draw.polygon([*line, (1080, 1350), (0, 1350)], fill=shade)


def _dripper(draw: Draw, color: str, drink: str) -> None:
    draw.ellipse(_around(540, 1140, 330, 0.14), fill="#00000030")
    draw.polygon(
        [(350, 820), (730, 820), (790, 1090), (700, 1140), (380, 1140), (290, 1090)], "#ffffff55"
    )
    draw.polygon(
        [(318, 980), (762, 980), (790, 1090), (700, 1140), (380, 1140), (290, 1090)], drink
    )
    draw.polygon([(230, 400), (850, 400), (640, 790), (440, 790)], fill=color)
    draw.ellipse(_around(540, 400, 310, 0.2), fill="#f6efe5")
    draw.ellipse(_around(540, 408, 250, 0.17), fill=drink)
    draw.rectangle((330, 790, 750, 824), fill=color)


def _door(draw: Draw, color: str, drink: str) -> None:
    draw.rectangle((250, 170, 830, 1350), fill=color)
    draw.rectangle((310, 240, 770, 860), fill="#ffe9bd")
    draw.line([(540, 240), (540, 860)], fill=color, width=22)
    draw.line([(310, 550), (770, 550)], fill=color, width=22)
    draw.ellipse(_around(745, 1010, 30), fill="#f1c76b")
    for x, y in ((120, 260), (960, 180), (900, 620), (150, 760), (980, 990), (70, 1120), (540, 80)):
        draw.ellipse(_around(x, y, 16), fill="#ffffffcc")


@dataclass(frozen=True, slots=True)
class Picture:
    """What is painted, and in which colours."""

    paint: Callable[[Draw, str, str], None]
    high: str
    low: str
    color: str
    drink: str
    alt: str


PICTURES = {
    "morning": Picture(_cup, "#f7d9b0", "#e9a26b", "#fffaf2", "#5b3620", "A steaming white cup"),
    "tulip": Picture(_above, "#3a5a6b", "#22343f", "#c8553d", "#8a5a34", "Latte art, a tulip"),
    "beans": Picture(_beans, "#d9b48a", "#a9744a", "#5a3520", "#3a2012", "Roasted beans"),
    "huila": Picture(_hills, "#fbd9a0", "#f08a5d", "#6a9c78", "#3f7355", "Hills at sunrise"),
    "dripper": Picture(_dripper, "#b9d4cf", "#7fa8a4", "#f3e7d7", "#6b4226", "A glass dripper"),
    "door": Picture(_door, "#2f4858", "#16242e", "#7a2e2e", "#000000", "A red door in the snow"),
    "evening": Picture(_cup, "#4b3f72", "#1f2041", "#f3b562", "#3a2012", "A yellow cup at night"),
    "sand": Picture(
        _dripper, "#f3e3c8", "#d7b98e", "#3e4e63", "#5b3620", "A dripper in night blue"
    ),
    "rosetta": Picture(
        _above, "#d8e2dc", "#a9bcb1", "#2f4858", "#9c6a3c", "Latte art in a blue cup"
    ),
}


@cache
def read(path: str) -> bytes:
    """The file of a picture by its path, `content/media/tulip.jpg`."""
    one = PICTURES[path.rpartition("/")[2].partition(".")[0]]
    image = _ground(one.high, one.low)
    one.paint(ImageDraw.Draw(image, "RGBA"), one.color, one.drink)
    file = io.BytesIO()
    image.filter(ImageFilter.GaussianBlur(1.2)).save(file, "JPEG", quality=90)
    return file.getvalue()


def media(*names: str) -> tuple[MediaItem, ...]:
    facts = ImageFacts("jpeg", 90_000, *SIZE)
    known = list(PICTURES)
    return tuple(
        MediaItem(
            f"content/media/{name}.jpg", f"{known.index(name):040x}", facts, alt=PICTURES[name].alt
        )
        for name in names
    )


ROASTERY, JOBS = "roastery", "roastery-jobs"

POSTS = Path(__file__).with_suffix(".txt")


def _rows() -> Iterator[list[str]]:
    for line in POSTS.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            yield [cell.strip().replace("\\n", "\n") for cell in line.split(" | ")]


def _wanted(row: list[str]) -> Delivery:
    days, clock, account, name, pictures, text = row
    hour, minute = map(int, clock.split(":"))
    due = (NOW + timedelta(days=int(days))).replace(hour=hour, minute=minute)
    items = media(*pictures.split())
    kind = PostType.CAROUSEL if len(items) > 1 else PostType.IMAGE
    options = (
        {"first_comment": "The recipe is in the link in our profile"} if "tulip" in name else {}
    )
    return delivery(name, due, account=account, media=items, type=kind, text=text, options=options)


def _story(made: list[Delivery]) -> list[Entry]:
    """All that was due is out, but for one that a media host did not hand over."""
    known = [published(one) for one in made if one.due < NOW and "night-blue" not in one.key.post]
    failed = next(one for one in made if "night-blue" in one.key.post)
    words = "Instagram could not download media/sand.jpg: the host answered 404"
    refused = attempt(failed.due, ErrorClass.MEDIA, words, "9004/2207052")
    return [*known, entry(failed, State.FAILED, reason=words, attempts=(refused,), tries=3)]


def _numbers(known: list[Entry]) -> list[History]:
    return [
        History(
            account=one.account, post=one.post, remote_id=str(one.remote_id), asked=NOW,
            samples=(Sample(at=NOW - timedelta(hours=3), metrics={
                "views": 4_210 + 370 * number, "reach": 2_980 + 210 * number,
                "likes": 318 + 20 * number, "comments": 24 + number, "saved": 96, "shares": 41}),),
        )
        for number, one in enumerate(known) if one.remote_id
    ]  # fmt: skip


def team(**more: Any) -> Scene:
    """Today is Wednesday, 2 December 2026."""
    accounts = {
        name: Account(platform="instagram", id=str(number), token="secret:main", owners=(owner,))
        for number, (name, owner) in enumerate(
            ((ROASTERY, "@roastery/social"), (JOBS, "@roastery/people")), 1
        )
    }
    config = Config(accounts=accounts, timezone="Europe/Berlin", **more)
    made = [_wanted(row) for row in _rows()]
    known = _story(made)
    past = snapshot(*known, began=NOW - timedelta(days=400))
    plan = make_plan(made, past, config, now=NOW, terms=Terms({}))
    histories = {one.key: one for one in _numbers(known)}
    tokens = {ROASTERY: NOW + timedelta(days=41), JOBS: NOW + timedelta(days=52)}
    authors = {one.path: ("Lena Vogt", "Amara Osei")[number % 2] for number, one in enumerate(made)}
    scene = Scene(plan, config, histories, authors=authors, tokens=tokens)
    return replace(scene, commit_url="https://github.com/roastery/social/commit/")
