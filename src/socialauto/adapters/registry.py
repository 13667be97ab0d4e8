"""Finds the adapter of a platform: one literal table, then the entry points of others."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, cast

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Adapter

BUILT_IN = {
    "instagram": "socialauto.adapters.instagram",
}

GROUP = "socialauto.adapters"
"""Entry-point group for adapters of third parties."""


def platforms() -> tuple[str, ...]:
    """The names of all platforms, built in first."""
    others = sorted(point.name for point in entry_points(group=GROUP))
    return (*BUILT_IN, *(name for name in others if name not in BUILT_IN))


def adapter(platform: str) -> Adapter:
    """The adapter of `platform`. Raises `SocialautoError` when nobody has one."""
    if platform in BUILT_IN:
        return cast("Adapter", import_module(BUILT_IN[platform]))
    for point in entry_points(group=GROUP, name=platform):
        return cast("Adapter", point.load())
    raise SocialautoError(
        f'no adapter for platform "{platform}"', f"known platforms: {', '.join(platforms())}"
    )
