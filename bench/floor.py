"""The least that any check of these files can cost: `python bench/floor.py DEST` reads them all
and prints the seconds that took."""

from __future__ import annotations

import os
import sys
from time import perf_counter


def read_all(folder: str) -> int:
    total = 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                total += read_all(entry.path)
                continue
            handle = os.open(entry.path, os.O_RDONLY)
            total += len(os.read(handle, entry.stat().st_size))
            os.close(handle)
    return total


if __name__ == "__main__":
    begun = perf_counter()
    for name in ("content", "media"):
        read_all(os.path.join(sys.argv[1], name))
    print(perf_counter() - begun)
