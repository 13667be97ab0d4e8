from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.core.media_facts import UnreadableMedia
from socialauto.media import mediainfo_worker, reader, video
from socialauto.media.reader import ReaderFailed, read_tracks
from support.media_samples import box

TRACK = box("trak", box("tkhd", bytes(84)))
ENDLESS = box("ftyp", b"isom\0\0\0\0") + box("moov", TRACK * 100_000) + box("mdat", bytes(100))
"""MediaInfo compares every track with every other one."""


def test_a_video_that_keeps_the_reader_busy_is_given_up(film: bytes) -> None:
    read_tracks(film)  # the process is there
    with pytest.raises(ReaderFailed, match=r"^cannot be read: it kept the reader busy for 0\.2 s$"):
        read_tracks(ENDLESS, seconds=0.2)
    assert read_tracks(film)[0]["track_type"] == "General"


def test_a_video_that_is_given_up_is_unreadable_media(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "read_tracks", lambda data: read_tracks(data, seconds=0.1))
    facts = video.probe_video(ENDLESS, "mp4")
    assert isinstance(facts, UnreadableMedia)
    assert facts.reason == "cannot be read: it kept the reader busy for 0.1 s"


def test_a_reader_that_crashed_is_replaced(film: bytes) -> None:
    first = reader._reader._started()
    first.kill()
    first.wait()
    with pytest.raises(
        ReaderFailed, match=r"^cannot be read: the reader of videos crashed over it$"
    ):
        read_tracks(film)
    assert read_tracks(film)


def test_the_reader_s_process_has_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ACME_IG_TOKEN", "secret")
    reader._reader.close()
    process = reader._reader._started()
    environment = Path(f"/proc/{process.pid}/environ")
    if not environment.exists():
        pytest.skip("only Linux shows a process's environment")
    assert b"ACME_IG_TOKEN" not in environment.read_bytes()


def test_a_machine_without_the_library_is_told_so(
    film: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymediainfo", None)
    answers = BytesIO()
    mediainfo_worker.serve(BytesIO(len(film).to_bytes(8, "big") + film), answers)
    monkeypatch.setattr(reader._reader, "ask", lambda *_: reader.json.loads(answers.getvalue()))
    with pytest.raises(SocialautoError, match="videos cannot be read here: import of pymediainfo"):
        read_tracks(film)


def test_a_module_of_the_folder_we_stand_in_is_never_imported(film: bytes, tmp_path: Path) -> None:
    for name in ("json.py", "pymediainfo.py", "resource.py"):
        (tmp_path / name).write_text("raise SystemExit('a stranger was here')")
    (tmp_path / "film").write_bytes(film)
    code = (
        "from pathlib import Path\nfrom socialauto.media.probe import probe\n"
        "assert probe(Path('film').read_bytes()).width == 180"
    )
    subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, check=True)
