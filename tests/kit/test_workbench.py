"""The folder of one piece of work: private, and swept when whoever worked there was killed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from huipai.kit import workbench

_AT_WORK = """
import sys
from huipai.kit import workbench
with workbench.folder() as place:
    (place / "original").write_bytes(b"private")
    print(place, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture(autouse=True)
def _a_place_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)


def test_a_folder_is_gone_after_the_work_even_when_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), workbench.folder() as place:
        (place / "original").write_bytes(b"private")
        assert all(stat.S_IMODE(one.stat().st_mode) == 0o700 for one in (place, place.parent))
        raise ZeroDivisionError
    assert not list(place.parent.iterdir())


def test_what_a_killed_worker_left_is_swept_and_what_others_hold_is_not() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _AT_WORK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        left = Path(other.stdout.readline().strip())
        with workbench.folder() as mine:
            workbench.sweep()
            assert (left / "original").exists() and mine.exists()
        other.kill()
    assert (left / "original").exists()
    workbench.sweep()
    assert not left.exists()


def test_a_folder_that_its_own_worker_takes_away_while_another_sweeps_stops_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with workbench.folder() as ended:
        home = ended.parent
    ended.mkdir()
    really = os.open

    def after_its_worker_ended(path: str | os.PathLike[str], *asked: int, **kwargs: int) -> int:
        if Path(path) == ended and ended.exists():
            ended.rmdir()
        return really(path, *asked, **kwargs)

    monkeypatch.setattr(os, "open", after_its_worker_ended)
    with workbench.folder() as mine:
        assert list(home.iterdir()) == [mine]
