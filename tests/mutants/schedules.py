"""The protections of series and queues, and how to take each of them away."""

from __future__ import annotations

from mutants.protections import Mutant, Patch

YEAR = "tests/simulation/test_year.py"
DATES = "tests/core/test_occurrences.py"
SLOTS = "tests/core/test_slots.py"
CLOCK = "tests/core/test_timetable.py"
EDITS = "tests/core/test_series_edits.py"
ZONES = "tests/core/test_every_zone.py"

OCCURRENCES = "core/occurrences.py"
QUEUES = "core/slots.py"

SCHEDULES = (
    Mutant(
        "series: no burst after a sleep",
        (
            Patch(
                OCCURRENCES,
                "[_counted(past, entries)] if _newest(series, entries, past, ago) else []",
                "[one for one in past if stamp(one.wall) not in entries]",
            ),
        ),
        (DATES, YEAR),
    ),
    Mutant(
        "series: a date is named by its wall clock",
        (
            Patch(
                OCCURRENCES,
                "    key = replace(version.key, occurrence=stamp(one.wall))\n",
                "    key = replace(version.key, occurrence=stamp(one.due))\n",
            ),
        ),
        (EDITS, YEAR),
    ),
    Mutant(
        "series: each date has a name of its own",
        (
            Patch(
                OCCURRENCES,
                "    key = replace(version.key, occurrence=stamp(one.wall))\n",
                '    key = replace(version.key, occurrence=f"{one.wall:%Y-%m}")\n',
            ),
        ),
        (DATES, YEAR),
    ),
    Mutant(
        "series: a new file never sends its past",
        (
            Patch(
                OCCURRENCES,
                "    return landed is None or past[-1].due >= landed\n",
                "    return True\n",
            ),
        ),
        (DATES, YEAR),
    ),
    Mutant(
        "series: an edited rule never goes back",
        (
            Patch(
                OCCURRENCES,
                "        return past[-1].due >= max(entry.due for entry in entries.values())\n",
                "        return True\n",
            ),
        ),
        (EDITS,),
    ),
    Mutant(
        "series: a day is not served twice",
        (
            Patch(
                OCCURRENCES,
                "        if one.wall.date() not in served:\n",
                "        if True:\n",
            ),
        ),
        (DATES, EDITS),
    ),
    Mutant(
        "series: what is tried again has the words of its date",
        (Patch(OCCURRENCES, "(one, entry.digest).at(one.due)\n", "(one, entry.digest)\n"),),
        (DATES,),
    ),
    Mutant(
        "pool: an entry rests",
        (
            Patch(
                OCCURRENCES,
                "        if rest is None:\n            return False\n",
                "        if True:\n            return False\n",
            ),
        ),
        (DATES,),
    ),
    Mutant(
        "clock: a time that is skipped is the first instant after the gap",
        (
            Patch(
                "core/when.py",
                "    instant = _first_after(wall, zone)\n    return (",
                "    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)\n    return (",
            ),
        ),
        (CLOCK, ZONES, YEAR),
    ),
    Mutant(
        "clock: of a time that comes twice the first counts",
        (
            Patch(
                "core/when.py",
                "        return wall.replace(tzinfo=zone, fold=0).astimezone(UTC), said\n",
                "        return wall.replace(tzinfo=zone, fold=1).astimezone(UTC), said\n",
            ),
        ),
        (CLOCK, ZONES, YEAR),
    ),
    Mutant(
        "queue: a slot is filled once",
        (
            Patch(
                QUEUES,
                "        taken[entry.account].add(entry.due)\n",
                "        taken[entry.account].discard(entry.due)\n",
            ),
        ),
        (SLOTS, YEAR),
    ),
    Mutant(
        "queue: what the ledger knows keeps its time",
        (
            Patch(
                QUEUES,
                "            made.append(one.delivery.at(before.due))\n",
                "            rows[one.queue.id, one.delivery.key.account].append(one)\n",
            ),
        ),
        (SLOTS,),
    ),
    Mutant(
        "queue: no post goes out in a slot from before it came",
        (
            Patch(
                QUEUES,
                "        if landed is None or landed <= slots[-1]:\n",
                "        if True:\n",
            ),
        ),
        (SLOTS,),
    ),
    Mutant(
        "queue: a slot is filled late only within the grace",
        (
            Patch(
                QUEUES,
                "            in_time = ago.now - slots[-1] <= one.delivery.late.grace\n",
                "            in_time = True\n",
            ),
        ),
        (YEAR,),
    ),
    Mutant(
        "queue: nothing goes out on a day of a blackout",
        (
            Patch(
                QUEUES,
                "if not any(begin <= one.wall.date() <= end for begin, end in self.blackout)",
                "if True",
            ),
        ),
        (SLOTS,),
    ),
)
