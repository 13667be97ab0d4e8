"""The whole site: what is written when, what it says, and that texts stay texts."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.dashboard.folder import MANIFEST
from socialauto.dashboard.scene import Scene
from socialauto.dashboard.site import Built, build
from socialauto.dashboard.words import STATUS_WORDS
from support import scenery
from support.scenery import DAY, NOW, delivery, scene

VOID = {"meta", "link", "img", "br", "input"}


def make(made: Scene, out: Path) -> Built:
    return build(made, out, read=scenery.read, caps={"acme-instagram": 50})


def bytes_of(root: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


class Page(HTMLParser):
    """Tags, links and ids of a page, and whether every tag is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.handlers: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.links += [found[name] or "" for name in ("href", "src") if name in found]
        self.ids += [found["id"] or ""] if "id" in found else []
        self.handlers += [name for name in found if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def pages(root: Path) -> dict[str, Page]:
    return {
        str(path.relative_to(root)): Page(path.read_text("utf-8")) for path in root.rglob("*.html")
    }


@pytest.mark.parametrize("made", [scenery.busy(), scenery.hostile(), scenery.many(0)])
def test_every_page_is_whole_and_every_link_leads_somewhere(made: Scene, tmp_path: Path) -> None:
    out = tmp_path / "site"
    make(made, out)
    for name, page in pages(out).items():
        assert page.open == [], name
        assert page.handlers == [], name
        assert len(page.ids) == len(set(page.ids)), name
        for link in page.links:
            if link.startswith(("https://www.instagram.com/", "https://github.com/acme/")):
                continue
            target, _, anchor = link.partition("#")
            file = (out / name).parent / target if target else out / name
            assert file.is_file(), f"{name}: {link}"
            if anchor and "=" not in anchor:
                assert anchor in Page(file.read_text("utf-8")).ids, f"{name}: {link}"


def test_texts_of_people_never_become_markup(tmp_path: Path) -> None:
    make(scenery.hostile(), tmp_path / "site")
    for name, page in pages(tmp_path / "site").items():
        assert page.tags.count("script") == ("list" in page.ids), name
        assert page.tags.count("title") == 1, name
        assert not any("javascript" in link for link in page.links), name
    scripts = (tmp_path / "site" / "data" / "rows-0.js").read_bytes()
    assert scripts.isascii()
    assert "49" not in re.findall(r"7 \* 7|49", (tmp_path / "site" / "posts.html").read_text())


def test_the_same_state_makes_the_same_bytes(tmp_path: Path) -> None:
    make(scenery.busy(), tmp_path / "one")
    make(scenery.busy(), tmp_path / "two")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")
    assert make(scenery.busy(), tmp_path / "one").written == 0


def test_a_later_look_at_the_same_state_writes_no_page_of_a_settled_post(tmp_path: Path) -> None:
    made, out = scenery.busy(), tmp_path / "site"
    make(made, out)
    before = bytes_of(out)
    make(replace(made, plan=replace(made.plan, now=NOW.replace(minute=31))), out)
    changed = {name for name, data in bytes_of(out).items() if before[name] != data}
    assert changed <= {"index.html", "accounts.html", "data.json"}


def test_one_post_more_writes_one_page_of_a_post(tmp_path: Path) -> None:
    wanted = [delivery(f"post-{number}", NOW + number * DAY) for number in range(1, 20)]
    make(scene(wanted[:-1], []), tmp_path / "site")
    before = bytes_of(tmp_path / "site")
    make(scene(wanted, []), tmp_path / "site")
    after = bytes_of(tmp_path / "site")
    changed = {name for name in after if after[name] != before.get(name)}
    assert {name for name in changed if name.startswith("posts/")} == {"posts/post-19.html"}


def test_a_picture_is_made_once_for_each_content(tmp_path: Path) -> None:
    out, asked = tmp_path / "site", []

    def read(path: str) -> bytes:
        asked.append(path)
        return scenery.read(path)

    build(scenery.busy(), out, read=read, caps={})
    assert len(asked) == len(set(asked)) == len(list((out / "media").iterdir()))
    asked.clear()
    build(scenery.busy(), out, read=read, caps={})
    assert asked == []


def test_a_picture_that_cannot_be_read_leaves_its_name(tmp_path: Path) -> None:
    def read(path: str) -> bytes:
        raise SocialautoError(f"{path} does not exist")

    build(scene([delivery("one", NOW + DAY)], []), tmp_path / "site", read=read, caps={})
    page = (tmp_path / "site" / "posts" / "one.html").read_text()
    assert "content/media/0.jpg" in page
    assert "<img" not in page
    assert not (tmp_path / "site" / "media").exists()


def test_the_data_has_every_delivery_with_its_cure(tmp_path: Path) -> None:
    make(scenery.busy(), tmp_path / "site")
    document = json.loads((tmp_path / "site" / "data.json").read_text())
    assert document["version"] == 1
    assert document["now"] == "2026-12-02T09:30:00Z"
    assert [one["account"] for one in document["accounts"]] == [
        "acme-instagram", "acme-cafe", "acme-jobs"
    ]  # fmt: skip
    found = {one["post"]: one for one in document["deliveries"]}
    assert len(found) == len(scenery.busy().items)
    held = found["gift-guide"]
    assert held["status"] == "held"
    assert held["cure"]["commands"][0].startswith("socialauto settle gift-guide")
    assert held["local"] == "2026-12-01 08:30 Europe/Berlin"
    sent = found["2026/11/post-01"]
    assert sent["ledger"]["author"] == "Lena Vogt"
    assert sent["insights"]["metrics"]["views"] == 1204
    assert [part["part"] for part in sent["parts"]] == ["comment"]
    dues = [one["due"] for one in document["deliveries"]]
    assert dues == sorted(dues)


def test_the_data_names_accounts_that_a_platform_refuses(tmp_path: Path) -> None:
    one = delivery("one", NOW - DAY / 24)
    from socialauto.core.ledger import State
    from socialauto.core.outcome import ErrorClass
    from support.builders import entry

    refused = scenery.attempt(NOW, ErrorClass.AUTH, "the token ended on 2026-12-01")
    made = scene([one], [entry(one, State.RETRY, attempts=(refused,), tries=1)])
    make(made, tmp_path / "site")
    document = json.loads((tmp_path / "site" / "data.json").read_text())
    assert document["accounts"][0]["trouble"] == "the token ended on 2026-12-01"
    assert (
        "socialauto accounts check acme-instagram"
        in (tmp_path / "site" / "accounts.html").read_text()
    )


def test_a_token_that_ends_soon_is_on_the_first_page(tmp_path: Path) -> None:
    make(scenery.shared(), tmp_path / "site")
    assert "its token ends in 4 d" in (tmp_path / "site" / "index.html").read_text()
    accounts = (tmp_path / "site" / "accounts.html").read_text()
    assert "has not been renewed" in accounts
    assert "has no end" in accounts


def test_commits_are_links_where_the_forge_is_known(tmp_path: Path) -> None:
    made = replace(scenery.busy(), commit_url="https://github.com/acme/social/commit/")
    make(made, tmp_path / "site")
    page = (tmp_path / "site" / "posts").glob("2026-11-post-01.*")
    assert 'href="https://github.com/acme/social/commit/3f9c2b7e51' in next(page).read_text()


def test_six_hundred_posts_stay_light(tmp_path: Path) -> None:
    out = tmp_path / "site"
    built = make(scenery.many(600), out)
    assert built.pages > 600
    first = ["posts.html", "posts.js", "style.css", "data/rows-0.js"]
    assert sum((out / name).stat().st_size for name in first) < 100_000
    rows = [
        json.loads(path.read_text()[len("socialautoRows(") : -3])
        for path in (out / "data").iterdir()
    ]
    assert sum(map(len, rows)) == 600
    assert MANIFEST in bytes_of(out)


def keys_of(value: Any) -> set[str]:
    """All names of objects in a document, but not those of a platform's metrics."""
    if isinstance(value, list):
        return set().union(*map(keys_of, value))
    if not isinstance(value, dict):
        return set()
    below = (keys_of(inner) for name, inner in value.items() if name != "metrics")
    return set(value).union(*below)


def test_every_key_of_the_data_is_explained(tmp_path: Path, project_root: Path) -> None:
    make(scenery.busy(), tmp_path / "site")
    document = json.loads((tmp_path / "site" / "data.json").read_text())
    for one in document["deliveries"]:
        for ledger in filter(None, (one["ledger"], *(part["ledger"] for part in one["parts"]))):
            del ledger["attempts"][:]  # as in the ledger, whose page explains them
    text = (project_root / "docs" / "dashboard.md").read_text("utf-8")
    explained = set(re.findall(r"`(\w+)`", text.partition("## `data.json`")[2]))
    known = {"path", "alt", "part", "step"}
    assert keys_of(document) - explained - known == set()
    assert set(STATUS_WORDS) <= explained
