"""A big team's repository: deterministic, so that two runs measure the same bytes.

`python bench/corpus.py DEST N` writes N Markdown posts for 100 accounts over four years in 48
month folders, with 200 small JPEGs that they share.
"""

from __future__ import annotations

import io
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image

IMAGES = 200
ACCOUNTS = 100
FIRST = datetime(2023, 1, 1, 8)  # noqa: DTZ001  wall-clock time, as posts write it
SPAN = timedelta(days=4 * 365)
VOCABULARY = (
    "launch release open source weekly update community thanks team build ship feature fix docs "
    "roadmap event meetup talk video podcast thread tips design cloud data python rust web test "
    "growth story customer case study new today join live register link read more learn why how"
)
WORDS = VOCABULARY.split()


def write(dest: Path, posts: int) -> None:
    _write_images(dest)
    _write_config(dest)
    chance = random.Random(42)
    for number in range(posts):
        # By day: at night a clock that is turned back would make some of them ambiguous.
        day = timedelta(days=SPAN.days * number // posts)
        time = FIRST + day + timedelta(hours=number % 12, minutes=number % 60)
        folder = dest / "content" / f"{time:%Y}" / f"{time:%m}"
        folder.mkdir(parents=True, exist_ok=True)
        text = _post(number, time, chance)
        (folder / f"post-{number:06d}.md").write_text(text, encoding="utf-8")


def _write_images(dest: Path) -> None:
    for number in range(IMAGES):
        path = dest / _image(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        color = (number, (number * 7) % 256, (number * 31) % 256)
        buffer = io.BytesIO()
        Image.new("RGB", (320, 320), color).save(buffer, "JPEG", quality=50)
        path.write_bytes(buffer.getvalue())


def _image(number: int) -> str:
    return f"media/{number % 20:02d}/img-{number:04d}.jpg"


def _write_config(dest: Path) -> None:
    lines = ["timezone: Europe/Berlin", "accounts:"]
    for number in range(ACCOUNTS):
        lines += [
            f"  team-{number:03d}:",
            "    platform: instagram",
            f'    id: "1784140000{number:07d}"',
            f"    token: env:TEAM_{number:03d}_TOKEN",
        ]
    (dest / "socialauto.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # Hugo wants a configuration of its own to list the same Markdown.
    (dest / "hugo.toml").write_text('title = "bench"\n', encoding="utf-8")


def _post(number: int, time: datetime, chance: random.Random) -> str:
    media = _image((number * 13) % IMAGES)
    return f"""\
---
id: post-{number:06d}
account: team-{number % ACCOUNTS:03d}
type: image
time: {time:%Y-%m-%d %H:%M:%S}
timezone: {chance.choice(("Europe/Berlin", "Europe/Prague", "America/Denver"))}
media:
  - path: /{media}
    alt: "{_words(chance, 60)}"
    tags:
      - {{user: {chance.choice(WORDS)}, x: 0.4, y: 0.6}}
collaborators: [{chance.choice(WORDS)}, {chance.choice(WORDS)}_two]
hashtags: [{", ".join(chance.sample(WORDS, 3))}]
late:
  grace: {chance.choice(("2h", "6h", "1d"))}
  then: {chance.choice(("skip", "hold"))}
draft: {"true" if chance.random() < 0.1 else "false"}
vars:
  campaign: {chance.choice(("spring", "summer", "autumn", "winter"))}-{time:%Y}
  season: "{_words(chance, 40)}"
---
{_words(chance, 150)}

{_words(chance, 150)}
"""


def _words(chance: random.Random, length: int) -> str:
    text = ""
    while len(text) < length:
        text += chance.choice(WORDS) + " "
    return text[:length].strip()


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
