"""One command line: ours, Django's, and one clear sentence when something is missing."""

import subprocess
import sys

import pytest

from huipai.cli import database, main, seed
from huipai.cli.postgres import PROJECT
from huipai.cli.words import Trouble

from .processes import huipai


def test_help_names_each_command_and_needs_no_database() -> None:
    done = huipai("--help", DATABASE_URL="postgresql:///none?host=/nowhere")
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"  {name} " in done.stdout for name in main.OURS)
    assert "migrate" in done.stdout and not any(name in done.stdout for name in main.INSTEAD)


@pytest.fixture
def unreached(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this process may go looking for a database."""
    monkeypatch.setattr(database, "reached", lambda: pytest.fail("a database was asked for"))


@pytest.mark.usefixtures("unreached")
@pytest.mark.parametrize("asked", [["help"], ["-h"], []])
def test_whoever_asks_which_commands_there_are_is_told(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(asked) == 0
    assert "  verify " in capsys.readouterr().out


@pytest.mark.usefixtures("unreached")
@pytest.mark.parametrize("name", sorted({*main.OURS} - {"dbshell"}))
def test_each_of_ours_says_what_it_takes(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["help", name], [name, "--help"], [name, "-h"]):
        assert main.main(asked) == 0
        assert capsys.readouterr().out.startswith(f"usage: python -m huipai {name} ")


def test_the_version_is_ours(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("Huipai 0.")


def test_dbshell_is_psql() -> None:
    done = huipai("dbshell", "-Atc", "SELECT 'here'")
    assert (done.returncode, done.stdout) == (0, "here\n")
    assert huipai("dbshell", "--", "-Atc", "SELECT 'here'").stdout == "here\n"


def test_a_missing_package_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(main.OURS, "doctor", "absent_package")
    assert main.main(["doctor"]) == 1
    assert capsys.readouterr().err == "The Python package absent_package is missing: run 'make install'.\n"


def test_a_python_without_any_package_is_said_in_a_sentence() -> None:
    bare = "import sys; sys.prefix = sys.base_prefix; from huipai.cli.main import main; sys.exit(main(['doctor']))"
    done = subprocess.run([sys.executable, "-ISc", f"import sys; sys.path.insert(0, {str(PROJECT)!r}); {bare}"],
                          capture_output=True, text=True)  # fmt: skip
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("This Python is not the one in .venv and has no package ")


def test_a_number_of_processes_or_jobs_that_cannot_be_is_said_in_a_sentence() -> None:
    wrong = (("serve", "--workers", "0"), ("demo", "--workers", "-2"), ("serve", "--workers", "two"),
             ("work", "--concurrency", "0"))  # fmt: skip
    for command, option, typed in wrong:
        done = huipai(command, f"{option}={typed}")
        assert (done.returncode, done.stderr) == (1, f"{option} is {typed!r}; it must be a number from 1 on.\n")


def test_numbers_of_streets_and_cases_that_cannot_be_are_said_in_a_sentence() -> None:
    for option, least, most in (("--streets", 0, 999), ("--cases", 1, 100_000_000)):
        with pytest.raises(Trouble) as trouble:
            seed.main([option, "-1"])
        assert str(trouble.value) == f"{option} is -1; it must be a number from {least} to {most}."


def test_a_database_without_tables_is_said_in_a_sentence(empty_database: str) -> None:
    sentence = "The database has no tables yet: run 'python -m huipai migrate'.\n"
    for command in ("verify", "work"):
        done = huipai(command)
        assert (done.returncode, done.stderr) == (1, sentence)


@pytest.mark.parametrize("command", ["verify", "work", "serve --port 8397"])
def test_tables_of_an_older_version_are_said_in_a_sentence(tables: str, command: str) -> None:
    with database.connect() as connection:
        taken = "DELETE FROM django_migrations WHERE name = '0005_one_paper_pays_once' RETURNING app, name, applied"
        rows = connection.execute(taken).fetchall()
        try:
            done = huipai(*command.split())
        finally:
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, %s)", rows)
    assert len(rows) == 1 and done.returncode == 1
    assert done.stderr == "The tables are not up to date: run 'python -m huipai migrate'.\n"


def test_help_of_a_command_needs_no_tables(empty_database: str) -> None:
    done = huipai("seed", "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "--cases" in done.stdout


PRODUCTION = {"HUIPAI_MODE": "production", "HUIPAI_SECRET_KEY": "s" * 50, "HUIPAI_HOSTS": "huipai.example"}


NOWHERE = {"DATABASE_URL": "postgresql:///none?host=/nowhere"}


@pytest.mark.parametrize(
    ("command", "wrong", "sentence"),
    [
        ("work", {"DATABASE_URL": ""}, "DATABASE_URL is not set"),
        ("serve", {"HUIPAI_SECRET_KEY": "short"}, "HUIPAI_SECRET_KEY must be random and at least 50 characters long"),
        ("verify", {"HUIPAI_SECRET_KEY": ""}, "HUIPAI_SECRET_KEY is not set"),
        ("serve", {"HUIPAI_HOSTS": ""}, "HUIPAI_HOSTS is not set"),
        ("serve", {"HUIPAI_MODE": "foo"}, "it must be one of demo, production, test"),
        ("work", NOWHERE, "does not answer"),
        ("verify", NOWHERE, "does not answer"),
        ("migrate", NOWHERE, "does not answer"),
        ("verify", {"DATABASE_URL": "foo"}, "DATABASE_URL must begin with postgresql://"),
        ("verify", {"DATABASE_URL": "postgresql://h:notaport/x"}, "DATABASE_URL is not an address"),
        ("serve", {"DATABASE_URL": "postgresql://[::1/x"}, "DATABASE_URL is not an address"),
        ("work", {"HUIPAI_PHOTO_STORAGE_OPTIONS": "{bad"}, "HUIPAI_PHOTO_STORAGE_OPTIONS is not JSON"),
        ("work", {"HUIPAI_LOG_LEVEL": "loud"}, "HUIPAI_LOG_LEVEL is 'loud'"),
        ("work", {"HUIPAI_STATEMENT_TIMEOUT_MS": "-5"}, "HUIPAI_STATEMENT_TIMEOUT_MS is '-5'"),
    ],
)
def test_a_wrong_environment_is_said_in_one_sentence(command: str, wrong: dict[str, str], sentence: str) -> None:
    done = huipai(command, **{**PRODUCTION, **wrong})
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_fiction_is_not_seeded_in_production(tables: str) -> None:
    done = huipai("seed", **PRODUCTION)
    assert (done.returncode, "open-street" in done.stderr) == (1, True)


@pytest.mark.parametrize("name", sorted(main.INSTEAD))
def test_nobody_is_helped_to_what_is_refused(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["help", name]) == 1
    assert capsys.readouterr().err == f"{main.INSTEAD[name]}\n"


@pytest.mark.parametrize("name", sorted(main.INSTEAD))
def test_what_of_django_does_not_fit_is_said_with_what_does_instead(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main.main([name, "people.Account"]) == 1
    assert capsys.readouterr().err == f"{main.INSTEAD[name]}\n"


def test_nor_does_a_worker_of_its_own_run_jobs(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["procrastinate", "-v", "1", "worker"]) == 1
    assert "python -m huipai work" in capsys.readouterr().err
