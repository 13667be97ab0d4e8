"""A content repository's workflow files, as far as `doctor` judges them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from socialauto.core.checkup import Check, Status
from socialauto.core.decoding import decode
from socialauto.core.finding import Finding
from socialauto.core.spans import span
from socialauto.core.yaml_reader import Map, Seq, read_yaml

_RUNS = re.compile(r"\bsocialauto\b[^\n|;&]*\breconcile\b")

FORGE_DEFAULT = timedelta(minutes=360)
"""How long GitHub lets a job run that names no `timeout-minutes`."""


@dataclass(frozen=True, slots=True)
class PublishingJob:
    """A job that runs `socialauto reconcile`."""

    path: str
    name: str
    scheduled: bool
    limit: timedelta
    says_limit: bool


def publishing_jobs(files: Mapping[str, bytes]) -> list[PublishingJob]:
    """The jobs in these workflow files that publish; a file that cannot be read has none."""
    return [job for path in sorted(files) for job in _jobs(path, files[path])]


def _jobs(path: str, data: bytes) -> Iterator[PublishingJob]:
    text = decode(data, path)
    documents = [] if isinstance(text, Finding) else read_yaml(text, path)[0]
    workflow = documents[0].value if documents else None
    if not isinstance(workflow, Map):
        return
    events, jobs = workflow.get("on"), workflow.get("jobs")
    scheduled = isinstance(events, Map) and bool(events.get("schedule"))
    for name, job in jobs.items() if isinstance(jobs, Map) else ():
        if isinstance(job, Map) and any(_RUNS.search(line) for line in _commands(job)):
            minutes = _minutes(job.get("timeout-minutes"))
            limit = timedelta(minutes=minutes) if minutes else FORGE_DEFAULT
            yield PublishingJob(path, name, scheduled, limit, minutes is not None)


def _commands(job: Map) -> Iterator[str]:
    steps = job.get("steps")
    for step in steps if isinstance(steps, Seq) else ():
        command = step.get("run") if isinstance(step, Map) else None
        if isinstance(command, str):
            yield command


def _minutes(value: Any) -> float | None:
    """An expression such as `${{ vars.LIMIT }}` is none that can be read."""
    try:
        return float(value) if isinstance(value, str) else None
    except ValueError:
        return None


def judge_workflow(jobs: list[PublishingJob]) -> Check:
    """Does anything start runs by itself?"""
    if not jobs:
        words = "no workflow in .github/workflows runs socialauto reconcile"
        todo = 'write one with "socialauto init", or make sure that another scheduler runs it'
        return Check("workflow", Status.WARN, words, todo)
    scheduled = [job for job in jobs if job.scheduled]
    if not scheduled:
        words = f"{jobs[0].path} publishes only when somebody starts it"
        todo = "add on: schedule: - cron: to it, or make sure that another scheduler runs it"
        return Check("workflow", Status.WARN, words, todo)
    return Check("workflow", Status.OK, f"{scheduled[0].path} publishes on a schedule")


def judge_lease(jobs: list[PublishingJob], lease: timedelta) -> Check:
    """CI must have ended a run before another one may take its unfinished work over."""
    if not jobs:
        words = f"run.lease is {span(lease)}; no workflow says how long a run may take"
        return Check("lease", Status.SKIP, words)
    job = max(jobs, key=lambda job: job.limit)
    limit = f"{job.path} lets {job.name} run for {span(job.limit)}"
    if not job.says_limit:
        limit += ", because it says no timeout-minutes"
    if job.limit < lease:
        return Check("lease", Status.OK, f"run.lease is {span(lease)}; {limit}")
    return Check(
        "lease",
        Status.FAIL,
        f"run.lease is {span(lease)}, and {limit}: two runs could act on one post",
        f"write timeout-minutes: {max(int(lease / timedelta(minutes=1)) - 5, 1)} there, "
        "or a longer run.lease in socialauto.yaml",
    )
