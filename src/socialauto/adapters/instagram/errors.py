"""What Instagram's error codes mean: one table, and the sentence a person reads.

Codes and advice are those of Meta's "Error Codes" and "Handle errors" references (June 2026), with
what was seen in production where the two differ. The HTTP status says little: it is 400 for nearly
everything, rate limits included, and `is_transient` is false where the advice is "try again".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from socialauto.core.outcome import ErrorClass


class Advice(StrEnum):
    """What to do after an error, as the platform's documentation says it."""

    FIX = "fix"
    """Change the post, the media or their host."""
    REFETCH = "refetch"
    """Repeat a few times with pauses, then FIX: the platform could not fetch the media."""
    SAME = "same"
    """Repeat the same call later."""
    NEW = "new"
    """Later, with a new container."""
    WAIT = "wait"
    """Until a limit ends."""
    AUTH = "auth"
    """A person must act on the account or the token."""
    PROBE = "probe"
    """It may have worked all the same: ask the container first."""


class Stage(StrEnum):
    PREPARE = "prepare"
    PUBLISH = "publish"
    READ = "read"


_CLASSES = {
    Advice.SAME: ErrorClass.TRANSIENT,
    Advice.NEW: ErrorClass.TRANSIENT,
    Advice.PROBE: ErrorClass.TRANSIENT,
    Advice.WAIT: ErrorClass.RATE_LIMITED,
    Advice.AUTH: ErrorClass.AUTH,
}

LIMIT_PAUSE = timedelta(hours=1)
"""Limits of calls count a rolling hour; used when the answer's headers name no time."""

QUOTA_PAUSE = timedelta(hours=1)
"""The quota of posts counts a rolling day and frees post by post."""

SPAM_PAUSE = timedelta(hours=6)
"""After a suspicion of spam: hours, says the platform, without a number."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A row of the table. `code` or `subcode` None: any."""

    code: int | None
    subcode: int | None
    prepare: Advice
    says: str
    """What happened, for a person; `{token}` names where the token comes from, `{renew}` how to
    get a new one."""
    cure: str = ""
    publish: Advice | None = None
    """The advice when the visible call got this answer; None: the same."""
    fix: ErrorClass = ErrorClass.CONTENT
    """What FIX means here: the file, or the media and their host."""
    pause: timedelta = LIMIT_PAUSE
    quotes: bool = False
    """The platform's own words say which, so they are told too."""
    word: str = ""
    """Matches an answer whose message contains this, whatever its codes."""

    def advice(self, stage: Stage) -> Advice:
        at_publish = self.publish or self.prepare
        if stage is Stage.PREPARE:
            return self.prepare
        if stage is Stage.PUBLISH:
            return at_publish
        # An unreadable container or listing proves nothing, so a read is only ever tried again.
        return at_publish if at_publish in (Advice.AUTH, Advice.WAIT) else Advice.SAME

    def kind(self, stage: Stage) -> ErrorClass:
        if self.prepare is Advice.WAIT and self.advice(stage) is Advice.PROBE:
            # It may be out, and is looked up; the account has to rest all the same.
            return ErrorClass.RATE_LIMITED
        return _CLASSES.get(self.advice(stage), self.fix)


_MEDIA = ErrorClass.MEDIA
_NEW_TOKEN = "{renew}"  # noqa: S105  (a sentence)
_HOST = "look at the media host: is it public, fast, and open to facebookexternalhit/1.1"
_LATER = "it is tried again later"
_ROBOT = "log in to the Instagram app with this account and confirm what it asks for"

RULES: tuple[Rule, ...] = (
    # strings in the message, whatever the code
    Rule(None, None, Advice.FIX, "this location cannot be used", "use the id of a Facebook Page "
         "that has a place with coordinates", word="INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID"),
    Rule(None, None, Advice.FIX, "Instagram refuses a parameter of this post", quotes=True,
         word="INSTAGRAM_PLATFORM_API__INVALID_PARAM"),
    Rule(None, None, Advice.FIX, "the account may not publish a post of this kind", quotes=True,
         word="INSTAGRAM_PLATFORM_API__PERMISSION"),
    # publishing
    Rule(-2, 2207003, Advice.NEW, "Instagram gave up downloading the media, it took too long",
         _HOST, fix=_MEDIA),
    Rule(-2, 2207020, Advice.NEW, "the uploaded media has expired", _LATER),
    Rule(-1, 2207001, Advice.SAME, "Instagram had an error of its own", _LATER,
         publish=Advice.PROBE),
    Rule(-1, 2207032, Advice.NEW, "Instagram could not take the media in", _LATER,
         publish=Advice.PROBE),
    Rule(-1, 2207053, Advice.NEW, "Instagram could not take the video in", _LATER,
         publish=Advice.PROBE),
    Rule(-1, 2207073, Advice.FIX, "Instagram cannot delete media of this type",
         "delete it in the app"),
    Rule(1, 2207057, Advice.FIX, "cover_at lies outside the video",
         "use a time before the video's end"),
    Rule(4, 2207051, Advice.WAIT, "Instagram restricts the account, it suspects spam",
         f"publish less often; {_ROBOT}", publish=Advice.PROBE, pause=SPAM_PAUSE),
    Rule(9, 2207042, Advice.WAIT, "the account has used up its posts of the last 24 hours",
         _LATER, pause=QUOTA_PAUSE),
    Rule(24, 2207006, Advice.AUTH, "Instagram does not find the uploaded media",
         "check the token in {token} and its permissions",
         # kept and not replaced: an id that is gone may also be one that has been published
         publish=Advice.SAME),
    Rule(24, 2207008, Advice.SAME, "Instagram does not know the container, or no longer", _LATER,
         publish=Advice.PROBE),
    Rule(25, 2207050, Advice.AUTH, "the account is inactive, restricted or must be confirmed",
         _ROBOT),
    Rule(100, 2207023, Advice.FIX, "Instagram does not know this type of post",
         "is api_version: one that has it"),
    Rule(100, 2207028, Advice.FIX, "a carousel takes 2 to 10 items"),
    Rule(100, 2207035, Advice.FIX, "product tags on a video have no position"),
    Rule(100, 2207036, Advice.FIX, "product tags on a picture need a position"),
    Rule(100, 2207037, Advice.FIX, "a tagged product is not valid"),
    Rule(100, 2207040, Advice.FIX, "too many people are tagged", "at most 20"),
    Rule(100, 33, Advice.AUTH, "Instagram knows no such account, or this token may not see it",
         "check the account's id: and login:, and the permissions of the token in {token}",
         publish=Advice.PROBE),
    Rule(352, 2207026, Advice.FIX, "Instagram does not support this video's format",
         "convert it to H.264 and AAC in an MP4", fix=_MEDIA),
    Rule(9004, 2207052, Advice.REFETCH, "Instagram could not fetch the media from its URL",
         f"{_HOST}, and does it serve pictures and videos with their own content type", fix=_MEDIA),
    Rule(9007, 2207027, Advice.SAME, "the media is not ready yet", _LATER),
    Rule(36000, 2207004, Advice.FIX, "an image is larger than 8 MB", "make it smaller", fix=_MEDIA),
    Rule(36001, 2207005, Advice.FIX, "an image has a format that Instagram does not take",
         "convert it to JPEG", fix=_MEDIA),
    Rule(36003, 2207009, Advice.FIX, "an image's shape is outside 4:5 to 1.91:1", "crop it",
         fix=_MEDIA),
    Rule(36004, 2207010, Advice.FIX, "the caption is too long or has too many hashtags",
         "at most 2,200 characters and 30 hashtags"),
    Rule(None, 2207018, Advice.FIX, "a collaborator cannot be tagged",
         "write the name without @; the account must exist and be public"),
    Rule(None, 2207077, Advice.NEW, "Instagram could not download the video", _HOST, fix=_MEDIA),
    Rule(None, 2207081, Advice.FIX, "the account has no trial reels", "leave trial: out"),
    Rule(None, 2207082, Advice.NEW, "Instagram could not process the video",
         "check that it plays, has a sound track and is not very large", fix=_MEDIA),
    Rule(None, 2207085, Advice.FIX, "Instagram could not process the video",
         "check its format, duration and size in pixels", fix=_MEDIA),
    Rule(None, 2207076, Advice.NEW, "Instagram could not take the media in", _LATER, fix=_MEDIA),
    Rule(None, 2207069, Advice.NEW, "Instagram could not take the video in", _LATER, fix=_MEDIA),
    *(Rule(None, number, Advice.FIX, "Instagram refuses the music chosen for this reel")
      for number in range(9050, 9065)),
    # the Graph API in general
    Rule(-1, None, Advice.SAME, "Instagram had an error of its own", _LATER, publish=Advice.PROBE),
    Rule(1, None, Advice.SAME, "Instagram had an error of its own", _LATER, publish=Advice.PROBE),
    Rule(2, None, Advice.SAME, "Instagram's service is down for the moment", _LATER,
         publish=Advice.PROBE),
    Rule(3, None, Advice.AUTH, "the app may not use this function",
         "check the app's permissions, then " + _NEW_TOKEN),
    Rule(4, None, Advice.WAIT, "the app has made too many calls in the last hour", _LATER),
    Rule(10, None, Advice.AUTH, "the token lacks a permission",
         "posts need instagram_content_publish (or instagram_business_content_publish), comments "
         "instagram_manage_comments (or instagram_business_manage_comments), deleting "
         "instagram_manage_contents: grant it, then "
         + _NEW_TOKEN, quotes=True),
    Rule(17, None, Advice.WAIT, "the account has made too many calls in the last hour", _LATER),
    Rule(32, None, Advice.WAIT, "the Page has made too many calls in the last hour", _LATER),
    Rule(100, None, Advice.FIX, "Instagram refuses a parameter of this post", quotes=True),
    Rule(102, None, Advice.AUTH, "the login behind the token has ended", _NEW_TOKEN),
    Rule(190, 458, Advice.AUTH, "the account has removed the app", "connect it again, then "
         + _NEW_TOKEN),
    Rule(190, 459, Advice.AUTH, "the account must be confirmed before its token works", _ROBOT),
    Rule(190, 460, Advice.AUTH, "the token in {token} died with a change of password", _NEW_TOKEN),
    Rule(190, 463, Advice.AUTH, "the token in {token} has expired", _NEW_TOKEN),
    Rule(190, 464, Advice.AUTH, "the account must be confirmed before its token works", _ROBOT),
    Rule(190, 467, Advice.AUTH, "the token in {token} is not valid", _NEW_TOKEN),
    Rule(190, 492, Advice.AUTH, "the person behind the token has lost the role on the Page",
         "give it back, or " + _NEW_TOKEN),
    Rule(190, None, Advice.AUTH, "Instagram refuses the token in {token}", _NEW_TOKEN),
    Rule(341, None, Advice.WAIT, "the app has reached a limit for the moment", _LATER),
    Rule(368, None, Advice.AUTH, "the account is blocked for a while for breaking a policy",
         "look into the Instagram app, and do not publish until it is lifted"),
    Rule(506, None, Advice.FIX, "Instagram takes this for a post it already has",
         "look whether it is out", publish=Advice.PROBE),
    Rule(613, None, Advice.WAIT, "too many calls were made in a short time", _LATER),
    Rule(80001, None, Advice.WAIT, "the Page has made too many calls", _LATER),
    Rule(80002, None, Advice.WAIT, "the account has made too many calls", _LATER),
)  # fmt: skip

_PERMISSION = Rule(
    None, None, Advice.AUTH, "the token lacks a permission", "grant it, then " + _NEW_TOKEN,
    quotes=True,
)  # fmt: skip
"""Codes 200 to 299."""

_EXACT = {(rule.code, rule.subcode): rule for rule in RULES if not rule.word}
_BY_SUBCODE = {rule.subcode: rule for rule in RULES if rule.subcode and rule.subcode > 9000}
"""Large subcodes mean the same under every code, and stand alone in a container's status."""
_BY_WORD = tuple(rule for rule in RULES if rule.word)


@dataclass(frozen=True, slots=True)
class GraphError:
    """Instagram's error envelope, as far as it could be read."""

    code: int | None
    subcode: int | None
    message: str
    status: int = 400
    transient: bool = False
    trace: str = ""

    @property
    def name(self) -> str:
        """The codes as people look them up: `9004/2207052`."""
        parts = (str(part) for part in (self.code, self.subcode) if part is not None)
        return "/".join(parts) or f"HTTP {self.status}"


def rule_for(error: GraphError) -> Rule | None:
    """The row that fits best: words, then both codes, then the subcode, then the code."""
    for rule in _BY_WORD:
        if rule.word in error.message:
            return rule
    exact = _EXACT.get((error.code, error.subcode))
    general = _EXACT.get((error.code, None)) if error.code is not None else None
    return exact or _BY_SUBCODE.get(error.subcode or 0) or general or _in_range(error.code)


def _in_range(code: int | None) -> Rule | None:
    return _PERMISSION if code is not None and 200 <= code <= 299 else None


def advice_for(error: GraphError, stage: Stage) -> Advice | None:
    """What to do; None when this version does not know.

    At the visible call a familiar code with an unfamiliar subcode is not known well enough to
    swear that nothing went out, unless the token itself was refused.
    """
    rule = rule_for(error)
    if rule is None:
        return None
    advice = rule.advice(stage)
    guessed = rule.subcode is None and not rule.word and error.subcode is not None
    if stage is Stage.PUBLISH and guessed and advice is not Advice.AUTH:
        return Advice.PROBE
    return advice


def read_error(status: int, body: Mapping[str, Any] | None) -> GraphError | None:
    """The envelope in a body; None when there is none."""
    envelope = body.get("error") if body else None
    if not isinstance(envelope, Mapping):
        return None
    words = _first_text(envelope, ("error_user_msg", "message", "error_user_title"))
    technical = _first_text(envelope, ("message",))
    return GraphError(
        code=_number(envelope.get("code")),
        subcode=_number(envelope.get("error_subcode")),
        message=words if technical in words else f"{words} ({technical})",
        status=status,
        transient=envelope.get("is_transient") is True,
        trace=_first_text(envelope, ("fbtrace_id",)),
    )


def _first_text(envelope: Mapping[str, Any], names: Iterable[str]) -> str:
    texts = (envelope.get(name) for name in names)
    return next((text for text in texts if isinstance(text, str) and text), "")


def _number(value: Any) -> int | None:
    """The number, also when it comes as a string; 0 means none."""
    try:
        return int(value) or None
    except (TypeError, ValueError, OverflowError):
        return None
