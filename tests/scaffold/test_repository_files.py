"""The rest of what `init` writes."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from PIL import Image

from socialauto.cli.schema import schema_text
from socialauto.scaffold.next_steps import Situation, next_steps
from socialauto.scaffold.package import is_public, requirement
from socialauto.scaffold.repository_files import example_post, surroundings, with_ignored

COMMIT = "0123456789012345678901234567890123456789"
FROM_GIT = json.dumps(
    {
        "url": "https://github.com/acme/socialauto",
        "vcs_info": {"vcs": "git", "commit_id": COMMIT, "requested_revision": "main"},
    }
)
FROM_A_FOLDER = json.dumps({"url": "file:///home/me/socialauto", "dir_info": {"editable": True}})


def test_the_example_is_a_draft_with_a_real_picture() -> None:
    files = example_post("acme", "2026-12-01 09:00")
    assert b"draft: true" in files["content/example.md"]
    image = Image.open(io.BytesIO(files["content/media/example.jpg"]))
    image.load()
    assert (image.format, image.size, image.mode) == ("JPEG", (1080, 1080), "RGB")


def test_the_editor_knows_the_schemas() -> None:
    settings = json.loads(surroundings((), "socialauto==1")[".vscode/settings.json"])
    assert set(settings["yaml.schemas"]) == {
        "./schemas/post.schema.json",
        "./schemas/schedule.schema.json",
        "./schemas/config.schema.json",
    }


@pytest.mark.parametrize("name", ["post", "schedule", "config"])
def test_the_schemas_of_the_example_team_are_up_to_date(name: str, project_root: Path) -> None:
    path = project_root / "schemas" / f"{name}.schema.json"
    renew = f"type: socialauto schema {name} > schemas/{name}.schema.json"
    assert path.read_text(encoding="utf-8") == schema_text(name), renew


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ".socialauto/\n/dashboard/\n"),
        ("*.tmp", "*.tmp\n.socialauto/\n/dashboard/\n"),
        ("*.tmp\n", "*.tmp\n.socialauto/\n/dashboard/\n"),
        ("a\n.socialauto/ \nb\n", "a\n.socialauto/ \nb\n/dashboard/\n"),
        ("a\n/dashboard/\n.socialauto/", "a\n/dashboard/\n.socialauto/"),
    ],
)
def test_local_state_is_ignored_once(before: str, after: str) -> None:
    assert with_ignored(before) == after


@pytest.mark.parametrize(
    ("direct_url", "line", "public"),
    [
        (None, "socialauto==0.1.0", True),
        (
            FROM_GIT,
            f"socialauto @ git+https://github.com/acme/socialauto@{COMMIT}",
            True,
        ),
        (FROM_A_FOLDER, "socialauto==0.1.0", False),
    ],
)
def test_workflows_install_the_version_that_wrote_them(
    direct_url: str | None, line: str, public: bool
) -> None:
    assert requirement("0.1.0", direct_url) == line
    assert is_public(direct_url) is public


def test_the_next_steps_fit_the_situation() -> None:
    done = Situation(("A_TOKEN",), "socialauto/ledger", media_host=True, remote=True)
    assert [step.split(":")[0] for step in next_steps(done)] == [
        "Check and commit",
        "Push",
        'On GitHub, under Settings → Environments, make "publishing", limit it to the branch main'
        " and add the access token there as a secret",
        "Protect main",
        "Write a post",
    ]
    fresh = Situation(
        ("A_TOKEN",), "socialauto/ledger", placeholder_account=True, package_is_public=False
    )
    steps = next_steps(fresh)
    assert len(steps) == 8
    assert steps[0].startswith("Put your account's id")
    assert "git push -u origin main socialauto/ledger" in steps[4]
    without = next_steps(Situation(("A_TOKEN",), "socialauto/ledger", ledger=False))
    assert next(step for step in without if "ledger" in step) == (
        "Make the ledger, once: socialauto init"
    )
