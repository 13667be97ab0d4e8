"""The files that `init` starts from, with `@NAME@` where a value goes."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files


def fill(name: str, values: Mapping[str, str]) -> str:
    """The template with its values; each one of `values` that it does not name is ignored."""
    text = files(__name__).joinpath(name).read_text(encoding="utf-8")
    for key, value in values.items():
        text = text.replace(f"@{key}@", value)
    return text


def binary(name: str) -> bytes:
    return files(__name__).joinpath(name).read_bytes()
