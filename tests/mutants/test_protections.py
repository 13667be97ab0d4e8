"""The protections stand where `make mutants` takes them away."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mutants.__main__ import EVERY
from mutants.protections import MUTANTS, SOURCE, Mutant

ROOT = SOURCE.parent


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_it_can_be_taken_away_and_leaves_a_program(mutant: Mutant, tmp_path: Path) -> None:
    before = {
        patch.file: (SOURCE / "socialauto" / patch.file).read_text() for patch in mutant.patches
    }
    for patch in mutant.patches:
        target = tmp_path / "socialauto" / patch.file
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(SOURCE / "socialauto" / patch.file, target)
        patch.apply(tmp_path)
    for file, text in before.items():
        target = tmp_path / "socialauto" / file
        after = target.read_text(encoding="utf-8")
        compile(after, str(target), "exec")
        assert after != text


@pytest.mark.parametrize("mutant", EVERY, ids=lambda mutant: mutant.name)
def test_the_suites_that_must_notice_exist(mutant: Mutant) -> None:
    assert [suite for suite in mutant.suites if not (ROOT / suite).exists()] == []


def test_a_patch_whose_text_is_gone_fails_loudly(tmp_path: Path) -> None:
    patch = MUTANTS[0].patches[0]
    target = tmp_path / "socialauto" / patch.file
    target.parent.mkdir(parents=True)
    target.write_text("nothing of it")
    with pytest.raises(LookupError, match="0 times"):
        patch.apply(tmp_path)
