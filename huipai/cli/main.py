"""Chooses what a command line means: one of our commands, or one of Django's."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from huipai.cli.words import Trouble

# Our commands, by the module whose `main(arguments)` returns the exit code. Modules are imported when asked for: most
# of them read the settings, and the settings read DATABASE_URL. Nothing here needs a package: a Python that has none is
# told so.
THEMSELVES = {
    "demo": "huipai.cli.demo",
    "doctor": "huipai.cli.doctor",
    "serve": "huipai.cli.serve",
}
WITH_A_DATABASE = {
    "backup": "huipai.cli.backup",
    "dbshell": "huipai.cli.dbshell",
    "restore": "huipai.cli.restore",
    "work": "huipai.cli.work",
}
WITH_DJANGO = {
    "import-workdays": "huipai.cli.import_workdays",
    "open-street": "huipai.cli.open_street",
    "seed": "huipai.cli.seed",
    "verify": "huipai.cli.verify",
}
WITHOUT_A_DATABASE = {
    "compilemessages",
    "diffsettings",
    "draw_machine",
    "findstatic",
    "help",
    "makemessages",
    "version",
}
# Django's, which know neither streets nor the journal; what does here what they are asked for elsewhere.
INSTEAD = {
    "changepassword": "A colleague's password is given anew on their page under 人员, by a security administrator.",
    "createsuperuser": "Nobody is above all streets: 'python -m huipai open-street' makes a street's administrators.",
    "dumpdata": "Tables belong to streets and hang together: 'python -m huipai backup FOLDER' takes all of them.",
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


def _run(name: str, rest: list[str]) -> int:
    if name in INSTEAD:
        raise Trouble(INSTEAD[name])
    if name in THEMSELVES:
        return _ours(THEMSELVES[name], rest)
    if name in WITHOUT_A_DATABASE:
        return _djangos(name, rest)
    database = import_module("huipai.cli.database")
    with database.reached():
        database.require_settings()
        database.require_answer()
        if name in WITH_A_DATABASE:
            return _ours(WITH_A_DATABASE[name], rest)
        if name in WITH_DJANGO:
            database.require_tables()
            database.set_up_django()
            return _ours(WITH_DJANGO[name], rest)
        return _djangos(name, rest)


def _ours(module: str, rest: list[str]) -> int:
    code: int = import_module(module).main(rest)
    return code


def _djangos(name: str, rest: list[str]) -> int:
    if name == "help" and not rest:
        ours = sorted({**THEMSELVES, **WITH_A_DATABASE, **WITH_DJANGO})
        sys.stdout.write(f"Huipai's own commands: {', '.join(ours)}\n")
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
