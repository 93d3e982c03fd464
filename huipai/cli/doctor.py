"""`python -m huipai doctor`: says in words what is missing or wrong, and what to do about it."""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from pathlib import Path

import psycopg

from huipai.cli import addresses, built, database, keeping, ownership
from huipai.cli import packages as the_packages
from huipai.cli.postgres import PROJECT
from huipai.cli.words import Trouble

_OLDEST, _NEWEST = 15, 18
_EXTENSIONS = ("btree_gist", "pg_trgm")
_LITTLE_DISK = 2 << 30
_SECRET_LENGTH = 50
_WITHOUT = {
    "HUIPAI_SMS_GATEWAY_URL": "no text message leaves, and nobody signs in by code.",
    "HUIPAI_MAIL_HOST": "no mail leaves.",
    "HUIPAI_ORIGINS": "behind a proxy forms may be refused; messages have no link but by HUIPAI_PUBLIC_URL.",
    "HUIPAI_TRUSTED_PROXIES": "no proxy in front is believed: all seem to come from it, without TLS.",
}


_MINUTES_TO_WAIT = 10
# Since when the first job waits whose time has come, in minutes.
_WAITED = """
SELECT (extract(epoch FROM now() - min(coalesce(job.scheduled_at, event.at))) / 60)::integer
FROM procrastinate_jobs AS job
LEFT JOIN procrastinate_events AS event ON event.job_id = job.id AND event.type = 'deferred'
WHERE job.status = 'todo' AND coalesce(job.scheduled_at, event.at) <= now()
"""
LOST_KEY = (
    "Put the key back that they were locked with. Where it is lost, 'python -m huipai take-off-second-factor' lets "
    "their owners in again, one by one, and paper slips and cards have to be written anew."
)


class State(StrEnum):
    GOOD = "good"
    DOUBTFUL = "doubtful"
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    state: State
    words: str


def good(words: str) -> Finding:
    return Finding(State.GOOD, words)


def doubtful(words: str) -> Finding:
    return Finding(State.DOUBTFUL, words)


def wrong(words: str) -> Finding:
    return Finding(State.WRONG, words)


def main(arguments: Sequence[str]) -> int:
    """Examine everything, print one line a finding, and return 1 when something is wrong."""
    argparse.ArgumentParser(prog="python -m huipai doctor", description=main.__doc__).parse_args(arguments)
    findings = list(examine(os.environ))
    for finding in findings:
        sys.stdout.write(f"{finding.state.value:<9} {finding.words}\n")
    return 1 if any(finding.state is State.WRONG for finding in findings) else 0


def examine(environment: Mapping[str, str]) -> Iterator[Finding]:
    yield from python(sys.version_info[:3], inside_venv=sys.prefix != sys.base_prefix)
    yield from packages(PROJECT / "requirements" / "base.txt")
    yield from front_end(PROJECT)
    yield from disk(PROJECT)
    yield from secrets(environment)
    yield from ways_out(environment)
    yield from the_database()
    yield from port(8000)


def python(version: tuple[int, ...], *, inside_venv: bool) -> Iterator[Finding]:
    found = ".".join(map(str, version))
    if version[:2] == (3, 11):
        yield good(f"Python {found}")
    else:
        yield wrong(f"This is Python {found} and 3.11 is needed.")
    if not inside_venv:
        yield doubtful("This Python is not the one in .venv: run .venv/bin/python -m huipai doctor.")


def packages(lock: Path) -> Iterator[Finding]:
    """Compares what is installed with the lock."""
    if not lock.exists():
        yield doubtful(f"There is no {lock.name} here to compare the installed packages with.")
        return
    locked = the_packages.locked(lock)
    different = [
        f"{name} {version}" for name, version in locked
        if the_packages.installed(name) != version or not the_packages.is_there(name)
    ]  # fmt: skip
    if different:
        yield wrong(f"Not installed as locked: {', '.join(different)}. Run 'make install'.")
    else:
        yield good(f"{len(locked)} Python packages as locked")


def front_end(project: Path) -> Iterator[Finding]:
    sentences = list(built.missing(project))
    yield from map(wrong, sentences)
    if not sentences:
        yield good("the front end is built, and the texts")


def disk(project: Path) -> Iterator[Finding]:
    free = shutil.disk_usage(project).free
    words = f"{free / (1 << 30):.1f} GB free on the disk of {project}"
    yield good(words) if free > _LITTLE_DISK else doubtful(f"Only {words}.")


def secrets(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What production must set, and demo mode must not be mistaken for."""
    mode = environment.get("HUIPAI_MODE", "demo")
    if mode == "demo":
        yield good("demo mode: codes appear in the development inbox, and only this machine is served")
    if mode != "production":
        return
    for name in ("DATABASE_URL", "HUIPAI_SECRET_KEY", "HUIPAI_HOSTS"):
        if not environment.get(name):
            yield wrong(f"{name} is not set; production needs it.")
    secret = environment.get("HUIPAI_SECRET_KEY", "")
    if secret and (len(secret) < _SECRET_LENGTH or secret.startswith("only-for-demo")):
        yield wrong(f"HUIPAI_SECRET_KEY must be random and at least {_SECRET_LENGTH} characters long.")
    if "*" in environment.get("HUIPAI_HOSTS", ""):
        yield wrong("HUIPAI_HOSTS lets every host name in: name the ones that lead here.")


def ways_out(environment: Mapping[str, str]) -> Iterator[Finding]:
    """What production works without, and what it then does not do."""
    if environment.get("HUIPAI_MODE") != "production":
        return
    for name, without in _WITHOUT.items():
        if not environment.get(name):
            yield doubtful(f"{name} is not set: {without}")


def the_database() -> Iterator[Finding]:
    """Its findings end with the first that makes the rest unanswerable: the settings before whose database it is."""
    try:
        with database.reached():
            database.require_settings()
            with database.connect() as connection:
                yield from server(connection)
                if any(database.wrongly_set(connection)):
                    return
            yield from places()
            yield from mode()
            yield from tables()
            with database.connect() as connection:
                yield from jobs(connection)
    except Trouble as trouble:
        yield wrong(str(trouble))


def server(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    major = connection.info.server_version // 10000
    if _OLDEST <= major <= _NEWEST:
        yield good(f"PostgreSQL {major} answers")
    else:
        yield wrong(f"PostgreSQL {major} answers, and Huipai is made for {_OLDEST} to {_NEWEST}.")
    yield from map(wrong, database.wrongly_set(connection))
    encoding = _one(connection, "SELECT current_setting('server_encoding')")
    if encoding != "UTF8":
        yield wrong(f"The database's encoding is {encoding}; it must be UTF8.")
    for name in _EXTENSIONS:
        yield from _extension(connection, name)


def _extension(connection: "psycopg.Connection[tuple[object, ...]]", name: str) -> Iterator[Finding]:
    available = _one(connection, "SELECT count(*) FROM pg_available_extensions WHERE name = %s", name)
    if available:
        yield good(f"extension {name}")
    else:
        yield wrong(f"The server lacks the extension {name}: install PostgreSQL's contrib package.")


def _one(connection: "psycopg.Connection[tuple[object, ...]]", statement: str, *values: object) -> object:
    row = connection.execute(statement.encode(), values).fetchone()
    return row[0] if row else None


def mode() -> Iterator[Finding]:
    try:
        ownership.require_for_mode()
    except Trouble as trouble:
        yield wrong(str(trouble))


def tables() -> Iterator[Finding]:
    """Asks Django: every migration applied, and its own checks silent."""
    database.set_up_django()
    management = import_module("django.core.management")
    failures = (management.CommandError, management.base.SystemCheckError, SystemExit)
    if _passes(lambda: management.call_command("check"), failures):
        yield good("Django's checks")
    else:
        yield wrong("Django's checks find faults: run 'python -m huipai check'.")
    try:
        database.require_whole_steps()
    except Trouble as trouble:
        yield wrong(str(trouble))
        return
    if _passes(lambda: management.call_command("migrate", check_unapplied=True, verbosity=0), failures):
        yield good("every migration is applied")
        yield from guards()
        yield from locked()
    else:
        yield wrong(database.OUT_OF_DATE)


def guards() -> Iterator[Finding]:
    """What the migrations made beside the tables: each is asked for by name."""
    sentences = list(import_module("huipai.cli.schema").lacking())
    yield from map(wrong, sentences)
    if not sentences:
        yield good("triggers, constraints and keys are as the migrations made them")


def _passes(command: Callable[[], object], failures: tuple[type[BaseException], ...]) -> bool:
    try:
        command()
    except failures:
        return False
    return True


def locked() -> Iterator[Finding]:
    """Whether what is locked opens with the secret key in use."""
    unreadable = import_module("huipai.people.queries").unreadable_second_factors()
    if unreadable:
        yield wrong(f"{unreadable} second factors do not open with this HUIPAI_SECRET_KEY. {LOST_KEY}")
    else:
        yield good("every second factor opens with this HUIPAI_SECRET_KEY")


def jobs(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    """What was tried as often as it may be and failed, of every street: each stands in a list that somebody reads."""
    known = _one(connection, "SELECT to_regclass('procrastinate_jobs') IS NOT NULL")
    dead = _one(connection, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") if known else 0
    if dead:
        yield doubtful(
            f"Of the jobs {dead} failed for good: the system administrator's page 没跑成的任务 lists them, and the log "
            "of the job worker says why by their number."
        )
    elif known:
        yield good("no job lies failed for good")
    if known:
        yield from _waiting(connection)


def _waiting(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[Finding]:
    """Jobs whose time has come and that nobody does: no code leaves meanwhile, no photo is shown, no case closes."""
    waited = _one(connection, _WAITED)
    if not isinstance(waited, int) or waited < _MINUTES_TO_WAIT:
        yield good("no job waits for long")
    elif _one(connection, "SELECT max(last_heartbeat) > now() - interval '2 minutes' FROM procrastinate_workers"):
        yield doubtful(
            f"A job has waited for {waited} minutes although a job worker runs: is it one for few --queues, or are "
            "there too few? 'python -m huipai work --concurrency N' does N at a time."
        )
    else:
        yield doubtful(f"A job has waited for {waited} minutes and no job worker runs: start 'python -m huipai work'.")


def places() -> Iterator[Finding]:
    """Really keeps something where photos and papers go, and takes it away again."""
    for alias in keeping.SETTINGS:
        try:
            yield good(f"{alias} can be kept in {keeping.try_storage(alias)}")
        except Trouble as trouble:
            yield wrong(str(trouble))
        else:
            yield from _privacy(alias)


def _privacy(alias: str) -> Iterator[Finding]:
    folder = keeping.folders().get(alias)
    file = keeping.open_to_others(folder) if folder is not None and folder.exists() else None
    if file is not None:
        yield doubtful(f"Others on this machine may read {alias}, {file} first: chmod -R go= {folder}")


def port(number: int) -> Iterator[Finding]:
    try:
        addresses.require_free(addresses.LOOPBACK, number)
    except Trouble as trouble:
        yield doubtful(f"{trouble} (That program may be Huipai itself.)")
    else:
        yield good(f"port {number} is free")
