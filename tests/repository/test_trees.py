"""The contract of trees, passed by the work tree and by the tree of a commit."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.core.tree import Tree, TreeEntry
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import open_repository
from socialauto.repository.worktree import WorkTree
from support.repositories import commit, git, new_repository

FILES = {
    "socialauto.yaml": "accounts: {}\n",
    "content/b.md": "second",
    "content/a.md": "first",
    "content/2026/12/launch.md": b"\x00bytes\r\n\xff",
    "content-old/z.md": "elsewhere",
    "content/empty.md": "",
    "content/grüße.md": "hello",
}
BLOB_OF_FIRST = "fe4f02ad058b43f6ed467fdf65b935107529564b"


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        for role in ("AUTHOR", "COMMITTER"):
            patch.setenv(f"GIT_{role}_NAME", "Ana")
            patch.setenv(f"GIT_{role}_EMAIL", "ana@example.org")
        outside = tmp_path_factory.mktemp("outside")
        (outside / "secret.txt").write_text("secret")
        root = new_repository(tmp_path_factory.mktemp("tree") / "repository")
        (root / "content").mkdir()
        (root / "content/link.md").symlink_to("a.md")
        (root / "content/escape.md").symlink_to(outside / "secret.txt")
        (root / "linked").symlink_to(outside)
        (root / "inside").symlink_to("content")
        new_repository(root / "modules/theme", {"theme.md": "a submodule's file"})
        commit(root, FILES)
    return root


class TreeContract:
    def test_files_are_listed_in_order_with_their_sizes(self, tree: Tree) -> None:
        assert list(tree.files("content")) == [
            TreeEntry("content/2026/12/launch.md", "file", 9),
            TreeEntry("content/a.md", "file", 5),
            TreeEntry("content/b.md", "file", 6),
            TreeEntry("content/empty.md", "file", 0),
            TreeEntry("content/escape.md", "symlink", tree_size(tree, "content/escape.md")),
            TreeEntry("content/grüße.md", "file", 5),
            TreeEntry("content/link.md", "symlink", 4),
        ]

    def test_a_folder_may_be_written_with_a_slash(self, tree: Tree) -> None:
        assert list(tree.files("content/")) == list(tree.files("content"))

    def test_the_whole_tree_can_be_listed_without_the_git_folder(self, tree: Tree) -> None:
        paths = [entry.path for entry in tree.files("")]
        assert paths == sorted([*FILES, *LINKS, "modules/theme"])

    def test_a_missing_folder_is_empty(self, tree: Tree) -> None:
        assert list(tree.files("schedules")) == []

    @pytest.mark.parametrize("folder", ["..", "/etc", "content/../..", "a\0b", ".git"])
    def test_a_folder_outside_is_empty(self, tree: Tree, folder: str) -> None:
        assert list(tree.files(folder)) == []

    @pytest.mark.parametrize("folder", ["linked", "inside"])
    def test_a_link_to_a_folder_is_shown_and_not_followed(self, tree: Tree, folder: str) -> None:
        assert [(entry.path, entry.kind) for entry in tree.files(folder)] == [(folder, "symlink")]

    @pytest.mark.parametrize(
        ("path", "kind"),
        [
            ("content/a.md", "file"),
            ("content/2026", "folder"),
            ("content/link.md", "symlink"),
            ("content/escape.md", "symlink"),
            ("linked/secret.txt", "symlink"),
            ("inside/a.md", "symlink"),
            ("modules/theme", "submodule"),
            ("modules/theme/theme.md", "submodule"),
        ],
    )
    def test_an_entry_says_what_stands_at_a_path(self, tree: Tree, path: str, kind: str) -> None:
        entry = tree.entry(path)
        assert entry is not None
        assert (entry.path, entry.kind) == (path, kind)

    @pytest.mark.parametrize(
        "path",
        [
            *("content/c.md", "missing/a.md", "content/a.md/more", "CONTENT/a.md", "content/A.md"),
            *("", ".", "..", "./content/a.md", "content/./a.md", "content//a.md", "content/"),
            *("content/../content/a.md", "/content/a.md", "content\\a.md", "content/a.md\0"),
            *(".git/config", ".GIT/config", "modules/.git"),
        ],
    )
    def test_a_path_that_is_not_exactly_there_is_missing(self, tree: Tree, path: str) -> None:
        assert tree.entry(path) is None
        with pytest.raises(SocialautoError, match="does not exist"):
            tree.read(path)

    def test_a_file_is_read_as_its_bytes(self, tree: Tree) -> None:
        assert tree.read("content/2026/12/launch.md") == b"\x00bytes\r\n\xff"
        assert tree.read("content/empty.md") == b""
        assert tree.read("content/grüße.md") == b"hello"

    @pytest.mark.parametrize(
        ("path", "clause"),
        [
            ("content/link.md", "is a symbolic link"),
            ("content/escape.md", "is a symbolic link"),
            ("linked/secret.txt", "is a symbolic link, or lies behind one"),
            ("content", "is a folder"),
            ("modules/theme", "lies in a submodule"),
        ],
    )
    def test_only_a_regular_file_can_be_read(self, tree: Tree, path: str, clause: str) -> None:
        with pytest.raises(SocialautoError, match=f"^{path} {clause}"):
            tree.read(path)
        with pytest.raises(SocialautoError, match=f"^{path} {clause}"):
            tree.blob(path)

    def test_a_blob_id_is_the_one_git_gives(self, tree: Tree, repository: Path) -> None:
        assert tree.blob("content/a.md") == BLOB_OF_FIRST
        path = "content/2026/12/launch.md"
        assert tree.blob(path) == git(repository, "rev-parse", f"HEAD:{path}")


LINKS = ("content/link.md", "content/escape.md", "linked", "inside")


def tree_size(tree: Tree, path: str) -> int:
    """The length of a link's target, which depends on the test's folder."""
    entry = tree.entry(path)
    assert entry is not None
    return entry.size


class TestWorkTree(TreeContract):
    @pytest.fixture
    def tree(self, repository: Path) -> Tree:
        return WorkTree(repository)


class TestCommitTree(TreeContract):
    @pytest.fixture
    def tree(self, repository: Path) -> Iterator[Tree]:
        with CommitTree(open_repository(repository), git(repository, "rev-parse", "HEAD")) as tree:
            yield tree


def test_a_work_tree_needs_no_git(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/a.md").write_text("first")
    tree = WorkTree(tmp_path)
    assert tree.blob("content/a.md") == BLOB_OF_FIRST


def test_a_work_tree_hashes_as_its_repository_does(tmp_path: Path) -> None:
    root = tmp_path / "main"
    root.mkdir()
    git(root, "init", "--quiet", "--object-format=sha256")
    commit(root, {"a.md": "first"})
    git(root, "worktree", "add", "--quiet", str(tmp_path / "linked"))
    expected = git(root, "rev-parse", "HEAD:a.md")
    assert len(expected) == 64
    assert WorkTree(root).blob("a.md") == expected
    assert WorkTree(tmp_path / "linked").blob("a.md") == expected


def test_a_root_that_is_reached_by_a_link_is_fine(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.md").write_text("first")
    (tmp_path / "link").symlink_to("real")
    assert WorkTree(tmp_path / "link").read("a.md") == b"first"


def test_a_named_pipe_is_seen_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    tree = WorkTree(tmp_path)
    assert tree.entry("pipe.md") == TreeEntry("pipe.md", "other", 0)
    with pytest.raises(SocialautoError, match=r"pipe.md is no regular file"):
        tree.read("pipe.md")


def test_a_file_that_became_a_link_after_it_was_seen_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("first")
    (tmp_path / "secret").write_text("secret")
    tree = WorkTree(tmp_path)
    tree.entry("a.md")
    (tmp_path / "a.md").unlink()
    (tmp_path / "a.md").symlink_to("secret")
    with pytest.raises(SocialautoError, match=r"cannot read a.md: "):
        tree.read("a.md")


def test_a_file_that_became_a_pipe_after_it_was_seen_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("first")
    tree = WorkTree(tmp_path)
    tree.entry("a.md")
    (tmp_path / "a.md").unlink()
    os.mkfifo(tmp_path / "a.md")
    with pytest.raises(SocialautoError, match=r"cannot read a.md: it is no regular file any more"):
        tree.read("a.md")


def test_a_file_that_vanished_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("first")
    tree = WorkTree(tmp_path)
    tree.entry("a.md")
    (tmp_path / "a.md").unlink()
    with pytest.raises(SocialautoError, match=r"cannot read a.md: No such file"):
        tree.read("a.md")


def test_a_name_that_is_no_text_is_shown_and_never_read(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / os.fsdecode(b"content/\xff.md")).write_text("first")
    tree = WorkTree(tmp_path)
    assert list(tree.files("content")) == [TreeEntry("content/\\xff.md", "other", 5)]
    new_repository(tmp_path)
    made = commit(tmp_path, {})
    with CommitTree(open_repository(tmp_path), made) as committed:
        assert list(committed.files("content")) == [TreeEntry("content/\\xff.md", "other", 5)]


def test_a_commits_tree_does_not_see_the_work_tree(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "r", {"content/a.md": "first"})
    with CommitTree(open_repository(root), git(root, "rev-parse", "HEAD")) as tree:
        (root / "content/a.md").write_text("changed")
        (root / "content/b.md").write_text("new")
        assert tree.read("content/a.md") == b"first"
        assert [entry.path for entry in tree.files("content")] == ["content/a.md"]


def test_paths_count_from_the_folder_that_was_opened(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "r", {"team/content/a.md": "first", "content/b.md": "other"})
    with CommitTree(open_repository(root / "team"), git(root, "rev-parse", "HEAD")) as tree:
        assert [entry.path for entry in tree.files("")] == ["content/a.md"]
        assert tree.read("content/a.md") == b"first"


def test_threads_may_share_a_commits_tree(tmp_path: Path) -> None:
    files = {f"{n}.md": f"text {n} " * (n % 50 * 100) for n in range(100)}
    root = new_repository(tmp_path / "r", files)
    wrong: list[str] = []

    def read(tree: Tree, paths: list[str]) -> None:
        wrong.extend(path for path in paths if tree.read(path).decode() != files[path])

    with CommitTree(open_repository(root), git(root, "rev-parse", "HEAD")) as tree:
        threads = [threading.Thread(target=read, args=(tree, list(files))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert wrong == []


def test_an_object_that_the_clone_lacks_is_named(tmp_path: Path) -> None:
    root = new_repository(tmp_path / "r", {"a.md": "first"})
    git(root, "config", "gc.auto", "0")
    with CommitTree(open_repository(root), git(root, "rev-parse", "HEAD")) as tree:
        (root / ".git/objects" / BLOB_OF_FIRST[:2] / BLOB_OF_FIRST[2:]).unlink()
        with pytest.raises(SocialautoError, match=f"git cannot read object {BLOB_OF_FIRST}"):
            tree.read("a.md")
