from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialauto.core.codes import CODES
from socialauto.core.message import PostType
from socialauto.core.reading import (
    Source,
    default_id,
    is_post,
    read_config,
    read_posts,
)
from socialauto.core.schedule_reading import read_schedules


def posts(text: str, path: str = "content/post.md") -> list[Source]:
    sources, findings = read_posts(text.encode(), path)
    assert [str(finding) for finding in findings] == []
    return sources


def findings(text: str, path: str = "content/post.md") -> list[str]:
    return [str(finding) for finding in sorted(read_posts(text.encode(), path)[1])]


def test_a_markdown_post_has_typed_fields_and_its_body_as_text() -> None:
    (source,) = posts(
        "---\n"
        "account: acme\n"
        "type: reel\n"
        "media: [a.jpg, {path: b.jpg, alt: B, tags: [{user: bob, x: 0.4, y: 1}]}]\n"
        "hashtags: ['#one', two]\n"
        "cover_at: 1.5s\n"
        "share_to_feed: false\n"
        "late: {grace: 1d 12h, then: hold}\n"
        "---\n\nHello.\n\n---\nMore.\n"
    )
    post = source.post
    assert (source.id, source.text, source.body_line) == ("post", "Hello.\n\n---\nMore.", 11)
    assert post.type is PostType.REEL
    assert post.media is not None
    assert [entry.path for entry in post.media] == ["a.jpg", "b.jpg"]
    assert (post.media[1].tags[0].x, post.media[1].tags[0].y) == (0.4, 1.0)
    assert (post.hashtags, post.share_to_feed, post.draft) == (("one", "two"), False, False)
    assert post.cover_at == timedelta(seconds=1.5)
    assert post.late is not None
    assert (post.late.grace, post.late.then) == (timedelta(hours=36), "hold")


def test_a_yaml_post_has_its_text_as_a_field() -> None:
    (source,) = posts("account: acme\ntext: |\n  One.\n\n  Two.\n", "content/2026/post.yml")
    assert (source.id, source.text, source.body_line) == ("2026/post", "One.\n\nTwo.", 0)


def test_several_posts_in_a_file_carry_their_ids() -> None:
    sources = posts("id: a\ntext: A\n---\nid: b\ntext: B\n---\n", "content/two.yaml")
    assert [(source.id, source.text, source.line) for source in sources] == [
        ("a", "A", 1),
        ("b", "B", 4),
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("content/a.md", "a"),
        ("content/2026/12/launch.final.md", "2026/12/launch.final"),
        ("content/cafe\u0301.md", "café"),
    ],
)
def test_a_post_is_named_after_its_path_the_same_on_every_disk(path: str, expected: str) -> None:
    assert default_id(path) == expected


def test_an_id_is_the_same_however_its_accents_are_stored() -> None:
    (one,) = posts("id: cafe\u0301\ntext: A\n", "content/a.yaml")
    assert one.id == "café"


@pytest.mark.parametrize(
    ("path", "ours"),
    [
        ("content/a.md", True),
        ("content/A.MD", True),
        ("content/a.markdown", True),
        ("content/a.yaml", True),
        ("content/a.yml", True),
        ("content/a.txt", False),
        ("content/a.jpg", False),
        ("content/.a.md", False),
        ("content/.obsidian/a.md", False),
        ("content/a.md.bak", False),
        ("content/md", False),
    ],
)
def test_posts_are_known_by_their_suffix(path: str, ours: bool) -> None:
    assert is_post(path) is ours


@pytest.mark.parametrize("word", ["yes", "no", "on", "off", "True", "1", "~x", ""])
def test_only_true_and_false_are_booleans(word: str) -> None:
    (found,) = findings(f'---\naccount: a\ndraft: "{word}"\n---\n')
    assert found.startswith(f'content/post.md:3:8: SA202 "{word}" is neither true nor false')


@pytest.mark.parametrize(
    ("word", "hint"), [("yes", "true"), ("Off", "false"), ("1", "true"), ("x", "true or false")]
)
def test_other_words_for_yes_and_no_get_the_right_one(word: str, hint: str) -> None:
    assert findings(f"---\naccount: a\ndraft: {word}\n---\n")[0].endswith(f"; write {hint}")


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("90m", 5400),
        ("2 h", 7200),
        ("1d 12h", 129_600),
        ("1.5s", 1.5),
        ("500ms", 0.5),
        ("1W", 604_800),
        ("3660d", 316_224_000),
    ],
)
def test_durations_are_read_as_people_write_them(written: str, seconds: float) -> None:
    (source,) = posts(f"---\ncover_at: {written}\n---\n")
    assert source.post.cover_at == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "written", ["soon", "5", "-5m", "1h30", "5 minutes", "1e3s", "9999999d", "m", "1m" * 30]
)
def test_other_durations_are_refused(written: str) -> None:
    (found,) = findings(f"---\naccount: a\ncover_at: {written}\n---\n")
    assert f'content/post.md:3:11: SA216 "{written}" is not a duration' in found


@pytest.mark.parametrize("written", ["3661d", "999999w", "999999w 999999w 999999w"])
def test_a_duration_never_leaves_the_calendar(written: str) -> None:
    (found,) = findings(f"---\naccount: a\ncover_at: {written}\n---\n")
    assert found.endswith(f'SA216 "{written}" is longer than ten years; write a shorter one')


@pytest.mark.parametrize("number", ["9" * 5000, "nan", "inf", "-1", "1e999", "0x1", "½"])
def test_a_number_that_is_none_is_a_finding(number: str) -> None:
    tag = f"{{path: a.jpg, tags: [{{user: bob, x: {number}}}]}}"
    (found,) = findings(f"---\nmedia: [{tag}]\n---\n")
    assert found.startswith("content/post.md:2:")
    _, wrong = read_config(f"guard: {{max_per_run: {number}}}\n".encode())
    assert [finding.line for finding in wrong] == [1]


def test_every_wrong_value_is_found_at_its_own_place() -> None:
    assert findings(
        "---\n"
        "acount: acme\n"
        "media:\n"
        "  - {path: a.jpg, alt: [x]}\n"
        "  - {alt: A}\n"
        "  - {path: b.jpg, tags: [{user: bob, x: 2}, {user: ''}]}\n"
        "type: reels\n"
        "overrides: {acme: {hashtags: [a b]}}\n"
        "---\n"
    ) == [
        'content/post.md:2:1: SA201 unknown key "acount"; did you mean "account"?',
        'content/post.md:4:24: SA202 "alt" must be one text, not a list',
        'content/post.md:5:5: SA207 "path" is missing in item 2 of "media";'
        " add path: media/one.jpg",
        'content/post.md:6:41: SA212 "x" is 2, at most 1',
        'content/post.md:6:52: SA207 "user" is empty; write a value',
        'content/post.md:7:7: SA208 "type" cannot be "reels"; did you mean "reel"?',
        'content/post.md:8:31: SA213 "a b" is no hashtag: platforms end it before " "; write "a_b"',
    ]


def test_what_is_sound_is_kept_beside_what_is_wrong() -> None:
    text = (
        "---\naccount: acme\nmedia: [{alt: x}, b.jpg]\ndraft: no\ntime: 2026-12-01 09:00\n---\nHi\n"
    )
    sources, found = read_posts(text.encode(), "content/post.md")
    (source,) = sources
    assert len(found) == 2
    assert source.post.time == "2026-12-01 09:00"
    assert source.post.media is not None
    assert [entry.path for entry in source.post.media] == ["b.jpg"]
    assert source.place("media.0") == (3, 19)  # counted in what is left
    assert source.lost == {"media", "draft"}


def test_a_misspelt_key_stands_for_the_one_it_resembles() -> None:
    sources, _ = read_posts(b"---\nmedai: [a.jpg]\n---\n", "content/post.md")
    assert "media" in sources[0].lost


@pytest.mark.parametrize(
    ("id", "problem"),
    [
        ("a@b", 'contains "@"'),
        ("/a", 'begins or ends with "/"'),
        ("a/", 'begins or ends with "/"'),
        ("a//b", "has two of them in a row"),
        ("a/../b", 'has a part that is "." or ".."'),
        ("a/ b", "begins or ends with a space"),
        ("a\u200bb", "contains a character that cannot be seen"),
        ("a" * 201, "has 201 characters, at most 200"),
    ],
)
def test_ids_that_would_cause_trouble_are_refused(id: str, problem: str) -> None:
    (found,) = findings(f'---\naccount: a\nid: "{id}"\n---\n')
    assert found.startswith("content/post.md:3:5: SA206 the id")
    assert problem in found


@pytest.mark.parametrize("id", ["a", "2026/12/launch", "Ünï çode", "a" * 200, "a.b-c_d", "日本"])
def test_other_ids_are_fine(id: str) -> None:
    assert posts(f"---\nid: {id}\n---\n")[0].id == id


def test_template_values_are_free_and_may_be_empty() -> None:
    (source,) = posts("---\nvars: {a: , b: [1, {c: no}]}\n---\n")
    assert source.post.vars == {"a": None, "b": ["1", {"c": "no"}]}


@pytest.mark.parametrize(
    ("line", "eaten"),
    [
        ("text: New bread #fresh today", True),
        ("text: New bread # not yet priced", False),
        ("text: 'New bread #fresh'", False),
        ("text: New#bread", False),
        ("text: |  #note\n  New #bread", False),
        ("first_comment: Hi #fresh", True),
        ("id: bread #fresh", False),
    ],
)
def test_a_hashtag_that_yaml_would_drop_is_found(line: str, eaten: bool) -> None:
    found = findings(f"{line}\naccount: acme\n", "content/post.yaml")
    assert [text.split()[1] for text in found] == (["SA117"] if eaten else [])


def test_the_configuration_is_read_with_its_places() -> None:
    text = (
        b"timezone: Europe/Berlin\n"
        b"accounts:\n"
        b'  acme: {platform: instagram, id: "1", token: "env:T", min_gap: 2h}\n'
        b"guard: {max_per_run: 5}\n"
    )
    source, found = read_config(text)
    assert found == []
    assert source is not None
    assert source.value.accounts["acme"].min_gap == timedelta(hours=2)
    assert (source.value.guard.max_per_run, source.accounts) == (5, {"acme"})
    assert source.place(("accounts", "acme", "platform")) == (3, 20)


@pytest.mark.parametrize(
    "secret",
    [
        "EAAGm0PX4ZCpsBAKZCzzzzzzzzzzzzzzzzzzzz",
        "IGQVJXabcdefghijklmnopqrstuvwx",
        "env:EAAGm0PX4ZCpsBAKZCzzzzzzzzzzzzzzzzzzzz",
        "ghp_0123456789abcdefghijABCDEFGHIJ456789",
        "https://me:hunter2hunter2@example.org",
        "0123456789abcdef0123456789abcdef0123456789abcdef",
    ],
)
def test_a_secret_is_found_and_never_shown(secret: str) -> None:
    text = f"accounts: {{acme: {{platform: instagram, id: '1', token: '{secret}'}}}}\n"
    source, found = read_config(text.encode())
    assert [finding.code for finding in found] == ["SA704"]
    assert secret not in str(found) + repr(source)


@pytest.mark.parametrize("key", ["platform", "api", "login", "late", "mood", "min_gap"])
def test_a_secret_in_the_wrong_place_is_not_quoted(key: str) -> None:
    secret = "EAAGm0PX4ZCpsBAKZCzzzzzzzzzzzzzzzzzzzz"
    known = {"platform": "instagram", "id": "'1'", "token": "'env:T'", key: secret}
    account = ", ".join(f"{name}: {value}" for name, value in known.items())
    _, found = read_config(f"accounts: {{acme: {{{account}}}}}".encode())
    assert "SA704" in [finding.code for finding in found]
    assert secret not in str(found)


def test_a_secret_among_the_values_of_templates_is_found() -> None:
    _, found = read_config(b"vars: {token: EAAGm0PX4ZCpsBAKZCzzzzzzzzzzzzzzzzzzzz}\n")
    assert [finding.code for finding in found] == ["SA704"]


def test_an_account_that_cannot_be_read_is_known_by_name() -> None:
    source, found = read_config(b"accounts: {acme: {platform: instagram}}\n")
    assert source is not None
    assert (dict(source.value.accounts), source.accounts, len(found)) == ({}, {"acme"}, 2)


def test_a_schedule_may_be_a_comment_and_nothing_else() -> None:
    assert read_schedules(b"# later\n", "schedules/a.yaml") == ([], [])


_PIECES = [
    *(b"---\n", b"account: acme\n", b"media:\n", b"  - ", b"{path: a.jpg}", b"tags: [{}]", b": "),
    *(b"- ", b"[", b"]", b"{", b"}", b'"', b"'", b"#", b"&a ", b"*a ", b"!x ", b"\t", b"|", b">"),
    *(b"? ", b"%", b"@", b"\n", b"\r\n", b"\xff", b"\xef\xbb\xbf", b"\0", b"\xe2\x80\xa8", b"~"),
    *(b"<<: ", b"accounts: ", b"overrides: ", b"late: ", b"...\n", b"\\U0011ffff", "😀".encode()),
]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(_PIECES) | st.binary(max_size=4), max_size=40).map(b"".join))
def test_no_bytes_at_all_crash_the_reader(data: bytes) -> None:
    lines = len(data.splitlines()) + 1
    for path in ("content/a.md", "content/a.yaml"):
        for finding in [*read_posts(data, path)[1], *read_config(data)[1]]:
            assert finding.code in CODES
            assert 1 <= finding.line <= lines
            assert finding.column >= 1
            assert str(finding).isprintable()
            assert len(str(finding)) < 500
