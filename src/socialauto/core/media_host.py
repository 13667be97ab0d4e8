"""Where platforms that download media themselves can fetch them: `media_host` as models."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from socialauto.core.addresses import Address, MediaName, Remote, Variable
from socialauto.core.spans import span
from socialauto.core.suggest import quoted
from socialauto.core.values import Duration, Flag, Strict, refusal

_BUCKET = r"^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$"
_PREFIX = r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$"

CONTAINER_LIFE = timedelta(hours=24)
"""Instagram may come back for the media for as long as a container lives."""
LONGEST_SIGNATURE = timedelta(days=7)
"""No S3-compatible store takes a signed address that lives longer (AWS SigV4, X-Amz-Expires)."""
SHORTEST_KEEP = timedelta(days=2)


def _bucket(value: str) -> str:
    if not re.fullmatch(_BUCKET, value):
        hint = "write its name, without the endpoint and without a path"
        raise refusal("SA711", f"{quoted(value)} is not usable as a bucket", hint)
    return value


def _prefix(value: str) -> str:
    if not re.fullmatch(_PREFIX, value):
        hint = "use letters, digits, - and _, with / only in between"
        raise refusal("SA711", f"{quoted(value)} is not usable as a prefix", hint)
    return value


def _expires(value: timedelta) -> timedelta:
    if not CONTAINER_LIFE < value <= LONGEST_SIGNATURE:
        hint = "write one such as 26h: more than 24h, which is how long an upload lives, up to 7d"
        raise refusal("SA711", f"{span(value)} is no time for a signed address to live", hint)
    return value


def _keep(value: timedelta) -> timedelta:
    if value < SHORTEST_KEEP:
        raise refusal("SA711", f"{span(value)} is too short to keep media", "write 2d or more")
    return value


Keep = Annotated[Duration, AfterValidator(_keep)]
_KEEP = Field(
    default=timedelta(days=7),
    description="How long `socialauto media clean` leaves files that no open post needs.",
)


class UrlFiles(Strict):
    """`kind: url`: something serves the repository's own files, such as Pages or a CDN."""

    kind: Literal["url"] = Field(
        description="The repository's files are served as they are.", examples=["url"]
    )
    base: Address = Field(
        description="URL under which the repository's files are served; {commit} stands for the "
        "commit that is published.",
        examples=["https://raw.githubusercontent.com/acme/social/{commit}"],
    )


class S3Bucket(Strict):
    """`kind: s3`: media are uploaded to a bucket of any S3-compatible store."""

    kind: Literal["s3"] = Field(description="Media are uploaded to a bucket.")
    endpoint: Address = Field(
        description="The store's address, without the bucket.",
        examples=["https://s3.eu-central-1.amazonaws.com"],
    )
    bucket: Annotated[str, AfterValidator(_bucket)] = Field(
        description="The bucket's name; it must exist.",
        json_schema_extra={"pattern": _BUCKET},
        examples=["acme-media"],
    )
    region: str = Field(
        default="us-east-1",
        min_length=1,
        description="The region that requests are signed for; auto for Cloudflare R2.",
    )
    prefix: Annotated[str, AfterValidator(_prefix)] = Field(
        default="socialauto",
        description="Every object's name begins with this and a slash.",
        json_schema_extra={"pattern": _PREFIX},
    )
    path_style: Flag = Field(
        default=True,
        description="true: endpoint/bucket/name, as all stores take; false: bucket.endpoint/name.",
    )
    access_key: Variable = Field(
        description="Where the access key's id is: env: and the name of an environment variable.",
        examples=["env:S3_ACCESS_KEY"],
    )
    secret_key: Variable = Field(
        description="Where the secret access key is: env: and the name of a variable.",
        examples=["env:S3_SECRET_KEY"],
    )
    session_token: Variable | None = Field(
        default=None, description="Where the token of temporary keys is, when they are temporary."
    )
    public_base: Address | None = Field(
        default=None,
        description="URL under which the bucket's objects are public; without it addresses are "
        "signed and expire.",
        examples=["https://media.acme.example"],
    )
    expires: Annotated[Duration, AfterValidator(_expires)] = Field(
        default=timedelta(hours=26),
        description="How long signed addresses live: more than 24h, at most 7d.",
    )
    keep: Keep = _KEEP


class GitBranch(Strict):
    """`kind: branch`: media are pushed to a branch that the forge serves to everybody."""

    kind: Literal["branch"] = Field(description="Media are pushed to a branch.")
    base: Address = Field(
        description="URL under which the branch's files are served; {commit} stands for the "
        "branch's commit.",
        examples=["https://raw.githubusercontent.com/acme/social/{commit}"],
    )
    branch: MediaName = Field(
        default="socialauto/media",
        description="The branch; it holds nothing but media and is replaced now and then.",
    )
    remote: Remote = Field(default="origin", description="The remote that has the branch.")
    patience: Duration = Field(
        default=timedelta(minutes=5),
        description="How long to wait until the forge serves what was just pushed.",
    )
    keep: Keep = _KEEP


MediaHost = Annotated[UrlFiles | S3Bucket | GitBranch, Field(discriminator="kind")]
"""Only `url` serves the repository's own files; the other two serve what they are given."""
