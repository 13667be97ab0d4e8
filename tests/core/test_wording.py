from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from socialauto.core.capability import TextRules
from socialauto.core.compose import version_for
from socialauto.core.config import Config
from socialauto.core.reading import read_posts
from socialauto.core.render import RenderError
from socialauto.core.wording import Wording, names, writes_a_language

PLAIN = TextRules(2_200, "utf16")
FORMATTED = TextRules(2_200, "utf16", markdown=True)
DUE = datetime(2026, 12, 1, 9, tzinfo=ZoneInfo("Europe/Berlin"))
UTM = {"source": "{{ account }}", "domains": ["example.org"]}


class Shelf:
    """Templates and data of a test; remembers whether anybody asked for data."""

    def __init__(self, **templates: str) -> None:
        self.templates = templates
        self.asked = 0

    def template(self, name: str) -> tuple[str, str]:
        if name not in self.templates:
            raise RenderError(f"there is no {name}", 1, "SA511")
        return f"templates/{name}.j2", self.templates[name]

    def data(self) -> Mapping[str, Any]:
        self.asked += 1
        return {"price": "4.20"}


def wording(fields: str, body: str = "Hello.", shelf: Shelf | None = None, **more: Any) -> Wording:
    written = f"---\naccount: acme\n{fields}---\n{body}\n".encode()
    (source,), findings = read_posts(written, "content/post.md")
    assert findings == []
    account = {"platform": "other", "id": "1", "token": "env:T"}
    config = Config.model_validate({"accounts": {"acme": account}, **more})
    return Wording(version_for(source, "acme"), config, shelf or Shelf(), DUE)


def test_a_platform_that_formats_markdown_gets_it_as_it_is_written() -> None:
    made = wording("markup: markdown\n", "**Hello**")
    assert made.text(FORMATTED, "Other").text == "**Hello**"
    assert made.text(PLAIN, "Other").text == "Hello"


@pytest.mark.parametrize(
    ("link", "sent"),
    [
        ("https://example.org/a#b", "https://example.org/a?utm_source=acme#b"),
        ("https://shop.example.org", "https://shop.example.org?utm_source=acme"),
        ("https://example.com", "https://example.com"),
    ],
)
def test_the_link_of_a_card_is_tracked_like_others(link: str, sent: str) -> None:
    assert wording(f"link: {link}\n", utm=UTM).link() == sent
    assert wording(f"link: {link}\n").link() == link
    assert wording("", utm=UTM).link() is None


def test_data_is_asked_for_by_those_who_name_it() -> None:
    shelf = Shelf(x="{{ text }} {{ data.price }}")
    assert wording("", "Data: {{ id }}", shelf).text(PLAIN, "Other").text == "Data: post"
    assert shelf.asked == 0
    assert wording("template: x\n", "Rye", shelf).text(PLAIN, "Other").text == "Rye 4.20"
    assert shelf.asked == 1


def test_an_error_in_a_template_names_its_file() -> None:
    made = wording("template: x\n", "Rye", Shelf(x="a\n{{ vars.b }}"))
    with pytest.raises(RenderError) as caught:
        made.text(PLAIN, "Other")
    found = caught.value
    assert (found.path, found.line, found.code) == ("templates/x.j2", 2, "SA512")


@pytest.mark.parametrize(
    ("fields", "body", "dated"),
    [
        ("", "It is due.", False),
        ("", "It is due, {{ id }}.", True),  # rather too often than too seldom
        ("", "{{ residue }}", False),
        ("", '{{ "}}" ~ due }}', True),
        ("", "{% if due %}{% endif %}", True),
        ("first_comment: '{{ due }}'\n", "a", True),
        ("template: dated\n", "a", True),
        ("template: none\n", "a", False),
    ],
)
def test_words_are_dated_when_a_template_may_name_the_date(
    fields: str, body: str, dated: bool
) -> None:
    assert wording(fields, body, Shelf(dated="{{ text }} {{ due }}")).dated is dated


def test_tracking_by_date_is_dated_too() -> None:
    utm = {"campaign": "{{ due | date('yyyy') }}", "domains": ["example.org"]}
    made = wording("", "https://example.org", utm=utm)
    assert made.dated
    assert made.text(PLAIN, "Other").text == "https://example.org?utm_campaign=2026"
    assert not wording("", "https://example.org", utm=utm | {"off": True}).dated


def test_what_a_text_names_is_found_in_its_templates_alone() -> None:
    assert not names(["data", "due {x}"], "data")
    assert writes_a_language(["{{ x | number }}"])
    assert not writes_a_language(["a | date", "{{ x | upper }}"])


def test_a_text_is_cut_again_when_a_hashtag_of_it_comes_back() -> None:
    rules = TextRules(30, "code_points")
    made = wording("overflow: truncate\nhashtags: [rye]\n", "One two three four five six #rye")
    words = made.text(rules, "Other")
    assert words.text == "One two three four five…\n\n#rye"
    assert [one.code for one in words.complaints] == ["SA517"]
    assert words.complaints[0].message == (
        'the text is 2 characters too long for Other and ends with "One two three four five…"'
    )
