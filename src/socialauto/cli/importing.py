"""Rows become posts: judged as `validate` judges files, together with those that are there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from socialauto.cli.import_drafts import Draft, Ground, Names, is_visible, tell
from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.core.finding import has_errors
from socialauto.core.importing import Row, RowFinding, Table
from socialauto.core.importing_tree import TreeWith
from socialauto.core.spans import span
from socialauto.engine.load import Loaded, load


@dataclass(frozen=True, slots=True)
class Judged:
    """What an import would do."""

    table: Table
    files: Mapping[str, bytes]
    """What is to be written, by path from the root."""
    ids: Mapping[str, tuple[int, str]]
    """Path → the row's number and the id, of what is to be written."""
    present: Mapping[str, int]
    """Id → row of what is there already, the same in every field."""
    findings: tuple[RowFinding, ...]

    @property
    def rejected(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table.rows if row.broken)

    @property
    def left_out(self) -> tuple[Row, ...]:
        return tuple(row for row in self.table.rows if row.left_out and not row.broken)

    @property
    def unreadable(self) -> bool:
        """Something is wrong with the file as a whole."""
        return has_errors([one.finding for one in self.table.findings])


def _refuse_bad_config(loaded: Loaded) -> None:
    if loaded.config is None:
        faults = [one for one in loaded.findings if one.path == CONFIG_FILE]
        first = str(faults[0]) if faults else f"{CONFIG_FILE} cannot be used"
        raise SocialautoError(first, "mend it first; nothing was imported")


def _tell_past(loaded: Loaded, drafts: Mapping[str, Draft], now: datetime) -> None:
    told = set()
    for delivery in loaded.deliveries:
        draft = drafts.get(delivery.path)
        if draft and delivery.due < now and not delivery.draft and delivery.path not in told:
            told.add(delivery.path)
            message = f"this time has passed {span(now - delivery.due)} ago"
            hint = "it will not go out, or late; give it a time that is still to come"
            draft.row.report(draft.row.place_of(("time",)), "SA905", message, hint, "warning")


def _where(one: RowFinding) -> tuple[int, int]:
    return one.finding.line, one.finding.column


def judge(table: Table, ground: Ground) -> Judged:
    """What importing `table` would do, and all that is wrong with it.

    Raises `SocialautoError` when socialauto.yaml cannot be used.
    """
    names = Names(ground)
    drafts: dict[str, Draft] = {}
    for row in table.rows:
        if row.left_out or not row.values or not is_visible(row):
            continue
        if made := names.draft(row):  # with errors, too: people want to hear of all of them
            drafts[made.path] = made
    tree = TreeWith(ground.tree, {path: one.data for path, one in drafts.items()})
    loaded = load(tree, now=ground.now)
    _refuse_bad_config(loaded)
    tell(loaded.findings, drafts)
    _tell_past(loaded, drafts, ground.now)
    sound = {path: one for path, one in drafts.items() if not one.row.broken}
    told = (one for row in table.rows for one in sorted(row.findings, key=_where))
    findings = [*table.findings, *told]
    return Judged(
        table,
        {path: one.data for path, one in sound.items()},
        {path: (one.row.number, one.source.id) for path, one in sound.items()},
        names.present,
        tuple(dict.fromkeys(findings)),
    )
