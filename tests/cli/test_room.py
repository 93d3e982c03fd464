"""A disk that fills while a command runs is said in one sentence, whichever command met it, and whoever told it."""

import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError, connection

from huipai.cli import main, room

from .processes import huipai

FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'could not extend file "base/1/2"' USING ERRCODE = 'disk_full', HINT = 'Check.'; END $$;
"""
TABLES = ("django_session", "procrastinate_workers", "streets_street")
SENTENCE = (
    'The disk of the database is full (could not extend file "base/1/2"): make room on it, and run this once more.'
)


@pytest.fixture
def full_database(tables: str) -> Iterator[None]:
    """As one whose disk is full: it answers, and refuses whatever is written."""
    with connection.cursor() as cursor:
        cursor.execute(FULL)
        for table in TABLES:
            cursor.execute(
                f"CREATE TRIGGER no_room BEFORE INSERT OR DELETE ON {table} FOR EACH STATEMENT "
                "EXECUTE FUNCTION no_room()"
            )
        yield
        cursor.execute("DROP FUNCTION no_room() CASCADE")


@pytest.mark.usefixtures("full_database")
@pytest.mark.parametrize("command", ["seed", "work --once", "clearsessions"])
def test_a_database_without_room_is_said_in_one_sentence(command: str) -> None:
    done = huipai(*command.split())
    assert (done.returncode, done.stderr) == (1, f"{SENTENCE}\n")


def test_so_is_a_disk_without_room_for_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "writes_much.py").write_text(
        "from pathlib import Path\n\ndef main(arguments):\n    Path('/dev/full').write_text('x')\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(main.OURS, "doctor", "writes_much")
    try:
        assert main.main(["doctor"]) == 1
    finally:
        sys.modules.pop("writes_much", None)
    assert capsys.readouterr().err == "The disk is full: make room on it, and run this once more.\n"


def test_what_a_full_disk_is_not_behind_is_none_of_it() -> None:
    assert room.lacking(OperationalError("No such table")) == room.lacking(FileNotFoundError(2, "No such file")) == ""


def test_it_is_found_behind_what_came_of_it() -> None:
    with pytest.raises(RuntimeError) as caught:
        try:
            raise OperationalError from psycopg.errors.DiskFull("no room")
        except OperationalError:
            raise RuntimeError  # noqa: B904
    assert "The disk of the database is full (no room)" in room.lacking(caught.value)
    by_a_program = OSError("the machine could not make the copies: [Errno 28] No space left on device")
    assert room.lacking(by_a_program).startswith("The disk is full")
