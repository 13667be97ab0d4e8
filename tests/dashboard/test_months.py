"""Days, weeks and months on the team's clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from socialauto.dashboard.months import IN_A_DAY, IN_A_WEEKDAY, Day, Sheet, months, weeks
from socialauto.dashboard.scene import Scene
from support.scenery import NOW, delivery, many, scene


def day(sheets: list[Sheet], page: str, wanted: date) -> Day:
    sheet = next(one for one in sheets if one.page == page)
    return next(day for row in sheet.weeks for day in row if day.date == wanted)


def on(*dues: datetime) -> Scene:
    return scene([delivery(f"p{number}", due) for number, due in enumerate(dues)], [])


def test_a_post_lies_on_the_day_that_the_team_s_clocks_show() -> None:
    made = on(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))  # half past midnight in Berlin
    sheets = months(made)
    assert [one.page for one in sheets] == ["calendar/2026-12.html", "calendar/2027-01.html"]
    assert day(sheets, "calendar/2027-01.html", date(2027, 1, 1)).total == 1
    assert day(sheets, "calendar/2026-12.html", date(2026, 12, 31)).total == 0
    assert day(weeks(made), "calendar/2026-W53.html", date(2027, 1, 1)).total == 1


def test_both_hours_of_the_night_when_clocks_go_back_are_one_day() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    made = on(first, first + timedelta(hours=1))
    assert day(months(made), "calendar/2026-10.html", date(2026, 10, 25)).total == 2


def test_months_without_posts_are_stepped_over() -> None:
    made = months(on(NOW, NOW + timedelta(days=100)))
    assert [(one.before, one.after) for one in made] == [
        ("", "calendar/2027-03.html"),
        ("calendar/2026-12.html", ""),
    ]


def test_this_month_is_there_without_a_post() -> None:
    (sheet,) = months(many(0))
    assert (sheet.page, sheet.title, sheet.total) == ("calendar/2026-12.html", "December 2026", 0)
    assert [day.date for row in sheet.weeks for day in row if day.today] == [date(2026, 12, 2)]


def test_a_full_day_leads_to_its_week_and_a_fuller_one_to_the_list() -> None:
    made = on(*(NOW + timedelta(minutes=number) for number in range(IN_A_WEEKDAY + 10)))
    short = day(months(made), "calendar/2026-12.html", date(2026, 12, 2))
    assert (len(short.items), short.left_out) == (IN_A_DAY, IN_A_WEEKDAY + 10 - IN_A_DAY)
    assert short.week == "calendar/2026-W49.html"
    long = day(weeks(made), "calendar/2026-W49.html", date(2026, 12, 2))
    assert (len(long.items), long.left_out) == (IN_A_WEEKDAY, 10)
    dues = [item.due for item in long.items]
    assert dues == sorted(dues)


def test_weeks_follow_each_other_over_the_year_s_turn() -> None:
    made = weeks(on(datetime(2026, 12, 30, 9, tzinfo=UTC), datetime(2027, 1, 4, 9, tzinfo=UTC)))
    turn = next(one for one in made if one.page == "calendar/2026-W53.html")
    assert turn.title == "Week 53, 28 Dec to 3 Jan 2027"
    assert (turn.before, turn.after) == ("calendar/2026-W52.html", "calendar/2027-W01.html")
