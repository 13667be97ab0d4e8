"""`make mutants`: takes away one protection at a time and runs the suites that must notice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mutants.deletions import DELETIONS
from mutants.protections import MUTANTS, SOURCE, Mutant
from mutants.schedules import SCHEDULES

ROOT = SOURCE.parent
TIMEOUT = 600
EVERY = (*MUTANTS, *SCHEDULES, *DELETIONS)


def _run(suite: str, source: Path) -> tuple[bool, str]:
    """Whether the suite passes with this source, and the first thing that it noticed."""
    command = [sys.executable, "-m", "pytest", "-x", "-p", "no:cacheprovider", "--tb=line", suite]
    environment = {**os.environ, "PYTHONPATH": str(source)}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=TIMEOUT
    )
    if ended.returncode not in (0, 1):
        raise RuntimeError(f"{suite} could not be run:\n{ended.stdout[-2000:]}{ended.stderr}")
    noticed = re.search(r"^(?:FAILED|ERROR) (\S+::.*?)(?: - .*)?$", ended.stdout, re.MULTILINE)
    return ended.returncode == 0, noticed[1].rpartition("::")[2] if noticed else ""


def _check_path(source: Path) -> None:
    """The copy is what is imported, or every mutant would seem to survive."""
    code = "import socialauto; print(socialauto.__file__)"
    environment = {**os.environ, "PYTHONPATH": str(source)}
    said = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith(str(source)), f"another socialauto is imported: {said.stdout}"


def _suites(mutant: Mutant, source: Path) -> bool:
    """Run each suite on the mutant; whether all of them noticed."""
    caught = True
    for suite in mutant.suites:
        began = time.perf_counter()
        passed, noticed = _run(suite, source)
        word = "SURVIVED" if passed else "caught"
        seconds = time.perf_counter() - began
        print(f"{mutant.name:52} {suite:45} {word:9} {seconds:5.1f} s  {noticed}", flush=True)
        caught &= not passed
    return caught


def _try(mutant: Mutant) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "src"
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
        _check_path(source)
        for patch in mutant.patches:
            patch.apply(source)
        return _suites(mutant, source)


def main(words: list[str]) -> int:
    chosen = [mutant for mutant in EVERY if all(word in mutant.name for word in words)]
    survivors = [mutant.name for mutant in chosen if not _try(mutant)]
    print(f"{len(chosen)} mutants, {len(survivors)} survived", *survivors, sep="\n  ")
    return 1 if survivors else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
