"""The pages in a real browser, opened as files: light and dark, phone and desk, 0 to 600 posts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from socialauto.dashboard.accounts import standings
from socialauto.dashboard.render import Pages
from socialauto.dashboard.site import build, data_files
from support import scenery
from support.browsing import DESK, PHONE, Looker, axe_script, browser, needs_browser

if TYPE_CHECKING:
    from playwright.sync_api import Page

SCENES = {
    "none": scenery.many(0),
    "one": scenery.many(1),
    "busy": scenery.busy(),
    "many": scenery.many(600),
    "hostile": scenery.hostile(),
    "shared": scenery.shared(),
}
POST = {
    "none": "",
    "one": "posts/archive-post-00000.*.html",
    "busy": "posts/2026-11-post-01.*.html",
    "many": "posts/archive-post-00300.*.html",
    "hostile": "posts/evil-script.*.html",
    "shared": "posts/2026-12-advent.*.html",
}

pytestmark = [
    needs_browser,
    pytest.mark.xdist_group("dashboard-browser"),
]


@pytest.fixture(scope="module")
def looker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Looker]:
    pytest.importorskip("axe_playwright_python", reason="pip install axe-playwright-python")
    root = tmp_path_factory.mktemp("sites")
    for name, scene in SCENES.items():
        build(scene, root / name, read=scenery.read, caps={"acme-instagram": 50})
    with browser() as started:
        yield Looker(started, root, axe_script())


WEEK = "calendar/2026-W49.html"
EDITED = "posts/2026-11-edited.*.html"
PAGES = ("index.html", "posts.html", "calendar/index.html", "accounts.html", "runs.html")


@pytest.mark.parametrize(
    ("scene", "size", "dark", "names"),
    [
        ("busy", DESK, False, ("index.html", "calendar/index.html", POST["busy"])),
        ("busy", PHONE, True, (*PAGES, WEEK, POST["busy"])),
        ("none", PHONE, True, ("index.html", "posts.html", "runs.html")),
        ("none", DESK, False, ("calendar/index.html", "accounts.html")),
        ("one", DESK, True, ("index.html", POST["one"])),
        ("many", DESK, True, ("posts.html", WEEK)),
        ("many", PHONE, False, ("index.html", "calendar/index.html")),
        ("hostile", DESK, False, ("posts.html", POST["hostile"])),
        ("hostile", PHONE, True, ("index.html", POST["hostile"])),
        ("shared", DESK, True, ("accounts.html", "posts.html", POST["shared"], EDITED)),
        ("shared", PHONE, False, ("accounts.html", POST["shared"], EDITED)),
    ],
)
def test_no_page_has_a_barrier(
    looker: Looker, scene: str, size: tuple[int, int], dark: bool, names: tuple[str, ...]
) -> None:
    page = looker.open(scene, names[0], size=size, dark=dark)
    for name in names:
        page.goto(looker.file(scene, name).as_uri())
        assert looker.violations(page) == [], name
    page.context.close()


@pytest.mark.parametrize("size", [DESK, PHONE])
@pytest.mark.parametrize("scene", SCENES)
def test_no_page_complains_or_runs_over_its_edge(
    looker: Looker, scene: str, size: tuple[int, int]
) -> None:
    looker.faults.clear()
    page = looker.open(scene, "index.html", size=size)
    for name in (*PAGES, WEEK, *filter(None, [POST[scene]])):
        page.goto(looker.file(scene, name).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0], name
        assert page.title().endswith(" · socialauto")
    page.context.close()
    assert looker.faults == []


def test_the_check_for_barriers_can_fail(looker: Looker) -> None:
    page = looker.open("one", "index.html")
    page.evaluate("document.querySelector('h1').style.color = '#eee'")
    page.evaluate("document.querySelector('main').append(document.createElement('select'))")
    found = " ".join(looker.violations(page))
    assert "color-contrast" in found
    assert "select-name" in found
    page.context.close()


def titles(page: Page) -> list[str]:
    return page.locator("#list tbody .what > a").all_inner_texts()


def test_all_rows_are_found_wherever_they_are(looker: Looker) -> None:
    page = looker.open("many", "posts.html")
    page.get_by_text("600 posts").wait_for()
    assert len(titles(page)) == 50
    page.get_by_label("Search").fill("NUMBER 317")
    page.get_by_text("1 of 600 posts").wait_for()
    assert titles(page)[0].startswith("Post number 317.")
    page.get_by_label("Search").fill("")
    page.get_by_role("button", name="Further rows").click()
    assert page.locator("#place").inner_text() == "51 to 100 of 600"
    page.context.close()


def test_filters_go_together_and_stay_in_the_address(looker: Looker) -> None:
    page = looker.open("busy", "posts.html")
    page.get_by_text("51 posts").wait_for()
    page.get_by_label("Status").select_option("published")
    page.get_by_label("Account").select_option("acme-cafe")
    page.get_by_label("Type").select_option("image")
    page.get_by_label("Order").select_option("oldest first")
    found = titles(page)
    assert page.locator("#count").inner_text() == f"{len(found)} of 51 posts"
    assert len(found) == 6
    again = looker.open("busy", "posts.html", anchor="#" + page.url.partition("#")[2])
    again.get_by_text("6 of 51 posts").wait_for()
    assert titles(again) == found
    assert again.get_by_label("Account").input_value() == "acme-cafe"
    page.context.close()
    again.context.close()


def test_a_day_of_the_calendar_leads_to_its_posts(looker: Looker) -> None:
    page = looker.open("busy", "posts.html", anchor="#day=2026-12-03")
    page.get_by_text("3 of 51 posts").wait_for()
    times = page.locator("#list tbody td.time").all_inner_texts()
    assert [time[: len("Thu 3 Dec 2026")] for time in times] == ["Thu 3 Dec 2026"] * 3
    page.context.close()


def test_the_list_is_written_as_the_page_itself_was(looker: Looker) -> None:
    """What the script writes is what the template wrote, for the same rows."""
    plain = looker.open("hostile", "posts.html", scripts=False)
    lively = looker.open("hostile", "posts.html")
    lively.get_by_text("9 posts").wait_for()
    rows = "#list tbody tr"
    assert lively.locator(rows).all_text_contents() == plain.locator(rows).all_text_contents()
    plain.context.close()
    lively.context.close()


def test_without_scripts_the_page_still_shows_posts(looker: Looker) -> None:
    page = looker.open("busy", "posts.html", scripts=False)
    assert page.locator("#filters").is_hidden()
    assert len(titles(page)) == 50
    page.context.close()


def test_everything_is_reached_with_the_keyboard(looker: Looker) -> None:
    page = looker.open("busy", "index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.tiles') !== null")
    page.context.close()


def test_a_caption_is_folded_until_somebody_wants_more(looker: Looker) -> None:
    page = looker.open("busy", "posts/2026-11-post-08.*.html")
    whole = page.get_by_text("Roasted on Mondays")
    assert whole.is_hidden()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert whole.is_visible()
    page.context.close()


def test_ten_thousand_emoji_are_text(looker: Looker) -> None:
    page = looker.open("hostile", "posts/evil-emoji.*.html", size=PHONE)
    page.get_by_text("… more").click()
    assert page.locator("details p").inner_text() == "acme-instagram " + "🎈" * 10_000
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    page.context.close()


def test_ten_thousand_posts_are_listed_and_searched(looker: Looker, tmp_path: Path) -> None:
    """Without the 10,000 pages of the posts themselves, which the list only links to."""
    made = scenery.many(10_000)
    told = standings(made, {})
    pages = Pages(made, told).makers
    lists = [name for name in pages if not name.startswith("posts/")]
    for name, data in [*((name, pages[name]()) for name in lists), *data_files(made, told)]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(data)
    first = ("posts.html", "posts.js", "style.css", "icon.svg", "data/rows-0.js")
    assert sum((tmp_path / name).stat().st_size for name in first) < 300_000
    assert (tmp_path / "index.html").stat().st_size < 100_000
    page = Looker(looker.browser, tmp_path.parent, looker.axe).open(tmp_path.name, "posts.html")
    page.get_by_text("10,000 posts").or_(page.get_by_text("10000 posts")).first.wait_for()
    page.get_by_label("Search").fill("number 9876.")
    page.get_by_text("1 of 10000 posts").wait_for()
    assert titles(page)[0].startswith("Post number 9876.")
    assert looker.violations(page) == []
    page.goto((tmp_path / "calendar/index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= DESK[0]
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(297, 210)]
    page.context.close()


def test_authors_and_hashtags_are_filters_too(looker: Looker) -> None:
    page = looker.open("shared", "posts.html")
    page.get_by_text("5 posts").wait_for()
    page.get_by_label("Author").select_option("Lena Vogt")
    page.get_by_text("2 of 5 posts").wait_for()
    page.get_by_role("button", name="Show all").click()
    page.get_by_text("5 posts", exact=True).wait_for()
    page.get_by_label("Tag", exact=True).fill("#SlowCoffee")
    page.get_by_text("3 of 5 posts").wait_for()
    assert page.get_by_label("Platform").is_hidden()  # there is one, so nothing to choose
    page.goto(looker.file("shared", POST["shared"]).as_uri())
    page.get_by_role("link", name="#slowcoffee").first.click()
    page.get_by_text("3 of 5 posts").wait_for()
    page.context.close()


def test_the_place_in_a_long_list_stays_in_the_address(looker: Looker) -> None:
    page = looker.open("many", "posts.html", anchor="#order=old&from=151")
    page.get_by_text("151 to 200 of 600").wait_for()
    page.get_by_role("button", name="Further rows").click()
    assert page.url.endswith("#order=old&from=201")
    page.context.close()


def test_each_account_of_a_post_has_a_tab(looker: Looker) -> None:
    page = looker.open("shared", POST["shared"])
    tabs, panels = page.get_by_role("tab"), page.get_by_role("tabpanel")
    assert tabs.all_inner_texts() == ["acme-cafe", "acme-instagram", "acme-jobs"]
    assert panels.count() == 1
    tabs.nth(0).press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "acme-instagram"
    assert panels.get_by_text("huila.farm").first.is_visible()
    tabs.nth(2).click()
    assert panels.get_by_text("3 of 3").count() == 1
    again = looker.open("shared", POST["shared"], anchor="#on-3")
    assert again.get_by_role("tabpanel").get_by_text("3 of 3").count() == 1
    plain = looker.open("shared", POST["shared"], scripts=False)
    assert plain.locator(".phone").count() == 3
    assert plain.locator(".phone").nth(2).is_visible()
    for one in (page, again, plain):
        one.context.close()


def test_what_was_edited_afterwards_is_shown_line_by_line(looker: Looker) -> None:
    page = looker.open("shared", EDITED)
    lines = page.get_by_label("The text, line by line").get_by_role("listitem")
    assert lines.all_text_contents() == [
        "published: The shop is open until eight.",
        "now: The shop is open until <b>nine</b>.",
        "#late",
    ]
    assert page.get_by_text("A shop & its door").is_visible()
    page.context.close()


def pages_of(pdf: bytes) -> list[tuple[float, float]]:
    """The sizes of a PDF's pages, in millimetres."""
    found = re.findall(rb"/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [
        (round(float(wide) * 25.4 / 72), round(float(high) * 25.4 / 72)) for wide, high in found
    ]


@pytest.mark.parametrize("scene", ["busy", "many", "none"])
@pytest.mark.parametrize("name", ["calendar/index.html", "calendar/2026-11.html"])
def test_a_month_is_one_sheet_of_paper(looker: Looker, scene: str, name: str) -> None:
    if (scene, name) == ("none", "calendar/2026-11.html"):
        return  # nothing is in it, so it is not there
    page = looker.open(scene, name)
    assert pages_of(page.pdf(prefer_css_page_size=True)) == [(297, 210)]
    page.context.close()


def test_a_list_is_printed_without_what_cannot_be_pressed(looker: Looker) -> None:
    page = looker.open("busy", "posts.html")
    page.get_by_text("51 posts").wait_for()
    sizes = pages_of(page.pdf(prefer_css_page_size=True))
    assert set(sizes) == {(210, 297)}
    assert 2 <= len(sizes) <= 4
    page.emulate_media(media="print")
    for gone in ("nav", "#filters", "#turn"):
        assert page.locator(gone).is_hidden(), gone
    assert page.get_by_role("columnheader", name="Account").is_visible()
    page.goto(looker.file("shared", POST["shared"]).as_uri())
    assert page.locator(".phone").nth(2).is_visible()  # all accounts, not the chosen tab alone
    assert page.locator(".tabs").is_hidden()
    page.context.close()


def test_what_is_printed_is_dark_on_white(looker: Looker) -> None:
    page = looker.open("busy", "index.html", dark=True)
    page.emulate_media(media="print", color_scheme="light")
    assert page.locator("nav").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.context.close()
