from __future__ import annotations

import pytest

from support.instagram import Platform, real_bodies


@pytest.fixture(scope="session")
def bodies() -> dict[str, bytes]:
    return real_bodies()


@pytest.fixture
def platform(bodies: dict[str, bytes], canary: str) -> Platform:
    return Platform(bodies, canary)
