"""The embedded server: starts by itself, is shared, ends with its parent, recovers from every killing."""

import os
import pwd
import shutil
import site
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest

from huipai.cli import identity, postgres
from huipai.cli.postgres import FAST_AND_CARELESS, PROJECT, Busy, Cluster
from huipai.cli.words import Trouble

from .processes import end_of, eventually, holder, is_alive, kill, short_command, working_in


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    cluster = Cluster(folder=tmp_path)
    yield cluster
    cluster.stop()


def ask(cluster: Cluster, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(cluster.url()) as connection:
        return connection.execute(statement).fetchall()


def say(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.url()) as connection:
        connection.execute(statement)


class TestStart:
    def test_makes_a_database_that_knows_chinese(self, cluster: Cluster) -> None:
        cluster.start()
        say(cluster, "CREATE EXTENSION pg_trgm")
        assert ask(cluster, "SELECT cardinality(show_trgm('停车占道')) > 0, current_setting('server_encoding')") == [
            (True, "UTF8")
        ]

    def test_listens_on_no_network_port(self, cluster: Cluster) -> None:
        cluster.start()
        assert ask(cluster, "SHOW listen_addresses") == [("",)]

    def test_a_long_path_does_not_matter(self, tmp_path: Path) -> None:
        cluster = Cluster(folder=tmp_path / ("deep" * 30), options=FAST_AND_CARELESS).start()
        try:
            assert ask(cluster, "SELECT 1") == [(1,)]
        finally:
            cluster.stop()

    def test_keeps_what_was_written(self, cluster: Cluster) -> None:
        cluster.start()
        say(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
        cluster.stop()
        assert ask(cluster.start(), "SELECT number FROM kept") == [(7,)]

    def test_a_half_made_cluster_is_made_anew(self, cluster: Cluster) -> None:
        (cluster.home / "data.new").mkdir(parents=True)
        (cluster.home / "data.new" / "PG_VERSION").write_text("18\n")
        assert ask(cluster.start(), "SELECT 1") == [(1,)]

    def test_a_full_disk_is_said_in_a_sentence(self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1024))
        with pytest.raises(Trouble, match=r"disk of .* is full"):
            cluster.start()

    def test_a_broken_cluster_is_said_in_a_sentence(self, cluster: Cluster) -> None:
        cluster.start()
        cluster.stop()
        (cluster.data / "global" / "pg_control").write_bytes(b"")
        with pytest.raises(Trouble, match="did not start"):
            cluster.start()
        assert not cluster.is_ours


class TestStop:
    def test_leaves_no_process_and_no_socket(self, cluster: Cluster, tmp_path: Path) -> None:
        cluster.start()
        sockets = cluster.sockets
        assert working_in(tmp_path)
        cluster.stop()
        assert working_in(tmp_path) == []
        assert not sockets.exists()


@pytest.mark.long
class TestSharing:
    def test_a_second_process_attaches_and_leaves_the_server_running(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path) as (_, postmaster):
            cluster.start()
            assert not cluster.is_ours
            assert ask(cluster, "SELECT 1") == [(1,)]
            cluster.stop()
            assert is_alive(postmaster)

    def test_who_wants_it_alone_is_refused(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path), pytest.raises(Busy):
            cluster.start_if_alone()

    def test_who_attached_takes_over_when_the_owner_goes(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path):
            cluster.start()
        cluster.keep()
        assert cluster.is_ours
        assert ask(cluster, "SELECT 1") == [(1,)]


@pytest.mark.long
class TestLeases:
    """`verify` runs the server, `demo` comes and migrates, `verify` ends: the demo notices nothing."""

    def test_a_short_command_that_ends_leaves_the_server_to_who_came_meanwhile(
        self, cluster: Cluster, tmp_path: Path
    ) -> None:
        with short_command(tmp_path) as first:
            cluster.start()
            assert not cluster.is_ours
            with psycopg.connect(cluster.url()) as connection:
                end_of(first)
                with pytest.raises(subprocess.TimeoutExpired):
                    first.wait(timeout=1.5)
                assert connection.execute("SELECT 1").fetchone() == (1,)
            cluster.leave()
            assert first.wait(timeout=30) == 0
            assert "still uses the database" in (first.stderr.read() if first.stderr else "")
        assert working_in(tmp_path) == []

    def test_who_keeps_the_server_is_not_waited_for_and_takes_over(self, cluster: Cluster, tmp_path: Path) -> None:
        with short_command(tmp_path) as first:
            cluster.start()
            cluster.keep()
            end_of(first)
            assert first.wait(timeout=30) == 0
        cluster.keep()
        assert cluster.is_ours and ask(cluster, "SELECT 1") == [(1,)]

    def test_many_come_and_go_and_the_last_one_ends_it(self, tmp_path: Path) -> None:
        with short_command(tmp_path) as first, short_command(tmp_path) as second, short_command(tmp_path) as third:
            for process in (first, second, third):
                end_of(process)
            assert [process.wait(timeout=30) for process in (second, third, first)] == [0, 0, 0]
        assert working_in(tmp_path) == []

    def test_who_dies_holds_no_lease(self, cluster: Cluster, tmp_path: Path) -> None:
        cluster.start()
        with short_command(tmp_path) as other:
            kill(other.pid)
            other.wait()
            cluster.leave()
        assert not cluster.is_ours

    def test_a_start_while_the_owner_is_ending_runs_the_server_itself(self, cluster: Cluster, tmp_path: Path) -> None:
        with short_command(tmp_path) as first:
            end_of(first)
            cluster.start()
            assert ask(cluster, "SELECT 1") == [(1,)]
            cluster.leave()
            assert first.wait(timeout=30) == 0


@pytest.mark.long
class TestAfterAKilling:
    def test_of_the_parent_the_server_ends_and_the_next_start_works(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path) as (parent, postmaster):
            cluster.start()
            say(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
            kill(parent.pid)
            assert eventually(lambda: not is_alive(postmaster))
        cluster.keep()
        assert ask(cluster, "SELECT number FROM kept") == [(7,)]

    def test_of_the_parent_a_start_at_once_works_too(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path) as (parent, _):
            kill(parent.pid)
            parent.wait()
            cluster.start()
        assert cluster.is_ours
        assert ask(cluster, "SELECT 1") == [(1,)]

    def test_of_the_postmaster_its_keeper_restarts_it(self, cluster: Cluster) -> None:
        cluster.start()
        say(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
        assert cluster.process_id is not None
        kill(cluster.process_id)
        assert eventually(lambda: not is_alive(cluster.process_id or 0))
        cluster.keep()
        assert ask(cluster, "SELECT number FROM kept") == [(7,)]

    def test_of_both_the_next_start_recovers(self, cluster: Cluster, tmp_path: Path) -> None:
        with holder(tmp_path) as (parent, postmaster):
            cluster.start()
            say(cluster, "CREATE TABLE kept AS SELECT 7 AS number")
            kill(postmaster)
            kill(parent.pid)
        fresh = Cluster(folder=tmp_path).start()
        try:
            assert fresh.is_ours
            assert ask(fresh, "SELECT number FROM kept") == [(7,)]
        finally:
            fresh.stop()

    def test_a_lock_file_that_names_a_stranger_does_not_stop_the_start(self, cluster: Cluster) -> None:
        cluster.start()
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        cluster.stop()
        (cluster.data / "postmaster.pid").write_text("\n".join([str(os.getppid()), *lines[1:], ""]))
        assert ask(cluster.start(), "SELECT 1") == [(1,)]


_START_ONCE = """
import sys
from pathlib import Path
from huipai.cli.postgres import Cluster
cluster = Cluster(folder=Path(sys.argv[1])).start()
print(cluster.is_ours)
cluster.stop()
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root has to become somebody else")
class TestAsRoot:
    @pytest.fixture
    def open_folder(self) -> Iterator[Path]:
        """Under the temp directory and, unlike pytest's own, reachable by everybody."""
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o755)
            yield Path(name)

    def test_runs_as_an_ordinary_user_who_reaches_the_folder(self, open_folder: Path) -> None:
        cluster = Cluster(folder=open_folder, options=FAST_AND_CARELESS).start()
        try:
            owner = cluster.data.stat().st_uid
            assert pwd.getpwuid(owner).pw_name in ("postgres", "nobody", "root")
            assert ask(cluster, "SELECT 1") == [(1,)]
        finally:
            cluster.stop()

    def test_a_cluster_is_run_by_whoever_owns_it(self, open_folder: Path) -> None:
        first = Cluster(folder=open_folder, options=FAST_AND_CARELESS).start()
        owner = first.data.stat().st_uid
        first.stop()
        again = Cluster(folder=open_folder, options=FAST_AND_CARELESS).start()
        again.stop()
        assert again.data.stat().st_uid == owner

    def test_says_so_when_there_is_no_way(
        self, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        monkeypatch.setattr(identity, "CANDIDATES", ())
        with pytest.raises(Trouble, match="does not run as root"):
            cluster.start()


def _ordinary() -> list[tuple[list[str], str | None]]:
    """Ways to be an ordinary user here, the truest first: ourselves, nobody, nobody with the system's Python, a
    namespace."""
    if os.getuid() != 0:
        return [([sys.executable], None)]
    return [
        ([sys.executable], "nobody"),
        (["/usr/bin/python3"], "nobody"),
        ([*identity.NAMESPACE.prefix, sys.executable], None),
    ]


def _run_as(user: str | None, command: list[str]) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(PROJECT), *site.getsitepackages()])}
    groups: list[int] | None = [] if user else None
    try:
        done = subprocess.run(
            command,
            user=user,
            extra_groups=groups,
            env=environment,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    except PermissionError as refusal:
        return str(refusal)
    return done.stdout or done.stderr


def test_needs_no_rights() -> None:
    for command, user in _ordinary():
        with tempfile.TemporaryDirectory() as folder:
            if user:
                shutil.chown(folder, user)
            done = _run_as(user, [*command, "-c", _START_ONCE, folder])
        if done == "True\n":
            return
    pytest.fail(f"nobody could start it: {done}")


class TestWhereTheSocketLies:
    @pytest.fixture
    def temporary(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
        """A short folder of temporary files that everybody may pass."""
        with tempfile.TemporaryDirectory(dir="/tmp", prefix="t") as name:
            Path(name).chmod(0o755)
            monkeypatch.setattr(tempfile, "tempdir", name)
            yield Path(name)

    def test_among_the_temporary_files(self, temporary: Path) -> None:
        assert postgres._socket_folder(temporary).parent == temporary

    @pytest.mark.parametrize("name", ["a b", "a,b", "x" * 90])
    def test_not_where_a_socket_cannot_lie(self, temporary: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        (temporary / name).mkdir()
        monkeypatch.setattr(tempfile, "tempdir", str(temporary / name))
        assert postgres._socket_folder(temporary).parent == Path("/tmp")

    def test_nor_where_the_servers_user_cannot_pass(self, temporary: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        temporary.chmod(0o700)
        monkeypatch.setattr(os, "getuid", lambda: 0)
        assert postgres._socket_folder(temporary).parent == Path("/tmp")
        monkeypatch.setattr(os, "getuid", lambda: 1000)
        assert postgres._socket_folder(temporary).parent == temporary
