"""One command line: ours, Django's, and one clear sentence when something is missing."""

import pytest

from huipai.cli import main

from .processes import huipai


def test_help_names_our_commands() -> None:
    words = huipai("help").stdout
    assert all(name in words for name in ("serve", "work", "seed", "verify", "dbshell", "doctor", "demo", "migrate"))


def test_dbshell_is_psql() -> None:
    done = huipai("dbshell", "-Atc", "SELECT 'here'")
    assert (done.returncode, done.stdout) == (0, "here\n")


def test_a_missing_package_is_said_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(main.THEMSELVES, "doctor", "absent_package")
    assert main.main(["doctor"]) == 1
    assert capsys.readouterr().err == "The Python package absent_package is missing: run 'make install'.\n"


def test_production_without_its_database_is_said_in_a_sentence() -> None:
    done = huipai("work", HUIPAI_MODE="production", DATABASE_URL="")
    assert done.returncode == 1
    assert "is not set" in done.stderr
    assert "Traceback" not in done.stderr
