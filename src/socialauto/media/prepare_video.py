"""Has a video encoded anew, in a process that may hang or crash without taking us along."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from socialauto.core.capability import VideoRules
from socialauto.core.media_facts import VideoFacts
from socialauto.core.profile import Needed, Profile, Treatment
from socialauto.core.video_steps import bit_rate_for
from socialauto.media.making import NotMadeError
from socialauto.media.reader import environment

_WORKER = Path(__file__).with_name("encode_worker.py")

_LEAST_SECONDS = 300.0
_PATIENCE = 30.0
"""Seconds for one second of film; a slow machine needs three for full HD."""

_COMMON_RATE = 30.0
_MOST_WORDS = 200


def _frame_rate(facts: VideoFacts, rules: VideoRules) -> float:
    rate = facts.frame_rate or _COMMON_RATE
    if rate < rules.min_frame_rate:
        return _COMMON_RATE
    return min(rate, rules.max_frame_rate)


def _sound(facts: VideoFacts, rules: VideoRules) -> dict[str, Any] | None:
    if facts.audio_codec is None:
        return None
    rate = 44_100 if facts.audio_rate == 44_100 else rules.max_audio_rate or 48_000
    mono = facts.audio_channels == 1 or rules.max_audio_channels == 1
    return {"rate": rate, "layout": "mono" if mono else "stereo"}


def _order(facts: VideoFacts, needed: Needed, profile: Profile) -> dict[str, Any]:
    """What the worker is told, JSON-able."""
    assert isinstance(profile.rules, VideoRules)
    frame = needed.frame
    return {
        "container": facts.container,
        "keep_pictures": not needed.has(Treatment.TRANSCODE),
        "cut": frame.cut,
        "content": frame.content,
        "canvas": frame.canvas,
        "color": profile.wishes.color,
        "interlaced": facts.scan == "interlaced",
        "rate": _frame_rate(facts, profile.rules),
        "bit_rate": bit_rate_for(facts, profile.rules),
        "sound": _sound(facts, profile.rules),
    }


def _failure(finished: subprocess.CompletedProcess[bytes]) -> NotMadeError:
    lines = finished.stderr.decode(errors="replace").strip().splitlines()
    if lines and lines[-1].startswith("ModuleNotFoundError"):
        return NotMadeError('must be encoded anew, which needs pip install "socialauto[video]"')
    if finished.returncode < 0 or not lines:
        return NotMadeError("cannot be encoded anew: the encoder crashed over it")
    return NotMadeError(f"cannot be encoded anew: {lines[-1][:_MOST_WORDS]}")


def prepare_video(
    data: bytes, facts: VideoFacts, needed: Needed, profile: Profile, *, seconds: float = 0
) -> bytes:
    """The MP4. Raises `NotMadeError`, also after `seconds`; 0: as long as its film asks for."""
    patience = seconds or max(_LEAST_SECONDS, facts.duration * _PATIENCE)
    with TemporaryDirectory(prefix="socialauto-") as folder:
        source, target = Path(folder) / "source", Path(folder) / "target.mp4"
        source.write_bytes(data)
        order = _order(facts, needed, profile) | {"source": str(source), "target": str(target)}
        try:
            finished = subprocess.run(
                [sys.executable, "-P", str(_WORKER), json.dumps(order)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                env=environment(),
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            words = f"cannot be encoded anew: it was not done within {patience:,.0f} s"
            raise NotMadeError(words) from None
        if finished.returncode != 0:
            raise _failure(finished)
        if not target.exists():
            raise NotMadeError("cannot be encoded anew: nothing was written")
        return target.read_bytes()
