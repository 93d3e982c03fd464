"""Two streets for every test, and a guard over every statement."""

import gc
import os
from collections.abc import Generator, Iterator

import pytest
from django.db import connection
from django.test import TransactionTestCase
from pytest_django.plugin import DjangoDbBlocker

from huipai.streets.current import in_street
from huipai.streets.guard import guard
from huipai.streets.models import Street
from tests import copies, emptied, migrated
from tests.cast import A_MONTH_AGO
from tests.one_chain import one_chain

_DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, None, None]:
    """What is imported stays until the end: the collector need not go through all of it again and again."""
    gc.disable()
    yield
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


# The long runs by how long they take: begun last, one would leave the other workers idle for minutes. Whoever has the
# first, one test alone, is given what comes fourth as well.
LONGEST = (
    "shop/test_machine.py", "web/test_walk.py", "access/test_access.py", "shop/test_races.py",
    "cases/test_any_order.py", "cli/test_demo.py", "points/test_machine.py", "cli/test_seed_same.py",
    "cli/test_seed_street.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first. While the first worker migrates, the others begin with what needs no database: they would
    only wait for it."""
    items.sort(key=_turn)
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers > 1:
        bare = [item for item in items if not _asks_the_database(item)]
        rest = [item for item in items if _asks_the_database(item)]
        # Each worker begins with an equal share of the row.
        share, part = -(-len(items) // workers), -(-len(bare) // (workers - 1))
        for worker in range(1, workers):
            rest[worker * share : worker * share] = bare[(worker - 1) * part : worker * part]
        items[:] = rest


def _turn(item: pytest.Item) -> int:
    places = (place for place, file in enumerate(LONGEST) if f"tests/{file}" in item.nodeid)
    return next(places, len(LONGEST)) if item.get_closest_marker("long") else len(LONGEST)


def _asks_the_database(item: pytest.Item) -> bool:
    fixtures = getattr(item, "fixturenames", ())
    is_of_django = issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    return is_of_django or item.get_closest_marker("django_db") is not None or not _DATABASE.isdisjoint(fixtures)


@pytest.fixture(autouse=True)
def _statement_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Every statement of every test names its street; `no_guard` marks the few that look at the catalogue itself."""
    if "no_guard" in request.keywords:
        yield
        return
    with connection.execute_wrapper(guard):
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_chain() -> Iterator[None]:
    with one_chain():
        yield


@pytest.fixture(scope="session", autouse=True)
def _copies_made_once() -> Iterator[None]:
    with copies.made_once():
        yield


@pytest.fixture
def yunqiao(db: None) -> Street:
    return Street.objects.create(
        slug="yunqiao", name="云桥街道", operator="云桥街道办事处", complaint_phone="0512-0000-1234",
        hotline_phone="0512-0000-1200", center_lng=120.73, center_lat=31.28, opened_at=A_MONTH_AGO,
    )  # fmt: skip


@pytest.fixture
def hetang(db: None) -> Street:
    return Street.objects.create(
        slug="hetang", name="荷塘街道", operator="荷塘街道办事处", complaint_phone="0512-0000-5678",
        hotline_phone="0512-0000-5600", center_lng=120.83, center_lat=31.38, opened_at=A_MONTH_AGO,
    )  # fmt: skip


@pytest.fixture
def in_yunqiao(yunqiao: Street) -> Iterator[Street]:
    with in_street(yunqiao.id):
        yield yunqiao


@pytest.fixture
def in_hetang(hetang: Street) -> Iterator[Street]:
    with in_street(hetang.id):
        yield hetang


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Test databases are copies of one that was migrated once."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = migrated.database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: object) -> Iterator[None]:
    """Tests that commit are cleaned as tests.emptied says.

    A server that lets us not gets TRUNCATE, which our append-only tables refuse; only here it may pass. The refusal
    itself is tested by name in tests/streets. At the end a thread of the pages' server may hold its
    connection a moment longer than the database is to live.
    """
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger"
            " WHERE tgname LIKE '%_no_truncate' AND NOT tgisinternal"
        )
        for table, trigger in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    with emptied.by_deleting():
        yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
