"""The process in which MediaInfo reads videos: started by `reader`, it ends with its input.

Reads a video's length (8 bytes) and the video, answers with one line of JSON: the tracks, or why
the library cannot be used. Imports nothing of socialauto, so that it starts in a moment.
"""

from __future__ import annotations

import json
import sys
from io import BytesIO
from typing import Any, BinaryIO

_MEMORY = 4 * 1024**3
"""Bytes that the process may use; a film and what is known of it need a fraction."""


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    most = resource.getrlimit(resource.RLIMIT_AS)[1]
    wanted = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, most))


def _answer(data: bytes) -> Any:
    try:
        from pymediainfo import MediaInfo

        # From memory: MediaInfo then has no name from which it could look for neighbouring files.
        parsed = MediaInfo.parse(BytesIO(data), encoding_errors="replace")
    except (ImportError, OSError) as error:
        return {"unusable": str(error)}
    except Exception:  # a crafted file can make MediaInfo's own report unreadable
        return []
    return [track.to_data() for track in parsed.tracks]


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    while header := requests.read(8):
        data = requests.read(int.from_bytes(header, "big"))
        answers.write(json.dumps(_answer(data)).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    _limit_memory()
    serve(sys.stdin.buffer, sys.stdout.buffer)
