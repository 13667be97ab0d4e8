"""The workflows: what they promise, and that this project runs the ones it hands out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from socialauto.scaffold.workflows import (
    CHECKOUT,
    DEPLOY_PAGES,
    RUNS_WHEN_SWITCHED_ON,
    SETUP_PYTHON,
    UPLOAD_PAGES,
    Workflows,
)

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return Workflows(("ACME_TOKEN", "OTHER_TOKEN"), dashboard=True).files()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, written: dict[str, str]) -> Path:
    root = tmp_path_factory.mktemp("scaffolded")
    for path, text in written.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


def parsed(written: dict[str, str], name: str) -> dict[Any, Any]:
    value = yaml.safe_load(written[f".github/workflows/{name}.yml"])
    assert isinstance(value, dict)
    return value


def test_no_placeholder_is_left(written: dict[str, str]) -> None:
    assert not [text for text in written.values() if re.search(r"@[A-Z_]+@", text)]


def test_pull_requests_are_checked_without_secrets_and_with_a_reading_token(
    written: dict[str, str],
) -> None:
    workflow = parsed(written, "validate")
    assert workflow[True] == {"pull_request": None}  # YAML 1.1 reads `on` as true
    assert workflow["jobs"]["validate"]["permissions"] == {"contents": "read"}
    assert "secrets." not in written[".github/workflows/validate.yml"]
    assert "github.token" not in str(workflow["jobs"]["validate"])


def test_the_job_that_may_comment_runs_nothing_that_the_change_has_brought(
    written: dict[str, str],
) -> None:
    job = parsed(written, "validate")["jobs"]["comment"]
    checkout, _, install, post = job["steps"]
    assert job["permissions"] == {"contents": "read", "pull-requests": "write"}
    assert "head.repo.full_name == github.repository" in job["if"]
    assert checkout["with"]["ref"] == "${{ github.event.pull_request.base.sha }}"
    assert checkout["with"]["persist-credentials"] is False
    assert install["run"] == parsed(written, "validate")["jobs"]["validate"]["steps"][2]["run"]
    assert post["env"]["COMMENT"] == "${{ needs.validate.outputs.comment }}"


def test_only_the_publishing_job_may_write_and_only_its_last_step_sees_tokens(
    written: dict[str, str],
) -> None:
    workflow = parsed(written, "reconcile")
    job = workflow["jobs"]["reconcile"]
    assert workflow["permissions"] == {}
    assert job["permissions"] == {"contents": "write"}
    assert job["environment"] == "publishing"
    assert [step.get("env") for step in job["steps"]] == [
        None,
        None,
        None,
        {
            "ACME_TOKEN": "${{ secrets.ACME_TOKEN }}",
            "OTHER_TOKEN": "${{ secrets.OTHER_TOKEN }}",
        },
    ]


def test_runs_queue_up_and_end_before_their_lease(written: dict[str, str]) -> None:
    workflow = parsed(written, "reconcile")
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["jobs"]["reconcile"]["timeout-minutes"] < 30


def test_nothing_a_stranger_wrote_reaches_a_script(written: dict[str, str]) -> None:
    for name in ("validate", "reconcile", "dashboard"):
        for job in parsed(written, name)["jobs"].values():
            assert not [step for step in job["steps"] if "${{" in step.get("run", "")]


def test_every_action_is_pinned_by_commit(project_root: Path, written: dict[str, str]) -> None:
    own = (project_root / ".github/workflows/test.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (\S+@.*)", "\n".join([own, *written.values()]))
    known = {
        "checkout": CHECKOUT,
        "setup-python": SETUP_PYTHON,
        "upload-pages-artifact": UPLOAD_PAGES,
        "deploy-pages": DEPLOY_PAGES,
    }
    assert set(used) == {f"actions/{name}@{pin}" for name, pin in known.items()}
    assert all(re.fullmatch(r"[0-9a-f]{40} # v[\d.]+", pin) for pin in known.values())


def test_the_dashboard_is_published_by_a_job_that_can_read_nothing(
    written: dict[str, str],
) -> None:
    workflow = parsed(written, "dashboard")
    assert workflow["permissions"] == {}
    assert workflow[True]["workflow_run"] == {"workflows": ["reconcile"], "types": ["completed"]}
    jobs = workflow["jobs"]
    assert jobs["build"]["permissions"] == {"contents": "read"}
    assert jobs["deploy"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert "secrets." not in written[".github/workflows/dashboard.yml"]
    assert parsed(written, "reconcile")["name"] == "reconcile"


def test_nobody_gets_a_published_dashboard_unasked() -> None:
    assert ".github/workflows/dashboard.yml" not in Workflows(("ACME_TOKEN",)).files()


def test_this_project_runs_the_workflows_it_hands_out(project_root: Path) -> None:
    own = Workflows(
        ("ACME_IG_TOKEN",), install="python -m pip install .", guard=RUNS_WHEN_SWITCHED_ON
    )
    for path, text in own.files().items():
        assert (project_root / path).read_text(encoding="utf-8") == text


CHECKERS = {
    "zizmor": ("zizmor", "--offline", "--quiet", "--persona", "pedantic"),
    "actionlint": ("actionlint", "-no-color"),
    "schema": ("check-jsonschema", "--builtin-schema", "vendor.github-workflows"),
}


def findings_of(checker: str, workflows: Path) -> subprocess.CompletedProcess[str]:
    program, *options = CHECKERS[checker]
    files = [str(path) for path in sorted(workflows.glob("*.yml"))]
    return subprocess.run(
        [str(BIN / program), *options, *files], capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("whose", ["ours", "scaffolded"])
def test_checkers_of_workflows_find_nothing(
    checker: str, whose: str, project_root: Path, folder: Path
) -> None:
    root = project_root if whose == "ours" else folder
    done = findings_of(checker, root / ".github" / "workflows")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("checker", CHECKERS)
def test_the_checkers_do_find_faults(checker: str, written: dict[str, str], tmp_path: Path) -> None:
    text = written[".github/workflows/reconcile.yml"]
    broken = text.replace("permissions: {}", "permissions: write-all").replace("runs-on", "run-on")
    if checker == "zizmor":  # it looks at workflows that are well formed only
        broken = text.replace("permissions: {}", "permissions: write-all")
    (tmp_path / "broken.yml").write_text(broken, encoding="utf-8")
    assert findings_of(checker, tmp_path).returncode != 0
