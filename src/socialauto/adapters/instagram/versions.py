"""Versions of the Graph API, from Meta's table of versions as of September 2026.

https://developers.facebook.com/docs/graph-api/changelog/versions/ names the day a version came out
and the one on which it ends. A call to a version that has ended is answered as by the oldest one
that is left ("Platform Versioning"), which nobody has tried with this program.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from socialauto.core.api_versions import ApiVersions

API_VERSION = "v25.0"
"""Of 18 February 2026: the one Meta's Instagram guides use in their examples (September 2026)."""

RELEASED: Mapping[str, date] = {
    "v25.0": date(2026, 2, 18),
    "v26.0": date(2026, 7, 29),
}

VERSIONS = ApiVersions(
    used=API_VERSION,
    ends={
        "v19.0": date(2026, 5, 21),
        "v20.0": date(2026, 9, 24),
        "v21.0": date(2027, 1, 21),
        "v22.0": date(2027, 5, 20),
        "v23.0": date(2027, 10, 8),
        "v24.0": date(2028, 2, 18),
        "v25.0": date(2028, 7, 29),
        "v26.0": None,
    },
)
