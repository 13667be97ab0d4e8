"""What the emulated platform knows, as values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

Login = Literal["facebook", "instagram"]
StatusCode = Literal["IN_PROGRESS", "FINISHED", "PUBLISHED", "ERROR", "EXPIRED"]
Shape = Literal["image", "reel", "story", "carousel", "image item", "video item"]
"""What a container is for; the platform spells it in media_type and is_carousel_item."""
AccountType = Literal["BUSINESS", "MEDIA_CREATOR", "PERSONAL"]
Page = Literal["listed", "owned", "client", "none"]
"""How a person reaches an account's Facebook Page: it is listed among the person's own, only among
those that a business owns or has as clients, or there is none."""
TokenKind = Literal["any", "user", "page", "instagram"]

CONTAINER_LIFE = timedelta(hours=24)
DAY = timedelta(hours=24)
"""The moving window of both quotas."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A professional account on the platform, with what differs between accounts."""

    id: str
    username: str
    name: str = ""
    biography: str = ""
    login: Login = "facebook"
    """The variant of the API for tokens that were made by hand."""
    account_type: AccountType = "BUSINESS"
    page: Page = "listed"
    quota_total: int = 100
    """Posts in 24 hours; the documentation says 100, 50 and 25 in different places."""
    container_cap: int = 400
    trial_reels: bool = False
    drops_at_signs: bool = False
    """Captions are read back without `@`, as for apps whose user has no admin task."""
    hidden_fields: tuple[str, ...] = ()
    """Media fields left out of every answer, such as `caption` on the instagram host."""


@dataclass(frozen=True, slots=True)
class Token:
    accounts: frozenset[str] | None = None
    """Ids of the accounts it may act for; None for all."""
    expires: datetime | None = None
    revoked: bool = False
    kind: TokenKind = "any"
    """user, page: of Facebook Login; instagram: of Instagram Login; any: made by hand."""
    scopes: frozenset[str] | None = None
    """What the person granted; None for everything."""
    asked: frozenset[str] = frozenset()
    """What the app asked for, declined permissions among it."""
    issued: datetime | None = None
    authorised: datetime | None = None
    """When the person last said yes; access to data ends 90 days later."""
    long_lived: bool = True

    def opens(self, account_id: str) -> bool:
        return self.accounts is None or account_id in self.accounts

    def sees(self, account: Account) -> Account:
        """The account by the variant of the API that this token belongs to."""
        if self.kind == "any":
            return account
        return replace(account, login="instagram" if self.kind == "instagram" else "facebook")


@dataclass(frozen=True, slots=True)
class Asset:
    """A media file that was fetched and judged."""

    kind: Literal["image", "video"]
    blob: str
    """SHA-256 of its bytes."""
    width: int
    height: int
    seconds: float | None = None
    problem: int | None = None
    """Subcode with which processing will fail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a container is made of."""

    shape: Shape
    caption: str = ""
    alt_text: str = ""
    children: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)
    """All other parameters as they were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """Invisible to the public until it is published."""

    id: str
    account: str
    draft: Draft
    created: datetime
    processing: float
    """Seconds until it is FINISHED or ERROR."""
    asset: Asset | None = None
    cover: Asset | None = None
    problem: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A line of the publish log: a container became a media object at an instant."""

    id: str
    account: str
    container: str
    time: datetime
    """When it is public; later than the call when a fault made the effect arrive late."""
    children: tuple[tuple[str, str], ...] = ()
    """Media id and container id of each carousel item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    id: str
    account: str
    media: str
    text: str
    time: datetime
    parent: str = ""
    """The comment that it replies to."""
    hidden: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What its owner did to a media object after it went out."""

    media: str
    deleted: datetime | None = None
    comments_enabled: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How this platform behaves today; replaced as a whole by `World.settings = …`."""

    image_seconds: float = 2
    video_seconds: float = 5
    republish: Literal["duplicate", "same", "refuse"] = "duplicate"
    """A second publish of a published container. What the real platform does is not documented,
    so the default is the worst case for clients."""
    listing_lag: float = 0
    """Seconds until a new post appears in lists."""
    hourly_calls: int = 100_000
    """Calls an account takes in an hour before it answers 80002."""
    audience: int = 1000
    """People who see a post in the long run; the numbers of its insights grow towards that."""
    insights_delay: float = 0
    """Seconds that insights lag behind; the platform says up to 48 hours."""
    token_endpoints_read_headers: bool = True
    """The documentation shows tokens to be renewed in the query and nowhere else."""
    wrapped_token: bool = True
    """Instagram's answer to a code stands in a list, as documented, or bare, as others report."""
    renewed: Literal["new", "same", "replaced"] = "new"
    """A renewed Instagram token is a new one beside the old, the same one with a longer life, or
    a new one that ends the old; what the real platform does is not documented."""
