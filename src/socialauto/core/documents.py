"""The documents of a YAML file, of which a broken one does not hide the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from socialauto.core.finding import Finding
from socialauto.core.yaml_reader import MAX_DOCUMENTS, MAX_FINDINGS, Document, read_yaml

_START = re.compile(r"^---(?=[ \t\n]|\Z)", re.MULTILINE)
"""Such a line begins a document wherever it stands, in a quoted text as well (YAML 1.2, 9.1.2)."""


def _apart(text: str) -> list[tuple[int, str]]:
    """Each document's text with the line on which it begins."""
    starts = [match.start() for match in _START.finditer(text)]
    if not text[: starts[0] if starts else None].strip():
        starts = starts[1:]
    edges = [0, *starts, len(text)]
    return [(text.count("\n", 0, start) + 1, text[start:end]) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Documents:
    """What could be read of a file."""

    written: list[Document]
    """Those with something in them."""
    findings: list[Finding]
    several: bool
    """Whether there is more than one, broken ones counted."""


def _written(documents: list[Document]) -> list[Document]:
    return [document for document in documents if document.value is not None]


def read_documents(text: str, path: str) -> Documents:
    """All documents that can be understood, and what is wrong with the others."""
    documents, findings = read_yaml(text, path)
    written = _written(documents)
    parts = [] if documents or not findings else _apart(text)
    if not 1 < len(parts) <= MAX_DOCUMENTS:
        return Documents(written, findings, len(written) > 1)
    told: list[Finding] = []
    for first_line, part in parts:
        read, found = read_yaml(part, path, first_line)
        written += _written(read)
        told += found
    return Documents(written, told[:MAX_FINDINGS], several=True)


def rest_of(text: str, document: Document) -> str:
    """The text in which a document's places count."""
    return text if document.first_line == 1 else text.split("\n", document.first_line - 1)[-1]
