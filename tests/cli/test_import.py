"""`socialauto import` on real folders."""

from __future__ import annotations

import csv
import errno
import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialauto.cli import import_drafts, importing, socialauto
from socialauto.cli.exits import run
from socialauto.core.finding import has_errors
from socialauto.core.importing_csv import is_known
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree
from socialauto.scaffold.templates import binary
from support.team import Team, post

CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "17841400000000001", token: env:ACME_TOKEN}
  bakery: {platform: instagram, id: "17841400000000002", token: env:BAKERY_TOKEN}
"""
NOW = "2026-11-23 06:00"
GOOD = "id,account,time,text,media,alt\nlaunch,acme,2026-12-01 09:00,Hello,media/one.jpg,A door\n"

Import = Callable[..., tuple[int, str]]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    root = tmp_path / "team"
    (root / "media").mkdir(parents=True)
    (root / "socialauto.yaml").write_text(CONFIG, encoding="utf-8")
    (root / "media" / "one.jpg").write_bytes(binary("example.jpg"))
    return root


@pytest.fixture
def imported(
    team: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Import:
    """Writes the file and imports it; exit code and what is printed."""
    monkeypatch.chdir(team)

    def go(text: str | bytes | None, *arguments: str, name: str = "posts.csv") -> tuple[int, str]:
        if text is not None:
            Path(name).write_bytes(text if isinstance(text, bytes) else text.encode())
        code = run(socialauto, ["import", name, "--now", NOW, *arguments])
        output = capsys.readouterr()
        return code, output.out + output.err

    return go


def posts(team: Path) -> list[str]:
    folder = team / "content"
    return sorted(
        file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()
    )


def everything(team: Path) -> set[str]:
    return {path.relative_to(team).as_posix() for path in team.rglob("*")}


def is_sound(team: Path) -> bool:
    return not has_errors(list(load(WorkTree(team)).findings))


# --- good rows -------------------------------------------------------------------------------


def test_a_row_becomes_a_post(team: Path, imported: Import) -> None:
    assert imported(GOOD) == (
        0,
        "created content/imported/2026/12/launch.md\n"
        "1 row: 1 new post; written below content/imported\n",
    )
    assert (team / "content/imported/2026/12/launch.md").read_text(encoding="utf-8") == (
        "---\nid: launch\naccount: acme\ntime: 2026-12-01 09:00\nmedia:\n"
        "  - path: /media/one.jpg\n    alt: A door\n---\nHello\n"
    )
    loaded = load(WorkTree(team))
    (delivery,) = loaded.deliveries
    assert (delivery.message.text, delivery.invalid) == ("Hello", "")
    assert delivery.due == datetime(2026, 12, 1, 8, tzinfo=UTC)


def test_importing_again_changes_nothing(team: Path, imported: Import) -> None:
    imported(GOOD)
    file = team / "content/imported/2026/12/launch.md"
    before = file.stat()
    assert imported(GOOD) == (0, "1 row: 0 new posts, 1 there already; nothing was written\n")
    assert (file.stat().st_mtime_ns, posts(team)) == (
        before.st_mtime_ns,
        ["imported/2026/12/launch.md"],
    )


def test_a_post_that_was_moved_is_still_there(team: Path, imported: Import) -> None:
    imported(GOOD)
    (team / "content/imported/2026/12/launch.md").rename(team / "content/elsewhere.md")
    assert imported(GOOD)[1] == "1 row: 0 new posts, 1 there already; nothing was written\n"


def test_without_an_id_a_second_import_changes_nothing_either(team: Path, imported: Import) -> None:
    text = "account,time,text,media\nacme,2026-12-01 09:00,Hello from the coast,media/one.jpg\n"
    assert imported(text)[0] == 0
    assert posts(team) == ["imported/2026/12/2026-12-01-0900-hello-from-the-coast.md"]
    assert imported(text)[1] == "1 row: 0 new posts, 1 there already; nothing was written\n"


def test_braces_go_out_as_they_are(team: Path, imported: Import) -> None:
    text = "id,account,time,text,first_comment,media\n"
    row = "a,acme,2026-12-01 09:00,{{ vars.x }} {% raw %} {# no #},{{ y }},media/one.jpg\n"
    assert imported(text + row)[0] == 0
    (delivery,) = load(WorkTree(team)).deliveries
    assert delivery.message.text == "{{ vars.x }} {% raw %} {# no #}"
    assert delivery.message.options["first_comment"] == "{{ y }}"


def test_a_dry_run_writes_nothing(team: Path, imported: Import) -> None:
    code, output = imported(GOOD, "--dry-run")
    assert (code, (team / "content").exists()) == (0, False)
    assert output == (
        "would create content/imported/2026/12/launch.md\n1 row: 1 new post; nothing was written\n"
    )


def test_accounts_zone_and_folder_can_be_said(team: Path, imported: Import) -> None:
    text = "id,time,media\na,1.12.2026 09:00,media/one.jpg\n"
    options = ["--account", "acme", "--account", "bakery", "--timezone", "America/New_York"]
    code, _ = imported(text, *options, "--date-format", "dmy", "--into", "content/spring/")
    assert (code, posts(team)) == (0, ["spring/2026/12/a.md"])
    loaded = load(WorkTree(team))
    assert {one.key.account for one in loaded.deliveries} == {"acme", "bakery"}
    assert loaded.deliveries[0].due == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_json_with_overrides(team: Path, imported: Import) -> None:
    post = {
        "id": "a",
        "accounts": ["acme", "bakery"],
        "time": "2026-12-01 09:00",
        "text": "Hello",
        "media": ["media/one.jpg"],
        "draft": True,
        "overrides": {"bakery": {"text": "{{ Hi }}", "media": ["media/one.jpg"]}},
    }
    assert imported(json.dumps([post]), name="posts.json")[0] == 0
    texts = {one.key.account: one.message.text for one in load(WorkTree(team)).deliveries}
    assert texts == {"acme": "Hello", "bakery": "{{ Hi }}"}


def test_machines_get_the_same(imported: Import) -> None:
    code, output = imported(
        GOOD + "x,acmee,2026-12-01 10:00,Hi,media/one.jpg,\n", "--format", "json"
    )
    found = json.loads(output)
    assert (code, found["version"], found["written"], found["rejected"]) == (1, 1, False, [3])
    assert found["posts"] == [
        {"row": 2, "id": "launch", "path": "content/imported/2026/12/launch.md"}
    ]
    (finding,) = found["findings"]
    assert (finding["row"], finding["name"], finding["code"]) == (3, "account", "SA203")


# --- bad rows --------------------------------------------------------------------------------


def test_everything_that_is_wrong_is_told_with_row_and_column(imported: Import) -> None:
    text = "id,account,time,text,media\nb,acmee,1.12.2026 09:00,Hi,media/two.jpg\n"
    code, output = imported(text)
    assert (code, output.splitlines()) == (
        1,
        [
            'posts.csv:2:3: SA203 row 2, column "account": unknown account "acmee"; did you mean '
            '"acme"?',
            'posts.csv:2:9: SA954 row 2, column "time": "1.12.2026 09:00" does not say which is '
            "the month; say --date-format dmy for 2026-12-01 or --date-format mdy for 2026-01-12",
            'posts.csv:2:28: SA401 row 2, column "media": media/two.jpg does not exist; did you '
            'mean "/media/one.jpg"?',
            "1 row: 0 new posts, 1 rejected; nothing was written",
        ],
    )


BAD = {
    "an unknown account": ("x,acmee,2026-12-02 09:00,Hi,media/one.jpg,", "account", "SA203"),
    "no such file": ("x,acme,2026-12-02 09:00,Hi,media/none.jpg,", "media", "SA401"),
    "an address": ("x,acme,2026-12-02 09:00,Hi,https://x.org/a.jpg,", "media", "SA405"),
    "outside": ("x,acme,2026-12-02 09:00,Hi,../a.jpg,", "media", "SA402"),
    "no time": ("x,acme,,Hi,media/one.jpg,", "", "SA301"),
    "no such day": ("x,acme,2026-02-30 09:00,Hi,media/one.jpg,", "time", "SA302"),
    "a time that is skipped": ("x,acme,2027-03-28 02:30,Hi,media/one.jpg,", "time", "SA303"),
    "too long": (f"x,acme,2026-12-02 09:00,{'long ' * 500},media/one.jpg,", "text", "SA501"),
    "no picture": ("x,acme,2026-12-02 09:00,Hi,,", "", "SA221"),
    "not usable as an id": ("a@b,acme,2026-12-02 09:00,Hi,media/one.jpg,", "id", "SA206"),
    "an alt text too many": (
        "x,acme,2026-12-02 09:00,Hi,media/one.jpg media/one.jpg,a",
        "alt",
        "SA957",
    ),
    "a control character": ("x,acme,2026-12-02 09:00,H\x07i,media/one.jpg,", "text", "SA103"),
    "a cell too many": ("x,acme,2026-12-02 09:00,Hi,media/one.jpg,,what", "", "SA953"),
    "an id of a post": ("launch,acme,2026-12-02 09:00,Hi,media/one.jpg,", "id", "SA955"),
    "an id of a post whose words are others": (
        "launch,acme,2026-12-01 09:00,Hello!,media/one.jpg,A door",
        "id",
        "SA955",
    ),
    "an id but for case": ("Launch,acme,2026-12-02 09:00,Hi,media/one.jpg,", "id", "SA602"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_row_is_told_and_keeps_the_others_out(
    case: str, team: Path, imported: Import
) -> None:
    row, column, code = BAD[case]
    imported(GOOD)
    before = everything(team)
    header = "id,account,time,text,media,alt\n"
    good = "fine,acme,2026-12-03 09:00,Something else,media/one.jpg,\n"
    status, output = imported(f"{header}{good}{row}\n", "--format", "json")
    found = json.loads(output)
    told = [(one["row"], one["name"] or "", one["code"]) for one in found["findings"]]
    assert [one for one in told if one[2] == code] == [(3, column, code)]
    assert (status, found["rejected"], everything(team)) == (1, [3], before)
    status, output = imported(None, "--keep-going", "--format", "json")
    assert (status, json.loads(output)["rejected"]) == (4, [3])
    assert posts(team) == ["imported/2026/12/fine.md", "imported/2026/12/launch.md"]
    assert is_sound(team)


def test_a_time_that_has_passed_is_a_warning(imported: Import) -> None:
    code, output = imported(GOOD.replace("2026-12-01", "2026-11-01"))
    assert code == 0
    assert (
        'posts.csv:2:13: SA905 warning: row 2, column "time": this time has passed 21 d 21 h ago'
        in output
    )


def test_rows_that_disturb_each_other_are_named_as_rows(imported: Import) -> None:
    row = "two,acme,2026-12-01 09:00,Other,media/one.jpg,A door\n"
    code, output = imported(GOOD + row + row.replace("two,", "Two,").replace("2026", "2027"))
    assert code == 1
    assert 'SA603 warning: row 3, column "time": row 2 goes out on acme at the same time' in output
    assert (
        'SA602 row 3, column "id": the id "two" differs only in case from "Two" of row 4' in output
    )


def test_what_a_row_does_to_a_post_that_is_there_is_told_at_the_row(
    team: Path, imported: Import
) -> None:
    there = "---\nid: z\naccount: acme\ntime: 2026-12-01 09:00\nmedia: [/media/one.jpg]\n---\nHi\n"
    (team / "content/z").mkdir(parents=True)
    (team / "content/z/z.md").write_text(there)
    code, output = imported(GOOD)
    assert code == 0
    assert 'row 2, column "time": content/z/z.md:4 goes out on acme at the same time' in output


def test_two_rows_without_ids_that_read_alike_need_some(imported: Import) -> None:
    text = "account,time,text,media\n" + 2 * "acme,2026-12-01 09:00,Hello coast,media/one.jpg\n"
    code, output = imported(text)
    assert code == 1
    assert 'SA955 row 3: the id "2026-12-01-0900-hello-coast" is also that of row 2' in output
    assert 'add a column "id"' in output


def test_a_file_in_the_way_is_left_alone(team: Path, imported: Import) -> None:
    there = team / "content/imported/2026/12/launch.md"
    there.parent.mkdir(parents=True)
    other = "---\nid: other\naccount: acme\ndraft: true\n---\nHi\n"
    there.write_text(other)
    code, output = imported(GOOD)
    assert (code, there.read_text()) == (1, other)
    assert "SA956 row 2, column" in output
    assert "there is a file content/imported/2026/12/launch.md already" in output


def test_two_ids_with_one_file_name_are_told(imported: Import) -> None:
    row = "{},acme,2026-12-0{} 09:00,Text {},media/one.jpg,A door\n"
    text = GOOD.splitlines(keepends=True)[0] + row.format("a b", 1, 1) + row.format("a-b", 2, 2)
    code, output = imported(text)
    assert code == 1
    assert 'SA956 row 3, column "id": its file would be that of row 2' in output


def test_what_would_read_otherwise_is_never_written(
    team: Path, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        import_drafts, "document_text", lambda values, text: "---\nid: x\n---\nHi\n"
    )
    code, output = imported(GOOD)
    assert code == 1
    assert "SA962 row 2: written as a post it would read otherwise" in output
    assert not (team / "content").exists()


def test_a_file_that_cannot_be_read_at_all(imported: Import) -> None:
    code, output = imported('id,text\na,"b\n', "--keep-going")
    assert code == 1
    assert output.splitlines() == [
        "posts.csv:2:3: SA951 a quote that opens here is never closed; close it; a quote in a text "
        'is ""',
        "nothing was written",
    ]


def test_nothing_is_imported_into_a_repository_whose_configuration_is_broken(
    team: Path, imported: Import
) -> None:
    (team / "socialauto.yaml").write_text(CONFIG + "colour: red\n")
    code, output = imported(GOOD)
    assert code == 1
    assert 'unknown key "colour"' in output
    assert not (team / "content").exists()


def test_faults_that_were_there_before_are_no_obstacle(team: Path, imported: Import) -> None:
    (team / "content").mkdir()
    (team / "content/broken.md").write_text("---\naccount: acme\n")
    assert imported(GOOD)[0] == 0


def test_an_id_that_the_ledger_knows_would_never_go_out(acme: Team) -> None:
    acme.write({"content/hello.md": post("Hello")})
    assert acme.reconcile().code == 0
    acme.write({"content/hello.md": "---\nid: other\naccount: acme\ndraft: true\n---\nHi\n"})
    folder = acme.root
    (folder / "posts.csv").write_text("id,account,text\nhello,acme,Again\nnew,acme,Again\n")
    said = acme.say("import", str(folder / "posts.csv"), "--format", "json")
    told = [one["message"] for one in said.json["findings"] if one["code"] == "SA955"]
    assert told == ['row 2, column "id": the ledger knows the id "hello": published on acme']


@pytest.mark.parametrize(
    ("where", "accounts"),
    [("markup: markdown\n", CONFIG), ("", CONFIG.replace("_TOKEN}", "_TOKEN, markup: markdown}"))],
)
def test_a_text_with_stars_goes_out_with_them(
    where: str, accounts: str, team: Path, imported: Import
) -> None:
    (team / "socialauto.yaml").write_text(accounts + where)
    assert imported(GOOD.replace("Hello", "**Hello** _you_"))[0] == 0
    (delivery,) = load(WorkTree(team)).deliveries
    assert delivery.message.text == "**Hello** _you_"
    assert "markup: plain\n" in (team / "content/imported/2026/12/launch.md").read_text()


# --- what was typed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--account", "acmee"], 'unknown account "acmee"; did you mean "acme"?'),
        (["--map", "Acme"], '"Acme" is not written THEIRS=OURS'),
        (["--map", "Acme=acmee"], 'unknown account "acmee"'),
        (["--timezone", "Berlin"], 'unknown time zone "Berlin"; did you mean "Europe/Berlin"?'),
        (["--into", "posts"], "posts is not below content/, where posts are"),
        (["--into", "content/../x"], "content/../x is not below content/"),
        (["--into", "content/.hidden"], "content/.hidden is not below content/"),
    ],
)
def test_what_cannot_be_meant_is_a_question_of_usage(
    arguments: list[str], message: str, imported: Import
) -> None:
    code, output = imported(GOOD, *arguments)
    assert code == 2
    assert message in " ".join(output.split())


# --- rejected rows ---------------------------------------------------------------------------


def test_rejected_rows_can_be_mended_and_imported(team: Path, imported: Import) -> None:
    text = GOOD + 'x,acmee,2026-12-02 09:00,"Hi ""you"", two\r\nlines",media/one.jpg,\r\n'
    assert imported(text, "--keep-going")[0] == 4
    rejected = team / "posts.rejected.csv"
    (row,) = csv.DictReader(rejected.read_text(encoding="utf-8-sig").splitlines(keepends=True))
    assert row["text"] == 'Hi "you", two\nlines'
    assert row["finding"] == (
        'SA203 column "account": unknown account "acmee"; did you mean "acme"?'
    )
    mended = rejected.read_text(encoding="utf-8-sig").replace("\nx,acmee", "\nx,acme")
    code, output = imported("\ufeff" + mended, name="posts.rejected.csv")
    assert (code, output.splitlines()[-1]) == (
        0,
        "1 row: 1 new post; written below content/imported",
    )
    assert posts(team) == ["imported/2026/12/launch.md", "imported/2026/12/x.md"]
    (delivery,) = (one for one in load(WorkTree(team)).deliveries if one.key.post == "x")
    assert delivery.message.text == 'Hi "you", two\nlines'


def test_a_file_of_rejected_rows_is_never_overwritten(team: Path, imported: Import) -> None:
    bad = "x,acmee,2026-12-02 09:00,Hi,media/one.jpg,\n"
    (team / "posts.rejected.csv").write_text("precious")
    assert imported(GOOD + bad, "--keep-going")[0] == 4
    assert (team / "posts.rejected.csv").read_text() == "precious"
    again = (team / "posts.rejected-2.csv").read_text(encoding="utf-8-sig")
    more = "y,acme,2026-12-03 09:00,Hello,media/one.jpg,,\r\n"
    assert imported(again + more, "--keep-going", name="posts.rejected-2.csv")[0] == 4
    third = (team / "posts.rejected-3.csv").read_text(encoding="utf-8-sig")
    assert third == again


def test_rejected_posts_of_json_stay_json(team: Path, imported: Import) -> None:
    good = {"id": "a", "account": "acme", "time": "2026-12-01 09:00", "media": ["media/one.jpg"]}
    bad = {**good, "id": "b", "account": "acmee"}
    assert imported(json.dumps([good, bad]), "--keep-going", name="posts.json")[0] == 4
    (found,) = json.loads((team / "posts.rejected.json").read_text(encoding="utf-8"))
    assert found.pop("finding").startswith('SA203 "account": unknown account "acmee"')
    assert found == bad
    found["account"], found["time"], found["finding"] = "acme", "2026-12-02 09:00", "mended"
    assert imported(json.dumps([found]), name="posts.rejected.json")[0] == 0


# --- all or nothing --------------------------------------------------------------------------


def many(good: int) -> str:
    row = "p{0},acme,2027-{1:02d}-{2:02d} {3:02d}:00,Number {0},media/one.jpg,A door\n"
    rows = (row.format(n, n % 12 + 1, n % 28 + 1, n % 24) for n in range(good))
    return "id,account,time,text,media,alt\n" + "".join(rows)


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()]
)
@pytest.mark.parametrize("what", ["write_bytes", "rename", "mkdir"])
@pytest.mark.parametrize("at", [1, 3])
def test_a_full_disk_or_an_interruption_leaves_nothing_behind(
    error: BaseException,
    what: str,
    at: int,
    team: Path,
    imported: Import,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad = "x,acmee,2026-12-02 09:00,Hi,media/one.jpg,\n"
    (team / "posts.csv").write_text(many(5) + bad)
    before = everything(team)
    real: Any = getattr(Path, what)
    calls = []

    def failing(self: Path, *args: Any, **options: Any) -> Any:
        if self.is_relative_to(team / "content"):
            calls.append(self)
            if len(calls) == at:
                raise error
        return real(self, *args, **options)

    with monkeypatch.context() as patched:
        patched.setattr(Path, what, failing)
        code, output = imported(None, "--keep-going")
    assert len(calls) == at
    assert everything(team) == before
    assert code == (130 if isinstance(error, KeyboardInterrupt) else 1)
    assert ("interrupted" in output) == isinstance(error, KeyboardInterrupt)
    assert imported(None, "--keep-going")[0] == 4
    assert len(posts(team)) == 5


def test_a_file_that_appears_meanwhile_is_not_overwritten(
    team: Path, imported: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = importing.judge

    def judged(*args: Any) -> Any:
        found = real(*args)
        there = team / "content/imported/2026/12/launch.md"
        there.parent.mkdir(parents=True)
        there.write_text("precious")
        return found

    monkeypatch.setattr(importing, "judge", judged)
    code, output = imported(GOOD)
    assert code == 1
    assert "was made meanwhile" in output
    assert (team / "content/imported/2026/12/launch.md").read_text() == "precious"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX only")
@pytest.mark.parametrize("at", [2, 7])
def test_a_kill_leaves_whole_files_and_importing_again_brings_the_others(
    at: int, team: Path, imported: Import
) -> None:
    (team / "posts.csv").write_text(many(5))
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from socialauto.cli import main\n"
        "calls, write, rename = [], Path.write_bytes, Path.rename\n"
        "def counted(real):\n"
        "    def go(self, *arguments):\n"
        f"        calls.append(1) or len(calls) == {at} and os.kill(os.getpid(), signal.SIGKILL)\n"
        "        return real(self, *arguments)\n"
        "    return go\n"
        "Path.write_bytes, Path.rename = counted(write), counted(rename)\n"
        f"sys.argv = ['socialauto', 'import', 'posts.csv', '--now', '{NOW}']\n"
        "main()\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], cwd=team, capture_output=True)
    assert killed.returncode == -signal.SIGKILL
    loaded = load(WorkTree(team))
    assert (len(loaded.deliveries), is_sound(team)) == (max(0, at - 6), True)
    assert imported(None)[0] == 0
    assert len(load(WorkTree(team)).deliveries) == 5


def test_a_link_that_leads_out_of_the_repository_is_not_followed(
    team: Path, tmp_path: Path, imported: Import
) -> None:
    (tmp_path / "outside").mkdir()
    (team / "content").symlink_to(tmp_path / "outside")
    code, _ = imported(GOOD)
    assert code == 1
    assert list((tmp_path / "outside").iterdir()) == []


def test_a_thousand_rows_of_which_a_hundred_are_bad(team: Path, imported: Import) -> None:
    cases = [one for one in BAD if not one.startswith("an id ")]
    lines = many(900).splitlines(keepends=True)
    expected = []
    for number in range(100):
        row, column, code = BAD[cases[number % len(cases)]]
        row = row.replace(",", f"{number},", 1).replace(
            "2026-12-02 09:00", f"2028-01-{number % 28 + 1:02d} 0{number // 28}:30"
        )
        place = 5 + number * 9
        lines.insert(place, f"{row}\n")
        expected.append((place + 1, column, code))
    imported_before = everything(team)
    text = "".join(lines)
    status, output = imported(text, "--format", "json")
    assert (status, everything(team) - {"posts.csv"}) == (1, imported_before)
    assert not (team / "content").exists()

    status, output = imported(None, "--keep-going", "--format", "json")
    found = json.loads(output)
    errors = [one for one in found["findings"] if one["severity"] == "error"]
    assert [(one["row"], one["name"] or "", one["code"]) for one in errors] == expected
    assert len({code for _, _, code in expected}) >= 10
    assert (status, found["rows"], len(found["posts"])) == (4, 1000, 900)
    assert found["rejected"] == [row for row, _, _ in expected]
    assert len(posts(team)) == 900
    assert not [name for name in posts(team) if name.startswith(".") or "/." in name]
    loaded = load(WorkTree(team))
    assert (len(loaded.deliveries), has_errors(list(loaded.findings))) == (900, False)
    rejected = (team / "posts.rejected.csv").read_text(encoding="utf-8-sig")
    assert len(list(csv.reader(rejected.splitlines(keepends=True)))) == 101

    status, output = imported(None, "--keep-going", "--format", "json")
    found = json.loads(output)
    assert (status, found["written"], len(found["present"])) == (1, False, 900)


# --- the page about it -----------------------------------------------------------------------


def test_the_examples_of_the_page_are_what_happens(
    team: Path, imported: Import, project_root: Path
) -> None:
    page = (project_root / "docs" / "import.md").read_text(encoding="utf-8")
    table, posts_, file = (
        re.findall(rf"^```{kind}\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)[0]
        for kind in ("csv", "json", "markdown")
    )
    (team / "media" / "two.jpg").write_bytes(binary("example.jpg"))
    told = imported(table.replace("bakery", "bakry"))[1].splitlines()
    assert [line.strip() for line in page.splitlines() if line.startswith("    posts.csv:")] == [
        line for line in told if "SA203" in line
    ]
    assert imported(table)[0] == 0
    assert (team / "content/imported/2026/12/launch.md").read_text(encoding="utf-8") == file
    assert imported(posts_, name="posts.json")[0] == 0
    assert is_sound(team)
    assert len(load(WorkTree(team)).deliveries) == 5


def test_every_column_of_the_page_is_known(project_root: Path) -> None:
    page = (project_root / "docs" / "import.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", page, re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`([\w.]+)`", row)]
    assert len(named) >= 12
    assert [name for name in named if not is_known(name)] == []
