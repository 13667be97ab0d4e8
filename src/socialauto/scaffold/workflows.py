"""The workflows of a content repository, for GitHub Actions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from socialauto.scaffold.templates import fill

CHECKOUT = "3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
SETUP_PYTHON = "5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
UPLOAD_PAGES = "fc324d3547104276b827a68afc52ff2a11cc49c9 # v5.0.0"
DEPLOY_PAGES = "cd2ce8fcbc39b97be8ca5fce6e763baed58fa128 # v5.0.0"
"""Actions are pinned by commit: a tag can be moved to other code, a commit cannot."""

RUNS_UNLESS_SWITCHED_OFF = """\
    # The repository variable SOCIALAUTO is the switch: "off" stops publishing without a commit.
    # A run that a person starts by hand counts on the default branch only.
    if: >-
      vars.SOCIALAUTO != 'off' && (github.event_name == 'schedule' ||
      github.ref_name == github.event.repository.default_branch)"""

RUNS_WHEN_SWITCHED_ON = """\
    # The accounts in this repository are examples: a fork without tokens must not fail every
    # quarter of an hour, so nothing runs until the repository variable SOCIALAUTO says "on".
    if: >-
      vars.SOCIALAUTO == 'on' && (github.event_name == 'schedule' ||
      github.ref_name == github.event.repository.default_branch)"""

REQUIREMENTS = ".github/requirements.txt"

INSTALL = f"python -m pip install --requirement {REQUIREMENTS}"


@dataclass(frozen=True, slots=True)
class Workflows:
    """What differs between one repository's workflows and another's."""

    tokens: tuple[str, ...]
    """Environment variables that hold access tokens; the secrets have the same names."""
    install: str = INSTALL
    guard: str = RUNS_UNLESS_SWITCHED_OFF
    dashboard: bool = False
    """Publish the dashboard on Pages, where it may be seen by everybody."""

    def files(self) -> dict[str, str]:
        """Path → text."""
        values = {
            "CHECKOUT": CHECKOUT,
            "SETUP_PYTHON": SETUP_PYTHON,
            "UPLOAD_PAGES": UPLOAD_PAGES,
            "DEPLOY_PAGES": DEPLOY_PAGES,
            "INSTALL": self.install,
            "GUARD": self.guard,
            "TOKENS": "\n".join(_token_lines(self.tokens)),
        }
        return {
            f".github/workflows/{name}": fill(f"workflows/{name}", values) for name in self._names()
        }

    def _names(self) -> tuple[str, ...]:
        always = ("validate.yml", "reconcile.yml")
        return (*always, "dashboard.yml") if self.dashboard else always


def _token_lines(names: Iterable[str]) -> Iterable[str]:
    return (f"          {name}: ${{{{ secrets.{name} }}}}" for name in names)
