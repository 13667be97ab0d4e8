"""The folder of a site: ours or nobody's, only changes are written, nothing foreign is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.dashboard.folder import MANIFEST, open_site


def build(root: Path, files: dict[str, bytes]) -> tuple[int, int]:
    site = open_site(root)
    site.claim(files)
    for name, data in files.items():
        site.put(name, data)
    site.finish()
    return site.written, site.removed


def everything(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_new_folder_gets_what_is_built(tmp_path: Path) -> None:
    root = tmp_path / "a" / "site"
    assert build(root, {"index.html": b"1", "posts/a.html": b"2"}) == (2, 0)
    assert everything(root) == {"index.html": b"1", "posts/a.html": b"2"}


def test_only_what_changed_is_written(tmp_path: Path) -> None:
    root = tmp_path / "site"
    build(root, {"index.html": b"1", "posts/a.html": b"2"})
    before = (root / "posts/a.html").stat().st_mtime_ns
    assert build(root, {"index.html": b"new", "posts/a.html": b"2"}) == (1, 0)
    assert (root / "posts/a.html").stat().st_mtime_ns == before


def test_pages_of_posts_that_are_gone_go_too_and_foreign_files_stay(tmp_path: Path) -> None:
    root = tmp_path / "site"
    build(root, {"index.html": b"1", "posts/a.html": b"2", "old/x.html": b"3"})
    (root / "CNAME").write_text("social.acme.example")
    (root / "posts" / "mine.txt").write_text("mine")
    assert build(root, {"index.html": b"1"}) == (0, 2)
    assert sorted(everything(root)) == ["CNAME", "index.html", "posts/mine.txt"]
    assert not (root / "old").exists()


def test_somebody_else_s_folder_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(SocialautoError, match=r'holds "thesis\.txt"'):
        build(tmp_path, {"index.html": b"1"})
    assert everything(tmp_path) == {"thesis.txt": b"years of work"}


def test_a_foreign_file_in_our_way_is_not_overwritten(tmp_path: Path) -> None:
    root = tmp_path / "site"
    build(root, {"index.html": b"1"})
    (root / "posts.html").write_text("mine")
    with pytest.raises(SocialautoError, match=r"posts\.html is not a file of this dashboard"):
        build(root, {"index.html": b"2", "posts.html": b"3"})
    assert everything(root) == {"index.html": b"1", "posts.html": b"mine"}


@pytest.mark.parametrize(
    "manifest",
    [
        "", "[]", "{", '{"format": 2, "files": []}', '{"format": 1, "files": ["../victim"]}',
        '{"format": 1, "files": ["/etc/passwd"]}', '{"format": 1, "files": [1]}',
        '{"format": 1, "files": ["a\\\\b"]}', '{"format": 1}', '{"format": 1, "files": [""]}',
    ],
)  # fmt: skip
def test_a_manifest_that_cannot_be_trusted_deletes_nothing(tmp_path: Path, manifest: str) -> None:
    root = tmp_path / "site"
    root.mkdir()
    (tmp_path / "victim").write_text("alive")
    (root / MANIFEST).write_text(manifest)
    with pytest.raises(SocialautoError, match="damaged or of a newer version"):
        build(root, {"index.html": b"1"})
    assert (tmp_path / "victim").read_text() == "alive"


def test_a_link_in_the_place_of_a_folder_leads_nowhere(tmp_path: Path) -> None:
    root, outside = tmp_path / "site", tmp_path / "outside"
    outside.mkdir()
    build(root, {"index.html": b"1"})
    (root / "posts").symlink_to(outside)
    with pytest.raises(SocialautoError, match="a link that leads out of"):
        build(root, {"index.html": b"1", "posts/a.html": b"2"})
    assert list(outside.iterdir()) == []


def test_a_link_in_the_place_of_a_page_is_replaced_and_not_followed(tmp_path: Path) -> None:
    root, victim = tmp_path / "site", tmp_path / "victim"
    victim.write_text("alive")
    build(root, {"index.html": b"1"})
    (root / "index.html").unlink()
    (root / "index.html").symlink_to(victim)
    build(root, {"index.html": b"alive"})
    assert not (root / "index.html").is_symlink()
    build(root, {"index.html": b"1"})
    assert victim.read_text() == "alive"
    assert (root / "index.html").read_bytes() == b"1"


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("x")
    with pytest.raises(SocialautoError, match="no folder that can be used"):
        open_site(tmp_path / "site")


def test_a_build_that_was_killed_is_gone_on_with(tmp_path: Path) -> None:
    root = tmp_path / "site"
    site = open_site(root)
    site.claim(["index.html", "posts/a.html"])
    site.put("posts/a.html", b"half")  # and here it was killed
    assert build(root, {"index.html": b"1"}) == (1, 1)
    assert everything(root) == {"index.html": b"1"}
    assert json.loads((root / MANIFEST).read_text())["files"] == ["index.html"]
