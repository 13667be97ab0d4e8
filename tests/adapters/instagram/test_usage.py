import json
from datetime import timedelta
from typing import Any

import pytest

from socialauto.adapters.instagram.usage import busy_for, regain

HOUR = timedelta(hours=1)


def business(**row: Any) -> dict[str, str]:
    return {"x-business-use-case-usage": json.dumps({"17": [{"type": "instagram", **row}]})}


@pytest.mark.parametrize(
    ("headers", "pause"),
    [
        ({}, None),
        ({"x-app-usage": '{"call_count": 89, "total_time": 3}'}, None),
        ({"x-app-usage": '{"call_count": 90}'}, HOUR),
        ({"x-app-usage": '{"total_cputime": 101.5}'}, HOUR),
        (business(call_count=95), HOUR),
        (business(call_count=95, estimated_time_to_regain_access=12), timedelta(minutes=12)),
        (business(call_count=10, estimated_time_to_regain_access=12), None),
        (business(call_count=95, type="pages"), None),
        (business(call_count=95, estimated_time_to_regain_access=1e5), timedelta(days=1)),
    ],
)
def test_nothing_new_is_begun_from_90_per_cent_on(
    headers: dict[str, str], pause: timedelta | None
) -> None:
    assert busy_for(headers) == pause


def test_the_longest_time_that_is_named_counts() -> None:
    rows = [{"estimated_time_to_regain_access": 3}, {"estimated_time_to_regain_access": 30}]
    headers = {"x-business-use-case-usage": json.dumps({"17": rows})}

    assert regain(headers) == timedelta(minutes=30)


@pytest.mark.parametrize(
    "text",
    [
        *("", "null", "7", "[]", "{", '"x"', '{"a": 1}', '{"a": [1, null]}', '{"a": {}}'),
        "[" * 9999,
        '{"a": [{"call_count": "99"}]}',
        '{"a": [{"call_count": null, "estimated_time_to_regain_access": []}]}',
        '{"a": [{"call_count": NaN, "estimated_time_to_regain_access": Infinity}]}',
        '{"a": [{"call_count": true, "estimated_time_to_regain_access": -5}]}',
    ],
)  # fmt: skip
def test_headers_that_are_not_understood_limit_nothing(text: str) -> None:
    headers = {"x-app-usage": text, "x-business-use-case-usage": text}

    assert busy_for(headers) is None
    assert regain(headers) is None
