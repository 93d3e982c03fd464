"""Which database the command line works on: the one DATABASE_URL names, else the embedded one."""

import os
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import psycopg

from huipai.cli import keeping
from huipai.cli.postgres import Cluster
from huipai.cli.words import Trouble

_READ_COMMITTED = "read committed"
# The last version that still has the steps which one migration a room stands for now (decision 0095).
_BEFORE_0095 = "8eaa8e8a"
OUT_OF_DATE = "The tables are not up to date: run 'python -m huipai migrate'."

# A migration: the app and its name.
Step = tuple[str, str]


@contextmanager
def reached() -> Iterator[Cluster | None]:
    """Inside, DATABASE_URL names a database that answers. Yields the embedded server when it is ours to look after.

    In production nothing is embedded: the settings then ask for DATABASE_URL.
    """
    if os.environ.get("DATABASE_URL") or os.environ.get("HUIPAI_MODE") == "production":
        yield None
        return
    cluster = Cluster().start()
    os.environ["DATABASE_URL"] = cluster.url()
    try:
        yield cluster
    except Exception as problem:
        if isinstance(problem, Trouble) or cluster.answers():
            raise
        raise Trouble(_ended(cluster.why_it_fell())) from problem
    finally:
        del os.environ["DATABASE_URL"]
        cluster.leave()


def _ended(why: str) -> str:
    """Why the database has gone while somebody worked on it, and what to do; `why` is empty if another ran it."""
    if not why:
        return "The process that ran the database has ended meanwhile: start this once more."
    return f"PostgreSQL has ended meanwhile: {why.rstrip('.')}. Mend that, and start this once more."


def connect() -> "psycopg.Connection[tuple[object, ...]]":
    """A connection of its own, before and without Django."""
    try:
        return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True, connect_timeout=10)
    except KeyError as missing:
        raise Trouble("DATABASE_URL is not set.") from missing
    except psycopg.ProgrammingError as problem:
        raise Trouble(f"DATABASE_URL is not an address of a database: {' '.join(str(problem).split())}") from problem
    except psycopg.OperationalError as problem:
        lines = [line.strip() for line in str(problem).splitlines() if line.strip()]
        raise Trouble(f"The database named by DATABASE_URL does not answer: {' '.join(lines)}") from problem


def require_answer() -> None:
    """Refuses a database that cannot be reached, or that Django's connections would refuse one by one."""
    with connect() as connection:
        for sentence in wrongly_set(connection):
            raise Trouble(sentence)


def wrongly_set(connection: "psycopg.Connection[tuple[object, ...]]") -> Iterator[str]:
    """A sentence for each setting with which a connection of ours must not begin, wherever it comes from."""
    settings = "SELECT current_setting('default_transaction_isolation'), current_setting('session_replication_role')"
    row = connection.execute(settings).fetchone()
    level, role = row or (None, None)
    if level != _READ_COMMITTED:
        yield f"default_transaction_isolation is {level!r}; it must be {_READ_COMMITTED!r}."
    if role == "replica":
        yield (
            "session_replication_role is 'replica' from the start: no trigger runs and no foreign key binds. Take it "
            "back ('python -m huipai dbshell', then ALTER DATABASE … RESET session_replication_role, or ALTER ROLE), "
            "then run 'python -m huipai verify': what was written meanwhile nothing has guarded."
        )


def require_settings() -> None:
    """Refuses an environment that the settings cannot be read from."""
    configuration = import_module("django.core.exceptions").ImproperlyConfigured
    try:
        import_module("huipai.config.settings")
    except configuration as problem:
        raise Trouble(f"The configuration is not right: {problem}.") from problem
    keeping.require_storages()


def require_tables() -> None:
    """Refuses an empty database with the command that fills it."""
    with connect() as connection:
        row = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
    if row is None or not row[0]:
        raise Trouble("The database has no tables yet: run 'python -m huipai migrate'.")


def require_whole_steps() -> None:
    """Refuses tables that were left between two of the steps which are one migration now: that one neither has been run
    on them nor can be, and Django says so in its own words."""
    _on_disk, run, stood_for = _migrations()
    for app in sorted({app for app, _name in stood_for}):
        steps = {step for step in stood_for if step[0] == app}
        taken = steps & run
        if taken and taken != steps and (app, "0001_tables") not in run:
            raise Trouble(
                f"These tables were left half way: of the {len(steps)} steps that '{app}' took until 30 November 2026 "
                f"they have taken {len(taken)}, and this version has only the whole. Take the version before it ('git "
                f"checkout {_BEFORE_0095}', then 'make install'), run 'python -m huipai migrate' with it, come back to "
                "this version, and run 'python -m huipai migrate' again. Or restore a backup that is whole."
            )


def require_up_to_date() -> None:
    """Refuses tables that lack what this version expects: each page that asks for it would be an error."""
    require_whole_steps()
    on_disk, run, _stood_for = _migrations()
    if not on_disk <= run:
        raise Trouble(OUT_OF_DATE)


def is_up_to_date() -> bool:
    """Whether every migration that lies on the disk was run, and no other but those that they stand for."""
    on_disk, run, stood_for = _migrations()
    return on_disk <= run <= on_disk | stood_for


def _migrations() -> tuple[set[Step], set[Step], set[Step]]:
    """Those on the disk, those that were run, and those that the first stand for: by name, no migration is read, and
    no model either."""
    on_disk, stood_for = set[Step](), set[Step]()
    for entry in import_module("huipai.config.settings").INSTALLED_APPS:
        app = import_module("django.apps").AppConfig.create(entry)
        names = {module.name for module in pkgutil.iter_modules([str(Path(app.path) / "migrations")])}
        on_disk |= {(app.label, name) for name in names if name[0] not in "_~"}  # as Django itself looks for them
        if "_before" in names:
            stood_for |= set(import_module(f"{app.name}.migrations._before").BEFORE)
    with connect() as connection:
        there = connection.execute("SELECT to_regclass('django_migrations') IS NOT NULL").fetchone()
        rows = connection.execute("SELECT app, name FROM django_migrations").fetchall() if there and there[0] else []
        return on_disk, {(str(app), str(name)) for app, name in rows}, stood_for


def set_up_django() -> None:
    """The settings and every model, read now: not before DATABASE_URL is known."""
    require_settings()
    import_module("django").setup()
