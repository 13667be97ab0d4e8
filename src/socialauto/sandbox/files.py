"""Serves a folder's files under /files, so that newcomers need no media host.

Nothing hidden, nothing outside the folder, and no link is followed.
"""

from __future__ import annotations

import mimetypes
import os
import stat
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

_NO_FOLLOW = getattr(os, "O_NOFOLLOW", 0)


def _is_plain(parts: list[str]) -> bool:
    return all(part and not part.startswith(".") and "\\" not in part for part in parts)


def _read(folder: Path, parts: list[str]) -> bytes | None:
    """The bytes of a regular file; None when there is none that may be shown."""
    path = folder
    try:
        for part in parts[:-1]:
            path = path / part
            if not stat.S_ISDIR(path.lstat().st_mode):
                return None
        path = path / parts[-1]
        if not stat.S_ISREG(path.lstat().st_mode):
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | _NO_FOLLOW), "rb") as file:
            return file.read()
    except (OSError, ValueError):
        return None


class Files:
    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()

    async def serve(self, request: Request) -> Response:
        parts = request.path_params["path"].split("/")
        body = _read(self._folder, parts) if _is_plain(parts) else None
        if body is None:
            return PlainTextResponse("There is no such file here.\n", status_code=404)
        kind = mimetypes.guess_type(parts[-1])[0] or "application/octet-stream"
        # A page from the repository must not run scripts on the sandbox's origin.
        headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox"}
        return Response(body, media_type=kind, headers=headers)
