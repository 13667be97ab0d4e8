"""Says what has changed since it was published: the files of then, read by the same rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from socialauto.core.delivery import DeliveryKey
from socialauto.core.drift import Drift, drift_of, drift_words
from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Entry
from socialauto.core.message import Message
from socialauto.core.plan import Kind, Plan, Step
from socialauto.core.sequel import part_message
from socialauto.core.tree import Tree
from socialauto.engine.load import load
from socialauto.engine.preview import Part

MOST_COMMITS = 20
"""So many commits are read, those of the newest publications; the others are named only."""

OpenTree = Callable[[str], AbstractContextManager[Tree]]
"""The tree of a commit. Raises `SocialautoError` when this clone does not have it."""

Question = tuple[DeliveryKey, Entry, Message, str]
"""A publication, what its file makes of it now, and where that stands."""


def _messages(tree: Tree, dues: Mapping[DeliveryKey, datetime]) -> dict[DeliveryKey, Message]:
    found = (one for one in load(tree).contents() if one.key in dues)
    return {one.key: one.at(dues[one.key]).message for one in found}


def _published(tree: Tree, questions: Iterable[Question]) -> dict[DeliveryKey, Message]:
    """What the commit makes of these posts: of their files alone, and of all files where one has
    been renamed since."""
    questions = list(questions)
    dues = {replace(key, part=""): entry.due for key, entry, *_ in questions}
    dues |= {key: entry.due for key, entry, *_ in questions if not key.part}
    found = _messages(Part(tree, frozenset(path for *_, path in questions)), dues)
    return found if dues.keys() <= found.keys() else _messages(tree, dues)


def _drift(question: Question, messages: Mapping[DeliveryKey, Message], commit: str) -> Drift:
    key, entry, now, _ = question
    was = messages.get(replace(key, part=""))
    if was is None:
        return Drift(commit, missing=f"commit {commit[:10]} does not have it under this id")
    if key.part:
        was = part_message(was, key.part, now.below)
    return drift_of(was, now, commit, exact=was.digest == entry.digest)


def _at(commit: str, questions: list[Question], open_tree: OpenTree) -> dict[DeliveryKey, Drift]:
    try:
        with open_tree(commit) as tree:
            messages = _published(tree, questions)
    except SocialautoError:
        why = f"commit {commit[:10]} is not in this clone"
        return {key: Drift(commit, missing=why) for key, *_ in questions}
    return {question[0]: _drift(question, messages, commit) for question in questions}


def _newest(questions: list[Question]) -> str:
    return max(str(entry.published_at or "") for _, entry, *_ in questions)


def drifts(questions: Iterable[Question], open_tree: OpenTree) -> dict[DeliveryKey, Drift]:
    """How each of these differs from what was published."""
    by_commit: dict[str, list[Question]] = defaultdict(list)
    found: dict[DeliveryKey, Drift] = {}
    for question in questions:
        origin = question[1].provenance
        if origin is None:
            found[question[0]] = Drift(missing="nobody wrote down what it was")
        else:
            by_commit[origin.commit].append(question)
    newest = sorted(by_commit, key=lambda commit: _newest(by_commit[commit]), reverse=True)
    for number, commit in enumerate(newest):
        if number < MOST_COMMITS:
            found.update(_at(commit, by_commit[commit], open_tree))
        else:
            why = f"what is in commit {commit[:10]} was not looked at"
            found.update({key: Drift(commit, missing=why) for key, *_ in by_commit[commit]})
    return found


def _question(step: Step) -> Question | None:
    if step.kind is not Kind.DRIFT or step.delivery is None or step.entry is None:
        return None
    return step.key, step.entry, step.delivery.message, step.delivery.path


def with_drift(plan: Plan, open_tree: OpenTree) -> Plan:
    """The plan, each drift of it with what is different."""
    questions = [question for step in plan.steps if (question := _question(step))]
    found = drifts(questions, open_tree) if questions else {}
    steps = (
        replace(step, drift=found[step.key], reason=drift_words(found[step.key]))
        if step.kind is Kind.DRIFT and step.key in found
        else step
        for step in plan.steps
    )
    return replace(plan, steps=tuple(steps)) if found else plan
