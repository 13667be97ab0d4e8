"""What other tools write and answer, as posts of ours.

Where the formats are described (all read in November 2026):

- Buffer: the table of its bulk upload, `Text,Image URL,Tags,Posting Time`, times as
  `YYYY-MM-DD HH:mm` on the channel's clock, one channel a file (Buffer's help centre, "bulk
  upload"; Pinterest has `Board Name` besides).
- Postiz: the answer of `GET /public/v1/posts` (https://docs.postiz.com/public-api): `posts` with
  `id`, `content`, `publishDate` in UTC, `releaseURL`, `state` (QUEUE, PUBLISHED, ERROR, DRAFT) and
  `integration`. That page knows no media; a mirror of newer documentation has `media` and `status`,
  so both are read.
- Mixpost: the answer of `GET /api/{workspace}/posts`
  (https://docs.inovector.com/books/api-reference/page/posts): `data` with `uuid`, `status`,
  `accounts`, `versions` and `scheduled_at`, whose zone is not documented; its pages give an object
  of `date` and `time` instead (inovector/mixpost, src/Http/Resources/PostResource.php).

None of the three gives the files themselves. Nothing is downloaded here: an address in the place of
a path is a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

from socialauto.core.importing import Place, Row, Table, Terms
from socialauto.core.importing_cells import Record
from socialauto.core.importing_csv import FINDING, folded, put_media, without_account
from socialauto.core.importing_fields import accounts_of, files_of, from_root, has_zone, iso_time
from socialauto.core.importing_json import Content
from socialauto.core.suggest import quoted
from socialauto.core.wrong_values import Words
from socialauto.core.yaml_reader import Loc

_BUFFER = {
    "text": "text",
    "image_url": "media",
    "posting_time": "time",
    "tags": "",
    "board_name": "",
}
_LINES = frozenset({"p", "div", "li", "ul", "ol", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6"})
_MARKUP = re.compile(r"\s*<(p|div|ul|ol|h[1-6]|blockquote|span|strong|em|b|i|u|a|br)\b[^>]*>", re.I)


class _Plain(HTMLParser):
    """The text that a browser would show, a line for each paragraph."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br" or (tag in _LINES and self.lines[-1]):
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("p", "div", "li") or (tag in _LINES and self.lines[-1]):
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        self.lines[-1] += data.replace("\n", " ") if data.strip() else data.replace("\n", "")


def plain(text: str) -> str:
    """The text of an editor's HTML; any other text as it is."""
    if not _MARKUP.match(text):
        return text.strip()
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return "\n".join(line.replace("\xa0", " ").rstrip() for line in parser.lines).strip()


def is_buffer(header: Record) -> bool:
    names = {folded(cell.text) for cell in header.cells} - {FINDING}
    return "posting_time" in names and names <= _BUFFER.keys()


def _buffer_row(record: Record, names: list[tuple[str, str]], file: str, terms: Terms) -> Row:
    row = Row(file, record.number, Place(record.line, 1), record.raw)
    if len(record.cells) != len(names):
        message = f"it has {len(record.cells)} cells, and there are {len(names)} columns"
        row.report(row.place, "SA953", message, "put texts with commas or line breaks in quotes")
        return row
    row.values.update(accounts_of(terms.accounts))
    for (name, written), cell in zip(names, record.cells, strict=True):
        place, text = Place(cell.line, cell.column, written), cell.text.strip()
        if not text or name == FINDING:
            continue
        field = _BUFFER[name]
        if field == "media":
            put_media(row, [(path, place) for path in files_of(text)], {})
        elif field == "time":
            _put_time(row, text, place, terms)
        elif field:
            row.put(field, text, place)
        else:
            message = "this is Buffer's own and not taken over"
            row.report(place, "SA961", message, "empty the cell, or leave it", "warning")
    return row


def _put_time(row: Row, text: str, place: Place, terms: Terms) -> None:
    time = iso_time(text, terms.date_order)
    if isinstance(time, Words):
        row.report(place, time.code, time.message, time.hint)
        time = text
    row.put("time", time, place)
    if terms.timezone and not has_zone(time):
        row.values["timezone"] = terms.timezone


def read_buffer(
    header: Record, rows: list[Record], delimiter: str, file: str, terms: Terms
) -> Table:
    """The table of Buffer's bulk upload, which is for one channel and does not name it."""
    names = [(folded(cell.text), cell.text.strip()) for cell in header.cells]
    findings = () if terms.accounts else (without_account(file, header.line),)
    read = () if findings else tuple(_buffer_row(one, names, file, terms) for one in rows)
    return Table("buffer", read, findings, header.raw, delimiter)


def _text(item: Mapping[str, Any], *names: str) -> str:
    """The first of these fields that is a text with something in it."""
    found = (item[name] for name in names if isinstance(item.get(name), str))
    return next(filter(None, found), "")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _account(
    row: Row, who: Mapping[str, Any], keys: Iterable[str], place: Place, terms: Terms
) -> str:
    """Our account for somebody of the export; nothing when it is not imported, or not known."""
    called = [_text(who, key) for key in keys]
    for name in filter(None, called):
        if name in terms.names:
            return terms.names[name]
    name = next(filter(None, called), "this account")
    message = f"nobody said which of your accounts {quoted(name)} is"
    hint = f'say --map "{name}=ACCOUNT", or --map "{name}=" to leave it out'
    row.report(place, "SA959", message, hint)
    return ""


def _addresses(entries: list[Any]) -> Iterator[tuple[int, str]]:
    """Media with what they are called there, by index."""
    for index, entry in enumerate(entries):
        found = entry if isinstance(entry, str) else _text(_mapping(entry), "path", "url")
        yield index, found or "?"


def _put_files(row: Row, entries: list[Any], loc: Loc) -> list[str]:
    """The paths of media; a number, which only that tool can look up, is a finding."""
    paths = []
    for index, found in _addresses(entries):
        if found == "?" or found.isdecimal():
            message = f"{quoted(found)} is a file in that tool, not a path"
            hint = "download it, commit it and write its path here"
            row.report(row.place_of((*loc, index)), "SA961", message, hint)
        else:
            paths.append(from_root(found))
    return paths


def _postiz_state(row: Row, item: Mapping[str, Any]) -> str:
    state = _text(item, "state", "status").upper().replace("SCHEDULED", "QUEUE")
    place = row.place_of(("state",) if "state" in item else ("status",))
    if state == "PUBLISHED" or (_text(item, "releaseURL") and state != "DRAFT"):
        row.leave_out(place, "it was published there", "nothing has to be done")
    elif state not in ("QUEUE", "DRAFT"):
        hint = "look whether it went out; if not, write it by hand"
        row.leave_out(place, f"its state there is {quoted(state)}", hint)
    return state


def _fill_postiz(row: Row, item: Mapping[str, Any], terms: Terms) -> None:
    state = _postiz_state(row, item)
    place = row.place_of(("integration",))
    keys = ("name", "id", "providerIdentifier", "identifier")
    account = (
        "" if row.left_out else _account(row, _mapping(item.get("integration")), keys, place, terms)
    )
    if not account:
        if not row.left_out and not row.broken:
            row.leave_out(place, "this account is not imported")
        return
    row.key = _text(item, "id")
    row.put("account", account, place)
    row.put("text", plain(_text(item, "content")), row.place_of(("content",)))
    field = "media" if "media" in item else "image"
    if paths := _put_files(row, _list(item.get(field)), (field,)):
        row.put("media", paths, row.place_of((field,)))
    if state == "DRAFT":
        row.put("draft", "true", row.place_of(("state",)))
    _put_time(row, _text(item, "publishDate"), row.place_of(("publishDate",)), terms)


def _mixpost_time(row: Row, item: Mapping[str, Any], terms: Terms) -> None:
    at, place = item.get("scheduled_at"), row.place_of(("scheduled_at",))
    pair = _mapping(at)
    text = at if isinstance(at, str) else f"{_text(pair, 'date')} {_text(pair, 'time')}".strip()
    if not text:
        return
    _put_time(row, text, place, terms)
    if not terms.timezone and not has_zone(str(row.values.get("time", ""))):
        hint = "say --timezone, with the zone of your Mixpost"
        row.report(place, "SA960", "Mixpost does not say in which zone this is", hint)


def _mixpost_version(row: Row, version: Mapping[str, Any], loc: Loc) -> dict[str, Any]:
    contents = _list(version.get("content"))
    if len(contents) > 1:
        message = "it has several parts, a thread, which posts here do not have"
        row.report(row.place_of((*loc, "content", 1)), "SA961", message, "make posts of them")
    content = _mapping(contents[0]) if contents else {}
    inner = (*loc, "content", 0)
    values: dict[str, Any] = {"text": plain(_text(content, "body"))}
    if paths := _put_files(row, _list(content.get("media")), (*inner, "media")):
        values["media"] = paths
    if link := _text(content, "url"):
        values["link"] = link
    kind = _text(_mapping(_mapping(version.get("options")).get("instagram")), "type")
    return values | ({"type": kind} if kind in ("reel", "story") else {})


def _mixpost_accounts(row: Row, item: Mapping[str, Any], terms: Terms) -> dict[str, str]:
    """Their ids there → our accounts."""
    keys = ("username", "name", "uuid", "id", "provider")
    found = {}
    for index, entry in enumerate(_list(item.get("accounts"))):
        who = _mapping(entry)
        account = _account(row, who, keys, row.place_of(("accounts", index)), terms)
        if account:
            found[_text(who, "id")] = account
    if not found and not row.broken:
        row.leave_out(row.place_of(("accounts",)), "none of its accounts is imported")
    return found


def _fill_mixpost(row: Row, item: Mapping[str, Any], terms: Terms) -> None:
    status = _text(item, "status").lower()
    if status not in ("scheduled", "draft") or _text(item, "trashed") == "true":
        what = "in the bin" if status in ("scheduled", "draft") else quoted(status)
        row.leave_out(row.place_of(("status",)), f"it is {what} there")
        return
    accounts = _mixpost_accounts(row, item, terms)
    if row.left_out or row.broken:
        return
    row.key = _text(item, "uuid", "id")
    row.values.update(accounts_of(accounts.values()))
    row.places[("account",)] = row.places[("accounts",)] = row.place_of(("accounts",))
    if status == "draft":
        row.put("draft", "true", row.place_of(("status",)))
    _mixpost_time(row, item, terms)
    overrides = {}
    for index, version in enumerate(map(_mapping, _list(item.get("versions")))):
        loc: Loc = ("versions", index)
        values = _mixpost_version(row, version, loc)
        whose = _text(version, "account_id")
        if _text(version, "is_original") == "true" or whose in ("", "0"):
            for name, value in values.items():
                row.put(name, value, row.place_of((*loc, "content")))
        elif whose in accounts:
            overrides[accounts[whose]] = values
            row.places[("overrides", accounts[whose])] = row.place_of((*loc, "content"))
    if overrides:
        row.values["overrides"] = overrides


def read_postiz(content: Content, start: Loc, items: list[Any], terms: Terms) -> Table:
    rows = content.rows(start, items)
    for row, item in zip(rows, items, strict=True):
        _fill_postiz(row, _mapping(item), terms)
    return Table("postiz", tuple(rows))


def read_mixpost(content: Content, start: Loc, items: list[Any], terms: Terms) -> Table:
    rows = content.rows(start, items)
    for row, item in zip(rows, items, strict=True):
        _fill_mixpost(row, _mapping(item), terms)
    return Table("mixpost", tuple(rows))
