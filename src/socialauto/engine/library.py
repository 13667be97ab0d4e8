"""What texts share, from the files of a tree: templates and data. Each is read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from socialauto.core.data_files import DATA, is_data, name_of, read_data
from socialauto.core.decoding import MAX_BYTES, decode
from socialauto.core.finding import Finding
from socialauto.core.render import RenderError
from socialauto.core.suggest import did_you_mean, one_of, quoted
from socialauto.core.tree import Tree, TreeEntry

TEMPLATES = "templates"
SUFFIX = ".j2"
MAX_DATA = 8 * MAX_BYTES
"""All data files together: they are kept in memory while texts are made."""


def _no_file(entry: TreeEntry) -> Finding:
    kind = "a link, which is never followed" if entry.kind == "symlink" else f"a {entry.kind}"
    message = f"this is {kind}, not a regular file"
    return Finding(entry.path, 1, 1, "SA118", message, "put the file itself here")


@dataclass
class Library:
    """A `core.wording.Library` of a tree, with what was found wrong in it."""

    tree: Tree
    _blamed: dict[Finding, set[str]] = field(default_factory=lambda: defaultdict(set))
    """What posts found wrong in templates, and which posts."""
    _data: dict[str, Any] = field(default_factory=dict)
    _data_findings: list[Finding] | None = None
    """None until a text names data."""

    def template(self, name: str) -> tuple[str, str]:
        read = self._texts.get(name)
        if read is None:
            known = sorted(self._texts)
            otherwise = f"there are {one_of(known[:10])}" if known else f"write {_path(name)}"
            hint = did_you_mean(name, known, otherwise=otherwise)
            raise RenderError(f"there is no template {quoted(name)}; {hint}", 1, "SA511")
        if isinstance(read, Finding):
            raise RenderError(read.message, read.line, "SA512", _path(name))
        return _path(name), read

    def data(self) -> Mapping[str, Any]:
        if self._data_findings is None:
            self._data_findings = list(self._read_data())
        if self._data_findings:
            first = self._data_findings[0]
            where = f"{first.path}:{first.line}"
            message = f"the text names data, and a file of it has an error: {where}"
            raise RenderError(message, 1, "SA513")
        return self._data

    def blame(self, error: RenderError, post: str) -> None:
        """A post could not be put into a template: that is said in the template, too."""
        if not isinstance(self._texts.get(_name(error.path)), Finding):
            finding = Finding(error.path, error.line, 1, "SA512", error.message)
            self._blamed[finding].add(post)

    def findings(self) -> Iterator[Finding]:
        """What is wrong with templates, used or not, and with data that a text names."""
        for read in self._texts.values():
            if isinstance(read, Finding):
                yield read
        yield from (_no_file(entry) for entry in self._entries if entry.kind != "file")
        for finding, posts in self._blamed.items():
            first = min(posts)
            more = f" and {len(posts) - 1} more" if len(posts) > 1 else ""
            message = f"{finding.message}, in the text of {first}{more}"
            yield Finding(finding.path, finding.line, 1, finding.code, message)
        yield from self._data_findings or ()

    @cached_property
    def _entries(self) -> list[TreeEntry]:
        found = self.tree.files(TEMPLATES)
        return [one for one in found if one.path.endswith(SUFFIX) or one.path == TEMPLATES]

    @cached_property
    def _texts(self) -> dict[str, str | Finding]:
        """Every template by its name, sound or not."""
        files = (entry for entry in self._entries if entry.kind == "file")
        return {_name(entry.path): self._read(entry) for entry in files}

    def _read(self, entry: TreeEntry) -> str | Finding:
        from socialauto.core.template import check

        text = _too_large(entry) or decode(self.tree.read(entry.path), entry.path)
        if isinstance(text, Finding):
            return text
        try:
            check(text)
        except RenderError as error:
            return Finding(entry.path, error.line, 1, "SA512", error.message)
        return text

    def _read_data(self) -> Iterator[Finding]:
        seen: dict[str, str] = {}
        left = MAX_DATA
        for entry in self.tree.files(DATA):
            if entry.path != DATA and not is_data(entry.path):
                continue
            left -= entry.size
            if entry.kind != "file":
                yield _no_file(entry)
                continue
            name, problem = name_of(entry.path), _too_large(entry, left)
            first = seen.setdefault(name.casefold(), entry.path)
            if first != entry.path:
                message = f"{first} is called {quoted(name)}, too"
                yield Finding(entry.path, 1, 1, "SA514", message, "rename one of them")
            elif problem:
                yield problem
            else:
                self._data[name], found = read_data(self.tree.read(entry.path), entry.path)
                yield from found


def _too_large(entry: TreeEntry, left: int = 0) -> Finding | None:
    """Before it is read; what is left of the room for all of them counts when there is a limit."""
    if entry.size > MAX_BYTES:
        message = f"the file has {entry.size:,} bytes, at most {MAX_BYTES:,}"
        return Finding(entry.path, 1, 1, "SA104", message)
    if left < 0:
        message = f"data files have more than {MAX_DATA:,} bytes together"
        return Finding(entry.path, 1, 1, "SA104", message, "keep what texts need")
    return None


def _path(name: str) -> str:
    return f"{TEMPLATES}/{name}{SUFFIX}"


def _name(path: str) -> str:
    return path.removeprefix(f"{TEMPLATES}/").removesuffix(SUFFIX)
