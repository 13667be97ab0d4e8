"""Markdown with front matter: python-frontmatter's handler protocol, strict.

Left alone, that library returns the whole file as the body when a fence is missing: the front
matter itself would be published.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontmatter.default_handlers import YAMLHandler

from socialauto.core.finding import Finding
from socialauto.core.yaml_reader import Document, Map, read_yaml

FENCE = "---"


class FrontMatterError(Exception):
    """Not a `ValueError`: python-frontmatter takes one for "the whole file is body"."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__("; ".join(map(str, findings)))
        self.findings = findings


@dataclass(frozen=True, slots=True)
class _Parts:
    front: str
    body: str
    body_line: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """A Markdown file taken apart."""

    document: Document
    """Its value is a mapping; places count from the file's first line."""
    body: str
    body_line: int
    """Line of the file on which the body begins, after blank lines."""


def _no_opening(path: str, first: str) -> Finding:
    hint = f'begin the file with a line "{FENCE}", or move it out of content/ if it is no post'
    if first.strip() and not first.strip().strip("-"):
        message = f'the first line must be exactly "{FENCE}"'
    else:
        message = "there is no front matter, so nobody knows where and when to publish this"
    return Finding(path, 1, 1, "SA105", message, hint)


def _no_closing(path: str) -> Finding:
    message = "the front matter that opens here is never closed"
    hint = f'add a line "{FENCE}" between the fields and the text'
    return Finding(path, 1, 1, "SA106", message, hint)


def _is_fence(line: str) -> bool:
    return line.startswith(FENCE) and line.rstrip() == FENCE


def _take_apart(text: str, path: str) -> _Parts:
    lines = text.split("\n")
    if not _is_fence(lines[0]):
        raise FrontMatterError([_no_opening(path, lines[0])])
    closing = next((n for n, line in enumerate(lines) if n and _is_fence(line)), None)
    if closing is None:
        raise FrontMatterError([_no_closing(path)])
    start = closing + 1
    while start < len(lines) and not lines[start].strip():
        start += 1
    return _Parts("\n".join(lines[1:closing]) + "\n", "\n".join(lines[start:]).rstrip(), start + 1)


class StrictHandler(YAMLHandler):
    """python-frontmatter's handler for our posts: raises `FrontMatterError`, never guesses."""

    def __init__(self, path: str = "") -> None:
        super().__init__()
        self.path = path

    def split(self, text: str) -> tuple[str, str]:
        parts = _take_apart(text, self.path)
        return parts.front, parts.body

    def load(self, fm: str, **kwargs: object) -> dict[str, Any]:
        document, findings = _read(fm, self.path)
        if document is None or findings:
            raise FrontMatterError(findings)
        value: dict[str, Any] = document.value
        return value


def no_mapping(document: Document, path: str) -> Finding:
    """For a post or a configuration that is a list, a sentence, or nothing."""
    line, column = document.place(())
    kind = "a list" if isinstance(document.value, list) else "one text"
    kind = "empty" if document.value is None else kind
    message = f"this is {kind}, where keys with values belong"
    return Finding(path, line, column, "SA107", message, "write lines such as account: acme")


def _read(front: str, path: str) -> tuple[Document | None, list[Finding]]:
    documents, findings = read_yaml(front, path, first_line=2)
    if len(documents) > 1:
        line, column = documents[1].place(())
        message = "front matter is one document"
        findings.append(Finding(path, line, column, "SA115", message, 'remove the line "..."'))
    if not documents:
        if not findings:
            hint = "write lines such as account: acme"
            findings.append(Finding(path, 2, 1, "SA107", "the front matter is empty", hint))
        return None, findings
    if not isinstance(documents[0].value, Map):
        return None, [*findings, no_mapping(documents[0], path)]
    return documents[0], findings


def read_front_matter(text: str, path: str) -> tuple[FrontMatter | None, list[Finding]]:
    """A Markdown post's fields and body; None when they cannot be understood."""
    try:
        parts = _take_apart(text, path)
    except FrontMatterError as error:
        return None, error.findings
    document, findings = _read(parts.front, path)
    if document is None:
        return None, findings
    return FrontMatter(document, parts.body, parts.body_line), findings
