from collections.abc import Iterator
from copy import deepcopy

import pytest
from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from huipai.streets.current import in_street
from tests.cases.conftest import open_street
from tests.remembered import remembered
from tests.shop.shop import Shop, open_shop


@pytest.fixture(scope="module")
def opened(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Shop]:
    """The shop of 云桥街道, opened once a module; each test runs in a savepoint upon it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield remembered(_opened)
        transaction.set_rollback(True)


def _opened() -> Shop:
    street = open_street("yunqiao", "云桥街道")
    with in_street(street.id):
        return open_shop(street)


@pytest.fixture
def shop_open(opened: Shop, db: None) -> Iterator[Shop]:
    """Five bottles in one station, and somebody with 100 points."""
    shop = deepcopy(opened)
    with in_street(shop.street.id):
        yield shop
