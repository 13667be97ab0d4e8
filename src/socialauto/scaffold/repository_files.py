"""All files of a new content repository, as path → bytes."""

from __future__ import annotations

from collections.abc import Iterable

from socialauto.scaffold.answers import Answers
from socialauto.scaffold.config_file import config_text
from socialauto.scaffold.post_file import NewPost, post_text
from socialauto.scaffold.templates import binary, fill
from socialauto.scaffold.workflows import REQUIREMENTS, Workflows

IGNORED = ".socialauto/"
"""Local state of the sandbox and of caches; never committed."""


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


def surroundings(tokens: Iterable[str], package: str) -> dict[str, bytes]:
    """What stands around the posts: workflows, the editor's settings, a place for schedules."""
    texts = {
        "schedules/README.md": fill("schedules.md", {}),
        ".vscode/settings.json": fill("vscode.json", {}),
        REQUIREMENTS: fill("requirements.txt", {"PACKAGE": package}),
        **Workflows(tuple(tokens)).files(),
    }
    return {path: text.encode() for path, text in texts.items()}


def with_ignored(gitignore: str) -> str:
    """The same `.gitignore`, with the line that keeps local state out of git."""
    if IGNORED in (line.strip() for line in gitignore.splitlines()):
        return gitignore
    gap = "" if not gitignore or gitignore.endswith("\n") else "\n"
    return f"{gitignore}{gap}{IGNORED}\n"
