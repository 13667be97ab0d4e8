"""Every finding code with its title. Ranges: 1xx how a file is written, 2xx its fields, 3xx times,
4xx media, 5xx text, 6xx across files, 7xx configuration."""

from __future__ import annotations

CODES: dict[str, str] = {}
