"""What is backed up comes back: every row of every table, every photo's bytes."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from huipai.cli import database, keeping, programs, restore
from huipai.cli.backup import copy_missing, lay_aside
from huipai.cli.postgres import PROJECT
from huipai.cli.restore import settings_for_all
from huipai.cli.words import Trouble

from .conftest import named
from .processes import eventually, huipai

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def counts(url: str) -> dict[str, int]:
    with psycopg.connect(url) as connection:
        found = {}
        for (name,) in connection.execute(_TABLES).fetchall():
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()
            assert row is not None
            found[name] = row[0]
        return found


def put_photos(media: Path) -> None:
    (media / "photos" / "ab").mkdir(parents=True)
    (media / "photos" / "ab" / "one.jpg").write_bytes(b"one")
    (media / "attachments").mkdir()
    (media / "attachments" / "two.jpg").write_bytes(b"two")


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Meanwhile we and what we start write no larger file: what a full disk is like."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
        signal.signal(signal.SIGXFSZ, before)


def test_what_is_backed_up_comes_back(
    tables: str, empty_database_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    put_photos(before)
    saved = huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(before))
    assert saved.returncode == 0, saved.stderr
    assert "2 new files" in saved.stdout
    target = named(empty_database_name)
    restored = huipai("restore", str(tmp_path / "backup"), DATABASE_URL=target, HUIPAI_MEDIA_ROOT=str(after))
    assert restored.returncode == 0, restored.stderr
    assert counts(target) == counts(tables)
    assert (after / "photos" / "ab" / "one.jpg").read_bytes() == b"one"
    files = [path for path in after.rglob("*") if path.is_file()]
    assert len(files) == 2 and {path.stat().st_mode & 0o777 for path in files} == {0o400}
    assert [path for path in after.rglob("*") if path.stat().st_mode & 0o077] == []
    # The server spells what was dumped otherwise than what a migration has made: it guards the same. (What tests switch
    # off, so that they may empty tables, is missed.)
    said = huipai("verify", DATABASE_URL=target, HUIPAI_MEDIA_ROOT=str(after)).stdout
    assert "or they are switched off" in said and "do something else" not in said


@pytest.mark.long
def test_a_second_backup_copies_only_what_is_new(tables: str, tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    (tmp_path / "media" / "photos" / "three.jpg").write_bytes(b"three")
    again = huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    assert "1 new files" in again.stdout


@pytest.mark.long
def test_a_folder_that_cannot_keep_photos_is_said_before_the_database_is_written(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    """A file in place of the folder's parent: even root can keep nothing there."""
    (tmp_path / "backup").mkdir()
    (tmp_path / "backup" / "database.dump").touch()
    (tmp_path / "file").touch()
    target = named(empty_database_name)
    photos = json.dumps({"location": str(tmp_path / "file" / "x")})
    refused = huipai("restore", str(tmp_path / "backup"), DATABASE_URL=target, HUIPAI_PHOTO_STORAGE_OPTIONS=photos)
    assert (refused.returncode, refused.stderr) == (1, f"Nothing can be kept in {tmp_path}/file/x: Not a directory.\n")
    assert counts(target) == {}


@pytest.mark.long
def test_photos_that_do_not_fit_are_said_in_a_sentence_and_brought_later(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    before, after, folder = tmp_path / "before", tmp_path / "after", str(tmp_path / "backup")
    put_photos(before)
    (before / "photos" / "large.jpg").write_bytes(b"1" * 100_000)
    huipai("backup", folder, HUIPAI_MEDIA_ROOT=str(before))
    target = {"DATABASE_URL": named(empty_database_name), "HUIPAI_MEDIA_ROOT": str(after)}
    early = huipai("restore", folder, "--photos", **target)
    assert early.stderr == "The database has no tables yet: run 'python -m huipai restore' without --photos.\n"
    with files_of_at_most(50_000):
        stopped = huipai("restore", folder, **target)
    assert stopped.returncode == 1 and "Traceback" not in stopped.stderr
    assert stopped.stderr.startswith("The database is restored, and not all photos are there: File too large (")
    assert f"run 'python -m huipai restore {folder} --photos'" in stopped.stderr
    assert counts(target["DATABASE_URL"]) == counts(tables)
    assert "--photos brings them" in huipai("restore", folder, **target).stderr
    rest = huipai("restore", folder, "--photos", **target)
    assert rest.returncode == 0 and "The database stays as it is; 2 files of photos came" in rest.stdout
    assert {path.name for path in after.rglob("*.jpg")} == {"one.jpg", "two.jpg", "large.jpg"}


@pytest.mark.long
def test_photos_for_which_there_is_no_room_are_said_before_anything_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    places = {"photos": tmp_path / "media" / "photos", "attachments": tmp_path / "media" / "attachments"}
    for alias, place in places.items():
        place.mkdir(parents=True)
        kept = tmp_path / "backup" / "media" / alias
        kept.mkdir(parents=True)
        (kept / "one.jpg").write_bytes(b"1" * (3 << 20))
    monkeypatch.setattr(keeping, "folders", lambda: places)
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _place: usage._replace(free=5 << 20))
    with pytest.raises(Trouble, match="take 6 MB, and 5 MB are free"):
        restore.require_room(tmp_path / "backup")
    # What is there already takes no more.
    shutil.copy(tmp_path / "backup" / "media" / "photos" / "one.jpg", places["photos"])
    restore.require_room(tmp_path / "backup")


@pytest.mark.long
def test_what_is_kept_in_another_folder_is_backed_up_from_there_and_comes_back_there(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    put_photos(tmp_path / "before")
    before, after = tmp_path / "before" / "photos", tmp_path / "after"
    saved = huipai(
        "backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"),
        HUIPAI_PHOTO_STORAGE_OPTIONS=json.dumps({"location": str(before)}),
    )  # fmt: skip
    assert "1 new files" in saved.stdout and "are not in it" not in saved.stdout
    assert (tmp_path / "backup" / "media" / "photos" / "ab" / "one.jpg").read_bytes() == b"one"
    huipai(
        "restore", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"),
        DATABASE_URL=named(empty_database_name), HUIPAI_PHOTO_STORAGE_OPTIONS=json.dumps({"location": str(after)}),
    )  # fmt: skip
    assert (after / "ab" / "one.jpg").read_bytes() == b"one"


def test_what_a_storage_keeps_elsewhere_is_said_not_to_be_in_the_backup(tables: str, tmp_path: Path) -> None:
    saved = huipai(
        "backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"), HUIPAI_PHOTO_STORAGE_OPTIONS="{}",
        HUIPAI_PHOTO_STORAGE="django.core.files.storage.InMemoryStorage",
    )  # fmt: skip
    assert saved.returncode == 0
    assert saved.stdout.endswith("The photos are not in it: HUIPAI_PHOTO_STORAGE keeps them elsewhere.\n")


@pytest.mark.parametrize("command", ["backup", "restore"])
@pytest.mark.parametrize("folder", [".", "media/photos", "link/photos/deep"])
def test_a_backup_that_would_be_copied_onto_itself_is_refused(
    tables: str, tmp_path: Path, folder: str, command: str
) -> None:
    put_photos(tmp_path / "media")
    (tmp_path / "link").symlink_to(tmp_path / "media")
    place = tmp_path / folder
    if command == "restore":
        place.mkdir(parents=True, exist_ok=True)
        (place / "database.dump").touch()
    refused = huipai(command, str(place), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    assert refused.returncode == 1 and refused.stderr.startswith(f"{place} cannot be a backup: the photos themselves")
    assert refused.stdout == "" and not (tmp_path / folder / "lock").exists()


@pytest.mark.long
def test_a_backup_of_another_secret_key_is_told_from_ours(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    """And no key is written into it."""
    folder, key = tmp_path / "backup", "k" * 60
    huipai("backup", str(folder), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"), HUIPAI_SECRET_KEY=key)
    assert key not in (folder / "secret-key.check").read_text()
    target = {"DATABASE_URL": named(empty_database_name), "HUIPAI_MEDIA_ROOT": str(tmp_path / "after")}
    other = huipai("restore", str(folder), HUIPAI_SECRET_KEY="o" * 60, **target)
    assert other.returncode == 1 and "The database is restored" in other.stdout
    assert "This backup was made with another HUIPAI_SECRET_KEY" in other.stderr
    ours = huipai("restore", str(folder), "--photos", HUIPAI_SECRET_KEY=key, **target)
    assert (ours.returncode, ours.stderr) == (0, "")


@pytest.mark.long
def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tables: str, tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    (tmp_path / "taken").write_bytes(b"")
    for folder, why in (("taken", "File exists"), ("taken/below", "Not a directory")):
        refused = huipai("backup", str(tmp_path / folder), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
        assert refused.returncode == 1 and "Traceback" not in refused.stderr
        assert "The backup is not finished" in refused.stderr and why in refused.stderr


def test_a_disk_that_fills_up_while_photos_are_copied_leaves_no_half_of_one(tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    (tmp_path / "media" / "photos" / "ab" / "one.jpg").write_bytes(b"1" * 100_000)
    with files_of_at_most(50_000), pytest.raises(OSError, match="too large"):
        copy_missing(tmp_path / "media" / "photos", tmp_path / "backup")
    assert [path.name for path in (tmp_path / "backup").rglob("*") if path.is_file()] == []


def test_what_is_not_whole_yet_is_not_copied_and_what_a_killed_one_left_is_written_over(tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    source, target = tmp_path / "media" / "photos", tmp_path / "backup"
    (source / "ab" / ".part-one").write_bytes(b"o")
    (target / "ab").mkdir(parents=True)
    half = target / "ab" / ".part-one.jpg"
    half.write_bytes(b"on")
    half.chmod(0o400)
    assert copy_missing(source, target) == 1
    assert {path.name: path.read_bytes() for path in target.rglob("*") if path.is_file()} == {"one.jpg": b"one"}


@pytest.mark.long
def test_what_was_erased_is_laid_aside_and_gone_after_thirty_days(tables: str, tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    (tmp_path / "media" / "photos" / "ab" / "one.jpg").unlink()
    again = huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    assert "1 erased laid aside" in again.stdout
    kept, aside = tmp_path / "backup" / "media", tmp_path / "backup" / "erased"
    assert not (kept / "photos" / "ab" / "one.jpg").exists() and (kept / "attachments" / "two.jpg").exists()
    [day] = aside.iterdir()
    assert (day / "photos" / "ab" / "one.jpg").read_bytes() == b"one"
    laid = datetime.fromisoformat(day.name).replace(tzinfo=UTC)
    sources = {alias: tmp_path / "media" / alias for alias in ("photos", "attachments")}
    for days, is_there in ((29, True), (30, False)):
        moved = lay_aside(kept, sources=sources, aside=aside, now=laid + timedelta(days=days))
        assert (moved, day.exists()) == (0, is_there)
    # What another storage keeps from now on goes the same way.
    assert lay_aside(kept, sources={"photos": sources["photos"]}, aside=aside, now=laid) == 1
    assert (day / "attachments" / "two.jpg").exists() and not (kept / "attachments" / "two.jpg").exists()


@pytest.mark.long
def test_what_is_written_is_for_its_writer_alone(tables: str, tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    written = [tmp_path / "backup", *(tmp_path / "backup").rglob("*")]
    assert len(written) > 4 and [path for path in written if path.stat().st_mode & 0o077] == []


@pytest.mark.long
def test_what_an_older_version_wrote_is_brought_up_to_date_first(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    with database.connect() as connection:
        taken = "DELETE FROM django_migrations WHERE name = '0005_one_paper_pays_once' RETURNING app, name, applied"
        rows = connection.execute(taken).fetchall()
        try:
            huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"))
        finally:
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)
    target = {"DATABASE_URL": named(empty_database_name), "HUIPAI_MEDIA_ROOT": str(tmp_path / "after")}
    restored = huipai("restore", str(tmp_path / "backup"), **target)
    assert restored.returncode == 0
    assert restored.stdout.endswith("Now run 'python -m huipai migrate', then 'python -m huipai verify'.\n")
    assert "up to date" in huipai("verify", **target).stderr


@pytest.mark.long
def test_what_comes_back_is_the_demos_no_more_where_a_demo_was(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    """The mark is the database's own, and outlives its tables."""
    folder, target = str(tmp_path / "backup"), named(empty_database_name)
    huipai("backup", folder)
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS 'huipai demo: seeded'").format(
            sql.Identifier(empty_database_name)))  # fmt: skip
    assert huipai("restore", folder, DATABASE_URL=target).returncode == 0
    with psycopg.connect(target) as connection:
        query = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        assert connection.execute(query).fetchone() == (None,)


@pytest.mark.long
def test_extensions_that_somebody_else_has_made_are_no_hindrance(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    """As where a superuser made them before the owner of the database brings a backup back."""
    folder = str(tmp_path / "backup")
    huipai("backup", folder)
    role, secret = f"owner_{empty_database_name[-12:]}", "only-here"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(secret)))
        server.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(sql.Identifier(empty_database_name), sql.Identifier(role))
        )
    try:
        with psycopg.connect(named(empty_database_name), autocommit=True) as connection:
            for extension in ("pg_trgm", "btree_gist"):
                connection.execute(sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(extension)))
            connection.execute(sql.SQL("GRANT ALL ON SCHEMA public TO {}").format(sql.Identifier(role)))
        theirs = re.sub(r"//[^@/]*@", f"//{role}:{secret}@", named(empty_database_name))
        theirs = re.sub(r"user=[^&]*", f"user={role}&password={secret}", theirs)
        with psycopg.connect(theirs) as connection:
            assert connection.execute("SELECT current_user").fetchone() == (role,)
        done = huipai("restore", folder, DATABASE_URL=theirs)
        assert done.returncode == 0, done.stderr
        assert counts(named(empty_database_name)) == counts(tables)
    finally:
        with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(empty_database_name)))
            server.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(empty_database_name)))


def test_nothing_is_restored_over_something(tables: str, tmp_path: Path) -> None:
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"))
    refused = huipai("restore", str(tmp_path / "backup"))
    assert refused.returncode == 1
    assert refused.stderr.startswith("This database is not empty; restore into a new one.")


def test_a_folder_without_a_backup_is_refused(tables: str, tmp_path: Path) -> None:
    assert huipai("restore", str(tmp_path)).stderr == f"{tmp_path} holds no backup.\n"


@pytest.mark.long
def test_a_dump_says_nothing_that_an_older_server_does_not_know(tables: str, tmp_path: Path) -> None:
    """PostgreSQL 15 and 16 know no transaction_timeout, and a restore stops at what it does not know."""
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"))
    script = programs.read("pg_restore", "--file=-", str(tmp_path / "backup" / "database.dump"))
    assert script.stdout is not None
    with script.stdout as lines:
        whole = lines.readlines()
    script.wait()
    assert b"SET transaction_timeout = 0;\n" in whole
    rest = iter(whole)
    kept = [*settings_for_all(rest), *rest]
    assert kept == [line for line in whole if line != b"SET transaction_timeout = 0;\n"]


@pytest.mark.long
def test_a_dump_that_breaks_off_leaves_the_database_empty(
    tables: str, empty_database_name: str, tmp_path: Path
) -> None:
    huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none"))
    dump = tmp_path / "backup" / "database.dump"
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    target = named(empty_database_name)
    refused = huipai("restore", str(tmp_path / "backup"), DATABASE_URL=target)
    assert refused.returncode == 1
    assert refused.stderr.endswith("The database could not be restored; it is still empty.\n")
    assert counts(target) == {}


@contextmanager
def taken_name(url: str, relation: str) -> Iterator[None]:
    """Meanwhile whoever makes a relation of this name in that database waits."""
    with psycopg.connect(url) as holder:
        holder.execute(sql.SQL("CREATE TABLE {} ()").format(sql.Identifier(relation)))
        yield
        holder.rollback()


def busy(url: str, *, waiting: bool) -> bool:
    """Whether psql is at work there; whether it waits for a lock."""
    asked = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'psql'"
        + (" AND wait_event_type = 'Lock'" if waiting else "")
    )  # fmt: skip
    with psycopg.connect(url) as connection:
        row = connection.execute(asked).fetchone()
        return row is not None and bool(row[0])


@contextmanager
def restoring(folder: Path, target: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A restore that has come to the name that is taken there; it is ended with us."""
    first = subprocess.Popen(
        [sys.executable, "-m", "huipai", "restore", str(folder)], cwd=PROJECT,
        env={**os.environ, "DATABASE_URL": target, "HUIPAI_MEDIA_ROOT": str(folder.with_name("after"))},
    )  # fmt: skip
    try:
        assert eventually(lambda: busy(target, waiting=True))
        yield first
    finally:
        first.kill()
        first.wait()


@pytest.mark.long
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["terminated", "killed"])
@pytest.mark.parametrize("where", ["cases_case", "points_line_pkey"])
def test_who_is_killed_while_restoring_leaves_the_database_empty(
    tables: str, empty_database_name: str, tmp_path: Path, where: str, how: signal.Signals
) -> None:
    """Among the tables, and at a key, when all of them have their rows."""
    assert huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "none")).returncode == 0
    target = named(empty_database_name)
    with taken_name(target, where), restoring(tmp_path / "backup", target) as first:
        first.send_signal(how)
        first.wait()
    assert eventually(lambda: not busy(target, waiting=False))
    assert counts(target) == {}


@pytest.mark.parametrize("again", [[], ["--photos"]], ids=["all", "photos"])
@pytest.mark.long
def test_of_two_restores_at_once_the_second_says_so_and_changes_nothing(
    tables: str, empty_database_name: str, tmp_path: Path, again: list[str]
) -> None:
    put_photos(tmp_path / "media")
    backed_up = huipai("backup", str(tmp_path / "backup"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media"))
    assert backed_up.returncode == 0, backed_up.stderr
    target, elsewhere = named(empty_database_name), tmp_path / "elsewhere"
    with taken_name(target, "points_line_pkey"), restoring(tmp_path / "backup", target):
        second = huipai(
            "restore", str(tmp_path / "backup"), *again, DATABASE_URL=target, HUIPAI_MEDIA_ROOT=str(elsewhere)
        )
    assert second.returncode == 1
    assert second.stderr == (
        "Another restore into this database is running, so this one has changed nothing: wait until that one has "
        "ended, and read what it says.\n"
    )
    assert second.stdout == "" and not elsewhere.exists()


def test_a_password_stands_on_no_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://huipai:pw%40secret@127.0.0.1:{port}/huipai")
        with programs.feed("psql") as psql, server.accept()[0]:  # it has asked, and waits for an answer
            line = Path(f"/proc/{psql.pid}/cmdline").read_bytes()
            environment = Path(f"/proc/{psql.pid}/environ").read_bytes()
            psql.kill()
    assert b"host=127.0.0.1" in line and b"secret" not in line and b"PGPASSWORD=pw@secret" in environment


@pytest.mark.long
def test_of_two_backups_at_once_both_are_whole(tables: str, tmp_path: Path) -> None:
    put_photos(tmp_path / "media")
    with ThreadPoolExecutor(2) as both:
        done = list(
            both.map(lambda _n: huipai("backup", str(tmp_path / "b"), HUIPAI_MEDIA_ROOT=str(tmp_path / "media")), "12")
        )
    assert [one.returncode for one in done] == [0, 0], [one.stderr for one in done]
    assert {path.name for path in (tmp_path / "b").iterdir()} == {"database.dump", "media", "lock", "secret-key.check"}
