"""The doctor says in words what is missing or wrong."""

import os
import socket
from collections.abc import Callable
from importlib.metadata import PathDistribution
from pathlib import Path

import psycopg
import pytest
from django.test import override_settings

from huipai.cli import doctor, keeping, packages
from huipai.cli.doctor import Finding, State
from huipai.cli.postgres import PROJECT
from huipai.cli.words import Trouble

from .processes import huipai

SECRET = "k" * 60
SETTINGS = pytest.mark.parametrize(
    ("setting", "sentence"),
    [
        ("default_transaction_isolation = serializable", "it must be 'read committed'"),
        ("session_replication_role = replica", "no trigger runs and no foreign key binds. Take it back"),
    ],
    ids=["isolation", "triggers"],
)


@pytest.fixture
def begins_with(empty_database: str, empty_database_name: str) -> Callable[[str], None]:
    """Let the connections of a database begin with something else than a server's own."""

    def alter(words: str) -> None:
        with psycopg.connect(empty_database, autocommit=True) as connection:
            connection.execute(f"ALTER DATABASE {empty_database_name} {words}")

    return alter


def wrong(findings: list[Finding]) -> list[str]:
    return [finding.words for finding in findings if finding.state is State.WRONG]


def doubtful(findings: list[Finding]) -> list[str]:
    return [finding.words for finding in findings if finding.state is State.DOUBTFUL]


class TestPython:
    def test_another_version_is_wrong(self) -> None:
        assert wrong(list(doctor.python((3, 12, 1), inside_venv=True))) == ["This is Python 3.12.1 and 3.11 is needed."]

    def test_outside_the_venv_is_doubtful(self) -> None:
        assert "not the one in .venv" in doubtful(list(doctor.python((3, 11, 2), inside_venv=False)))[0]


class TestPackages:
    def test_ours_are_as_locked(self) -> None:
        assert wrong(list(doctor.packages(PROJECT / "requirements" / "base.txt"))) == []

    def test_a_missing_one_and_another_version_are_named(self, tmp_path: Path) -> None:
        lock = tmp_path / "base.txt"
        lock.write_text("absent-package==1.0 \\\n    --hash=sha256:00\ndjango==1.0 \\\n")
        assert wrong(list(doctor.packages(lock))) == [
            "Not installed as locked: absent-package 1.0, django 1.0. Run 'make install'."
        ]

    def test_one_whose_files_are_gone_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lock = tmp_path / "base.txt"
        lock.write_text(f"granian=={packages.installed('granian')} \\\n")
        assert wrong(list(doctor.packages(lock))) == []
        monkeypatch.setattr(PathDistribution, "locate_file", lambda self, path: tmp_path / path)
        assert wrong(list(doctor.packages(lock)))[0].startswith("Not installed as locked: granian ")


class TestFrontEnd:
    def test_nothing_built_is_wrong(self, tmp_path: Path) -> None:
        (tmp_path / "locale/en/LC_MESSAGES").mkdir(parents=True)
        (tmp_path / "locale/en/LC_MESSAGES/django.po").touch()
        assert wrong(list(doctor.front_end(tmp_path))) == [
            "The front end is not built: run 'make install'.",
            "The texts are not compiled: run 'make install'.",
        ]


class TestSecrets:
    def test_production_is_told_what_it_works_without(self) -> None:
        said = [found.words for found in doctor.ways_out({"HUIPAI_MODE": "production", "HUIPAI_ORIGINS": "https://a"})]
        assert [one.partition(" ")[0] for one in said] == [
            "HUIPAI_SMS_GATEWAY_URL", "HUIPAI_MAIL_HOST", "HUIPAI_TRUSTED_PROXIES",
        ]  # fmt: skip
        assert "nobody signs in by code" in said[0] and list(doctor.ways_out({})) == []

    def test_production_names_everything_that_is_missing(self) -> None:
        assert wrong(list(doctor.secrets({"HUIPAI_MODE": "production"}))) == [
            "DATABASE_URL is not set; production needs it.",
            "HUIPAI_SECRET_KEY is not set; production needs it.",
            "HUIPAI_HOSTS is not set; production needs it.",
        ]

    @pytest.mark.parametrize("secret", ["short", "only-for-demo-and-tests-" + "x" * 40])
    def test_a_weak_secret_is_wrong(self, secret: str) -> None:
        environment = {"HUIPAI_MODE": "production", "DATABASE_URL": "x", "HUIPAI_HOSTS": "a"}
        assert len(wrong(list(doctor.secrets({**environment, "HUIPAI_SECRET_KEY": secret})))) == 1
        assert wrong(list(doctor.secrets({**environment, "HUIPAI_SECRET_KEY": SECRET}))) == []

    def test_every_host_name_is_wrong(self) -> None:
        environment = {"HUIPAI_MODE": "production", "DATABASE_URL": "x", "HUIPAI_SECRET_KEY": SECRET}
        assert "name the ones" in wrong(list(doctor.secrets({**environment, "HUIPAI_HOSTS": "*"})))[0]


class TestJobs:
    def test_one_that_waits_for_long_is_doubtful_and_whether_anybody_works(self, tables: str) -> None:
        def said(waits: str) -> list[str]:
            connection.execute(f"UPDATE procrastinate_jobs SET scheduled_at = now() - interval '{waits}'".encode())
            return doubtful(list(doctor.jobs(connection)))

        with psycopg.connect(tables) as connection:
            connection.execute("INSERT INTO procrastinate_jobs (queue_name, task_name) VALUES ('q', 'one')")
            assert said("2 minutes") == said("-1 hour") == []
            [alone] = said("12 minutes")
            assert alone.startswith("A job has waited for 12 minutes and no job worker runs")
            connection.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
            [busy] = said("12 minutes")
            assert busy.startswith("A job has waited for 12 minutes although a job worker runs")
            connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 hour'")
            connection.execute("UPDATE procrastinate_events SET at = now() - interval '1 hour'")
            connection.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")
            [alone] = doubtful(list(doctor.jobs(connection)))
            assert alone.startswith("A job has waited for 60 minutes and no job worker runs")
            connection.rollback()


class TestDatabase:
    def test_ours_is_well(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            assert wrong(list(doctor.server(connection))) == []

    def test_another_isolation_is_wrong(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("SET default_transaction_isolation = 'serializable'")
            assert wrong(list(doctor.server(connection))) == [
                "default_transaction_isolation is 'serializable'; it must be 'read committed'."
            ]

    def test_triggers_that_rest_from_the_start_are_wrong(self) -> None:
        with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
            connection.execute("SET session_replication_role = 'replica'")
            (said,) = wrong(list(doctor.server(connection)))
        assert said.startswith("session_replication_role is 'replica' from the start: no trigger runs")

    def test_one_that_does_not_answer_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        assert "does not answer" in wrong(list(doctor.the_database()))[0]

    def test_an_address_that_is_none_is_said(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("DATABASE_URL", "foo")
        assert "DATABASE_URL is not an address of a database" in wrong(list(doctor.the_database()))[0]

    def test_a_wrong_mode_is_the_first_thing_wrong(self, empty_database: str) -> None:
        """And not whose database it is, which depends on the mode."""
        done = huipai("doctor", HUIPAI_MODE="prod")
        said = [line for line in done.stdout.splitlines() if line.startswith("wrong")]
        assert done.returncode == 1 and len(said) == 1 and "HUIPAI_MODE is 'prod'" in said[0], done.stdout
        assert "demo mode" not in done.stdout

    @pytest.mark.parametrize("command", ["verify", "migrate", "demo --port 8397", "serve --port 8397"])
    @SETTINGS
    def test_no_command_works_on_a_database_that_begins_otherwise(
        self, begins_with: Callable[[str], None], command: str, setting: str, sentence: str
    ) -> None:
        begins_with(f"SET {setting}")
        done = huipai(*command.split(), HUIPAI_MODE="demo")
        said = done.stdout + done.stderr
        assert done.returncode == 1 and sentence in said and "Traceback" not in said

    @SETTINGS
    def test_the_doctor_says_so_beside_the_rest_and_the_shell_puts_it_right(
        self, begins_with: Callable[[str], None], empty_database_name: str, setting: str, sentence: str
    ) -> None:
        begins_with(f"SET {setting}")
        done = huipai("doctor", HUIPAI_MODE="demo")
        said = done.stdout + done.stderr
        assert done.returncode == 1 and sentence in said and "Traceback" not in said and "front end" in said
        put_right = f"ALTER DATABASE {empty_database_name} RESET {setting.split()[0]}"
        assert huipai("dbshell", "-qc", put_right).returncode == 0
        assert sentence not in huipai("doctor").stdout

    def test_missing_tables_are_said(self, empty_database: str) -> None:
        done = huipai("doctor")
        assert done.returncode == 1
        assert "The tables are not up to date: run 'python -m huipai migrate'." in done.stdout


class TestPlaces:
    def test_something_is_really_kept_and_taken_away(self, tmp_path: Path) -> None:
        """A file in place of the folder's parent: even root can keep nothing there."""
        (tmp_path / "file").write_text("")
        sealed = "huipai.photos.storage.SealedFolder"
        stores = {
            "photos": {"BACKEND": sealed, "OPTIONS": {"location": str(tmp_path / "photos")}},
            "attachments": {"BACKEND": sealed, "OPTIONS": {"location": str(tmp_path / "file" / "x")}},
        }
        with override_settings(STORAGES=stores):
            findings = list(doctor.places())
        assert wrong(findings) == [f"Nothing can be kept in {tmp_path}/file/x: Not a directory."]
        assert f"photos can be kept in {tmp_path}/photos" in [finding.words for finding in findings]
        assert [one.name for one in tmp_path.iterdir()] == ["file"]

    def test_what_others_may_read_is_doubtful(self, tmp_path: Path) -> None:
        sealed = "huipai.photos.storage.SealedFolder"
        stores = {alias: {"BACKEND": sealed, "OPTIONS": {"location": str(tmp_path)}} for alias in keeping.SETTINGS}
        original = tmp_path / "ab" / "one.jpg"
        original.parent.mkdir()
        original.write_bytes(b"one")
        told = []
        for mode, around in ((0o644, 0o755), (0o640, 0o755), (0o644, 0o700)):
            original.chmod(mode)
            tmp_path.chmod(around)
            with override_settings(STORAGES=stores):
                told.append([words for words in doubtful(list(doctor.places())) if str(original) in words])
        assert [len(words) for words in told] == [2, 0, 0] and f"chmod -R go= {tmp_path}" in told[0][0]


def test_a_port_in_use_is_doubtful() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert f"Port {port} is in use" in doubtful(list(doctor.port(port)))[0]


class TestPackagesOfTheWebServer:
    def test_one_that_is_gone_is_said_before_the_web_server_falls_over_it(self, tmp_path: Path) -> None:
        lock = tmp_path / "base.txt"
        lock.write_text("django==5\nno-such-package==1\n")
        with pytest.raises(Trouble, match="The Python package no-such-package is missing: run 'make install'"):
            packages.require_whole(lock)

    def test_one_whose_files_are_gone_is_said_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lock = tmp_path / "base.txt"
        lock.write_text("gone==1\n")
        noted = tmp_path / "gone-1.dist-info"
        noted.mkdir()
        (noted / "METADATA").write_text("Metadata-Version: 2.1\nName: gone\nVersion: 1\n")
        (noted / "RECORD").write_text("gone/__init__.py,,\n")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(Trouble, match="package gone is missing"):
            packages.require_whole(lock)
        (tmp_path / "gone").mkdir()
        (tmp_path / "gone" / "__init__.py").write_text("")
        packages.require_whole(lock)
