"""All files of a new content repository, as path → bytes."""

from __future__ import annotations

from collections.abc import Iterable

from socialauto.scaffold.answers import Answers
from socialauto.scaffold.config_file import config_text
from socialauto.scaffold.post_file import NewPost, post_text
from socialauto.scaffold.templates import binary, fill
from socialauto.scaffold.workflows import REQUIREMENTS, Workflows

IGNORED = (".socialauto/", "/dashboard/")
"""Local state of the sandbox and of caches, and pages that can be made again; never committed. Not
a folder of posts that has the same name."""


def config_file(answers: Answers) -> dict[str, bytes]:
    return {"socialauto.yaml": config_text(answers).encode()}


def example_post(account: str, time: str) -> dict[str, bytes]:
    """A post that validates and, being a draft, never goes out."""
    post = NewPost(
        id="example",
        accounts=(account,),
        type="image",
        time=time,
        media=("media/example.jpg",),
        alts=("Hills at dawn under the words: Hello from git, your first post",),
        text=fill("example.txt", {}),
        draft=True,
    )
    return {
        "content/example.md": post_text(post).encode(),
        "content/media/example.jpg": binary("example.jpg"),
    }


def surroundings(
    tokens: Iterable[str], package: str, *, dashboard: bool = False
) -> dict[str, bytes]:
    """What stands around the posts: workflows, the editor's settings, a place for schedules."""
    texts = {
        "schedules/README.md": fill("schedules.md", {}),
        ".vscode/settings.json": fill("vscode.json", {}),
        REQUIREMENTS: fill("requirements.txt", {"PACKAGE": package}),
        **Workflows(tuple(tokens), dashboard=dashboard).files(),
    }
    return {path: text.encode() for path, text in texts.items()}


def with_ignored(gitignore: str) -> str:
    """The same `.gitignore`, with the lines that keep such folders out of git."""
    known = {line.strip() for line in gitignore.splitlines()}
    missing = "".join(f"{line}\n" for line in IGNORED if line not in known)
    gap = "" if not missing or not gitignore or gitignore.endswith("\n") else "\n"
    return gitignore + gap + missing
