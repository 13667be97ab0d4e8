"""Every parameter of `POST /{ig-user-id}/media` with every shape of container.

The tables are those of Meta's page "IG User Media". A row goes the whole way: the field as a team
writes it, in a file; then either what the emulated platform has recorded of the container, or the
finding that stands in the pull request.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

import pytest

from socialauto.adapters.instagram.session import InstagramSession
from socialauto.core.message import Message
from socialauto.core.outcome import Prepared
from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree
from socialauto.sandbox.parameters import RULES
from socialauto.sandbox.state import Container
from support.instagram import NOON, Platform
from support.media_samples import jpeg, mp4

Shape = Literal[
    "image", "reel", "carousel", "picture story", "film story", "picture item", "film item"
]
ITEMS: tuple[Shape, ...] = ("picture item", "film item")
WHOLE: tuple[Shape, ...] = ("image", "reel", "carousel", "picture story", "film story")


@dataclass(frozen=True)
class Sent:
    """The platform got this value."""

    value: Any


@dataclass(frozen=True)
class Refused:
    """A finding with this code, whose message begins so."""

    code: str
    words: str


Expected = Mapping[Shape, Sent | Refused]


@dataclass(frozen=True)
class Row:
    parameter: str
    key: str
    value: str
    expected: Expected
    beside: Literal["the post", "the file"] = "the post"
    """Where the key belongs. It is also tried where it does not: in the entry of a carousel's item,
    or beside the whole carousel."""

    def __str__(self) -> str:
        return f"{self.parameter}-{self.key}-{self.value[:20]}"


def everywhere(outcome: Sent | Refused) -> Expected:
    return dict.fromkeys((*WHOLE, *ITEMS), outcome)


def lacks(field: str, *shapes: Shape) -> Expected:
    """Instagram has the field, but not for these."""
    names = {
        "image": "an image post",
        "reel": "a reel",
        "carousel": "a carousel",
        "picture story": "a story",
        "film story": "a story",
    }
    return {
        shape: Refused("SA210", f'Instagram has no "{field}" for {names[shape]}')
        for shape in shapes
    }


def of_the_whole(field: str) -> Expected:
    """Items have no such field: it belongs to the carousel."""
    return dict.fromkeys(ITEMS, Refused("SA201", f'unknown key "{field}"'))


NO_WORDS = Refused("SA506", "Instagram shows no text with this type of post")
NO_ALT = Refused("SA432", "Instagram has no alt text for this type of post")
ONLY_IMAGES = Refused("SA432", "Instagram has alt text for images only, content/media/film.mp4 is")
REEL_ONLY: tuple[Shape, ...] = ("image", "carousel", "picture story", "film story")
STORIES: tuple[Shape, ...] = ("picture story", "film story")
BOB = {"username": "bob"}

TABLE = (
    Row("caption", "text", "Hello", {
        "image": Sent("Hello"),
        "reel": Sent("Hello"),
        "carousel": Sent("Hello"),
        "picture story": NO_WORDS,
        "film story": NO_WORDS,
        **of_the_whole("text"),
    }),
    Row("alt_text", "alt", "A red door", {
        "image": Sent("A red door"),
        "reel": ONLY_IMAGES,
        "carousel": Refused("SA201", 'unknown key "alt"'),
        "picture story": NO_ALT,
        "film story": ONLY_IMAGES,
        "picture item": Sent("A red door"),
        "film item": ONLY_IMAGES,
    }, beside="the file"),
    Row("location_id", "location", '"7640348500"', {
        "image": Sent("7640348500"),
        "reel": Sent("7640348500"),
        "carousel": Sent("7640348500"),
        **lacks("location", *STORIES),
        **of_the_whole("location"),
    }),
    Row("user_tags", "tags", "[{user: bob, x: 0.4, y: 0.6}]", {
        "image": Sent([{**BOB, "x": 0.4, "y": 0.6}]),
        "reel": Refused("SA435", 'the tag "bob" has x and y, but content/media/film.mp4 is no'),
        "carousel": Refused("SA201", 'unknown key "tags"'),
        "picture story": Sent([{**BOB, "x": 0.4, "y": 0.6}]),
        "film story": Sent([{**BOB, "x": 0.4, "y": 0.6}]),
        "picture item": Sent([{**BOB, "x": 0.4, "y": 0.6}]),
        "film item": Refused("SA435", 'the tag "bob" has x and y, but content/media/film.mp4 is'),
    }, beside="the file"),
    Row("user_tags", "tags", "[{user: bob}]", {
        "image": Refused("SA435", 'the tag "bob" needs x and y: where in content/media/one.jpg'),
        "reel": Sent([BOB]),
        "carousel": Refused("SA201", 'unknown key "tags"'),
        "picture story": Sent([BOB]),
        "film story": Sent([BOB]),
        "picture item": Refused("SA435", 'the tag "bob" needs x and y: where in content/media/one'),
        "film item": Sent([BOB]),
    }, beside="the file"),
    Row("collaborators", "collaborators", "[ann, bob]", {
        "image": Sent(["ann", "bob"]),
        "reel": Sent(["ann", "bob"]),
        "carousel": Sent(["ann", "bob"]),
        **lacks("collaborators", *STORIES),
        **of_the_whole("collaborators"),
    }),
    Row("share_to_feed", "share_to_feed", "false", {
        "reel": Sent(False),
        **lacks("share_to_feed", *REEL_ONLY),
        **of_the_whole("share_to_feed"),
    }),
    Row("cover_url", "cover", "media/cover.jpg", {
        "reel": Sent("https://media.example/content/media/cover.jpg"),
        **lacks("cover", *REEL_ONLY),
        **of_the_whole("cover"),
    }),
    Row("thumb_offset", "cover_at", "1.5s", {
        "reel": Sent(1500),
        **lacks("cover_at", *REEL_ONLY),
        "picture item": Refused("SA431", "content/media/one.jpg is an image, cover_at is a moment"),
        "film item": Sent(1500),
    }),
    Row("audio_name", "audio_name", "Rain on the roof", {
        "reel": Sent("Rain on the roof"),
        **lacks("audio_name", *REEL_ONLY),
        **of_the_whole("audio_name"),
    }),
    Row("audio_configuration", "music", "{id: '12', volume: 80, video_volume: 0}", {
        "reel": Sent({"audio_id": "12", "audio_volume": 80, "video_volume": 0}),
        **lacks("music", *REEL_ONLY),
        **of_the_whole("music"),
    }),
    Row("audio_configuration", "music", "{id: '12'}", {
        "reel": Sent({"audio_id": "12"}),
        **lacks("music", *REEL_ONLY),
        **of_the_whole("music"),
    }),
    Row("trial_params", "trial", "{graduation: manual}", {
        "reel": Sent({"graduation_strategy": "MANUAL"}),
        **lacks("trial", *REEL_ONLY),
        **of_the_whole("trial"),
    }),
    Row("trial_params", "trial", "{graduation: ss_performance}", {
        "reel": Sent({"graduation_strategy": "SS_PERFORMANCE"}),
        **lacks("trial", *REEL_ONLY),
        **of_the_whole("trial"),
    }),
    Row("is_ai_generated", "ai_generated", "true", {
        **everywhere(Sent(True)),
        **of_the_whole("ai_generated"),
    }),
    Row("is_paid_partnership", "paid_partnership", "true", {
        **everywhere(Sent(True)),
        **of_the_whole("paid_partnership"),
    }),
    Row("branded_content_sponsor_ids", "sponsors", '["17841400000000009"]', {
        **everywhere(Refused("SA224", "sponsors are named for a paid partnership, and this is")),
        **of_the_whole("sponsors"),
    }),
    # not served: a shop or a library that most accounts lack
    Row("product_tags", "products", '[{id: "1"}]', everywhere(
        Refused("SA211", '"products": product tags are not part of this version yet'))),
)  # fmt: skip

PICTURE = "https://media.example/content/media/one.jpg"
FILM = "https://media.example/content/media/film.mp4"
NOTHING = Sent(None)

FROM_THE_MEDIA: Mapping[str, Mapping[Shape, Sent]] = {
    # parameters that no field writes: they follow from the files and the type
    "media_type": {
        "image": NOTHING,
        "reel": Sent("REELS"),
        "carousel": Sent("CAROUSEL"),
        "picture story": Sent("STORIES"),
        "film story": Sent("STORIES"),
        "picture item": NOTHING,
        "film item": Sent("VIDEO"),
    },
    "image_url": {
        "image": Sent(PICTURE),
        "reel": NOTHING,
        "carousel": NOTHING,
        "picture story": Sent(PICTURE),
        "film story": NOTHING,
        "picture item": Sent(PICTURE),
        "film item": NOTHING,
    },
    "video_url": {
        "image": NOTHING,
        "reel": Sent(FILM),
        "carousel": NOTHING,
        "picture story": NOTHING,
        "film story": Sent(FILM),
        "picture item": NOTHING,
        "film item": Sent(FILM),
    },
    "is_carousel_item": {
        **dict.fromkeys(WHOLE, NOTHING),
        "picture item": Sent(True),
        "film item": Sent(True),
    },
}

CASES = [(row, shape) for row in TABLE for shape in row.expected]


# from a row to a file


def _entry(file: str, extra: str) -> str:
    return f"{{path: media/{file}{', ' + extra if extra else ''}}}"


def _media(shape: Shape, extra: str) -> tuple[str, str]:
    """Type and media; `extra` goes into the entry that the shape is about."""
    match shape:
        case "image":
            return "image", _entry("one.jpg", extra)
        case "reel":
            return "reel", _entry("film.mp4", extra)
        case "picture story":
            return "story", _entry("one.jpg", extra)
        case "film story":
            return "story", _entry("film.mp4", extra)
        case "film item":
            return "carousel", f"{_entry('one.jpg', '')}, {_entry('film.mp4', extra)}"
        case _:
            return "carousel", f"{_entry('one.jpg', extra)}, {_entry('film.mp4', '')}"


def _post(row: Row | None, shape: Shape, minute: int) -> str:
    """One file; every post at a time of its own."""
    field = f"{row.key}: {row.value}" if row else ""
    inside = shape in ITEMS or (row is not None and row.beside == "the file")
    inside = inside and shape != "carousel"
    kind, media = _media(shape, field if inside else "")
    time = NOON + timedelta(days=1, minutes=minute)
    lines = ["account: acme", f"time: {time:%Y-%m-%d %H:%M}", f"type: {kind}", f"media: [{media}]"]
    return "\n".join([*lines, *([field] if field and not inside else [])]) + "\n"


def _name(row: Row | None, shape: Shape) -> str:
    number = TABLE.index(row) if row else "plain"
    return f"{number}-{shape.replace(' ', '-')}"


CONFIG = """\
accounts:
  acme: {platform: instagram, id: "17841400000000001", token: env:ACME_TOKEN}
"""

FILES = {
    "content/media/one.jpg": jpeg(1080, 1350),
    "content/media/cover.jpg": jpeg(1080, 1920),
    "content/media/film.mp4": mp4(216, 270),
}


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """All rows as a team's repository, read once."""
    root = tmp_path_factory.mktemp("team")
    for path, body in FILES.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(body)
    (root / "socialauto.yaml").write_text(CONFIG)
    plain: list[tuple[Row | None, Shape]] = [(None, shape) for shape in (*WHOLE, *ITEMS)]
    for minute, (row, shape) in enumerate([*CASES, *plain]):
        path = Path(root, "content", f"{_name(row, shape)}.yaml")
        path.write_text(_post(row, shape, minute))
    return load(WorkTree(root), now=NOON)


def _errors(loaded: Loaded, name: str) -> Iterator[tuple[str, str]]:
    for finding in loaded.findings:
        if finding.path == f"content/{name}.yaml" and finding.severity == "error":
            yield finding.code, finding.message


# from a file to the platform


@pytest.fixture(scope="module")
def recorded(loaded: Loaded) -> Mapping[str, tuple[Container, ...]]:
    """The containers that the platform has for each sound post: items first, the whole last."""
    sound = {each.key.post: each.message for each in loaded.deliveries if not each.invalid}
    platform = Platform(FILES, "token")
    platform.configure(trial_reels=True)
    return platform.run(lambda session, _: _prepared(session, platform, sound))


async def _prepared(
    session: InstagramSession, platform: Platform, messages: Mapping[str, Message]
) -> dict[str, tuple[Container, ...]]:
    found = {}
    for name, message in messages.items():
        ready = await session.prepare(message, platform.files, None)
        assert isinstance(ready, Prepared), (name, ready)
        ids = (*ready.handle["children"], ready.handle["container"])
        found[name] = tuple(platform.world.containers[id] for id in ids)
    return found


def _given(container: Container) -> dict[str, Any]:
    """Every parameter that a container was made with."""
    draft = container.draft
    texts = {"caption": draft.caption, "alt_text": draft.alt_text}
    return {**draft.options, **{name: text for name, text in texts.items() if text}}


def _container(containers: tuple[Container, ...], shape: Shape) -> Container:
    kinds = {"picture item": "image item", "film item": "video item"}
    if shape not in kinds:
        return containers[-1]
    return next(each for each in containers if each.draft.shape == kinds[shape])


# the tests


@pytest.mark.parametrize(("row", "shape"), CASES, ids=str)
def test_a_field_arrives_or_is_a_finding(
    row: Row, shape: Shape, loaded: Loaded, recorded: Mapping[str, tuple[Container, ...]]
) -> None:
    name, expected = _name(row, shape), row.expected[shape]
    errors = list(_errors(loaded, name))

    if isinstance(expected, Refused):
        ((code, words),) = errors
        assert code == expected.code
        assert words.startswith(expected.words)
        assert name not in recorded
        return
    assert errors == []
    *others, whole = recorded[name]
    aimed_at = _container(recorded[name], shape)
    assert _given(aimed_at)[row.parameter] == expected.value
    for other in (*others, whole):
        if other is not aimed_at:
            assert row.parameter not in _given(other)


@pytest.mark.parametrize("shape", [*WHOLE, *ITEMS])
@pytest.mark.parametrize("parameter", FROM_THE_MEDIA)
def test_what_no_field_says_follows_from_the_media(
    parameter: str, shape: Shape, recorded: Mapping[str, tuple[Container, ...]]
) -> None:
    container = _container(recorded[_name(None, shape)], shape)

    assert _given(container).get(parameter) == FROM_THE_MEDIA[parameter][shape].value


@pytest.mark.parametrize("shape", [*WHOLE, *ITEMS])
def test_nothing_is_said_that_nobody_wrote(
    shape: Shape, recorded: Mapping[str, tuple[Container, ...]]
) -> None:
    """No default of ours stands where the platform's own default belongs."""
    container = _container(recorded[_name(None, shape)], shape)

    assert set(_given(container)) <= set(FROM_THE_MEDIA)


def test_the_children_of_a_carousel_are_its_items_in_their_order(
    recorded: Mapping[str, tuple[Container, ...]],
) -> None:
    *items, whole = recorded[_name(None, "carousel")]

    assert whole.draft.children == tuple(item.id for item in items)
    assert [item.draft.shape for item in items] == ["image item", "video item"]


def test_the_tables_have_every_parameter_and_every_shape() -> None:
    served_otherwise = {"children", "upload_type"}
    named = {row.parameter for row in TABLE} | set(FROM_THE_MEDIA) | served_otherwise

    assert named == set(RULES) | {"upload_type"}
    for row in TABLE:
        assert set(row.expected) == {*WHOLE, *ITEMS}, str(row)
