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

from socialauto.scaffold.workflows import CHECKOUT, DEPLOY_PAGES, SETUP_PYTHON, UPLOAD_PAGES

BIN = Path(sys.executable).parent

_STUBS = {
    # Without a `ref`, act hands over the clone itself; with one, ORIGIN is asked for it.
    CHECKOUT: ("checkout", "ref", 'git clone -q "$ORIGIN" . && git checkout -q --detach "$GIVEN"'),
    # The jobs use the Python that the tests run on.
    SETUP_PYTHON: ("setup-python", "python-version", "python --version"),
    UPLOAD_PAGES: ("upload-pages-artifact", "path", 'cd "$GIVEN" && find . -type f | sort'),
    DEPLOY_PAGES: ("deploy-pages", "token", "echo deployed"),
}
"""What stands in for actions that this machine cannot fetch: name, input, and what it runs."""

_STUB = """\
name: stub
description: Stands in for an action.
inputs:
  {input}:
    description: given to it
    required: false
outputs:
  page_url:
    description: where the pages are
    value: http://127.0.0.1/
runs:
  using: composite
  steps:
    - run: {run}
      shell: bash
      env:
        GIVEN: ${{{{ inputs.{input} }}}}
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

    stubs: Path
    home: Path

    def run(
        self,
        clone: Path,
        event: str,
        payload: dict[str, Any] | None = None,
        *,
        variables: Mapping[str, str] = MappingProxyType({}),
        environment: Mapping[str, str] = MappingProxyType({}),
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
        for name, value in environment.items():
            arguments += ["--env", f"{name}={value}"]
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
        stubs = {
            f"actions/{name}@{pin.split()[0]}": self.stubs / name
            for pin, (name, *_) in _STUBS.items()
        }
        return [
            *("--platform", "ubuntu-latest=-self-hosted"),
            *(f"--local-repository={action}={stub}" for action, stub in stubs.items()),
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
    stubs, home = folder / "stubs", folder / "home"
    home.mkdir()
    for name, given, run in _STUBS.values():
        stub = stubs / name
        stub.mkdir(parents=True)
        (stub / "action.yml").write_text(_STUB.format(input=given, run=run), encoding="utf-8")
        for command in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "Stand in"]):
            subprocess.run(["git", "-C", str(stub), *command], check=True)
    return Runner(stubs, home)
