"""Chooses what a command line means: one of our commands, or one of Django's."""

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from huipai.cli.postgres import Cluster
from huipai.cli.words import Trouble

# Ours, by module with a `main(arguments) -> exit code`. They are imported when asked for: most read the settings, and
# the settings want DATABASE_URL.
OURS = {
    "seed": "huipai.cli.seed",
    "verify": "huipai.cli.verify",
}


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; trouble is said in one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huipai.config.settings")
    try:
        return _run(list(arguments) or ["help"])
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(arguments: list[str]) -> int:
    name, rest = arguments[0], arguments[1:]
    if os.environ.get("DATABASE_URL"):
        return _with_database(name, rest)
    cluster = Cluster().start()
    os.environ["DATABASE_URL"] = cluster.url()
    try:
        return _with_database(name, rest)
    finally:
        cluster.stop()


def _with_database(name: str, rest: list[str]) -> int:
    if name in OURS:
        import_module("django").setup()
        code: int = import_module(OURS[name]).main(rest)
        return code
    import_module("django.core.management").execute_from_command_line(["huipai", name, *rest])
    return 0
