from __future__ import annotations

import subprocess
import sys
import time
from typing import Any

import pytest

from socialauto.core.render import RenderError, render

VARIABLES: dict[str, Any] = {
    "vars": {
        "product": "Winter Blend",
        "price": "12.50",
        "shops": ["Berlin", "Köln", "Wien"],
        "items": "the author's own key",
        "many": [str(number) for number in range(5_000)],
        "long": "x" * 9_000,
        "too_long": "x" * 10_001,
        "empty": [],
        "rows": [{"name": "espresso", "gram": 18}],
    },
    "account": "acme-instagram",
}


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Our {{ vars.product }}!", "Our Winter Blend!"),
        ("{{ vars['product'] | upper }}", "WINTER BLEND"),
        ("{{ vars.items }}", "the author's own key"),
        ("{{ vars.shops | join(', ') }}", "Berlin, Köln, Wien"),
        ("{{ vars.shops[0] }} {{ vars.shops | last }}", "Berlin Wien"),
        ("{{ vars.product[:6] }}", "Winter"),
        ("{{ vars.price | float * 2 }}", "25.0"),
        ("{{ vars.price | float | round(1) }} {{ vars.price | float | round }}", "12.5 12"),
        ("{{ vars.shops | length + 1 }}", "4"),
        ("{{ vars.rows[0].name }} {{ vars.rows[0].gram }} g", "espresso 18 g"),
        ("{{ vars.product ~ '/' ~ account }}", "Winter Blend/acme-instagram"),
        ("{{ vars.product | replace('Winter', 'Spring') }}", "Spring Blend"),
        ("{{ vars.nothing | default('soon') }}", "soon"),
        ("{% if vars.nothing is defined %}a{% else %}b{% endif %}", "b"),
        ("{% if 'Wien' in vars.shops and not vars.empty %}yes{% endif %}", "yes"),
        ("{% for shop in vars.shops %}{{ loop.index }}{{ shop[0] }}{% endfor %}", "1B2K3W"),
        ("{% for shop in vars.shops if shop != 'Wien' %}{{ shop }} {% endfor %}", "Berlin Köln"),
        ("{% for a in vars.empty %}x{% else %}none{% endfor %}", "none"),
        ("{% raw %}{{ as typed }}{% endraw %}", "{{ as typed }}"),
        ("a{# a note #}b", "ab"),
        ("{{ 'a' if vars.empty else 'b' }}", "b"),
        ("{{ vars.shops | unique | sort | first }}", "Berlin"),
    ],
)
def test_a_template_is_filled_in(template: str, text: str) -> None:
    assert render(template, VARIABLES) == text


def test_a_line_with_nothing_but_a_tag_leaves_no_empty_line() -> None:
    template = "Shops:\n{% for shop in vars.shops %}\n- {{ shop }}\n{% endfor %}\n{# note #}\nBye"
    assert render(template, VARIABLES) == "Shops:\n- Berlin\n- Köln\n- Wien\nBye"


def test_a_tag_at_the_end_of_a_line_keeps_the_line_break() -> None:
    assert render("Hi{% if account %}!{% endif %}\nBye", VARIABLES) == "Hi!\nBye"


def test_white_space_at_line_ends_is_removed_and_nothing_else() -> None:
    assert render("  One  \n\nTwo\t\n\n \n", {}) == "  One\n\nTwo"


@pytest.mark.parametrize("text", ["50 % off {now}", "a } b { c", "C# {x}", "~ ** ~"])
def test_text_without_template_marks_stays_as_it_is(text: str) -> None:
    assert render(text, {}) == text


def test_text_without_template_marks_never_loads_jinja() -> None:
    code = (
        "import sys\nfrom socialauto.core.render import render\n"
        "render('plain', {})\nassert 'jinja2' not in sys.modules\n"
        "render('{{ a }}', {'a': 'b'})\nassert 'jinja2' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("template", "line", "message"),
    [
        ("Hi\n{{ vars.prodct }}", 2, 'unknown variable "prodct"; did you mean "product"?'),
        ("{{ vars.rows[0].kilo }}", 1, 'unknown variable "kilo"; known are gram, name'),
        ("\n\n{{ product }}", 3, 'unknown variable "product"'),
        ("{% if 1 %}\n{% endif %}\n\n{{ product }}", 4, 'unknown variable "product"'),
        ("{% for a in product %}{% endfor %}", 1, 'unknown variable "product"'),
        (
            "{{ vars.shops }}",
            1,
            "this prints a list and not a text; choose a part of it or join it",
        ),
        (
            "{{ vars.rows[0] }}",
            1,
            "this prints a mapping and not a text; choose a part of it or join it",
        ),
        (
            "{{ 1 == 1 }}",
            1,
            "this prints true or false and not a text; choose a part of it or join it",
        ),
        ("{{ none }}", 1, "this prints nothing and not a text; choose a part of it or join it"),
        ("{{ account | uper }}", 1, 'unknown filter "uper"; did you mean "upper"?'),
        ("{{ account is defned }}", 1, 'unknown test "defned"; did you mean "defined"?'),
        (
            "{% for a in account %}{% endfor %}",
            1,
            "a loop goes over a list, this is a single value",
        ),
        ("{{ account | join }}", 1, "join takes a list, this is a text"),
        ("{{ 'a' + 'b' }}", 1, "+ takes two numbers; join texts with ~"),
        ("{{ 99999999 * 99999999 }}", 1, "the result of * is too large"),
        (
            "{{ vars.long | replace('x', 'yy') }}",
            1,
            "replaced, this has more than 10,000 characters",
        ),
        ("\n{{ 1 / 0 }}", 2, "the template cannot be filled in: division by zero"),
        ("{{ vars.product.upper() }}", 1, "a call with ( ) is not available in posts"),
        ("{% set a = 1 %}", 1, "{% set %} is not available in posts"),
        ("{% include 'secrets' %}", 1, "{% include %} is not available in posts"),
        ("{% import 'a' as b %}", 1, "{% import %} is not available in posts"),
        ("{% extends 'a' %}", 1, "{% extends %} is not available in posts"),
        ("{% macro a() %}{% endmacro %}", 1, "{% macro %} is not available in posts"),
        ("{{ {'a': 1} }}", 1, "a { } mapping is not available in posts"),
        ("{{ 2 ** 3 }}", 1, "** (power) is not available in posts"),
        ("{{ self }}", 1, 'unknown variable "self"'),
        ("{{ _budget }}", 1, 'unknown variable "_budget"'),
        ("{{ vars.product.__class__ }}", 1, 'unknown variable "__class__"'),
        ("{{ account.upper }}", 1, 'unknown variable "upper"'),
        (
            "a\n{{ unclosed",
            2,
            "not a valid template: unexpected end of template, expected 'end of print statement'.",
        ),
        ("{% if account %}", 1, None),
    ],
)
def test_a_template_that_cannot_be_filled_in_says_where_and_why(
    template: str, line: int, message: str | None
) -> None:
    with pytest.raises(RenderError) as caught:
        render(template, VARIABLES)
    assert caught.value.line == line
    assert message is None or caught.value.message == message


LOOP = "{% for a in vars.many %}"
END = "{% endfor %}"

HOSTILE = {
    "nested loops": LOOP * 3 + END * 3,
    "loop over a huge range": "{% for a in range(1000000000) %}{% endfor %}",
    "recursive loop": "{% for a in vars.many recursive %}{{ loop(vars.many) }}{% endfor %}",
    "costly body": LOOP + "{% if vars.long | upper %}{% endif %}" * 200 + END,
    "power": "{{ 10 ** 10 ** 10 }}",
    "product": "{{ " + " * ".join(["9999999999"] * 400) + " }}",
    "text times number": "{{ 'a' * 1000000000 }}",
    "list times number": "{{ [1] * 1000000000 }}",
    "wide format": "{{ '%1000000000d' % 1 }}",
    "wide center": "{{ 'a' | center(1000000000) }}",
    "deep round": "{{ 1.5 | round(1000000000, 'ceil') }}",
    "growing replace": "{{ 'aaaaaaaa'" + " | replace('a', 'aaaaaaaaaaaaaaaa')" * 20 + " }}",
    "replacing nothing": "{{ vars.long | replace('', vars.long) }}",
    "long separator": "{{ vars.many | join(vars.long) }}",
    "long chain": "{{ " + " ~ ".join(["vars.long"] * 700) + " }}",
    "much output": LOOP + "{{ vars.long }}" + END,
    "many outputs": "{{ vars.long }}" * 600,
    "long value": "{{ vars.too_long }}",
    "parentheses": "{{ " + "(" * 4_000 + "1" + ")" * 4_000 + " }}",
    "nots": "{{ " + "not " * 2_000 + "1 }}",
    "signs": "{{ " + "-" * 9_000 + "1 }}",
    "attributes": "{{ vars" + ".a" * 4_000 + " }}",
    "nested ifs": "{% if 1 %}" * 450 + "{% endif %}" * 450,
    "huge number": "{{ " + "9" * 9_000 + " }}",
    "long template": "{{ 1 }}" * 5_000,
    "unclosed tags": "{% " * 3_000,
    "lone tag lookalikes": " {# " * 2_400,
    "budget taken": "{{ vars | counted(0) }}",
}


def refusal_time(template: str) -> float:
    start = time.process_time()
    with pytest.raises(RenderError):
        render(template, VARIABLES)
    return time.process_time() - start


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_template_is_refused_in_a_tenth_of_a_second(name: str) -> None:
    render("{{ account }}", VARIABLES)  # the engine itself is loaded
    assert min(refusal_time(HOSTILE[name]) for _ in range(2)) < 0.1


def test_the_budget_is_a_text_s_own() -> None:
    loop = LOOP + "{{ '' }}" + END
    for _ in range(10):
        assert render(loop, VARIABLES) == ""
