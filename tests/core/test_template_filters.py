# ruff: noqa: E501 - a row of a table is a row
from __future__ import annotations

import subprocess
import sys
import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from socialauto.core.render import RenderError, render
from socialauto.core.template import LANGUAGE
from socialauto.core.template_filters import due_at

DUE = due_at(datetime(2026, 12, 1, 9, 0, tzinfo=ZoneInfo("Europe/Berlin")))
VARIABLES: dict[str, Any] = {
    "vars": {
        "day": "2026-12-24",
        "opens": "2026-12-24 18:30",
        "at": "7:05",
        "price": "1234.50",
        "count": "1234567",
        "tags": ["bread", "#rye", "Bread"],
        "shop": "https://example.org/?a=1#top",
        "long": "Rye bread takes two days and three people",
        "wide": "x " * 5_000,
        "many": [str(number) for number in range(5_000)],
    },
    "due": DUE,
    LANGUAGE: "en",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{ due }}", "2026-12-01 09:00"),
        ("{{ 'on ' ~ due }}", "on 2026-12-01 09:00"),
        ("{{ due | date }}", "December 1, 2026"),
        ("{{ due | date('full') }}", "Tuesday, December 1, 2026"),
        ("{{ due | date('short') }}", "12/1/26"),
        ("{{ due | date('EEEE, d. MMMM', locale='de') }}", "Dienstag, 1. Dezember"),
        ("{{ due | date(locale='pt-BR') }}", "1 de dezembro de 2026"),
        ("{{ due | date(\"d. MMMM 'um' HH:mm 'Uhr'\", locale='de_AT') }}", None),
        ("{{ due | date('yyyy-MM-dd HH:mm xxx') }}", "2026-12-01 09:00 +01:00"),
        ("{{ due | date('d') | int + 1 }}", "2"),
        ("{{ due | time }}", "9:00\u00a0AM"),
        ("{{ due | time(locale='de') }}", "09:00"),
        ("{{ due | time('long', locale='de') }}", "09:00:00 MEZ"),
        ("{{ vars.day | date('full', locale='de') }}", "Donnerstag, 24. Dezember 2026"),
        ("{{ '1923-05-01' | date }}", "May 1, 1923"),
        ("{{ vars.opens | date }} {{ vars.opens | time(locale='de') }}", "December 24, 2026 18:30"),
        ("{{ vars.at | time(locale='de') }}", "07:05"),
        ("{{ vars.price | number }} {{ vars.price | number(locale='de') }}", "1,234.50 1.234,50"),
        ("{{ vars.count | number }} {{ 2.345 | number(2) }}", "1,234,567 2.35"),
        ("{{ vars.count | number(locale='hi') }} {{ -3 | number }}", "12,34,567 -3"),
        ("{{ vars.price | number(0) }}", "1,235"),
        ("{{ vars.tags | hashtags }}", "#bread #rye"),
        ("{{ 'red, door  #Red' | hashtags }}", "#red #door"),
        ("{{ vars.long | shorten(15) }}", "Rye bread…"),
        ("{{ '👩‍👩‍👧‍👦👩‍👩‍👧‍👦 x' | shorten(3) }}", "👩‍👩‍👧‍👦👩‍👩‍👧‍👦…"),
        (
            "{{ vars.shop | utm(source='ig', campaign='a b') }}",
            "https://example.org/?a=1&utm_source=ig&utm_campaign=a%20b#top",
        ),
    ],
)
def test_a_value_is_written_as_people_write_it(template: str, text: str | None) -> None:
    assert render(template, VARIABLES) == (text or "1. Dezember um 09:00 Uhr")


def test_the_language_of_the_text_counts_unless_one_is_named() -> None:
    german = VARIABLES | {LANGUAGE: "de-AT"}
    template = "{{ '2027-01-05' | date }} {{ vars.price | number }} {{ due | date(locale='en') }}"
    assert render(template, german) == "5. Jänner 2027 1.234,50 December 1, 2026"


def test_due_is_the_clock_of_its_zone() -> None:
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=ZoneInfo("UTC"))
    there = due_at(instant.astimezone(ZoneInfo("Asia/Tokyo")))
    assert str(there) == "2027-01-01 08:30"
    assert there == instant


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ 'soon' | date }}", '"soon" is no date; write one such as "2026-12-24"'),
        ("{{ '2026-02-30' | date }}", '"2026-02-30" is no date; write one such as "2026-12-24"'),
        ("{{ vars.tags | date }}", "this prints a list and not a text; choose a part of it or join it"),
        ("{{ vars.day | time }}", '2026-12-24 has no time of day, and "short" names one'),
        ("{{ vars.at | date }}", '07:05:00 has no date, and "long" names one'),
        ("{{ vars.opens | time('full') }}", '2026-12-24 18:30:00 has no time zone, and "full" names one'),
        ("{{ due | date('DD.MM.') }}", 'the pattern "DD.MM.": D is the day of the year; write d for the day of the month'),
        ("{{ due | date('d.M.YYYY') }}", 'the pattern "d.M.YYYY": Y is the year of the week; write y for the year'),
        ("{{ due | date('d. MMMM, HH Uhr') }}", 'the pattern "d. MMMM, HH Uhr": put words in single quotes, \'U\' is no field of it'),
        ("{{ due | date(\"d 'um\") }}", 'the pattern "d \'um" has a single quote too many'),
        ("{{ due | date('d' * 1) }}", "* takes two numbers; join texts with ~"),
        ("{{ due | date(locale='../de') }}", 'unknown language "../de"; write one such as en, de or pt-BR'),
        ("{{ due | date(locale='xx') }}", 'unknown language "xx"; write one such as en, de or pt-BR'),
        ("{{ '12,50' | number }}", '"12,50" is no number; write one such as "1234.50"'),
        ("{{ '1e9999999' | number }}", '"1e9999999" is no number; write one such as "1234.50"'),
        ("{{ 'red-door' | hashtags }}", '"red-door" is no hashtag: platforms end it before "-"'),
        ("{{ 'example.org' | utm(source='x') }}", '"example.org" is no address that begins with https://'),
        ("{{ later | date }}", 'unknown variable "later"'),
    ],
)  # fmt: skip
def test_what_a_filter_does_not_take_is_said_in_a_sentence(template: str, message: str) -> None:
    with pytest.raises(RenderError) as caught:
        render(template, VARIABLES)
    assert (caught.value.message, caught.value.code) == (message, "SA507")


def test_a_text_without_a_date_says_so() -> None:
    with pytest.raises(RenderError) as caught:
        render("a\n{{ due | date }}", {"vars": {}})
    assert (caught.value.line, caught.value.code) == (2, "SA515")
    assert caught.value.message == 'the post has no time, so it has no "due"'
    with pytest.raises(RenderError, match='unknown variable "due"'):
        render("{{ vars.due }}", {"vars": {}})


@pytest.mark.parametrize(
    "template",
    [
        "{% for a in vars.many %}{{ '' if (due | date) }}{% endfor %}",
        "{% for a in vars.many %}{{ '' if (vars.wide | shorten(1)) }}{% endfor %}",
        "{{ vars.many | hashtags }}",
        "{{ due | date('" + "d" * 101 + "') }}",
    ],
)
def test_filters_have_their_price(template: str) -> None:
    render("{{ due | date }}", VARIABLES)
    start = time.process_time()
    with pytest.raises(RenderError):
        render(template, VARIABLES)
    assert time.process_time() - start < 0.5


def test_babel_is_loaded_when_a_language_matters() -> None:
    code = (
        "import sys\nfrom socialauto.core.render import render\n"
        "render('{{ a | upper }}', {'a': 'b'})\nassert 'babel' not in sys.modules\n"
        "render('{{ 1 | number }}', {})\nassert 'babel' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
