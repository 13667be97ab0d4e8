"""Films of every odd kind, encoded anew by the real encoder and looked at again."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from socialauto.adapters.instagram.rules import CAROUSEL_VIDEO, REEL, STORY_VIDEO
from socialauto.core.capability import VideoRules
from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import VideoFacts
from socialauto.core.message import MediaItem
from socialauto.core.preparing import decide
from socialauto.core.profile import NO_MEANS, Needed, Profile
from socialauto.core.wishes import Fit, Wishes
from socialauto.media import prepare_video as maker
from socialauto.media.making import NotMadeError
from socialauto.media.prepared import Prepared, PreparedFile
from socialauto.media.probe import probe
from socialauto.sandbox.judge import judge_video
from support import media_samples as make
from support.films import frames_of, located, sound_of, still_of, turned, uneven, with_edit

Made = Callable[[], bytes]

PATH = "content/media/film.mp4"


def go(
    data: bytes, rules: VideoRules = REEL, *, transcode: bool = True, fit: Fit | None = None
) -> PreparedFile:
    profile = Profile(rules, "Instagram", Wishes(fit), transcode)
    item = MediaItem(PATH, hashlib.sha1(data).hexdigest(), probe(data))
    return Prepared(lambda path: data).of(item, profile)


def small() -> bytes:
    """A film that has to be encoded anew, and is at once."""
    return make.mp4(96, 160, codec="vp9", audio=None, container="webm")


def refusal(data: bytes, rules: VideoRules = REEL, *, transcode: bool = True) -> str:
    with pytest.raises(MediaHostError) as raised:
        go(data, rules, transcode=transcode)
    return raised.value.message


def film(file: PreparedFile) -> VideoFacts:
    assert (file.mime, file.suffix) == ("video/mp4", "mp4")
    assert isinstance(file.facts, VideoFacts)
    assert file.facts.moov_first
    assert not file.facts.edited
    assert judge_video(file.data, "reel").problem is None
    return file.facts


@pytest.mark.parametrize(
    "made",
    [
        lambda: make.mp4(),
        lambda: make.mp4(codec="hevc"),
        lambda: make.mp4(audio=None),
        lambda: make.mp4(container="mov"),
        lambda: uneven(),
        lambda: turned(make.mp4(320, 180)),
    ],
    ids=["h264", "hevc", "silent", "mov", "uneven", "turned"],
)
def test_a_film_that_is_taken_goes_out_byte_for_byte(made: Made) -> None:
    data = made()
    assert go(data).data == data


def test_an_index_at_the_end_is_moved_and_nothing_is_encoded() -> None:
    data = make.mp4(moov_first=False)
    file = go(data, transcode=False)
    assert film(file).moov_first
    assert len(file.data) == len(data)
    assert file.steps == ("its index moved to the front",)


def test_the_place_is_removed_and_no_picture_and_no_sound_changes() -> None:
    data = located(make.mp4(moov_first=False))
    facts = probe(data)
    assert isinstance(facts, VideoFacts)
    assert facts.located
    file = go(data, transcode=False)
    assert not film(file).located
    assert b"+52.5200" not in file.data
    assert file.steps == ("the place where it was taken removed", "its index moved to the front")
    assert frames_of(file.data) == frames_of(data)
    assert sound_of(file.data) == sound_of(data)


def test_the_place_does_not_survive_encoding_either() -> None:
    data = located(make.mp4(moov_first=False, frame_rate=12))
    file = go(data)
    assert not film(file).located
    assert b"+52.5200" not in file.data


@pytest.mark.parametrize(
    ("made", "size", "rate"),
    [
        (lambda: make.mp4(codec="vp9"), (180, 320), 30),
        (lambda: make.mp4(codec="vp9", audio=None, container="webm"), (180, 320), 30),
        (lambda: make.mp4(frame_rate=12), (180, 320), 30),
        (lambda: make.mp4(frame_rate=90), (180, 320), 60),
        (lambda: make.mp4(interlaced=True), (180, 320), 30),
        (lambda: make.mp4(chroma="4:2:2"), (180, 320), 30),
        (lambda: make.mp4(2000, 320, audio=None), (1920, 306), 30),
        (lambda: turned(make.mp4(320, 180, codec="mpeg4")), (180, 320), 30),
        (lambda: with_edit(make.mp4(seconds=5), start=1, length=3.5), (180, 320), 30),
    ],
    ids=["vp9", "webm", "slow", "fast", "interlaced", "chroma", "wide", "turned",
         "edited"],
)  # fmt: skip
def test_a_film_that_is_not_taken_is_encoded_anew(
    made: Made, size: tuple[int, int], rate: float
) -> None:
    data = made()
    before = probe(data)
    assert isinstance(before, VideoFacts)
    facts = film(go(data))
    assert (facts.width, facts.height) == size
    assert facts.frame_rate == pytest.approx(rate, abs=0.1)
    assert (facts.video_codec, facts.chroma, facts.scan) == ("h264", "4:2:0", "progressive")
    assert (facts.audio_codec is None) == (before.audio_codec is None)
    assert facts.duration == pytest.approx(3.5 if before.edited else before.duration, abs=0.15)


@pytest.mark.parametrize(
    "made",
    [
        lambda: make.mp4(audio_rate=96_000),
        lambda: make.mp4(channels=6, codec="hevc", container="mov"),
        lambda: turned(make.mp4(320, 180, channels=6)),
        lambda: make.mp4(audio_rate=96_000, moov_first=False),
    ],
    ids=["fast", "six", "turned", "index"],
)
def test_where_only_the_sound_is_wrong_every_picture_is_kept(made: Made) -> None:
    data = made()
    before = probe(data)
    file = go(data)
    assert film(file).audio_rate in (44_100, 48_000)
    assert film(file).audio_channels == 2
    assert isinstance(before, VideoFacts)
    assert (film(file).width, film(file).height) == (before.width, before.height)
    assert frames_of(file.data) == frames_of(data)
    assert sound_of(file.data)


def test_a_film_shows_the_same_pictures_at_the_same_moments() -> None:
    data = make.encode(
        [_half(red) for red in [0] * 45 + [250] * 45],
        size=(180, 320),
        tone=make._tone(3, 44_100),
        codec="vp9",
        options=make._FAST["vp9"],
    )
    file = go(data)
    for second in (0.7, 2.2):
        before, after = still_of(data, second), still_of(file.data, second)
        for place in ((45, 160), (135, 160)):
            one, other = before.getpixel(place), after.getpixel(place)
            assert isinstance(one, tuple)
            assert isinstance(other, tuple)
            assert max(abs(a - b) for a, b in zip(one, other, strict=True)) < 25


def test_a_film_that_begins_late_shows_its_first_picture_until_then() -> None:
    data = uneven(start=60)
    before = probe(data)
    assert isinstance(before, VideoFacts)
    assert before.edited
    file = go(data)
    assert film(file).duration == pytest.approx(4.5, abs=0.1)
    assert frames_of(file.data)[0][0] == 0


def _half(red: int):  # type: ignore[no-untyped-def]
    from PIL import Image

    image = Image.new("RGB", (180, 320), (red, 90, 140))
    image.paste((20, 200, 20), (90, 0, 180, 320))
    return image


def test_a_film_of_a_phone_held_upright_stays_upright() -> None:
    image = _half(0).resize((320, 180))
    data = turned(
        make.encode([image] * 90, size=(320, 180), tone=make._tone(3, 44_100), codec="mpeg4")
    )
    shown = still_of(go(data).data, 1)
    # Turned a quarter to the right, the right half of the stored picture is the lower one.
    upper, lower = shown.getpixel((90, 60)), shown.getpixel((90, 260))
    assert isinstance(upper, tuple)
    assert isinstance(lower, tuple)
    assert upper[2] > 100
    assert lower[1] > 150


@pytest.mark.parametrize(("fit", "size"), [("crop", (180, 224)), ("pad", (256, 320))])
def test_a_shape_is_mended_as_the_post_wishes(fit: Fit, size: tuple[int, int]) -> None:
    facts = film(go(make.mp4(), CAROUSEL_VIDEO, fit=fit))
    assert (facts.width, facts.height) == size


def test_the_same_bytes_come_out_every_time() -> None:
    data = small()
    assert go(data).sha256 == go(data).sha256


@pytest.mark.parametrize(
    ("made", "rules", "words"),
    [
        (lambda: make.mp4(seconds=1), REEL, "lasts 1 s, Instagram takes 3 s to 15 min"),
        (
            lambda: make.mp4(32, 32, seconds=61, frame_rate=24, audio=None),
            STORY_VIDEO,
            "lasts 1 min 1 s, Instagram",
        ),
        (lambda: make.mp4(), CAROUSEL_VIDEO, "is 180 × 320 (0.56), narrower than 0.80"),
        (lambda: b"#!/bin/sh\n", REEL, "is text, no image or video"),
        (lambda: b"", REEL, "is empty"),
        (lambda: make.mp4()[:20_000], REEL, "is cut off"),
        (
            lambda: make.mp4(codec="vp9"),
            replace(REEL, max_bytes=10_000),
            "too long for 10,000 bytes",
        ),
    ],
    ids=["short", "long", "shape", "text", "empty", "cut", "heavy"],
)
def test_what_encoding_does_not_mend_is_refused_with_its_measure(
    made: Made, rules: VideoRules, words: str
) -> None:
    assert words in refusal(made(), rules)


def test_without_leave_a_film_is_refused_with_the_command_to_run() -> None:
    words = refusal(make.mp4(codec="vp9"), transcode=False)
    assert "holds VP9 video, Instagram takes H.264 or HEVC; ffmpeg -i content/media/film" in words


def test_a_film_that_is_broken_inside_is_refused() -> None:
    data = make.mp4(codec="vp9")
    at = data.index(b"mdat") + 4
    assert "cannot be" in refusal(data[:at] + b"\xff" * 20_000 + data[at + 20_000 :])


def needed(data: bytes) -> tuple[VideoFacts, Needed, Profile]:
    facts, profile = probe(data), Profile(REEL, "Instagram", Wishes(), True)
    assert isinstance(facts, VideoFacts)
    decision = decide(facts, profile, NO_MEANS)
    assert isinstance(decision, Needed)
    return facts, decision, profile


def test_an_encoder_that_never_ends_is_ended() -> None:
    data = small()
    with pytest.raises(NotMadeError, match="was not done within 0 s"):
        maker.prepare_video(data, *needed(data), seconds=0.01)


def test_an_encoder_that_dies_takes_nobody_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(maker, "_WORKER", worker)
    data = small()
    with pytest.raises(NotMadeError, match="the encoder crashed over it"):
        maker.prepare_video(data, *needed(data))


def test_an_installation_without_the_encoder_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = tmp_path / "worker.py"
    worker.write_text("import av_that_is_not_there\n")
    monkeypatch.setattr(maker, "_WORKER", worker)
    data = small()
    with pytest.raises(NotMadeError, match=r'pip install "socialauto\[video\]"'):
        maker.prepare_video(data, *needed(data))


def test_the_encoder_gets_no_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    worker, told = tmp_path / "worker.py", tmp_path / "told"
    worker.write_text(
        f"import os, sys\nopen({str(told)!r}, 'w').write(repr(dict(os.environ)) + str(sys.argv))\n"
    )
    monkeypatch.setattr(maker, "_WORKER", worker)
    monkeypatch.setenv("ACME_TOKEN", "canary-4711")
    data = small()
    with pytest.raises(NotMadeError, match="nothing was written"):
        maker.prepare_video(data, *needed(data))
    assert "canary-4711" not in told.read_text()
    assert sys.executable
