"""Insights: invented numbers that depend on the post alone and only ever grow."""

from __future__ import annotations

from collections.abc import Mapping

from socialauto.sandbox.request import Operation

INSIGHTS: Mapping[tuple[str, str], Operation] = {}
