"""What a post was told and nobody sees on it, for people who rehearse."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.sandbox.state import Draft

Note = tuple[str, str]
"""What it is about, and what was said."""


def notes(draft: Draft, *, comments: bool) -> Iterator[Note]:
    """`comments`: whether people may write some."""
    options = draft.options
    if options.get("is_ai_generated"):
        yield "Origin", "made with artificial intelligence, says its author"
    if "audio_name" in options:
        yield "Sound", options["audio_name"]
    if "cover_url" in options:
        yield "Cover", "a picture of its own"
    elif "thumb_offset" in options:
        yield "Cover", f"what is seen after {options['thumb_offset'] / 1000:g} s"
    if "share_to_feed" in options:
        yield "Feed", "also there" if options["share_to_feed"] else "only among the reels"
    if "trial_params" in options:
        strategy = options["trial_params"]["graduation_strategy"]
        when = "somebody decides" if strategy == "MANUAL" else "it does well with strangers"
        yield "On trial", f"followers do not see it until {when}"
    if not comments:
        yield "Comments", "turned off"
