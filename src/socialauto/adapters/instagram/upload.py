"""Videos that go straight to the platform, in pieces that can be resumed; Facebook Login only.

"Upload Video to Meta Servers" (updated 15 March 2026): a container made with
`upload_type=resumable` names an address on rupload.facebook.com, which takes the bytes by POST with
the headers `offset` and `file_size`. How to ask for the offset after an interruption is not
documented for Instagram. A GET of the address answers that on sister APIs; when it does not, the
bytes are sent again from the start.
"""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

from socialauto.adapters.http import READ_SECONDS, Answer, NoAnswer, Reply
from socialauto.adapters.instagram.containers import Containers
from socialauto.adapters.instagram.errors import Stage, read_error
from socialauto.adapters.instagram.forms import Form
from socialauto.adapters.instagram.graph import Failure, Graph, id_of, without_id
from socialauto.adapters.protocol import MediaSource
from socialauto.core.clock import Clock
from socialauto.core.errors import NoMediaHostError
from socialauto.core.message import MediaItem
from socialauto.core.outcome import ErrorClass, Problem

HOST = "https://rupload.facebook.com"

TRIES = 3
"""So many in a row may bring no byte forward."""
PAUSE = 5.0
"""Seconds before the upload is resumed."""
SLOWEST = 250_000
"""Bytes a second; a line that is slower than this is given up."""

_MAX_WORDS = 200

_NO_RIGHT = frozenset({"NotAuthorizedError", "OAuthException"})
"""Types of refusals; the first one is what the platform answers to a token that it does not know,
as somebody has written into a public repository who tried it."""


class Uploads:
    """Gives containers their media: by an address, or, for a video without one, by its bytes."""

    def __init__(
        self, graph: Graph, clock: Clock, containers: Containers, media: MediaSource
    ) -> None:
        self._graph = graph
        self._clock = clock
        self._containers = containers
        self._media = media
        self._direct: dict[str, MediaItem] = {}

    async def url(self, item: MediaItem) -> str:
        """Where the platform can fetch the item, or a word for "sent by ourselves"."""
        how = self._graph.upload
        can_send = self._graph.login == "facebook" and not item.is_image and how != "url"
        if can_send and how == "direct":
            return self._sent_directly(item)
        try:
            return await self._media.url(item)
        except NoMediaHostError:
            if can_send:
                return self._sent_directly(item)
            raise

    def _sent_directly(self, item: MediaItem) -> str:
        word = f"upload:{item.path}"
        self._direct[word] = item
        return word

    async def create(self, form: Form) -> str | Failure:
        """A container of this form, and the platform has or can fetch its media."""
        item = self._direct.get(form.get("video_url", ""))
        if item is None:
            return await self._containers.create(form)
        plain = {name: value for name, value in form.items() if name != "video_url"}
        return await self._filled({**plain, "upload_type": "resumable"}, item)

    async def _filled(self, form: Form, item: MediaItem) -> str | Failure:
        # The bytes first: what cannot be read must not use up one of the day's containers.
        body = await self._media.read(item)
        answer = await self._graph.post(
            self._graph.account_id, "media", form=form, stage=Stage.PREPARE
        )
        if isinstance(answer, Failure):
            return answer
        container, address = id_of(answer), str(answer.get("uri", ""))
        if container is None:
            return without_id("to an upload")
        if not self._is_theirs(address):
            message = "Instagram's answer names no address of its own for the video's bytes"
            return Failure(Problem(ErrorClass.TRANSIENT, message))
        return await self._send(address, body, item) or container

    def _is_theirs(self, address: str) -> bool:
        """The token goes there, so it is the platform's upload host or the API's own."""
        origin = _origin(address)
        return origin in (_origin(HOST), _origin(self._graph.base_url))

    async def _send(self, address: str, body: bytes, item: MediaItem) -> Failure | None:
        """Send all bytes, resuming where an interruption left off."""
        offset, tries, guessed = 0, TRIES, False
        while True:
            failure = self._judged(await self._send_rest(address, body, offset), item)
            if failure is None:
                return None
            if guessed and failure.problem.kind is ErrorClass.MEDIA:
                # It may be our guess that it refuses: all bytes may have been there.
                return Failure(replace(failure.problem, kind=ErrorClass.TRANSIENT))
            tries -= 1
            if tries <= 0 or failure.problem.kind is not ErrorClass.TRANSIENT:
                return failure
            await self._clock.sleep(PAUSE)
            stored = await self._stored(address, len(body))
            if stored == len(body):
                return None  # only the answer was lost
            if stored is not None and stored > offset:
                tries = TRIES
            offset, guessed = stored or 0, stored is None

    async def _send_rest(self, address: str, body: bytes, offset: int) -> Answer:
        seconds = READ_SECONDS + (len(body) - offset) / SLOWEST
        headers = {"offset": str(offset), "file_size": str(len(body))}
        return await self._graph.raw(
            "POST", address, headers=headers, body=body[offset:], seconds=seconds
        )

    async def _stored(self, address: str, size: int) -> int | None:
        """How many bytes have arrived; None when the platform does not say."""
        answer = await self._graph.raw("GET", address, seconds=READ_SECONDS)
        found = answer.json.get("offset") if isinstance(answer, Reply) and answer.json else None
        whole = isinstance(found, int) and not isinstance(found, bool) and 0 <= found <= size
        return found if whole else None

    def _judged(self, answer: Answer, item: MediaItem) -> Failure | None:
        """Why the bytes are not all there; None when they are."""
        if isinstance(answer, NoAnswer):
            words = f"the upload of {item.path} was interrupted ({answer.reason})"
            return Failure(Problem(ErrorClass.TRANSIENT, words), sent=answer.sent)
        if answer.status == 200 and answer.json is not None and answer.json.get("success") is True:
            return None
        if error := read_error(answer.status, answer.json):  # a Graph API's envelope all the same
            return Failure(self._graph.problem(error, Stage.PREPARE), error=error)
        return _refusal(answer, item)


def _refusal(answer: Reply, item: MediaItem) -> Failure:
    """rupload has an envelope of its own: debug_info with retriable, type and message."""
    info = (answer.json or {}).get("debug_info")
    info = info if isinstance(info, dict) else {}
    said = str(info.get("message") or info.get("type") or f"HTTP {answer.status}")
    words = " ".join(said.split())[:_MAX_WORDS]
    code = str(info.get("type") or f"HTTP {answer.status}")[:_MAX_WORDS]
    if answer.status == 401 or code in _NO_RIGHT:
        message = f"the platform refused the token at the upload of {item.path}"
        return Failure(Problem(ErrorClass.AUTH, message, code, detail=words))
    again = info.get("retriable") is True or answer.status == 429 or answer.status >= 500
    kind = ErrorClass.TRANSIENT if again or not info else ErrorClass.MEDIA
    return Failure(Problem(kind, f"Instagram did not take the bytes of {item.path} and says: "
                           f"{words}", code, detail=words))  # fmt: skip


def _origin(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.netloc
