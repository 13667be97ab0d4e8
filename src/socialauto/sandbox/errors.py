"""How the emulated platform says no: the error envelope and the table of its codes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Refusal:
    """One way to be refused, as the platform words it."""

    code: int
    subcode: int | None
    message: str
    title: str = ""
    advice: str = ""
    transient: bool = False
    status: int = 400
    """Nearly always 400 on this platform, rate limits included."""

    def saying(self, message: str) -> Refusal:
        """The same refusal with a message about this very call."""
        return replace(self, message=message)

    def envelope(self, trace: str) -> dict[str, Any]:
        error: dict[str, Any] = {
            "message": self.message,
            "type": "OAuthException",
            "code": self.code,
        }
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        error["is_transient"] = self.transient
        if self.title:
            error["error_user_title"] = self.title
            error["error_user_msg"] = self.advice or self.message
        error["fbtrace_id"] = trace
        return {"error": error}


class RefusedError(Exception):
    """Carries a `Refusal` to the place that answers."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.message)
        self.refusal = refusal


INVALID = Refusal(100, None, "(#100) Invalid parameter")
UNKNOWN_PATH = Refusal(2500, None, "Unknown path components")
BAD_REQUEST_BODY = INVALID.saying("(#100) The request's body could not be read")
TOKEN_EXPIRED = Refusal(190, 463, "Error validating access token: Session has expired")
TOKEN_INVALID = Refusal(190, 467, "Invalid OAuth access token - Cannot parse access token")
TOKEN_MISSING = Refusal(190, None, "An access token is required to request this resource.")
PERMISSION = Refusal(10, None, "(#10) Application does not have permission for this action")
THROTTLED = Refusal(
    80002, None, "(#80002) There have been too many calls to this Instagram account."
)
NO_SUCH_OBJECT = Refusal(
    100,
    33,
    "Unsupported request. The object does not exist, cannot be loaded due to missing "
    "permissions, or does not support this operation",
)
UNKNOWN_MEDIA_TYPE = Refusal(
    100, 2207023, "The media type is unknown", "Unknown media type", "Use a known media_type."
)
CHILDREN_COUNT = Refusal(
    100,
    2207028,
    "Your post won't work as a carousel. Carousels need at least 2 photos/videos and no more "
    "than 10 photos/videos.",
    "Carousel validation failed",
)
TAG_POSITION_ON_VIDEO = Refusal(100, 2207035, "Product tag positions are not allowed for videos")
TAG_POSITION_MISSING = Refusal(100, 2207036, "Product tag positions are required for photos")
PRODUCT_INVALID = Refusal(100, 2207037, "The tagged products cannot be used by this account")
TOO_MANY_TAGS = Refusal(100, 2207040, "Cannot use more than 20 tags per created media")
BAD_COLLABORATOR = Refusal(100, 2207018, "The user cannot be invited as a collaborator")
NO_TRIAL_REELS = Refusal(100, 2207081, "This account does not support trial reels")
INVALID_LOCATION = INVALID.saying("(#100) INSTAGRAM_PLATFORM_API__INVALID_LOCATION_ID")
BAD_THUMB_OFFSET = Refusal(
    1,
    2207057,
    "The thumbnail offset must be greater than or equal to 0 and less than the video duration",
)
SLOW_DOWNLOAD = Refusal(
    -2, 2207003, "It takes too long to download the media", "Timeout", transient=True
)
CANNOT_FETCH = Refusal(
    9004,
    2207052,
    "The media could not be fetched from this URI",
    "Media download has failed",
    "The media could not be fetched from the provided URI.",
)
NOT_A_MEDIA_FILE = CANNOT_FETCH.saying("Only photo or video can be accepted as media type.")
IMAGE_TOO_LARGE = Refusal(36000, 2207004, "The image is too large to download", "Image too large")
IMAGE_FORMAT = Refusal(36001, 2207005, "The image format is not supported", "Unsupported format")
IMAGE_RATIO = Refusal(
    36003, 2207009, "The submitted image has an invalid aspect ratio", "Invalid aspect ratio"
)
CAPTION = Refusal(36004, 2207010, "The submitted caption is too long", "Caption too long")
NOT_READY = Refusal(
    9007,
    2207027,
    "Media ID is not available",
    "The media is not ready for publishing",
    "The media is not ready for publishing, please wait a moment.",
)
DAILY_LIMIT = Refusal(
    9,
    2207042,
    "Application request limit reached",
    "Daily limit reached",
    "You have reached the maximum number of posts that can be published by Content Publishing API.",
)
MEDIA_NOT_FOUND = Refusal(24, 2207006, "The requested resource does not exist", "Media not found")
CONTAINER_GONE = Refusal(
    24,
    2207008,
    "The media container with this id does not exist or has expired",
    "Media builder expired or doesn't exist",
)
CANNOT_DELETE = Refusal(-1, 2207073, "This media type cannot be deleted")
TOO_FEW_VIEWERS = Refusal(10, None, "(#10) Not enough viewers for the media to show insights")
SERVICE_DOWN = Refusal(2, None, "Service temporarily unavailable", transient=True, status=500)

BROKEN_VIDEO = 2207026
"""Not refused at once: the container ends in ERROR and its `status` ends in this subcode."""
