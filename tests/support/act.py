"""Runs GitHub workflows for real, on this machine, with `act`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from socialauto.scaffold.workflows import SETUP_PYTHON

BIN = Path(sys.executable).parent

_STUB = """\
name: setup-python
description: The jobs use the Python that the tests run on.
inputs:
  python-version:
    description: ignored
runs:
  using: composite
  steps:
    - run: python --version
      shell: bash
"""

_COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Ran:
    """A workflow that has ended."""

    ok: bool
    output: str


@dataclass(frozen=True, slots=True)
class Runner:
    """A machine that runs the workflows of a clone, as the forge's runners would."""

    stub: Path
    home: Path

    def run(
        self,
        clone: Path,
        event: str,
        payload: dict[str, Any] | None = None,
        *,
        variables: Mapping[str, str] = MappingProxyType({}),
        **secrets: str,
    ) -> Ran:
        """Every workflow of the clone that listens to the event."""
        arguments = [str(BIN / "act"), event, "--directory", str(clone), *self._options()]
        if payload is not None:
            path = self.home / "event.json"
            path.write_text(json.dumps(payload), encoding="utf-8")
            arguments += ["--eventpath", str(path)]
        for name, value in secrets.items():
            arguments += ["--secret", f"{name}={value}"]
        for name, value in variables.items():
            arguments += ["--var", f"{name}={value}"]
        done = subprocess.run(
            arguments,
            env={**os.environ, **self._environment()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Ran(done.returncode == 0, _COLOR.sub("", done.stdout))

    def _options(self) -> list[str]:
        action = f"actions/setup-python@{SETUP_PYTHON.split()[0]}"
        return [
            *("--platform", "ubuntu-latest=-self-hosted"),
            *("--local-repository", f"{action}={self.stub}"),
            # Both would reach beyond this machine: a cache on a public address, and updates.
            "--no-cache-server",
            "--action-offline-mode",
        ]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.home),
            "XDG_CONFIG_HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home),
            # socialauto is installed already; pip has nothing to fetch and must not look.
            "PIP_NO_INDEX": "1",
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        }


def runner(folder: Path) -> Runner:
    """A runner that knows the actions our workflows use."""
    stub, home = folder / "setup-python", folder / "home"
    home.mkdir()
    stub.mkdir()
    (stub / "action.yml").write_text(_STUB, encoding="utf-8")
    for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Stand in"]):
        subprocess.run(["git", "-C", str(stub), *command], check=True)
    return Runner(stub, home)
