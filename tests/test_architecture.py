"""Imports go one way, the core is pure, and start-up stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "socialauto"

MAY_IMPORT = {
    # package: what of socialauto it may import beside itself
    "core": set(),
    "repository": {"core"},
    "media": {"core", "adapters"},
    "credentials": {"core"},
    "adapters": {"core"},
    "scaffold": {"core"},
    "sandbox": {"core"},
    "engine": {"core", "adapters", "media"},
    "report": {"core", "engine"},
    "dashboard": {"core", "report"},
    "cli": {
        "core", "repository", "media", "credentials", "adapters", "scaffold", "sandbox", "engine",
        "report", "dashboard",
    },
}  # fmt: skip
"""`media` needs of `adapters` only the protocol that its hosts satisfy."""

PURE_LIBRARIES = {
    "__future__", "abc", "annotated_types", "babel", "base64", "bisect", "calendar", "codecs",
    "collections", "contextlib", "csv", "dataclasses", "datetime", "decimal", "difflib", "enum",
    "fractions", "frontmatter", "functools", "hashlib", "heapq", "html", "itertools", "jinja2",
    "json", "markdown_it", "math", "operator", "pathlib:PurePosixPath", "posixpath", "pydantic",
    "pydantic_core", "re", "shlex", "string", "textwrap", "types", "typing", "unicodedata",
    "urllib", "yaml", "zoneinfo",
}  # fmt: skip
"""What the core may import: nothing that knows files, network, processes, clocks or logs."""

FORBIDDEN_IN_CORE = {"open", "print", "input", "exec", "eval", "now", "utcnow", "today", "environ"}


def modules(package: str) -> Iterator[Path]:
    yield from sorted((SOURCE / package).rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Full names of what a module imports, wherever in it the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "pathlib":
            # PurePosixPath only computes; Path reads.
            yield from ((f"pathlib:{alias.name}", node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide which way an arrow points"
            yield node.module or "", node.lineno


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def wrong_arrows(package: str, tree: ast.AST) -> Iterator[str]:
    for name, line in imports(tree):
        parts = name.split(".")
        if parts[0] == "socialauto" and len(parts) > 1:
            target = parts[1]
            if target in MAY_IMPORT and target != package and target not in MAY_IMPORT[package]:
                yield f"line {line}: {package} imports {target}"


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_arrows_point_one_way(package: str) -> None:
    wrong = [
        f"{path.relative_to(SOURCE)} {arrow}"
        for path in modules(package)
        for arrow in wrong_arrows(package, parsed(path))
    ]
    assert wrong == []


def test_every_package_has_its_place() -> None:
    packages = {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert packages == set(MAY_IMPORT)


def impure(tree: ast.AST) -> Iterator[str]:
    for name, line in imports(tree):
        top = name.split(".")[0]
        if top not in PURE_LIBRARIES | {"socialauto"}:
            yield f"line {line}: imports {name}"
    for node in ast.walk(tree):
        called = node.func if isinstance(node, ast.Call) else None
        name = getattr(called, "id", getattr(called, "attr", ""))
        if name in FORBIDDEN_IN_CORE or (
            isinstance(node, ast.Attribute) and node.attr == "environ"
        ):
            yield f"line {getattr(node, 'lineno', 0)}: uses {name or 'environ'}"


def test_the_core_is_pure() -> None:
    found = [
        f"{path.relative_to(SOURCE)} {what}"
        for path in modules("core")
        for what in impure(parsed(path))
    ]
    assert found == []


@pytest.mark.parametrize(
    "line",
    [
        "import httpx",
        "from os import environ",
        "from pathlib import Path",
        "import logging",
        "datetime.now()",
        "open('x')",
    ],
)
def test_the_check_of_the_core_can_fail(line: str) -> None:
    assert list(impure(ast.parse(line)))


def test_the_check_of_the_arrows_can_fail() -> None:
    tree = ast.parse("from socialauto.engine.run import carry_out")
    assert list(wrong_arrows("core", tree))


HEAVY = {"httpx", "git", "PIL", "pymediainfo", "jinja2", "pydantic", "yaml", "rich", "starlette",
         "anyio", "pyrage", "babel", "markdown_it"}  # fmt: skip


def loaded_by(*arguments: str) -> set[str]:
    """The heavy libraries that a command line has imported when it ends."""
    code = (
        "import sys; from socialauto.cli import socialauto\n"
        "socialauto.main(args=sys.argv[1:], standalone_mode=False)\n"
        "print('\\n' + ' '.join(name for name in sys.modules if '.' not in name))"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return HEAVY & set(finished.stdout.splitlines()[-1].split())


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_help_and_version_load_nothing_heavy(argument: str) -> None:
    assert loaded_by(argument) == set()


def test_only_the_command_line_exits_or_prints() -> None:
    wrong = []
    for package in set(MAY_IMPORT) - {"cli"}:
        for path in modules(package):
            for node in ast.walk(parsed(path)):
                if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                    "print", "sys.exit", "exit", "os._exit"
                ):  # fmt: skip
                    wrong.append(f"{path.relative_to(SOURCE)} line {node.lineno}")
    assert wrong == []


REAL_TIME = {"time.sleep", "time.time", "datetime.now", "datetime.utcnow", "date.today"}
TESTS = Path(__file__).parent
CLOCKS = {SOURCE / "engine" / "clock.py", TESTS / "support" / "shared_clock.py"}
"""Everything else has a clock handed in, or asks `SystemClock`, which a test can stop."""


def readings(tree: ast.AST) -> Iterator[str]:
    """Where the system's clock is asked for or waited on, called or only named."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in REAL_TIME:
            yield f"line {node.lineno}: {ast.unparse(node)}"
        elif isinstance(node, ast.ImportFrom) and node.module == "time":
            names = {f"time.{alias.name}" for alias in node.names} & REAL_TIME
            yield from (f"line {node.lineno}: {name}" for name in sorted(names))


@pytest.mark.parametrize("folder", [SOURCE, TESTS, TESTS.parent / "bench"], ids=lambda it: it.name)
def test_time_is_handed_in(folder: Path) -> None:
    wrong = [
        f"{path.relative_to(folder)} {reading}"
        for path in folder.rglob("*.py")
        if path not in CLOCKS
        for reading in readings(parsed(path))
    ]
    assert wrong == []


@pytest.mark.parametrize(
    "line", ["datetime.now(UTC)", "Clock(real=datetime.now)", "from time import sleep"]
)
def test_the_check_of_the_clocks_can_fail(line: str) -> None:
    assert list(readings(ast.parse(line)))
