"""The browser sees what is committed, so each test settles its streets itself."""

import threading
import time
from collections.abc import Iterator

import pytest

from huipai.streets.current import in_street
from huipai.streets.models import Street
from tests.browser.browser import browser
from tests.cases.conftest import Place, open_street, settle
from tests.remembered import remembered

__all__ = ["browser"]

# Seconds.
_PATIENCE = 5


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """What a page had begun to ask when it was closed is answered before the database is taken from under it."""
    give_up_at = time.monotonic() + _PATIENCE
    while any("process_request_thread" in one.name for one in threading.enumerate()):
        if time.monotonic() > give_up_at:
            return
        time.sleep(0.01)


@pytest.fixture
def here(db: None) -> Iterator[Place]:
    """云桥街道, in force."""
    place = remembered(_settled)
    with in_street(place.street.id):
        yield place


def _settled() -> Place:
    return settle(open_street("yunqiao", "云桥街道"), 1)


@pytest.fixture
def there(hetang: Street) -> Place:
    """荷塘街道, not in force."""
    return settle(hetang, 2)
