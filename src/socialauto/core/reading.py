"""Files to posts and configuration; every problem in them is a finding."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import splitext
from typing import TypeVar

from socialauto.core.config import CONFIG_FILE, Config, holds_secret, without_secrets
from socialauto.core.config_checks import config_findings
from socialauto.core.decoding import decode
from socialauto.core.documents import read_documents, rest_of
from socialauto.core.finding import Finding
from socialauto.core.frontmatter import no_mapping, read_front_matter
from socialauto.core.model_reader import Typed, lost_keys, read_model
from socialauto.core.post import NOT_YET, Post
from socialauto.core.values import id_problem
from socialauto.core.yaml_reader import Document, Loc, Map, Seq, read_yaml

CONTENT = "content"
SCHEDULES = "schedules"
MARKDOWN = frozenset({".md", ".markdown"})
YAML = frozenset({".yaml", ".yml"})

P = TypeVar("P", bound=Post)

_TEXTS = frozenset({"text", "first_comment", "alt"})
_EATEN = re.compile(r"\s#(\w\S*)")


@dataclass(frozen=True, slots=True)
class Source:
    """A post, and where each of its values stands."""

    path: str
    id: str
    post: Post
    document: Document
    text: str
    """The caption's template, wherever it was written; overrides not applied."""
    body_line: int = 0
    """Line on which a Markdown body begins; 0 when the text is a field."""
    lost: frozenset[str] = frozenset()
    """Top-level keys that could not be used, so that nobody judges the post by their absence."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The configuration's groups of accounts, once it is known."""
    platforms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Its accounts by platform, but for platforms that share their name with one of these."""
    stands: Mapping[str, str] = field(default_factory=dict)
    """Where fields of a series' post are written when they are not at the top: `pool.0.text`."""

    @property
    def line(self) -> int:
        return self.document.place(())[0]

    def place(self, field: str, *, key: bool = False) -> tuple[int, int]:
        """Line and column of `field`, written `media.0.alt`."""
        if field == "text" and self.body_line:
            return self.body_line, 1
        top, _, rest = field.partition(".")
        field = ".".join(part for part in (self.stands.get(top, top), rest) if part)
        steps = field.split(".") if field else ()
        loc = tuple(int(step) if step.isdecimal() else step for step in steps)
        return self.document.place(loc, key=key)

    def finding(
        self, field: str, code: str, message: str, hint: str = "", *, key: bool = False
    ) -> Finding:
        line, column = self.place(field, key=key)
        return Finding(self.path, line, column, code, message, hint)


@dataclass(frozen=True, slots=True)
class ConfigSource:
    """What could be read of `socialauto.yaml`, and where it stands."""

    value: Config
    document: Document
    accounts: frozenset[str]
    """All names, those of accounts that could not be read included."""

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        return self.document.place(loc, key=key)


def is_post(path: str) -> bool:
    """By its suffix; hidden files and folders are not ours."""
    hidden = any(part.startswith(".") for part in path.split("/"))
    return not hidden and splitext(path)[1].lower() in MARKDOWN | YAML


def is_yaml(path: str) -> bool:
    return is_post(path) and splitext(path)[1].lower() in YAML


def default_id(path: str, folder: str = CONTENT) -> str:
    """Path below `content/` without suffix, the same on every file system."""
    return unicodedata.normalize("NFC", splitext(path.removeprefix(f"{folder}/"))[0])


def _eaten(value: Map | Seq, document: Document, path: str, lines: list[str]) -> Iterable[Finding]:
    """`text: Out now #acme`: YAML takes the hashtag for a comment, without a word."""
    pairs = value.items() if isinstance(value, Map) else enumerate(value)
    for step, inner in pairs:
        if isinstance(inner, Map | Seq):
            yield from _eaten(inner, document, path, lines)
        elif isinstance(inner, str) and step in _TEXTS and isinstance(value, Map):
            mark = value.marks[str(step)][1]
            rest = lines[mark.line][mark.column :]
            match = _EATEN.search(rest) if rest[:1] not in ("'", '"', "|", ">") else None
            if match:
                line = mark.line + document.first_line
                column = mark.column + match.start(1)
                message = f'YAML takes "#{match[1]}" for a comment, so it would be missing'
                yield Finding(path, line, column, "SA117", message, "put the text in quotes")


def eaten_hashtags(document: Document, path: str, yaml_text: str) -> list[Finding]:
    if " #" not in yaml_text:
        return []
    return list(_eaten(document.value, document, path, yaml_text.split("\n")))


def not_yet(typed: Typed[P]) -> tuple[Finding, ...]:
    """A planned field is no unknown key."""

    def renamed(finding: Finding) -> Finding:
        for name, what in NOT_YET.items():
            if finding.code == "SA201" and finding.message == f'unknown key "{name}"':
                message = f'"{name}": {what} are not part of this version yet'
                hint = "remove the field"
                return Finding(finding.path, finding.line, finding.column, "SA211", message, hint)
        return finding

    return tuple(map(renamed, typed.findings))


def _source(typed: Typed[Post], post: Post, path: str, body: str, body_line: int) -> Source:
    return Source(
        path=path,
        id=unicodedata.normalize("NFC", post.id) if post.id else default_id(path),
        post=post,
        document=typed.document,
        text=body or post.text or "",
        body_line=body_line if body else 0,
        lost=lost_keys(typed.lost),
    )


def own_findings(source: Source, body: str) -> Iterable[Finding]:
    """What pydantic cannot see."""
    post = source.post
    if body and post.text is not None:
        message = "there is a text here and below the front matter"
        yield source.finding("text", "SA214", message, "keep one of the two", key=True)
    if post.account is not None and post.accounts is not None:
        hint = "write all of them in accounts"
        message = 'there is an "account" and "accounts"'
        yield source.finding("account", "SA204", message, hint, key=True)
    problem = "" if post.id or "id" in source.lost else id_problem(source.id)
    if problem:
        message = f'the id "{source.id}", made from the path, {problem}'
        yield Finding(source.path, 1, 1, "SA206", message, "rename the file, or add id:")


def _read_post(
    document: Document, path: str, body: str = "", body_line: int = 0
) -> tuple[Source | None, list[Finding]]:
    typed = read_model(Post, document, path)
    findings = list(not_yet(typed))
    if typed.value is None:
        return None, findings
    source = _source(typed, typed.value, path, body, body_line)
    return source, [*findings, *own_findings(source, body)]


def _read_markdown(text: str, path: str) -> tuple[list[Source], list[Finding]]:
    front, findings = read_front_matter(text, path)
    if front is None:
        return [], findings
    source, more = _read_post(front.document, path, front.body, front.body_line)
    front_text = text.partition("\n")[2]
    findings += [*more, *eaten_hashtags(front.document, path, front_text)]
    return [source] if source else [], findings


def without_id(document: Document, path: str) -> Finding:
    line, column = document.place(())
    message = "this is one of several posts in a file and has no id"
    hint = "add id:, because its position may change"
    return Finding(path, line, column, "SA215", message, hint)


def _read_documents(text: str, path: str) -> tuple[list[Source], list[Finding]]:
    found = read_documents(text, path)
    written, findings = found.written, found.findings
    if not written and not findings:
        message = "there are only comments here"
        return [], [Finding(path, 1, 1, "SA101", message, "write a post, or remove the file")]
    sources = []
    for document in written:
        if not isinstance(document.value, Map):
            findings.append(no_mapping(document, path))
            continue
        if found.several and "id" not in document.value:
            findings.append(without_id(document, path))
            continue
        source, more = _read_post(document, path)
        findings += [*more, *eaten_hashtags(document, path, rest_of(text, document))]
        if source:
            sources.append(source)
    return sources, findings


def read_posts(data: bytes, path: str) -> tuple[list[Source], list[Finding]]:
    """The posts of a file and what is wrong in it."""
    text = decode(data, path)
    if isinstance(text, Finding):
        return [], [text]
    if not text.strip():
        hint = "write a post, or remove the file"
        return [], [Finding(path, 1, 1, "SA101", "the file is empty", hint)]
    if splitext(path)[1].lower() in MARKDOWN:
        return _read_markdown(text, path)
    return _read_documents(text, path)


def _is_token(loc: Loc) -> bool:
    return len(loc) == 3 and loc[0] == "accounts" and loc[2] == "token"


def _secrets(value: Map | Seq, document: Document, here: Loc = ()) -> Iterable[Finding]:
    """Tokens in places where nobody expects them; those of `token:` have their own sentence."""
    pairs = value.items() if isinstance(value, Map) else enumerate(value)
    for step, inner in pairs:
        loc = (*here, step)
        if isinstance(inner, Map | Seq):
            yield from _secrets(inner, document, loc)
        elif isinstance(inner, str) and not _is_token(loc) and holds_secret(inner):
            line, column = document.place(loc)
            hint = "revoke it, because git remembers, and take it out"
            yield Finding(
                CONFIG_FILE, line, column, "SA704", "a token or password stands here", hint
            )


def read_config(data: bytes) -> tuple[ConfigSource | None, list[Finding]]:
    """`socialauto.yaml`; with findings, what of it is sound enough to check posts against."""
    text = decode(data, CONFIG_FILE)
    if isinstance(text, Finding):
        return None, [text]
    documents, findings = read_yaml(text, CONFIG_FILE)
    if len(documents) > 1:
        line, column = documents[1].place(())
        message = "the configuration is one document"
        findings.append(Finding(CONFIG_FILE, line, column, "SA115", message, "remove the line ---"))
    if not documents or documents[0].value is None:
        hint = "write accounts: and the accounts below it"
        empty = [Finding(CONFIG_FILE, 1, 1, "SA101", "the file says nothing", hint)]
        return None, findings or empty
    if not isinstance(documents[0].value, Map):
        return None, [*findings, no_mapping(documents[0], CONFIG_FILE)]
    typed = read_model(Config, documents[0], CONFIG_FILE)
    findings += [*typed.findings, *config_findings(typed)]
    findings += _secrets(documents[0].value, documents[0])
    findings = [without_secrets(finding) for finding in findings]
    if typed.value is None:
        return None, findings
    written = documents[0].value.get("accounts")
    names = frozenset(written) if isinstance(written, Map) else frozenset()
    # The document without what was wrong: a token that stood there is in no value any more.
    return ConfigSource(typed.value, typed.document, names), findings
