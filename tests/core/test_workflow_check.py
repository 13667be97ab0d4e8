"""What the workflows of a repository say about runs: who starts them, and when they are ended."""

from __future__ import annotations

from datetime import timedelta

import pytest

from socialauto.core.checkup import Status
from socialauto.core.workflow_check import judge_lease, judge_workflow, publishing_jobs
from socialauto.scaffold.workflows import Workflows

PATH = ".github/workflows/go.yml"
LEASE = timedelta(minutes=30)

WORKFLOW = """\
on:
  schedule:
    - cron: "7,22,37,52 * * * *"
  workflow_dispatch:
jobs:
  other:
    runs-on: ubuntu-latest
    steps: [{run: socialauto validate}]
  publish:
    runs-on: ubuntu-latest
    timeout-minutes: 25
    steps:
      - uses: actions/checkout@v4
      - run: |
          pip install socialauto
          socialauto reconcile --for 10m
"""


def judged(text: str, path: str = PATH) -> tuple[Status, Status]:
    """The verdicts on the workflow and on the lease."""
    jobs = publishing_jobs({path: text.encode()})
    return judge_workflow(jobs).status, judge_lease(jobs, LEASE).status


def test_ours_is_fine() -> None:
    files = {path: text.encode() for path, text in Workflows(("ACME_KEY",)).files().items()}
    jobs = publishing_jobs(files)
    assert [job.path for job in jobs] == [".github/workflows/reconcile.yml"]
    assert judge_workflow(jobs).status is Status.OK
    assert judge_lease(jobs, LEASE).status is Status.OK


@pytest.mark.parametrize(
    ("old", "new", "workflow", "lease"),
    [
        ("", "", Status.OK, Status.OK),
        ("timeout-minutes: 25", "timeout-minutes: 30", Status.OK, Status.FAIL),
        ("timeout-minutes: 25", "name: Publish", Status.OK, Status.FAIL),
        ("timeout-minutes: 25", "timeout-minutes: ${{ vars.X }}", Status.OK, Status.FAIL),
        (
            '  schedule:\n    - cron: "7,22,37,52 * * * *"\n',
            "",
            Status.WARN,
            Status.OK,
        ),
        ("socialauto reconcile", "socialauto plan", Status.WARN, Status.SKIP),
        ("socialauto reconcile", "python -m socialauto -v reconcile", Status.OK, Status.OK),
        ("steps:\n", "steps: &all\n", Status.OK, Status.OK),
        ("jobs:", "jobs: 12\nothers:", Status.WARN, Status.SKIP),
    ],
)
def test_what_a_workflow_says(old: str, new: str, workflow: Status, lease: Status) -> None:
    assert old in WORKFLOW
    assert judged(WORKFLOW.replace(old, new)) == (workflow, lease)


def test_the_longest_job_counts_and_the_cure_is_a_number() -> None:
    jobs = publishing_jobs(
        {
            "a.yml": WORKFLOW.encode(),
            "b.yml": WORKFLOW.replace("25", "60").encode(),
        }
    )
    check = judge_lease(jobs, LEASE)
    assert check.status is Status.FAIL
    assert "b.yml lets publish run for 1 h" in check.found
    assert "timeout-minutes: 25 there" in check.todo


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"[1, 2]", b"{", b"on: push"])
def test_what_is_no_workflow_publishes_nothing(data: bytes) -> None:
    assert publishing_jobs({PATH: data}) == []
