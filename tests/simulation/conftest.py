"""Histories make many objects and few cycles."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from support.simulation.long_form import quick_collection


@pytest.fixture(autouse=True)
def _quick_collection() -> Iterator[None]:
    before = gc.get_threshold()
    quick_collection()
    yield
    gc.set_threshold(*before)
