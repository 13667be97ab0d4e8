"""Every adapter test runs with a canary for a token, and ends by looking for it in the logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from support.canaries import CANARIES

pytest.register_assert_rewrite("adapters.contract")

CANARY = CANARIES[1]


@pytest.fixture
def canary() -> str:
    return CANARY


@pytest.fixture(autouse=True)
def no_token_in_logs(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """httpx and httpcore log every request at these levels."""
    caplog.set_level(logging.DEBUG)
    yield
    # `caplog.text` would hold only what was logged since the test's end.
    logged = "\n".join(record.getMessage() for record in caplog.get_records("call"))
    assert CANARY not in logged
