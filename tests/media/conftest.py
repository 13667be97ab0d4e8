"""Samples that take a while to make, made once."""

from __future__ import annotations

import pytest

from support import media_samples


@pytest.fixture(scope="session")
def film() -> bytes:
    return media_samples.mp4()


@pytest.fixture(scope="session")
def film_with_index_last() -> bytes:
    return media_samples.mp4(moov_first=False)
