"""Chooses what a command line means: one of our commands, or one of Django's."""

import os
import sys
import tomllib
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from huipai.cli import room
from huipai.cli.words import Trouble

# Our commands, by the module whose `main(arguments)` returns the exit code. Modules are imported when asked for: most
# of them read the settings, and the settings read DATABASE_URL. Nothing here needs a package: a Python that has none is
# told so.
THEMSELVES = {
    "dbshell": "huipai.cli.dbshell",
    "demo": "huipai.cli.demo",
    "doctor": "huipai.cli.doctor",
    "serve": "huipai.cli.serve",
}
WITH_A_DATABASE = {
    "backup": "huipai.cli.backup",
    "restore": "huipai.cli.restore",
    "work": "huipai.cli.work",
}
WITH_DJANGO = {
    "import-workdays": "huipai.cli.import_workdays",
    "open-street": "huipai.cli.open_street",
    "seed": "huipai.cli.seed",
    "take-off-second-factor": "huipai.cli.take_off_second_factor",
    "verify": "huipai.cli.verify",
}
OURS = {**THEMSELVES, **WITH_A_DATABASE, **WITH_DJANGO}
WHAT_FOR = {
    "backup": "write everything into a folder",
    "dbshell": "psql on the database in use",
    "demo": "the demo sub-district with its web server and job worker",
    "doctor": "what is missing or wrong here, in words",
    "import-workdays": "a year's days off and working weekends",
    "open-street": "open a street and make its three administrators",
    "restore": "bring a backup into an empty database",
    "seed": "streets with made-up people and cases, for tests of size",
    "serve": "the web server",
    "take-off-second-factor": "let a colleague who is shut out set a new second factor",
    "verify": "prove the journal, the ledger and what was said; names the first difference",
    "work": "the job worker",
}
WITHOUT_A_DATABASE = {
    "compilemessages",
    "diffsettings",
    "draw_machine",
    "findstatic",
    "makemessages",
}
HELP = {"-h", "--help"}
# Django's, which know neither streets nor the journal; what does here what they are asked for elsewhere.
INSTEAD = {
    "changepassword": "A colleague's password is given anew on their page under 人员, by a security administrator.",
    "createsuperuser": "Nobody is above all streets: 'python -m huipai open-street' makes a street's administrators.",
    "dumpdata": "Tables belong to streets and hang together: 'python -m huipai backup FOLDER' takes all of them.",
    "runserver": "It serves whatever database it finds to whoever asks: 'python -m huipai serve' looks at both before.",
    "testserver": "Tests bring their own server; 'python -m huipai demo' shows made-up streets.",
    "loaddata": "Tables belong to streets and hang together: 'python -m huipai restore FOLDER' brings them all back.",
}


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; trouble is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huipai.config.settings")
    name, *rest = list(arguments) or ["help"]
    try:
        return _run(name, rest)
    except Trouble as trouble:
        return _say(str(trouble))
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("huipai"):
            raise
        return _say(_missing(str(missing.name)))
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        if sentence := room.lacking(problem):
            return _say(sentence)
        raise


def _run(name: str, rest: list[str]) -> int:
    if name in HELP or name == "help":
        return _help(rest)
    if name in ("--version", "version"):
        return _version()
    _require_ours_where_there_is_one(name, rest)
    if name != "dbshell" and not HELP.isdisjoint(rest):
        return _help([name])
    if name in THEMSELVES:
        return _ours(name, rest)
    if name in WITHOUT_A_DATABASE:
        return _djangos(name, rest)
    database = import_module("huipai.cli.database")
    with database.reached():
        database.require_settings()
        database.require_answer()
        if name in WITH_DJANGO:
            database.require_tables()
            database.require_up_to_date()
            database.set_up_django()
        if name in OURS:
            return _ours(name, rest)
        database.require_whole_steps()
        return _migrate(rest) if name == "migrate" else _djangos(name, rest)


def _require_ours_where_there_is_one(name: str, rest: list[str]) -> None:
    if name in INSTEAD:
        raise Trouble(INSTEAD[name])
    if name == "procrastinate" and "worker" in rest:
        raise Trouble("Jobs are run by 'python -m huipai work', which looks first at whose database it is.")


def _help(about: Sequence[str]) -> int:
    """What a command takes, or which there are; nothing is started or asked for it."""
    if not about:
        return _commands()
    if about[0] in INSTEAD:
        raise Trouble(INSTEAD[about[0]])
    if about[0] not in OURS:
        return _djangos("help", about)
    if about[0] in WITH_DJANGO:
        import_module("huipai.cli.database").set_up_django()
    try:
        return _ours(about[0], ["--help"])
    except SystemExit as end:  # as argparse ends when it has said all
        return int(end.code or 0)


def _commands() -> int:
    width = max(map(len, WHAT_FOR))
    own = [f"  {name:<{width}}  {what}\n" for name, what in sorted(WHAT_FOR.items())]
    sys.stdout.writelines(["python -m huipai COMMAND …, and of each: python -m huipai help COMMAND\n\n", *own])
    sys.stdout.write(f"\nDjango's: {', '.join(sorted(_of_django() - {*OURS, *INSTEAD}))}\n")
    return 0


def _of_django() -> set[str]:
    management = import_module("django.core.management")
    try:
        import_module("huipai.cli.database").set_up_django()
    except Trouble as trouble:  # the list is shorter then
        _say(str(trouble))
    return set(management.get_commands())


def _version() -> int:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())["project"]
    sys.stdout.write(f"Huipai {project['version']}, Django {import_module('django').get_version()}\n")
    return 0


def _ours(name: str, rest: list[str]) -> int:
    code: int = import_module(OURS[name]).main(rest)
    return code


def _migrate(rest: Sequence[str]) -> int:
    with import_module("huipai.cli.migrating").in_turn():
        return _djangos("migrate", rest)


def _djangos(name: str, rest: Sequence[str]) -> int:
    import_module("django.core.management").execute_from_command_line(["huipai", name, *rest])
    return 0


def _missing(package: str) -> str:
    if sys.prefix == sys.base_prefix:
        return (
            f"This Python is not the one in .venv and has no package {package}: run '.venv/bin/python -m huipai …', "
            "after 'make install' where there is no .venv yet."
        )
    return f"The Python package {package} is missing: run 'make install'."


def _say(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 1
