"""A busy team's plan and ledger, for looking at: every status, several accounts, hostile texts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from socialauto.core.config import Account, Config
from socialauto.core.delivery import Delivery, DeliveryKey, LatePolicy
from socialauto.core.drift import Drift, Edit
from socialauto.core.guard import Terms, make_plan
from socialauto.core.insights import History, Sample
from socialauto.core.ledger import Attempt, Entry, Provenance, State
from socialauto.core.media_facts import ImageFacts, VideoFacts
from socialauto.core.message import MediaItem, Message, PostType
from socialauto.core.outcome import ErrorClass
from socialauto.core.plan import Kind
from socialauto.core.sequel import sequels as follow
from socialauto.dashboard.scene import Scene
from support.builders import entry, lease, snapshot

NOW = datetime(2026, 12, 2, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
RUN = "https://github.com/acme/social/actions/runs/{}"
COLORS = (
    ("#f6d365", "#fda085"), ("#84fab0", "#0b7285"), ("#a18cd1", "#4338ca"), ("#fbc2eb", "#c2255c"),
    ("#ffecd2", "#7a4a2b"), ("#cfd9df", "#34495e"), ("#d4fc79", "#2f9e44"), ("#89f7fe", "#1864ab"),
)  # fmt: skip

HOSTILE = {
    "script": "<script>document.title='owned'</script><img src=x onerror=document.title='owned'>",
    "turned": "\u202egnp.cod\u202c \u2066left open \u202enow",
    "empty": "\u200b\u200d\u2060",
    "emoji": "🎈" * 10_000,
    "template": "{{ 7 * 7 }} {% raw %} ${1} </title></style> ]]> -->",
    "nul": "a\x00b\x1b[31mred\u2028line",
    "word": "W" * 500,
}

TEXTS = (
    "Small batch, slow mornings. Our winter roast is back, with notes of plum, dark honey and "
    "orange peel. Save this for Saturday.\n\nRoasted on Mondays, on your table by Thursday.\n\n"
    "#brewguide #winterroast",
    "One coffee, two moods. Which one are you today?\n#espresso",
    "Meet Lena, who has tasted every batch since 2014.",
    "Behind the counter: how we set the grinder before the doors open.",
    "New in the shop: the two-cup dripper, in sand and in night blue.",
    "We are closed on 24 and 25 December. See you between the years!",
    "Latte art, step by step. Swipe for the tulip.",
    "A letter from the farm in Huila.",
)


def picture(number: int) -> bytes:
    """A painted still life, the same for the same number."""
    low, high = COLORS[number % len(COLORS)]
    image = Image.linear_gradient("L").resize((1080, 1350))
    painted = Image.composite(
        Image.new("RGB", image.size, high), Image.new("RGB", image.size, low), image
    )
    draw = ImageDraw.Draw(painted)
    x, y = 300 + 90 * (number % 5), 420 + 70 * (number % 4)
    draw.ellipse((x - 40, y - 40, x + 520, y + 520), fill=low)
    draw.ellipse((x + 60, y + 60, x + 420, y + 420), fill=high)
    draw.rectangle((0, 1150, 1080, 1350), fill=high)
    file = io.BytesIO()
    painted.filter(ImageFilter.GaussianBlur(3)).save(file, "JPEG", quality=85)
    return file.getvalue()


@cache
def read(path: str) -> bytes:
    """The file of a picture by its path, `media/3.jpg`."""
    return picture(int(path.rpartition("/")[2].partition(".")[0]))


def image(number: int, alt: str = "A cup on a table") -> MediaItem:
    path = f"content/media/{number % len(COLORS)}.jpg"
    blob = f"{number % len(COLORS):040x}"
    return MediaItem(path, blob, ImageFacts("jpeg", 90_000, 1080, 1350), alt=alt)


def film(number: int) -> MediaItem:
    facts = VideoFacts(
        container="mp4", bytes=1_000_000, width=1080, height=1920, duration=8.0, frame_rate=30.0,
        video_codec="h264", bit_rate=None, chroma=None, scan=None,
        audio_codec=None, audio_rate=None, audio_channels=None, moov_first=True,
    )  # fmt: skip
    return MediaItem(f"content/media/{number}.mp4", f"{number:040d}", facts)


def delivery(
    post: str, due: datetime, *, account: str = "acme-instagram", number: int = 0, **more: Any
) -> Delivery:
    media = more.pop("media", (image(number),))
    kind = PostType.CAROUSEL if len(media) > 1 else PostType.IMAGE
    message = Message(
        "instagram",
        more.pop("type", kind),
        more.pop("text", TEXTS[number % len(TEXTS)]),
        media,
        options=MappingProxyType(more.pop("options", {})),
    )
    return Delivery(
        DeliveryKey(account, post, more.pop("occurrence", "")),
        due,
        more.pop("zone", "Europe/Berlin"),
        message,
        LatePolicy(timedelta(hours=6), more.pop("then", "skip")),
        path=f"content/{post}.md",
        **more,
    )


def published(of: Delivery, late: float = 2, **more: Any) -> Entry:
    at = of.due + timedelta(seconds=late)
    origin = Provenance(
        commit="3f9c2b7e51d04a6f8e9d1c2b3a4f5e6d7c8b9a0f", author="Lena Vogt",
        version="0.1.0", run_url=RUN.format(of.due.strftime("%j%H")),
    )  # fmt: skip
    number = of.due.strftime("%j%H%M")
    fields = {
        "url": f"https://www.instagram.com/p/C{number}/",
        "remote_id": number,
        "part": of.key.part,
    } | more
    return entry(of, State.PUBLISHED, published_at=at, lateness=late, provenance=origin, **fields)


def attempt(at: datetime, kind: ErrorClass, message: str, code: str = "") -> Attempt:
    run = RUN.format(at.strftime("%j%H"))
    return Attempt(
        at=at, stage="prepare", kind=kind, message=message, code=code, run="r7", run_url=run
    )


def config(**more: Any) -> Config:
    accounts = {
        name: Account(platform="instagram", id=str(number), token="env:T", owners=("@acme/social",))
        for number, name in enumerate(("acme-instagram", "acme-cafe", "acme-jobs"), 1)
    }
    return Config(accounts=accounts, timezone="Europe/Berlin", **more)


def _past() -> tuple[list[Delivery], list[Entry]]:
    wanted, known = [], []
    for number in range(1, 24):
        account = "acme-cafe" if number % 3 == 0 else "acme-instagram"
        due = (NOW - number * DAY).replace(hour=8 + number % 9, minute=30 * (number % 2))
        options = {"first_comment": "Recipe in the link in our profile"} if number == 1 else {}
        media = tuple(image(number + more) for more in range(3 if number % 4 == 0 else 1))
        one = delivery(
            f"2026/11/post-{number:02d}", due, account=account, number=number, options=options,
            media=media,
        )  # fmt: skip
        wanted.append(one)
        sequels = ("comment",) if options else ()
        known.append(published(one, late=400 if number == 5 else 2, sequels=sequels))
        known += [published(sequel) for sequel in follow(one, known[-1])]
    return wanted, known


def _troubles() -> tuple[list[Delivery], list[Entry]]:
    held = delivery("gift-guide", NOW - timedelta(hours=26), number=3)
    failed = delivery("two-cup-dripper", NOW - timedelta(hours=3), number=4)
    again = delivery("grinder", NOW - timedelta(minutes=25), number=3, account="acme-cafe")
    missed = delivery("black-friday", NOW - 5 * DAY, number=5, account="acme-jobs")
    bad = delivery(
        "lena", NOW + 2 * DAY, number=2, account="acme-jobs",
        invalid="content/lena.md:4:10: SA601 media/lena.jpg is 200 × 200 pixels; at least 320 wide",
    )  # fmt: skip
    host = attempt(NOW - timedelta(hours=3), ErrorClass.MEDIA, "Instagram could not download "
                   "media/4.jpg: the host answered 404", "9004/2207052")  # fmt: skip
    pause = attempt(NOW - timedelta(minutes=24), ErrorClass.TRANSIENT, "Instagram had no answer")
    entries = [
        entry(held, State.HELD, reason="Instagram cannot say whether it is public: the answer of "
              "the publish call was lost, and the feed has two posts like it",
              handle={"container": "1"}, lease=lease(held.due)),
        entry(failed, State.FAILED, reason="Instagram could not download media/4.jpg: the host "
              "answered 404", attempts=(host,), tries=3),
        entry(again, State.RETRY, attempts=(pause,), tries=1,
              not_before=NOW + timedelta(minutes=4)),
        entry(missed, State.MISSED, reason="7 h 12 min late, grace is 6 h; give it a new time"),
    ]  # fmt: skip
    return [held, failed, again, missed, bad], entries


def _coming() -> list[Delivery]:
    made = []
    for number in range(1, 22):
        account = ("acme-instagram", "acme-cafe", "acme-jobs")[number % 3]
        due = (NOW + number * DAY * 0.8).replace(hour=7 + number % 12, minute=15 * (number % 4))
        media: tuple[MediaItem, ...] = (image(number),)
        kind = PostType.IMAGE
        if number % 5 == 0:
            media, kind = (film(number),), PostType.REEL
        elif number % 4 == 0:
            media, kind = tuple(image(number + more) for more in range(4)), PostType.CAROUSEL
        post = f"2026/12/advent-{number:02d}"
        made.append(delivery(post, due, account=account, number=number, media=media, type=kind))
    zoned = delivery("tokyo", NOW + DAY, number=7, zone="Asia/Tokyo", text="Good morning, 東京")
    draft = delivery("idea", NOW + 9 * DAY, number=6, draft=True)
    return [*made, zoned, draft]


def busy() -> Scene:
    """Two months of a team, with every trouble there is."""
    past, known = _past()
    troubles, more = _troubles()
    histories = [
        History(
            account=one.account, post=one.post, remote_id=str(one.remote_id), asked=NOW,
            samples=(Sample(at=NOW - DAY, metrics={
                "views": 1_204 + 91 * number, "reach": 830 + 50 * number, "likes": 98 + number,
                "comments": 7, "saved": 21, "shares": 4}),),
        )
        for number, one in enumerate(one for one in known if not one.part)
    ]  # fmt: skip
    return scene([*past, *troubles, *_coming()], [*known, *more], histories)


def _drifted(made: Scene) -> Scene:
    """What the engine says of posts that were edited afterwards."""
    text = ("--- published", "+++ file", "@@ -1,2 +1,2 @@", "-The shop is open until eight.",
            "+The shop is open until <b>nine</b>.", " #late")  # fmt: skip
    drift = Drift("3f9c2b7e51", text, (Edit("alt", "A shop", "A shop & its door"),))
    steps = [
        replace(step, drift=drift) if step.kind is Kind.DRIFT else step for step in made.plan.steps
    ]
    return replace(made, plan=replace(made.plan, steps=tuple(steps)))


def shared() -> Scene:
    """One post on three accounts, with everything that pages say about accounts and files."""
    wanted = [
        delivery(
            "2026/12/advent", NOW + number * DAY / 4, account=account, number=8,
            text=f"A letter from the farm in Huila, for {account}. #Huila #SlowCoffee @lena",
            media=tuple(image(number + more) for more in range(number)),
            options={"collaborators": ["huila.farm"]} if number == 1 else {},
        )
        for number, account in enumerate(("acme-instagram", "acme-cafe", "acme-jobs"), 1)
    ]  # fmt: skip
    sent = delivery("2026/11/harvest", NOW - DAY, number=2)
    edited = delivery(
        "2026/11/edited", NOW - 2 * DAY, number=3, text="The shop is open until <b>nine</b>.\n#late"
    )
    made = scene([*wanted, sent, edited], [published(sent), published(edited, digest="before")])
    made = _drifted(made)
    tokens = {"acme-instagram": NOW + 38 * DAY, "acme-cafe": NOW + 4 * DAY, "acme-jobs": None}
    return replace(made, authors={"content/2026/12/advent.md": "Amara Osei"}, tokens=tokens)


def hostile() -> Scene:
    """Posts that want to be more than text."""
    made = [
        delivery(
            f"evil/{name}", NOW + number * timedelta(hours=5), number=number, text=text,
            media=(image(number, alt=text[:300]),), options={"first_comment": text[:500]},
        )
        for number, (name, text) in enumerate(HOSTILE.items(), 1)
    ]  # fmt: skip
    sent = delivery("evil/link", NOW - DAY, text="Link")
    link = "javascript:document.title='owned'"
    name = "\"><script>document.title='owned'</script>"
    return scene([*made, delivery(name, NOW + 2 * DAY), sent], [published(sent, url=link)])


def many(number: int) -> Scene:
    """A year of posts, most of them published; `number` may be 0."""
    wanted, known = [], []
    start = NOW - 330 * DAY
    for index in range(number):
        due = start + index * (360 * DAY / max(number, 1))
        text = f"Post number {index}. {TEXTS[index % len(TEXTS)]}"
        one = delivery(f"archive/post-{index:05d}", due, number=index, text=text)
        wanted.append(one)
        if due < NOW:
            known.append(published(one))
    return scene(wanted, known)


def scene(
    wanted: list[Delivery], known: list[Entry], histories: list[History] | None = None
) -> Scene:
    past = snapshot(*known, began=NOW - 400 * DAY)
    plan = make_plan(wanted, past, config(), now=NOW, terms=Terms({}))
    return Scene(plan, config(), {one.key: one for one in histories or ()})
