"""From files to the words that go out: templates, data, dates, Markdown, tracking, what fits."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.core.delivery import Delivery
from socialauto.core.ledger import State
from socialauto.core.occurrences import Ago, calendar_of, delivery_for, occurring
from socialauto.core.slots import queued
from socialauto.engine.load import Loaded, load
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import open_repository
from socialauto.repository.worktree import WorkTree
from support.builders import entry
from support.media_samples import jpeg
from support.repositories import new_repository

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
AGO = Ago(NOW, NOW - timedelta(days=30), lambda path: None)
CONFIG = """\
timezone: Europe/Berlin
vars: {shop: the team's, town: Berlin}
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME", vars: {shop: the account's}}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
"""
MEDIA = 'media: [{path: /content/one.jpg, alt: "A door"}]\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "one.jpg").write_bytes(jpeg())
    (tmp_path / "socialauto.yaml").write_text(CONFIG)
    return tmp_path


def put(root: Path, files: dict[str, str]) -> None:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


def seen(root: Path, files: dict[str, str], *, more: str = "") -> Loaded:
    put(root, files)
    if more:
        (root / "socialauto.yaml").write_text(CONFIG + more)
    return load(WorkTree(root), now=NOW)


def post(body: str, more: str = "", *, accounts: str = "acme", when: str = "") -> str:
    when = when or "time: 2026-12-01 09:00"
    return f"---\naccounts: [{accounts}]\n{when}\n{MEDIA}{more}---\n{body}\n"


def only(state: Loaded) -> Delivery:
    assert [str(one) for one in state.findings] == []
    (delivery,) = state.deliveries
    return delivery


def text(state: Loaded) -> str:
    return only(state).message.text


# Templates


def test_a_template_is_put_around_the_text(root: Path) -> None:
    state = seen(
        root,
        {
            "content/a.md": post(
                "Rye, {{ vars.weight }}.", "template: shop/product\nvars: {weight: 1 kg}\n"
            ),
            "templates/shop/product.j2": "New in {{ vars.town }}:\n\n{{ text }}\n\n{{ id }}\n",
        },
    )
    assert text(state) == "New in Berlin:\n\nRye, 1 kg.\n\na"


def test_what_a_text_says_is_no_template_again(root: Path) -> None:
    files = {
        "content/a.md": post("{% raw %}{{ id }}{% endraw %}", "template: x\n"),
        "templates/x.j2": "{{ text }}!",
    }
    assert text(seen(root, files)) == "{{ id }}!"


def test_an_account_can_have_a_template_of_its_own(root: Path) -> None:
    own = "overrides: {bakery: {template: loud}}\n"
    files = {
        "content/a.md": post("Rye", f"template: quiet\n{own}", accounts="acme, bakery"),
        "templates/quiet.j2": "{{ text | lower }}",
        "templates/loud.j2": "{{ text | upper }}",
    }
    assert [one.message.text for one in seen(root, files).deliveries] == ["rye", "RYE"]


def test_a_template_that_fails_keeps_the_post_from_going_out(root: Path) -> None:
    files = {"content/a.md": post("Rye", "template: x\n"), "templates/x.j2": "a\n{{ vars.shp }}"}
    (delivery,) = seen(root, files).deliveries
    assert delivery.invalid.startswith(
        'content/a.md:5:11: SA512 templates/x.j2:2: unknown variable "shp"; did you mean "shop"?'
    )


def test_a_template_is_never_read_through_a_link(root: Path) -> None:
    (root / "secret.txt").write_text("secret")
    (root / "templates").mkdir()
    (root / "templates" / "x.j2").symlink_to("../secret.txt")
    state = seen(root, {"content/a.md": post("Rye", "template: x\n")})
    assert [str(one) for one in state.findings] == [
        'content/a.md:5:11: SA511 there is no template "x"; write templates/x.j2',
        "templates/x.j2:1:1: SA118 this is a link, which is never followed, not a regular file; "
        "put the file itself here",
    ]


def test_a_template_is_read_as_utf_8(root: Path) -> None:
    (root / "templates").mkdir()
    (root / "templates" / "x.j2").write_bytes(b"B\xe4ckerei")
    state = seen(root, {"content/a.md": post("Rye", "template: x\n")})
    assert [str(one) for one in state.findings] == [
        "content/a.md:5:11: SA512 templates/x.j2:1: byte 0xE4 is not UTF-8",
        "templates/x.j2:1:2: SA102 byte 0xE4 is not UTF-8; save the file as UTF-8",
    ]


def test_a_folder_of_templates_that_is_a_link_is_told(root: Path) -> None:
    (root / "elsewhere").mkdir()
    (root / "templates").symlink_to("elsewhere")
    assert [one.code for one in seen(root, {}).findings] == ["SA118"]


def test_what_is_committed_counts_and_not_what_lies_there(root: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/a.md": post("{{ data.bread.name }}", "template: x\n"),
        "content/one.jpg": jpeg(),
        "socialauto.yaml": CONFIG,
        "templates/x.j2": "Committed: {{ text }}",
        "data/bread.yaml": "name: Rye\n",
    }
    new_repository(root, files)
    put(root, {"templates/x.j2": "Not yet: {{ text }}", "data/bread.yaml": "name: Oat\n"})
    with CommitTree(open_repository(root), "HEAD") as tree:
        assert text(load(tree)) == "Committed: Rye"
    assert text(load(WorkTree(root))) == "Not yet: Oat"


# Variables and data


def test_the_nearest_value_of_a_variable_counts(root: Path) -> None:
    body = "{{ vars.shop }}, {{ vars.town }}"
    more = "vars: {town: Bonn}\noverrides: {bakery: {vars: {shop: the override's}}}\n"
    state = seen(root, {"content/a.md": post(body, more, accounts="acme, bakery")})
    assert [one.message.text for one in state.deliveries] == [
        "the account's, Bonn",
        "the override's, Bonn",
    ]


def test_an_entry_of_a_pool_adds_its_variables(root: Path) -> None:
    series = f"account: acme\nevery: monday 09:00\n{MEDIA}vars: {{a: 1, b: 2}}\n"
    series += 'text: "{{ vars.a }}{{ vars.b }}"\npool: [{vars: {b: 3}}, {vars: {a: 4}}]\n'
    (made,) = seen(root, {"schedules/s.yaml": series}).series
    assert [one.message.text for one in made.pool] == ["13", "42"]


def test_data_is_read_when_a_text_names_it_and_not_before(root: Path) -> None:
    broken = {"data/bread.json": "{"}
    assert text(seen(root, {"content/a.md": post("No figures."), **broken})) == "No figures."
    state = seen(root, {"content/a.md": post("{{ data.bread | default('none') }}")})
    assert [one.code for one in state.findings] == ["SA513", "SA513"]
    (delivery,) = state.deliveries
    assert "SA513" in delivery.invalid


def test_data_can_be_named_in_comments_and_templates_alone(root: Path) -> None:
    files = {
        "content/a.md": post("Rye", 'template: x\nfirst_comment: "{{ data.bread[0].price }}"\n'),
        "templates/x.j2": "{{ text }} {{ data.bread | length }}",
        "data/bread.csv": "name,price\nRye,4.20\n",
    }
    message = only(seen(root, files)).message
    assert (message.text, message.options["first_comment"]) == ("Rye 1", "4.20")


def test_too_much_data_is_refused_before_it_is_read(root: Path) -> None:
    rows = "a\n" + f"{'x' * 50}\n" * 4_000
    files = {f"data/f{number}.csv": rows for number in range(11)}
    state = seen(root, {"content/a.md": post("{{ data.f0[0].a }}"), **files})
    assert {one.path: one.code for one in state.findings if one.path.startswith("data")} == {
        "data/f9.csv": "SA104"
    }


# Dates


def test_a_text_knows_when_it_goes_out(root: Path) -> None:
    body = '{{ due | date("EEEE, d. MMMM", locale="de") }} {{ due | time }} {{ due }}'
    state = seen(root, {"content/a.md": post(body, "timezone: America/New_York\n")})
    assert text(state) == "Dienstag, 1. Dezember 9:00\u00a0AM 2026-12-01 09:00"


def test_the_posts_language_counts_before_the_teams(root: Path) -> None:
    files = {"content/a.md": post("{{ due | date }}", "language: fr\n")}
    message = only(seen(root, files, more="language: de\n")).message
    assert (message.text, dict(message.options)) == ("1 décembre 2026", {})
    files = {"content/a.md": post("{{ due | date }}")}
    assert text(seen(root, files)) == "1. Dezember 2026"


def test_a_language_that_nothing_uses_is_still_told_of(root: Path) -> None:
    state = seen(root, {"content/a.md": post("Bonjour", "language: fr\n")})
    assert [one.code for one in state.findings] == ["SA210"]


def test_a_wrong_time_is_told_of_once(root: Path) -> None:
    state = seen(root, {"content/a.md": post("{{ due | date }}", when="time: 2026-13-01 09:00")})
    assert [one.code for one in state.findings] == ["SA302"]


SERIES = f"""\
account: acme
every: monday 09:00
timezone: Europe/Berlin
start: 2026-11-23
{MEDIA}"""
DATED = "text: \"Week {{ due | date('w') }}, {{ due | date('MMMM d') }}\"\n"


def texts_of(state: Loaded, *, days: int = 21) -> list[tuple[str, str]]:
    (series,) = state.series
    found = calendar_of(series, NOW, NOW + timedelta(days=days))
    return [(one.key.occurrence[5:10], one.message.text) for one in found]


def test_each_date_of_a_series_has_its_own_text(root: Path) -> None:
    state = seen(root, {"schedules/s.yaml": SERIES + DATED})
    assert texts_of(state) == [
        ("11-23", "Week 48, November 23"),
        ("11-30", "Week 49, November 30"),
        ("12-07", "Week 50, December 7"),
    ]
    planned = occurring(state.series, (), AGO)
    assert [one.message.text for one in planned][:2] == [
        "Week 48, November 23",
        "Week 49, November 30",
    ]
    assert len({one.message.digest for one in planned}) == len(planned)


def test_a_date_that_is_moved_says_when_it_goes_out(root: Path) -> None:
    moved = "except: [{on: 2026-11-30, move: 2026-12-01 18:00}]\n"
    state = seen(root, {"schedules/s.yaml": SERIES + DATED + moved})
    assert texts_of(state)[1] == ("11-30", "Week 49, December 1")


def test_what_is_different_on_a_date_knows_it_too(root: Path) -> None:
    other = "except: [{on: 2026-11-30, replace: {text: \"Only {{ due | date('d') }}\"}}]\n"
    state = seen(root, {"schedules/s.yaml": SERIES + DATED + other})
    assert texts_of(state)[1] == ("11-30", "Only 30")


def test_the_text_of_a_date_is_the_clock_of_its_zone(root: Path) -> None:
    series = SERIES.replace("Europe/Berlin", "Pacific/Auckland").replace("09:00", "00:30")
    state = seen(root, {"schedules/s.yaml": series + 'text: "{{ due }}"\n'})
    assert texts_of(state)[0] == ("11-23", "2026-11-23 00:30")


def test_a_text_without_a_date_is_composed_once(root: Path) -> None:
    state = seen(root, {"schedules/s.yaml": SERIES + "text: Monday, as is due.\n"})
    planned = occurring(state.series, (), AGO)
    assert {id(one.message) for one in planned} == {id(state.series[0].pool[0].message)}


def test_what_was_begun_for_a_date_goes_on_with_its_words(root: Path) -> None:
    pool = "pool: [\"A {{ due | date('d') }}\", \"B {{ due | date('d') }}\"]\n"
    state = seen(root, {"schedules/s.yaml": SERIES + pool})
    first, second = occurring(state.series, (), AGO)[:2]
    assert (first.message.text, second.message.text) == ("A 23", "B 30")
    # Begun with the other entry of the pool, before an edit changed whose turn it is.
    other = replace(second, message=state.series[0].pool[0].at(second.due).message)
    begun = entry(other, State.RETRY)
    planned = occurring(state.series, [begun], replace(AGO, now=second.due))
    assert next(one.message.text for one in planned if one.key == second.key) == "A 30"
    found = delivery_for(state.series, second.key, other.message.digest)
    assert found is not None
    assert found.message.text == "A 30"


def test_an_entry_of_a_pool_rests_whatever_date_it_named(root: Path) -> None:
    pool = "pool: [\"A {{ due | date('d') }}\", \"B {{ due | date('d') }}\", C]\ncool_down: 15d\n"
    state = seen(root, {"schedules/s.yaml": SERIES + pool})
    (series,) = state.series
    third = list(calendar_of(series, NOW, NOW + timedelta(days=21)))[2]
    # An edit has put the first entry there; a week later it would be its turn again.
    late = replace(third, message=series.pool[0].at(third.due).message)
    sent = entry(late, State.PUBLISHED, published_at=late.due)
    after = replace(AGO, now=late.due + timedelta(hours=1))
    coming = [one for one in occurring([series], [sent], after) if one.due > after.now]
    assert (third.message.text, late.message.text) == ("C", "A 7")
    assert coming[0].message.text == "B 14"


def test_a_published_date_never_drifts(root: Path) -> None:
    state = seen(root, {"schedules/s.yaml": SERIES + DATED})
    first = occurring(state.series, (), AGO)[0]
    sent = entry(first, State.PUBLISHED, published_at=first.due)
    later = replace(AGO, now=first.due + timedelta(days=1))
    again = next(one for one in occurring(state.series, [sent], later) if one.key == first.key)
    assert again.message.digest == sent.digest


def test_a_date_whose_text_cannot_be_made_does_not_go_out(root: Path) -> None:
    body = "text: \"{{ 1 / ((due | date('M') | int) - 12) }}\"\n"
    put(root, {"schedules/s.yaml": SERIES + body})
    state = load(WorkTree(root))  # without a clock nobody looks at dates to come
    assert state.findings == ()
    dates = calendar_of(state.series[0], NOW, NOW + timedelta(days=21))
    planned = {one.key.occurrence[5:7]: one for one in dates}
    assert (planned["11"].invalid, planned["11"].message.text) == ("", "-1.0")
    assert "division by zero" in planned["12"].invalid


def test_a_date_with_too_long_a_text_keeps_the_others_from_nothing(root: Path) -> None:
    body = f"text: \"{{{{ due | date('MMMM') }}}} {'x' * 2_192}\"\n"
    state = seen(root, {"schedules/s.yaml": SERIES.replace("2026-11-23", "2026-05-04") + body})
    assert [(one.code, one.severity) for one in state.findings] == [("SA501", "warning")]
    dates = list(calendar_of(state.series[0], NOW, NOW + timedelta(days=120)))
    fit = [one.due.month in (1, 3) for one in dates]
    assert {True, False} == set(fit)
    assert [not one.invalid for one in dates] == fit


def test_a_template_that_fails_on_some_date_is_no_error_of_the_template(root: Path) -> None:
    files = {
        "schedules/s.yaml": SERIES + "text: a\ntemplate: x\n",
        "templates/x.j2": "{{ text }} {{ 1 / ((due | date('M') | int) - 12) }}",
    }
    (found,) = seen(root, files).findings
    assert (found.path, found.code, found.severity) == ("schedules/s.yaml", "SA512", "warning")
    assert found.message.startswith("templates/x.j2:1: the template cannot be filled in: div")


QUEUED = {
    "schedules/mornings.yaml": "slots: [monday 09:00, thursday 18:30]\ntimezone: Asia/Tokyo\n",
    "content/a.md": post("A {{ due }}", when="schedule: mornings"),
    "content/b.md": post("B {{ due }}", when="schedule: mornings"),
}


def test_a_queued_post_names_its_slot(root: Path) -> None:
    state = seen(root, QUEUED)
    assert state.findings == ()
    made = queued(state.waiting, (), AGO)
    assert [one.message.text for one in made] == ["A 2026-11-23 09:00", "B 2026-11-26 18:30"]
    sent = entry(made[1], State.PUBLISHED, published_at=made[1].due)
    later = replace(AGO, now=made[1].due + timedelta(days=30))
    again = {one.key.post: one.message for one in queued(state.waiting, [sent], later)}
    assert again["b"].digest == sent.digest
    assert again["a"].text == "A 2026-12-28 09:00"


# Markdown, tracking, what fits


def test_markdown_becomes_plain_text_where_it_is_asked_for(root: Path) -> None:
    body = "**New:** [rye](https://example.org/rye)\n\n- one kilo"
    plain = "New: rye (https://example.org/rye)\n\n• one kilo"
    comment = 'markup: markdown\nfirst_comment: "*Rye* and @anna_b_"\n'
    message = only(seen(root, {"content/a.md": post(body, comment)})).message
    assert (message.text, message.options["first_comment"]) == (plain, "Rye and @anna_b_")
    files = {"content/a.md": post(body)}
    assert text(seen(root, files, more="markup: markdown\n")) == plain
    files = {"content/a.md": post(body, "markup: plain\n")}
    assert [one.code for one in seen(root, files).findings] == ["SA505"]
    files = {"content/a.md": post(r"\*\*as typed\*\*")}
    assert text(seen(root, files)) == "**as typed**"


def test_an_account_can_have_its_own_markup(root: Path) -> None:
    config = CONFIG.replace('"env:BAKERY"', '"env:BAKERY", markup: markdown')
    (root / "socialauto.yaml").write_text(config)
    state = seen(root, {"content/a.md": post("a `b`", accounts="acme, bakery")})
    assert [one.message.text for one in state.deliveries] == ["a `b`", "a b"]


UTM = """\
utm: {source: instagram, campaign: "{{ id }}-{{ account }}", domains: [example.org]}
"""


def test_links_of_the_team_get_its_parameters(root: Path) -> None:
    body = "Ours: https://shop.example.org/?a=1. Theirs: https://example.com"
    more = 'first_comment: "https://example.org"\n'
    message = only(seen(root, {"content/a.md": post(body, more)}, more=UTM)).message
    tags = "utm_source=instagram&utm_campaign=a-acme"
    assert (
        message.text == f"Ours: https://shop.example.org/?a=1&{tags}. Theirs: https://example.com"
    )
    assert message.options["first_comment"] == f"https://example.org?{tags}"


def test_an_account_says_what_is_different_or_nothing(root: Path) -> None:
    config = CONFIG.replace('"env:ACME"', '"env:ACME", utm: {source: ig}')
    config = config.replace('"env:BAKERY"', '"env:BAKERY", utm: false')
    (root / "socialauto.yaml").write_text(config + UTM)
    state = seen(root, {"content/a.md": post("https://example.org", accounts="acme, bakery")})
    assert [one.message.text for one in state.deliveries] == [
        "https://example.org?utm_source=ig&utm_campaign=a-acme",
        "https://example.org",
    ]


def test_a_text_that_is_cut_keeps_its_hashtags_and_says_so(root: Path) -> None:
    words = "bread 🥖 " * 400
    more = "overflow: truncate\nhashtags: [rye, oat]\n"
    state = seen(root, {"content/a.md": post(words + "#rye", more)})
    assert [(one.code, one.severity) for one in state.findings] == [("SA517", "warning")]
    (delivery,) = state.deliveries
    made = delivery.message.text
    assert made.endswith("…\n\n#rye #oat")
    assert 2_190 < len(made.encode("utf-16-le")) // 2 <= 2_200
    assert delivery.invalid == ""


def test_hashtags_that_are_too_long_alone_are_refused(root: Path) -> None:
    tags = ", ".join(f"{'x' * 90}{number}" for number in range(29))
    state = seen(root, {"content/a.md": post("Rye", f"overflow: truncate\nhashtags: [{tags}]\n")})
    assert [one.code for one in state.findings] == ["SA501"]


def test_a_text_that_fits_is_not_touched(root: Path) -> None:
    assert text(seen(root, {"content/a.md": post("Rye", "hashtags: [a]\n")})) == "Rye\n\n#a"
    files = {"content/a.md": post("Rye", "hashtags: [a]\n")}
    assert text(seen(root, files, more="overflow: truncate\n")) == "Rye\n\n#a"


def test_posts_without_all_this_load_none_of_it(root: Path) -> None:
    put(root, {"content/a.md": post("Rye, due at nine; see data."), "data/bread.json": "{"})
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from socialauto.engine.load import load\n"
        "from socialauto.repository.worktree import WorkTree\n"
        f"assert load(WorkTree(Path({str(root)!r}))).findings == ()\n"
        "assert not {'jinja2', 'babel', 'markdown_it'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
