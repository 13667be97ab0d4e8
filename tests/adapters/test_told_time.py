"""What time a server says it is, and what follows for our clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from socialauto.adapters.http import skew, told_time

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("headers", "told"),
    [
        ({"date": "Tue, 01 Dec 2026 12:00:00 GMT"}, NOON),
        ({"date": "Tue, 01 Dec 2026 13:00:00 +0100"}, NOON),
        ({"date": "Tue, 01 Dec 2026 12:00:00 -0000"}, NOON),
        ({"date": "Tue, 01 Dec 2026 12:00:00 GMT", "age": "30"}, None),
        ({"date": "yesterday"}, None),
        ({"date": ""}, None),
        ({}, None),
    ],
)
def test_the_date_header(headers: dict[str, str], told: datetime | None) -> None:
    assert told_time(headers) == told


@pytest.mark.parametrize(
    ("theirs", "ahead"),
    [
        (NOON, 0),
        (NOON - SECOND, 0),  # whole seconds: it may have been nearly noon
        (NOON + 60 * SECOND, 0),  # the answer was slow
        (NOON - 90 * SECOND, 90),
        (NOON + 100 * SECOND, -40),
    ],
)
def test_only_what_is_sure_counts(theirs: datetime, ahead: float) -> None:
    assert skew(theirs, NOON, NOON + 60 * SECOND) == ahead * SECOND
